# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""JPEG-LS headers: marker segments up to the first scan (T.87 Annex C, T.81 Annex B)."""

from turbodicom.errors import CorruptDataError, TruncatedDataError, UnsupportedError
from turbodicom.interop._stream_header import StreamHeader, expect_start

_CODEC = "jpegls"
_SOF = 0xF7  # T.87 C.1.1
_STANDALONE = frozenset((0x01, *range(0xD0, 0xD9)))  # TEM, RSTn, SOI: markers without a length


def read_jpegls(source):
    expect_start(_CODEC, source, b"\xff\xd8", "SOI marker")
    header, app = None, {}
    for marker, offset, body in _marker_segments(source):
        if marker == _SOF:
            if header:
                raise CorruptDataError(
                    f"{_CODEC}: a second frame header at byte {offset}", offset=offset, codec=_CODEC
                )
            header = _frame_header(offset, body)
        elif marker in (0xE0, 0xEE):
            app.setdefault(marker, body)
        elif marker == 0xDA:
            return _with_scan(header, app, offset, body)


def _marker_segments(source):
    """Yield (marker, offset of the marker, body) up to the first scan; raise when the bytes end before it."""
    offset = 2
    while offset + 2 <= len(source):
        if source[offset] != 0xFF:
            raise CorruptDataError(
                f"{_CODEC}: no marker at byte {offset} (T.81 B.1.1)", offset=offset, codec=_CODEC
            )
        marker = source[offset + 1]
        if marker == 0xFF:  # fill byte, T.81 B.1.1.2
            offset += 1
            continue
        if marker in _STANDALONE:
            offset += 2
            continue
        if marker == 0xD9:
            raise TruncatedDataError(
                f"{_CODEC}: EOI at byte {offset}, before any scan", offset=offset, codec=_CODEC
            )
        length_bytes = int.from_bytes(source[offset + 2 : offset + 4], "big")
        end = offset + 2 + length_bytes
        if end > len(source) or offset + 4 > len(source):
            break
        if length_bytes < 2:
            raise CorruptDataError(
                f"{_CODEC}: marker segment of length {length_bytes}, at least 2 expected,"
                f" at byte {offset} (T.81 B.1.1.4)",
                offset=offset,
                codec=_CODEC,
            )
        yield marker, offset, source[offset + 4 : end]
        offset = end
    raise TruncatedDataError(
        f"{_CODEC}: the {len(source)} bytes end before the first scan, in the marker segment at byte {offset}",
        offset=offset,
        codec=_CODEC,
    )


def _frame_header(offset, body):
    """T.81 B.2.2: P, Y, X, Nf, then (C, H:V, Tq) of each component."""
    components = body[5] if len(body) > 5 else 0
    if components == 0 or len(body) < 6 + 3 * components:
        raise CorruptDataError(
            f"{_CODEC}: frame header of {len(body)} bytes for {components} components,"
            f" at byte {offset} (T.81 B.2.2)",
            offset=offset,
            codec=_CODEC,
        )
    rows, columns = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    if rows == 0 or columns == 0:  # T.87 C.2.4.1.4 (LSE type 4)
        raise UnsupportedError(
            f"{_CODEC}: the frame header at byte {offset} leaves its size to a later marker",
            offset=offset,
            codec=_CODEC,
        )
    sampling = body[7 : 6 + 3 * components : 3]
    return StreamHeader(
        codec=_CODEC,
        rows=rows,
        columns=columns,
        components=components,
        precision=body[0],
        component_ids=tuple(body[6 : 6 + 3 * components : 3]),
        is_subsampled=any(factors != sampling[0] for factors in sampling),
        offset=offset,
    )


def _with_scan(header, app, offset, body):
    """Complete `header` by the application markers and the first scan header (T.81 B.2.3)."""
    if header is None:
        raise CorruptDataError(
            f"{_CODEC}: scan at byte {offset} before a frame header", offset=offset, codec=_CODEC
        )
    if len(body) < 1 or len(body) < 4 + 2 * body[0]:
        raise CorruptDataError(f"{_CODEC}: short scan header at byte {offset}", offset=offset, codec=_CODEC)
    header.first_scan = offset
    header.has_jfif = app.get(0xE0, b"").startswith(b"JFIF")
    adobe = app.get(0xEE, b"")
    if adobe.startswith(b"Adobe") and len(adobe) >= 12:  # T.872 6.5.3; shorter ones are not valid
        header.adobe_transform = adobe[11]
    return header
