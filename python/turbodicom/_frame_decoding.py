# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Frames to arrays of stored values: by the core whole, or one at a time by Python decoders (`_foreign`)."""

from __future__ import annotations

import warnings

from turbodicom._foreign import read_foreign
from turbodicom._frames import FrameReport
from turbodicom._jobs import default_workers
from turbodicom.errors import UnsupportedError

__all__ = ["crop", "decode", "hand_over", "refuse_what_is_not_there"]


def refuse_what_is_not_there(reader, options):
    if options.reduce and not reader.can_reduce:
        raise UnsupportedError(f"{reader.transfer_syntax_name} frames cannot be decoded at reduced resolution")


def decode(reader, frames, out, options, limits, transforms=None, mask=None):
    """Return stored values and a row of the report for each frame; `roi` only where the codec can.

    `transforms` and `mask`: as of ``_core.FrameReader.read``, then values of a later stage; not for foreign frames.
    """
    planar = options.layout == "planar"
    tolerant = options.on_error == "report"
    cores = default_workers()
    workers = min(options.workers or cores, max(cores, reader.number_of_frames))
    if reader.road == "foreign":
        rgb = options.color not in ("coded", "never")
        workers = min(workers, reader.number_of_frames)
        return read_foreign(reader, frames, out, planar, rgb, tolerant, workers, limits)
    special = _special(reader, options)
    if transforms is None:
        return reader.read(frames, out, planar, options.color, tolerant, workers, special)
    return reader.read(frames, out, planar, options.color, tolerant, workers, special, transforms, mask)


def _special(reader, options):
    """What only some codecs can, as the core takes it; None where nothing of it is asked for."""
    if not (options.reduce or options.roi or options.workarounds):
        return None
    roi = None
    if options.roi is not None and reader.can_window:
        _check_inside(reader, options)
        roi = tuple(map(int, options.roi))
    return options.reduce, roi, options.workarounds


def hand_over(rows, reader, report, quirks=None):
    """Fill the caller's list, warn once about frames that are not whole; `quirks`: of the values of each frame."""
    own = "turbodicom " + ("native" if reader.road == "native" else reader.codec)
    file_quirks = [code for code, *_ in reader.issues]
    reports = [
        FrameReport(*row[:4], [*row[4], *file_quirks, *of_values], row[5] if len(row) > 5 else own)
        for row, of_values in zip(rows, quirks or [()] * len(rows), strict=True)
    ]
    if report is not None:
        report.extend(reports)
    bad = [r for r in reports if r.reason is not None]
    if bad:
        warnings.warn(f"{len(bad)} of {len(reports)} frames are not whole; first: {bad[0].reason}", stacklevel=4)


def crop(array, reader, options):
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


