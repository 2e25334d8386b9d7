# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Options as values: limits on what an input may cost, and how pixels are wanted."""

from __future__ import annotations

import operator
from dataclasses import dataclass, fields
from typing import Any

__all__ = ["Limits", "PixelOptions"]

_COLORS = ("rgb", "coded", "photometric", "lossy", "guess", "guess-lossy", "always", "never")
_WORKAROUNDS = ("predictor6_overflow", "cornell_huffman")
_MOST, _MOST_IN_32_BITS = (1 << 63) - 1, (1 << 32) - 1  # what cpp/turbodicom/base/limits.h holds


@dataclass(frozen=True)
class Limits:
    """What an input may cost. Charged before each allocation; exceeding one raises LimitExceededError.

    Parameters
    ----------
    pixels_per_frame : int
        Rows x Columns.
    bytes_per_frame : int
        Bytes of a decoded frame, and of its codestream.
    sequence_depth : int
        Nesting of sequences.
    elements : int
        Elements, items or fragments of one data set.
    inflated_bytes : int
        Bytes of an inflated data set (Deflated Explicit VR Little Endian).
    inflate_ratio : int
        Inflated bytes per deflated byte, once 64 MiB have come out.
    """

    pixels_per_frame: int = 1 << 31
    bytes_per_frame: int = 8 << 30
    sequence_depth: int = 64
    elements: int = 1_000_000
    inflated_bytes: int = 2 << 30
    inflate_ratio: int = 200

    def __post_init__(self):
        for field in fields(self):
            most = _MOST_IN_32_BITS if field.name in ("sequence_depth", "inflate_ratio") else _MOST
            if not 0 <= _whole_number(field.name, getattr(self, field.name)) <= most:
                raise ValueError(f"{field.name} must be from 0 to {most}, not {getattr(self, field.name)}")

    @classmethod
    def untrusted(cls):
        """Return the default: room for every real file, none for a bomb.

        Returns
        -------
        Limits
        """
        return cls()

    @classmethod
    def archive(cls):
        """Return limits for one's own archive: whole-slide and other very large objects.

        Returns
        -------
        Limits
        """
        return cls(1 << 34, 64 << 30, 256, 100_000_000, 64 << 30, 2_000)

    @classmethod
    def unlimited(cls):
        """Return no limits but those of 64-bit arithmetic. Only for files you made yourself.

        Returns
        -------
        Limits
        """
        return cls(_MOST, _MOST, 1 << 20, _MOST, _MOST, _MOST_IN_32_BITS)


@dataclass(frozen=True)
class PixelOptions:
    """How pixel values are wanted: the keywords of :func:`turbodicom.pixels` as one value.

    Parameters
    ----------
    values : {"stored"}
        Which stage of PS3.3 C.11 the values come from. ``"stored"``: as stored.
    dtype : dtype-like, optional
        Of the result; default is the file's own for stored values. Its range has to cover that of Bits Stored;
        a floating-point type may round.
    layout : {"interleaved", "planar"}
        Samples last, or before the rows.
    color : {"rgb", "coded", "photometric", "lossy", "guess", "guess-lossy", "always", "never"}
        ``"rgb"``: YBR converted to RGB; of JPEG frames, valid markers of the codestream override *Photometric
        Interpretation*. ``"coded"``: as coded, pydicom's ``pixel_array(raw=True)``. The others are the six policies
        of DCMTK's ``dcmdjpeg`` for JPEG frames (``+cp +cl +cg +cgl +ca +cn``); elsewhere they mean ``"rgb"``, but
        ``"never"`` ``"coded"``.
    window : optional
        Not with stored values.
    roi : (row, column, rows, columns), optional
        Region in full-resolution pixels.
    reduce : int
        Halvings of the resolution in the codec.
    on_error : {"raise", "report"}
        Raise on the first bad frame, or decode what can be decoded and fill the rest with stored value 0.
    workers : int, optional
        Threads; default all usable cores.
    limits : Limits, optional
    workarounds : tuple of {"predictor6_overflow", "cornell_huffman"}
        Errors of products in the field to decode along with: lossless JPEG only, see the codec's README.
    """

    values: str = "stored"
    dtype: Any = None
    layout: str = "interleaved"
    color: str = "rgb"
    window: Any = None
    roi: tuple[int, int, int, int] | None = None
    reduce: int = 0
    on_error: str = "raise"
    workers: int | None = None
    limits: Limits | None = None
    workarounds: tuple[str, ...] = ()

    def __post_init__(self):
        _one_of("values", self.values, ("stored", "modality", "voi", "presentation"))
        _one_of("layout", self.layout, ("interleaved", "planar"))
        _one_of("color", self.color, _COLORS)
        if isinstance(self.workarounds, str) or not set(self.workarounds) <= set(_WORKAROUNDS):
            raise ValueError(f"workarounds must be a tuple of {', '.join(map(repr, _WORKAROUNDS))}")
        _one_of("on_error", self.on_error, ("raise", "report"))
        if self.values == "stored" and self.window is not None:
            raise ValueError("window needs values='voi' or 'presentation', not 'stored'")
        if _whole_number("reduce", self.reduce) < 0:
            raise ValueError(f"reduce must be 0 or more, not {self.reduce}")
        if self.workers is not None and _whole_number("workers", self.workers) < 1:
            raise ValueError(f"workers must be 1 or more, not {self.workers}")
        if self.roi is not None:
            _check_roi(self.roi)


def _check_roi(roi):
    if not isinstance(roi, (tuple, list)) or len(roi) != 4:
        raise ValueError(f"roi must be (row, column, rows, columns), not {roi!r}")
    if min(_whole_number("roi", number) for number in roi) < 0 or 0 in roi[2:]:
        raise ValueError(f"roi must be (row, column, rows, columns) with at least one pixel, not {roi}")


def _whole_number(name, value):
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, not {value!r}") from None


def _one_of(name, value, choices):
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}, not {value!r}")
