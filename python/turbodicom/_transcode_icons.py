# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Icons, whose own Pixel Data may be encapsulated in the syntax of the file (PS3.3 F.7, C.7.6.1.1.6).

In another syntax its fragments would mean nothing, so an encapsulated icon becomes a native one; any syntax can hold that.
"""

from __future__ import annotations

from turbodicom._transcode_attributes import describe_samples
from turbodicom._transcode_elements import RawElement, elements_of, item_bytes
from turbodicom._transcode_plan import native_plan
from turbodicom._transcode_source import PIXEL_DATA, FrameSource, Scratch

__all__ = ["keep_icons_readable"]

_ICONS = 0x00880200


def keep_icons_readable(elements, dataset, target, limits):
    """Make encapsulated icons native, unless the file keeps its transfer syntax.

    Parameters
    ----------
    elements : dict of int to RawElement
        Of the target's top level; changed in place.
    dataset : Dataset
        The source.
    target : Target
    limits : Limits or None
    """
    if _ICONS not in elements or target.uid == dataset.transfer_syntax_uid:
        return
    icons = [item.dataset for item in dataset.element(_ICONS).items]
    if any(_is_encapsulated(icon) for icon in icons):
        items = (item_bytes(_native_icon(icon, target, limits), target.is_implicit_vr) for icon in icons)
        elements[_ICONS] = RawElement("SQ", b"".join(items))


def _is_encapsulated(icon):
    return PIXEL_DATA in icon and icon.element(PIXEL_DATA).is_encapsulated


def _native_icon(icon, target, limits):
    if not _is_encapsulated(icon):
        return elements_of(icon, target.is_implicit_vr)
    source = FrameSource(icon, limits, False)
    elements = elements_of(icon, target.is_implicit_vr, (PIXEL_DATA,))
    describe_samples(elements, source, native_plan(source, target))
    cells = source.cells(0, Scratch()).tobytes()
    vr = "OB" if source.format.bits_allocated == 8 and not target.is_implicit_vr else "OW"
    elements[PIXEL_DATA] = RawElement(vr, cells + bytes(len(cells) % 2))
    return elements
