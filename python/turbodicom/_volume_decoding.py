# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Slices into one array. Begin at :func:`decode`.

Frames of one file go the way of ``ds.pixels``. Frames of many files are jobs of ``_core.read_jobs``, one parallel piece of
work straight into the slices of the array; what the core does not do in one go (foreign syntaxes, palettes, lists of
windows, `roi`, `mask`, `workarounds`) is made slice by slice by the functions behind ``ds.pixels``, in threads.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from turbodicom import _core
from turbodicom._foreign import _MAX_RATIO as MAX_RATIO
from turbodicom._foreign import _UNQUESTIONED_BYTES as UNQUESTIONED_BYTES
from turbodicom._frame_decoding import _check_inside, refuse_what_is_not_there
from turbodicom._frames import FrameReport
from turbodicom._jobs import default_workers
from turbodicom._options import PixelOptions, asks_for_stored
from turbodicom._pixel_values import check_out, image_of, room_for, values_of
from turbodicom._pixels import _check_range, _stored
from turbodicom._value_plan import ValuePlan
from turbodicom._volume_dtype import common_dtype
from turbodicom._volume_report import naming
from turbodicom._volume_window import with_windows_found
from turbodicom.errors import ConformanceError, Error

__all__ = ["decode"]

_PLAIN = PixelOptions()


class Decoded(NamedTuple):
    """What :func:`decode` made."""

    array: np.ndarray
    """Shape (slices, rows, columns[, samples]) or (slices, samples, rows, columns)."""
    mask: np.ndarray | None
    """Of bool, shape (slices, rows, columns)."""
    rows: list
    """One for each slice: frame, reason, offset, valid rows, quirks, and perhaps the decoder."""
    quirks: Any
    """Given the index of a slice: those of its values."""

    @property
    def reasons(self):
        """Why slices are not whole; None for those that are."""
        return [row[1] for row in self.rows]

    def reports(self, slices):
        """Return one FrameReport for each slice."""
        return [
            _report(frame, row, reader, self.quirks(k))
            for k, (frame, row, reader) in enumerate(
                zip(slices.frames, self.rows, slices.readers, strict=True)
            )
        ]


def decode(slices, out, options):
    """Decode slices of one size into an array.

    Parameters
    ----------
    slices : Slices
        In the order of the volume.
    out : ndarray or None
    options : PixelOptions

    Returns
    -------
    Decoded

    Raises
    ------
    Error, OSError
        As :func:`turbodicom.pixels`; the message names the file.
    ValueError, TypeError
        Options that cannot be meant, or values that the dtype cannot hold.
    """
    if options.reduce:
        raise ValueError("a volume has full resolution: reduce must be 0")
    if slices.are_of_one_dataset:
        return _of_one_file(slices, out, options)
    return _ManyFiles(slices, options).decode(out)


def _of_one_file(slices, out, options):
    dataset, reader, frames = slices.datasets[0], slices.readers[0], slices.frames
    refuse_what_is_not_there(reader, options)
    try:
        result, rows, quirks = _frames_of(dataset, reader, frames, out, options)
    except (Error, OSError) as error:
        raise naming(error, slices.paths[0]) from None
    array, mask = result if options.mask else (result, None)
    return Decoded(array, mask, rows, quirks.__getitem__)


def _frames_of(dataset, reader, frames, out, options):
    """What ``ds.pixels`` does, but for the warning: result, rows of the report, quirks of the values of each."""
    limits = options.limits or (dataset is not None and dataset._settings and dataset._settings[1]) or None
    if asks_for_stored(options):
        result, rows = _stored(reader, frames, out, options, limits)
        return result, rows, [()] * len(rows)
    return values_of(dataset, reader, frames, out, options, limits)


