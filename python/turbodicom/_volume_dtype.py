# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""One dtype for the stored values of several files. Begin at :func:`common_dtype`."""

from __future__ import annotations

import numpy as np

__all__ = ["common_dtype"]

_WHOLE = tuple(map(np.dtype, ("u1", "i1", "u2", "i2", "u4", "i4", "i8")))


def common_dtype(readers):
    """Return the dtype that holds the stored values of all readers.

    Parameters
    ----------
    readers : list of FrameReader

    Returns
    -------
    dtype
        The one they have, if that is one. Else of integers the narrowest, not narrower than any of theirs, that holds
        what *Bits Stored* and *Pixel Representation* allow; with floating point among them the narrowest of these that
        loses nothing.
    """
    dtypes = {reader.dtype for reader in readers}
    if len(dtypes) == 1:
        return dtypes.pop()
    if any(dtype.kind == "f" for dtype in dtypes):
        return np.result_type(*dtypes)
    low, high = 0, 0
    for reader in readers:
        top = (1 << (reader.bits_stored - reader.is_signed)) - 1
        low, high = min(low, -top - 1 if reader.is_signed else 0), max(high, top)
    widest = max(dtype.itemsize for dtype in dtypes)
    for dtype in _WHOLE:
        room = np.iinfo(dtype)
        if dtype.itemsize >= widest and room.min <= low and high <= room.max:
            return dtype
    return np.result_type(*dtypes)
