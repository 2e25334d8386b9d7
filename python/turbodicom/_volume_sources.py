# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""From what the caller names to slices: headers read, one row of numbers a slice. Begin at :func:`collect`."""

from __future__ import annotations

import os
from itertools import chain
from math import isfinite, nan
from operator import itemgetter

import numpy as np

from turbodicom import _core
from turbodicom._dataset import Dataset
from turbodicom._frames import frame_reader, wanted
from turbodicom._read import absolute_paths, read, read_many, settings_of
from turbodicom._stage_attributes import Place
from turbodicom._volume_frames import frame_rows, numbers_of
from turbodicom._volume_report import VolumeFinding, naming
from turbodicom.errors import ConformanceError, Error

__all__ = ["Slices", "collect"]

_POSITION, _ORIENTATION = 0x00200032, 0x00200037
_PIXEL_SPACING, _IMAGER_PIXEL_SPACING = 0x00280030, 0x00181164
_INSTANCE_NUMBER, _SERIES, _FRAME_OF_REFERENCE = 0x00200013, 0x0020000E, 0x00200052
_SLOPE, _INTERCEPT, _RESCALE_TYPE, _UNITS = 0x00281053, 0x00281052, 0x00281054, 0x00541001
_MODALITY_LUT = 0x00283000
_BETWEEN_SLICES, _THICKNESS = 0x00180088, 0x00180050
_SHARED_GROUPS, _PER_FRAME_GROUPS = 0x52009229, 0x52009230
_TAGS = [
    _INSTANCE_NUMBER, _SERIES, _FRAME_OF_REFERENCE, _POSITION, _ORIENTATION, _PIXEL_SPACING, _IMAGER_PIXEL_SPACING,
    _SLOPE, _INTERCEPT, _MODALITY_LUT, _RESCALE_TYPE, _UNITS, _BETWEEN_SLICES, _THICKNESS, _SHARED_GROUPS, _PER_FRAME_GROUPS,
]  # fmt: skip
_AT_ONCE = 1024  # our choice: headers that are in memory before the first of them is looked at


