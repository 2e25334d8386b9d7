# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Attributes kept true by :func:`turbodicom.transcode`, and the file meta information.

Begin at :func:`attributes_for`. Lossless: only what describes how samples lie. Lossy: PS3.3 C.7.6.1.1.2 to
C.7.6.1.1.5, as DCMTK's dcmcjpeg does.
"""

from __future__ import annotations

import uuid

from turbodicom import _core
from turbodicom._transcode_elements import RawElement, elements_of, item_bytes, number, text, uid

__all__ = ["attributes_for", "describe_samples", "earlier_ratio", "file_meta", "lossy_ratio", "new_uid"]

IMPLEMENTATION_CLASS_UID = "2.25.223098431221314285038007573556472267368"  # ours
_META_SOP_CLASS, _META_SOP_INSTANCE = 0x00020002, 0x00020003

SOP_CLASS_UID, SOP_INSTANCE_UID = 0x00080016, 0x00080018
_IMAGE_TYPE, _DERIVATION_DESCRIPTION, _SOURCE_IMAGES = 0x00080008, 0x00082111, 0x00082112
_DERIVATION_CODES, _PURPOSE, _REFERENCED_CLASS, _REFERENCED_INSTANCE = (
    0x00089215,
    0x0040A170,
    0x00081150,
    0x00081155,
)
_FRAME_TYPE, _FUNCTIONAL_GROUPS = 0x00089007, (0x52009229, 0x52009230)
_CODE_VALUE, _CODING_SCHEME, _CODE_MEANING = 0x00080100, 0x00080102, 0x00080104
_PHOTOMETRIC, _PLANAR, _NUMBER_OF_FRAMES = 0x00280004, 0x00280006, 0x00280008
_BITS_ALLOCATED, _BITS_STORED, _HIGH_BIT = 0x00280100, 0x00280101, 0x00280102
_SMALLEST, _LARGEST = 0x00280106, 0x00280107
_LOSSY, _LOSSY_RATIO, _LOSSY_METHOD = 0x00282110, 0x00282112, 0x00282114
_RATIO_CHARACTERS = 12  # of one value: room is left for it before it is known; DS has 16 (PS3.5 6.2)
_MOST_TEXT = 1024  # characters of VR ST
_DERIVATION = "Lossy compression, JPEG (ISO 10918-1), by turbodicom"


def new_uid():
    """Return a new UID derived from a random UUID (PS3.5 B.2)."""
    return f"2.25.{uuid.uuid4().int}"


def attributes_for(elements, source, plan, policy):
    """Change `elements` so that they are true of the target's frames.

    Parameters
    ----------
    elements : dict of int to RawElement
        Of the top level, in the target's encoding.
    source : FrameSource
    plan : Plan
    policy : {"auto", "keep", "new"}
        For SOP Instance UID; "auto" is new for lossy only.

    Returns
    -------
    str
        SOP Instance UID of the target; empty when there is none.
    """
    before = _text_of(elements, SOP_INSTANCE_UID)
    instance = new_uid() if policy == "new" or (policy == "auto" and plan.is_lossy) else before
    if instance != before:
        elements[SOP_INSTANCE_UID] = uid(instance)
    if plan.way == "encode":
        describe_samples(elements, source, plan)
    if source.is_lossy_jpeg:
        elements[_LOSSY] = text("CS", "01")  # once lossy, always lossy (PS3.3 C.7.6.1.1.5)
    if plan.is_lossy:
        _describe_loss(elements, before if instance != before else "")
        _derive_frames(elements, source.dataset)
    return instance


def _text_of(elements, tag):
    element = elements.get(tag)
    return _stripped(element) if element else ""


def _stripped(element):
    return element.value.decode("latin-1").strip(" \0")


def describe_samples(elements, source, plan):
    """Set the Image Pixel module; elements that are right already keep their bytes."""
    fmt = plan.format
    if _text_of(elements, _PHOTOMETRIC) != plan.photometric_interpretation:
        elements[_PHOTOMETRIC] = text("CS", plan.photometric_interpretation)
    elements.pop(_PLANAR, None)
    if fmt.samples_per_pixel > 1:
        elements[_PLANAR] = number(plan.planar_configuration)
    for tag, value in (
        (_BITS_ALLOCATED, plan.bits_allocated),
        (_BITS_STORED, plan.bits_stored),
        (_HIGH_BIT, plan.high_bit),
    ):
        elements[tag] = number(value)
    if source.number_of_frames > 1 and _text_of(elements, _NUMBER_OF_FRAMES) != str(source.number_of_frames):
        elements[_NUMBER_OF_FRAMES] = text("IS", str(source.number_of_frames))


def _describe_loss(elements, predecessor):
    for tag in (_SMALLEST, _LARGEST):  # samples that may be no longer there
        elements.pop(tag, None)
    elements[_LOSSY] = text("CS", "01")
    elements[_LOSSY_METHOD] = text("CS", _appended(elements, _LOSSY_METHOD, "ISO_10918_1"))
    elements[_IMAGE_TYPE] = _derived(_text_of(elements, _IMAGE_TYPE), elements.get(_IMAGE_TYPE))
    elements[_DERIVATION_DESCRIPTION] = _description(elements.get(_DERIVATION_DESCRIPTION))
    _append_item(elements, _DERIVATION_CODES, _code("113040", "Lossy Compression"))
    if predecessor:
        _append_item(elements, _SOURCE_IMAGES, {
            _REFERENCED_CLASS: elements.get(SOP_CLASS_UID, uid("")),
            _REFERENCED_INSTANCE: uid(predecessor),
            _PURPOSE: RawElement("SQ", item_bytes(_code("121320", "Uncompressed predecessor"), False)),
        })  # fmt: skip


def _derived(image_type, element):
    """Return Image Type or Frame Type with DERIVED in place of ORIGINAL (PS3.3 C.7.6.1.1.2, C.8.16.1)."""
    first, *rest = image_type.split("\\")
    if first not in ("", "ORIGINAL"):
        return element
    return text("CS", "\\".join(["DERIVED", *(rest or ["SECONDARY"])]))


def _derive_frames(elements, dataset):
    """Do the same to the Frame Type of each functional group."""

    def changed(tag, element):
        return _derived(_stripped(element), element) if tag == _FRAME_TYPE else element

    groups = {tag for tag in _FUNCTIONAL_GROUPS if tag in elements}
    if groups:
        others = {int(element.tag) for element in dataset} - groups
        elements.update(elements_of(dataset, is_implicit_vr=False, leave_out=others, change=changed))


def lossy_ratio(elements, before, ratio):
    """Set Lossy Image Compression Ratio, always to the same number of bytes.

    Parameters
    ----------
    elements : dict of int to RawElement
    before : RawElement or None
        The ratios of earlier compressions.
    ratio : float
    """
    value = f"{ratio:.6g}".ljust(_RATIO_CHARACTERS)
    earlier = before.value.decode("latin-1").strip(" \0") if before else ""
    elements[_LOSSY_RATIO] = text("DS", f"{earlier}\\{value}" if earlier else value)


def earlier_ratio(elements):
    return elements.get(_LOSSY_RATIO)


def _appended(elements, tag, value):
    earlier = _text_of(elements, tag)
    return f"{earlier}\\{value}" if earlier else value


def _description(element):
    earlier = element.value.rstrip(b" \0") if element else b""
    addition = _DERIVATION.encode("ascii")
    value = earlier + b"; " + addition if earlier else addition
    if len(value) > _MOST_TEXT:
        value = earlier
    return RawElement("ST", value + b" " * (len(value) % 2))


def _code(value, meaning):
    return {
        _CODE_VALUE: text("SH", value),
        _CODING_SCHEME: text("SH", "DCM"),
        _CODE_MEANING: text("LO", meaning),
    }


def _append_item(elements, tag, item):
    """Lossy targets are explicit VR little endian."""
    before = elements.get(tag, RawElement("SQ", b""))
    elements[tag] = RawElement("SQ", before.value + item_bytes(item, False), before.is_undefined)


def file_meta(source, elements, instance, target):
    """Make the file meta information (PS3.10 7.1).

    Parameters
    ----------
    source : dict of int to RawElement
        That of the source.
    elements : dict of int to RawElement
        The data set's.
    instance, target : str
        SOP Instance UID, Transfer Syntax UID.

    Returns
    -------
    dict of int to RawElement
        Without its group length.
    """
    meta = {tag: element for tag, element in source.items() if tag >> 16 == 0x0002 and tag != 0x00020000}
    sop_class = _text_of(elements, SOP_CLASS_UID)
    if sop_class:
        meta[_META_SOP_CLASS] = uid(sop_class)
    if instance:
        meta[_META_SOP_INSTANCE] = uid(instance)
    return meta | {
        0x00020001: RawElement("OB", b"\0\1"),
        0x00020010: uid(target),
        0x00020012: uid(IMPLEMENTATION_CLASS_UID),
        0x00020013: text("SH", f"TURBODICOM {_core.__version__}"[:16]),
    }
