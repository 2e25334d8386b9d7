# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""What ``values=`` asks for, worked out for some frames of a data set: shape and dtype of the result, and how to get it.

Begin at :class:`ValuePlan`. It knows options and stages (`_stages`), and gives arrays of stored values to the core.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from turbodicom import _core
from turbodicom._stages import padding_of, stages_of_frames
from turbodicom._value_statistics import Statistics
from turbodicom._window import Window, windows_of
from turbodicom.errors import UnsupportedError

__all__ = ["ValuePlan", "as_input", "check_dtype"]

_DIRECT = frozenset(["u1", "i1", "u2", "i2", "u4", "i4", "f2", "f4", "f8"])  # what the core writes
_FLOAT32 = np.dtype(np.float32)
_ROOM = 1 << 16  # our limit: entries of the table a supplemental palette becomes


class ValuePlan:
    """How stored values of some frames become what is asked for.

    Parameters
    ----------
    dataset : Dataset
    image : Image
    options : PixelOptions
    frames : sequence of int
        Their indexes in the file.
    stored : dtype
        Of the stored values.
    dtype : dtype or None
        Of the result; None for the default.

    Attributes
    ----------
    dtype : dtype
    samples : int
        Of the result; 0 for none.
    """

    def __init__(self, dataset, image, options, frames, stored, dtype=None):
        self._image, self._values, self._fill = image, options.values, options.fill
        windows, is_list = windows_of(options.window)
        if is_list and image.samples_per_pixel > 1:
            raise ValueError("a list of windows needs an image with one sample per pixel")
        self._stages = [
            stages_of_frames(dataset, frames, image, options.values, window, options.real_world)
            for window in windows
        ]
        palette = bool(frames) and self._stages[0][0].palette is not None
        if is_list and palette:
            raise ValueError("a list of windows gives one sample each, and so does the palette of this image")
        self.samples = image.samples_per_pixel if image.samples_per_pixel > 1 else 0
        if palette or is_list:
            self.samples = 3 if palette else len(windows)
        self._one_sample_a_window = is_list
        self.dtype = np.dtype(dtype) if dtype is not None else self._default_dtype(stored, image)
        check_dtype(self.dtype, options.values, self._fill)
        self._file_quirks = []
        self._found = [_found(row) for row in self._stages]
        looks = options.mask or options.fill is not None or any(self._found)
        self._padding = padding_of(dataset, image, self._file_quirks) if looks else None
        self._quirks_met = set()

    def _default_dtype(self, stored, image):
        if self._values == "stored":
            return stored
        if self._values != "modality":
            return np.dtype(np.uint8)
        is_wide = stored.itemsize == 8 if stored.kind == "f" else max(-image.low - 1, image.high) >= 1 << 24
        return np.dtype(np.float64 if is_wide else np.float32)

    # -- windows that are found in the pixels ----------------------------------------------------------------

    @property
    def needs_pixels(self):
        """Whether all stored values have to be seen before the first result."""
        return any(self._found)

    def look(self, stored):
        """See the stored values of all frames: (frames, rows, columns)."""
        for window, row in zip(self._found, self._stages, strict=True):
            if window is None:
                continue
            statistics = Statistics(window, self._padding)
            for begin, end, stages in _runs(row):
                if isinstance(stages.voi, Window):
                    statistics.add(stored[begin:end], stages.modality)
            voi, shared = statistics.voi(), _shared(row)
            found = {id(s): s._replace(voi=voi) for s in shared if isinstance(s.voi, Window)}
            row[:] = [found.get(id(stages), stages) for stages in shared]

    # -- the work --------------------------------------------------------------------------------------------

    def shape(self, rows, columns, is_planar):
        """Return the shape of one frame of the result."""
        if not self.samples:
            return (rows, columns)
        return (self.samples, rows, columns) if is_planar else (rows, columns, self.samples)

    def transforms(self, stored, has_mask):
        """Return what the core can do in the same go as decoding: one ValueTransform for all frames, or one for each.

        Parameters
        ----------
        stored : dtype
        has_mask : bool

        Returns
        -------
        ValueTransform, list of them, or None
            None where it takes more than one of them, or something else.
        """
        row = self._stages[0] if len(self._stages) == 1 and not self._one_sample_a_window else []
        if not row or self.needs_pixels or self.dtype.str[1:] not in _DIRECT or not self.dtype.isnative:
            return None
        if has_mask and (self._fill is None or self._image.samples_per_pixel > 1):
            return None
        runs = list(_runs(row))
        if any(stages.palette is not None or stages.valid is not None for _, _, stages in runs):
            return None
        made = []
        for begin, end, stages in runs:
            self._check_whole(stages, stored, self.dtype)
            made += [self._transform(stages, stored, self.dtype)] * (end - begin)
        return made[0] if len(runs) == 1 else made

    def frame_transforms(self, stored, is_resized):
        """Return what the core can do in the same go as decoding the first frame, whatever the number of windows.

        Parameters
        ----------
        stored : dtype
        is_resized : bool
            Then values are made as float32, over the range of `dtype`; the core rounds them once they are resized.

        Returns
        -------
        can : bool
        transforms : ValueTransform, list of them (one for each of a list of windows) or None
            None: the stored values are it.
        """
        first = [row[0] for row in self._stages]
        has_more = any(stages.palette is not None or stages.valid is not None for stages in first)
        if has_more or self.needs_pixels or self.dtype.str[1:] not in _DIRECT or not self.dtype.isnative:
            return False, None
        if self._values == "stored" and self._fill is None and (is_resized or stored == self.dtype):
            return True, None
        if is_resized:
            made = [self._transform(stages, stored, _FLOAT32, self.dtype) for stages in first]
        else:
            for stages in first:
                self._check_whole(stages, stored, self.dtype)
            made = [self._transform(stages, stored, self.dtype) for stages in first]
        return True, made if self._one_sample_a_window else made[0]

    def is_plain(self, stored):
        """Tell whether the result is the stored values themselves."""
        if stored != self.dtype or self._fill is not None or self._one_sample_a_window or self.needs_pixels:
            return False
        return all(self._is_identity(stages) for row in self._stages for _, _, stages in _runs(row))

    def apply(self, stored, begin, out, mask, workers):
        """Make the values of some frames.

        Parameters
        ----------
        stored : ndarray, shape (frames, rows, columns[, samples])
        begin : int
            Position of the first of them among the frames of the plan.
        out : ndarray
            Of `dtype`, samples last.
        mask : ndarray of bool, shape (frames, rows, columns), or None
        workers : int
        """
        if mask is not None:
            self._mark(stored, mask)  # before `out`, which may be `stored`
        for number, row in enumerate(self._stages):
            target = out[..., number] if self._one_sample_a_window else out
            for first, last, stages in _runs(row[begin : begin + len(stored)]):
                self._apply_run(stages, stored[first:last], target[first:last], workers)

    def quirks(self, position):
        """Return the names of what was met in one frame."""
        names = [name for row in self._stages for name in row[position].quirks]
        return list(dict.fromkeys([*names, *self._file_quirks, *sorted(self._quirks_met)]))

    def _apply_run(self, stages, stored, out, workers):
        outside = None if stages.valid is None else self._outside(stages.valid, stored, out.dtype)
        if stages.palette is not None:
            self._apply_palette(stages, stored, out, workers)
        elif stored.dtype == out.dtype and self._is_identity(stages):
            self._copy(stored, out)
        else:
            self._apply_values(stages, stored, out, workers)
        if outside is not None:
            out[outside] = np.nan

    def _copy(self, stored, out):
        padded = None if self._fill is None else self._is_padding(stored)
        np.copyto(out, stored)
        if padded is not None:
            out[padded] = self._fill

    def _is_identity(self, stages):
        """For results of the stored dtype."""
        if stages.modality or stages.palette or stages.presentation or stages.inverse or stages.valid:
            return False
        if stages.voi is None:
            return True
        return self.dtype.kind in "iu" and stages.voi == ("range", *_output_range(self.dtype))

    def _apply_values(self, stages, stored, out, workers):
        if out.dtype.str[1:] not in _DIRECT or not out.dtype.isnative:
            _by_another_way(lambda made: self._apply_values(stages, stored, made, workers), out)
            return
        self._check_whole(stages, stored.dtype, out.dtype)
        if stages.valid is not None and stages.modality and stages.modality[0] == "table":
            self._apply_real_world_table(stages.modality, stored, out, workers)
            return
        transform = self._transform(stages, stored.dtype, out.dtype)
        bad = transform.apply(stored, out, workers=workers)
        if bad is not None and np.may_share_memory(stored, out):  # where it was is overwritten
            raise ValueError(f"a value does not fit dtype {out.dtype}")
        if bad is not None:
            _, row, column = np.unravel_index(bad, stored.shape)[:3]
            raise ValueError(f"the value at row {row}, column {column} does not fit dtype {out.dtype}")

    def _transform(self, stages, dtype_in, dtype_out, range_of=None):
        """`range_of`: the dtype whose range the last stages fill; None for `dtype_out`."""
        image, output = self._image, None
        low, high = (image.low, image.high) if image.low is not None and dtype_in.kind != "f" else (0, 0)
        if self._values in ("voi", "presentation"):
            output = _output_range(range_of or dtype_out)
        padding, fill = (None, 0) if self._fill is None else (self._padding, self._fill)
        make = _make if stages.has_table else _make_or_reuse
        return make(dtype_in, low, high, dtype_out, output, padding, fill, *stages[:4])

    def _apply_real_world_table(self, modality, stored, out, workers):
        """Real World Value LUT Data are doubles (PS3.3 C.7.6.16.2.11)."""
        _, first, entries = modality
        if stored.dtype.kind == "f" or stored.dtype.itemsize > 4:
            stored = np.nan_to_num(stored).clip(first, first + len(entries) - 1).astype(np.int32)
        padded = None if self._fill is None else self._is_padding(stored)
        _core.apply_table(stored, first, _checked(entries, out.dtype), out, workers)
        if padded is not None:
            out[padded] = self._fill

    @staticmethod
    def _check_whole(stages, dtype_in, dtype):
        """Rescaled values are integers only if stored values, slope and intercept are."""
        if dtype.kind == "f" or stages.voi is not None or (stages.modality is None and dtype_in.kind != "f"):
            return
        if dtype_in.kind == "f":
            raise ValueError(f"dtype {dtype} cannot hold the fractions that {dtype_in} values have")
        kind, *numbers = stages.modality
        whole = all(
            float(x).is_integer() for x in (numbers if kind == "linear" else numbers[1][numbers[1] % 1 != 0])
        )
        if not whole:
            raise ValueError(f"dtype {dtype} cannot hold the fractions that the modality stage gives")

    def _mark(self, stored, mask):
        mask[...] = self._is_padding(stored) if self._padding is not None else False

    def _is_padding(self, stored):
        if self._padding is None:
            return np.zeros(stored.shape, np.bool_)
        return (stored >= self._padding[0]) & (stored <= self._padding[1])

    def _outside(self, valid, stored, dtype):
        """Where a real world value mapping says nothing (PS3.3 C.7.6.16.2.11); None where it maps everything."""
        found = _core.value_range(stored)
        if found is None or (found[0] >= valid[0] and found[1] <= valid[1]):
            return None
        outside = (stored < valid[0]) | (stored > valid[1])
        if self._fill is not None:
            outside &= ~self._is_padding(stored)
        if not outside.any():
            return None
        if dtype.kind != "f":
            raise ValueError(
                f"dtype {dtype} has no NaN for values that the real world value mapping leaves out"
            )
        self._quirks_met.add("outside_real_world_mapping")
        return outside

    # -- palettes --------------------------------------------------------------------------------------------

    def _apply_palette(self, stages, stored, out, workers):
        if out.dtype.str[1:] not in _DIRECT or not out.dtype.isnative:
            _by_another_way(lambda made: self._apply_palette(stages, stored, made, workers), out)
            return
        first, tables, is_supplemental = stages.palette
        tables = _spread(tables, out.dtype)
        if is_supplemental:
            first, tables = self._with_greys(stages, first, tables)
        stored = stored if stored.dtype.itemsize <= 4 else stored.clip(-1, _ROOM << 1).astype(np.int32)
        beyond = _core.apply_palette(stored, first, tables, out, False, workers)
        if beyond and not is_supplemental:
            self._quirks_met.add("palette_index_beyond")
        if self._fill is not None:
            out[self._is_padding(stored)] = self._fill

    def _with_greys(self, stages, first, colours):
        """One table for all stored values: grey below `first`, colours from there on (PS3.3 C.7.6.19)."""
        low, high = self._image.low, self._image.high
        if high - low >= _ROOM:
            raise UnsupportedError("values: a supplemental palette for pixels of more than 16 bits")
        inputs = np.arange(low, high + 1, dtype=np.int32)
        greys = np.empty(inputs.shape, colours.dtype)
        self._apply_values(stages._replace(palette=None), inputs, greys, 1)
        tables = np.repeat(greys[None], 3, axis=0)
        begin = max(first - low, 0)
        tables[:, begin:] = colours[:, np.minimum(inputs[begin:] - first, colours.shape[1] - 1)]
        return low, tables


