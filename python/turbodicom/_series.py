# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Files of a scan grouped into series, each in the order of its geometry.

Begin at :func:`series_of`. Position is the projection of *Image Position (Patient)* on the normal of the image, the
cross product of the two direction cosines of *Image Orientation (Patient)* (PS3.3 C.7.6.2.1.1).
"""

import math
from dataclasses import dataclass, field

import numpy as np

__all__ = ["Series", "series_of"]

_NEEDED = ("SeriesInstanceUID", "InstanceNumber", "ImagePositionPatient", "ImageOrientationPatient")
_SAME_ORIENTATION = 1e-3  # our choice: what direction cosines may differ by, a twentieth of a degree


@dataclass(frozen=True)
class Series:
    """One series: its files, in order. Iterating gives the paths, so ``td.volume(series)`` takes it.

    Attributes
    ----------
    uid : str
        *Series Instance UID*.
    study_uid, modality, description : str or None
        Of the first file; None where the table has no such column or the file no value.
    files : tuple of str
        Paths.
    rows : tuple of int
        The rows of the table they are, in the same order.
    order : str
        What they are sorted by: "position", "instance number" or "path".
    positions : ndarray or None
        Along the normal, in mm, one for each file; None unless sorted by it.
    """

    uid: str
    study_uid: str | None
    modality: str | None
    description: str | None
    files: tuple
    rows: tuple = field(repr=False)
    order: str
    positions: object = field(repr=False, compare=False)

    def __iter__(self):
        return iter(self.files)

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        return self.files[index]

    def __repr__(self):
        return f"<turbodicom.Series: {self.modality or 'no modality'}, {len(self)} files, by {self.order}>"


def series_of(table):
    """Return the series of a table; see ``Table.series``.

    Parameters
    ----------
    table : Table

    Returns
    -------
    list of Series

    Raises
    ------
    ValueError
        Columns are missing.
    """
    missing = [name for name in _NEEDED if name not in table]
    if missing:
        raise ValueError(f"series() needs the columns {', '.join(missing)}: add them to the tags of the scan")
    groups = {}
    for row, uid in enumerate(table["SeriesInstanceUID"]):
        if uid:
            groups.setdefault(uid, []).append(row)
    columns = _Columns(table)
    return [columns.series(uid, rows) for uid, rows in groups.items()]


class _Columns:
    """The columns that ordering takes, fetched once."""

    def __init__(self, table):
        self.paths = table["path"]
        self.numbers = table["InstanceNumber"]
        self.positions = _vectors(table["ImagePositionPatient"], 3)
        self.orientations = _vectors(table["ImageOrientationPatient"], 6)
        self.texts = {
            name: table._column_or_none(keyword)
            for name, keyword in (
                ("study_uid", "StudyInstanceUID"),
                ("modality", "Modality"),
                ("description", "SeriesDescription"),
            )
        }

    def series(self, uid, rows):
        """Return the Series of some rows."""
        rows = np.array(rows)
        positions = self._along_normal(rows)
        order, by = self._sorted(rows, positions)
        rows = rows[order]
        about = {name: texts and (texts[rows[0]] or None) for name, texts in self.texts.items()}
        files = tuple(self.paths[row] for row in rows)
        positions = None if positions is None else positions[order]
        return Series(uid=uid, **about, files=files, rows=tuple(rows.tolist()), order=by, positions=positions)

    def _along_normal(self, rows):
        """Return positions in mm; None where they mean nothing: one is missing, or orientations differ."""
        orientations, positions = self.orientations[rows], self.positions[rows]
        with np.errstate(all="ignore"):  # files may say 1e300; what comes out is looked at
            if not (np.abs(orientations - orientations[0]) <= _SAME_ORIENTATION).all():
                return None
            normal = np.cross(orientations[0, :3], orientations[0, 3:])
            length = np.linalg.norm(normal)
            if not length > _SAME_ORIENTATION:
                return None
            projected = (positions * (normal / length)).sum(axis=1)
        return projected if np.isfinite(projected).all() else None

    def _sorted(self, rows, positions):
        """Return the order of some rows, and what it goes by."""
        paths = [self.paths[row] for row in rows]
        numbers = [self._number(row) for row in rows]
        along = [0.0] * len(rows) if positions is None else positions.tolist()
        order = sorted(range(len(rows)), key=lambda i: (along[i], numbers[i], paths[i]))
        if positions is not None:
            return order, "position"
        return order, "instance number" if any(number != _NO_NUMBER for number in numbers) else "path"

    def _number(self, row):
        number = self.numbers[row]
        return _NO_NUMBER if number is None or math.isnan(number) else (0, int(number))


_NO_NUMBER = (1, 0)  # behind those that have one


def _vectors(values, size):
    """Return lists of numbers as one array, NaN where a list has another length."""
    vectors = np.full((len(values), size), np.nan)
    for row, value in enumerate(values):
        if value is not None and len(value) == size:
            vectors[row] = [np.nan if number is None else number for number in value]
    return vectors
