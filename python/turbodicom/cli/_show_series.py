# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The images below a directory, by series: found by their headers, in the order of their numbers.

Nothing about patients is kept: of each file its path, its place in the series and what kind of image it is.
"""

import os
from dataclasses import dataclass, field

import turbodicom as td

_PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
MOST_FILES = 100_000
_LONGEST_MODALITY = 16  # characters, PS3.5 6.2 for CS


@dataclass
class Found:
    """What was found below a directory."""

    series: list = field(default_factory=list)
    other: int = 0
    """Files that are not DICOM, or have no pixels."""
    left_out: int = 0
    """Files beyond the most that are looked at."""
    errors: list = field(default_factory=list)
    """(path, error) of files that are DICOM and cannot be read."""


@dataclass
class Series:
    """Files of one series."""

    key: tuple
    files: list = field(default_factory=list)
    """`ImageFile`, sorted."""


@dataclass
class ImageFile:
    """A file with pixels and the line that describes it."""

    path: str
    order: tuple
    about: str


def find_series(directory, progress):
    """Read the headers below a directory.

    Parameters
    ----------
    directory : str
    progress : callable
        ``progress(paths, text)``, an iterable of the same paths.

    Returns
    -------
    Found
    """
    paths = sorted(_files_below(directory))
    found = Found(left_out=max(0, len(paths) - MOST_FILES))
    by_key = {}
    for path in progress(paths[:MOST_FILES], "headers"):
        try:
            data_set = td.read(path)
        except (OSError, td.Error) as error:
            if isinstance(error, OSError) or _has_prefix(path):
                found.errors.append((path, error))
            else:
                found.other += 1
            continue
        if not any(keyword in data_set for keyword in _PIXELS):
            found.other += 1
            continue
        key = _series_key(data_set, path)
        by_key.setdefault(key[-1], Series(key)).files.append(_image_file(data_set, path))
    found.series = sorted(by_key.values(), key=lambda series: series.key)
    for series in found.series:
        series.files.sort(key=lambda file: file.order)
    return found


def _files_below(directory):
    """Yield regular files; no links to directories are followed, no pipes opened."""

    def fail(error):
        raise error

    for folder, _, names in os.walk(directory, onerror=fail if not os.path.isdir(directory) else None):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                yield path


def _has_prefix(path):
    """Tell whether a file says that it is DICOM (PS3.10 7.1)."""
    try:
        with open(path, "rb") as file:
            return file.read(132)[128:] == b"DICM"
    except OSError:
        return True


def _series_key(data_set, path):
    """Series Number first, so that series come in the order they were made."""
    uid = str(data_set.get("SeriesInstanceUID") or os.path.dirname(path))
    return _whole(data_set, "SeriesNumber"), uid


def _image_file(data_set, path):
    return ImageFile(path, (_whole(data_set, "InstanceNumber"), path), _about(data_set))


def _about(data_set):
    modality = str(data_set.get("Modality") or "")[:_LONGEST_MODALITY]
    modality = "".join(c for c in modality if c.isascii() and (c.isalnum() or c in " _")) or "image"
    rows, columns = (_whole(data_set, keyword) for keyword in ("Rows", "Columns"))
    frames = max(1, _whole(data_set, "NumberOfFrames"))
    size = f"{columns} x {rows}" + (f" x {frames}" if frames > 1 else "")
    return f"{modality}, {size}, {_whole(data_set, 'BitsStored') or _whole(data_set, 'BitsAllocated')} bits"


def _whole(data_set, keyword):
    """Return a number of the header, 0 where it is none."""
    try:
        value = data_set.get(keyword)
    except td.Error:
        return 0
    return value if isinstance(value, int) else 0
