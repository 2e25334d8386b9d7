# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Where a DicomImage has its samples from: the frames of a data set, or an array another image became.

Both give one frame at a time to a function (:meth:`use`), so that no copy outlives its use: frames of a data set
are decoded into memory that is used again, encapsulated ones are kept up to :data:`KEPT_BYTES`.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from turbodicom import _core
from turbodicom._pixels import frame_reader, pixels_of
from turbodicom.errors import ConformanceError

__all__ = ["ArrayFrames", "StoredFrames", "StoredType", "counted", "value_range"]

KEPT_BYTES = 256 << 20  # our choice: of decoded frames of one image
_CLAIMED_A_PRESENT = 64  # our limit: frames claimed for each that is there
_MOST_COUNTS = 1 << 24  # our choice: longest histogram
_BLOCK_BYTES = 8 << 20  # our choice: of frames decoded at a time when all are wanted


@dataclass(frozen=True)
class StoredType:
    """What the stored values are.

    Attributes
    ----------
    bits : int
    is_signed : bool
    """

    bits: int
    is_signed: bool

    @property
    def low(self):
        return -(1 << (self.bits - 1)) if self.is_signed else 0

    @property
    def high(self):
        return self.low + (1 << self.bits) - 1


class ArrayFrames:
    """Frames that are already an array.

    Parameters
    ----------
    array : ndarray, shape (frames, rows, columns[, samples])
    """

    input_pixels = None

    def __init__(self, array):
        self.array = array
        self.count, self.rows, self.columns = array.shape[:3]
        self.samples = array.shape[3] if array.ndim == 4 else 1

    def use(self, index, function):
        """Return ``function(frame)``."""
        return function(self.array[index])

    def check_room(self, index=None):
        """Nothing has to be decoded."""

    def everything(self):
        """Return all frames as one array; not to be changed."""
        return self.array

    def blocks(self):
        """Yield (first frame, frames)."""
        yield 0, self.array


