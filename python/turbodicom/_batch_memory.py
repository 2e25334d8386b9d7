# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The caller's memory as an array that shares it: NumPy arrays, buffers, tensors of the CPU (DLPack)."""

from __future__ import annotations

import numpy as np

from turbodicom._pixel_values import check_out

__all__ = ["dtype_of", "fitted", "memory_of"]


def memory_of(out):
    """Return an array over the memory of `out`; nothing is copied.

    Parameters
    ----------
    out : ndarray, buffer or object with ``__dlpack__``

    Returns
    -------
    ndarray

    Raises
    ------
    TypeError
        Nothing of the kind, or not in the memory of the CPU.
    """
    if isinstance(out, np.ndarray):
        return out
    try:
        return np.asarray(memoryview(out))  # shares its memory, by the buffer protocol
    except TypeError:
        pass
    if not hasattr(out, "__dlpack__"):
        raise TypeError(f"out must be an array, a tensor or a writable buffer, not {type(out).__name__}")
    try:
        array = np.from_dlpack(out)
    except (BufferError, RuntimeError, TypeError, ValueError) as error:
        raise TypeError(f"out cannot be shared with NumPy: {error}") from None
    return array if array.flags.writeable else _writeable_twin(out, array)


def _writeable_twin(out, array):
    """NumPy before 2.1 imports DLPack read-only; ``__array__`` of the same object may give the same memory to write to."""
    twin = np.asarray(out)
    return twin if twin.flags.writeable and _place(twin) == _place(array) else array


def _place(array):
    return array.ctypes.data, array.shape, array.strides, array.dtype


def dtype_of(out, memory):
    """Return the dtype that the caller's memory asks for; None for bytes, which are only room."""
    return None if _is_room(out, memory) else memory.dtype


def fitted(out, memory, shape, dtype):
    """Return the caller's memory as the result's array.

    Parameters
    ----------
    out : object
    memory : ndarray
        Of :func:`memory_of`.
    shape : tuple of int
    dtype : dtype

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        Another shape or dtype, or read-only.
    """
    if _is_room(out, memory) and memory.dtype != dtype:
        wanted = int(np.prod(shape)) * dtype.itemsize
        if memory.nbytes != wanted:
            raise ValueError(f"out must have {wanted} bytes, not {memory.nbytes}")
        memory = memory.view(dtype)
        if not memory.flags.aligned:
            raise ValueError(f"out must begin at a multiple of {dtype.itemsize} bytes")
    if _is_room(out, memory) or (memory.ndim == 1 and not isinstance(out, np.ndarray)):
        memory = memory.reshape(shape) if memory.size == int(np.prod(shape)) else memory
    check_out(memory, shape, dtype)
    return memory


def _is_room(out, memory):
    """A plain buffer of bytes: shared memory, mmap, bytearray."""
    is_plain = not isinstance(out, np.ndarray) and not hasattr(out, "__dlpack__")
    return is_plain and memory.ndim == 1 and memory.dtype.itemsize == 1 and memory.flags.c_contiguous
