# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Drawing an overlay plane into a picture; begin at `draw`. Modes and numbers are those of DCMTK's ``DicomImage``."""

import numpy as np

__all__ = ["MODES", "draw"]

MODES = (
    "default",
    "replace",
    "threshold_replace",
    "complement",
    "invert_bitmap",
    "region_of_interest",
    "bitmap_shutter",
)


def draw(
    picture,
    overlay,
    frame=0,
    mode="default",
    foreground=1.0,
    threshold=1.0,
    *,
    maximum=None,
    value=None,
    offset=(0, 0),
):
    """Draw an overlay plane into a picture, in place.

    Parameters
    ----------
    picture : ndarray, shape (rows, columns) or (rows, columns, samples), unsigned integers or floats
        What is to be shown; changed.
    overlay : Overlay
        What lies beyond the picture is left out.
    frame : int, optional
        Of the image, from 0.
    mode : str, optional
        ``"replace"`` draws the foreground; ``"threshold_replace"`` does so where the picture is at most the threshold, and
        1 elsewhere; ``"complement"`` draws the maximum on dark pixels and 0 on the others; ``"invert_bitmap"`` draws the
        foreground where the plane is 0; ``"region_of_interest"`` darkens what is not in the region;
        ``"bitmap_shutter"`` draws `value`; ``"default"``: what the overlay's type says.
    foreground, threshold : float, optional
        0 (dark) to 1 (bright).
    maximum : int or float, optional
        What 1 stands for; default the largest value of the dtype (DCMTK takes it whatever the bits in use), of
        floats 1.
    value : number, optional
        To draw in place of ``foreground * maximum``.
    offset : (int, int), optional
        Row and column of the image, from 0, at which the picture begins.

    Returns
    -------
    ndarray
        `picture`.

    Raises
    ------
    ValueError
        No such mode, or a picture of another dtype or shape.

    Notes
    -----
    Integers come out as DCMTK's dcmimgle/dimoopxt.h computes them; dark, for complement and the region of interest, is a
    matter of the upper half of the bits. Of floats, dark is up to a half, and darkening divides by 16.
    """
    if mode not in MODES:
        raise ValueError(f"mode must be one of {', '.join(MODES)}, not {mode!r}")
    if picture.ndim not in (2, 3) or picture.dtype.kind not in "uf":
        raise ValueError(
            f"picture must be 2-D or 3-D, unsigned or float, not {picture.dtype} of shape {picture.shape}"
        )
    plane = overlay.plane_of(frame)
    if plane is None:
        return picture
    top, left = overlay.origin[0] - 1 - offset[0], overlay.origin[1] - 1 - offset[1]
    plane, place = _common_area(plane, picture.shape, top, left)
    if plane.size:
        mode = overlay.default_mode if mode == "default" else mode
        brush = _Brush(picture.dtype, foreground, threshold, maximum, value)
        picture[place] = brush.draw(picture[place], plane.astype(bool), mode)
    return picture


def _common_area(plane, shape, top, left):
    """Cut a plane to what lies in the picture; the slices of the picture it covers."""
    bottom, right = min(top + plane.shape[0], shape[0]), min(left + plane.shape[1], shape[1])
    first_row, first_column = max(top, 0), max(left, 0)
    bottom, right = max(bottom, first_row), max(right, first_column)
    inside = plane[first_row - top : bottom - top, first_column - left : right - left]
    return inside, (slice(first_row, bottom), slice(first_column, right))


class _Brush:
    """What a density stands for in a dtype, and how each mode uses it."""

    def __init__(self, dtype, foreground, threshold, maximum, value):
        self.is_float = dtype.kind == "f"
        self.dtype = dtype
        self.maximum = (1.0 if self.is_float else np.iinfo(dtype).max) if maximum is None else maximum
        self.foreground = self._density(foreground) if value is None else value
        self.threshold = self._density(threshold)
        self.half_bits = dtype.itemsize * 4

    def _density(self, density):
        value = min(max(density, 0.0), 1.0) * self.maximum
        return value if self.is_float else int(value)

    def draw(self, picture, is_set, mode):
        is_set = is_set[..., None] if picture.ndim == 3 else is_set
        if mode == "threshold_replace":
            return self._chosen(
                is_set,
                self._where(picture <= self.threshold, self.foreground, 0 if self.is_float else 1),
                picture,
            )
        if mode == "complement":
            dark = self.maximum / 2 if self.is_float else (1 << self.half_bits) - 1
            return self._chosen(is_set, self._where(picture <= dark, self.maximum, 0), picture)
        if mode == "region_of_interest":
            darkened = picture / self.dtype.type(16) if self.is_float else picture >> self.half_bits
            return np.where(is_set, picture, darkened)
        is_set = ~is_set if mode == "invert_bitmap" else is_set
        return self._chosen(is_set, self.dtype.type(self.foreground), picture)

    def _where(self, condition, yes, no):
        return np.where(condition, self.dtype.type(yes), self.dtype.type(no))

    def _chosen(self, is_set, drawn, picture):
        return np.where(is_set, drawn, picture)
