# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The one door to pixel values: ``ds.pixels``, ``td.pixels``.

Begin at :func:`pixels_of`. Frames the core decodes itself go through ``_core.FrameReader.read`` whole; frames
of other syntaxes are decoded one at a time by Python decoders (`_foreign`) and finished by the core,
so that every frame passes the same door with the same errors and the same report. Values of the later stages
are made in `_pixel_values`.
"""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from turbodicom._frame_decoding import crop, decode, hand_over, refuse_what_is_not_there
from turbodicom._frames import frame_reader, wanted
from turbodicom._options import PixelOptions, asks_for_stored

__all__ = ["pixels", "pixels_of"]

_DEFAULT = PixelOptions()
_OPTION_NAMES = frozenset(field.name for field in fields(PixelOptions))


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
        Of the result's shape, any strides; filled in place and returned. Its dtype is that of the stored values, or
        for other `values` any, and then the default of `dtype`.
    copy : bool, optional
        False: a read-only view of the mapped file, or of the bytes given, where the stored bytes already are the
        answer; a ValueError where they are not. Should the file be cut short while it is mapped, the operating
        system ends the process at the next access (SIGBUS); leave `copy` at True for files that others change.
    report : list, optional
        Gets one FrameReport for each frame.
    options : PixelOptions, optional
        The other keywords as one value.
    **keywords
        The fields of :class:`PixelOptions`: `values`, `dtype`, `layout`, `color`, `window`, `roi`, `reduce`, `mask`,
        `fill`, `real_world`, `on_error`, `workers`, `limits`; they win over those in `options`.

    Returns
    -------
    ndarray
        (rows, columns), (rows, columns, samples), (frames, rows, columns[, samples]).
    mask : ndarray of bool
        Only with ``mask=True``: where the stored values are padding; the same shape without samples.

    Raises
    ------
    TruncatedDataError, CorruptDataError
        The pixel data of a frame is cut short or not what its coding allows.
    ConformanceError
        The Image Pixel module is incomplete or contradicts itself or the codestream; there is no pixel data; an
        attribute that `values` needs is wrong, and no rule helps.
    UnsupportedError
        No decoder here; the message says what to install.
    LimitExceededError
        More than the limits allow.
    OSError
        The file cannot be read, or has changed since the data set was read.
    IndexError
        No such frame, window or real world value mapping.
    ValueError, TypeError
        Options that cannot be meant, or values that `dtype` cannot hold.

    Notes
    -----
    Source: PS3.3 C.7.6.3, C.11, C.7.6.16.2.9 to .11, PS3.5 8. What is done with attributes that are wrong or stand in
    several places is listed in docs/howto/values.md; each rule that was needed is named in ``FrameReport.quirks``.
    """
    from turbodicom._read import read

    _check_kinds(out, report, options)
    limits = keywords.get("limits") or (options and options.limits)
    dataset = read(source, limits=limits)
    return pixels_of(dataset, frames=frames, out=out, copy=copy, report=report, options=options, **keywords)


def pixels_of(dataset, *, frames=None, out=None, copy=True, report=None, options=None, **keywords):
    """Decode the frames of `dataset`; the implementation of :meth:`Dataset.pixels`."""
    _check_kinds(out, report, options)
    options = make_options(options, keywords)
    limits = options.limits or (dataset._settings and dataset._settings[1])
    reader = frame_reader(dataset, options.limits)
    if not copy:
        from turbodicom._pixel_view import view

        return view(dataset, reader, frames, out, options)
    refuse_what_is_not_there(reader, options)
    frames, quirks = wanted(frames, reader.number_of_frames, reader), None
    if asks_for_stored(options):
        result, rows = _stored(reader, frames, out, options, limits)
    else:
        from turbodicom._pixel_values import values_of

        result, rows, quirks = values_of(dataset, reader, frames, out, options, limits)
    if report is not None or options.on_error == "report":
        hand_over(rows, reader, report, quirks)
    return result


def _stored(reader, frames, out, options, limits):
    """Stored values, and a row of the report for each frame."""
    same_type = options.dtype is None or np.dtype(options.dtype) == reader.dtype
    if same_type and (options.roi is None or reader.can_window):
        return decode(reader, frames, out, options, limits)
    array, rows = decode(reader, frames, None, options, limits)
    if not reader.can_window:
        array = crop(array, reader, options)
    return _converted(array, reader, options, out), rows


def _check_kinds(out, report, options):
    if out is not None and not isinstance(out, np.ndarray):
        raise TypeError(f"out must be an ndarray, not {type(out).__name__}")
    if report is not None and not isinstance(report, list):
        raise TypeError(f"report must be a list, not {type(report).__name__}")
    if options is not None and not isinstance(options, PixelOptions):
        raise TypeError(f"options must be a PixelOptions, not {type(options).__name__}")


def make_options(options, keywords):
    """One value of all options; `keywords` win over `options`."""
    if not keywords:
        return _DEFAULT if options is None else options
    unknown = keywords.keys() - _OPTION_NAMES
    if unknown:
        raise TypeError(f"pixels() got an unexpected keyword argument {min(unknown)!r}")
    if options is None:
        return PixelOptions(**keywords)
    return PixelOptions(**{**{name: getattr(options, name) for name in _OPTION_NAMES}, **keywords})


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