class StoredFrames:
    """Frames of a data set as they are stored.

    Parameters
    ----------
    dataset : Dataset
    first, count : int
        The frames that count here.
    color : str
        As ``color`` of :func:`turbodicom.pixels`.
    tolerant : bool
        Whether frames that are not whole are taken as far as they go.
    options : Options
        For `workers` and `workarounds`.
    """

    def __init__(self, dataset, first, count, color, tolerant, options):
        reader = frame_reader(dataset)
        self.dataset, self.reader = dataset, reader
        self.first, self.count = first, count
        self.rows, self.columns = reader.rows, reader.columns
        self.samples = reader.samples_per_pixel
        self.type = StoredType(reader.bits_stored, reader.is_signed)
        self.dtype = reader.dtype
        self._options = {
            "color": color,
            "on_error": "report" if tolerant else "raise",
            "workers": options.workers,
            "workarounds": options.workarounds,
        }
        self._is_tolerant = tolerant
        self._spare, self._kept, self._all = [], {}, None
        self._keeps = reader.road != "native"
        self.takes_cut_frames = False
        self.total = reader.number_of_frames  # of the file; fewer where only those it declares count

    @property
    def shape(self):
        """Of one frame."""
        return (self.rows, self.columns, self.samples)[: 3 if self.samples > 1 else 2]

    def use(self, index, function):
        """Return ``function(frame)``; the frame is not to be kept."""
        if self._all is not None:
            return function(self._all[index])
        if self._keeps:
            return function(self._kept_frame(index))
        self.check_room(index)
        buffer = self._spare.pop() if self._spare else np.empty(self.shape, self.dtype)
        try:
            return function(self._decode(self.first + index, buffer))
        finally:
            self._spare.append(buffer)

    def _kept_frame(self, index):
        frame = self._kept.get(index)
        if frame is None:
            self.check_room(index)
            frame = self._decode(self.first + index, np.empty(self.shape, self.dtype))
            while self._kept and (len(self._kept) + 1) * frame.nbytes > KEPT_BYTES:
                self._kept.pop(next(iter(self._kept)))
            self._kept[index] = frame
        return frame

    def _decode(self, frames, out):
        if self.takes_cut_frames and (self.input_pixels is not None or self._has_swapped_words):
            return self._decode_bytes(frames, out)
        return pixels_of(self.dataset, frames=frames, out=out, report=[], **self._options)

    @cached_property
    def _has_swapped_words(self):
        """Big-endian samples of two words: to DCMTK the word of less weight comes first (PS3.5 8.1.1)."""
        reader = self.reader
        return reader.road == "native" and self.dataset.is_big_endian and reader.bits_allocated == 32

    def _decode_bytes(self, frames, out):
        """Native frames as DCMTK takes their bytes: as far as they go, the last row too; 0 where there is nothing."""
        size = self.reader.stored_frame_bits // 8
        element = self.dataset.element(self.reader.pixel_data_tag)
        targets = [(frames, out)] if isinstance(frames, int) else zip(frames, out, strict=True)
        for index, target in targets:
            begin = min(index * size, element.length)
            present = min(size, element.length - begin)
            raw = self.dataset.read_bytes(element.offset + begin, present) if present else b""
            self.reader.finish_native(self._as_dcmtk_reads(raw, size), False, False, target)
        return out

    def _as_dcmtk_reads(self, raw, size):
        """The bytes of a frame, all `size` of them, in words of little-endian order."""
        if self.dataset.is_big_endian and self.reader.bits_allocated in (16, 32):
            raw = np.frombuffer(raw[: len(raw) // 2 * 2], ">u2").astype("<u2").tobytes()
        return raw.ljust(size, b"\0")

    def everything(self):
        """Return all frames as one array; not to be changed."""
        if self._all is None:
            self.check_room()
            wanted = list(range(self.first, self.first + self.count))
            self._all = self._decode(wanted, np.empty((self.count, *self.shape), self.dtype))
            self._kept.clear()
        return self._all

    def check_room(self, index=None):
        """No room for frames, one or all, that the bytes do not justify: called before it is taken."""
        takes_less = self.takes_cut_frames and self.reader.road == "native"
        if index is not None and not takes_less:
            self.reader.check_frames([self.first + index], self.takes_cut_frames or self._is_tolerant)
            return
        end = self.first + (self.count if index is None else index + 1)
        present = self.reader.frames_present
        if end > _CLAIMED_A_PRESENT * max(present, 1):
            self.reader.check_frames([end - 1], False)  # before a list of billions is made
        if end > present:
            self.reader.check_frames(list(range(end)), self.takes_cut_frames)

    def blocks(self):
        """Yield (first frame, frames), some megabytes at a time."""
        if self._all is not None:
            yield 0, self._all
            return
        frame_bytes = max(int(np.prod(self.shape)) * self.dtype.itemsize, 1)
        size = max(min(_BLOCK_BYTES // frame_bytes, self.count), 1)
        if frame_bytes > _BLOCK_BYTES:
            self.check_room(0)
        buffer = np.empty((size, *self.shape), self.dtype)
        for begin in range(0, self.count, size):
            end = min(begin + size, self.count)
            wanted = list(range(self.first + begin, self.first + end))
            yield begin, self._decode(wanted, buffer[: end - begin])

    def range(self):
        """Return smallest and largest stored value of the frames that count here."""
        ranges = [value_range(block) for _, block in self.blocks()]
        return min(low for low, _ in ranges), max(high for _, high in ranges)

    @cached_property
    def input_pixels(self):
        """How many pixels the file has for these frames; None: all."""
        reader = self.reader
        if reader.road != "native" or reader.frames_present >= self.first + self.count:
            return None
        bits = self._stored_bits - self.first * reader.stored_frame_bits
        return max(bits // (reader.stored_frame_bits // (self.rows * self.columns)), 0)

    @property
    def _stored_bits(self):
        element = self.dataset.element(self.reader.pixel_data_tag)
        return element.length * 8

    @property
    def tail_count(self):
        """How many cells follow the last frame: all there is in native Pixel Data, else padding."""
        reader = self.reader
        if reader.road != "native":
            return self._decoded_bytes(self.total) % 2
        return max(self._stored_bits - self.total * reader.stored_frame_bits, 0) // reader.bits_allocated

    def tail_range(self):
        """Return the range of what follows the last frame, padding too; None: nothing."""
        reader, count = self.reader, self.tail_count
        if not count:
            return None
        if reader.road != "native" or reader.bits_allocated not in (8, 16, 32):
            return 0, 0
        size = reader.bits_allocated // 8
        element = self.dataset.element(reader.pixel_data_tag)
        offset = element.offset + self.total * reader.stored_frame_bits // 8
        ranges = []
        for begin in range(0, count * size, _BLOCK_BYTES):
            raw = self.dataset.read_bytes(offset + begin, min(_BLOCK_BYTES, count * size - begin))
            ranges.append(self._range_of_raw(raw, size))
        return min(low for low, _ in ranges), max(high for _, high in ranges)

    def _decoded_bytes(self, frames):
        return frames * int(np.prod(self.shape)) * (self.reader.bits_allocated // 8 or 1)

    def _range_of_raw(self, raw, size):
        cells = np.frombuffer(self._as_dcmtk_reads(raw, len(raw)), f"<u{size}").astype(np.int64)
        shift = self.reader.high_bit + 1 - self.type.bits
        values = (cells >> shift) & ((1 << self.type.bits) - 1)
        if self.type.is_signed:
            values = np.where(values > self.type.high, values - (1 << self.type.bits), values)
        return int(values.min()), int(values.max())


def value_range(array):
    """Return smallest and largest value of an array.

    Parameters
    ----------
    array : ndarray

    Returns
    -------
    tuple

    Raises
    ------
    ConformanceError
        Nothing is left to take a range of.
    """
    found = _core.value_range(array)
    if found is None:
        raise ConformanceError("pixels: there is no value to take a range of (PS3.3 C.7.5.1.1)")
    return found


def counted(data, low, high):
    """Count the values of an integer array.

    Parameters
    ----------
    data : ndarray of integers
    low, high : int
        The range that counts; values beyond count for its ends where it is long.

    Returns
    -------
    values, counts : ndarray
        In order; with gaps where the range is long.
    """
    if high - low < _MOST_COUNTS:
        return np.arange(low, high + 1), _core.histogram(np.clip(data, low, high), low, high).astype(np.int64)
    return np.unique(data, return_counts=True)
