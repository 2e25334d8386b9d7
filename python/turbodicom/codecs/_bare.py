# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""What the codec modules share: arguments checked, one call of the core, reports handed over."""

import math
import warnings
from dataclasses import dataclass

import numpy as np

from turbodicom import _core
from turbodicom._options import Limits
from turbodicom.errors import LimitExceededError, TruncatedDataError

_DEFAULT_LIMITS = Limits()
_UNQUESTIONED_BYTES = 32 << 20  # our limit: room for so much needs no bytes to justify it


@dataclass(frozen=True)
class StreamInfo:
    """What a codestream says of itself.

    Attributes
    ----------
    rows, columns : int or None
        None where the coding carries no dimensions (RLE).
    components : int
        For RLE the number of segments: samples per pixel x bytes per sample.
    precision : int
        Bits of a component.
    is_signed, lossless : bool
    is_subsampled : bool
        Some component has fewer samples than the image has pixels.
    colour : {"rgb", "ycc", None}
        What three components are, where the codestream says so.
    colour_source : {"app14", "component_ids", "jfif", None}
        Which part of it does.
    process : str or None
        The coding standard's name of the process, as "baseline" or "lossless".
    """

    rows: int | None
    columns: int | None
    components: int
    precision: int
    is_signed: bool
    lossless: bool
    is_subsampled: bool = False
    colour: str | None = None
    colour_source: str | None = None
    process: str | None = None


def read_info(codec, source):
    check_source(source)
    rows, columns, *rest = _core.read_info(codec, source)
    return StreamInfo(rows or None, columns or None, *rest)


def destination(shape, dtype, limits, out):
    """Return `out` checked, or a new array, charged to `limits` first."""
    shape, dtype = tuple(shape), np.dtype(dtype)
    if len(shape) not in (2, 3) or min(shape) < 1:
        raise ValueError(
            f"shape must be (rows, columns) or (rows, columns, samples), each at least 1, not {shape}"
        )
    if dtype.kind not in "ui" or not dtype.isnative:
        raise TypeError(f"dtype must be a native integer type, not {dtype.str}")
    if limits is not None and not isinstance(limits, Limits):
        raise TypeError(f"limits must be a turbodicom.Limits, not {type(limits).__name__}")
    if out is not None:
        return _checked_out(out, shape, dtype)
    _charge(shape, dtype, limits or _DEFAULT_LIMITS)
    return np.empty(shape, dtype)


def _checked_out(out, shape, dtype):
    if not isinstance(out, np.ndarray):
        raise TypeError(f"out must be an ndarray, not {type(out).__name__}")
    if out.shape != shape or out.dtype != dtype:
        raise ValueError(f"out must have shape {shape} and dtype {dtype}, not {out.shape} and {out.dtype}")
    if not out.flags.writeable:
        raise ValueError("out must be writeable")
    return out


def _charge(shape, dtype, limits):
    pixels = shape[0] * shape[1]
    size_bytes = math.prod(shape) * dtype.itemsize
    if pixels > limits.pixels_per_frame:
        raise LimitExceededError(f"the frame has {pixels} pixels, the limit is {limits.pixels_per_frame}")
    if size_bytes > limits.bytes_per_frame:
        raise LimitExceededError(f"the frame has {size_bytes} bytes, the limit is {limits.bytes_per_frame}")


def max_ratio(codec):
    """How many decoded bytes one byte of a codestream can stand for, at most."""
    return _core.max_ratio(codec)


def check_justified(codec, source, shape, dtype):
    """Raise where a codestream is too short for what it says it holds: no room is made for that."""
    length, wanted = memoryview(source).nbytes, math.prod(shape) * np.dtype(dtype).itemsize
    if wanted > max(length * max_ratio(codec), _UNQUESTIONED_BYTES):
        raise TruncatedDataError(
            f"{codec}: {length} bytes, too few for a frame of {wanted}", offset=length, codec=codec
        )


def check_source(source):
    """Refuse what is not bytes, without quoting it."""
    try:
        memoryview(source)
    except TypeError:
        raise TypeError(f"source must be bytes-like, not {type(source).__name__}") from None


def check_reporting(on_error, report):
    if report is not None and not isinstance(report, list):
        raise TypeError(f"report must be a list, not {type(report).__name__}")
    if on_error not in ("raise", "report"):
        raise ValueError(f"on_error must be 'raise' or 'report', not {on_error!r}")


def decode(codec, source, array, limits, on_error, report, settings=None):
    """Fill `array`; the report in the words of ds.pixels. Settings: cpp/bindings/codec_options.h."""
    check_reporting(on_error, report)
    reason, offset, valid_rows, quirks = _core.decode_codestream(
        codec, source, array, on_error == "report", limits, settings
    )
    if report is not None:
        from turbodicom._frames import FrameReport

        report.append(FrameReport(0, reason, offset, valid_rows, quirks, f"turbodicom {codec}"))
    if reason is not None:
        warnings.warn(f"the frame is not whole: {reason}", stacklevel=3)
    return array


def source_array(array):
    """Return `array` as the core takes it: native byte order, any strides."""
    array = np.asarray(array)
    if array.ndim not in (2, 3) or array.size == 0:
        raise ValueError(
            f"array must be (rows, columns) or (rows, columns, samples), not of shape {array.shape}"
        )
    if array.dtype.kind == "b":
        return array.view(np.uint8)
    if array.dtype.kind not in "ui":
        raise TypeError(f"array must hold integers, not {array.dtype}")
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))
