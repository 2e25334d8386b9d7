# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The DICOM JSON Model (PS3.18 Annex F), bulk data inline.

Equal to pydicom's ``to_json_dict`` with these exceptions, where the standard says otherwise:

* an empty value among several is ``null`` (F.2.5), not ``""``;
* numbers that JSON does not have (NaN, infinities) are ``null``;
* words of a big-endian data set are turned to little endian (F.2.7);
* an ambiguous VR that nothing settles is written as UN (F.2.3 knows no "US or SS").
"""

import array
import base64
import json
import math

from turbodicom.errors import LimitExceededError

__all__ = ["to_json", "to_json_dict"]

_WORD_TYPES = {"OW": "H", "OF": "I", "OL": "I", "OD": "Q", "OV": "Q"}
_BYTES_VRS = {"OB", "OD", "OF", "OL", "OV", "OW", "UN"}


def to_json(dataset):
    """Return the JSON text of a data set; see ``Dataset.to_json``.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    str
    """
    try:
        return json.dumps(to_json_dict(dataset), sort_keys=True, allow_nan=False)
    except RecursionError:
        raise LimitExceededError("json: sequences are nested deeper than Python's recursion limit") from None


def to_json_dict(dataset):
    """Return the JSON object of a data set; see ``Dataset.to_json_dict``.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    dict
    """
    model = {}
    unfinished = [(dataset, model)]  # a stack of our own: the depth of sequences is the file's choice
    while unfinished:
        source, target = unfinished.pop()
        for element in source:
            key = f"{int(element.tag):08X}"
            if element.vr == "SQ":
                items = [(item, {}) for item in element.value]
                unfinished += items
                target[key] = {"vr": "SQ", "Value": [inner for _, inner in items]}
            else:
                target[key] = _attribute(element, source.is_big_endian)
    return model


def _attribute(element, big_endian):
    vr = element.vr if len(element.vr) == 2 else "UN"
    value = element.value
    if value is None or (isinstance(value, (str, bytes)) and not value):
        return {"vr": vr}
    if isinstance(value, bytes):
        return _inline(vr, value, big_endian)
    values = value if isinstance(value, list) else [value]
    return {"vr": vr, "Value": [_member(item, vr) for item in values]}


def _inline(vr, value, big_endian):
    """A value that could not be converted has no other form either, whatever its VR."""
    if big_endian and vr in _WORD_TYPES:
        value = _swapped(value, _WORD_TYPES[vr])
    return {"vr": vr if vr in _BYTES_VRS else "UN", "InlineBinary": base64.b64encode(value).decode()}


def _swapped(value, word_type):
    words = array.array(word_type)
    whole = len(value) - len(value) % words.itemsize
    words.frombytes(value[:whole])
    words.byteswap()
    return words.tobytes() + value[whole:]


def _member(value, vr):
    if vr == "PN":
        return _person_name(value)
    if vr == "AT":
        return f"{int(value):08X}"
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, str):
        return None if not value.strip() else str(value)
    return value


def _person_name(name):
    groups = name.split("=")
    keys = ("Alphabetic", "Ideographic", "Phonetic")
    return dict(zip(keys, groups, strict=False))
