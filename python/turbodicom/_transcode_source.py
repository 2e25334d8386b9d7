# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Where :func:`turbodicom.transcode` gets samples from: one frame at a time, as cells.

A *cell* is a sample with all bits of Bits Allocated, unsigned, as it lies in native Pixel Data (PS3.5 8.1.1):
unused high bits, overlays in them and the two's complement of negative values included. Begin at
:meth:`FrameSource.cells`.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass

import numpy as np

from turbodicom import _core, codecs
from turbodicom._frames import frame_reader
from turbodicom._options import Limits
from turbodicom._pixels import pixels_of
from turbodicom.errors import ConformanceError, CorruptDataError, TruncatedDataError

__all__ = ["FrameSource", "SampleFormat"]

_ROOT = "1.2.840.10008.1.2"
LOSSY_JPEG = frozenset(f"{_ROOT}.4.{n}" for n in (50, 51, 53, 55))
_LOSSLESS_JPEG = frozenset((f"{_ROOT}.4.57", f"{_ROOT}.4.70"))
_RLE = f"{_ROOT}.5"
_GE_BIG_ENDIAN = "1.2.840.113619.5.2"
_SUBSAMPLED = ("YBR_FULL_422", "YBR_PARTIAL_422", "YBR_PARTIAL_420")
PIXEL_DATA = 0x7FE00010


