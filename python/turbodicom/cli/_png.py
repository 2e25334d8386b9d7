# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""PNG files of 8-bit grey or RGB images (ISO/IEC 15948), with zlib alone.

Signature, IHDR, one IDAT, IEND; no filter, no interlace: enough to look at.
"""

import struct
import zlib

import numpy as np

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _RGB = 0, 2  # colour types of 11.2.2


def png_bytes(image):
    """Encode an image.

    Parameters
    ----------
    image : ndarray of uint8, shape (rows, columns) or (rows, columns, 3)

    Returns
    -------
    bytes

    Raises
    ------
    ValueError
        Another shape or dtype.

    Notes
    -----
    Source: ISO/IEC 15948 5.2 and 11.2.
    """
    image = np.ascontiguousarray(image)
    if image.dtype != np.uint8 or not (image.ndim == 2 or (image.ndim == 3 and image.shape[2] == 3)):
        raise ValueError(
            f"image must be uint8, 2-D or with 3 samples, not {image.dtype} of shape {image.shape}"
        )
    rows, columns = image.shape[:2]
    header = struct.pack(">IIBBBBB", columns, rows, 8, _GREY if image.ndim == 2 else _RGB, 0, 0, 0)
    lines = np.zeros((rows, 1 + image[0].size), np.uint8)  # filter type 0 before each line
    lines[:, 1:] = image.reshape(rows, -1)
    body = zlib.compress(lines.tobytes(), 6)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
