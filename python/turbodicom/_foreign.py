# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Frames of syntaxes without a codec of our own: decoded one at a time in Python, finished by the core.

Begin at :func:`read_foreign`. Deflated frames go through zlib, the others through `interop.fallback`.
"""

from __future__ import annotations

import numpy as np

from turbodicom.errors import (
    ConformanceError,
    CorruptDataError,
    Error,
    LimitExceededError,
    TruncatedDataError,
    UnsupportedError,
)

__all__ = ["frame_shape", "read_foreign"]

_UNQUESTIONED_BYTES = 128 << 20  # our limit: room for frames that fail to decode needs bytes to justify it beyond,
_MAX_RATIO = 1024  # one of codestream for so many: a bit for each block of 8 x 8 samples of 16 bits


def read_foreign(reader, frames, out, planar, rgb, tolerant, workers, limits):
    keep_frames = isinstance(frames, list) or (frames is None and reader.number_of_frames > 1)
    if frames is None:
        reader.check_frames([reader.number_of_frames - 1], tolerant)
    indexes = range(reader.number_of_frames) if frames is None else frames if keep_frames else [frames]
    reader.check_frames(list(indexes), tolerant)
    decode = _foreign_decoder(reader, tolerant, limits)
    # The first frame's codestream is compared with the header before room is made for all of them.
    first = decode(indexes[0]) if len(indexes) else None
    shape = frame_shape(reader, planar)
    if out is None:
        _refuse_unjustified(reader, indexes, first)
        out = _room((len(indexes), *shape) if keep_frames else shape, reader.dtype)
    elif out.shape != ((len(indexes), *shape) if keep_frames else shape) or out.dtype != reader.dtype:
        raise ValueError(f"out must have shape {shape} after the frame axis and dtype {reader.dtype}")
    targets = out if keep_frames else [out]

    def finish(position, decoded):
        index, target = indexes[position], targets[position]
        return _finish_foreign(reader, index, decoded, target, planar, rgb)

    def work(position):
        return finish(position, decode(indexes[position]))

    rows = [finish(0, first)] if len(indexes) else []
    rest = range(1, len(indexes))
    if workers > 1 and len(rest) > 1:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(workers) as pool:
            rows += pool.map(work, rest)
    else:
        rows += map(work, rest)
    return out, rows


def _refuse_unjustified(reader, indexes, first):
    """Raise what is wrong with the first frame where the codestreams do not justify room for all of them.

    No codestream that told its size, and agreed with the header, stands behind the room then.
    """
    wanted = reader.frame_bytes * len(indexes)
    if not isinstance(first, Error) or wanted <= _UNQUESTIONED_BYTES:
        return
    if wanted > _MAX_RATIO * sum(length for index in indexes for _, length in reader.spans(index)):
        raise first


def _room(shape, dtype):
    try:
        return np.empty(shape, dtype)
    except MemoryError:
        raise LimitExceededError(f"image: not enough memory for an array of shape {shape}") from None


def _foreign_decoder(reader, tolerant, limits):
    """Return a function index -> decoded frame, stored bytes, or the Error that happened when `tolerant`."""
    if not reader.codec:
        raise ConformanceError(
            f"image: Pixel Data is in fragments, but {reader.transfer_syntax_name} knows none (PS3.5 A.4)",
            where="(7fe0,0010)",
        )
    decode = _inflate_frame if reader.codec == "deflate" else _fallback(reader, limits)

    def guarded(index):
        try:
            return decode(reader, reader.codestream(index))
        except Error as error:
            error.where = error.where or f"frame {index}"
            error.codec = error.codec or reader.codec
            if not tolerant or isinstance(error, UnsupportedError):
                raise
            return error

    return guarded


def _fallback(reader, limits):
    # The one import against the arrows of the house: fallback decoders are part of interop, and what
    # they cover shrinks as codecs of our own land.
    from turbodicom.interop import fallback

    info = fallback.FrameInfo(
        rows=reader.rows,
        columns=reader.columns,
        samples_per_pixel=reader.samples_per_pixel,
        bits_allocated=reader.bits_allocated,
        bits_stored=reader.bits_stored,
        pixel_representation=int(reader.is_signed),
        photometric_interpretation=reader.photometric_interpretation,
    )
    uid = reader.transfer_syntax_uid
    return lambda _, source: fallback.decode_frame(uid, source, info, limits)


def _inflate_frame(reader, source):
    """Deflated Image Frame Compression (PS3.5 A.4.13): one raw deflate stream a frame, never more than a frame."""
    import zlib

    expected = (reader.stored_frame_bits + 7) // 8
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        stored = stream.decompress(source, expected)
    except zlib.error as error:
        raise CorruptDataError(f"deflate: {error} (RFC 1951)", offset=0, codec="deflate") from None
    if len(stored) < expected:
        raise TruncatedDataError(
            f"deflate: the frame inflates to {len(stored)} bytes, expected {expected}",
            offset=len(source),
            codec="deflate",
        )
    return stored


def _finish_foreign(reader, index, decoded, target, planar, rgb):
    if isinstance(decoded, Error):
        target[...] = 0
        return index, str(decoded), decoded.offset, 0, [], reader.codec
    if isinstance(decoded, bytes):
        reader.finish_native(decoded, rgb, planar, target)
        return index, None, None, reader.rows, [], "zlib"
    array = np.asarray(decoded.array, dtype=reader.dtype)
    reader.finish_decoded(array, decoded.photometric_interpretation, rgb, planar, target)
    return index, None, None, reader.rows, decoded.quirks, decoded.decoder


def frame_shape(reader, planar):
    plane = (reader.rows, reader.columns)
    if reader.samples_per_pixel == 1:
        return plane
    return (reader.samples_per_pixel, *plane) if planar else (*plane, reader.samples_per_pixel)