@dataclass(frozen=True)
class SampleFormat:
    """What cells are, in the words of the Image Pixel module (PS3.3 C.7.6.3).

    Attributes
    ----------
    rows, columns, samples_per_pixel, bits_allocated, bits_stored, high_bit : int
        `bits_allocated` is that of the cells: 8, 16, 32 or 64.
    is_signed : bool
    photometric_interpretation : str
    """

    rows: int
    columns: int
    samples_per_pixel: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    is_signed: bool
    photometric_interpretation: str

    @property
    def dtype(self):
        return np.dtype(f"u{self.bits_allocated // 8}")

    @property
    def shape(self):
        plane = (self.rows, self.columns)
        return plane if self.samples_per_pixel == 1 else (*plane, self.samples_per_pixel)

    @property
    def frame_bytes(self):
        return self.rows * self.columns * self.samples_per_pixel * (self.bits_allocated // 8)


class FrameSource:
    """The frames of a data set as cells; threads may ask at the same time.

    Parameters
    ----------
    dataset : Dataset
    limits : Limits, optional
    wants_rgb : bool
        Convert YBR samples to RGB, as a lossy coding of RGB wants them.

    Attributes
    ----------
    dataset : Dataset
    reader : _core.FrameReader
    number_of_frames : int
    format : SampleFormat
        Of the cells.
    is_big_endian : bool
        Whether numbers in native Pixel Data are.
    """

    def __init__(self, dataset, limits, wants_rgb):
        self.dataset = dataset
        self.limits = limits or (dataset._settings and dataset._settings[1]) or Limits()
        self.reader = frame_reader(dataset, limits)
        self.number_of_frames = self.reader.number_of_frames
        self._refuse_missing_frames()
        self.uid = self.reader.transfer_syntax_uid
        self._vr = dataset.element(self.reader.pixel_data_tag).vr
        self._is_planar = dataset.get("PlanarConfiguration") == 1
        # GE's private syntax has little-endian elements, but for Pixel Data of VR OW.
        self.is_big_endian = dataset.is_big_endian or (self.uid == _GE_BIG_ENDIAN and self._vr == "OW")
        photometric, self._rgb = self._colour(wants_rgb)
        self.format = _format_of(self.reader, photometric)
        self._road = self._choose_road()
        self._descriptor = None

    @property
    def is_float(self):
        return self.reader.dtype.kind == "f"

    @property
    def is_native(self):
        return self.reader.road == "native"

    @property
    def is_lossy_jpeg(self):
        return self.uid in LOSSY_JPEG

    def _refuse_missing_frames(self):
        reader = self.reader
        if reader.frames_present < reader.number_of_frames:
            raise TruncatedDataError(
                f"image: Pixel Data holds {reader.frames_present} whole frames of {reader.number_of_frames} "
                "(PS3.5 8.1.1 and A.4)",
                where=f"frame {reader.frames_present}",
            )

    # -- colour -----------------------------------------------------------------------------------

    def _colour(self, wants_rgb):
        """What cells are to be called, and whether YBR is converted to RGB on the way.

        Lossless sources keep their samples; subsampled chroma comes out at full resolution, so that
        YBR_FULL_422 becomes YBR_FULL. There is no term for YBR_PARTIAL at full resolution, and lossy JPEG
        gives the RGB that it was made of (PS3.3 C.7.6.3.1.2).
        """
        word = self.reader.photometric_interpretation
        if self.reader.samples_per_pixel == 1 or self.is_float:
            return word, False
        if word == "RGB" and (self.is_native or self.uid == _RLE):
            return word, False
        if wants_rgb or self.is_lossy_jpeg or word.startswith(("YBR_PARTIAL", "YBR_RCT", "YBR_ICT")):
            return ("RGB", True) if word.startswith(("YBR", "RGB")) else (word, False)
        word = "YBR_FULL" if word == "YBR_FULL_422" else word
        return self._said_by_stream(word), False

    def _said_by_stream(self, word):
        """An APP14 marker overrides Photometric Interpretation, as for ds.pixels."""
        if self.uid not in _LOSSLESS_JPEG or "jpeg" not in codecs.names() or word not in ("RGB", "YBR_FULL"):
            return word
        info = codecs.jpeg.read_info(self.reader.codestream(0))
        if info.colour_source != "app14" or info.components != 3:
            return word
        return {"rgb": "RGB", "ycc": "YBR_FULL"}.get(info.colour, word)

    # -- roads ------------------------------------------------------------------------------------

    def _choose_road(self):
        reader, fmt = self.reader, self.format
        if self.is_float:
            return self._stored_cells
        if self.is_native and not self._rgb and self._is_plain_native():
            return self._native_cells
        if reader.road != "codec" or self._rgb:
            return self._stored_cells
        if self.uid == _RLE and fmt.bits_allocated == reader.bits_allocated:
            return self._rle_cells
        return self._jpeg_cells if self.uid in _LOSSLESS_JPEG else self._stored_cells

    def _is_plain_native(self):
        """Whole cells in order, but for the order of bytes in them and of samples in a pixel."""
        reader = self.reader
        if reader.bits_allocated not in (8, 16, 32, 64) or reader.photometric_interpretation in _SUBSAMPLED:
            return False
        return not self.is_big_endian or (reader.bits_allocated > 8 and self._vr == "OW")

    def cells(self, index, scratch):
        """Read one frame.

        Parameters
        ----------
        index : int
        scratch : Scratch
            Memory of the calling thread; the result may lie in it.

        Returns
        -------
        ndarray, shape (rows, columns[, samples]), unsigned cells in host byte order
            Any strides.
        """
        try:
            return self._road(index, scratch)
        except (CorruptDataError, TruncatedDataError, ConformanceError) as error:
            error.where = error.where or f"frame {index}"
            raise

    def _native_cells(self, index, scratch):
        fmt = self.format
        flat = np.frombuffer(
            self.native_bytes(index, scratch), fmt.dtype, fmt.frame_bytes // fmt.dtype.itemsize
        )
        if self.is_big_endian and fmt.bits_allocated > 8:
            flat = flat.byteswap()
        if fmt.samples_per_pixel > 1 and self._is_planar:
            planes = flat.reshape(fmt.samples_per_pixel, fmt.rows, fmt.columns)
            return np.moveaxis(planes, 0, -1)
        return flat.reshape(fmt.shape)

    def _rle_cells(self, index, scratch):
        fmt = self.format
        out = scratch.cells("source", fmt)
        return codecs.rle.decode(self.codestream(index), fmt.shape, fmt.dtype, limits=self.limits, out=out)

    def _jpeg_cells(self, index, scratch):
        """Where the precision is Bits Allocated, samples are whole cells; else stored values."""
        codestream, fmt = self.codestream(index), self.format
        info = codecs.jpeg.read_info(codestream)
        shape = (
            (info.rows, info.columns) if info.components == 1 else (info.rows, info.columns, info.components)
        )
        if not info.lossless or info.precision != fmt.bits_allocated or shape != fmt.shape:
            return self._stored_cells(index, scratch)
        out = scratch.cells("source", fmt)
        return codecs.jpeg.decode(codestream, color="coded", limits=self.limits, out=out)

    def _stored_cells(self, index, scratch):
        fmt = self.format
        if self.is_float:
            return pixels_of(self.dataset, frames=index, workers=1, limits=self.limits)
        out = scratch.cells("source", fmt)
        stored = out.view(self.reader.dtype)
        color = "rgb" if self._rgb else "coded"
        pixels_of(self.dataset, frames=index, out=stored, color=color, workers=1, limits=self.limits)
        return out

    # -- bytes ------------------------------------------------------------------------------------

    def codestream(self, index):
        """Return the codestream of a frame."""
        return self.reader.codestream(index)

    def native_bytes(self, index, scratch):
        """Return the bytes of a native frame that begins where a byte does."""
        if self._descriptor is None:
            return self.reader.codestream(index)
        [(offset, length)] = self.reader.spans(index)
        view = scratch.bytes("native", length)
        if os.preadv(self._descriptor, [view], offset) != length:
            return self.reader.codestream(index)  # says what is wrong
        return view

    @contextlib.contextmanager
    def opened(self):
        """Hold the file open while frames are read; a file that has changed is refused at both ends."""
        path = self.dataset.path
        if path is None or not self.is_native or self.dataset._file_record[4] or not hasattr(os, "preadv"):
            yield
            return
        _core.check_unchanged(self.dataset._core)
        self._descriptor = os.open(path, os.O_RDONLY)
        try:
            if not os.path.samestat(os.fstat(self._descriptor), os.stat(path)):
                raise OSError(f"{path} is being replaced")
            yield
            _core.check_unchanged(self.dataset._core)
        finally:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)


def _format_of(reader, photometric):
    return SampleFormat(
        rows=reader.rows,
        columns=reader.columns,
        samples_per_pixel=reader.samples_per_pixel,
        bits_allocated=8 * reader.dtype.itemsize,
        bits_stored=reader.bits_stored,
        high_bit=reader.high_bit
        if reader.dtype.itemsize * 8 == reader.bits_allocated
        else reader.bits_stored - 1,
        is_signed=reader.is_signed,
        photometric_interpretation=photometric,
    )


class Scratch:
    """Memory one thread uses from frame to frame."""

    def __init__(self):
        self._blocks = {}

    def bytes(self, name, size):
        """Return a writable memoryview of `size` bytes, contents undefined."""
        block = self._blocks.get(name)
        if block is None or block.nbytes < size:
            # Room to the next 8 bytes, so that frames can be compared 8 bytes at a time.
            block = self._blocks[name] = np.zeros((size + 7) // 8, np.uint64)
        return memoryview(block).cast("B")[:size]

    def cells(self, name, sample_format):
        """Return an array for one frame of that format, contents undefined."""
        view = self.bytes(name, sample_format.frame_bytes)
        return np.frombuffer(view, sample_format.dtype).reshape(sample_format.shape)