def _found(row):
    """The window that has to be found in the pixels of these frames; None without."""
    return next((stages.voi for stages in row if isinstance(stages.voi, Window)), None)


def as_input(stored):
    """Return stored values in a dtype the core reads."""
    dtype = stored.dtype
    if dtype == np.bool_:
        return stored.view(np.uint8)
    if dtype == np.float16:
        return stored.astype(np.float32)
    return stored if dtype.isnative else stored.astype(dtype.newbyteorder("="))


def check_dtype(dtype, values, fill):
    """Raise ValueError or TypeError for a dtype that values of a stage, or `fill`, cannot have.

    Parameters
    ----------
    dtype : dtype
    values : str
    fill : number or None
    """
    if dtype.kind not in "iuf" or dtype.itemsize > 8:
        raise TypeError(f"dtype must be an integer or floating-point type of up to 64 bits, not {dtype}")
    if dtype.kind in "iu" and dtype.itemsize == 8 and values in ("voi", "presentation"):
        raise ValueError(
            f"dtype must have no more than 32 bits to be filled by values={values!r}, not {dtype}"
        )
    if fill is None or dtype.kind == "f":
        return
    room = np.iinfo(dtype)
    if not float(fill).is_integer() or not room.min <= fill <= room.max:
        raise ValueError(f"dtype {dtype} cannot hold fill={fill}")


