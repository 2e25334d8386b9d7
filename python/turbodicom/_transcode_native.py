# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Native Pixel Data from one native syntax to another: the same bytes, up to their order (PS3.5 7.3, 8.1.1)."""

from __future__ import annotations

import numpy as np

__all__ = ["copied_pieces", "vr_to_write"]

_COPY_BYTES = 1 << 20  # at a time; a multiple of the sizes of all numbers


def copied_pieces(frames, element, told):
    """Yield the bytes of native Pixel Data, little endian.

    Parameters
    ----------
    frames : FrameSource
    element : Element
        Pixel Data, or one of its floating-point siblings.
    told : callable
        (bytes done, bytes in all), after each piece.

    Yields
    ------
    bytes
    """
    number_bytes = _number_bytes(frames, element.vr)
    for begin in range(0, element.length, _COPY_BYTES):
        end = min(begin + _COPY_BYTES, element.length)
        piece = frames.dataset.read_bytes(element.offset + begin, end - begin)
        yield piece if number_bytes == 1 else _turned_round(piece, number_bytes)
        told(end, element.length)


def _turned_round(piece, number_bytes):
    numbers = len(piece) // number_bytes
    rest = piece[numbers * number_bytes :]
    return np.frombuffer(piece, f"u{number_bytes}", numbers).byteswap().tobytes() + rest


def _number_bytes(frames, vr):
    """Bytes of the numbers whose order is to be turned round; 1: none."""
    if not frames.is_big_endian or vr == "OB":
        return 1
    if frames.is_float:
        return frames.reader.dtype.itemsize
    # Cells smaller than a word, and cells across words, lie in 16-bit words (PS3.5 8.1.2 and Annex D).
    return {32: 4, 64: 8}.get(frames.reader.bits_allocated, 2)


def vr_to_write(element, frames, is_implicit_vr):
    """Return the VR of native Pixel Data: as written; else 8 bits are OB, more are OW (PS3.5 A.2).

    Parameters
    ----------
    element : Element
    frames : FrameSource
    is_implicit_vr : bool
        Of the target.

    Returns
    -------
    str
    """
    if is_implicit_vr or element.written_vr in ("OB", "OW", "OF", "OD"):
        return element.written_vr or "OW"
    if frames.is_float:
        return "OF" if frames.reader.dtype.itemsize == 4 else "OD"
    return "OB" if frames.reader.bits_allocated <= 8 else "OW"
