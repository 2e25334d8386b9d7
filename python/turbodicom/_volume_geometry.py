# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Where slices are in the patient: their order, the affine of the stack, and what keeps it from being a regular grid.

Begin at :func:`arrange`. Pure functions of numbers, which the caller has read and found finite.

::

    normal n = row direction x column direction                         PS3.3 C.7.6.2.1.1
    a slice's place along the stack:  d = n . ImagePositionPatient
    voxel (column i, row j, slice k) -> mm (LPS)                        PS3.3 C.7.6.2.1-1 and a third axis
        origin + i * row direction * column spacing + j * column direction * row spacing + k * step
    step = (position of the last slice - position of the first) / (slices - 1)

With a tilted gantry the step is not along the normal: the affine then shears, and every voxel is where it was measured.
ITK has the same with ForceOrthogonalDirection off; its default takes the normal with the length of the step.
"""

from __future__ import annotations

import math
import operator
from typing import NamedTuple

import numpy as np

from turbodicom._volume_report import VolumeFinding
from turbodicom.errors import ConformanceError

__all__ = ["Geometry", "arrange"]

_SAME_PLACE = 1e-4  # our limit, mm: what a position may be off by in 16 characters of DS, and then some
_SPACING_TOLERANCE = 1e-2  # our limit, of the usual step; highdicom's as well
_GAP = 1.5  # our limit, in usual steps
_TILT = 1e-3  # our limit: tangent of the angle between step and normal; 0.06 degrees
_COSINE_TOLERANCE = 1e-4  # our limit, of a direction cosine: 0.05 mm over 500 mm
_UNIT_TOLERANCE = 1e-3  # our limit: of lengths and of the cosine between rows and columns; beyond is reported
_SMALLEST_SINE = 0.1  # our limit: rows and columns closer to parallel make no plane
_SHIFT = 0.1  # our limit, in pixels


class Geometry(NamedTuple):
    """What :func:`arrange` found."""

    order: np.ndarray
    """Indexes of the slices as given, in their order along the normal."""
    affine: np.ndarray
    """4 x 4: (column, row, slice, 1) to mm, LPS."""
    findings: list


def arrange(positions, orientations, spacings, numbers, thickness):
    """Put slices in order and work out the affine.

    Parameters
    ----------
    positions : ndarray of float64, shape (slices, 3)
        *Image Position (Patient)* in mm; NaN where there is none, here and below.
    orientations : ndarray of float64, shape (slices, 6)
        *Image Orientation (Patient)*.
    spacings : ndarray of float64, shape (slices, 2)
        *Pixel Spacing*: between rows, between columns, in mm.
    numbers : list of (int or None)
        *Instance Number*.
    thickness : float or None
        Length of the step in mm where positions do not tell: of a single slice, or of slices in one place.

    Returns
    -------
    Geometry

    Raises
    ------
    ConformanceError
        Directions that span no plane, spacings not above 0, numbers beyond every double.

    Notes
    -----
    Source: PS3.3 C.7.6.2.1.1, 10.7.1.3.
    """
    with np.errstate(all="ignore"):
        return _arrange(positions, orientations, spacings, numbers, thickness)


def _arrange(positions, orientations, spacings, numbers, thickness):
    findings = []
    lacking = _lacking(positions, orientations)
    if lacking:
        order = _by_number(numbers)
        axes = np.eye(3)
        lacking = _places(order, lacking)
        findings.append(_no_geometry(lacking, order == sorted(order) and None in numbers))
        first, step = np.zeros(3), axes[:, 2] * (thickness or 1.0)
    else:
        axes = _axes(orientations[0], findings)
        order = _by_place(positions, axes[:, 2], numbers)
        placed = positions[order]
        if not (orientations == orientations[0]).all():
            directions = orientations[order]
            axes = _axes(directions[0], [])
            findings += _turned(directions)
        first, step = placed[0], _step(placed, axes[:, 2], thickness)
    rows, columns = _pixel_spacing(spacings, order, findings)
    affine = np.eye(4)
    for k, column in enumerate((axes[:, 0] * columns, axes[:, 1] * rows, step, first)):
        affine[:3, k] = column
    if not lacking:
        findings += _irregular(placed, axes[:, 2], step, min(rows, columns))
    if not np.isfinite(affine).all():
        message = "volume: positions and spacings lead beyond every double (PS3.3 C.7.6.2.1.1)"
        raise ConformanceError(message, where="(0020,0032)")
    return Geometry(np.asarray(order), affine, findings)


def _lacking(positions, orientations):
    """Indexes of slices that do not say where they are."""
    if not math.isnan(positions.sum() + orientations.sum()):
        return []
    return np.flatnonzero(np.isnan(positions).any(axis=1) | np.isnan(orientations).any(axis=1)).tolist()


def _axes(orientation, findings):
    """Directions of rows and columns, made of length 1, and their normal, as the columns of a matrix."""
    orientation = orientation.tolist()
    row, column = orientation[:3], orientation[3:]
    lengths = math.hypot(*row), math.hypot(*column)
    if not all(0 < length < math.inf for length in lengths):
        message = "volume: Image Orientation (Patient) has a direction without a length (PS3.3 C.7.6.2.1.1)"
        raise ConformanceError(message, where="(0020,0037)")
    is_scaled = max(abs(length - 1) for length in lengths) > _UNIT_TOLERANCE
    row, column = ([x / length for x in v] for v, length in zip((row, column), lengths, strict=True))
    normal = _cross(row, column)
    sine = math.hypot(*normal)
    if not sine >= _SMALLEST_SINE:
        message = "volume: rows and columns of Image Orientation (Patient) are parallel (PS3.3 C.7.6.2.1.1)"
        raise ConformanceError(message, where="(0020,0037)")
    if is_scaled:
        text = "direction cosines are not of length 1, and were made so"
        findings.append(VolumeFinding("not_orthonormal", text, (0,)))
    elif abs(sum(map(operator.mul, row, column))) > _UNIT_TOLERANCE:
        text = "rows and columns are not at right angles; the affine has them as they are"
        findings.append(VolumeFinding("not_orthonormal", text, (0,)))
    return np.array([row, column, [x / sine for x in normal]]).T


def _cross(a, b):
    return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]


def _along(vectors, direction):
    """Dot products, without BLAS: its threads take longer to wake than all of this does."""
    return (vectors * direction).sum(axis=-1)


# -- order -------------------------------------------------------------------------------------------------


def _by_number(numbers):
    """By Instance Number where every slice has one, else as given."""
    order = list(range(len(numbers)))
    return order if None in numbers else sorted(order, key=numbers.__getitem__)


def _by_place(placed, normal, numbers):
    """Along the normal; what is in one place by Instance Number, else as given."""
    along = _along(placed, normal)
    if not np.isfinite(along).all():
        message = "volume: Image Position (Patient) leads beyond every double (PS3.3 C.7.6.2.1.1)"
        raise ConformanceError(message, where="(0020,0032)")
    order = np.argsort(along, kind="stable")
    along = along[order]
    same = along[1:] - along[:-1] <= _SAME_PLACE
    if not same.any():
        return order
    order = order.tolist()
    made, run = [], [order[0]]
    for k, is_same in zip(order[1:], same, strict=True):
        if not is_same:
            made += _run_by_number(run, numbers)
            run = []
        run.append(k)
    return np.array(made + _run_by_number(run, numbers))


def _run_by_number(run, numbers):
    run.sort()
    return run if any(numbers[k] is None for k in run) else sorted(run, key=numbers.__getitem__)


def _places(order, indexes):
    """Where slices went in the volume."""
    wanted = set(indexes)
    return tuple(place for place, k in enumerate(order) if k in wanted)


# -- the affine --------------------------------------------------------------------------------------------


def _step(placed, normal, thickness):
    if len(placed) > 1:
        whole = placed[-1] - placed[0]
        if not abs(float(_along(whole, normal))) <= _SAME_PLACE:
            return whole / (len(placed) - 1)
    return normal * (thickness or 1.0)


def _pixel_spacing(spacings, order, findings):
    """Of the first slice; rows before columns (PS3.3 10.7.1.3)."""
    if (spacings == spacings[0]).all() and min(spacings[0]) > 0:
        return spacings[0].tolist()  # as nearly always
    spacings = spacings[order]
    is_known = ~np.isnan(spacings).any(axis=1)
    known = spacings[is_known]
    if not ((known > 0) & (known < np.inf)).all():
        raise ConformanceError("volume: Pixel Spacing is not above 0 (PS3.3 10.7.1.3)", where="(0028,0030)")
    if len(known) < len(spacings):
        lacking = np.flatnonzero(~is_known)
        text = f"{len(lacking)} of {len(spacings)} slices have no Pixel Spacing; {'that of another' if len(known) else '1 mm'} is taken"
        findings.append(VolumeFinding("no_pixel_spacing", text, tuple(lacking.tolist())))
    if not len(known):
        return 1.0, 1.0
    differs = (np.abs(spacings - known[0]) > _COSINE_TOLERANCE * known[0]).any(axis=1)  # not of a NaN
    if differs.any():
        others = np.flatnonzero(differs)
        text = f"Pixel Spacing of {len(others)} slices is not that of the first"
        findings.append(VolumeFinding("varying_pixel_spacing", text, tuple(others.tolist())))
    return known[0].tolist()


# -- what is not regular -----------------------------------------------------------------------------------


def _no_geometry(lacking, as_given):
    text = (
        f"{len(lacking)} slices have no position or orientation: in the order of "
        f"{'the sources' if as_given else 'Instance Number'}, with an affine of spacings alone"
    )
    return VolumeFinding("no_geometry", text, lacking)


def _turned(directions):
    away = np.abs(directions - directions[0]).max(axis=1)
    turned = np.flatnonzero(~(away <= _COSINE_TOLERANCE))
    if not len(turned):
        return []
    text = f"{len(turned)} slices have another orientation than the first"
    return [VolumeFinding("varying_orientation", text, tuple(turned.tolist()))]


def _irregular(placed, normal, step, pixel):
    """Findings about the places of slices, `pixel` in mm."""
    along = _along(placed, normal)
    steps = along[1:] - along[:-1]
    real = steps[steps > _SAME_PLACE]
    findings = []
    if len(real) < len(steps):
        findings.append(_duplicates(steps))
    if not len(real):
        return findings
    usual = _median(real)
    odd = np.abs(steps - usual) > _SPACING_TOLERANCE * usual
    if odd.any():
        findings += _gaps(steps, usual)
        odd &= (steps > _SAME_PLACE) & (steps <= _GAP * usual)
    if odd.any():
        text = f"{int(odd.sum())} steps are not the usual {usual:.6g} mm"
        findings.append(_behind("varying_spacing", text, odd))
    return findings + _slanted(placed - placed[0], along - along[0], normal, step, pixel)


def _median(numbers):
    """As numpy.median, at a fraction of its cost."""
    numbers = np.sort(numbers)
    return float((numbers[(len(numbers) - 1) // 2] + numbers[len(numbers) // 2]) / 2)


def _duplicates(steps):
    same = steps <= _SAME_PLACE
    text = f"{int(same.sum())} slices are where the one before them is"
    return _behind("duplicate", text, same)


def _gaps(steps, usual):
    wide = steps > _GAP * usual
    if not wide.any():
        return []
    missing = np.rint(steps[wide] / usual - 1)
    text = f"{int(wide.sum())} gaps: {missing.sum():.0f} slices are missing where the usual step is {usual:.6g} mm"
    return [_behind("gap", text, wide)]


def _slanted(offsets, along, normal, step, pixel):
    """A step that is not along the normal (tilt), and slices that are not where the steps lead (shift)."""
    findings = []
    rise = float(_along(step, normal))
    if not rise > 0:  # only where orientations vary
        return findings
    slant = math.hypot(*(step - rise * normal).tolist()) / rise
    if slant > _TILT:
        angle = np.degrees(np.arctan(slant))
        text = f"the step from slice to slice is {angle:.4g} degrees off the normal (gantry tilt); {rise:.6g} mm along it"
        findings.append(VolumeFinding("tilt", text, tuple(range(len(offsets)))))
    beside = offsets - (along / rise)[:, None] * step
    away = np.sqrt((beside * beside).sum(axis=1))
    shifted = np.flatnonzero(away > _SHIFT * pixel)
    if len(shifted):
        text = f"{len(shifted)} slices are displaced in their plane, by up to {float(away.max()):.4g} mm"
        findings.append(VolumeFinding("shift", text, tuple(shifted.tolist())))
    return findings


def _behind(code, text, steps):
    """A finding about the slices behind some steps."""
    return VolumeFinding(code, text, tuple((np.flatnonzero(steps) + 1).tolist()))
