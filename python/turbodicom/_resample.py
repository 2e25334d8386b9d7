# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The algorithms of `_geometry.scale`: each takes planes (..., rows, columns), the wanted size, and bits of a sample.

Pixels are repeated and left out here; all others are ``_core.resample`` (cpp/turbodicom/pixel/resample.h).
"""

import numpy as np

from turbodicom import _core

__all__ = ["area_average", "bicubic", "bilinear", "converted", "enlarge", "nearest", "pbmplus", "reduce"]


def nearest(planes, rows, columns, bits):
    """Repeat or leave out pixels."""
    row_index = _nearest_index(planes.shape[-2], rows)
    column_index = _nearest_index(planes.shape[-1], columns)
    return np.take(np.take(planes, row_index, axis=-2), column_index, axis=-1)


def _nearest_index(size, wanted):
    """Source index of each result: ``wanted = k * size + remainder`` spreads the odd ones evenly (DCMTK)."""
    if wanted == size:
        return np.arange(size)
    if wanted > size:
        return np.repeat(np.arange(size), _steps(size, wanted))
    return np.concatenate([[0], np.cumsum(_steps(wanted, size)[:-1])])


def _steps(small, large):
    """Split `large` into `small` steps of two neighbouring lengths; the rarer length is spread evenly."""
    common, rare_count = divmod(large, small)
    rare = common + 1
    if rare_count > small // 2:
        common, rare, rare_count = rare, common, small - rare_count
    steps = np.full(small, common, np.int64)
    distance = small / (rare_count + 1.0)
    place = distance  # a running sum, with its rounding
    for _ in range(rare_count):
        steps[int(place)] = rare
        place += distance
    return steps


def pbmplus(planes, rows, columns, bits):
    """Average the area under a result in 12-bit fixed point, each axis for itself."""
    return _resampled("mean", planes, rows, columns, bits)


def enlarge(planes, rows, columns, bits):
    """Mix the one or two pixels under a result by area, on each axis."""
    return _resampled("enlarge", planes, rows, columns, bits)


def reduce(planes, rows, columns, bits):
    """Average the area under a result."""
    return _resampled("reduce", planes, rows, columns, bits)


def area_average(planes, rows, columns, bits):
    """Average the area under each result, for floats: each axis reduced or enlarged."""
    by_row = reduce if rows < planes.shape[-2] else enlarge
    by_column = reduce if columns < planes.shape[-1] else enlarge
    if by_row is by_column:
        return by_row(planes, rows, columns, bits)
    return by_column(by_row(planes, rows, planes.shape[-1], bits), rows, columns, bits)


def bilinear(planes, rows, columns, bits):
    """Interpolate between two pixels on each axis."""
    return _resampled("bilinear", planes, rows, columns, bits)


def bicubic(planes, rows, columns, bits):
    """Interpolate between four pixels on each axis, between two at the edges."""
    return _resampled("bicubic", planes, rows, columns, bits)


def _resampled(algorithm, planes, rows, columns, bits):
    dtype = np.float32 if planes.dtype == np.float16 else planes.dtype.newbyteorder("=")
    dense = np.ascontiguousarray(planes, dtype).reshape(-1, *planes.shape[-2:])
    out = np.empty((len(dense), rows, columns), dtype)
    _core.resample(algorithm, dense, out, bits)
    return out.reshape(*planes.shape[:-2], rows, columns).astype(planes.dtype, copy=False)


def converted(value, dtype):
    """Convert an array of doubles as C does on x86-64: cut to a whole number, of which the low bits stay."""
    if dtype.kind == "f":
        return value.astype(dtype)
    whole = value.astype(np.int64)
    if dtype == np.int32:  # what is out of range becomes the least
        whole[(whole > 0x7FFFFFFF) | (whole < -0x80000000)] = -0x80000000
    return whole.astype(dtype)
