# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""td.Window: which values are to be seen, said by two numbers, by the file, or by what the pixels hold.

Begin at :class:`Window`. :func:`windows_of` reads the shorthand of ``window=``; :func:`found_range` makes the range
of a window that is found in the pixels.
"""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np

__all__ = ["FOUND_RULES", "Window", "found_range", "windows_of"]

_FUNCTIONS = ("linear", "linear_exact", "sigmoid")
FOUND_RULES = ("minmax", "percentiles", "histogram", "roi")  # those that look at the pixels


@dataclass(frozen=True, repr=False)
class Window:
    """A window: the values after the modality stage that are spread over the output range (PS3.3 C.11.2).

    ``Window(center, width)`` is explicit. ``Window.index(n)`` is the file's n-th, ``Window.minmax()``,
    ``.percentiles(...)``, ``.histogram(...)`` and ``.roi(...)`` are found in the pixels of all frames of the call,
    padding and NaN left out: values up to the lower bound become the least output, those from the upper bound on the
    greatest, linearly between.

    Parameters
    ----------
    center, width : float
        In units of the modality stage. `width` has to be above 0, for ``"linear"`` 1 or more.
    function : {"linear", "linear_exact", "sigmoid"}
        *VOI LUT Function*: PS3.3 C.11.2.1.2 (the default of the standard, made for integers), C.11.2.1.3.2,
        C.11.2.1.3.1.
    rule : str
        How the window is found: ``"given"``, or the name of one of the class methods, which set it.
    arguments : tuple
        Of that class method.
    """

    center: float | None = None
    width: float | None = None
    function: str = "linear"
    rule: str = "given"
    arguments: tuple = ()

    def __post_init__(self):
        if self.rule != "given":
            if self.rule not in _CHECKS:
                raise ValueError(
                    f"rule must be 'given' or one of {', '.join(map(repr, _CHECKS))}, not {self.rule!r}"
                )
            _CHECKS[self.rule](*self.arguments)
            return
        _check_number("center", self.center)
        _check_number("width", self.width)
        if self.function not in _FUNCTIONS:
            choices = ", ".join(map(repr, _FUNCTIONS))
            raise ValueError(f"function must be one of {choices}, not {self.function!r}")
        if self.function == "linear" and self.width < 1:
            raise ValueError(f"width must be 1 or more for 'linear' (PS3.3 C.11.2.1.2), not {self.width}")
        if self.width <= 0:
            raise ValueError(f"width must be above 0, not {self.width}")

    @classmethod
    def minmax(cls):
        """Return the window from the least to the greatest value.

        Returns
        -------
        Window
        """
        return cls(rule="minmax")

    @classmethod
    def percentiles(cls, low, high):
        """Return the window between two percentiles, as ``numpy.percentile`` finds them (linear).

        Parameters
        ----------
        low, high : float
            In percent: ``percentiles(1, 99)``.

        Returns
        -------
        Window

        Raises
        ------
        ValueError
            Not 0 <= low < high <= 100.
        """
        return cls(rule="percentiles", arguments=(low, high))

    @classmethod
    def histogram(cls, fraction):
        """Return the window that leaves a share of the pixels out at both ends.

        As ``setHistogramWindow`` of DCMTK finds it: bins as wide as one stored value are dropped from below, and from
        above, until they hold at least ``int(fraction * number of pixels)`` pixels.

        Parameters
        ----------
        fraction : float
            From 0 to below 0.5; DCMTK's default is 0.05.

        Returns
        -------
        Window

        Raises
        ------
        ValueError
            Not 0 <= fraction < 0.5.
        """
        return cls(rule="histogram", arguments=(fraction,))

    @classmethod
    def roi(cls, row, column, rows, columns):
        """Return the window from the least to the greatest value of a region of every frame.

        Parameters
        ----------
        row, column, rows, columns : int
            In pixels of the result, that is, after ``roi=`` and ``reduce=`` of the call.

        Returns
        -------
        Window

        Raises
        ------
        ValueError
            Negative, or no pixel.
        """
        return cls(rule="roi", arguments=(row, column, rows, columns))

    @classmethod
    def index(cls, n):
        """Return the file's n-th VOI transform: its VOI LUTs first, then its windows.

        Parameters
        ----------
        n : int
            From 0.

        Returns
        -------
        Window

        Raises
        ------
        ValueError
            Negative.
        """
        return cls(rule="index", arguments=(n,))

    def __repr__(self):
        if self.rule != "given":
            return f"Window.{self.rule}({', '.join(map(repr, self.arguments))})"
        function = "" if self.function == "linear" else f", function={self.function!r}"
        return f"Window({self.center}, {self.width}{function})"


def _check_number(name, value):
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(f"{name} must be a number, not {value!r}")
    if not math.isfinite(value):
        raise ValueError(f"{name} must be finite, not {value}")


def _check_percentiles(low, high):
    _check_number("low", low)
    _check_number("high", high)
    if not 0 <= low < high <= 100:
        raise ValueError(f"percentiles must be 0 <= low < high <= 100, not {low} and {high}")


def _check_fraction(fraction):
    _check_number("fraction", fraction)
    if not 0 <= fraction < 0.5:
        raise ValueError(f"fraction must be from 0 to below 0.5, not {fraction}")


def _check_region(row, column, rows, columns):
    region = row, column, rows, columns
    if not all(isinstance(number, Integral) for number in region):
        raise TypeError(f"roi must be four whole numbers, not {region}")
    if min(region) < 0 or not rows or not columns:
        raise ValueError(f"roi must be (row, column, rows, columns) with at least one pixel, not {region}")


def _check_index(n):
    if operator.index(n) < 0:
        raise ValueError(f"index must be 0 or more, not {n}")


_CHECKS = {
    "minmax": lambda: None,
    "percentiles": _check_percentiles,
    "histogram": _check_fraction,
    "roi": _check_region,
    "index": _check_index,
}


def windows_of(window):
    """Read ``window=``: a Window, a pair of numbers, an index, or a list of Windows and pairs.

    Parameters
    ----------
    window : object

    Returns
    -------
    windows : tuple of (Window or None)
        None: what the file says.
    is_list : bool
        Whether the result gets an axis of samples.

    Raises
    ------
    TypeError, ValueError
        None of these.
    """
    if isinstance(window, (list, tuple)) and not _is_pair(window):
        if not window:
            raise ValueError("window must not be an empty list")
        return tuple(_one_window(member, in_list=True) for member in window), True
    return (_one_window(window),), False


def _is_pair(window):
    return len(window) == 2 and all(isinstance(x, Real) and not isinstance(x, bool) for x in window)


def _one_window(window, in_list=False):
    if isinstance(window, Window) or (window is None and not in_list):
        return window
    if isinstance(window, (list, tuple)) and _is_pair(window):
        return Window(*window)
    if isinstance(window, Integral) and not isinstance(window, bool) and not in_list:
        return Window.index(int(window))
    raise TypeError(
        f"window must be a Window, a pair of numbers, an index, or a list of the first two, not {window!r}"
    )


def found_range(window, values, counts, step):
    """Return the bounds of a window that is found in the pixels.

    Parameters
    ----------
    window : Window
        Of one of FOUND_RULES.
    values : ndarray of float64, shape (n,)
        The values that occur, ascending.
    counts : ndarray of int, shape (n,)
        How many pixels have each.
    step : float
        What one stored value is worth; 0 where that means nothing.

    Returns
    -------
    (float, float) or None
        None where there is no pixel to look at.
    """
    if not len(values):
        return None
    if window.rule == "percentiles":
        return tuple(_percentile(values, counts, share) for share in window.arguments)
    if window.rule == "histogram":
        low, high = _histogram_bounds(values, counts, step, window.arguments[0])
        if low < high:
            return low, high
    return float(values[0]), float(values[-1])


def _percentile(values, counts, percent):
    """As numpy.percentile of all pixels: linear between the two of the nearest ranks."""
    ends = np.cumsum(counts)
    rank = percent / 100 * (int(ends[-1]) - 1)
    below = math.floor(rank)
    first, second = (float(values[np.searchsorted(ends, r, side="right")]) for r in (below, math.ceil(rank)))
    return first + (second - first) * (rank - below)


def _histogram_bounds(values, counts, step, fraction):
    threshold = int(fraction * int(counts.sum()))
    if threshold == 0:
        return float(values[0]), float(values[-1])
    below = np.searchsorted(np.cumsum(counts), threshold)
    above = len(values) - 1 - np.searchsorted(np.cumsum(counts[::-1]), threshold)
    low = values[below] + step if step else values[min(below + 1, len(values) - 1)]
    return float(low), float(values[above])
