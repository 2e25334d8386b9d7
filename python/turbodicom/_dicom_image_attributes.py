# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Attributes as DCMTK reads them: one value at a time, a wrong one counts as absent.

The functions take a data set, an item, or None (then everything is absent) and a keyword.

Decimal strings go through :func:`decimal`, because DCMTK's own conversion is not correctly rounded from the
sixteenth digit on, and a slope that differs in its last bit can move a pixel.
"""

import math

__all__ = ["KnownElements", "decimal", "first_item", "items", "number", "text", "texts", "value_count"]

_POWERS = (1e1, 1e2, 1e4, 1e8, 1e16, 1e32, 1e64, 1e128, 1e256)  # 10 ** (2 ** k)
_DIGITS = 18  # what fits the two halves of the mantissa
_BINARY = {"FD": "f8", "FL": "f4", "US": "u2", "SS": "i2", "UL": "u4", "SL": "i4"}


def decimal(characters):
    """Return the number a decimal string stands for, as ``OFStandard::atof`` of DCMTK computes it.

    Parameters
    ----------
    characters : str

    Returns
    -------
    float or None
        None: does not begin with a number.
    """
    rest = characters.lstrip(" \t")
    negative = rest[:1] == "-"
    rest = rest[1:] if rest[:1] in ("-", "+") else rest
    whole, fraction, rest = _mantissa(rest)
    digits = whole + fraction
    if not digits:
        return None
    kept = digits[:_DIGITS]
    exponent = len(whole) - len(kept) + _exponent(rest)
    value = 1e9 * int(kept[:-9] or "0") + int(kept[-9:])
    scale = 1.0
    for bit, power in enumerate(_POWERS):
        if min(abs(exponent), 511) >> bit & 1:
            scale *= power
    value = value / scale if exponent < 0 else value * scale
    return -value if negative else value


def _mantissa(characters):
    end = _digits_end(characters, 0)
    if characters[end : end + 1] != ".":
        return characters[:end], "", characters[end:]
    last = _digits_end(characters, end + 1)
    return characters[:end], characters[end + 1 : last], characters[last:]


def _digits_end(characters, begin):
    end = begin
    while end < len(characters) and "0" <= characters[end] <= "9":
        end += 1
    return end


def _exponent(characters):
    if characters[:1] not in ("e", "E"):
        return 0
    sign = -1 if characters[1:2] == "-" else 1
    begin = 2 if characters[1:2] in ("-", "+") else 1
    digits = characters[begin : _digits_end(characters, begin)].lstrip("0")
    return sign * int(digits[:_DIGITS] or "0")


class KnownElements:
    """A data set without the elements written as UN, which DCMTK does not look into.

    Parameters
    ----------
    dataset : Dataset
    """

    def __init__(self, dataset):
        self._dataset = dataset
        self.is_big_endian = dataset.is_big_endian

    def __contains__(self, keyword):
        return keyword in self._dataset and self._dataset.element(keyword).written_vr != "UN"

    def element(self, keyword):
        """Return an element, see ``Dataset.element``."""
        return self._dataset.element(keyword)

    def unknown_count(self, keyword):
        """Return 1 for an element that has a value but is UN."""
        return int(keyword in self._dataset and self._dataset.element(keyword).length > 0)


def _element(dataset, keyword):
    if dataset is None or keyword not in dataset:
        return None
    element = dataset.element(keyword)
    return element if element.length else None


def texts(dataset, keyword):
    """Return the components of a text value, without the spaces around them; none: absent, or not text."""
    element = _element(dataset, keyword)
    if element is None or element.vr in _BINARY or element.vr in ("SQ", "OB", "OW", "UN"):
        return []
    return [part.strip(" \0") for part in bytes(element.raw).decode("latin-1").split("\\")]


def text(dataset, keyword, position=0):
    """Return the component at `position` of a text value; empty: absent."""
    parts = texts(dataset, keyword)
    return parts[position] if position < len(parts) else ""


def value_count(dataset, keyword):
    """Return how many values an attribute has."""
    element = _element(dataset, keyword)
    if element is None:
        return dataset.unknown_count(keyword) if isinstance(dataset, KnownElements) else 0
    return len(_binary(element)) if element.vr in _BINARY else len(texts(dataset, keyword))


def number(dataset, keyword, position=0):
    """Return the value at `position` as int or float; None: absent, fewer values, or not a number."""
    element = _element(dataset, keyword)
    if element is None:
        return None
    if element.vr in _BINARY:
        values = _binary(element)
        return values[position].item() if position < len(values) else None
    part = text(dataset, keyword, position)
    if element.vr == "IS":
        value = decimal(part)
        return int(value) if value is not None and math.isfinite(value) else None
    return decimal(part)


def _binary(element):
    import numpy as np

    order = ">" if element._dataset.is_big_endian else "<"
    dtype = np.dtype(order + _BINARY[element.vr])
    raw = bytes(element.raw)
    return np.frombuffer(raw[: len(raw) // dtype.itemsize * dtype.itemsize], dtype)


def items(dataset, keyword):
    """Return the items of a sequence as a list of data sets."""
    element = _element(dataset, keyword)
    if element is None or element.vr != "SQ":
        return []
    found = [item.dataset for item in element.items]
    return [KnownElements(each) for each in found] if isinstance(dataset, KnownElements) else found


def first_item(dataset, keyword):
    """Return the first item of a sequence, or None."""
    found = items(dataset, keyword)
    return found[0] if found else None
