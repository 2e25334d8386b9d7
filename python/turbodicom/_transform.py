# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""td.transform: the stages of PS3.3 C.11 for an array of stored values at hand."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from turbodicom import _core
from turbodicom._dataset import Dataset
from turbodicom._frames import FrameReport, wanted
from turbodicom._options import PixelOptions
from turbodicom._pixel_values import check_out, room_for
from turbodicom._stages import Image
from turbodicom._value_plan import ValuePlan, as_input

__all__ = ["transform"]

_SAMPLES_PER_PIXEL, _PHOTOMETRIC_INTERPRETATION, _NUMBER_OF_FRAMES = 0x00280002, 0x00280004, 0x00280008
_BITS_STORED, _PIXEL_REPRESENTATION = 0x00280101, 0x00280103


def transform(array, ds, *, values="modality", frames=None, window=None, dtype=None, layout="interleaved", mask=False,
              fill=None, real_world=None, out=None, workers=None, report=None):  # fmt: skip
    """Take stored values through the stages of the standard: modality, VOI, presentation.

    Parameters
    ----------
    array : ndarray, shape (rows, columns), (frames, rows, columns), or these with samples
        Stored values, as :func:`turbodicom.pixels` gives them by default, or a part of the rows and columns; any
        strides. With several samples per pixel they stand where `layout` says.
    ds : Dataset
        Whose attributes apply.
    values : {"modality", "voi", "presentation"}, optional
        See :class:`PixelOptions`, also for `window`, `dtype`, `mask`, `fill` and `real_world`.
    frames : int, slice or sequence of int, optional
        Which frames of the file these are; default all, in their order.
    window : Window, (center, width), int or list, optional
    dtype : dtype-like, optional
        Default: that of `out`, else float32 or float64 for ``"modality"``, uint8 for the others.
    layout : {"interleaved", "planar"}, optional
        Where samples stand, in `array` and in the result.
    mask : bool, optional
    fill : number, optional
    real_world : int or str, optional
    out : ndarray, optional
        Of the result's shape, any strides; filled in place and returned. It may be `array` itself if the dtype is.
    workers : int, optional
        Threads; default all usable cores.
    report : list, optional
        Gets one FrameReport for each frame; ``.quirks`` names the rules that were needed.

    Returns
    -------
    ndarray
        Of the shape of `array`; with samples where there are several windows or a palette.
    mask : ndarray of bool
        Only with ``mask=True``: where the stored values are padding; the same shape without samples.

    Raises
    ------
    ConformanceError
        An attribute that is needed is wrong, and no rule helps; ``.where`` is its tag path.
    CorruptDataError
        A look-up table is not what its coding allows.
    IndexError
        No such frame, window or real world value mapping.
    ValueError, TypeError
        Options that cannot be meant, an array that is not of this data set, or values that `dtype` cannot hold.

    Notes
    -----
    Source: PS3.3 C.11, C.7.6.16.2.9 to .11.

    Examples
    --------
    >>> import turbodicom as td
    >>> ds = td.read("ct.dcm")                                             # doctest: +SKIP
    >>> stored = ds.pixels()                                               # doctest: +SKIP
    >>> lung = td.transform(stored, ds, values="voi", window=(-600, 1500)) # doctest: +SKIP
    """
    options = _options(values, dtype, layout, window, mask, fill, real_world, workers)
    if values == "stored":
        raise ValueError(
            "values must be 'modality', 'voi' or 'presentation': the array holds the stored ones"
        )
    _check_arguments(array, ds, out, report)
    image = _image(ds, array)
    indexes, keeps_axis = _frames_of(array, ds, image, frames)
    is_planar = layout == "planar"
    stored = _frames_first(array, image, keeps_axis, is_planar)
    dtype = out.dtype if dtype is None and out is not None else dtype
    plan = ValuePlan(ds, image, options, indexes, array.dtype, dtype)
    result = _result(out, (len(indexes), *plan.shape(*stored.shape[1:3], is_planar)), keeps_axis, plan.dtype)
    padding = room_for(stored.shape[:3], np.bool_) if mask else None
    if plan.needs_pixels:
        plan.look(stored)
    target = np.moveaxis(result, 1, -1) if is_planar and plan.samples else result
    plan.apply(stored, 0, target, padding, workers or _core.usable_cores())
    if report is not None:
        rows = stored.shape[1]
        report += [FrameReport(i, None, None, rows, plan.quirks(n), "") for n, i in enumerate(indexes)]
    answer = out if out is not None else result if keeps_axis else result[0]
    return (answer, padding if keeps_axis else padding[0]) if mask else answer


