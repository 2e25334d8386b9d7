# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``td.transcode``: a file's frames in another transfer syntax, everything around them as it was.

Begin at :func:`transcode`. Frames come as cells from `_transcode_source`, what becomes of them is decided in
`_transcode_plan`, they are encoded and verified in `_transcode_frames`; `_transcode_attributes` keeps the data set
true, `_transcode_writer` lays the file out, and `_atomic_file` gives it its name.
"""

from __future__ import annotations

import operator
import os
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from turbodicom import _core, codecs
from turbodicom._atomic_file import AtomicFile
from turbodicom._read import read
from turbodicom._transcode_attributes import attributes_for, earlier_ratio, file_meta, lossy_ratio
from turbodicom._transcode_elements import elements_of
from turbodicom._transcode_frames import BitsAboveError, FrameWork, in_order
from turbodicom._transcode_icons import keep_icons_readable
from turbodicom._transcode_native import copied_pieces, vr_to_write
from turbodicom._transcode_plan import EncodeOptions, make_plan, target_of
from turbodicom._transcode_source import PIXEL_DATA, FrameSource
from turbodicom._transcode_writer import (
    FileParts,
    native_header,
    write_encapsulated,
    write_native,
    write_native_in_parallel,
)
from turbodicom.errors import UnsupportedError

__all__ = ["Transcoded", "transcode"]

_PREAMBLE_BYTES = 128
# Group 7FE0: offset tables, total length, and the three kinds of pixels.
_PIXEL_TAGS = frozenset((0x7FE00001, 0x7FE00002, 0x7FE00003, 0x7FE00008, 0x7FE00009, PIXEL_DATA))


@dataclass(frozen=True)
class Transcoded:
    """What :func:`turbodicom.transcode` has done.

    Attributes
    ----------
    transfer_syntax_uid, sop_instance_uid : str
        Of the target.
    frames : int
    is_reencoded : bool
        False where frames were copied as they are.
    is_lossy : bool
        Whether something was lost in this step.
    pixel_bytes : (int, int)
        Of Pixel Data before and after, without headers.
    """

    transfer_syntax_uid: str
    sop_instance_uid: str
    frames: int
    is_reencoded: bool
    is_lossy: bool
    pixel_bytes: tuple[int, int]


def transcode(
    source,
    target,
    transfer_syntax_uid,
    *,
    quality=None,
    subsampling=None,
    tables=None,
    predictor=None,
    restart_interval=None,
    reencode=False,
    uid="auto",
    offset_table="basic",
    keep_preamble=False,
    workers=None,
    limits=None,
    progress=None,
):
    """Write a DICOM file with its frames in another transfer syntax.

    Elements that do not describe how samples are coded keep their bytes. The target appears under its name when
    all of it is on the disk and, unless the target is lossy, every frame has been decoded again and compared bit
    for bit; after any error the old file is there, or none.

    Parameters
    ----------
    source : path, bytes-like or binary file object
        As for :func:`turbodicom.read`; any transfer syntax that :func:`turbodicom.pixels` decodes.
    target : str or os.PathLike
        May be the source.
    transfer_syntax_uid : str
        Native: ``1.2.840.10008.1.2`` (implicit VR), ``.1.2.1`` (explicit VR), ``.1.2.1.99`` (deflated); RLE Lossless
        ``.1.2.5``; JPEG ``.1.2.4.50``, ``.51``, ``.55`` (lossy), ``.57``, ``.70`` (lossless).
    quality : int, optional
        Lossy JPEG: 1 to 100, default 90.
    subsampling : {"4:4:4", "4:2:2", "4:2:0", "4:4:0", "4:1:1"}, optional
        Lossy JPEG of colour; default ``"4:2:2"``, which is what YBR_FULL_422 says.
    tables : array-like, shape (8, 8), or two of them, optional
        Lossy JPEG: quantisation steps in place of `quality`.
    predictor : {1, 2, 3, 4, 5, 6, 7, "auto"}, optional
        ``.57``: the selection value, default 1.
    restart_interval : int or "row", optional
        JPEG: restart markers.
    reencode : bool, optional
        Decode and encode again even where the source already has the target's syntax; by default its codestreams
        are copied.
    uid : {"auto", "keep", "new"}, optional
        SOP Instance UID: ``"auto"`` makes a new one where something is lost, since that is a new image.
    offset_table : {"basic", "extended"}, optional
        ``"basic"``: the Basic Offset Table, or the extended one where 32 bits do not do.
    keep_preamble : bool, optional
        Keep the 128 bytes in front, which may hold another format's header; else they are zeros.
    workers : int, optional
        Threads; default all usable cores. The result does not depend on it.
    limits : Limits, optional
        What the source may cost.
    progress : callable, optional
        Called as ``progress(done, total)`` on the calling thread: frames, or bytes where native ones are copied.
        Begins anew in the rare file whose samples turn out to use bits above Bits Stored (JPEG Lossless).

    Returns
    -------
    Transcoded

    Raises
    ------
    ConformanceError
        The target cannot hold these samples; or the source contradicts itself.
    UnsupportedError
        Nothing here writes the target's syntax or decodes the source's.
    TruncatedDataError, CorruptDataError
        A frame of the source cannot be decoded; or what was encoded does not decode to the same samples.
    LimitExceededError
        More than the limits allow.
    OSError
        A file cannot be read or written, the disk is full, or the source has changed meanwhile.
    ValueError, TypeError
        Options that cannot be meant.

    Notes
    -----
    Lossy targets get Lossy Image Compression, Ratio and Method, Image Type DERIVED, Derivation Description and Code,
    and a Source Image. Group lengths, which are retired, are left out.

    Source: PS3.5 8 and A, PS3.3 C.7.6.1.1.2 to C.7.6.1.1.5 and C.7.6.3, PS3.10 7.
    """
    target_syntax = target_of(transfer_syntax_uid)
    options = EncodeOptions(quality, subsampling, tables, predictor, restart_interval)
    options.check(target_syntax)
    _one_of("uid", uid, ("auto", "keep", "new"))
    _one_of("offset_table", offset_table, ("basic", "extended"))
    job = _Job(
        path=target,
        target=target_syntax,
        options=options,
        reencode=bool(reencode),
        uid=uid,
        is_extended=offset_table == "extended",
        keep_preamble=bool(keep_preamble),
        workers=_checked_workers(workers),
        progress=progress,
    )
    if target_syntax.codec not in ("native", *codecs.names()):
        raise UnsupportedError(f"transcode: this build has no {target_syntax.codec} encoder")
    dataset = read(source, limits=limits)
    frames = FrameSource(dataset, limits, target_syntax.is_lossy)
    try:
        return job.run(frames, whole_cells=False)
    except BitsAboveError:
        return job.run(frames, whole_cells=True)


def _one_of(name, value, choices):
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}, not {value!r}")


def _checked_workers(workers):
    if workers is None:
        return _core.usable_cores()
    if operator.index(workers) < 1:
        raise ValueError(f"workers must be 1 or more, not {workers}")
    return operator.index(workers)


@dataclass(frozen=True)
class _Job:
    """The options, and the story."""

    path: str
    target: object
    options: EncodeOptions
    reencode: bool
    uid: str
    is_extended: bool
    keep_preamble: bool
    workers: int
    progress: object

    def run(self, frames, whole_cells):
        plan = make_plan(frames, self.target, self.options, self.reencode, whole_cells)
        elements = elements_of(frames.dataset, self.target.is_implicit_vr, _PIXEL_TAGS)
        keep_icons_readable(elements, frames.dataset, self.target, frames.limits)
        ratios = earlier_ratio(elements)
        instance = attributes_for(elements, frames, plan, self.uid)
        parts = self._parts(frames.dataset, elements, instance)
        with AtomicFile(self.path) as file, frames.opened():
            if self.target.codec == "native":
                sizes = self._write_native(file, frames, plan, parts)
            else:
                sizes = self._write_encapsulated(file, frames, plan, parts, ratios)
        is_reencoded = plan.way == "encode"
        return Transcoded(
            self.target.uid, instance, frames.number_of_frames, is_reencoded, plan.is_lossy, sizes
        )

    def _parts(self, dataset, elements, instance):
        meta = file_meta(elements_of(dataset.file_meta, False), elements, instance, self.target.uid)
        preamble = bytes(_PREAMBLE_BYTES)
        if self.keep_preamble and dataset.has_preamble:
            preamble = _file_bytes(dataset, _PREAMBLE_BYTES)
        return FileParts(preamble, meta, elements, self.target.is_implicit_vr)

    def _told(self, done, total):
        if self.progress is not None:
            self.progress(done, total)

    # -- encapsulated -----------------------------------------------------------------------------

    def _write_encapsulated(self, file, frames, plan, parts, ratios):
        if plan.is_lossy:
            lossy_ratio(parts.elements, ratios, 1.0)  # leaves room
        count = frames.number_of_frames
        with closing(self._codestreams(frames, plan)) as codestreams:
            encoded_bytes = write_encapsulated(file, parts, codestreams, count, self.is_extended)
        before = frames.format.frame_bytes * count
        if plan.is_lossy:
            start = len(parts.beginning())
            lossy_ratio(parts.elements, ratios, before / encoded_bytes)
            file.write_at(start, parts.before())
        return before, encoded_bytes

    # The generators are closed before the file is: no thread may write to it any more.

    def _codestreams(self, frames, plan):
        work = FrameWork(frames, plan).codestream
        count = frames.number_of_frames
        with closing(in_order(work, count, frames.format.frame_bytes, self.workers)) as codestreams:
            for done, codestream in enumerate(codestreams, 1):
                yield codestream
                self._told(done, count)

    # -- native -----------------------------------------------------------------------------------

    def _write_native(self, file, frames, plan, parts):
        if plan.way == "copy":
            return self._copy_native(file, frames, parts)
        length = plan.format.frame_bytes * frames.number_of_frames
        vr = "OB" if plan.bits_allocated <= 8 and not self.target.is_implicit_vr else "OW"
        header = native_header(PIXEL_DATA, vr, length + length % 2, self.target.is_implicit_vr)
        if self.target.is_deflated:
            with closing(self._samples(frames, plan)) as samples:
                write_native(file, parts, header, samples, length, True)
        else:
            write_native_in_parallel(
                file, parts, header, length, lambda begin: self._fill(file, frames, plan, begin)
            )
        return length, length

    def _samples(self, frames, plan):
        """Frames as bytes, in order."""
        count = frames.number_of_frames

        def work(index, scratch):
            return frames.cells(index, scratch).tobytes()

        with closing(in_order(work, count, plan.format.frame_bytes, self.workers)) as pieces:
            for done, piece in enumerate(pieces, 1):
                yield piece
                self._told(done, count)

    def _fill(self, file, frames, plan, begin):
        """Frames into their places, each by the thread that decodes it."""
        count, frame_bytes = frames.number_of_frames, plan.format.frame_bytes

        def work(index, scratch):
            cells = np.ascontiguousarray(frames.cells(index, scratch))
            file.write_at(begin + index * frame_bytes, cells)

        with closing(in_order(work, count, frame_bytes, self.workers)) as finished:
            for done, _ in enumerate(finished, 1):
                file.begin_flush(begin + done * frame_bytes)
                self._told(done, count)

    def _copy_native(self, file, frames, parts):
        """Pixel Data as it is, but for the order of bytes; whole frames or not."""
        tag = frames.reader.pixel_data_tag
        element = frames.dataset.element(tag)
        vr = vr_to_write(element, frames, self.target.is_implicit_vr)
        length = element.length + element.length % 2
        header = native_header(tag, vr, length, self.target.is_implicit_vr)
        pieces = copied_pieces(frames, element, self._told)
        write_native(file, parts, header, pieces, element.length, self.target.is_deflated)
        return element.length, element.length


def _file_bytes(dataset, size):
    """The first bytes of the file, of a deflated one too."""
    path = dataset.path
    if path is None:
        return dataset.read_bytes(0, size) if not dataset._file_record[4] else bytes(size)
    with open(path, "rb") as file:
        return os.pread(file.fileno(), size, 0)
