# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``td.volume``: slices of a series in the order of the patient, in one array, with where they are and what is wrong.

Begin at :func:`volume`::

    sources -> _volume_sources (headers) -> _volume_geometry (order, affine, findings) -> _volume_decoding -> Volume
"""

from __future__ import annotations

import warnings

from turbodicom._jobs import default_workers
from turbodicom._options import asks_for_stored
from turbodicom._pixels import _OPTION_NAMES, _check_kinds, make_options
from turbodicom._volume_frames import refuse_several_stacks
from turbodicom._volume_geometry import arrange
from turbodicom._volume_report import VolumeFinding
from turbodicom._volume_result import Volume
from turbodicom._volume_sources import collect
from turbodicom.errors import ConformanceError

__all__ = ["volume"]

_NAMED = 3  # our choice: files that a message names


def volume(sources, *, frames=None, out=None, strict=False, report=None, options=None, **keywords):
    """Read the slices of a series into one array, in their order along the normal, and work out where they are.

    Parameters
    ----------
    sources : Series, iterable, folder, path, Dataset, bytes-like or binary file object
        A series of :func:`turbodicom.scan`, or anything with ``files``; an iterable of paths or Datasets; a folder,
        of which every file with an image is taken, subfolders too; or one multi-frame image. All should be of one
        series; the report says so when they are not.
    frames : int, slice or sequence of int, optional
        Of a single source: which of its frames. Needed where a file holds several stacks, temporal positions or
        segments, of which a volume can have one.
    out : ndarray, optional
        Of the array's shape, any strides; filled in place, nothing else of that size is allocated. Its dtype is that
        of the stored values, or for other `values` any, and then the default of `dtype`.
    strict : bool, optional
        Raise where the slices make no regular grid at right angles, instead of reporting it.
    report : list, optional
        Gets one FrameReport for each slice, in their order.
    options : PixelOptions, optional
        The other keywords as one value.
    **keywords
        The fields of :class:`PixelOptions`; they win over those in `options`. `dtype` by default is one for all slices:
        for stored values that of the files, or if they differ the narrowest that holds them all; for ``"modality"``
        float32, or float64 if a slice needs it. Windows found in the pixels are found in all slices together.
        With ``on_error="report"`` sources that cannot be read are left out, and of slices that cannot be decoded
        the missing part is what stored value 0 becomes. `reduce` has to be 0.

    Returns
    -------
    Volume
        ``.array`` of shape (slices, rows, columns[, samples]), ``.affine``, ``.spacing``, ``.slices``, ``.report``.

    Raises
    ------
    ConformanceError
        Slices of several sizes; a position or orientation that is none; frames of several stacks without `frames`;
        with `strict`, whatever breaks the grid.
    TruncatedDataError, CorruptDataError, UnsupportedError, LimitExceededError, OSError
        As :func:`turbodicom.pixels`; the message names the file.
    ValueError, TypeError, IndexError
        Options that cannot be meant.

    Warns
    -----
    UserWarning
        Once, when the slices make no regular grid or are not all there; the report has it in full.

    Notes
    -----
    Source: PS3.3 C.7.6.2.1.1, C.7.6.16, C.8.8.3. What is reported, and the formulas, stand in docs/howto/volume.md.
    Slices in one place (temporal positions, echoes) are all kept, neighbours, by *Instance Number*; no affine can
    tell them apart, so the report names them.
    """
    _check_kinds(out, report, options)
    unknown = keywords.keys() - _OPTION_NAMES
    if unknown:
        raise TypeError(f"volume() got an unexpected keyword argument {min(unknown)!r}")
    options = make_options(options, keywords)
    tolerant = options.on_error == "report"
    workers = options.workers or default_workers()
    slices = collect(sources, frames, options.limits, tolerant, workers, not asks_for_stored(options))
    _refuse_mixed_sizes(slices)
    order, affine, findings = arrange(
        slices.positions, slices.orientations, slices.spacings, slices.numbers, slices.thickness
    )
    slices.reorder(order)
    refuse_several_stacks(slices, findings)
    findings = [*slices.findings, *findings, *_mosaics(slices), *_mixtures(slices)]
    if strict:
        _refuse(findings)
    made = _decoded(slices, out, options)
    if options.roi is not None:
        row, column = options.roi[:2]
        affine[:3, 3] += affine[:3, :3] @ (column, row, 0)
    findings += _damaged(made.reasons)
    if report is not None:
        report.extend(made.reports(slices))
    _warn(findings)
    is_planar = options.layout == "planar"
    return Volume(made.array, affine, tuple(findings), slices, made.reasons, made.mask, is_planar)


def _decoded(slices, out, options):
    from turbodicom._volume_decoding import decode

    return decode(slices, out, options)


def _refuse_mixed_sizes(slices):
    """Slices of several sizes make no array."""
    readers = slices.readers
    others = _others(slices.per_kind(lambda reader: (reader.rows, reader.columns, reader.samples_per_pixel)))
    if not others:
        return
    named = ", ".join(f"{slices.name(k)} ({_size(readers[k])})" for k in others[:_NAMED])
    more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
    message = f"volume: slices of several sizes: {slices.name(0)} ({_size(readers[0])}), but {named}{more}"
    raise ConformanceError(message, where="(0028,0010)")


def _size(reader):
    samples = f" x {reader.samples_per_pixel} samples" if reader.samples_per_pixel > 1 else ""
    return f"{reader.rows} x {reader.columns}{samples}"


# -- findings that are not about places --------------------------------------------------------------------


def _mixtures(slices):
    """What slices of one series have in common, and these do not."""
    photometric = slices.per_kind(lambda reader: reader.photometric_interpretation)
    stored = slices.per_kind(lambda reader: (reader.dtype.str, reader.bits_stored))
    return [
        VolumeFinding(code, f"{len(others)} slices have another {what} than the first", others)
        for code, what, values in (
            ("mixed_series", "Series Instance UID", slices.series),
            ("mixed_frame_of_reference", "Frame of Reference UID", slices.references),
            ("varying_rescale", "Rescale Slope or Intercept", slices.rescales),
            ("varying_units", "Rescale Type or Units", slices.units),
            ("varying_photometric", "Photometric Interpretation", photometric),
            ("varying_type", "type or number of bits of stored values", stored),
        )
        if (others := _others(values))
    ]


def _mosaics(slices):
    """Siemens' images of many small slices in one, each with one position: the volume's axes are not the patient's."""
    kind = slices.datasets[0] and slices.datasets[0].get("ImageType")
    if not isinstance(kind, list) or "MOSAIC" not in kind:
        return []
    return [VolumeFinding("mosaic", "each image is a mosaic of slices; they are not taken apart", (0,))]


def _others(values):
    """Indexes of those that are not like the first."""
    first = values[0]
    if values.count(first) == len(values):
        return ()
    return tuple(k for k, value in enumerate(values) if value != first)


def _damaged(reasons):
    bad = tuple(k for k, reason in enumerate(reasons) if reason is not None)
    if not bad:
        return []
    text = f"{len(bad)} of {len(reasons)} slices are not whole; first: {reasons[bad[0]]}"
    return [VolumeFinding("damaged", text, bad)]


def _refuse(findings):
    broken = [finding for finding in findings if finding.breaks_grid]
    if broken:
        text = "; ".join(f"{finding.code}: {finding.message}" for finding in broken)
        raise ConformanceError(f"volume: no regular grid: {text} (PS3.3 C.7.6.2.1.1)", where="(0020,0032)")


def _warn(findings):
    said = [finding for finding in findings if finding.breaks_grid or finding.code in ("damaged", "not_read")]
    if said:
        text = "; ".join(f"{finding.code}: {finding.message}" for finding in said)
        warnings.warn(f"volume: {text}", stacklevel=3)