def _runs(row):
    """Yield (begin, end, stages) for neighbours with equal stages."""
    begin = 0
    for i in range(1, len(row) + 1):
        if i == len(row) or not row[i].equals(row[begin]):
            yield begin, i, row[begin]
            begin = i


def _shared(row):
    """The same stages, as one object for each run of neighbours."""
    return [stages for begin, end, stages in _runs(row) for _ in range(begin, end)]


@lru_cache(maxsize=32)
def _output_range(dtype):
    """The full range of an integer dtype, 0..1 for floats."""
    room = np.iinfo(dtype) if dtype.kind in "iu" else None
    return (float(room.min), float(room.max)) if room else (0.0, 1.0)


def _make(dtype_in, low, high, dtype_out, output, padding, fill, modality, voi, presentation, inverse):
    return _core.ValueTransform(
        dtype_in,
        low,
        high,
        dtype_out,
        modality=modality,
        voi=voi,
        presentation=presentation,
        inverse=inverse,
        output=output,
        padding=padding,
        fill=fill,
    )


_make_or_reuse = lru_cache(maxsize=64)(_make)  # the files of a series have the same stages


def _spread(fractions, dtype):
    """0..1 over the range of a dtype; nearest, ties to even."""
    if dtype.kind == "f":
        return fractions.astype(dtype)
    room = np.iinfo(dtype)
    values = room.min + fractions * (float(room.max) - float(room.min))
    return np.rint(values).clip(room.min, room.max).astype(dtype)


def _by_another_way(work, out):
    """For the dtypes the core does not write: other byte orders, and integers of 64 bits by way of doubles."""
    native = out.dtype.newbyteorder("=")
    made = np.empty(out.shape, native if native.str[1:] in _DIRECT else np.float64)
    work(made)
    out[...] = made if made.dtype == native else _checked(made, native)


def _checked(doubles, dtype):
    """Doubles in another dtype; ValueError where integers cannot hold them."""
    if dtype.kind in "iu":
        room = np.iinfo(dtype)
        highest = np.nextafter(float(room.max) + 1, 0)  # 2^63 - 1 is no double
        if not ((doubles >= float(room.min)) & (doubles <= highest)).all():
            raise ValueError(f"dtype {dtype} cannot hold the values")
    with np.errstate(over="ignore"):
        return doubles.astype(dtype)
