# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Many images of any files in one array: ``td.batch``. Begin at :class:`BatchMaker`."""

from __future__ import annotations

import warnings
from dataclasses import fields

import numpy as np

from turbodicom._batch_decoding import decode_into, fill_value, report_of_error
from turbodicom._batch_geometry import Fitting
from turbodicom._batch_headers import Headers
from turbodicom._batch_memory import dtype_of, fitted, memory_of
from turbodicom._batch_sources import DATA_ERRORS, blamed, find_frame, listed, name_of, open_sources
from turbodicom._jobs import default_workers
from turbodicom._options import PixelOptions
from turbodicom._pixel_values import room_for
from turbodicom._pixels import make_options
from turbodicom._value_plan import check_dtype
from turbodicom._volume_dtype import common_dtype
from turbodicom._window import windows_of

__all__ = ["BatchMaker", "NothingReadableError", "batch"]

_DEFAULT_DTYPES = {
    "modality": np.dtype(np.float32),
    "voi": np.dtype(np.uint8),
    "presentation": np.dtype(np.uint8),
}


def batch(sources, *, size=None, fit="stretch", out=None, report=None, options=None, **keywords):
    """Decode one image of each source into one array, resized if need be.

    Parameters
    ----------
    sources : iterable
        Of paths, Datasets, and pairs (path or Dataset, frame). Without a frame the file must have one only.
    size : (int, int), optional
        Rows and columns of the result; by default the images' own, which then must all be of one size. Images are
        resized bilinearly with antialias, as ``torch.nn.functional.interpolate(mode="bilinear", antialias=True)`` and Pillow
        do; values as float32, before they are rounded to an integer dtype (ties to even, clamped to its range).
    fit : {"stretch", "pad", "crop"}
        How another aspect becomes that of `size`. ``"stretch"``: each axis for itself. ``"pad"``: the whole image, centred; the
        borders are `fill` if given, else black (the least output) with ``values="voi"`` and ``"presentation"``, else what stored
        value 0 becomes. ``"crop"``: the centre, as much as fills the result.
    out : ndarray, tensor or buffer, optional
        Filled in place and returned: an array of the result's shape, of any strides; a tensor of the CPU, pinned or not
        (anything with ``__dlpack__``); or bytes (``mmap``, shared memory), as many as the result has. Nothing else of that
        size is allocated. Its dtype is the default of `dtype`.
    report : list, optional
        Gets one FrameReport for each source.
    options : PixelOptions, optional
        The other keywords as one value.
    **keywords
        The fields of :class:`PixelOptions` but `mask`: `values`, `dtype`, `window`, `layout`, ... A list of windows gives one
        sample each. A window that is found in the pixels is found in each image for itself. `dtype`: float32 with
        ``values="modality"``, uint8 after a window; for stored values that of the files, or the least that holds what all
        files may have, as of :func:`turbodicom.volume`: other files, another type, unless it is given.
        ``on_error="report"``: sources that cannot be read or decoded, or have no such frame or window, are data: what
        could be decoded stays, the rest is what stored value 0 becomes; of a source that gives not even a header, `fill`
        or 0. `workers`: threads; in a worker process (forked, or of multiprocessing) 1 unless given.

    Returns
    -------
    ndarray, or `out`
        (sources, rows, columns, samples), or with ``layout="planar"`` (sources, samples, rows, columns): the axis of samples is
        always there.

    Raises
    ------
    Error, OSError
        As :func:`turbodicom.pixels`, of the first source that has one: its position is the attribute ``source``, and stands
        in ``where`` and, with the file, in the message.
    ValueError, TypeError
        Whatever `on_error` is: options that cannot be meant, or not for a file (`roi` beyond the image, a `dtype` that
        cannot hold the values); images of different sizes without `size`, or of different numbers of samples; several
        frames and none chosen.

    Notes
    -----
    Source: PS3.3 C.7.6.3, C.11; docs/howto/training.md.

    Examples
    --------
    >>> td.batch(paths, values="voi", window=(40, 400), dtype="float32", size=(224, 224), layout="planar")  # doctest: +SKIP
    """
    sources = listed(sources)
    if report is not None and not isinstance(report, list):
        raise TypeError(f"report must be a list, not {type(report).__name__}")
    maker = BatchMaker("batch", size, fit, options, keywords)
    try:
        result, reports, _ = maker.make(sources, out)
    except NothingReadableError as nothing:
        result, reports, _ = maker.make_empty(nothing, None)
    if report is not None:
        report.extend(reports)
    bad = [position for position, r in enumerate(reports) if r.reason is not None]
    if bad:
        first = f"{name_of(bad[0], sources[bad[0]])}: {reports[bad[0]].reason}"
        warnings.warn(f"{len(bad)} of {len(reports)} sources are not whole; first: {first}", stacklevel=2)
    return result


