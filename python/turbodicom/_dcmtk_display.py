# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""DCMTK's numbers on the way to the screen: for each intermediate value, the output value it becomes.

:func:`displayed` takes the values that can come and computes in double precision what
``DiMonoOutputPixelTemplate`` of DCMTK 3.6.7 would, in its order of operations and with its truncations.
Four ways in: no VOI transformation, a window (PS3.3 C.11.2.1.2), a sigmoid (C.11.2.1.3), a VOI LUT (C.11.2.1.1);
each with or without a presentation LUT (C.11.6) and a display function.
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from turbodicom._dicom_image_tables import Table

__all__ = ["Step", "displayed", "uses_table"]

_MOST_TABLE_ENTRIES = 10_000_000  # above, DCMTK computes every pixel


@dataclass(frozen=True, eq=False)
class Step:
    """What is done to intermediate values.

    Attributes
    ----------
    low, high : int
        Output values of black and white; exchanged where the picture is inverted.
    bits : int
        Of the output.
    window : (float, float) or None
        Center and width.
    function : str
        ``"sigmoid"``, or another: linear.
    voi : Table or None
    presentation : Table or None
    display : callable or None
        Given a depth in bits, the entries of the display LUT (uint16), or None where there is none.
    """

    low: int
    high: int
    bits: int
    window: tuple | None = None
    function: str = "default"
    voi: Table | None = None
    presentation: Table | None = None
    display: object = None

    @cached_property
    def as_p_values(self):
        """The same as P-values of 16 bits, for a display LUT."""
        low, high = (65535, 0) if self.is_inverse else (0, 65535)
        return replace(self, low=low, high=high, bits=16, display=None)

    @property
    def is_inverse(self):
        return self.low > self.high

    def display_entries(self, bits):
        """Return the entries of the display LUT for inputs of `bits` bits, or None."""
        return None if self.display is None else self.display(bits)


def uses_table(item_bytes, pixels, modality):
    """Tell whether DCMTK renders a frame of `pixels` pixels through a table it computes first.

    The result is the same but where the smallest possible value has a fraction.
    """
    possible = modality.possible
    entries = int(possible) if possible <= _MOST_TABLE_ENTRIES else 0
    return item_bytes <= 2 and entries > 0 and pixels > 3 * entries


def displayed(values, modality, step, item_bits, through_table):
    """Return what intermediate values become.

    Parameters
    ----------
    values : ndarray of int64
    modality : Modality
        Its range is what a picture without VOI transformation is stretched from.
    step : Step
    item_bits : int
        8, 16 or 32: of the intermediate data.
    through_table : bool
        See :func:`uses_table`.

    Returns
    -------
    ndarray of uint8, uint16 or uint32
    """
    if step.voi is not None:
        numbers = _through_voi_lut(values, step, modality.is_signed_inside)
    elif step.window is None:
        numbers = _stretched(values, modality, step, through_table)
    else:
        inputs = _as_seen(values, modality, through_table)
        curve = _sigmoid if step.function == "sigmoid" else _window
        numbers = curve(inputs, step, item_bits)
    return _whole(numbers, step.bits)


def _as_seen(values, modality, through_table):
    """Values as doubles; through a table each comes back with the fraction of the smallest possible one."""
    if not through_table:
        return values.astype(np.float64)
    return (values - int(modality.low)).astype(np.float64) + modality.low


def _whole(numbers, bits):
    """Cut off fractions and what is above the output type, as a conversion in C++ does."""
    dtype = np.uint8 if bits <= 8 else np.uint16 if bits <= 16 else np.uint32
    if numbers.dtype.kind == "f":
        with np.errstate(invalid="ignore"):
            numbers = numbers.astype(np.int64)
    return numbers.astype(dtype)


def _indexes(numbers):
    """Table indexes: doubles cut to whole numbers."""
    return numbers.astype(np.int64)


def _picked(entries, index):
    return entries[np.clip(index, 0, len(entries) - 1)]


# No VOI transformation: the possible range is stretched.


def _stretched(values, modality, step, through_table):
    out_range = float(step.high) - float(step.low) + 1
    low = int(modality.low) if through_table else modality.low
    offsets = (values - low).astype(np.float64)
    table = step.presentation
    if table is None:
        return _stretched_plainly(offsets, modality, step, out_range, through_table)
    index = _indexes(offsets * (float(len(table.entries)) / modality.possible))
    entries = _picked(table.entries, index)
    display = step.display_entries(table.bits)
    if display is not None:
        return _picked(display, _inverted_entries(entries.astype(np.int64), table.range - 1, step))
    return float(step.low) + entries.astype(np.float64) * (out_range / float(table.range))


