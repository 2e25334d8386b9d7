# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Pictures as files: PNG, PGM/PPM, BMP, TIFF and JPEG from arrays of 8 or 16 bits, gray or RGB.

Begin at `write_picture`; ``<format>_bytes`` give the bytes. PPM and BMP are byte for byte those of DCMTK's
``DicomImage`` (except that padding of BMP lines, there whatever was in memory, is 0).
"""

import os
import struct
import zlib

import numpy as np

from turbodicom._atomic_file import AtomicFile

__all__ = ["FORMATS", "bmp_bytes", "jpeg_bytes", "png_bytes", "ppm_bytes", "tiff_bytes", "write_picture"]


def write_picture(path, image, format=None, **options):
    """Write a picture; the file appears whole or not at all.

    Parameters
    ----------
    path : str or path-like
    image : ndarray of uint8 or uint16, shape (rows, columns) or (rows, columns, 3)
    format : {"png", "ppm", "pgm", "bmp", "tiff", "jpeg"}, optional
        Default what the end of the name says.
    **options
        Of ``<format>_bytes``.

    Raises
    ------
    ValueError
        No such format, or an image it cannot hold.
    OSError
        The file cannot be written.
    """
    name = format or os.path.splitext(os.fsdecode(path))[1].lstrip(".").lower()
    if name not in FORMATS:
        raise ValueError(f"format must be one of {', '.join(FORMATS)}, not {name!r}")
    data = FORMATS[name](image, **options)
    with AtomicFile(path) as file:
        file.write(data)


def _checked(image, dtypes=("uint8", "uint16")):
    image = np.ascontiguousarray(image)
    if (
        image.dtype.name not in dtypes
        or image.ndim not in (2, 3)
        or image.shape[2:] not in ((), (3,))
        or image.size == 0
    ):
        raise ValueError(
            f"image must be {' or '.join(dtypes)}, 2-D or with 3 samples, not {image.dtype} of shape {image.shape}"
        )
    return image


# -- PNG ------------------------------------------------------------------------------------------------------

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_GRAY, _PNG_RGB = 0, 2  # colour types of 11.2.2


def png_bytes(image, *, level=6):
    """Encode a picture as PNG: no filter, no interlace.

    Parameters
    ----------
    image : ndarray of uint8 or uint16, shape (rows, columns) or (rows, columns, 3)
    level : int, optional
        Of zlib: 0 (large, fast) to 9.

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
    image = _checked(image)
    rows, columns = image.shape[:2]
    bits, kind = image.itemsize * 8, _PNG_GRAY if image.ndim == 2 else _PNG_RGB
    header = struct.pack(">IIBBBBB", columns, rows, bits, kind, 0, 0, 0)
    samples = image.astype(image.dtype.newbyteorder(">"), copy=False).reshape(rows, -1).view(np.uint8)
    lines = np.zeros((rows, 1 + samples.shape[1]), np.uint8)  # filter type 0 before each line
    lines[:, 1:] = samples
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, level)), (b"IEND", b""))
    return _PNG_SIGNATURE + b"".join(_png_chunk(name, data) for name, data in chunks)


def _png_chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


# -- PGM, PPM -------------------------------------------------------------------------------------------------


def ppm_bytes(image, *, bits=None, raw=True):
    """Encode a picture as PGM (gray) or PPM (RGB), as DCMTK's ``writeRawPPM`` and ``writePPM`` do.

    Parameters
    ----------
    image : ndarray of unsigned integers, shape (rows, columns) or (rows, columns, 3)
    bits : int, optional
        The header's largest value is ``2**bits - 1``; default the bits of the dtype.
    raw : bool, optional
        Binary, of 8 bits at most (P5, P6); else numbers as text, in one line (P2, P3).

    Returns
    -------
    bytes

    Raises
    ------
    ValueError
        Another shape or dtype, or more than 8 bits in a raw picture.
    """
    image = _checked(image, ("uint8", "uint16", "uint32"))
    bits = image.itemsize * 8 if bits is None else bits
    if raw and (image.itemsize > 1 or bits > 8):
        raise ValueError(f"a raw picture must have at most 8 bits, not {max(bits, image.itemsize * 8)}")
    magic = (b"P2", b"P5", b"P3", b"P6")[2 * (image.ndim == 3) + raw]
    header = b"%b\n%d %d\n%d\n" % (magic, image.shape[1], image.shape[0], (1 << bits) - 1)
    return header + (image.tobytes() if raw else _as_text(image))


def _as_text(image):
    """Every number with a space behind it."""
    if image.itemsize > 2:
        return b"".join(b"%d " % number for number in image.ravel().tolist())
    table = [b"%d " % number for number in range(int(image.max()) + 1)]
    return b"".join(map(table.__getitem__, image.ravel().tolist()))


# -- BMP ------------------------------------------------------------------------------------------------------


