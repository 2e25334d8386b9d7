# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The second stage: VOI LUT Sequence and windows (PS3.3 C.11.2), those of functional groups (C.7.6.16.2.10).

Begin at :func:`voi_of`. The rules for what is wrong stand in `_stages`.
"""

from __future__ import annotations

from turbodicom._stage_attributes import read_item, read_items, read_numbers, read_table, read_text
from turbodicom._window import FOUND_RULES, Window
from turbodicom.errors import ConformanceError

__all__ = ["FRAME_VOI_LUT", "voi_of"]

FRAME_VOI_LUT, _VOI_LUT = 0x00289132, 0x00283010
_CENTER, _WIDTH, _FUNCTION = 0x00281050, 0x00281051, 0x00281056
_LUT_DESCRIPTOR, _LUT_DATA = 0x00283002, 0x00283006
_FUNCTIONS = {"": "linear", "LINEAR": "linear", "LINEAR_EXACT": "linear_exact", "SIGMOID": "sigmoid"}


def voi_of(groups, root, window, possible, quirks):
    """Return the VOI stage; a Window where it has to be found in the pixels.

    Parameters
    ----------
    groups : list of Place
        Functional groups of the frame, its own first.
    root : Place
    window : Window or None
        Instead of what the file says.
    possible : (float, float) or None
        The values that can come in.
    quirks : list of str

    Returns
    -------
    tuple or Window
    """
    if window is not None and window.rule == "given":
        return window.function, float(window.center), float(window.width)
    if window is not None and window.rule in FOUND_RULES:
        return window
    index = window.arguments[0] if window is not None else None
    for group in (*groups, root):
        place = group if group is root else read_item(group, FRAME_VOI_LUT)
        if place is not None:
            found = _voi_at(place, index, possible or (0, 0xFFFF), quirks)
            if found is not None:
                return found
    if index is not None:
        raise IndexError(f"window {index} of a data set without any")
    quirks.append("no_voi")
    return ("range", *map(float, possible)) if possible is not None else Window.minmax()


def _voi_at(place, index, possible, quirks):
    """The VOI transform at one place; None without any."""
    luts, windows = _voi_luts(place, index, quirks), _windows(place, quirks)
    if index is None:
        if luts:
            return _voi_table(luts[0], possible, quirks)
        return next((window for window in windows if window is not None), None)
    if not luts and not windows:
        return None
    if index >= len(luts) + len(windows):
        raise IndexError(f"window {index} of {len(luts) + len(windows)}")
    if index < len(luts):
        return _voi_table(luts[index], possible, quirks)
    if windows[index - len(luts)] is None:
        message = f"values: the width of window {index} is none that can be (PS3.3 C.11.2.1.2), at {place.where(_WIDTH)}"
        raise ConformanceError(message, where=place.where(_WIDTH))
    return windows[index - len(luts)]


def _voi_luts(place, index, quirks):
    if not place.dataset._has_tag(_VOI_LUT):
        return []
    items = read_items(place, _VOI_LUT)
    if items and index is None and not (items[0].has(_LUT_DESCRIPTOR) and items[0].has(_LUT_DATA)):
        quirks.append("voi_lut_incomplete")
        return []
    return items


def _voi_table(item, possible, quirks):
    table = read_table(item, quirks, *possible)
    return "table", table.first, table.entries, table.bits


def _windows(place, quirks):
    """The windows of one place, None for each that cannot be."""
    has = place.dataset._has_tag
    if not has(_CENTER) or not has(_WIDTH):
        return []
    centers = read_numbers(place, _CENTER, "Window Center")
    widths = read_numbers(place, _WIDTH, "Window Width")
    if len(centers) != len(widths):
        quirks.append("window_count")
    term = read_text(place, _FUNCTION) if has(_FUNCTION) else ""
    if term not in _FUNCTIONS:
        quirks.append("voi_lut_function")
    function = _FUNCTIONS.get(term, "linear")
    return [_window(function, center, width, quirks) for center, width in zip(centers, widths, strict=False)]


def _window(function, center, width, quirks):
    if center is None or width is None or width <= 0:
        quirks.append("window_ignored")
        return None
    if width < 1 and function == "linear":
        quirks.append("window_width_below_1")
        return "linear_exact", center, width
    return function, center, width
