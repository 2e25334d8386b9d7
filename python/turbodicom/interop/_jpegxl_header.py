# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""JPEG XL headers: size and bit depth, bare or in a JPEG XL file (ISO/IEC 18181-1 Annex D, 18181-2)."""

from turbodicom.errors import TruncatedDataError, UnsupportedError
from turbodicom.interop._stream_header import StreamHeader, expect_start, find_box


class _Bits:
    """Bits of a JPEG XL header, least significant first (ISO/IEC 18181-1 B.2)."""

    def __init__(self, source):
        self._value, self._left = int.from_bytes(source, "little"), 8 * len(source)

    def u(self, count):
        self._left -= count
        if self._left < 0:
            raise TruncatedDataError("jpegxl: the bytes end within the header", offset=0, codec="jpegxl")
        value = self._value & ((1 << count) - 1)
        self._value >>= count
        return value

    def size(self):
        return self.u((9, 13, 18, 30)[self.u(2)]) + 1  # D.2


_RATIOS = (None, (1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))  # Table D.2
_JXL_BOX_SIGNATURE = b"\0\0\0\x0cJXL \r\n\x87\n"


def read_jpegxl(source):
    start = 0
    if source.startswith(_JXL_BOX_SIGNATURE):
        start, _ = find_box("jpegxl", source, b"jxlc", b"jxlp")
        if source[start - 4 : start] == b"jxlp":
            start += 4  # index of the partial box
    expect_start("jpegxl", source[start:], b"\xff\x0a", "codestream signature")
    bits = _Bits(source[start + 2 : start + 34])
    rows, columns = _size_header(bits)
    precision, extra_channels = _metadata(bits)
    return StreamHeader(
        codec="jpegxl",
        rows=rows,
        columns=columns,
        components=0,
        precision=precision,
        offset=start + 2,
        extra_channels=extra_channels,
    )


def _size_header(bits):
    """D.2: height, then width or its ratio to the height."""
    is_small = bits.u(1)
    rows = 8 * (bits.u(5) + 1) if is_small else bits.size()
    ratio = _RATIOS[bits.u(3)]
    if ratio:
        return rows, rows * ratio[0] // ratio[1]
    return rows, 8 * (bits.u(5) + 1) if is_small else bits.size()


def _metadata(bits):
    """(bits per sample, number of extra channels): D.3.1, D.3.5."""
    if bits.u(1):  # all_default
        return 8, 0
    if bits.u(1):  # extra_fields
        bits.u(3)  # orientation
        if bits.u(1):
            _size_header(bits)  # intrinsic size
        if bits.u(1) or bits.u(1):  # preview or animation
            raise UnsupportedError("jpegxl: a preview or an animation", offset=2, codec="jpegxl")
    if bits.u(1):  # floating point samples
        raise UnsupportedError("jpegxl: floating point samples", offset=2, codec="jpegxl")
    selector = bits.u(2)
    precision = (8, 10, 12)[selector] if selector < 3 else 1 + bits.u(6)
    bits.u(1)  # modular_16bit_buffers
    selector = bits.u(2)
    return precision, selector if selector < 2 else 2 + bits.u(4) if selector == 2 else 1 + bits.u(12)