def bmp_bytes(image, *, bits=None):
    """Encode a picture as a Windows bitmap, as DCMTK's ``writeBMP`` does.

    Parameters
    ----------
    image : ndarray of uint8, shape (rows, columns) or (rows, columns, 3)
    bits : {8, 24, 32}, optional
        Of a pixel; default 8 (a palette of grays) for gray, 24 for RGB, which cannot have 8.

    Returns
    -------
    bytes
        Lines from the bottom to the top, padded to four bytes; blue, green, red (and 0).

    Raises
    ------
    ValueError
        Another shape or dtype, or number of bits.
    """
    image = _checked(image, ("uint8",))
    is_gray = image.ndim == 2
    bits = (8 if is_gray else 24) if bits is None else bits
    if bits not in ((8, 24, 32) if is_gray else (24, 32)):
        raise ValueError(f"bits must be {'8, ' if is_gray else ''}24 or 32, not {bits!r}")
    rows, columns = image.shape[:2]
    samples = bits // 8
    lines = np.zeros((rows, -(-columns * samples // 4) * 4), np.uint8)
    if bits == 8:
        lines[:, :columns] = image[::-1]
    else:
        colors = image[::-1, :, None] if is_gray else image[::-1, :, ::-1]
        lines[:, : columns * samples].reshape(rows, columns, samples)[..., :3] = colors
    palette = b"".join(bytes((gray, gray, gray, 0)) for gray in range(256)) if bits == 8 else b""
    begin = 14 + 40 + len(palette)
    header = struct.pack("<2sIHHI", b"BM", begin + lines.size, 0, 0, begin)
    header += struct.pack("<IiiHHIIiiII", 40, columns, rows, 1, bits, 0, 0, 0, 0, 0, 0)
    return header + palette + lines.tobytes()


# -- TIFF -----------------------------------------------------------------------------------------------------

_SHORT, _LONG = 3, 4  # field types


def tiff_bytes(image):
    """Encode a picture as TIFF: little endian, one strip, not compressed.

    Parameters
    ----------
    image : ndarray of uint8 or uint16, shape (rows, columns) or (rows, columns, 3)

    Returns
    -------
    bytes

    Raises
    ------
    ValueError
        Another shape or dtype, or 4 GiB and more.

    Notes
    -----
    Source: TIFF 6.0, sections 2, 4 (bilevel to grayscale) and 6 (RGB).
    """
    image = _checked(image)
    rows, columns = image.shape[:2]
    samples = 1 if image.ndim == 2 else 3
    if image.nbytes >= (1 << 32) - 4096:
        raise ValueError(f"image must be below 4 GiB, not {image.nbytes} bytes")
    bits_place = 8 + 2 + 11 * 12 + 4  # behind the header and the directory of eleven fields
    resolution_place = bits_place + 8
    data_place = resolution_place + 16
    bits = image.itemsize * 8
    fields = [
        (0x0100, _LONG, 1, columns),
        (0x0101, _LONG, 1, rows),
        (0x0102, _SHORT, samples, bits if samples == 1 else bits_place),
        (0x0103, _SHORT, 1, 1),  # Compression: none
        (0x0106, _SHORT, 1, 1 if samples == 1 else 2),  # PhotometricInterpretation: BlackIsZero, RGB
        (0x0111, _LONG, 1, data_place),
        (0x0115, _SHORT, 1, samples),
        (0x0116, _LONG, 1, rows),
        (0x0117, _LONG, 1, image.nbytes),
        (0x011A, 5, 1, resolution_place),  # XResolution and YResolution: 1/1, of no unit
        (0x011B, 5, 1, resolution_place + 8),
    ]
    directory = b"".join(struct.pack("<HHII", *field) for field in fields)
    header = struct.pack("<2sHIH", b"II", 42, 8, len(fields)) + directory + struct.pack("<I", 0)
    values = struct.pack("<HHHH", bits, bits, bits, 0) + struct.pack("<IIII", 1, 1, 1, 1)
    return header + values + image.astype(image.dtype.newbyteorder("<"), copy=False).tobytes()


# -- JPEG -----------------------------------------------------------------------------------------------------


def jpeg_bytes(image, **options):
    """Encode a picture as baseline JPEG.

    Parameters
    ----------
    image : ndarray of uint8, shape (rows, columns) or (rows, columns, 3)
    **options
        Of ``turbodicom.codecs.jpeg.encode``, as quality (default 90) and subsampling.

    Returns
    -------
    bytes

    Raises
    ------
    ValueError
        Another shape or dtype.
    """
    from turbodicom.codecs import jpeg

    return bytes(jpeg.encode(_checked(image, ("uint8",)), **{"process": "baseline", **options}))


FORMATS = {
    "bmp": bmp_bytes,
    "jpeg": jpeg_bytes,
    "jpg": jpeg_bytes,
    "pgm": ppm_bytes,
    "png": png_bytes,
    "ppm": ppm_bytes,
    "tif": tiff_bytes,
    "tiff": tiff_bytes,
}
