# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""JPEG 2000 headers, HTJ2K included: SIZ and COD, bare or in a JP2 file (T.800 A.5, A.6, I)."""

from turbodicom.errors import CorruptDataError, TruncatedDataError, UnsupportedError
from turbodicom.interop import _jpeg2000_structure
from turbodicom.interop._stream_header import StreamHeader, expect_start, find_box


def read_jpeg2000(source):
    start, end = 0, None
    if source[4:8] == b"jP  ":
        start, end = find_box("jpeg2000", source, b"jp2c")
    siz = source[start : start + 42]  # SOC, SIZ up to Csiz: T.800 A.5.1
    expect_start("jpeg2000", siz, b"\xff\x4f\xff\x51", "SOC and SIZ marker")
    if len(siz) < 42:
        raise TruncatedDataError(
            "jpeg2000: the bytes end within the SIZ marker segment", offset=start, codec="jpeg2000"
        )
    x1, y1, x0, y0 = (int.from_bytes(siz[at : at + 4], "big") for at in (8, 12, 16, 20))
    components = int.from_bytes(siz[40:42], "big")
    table = source[start + 42 : start + 42 + 3 * components]
    if components == 0 or len(table) < 3 * components or x1 <= x0 or y1 <= y0:
        raise CorruptDataError(
            f"jpeg2000: no image in the SIZ marker segment at byte {start + 2} (T.800 A.5.1)",
            offset=start + 2,
            codec="jpeg2000",
        )
    if any(step != 1 for step in table[1::3] + table[2::3]):
        raise UnsupportedError(
            "jpeg2000: subsampled components (T.800 A.5.1)", offset=start + 42, codec="jpeg2000"
        )
    least_bytes, structure_bytes = _jpeg2000_structure.cost(source, start, end, components)
    return StreamHeader(
        codec="jpeg2000",
        rows=y1 - y0,
        columns=x1 - x0,
        components=components,
        precision=(table[0] & 0x7F) + 1,
        is_signed=bool(table[0] & 0x80),
        start=start,
        end=end,
        uses_component_transform=_uses_component_transform(source, start + 42 + 3 * components),
        offset=start + 2,
        least_bytes=least_bytes,
        structure_bytes=structure_bytes,
    )


def _uses_component_transform(source, offset):
    """SGcod of the main header's COD (T.800 A.6.1); False where there is none before the first tile-part."""
    while offset + 4 <= len(source) and source[offset] == 0xFF and source[offset + 1] != 0x90:
        if source[offset + 1] == 0x52:
            return source[offset + 8 : offset + 9] == b"\x01"
        offset += 2 + max(2, int.from_bytes(source[offset + 2 : offset + 4], "big"))
    return False
