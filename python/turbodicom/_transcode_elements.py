# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The elements around the pixels on their way from a Dataset to a file, written by pydicom.

Values stay the bytes they are: what changes with the transfer syntax is the order of bytes in numbers, VRs that
are or are not written, and how sequences are put together. Begin at :func:`elements_of`.
"""

from __future__ import annotations

import struct
import warnings
from functools import lru_cache
from typing import NamedTuple

import numpy as np

__all__ = ["RawElement", "elements_of", "encoded", "item_bytes", "number", "text", "uid"]

# Bytes of the numbers a value consists of; values of other VRs are bytes (PS3.5 7.3).
_NUMBER_BYTES = {
    "AT": 2, "FD": 8, "FL": 4, "OD": 8, "OF": 4, "OL": 4, "OV": 8, "OW": 2, "SL": 4, "SS": 2, "SV": 8, "UL": 4, "US": 2, "UV": 8,
}  # fmt: skip
# Where nothing in the data set settles the VR; the bytes are the same.
_SETTLED = {"US or SS": "US", "US or OW": "OW", "OB or OW": "OW", "US or SS or OW": "OW"}
_UNDEFINED = 0xFFFFFFFF
_ITEM, _ITEM_END = (0xFFFE, 0xE000), (0xFFFE, 0xE00D)


class RawElement(NamedTuple):
    """An element as it will be written.

    Attributes
    ----------
    vr : str
    value : bytes
        In the encoding of the target, without padding to be added.
    is_undefined : bool
        Of undefined length.
    """

    vr: str
    value: bytes
    is_undefined: bool = False


def text(vr, value):
    """Return an element of text, padded to even length (PS3.5 6.2)."""
    data = value.encode("latin-1")  # as it was read: bytes stay bytes
    return RawElement(vr, data + b" " * (len(data) % 2))


def uid(value):
    """Return an element of VR UI."""
    data = value.encode("latin-1")
    return RawElement("UI", data + b"\0" * (len(data) % 2))


def number(value):
    """Return an element of VR US."""
    return RawElement("US", struct.pack("<H", value))


def elements_of(dataset, is_implicit_vr, leave_out=(), change=None):
    """Read all elements of a data set but group lengths, which are retired and would be wrong (PS3.5 7.2).

    Parameters
    ----------
    dataset : Dataset
        Or an item.
    is_implicit_vr : bool
        Of the target, which is little endian.
    leave_out : container of int
        Tags.
    change : callable (tag, RawElement) -> RawElement, optional
        For elements of the items, at every level.

    Returns
    -------
    dict of int to RawElement
    """
    same = dataset.is_implicit_vr == is_implicit_vr and not dataset.is_big_endian
    found = {}
    for element in dataset:
        if int(element.tag) in leave_out or element.tag & 0xFFFF == 0:
            continue
        is_kept = same and (change is None or _vr(element) != "SQ")
        found[int(element.tag)] = (
            _as_is(element) if is_kept else _converted(element, dataset, is_implicit_vr, change)
        )
    return found


def _as_is(element):
    return RawElement(_vr(element), element.raw, element.declared_length is None)


def _vr(element):
    vr = _SETTLED.get(element.vr, element.vr) if element.written_vr is None else element.written_vr
    # A VR that pydicom does not know, with a length of 32 bits, can only be written as UN (PS3.5 6.2.2).
    return "UN" if element.header_bytes == 12 and vr not in _long_vrs() else vr


@lru_cache(maxsize=1)
def _long_vrs():
    from pydicom.valuerep import EXPLICIT_VR_LENGTH_32

    return frozenset(str(vr.value) for vr in EXPLICIT_VR_LENGTH_32)


def _converted(element, dataset, is_implicit_vr, change):
    vr = _vr(element)
    if vr == "SQ":
        items = (
            item_bytes(
                _item_elements(item.dataset, is_implicit_vr, change), is_implicit_vr, item.declared_length is None
            )
            for item in element.items
        )
        return RawElement("SQ", b"".join(items), element.declared_length is None)
    value = _swapped(element.raw, vr) if dataset.is_big_endian else element.raw
    return RawElement(vr, value, element.declared_length is None)


def _item_elements(dataset, is_implicit_vr, change):
    elements = elements_of(dataset, is_implicit_vr, change=change)
    return elements if change is None else {tag: change(tag, element) for tag, element in elements.items()}


def _swapped(value, vr):
    size = _NUMBER_BYTES.get(vr)
    if size is None:
        return value
    whole = len(value) // size * size
    return np.frombuffer(value, f"u{size}", whole // size).byteswap().tobytes() + value[whole:]


def item_bytes(elements, is_implicit_vr, is_undefined=False):
    """Encode an item of a sequence (PS3.5 7.5).

    Parameters
    ----------
    elements : dict of int to RawElement
    is_implicit_vr : bool
    is_undefined : bool
        Ends with a delimiter instead of beginning with its length.

    Returns
    -------
    bytes
    """
    content = encoded(elements, is_implicit_vr)
    if is_undefined:
        return struct.pack("<HHL", *_ITEM, _UNDEFINED) + content + struct.pack("<HHL", *_ITEM_END, 0)
    return struct.pack("<HHL", *_ITEM, len(content)) + content


def encoded(elements, is_implicit_vr):
    """Encode elements in the order of their tags, little endian.

    Parameters
    ----------
    elements : dict of int to RawElement
    is_implicit_vr : bool

    Returns
    -------
    bytes
    """
    from pydicom.filebase import DicomBytesIO
    from pydicom.filewriter import write_data_element

    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, is_implicit_vr
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of values that only UN has room for (PS3.5 6.2.2)
        for tag in sorted(elements):
            write_data_element(buffer, _for_pydicom(tag, elements[tag]))
    return buffer.getvalue()


def _for_pydicom(tag, element):
    from pydicom.dataelem import RawDataElement
    from pydicom.tag import BaseTag

    length = _UNDEFINED if element.is_undefined else len(element.value)
    return RawDataElement(BaseTag(tag), element.vr, length, element.value, 0, False, True, True)