class Slices:
    """Slices as columns of equal length, one entry each; at first in the order of the sources.

    ``readers``: _core.FrameReaders. ``datasets``: None where nothing but the frames of a file was kept. ``positions``, ``orientations``, ``spacings``: arrays of 3,
    6 and 2 columns, NaN where the file does not say. ``are_rescaled``: whether ``rescales`` is all that the modality stage is
    about. ``kinds``: for each slice the index of the first one with the same kind of pixels.
    """

    LISTS = (
        "paths", "datasets", "frames", "numbers", "series", "references", "rescales", "units", "stacks", "are_rescaled",
    )  # fmt: skip
    ARRAYS = (("positions", 3), ("orientations", 6), ("spacings", 2))
    __slots__ = (*LISTS, *(name for name, _ in ARRAYS), "findings", "is_multi_frame", "kinds", "readers", "thickness")

    def __init__(self):
        for name in (*self.LISTS, *(name for name, _ in self.ARRAYS), "readers"):
            setattr(self, name, [])
        self.kinds = ()
        self.findings = []
        self.thickness = None  # length of a step in mm, where positions do not tell
        self.is_multi_frame = False

    def __len__(self):
        return len(self.readers)

    def complete(self):
        """Make arrays of what was added row by row, and find the kinds."""
        for name, count in self.ARRAYS:
            missing = (nan,) * count
            numbers = chain.from_iterable(row or missing for row in getattr(self, name))
            setattr(self, name, np.fromiter(numbers, np.float64, len(self) * count).reshape(-1, count))
        self.readers = _core.FrameReaders(self.readers)
        self.kinds = self.readers.kinds()

    def reorder(self, order):
        """Put the slices in another order.

        Parameters
        ----------
        order : ndarray of int
            For each new place the old one.
        """
        indexes = order.tolist()
        if indexes == list(range(len(indexes))):
            return
        pick = itemgetter(*indexes)  # of two or more: one is in order
        for name in self.LISTS:
            setattr(self, name, list(pick(getattr(self, name))))
        for name, _ in self.ARRAYS:
            setattr(self, name, getattr(self, name)[order])
        self.readers = self.readers.picked(indexes)
        if any(self.kinds):
            self.kinds = self.readers.kinds()

    @property
    def are_of_one_dataset(self):
        """Whether all are frames of the same data set."""
        first = self.datasets[0]
        return first is not None and all(dataset is first for dataset in self.datasets)

    def per_kind(self, function):
        """Return what a function gives for the reader of each slice; it is asked once for each kind.

        Parameters
        ----------
        function : callable
            Given a FrameReader; size, type and coding of the pixels make a kind.

        Returns
        -------
        list
        """
        known = {k: function(self.readers[k]) for k in sorted(set(self.kinds))}
        return [known[k] for k in self.kinds]

    def name(self, index):
        """Return how a message calls a slice.

        Parameters
        ----------
        index : int

        Returns
        -------
        str
        """
        frame = f"frame {self.frames[index]}" if self.readers[index].number_of_frames > 1 else ""
        return " of ".join(filter(None, [frame, self.paths[index]])) or f"slice {index}"

    # -- filling -------------------------------------------------------------------------------------------

    def fill(self, paths, found):
        """Take what ``_core.read_slices`` found in single-frame images.

        Parameters
        ----------
        paths : list of str
        found : tuple
        """
        (
            self.datasets, self.readers, self.positions, self.orientations, self.spacings, self.numbers, self.series,
            self.references, slopes, intercepts, kinds, units, self.thickness,
        ) = found  # fmt: skip
        count = len(paths)
        self.paths, self.frames, self.stacks, self.are_rescaled = paths, [0] * count, [None] * count, [True] * count
        self.rescales, self.units = _pairs(slopes, intercepts), _pairs(kinds, units)
        self.kinds = self.readers.kinds()

    def add(self, dataset, values, frames, limits, tolerant):
        """Add the slices of one data set.

        Parameters
        ----------
        dataset : Dataset
        values : tuple
            Of its elements `_TAGS`.
        frames : int, slice, sequence of int, or None
            Which of them.
        limits : Limits or None
        tolerant : bool
            Some of its frames may be missing.

        Raises
        ------
        Error
            It has no pixels, or its geometry is none.
        """
        (
            number, series, reference, position, orientation, spacing, imager_spacing,
            slope, intercept, table, kind, units, between, thickness, shared_groups, groups,
        ) = values  # fmt: skip
        reader = frame_reader(dataset, limits)
        shared = number if type(number) is int else None, series, reference
        if self.thickness is None:
            self.thickness = _length(between) or _length(thickness)
        if frames is not None or groups or shared_groups or reader.number_of_frames > 1:
            self._add_frames(dataset, reader, _indexes(frames, reader, tolerant), shared)
            return
        spacing = _numbers(dataset, spacing, _PIXEL_SPACING, 2, "Pixel Spacing")
        if spacing is None:
            spacing = _numbers(dataset, imager_spacing, _IMAGER_PIXEL_SPACING, 2, "Imager Pixel Spacing")
        place = (
            _numbers(dataset, position, _POSITION, 3, "Image Position (Patient)"),
            _numbers(dataset, orientation, _ORIENTATION, 6, "Image Orientation (Patient)"),
            spacing,
        )
        row = dataset.path, dataset, 0, *shared, (slope, intercept), (kind, units), None, table is None
        self._extend([reader], [[value] for value in row], [[numbers] for numbers in place])

    def _add_frames(self, dataset, reader, indexes, shared):
        rows = frame_rows(dataset, indexes)
        self.is_multi_frame = self.is_multi_frame or len(indexes) > 1
        self.thickness = self.thickness or rows.thickness
        count = len(indexes)
        path, dataset, *shared, are_rescaled = ([value] * count for value in (dataset.path, dataset, *shared, False))
        self._extend(
            [reader] * count,
            (path, dataset, indexes, *shared, rows.rescales, rows.units, rows.stacks, are_rescaled),
            (rows.positions, rows.orientations, rows.spacings),
        )

    def _extend(self, readers, lists, places):
        """All columns at once, so that they stay of equal length whatever was raised before."""
        self.readers += readers
        for name, values in zip(self.LISTS, lists, strict=True):
            getattr(self, name).extend(values)
        for (name, _), rows in zip(self.ARRAYS, places, strict=True):
            getattr(self, name).extend(rows)


def collect(sources, frames, limits, tolerant, workers, keeps_headers):
    """Read the headers of what the caller names.

    Parameters
    ----------
    sources : object with ``files``, iterable, folder, path, Dataset, bytes-like or file object
    frames : int, slice, sequence of int, or None
        Of a single source.
    limits : Limits or None
    tolerant : bool
        Leave out and report what cannot be read.
    workers : int
        Threads.
    keeps_headers : bool
        Somebody will look at the data sets.

    Returns
    -------
    Slices

    Raises
    ------
    Error, OSError
        A source that is no image; none at all.
    ValueError, TypeError
        `frames` of several sources; sources that cannot be meant.
    """
    members, is_folder = _members(sources)
    if frames is not None and len(members) != 1:
        raise ValueError(f"frames needs a single source, not {len(members)}")
    slices = Slices()
    paths = absolute_paths(members)
    found = len(paths) > 1 and _core.read_slices(Dataset, paths, settings_of(limits), workers, keeps_headers)
    if found:
        slices.fill(paths, found)
    else:
        _collect_each(slices, members, is_folder, frames, limits, tolerant, workers)
    return slices


