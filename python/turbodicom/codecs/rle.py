# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""DICOM RLE (PS3.5 Annex G) on bare codestreams: one frame, fragments joined, without item tags."""

from turbodicom import _core
from turbodicom.codecs import _bare

__all__ = ["decode", "encode", "read_info"]

_NAME = "rle"


def read_info(source):
    """Read the RLE header.

    Parameters
    ----------
    source : bytes-like
        One frame's codestream; its first 64 bytes are looked at.

    Returns
    -------
    StreamInfo
        `components` is the number of segments. RLE knows neither rows nor columns: they are None.

    Raises
    ------
    TruncatedDataError
        Fewer than 64 bytes.
    CorruptDataError
        A number of segments outside 1..15.

    Notes
    -----
    Source: PS3.5 G.5.
    """
    return _bare.read_info(_NAME, source)


def decode(source, shape, dtype, *, limits=None, out=None, on_error="raise", report=None):
    """Decode one frame.

    Parameters
    ----------
    source : bytes-like
        One frame's codestream.
    shape : (rows, columns) or (rows, columns, samples)
        RLE carries no dimensions.
    dtype : dtype-like
        Native integers; as many bytes a sample as the codestream has segments for.
    limits : Limits, optional
        Bounds on pixels and bytes.
    out : ndarray of that shape and dtype, optional
        Any strides (so a transposed planar array serves as well); filled in place.
    on_error : {"raise", "report"}
        Whether damage raises, or what could be decoded is returned, the rest 0, with one warning.
    report : list, optional
        Gets one FrameReport: reason, byte offset, valid rows, quirks.

    Returns
    -------
    ndarray
        `out`, or a new array of `shape` and `dtype`.

    Raises
    ------
    TruncatedDataError, CorruptDataError
        `offset` is the byte of `source` where it was seen.
    ConformanceError
        The number of segments does not fit `shape` and `dtype`.
    LimitExceededError
        More than `limits` allow.
    ValueError, TypeError
        Arguments that cannot be meant.

    Notes
    -----
    Source: PS3.5 Annex G.
    """
    if type(source) is not bytes:
        _bare.check_source(source)
    if limits is None and out is None and report is None and on_error == "raise":
        array = _core.decode_plain(_NAME, source, shape, dtype)
        if array is not None:
            return array
    array = _bare.destination(shape, dtype, limits, out)
    return _bare.decode(_NAME, source, array, limits, on_error, report)


def encode(array):
    """Encode one frame.

    Parameters
    ----------
    array : ndarray, shape (rows, columns) or (rows, columns, samples)
        Integers, any strides and byte order; at most 15 bytes a pixel.

    Returns
    -------
    bytes
        Of even length; each row packed by itself, as PS3.5 G.3.1 asks.

    Raises
    ------
    ValueError, TypeError
        Not such an array.

    Notes
    -----
    Source: PS3.5 Annex G.
    """
    return _core.encode_codestream(_NAME, _bare.source_array(array), None)
