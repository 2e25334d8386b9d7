# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Our RLE codec behind pylibjpeg's entry points ``pylibjpeg.pixel_data_decoders`` and ``_encoders``.

Version 1 of that protocol returns an array of bytes, version 2 (pydicom >= 3) a bytearray; frames are
planes, one sample after the other, as pylibjpeg-rle returns them.
"""

import numpy as np

from turbodicom.interop import _rle_frames

__all__ = ["decode_pixel_data", "encode_pixel_data"]

_DECODER_KEYS = {"rows": "Rows", "columns": "Columns", "bits_allocated": "BitsAllocated"}
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
    frame = _rle_frames.decode_frame(
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
    return _rle_frames.encode_frame(src, rows, columns, samples, bits_allocated, byteorder or "<")


def _sizes(keys, ds, kwargs):
    values = [
        kwargs.get(name) if ds is None else ds.get(keyword, kwargs.get(name))
        for name, keyword in keys.items()
    ]
    if None in values:
        missing = [name for name, value in zip(keys, values, strict=True) if value is None]
        raise ValueError(f"missing keywords: {', '.join(missing)}")
    return [int(value) for value in values]