class _ManyFiles:
    """Slices of several files: planned one by one, decoded all together."""

    def __init__(self, slices, options):
        self._slices = slices
        self._options = with_windows_found(slices, options)
        self._planar = options.layout == "planar"
        self._tolerant = options.on_error == "report"
        cores = default_workers()
        self._workers = min(options.workers or cores, max(cores, len(slices)))
        self._plans = None
        self._array = self._mask = None
        self._quirks_alone = {}  # of the values of slices that are made one by one

    def decode(self, out):
        """Return what was made."""
        slices, options = self._slices, self._options
        if options.roi is not None:
            _check_inside(slices.readers[0], options)  # all have one size
        shape, dtype = self._planned(out)
        self._refuse_unjustified(math.prod(shape[1:]) * dtype.itemsize)
        if out is not None:
            check_out(out, shape, dtype)
        self._array = room_for(shape, dtype) if out is None else out
        if options.mask:
            plane = _plane(slices.readers[0], options)
            self._mask = room_for((len(slices), *plane), np.bool_)
            self._mask[...] = False  # stays of slices that cannot be decoded
        places, transforms = self._jobs()
        rows = self._run(places, transforms)
        if len(rows) < len(slices):
            by_place = dict(zip(places, rows, strict=True))
            alone = [k for k in range(len(slices)) if k not in by_place]
            by_place |= zip(alone, _in_threads(self._one, alone, self._workers), strict=True)
            rows = [by_place[k] for k in range(len(slices))]
        return Decoded(self._array, self._mask, rows, self._quirks)

    def _quirks(self, k):
        if k in self._quirks_alone or self._plans is None:
            return self._quirks_alone.get(k, ())
        return self._plans[k].quirks(0)

    # -- plans ---------------------------------------------------------------------------------------------

    def _planned(self, out):
        """Shape and dtype of the result."""
        slices, options = self._slices, self._options
        plane = _plane(slices.readers[0], options)
        if asks_for_stored(options):
            dtype = self._stored_dtype()
            samples = slices.readers[0].samples_per_pixel
            samples = () if samples == 1 else (samples,)
            frame = (*samples, *plane) if self._planar else (*plane, *samples)
            return (len(slices), *frame), dtype
        dtype = options.dtype
        if dtype is None and out is not None and options.values != "stored":
            dtype = out.dtype
        if dtype is None and options.values == "stored":
            dtype = common_dtype(self._readers_of_kinds())
        self._plans = list(self._make_plans(dtype))
        dtypes = {plan.dtype for plan in self._plans}
        common = dtypes.pop() if len(dtypes) == 1 else np.result_type(*dtypes)
        if dtypes:
            self._plans = list(self._make_plans(common))
        first = self._plans[0].samples
        other = next((k for k, plan in enumerate(self._plans) if plan.samples != first), None)
        if other is not None:
            message = f"volume: {slices.name(other)} has {self._plans[other].samples or 1} samples per pixel, others {first or 1}"
            raise ConformanceError(message, where="(0028,0004)")
        return (len(slices), *self._plans[0].shape(*plane, self._planar)), common

    def _make_plans(self, dtype):
        """Yield a plan for each slice; the same one for those that differ in nothing that it depends on."""
        slices, options, known = self._slices, self._options, {}
        is_modality = options.values == "modality" and options.real_world is None
        may_share = is_modality and options.fill is None and not options.mask
        for k, (kind, rescale, is_rescaled) in enumerate(
            zip(slices.kinds, slices.rescales, slices.are_rescaled, strict=True)
        ):
            key = (kind, rescale) if may_share and is_rescaled and list not in map(type, rescale) else k
            if key not in known:
                known[key] = self._plan(k, dtype)
            yield known[key]

    def _plan(self, k, dtype):
        slices, reader = self._slices, self._slices.readers[k]
        try:
            return ValuePlan(
                slices.datasets[k], image_of(reader), self._options, [slices.frames[k]], reader.dtype, dtype
            )
        except Error as error:
            raise naming(error, slices.name(k)) from None

    def _stored_dtype(self):
        readers = self._readers_of_kinds()
        if self._options.dtype is None:
            return common_dtype(readers)
        dtype = np.dtype(self._options.dtype)
        for reader in readers:
            if reader.dtype != dtype:
                _check_range(reader, dtype)
        return dtype

    def _readers_of_kinds(self):
        """One of each kind."""
        return [self._slices.readers[k] for k in sorted(set(self._slices.kinds))]

    def _refuse_unjustified(self, slice_bytes):
        """Room for a slice needs bytes that justify it; with ``on_error="report"`` half of them may stand for the rest."""
        slices = self._slices
        lacking = slices.readers.unjustified(slices.frames, self._tolerant)
        if lacking and (not self._tolerant or 2 * len(lacking) > len(slices)):
            k = lacking[0]
            try:
                slices.readers[k].check_frames((slices.frames[k],), self._tolerant)
            except Error as error:
                raise naming(error, slices.name(k)) from None
        foreign = [k for k, is_foreign in enumerate(slices.per_kind(_is_foreign)) if is_foreign]
        if foreign and slice_bytes * len(foreign) > UNQUESTIONED_BYTES:
            self._refuse_unlike_the_first(foreign, slice_bytes)

    def _refuse_unlike_the_first(self, foreign, slice_bytes):
        """Only a codestream of these says how large a frame really is: one has to agree with its header, or be long."""
        k, slices = foreign[0], self._slices
        options = replace(_PLAIN, limits=self._options.limits, workers=1)
        try:
            _frames_of(slices.datasets[k], slices.readers[k], slices.frames[k], None, options)
        except Error as error:
            coded = sum(length for j in foreign for _, length in slices.readers[j].spans(slices.frames[j]))
            if not self._tolerant or slice_bytes * len(foreign) > MAX_RATIO * coded:
                raise naming(error, slices.name(k)) from None

    # -- the work ------------------------------------------------------------------------------------------

    def _jobs(self):
        """Indexes of the slices that the core can do in one go, and a transform or None for each."""
        slices, options = self._slices, self._options
        if options.roi is not None or options.mask or options.workarounds:
            return [], []
        if self._plans is None:
            ways = slices.per_kind(self._stored_way)
        else:
            distinct = {
                id(plan): (reader, plan) for reader, plan in zip(slices.readers, self._plans, strict=True)
            }
            known = {number: self._value_way(*pair) for number, pair in distinct.items()}
            ways = [known[id(plan)] for plan in self._plans]
        places = [k for k, (can, _) in enumerate(ways) if can]
        return places, [ways[k][1] for k in places]

    def _stored_way(self, reader):
        """Whether the core can make stored values in one go, and by which ValueTransform, if any."""
        dtype = self._array.dtype
        if _is_foreign(reader) or reader.dtype == dtype:
            return not _is_foreign(reader), None
        transform = _widening(reader, dtype)
        return transform is not None, transform

    @staticmethod
    def _value_way(reader, plan):
        """The same for other values."""
        if _is_foreign(reader) or plan.is_plain(reader.dtype):
            return not _is_foreign(reader), None
        transform = plan.transforms(reader.dtype, False)
        return transform is not None, transform

    def _run(self, places, transforms):
        """Return the rows of their report."""
        if not places:
            return []
        readers, frames = self._slices.readers, self._slices.frames
        if len(places) < len(frames):
            readers, frames = readers.picked(places), [frames[k] for k in places]
        out = np.moveaxis(self._array, 1, -1) if self._planar and self._array.ndim == 4 else self._array
        how = self._options.color, self._tolerant, self._workers
        try:
            return _core.read_jobs(readers, frames, places, transforms, None, out, *how)
        except (Error, OSError, ValueError) as error:
            index = getattr(error, "job", None)
            if index is None:
                raise
            raise naming(error, self._slices.name(places[index])) from None

    def _one(self, k):
        """One slice the general way; returns the row of its report."""
        slices = self._slices
        dataset, reader, frame = slices.datasets[k], slices.readers[k], slices.frames[k]
        options = replace(self._options, workers=1, dtype=self._array.dtype)
        try:
            refuse_what_is_not_there(reader, options)
            result, rows, quirks = _frames_of(dataset, reader, frame, self._array[k], options)
        except (Error, OSError) as error:
            if not self._tolerant:
                raise naming(error, slices.name(k)) from None
            return self._nothing(k, error)
        if self._mask is not None:
            self._mask[k] = result[1]
        self._quirks_alone[k] = quirks[0]
        return rows[0]

    def _nothing(self, k, error):
        """A slice of which nothing can be had is what stored value 0 becomes."""
        reader, target = self._slices.readers[k], self._array[k]
        if self._plans is None:
            target[...] = 0
        else:
            samples = () if reader.samples_per_pixel == 1 else (reader.samples_per_pixel,)
            zeros = np.zeros((1, *_plane(reader, self._options), *samples), reader.dtype)
            has_samples_first = self._planar and target.ndim == 3
            self._plans[k].apply(
                zeros, 0, (np.moveaxis(target, 0, -1) if has_samples_first else target)[None], None, 1
            )
        self._quirks_alone[k] = ()
        return (0, str(error), getattr(error, "offset", None), 0, [])


def _is_foreign(reader):
    return reader.road == "foreign"


def _plane(reader, options):
    return (reader.rows, reader.columns) if options.roi is None else tuple(map(int, options.roi[2:]))


def _widening(reader, dtype):
    """Stored values in a wider dtype; None where the core has none such."""
    if reader.dtype.kind == "f" or dtype.str[1:] not in ("u1", "i1", "u2", "i2", "u4", "i4", "f4", "f8"):
        return None
    if not dtype.isnative:
        return None
    image = image_of(reader)
    return _core.ValueTransform(reader.dtype, image.low, image.high, dtype)


def _in_threads(work, indexes, workers):
    """Results in order; the first exception in that order."""
    if workers < 2 or len(indexes) < 2:
        return [work(k) for k in indexes]
    pool = ThreadPoolExecutor(min(workers, len(indexes)))
    try:
        return list(pool.map(work, indexes))
    finally:
        pool.shutdown(cancel_futures=True)


def _report(frame, row, reader, quirks):
    own = "turbodicom " + ("native" if reader.road == "native" else reader.codec)
    names = [*row[4], *(code for code, *_ in reader.issues), *quirks]
    return FrameReport(frame, *row[1:4], names, row[5] if len(row) > 5 else own)
