# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The one door to pixel values: ``ds.pixels``, ``td.pixels``, ``ds.frames``.

Begin at :func:`pixels_of`. Frames the core decodes itself go through ``_core.FrameReader.read`` whole; frames
of other syntaxes are decoded one at a time by Python decoders (`_foreign`) and finished by the core,
so that every frame passes the same door with the same errors and the same report.
"""

from __future__ import annotations

import operator
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from turbodicom import _core
from turbodicom._foreign import frame_shape, read_foreign
from turbodicom._options import PixelOptions
from turbodicom._values import add_issue
from turbodicom.errors import UnsupportedError

__all__ = ["Frame", "FrameReport", "Frames", "frames_of", "pixels", "pixels_of"]

_DEFAULT = PixelOptions()
_OPTION_NAMES = frozenset(field.name for field in fields(PixelOptions))


@dataclass(frozen=True)
class FrameReport:
    """What happened to one frame.

    Attributes
    ----------
    frame : int
        Index in the file.
    reason : str or None
        Why the frame is not whole; None when it is.
    offset : int or None
        Byte where that was seen, in the codestream or, for native frames, in the file.
    valid_rows : int
        Rows from the top that are as coded; the others hold stored value 0.
    quirks : list of str
        Tolerated violations, by name.
    decoder : str
        Who decoded.
    """

    frame: int
    reason: str | None
    offset: int | None
    valid_rows: int
    quirks: list
    decoder: str


class Frame:
    """One frame of a data set; nothing is read before it is asked for.

    Attributes
    ----------
    index : int
    spans : list of (int, int)
        Offset and length in bytes of each of its pieces in the file (in the inflated data set for a deflated
        file). Their concatenation is what :meth:`read` gives.
    """

    __slots__ = ("_dataset", "index")

    def __init__(self, dataset, index):
        self._dataset = dataset
        self.index = index

    @property
    def spans(self):
        return frame_reader(self._dataset).spans(self.index)

    def read(self):
        """Return the codestream of an encapsulated frame, or the stored bytes of a native one.

        Returns
        -------
        bytes

        Raises
        ------
        TruncatedDataError
            *Number of Frames* counts this frame, but Pixel Data has nothing for it.
        OSError
            The file cannot be read or has changed since.
        """
        return frame_reader(self._dataset).codestream(self.index)

    def pixels(self, **options):
        """Decode this frame; same keywords as :func:`turbodicom.pixels` but `frames`.

        Parameters
        ----------
        **options
            See :func:`turbodicom.pixels`.

        Returns
        -------
        ndarray, shape (rows, columns) or (rows, columns, samples)

        Raises
        ------
        Error
            As :meth:`Dataset.pixels`.
        """
        return pixels_of(self._dataset, frames=self.index, **options)

    def __repr__(self):
        return f"<Frame {self.index} of {len(frames_of(self._dataset))}>"


class Frames(Sequence):
    """The frames of a data set: ``len``, indexing, slicing, iteration. Found by one walk, then O(1)."""

    __slots__ = ("_dataset",)

    def __init__(self, dataset):
        self._dataset = dataset
        frame_reader(dataset)

    def __len__(self):
        return frame_reader(self._dataset).number_of_frames

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [Frame(self._dataset, i) for i in range(*index.indices(len(self)))]
        return Frame(self._dataset, _frame_index(index, len(self)))

    def __repr__(self):
        return f"<{len(self)} frames, {frame_reader(self._dataset).transfer_syntax_name}>"


def frame_reader(dataset, limits=None):
    """Return the core's reader for `dataset`, made once for the default limits."""
    if limits is not None:
        return _open_frames(dataset, limits)
    cache = dataset._cache
    reader = cache.get("frame_reader")
    if reader is None:
        settings = dataset._settings
        reader = cache.setdefault("frame_reader", _open_frames(dataset, settings and settings[1]))
    return reader


def _open_frames(dataset, limits):
    """What the frame index forgave joins ``Dataset.issues``; in strict mode the first of it is raised."""
    reader = _core.open_frames(dataset._core, limits)
    for code, message, offset, _ in reader.issues:
        add_issue(dataset, code, message, offset, reader.pixel_data_tag)
    return reader


def frames_of(dataset):
    """Return the :class:`Frames` of a Dataset."""
    return Frames(dataset)


