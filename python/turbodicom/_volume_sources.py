# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""From what the caller names to slices: headers read, one row of numbers a slice. Begin at :func:`collect`."""

from __future__ import annotations

import os
from itertools import chain
from math import isfinite
from operator import itemgetter

from turbodicom import _core
from turbodicom._dataset import Dataset
from turbodicom._frames import frame_reader, wanted
from turbodicom._read import read, read_many
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
    """Slices as lists of equal length, one entry each; at first in the order of the sources.

    ``are_rescaled``: whether ``rescales`` is all that the modality stage is about. ``kinds``: for each slice the index of the
    first one with the same kind of pixels.
    """

    LISTS = (
        "datasets", "readers", "frames", "positions", "orientations", "spacings", "numbers", "series", "references",
        "rescales", "units", "stacks", "are_rescaled",
    )  # fmt: skip
    __slots__ = (*LISTS, "_lists", "findings", "is_multi_frame", "kinds", "thickness")

    def __init__(self):
        self._lists = tuple([] for _ in self.LISTS)
        for name, column in zip(self.LISTS, self._lists, strict=True):
            setattr(self, name, column)
        self.kinds = ()
        self.findings = []
        self.thickness = None  # length of a step in mm, where positions do not tell
        self.is_multi_frame = False

    def __len__(self):
        return len(self.datasets)

    def complete(self):
        """Find the kinds, when all is added."""
        self.kinds = _core.reader_kinds(self.readers)

    def reorder(self, order):
        """Put the slices in another order.

        Parameters
        ----------
        order : list of int
            For each new place the old one.
        """
        if order == list(range(len(order))):
            return
        pick = itemgetter(*order)  # of two or more: one is in order
        for column in self._lists:
            column[:] = pick(column)
        if any(self.kinds):
            self.complete()

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

    def paths(self):
        """Return the file of each slice, None for what was no file.

        Returns
        -------
        list of (str or None)
        """
        return [dataset.path for dataset in self.datasets]

    def name(self, index):
        """Return how a message calls a slice.

        Parameters
        ----------
        index : int

        Returns
        -------
        str
        """
        path = self.datasets[index].path
        frame = f"frame {self.frames[index]}" if self.readers[index].number_of_frames > 1 else ""
        return " of ".join(filter(None, [frame, path])) or f"slice {index}"

    # -- filling -------------------------------------------------------------------------------------------

    def add_plain(self, datasets, columns):
        """Add single-frame images all at once, at a third of the cost.

        Parameters
        ----------
        datasets : list of (Dataset or Exception)
        columns : list of list
            Of their elements `_TAGS`.

        Returns
        -------
        bool
            False, and nothing is added, where one is anything else, or its geometry has to be looked at.
        """
        (
            number, series, reference, position, orientation, spacing, imager_spacing,
            slope, intercept, table, kind, units, between, thickness, shared_groups, groups,
        ) = columns  # fmt: skip
        if set(map(type, datasets)) != {Dataset} or any(shared_groups) or any(groups):
            return False
        readers = [dataset._found_frames for dataset in datasets]
        if None in readers or any(reader.number_of_frames != 1 for reader in readers):
            return False
        if not any(spacing):
            spacing = imager_spacing
        if not (_are_vectors(position, 3) and _are_vectors(orientation, 6) and _are_vectors(spacing, 2)):
            return False
        count = len(datasets)
        added = (
            datasets, readers, [0] * count, position, orientation, spacing,
            [value if type(value) is int else None for value in number], series, reference,
            _pairs(slope, intercept), _pairs(kind, units), [None] * count,
            [value is None for value in table],
        )  # fmt: skip
        for column, values in zip(self._lists, added, strict=True):
            column += values
        lengths = filter(None, map(_length, chain.from_iterable(zip(between, thickness, strict=True))))
        self.thickness = self.thickness or next(lengths, None)
        return True

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
        row = (
            dataset,
            reader,
            0,
            _numbers(dataset, position, _POSITION, 3, "Image Position (Patient)"),
            _numbers(dataset, orientation, _ORIENTATION, 6, "Image Orientation (Patient)"),
            spacing,
            *shared,
            (slope, intercept),
            (kind, units),
            None,
            table is None,
        )
        for column, value in zip(self._lists, row, strict=True):
            column.append(value)

    def _add_frames(self, dataset, reader, indexes, shared):
        rows = frame_rows(dataset, indexes)
        self.is_multi_frame = self.is_multi_frame or len(indexes) > 1
        self.thickness = self.thickness or rows.thickness
        count = len(indexes)
        added = (
            [dataset] * count, [reader] * count, indexes, rows.positions, rows.orientations, rows.spacings,
            *([value] * count for value in shared), rows.rescales, rows.units, rows.stacks, [False] * count,
        )  # fmt: skip
        for column, values in zip(self._lists, added, strict=True):
            column += values


def collect(sources, frames, limits, tolerant, workers):
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
    slices, left_out = Slices(), []
    for member, dataset, values, failure in _opened(members, limits, workers, frames is None and slices.add_plain):
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
    return slices


# -- sources -----------------------------------------------------------------------------------------------


def _opened(members, limits, workers, take):
    """Yield what `take`, given data sets and their values of `_TAGS`, does not: source, data set, values, what it raised."""
    for begin in range(0, len(members), _AT_ONCE):
        some = members[begin : begin + _AT_ONCE]
        paths = [member for member in some if not isinstance(member, Dataset)]
        found = iter(read_many(paths, limits, workers))
        datasets = [member if isinstance(member, Dataset) else next(found) for member in some]
        columns, failures = _core.value_columns(datasets, _TAGS)
        if not failures and take and take(datasets, columns):
            continue
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


def _are_vectors(column, count):
    """Whether all are so many finite numbers, or all None."""
    kinds = set(map(type, column))
    if kinds != {list}:
        return kinds == {type(None)}
    try:
        return set(map(len, column)) == {count} and isfinite(sum(chain.from_iterable(column)))
    except TypeError:  # text, or an empty one
        return False


def _pairs(first, second):
    """Pairs of the entries of two columns: one for all where all are alike."""
    if first.count(first[0]) == len(first) and second.count(second[0]) == len(second):
        return [(first[0], second[0])] * len(first)
    return zip(first, second, strict=True)


def _length(value):
    """Of Spacing Between Slices or Slice Thickness; None where it is none."""
    return abs(float(value)) if type(value) in (int, float) and isfinite(value) and value != 0 else None
