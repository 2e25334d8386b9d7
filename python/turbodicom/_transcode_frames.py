# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Frames on several threads for :func:`turbodicom.transcode`: in order, a bounded number at a time.

Begin at :func:`encoded_frames`. A lossless codestream is decoded again and compared before it leaves here.
"""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from turbodicom import codecs
from turbodicom._transcode_source import Scratch
from turbodicom.errors import CorruptDataError

__all__ = ["BitsAboveError", "FrameWork", "in_order"]

_JOB_BYTES = 1 << 20  # small frames are handed to a thread by the megabyte: waking it costs some 50 us
_MOST_JOB_FRAMES = 256
_JOBS_AHEAD = 2  # for each thread, beside the one it works on


class BitsAboveError(Exception):
    """A sample has bits above the precision that was planned."""


def in_order(work, number_of_frames, frame_bytes, workers):
    """Yield ``work(index, scratch)`` for every frame, in order.

    Parameters
    ----------
    work : callable
        (int, Scratch) -> object; called on several threads.
    number_of_frames, frame_bytes, workers : int

    Yields
    ------
    object
    """
    step = max(1, min(_JOB_BYTES // max(frame_bytes, 1), _MOST_JOB_FRAMES))
    jobs = [range(begin, min(begin + step, number_of_frames)) for begin in range(0, number_of_frames, step)]
    if workers == 1 or len(jobs) == 1:
        scratch = Scratch()
        for index in range(number_of_frames):
            yield work(index, scratch)
        return
    yield from _on_threads(work, jobs, min(workers, len(jobs)))


def _on_threads(work, jobs, workers):
    local = threading.local()

    def run(indexes):
        scratch = getattr(local, "scratch", None)
        if scratch is None:
            scratch = local.scratch = Scratch()
        return [work(index, scratch) for index in indexes]

    pool = ThreadPoolExecutor(workers, thread_name_prefix="turbodicom-transcode")
    try:
        pending = deque()
        for job in jobs:
            pending.append(pool.submit(run, job))
            if len(pending) > workers * _JOBS_AHEAD:
                yield from pending.popleft().result()
        while pending:
            yield from pending.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class FrameWork:
    """What is done with one frame, by a Plan.

    Parameters
    ----------
    source : FrameSource
    plan : Plan
    """

    def __init__(self, source, plan):
        self._source, self._plan, self._format = source, plan, plan.format
        self._encode = {"rle": self._encode_rle, "jpeg": self._encode_jpeg}.get(plan.target.codec)

    def codestream(self, index, scratch):
        """Return the frame as the target has it, of even length."""
        if self._plan.way == "verbatim":
            return _even(self._source.codestream(index))
        cells = self._source.cells(index, scratch)
        codestream = self._encode(cells)
        if not self._plan.target.is_lossy:
            self._verify(cells, codestream, scratch, index)
        return codestream

    def _encode_rle(self, cells):
        return codecs.rle.encode(cells)

    def _encode_jpeg(self, cells):
        precision = self._plan.precision
        if precision < self._format.bits_allocated:
            if int(cells.max()) >> precision:
                raise BitsAboveError
            if self._plan.bits_allocated < self._format.bits_allocated:
                cells = cells.astype(np.uint8)
        return codecs.jpeg.encode(cells, **self._plan.settings)

    def _verify(self, cells, codestream, scratch, index):
        """Decode what was encoded; every bit of every cell has to be there."""
        out = scratch.cells("verification", self._format)
        if self._plan.target.codec == "rle":
            codecs.rle.decode(
                codestream, self._format.shape, self._format.dtype, limits=self._source.limits, out=out
            )
        else:
            codecs.jpeg.decode(codestream, color="coded", limits=self._source.limits, out=out)
        if not _equal(cells, out):
            raise CorruptDataError(
                "transcode: the encoded frame does not decode to the samples it was made of",
                where=f"frame {index}",
                codec=self._plan.target.codec,
            )


def _even(codestream):
    return codestream if len(codestream) % 2 == 0 else codestream + b"\0"


def _equal(one, other):
    if one.flags.c_contiguous and other.flags.c_contiguous and one.nbytes % 8 == 0:
        one, other = one.reshape(-1).view(np.uint64), other.reshape(-1).view(np.uint64)
    return bool((one == other).all())
