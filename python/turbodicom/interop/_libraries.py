# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Calling the foreign libraries so that they neither raise their own errors nor pass over missing data.

Each ``decode_<codec>(decode, source, header, quirks)`` returns the library's array.
"""

from functools import partial

from turbodicom.errors import CorruptDataError, Error, LimitExceededError, TruncatedDataError
from turbodicom.interop._stream_header import END_MARKER


def _call(decode, source, codec, *, is_cut=False):
    """Array of the library's, and nothing but our own errors."""
    try:
        return decode(source)
    except Error:
        raise
    except MemoryError:
        raise LimitExceededError(f"{codec}: not enough memory for the frame", codec=codec) from None
    except Exception as error:  # noqa: BLE001  each library has its own; all become ours
        kind = TruncatedDataError if is_cut or "NEED_MORE_INPUT" in str(error) else CorruptDataError
        raise kind(
            f"{codec}: {error}", offset=len(source) if kind is TruncatedDataError else None, codec=codec
        ) from None


def _note_end(source, end, quirks):
    if end < 0:
        quirks.append("missing_end_marker")
    elif len(source) > end + 3:  # one byte of padding is PS3.5 A.4
        quirks.append("bytes_after_end_marker")


def decode_jpegls(decode, source, header, quirks):
    """CharLS can take seconds over bytes without an end marker, so it always gets one."""
    end = source.find(END_MARKER, header.first_scan)
    body = source if end < 0 else source[:end]
    array = _call(decode, body + END_MARKER, "jpegls", is_cut=end < 0)
    _note_end(source, end, quirks)
    return array


def decode_jpeg2000(decode, source, header, quirks):
    """The bare codestream, so that no box (palette, colour space) changes the samples."""
    stream = source[header.start : header.end] if header.start or header.end else source
    has_end = END_MARKER in stream[-64:]
    if not has_end:
        quirks.append("missing_end_marker")
        stream += END_MARKER
    return _call(decode, stream, "jpeg2000", is_cut=not has_end)


def decode_jpegxl(decode, source, header, quirks):
    return _call(partial(decode, index=0), source, "jpegxl")


DECODE = {
    "jpegls": decode_jpegls,
    "jpeg2000": decode_jpeg2000,
    "jpegxl": decode_jpegxl,
}
