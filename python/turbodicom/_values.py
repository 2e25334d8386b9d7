# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Values the core leaves to Python: other character sets (PS3.5 6.1), odd numbers, contradictions.

`convert` is called by cpp/bindings/data_set_object.cpp with the bytes of one value. The character set
tables are pydicom's, imported at the first need.
"""

import re
from functools import lru_cache

from turbodicom._types import Issue, PersonName
from turbodicom.errors import ConformanceError

__all__ = ["add_issue", "convert", "is_character_set", "python_encodings"]

_MOST_ISSUES = 100  # our limit; more of them tell nothing new
_PADDING = "\0 "
_ESCAPE = b"\x1b"
# Bytes that put the first character set back in force (PS3.5 6.1.2.5.3): CR, LF, TAB, FF.
_RESETS = re.compile(rb"[\r\n\t\f]")


def add_issue(dataset, code, message, offset, tag):
    """Note what was forgiven in a value; in strict mode raise it.

    Parameters
    ----------
    dataset : Dataset
    code : str
        Stable name in snake_case.
    message : str
        Without any value of the data set.
    offset : int
        Of the value.
    tag : int
    """
    where = f"({tag >> 16:04x},{tag & 0xFFFF:04x})"
    if dataset._is_strict:
        raise ConformanceError(f"dataset: {message}, at byte {offset}", offset=offset, where=where)
    issue, notes = Issue(code, message, offset, where), dataset._notes
    if len(notes) < _MOST_ISSUES and issue not in notes:
        notes.append(issue)


def convert(dataset, tag, vr, offset, value):
    """Return the Python value of an element the core could not convert.

    Parameters
    ----------
    dataset : Dataset
        The data set the element belongs to.
    tag : int
    vr : str
    offset : int
        Of the value.
    value : bytes

    Returns
    -------
    str, int, float, bytes, PersonName or list of them
        `value` itself where no conversion is possible; an issue says so.
    """

    def report(code, message):
        add_issue(dataset, code, message, offset, tag)

    if vr in _SIZES:
        report(
            "value_length", f"{len(value)} bytes are no multiple of the {_SIZES[vr]} of VR {vr} (PS3.5 6.2)"
        )
        return value
    if vr in _NUMBERS:
        return _number(value, vr, report)
    if vr in _DEFAULT_REPERTOIRE:
        return _DEFAULT_REPERTOIRE[vr](value.decode("latin-1"))
    if vr in _CHARACTER_SET_VRS:
        return _text(value, vr, _encodings(dataset, report), report)
    report("unknown_vr", "the VR is none of PS3.5 6.2; the value is left as bytes")
    return value


def _one_or_list(items):
    return items[0] if len(items) == 1 else items


def _application_entity(text):
    return _one_or_list([item.strip() for item in text.split("\\")])


def _unique_identifier(text):
    return _one_or_list([item.strip() for item in text.rstrip(_PADDING).split("\\")])


_DEFAULT_REPERTOIRE = {"AE": _application_entity, "UI": _unique_identifier, "UR": str.rstrip}
_CHARACTER_SET_VRS = {"LO", "LT", "PN", "SH", "ST", "UC", "UT"}
_SIZES = {"US": 2, "SS": 2, "UL": 4, "SL": 4, "FL": 4, "FD": 8, "UV": 8, "SV": 8}


# -- numbers as text -----------------------------------------------------------------------------------


def _decimal(item):
    return float(item) if item.strip() else item


def _integer(item):
    """Return an int; a float where the text says so against the standard ("1.5")."""
    if not item.strip():
        return item
    try:
        number = int(item)
    except ValueError:
        number = int(float(item))
    return number if number == float(item) else float(item)


_NUMBERS = {"DS": _decimal, "IS": _integer}


def _number(value, vr, report):
    text = value.decode("latin-1")
    try:
        items = (text.strip() if vr == "DS" else text).rstrip(_PADDING).split("\\")
        return _one_or_list([_NUMBERS[vr](item) for item in items])
    except (ValueError, OverflowError):
        report("not_a_number", f"a value of VR {vr} is not a number; it is left as text (PS3.5 6.2)")
        return _one_or_list([item.rstrip(_PADDING) for item in text.split("\\")])


# -- character sets ------------------------------------------------------------------------------------


def _text(value, vr, encodings, report):
    if vr == "PN":
        names = decode(value.rstrip(b"\0 "), encodings, report).split("\\")
        return _one_or_list([PersonName(name.rstrip("=")) for name in names])
    text = decode(value, encodings, report)
    if vr in ("LT", "ST", "UT"):
        return text.rstrip(_PADDING)
    return _one_or_list([item.rstrip(_PADDING) for item in text.split("\\")])


def _encodings(dataset, report):
    if dataset._charset is not None:
        return python_encodings(tuple(dataset._charset))[0]
    text = dataset._specific_character_set().decode("latin-1").rstrip(" \0")
    encodings, complaints = python_encodings(tuple(text.split("\\")))
    for complaint in complaints:
        report("character_set", complaint)
    return encodings


@lru_cache(maxsize=64)
def python_encodings(terms):
    """Return the Python encodings for the values of Specific Character Set (0008,0005).

    Parameters
    ----------
    terms : tuple of str
        Defined terms (PS3.3 C.12.1.1.2), misspelt ones, or names of Python encodings.

    Returns
    -------
    encodings : list of str
    complaints : list of str
        What had to be guessed.
    """
    complaints = []
    encodings = [_python_encoding(term, complaints) for term in terms]
    if len(terms) > 1:
        encodings = _without_stand_alone(terms, encodings, complaints)
    return encodings, complaints


def _without_stand_alone(terms, encodings, complaints):
    """Drop what cannot be combined by code extension (PS3.3 Table C.12-5)."""
    from pydicom.charset import STAND_ALONE_ENCODINGS

    if terms[0] in STAND_ALONE_ENCODINGS:
        complaints.append("the first character set allows no other one beside it (PS3.3 C.12.1.1.2)")
        return encodings[:1]
    kept = [encodings[0]]
    for term, encoding in zip(terms[1:], encodings[1:], strict=True):
        if term in STAND_ALONE_ENCODINGS:
            complaints.append(
                "a character set without code extensions stands beside others (PS3.3 C.12.1.1.2)"
            )
        else:
            kept.append(encoding)
    return kept


# "ISO-IR 100", "ISO 2022-IR 100": seen in the wild, read by pydicom as what they mean.
_MISSPELT = (
    (re.compile("ISO[^_]IR"), "ISO_IR", 6),
    (re.compile("ISO.2022.IR."), "ISO 2022 IR ", 12),
)


def _python_encoding(term, complaints):
    from pydicom.charset import default_encoding, python_encoding

    if term in python_encoding:
        return python_encoding[term]
    complaints.append("Specific Character Set holds none of the defined terms (PS3.3 C.12.1.1.2)")
    for pattern, correct, length in _MISSPELT:
        if pattern.match(term):
            return python_encoding.get(correct + term[length:], default_encoding)
    return term if _is_text_encoding(term) else default_encoding


def is_character_set(term):
    """Tell whether a term means a character set: defined, misspelt in a known way, or a Python encoding.

    Parameters
    ----------
    term : str

    Returns
    -------
    bool
    """
    from pydicom.charset import python_encoding

    return term in python_encoding or any(p.match(term) for p, *_ in _MISSPELT) or _is_text_encoding(term)


def _is_text_encoding(name):
    try:
        b"a".decode(name)
    except UnicodeError:
        return True
    except (LookupError, ValueError):
        return False
    return True


def decode(value, encodings, report):
    """Decode text that may switch its character set by escape sequences (PS3.5 6.1.2.5).

    Parameters
    ----------
    value : bytes
    encodings : list of str
        Python encodings, the first in force at the beginning.
    report : callable
        ``report(code, message)`` for what was forgiven.

    Returns
    -------
    str
        With replacement characters where bytes mean nothing.
    """
    if _ESCAPE not in value:
        return _decode_or_replace(value, encodings[0], report)
    pieces = re.findall(rb"^[^\x1b]+|\x1b[^\x1b]*", value)
    return "".join(_decode_piece(piece, encodings, report) for piece in pieces)


def _decode_or_replace(value, encoding, report):
    try:
        return value.decode(encoding)
    except UnicodeError:
        report(
            "undecodable_text",
            "text does not fit its character set; replacement characters stand in (PS3.5 6.1)",
        )
        return value.decode(encoding, errors="replace")


def _decode_piece(piece, encodings, report):
    """Decode up to the next escape sequence; `piece` begins with one, or is the first."""
    from pydicom.charset import CODES_TO_ENCODINGS, default_encoding, handled_encodings

    if not piece.startswith(_ESCAPE):
        return _decode_or_replace(piece, encodings[0], report)
    size = 4 if piece.startswith((b"\x1b$(", b"\x1b$)")) else 3  # PS3.3 Tables C.12-3 and C.12-4
    encoding = CODES_TO_ENCODINGS.get(piece[:size])
    if encoding is None or not (encoding in encodings or encoding == default_encoding):
        report(
            "unknown_escape_sequence",
            "an escape sequence names no character set of this data set (PS3.5 6.1.2.5)",
        )
        return piece.decode(encodings[0], errors="replace")
    try:
        if encoding in handled_encodings:  # Python's codec wants to see the escape sequence
            return piece.decode(encoding)
        return _decode_until_reset(piece[size:], encoding, encodings[0])
    except UnicodeError:
        return _decode_or_replace(piece, encodings[0], report)


def _decode_until_reset(text, encoding, first):
    reset = _RESETS.search(text)
    end = reset.start() if reset else len(text)
    return text[:end].decode(encoding) + text[end:].decode(first)
