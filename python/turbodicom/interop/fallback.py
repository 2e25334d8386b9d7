# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Transfer syntaxes without a codec of our own: one fixed, permissive decoder each, called directly.

Begin at :func:`decode_frame`: read the header (`_streams`), compare it with the data set, decode, then give
the samples the dtype and values pydicom's ``pixel_array(raw=True)`` gives them. `_DECODERS` is the table.

Every decoder is a function of imagecodecs: over a public corpus each read every file right, they release the
GIL, and take no longer than pyjpegls or pylibjpeg-openjpeg. HTJ2K goes to OpenJPEG too: OpenJPH is
twice as fast but wraps around where a lossy sample leaves its range.
"""

from dataclasses import dataclass
from functools import cache, partial

import numpy as np

from turbodicom.errors import ConformanceError, UnsupportedError
from turbodicom.interop import _cost, _libraries, _stored_values, _streams

__all__ = ["DecodedFrame", "FrameInfo", "decode_frame", "decoders"]


@dataclass(frozen=True)
class FrameInfo:
    """What the data set says of one frame: attributes of the Image Pixel module (PS3.3 C.7.6.3)."""

    rows: int
    columns: int
    samples_per_pixel: int
    bits_allocated: int
    bits_stored: int
    pixel_representation: int
    photometric_interpretation: str


@dataclass(frozen=True)
class DecodedFrame:
    """One frame as coded: the codec's inverse transforms done, YCbCr not turned into RGB.

    Attributes
    ----------
    array : ndarray, shape (rows, columns) or (rows, columns, samples)
        C-contiguous and writable.
    photometric_interpretation : str
        What the samples of `array` are; may differ from the data set's.
    decoder : str
        Who decoded, with its version.
    quirks : list of str
        Tolerated contradictions, by name.
    """

    array: np.ndarray
    photometric_interpretation: str
    decoder: str
    quirks: list


@dataclass(frozen=True)
class _Decoder:
    """One row of the table: how to call the library, and what makes its result pydicom's."""

    codec: str
    function: str
    arguments: dict


_JPEGLS = _Decoder("jpegls", "jpegls_decode", {})
_JPEG2000 = _Decoder("jpeg2000", "jpeg2k_decode", {"numthreads": 1})
_JPEGXL = _Decoder("jpegxl", "jpegxl_decode", {"numthreads": 1})

_ROOT = "1.2.840.10008.1.2.4."
_DECODERS = {
    _ROOT + "80": _JPEGLS,
    _ROOT + "81": _JPEGLS,
    _ROOT + "90": _JPEG2000,
    _ROOT + "91": _JPEG2000,
    _ROOT + "110": _JPEGXL,
    _ROOT + "111": _JPEGXL,
    _ROOT + "112": _JPEGXL,
    _ROOT + "201": _JPEG2000,
    _ROOT + "202": _JPEG2000,
    _ROOT + "203": _JPEG2000,
}


def decode_frame(transfer_syntax_uid, source, info, limits=None):
    """Decode one frame of a transfer syntax that has no codec of our own.

    Parameters
    ----------
    transfer_syntax_uid : str
        A key of :func:`decoders`.
    source : bytes-like
        One encoded frame, fragments already joined, without item tags.
    info : FrameInfo
        What the data set says of the frame.
    limits : Limits, optional
        Their `bytes_per_frame` bounds what the library may take; default: ``Limits()``.

    Returns
    -------
    DecodedFrame
        Its array has shape (rows, columns) or (rows, columns, samples); uint8, int8, uint16, int16, uint32 or
        int32: as wide as Bits Allocated says, or as the codestream's precision needs where that is more.

    Raises
    ------
    ConformanceError
        Rows, columns or components of the codestream are not the data set's; before anything is allocated.
    TruncatedDataError, CorruptDataError
        The codestream ends too early, or contradicts its coding.
    UnsupportedError
        A transfer syntax not in the table, or imagecodecs is not installed.
    LimitExceededError
        More memory than limits and codestream justify, or than there is.

    Notes
    -----
    Source: PS3.5 8.2 and A.4; sign, precision and unused bits by pydicom's rules.
    """
    decoder = _DECODERS.get(str(transfer_syntax_uid))
    if decoder is None:
        raise UnsupportedError(f"no decoder for transfer syntax {transfer_syntax_uid}")
    library = _imagecodecs()
    source = bytes(source)
    header = _streams.read_header(decoder.codec, source)
    _streams.check_agreement(header, info.rows, info.columns, info.samples_per_pixel)
    _cost.check_length(header, len(source))
    _cost.check_memory(header, info.samples_per_pixel, len(source), limits)
    quirks = []
    decode = partial(getattr(library, decoder.function), **decoder.arguments)
    array = _libraries.DECODE[decoder.codec](decode, source, header, quirks)
    _check_shape(array, header, info)
    array = _stored_values.pydicom_values(array, header, info, quirks)
    photometric = _stored_values.photometric_interpretation(str(transfer_syntax_uid), header, info, quirks)
    return DecodedFrame(array, photometric, _name(decoder.function), quirks)


def decoders():
    """Table of the fallback decoders, for ``turbodicom doctor``.

    Returns
    -------
    dict of str to str or None
        Transfer syntax UID -> library and version, or None where the extra `codecs` is not installed.

    Notes
    -----
    Source: PS3.6 Table A-1 (the UIDs).
    """
    try:
        _imagecodecs()
    except UnsupportedError:
        return dict.fromkeys(_DECODERS)
    return {uid: _name(decoder.function) for uid, decoder in _DECODERS.items()}


def _imagecodecs():
    try:
        import imagecodecs
    except ImportError:
        raise UnsupportedError(
            "this transfer syntax is decoded by imagecodecs, which is not installed:"
            " pip install 'turbodicom[codecs]'"
        ) from None
    return imagecodecs


@cache
def _name(function):
    """As "libjpeg_turbo 3.1.3 (imagecodecs 2026.3.6)"."""
    library = _imagecodecs()
    version = getattr(library, function.replace("_decode", "_version"))()
    return f"{version.partition('/')[0]} (imagecodecs {library.__version__})"


def _check_shape(array, header, info):
    """The last word: what came out is what the data set asked for, and integers."""
    expected = (info.rows, info.columns)
    if info.samples_per_pixel > 1:
        expected += (info.samples_per_pixel,)
    if array.shape != expected:
        raise ConformanceError(
            f"{header.codec}: decoded to shape {array.shape}, the data set says {expected} (PS3.5 8.2)",
            codec=header.codec,
        )
    if array.dtype.kind not in "ui" or array.dtype.itemsize > 4:
        raise UnsupportedError(f"{header.codec}: samples of type {array.dtype}", codec=header.codec)
