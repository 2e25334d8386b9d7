# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The sources of a batch: opened, and planned from their headers. Begin at :func:`open_sources`."""

from __future__ import annotations

import operator
import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from turbodicom._dataset import Dataset
from turbodicom._frame_decoding import _check_inside, refuse_what_is_not_there
from turbodicom._frames import frame_index, frame_reader
from turbodicom._pixel_values import image_of
from turbodicom._value_plan import ValuePlan
from turbodicom.errors import Error

__all__ = [
    "DATA_ERRORS",
    "PlannedFrame",
    "as_sequence",
    "blamed",
    "find_frame",
    "listed",
    "name_of",
    "open_sources",
    "renumbered",
]

# With on_error="report" they are data. IndexError: a frame, window or mapping that the file has not.
DATA_ERRORS = (Error, OSError, IndexError)
_TO_LISTS = ("tolist", "to_list", "to_pylist")  # NumPy and pandas, polars, Arrow


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
        """Work out how values are made."""
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


class Opened(NamedTuple):
    """A source whose header is read."""

    dataset: object
    """A Dataset, or the exception that reading it raised."""
    frame: int | None
    is_ours: bool
    """Read here, under the limits of the batch."""


def listed(sources):
    """Return the sources of a batch as a list, those of columns by position.

    Parameters
    ----------
    sources : iterable

    Returns
    -------
    list

    Raises
    ------
    TypeError
        One source, or a mapping.
    """
    if isinstance(sources, (str, bytes, bytearray, os.PathLike, Dataset)):
        raise TypeError(f"sources must be paths or Datasets, not one {type(sources).__name__}")
    if isinstance(sources, Mapping):
        raise TypeError(f"sources must be in an order, not in a {type(sources).__name__}")
    for name in _TO_LISTS:
        if hasattr(sources, name):
            return list(getattr(sources, name)())
    return list(sources)


def as_sequence(sources):
    """Return the sources of a Loader: sequences as they are, everything else as of :func:`listed`.

    Parameters
    ----------
    sources : iterable

    Returns
    -------
    sequence
    """
    if isinstance(sources, (str, bytes, bytearray)):
        return listed(sources)
    # Without an iteration of its own, indexing is by position: how Python itself would iterate.
    is_lazy = all(hasattr(sources, name) for name in ("__len__", "__getitem__"))
    if isinstance(sources, Sequence) or (is_lazy and not hasattr(sources, "__iter__")):
        return sources
    return listed(sources)


def open_sources(sources, headers, workers):
    """Read the headers, all at once.

    Parameters
    ----------
    sources : list of (path, Dataset or (path or Dataset, int))
    headers : Headers
    workers : int
        Threads.

    Returns
    -------
    list of Opened
    """
    opened = [_member(source) for source in sources]
    plain, chosen = [], {}
    for k, (member, frame) in enumerate(opened):
        if isinstance(member, (Dataset, Exception)):
            opened[k] = Opened(member, frame, False)
        elif frame is None:
            plain.append(k)
        else:
            chosen[k] = os.fsdecode(member)
    datasets = dict(zip(plain, headers.read([opened[k][0] for k in plain], workers), strict=True))
    once = headers.read_once(list(chosen.values()), workers)
    datasets.update((k, once[path]) for k, path in chosen.items())
    for k, dataset in datasets.items():
        opened[k] = Opened(dataset, opened[k][1], True)
    return opened


def find_frame(position, opened, options, dtype):
    """Work out what is to be done with a source.

    Parameters
    ----------
    position : int
    opened : Opened
    options : PixelOptions
    dtype : dtype or None
        Of the result; with None the plan is left to be made.

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
    dataset, frame, is_ours = opened
    if isinstance(dataset, Exception):
        raise dataset
    reader = frame_reader(dataset, None if is_ours else options.limits)
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
    if dtype is not None:
        planned.make_plan(options, dtype)
    return planned


def _member(source):
    """The path or Dataset of a source, or why it is none; and the frame, if one is given."""
    frame = None
    if isinstance(source, tuple):
        if len(source) != 2:
            return TypeError(f"a source must be (source, frame), not a tuple of {len(source)}"), None
        source, frame = source
        try:
            frame = operator.index(frame)
        except TypeError as error:
            return error, None
    if isinstance(source, (Dataset, str, os.PathLike)):
        return source, frame
    kind = type(source).__name__
    return TypeError(f"a source must be a path, a Dataset or (path or Dataset, frame), not {kind}"), None


# -- whose error it is -----------------------------------------------------------------------------------


def name_of(position, source):
    """Return what messages call a source: its position, and the file if it is one.

    Parameters
    ----------
    position : int
    source : object

    Returns
    -------
    str
    """
    path = source[0] if isinstance(source, tuple) and source else source
    path = path.path if isinstance(path, Dataset) else path
    is_named = isinstance(path, (str, os.PathLike))
    return f"source {position}, {os.fsdecode(path)}" if is_named else f"source {position}"


def blamed(error, position, source):
    """Return the error, saying which source it is of.

    Parameters
    ----------
    error : Exception
    position : int
    source : object

    Returns
    -------
    Exception
    """
    error.source = position
    if isinstance(error, Error):
        error.where = ", ".join(part for part in (f"source {position}", error.where) if part)
    if isinstance(error, OSError) and error.strerror:  # its text has the file already
        error.strerror = f"source {position}: {error.strerror}"
    else:
        error.args = (f"{name_of(position, source)}: {error}",)
    return error


def renumbered(error, position):
    """Return an error of :func:`blamed` with another position.

    Parameters
    ----------
    error : Exception
    position : int

    Returns
    -------
    Exception
    """
    old, new = f"source {error.source}", f"source {position}"
    error.source = position
    if isinstance(error, Error):
        error.where = error.where.replace(old, new, 1)
    if isinstance(error, OSError) and error.strerror:
        error.strerror = error.strerror.replace(old, new, 1)
    else:
        error.args = (str(error).replace(old, new, 1),)
    return error
