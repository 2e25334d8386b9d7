# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Values as dcmdump prints them: bytes of a value field in, one line's text out.

Strings stand in brackets, as they are in the file (no character set conversion); numbers in decimal
and bytes in hexadecimal, joined by backslashes. Unless printed whole, a text is cut at 70 characters.
Begin with `value_text`. Source: the output of DCMTK 3.6.7; PS3.5 6.2 for the value formats.
"""

import struct

from turbodicom.cli._dcmtk_floats import general

LINE = 70  # characters of a shortened value
NO_VALUE = b"(no value available)"
NOT_LOADED = b"(not loaded)"

_TEXT = frozenset(["LT", "ST", "UT", "UR"])  # one value, backslashes and all (PS3.5 6.2)
_STRINGS = frozenset(["AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "PN", "SH", "TM", "UC", "UI"]) | _TEXT
_NUMBERS = {
    "US": "H", "xs": "H", "SS": "h", "UL": "I", "up": "I", "OL": "I", "SL": "i",
    "UV": "Q", "OV": "Q", "SV": "q", "FL": "f", "OF": "f", "FD": "d", "OD": "d",
}  # fmt: skip
_WORDS = frozenset(("OW", "lt"))
_STANDARD = _STRINGS | set(_NUMBERS) | _WORDS | {"AT", "OB", "UN", "SQ"}
PIECE_BYTES = 1 << 20  # ours: a longer binary value becomes text piece by piece
# What a shortened line can show of a binary value: 36 numbers of one digit and their backslashes.
_ENOUGH_BYTES = 8 * LINE


def is_known_vr(vr):
    """True for the VRs of PS3.5 6.2; dcmdump prints the others as "??"."""
    return vr in _STANDARD and not vr.islower()


def padded_length(vr, length):
    """Length as it would be re-encoded: even, but for words (OW)."""
    return length if vr in _WORDS else length + (length & 1)


def bytes_needed(vr, length, shorten):
    """How many bytes of a value of `length` its line depends on."""
    return length if vr in _STRINGS or not shorten else min(length, _ENOUGH_BYTES)


def is_hex(vr):
    """True for values printed in hexadecimal: the O* of bytes and words, UN, pixel items."""
    return vr not in _STRINGS and vr not in _NUMBERS and vr != "AT"


def hex_pieces(vr, read_bytes, offset, length, big_endian):
    """Yield the text of a huge binary value in pieces, the value never being in memory whole."""
    unit = 2 if vr in _WORDS else 1
    length -= length % unit
    for start in range(0, length, PIECE_BYTES):
        size = min(PIECE_BYTES, length - start)
        data = read_bytes(offset + start, size)
        if unit == 1 and size & 1:
            data += b"\0"
        yield (b"\\" if start else b"") + _hex(data, len(data), unit, big_endian, False)


def multiplicity(vr, length, read):
    """Value Multiplicity; `read` gives the bytes, which only strings need."""
    data = read() if vr in _STRINGS else b"\0" * _ENOUGH_BYTES
    return value_text(vr, data, length, False, True)[1]


def value_text(vr, data, length, big_endian, shorten):
    """Text of a value, and its Value Multiplicity.

    Parameters
    ----------
    vr : str
        As printed: PS3.5 or DCMTK's lower-case ones.
    data : bytes
        The value field, or its first `bytes_needed` bytes.
    length : int
        Bytes of the whole value field.
    big_endian, shorten : bool

    Returns
    -------
    tuple of (bytes, int)
    """
    if length & 1 and vr not in _WORDS:
        length += 1
        if len(data) & 1:
            data += b"\0"
    if vr in _STRINGS:
        return _string(vr, data, shorten)
    if vr in _NUMBERS:
        return _numbers(vr, data, length, big_endian, shorten)
    if vr == "AT":
        return _tags(data, length, big_endian, shorten)
    return _hex(data, length, 2 if vr in _WORDS else 1, big_endian, shorten), 1


def string_value(vr, data):
    """A string without its padding: trailing spaces; of a UID NUL and every white space."""
    if vr == "UI":
        return b"".join(data.split()).rstrip(b"\0")
    return data.rstrip(b" ")


def bracketed(text, shorten):
    """``[text]``, or its first 66 characters and "..." without the closing bracket."""
    if shorten and len(text) + 2 > LINE:
        return b"[" + text[: LINE - 4] + b"..."
    return b"[" + text + b"]"


def _string(vr, data, shorten):
    text = string_value(vr, data)
    if not text:
        return NO_VALUE, 0
    return bracketed(text, shorten), 1 if vr in _TEXT else text.count(b"\\") + 1


def _numbers(vr, data, length, big_endian, shorten):
    code = _NUMBERS[vr]
    count = length // struct.calcsize(code)
    vm = 1 if vr in ("OL", "OV", "OF", "OD") else count
    if count == 0:
        return (b"(invalid value)" if length else NO_VALUE), vm
    there = len(data) // struct.calcsize(code)
    values = struct.unpack_from(f"{'>' if big_endian else '<'}{there}{code}", data)
    return _joined(_digits(code, values), count, shorten), vm


def _digits(code, values):
    if code == "f":
        return [general(value, 9) for value in values]  # FLT_DECIMAL_DIG
    if code == "d":
        return [general(value, 17) for value in values]  # DBL_DECIMAL_DIG
    return list(map(str, values))


def _joined(texts, count, shorten):
    """Whole values only, three characters kept for "..."; a last value that does not fit just misses."""
    if not shorten:
        return "\\".join(texts).encode()
    line = ""
    for index, text in enumerate(texts):
        longer = line + "\\" + text if index else text
        is_last = index + 1 == count
        if len(longer) > (LINE if is_last else LINE - 3):
            return (line if is_last else line + "...").encode()
        line = longer
    return line.encode()


def _tags(data, length, big_endian, shorten):
    count = length // 4
    if count == 0:
        return NO_VALUE, 0
    shown = _values_shown(count, 11, shorten)
    halves = struct.unpack_from(f"{'>' if big_endian else '<'}{2 * shown}H", data)
    text = "\\".join(f"({group:04x},{element:04x})" for group, element in zip(halves[::2], halves[1::2]))
    return text.encode() + (b"..." if shown < count else b""), count


def _hex(data, length, unit, big_endian, shorten):
    count = length // unit
    if count == 0:
        return b"(invalid value)" if length else NO_VALUE
    shown = _values_shown(count, 2 * unit, shorten)
    data = data[: shown * unit]
    if unit == 2 and not big_endian:
        data = _swapped(data)
    return data.hex("\\", unit).encode() + (b"..." if shown < count else b"")


def _swapped(words):
    swapped = bytearray(len(words))
    swapped[0::2] = words[1::2]
    swapped[1::2] = words[0::2]
    return bytes(swapped)


def _values_shown(count, characters, shorten):
    """How many values of so many characters each stay; 70 characters with backslashes and "..."."""
    if not shorten or count * (characters + 1) - 1 <= LINE:
        return count
    return (LINE - 3 + 1) // (characters + 1)
