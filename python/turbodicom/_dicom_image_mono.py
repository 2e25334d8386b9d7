# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Monochrome pixels with DCMTK's numbers: intermediate data, their type and range, and their way to the output.

What becomes of one stored value is computed for every value that can come (`_dcmtk_display`) and kept as a table;
a frame then is one pass of the core over its stored samples. Values of more than 16 bits go without a table.
"""

from functools import cached_property

import numpy as np

from turbodicom import _core
from turbodicom._dcmtk_display import displayed, uses_table
from turbodicom._dicom_image_frames import ArrayFrames, StoredFrames, counted, value_range
from turbodicom._dicom_image_modality import smallest_type
from turbodicom.errors import ConformanceError

__all__ = ["DcmtkMono", "apply_table"]

_MOST_ROADS = 8  # our choice: kept for one image
_MOST = (1 << 31) - 1  # in 32 bits with a sign
_NOISE = 1e-9  # what double arithmetic may leave of a whole number


class DcmtkMono:
    """Monochrome pixels of a data set or of another image.

    Parameters
    ----------
    frames : StoredFrames or ArrayFrames
        Stored values, or intermediate ones where `modality` is None of its own.
    modality : Modality
    options : Options
    is_original : bool, optional
        Whether `frames` are stored values.
    extremes : (int, int), optional
        What another image says of its smallest and largest value.
    """

    samples = 1

    def __init__(self, frames, modality, options, is_original=True, extremes=None):
        self.frames, self.modality, self.options = frames, modality, options
        self.is_original = is_original
        self._extremes, self._roads = extremes, {}
        self.rows, self.columns, self.count = frames.rows, frames.columns, frames.count
        self.input_count = self._present_pixels()

    def derived(self, array, extremes=None):
        """Return the same of other intermediate data, (frames, rows, columns)."""
        made = DcmtkMono(ArrayFrames(array), self.modality, self.options, False, extremes)
        made.input_count = self.input_count  # DCMTK goes on saying what the file had
        return made

    # -- about the values --------------------------------------------------------------------------

    @property
    def bits(self):
        return self.modality.bits

    @cached_property
    def dtype(self):
        """The integer type of the intermediate data: the smallest for the values there are."""
        if not self.is_original:
            return self.frames.array.dtype
        if self.options.use_absolute_pixel_range:
            return smallest_type(self.modality.low, self.modality.high)
        return smallest_type(*self._used_range)

    @cached_property
    def _used_range(self):
        """Smallest and largest value with their fractions."""
        return self.modality.range_of(*self._stored_range())

    def _stored_range(self):
        """Range of the stored values: of the whole file if DCMTK counts values, else of these frames."""
        frames, pixels = self.frames, self.rows * self.columns
        stored = frames.type
        possible = stored.high - stored.low + 1
        if frames.input_pixels is not None:
            return value_range(self._stored_flat()[: frames.input_pixels])
        if self.options.use_partial_access:
            return frames.range()
        counted = stored.bits <= 16 and frames.total * pixels + frames.tail_count > 3 * possible
        if not counted:
            return frames.range()
        ranges = [self._whole_file().range(), frames.tail_range()]
        ranges = [each for each in ranges if each is not None]
        return min(low for low, _ in ranges), max(high for _, high in ranges)

    def _whole_file(self):
        frames = self.frames
        if frames.count == frames.total:
            return frames
        made = StoredFrames(frames.dataset, 0, frames.total, "coded", True, self.options)
        made.takes_cut_frames, made.total = frames.takes_cut_frames, frames.total
        return made

    def _stored_flat(self):
        return self.frames.everything().reshape(-1)

    @cached_property
    def min_max(self):
        """Smallest and largest intermediate value, as DCMTK says."""
        if self._extremes is not None:
            return self._extremes
        if self.is_original and self.modality.table is None:
            ends = np.array([int(value) for value in self._used_range])
            low, high = self._held(ends).tolist() if self.modality.is_beyond_32_bits else ends.tolist()
            if low or high:
                return low, high
        return tuple(int(value) for value in value_range(self.everything()))

    def keep_range_of(self, earlier):
        """Take range and type of the frames before: DCMTK goes on with those of the first frames it opened."""
        self._extremes, self.dtype = earlier.min_max, earlier.dtype

    @cached_property
    def inner_min_max(self):
        """Smallest and largest value but the extremes; 0 where there is none."""
        low, high = self.min_max
        data = self.everything()
        if low < high and not self.modality.is_beyond_32_bits:
            values, counts = counted(data, low, high)
            values = values[counts > 0]
        else:
            values = np.unique(data)
        above, below = values[values > low], values[values < high]
        return int(above[0]) if len(above) else 0, int(below[-1]) if len(below) else 0

    def _present_pixels(self):
        """Pixels that really exist."""
        total = self.rows * self.columns * self.count
        missing = self.frames.input_pixels
        return total if missing is None else min(missing, total)

    # -- intermediate data -------------------------------------------------------------------------

    def _values(self, array):
        """Intermediate values of stored ones, as they come, in a wide type."""
        if not self.is_original:
            return array.astype(np.int64)
        values = self.modality.values(array.astype(np.int64))
        return self._held(values) if self.modality.is_beyond_32_bits else values

    def _held(self, values):
        """What is left of values in the type of the intermediate data, as x86-64 converts doubles."""
        if self.dtype == np.int32:
            values = np.where((values > _MOST) | (values < -_MOST - 1), -_MOST - 1, values)
        return values.astype(self.dtype).astype(np.int64)

    def inter(self, index, out=None):
        """Write the intermediate data of one frame to `out`, an array of :attr:`dtype`."""
        if out is None:
            out = np.empty((self.rows, self.columns), self.dtype)
        if not self.is_original or (self.modality.changes_nothing and self.frames.input_pixels is None):
            self.frames.use(index, lambda frame: np.copyto(out, frame, casting="unsafe"))
            return out
        table = self._inter_table
        if table is None:
            self.frames.use(index, lambda frame: np.copyto(out, self._values(frame).astype(self.dtype)))
        else:
            self.frames.use(index, lambda frame: apply_table(frame, self.frames.type.low, table, out))
        self._fill_missing(index, out)
        return out

    @cached_property
    def _inter_table(self):
        stored = self.frames.type
        if stored.bits > 16:
            return None
        return self._values(np.arange(stored.low, stored.high + 1)).astype(self.dtype)

    def _fill_missing(self, index, out):
        """Pixels the file does not have: the smallest possible value, if the type can hold it."""
        present = self.frames.input_pixels
        if present is None:
            return
        pixels = self.rows * self.columns
        begin = min(max(present - index * pixels, 0), pixels)
        least = np.iinfo(self.dtype).min
        out.reshape(-1)[begin:] = least if self.modality.low < least else int(self.modality.low)

    def everything(self):
        """Return the intermediate data of all frames, (frames, rows, columns)."""
        if isinstance(self.frames, ArrayFrames):
            return self.frames.array
        if self._as_stored:
            return self.frames.everything().astype(self.dtype, copy=False)
        out = np.empty((self.count, self.rows, self.columns), self.dtype)
        for index in range(self.count):
            self.inter(index, out[index])
        return out

    @property
    def _as_stored(self):
        return self.modality.changes_nothing and self.frames.input_pixels is None

    # -- output ------------------------------------------------------------------------------------

    def render(self, index, step, out, workers=1):
        """Write one frame as `step` has it to `out`."""
        if self.frames.input_pixels is not None:
            self._render_values(self.inter(index).astype(np.int64), step, out)
            return
        road = self._road(step)
        if road is None:
            self.frames.use(index, lambda frame: self._render_values(self._values(frame), step, out))
        else:
            self.frames.use(index, lambda frame: road(frame, out, workers))

    def render_all(self, step, out, workers):
        """Write all frames as `step` has them to `out`."""
        road = None if self.frames.input_pixels is not None else self._road(step)
        if road is None:
            for index in range(self.count):
                self.render(index, step, out[index])
            return
        for begin, block in self.frames.blocks():
            road(block, out[begin : begin + len(block)], workers)

    def _render_values(self, values, step, out):
        out[...] = displayed(values, self.modality, step, self._item_bits(step), self._through_table)

    def _road(self, step):
        """A function that takes samples of `frames` to the output; None where every pixel is computed."""
        road = self._roads.get(step)
        if road is None and self._span is not None:
            while len(self._roads) >= _MOST_ROADS:
                self._roads.pop(next(iter(self._roads)))
            road = self._roads[step] = self._make_road(step)
        return road

    def _make_road(self, step):
        inputs = self._inputs
        table = displayed(
            self._values(inputs), self.modality, step, self._item_bits(step), self._through_table
        )
        inputs = inputs.astype(self._frame_type)
        transform = self._arithmetic(step)
        if transform is not None:
            made = np.empty_like(table)
            transform.apply(inputs, made)
            if np.array_equal(made, table):
                return lambda samples, out, workers: transform.apply(samples, out, workers=workers)
        return lambda samples, out, workers: apply_table(samples, self._span[0], table, out, workers)

    def _arithmetic(self, step):
        """The core's arithmetic, shifted so that rounding to the nearest cuts off: fast, but to be proven equal."""
        is_plain = step.voi is None and step.presentation is None and step.display is None
        if not is_plain or step.function == "sigmoid" or step.bits > 16 or self.modality.table is not None:
            return None
        values, outputs = _line_of(step, self.modality)
        if not values[0] < values[1] or outputs[0] == outputs[1]:
            return None
        scale = (values[1] - values[0]) / (outputs[1] - outputs[0])
        cut = 0.5 - self._least_gap(values, outputs) / 2
        ends = [values[0] + (output + cut - outputs[0]) * scale for output in (0, max(step.low, step.high))]
        stored = self.is_original and not self.modality.changes_nothing
        return _core.ValueTransform(
            self._frame_type,
            *self._span,
            np.dtype(np.uint8 if step.bits <= 8 else np.uint16),
            modality=("linear", self.modality.slope, self.modality.intercept) if stored else None,
            voi=("range", min(ends), max(ends)),
            inverse=step.is_inverse,
            output=(0.0, float(max(step.low, step.high))),
        )

    def _least_gap(self, values, outputs):
        """How near to the next whole number an output value comes that is not whole: half of it is what may be
        added before rounding. The more, the more often single precision will do for the core."""
        parts = (self._values(self._inputs).astype(np.float64) - values[0]) / (values[1] - values[0])
        numbers = outputs[0] + parts[(parts > 0) & (parts < 1)] * (outputs[1] - outputs[0])
        gaps = np.ceil(numbers) - numbers
        gaps = gaps[gaps > _NOISE]
        return gaps.min() if len(gaps) else 0.5

    @cached_property
    def _inputs(self):
        return np.arange(self._span[0], self._span[1] + 1, dtype=np.int64)

    @property
    def _frame_type(self):
        frames = self.frames
        return frames.array.dtype if isinstance(frames, ArrayFrames) else frames.dtype

    @cached_property
    def _span(self):
        pixels = self.rows * self.columns
        if self.count == 1:
            low, high = (int(value) for value in self.frames.use(0, value_range))
        elif self.is_original:
            low, high = self.frames.type.low, self.frames.type.high
        else:
            low, high = self.min_max if self._extremes is None else map(int, value_range(self.frames.array))
        return (low, high) if high - low < min(pixels * self.count, 1 << 16) else None

    @cached_property
    def _through_table(self):
        if self.modality.low == int(self.modality.low):
            return False  # all the same
        return uses_table(self.dtype.itemsize, self.rows * self.columns, self.modality)

    def _item_bits(self, step):
        return 8 * self.dtype.itemsize if step.display is not None else 0


def _line_of(step, modality):
    """Two values and what they become, before fractions are cut off: `displayed` as a straight line."""
    if step.window is not None:
        center, width = step.window
        half = (width - 1) / 2
        return (center - 0.5 - half, center - 0.5 + half), (step.low, step.high)
    return (modality.low, modality.low + modality.possible), (step.low, step.high + 1)


def apply_table(array, first, table, out, workers=1):
    """Write ``table[array - first]`` to `out`, the ends of the table for values beyond.

    Parameters
    ----------
    array : ndarray of integers
    first : int
    table : ndarray, one-dimensional
    out : ndarray of the table's dtype
    workers : int, optional

    Raises
    ------
    ConformanceError
        The table is empty.
    """
    if not len(table):
        raise ConformanceError("LUT: no entries (PS3.3 C.11)")
    if array.dtype.itemsize > 4:  # of 64 bits allocated at most 32 are stored
        array = array.astype(np.int32 if array.dtype.kind == "i" else np.uint32)
    _core.apply_table(array, first, table, out, workers)
