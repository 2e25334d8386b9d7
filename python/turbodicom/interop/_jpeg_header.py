# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""JPEG and JPEG-LS headers: marker segments up to the first scan (T.81 Annex B, T.87 Annex C).

Begin at :func:`read_jpeg` and :func:`read_jpegls`; :func:`scan_headers` looks at the scans behind.
"""

from dataclasses import dataclass

from turbodicom.errors import CorruptDataError, TruncatedDataError, UnsupportedError
from turbodicom.interop._stream_header import StreamHeader, expect_start

_START_OF_SCAN = b"\xff\xda"

# T.81 Table B.1. What none of the fallback decoders reads is refused by its name.
_JPEG_PROCESSES = {
    0xC0: "baseline",
    0xC1: "extended sequential",
    0xC2: "progressive",
    0xC3: "lossless",
}
_UNSUPPORTED_PROCESSES = {
    0xC5: "hierarchical sequential",
    0xC6: "hierarchical progressive",
    0xC7: "hierarchical lossless",
    0xC9: "arithmetic sequential",
    0xCA: "arithmetic progressive",
    0xCB: "arithmetic lossless",
    0xCD: "hierarchical arithmetic sequential",
    0xCE: "hierarchical arithmetic progressive",
    0xCF: "hierarchical arithmetic lossless",
}
_SOF_JPEG_LS = 0xF7  # T.87 C.1.1
_STANDALONE = frozenset((0x01, *range(0xD0, 0xD9)))  # TEM, RSTn, SOI: markers without a length


def read_jpeg(source):
    return _read_marker_segments("jpeg", source)


def read_jpegls(source):
    return _read_marker_segments("jpegls", source)


def _read_marker_segments(codec, source):
    expect_start(codec, source, b"\xff\xd8", "SOI marker")
    header, app = None, {}
    for marker, offset, body in _marker_segments(codec, source):
        if marker in _UNSUPPORTED_PROCESSES:
            name = _UNSUPPORTED_PROCESSES[marker]
            raise UnsupportedError(
                f"{codec}: {name} coding, marker {marker:#04x} at byte {offset} (T.81 Table B.1)",
                offset=offset,
                codec=codec,
            )
        if (marker in _JPEG_PROCESSES) if codec == "jpeg" else (marker == _SOF_JPEG_LS):
            if header:
                raise CorruptDataError(
                    f"{codec}: a second frame header at byte {offset}", offset=offset, codec=codec
                )
            header = _frame_header(codec, marker, offset, body)
        elif marker in (0xE0, 0xEE):
            app.setdefault(marker, body)
        elif marker == 0xDA:
            return _with_scan(codec, header, app, offset, body)


def _marker_segments(codec, source):
    """Yield (marker, offset of the marker, body) up to the first scan; raise when the bytes end before it."""
    offset = 2
    while offset + 2 <= len(source):
        if source[offset] != 0xFF:
            raise CorruptDataError(
                f"{codec}: no marker at byte {offset} (T.81 B.1.1)", offset=offset, codec=codec
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
                f"{codec}: EOI at byte {offset}, before any scan", offset=offset, codec=codec
            )
        length_bytes = int.from_bytes(source[offset + 2 : offset + 4], "big")
        end = offset + 2 + length_bytes
        if end > len(source) or offset + 4 > len(source):
            break
        if length_bytes < 2:
            raise CorruptDataError(
                f"{codec}: marker segment of length {length_bytes}, at least 2 expected,"
                f" at byte {offset} (T.81 B.1.1.4)",
                offset=offset,
                codec=codec,
            )
        yield marker, offset, source[offset + 4 : end]
        offset = end
    raise TruncatedDataError(
        f"{codec}: the {len(source)} bytes end before the first scan, in the marker segment at byte {offset}",
        offset=offset,
        codec=codec,
    )


def _frame_header(codec, marker, offset, body):
    """T.81 B.2.2: P, Y, X, Nf, then (C, H:V, Tq) of each component."""
    components = body[5] if len(body) > 5 else 0
    if components == 0 or len(body) < 6 + 3 * components:
        raise CorruptDataError(
            f"{codec}: frame header of {len(body)} bytes for {components} components,"
            f" at byte {offset} (T.81 B.2.2)",
            offset=offset,
            codec=codec,
        )
    rows, columns = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    if rows == 0 or columns == 0:  # T.81 B.2.5 (DNL), T.87 C.2.4.1.4 (LSE type 4)
        raise UnsupportedError(
            f"{codec}: the frame header at byte {offset} leaves its size to a later marker",
            offset=offset,
            codec=codec,
        )
    sampling = body[7 : 6 + 3 * components : 3]
    if codec == "jpeg" and not all(1 <= factors >> 4 <= 4 and 1 <= factors & 15 <= 4 for factors in sampling):
        raise CorruptDataError(
            f"{codec}: sampling factors {sampling.hex(' ')}, 1 to 4 expected, at byte {offset} (T.81 B.2.2)",
            offset=offset,
            codec=codec,
        )
    return StreamHeader(
        codec=codec,
        rows=rows,
        columns=columns,
        components=components,
        precision=body[0],
        process=_JPEG_PROCESSES.get(marker, ""),
        component_ids=tuple(body[6 : 6 + 3 * components : 3]),
        is_subsampled=any(factors != sampling[0] for factors in sampling),
        offset=offset,
        least_bytes=_least_bytes(marker, rows, columns, sampling) if codec == "jpeg" else 0,
    )


def _least_bytes(marker, rows, columns, sampling):
    """Fewest bytes of coded data: no Huffman code is shorter than one bit (T.81 C).

    There is one for each sample if lossless (H.1.2.2), else one for the DC coefficient of each block of 8 x 8
    (F.1.2.1, G.1.2.1). Component i has ceil(X * Hi / Hmax) x ceil(Y * Vi / Vmax) samples (A.1.1).
    """
    edge = 1 if _JPEG_PROCESSES[marker] == "lossless" else 8
    most_h = max(factors >> 4 for factors in sampling)
    most_v = max(factors & 15 for factors in sampling)
    bits = 0
    for factors in sampling:
        width = -(-columns * (factors >> 4) // most_h)
        height = -(-rows * (factors & 15) // most_v)
        bits += -(-width // edge) * -(-height // edge)
    return -(-bits // 8)


def _with_scan(codec, header, app, offset, body):
    """Complete `header` by the application markers and the first scan header (T.81 B.2.3)."""
    if header is None:
        raise CorruptDataError(
            f"{codec}: scan at byte {offset} before a frame header", offset=offset, codec=codec
        )
    if len(body) < 1 or len(body) < 4 + 2 * body[0]:
        raise CorruptDataError(f"{codec}: short scan header at byte {offset}", offset=offset, codec=codec)
    header.first_scan = offset
    header.predictor = body[1 + 2 * body[0]]  # Ss; of lossless scans the predictor, T.81 Table H.1
    header.has_jfif = app.get(0xE0, b"").startswith(b"JFIF")
    adobe = app.get(0xEE, b"")
    if adobe.startswith(b"Adobe") and len(adobe) >= 12:  # T.872 6.5.3; shorter ones are not valid
        header.adobe_transform = adobe[11]
    return header


@dataclass(frozen=True)
class ScanHeader:
    """T.81 B.2.3: the components of a scan, its band of coefficients, and the bits still to come (Al)."""

    components: tuple
    first_coefficient: int
    last_coefficient: int
    low_bit: int


def scan_headers(source, header):
    """All scan headers of a JPEG codestream; short ones are left out.

    Within entropy-coded data 0xFF is followed by 0x00 or RSTn, so every 0xFFDA is a scan header.

    Parameters
    ----------
    source : bytes
        The codestream up to its EOI.
    header : StreamHeader
        Of the same codestream.

    Returns
    -------
    list of ScanHeader

    Notes
    -----
    Source: T.81 B.2.3.
    """
    scans, offset = [], header.first_scan
    while offset >= 0:
        count = source[offset + 4] if offset + 4 < len(source) else 0
        body = source[offset + 5 : offset + 8 + 2 * count]
        if count and len(body) == 2 * count + 3:
            scans.append(ScanHeader(tuple(body[: 2 * count : 2]), body[-3], body[-2], body[-1] & 0x0F))
        offset = source.find(_START_OF_SCAN, offset + 2)
    return scans


def progression_is_complete(scans, header):
    """Whether every coefficient of every component has been sent to its last bit.

    Parameters
    ----------
    scans : list of ScanHeader
    header : StreamHeader
        Of a progressive JPEG codestream.

    Returns
    -------
    bool

    Notes
    -----
    Source: T.81 G.1.1.1.
    """
    finished = {
        (component, coefficient)
        for scan in scans
        if scan.low_bit == 0
        for component in scan.components
        for coefficient in range(scan.first_coefficient, min(scan.last_coefficient, 63) + 1)
    }
    return all((component, k) in finished for component in header.component_ids for k in range(64))
