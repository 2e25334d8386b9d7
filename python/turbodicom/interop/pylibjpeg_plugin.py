# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Our codecs behind pylibjpeg's entry points ``pylibjpeg.pixel_data_decoders``, ``_encoders`` and ``jpeg_decoders``.

Version 1 of that protocol returns an array of bytes, version 2 (pydicom >= 3) a bytearray. RLE frames are planes,
one sample after the other, as pylibjpeg-rle returns them; JPEG frames are interleaved, as pylibjpeg-libjpeg's.
"""

import os

import numpy as np

from turbodicom.codecs import jpeg
from turbodicom.interop import _plugin_frames
from turbodicom.interop._jpeg_colour import jpeg_colour

__all__ = ["decode", "decode_jpeg_pixel_data", "decode_pixel_data", "encode_pixel_data"]

_DECODER_KEYS = {"rows": "Rows", "columns": "Columns", "bits_allocated": "BitsAllocated"}
_JPEG_KEYS = {
    "rows": "Rows",
    "columns": "Columns",
    "samples_per_pixel": "SamplesPerPixel",
    "photometric_interpretation": "PhotometricInterpretation",
}
_ENCODER_KEYS = {**_DECODER_KEYS, "samples_per_pixel": "SamplesPerPixel"}


def decode_pixel_data(src, ds=None, version=1, **kwargs):
    """Decode one RLE frame for pylibjpeg.

    Parameters
    ----------
    src : bytes
        One frame's codestream.
    ds : pydicom Dataset or dict, optional
        Where version 1 finds *Rows*, *Columns* and *Bits Allocated*.
    version : {1, 2}
        Of pylibjpeg's protocol.
    **kwargs
        ``rows``, ``columns``, ``bits_allocated``; ``byteorder`` "<" (default) or ">" of the result;
        ``pack_bits`` (version 2, 1-bit frames): eight pixels a byte. Others are ignored.

    Returns
    -------
    ndarray of uint8, shape (bytes of the frame,), or bytearray
        Planar configuration 1; by `version`.

    Raises
    ------
    ValueError
        A keyword is missing.
    TruncatedDataError, CorruptDataError, ConformanceError
        As :func:`turbodicom.codecs.rle.decode`.

    Notes
    -----
    Source: PS3.5 Annex G; pylibjpeg 2 plugin protocol.
    """
    rows, columns, bits_allocated = _sizes(_DECODER_KEYS, ds if version == 1 else None, kwargs)
    samples = max(1, int.from_bytes(src[:4], "little") * 8 // max(8, bits_allocated))
    frame = _plugin_frames.decode_rle(
        src,
        rows,
        columns,
        min(samples, 15),
        bits_allocated,
        planar=True,
        byteorder=kwargs.get("byteorder", "<"),
    )
    if version == 1:
        return np.frombuffer(frame, np.uint8)
    if bits_allocated == 1 and kwargs.get("pack_bits", False):
        return bytearray(np.packbits(np.frombuffer(frame, np.uint8), bitorder="little").tobytes())
    return frame


def decode_jpeg_pixel_data(src, ds=None, version=1, **kwargs):
    """Decode one JPEG frame for pylibjpeg.

    Parameters
    ----------
    src : bytes
        One frame's codestream.
    ds : pydicom Dataset or dict, optional
        Where version 1 finds *Rows*, *Columns*, *Samples per Pixel* and *Photometric Interpretation*.
    version : {1, 2}
        Of pylibjpeg's protocol.
    **kwargs
        ``rows``, ``columns``, ``samples_per_pixel``: compared with the codestream's where given;
        ``photometric_interpretation``. Others are ignored.

    Returns
    -------
    ndarray of uint8, shape (bytes of the frame,), or bytearray
        Samples interleaved, 8 bits each up to a precision of 8, else 16, little endian; by `version`. Version 2
        leaves YCbCr to its caller; version 1 gives RGB for what the data set calls so.

    Raises
    ------
    TruncatedDataError, CorruptDataError, UnsupportedError
        As :func:`turbodicom.codecs.jpeg.decode`.
    ConformanceError
        The codestream has other sizes than the data set.

    Notes
    -----
    Source: ITU-T T.81; pylibjpeg 2 plugin protocol.
    """
    rows, columns, samples, declared = _values(_JPEG_KEYS, ds if version == 1 else None, kwargs)

    def is_not_rgb(info):
        found, _ = jpeg_colour("", "RGB", info.colour, info.colour_source, info.is_subsampled)
        return found != "RGB"

    colour = is_not_rgb if version == 1 and declared == "RGB" else None
    frame = _plugin_frames.decode_jpeg(src, rows, columns, samples, colour=colour)
    return np.frombuffer(frame, np.uint8) if version == 1 else frame


def decode(source, **kwargs):
    """Decode a JPEG image for ``pylibjpeg.decode``.

    Parameters
    ----------
    source : str, path-like, binary file object or bytes
        The image, or where it is.
    **kwargs
        Those of :func:`turbodicom.codecs.jpeg.decode`; ``color`` is "coded" unless given, as pylibjpeg-libjpeg
        does by default.

    Returns
    -------
    ndarray, shape (rows, columns) or (rows, columns, samples); uint8 or uint16
        As :func:`turbodicom.codecs.jpeg.decode`.

    Raises
    ------
    TruncatedDataError, CorruptDataError, UnsupportedError
        As :func:`turbodicom.codecs.jpeg.decode`.

    Notes
    -----
    Source: ITU-T T.81; pylibjpeg 2 plugin protocol.
    """
    if isinstance(source, (str, os.PathLike)):
        with open(source, "rb") as file:
            source = file.read()
    elif hasattr(source, "read"):
        source = source.read()
    return jpeg.decode(source, **{"color": "coded", **kwargs})


def encode_pixel_data(src, ds=None, byteorder=None, **kwargs):
    """Encode one RLE frame for pylibjpeg.

    Parameters
    ----------
    src : bytes
        One frame, samples interleaved.
    ds : pydicom Dataset or dict, optional
        Where *Rows*, *Columns*, *Bits Allocated* and *Samples per Pixel* are found.
    byteorder : {"<", ">"}, optional
        Of `src`; required above 8 bits.
    **kwargs
        ``rows``, ``columns``, ``bits_allocated``, ``samples_per_pixel`` where there is no `ds`.
        Others are ignored.

    Returns
    -------
    bytes
        One frame's codestream.

    Raises
    ------
    ValueError
        A keyword is missing or `src` does not have the size they say.

    Notes
    -----
    Source: PS3.5 Annex G; pylibjpeg 2 plugin protocol.
    """
    rows, columns, bits_allocated, samples = _sizes(_ENCODER_KEYS, ds, kwargs)
    if bits_allocated > 8 and byteorder not in ("<", ">"):
        raise ValueError(f"byteorder must be '<' or '>' above 8 bits, not {byteorder!r}")
    return _plugin_frames.encode_rle(src, rows, columns, samples, bits_allocated, byteorder or "<")


def _sizes(keys, ds, kwargs):
    values = _values(keys, ds, kwargs)
    if None in values:
        missing = [name for name, value in zip(keys, values, strict=True) if value is None]
        raise ValueError(f"missing keywords: {', '.join(missing)}")
    return [int(value) for value in values]


def _values(keys, ds, kwargs):
    """From the data set, if there is one, else from the keywords; None for what neither has."""
    return [
        kwargs.get(name) if ds is None else ds.get(keyword, kwargs.get(name))
        for name, keyword in keys.items()
    ]