def _collect_each(slices, members, is_folder, frames, limits, tolerant, workers):
    """The general way: a source at a time, of any kind, some of which may be wrong."""
    left_out = []
    for member, dataset, values, failure in _opened(members, limits, workers):
        try:
            if failure is not None:
                raise failure
            slices.add(dataset, values, frames, limits if dataset is member else None, tolerant)
        except Error as error:
            if not (tolerant or (is_folder and isinstance(error, ConformanceError) and _is_no_image(member))):
                raise _named(error, member) from None
            left_out.append((member, error))
        except OSError as error:
            if not tolerant:
                raise
            left_out.append((member, error))
    if left_out:
        slices.findings.append(_not_read(left_out))
    if not len(slices):
        if left_out:
            raise _named(left_out[0][1], left_out[0][0])
        raise ConformanceError("volume: no files")
    slices.complete()


# -- sources -----------------------------------------------------------------------------------------------


def _opened(members, limits, workers):
    """Yield source, data set, its values of `_TAGS`, and what it raised."""
    for begin in range(0, len(members), _AT_ONCE):
        some = members[begin : begin + _AT_ONCE]
        paths = [member for member in some if not isinstance(member, Dataset)]
        found = iter(read_many(paths, limits, workers))
        datasets = [member if isinstance(member, Dataset) else next(found) for member in some]
        columns, failures = _core.value_columns(datasets, _TAGS)
        for k, (member, dataset, *values) in enumerate(zip(some, datasets, *columns, strict=True)):
            failure = dataset if isinstance(dataset, Exception) else failures.get(k)
            yield member, dataset, values, failure


def _members(sources):
    """The single sources, and whether they are simply all that is in a folder."""
    if isinstance(sources, Dataset):
        return [sources], False
    if isinstance(sources, (str, os.PathLike)):
        path = os.fspath(sources)
        if isinstance(path, bytes):
            raise TypeError("sources must be a str or PathLike of str, not of bytes")
        return (_files_below(path), True) if os.path.isdir(path) else ([path], False)
    if isinstance(sources, (bytes, bytearray, memoryview)) or hasattr(sources, "read"):
        return [sources], False
    files = getattr(sources, "files", None)
    try:
        return list(sources if files is None or callable(files) else files), False
    except TypeError:
        kind = type(sources).__name__
        raise TypeError(
            f"sources must be a series, an iterable, a folder, a path or a Dataset, not {kind}"
        ) from None


def _files_below(folder):
    """What a scan of the folder would read, in its order."""
    listing = _core.list_files([os.fsencode(folder)], False, True, 1)
    return [os.fsdecode(path) for path in listing.paths()]


def _is_no_image(path):
    """Whether a file of a folder is something else: no DICOM, or without pixels."""
    try:
        dataset = read(path)
        return not any(map(dataset._has_tag, (0x7FE00010, 0x7FE00008, 0x7FE00009)))
    except (Error, OSError):
        return True


def _named(error, member):
    """The same error, saying which source."""
    name = member if isinstance(member, (str, os.PathLike)) else getattr(member, "path", None)
    return naming(error, None if name is None else os.fsdecode(name))


def _not_read(left_out):
    member, error = left_out[0]
    text = f"{len(left_out)} sources are left out; the first: {_named(error, member)}"
    return VolumeFinding("not_read", text)


# -- numbers -----------------------------------------------------------------------------------------------


def _indexes(frames, reader, tolerant):
    """Before anything is made for each of them: more than half may not be missing."""
    frames = wanted(frames, reader.number_of_frames, reader)
    if frames is not None:
        return frames if isinstance(frames, list) else [frames]
    count = reader.number_of_frames
    reader.check_frames([count - 1], tolerant and count <= 2 * reader.frames_present)
    return list(range(count))


def _numbers(dataset, value, tag, count, name):
    """So many finite numbers; None when absent or empty."""
    if value is None:
        return None
    if type(value) is list and len(value) == count:
        try:
            if isfinite(sum(value)):
                return value
        except TypeError:
            pass  # text
    return numbers_of(Place(dataset), tag, count, name)


def _pairs(first, second):
    """Pairs of the entries of two columns: one for all where all are alike."""
    if first.count(first[0]) == len(first) and second.count(second[0]) == len(second):
        return [(first[0], second[0])] * len(first)
    return list(zip(first, second, strict=True))


def _length(value):
    """Of Spacing Between Slices or Slice Thickness; None where it is none."""
    return abs(float(value)) if type(value) in (int, float) and isfinite(value) and value != 0 else None
