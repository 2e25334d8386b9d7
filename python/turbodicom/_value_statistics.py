# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Which values occur in the pixels, for windows that are found in them; see :class:`turbodicom.Window`."""

from __future__ import annotations

import numpy as np

from turbodicom import _core
from turbodicom._window import found_range

__all__ = ["Statistics"]

_MOST_BINS = 1 << 20  # our limit: beyond, values are sorted


class Statistics:
    """The values after the modality stage, and how often each occurs, of frames seen one after the other.

    Parameters
    ----------
    window : Window
        Of a rule that looks at pixels.
    padding : tuple or None
        First and last stored value that do not count.
    """

    def __init__(self, window, padding):
        self._window, self._padding = window, padding
        self._values, self._counts, self._steps = [], [], set()

    def add(self, stored, modality):
        """See frames that have one modality stage.

        Parameters
        ----------
        stored : ndarray, shape (frames, rows, columns)
        modality : tuple or None
        """
        if self._window.rule == "roi":
            stored = _region(stored, *self._window.arguments)
        needs_counts = self._window.rule in ("percentiles", "histogram")
        values, counts = (_counted if needs_counts else _ends)(stored, self._padding)
        if modality is not None and modality[0] == "table" and not needs_counts and len(values):
            values, counts = _counted(stored, self._padding)  # the extremes of a LUT may be anywhere
        self._values.append(after_modality(values, modality))
        self._counts.append(counts)
        is_whole = stored.dtype.kind != "f"
        self._steps.add(
            abs(modality[1]) if modality and modality[0] == "linear" else 1.0 if is_whole else 0.0
        )

    def voi(self):
        """Return the VOI stage for what was seen.

        Returns
        -------
        tuple
        """
        values, counts = _merged(np.concatenate(self._values), np.concatenate(self._counts))
        step = self._steps.pop() if len(self._steps) == 1 else 0.0
        found = found_range(self._window, values, counts, step)
        if found is None:
            return "range", 0.0, 1.0
        low, high = found
        return ("range", low, high) if low < high else ("linear", low + 0.5, 1.0)


def after_modality(values, modality):
    """Return values after the modality stage, in double precision.

    Parameters
    ----------
    values : ndarray
        Stored values.
    modality : tuple or None

    Returns
    -------
    ndarray of float64
    """
    if modality is None:
        return values.astype(np.float64)
    kind, first, second = modality
    if kind == "linear":
        return values.astype(np.float64) * first + second
    indexes = np.clip(np.floor(values.astype(np.float64)) - first, 0, len(second) - 1).astype(np.intp)
    return second[indexes].astype(np.float64)


def _region(stored, row, column, rows, columns):
    if row + rows > stored.shape[1] or column + columns > stored.shape[2]:
        raise ValueError(
            f"the window's roi reaches beyond {stored.shape[1]} rows x {stored.shape[2]} columns"
        )
    return stored[:, row : row + rows, column : column + columns]


def _ends(stored, padding):
    ends = _core.value_range(stored, padding)
    values = np.array([] if ends is None else ends, np.float64 if stored.dtype.kind == "f" else None)
    return values, np.ones(len(values), np.int64)


def _counted(stored, padding):
    """The values that occur, ascending, and how often."""
    ends = _core.value_range(stored, padding)
    if ends is None:
        return np.array([], np.float64), np.array([], np.int64)
    if stored.dtype.kind != "f" and stored.dtype.itemsize <= 4 and ends[1] - ends[0] < _MOST_BINS:
        counts = _core.histogram(stored, ends[0], ends[1], padding)
        present = np.flatnonzero(counts)
        return present + ends[0], counts[present].astype(np.int64)
    kept = stored[~np.isnan(stored)] if stored.dtype.kind == "f" else stored.reshape(-1)
    if padding is not None:
        kept = kept[(kept < padding[0]) | (kept > padding[1])]
    return np.unique(kept, return_counts=True)


def _merged(values, counts):
    """Equal values of several frames as one, ascending."""
    distinct, where = np.unique(values, return_inverse=True)
    return distinct, np.bincount(where, counts, len(distinct)).astype(np.int64)