def _stretched_plainly(offsets, modality, step, out_range, through_table):
    display = step.display_entries(modality.bits)
    if display is None:
        return float(step.low) + offsets * (out_range / modality.possible)
    if not step.is_inverse:
        return _picked(display, _indexes(offsets))
    last = int(modality.possible) - 1 if through_table else modality.high - modality.low
    return _picked(display, _indexes(last - offsets))


def _inverted_entries(entries, largest, step):
    return largest - entries if step.is_inverse else entries


# Window and sigmoid.


def _window(inputs, step, item_bits):
    center, width = step.window
    width_1 = width - 1
    left, right = center - 0.5 - width_1 / 2, center - 0.5 + width_1 / 2
    low, out_range = float(step.low), float(step.high) - float(step.low)
    table = step.presentation
    if table is not None:
        slope = 0.0 if width_1 == 0 else float(len(table.entries) - 1) / width_1
        index = _indexes((inputs - left) * slope)
        index = np.where(inputs <= left, 0, np.where(inputs > right, len(table.entries) - 1, index))
        return _presented(_picked(table.entries, index), step, out_range)
    display = step.display_entries(item_bits)
    if display is not None:
        return _window_on_display(np.clip(inputs - left, 0.0, width_1), width_1, display, step)
    slope = 0.0 if width_1 == 0 else out_range / width_1
    offset = 0.0 if width_1 == 0 else float(step.high) - ((center - 0.5) / width_1 + 0.5) * out_range
    numbers = offset + inputs * slope
    return np.where(inputs <= left, low, np.where(inputs > right, float(step.high), numbers))


def _window_on_display(inside, width_1, display, step):
    largest = float(len(display) - 1)
    slope = 0.0 if width_1 == 0 else (-largest if step.is_inverse else largest) / width_1
    return _picked(display, _indexes((largest if step.is_inverse else 0.0) + inside * slope))


def _sigmoid(inputs, step, item_bits):
    center, width = step.window
    divisor = 1 + _exponentials(-4 * (inputs - center) / width)
    out_range = float(step.high) - float(step.low)
    table = step.presentation
    if table is not None:
        index = _indexes(float(len(table.entries) - 1) / divisor)
        return _presented(_picked(table.entries, index), step, out_range)
    display = step.display_entries(item_bits)
    if display is None:
        return out_range / divisor + float(step.low)
    largest = float(len(display) - 1)
    offset, reach = (largest, -largest) if step.is_inverse else (0.0, largest)
    return _picked(display, _indexes(offset + reach / divisor))


def _presented(entries, step, out_range):
    """Presentation LUT entries to output values, or through the display LUT."""
    table = step.presentation
    entries, largest = entries.astype(np.float64), float(table.range - 1)
    display = step.display_entries(table.bits)
    if display is None:
        return float(step.low) + entries * (out_range / largest)
    last = float(len(display) - 1)
    offset, slope = (last, -last / largest) if step.is_inverse else (0.0, last / largest)
    return _picked(display, _indexes(offset + entries * slope))


def _exponentials(powers):
    """The C library's exp for each: NumPy's own differs in the last bit on some machines."""
    flat = powers.reshape(-1)
    results = np.empty_like(flat)
    ordinary = flat < 709.0  # above, exp does not fit a double
    results[~ordinary] = np.inf
    results[ordinary] = np.fromiter(map(math.exp, flat[ordinary].tolist()), np.float64)
    return results.reshape(powers.shape)


# VOI LUT.


def _through_voi_lut(values, step, is_signed):
    voi, table = step.voi, step.presentation
    low, out_range = float(step.low), float(step.high) - float(step.low) + 1
    if voi.low == voi.high:
        return _constant_voi_lut(values.shape, step, out_range)
    entries = voi.look_up(values, is_signed).astype(np.float64)
    if table is not None:
        index = _indexes(entries * (float(len(table.entries)) / float(voi.range)))
        entries = _picked(table.entries, index).astype(np.float64)
        voi = table
    display = step.display_entries(voi.bits)
    if display is None:
        return low + entries * (out_range / float(voi.range))
    return _picked(display, _inverted_entries(_indexes(entries), voi.range - 1, step))


def _constant_voi_lut(shape, step, out_range):
    voi, table = step.voi, step.presentation
    part = float(voi.low) / float(voi.range)
    entry, scale = float(voi.low), voi
    if table is not None:
        entry, scale = float(_picked(table.entries, int(part * len(table.entries)))), table
    display = step.display_entries(scale.bits)
    if display is not None:
        value = float(_picked(display, int(scale.range - entry - 1) if step.is_inverse else int(entry)))
    elif table is not None:
        value = float(step.low) + entry * out_range / float(scale.range)
    else:
        value = float(step.low) + part * out_range
    return np.full(shape, value)
