# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Planned frames into the result. Begin at :func:`decode_into`.

What is a ValueTransform or several goes through ``_core.read_jobs``, all files in one parallel piece of work. The rest (palettes,
windows found in the pixels, foreign syntaxes, `roi`, ...) is made by `_pixel_values`, a source at a time, in threads.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from turbodicom import _core
from turbodicom._batch_sources import DATA_ERRORS, blamed
from turbodicom._frames import FrameReport
from turbodicom._pixel_values import values_of

__all__ = ["decode_into", "fill_value", "report_of_error"]

_FLOAT32 = np.dtype(np.float32)
_SHOWN = ("voi", "presentation")


def decode_into(view, frames, fitting, options, workers, poll):
    """Fill a part of the result with each frame.

    Parameters
    ----------
    view : ndarray, shape (sources, rows, columns, samples)
    frames : list of PlannedFrame
    fitting : Fitting
    options : PixelOptions
    workers : int
    poll : callable or None
        Called now and then; may raise.

    Returns
    -------
    list of FrameReport
        In the order of `frames`.

    Raises
    ------
    Error, OSError, ValueError
        Of the first source that has one, unless errors are to be reported.
    """
    work = _Decoding(view, fitting, options)
    jobs, others, reports = [], [], {}
    for planned in frames:
        if poll is not None:
            poll()
        try:
            job = work.job(planned)
        except Exception as error:  # noqa: BLE001  raised again, but for data
            reports[planned.position] = work.failed(planned, error)
            continue
        if job is None:
            others.append(planned)
        else:
            jobs.append((planned, job))
    work.run_jobs(jobs, reports, workers, poll)
    work.run_others(others, reports, workers, poll)
    return [reports[planned.position] for planned in frames]


class _Decoding:
    """One call of :func:`decode_into`."""

    def __init__(self, view, fitting, options):
        self._view, self._fitting, self._options = view, fitting, options
        self._is_tolerant = options.on_error == "report"
        self._is_special = options.roi is not None or bool(options.reduce or options.workarounds)
        self._border = _border(options, view.dtype)
        self._single = replace(options, dtype=view.dtype, workers=1, layout="interleaved")

    def job(self, planned):
        """Return how ``_core.read_jobs`` is to do it, transform and resize; None for what it cannot do."""
        if self._is_special or planned.reader.road == "foreign":
            return None
        placement = self._fitting.placement(*planned.plane(self._options), self._border)
        can, transforms = planned.plan.frame_transforms(planned.reader.dtype, placement is not None)
        if not can:
            return None
        return transforms, placement

    def run_jobs(self, jobs, reports, workers, poll):
        if not jobs:
            return
        readers, frames, planes = zip(*((each.reader, each.frame, each.position) for each, _ in jobs), strict=True)
        transforms, resizes = zip(*(job for _, job in jobs), strict=True)
        readers = _core.FrameReaders(list(readers))
        how = self._options.color, self._is_tolerant, workers, poll
        try:
            rows = _core.read_jobs(readers, frames, planes, transforms, resizes, self._view, *how)
        except Exception as error:
            if hasattr(error, "job"):
                planned, _ = jobs[error.job]
                blamed(error, planned.position, planned.dataset)
            raise
        for (planned, _), row in zip(jobs, rows, strict=True):
            reports[planned.position] = _report(planned, row, planned.plan.quirks(0))

    def run_others(self, others, reports, workers, poll):
        if len(others) < 2 or workers < 2:
            for planned in others:
                reports[planned.position] = self._run_other(planned, poll)
            return
        with ThreadPoolExecutor(min(workers, len(others))) as pool:
            futures = [pool.submit(self._run_other, planned, poll) for planned in others]
            try:
                for planned, future in zip(others, futures, strict=True):
                    reports[planned.position] = future.result()
            finally:
                for future in futures:
                    future.cancel()

    def failed(self, planned, error):
        """Report an error of one source, or raise it."""
        if not self._is_tolerant or not isinstance(error, DATA_ERRORS):
            raise blamed(error, planned.position, planned.dataset)
        self._view[planned.position] = fill_value(self._options)
        return report_of_error(error, planned.frame)

    def _run_other(self, planned, poll):
        if poll is not None:
            poll()
        try:
            row, quirks = self._make(planned, self._view[planned.position])
        except Exception as error:  # noqa: BLE001  raised again, but for data
            return self.failed(planned, error)
        return _report(planned, row, quirks)

    def _make(self, planned, target):
        dataset, options = planned.dataset, self._options
        limits = options.limits or (dataset._settings and dataset._settings[1])
        placement = self._fitting.placement(*planned.plane(options), self._border)
        if placement is None:
            out = target if planned.plan.samples else target[..., 0]
            _, rows, quirks = values_of(dataset, planned.reader, planned.frame, out, self._single, limits)
            return rows[0], quirks[0]
        floats = replace(self._single, dtype=_FLOAT32)
        values, rows, quirks = values_of(dataset, planned.reader, planned.frame, None, floats, limits)
        values = values if planned.plan.samples else values[..., None]
        if placement[-1] is None:
            placement = (*placement[:-1], _zero_value(planned))
        _resize(_over_range(values, target.dtype, options), target, placement)
        return rows[0], quirks[0]


def _over_range(values, dtype, options):
    """0..1 over the range of an integer dtype, where that is what the last stages give."""
    if dtype.kind == "f" or options.values not in _SHOWN:
        return values
    room = np.iinfo(dtype)
    values *= np.float32(float(room.max) - float(room.min))
    values += np.float32(room.min)
    return values


def _resize(values, target, placement):
    if target.dtype.isnative and not (target.dtype.kind in "iu" and target.dtype.itemsize == 8):
        _core.resize(values, target, placement)
        return
    made = np.empty(target.shape, np.float64)
    _core.resize(values, made, placement)
    if target.dtype.kind != "f":
        room = np.iinfo(target.dtype)
        made = np.rint(made).clip(room.min, np.nextafter(float(room.max) + 1, 0))
    target[...] = made.astype(target.dtype)


def _zero_value(planned):
    """What stored value 0 becomes."""
    made = np.zeros((1, 1, 1), planned.plan.dtype)
    stored = np.zeros((1, 1, 1), planned.reader.dtype)
    if planned.plan.samples:
        made, stored = made[..., None], stored[..., None]
    planned.plan.apply(stored, 0, made, None, 1)
    return float(made.flat[0])


def _border(options, dtype):
    """What stands beside an image that does not fill its place; None for what stored value 0 becomes."""
    if options.fill is not None:
        return float(options.fill)
    if options.values not in _SHOWN:
        return None
    return float(np.iinfo(dtype).min) if dtype.kind in "iu" else 0.0


def fill_value(options):
    """Return what a source of which nothing is known becomes.

    Parameters
    ----------
    options : PixelOptions

    Returns
    -------
    number
    """
    return 0 if options.fill is None else options.fill


def _report(planned, row, quirks):
    """`row`: frame, reason, offset, valid rows, quirks, and perhaps the decoder."""
    reader = planned.reader
    own = "turbodicom " + ("native" if reader.road == "native" else reader.codec)
    every = [*row[4], *(code for code, *_ in reader.issues), *quirks]
    return FrameReport(planned.frame, *row[1:4], every, row[5] if len(row) > 5 else own)


def report_of_error(error, frame):
    """Return the report of a source that could not be decoded at all.

    Parameters
    ----------
    error : Exception
    frame : int

    Returns
    -------
    FrameReport
    """
    return FrameReport(frame, str(error), getattr(error, "offset", None), 0, [], "")
