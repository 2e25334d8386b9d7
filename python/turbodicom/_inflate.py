# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Deflated data sets (PS3.5 A.5): inflated as a stream, under two caps, before they are parsed."""

import zlib

from turbodicom import _core
from turbodicom._options import Limits
from turbodicom._values import add_issue
from turbodicom.errors import CorruptDataError, LimitExceededError, TruncatedDataError

__all__ = ["inflate"]

_INPUT_BYTES = 1 << 18
_STEP_BYTES = 1 << 20  # what may come out before the caps are looked at again
_SUSPECT_BYTES = (
    1 << 23
)  # from here on a stream beyond the ratio is tried out first, without keeping what comes
_RATIO_FREE_BYTES = 1 << 26  # the ratio counts from 64 MiB on
_EXPLICIT_LITTLE_ENDIAN = (False, False)


def inflate(dataset):
    """Inflate the data set of a deflated file and hang it into `dataset`.

    Parameters
    ----------
    dataset : Dataset
        Read up to the end of the file meta information.

    Raises
    ------
    CorruptDataError, TruncatedDataError
        Nothing could be inflated; in strict mode: not everything.
    LimitExceededError
        More comes out than the limits allow.
    OSError
        The file cannot be read.
    """
    settings = dataset._settings
    limits = (settings[1] if settings is not None else None) or Limits()
    data, problem = _Inflation(dataset, limits).run()
    if problem is not None and (not data or dataset._is_strict):
        raise problem
    inflated = _core.read_bare(type(dataset), data, *_EXPLICIT_LITTLE_ENDIAN, -1, settings, "")
    dataset._attach(inflated)
    if problem is not None:
        add_issue(dataset, "inflate", str(problem), problem.offset, 0)


class _Inflation:
    """One run over the deflate stream (RFC 1951, no zlib header)."""

    def __init__(self, dataset, limits):
        self.dataset, self.limits = dataset, limits
        self.begin = self.offset = dataset._file_record[3]
        self.end = dataset._source_size_bytes
        self.stream = zlib.decompressobj(wbits=-15)
        self.data = bytearray()
        self.tried_out = False

    def run(self):
        """Return what came out, and the error that ended it early or None."""
        try:
            while not self.stream.eof:
                piece = self.stream.unconsumed_tail or self._next_input()
                if not piece:
                    return self.data, TruncatedDataError(
                        "inflate: the file ends before the deflate stream does (PS3.5 A.5)", offset=self.end
                    )
                self.data += self.stream.decompress(piece, _STEP_BYTES)
                self._check()
        except zlib.error:
            return self.data, CorruptDataError(
                "inflate: not a deflate stream (RFC 1951, PS3.5 A.5)", offset=self.offset
            )
        return self.data, None

    def _next_input(self):
        size = min(_INPUT_BYTES, self.end - self.offset)
        piece = self.dataset._read_bytes(self.offset, size)
        self.offset += size
        return piece

    def _check(self):
        self._charge(len(self.data), self._consumed(self.stream))
        if len(self.data) > _SUSPECT_BYTES and not self.tried_out and self._is_beyond_ratio(len(self.data)):
            self.tried_out = True
            self._try_out()

    def _try_out(self):
        """Let a suspect stream run on a copy up to the first cap, keeping nothing: a bomb costs no memory."""
        probe, size, offset = self.stream.copy(), len(self.data), self.offset
        while not probe.eof and size <= _RATIO_FREE_BYTES:
            piece = probe.unconsumed_tail or self._next_input()
            if not piece:
                break
            size += len(probe.decompress(piece, _STEP_BYTES))
            self._charge(size, self._consumed(probe))
        self.offset = offset

    def _consumed(self, stream):
        return max(1, self.offset - self.begin - len(stream.unconsumed_tail))

    def _is_beyond_ratio(self, size):
        return size > self.limits.inflate_ratio * self._consumed(self.stream)

    def _charge(self, size, consumed):
        if size > self.limits.inflated_bytes:
            raise LimitExceededError(
                f"inflate: more than the {self.limits.inflated_bytes} bytes allowed come out",
                offset=self.offset,
            )
        if size > _RATIO_FREE_BYTES and size > self.limits.inflate_ratio * consumed:
            raise LimitExceededError(
                f"inflate: more than {self.limits.inflate_ratio} bytes come out of each deflated one",
                offset=self.offset,
            )
