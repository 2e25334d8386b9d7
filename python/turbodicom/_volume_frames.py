# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Frames of one file as slices: functional groups (PS3.3 C.7.6.16), or the grid of an RT Dose (C.8.8.3).

Begin at :func:`frame_rows`. Other multi-frame images (ultrasound, angiography, nuclear medicine) say nothing of where
their frames are; they are slices without geometry, in the order of the file.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from turbodicom._stage_attributes import Place, read_numbers
from turbodicom.errors import ConformanceError

__all__ = ["FrameRows", "frame_rows", "numbers_of", "refuse_several_stacks"]

_SHARED, _PER_FRAME = 0x52009229, 0x52009230
_POSITION, _ORIENTATION, _PIXEL_SPACING = 0x00200032, 0x00200037, 0x00280030
_SLOPE, _INTERCEPT, _RESCALE_TYPE, _UNITS = 0x00281053, 0x00281052, 0x00281054, 0x00541001
_GRID_OFFSETS = 0x3004000C


class FrameRows(NamedTuple):
    """What is known of some frames: lists of one entry a frame, as in ``Slices``."""

    positions: list
    orientations: list
    spacings: list
    rescales: list
    units: list
    stacks: list
    thickness: float | None
    """In mm, where the functional groups say it."""


def frame_rows(dataset, indexes):
    """Return what is known of frames.

    Parameters
    ----------
    dataset : Dataset
    indexes : list of int

    Returns
    -------
    FrameRows

    Raises
    ------
    ConformanceError
        Geometry outside of functional groups that is no number, or has not as many as it should; in them, where such
        counts as missing, numbers that are not finite.
    """
    if dataset._has_tag(_PER_FRAME) or dataset._has_tag(_SHARED):
        return _from_groups(dataset, indexes)
    root, count = Place(dataset), len(indexes)
    orientation = numbers_of(root, _ORIENTATION, 6, "Image Orientation (Patient)")
    spacing = numbers_of(root, _PIXEL_SPACING, 2, "Pixel Spacing")
    rescale = tuple(_plain(root, tag) for tag in (_SLOPE, _INTERCEPT))
    units = tuple(_plain(root, tag) for tag in (_RESCALE_TYPE, _UNITS))
    same = ([value] * count for value in (orientation, spacing, rescale, units, None))
    return FrameRows(_grid_positions(root, orientation, indexes), *same, None)


def refuse_several_stacks(slices, findings):
    """Raise where frames of one file are no single stack.

    Parameters
    ----------
    slices : Slices
        In the order of the volume.
    findings : list of VolumeFinding

    Raises
    ------
    ConformanceError
        Several *Stack IDs*, or frames in one place: the caller has to select with ``frames=``.
    """
    if not slices.is_multi_frame:
        return
    stacks = set(slices.stacks) - {None}
    if len(stacks) > 1:
        message = f"volume: the frames are {len(stacks)} stacks (PS3.3 C.7.6.16.2.2); select those of one with frames="
        raise ConformanceError(message, where="(0020,9056)")
    second = next((finding.slices[0] for finding in findings if finding.code == "duplicate"), None)
    if second is not None:
        names = f"{slices.name(second - 1)} and {slices.name(second)}"
        advice = "select frames in different places with frames=" if slices.are_of_one_dataset else "read them one by one"
        message = f"volume: {names} are in one place{_difference(slices, second)}; {advice}"
        raise ConformanceError(message, where="(0020,9157)")


# -- functional groups -------------------------------------------------------------------------------------


def _from_groups(dataset, indexes):
    table = dataset.frame_table()

    def column(values, missing=None):
        """Of the frames wanted; the table ends at Number of Frames, the fragments may not."""
        return [values[i] if i < len(values) else missing for i in indexes]

    units = _plain(Place(dataset), _UNITS)
    rescales = list(zip(_known(table.rescale_slope), _known(table.rescale_intercept), strict=True))
    return FrameRows(
        column(_rows(table.position, _POSITION)),
        column(_rows(table.orientation, _ORIENTATION)),
        column(_rows(table.pixel_spacing, _PIXEL_SPACING)),
        column(rescales, (None, None)),
        [(kind, units) for kind in column(table.rescale_type.tolist())],
        column(table.stack_id.tolist()),
        _length(table.spacing_between_slices) or _length(table.slice_thickness),
    )


def _rows(numbers, tag):
    """Lists of numbers, None where one is missing."""
    if np.isinf(numbers).any():
        message = "volume: geometry of a frame is not finite (PS3.3 C.7.6.16.2)"
        raise ConformanceError(message, where=f"({tag >> 16:04x},{tag & 0xFFFF:04x})")
    lacking = np.isnan(numbers).any(axis=1)
    rows = numbers.tolist()
    return [None if no else row for no, row in zip(lacking, rows, strict=True)] if lacking.any() else rows


def _known(numbers):
    return [None if math.isnan(number) else number for number in numbers.tolist()]


def _length(numbers):
    """The first that is a length, in mm."""
    lengths = np.abs(numbers[np.isfinite(numbers) & (numbers != 0)])
    return float(lengths[0]) if len(lengths) else None


def numbers_of(place, tag, count, name):
    """Return so many finite numbers of an element; None when absent or empty, ConformanceError when they are others."""
    values = read_numbers(place, tag, name)
    if not values:
        return None
    if len(values) != count or None in values:
        message = (
            f"volume: {name} has {len(values) - values.count(None)} numbers, expected {count} (PS3.3 C.7.6.2)"
        )
        raise ConformanceError(message, where=place.where(tag))
    return values


def _plain(place, tag):
    return place.dataset._value(tag) if place.dataset._has_tag(tag) else None


# -- RT Dose -----------------------------------------------------------------------------------------------


def _grid_positions(root, orientation, indexes):
    """Grid Frame Offset Vector: distances along the normal from the first, or the z of each plane (C.8.8.3.2)."""
    first = numbers_of(root, _POSITION, 3, "Image Position (Patient)")
    if len(indexes) == 1 and indexes[0] == 0:
        return [first]
    offsets = read_numbers(root, _GRID_OFFSETS, "Grid Frame Offset Vector")
    if first is None or orientation is None or max(indexes, default=0) >= len(offsets) or None in offsets:
        return [None] * len(indexes)
    with np.errstate(all="ignore"):
        normal = np.cross(orientation[:3], orientation[3:])
        sign = 1.0 if offsets[0] == 0 or normal[2] >= 0 else -1.0
        steps = sign * (np.array([offsets[i] for i in indexes]) - offsets[0])
        positions = first + normal * steps[:, None]
    if not np.isfinite(positions).all():
        message = "volume: Grid Frame Offset Vector leads beyond every double (PS3.3 C.8.8.3.2)"
        raise ConformanceError(message, where=root.where(_GRID_OFFSETS))
    return positions.tolist()


# -- what to say about several stacks ----------------------------------------------------------------------


def _difference(slices, second):
    """Names the dimensions in which two frames differ, as text; empty where nothing is known."""
    dataset = slices.datasets[second]
    pair = slices.frames[second - 1], slices.frames[second]
    if slices.datasets[second - 1] is not dataset:
        return ""
    table = dataset.frame_table()
    if max(pair) >= len(table):
        return ""
    values = (table.dimension_index_values[k].tolist() for k in pair)
    names = [
        dimension.pointer
        for dimension, first, other in zip(table.dimensions, *values, strict=False)
        if first != other
    ]
    names = list(filter(None, names))
    return f" and differ in {', '.join(names)}" if names else ""
