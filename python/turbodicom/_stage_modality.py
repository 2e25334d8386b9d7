# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The first stage: Modality LUT, rescale (PS3.3 C.11.1, C.7.6.16.2.9), or a Real World Value Mapping (C.7.6.16.2.11).

Begin at :func:`modality_of` and :func:`real_world_of`. The rules for what is wrong stand in `_stages`.
"""

from __future__ import annotations

import math

import numpy as np

from turbodicom._stage_attributes import read_item, read_items, read_number, read_numbers, read_table
from turbodicom._stage_types import Stages, as_stored, possible_values
from turbodicom.errors import ConformanceError

__all__ = ["PIXEL_VALUE_TRANSFORMATION", "REAL_WORLD", "modality_of", "real_world_of"]

PIXEL_VALUE_TRANSFORMATION, REAL_WORLD = 0x00289145, 0x00409096
_MODALITY_LUT, _INTERCEPT, _SLOPE = 0x00283000, 0x00281052, 0x00281053
_LUT_DESCRIPTOR, _LUT_DATA = 0x00283002, 0x00283006
_FIRST_MAPPED, _LAST_MAPPED = (0x00409216, 0x00409214), (0x00409211, 0x00409213)  # US or SS; FD
_REAL_SLOPE, _REAL_INTERCEPT, _REAL_LUT, _LUT_LABEL = 0x00409225, 0x00409224, 0x00409212, 0x00409210


def modality_of(groups, root, image, quirks):
    """Return the transformation, and the range of what it can give.

    Parameters
    ----------
    groups : list of Place
        Functional groups of the frame, its own first.
    root : Place
    image : Image
    quirks : list of str

    Returns
    -------
    modality : tuple or None
    possible : (float, float) or None
    """
    for group in groups:
        item = read_item(group, PIXEL_VALUE_TRANSFORMATION)
        if item is not None:
            return _modality_at(item, image, quirks)
    return _modality_at(root, image, quirks)


def _modality_at(place, image, quirks):
    has = place.dataset._has_tag
    if has(_MODALITY_LUT):
        item = read_item(place, _MODALITY_LUT)
        if item is not None and not item.has(_LUT_DESCRIPTOR) and not item.has(_LUT_DATA):
            quirks.append("modality_lut_empty")
        elif item is not None:
            if has(_SLOPE):
                quirks.append("two_modality_transforms")
            low, high = possible_values(image) or (0, 0xFFFF)
            table = read_table(item, quirks, low, high)
            return ("table", table.first, table.entries), (0, (1 << table.bits) - 1)
    if not has(_SLOPE) and not has(_INTERCEPT):
        return None, possible_values(image)
    slope = read_number(place, _SLOPE, "Rescale Slope")
    intercept = read_number(place, _INTERCEPT, "Rescale Intercept")
    if slope is None or intercept is None:
        if slope is not None or intercept is not None:
            quirks.append("rescale_incomplete")
        return None, possible_values(image)
    if slope == 0:
        quirks.append("rescale_slope_zero")
        return None, possible_values(image)
    return _linear(place, slope, intercept, image)


def _linear(place, slope, intercept, image):
    """PS3.3 C.11.1.1.2: value = slope * stored + intercept."""
    if slope == 1 and intercept == 0:
        return None, possible_values(image)
    if image.low is None:
        return ("linear", slope, intercept), None
    ends = image.low * slope + intercept, image.high * slope + intercept
    if not all(map(math.isfinite, ends)):
        message = "values: Rescale Slope and Rescale Intercept lead beyond every double (PS3.3 C.11.1.1.2)"
        raise ConformanceError(message, where=place.where(_SLOPE))
    return ("linear", slope, intercept), (min(ends), max(ends))


# -- real world values -------------------------------------------------------------------------------------


def real_world_of(groups, root, image, choice, quirks):
    """Return the stages of a Real World Value Mapping, by index or LUT Label; see :func:`modality_of`."""
    for place in [*groups, root]:
        items = read_items(place, REAL_WORLD)
        if items:
            return _real_world(_chosen(items, choice), image, quirks)
    message = "values: no Real World Value Mapping Sequence (PS3.3 C.7.6.16.2.11)"
    raise ConformanceError(message, where=root.where(REAL_WORLD))


def _chosen(items, choice):
    if isinstance(choice, str):
        labels = [item.value(_LUT_LABEL) for item in items]
        if choice not in labels:
            raise ValueError(f"real_world={choice!r} is the LUT Label of none of {len(items)} mappings")
        return items[labels.index(choice)]
    if choice >= len(items):
        raise IndexError(f"real world value mapping {choice} of {len(items)}")
    return items[choice]


def _real_world(item, image, quirks):
    first, last = (_mapped_bound(item, tags) for tags in (_FIRST_MAPPED, _LAST_MAPPED))
    valid = None if first is None or last is None else (first, last)
    if valid is not None and image.low is not None:
        valid = tuple(as_stored(bound, image) if float(bound).is_integer() else bound for bound in valid)
    values = read_numbers(item, _REAL_LUT, "Real World Value LUT Data")
    if values:
        if None in values or valid is None or len(values) != valid[1] - valid[0] + 1:
            message = "values: Real World Value LUT Data has not one value for each one mapped (PS3.3 C.7.6.16.2.11)"
            raise ConformanceError(message, where=item.where(_REAL_LUT))
        return Stages(("table", int(valid[0]), np.array(values)), valid=valid, quirks=tuple(quirks))
    slope = read_number(item, _REAL_SLOPE, "Real World Value Slope")
    intercept = read_number(item, _REAL_INTERCEPT, "Real World Value Intercept")
    if slope is None or intercept is None:
        message = "values: a Real World Value Mapping without LUT Data, or Slope and Intercept (PS3.3 C.7.6.16.2.11)"
        raise ConformanceError(message, where=item.where(_REAL_SLOPE))
    return Stages(_linear(item, slope, intercept, image)[0], valid=valid, quirks=tuple(quirks))


def _mapped_bound(item, tags):
    for tag in tags:
        value = read_number(item, tag, "a bound of the values mapped")
        if value is not None:
            return value
    return None
