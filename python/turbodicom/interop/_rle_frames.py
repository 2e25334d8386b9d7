# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""RLE frames as the plugin protocols want them: bytes in, bytes out, sizes by keyword (PS3.5 Annex G)."""

import numpy as np

from turbodicom.codecs import rle
from turbodicom.errors import TruncatedDataError, UnsupportedError

_MAX_RATIO = 64  # two bytes of a replicate run give 128: PS3.5 G.3.1


def decode_frame(source, rows, columns, samples, bits_allocated, *, planar, byteorder="<"):
    """Decode one frame into a bytearray; 1-bit frames come one byte a pixel."""
    if bits_allocated == 1 and samples == 1:
        return _decode_bits(source, rows, columns)
    return _decode_bytes(source, rows, columns, samples, _dtype(bits_allocated), planar, byteorder)


def _decode_bytes(source, rows, columns, samples, dtype, planar, byteorder):
    size_bytes = rows * columns * samples * dtype.itemsize
    if size_bytes > _MAX_RATIO * len(source):
        raise TruncatedDataError(
            f"rle: {len(source)} bytes, too few for a frame of {size_bytes} (PS3.5 G.3.1)",
            offset=len(source),
            codec="rle",
        )
    frame = bytearray(size_bytes)
    flat = np.frombuffer(frame, dtype)
    if planar:
        array = flat.reshape(samples, rows, columns).transpose(1, 2, 0)
    else:
        array = flat.reshape(rows, columns, samples)
    rle.decode(source, array.shape, dtype, out=array)
    if byteorder == ">":
        flat.byteswap(inplace=True)
    return frame


def _decode_bits(source, rows, columns):
    """Eight pixels a byte, as in native pixel data, or one, as pylibjpeg-rle writes: that one runs on."""
    pixels = rows * columns
    packed_bytes = (pixels + 7) // 8
    if packed_bytes <= _MAX_RATIO * len(source):
        report = []
        packed = rle.decode(source, (1, packed_bytes), np.uint8, report=report)
        if "trailing_bytes" not in report[0].quirks:
            return bytearray(np.unpackbits(packed[0], count=pixels, bitorder="little"))
    return _decode_bytes(source, rows, columns, 1, np.dtype(np.uint8), planar=False, byteorder="<")


def encode_frame(source, rows, columns, samples, bits_allocated, byteorder="<"):
    """Encode one frame, samples interleaved; 1-bit frames may come packed."""
    dtype = _dtype(bits_allocated).newbyteorder(byteorder)
    if bits_allocated == 1 and len(source) == (rows * columns * samples + 7) // 8 < rows * columns * samples:
        source = np.unpackbits(
            np.frombuffer(source, np.uint8), count=rows * columns * samples, bitorder="little"
        )
    array = np.frombuffer(source, dtype)
    if array.size != rows * columns * samples:
        raise ValueError(
            f"{len(source)} bytes are not a frame of {rows} x {columns} x {samples} samples"
            f" of {dtype.itemsize} bytes"
        )
    return rle.encode(array.reshape(rows, columns, samples))


def _dtype(bits_allocated):
    if bits_allocated not in (1, 8, 16, 32, 64):
        raise UnsupportedError(f"rle: bits_allocated {bits_allocated}, not 1, 8, 16, 32 or 64", codec="rle")
    return np.dtype(f"u{(bits_allocated + 7) // 8}")
