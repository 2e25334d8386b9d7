# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Monochrome pixels of a DicomImage as the standard has them: PS3.3 C.11 in floating point, rounded once.

`_stages` reads the modality transformation of each frame, ``_core.ValueTransform`` does all the arithmetic.
"""

from functools import cached_property

import numpy as np

from turbodicom import _core
from turbodicom._dicom_image_frames import ArrayFrames, value_range
from turbodicom._dicom_image_modality import Modality, depth_of_range
from turbodicom._stages import Image, StageReader

__all__ = ["StandardMono"]

_EXACT = 1 << 24  # whole numbers up to here are exact in float32
_FLOAT_BITS = 16  # our choice: depth of an image of floating-point pixels
_MOST_TRANSFORMS = 16  # our choice: kept for one image


class _Same:
    """A list of one thing, as long as you like."""

    def __init__(self, thing):
        self.thing = thing

    def __getitem__(self, index):
        return self.thing


class StandardMono:
    """Monochrome pixels of a data set.

    Parameters
    ----------
    dataset : Dataset
    frames : StoredFrames
    options : Options
    """

    samples = 1

    def __init__(self, dataset, frames, options):
        self._begin(frames, options)
        self._stages = self._read_stages(dataset, frames)
        self.modality = self._whole_modality(dataset)
        self.dtype = self._own_type()

    def _begin(self, frames, options):
        self.frames, self.options = frames, options
        self.rows, self.columns, self.count = frames.rows, frames.columns, frames.count
        self._transforms = {}

    @classmethod
    def of_array(cls, array, modality, options):
        """Return the same of intermediate data, (frames, rows, columns).

        Parameters
        ----------
        array : ndarray
        modality : Modality
            What is possible.
        options : Options

        Returns
        -------
        StandardMono
        """
        made = cls.__new__(cls)
        dtype = array.dtype if array.dtype.kind == "f" else np.dtype(np.float32)
        made._begin(ArrayFrames(array.astype(dtype, copy=False)), options)
        made._stages = _Same(None)
        made.modality, made.dtype = modality, dtype
        return made

    def derived(self, array, extremes=None):
        """Return the same of other intermediate data."""
        del extremes  # found anew
        return StandardMono.of_array(array, self.modality, self.options)

    # -- the modality stage ------------------------------------------------------------------------

    @property
    def _is_float(self):
        return self.frames.dtype.kind == "f"

    def _read_stages(self, dataset, frames):
        """For each frame what ValueTransform takes as its modality."""
        options = self.options
        if options.ignore_modality or options.use_presentation_state:
            return _Same(None)
        if options.slope is not None:
            given = ("linear", float(options.slope), float(options.intercept)) if options.slope else None
            return _Same(given)
        if options.modality_lut is not None:
            table = options.modality_lut
            return _Same(("table", table.first_input(frames.type.is_signed), table.entries))
        low, high = (None, None) if self._is_float else (frames.type.low, frames.type.high)
        image = Image(low, high, 1, "MONOCHROME2")
        reader = StageReader(dataset, image, "modality")
        if not reader.has_per_frame_groups:
            return _Same(reader.of(frames.first).modality)
        frames.reader.check_frames(
            [frames.first + frames.count - 1], False
        )  # no room for frames that are not there
        return [reader.of(frames.first + index).modality for index in range(frames.count)]

    def _whole_modality(self, dataset):
        """What is possible in all frames together, and the explanation of the first LUT."""
        if self._is_float:
            self.modality = None
            low, high = map(float, self.min_max)
            return Modality(_FLOAT_BITS, low, high)
        stages = [self._stages[0]] if isinstance(self._stages, _Same) else self._stages
        ranges = [self._range_of(stage) for stage in {id(stage): stage for stage in stages}.values()]
        low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
        return Modality(depth_of_range(low, high), low, high, table=self._table(dataset))

    def _range_of(self, stage):
        stored = self.frames.type
        if stage is None:
            return float(stored.low), float(stored.high)
        if stage[0] == "table":
            return float(stage[2].min()), float(stage[2].max())
        ends = [value * stage[1] + stage[2] for value in (stored.low, stored.high)]
        return min(ends), max(ends)

    def _table(self, dataset):
        """The Modality LUT, for its explanation."""
        from turbodicom._dicom_image_attributes import first_item
        from turbodicom._dicom_image_tables import read_table

        if self.options.modality_lut is not None:
            return self.options.modality_lut
        return read_table(first_item(dataset, "ModalityLUTSequence"), ("LUTDescriptor", "LUTData"))

    def _own_type(self):
        if self._is_float:
            return np.dtype(self.frames.dtype.newbyteorder("="))
        stored = self.frames.type
        return np.dtype(np.float64 if max(-stored.low, stored.high) >= _EXACT else np.float32)

    # -- about the values --------------------------------------------------------------------------

    @property
    def bits(self):
        return self.modality.bits

    @cached_property
    def min_max(self):
        """Smallest and largest value of all frames, NaN left out."""
        ranges = []
        for stage, begin, block in self._blocks():
            low, high = value_range(block)
            if stage is not None:
                low, high = value_range(self._modality_values(np.array([low, high]), stage))
                if stage[0] == "table":
                    low, high = value_range(self._modality_values(block, stage))
            ranges.append((low, high))
            del begin
        return min(low for low, _ in ranges), max(high for _, high in ranges)

    def _blocks(self):
        """Yield (modality, first frame, frames), cut where the modality changes."""
        for begin, block in self.frames.blocks():
            start = 0
            for stop in range(1, len(block) + 1):
                if stop == len(block) or self._stages[begin + stop] is not self._stages[begin + start]:
                    yield self._stages[begin + start], begin + start, block[start:stop]
                    start = stop

    def _modality_values(self, array, stage):
        out = np.empty(array.shape, np.float64)
        self._transform(stage, array.dtype, out.dtype).apply(array, out)
        return out

    @cached_property
    def inner_min_max(self):
        """Smallest and largest value but the extremes."""
        low, high = self.min_max
        values = np.unique(self.everything())
        inside = values[(values > low) & (values < high)]
        return (inside[0], inside[-1]) if len(inside) else (low, high)

    @property
    def input_count(self):
        """Pixels that really exist."""
        total = self.rows * self.columns * self.count
        missing = self.frames.input_pixels
        return total if missing is None else min(missing, total)

    # -- intermediate data -------------------------------------------------------------------------

    def inter(self, index, out=None):
        """Write the values after the modality stage of one frame to `out`, an array of :attr:`dtype`."""
        if out is None:
            out = np.empty((self.rows, self.columns), self.dtype)
        self.frames.use(index, lambda frame: self._to(frame, self._stages[index], out, 1))
        return out

    def everything(self):
        """Return the values of all frames, (frames, rows, columns)."""
        if isinstance(self.frames, ArrayFrames):
            return self.frames.array
        out = np.empty((self.count, self.rows, self.columns), self.dtype)
        for stage, begin, block in self._blocks():
            self._to(
                block, stage, out[begin : begin + len(block)], self.options.workers or _core.usable_cores()
            )
        return out

    def _to(self, array, stage, out, workers):
        if stage is None and array.dtype == out.dtype:
            np.copyto(out, array)
        else:
            self._transform(stage, array.dtype, out.dtype).apply(array, out, workers=workers)

    def _transform(self, stage, dtype_in, dtype_out, step=None):
        key = (id(stage), dtype_in.str, dtype_out.str, step)
        found = self._transforms.get(key)
        if found is None:
            while len(self._transforms) >= _MOST_TRANSFORMS:
                self._transforms.pop(next(iter(self._transforms)))
            found = self._transforms[key] = self._make_transform(stage, dtype_in, dtype_out, step)
        return found

    def _make_transform(self, stage, dtype_in, dtype_out, step):
        is_stored = dtype_in.kind != "f" and not isinstance(self.frames, ArrayFrames)
        stored = self.frames.type if is_stored else None
        low, high = (stored.low, stored.high) if is_stored else (0, 0)
        stages = {} if step is None else self._display_stages(step)
        return _core.ValueTransform(dtype_in, low, high, dtype_out, modality=stage, **stages)

    # -- output ------------------------------------------------------------------------------------

    def _display_stages(self, step):
        """VOI, presentation and output range as ValueTransform takes them."""
        black, white = sorted((step.low, step.high))
        stages = {"voi": self._voi(step), "inverse": step.is_inverse, "output": (float(black), float(white))}
        if step.presentation is not None:
            stages["presentation"] = (step.presentation.entries, step.presentation.bits)
        return stages

    def _voi(self, step):
        table = step.voi
        if table is not None:
            return ("table", table.first_input(self.modality.low < 0), table.entries, table.bits)
        if step.window is not None:
            function = "linear" if step.function == "default" else step.function
            return (function, *step.window)
        return ("range", self.modality.low, self.modality.high)

    def render(self, index, step, out, workers=1):
        """Write one frame as `step` has it to `out`."""
        self.frames.use(index, lambda frame: self._render(frame, self._stages[index], step, out, workers))

    def render_all(self, step, out, workers):
        """Write all frames as `step` has them to `out`."""
        for stage, begin, block in self._blocks():
            self._render(block, stage, step, out[begin : begin + len(block)], workers)

    def _render(self, array, stage, step, out, workers):
        if step.display is None:
            self._transform(stage, array.dtype, out.dtype, step).apply(array, out, workers=workers)
            return
        p_values = np.empty(array.shape, np.uint16)
        self._transform(stage, array.dtype, p_values.dtype, step.as_p_values).apply(
            array, p_values, workers=workers
        )
        out[...] = step.display_entries(16)[p_values]
