# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Clip, flip, rotate and scale pictures: pure functions of arrays of shape (..., rows, columns).

Begin at `scale`; what its algorithms compute is in `_resample`. Of integers the results are those of DCMTK's
``DicomImage`` (its dcmimgle/discalet.h, diflipt.h, dirotat.h), rounding and edges included; the sizes that follow
from factors and pixel aspect ratio are in `scaled_size`.
"""

import numpy as np

from turbodicom import _resample

__all__ = ["clip", "fill_of_p_value", "flip", "rotate", "scale", "scaled_size"]

_LARGEST_SIZE = 65535  # of Rows and Columns (PS3.3 C.7.6.3.1: US)
_INTERPOLATION_BITS = 16  # DCMTK's pbmplus algorithm is for samples of so many
_QUARTER_TURNS = {0: 0, 90: 1, 180: 2, 270: 3}


def clip(planes, left, top, columns, rows, fill=0):
    """Cut out a rectangle; what lies beyond the picture becomes a border.

    Parameters
    ----------
    planes : ndarray, shape (..., rows, columns)
    left, top : int
        First column and row; may be negative.
    columns, rows : int
        Size of the rectangle in pixels.
    fill : number, optional
        Of the border.

    Returns
    -------
    ndarray, shape (..., rows, columns), dtype of `planes`
        A copy.

    Raises
    ------
    ValueError
        `columns` or `rows` is below 1 or above 65535.
    """
    _check_size(rows, columns)
    height, width = planes.shape[-2:]
    first_row, last_row = max(top, 0), max(min(top + rows, height), 0)
    first_column, last_column = max(left, 0), max(min(left + columns, width), 0)
    inside = planes[..., first_row:last_row, first_column:last_column]
    if inside.shape[-2:] == (rows, columns):
        return inside.copy()
    out = np.full((*planes.shape[:-2], rows, columns), fill, planes.dtype)
    if inside.size:
        out[..., first_row - top : last_row - top, first_column - left : last_column - left] = inside
    return out


def flip(planes, horizontal, vertical):
    """Mirror a picture.

    Parameters
    ----------
    planes : ndarray, shape (..., rows, columns)
    horizontal : bool
        Left becomes right.
    vertical : bool
        Top becomes bottom.

    Returns
    -------
    ndarray, shape and dtype of `planes`
        A view.
    """
    return planes[..., :: -1 if vertical else 1, :: -1 if horizontal else 1]


def rotate(planes, degrees):
    """Turn a picture clockwise.

    Parameters
    ----------
    planes : ndarray, shape (..., rows, columns)
    degrees : int
        0, 90, 180 or 270, or the same negative; 360 is 0.

    Returns
    -------
    ndarray, shape (..., rows, columns) or (..., columns, rows), dtype of `planes`
        A view.

    Raises
    ------
    ValueError
        Another angle.
    """
    if (
        not isinstance(degrees, (int, np.integer))
        or abs(degrees) > 360
        or degrees % 360 not in _QUARTER_TURNS
    ):
        raise ValueError(f"degrees must be a multiple of 90 from -360 to 360, not {degrees!r}")
    return np.rot90(planes, -_QUARTER_TURNS[degrees % 360], axes=(-2, -1))


def scaled_size(
    clip_columns, clip_rows, columns=0, rows=0, *, width_height_ratio=None, height_width_ratio=None
):
    """Choose the size of a scaled picture where only one number is given.

    Parameters
    ----------
    clip_columns, clip_rows : int
        What is scaled.
    columns, rows : int, optional
        Wanted; 0: what keeps the proportions. Both 0: no scaling.
    width_height_ratio, height_width_ratio : float, optional
        Of a pixel, if the size left open must make pixels square; the second by default 1 by the first.

    Returns
    -------
    (int, int)
        Columns and rows, at most 65535 each; 0 where nothing would be left.

    Notes
    -----
    Rounded down, as DCMTK's ``createScaledImage`` does; a picture scaled by factors has ``int(factor * columns)``.
    """
    if columns == 0 and rows == 0:
        columns, rows = clip_columns, clip_rows
    elif clip_columns > 0 and clip_rows > 0:
        width_by_height = 1.0 if width_height_ratio is None else width_height_ratio
        height_by_width = 1.0 / width_by_height if height_width_ratio is None else height_width_ratio
        if columns == 0:
            columns = int(width_by_height * float(rows * clip_columns) / clip_rows)
        elif rows == 0:
            rows = int(height_by_width * float(columns * clip_rows) / clip_columns)
    return min(columns, _LARGEST_SIZE), min(rows, _LARGEST_SIZE)


def fill_of_p_value(p_value, bits, dtype):
    """Return the value of a border given as P-value.

    Parameters
    ----------
    p_value : int
        0 to 65535.
    bits : int
        Of a sample.
    dtype : dtype
        Of the samples.

    Returns
    -------
    scalar of `dtype`
    """
    value = float((1 << bits) - 1) * float(p_value) / 65535.0
    return _resample.converted(np.array([value]), np.dtype(dtype))[0]


def scale(planes, rows, columns, interpolation=1, clip=None, *, bits=None, fill=0):
    """Scale a picture, or a rectangle of it.

    Parameters
    ----------
    planes : ndarray, shape (..., rows, columns)
        Integers of 1, 2 or 4 bytes, or floats.
    rows, columns : int
        Size of the result in pixels, 1 to 65535.
    interpolation : int, optional
        0: none, pixels are repeated or left out; 1: pbmplus; 2: c't; 3: bilinear; 4: bicubic (Catmull-Rom).
        As in DCMTK, 3 and 4 only enlarge (else 2 is taken), 2 either enlarges or reduces (else 1 is taken), and 1
        takes samples of 16 bits at most (else 2 or none) and ignores `clip` (the whole picture is scaled).
    clip : (left, top, columns, rows), optional
        What to scale; beyond the picture only when nothing is scaled.
    bits : int, optional
        Of a sample, which no result exceeds; default those of the dtype.
    fill : number, optional
        Of the border when `clip` goes beyond the picture.

    Returns
    -------
    ndarray, shape (..., rows, columns), dtype of `planes`
        A copy. Of integers the numbers are DCMTK's; floats are computed by the same rules without rounding or
        clamping, and 1 and 2 are both the average over the area a pixel covers.

    Raises
    ------
    ValueError
        A size, number or clip that is not allowed; a dtype that is neither integer nor float.

    Notes
    -----
    Two cases in which DCMTK's own result is not set: bicubic scaling of 3 rows or columns (it reads beyond its
    buffer; here the last one is repeated), and pbmplus by a factor below 1/4096 (it does not end; c't or none here).
    """
    planes = np.asarray(planes)
    _check(planes, rows, columns, interpolation)
    height, width = planes.shape[-2:]
    area = (0, 0, width, height) if clip is None else tuple(clip)
    left, top, clip_columns, clip_rows = area
    _check_size(clip_rows, clip_columns)
    if (clip_rows, clip_columns) == (rows, columns) or _is_outside(area, width, height):
        return _clipped(planes, area, (rows, columns), fill)
    if left < 0 or top < 0 or left + clip_columns > width or top + clip_rows > height:
        raise ValueError(f"clip {area} must be inside the {columns} x {rows} picture to be scaled")
    all_bits = min(planes.dtype.itemsize * 8, 32)
    bits = all_bits if bits is None else min(max(bits, 1), all_bits)
    algorithm = _choose(planes.dtype, interpolation, (rows, columns), (clip_rows, clip_columns), bits)
    if algorithm is not _resample.pbmplus:
        planes = planes[..., top : top + clip_rows, left : left + clip_columns]
    return algorithm(planes, rows, columns, bits)


def _clipped(planes, area, size, fill):
    left, top, columns, rows = area
    if _is_outside(area, planes.shape[-1], planes.shape[-2]):
        return np.full((*planes.shape[:-2], *size), fill, planes.dtype)
    return clip(planes, left, top, columns, rows, fill)


def _is_outside(area, width, height):
    left, top, columns, rows = area
    return left + columns <= 0 or top + rows <= 0 or left >= width or top >= height


def _choose(dtype, interpolation, size, source, bits):
    """The algorithm DCMTK takes; see `scale`."""
    enlarges = size[0] >= source[0] and size[1] >= source[1]
    reduces = size[0] <= source[0] and size[1] <= source[1]
    has_few_bits = bits <= _INTERPOLATION_BITS and 4096 * size[0] >= source[0] and 4096 * size[1] >= source[1]
    if interpolation == 0:
        return _resample.nearest
    if interpolation == 4 and enlarges and min(source) >= 3:
        return _resample.bicubic
    if interpolation >= 3 and enlarges and min(source) >= 2:
        return _resample.bilinear
    if dtype.kind == "f":
        return _resample.area_average
    if interpolation == 1 and has_few_bits:
        return _resample.pbmplus
    if enlarges:
        return _resample.enlarge
    if reduces:
        return _resample.reduce
    return _resample.pbmplus if has_few_bits else _resample.nearest


def _check(planes, rows, columns, interpolation):
    if planes.ndim < 2 or planes.dtype.kind not in "iuf" or planes.size == 0:
        raise ValueError(
            f"planes must be integers or floats of shape (..., rows, columns), not {planes.dtype} {planes.shape}"
        )
    if planes.dtype.kind != "f" and planes.dtype.itemsize > 4:
        raise ValueError(f"integer planes must have at most 4 bytes a sample, not {planes.dtype}")
    _check_size(rows, columns)
    if interpolation not in range(5):
        raise ValueError(f"interpolation must be 0 to 4, not {interpolation!r}")


def _check_size(rows, columns):
    if not (1 <= rows <= _LARGEST_SIZE and 1 <= columns <= _LARGEST_SIZE):
        raise ValueError(f"rows and columns must be 1 to {_LARGEST_SIZE}, not {rows} and {columns}")