def pixels(source, *, frames=None, out=None, copy=True, report=None, options=None, **keywords):
    """Read a file and decode its pixels: ``td.read(source).pixels(...)``.

    Parameters
    ----------
    source : path, bytes-like or binary file object
        As for :func:`turbodicom.read`.
    frames : int, slice or sequence of int, optional
        Which frames, from 0, negative ones from the end. An int drops the frame axis, the others keep it; by
        default all frames, the axis dropped when there is only one.
    out : ndarray, optional
        Of the result's shape and dtype, any strides; filled in place and returned.
    copy : bool, optional
        False: a read-only view of the mapped file, or of the bytes given, where the stored bytes already are the
        answer; a ValueError where they are not. Should the file be cut short while it is mapped, the operating
        system ends the process at the next access (SIGBUS); leave `copy` at True for files that others change.
    report : list, optional
        Gets one FrameReport for each frame.
    options : PixelOptions, optional
        The other keywords as one value.
    **keywords
        The fields of :class:`PixelOptions`: `values`, `dtype`, `layout`, `color`, `window`, `roi`, `reduce`,
        `on_error`, `workers`, `limits`; they win over those in `options`.

    Returns
    -------
    ndarray
        (rows, columns), (rows, columns, samples), (frames, rows, columns[, samples]).

    Raises
    ------
    TruncatedDataError, CorruptDataError
        The pixel data of a frame is cut short or not what its coding allows.
    ConformanceError
        The Image Pixel module is incomplete or contradicts itself or the codestream; there is no pixel data.
    UnsupportedError
        No decoder here; the message says what to install.
    LimitExceededError
        More than the limits allow.
    OSError
        The file cannot be read, or has changed since the data set was read.
    IndexError
        No such frame.
    ValueError, TypeError
        Options that cannot be meant, or values that `dtype` cannot hold.

    Notes
    -----
    Source: PS3.3 C.7.6.3, PS3.5 8.
    """
    from turbodicom._read import read

    _check_kinds(out, report, options)
    limits = keywords.get("limits") or (options and options.limits)
    dataset = read(source, limits=limits)
    return pixels_of(dataset, frames=frames, out=out, copy=copy, report=report, options=options, **keywords)


def pixels_of(dataset, *, frames=None, out=None, copy=True, report=None, options=None, **keywords):
    """Decode the frames of `dataset`; the implementation of :meth:`Dataset.pixels`."""
    _check_kinds(out, report, options)
    if keywords:
        options = _make_options(options, keywords)
    elif options is None:
        options = _DEFAULT
    limits = options.limits or (dataset._settings and dataset._settings[1])
    reader = frame_reader(dataset, options.limits)
    if not copy:
        return _view(dataset, reader, frames, out, options)
    _refuse_what_is_not_there(reader, options)
    frames = _wanted(frames, reader)
    same_type = options.dtype is None or np.dtype(options.dtype) == reader.dtype
    if same_type and (options.roi is None or reader.can_window):
        return _decode(reader, frames, out, options, report, limits)
    array = _decode(reader, frames, None, options, report, limits)
    if not reader.can_window:
        array = _crop(array, reader, options)
    return _converted(array, reader, options, out)


def _check_kinds(out, report, options):
    if out is not None and not isinstance(out, np.ndarray):
        raise TypeError(f"out must be an ndarray, not {type(out).__name__}")
    if report is not None and not isinstance(report, list):
        raise TypeError(f"report must be a list, not {type(report).__name__}")
    if options is not None and not isinstance(options, PixelOptions):
        raise TypeError(f"options must be a PixelOptions, not {type(options).__name__}")


def _make_options(options, keywords):
    unknown = keywords.keys() - _OPTION_NAMES
    if unknown:
        raise TypeError(f"pixels() got an unexpected keyword argument {min(unknown)!r}")
    if options is None:
        return PixelOptions(**keywords)
    return PixelOptions(**{**{name: getattr(options, name) for name in _OPTION_NAMES}, **keywords})


def _refuse_what_is_not_there(reader, options):
    if options.values != "stored":
        raise UnsupportedError(f"values={options.values!r} is not available yet; values='stored' is")
    if options.reduce and not reader.can_reduce:
        raise UnsupportedError(f"{reader.transfer_syntax_name} frames cannot be decoded at reduced resolution")


def _wanted(frames, reader):
    """None, an index, or a list of indexes in range."""
    if frames is None:
        return None
    count = reader.number_of_frames
    if isinstance(frames, slice):
        return list(range(*frames.indices(count)))
    try:
        return _frame_index(frames, count)
    except TypeError:
        return [_frame_index(index, count) for index in frames]


def _frame_index(index, count):
    number = operator.index(index)
    if not -count <= number < count:
        raise IndexError(f"frame {number} of {count}")
    return number + count if number < 0 else number


def _decode(reader, frames, out, options, report, limits):
    planar = options.layout == "planar"
    tolerant = options.on_error == "report"
    cores = _core.usable_cores()
    workers = min(options.workers or cores, max(cores, reader.number_of_frames))
    if reader.road == "foreign":
        rgb = options.color not in ("coded", "never")
        workers = min(workers, reader.number_of_frames)
        array, rows = read_foreign(reader, frames, out, planar, rgb, tolerant, workers, limits)
    else:
        special = _special(reader, options)
        array, rows = reader.read(frames, out, planar, options.color, tolerant, workers, special)
    if report is not None or tolerant:
        _hand_over(rows, reader, report)
    return array


