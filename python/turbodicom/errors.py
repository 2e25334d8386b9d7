# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Exceptions: one class per thing a caller can do about it.

::

    Error                     everything turbodicom says about data
     +-- TruncatedDataError   the bytes end before the data does
     +-- CorruptDataError     the bytes contradict the coding
     +-- ConformanceError     data set, codestream and standard contradict each other
     +-- UnsupportedError     legal, but not implemented or not installed; the message says what to install
     +-- LimitExceededError   more than ``td.Limits`` allows

Files that cannot be opened or read raise the usual OSError, misuse by the caller ValueError or TypeError.
"""

__all__ = [
    "ConformanceError",
    "CorruptDataError",
    "Error",
    "LimitExceededError",
    "TruncatedDataError",
    "UnsupportedError",
]


class Error(Exception):
    """Base of all errors about data.

    Attributes
    ----------
    offset : int or None
        Byte at which it was seen: in the file, or in the codestream when `codec` is set.
    where : str
        Tag path (``(0008,1140)[0].(0008,1150)``) or frame (``frame 3``), or empty.
    codec : str
        Name of the codec that complained, or empty.
    """

    def __init__(self, message, *, offset=None, where="", codec=""):
        super().__init__(message)
        self.offset = offset
        self.where = where
        self.codec = codec

    def __reduce__(self):
        return _rebuild, (type(self), str(self), self.offset, self.where, self.codec)


def _rebuild(cls, message, offset, where, codec):
    return cls(message, offset=offset, where=where, codec=codec)


class TruncatedDataError(Error):
    """The bytes end before the data does."""


class CorruptDataError(Error):
    """The bytes contradict the coding."""


class ConformanceError(Error):
    """Data set, codestream and standard contradict each other."""


class UnsupportedError(Error):
    """Legal, but not implemented here or not installed; the message says what to install."""


class LimitExceededError(Error):
    """More than the limits in force allow; see ``td.Limits``."""
