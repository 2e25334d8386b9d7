# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Calling the foreign libraries so that they neither raise their own errors nor pass over missing data.

Each ``decode_<codec>(decode, source, header, quirks)`` returns the library's array. libjpeg fills up what is
missing without a word, so most of this file is about noticing that.
"""

from functools import partial

import numpy as np

from turbodicom.errors import CorruptDataError, Error, LimitExceededError, TruncatedDataError
from turbodicom.interop import _jpeg_header
from turbodicom.interop._stream_header import END_MARKER

_MAX_SCANS = 100  # our limit: encoders write about ten; each scan of a progressive frame costs a pass over it
_FILLINGS = (b"\xa5\x5a\x3c", b"\x5a\xa5\xc3")  # complementary, and free of markers
_PROBE_BYTES = 4096  # our choice: more than any coder takes for the first sample it lacks


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


# Components -> from and to the same colour space: no conversion.
_JPEG_RAW = {
    3: {"colorspace": "YCBCR", "outcolorspace": "YCBCR"},
    4: {"colorspace": "CMYK", "outcolorspace": "CMYK"},
}


def decode_jpeg(decode, source, header, quirks):
    """libjpeg fills up what is missing without a word, so completeness is looked at here."""
    end = source.find(END_MARKER, header.first_scan)
    body = (source if end < 0 else source[:end]).rstrip(b"\xff")  # fill bytes, T.81 B.1.1.2
    _check_scans(_jpeg_header.scan_headers(body, header), header, end, len(body), quirks)
    decode = partial(decode, **_JPEG_RAW.get(header.components, {}))
    array = _call(decode, body + END_MARKER, "jpeg")
    fillings = _FILLINGS if end < 0 else _FILLINGS[:1] if _looks_filled(array, header) else ()
    if not _is_complete(decode, body, array, fillings):
        raise truncated("jpeg", len(body))
    _note_end(source, end, quirks)
    return array


def _check_scans(scans, header, end, length, quirks):
    """All components must have been scanned; a progression may stop early only where EOI says so."""
    if len(scans) > _MAX_SCANS:
        raise LimitExceededError(
            f"jpeg: {len(scans)} scans, more than our limit of {_MAX_SCANS}", codec="jpeg"
        )
    if not set(header.component_ids) <= {component for scan in scans for component in scan.components}:
        raise truncated("jpeg", length)
    if header.process == "progressive" and not _jpeg_header.progression_is_complete(scans, header):
        if end < 0:
            raise truncated("jpeg", length)
        quirks.append("progression_stops_early")


def truncated(codec, offset):
    return TruncatedDataError(
        f"{codec}: the coded data end at byte {offset}, before the last sample", offset=offset, codec=codec
    )


def _note_end(source, end, quirks):
    if end < 0:
        quirks.append("missing_end_marker")
    elif len(source) > end + 3:  # one byte of padding is PS3.5 A.4
        quirks.append("bytes_after_end_marker")


def _looks_filled(array, header):
    """Whether the end of the frame could be what libjpeg puts there when it runs out of data.

    That is mid-grey for blocks of coefficients, a flat or even slope for predictor 1, and anything otherwise.
    """
    tail = array[-1, -8:]
    if header.process == "progressive" or (header.process == "lossless" and header.predictor != 1):
        return True
    if header.process == "lossless":
        steps = np.diff(tail, axis=0)
        return bool((steps == steps[-1:]).all())
    return bool((tail == 1 << (header.precision - 1)).all())


def _is_complete(decode, body, array, fillings):
    """Whether the samples do not depend on what follows `body`: so it is if it has all their bits.

    Fillings stand in turn for what may be missing. No missing bit equals both of two complementary ones.
    """
    for filling in fillings:
        probe = body + filling * (_PROBE_BYTES // len(filling)) + END_MARKER
        try:
            if not np.array_equal(decode(probe), array):
                return False
        except Exception:  # noqa: BLE001  whatever the library says of our filling, it read it
            return False
    return True


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
    "jpeg": decode_jpeg,
    "jpegls": decode_jpegls,
    "jpeg2000": decode_jpeg2000,
    "jpegxl": decode_jpegxl,
}
