# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Attributes read with suspicion: one number, several numbers, items, look-up tables.

A :class:`Place` is a data set and the path to it, so that every error says where. Absent and empty are the same
here (PS3.5 7.4: a zero-length value is an unknown one).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from turbodicom import _core
from turbodicom.errors import ConformanceError, Error

__all__ = [
    "LookupTable",
    "Place",
    "read_item",
    "read_items",
    "read_number",
    "read_numbers",
    "read_table",
    "read_text",
]

_LUT_DESCRIPTOR, _LUT_DATA = 0x00283002, 0x00283006


class Place(NamedTuple):
    """A data set and the way to it."""

    dataset: object
    parent: Place | None = None
    tag: int = 0
    """Of the sequence it is an item of."""
    index: int = 0

    def where(self, tag):
        """Return the tag path of one of its elements: ``(5200,9230)[3].(0028,9145)[0].(0028,1053)``."""
        way = f"{self.parent.where(self.tag)}[{self.index}]." if self.parent is not None else ""
        return f"{way}({tag >> 16:04x},{tag & 0xFFFF:04x})"

    def has(self, tag):
        """Tell whether an element is there and not empty."""
        return self.value(tag) is not None

    def value(self, tag):
        """Return a value; None when absent or empty."""
        dataset = self.dataset
        if not dataset._has_tag(tag):
            return None
        value = dataset._value(tag)
        return value if type(value) is float or value not in ("", b"", []) else None


class LookupTable(NamedTuple):
    """A LUT (PS3.3 C.11.1.1.1)."""

    first: int
    """The input value of the first entry."""
    bits: int
    entries: object
    """ndarray of uint16."""


def read_number(place, tag, name):
    """Return one finite number.

    Parameters
    ----------
    place : Place
    tag : int
    name : str
        For messages.

    Returns
    -------
    float or None
        None when absent or empty.

    Raises
    ------
    ConformanceError
        Several values, or none that is a finite number.
    """
    value = place.value(tag)
    if value is None or (type(value) is float and math.isfinite(value)):
        return value
    if isinstance(value, list):
        raise _wrong(place, tag, f"{name} has {len(value)} values, expected 1")
    return _finite(place, tag, name, value)


def read_numbers(place, tag, name):
    """Return finite numbers, None for each empty one; an empty list when absent.

    Parameters
    ----------
    place : Place
    tag : int
    name : str

    Returns
    -------
    list of (float or None)

    Raises
    ------
    ConformanceError
        One of them is no finite number.
    """
    value = place.value(tag)
    if type(value) is float and math.isfinite(value):
        return [value]
    if value is None:
        return []
    values = value if isinstance(value, list) else [value]
    return [None if member in ("", None) else _finite(place, tag, name, member) for member in values]


def _finite(place, tag, name, value):
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise _wrong(place, tag, f"{name} is not a number") from None
    if not math.isfinite(number):
        raise _wrong(place, tag, f"{name} is not a finite number")
    return number


def read_text(place, tag):
    """Return a defined term in upper case without spaces around it; an empty string when there is none.

    Parameters
    ----------
    place : Place
    tag : int

    Returns
    -------
    str
    """
    value = place.value(tag)
    return value.strip().upper() if isinstance(value, str) else ""


def read_items(place, tag):
    """Return the items of a sequence; an empty list where there is none.

    Parameters
    ----------
    place : Place
    tag : int

    Returns
    -------
    list of Place
    """
    value = place.value(tag)
    if not isinstance(value, list):
        return []
    return [Place(item, place, tag, i) for i, item in enumerate(value) if isinstance(item, _core.DataSetBase)]


def read_item(place, tag, index=0):
    """Return one item of a sequence; None where there is none.

    Parameters
    ----------
    place : Place
    tag : int
    index : int

    Returns
    -------
    Place or None
    """
    dataset = place.dataset
    if not dataset._has_tag(tag):
        return None
    value = dataset._value(tag)
    if not isinstance(value, list) or index >= len(value) or not isinstance(value[index], _core.DataSetBase):
        return None
    return Place(value[index], place, tag, index)


def read_table(place, quirks, low, high, descriptor_tag=_LUT_DESCRIPTOR, data_tag=_LUT_DATA, segmented=False):
    """Return the LUT of two elements.

    *First mapped* is US or SS; where the file says US, it is taken as signed all the same if it lies beyond every
    value that can come in and such values can be negative (PS3.3 C.11.1.1.1, C.11.2.1.1).

    Parameters
    ----------
    place : Place
    quirks : list of str
        Gets what was forgiven.
    low, high : number
        The values that can come in.
    descriptor_tag, data_tag : int, optional
    segmented : bool, optional
        The data are segments (PS3.3 C.7.9.2).

    Returns
    -------
    LookupTable

    Raises
    ------
    ConformanceError, CorruptDataError
        The descriptor or the data are wrong or absent.
    """
    descriptor = _descriptor(place, descriptor_tag)
    if not place.has(data_tag):
        raise _wrong(place, data_tag, "a LUT without LUT Data")
    data, is_big_endian = place.dataset._raw_value(data_tag), place.dataset.is_big_endian
    is_signed = descriptor[1] < 0 or (low < 0 and descriptor[1] > high)
    try:
        if segmented:
            entries = _core.expand_segments(descriptor, data, is_big_endian)
            first = descriptor[1] - (1 << 16) * (is_signed and descriptor[1] >= 1 << 15)
            return LookupTable(first, 8 if descriptor[2] == 8 else 16, entries)
        first, bits, entries, notes = _core.read_lookup_table(descriptor, data, is_signed, is_big_endian)
    except Error as error:
        error.where = error.where or place.where(data_tag)
        raise
    quirks += [code for code, _ in notes]
    return LookupTable(first, bits, entries)


def _descriptor(place, tag):
    value = place.value(tag)
    if not isinstance(value, list) or len(value) != 3 or not all(type(number) is int for number in value):
        raise _wrong(place, tag, "a LUT Descriptor is not three whole numbers")
    return (
        value[0] & 0xFFFF,
        value[1],
        value[2] & 0xFFFF,
    )  # SS, where pydicom and old files have it, for all three


def _wrong(place, tag, message):
    """Return the error; `message` names what was found and expected, never a value of the data set."""
    return ConformanceError(f"values: {message}, at {place.where(tag)} (PS3.3 C.11)", where=place.where(tag))
