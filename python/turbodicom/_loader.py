# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Batches ahead of the one who uses them: ``td.Loader``.

Two threads make them, so that one reads headers while the other waits for the core, whose threads do the work.
"""

from __future__ import annotations

import operator
import os
from collections import deque
from concurrent.futures import Future
from itertools import islice

import numpy as np

from turbodicom._batch import BatchMaker, NothingReadableError
from turbodicom._batch_sources import as_sequence, renumbered
from turbodicom._loading_threads import LoadingThreads

__all__ = ["Loader"]


class Loader:
    """Batches of images, in a fixed order, made while the one before is used. No worker processes.

    Parameters
    ----------
    sources : sequence or iterable
        As of :func:`turbodicom.batch`. A Sequence, or what has ``len`` and indexing but no iteration of its own, is asked
        for each batch; everything else is made a list at once, columns of NumPy, pandas, polars and Arrow by position.
    batch_size : int
    sampler : iterable of int, optional
        Which sources, in this order, anew for each iteration: a list, a permutation, a sampler of torch (also a distributed
        one); to go on in the middle, one that begins there. Default: all in order.
    prefetch : int, optional
        Batches made ahead; 0 makes each when it is asked for.
    drop_last : bool, optional
        Leave out a last batch that is not full.
    allocate : callable, optional
        Given shape and dtype, returns the memory for a batch, which is then what is yielded:
        ``lambda shape, dtype: torch.empty(shape, pin_memory=True)``. Default: new NumPy arrays.
    size : (int, int), optional
    fit : {"stretch", "pad", "crop"}, optional
    options : PixelOptions, optional
        The other keywords as one value.
    **keywords
        The fields of :class:`PixelOptions`, as of :func:`turbodicom.batch`. Where stored values of several types are among
        the sources, `dtype` is needed for batches of one type.

    Yields
    ------
    array : ndarray, or what `allocate` gave
        (batch, rows, columns, samples), or planar (batch, samples, rows, columns).
    indexes : ndarray of int64
        Of the sources in it.
    report : list of FrameReport
        Only with ``on_error="report"``: one for each source.

    Raises
    ------
    Error, OSError, ValueError
        As :func:`turbodicom.batch`, at the batch they belong to; ``source`` is the index among all sources. That ends the
        iteration.

    Notes
    -----
    A Loader can be pickled if its arguments can. ``len`` is the number of batches. Each ``iter`` begins anew; leaving a loop early stops what is under way. `sources` and
    `sampler` are asked in the thread that iterates, `allocate` in others.

    Examples
    --------
    >>> for images, indexes in td.Loader(paths, 32, values="modality", size=(224, 224)):  # doctest: +SKIP
    ...     train(images, labels[indexes])
    """

    def __init__(
        self,
        sources,
        batch_size,
        *,
        sampler=None,
        prefetch=2,
        drop_last=False,
        allocate=None,
        size=None,
        fit="stretch",
        options=None,
        **keywords,
    ):
        self._sources, self._sampler, self._drop_last = as_sequence(sources), sampler, bool(drop_last)
        self._batch_size = _at_least("batch_size", batch_size, 1)
        self._prefetch = _at_least("prefetch", prefetch, 0)
        if allocate is not None and not callable(allocate):
            raise TypeError(f"allocate must be callable, not {type(allocate).__name__}")
        self._allocate = allocate
        self._arguments = size, fit, options, keywords
        self._tolerant = self._new_maker().options.on_error == "report"

    def __len__(self):
        """Return the number of batches; TypeError where the sampler has no length."""
        count = len(self._sources if self._sampler is None else self._sampler)
        return count // self._batch_size if self._drop_last else -(-count // self._batch_size)

    def __iter__(self):
        """Iterate over the batches from the beginning."""
        work = _Work(self._sources, self._new_maker(), self._allocate, self._tolerant)
        batches = self._indexes()
        return work.inline(batches) if self._prefetch == 0 else work.ahead(batches, self._prefetch)

    def _new_maker(self):
        return BatchMaker("Loader", *self._arguments)

    def _indexes(self):
        """Yield the indexes of each batch."""
        numbers = iter(range(len(self._sources)) if self._sampler is None else self._sampler)
        while indexes := [operator.index(number) for number in islice(numbers, self._batch_size)]:
            if len(indexes) == self._batch_size or not self._drop_last:
                yield indexes


class _Work:
    """One iteration."""

    def __init__(self, sources, maker, allocate, is_tolerant):
        self._sources, self._maker, self._allocate, self._is_tolerant = sources, maker, allocate, is_tolerant
        self._layout = None  # of the last batch handed out

    def inline(self, batches):
        for indexes in batches:
            yield self._handed_out(self._make(indexes, [self._sources[index] for index in indexes], None))

    def ahead(self, batches, count):
        process, pending = os.getpid(), deque()
        threads = LoadingThreads(min(count, 2))
        try:
            pending.extend(self._submit(threads, indexes) for indexes in islice(batches, count))
            while pending:
                if os.getpid() != process:
                    message = "a Loader's iteration cannot go on in a forked process; begin a new one"
                    raise RuntimeError(message)
                made = pending.popleft().result()
                pending.extend(self._submit(threads, indexes) for indexes in islice(batches, 1))
                yield self._handed_out(made)
        finally:
            threads.close(wait=os.getpid() == process)

    def _submit(self, threads, indexes):
        """The sources are taken here, in the thread that iterates; an error of that waits for its turn."""
        try:
            sources = [self._sources[index] for index in indexes]
        except Exception as error:  # noqa: BLE001  whatever the caller's sequence raises
            failed = Future()
            failed.set_exception(error)
            return failed
        return threads.submit(self._make, indexes, sources, threads.poll)

    def _make(self, indexes, sources, poll):
        numbers = np.array(indexes, np.int64)
        try:
            return self._maker.make(sources, None, self._allocate, poll), numbers
        except NothingReadableError as nothing:
            return nothing, numbers
        except Exception as error:
            if isinstance(getattr(error, "source", None), int):
                renumbered(error, indexes[error.source])
            raise

    def _handed_out(self, batch):
        """What the loop gets. Batches come here in order: one without a readable source is like the one before."""
        made, numbers = batch
        if isinstance(made, NothingReadableError):
            made = self._maker.make_empty(made, self._layout, self._allocate)
        result, reports, self._layout = made
        return (result, numbers, reports) if self._is_tolerant else (result, numbers)


def _at_least(name, value, least):
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, not {value!r}") from None
    if number < least:
        raise ValueError(f"{name} must be {least} or more, not {number}")
    return number