def _make_options(values, dtype, layout, window, mask, fill, real_world, workers):
    return PixelOptions(
        values=values,
        dtype=dtype,
        layout=layout,
        window=window,
        mask=mask,
        fill=fill,
        real_world=real_world,
        workers=workers,
    )


_kept_options = lru_cache(maxsize=64, typed=True)(_make_options)  # checking them costs as much as a small image


def _options(*values):
    try:
        return _kept_options(*values)
    except TypeError:  # a list of windows cannot be looked up; what is wrong is found again
        return _make_options(*values)


def _check_arguments(array, ds, out, report):
    if not isinstance(array, np.ndarray):
        raise TypeError(f"array must be an ndarray, not {type(array).__name__}")
    if array.dtype.kind not in "iufb" or array.dtype.itemsize > 8:
        raise TypeError(f"array must hold numbers of up to 64 bits, not {array.dtype}")
    if not isinstance(ds, Dataset):
        raise TypeError(f"ds must be a turbodicom Dataset, not {type(ds).__name__}")
    if out is not None and not isinstance(out, np.ndarray):
        raise TypeError(f"out must be an ndarray, not {type(out).__name__}")
    if report is not None and not isinstance(report, list):
        raise TypeError(f"report must be a list, not {type(report).__name__}")
    if out is not None and not _is_safe_target(out, array):
        raise ValueError("out must be array itself or share no memory with it")


def _is_safe_target(out, array):
    """Each value is read before its place is written."""
    if not np.may_share_memory(out, array):
        return True
    same = out.__array_interface__["data"] == array.__array_interface__["data"] and out.strides == array.strides
    if same and out.shape == array.shape and out.dtype == array.dtype:
        return True
    try:
        return not np.shares_memory(out, array, max_work=10_000)
    except RuntimeError:  # TooHardError
        return False


def _image(ds, array):
    """Bits Stored says what may come; where it is absent or cannot be, the dtype of the array does."""
    samples = _attribute(ds, _SAMPLES_PER_PIXEL, 1)
    interpretation = (
        ds._value(_PHOTOMETRIC_INTERPRETATION) if ds._has_tag(_PHOTOMETRIC_INTERPRETATION) else ""
    )
    interpretation = interpretation if isinstance(interpretation, str) else ""
    if array.dtype.kind == "f":
        return Image(None, None, samples, interpretation)
    most = 1 if array.dtype == np.bool_ else 8 * array.dtype.itemsize
    is_signed = _attribute(ds, _PIXEL_REPRESENTATION, int(array.dtype.kind == "i")) == 1
    bits = _attribute(ds, _BITS_STORED, most)
    bits = bits if 1 <= bits <= most else most
    low = -(1 << (bits - 1)) if is_signed else 0
    return Image(low, low + (1 << bits) - 1, samples, interpretation)


def _attribute(ds, tag, default):
    value = ds._value(tag) if ds._has_tag(tag) else None
    return value if type(value) is int else default


def _frames_of(array, ds, image, frames):
    """The indexes of the frames in `array`, and whether it has an axis for them."""
    plane = 2 + (image.samples_per_pixel > 1)
    if array.ndim not in (plane, plane + 1):
        raise ValueError(f"array must have {plane} or {plane + 1} axes, not {array.ndim}")
    keeps_axis, count = array.ndim > plane, _number_of_frames(ds)
    present = len(array) if keeps_axis else 1
    indexes = wanted(frames, count)
    indexes = range(count) if indexes is None else [indexes] if isinstance(indexes, int) else indexes
    if len(indexes) != present:
        raise ValueError(
            f"array has {present} frames, expected {len(indexes)}: frames= says which ones these are"
        )
    return indexes, keeps_axis


def _number_of_frames(ds):
    count = _attribute(ds, _NUMBER_OF_FRAMES, 1)
    return max(count, 1)


def _frames_first(array, image, keeps_axis, is_planar):
    """(frames, rows, columns[, samples]), in a dtype the core reads."""
    stored = as_input(array if keeps_axis else array[None])
    if image.samples_per_pixel > 1:
        stored = np.moveaxis(stored, 1, -1) if is_planar else stored
        if stored.shape[-1] != image.samples_per_pixel:
            raise ValueError(
                f"array must have {image.samples_per_pixel} samples per pixel, not {stored.shape[-1]}"
            )
    return stored


def _result(out, shape, keeps_axis, dtype):
    if out is None:
        return room_for(shape, dtype)
    check_out(out, shape if keeps_axis else shape[1:], dtype)
    return out if keeps_axis else out[None]
