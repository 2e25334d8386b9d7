# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The modality transformation as DCMTK does it: stored values to the integers of its intermediate data.

Source: PS3.3 C.11.1; ``DiMonoModality`` and ``DiMonoInputPixelTemplate`` of DCMTK 3.6.7 for the order of
arithmetic, for what is ignored where, and for the type that is chosen.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from turbodicom._dicom_image_attributes import first_item, number, text
from turbodicom._dicom_image_tables import Table, read_table
from turbodicom.errors import ConformanceError

__all__ = ["Modality", "depth_of_range", "modality_of", "modality_of_bits", "smallest_type"]

_WITHOUT_MODALITY = (  # XA and XRF: the stored values are what is shown, PS3.3 C.8.7.2
    "1.2.840.10008.5.1.4.1.1.12.1",
    "1.2.840.10008.5.1.4.1.1.12.2",
    "1.2.840.10008.5.1.4.1.1.12.3",
)
_BEYOND = float(1 << 63)


@dataclass(frozen=True)
class Modality:
    """From stored values to intermediate ones.

    Attributes
    ----------
    bits : int
        Of the intermediate data.
    low, high : float
        Values that are possible.
    slope, intercept : float
        1 and 0: values stay as they are.
    table : Table or None
        A Modality LUT instead.
    is_signed : bool
        Of the stored values: how the table reads them.
    """

    bits: int
    low: float
    high: float
    slope: float = 1.0
    intercept: float = 0.0
    table: Table | None = None
    is_signed: bool = False

    @cached_property
    def possible(self):
        """How many values are possible, as a number that need not be whole."""
        return self.high - self.low + 1

    @property
    def is_signed_inside(self):
        """Whether intermediate values may be negative."""
        return self.low < 0

    @property
    def is_beyond_32_bits(self):
        """Whether there may be values that no integer type of DCMTK holds."""
        return self.low < -(1 << 31) or self.high > (1 << 31) - 1

    @property
    def explanation(self):
        """Of the table."""
        return self.table.explanation if self.table else ""

    @property
    def changes_nothing(self):
        """Whether intermediate values are the stored ones."""
        return self.table is None and self.slope == 1.0 and self.intercept == 0.0

    def values(self, stored):
        """Return the intermediate values of stored ones, fractions cut off.

        Parameters
        ----------
        stored : ndarray of int64

        Returns
        -------
        ndarray of int64
        """
        if self.table is not None:
            return self.table.look_up(stored, self.is_signed).astype(np.int64)
        if self.changes_nothing:
            return stored
        values = stored.astype(np.float64)
        if self.slope != 1.0:
            values *= self.slope
        if self.intercept != 0.0:
            values += self.intercept
        return values.astype(np.int64)

    def range_of(self, low, high):
        """Return smallest and largest intermediate value, with fraction, if stored ones are from `low` to `high`."""
        if self.table is not None:
            return float(self.table.low), float(self.table.high)
        if self.changes_nothing:
            return float(low), float(high)
        ends = low * self.slope + self.intercept, high * self.slope + self.intercept
        return ends if self.slope > 0 else ends[::-1]


def depth_of_range(low, high):
    """Return how many bits hold whole numbers from `low` to `high`."""
    low, high = min(low, high), max(low, high)
    if low >= 0:
        return int(high).bit_length()
    if abs(low) > abs(high):
        return max(int(abs(low)) - 1, 0).bit_length() + 1
    return int(abs(high)).bit_length() + 1


def smallest_type(low, high):
    """Return the smallest integer type for numbers from `low` to `high`: DCMTK's ``EP_Representation``."""
    low, high = min(low, high), max(low, high)
    if low < 0:
        for bits in (8, 16):
            if -low <= 1 << (bits - 1) and high <= (1 << (bits - 1)) - 1:
                return np.dtype(f"i{bits // 8}")
        return np.dtype("i4")
    for bits in (8, 16):
        if high <= (1 << bits) - 1:
            return np.dtype(f"u{bits // 8}")
    return np.dtype("u4")


def modality_of_bits(bits):
    """Return the transformation that changes nothing, for unsigned values of `bits` bits."""
    return Modality(bits, 0.0, float((1 << bits) - 1))


def modality_of(dataset, stored, options):
    """Return the transformation a data set asks for.

    Parameters
    ----------
    dataset : Dataset
    stored : StoredType
        ``bits`` and ``is_signed`` of the stored values.
    options : Options

    Returns
    -------
    Modality
    """
    low = -(1 << (stored.bits - 1)) if stored.is_signed else 0
    plain = Modality(stored.bits, float(low), float(low + (1 << stored.bits) - 1), is_signed=stored.is_signed)
    if options.modality_lut is not None:
        return _with_table(plain, options.modality_lut, stored)
    if options.slope is not None:
        return _with_slope(plain, options.slope, options.intercept)
    if options.ignore_modality or options.use_presentation_state:
        return plain
    if text(dataset, "SOPClassUID") in _WITHOUT_MODALITY:
        return plain
    return _from_dataset(dataset, plain, stored, options)


def _from_dataset(dataset, plain, stored, options):
    mode = (
        "ignore"
        if options.ignore_modality_lut_bit_depth
        else "check"
        if options.check_lut_bit_depth
        else "use"
    )
    table = read_table(first_item(dataset, "ModalityLUTSequence"), ("LUTDescriptor", "LUTData"), mode)
    if table is not None:
        return _with_table(plain, table, stored)
    for place in (dataset, _shared_transformation(dataset)):
        slope, intercept = number(place, "RescaleSlope"), number(place, "RescaleIntercept")
        if slope is not None and intercept is not None:
            return _with_slope(plain, float(slope), float(intercept))
    return plain


def _shared_transformation(dataset):
    shared = first_item(dataset, "SharedFunctionalGroupsSequence")
    return first_item(shared, "PixelValueTransformationSequence")


def _with_table(plain, table, stored):
    """Above 16 bits the limits are the table's, but the values stay as they are: so does DCMTK."""
    used = table if stored.bits <= 16 else None
    return Modality(table.bits, 0.0, float(table.range - 1), table=used, is_signed=plain.is_signed)


def _with_slope(plain, slope, intercept):
    if slope == 0:
        return plain
    ends = plain.low * slope + intercept, plain.high * slope + intercept
    if not all(abs(end) < _BEYOND for end in ends):  # nor is infinity or NaN
        raise ConformanceError(
            "image: Rescale Slope and Rescale Intercept lead beyond 64 bits (PS3.3 C.11.1.1.2)"
        )
    low, high = ends if slope > 0 else ends[::-1]
    return Modality(depth_of_range(low, high), low, high, slope, intercept, is_signed=plain.is_signed)