def _special(reader, options):
    """What only some codecs can, as the core takes it; None where nothing of it is asked for."""
    if not (options.reduce or options.roi or options.workarounds):
        return None
    roi = None
    if options.roi is not None and reader.can_window:
        _check_inside(reader, options)
        roi = tuple(map(int, options.roi))
    return options.reduce, roi, options.workarounds


def _hand_over(rows, reader, report):
    """Fill the caller's list, warn once about frames that are not whole."""
    own = "turbodicom " + ("native" if reader.road == "native" else reader.codec)
    file_quirks = [code for code, *_ in reader.issues]
    reports = [FrameReport(*row[:4], [*row[4], *file_quirks], row[5] if len(row) > 5 else own) for row in rows]
    if report is not None:
        report.extend(reports)
    bad = [r for r in reports if r.reason is not None]
    if bad:
        warnings.warn(f"{len(bad)} of {len(reports)} frames are not whole; first: {bad[0].reason}", stacklevel=5)


# Steps after decoding.


def _crop(array, reader, options):
    if options.roi is None:
        return array
    _check_inside(reader, options)
    row, column, rows, columns = options.roi
    window = (slice(row, row + rows), slice(column, column + columns))
    samples_last = reader.samples_per_pixel > 1 and options.layout == "interleaved"
    return array[(..., *window, slice(None)) if samples_last else (..., *window)]


def _check_inside(reader, options):
    row, column, rows, columns = options.roi
    if row + rows > reader.rows or column + columns > reader.columns:
        raise ValueError(f"roi {options.roi} reaches beyond {reader.rows} rows x {reader.columns} columns")


def _converted(array, reader, options, out):
    dtype = reader.dtype if options.dtype is None else np.dtype(options.dtype)
    _check_range(reader, dtype)
    if out is None:
        return array.astype(dtype)
    if out.shape != array.shape or out.dtype != dtype:
        raise ValueError(f"out must have shape {array.shape} and dtype {dtype}, not {out.shape} and {out.dtype}")
    np.copyto(out, array, casting="unsafe")
    return out


def _check_range(reader, dtype):
    """A dtype whose range does not cover every stored value is refused; floats may round."""
    if dtype.kind not in "iuf":
        raise TypeError(f"dtype must be an integer or floating-point type, not {dtype}")
    if reader.dtype.kind == "f":
        if dtype.kind != "f":
            raise ValueError(f"dtype {dtype} cannot hold the {reader.dtype} values of this file")
        return
    low = -(1 << (reader.bits_stored - 1)) if reader.is_signed else 0
    high = low + (1 << reader.bits_stored) - 1
    room = np.finfo(dtype) if dtype.kind == "f" else np.iinfo(dtype)
    if int(room.min) > low or int(room.max) < high:
        raise ValueError(f"dtype {dtype} cannot hold stored values from {low} to {high}")


def _view(dataset, reader, frames, out, options):
    """A read-only array over the mapped file, where the stored bytes already are the answer."""
    same_type = options.dtype is None or np.dtype(options.dtype) == reader.dtype
    planar = options.layout == "planar" and reader.samples_per_pixel > 1
    if out is not None or planar or not same_type or not reader.is_verbatim(options.color not in ("coded", "never")):
        raise ValueError("copy=False: the stored bytes are not the values asked for; leave copy at True")
    _refuse_what_is_not_there(reader, options)
    reader.check_frames([reader.number_of_frames - 1], False)
    shape = (reader.number_of_frames, *frame_shape(reader, planar))
    offset = reader.spans(0)[0][0]
    everything = np.frombuffer(_map(dataset), reader.dtype, int(np.prod(shape)), offset).reshape(shape)
    everything.flags.writeable = False
    frames = _wanted(frames, reader)
    if frames is None:
        array = everything if len(everything) > 1 else everything[0]
    elif isinstance(frames, int):
        array = everything[frames]
    else:
        array = everything[_as_slice(frames)]
    return _crop(array, reader, options)


def _map(dataset):
    """The bytes that offsets refer to: the file, mapped read-only, or the caller's own."""
    import mmap

    origin = dataset._origin
    if isinstance(origin, str) and not dataset._file_record[4]:
        dataset.read_bytes(0, 1)  # refuses a file that has changed
        with open(origin, "rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if origin is not None and not hasattr(origin, "read_at") and dataset._file_record and not dataset._file_record[4]:
        return origin
    raise ValueError("copy=False needs a data set read from a path or from bytes, not deflated, and not an item of a sequence")


def _as_slice(frames):
    """The slice that picks `frames`; fancy indexing would copy."""
    if not frames:
        return slice(0)
    steps = set(np.diff(frames).tolist())
    if len(steps) > 1 or 0 in steps:
        raise ValueError("copy=False: frames must be evenly spaced")
    step = steps.pop() if steps else 1
    stop = frames[-1] + (1 if step > 0 else -1)
    return slice(frames[0], stop if stop >= 0 else None, step)
