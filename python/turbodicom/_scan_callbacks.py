# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""What the core leaves to Python in a scan: other character sets, and deflated files.

Both are called from the core's threads, with the GIL; an exception becomes the error of the row.
"""

import os

from turbodicom import _inflate, _values
from turbodicom._options import Limits

__all__ = ["decode", "inflater"]


def decode(value, character_set, vr):
    """Decode text as ``ds[...]`` does.

    Parameters
    ----------
    value : bytes
        Of one element, all its values.
    character_set : bytes
        Specific Character Set (0008,0005), or what stands in its place.
    vr : str

    Returns
    -------
    str
        Without padding; several values separated by backslashes.
    """
    terms = tuple(character_set.decode("latin-1").rstrip(" \0").split("\\"))
    text = _values._text(value, vr, _values.python_encodings(terms)[0], _forgive)
    return "\\".join(text) if isinstance(text, list) else str(text)


def _forgive(code, message):
    """A scan keeps no issues; replacement characters stand in for what cannot be decoded."""


def inflater(limits):
    """Return the function that inflates a file's data set under these limits.

    Parameters
    ----------
    limits : Limits or None

    Returns
    -------
    callable
        ``inflate(path: bytes, offset: int) -> bytes``
    """
    limits = limits or Limits()

    def inflate(path, offset):
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0))
        try:
            data, problem = _inflate._Inflation(_Deflated(descriptor, offset), limits).run()
        finally:
            os.close(descriptor)
        if problem is not None and not data:
            raise problem
        return bytes(data)

    return inflate


class _Deflated:
    """As much of a Dataset as inflating asks for."""

    def __init__(self, descriptor, offset):
        self._descriptor = descriptor
        self._file_record = (None, None, None, offset)
        self._source_size_bytes = os.fstat(descriptor).st_size

    def _read_bytes(self, offset, size):
        return os.pread(self._descriptor, size, offset)
