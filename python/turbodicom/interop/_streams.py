# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""What a codestream says of itself, read in plain Python before any foreign decoder sees it.

The fallback decoders are other people's libraries; nothing reaches them before the header has been read
here (:func:`read_header`) and found to agree with the data set (:func:`check_agreement`).
"""

from turbodicom.errors import ConformanceError
from turbodicom.interop._jpeg2000_header import read_jpeg2000
from turbodicom.interop._jpegls_header import read_jpegls
from turbodicom.interop._jpegxl_header import read_jpegxl

_READERS = {
    "jpegls": read_jpegls,
    "jpeg2000": read_jpeg2000,
    "jpegxl": read_jpegxl,
}


def read_header(codec, source):
    """Header of one frame's codestream.

    Parameters
    ----------
    codec : {"jpegls", "jpeg2000", "jpegxl"}
        Which coding the transfer syntax promises.
    source : bytes
        One frame, fragments joined.

    Returns
    -------
    StreamHeader

    Raises
    ------
    TruncatedDataError, CorruptDataError
        No header can be read.
    UnsupportedError
        A form of the coding no fallback decoder implements.

    Notes
    -----
    Source: T.87 C.2, T.800 A.5, ISO/IEC 18181-1 D.
    """
    return _READERS[codec](source)


def check_agreement(header, rows, columns, samples_per_pixel):
    """Raise ConformanceError where the codestream's size is not the data set's.

    Parameters
    ----------
    header : StreamHeader
        Of :func:`read_header`.
    rows, columns, samples_per_pixel : int
        As the data set has them.

    Returns
    -------
    None

    Raises
    ------
    ConformanceError
        Before anything has been allocated.

    Notes
    -----
    Source: PS3.5 8.2.
    """
    pairs = (
        ("rows", header.rows, rows),
        ("columns", header.columns, columns),
        ("components", header.components or samples_per_pixel, samples_per_pixel),
    )
    for name, found, expected in pairs:
        if found != expected:
            raise ConformanceError(
                f"{header.codec}: the codestream has {found} {name}, the data set {expected},"
                f" at byte {header.offset} (PS3.5 8.2)",
                offset=header.offset,
                codec=header.codec,
            )
