# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""JPEG (ITU-T T.81) on bare codestreams: baseline, extended, progressive and lossless, 2 to 16 bits.

Arguments of :func:`decode` and :func:`encode` are checked in `_jpeg_options`.
"""

import numpy as np

from turbodicom import _core
from turbodicom.codecs import _bare, _jpeg_options

__all__ = ["decode", "encode", "read_info"]

_NAME = "jpeg"


def read_info(source):
    """Read the marker segments in front of the first scan.

    Parameters
    ----------
    source : bytes-like
        One frame's codestream.

    Returns
    -------
    StreamInfo
        With `process` one of "baseline", "extended sequential", "progressive", "lossless".

    Raises
    ------
    TruncatedDataError, CorruptDataError
        No headers to be read; `offset` is the byte of `source` where it was seen.
    UnsupportedError
        An arithmetic-coded or hierarchical process, or more than four components.
    TypeError
        `source` is not bytes-like.

    Notes
    -----
    Source: ITU-T T.81 B.2; T.872 6.5.3 (APP14), T.871 (JFIF).
    """
    return _bare.read_info(_NAME, source)


def decode(
    source,
    *,
    color="rgb",
    reduce=0,
    roi=None,
    workarounds=(),
    workers=1,
    limits=None,
    out=None,
    on_error="raise",
    report=None,
):
    """Decode one frame.

    Parameters
    ----------
    source : bytes-like
        One frame's codestream.
    color : {"rgb", "coded"}
        ``"rgb"``: YCbCr becomes RGB, and YCCK CMYK, where libjpeg takes the codestream's own markers to say so.
        ``"coded"``: the components as they are.
    reduce : int
        0 to 3 halvings of the resolution, by a smaller inverse DCT; 0 for lossless.
    roi : (row, column, rows, columns), optional
        Region in full-resolution pixels; only what it needs is decoded where restart markers allow.
    workarounds : sequence of {"predictor6_overflow", "cornell_huffman"}
        For codestreams of known defective encoders; the codec's README says which.
    workers : int
        Threads for this one image, used where restart markers allow.
    limits : Limits, optional
        Bounds on pixels and bytes.
    out : ndarray of the result's shape and dtype, optional
        Any strides (so a transposed planar array serves as well); filled in place.
    on_error : {"raise", "report"}
        Whether damage raises, or what could be decoded is returned with one warning.
    report : list, optional
        Gets one FrameReport: reason, byte offset, valid rows, quirks.

    Returns
    -------
    ndarray, shape (rows, columns) or (rows, columns, samples); uint8 or uint16
        `out`, or a new array; uint8 up to 8 bits of precision. Reduced sizes are ceil(n / 2**reduce), of the
        region too, whose first row is then row // 2**reduce.

    Raises
    ------
    TruncatedDataError, CorruptDataError
        `offset` is the byte of `source` where it was seen.
    UnsupportedError
        An arithmetic-coded or hierarchical process, more than four components, or `reduce` for lossless.
    LimitExceededError
        More than `limits` allow.
    ValueError, TypeError
        Arguments that cannot be meant, a region outside the image among them.

    Notes
    -----
    Source: ITU-T T.81; DCT values are those of libjpeg-turbo's default decoder, to the bit.
    """
    _bare.check_reporting(on_error, report)
    settings = _jpeg_options.decode_settings(color, reduce, workarounds, workers)
    roi = _jpeg_options.region(roi)
    info = read_info(source)
    shape, settings["window"] = _jpeg_options.result_shape(info, roi, settings["reduce"])
    dtype = np.uint8 if info.precision <= 8 else np.uint16
    if out is None:
        _bare.check_justified(_NAME, source, shape, dtype)
    array = _bare.destination(shape, dtype, limits, out)
    return _bare.decode(_NAME, source, array, limits, on_error, report, settings)


def encode(
    array,
    *,
    process="lossless",
    precision=None,
    predictor=1,
    point_transform=0,
    quality=90,
    tables=None,
    subsampling="4:4:4",
    color=None,
    optimise=True,
    restart_interval=None,
):
    """Encode one frame.

    Parameters
    ----------
    array : ndarray, shape (rows, columns) or (rows, columns, samples)
        8 or 16-bit integers, any strides and byte order, 1 to 4 samples; unsigned for the DCT processes.
        Signed ones are coded modulo 2**precision, as DICOM stores them.
    process : {"lossless", "baseline", "extended", "spectral", "progressive"}
        Baseline codes 8 bits, lossless 2 to 16, the others 8 or 12. Spectral is the progressive process with spectral
        selection alone, progressive with successive approximation too (T.81 G.1.1.1).
    precision : int, optional
        Significant bits of a sample; default 8 or 16 as the dtype for lossless, 8 or 12 for the others.
    predictor : {1, 2, 3, 4, 5, 6, 7, "auto"}
        Lossless: the selection value of T.81 Table H.1; ``"auto"`` takes the shortest result.
    point_transform : int
        Lossless: low bits that are dropped, so that it no longer is lossless (T.81 H.1.2.1).
    quality : int
        DCT: 1 to 100, scales the tables of T.81 Annex K as libjpeg does; not looked at beside `tables`.
    tables : array-like, shape (8, 8), or two of them, optional
        DCT: quantisation steps, 1 to 255 (65535 for 12 bits), in natural order: row v, column u holds that of
        the coefficient with vertical frequency v and horizontal frequency u. For Y and for Cb, Cr; one for both.
    subsampling : {"4:4:4", "4:2:2", "4:2:0", "4:4:0", "4:1:1"}
        DCT, three samples: of the second and third component.
    color : {"ycc", "coded"}, optional
        DCT, three samples: ``"ycc"`` (default) takes them as RGB and codes YCbCr, ``"coded"`` as they are.
        Lossless always codes samples as they are.
    optimise : bool
        Huffman tables made for this image, not those of Annex K; spectral, progressive and 12 bits always have them.
    restart_interval : int or "row", optional
        A restart marker after so many MCUs, 1 to 65535, or after each row of MCUs: such an image decodes on
        several threads. Lossless: an MCU is a pixel, and the number a multiple of the columns (T.81 H.1.1).

    Returns
    -------
    bytes
        Of even length: one fragment as PS3.5 A.4 wants it.

    Raises
    ------
    ValueError, TypeError
        Not such an array, samples beyond `precision`, or options that do not go together.

    Notes
    -----
    Source: ITU-T T.81; PS3.5 8.2.1.
    """
    array = _bare.source_array(array)
    settings = _jpeg_options.encode_settings(
        array,
        process=process,
        precision=precision,
        predictor=predictor,
        point_transform=point_transform,
        quality=quality,
        tables=tables,
        subsampling=subsampling,
        color=color,
        optimise=optimise,
        restart_interval=restart_interval,
    )
    return _core.encode_codestream(_NAME, array, settings)
