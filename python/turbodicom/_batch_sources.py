# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The sources of a batch: opened, and planned from their headers. Begin at :func:`plan_source`."""

from __future__ import annotations

import operator
import os

from turbodicom._dataset import Dataset
from turbodicom._frame_decoding import _check_inside, refuse_what_is_not_there
from turbodicom._frames import frame_index, frame_reader
from turbodicom._pixel_values import image_of
from turbodicom._read import read
from turbodicom._value_plan import ValuePlan
from turbodicom.errors import Error

__all__ = ["DATA_ERRORS", "PlannedFrame", "blamed", "plan_source"]

DATA_ERRORS = (Error, OSError, ValueError, IndexError)  # with on_error="report" they are data


class PlannedFrame:
    """One frame that a batch is made of, as far as the header tells.

    Attributes
    ----------
    position : int
        Among the sources.
    dataset : Dataset
    reader : FrameReader
    frame : int
    plan : ValuePlan
    """

    __slots__ = ("dataset", "frame", "plan", "position", "reader")

    def __init__(self, position, dataset, reader, frame):
        self.position, self.dataset, self.reader, self.frame = position, dataset, reader, frame

    def make_plan(self, options, dtype):
        """Work out how values are made; again where another dtype is wanted."""
        self.plan = ValuePlan(
            self.dataset, image_of(self.reader), options, [self.frame], self.reader.dtype, dtype
        )

    def plane(self, options):
        """Return rows and columns before resizing."""
        rows, columns = (self.reader.rows, self.reader.columns) if options.roi is None else options.roi[2:]
        return -(-int(rows) >> options.reduce), -(-int(columns) >> options.reduce)

    @property
    def samples(self):
        """Of the result, 1 or more."""
        return self.plan.samples or 1


def plan_source(position, source, options, dtype):
    """Read the header of a source, and work out what is to be done.

    Parameters
    ----------
    position : int
    source : path, Dataset or (path or Dataset, int)
    options : PixelOptions
    dtype : dtype or None
        Of the result; None for the default.

    Returns
    -------
    PlannedFrame

    Raises
    ------
    Error, OSError, ValueError, IndexError
        Of this source.
    TypeError
        No source.
    """
    dataset, frame = _opened(source, options.limits)
    reader = frame_reader(dataset, options.limits)
    count = reader.number_of_frames
    if frame is None:
        if count != 1:
            raise ValueError(f"the file has {count} frames: give (source, frame)")
        frame = 0
    planned = PlannedFrame(position, dataset, reader, frame_index(frame, count))
    # Before room is made: the bytes present have to justify it.
    reader.check_frames([planned.frame], options.on_error == "report")
    refuse_what_is_not_there(reader, options)
    if options.roi is not None:
        _check_inside(reader, options)
    planned.make_plan(options, dtype)
    return planned


def _opened(source, limits):
    frame = None
    if isinstance(source, tuple):
        if len(source) != 2:
            raise TypeError(f"a source must be (source, frame), not a tuple of {len(source)}")
        source, frame = source
        frame = operator.index(frame)
    if isinstance(source, Dataset):
        return source, frame
    if isinstance(source, (str, os.PathLike)):
        return read(source, limits=limits), frame
    raise TypeError(
        f"a source must be a path, a Dataset or (path or Dataset, frame), not {type(source).__name__}"
    )


def blamed(error, position):
    """Return the error, saying which source it is of.

    Parameters
    ----------
    error : Exception
    position : int

    Returns
    -------
    Exception
    """
    error.source = position
    if isinstance(error, Error):
        error.where = ", ".join(part for part in (f"source {position}", error.where) if part)
    elif not isinstance(error, OSError):
        error.args = (f"source {position}: {error}",)
    return error
