# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Frames of a file to values of a later stage: decoded, and made into what is asked for, a few frames at a time.

Begin at :func:`values_of`. No array of the stored values of all frames is made, unless a window has to be found in them.
"""

from __future__ import annotations

import numpy as np

from turbodicom._foreign import frame_shape
from turbodicom._frame_decoding import crop, decode
from turbodicom._frames import CLAIMED_A_PRESENT
from turbodicom._jobs import default_workers
from turbodicom._stages import Image
from turbodicom._value_plan import ValuePlan
from turbodicom.errors import LimitExceededError

__all__ = ["check_out", "image_of", "room_for", "values_of"]


def values_of(dataset, reader, frames, out, options, limits):
    """Return what ``values=`` asks for.

    Parameters
    ----------
    dataset : Dataset
    reader : FrameReader
    frames : None, int or list of int
    out : ndarray or None
    options : PixelOptions
    limits : Limits or None

    Returns
    -------
    result : ndarray or (ndarray, ndarray)
        With the mask, if asked for.
    rows : list
        Of the report, one for each frame.
    quirks : list of list of str
        Of the values of each frame.
    """
    indexes, keeps_axis = _indexes(frames, reader)
    reader.check_frames(indexes, options.on_error == "report")
    dtype = options.dtype if options.dtype is not None else None if out is None else out.dtype
    plan = ValuePlan(dataset, image_of(reader), options, indexes, reader.dtype, dtype)
    can, transforms = _in_one_go(reader, plan, options)
    if can:
        axis = (len(indexes),) if keeps_axis else ()
        result, rows = _read_values(reader, frames, out, options, limits, plan, transforms, axis)
    else:
        work = _Work(reader, indexes, keeps_axis, options, limits, plan)
        work.run(out)
        result, rows = work.result(), work.rows
    return result, rows, [plan.quirks(position) for position in range(len(indexes))]


def _in_one_go(reader, plan, options):
    """Whether the core decodes and transforms without stored values in between, and by which ValueTransforms."""
    if reader.road == "foreign" or (options.roi is not None and not reader.can_window):
        return False, None
    if plan.is_plain(reader.dtype) and not options.mask:
        return True, None
    transforms = plan.transforms(reader.dtype, options.mask)
    return transforms is not None, transforms


def _read_values(reader, frames, out, options, limits, plan, transforms, axis):
    """The fast road: straight into the result, a tile at a time."""
    plane = _plane(reader, options)
    if out is not None:
        check_out(out, (*axis, *plan.shape(*plane, options.layout == "planar")), plan.dtype)
    mask = None
    if options.mask:
        mask = room_for((*axis, *plane), np.bool_)
        mask[...] = False  # stays of frames that cannot be decoded
    array, rows = decode(reader, frames, out, options, limits, transforms, mask)
    return ((array, mask) if options.mask else array), rows


def _plane(reader, options):
    """Rows and columns of the result."""
    rows, columns = (reader.rows, reader.columns) if options.roi is None else options.roi[2:]
    return -(-int(rows) >> options.reduce), -(-int(columns) >> options.reduce)


def image_of(reader):
    """Return what the stages need to know of the pixels.

    Parameters
    ----------
    reader : FrameReader

    Returns
    -------
    Image
    """
    low = high = None
    if reader.dtype.kind != "f":
        low = -(1 << (reader.bits_stored - 1)) if reader.is_signed else 0
        high = low + (1 << reader.bits_stored) - 1
    return Image(low, high, reader.samples_per_pixel, reader.photometric_interpretation)


def _indexes(frames, reader):
    if frames is not None:
        return (frames, True) if isinstance(frames, list) else ([frames], False)
    count = reader.number_of_frames
    if count > CLAIMED_A_PRESENT * max(reader.frames_present, 1):
        reader.check_frames([count - 1], False)  # before a list of billions is made
    return list(range(count)), count > 1


class _Work:
    """One call: chunks of frames through the decoder and the plan."""

    def __init__(self, reader, indexes, keeps_axis, options, limits, plan):
        self._reader, self._indexes, self._keeps_axis = reader, indexes, keeps_axis
        self._options, self._limits, self._plan = options, limits, plan
        self._is_planar = options.layout == "planar"
        self._out = self._mask = None
        self.rows = []

    def run(self, out):
        """Fill `out`, or an array of our own."""
        workers = self._options.workers or default_workers()
        count = len(self._indexes)
        step = max(count, 1) if self._plan.needs_pixels else workers
        if not count:
            self._make_room(out, frame_shape(self._reader, False))
        for begin in range(0, count, step):
            stored = self._decoded(self._indexes[begin : begin + step])
            if self._plan.needs_pixels:
                self._plan.look(stored)
            if self._out is None:
                self._make_room(out, stored.shape[1:])
            end = begin + len(stored)
            mask = None if self._mask is None else self._mask[begin:end]
            self._plan.apply(stored, begin, self._samples_last(self._out)[begin:end], mask, workers)

    def result(self):
        """Return the array, and the mask if asked for."""
        array, mask = (a if a is None or self._keeps_axis else a[0] for a in (self._out, self._mask))
        array = self._callers if self._callers is not None else array
        return (array, mask) if self._options.mask else array

    def _decoded(self, indexes):
        """Stored values: (frames, rows, columns[, samples])."""
        array, rows = decode(self._reader, indexes, None, self._options, self._limits)
        self.rows += rows
        if not self._reader.can_window:
            array = crop(array, self._reader, self._options)
        return self._samples_last(array) if self._reader.samples_per_pixel > 1 else array

    def _samples_last(self, array):
        is_moved = self._is_planar and array.ndim == 4
        return np.moveaxis(array, 1, -1) if is_moved else array

    def _make_room(self, out, frame):
        count, plane = len(self._indexes), frame[:2]
        shape = (count, *self._plan.shape(*plane, self._is_planar))
        self._callers = out
        if out is None:
            self._out = room_for(shape, self._plan.dtype)
        else:
            check_out(out, shape if self._keeps_axis else shape[1:], self._plan.dtype)
            self._out = out if self._keeps_axis else out[None]
        if self._options.mask:
            self._mask = room_for((count, *plane), np.bool_)


def room_for(shape, dtype):
    """Return a new array; LimitExceededError where memory does not suffice.

    Parameters
    ----------
    shape : tuple of int
    dtype : dtype

    Returns
    -------
    ndarray
    """
    try:
        return np.empty(shape, dtype)
    except MemoryError:
        raise LimitExceededError(f"image: not enough memory for an array of shape {shape}") from None


def check_out(out, shape, dtype):
    """Raise ValueError unless the caller's array is of this shape and dtype, and can be written.

    Parameters
    ----------
    out : ndarray
    shape : tuple of int
    dtype : dtype
    """
    if out.shape != shape or out.dtype != dtype:
        raise ValueError(f"out must have shape {shape} and dtype {dtype}, not {out.shape} and {out.dtype}")
    if not out.flags.writeable:
        raise ValueError("out must be writeable")
