# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Which arrays an import makes: the series of a table, split where slices cannot lie in one array.

Begin at :func:`planned`. Slices of one array have the same rows, columns, samples and orientation; every multi-frame
file is an array of its own.
"""

import hashlib
import json
import math
from dataclasses import dataclass

import numpy as np

import turbodicom as td

__all__ = ["NEEDED", "Planned", "layout_of", "planned"]

# What planning takes from the index.
NEEDED = (
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "Modality",
    "InstanceNumber",
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "NumberOfFrames",
    "Rows",
    "Columns",
    "SamplesPerPixel",
)

_OF_FILES = ("path", "size", "mtime", "inode", "transfer_syntax", "error")
_FORMAT = 1  # of arrays and records: another one has every array written again
_NAME_DIGITS = 24  # of the hash: 96 bits
_SAME_ORIENTATION = 1e-3  # our choice, that of td.Series: a twentieth of a degree
_NOTHING = slice(0, 0)  # of the frames: gives shape and dtype
# Our limits: no file is reserved on the disk that the bytes of its sources cannot justify.
_UNQUESTIONED_BYTES = 1 << 26
_NATIVE_RATIO, _CODED_RATIO = 8, 1000  # 8: bits become bytes
_NATIVE = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2")


@dataclass(frozen=True)
class Planned:
    """One array to be.

    Attributes
    ----------
    name : str
        Of its file, without ``.npy``; derived from a hash of the series, never from what a file says.
    series_uid : str
    study_uid, modality : str or None
    files : tuple of str
    bytes : int
        Of the files.
    is_native : bool
        Whether none of them is compressed.
    source : str
        Hash of everything the array depends on: files with size, time and inode, and how they are read.
    """

    name: str
    series_uid: str
    study_uid: str | None
    modality: str | None
    files: tuple
    bytes: int
    is_native: bool
    source: str


def planned(table, settings):
    """Work out the arrays of a table.

    Parameters
    ----------
    table : Table
        With the columns `NEEDED`.
    settings : dict
        How pixels are read, in the types of JSON.

    Returns
    -------
    arrays : list of Planned
    homeless : list of str
        Images that belong to no series.
    without_pixels : int
        Files that are DICOM, but no image.
    """
    columns = {name: list(table[name]) for name in (*NEEDED, *_OF_FILES)}
    is_broken = [error is not None for error in columns["error"]]
    is_image = [
        not broken and _count(rows) > 0 and _count(width) > 0
        for broken, rows, width in zip(is_broken, columns["Rows"], columns["Columns"], strict=True)
    ]
    uids, paths = columns["SeriesInstanceUID"], columns["path"]
    number = {path: row for row, path in enumerate(paths)}  # a source may be named twice
    arrays = []
    for series in table.series():
        rows = [row for row in series.rows if number[paths[row]] == row]
        images, broken = [row for row in rows if is_image[row]], [row for row in rows if is_broken[row]]
        arrays += _of_series(series, images, broken, columns, settings)
    homeless = [paths[row] for row, image in enumerate(is_image) if image and not uids[row]]
    return arrays, homeless, len(table) - sum(is_image) - sum(is_broken)


def _of_series(series, images, broken, columns, settings):
    """Split the images of one series; return its arrays. What is broken counts as a slice, so that it is missed."""
    groups, directions = {}, []
    for row in images:
        groups.setdefault(_key(row, columns, directions), []).append(row)
    for row in broken if images else ():
        key = _key(row, columns, directions)
        groups.get(key, next(iter(groups.values()))).append(row)
    name = hashlib.sha256(series.uid.encode()).hexdigest()[:_NAME_DIGITS]
    for part, group in enumerate(groups.values(), 1):
        text = json.dumps([_FORMAT, settings, [_state(row, columns) for row in group]])
        yield Planned(
            name=name if len(groups) == 1 else f"{name}-{part}",
            series_uid=series.uid,
            study_uid=series.study_uid,
            modality=series.modality,
            files=tuple(columns["path"][row] for row in group),
            bytes=sum(_count(columns["size"][row]) for row in group),
            is_native=all(columns["transfer_syntax"][row] in _NATIVE for row in group),
            source=hashlib.sha256(text.encode()).hexdigest(),
        )


def _state(row, columns):
    """What changes when a file does."""
    size, inode = _count(columns["size"][row]), _count(columns["inode"][row])
    return columns["path"][row], size, str(columns["mtime"][row]), inode


def _key(row, columns, directions):
    """What slices of one array have in common."""
    if _count(columns["NumberOfFrames"][row]) > 1:
        return "multi-frame", row
    size = tuple(_count(columns[name][row]) for name in ("Rows", "Columns", "SamplesPerPixel"))
    return size, _direction(columns["ImageOrientationPatient"][row], directions)


def _direction(orientation, directions):
    """The number of an orientation among those met so far; None for no orientation."""
    if orientation is None or len(orientation) != 6 or None in orientation:
        return None
    for number, known in enumerate(directions):
        if all(abs(a - b) <= _SAME_ORIENTATION for a, b in zip(orientation, known, strict=True)):
            return number
    directions.append(orientation)
    return len(directions) - 1


def _count(number):
    """A number of a column, where nothing is 0."""
    return 0 if number is None or math.isnan(number) else int(number)


def layout_of(array, options, left_out=None):
    """Read the headers and work out shape and dtype.

    Parameters
    ----------
    array : Planned
    options : dict
        Keywords of :func:`turbodicom.pixels`: values, dtype.
    left_out : list, optional
        Gets the errors of files that are no image; without it they are raised.

    Returns
    -------
    datasets : list of Dataset
    shape : tuple of int
    dtype : dtype

    Raises
    ------
    Error, OSError
        A file is no image, or says to hold more than its bytes can.
    ValueError
        Options that cannot be meant for these values.
    """
    datasets, planes, dtypes, frames, stored_bytes = [], [], set(), 0, 0
    for file in array.files:
        try:
            dataset = td.read(file)
            stored, wanted = dataset.pixels(frames=_NOTHING), dataset.pixels(frames=_NOTHING, **options)
        except td.Error as error:
            error = type(error)(
                f"{error} in {file}", offset=error.offset, where=error.where, codec=error.codec
            )
            if left_out is None:
                raise error from None
            left_out.append(error)
            continue
        datasets.append(dataset)
        planes.append(wanted.shape[1:])
        dtypes.add(wanted.dtype)
        frames += len(dataset.frames)
        stored_bytes += len(dataset.frames) * math.prod(stored.shape[1:]) * stored.dtype.itemsize
    if not datasets:
        raise left_out[0]
    _refuse_unjustified(array, stored_bytes)
    return datasets, (frames, *planes[0]), np.result_type(*dtypes)


def _refuse_unjustified(array, stored_bytes):
    ratio = _NATIVE_RATIO if array.is_native else _CODED_RATIO
    if stored_bytes > max(_UNQUESTIONED_BYTES, ratio * array.bytes):
        text = f"import: the headers speak of {stored_bytes} bytes of pixels, the files have {array.bytes} in {array.files[0]}"
        raise td.TruncatedDataError(text)