class BatchMaker:
    """Makes batches with the same options; the implementation of :func:`batch`. Threads may share it.

    Parameters
    ----------
    caller : str
        For messages.
    size : (int, int) or None
    fit : str
    options : PixelOptions or None
    keywords : dict

    Raises
    ------
    ValueError, TypeError
        Options that cannot be meant.
    """

    def __init__(self, caller, size, fit, options, keywords):
        if options is not None and not isinstance(options, PixelOptions):
            raise TypeError(f"options must be a PixelOptions, not {type(options).__name__}")
        unknown = keywords.keys() - {field.name for field in fields(PixelOptions)}
        if unknown:
            raise TypeError(f"{caller}() got an unexpected keyword argument {min(unknown)!r}")
        self.options = make_options(options, keywords)
        if self.options.mask:
            raise ValueError("a batch has no mask")
        if self.options.dtype is not None:
            self._check_dtype(np.dtype(self.options.dtype))
        self._fitting, self._headers = Fitting(size, fit), Headers(self.options.limits)
        windows, is_list = windows_of(self.options.window)
        self._samples = len(windows) if is_list else None

    def make(self, sources, out=None, allocate=None, poll=None):
        """Make one batch.

        Parameters
        ----------
        sources : list
        out : object or None
        allocate : callable or None
            Given shape and dtype, returns memory in place of `out`.
        poll : callable or None
            Called now and then; may raise.

        Returns
        -------
        result : ndarray, or what `out` or `allocate` are
        reports : list of FrameReport
        layout : (plane, samples, dtype)
            Of the result.

        Raises
        ------
        NothingReadableError
            No source has a readable header, and nothing says what size the result is to have: :meth:`make_empty` makes it.
        """
        if not sources:
            raise ValueError("a batch needs at least one source")
        memory = None if out is None else memory_of(out)
        dtype = self._dtype_asked_for(out, memory)
        if dtype is not None:
            self._check_dtype(dtype)
        planned, failed, dtype = self._plan(sources, dtype, poll)
        if not planned and out is None:
            raise NothingReadableError(failed, self._layout_of_nothing(dtype))
        layout = self._layout(planned, failed, dtype, memory)
        return self._fill(layout, planned, failed, out, allocate, poll)

    def make_empty(self, nothing, layout, allocate=None):
        """Make the batch that :meth:`make` could not.

        Parameters
        ----------
        nothing : NothingReadableError
        layout : (plane, samples, dtype) or None
            As the batch before has it.
        allocate : callable or None

        Returns
        -------
        result, reports, layout
            As of :meth:`make`.
        """
        layout = layout or nothing.layout
        if layout is None:
            raise ValueError(str(nothing)) from None
        return self._fill(layout, [], nothing.reports, None, allocate, None)

    def _fill(self, layout, planned, failed, out, allocate, poll):
        plane, samples, dtype = layout
        self._check_dtype(dtype)
        count = len(planned) + len(failed)
        memory = None if out is None else memory_of(out)
        is_planar = self.options.layout == "planar"
        shape = (count, samples, *plane) if is_planar else (count, *plane, samples)
        if allocate is not None:
            out = allocate(shape, dtype)
            memory = memory_of(out)
        array = room_for(shape, dtype) if memory is None else fitted(out, memory, shape, dtype)
        view = np.moveaxis(array, 1, -1) if is_planar else array
        for position in failed:
            view[position] = fill_value(self.options)
        workers = self.options.workers or default_workers()
        made = decode_into(view, planned, self._fitting, self.options, workers, poll)
        reports = failed | {p.position: r for p, r in zip(planned, made, strict=True)}
        return (array if out is None else out), [reports[position] for position in range(count)], layout

    def _dtype_asked_for(self, out, memory):
        if self.options.dtype is not None:
            return np.dtype(self.options.dtype)
        dtype = None if memory is None else dtype_of(out, memory)
        return _DEFAULT_DTYPES.get(self.options.values) if dtype is None else dtype

    def _check_dtype(self, dtype):
        """What is wrong for whatever file is the caller's mistake, and no data."""
        check_dtype(dtype, self.options.values, self.options.fill)

    def _plan(self, sources, dtype, poll):
        """Frames that can be decoded as far as their headers tell, reports of those that cannot, and the dtype."""
        planned, failed = [], {}
        workers = self.options.workers or default_workers()

        def attempt(position, work, *arguments):
            try:
                return work(*arguments)
            except Exception as error:  # noqa: BLE001  raised again, but for data
                if self.options.on_error == "raise" or not isinstance(error, DATA_ERRORS):
                    raise blamed(error, position, sources[position]) from None
                failed[position] = report_of_error(error, _frame_of(sources[position]))

        for position, opened in enumerate(open_sources(sources, self._headers, workers)):
            if poll is not None:
                poll()
            planned.append(attempt(position, find_frame, position, opened, self.options, dtype))
        planned = [p for p in planned if p is not None]
        if dtype is None and planned:
            dtype = common_dtype([p.reader for p in planned])
            self._check_dtype(dtype)
            for p in planned:
                attempt(p.position, p.make_plan, self.options, dtype)
        return [p for p in planned if p.position not in failed], failed, dtype

    def _layout(self, planned, failed, dtype, memory):
        """Rows and columns, samples and dtype of the result."""
        if not planned:
            return self._layout_of_memory(failed, dtype, memory)
        planes = {p.plane(self.options): p for p in reversed(planned)} if self._fitting.size is None else {}
        counts = {p.samples: p for p in reversed(planned)}
        for name, found in (("rows and columns", planes), ("samples per pixel", counts)):
            if len(found) > 1:
                raise ValueError(_differences(name, found))
        plane = self._fitting.size or next(iter(planes))
        return plane, next(iter(counts)), dtype

    def _layout_of_memory(self, failed, dtype, memory):
        """No source can be read: as the caller's memory, or as `size` says."""
        if memory.ndim == 4:
            is_planar = self.options.layout == "planar"
            plane, samples = (
                (memory.shape[2:], memory.shape[1]) if is_planar else (memory.shape[1:3], memory.shape[3])
            )
            return plane, samples, dtype or memory.dtype
        layout = self._layout_of_nothing(dtype)
        if layout is None:
            raise ValueError(str(NothingReadableError(failed, None)))
        return layout

    def _layout_of_nothing(self, dtype):
        """As `size` says; None without."""
        if self._fitting.size is None:
            return None
        return self._fitting.size, self._samples or 1, dtype or np.dtype(np.uint8)


class NothingReadableError(Exception):
    """No source of a batch has a readable header.

    Parameters
    ----------
    reports : dict of int to FrameReport
    layout : (plane, samples, dtype) or None
        What options alone say.
    """

    def __init__(self, reports, layout):
        super().__init__(f"no source can be read, so no size is known; first: {reports[0].reason}")
        self.reports, self.layout = reports, layout


def _frame_of(source):
    return source[1] if isinstance(source, tuple) else 0


def _differences(name, found):
    """Say which sources differ first."""
    (first, a), (other, b), *_ = sorted(found.items(), key=lambda item: item[1].position)
    show = [" x ".join(map(str, value)) if isinstance(value, tuple) else value for value in (first, other)]
    advice = "; give size=(rows, columns)" if name.startswith("rows") else ""
    where = f"source {a.position} has {show[0]}, source {b.position} has {show[1]}"
    return f"the images differ in {name}: {where}{advice}"
