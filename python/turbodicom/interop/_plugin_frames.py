# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Frames as the plugin protocols want them: bytes in, little-endian bytes out, sizes by keyword.

The codestream's own headers are compared with those sizes before room is made for the frame (PS3.5 8.2).
"""

import sys

import numpy as np

from turbodicom.codecs import _bare, jpeg, rle
from turbodicom.errors import ConformanceError, UnsupportedError

_JPEG_SETTINGS = {
    "colour": "none",
    "reduce": 0,
    "window": None,
    "workers": 1,
    "predictor6_overflow": False,
    "cornell_huffman": False,
}


def decode_rle(source, rows, columns, samples, bits_allocated, *, planar, byteorder="<"):
    """Decode one frame into a bytearray; 1-bit frames come one byte a pixel."""
    if bits_allocated == 1 and samples == 1:
        return _decode_rle_bits(source, rows, columns)
    return _decode_rle_bytes(source, rows, columns, samples, _dtype("rle", bits_allocated), planar, byteorder)


def _decode_rle_bytes(source, rows, columns, samples, dtype, planar, byteorder):
    _bare.check_justified("rle", source, (rows, columns, samples), dtype)
    frame = bytearray(rows * columns * samples * dtype.itemsize)
    flat = np.frombuffer(frame, dtype)
    if planar:
        array = flat.reshape(samples, rows, columns).transpose(1, 2, 0)
    else:
        array = flat.reshape(rows, columns, samples)
    rle.decode(source, array.shape, dtype, out=array)
    _to_byteorder(flat, byteorder)
    return frame


def _decode_rle_bits(source, rows, columns):
    """Eight pixels a byte, as in native pixel data, or one, as pylibjpeg-rle writes: that one runs on."""
    pixels = rows * columns
    packed_bytes = (pixels + 7) // 8
    if packed_bytes <= len(source) * _bare.max_ratio("rle"):
        report = []
        packed = rle.decode(source, (1, packed_bytes), np.uint8, report=report)
        if "trailing_bytes" not in report[0].quirks:
            return bytearray(np.unpackbits(packed[0], count=pixels, bitorder="little"))
    return _decode_rle_bytes(source, rows, columns, 1, np.dtype(np.uint8), planar=False, byteorder="<")


def encode_rle(source, rows, columns, samples, bits_allocated, byteorder="<"):
    """Encode one frame, samples interleaved; 1-bit frames may come packed."""
    dtype = _dtype("rle", bits_allocated).newbyteorder(byteorder)
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


def decode_jpeg(source, rows=None, columns=None, samples=None, bits_allocated=None, *, colour=None):
    """Decode one frame into a bytearray, samples interleaved, as wide as `bits_allocated` or as coded.

    Sizes that are None are the codestream's. `colour` is a function of its StreamInfo that says whether YCbCr
    becomes RGB; None: samples as coded.
    """
    info = jpeg.read_info(source)
    _check_agreement(info, rows=rows, columns=columns, components=samples)
    dtype = _dtype("jpeg", bits_allocated or (8 if info.precision <= 8 else 16))
    if info.precision > 8 * dtype.itemsize:
        raise ConformanceError(
            f"jpeg: samples of {info.precision} bits, Bits Allocated is {bits_allocated} (PS3.5 8.2)",
            codec="jpeg",
        )
    shape = (info.rows, info.columns, info.components)
    _bare.check_justified("jpeg", source, shape, dtype)
    frame = bytearray(info.rows * info.columns * info.components * dtype.itemsize)
    flat = np.frombuffer(frame, dtype)
    to_rgb = colour is not None and colour(info)
    settings = {**_JPEG_SETTINGS, "colour": "ycc_to_rgb" if to_rgb else "none"}
    _decode_into(flat.reshape(shape), source, settings)
    _to_byteorder(flat, "<")
    return frame


def _decode_into(array, source, settings):
    """The codec fills 8 or 16 bits; containers wider than that are filled from there."""
    wide = array.dtype.itemsize > 2
    target = np.empty(array.shape, np.uint16) if wide else array
    _bare.decode("jpeg", source, target, None, "raise", None, settings)
    if wide:
        array[...] = target


def _check_agreement(info, **expected):
    for name, value in expected.items():
        found = getattr(info, name)
        if value is not None and value != found:
            raise ConformanceError(
                f"jpeg: the codestream has {found} {name}, the data set {value} (PS3.5 8.2)", codec="jpeg"
            )


def _to_byteorder(flat, byteorder):
    """From the machine's order, in place."""
    if byteorder != {"little": "<", "big": ">"}[sys.byteorder]:
        flat.byteswap(inplace=True)


def _dtype(codec, bits_allocated):
    if bits_allocated not in (1, 8, 16, 32, 64):
        raise UnsupportedError(
            f"{codec}: bits_allocated {bits_allocated}, not 1, 8, 16, 32 or 64", codec=codec
        )
    return np.dtype(f"u{(bits_allocated + 7) // 8}")
