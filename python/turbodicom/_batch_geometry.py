# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Where an image of one size goes in a result of another: :class:`Fitting`, for ``size=`` and ``fit=``."""

from __future__ import annotations

import operator
from functools import lru_cache

__all__ = ["FITS", "Fitting"]

FITS = ("stretch", "pad", "crop")


class Fitting:
    """Size and manner of resizing, checked.

    Parameters
    ----------
    size : (int, int) or None
        Rows and columns of the result; None for those of the images.
    fit : {"stretch", "pad", "crop"}

    Raises
    ------
    ValueError, TypeError
    """

    def __init__(self, size, fit):
        if fit not in FITS:
            raise ValueError(f"fit must be one of {', '.join(map(repr, FITS))}, not {fit!r}")
        self.fit = fit
        self.size = None if size is None else _checked(size)

    def placement(self, rows, columns, fill):
        """Return what ``_core.read_jobs`` calls resize; None where the image has the size already.

        Parameters
        ----------
        rows, columns : int
            Of the image.
        fill : float or None
            Where no image is; None for what stored value 0 becomes.

        Returns
        -------
        (int, int, int, int, float or None) or None
        """
        if self.size is None or (rows, columns) == self.size:
            return None
        return (*_placement(rows, columns, self.size, self.fit), fill)


@lru_cache(maxsize=256)
def _placement(rows, columns, size, fit):
    """The whole image as scaled, and where in it the result begins."""
    if fit == "stretch":
        return (*size, 0, 0)
    choose = min if fit == "pad" else max
    scale = choose(size[0] / rows, size[1] / columns)
    scaled = tuple(max(1, round(length * scale)) for length in (rows, columns))
    # Centred; where that is not exact, half a pixel to the top left.
    row, column = (
        (s - t) // 2 if fit == "crop" else -((t - s) // 2) for s, t in zip(scaled, size, strict=True)
    )
    return (*scaled, row, column)


def _checked(size):
    try:
        rows, columns = map(operator.index, size)
    except (TypeError, ValueError):
        raise TypeError(f"size must be (rows, columns), not {size!r}") from None
    if not (1 <= rows <= 65535 and 1 <= columns <= 65535):
        raise ValueError(f"size must be (rows, columns) from 1 to 65535, not {size!r}")
    return rows, columns
