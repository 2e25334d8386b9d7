# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Look-up tables as DCMTK takes them from a file: PS3.3 C.11.1, C.11.2, C.11.4, C.7.9.

:class:`Table` holds what ``DiLookupTable`` makes of descriptor and data: how many entries there really are,
eight-bit entries packed two in a word, and how many bits an entry has.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from turbodicom._dicom_image_attributes import number, text, value_count
from turbodicom.errors import ConformanceError

__all__ = ["Table", "as_table", "read_table", "table_from_numbers"]

_LEAST_BITS, _MOST_BITS = 8, 16  # of an entry
_MOST_ENTRIES = 65536
BITS_MODES = ("use", "ignore", "check")


@dataclass(frozen=True, eq=False)
class Table:
    """A look-up table ready for use.

    Attributes
    ----------
    first : int
        First input value mapped, as the unsigned 16-bit number of the descriptor.
    bits : int
        Of an entry, 8 to 16.
    entries : ndarray of uint16
    explanation : str
    raw_range : (int, int) or None
        Smallest and largest entry before they were cut to `bits` bits.
    """

    first: int
    bits: int
    entries: np.ndarray
    explanation: str = ""
    raw_range: tuple | None = None

    @property
    def range(self):
        """How many values `bits` bits have."""
        return 1 << self.bits

    @cached_property
    def low(self):
        """The smallest entry in the file, cut to `bits` bits."""
        return int(self.raw_range[0]) & (self.range - 1) if self.raw_range else int(self.entries.min())

    @cached_property
    def high(self):
        """The largest entry in the file, cut to `bits` bits."""
        return int(self.raw_range[1]) & (self.range - 1) if self.raw_range else int(self.entries.max())

    def first_input(self, is_signed):
        """Return the first input value mapped, read as signed or not."""
        return self.first - 65536 if is_signed and self.first > 32767 else self.first

    def look_up(self, inputs, is_signed):
        """Return the entries for integer inputs, the first or last one for inputs beyond.

        Parameters
        ----------
        inputs : ndarray of int64
        is_signed : bool

        Returns
        -------
        ndarray of uint16
        """
        index = np.clip(inputs - self.first_input(is_signed), 0, len(self.entries) - 1)
        return self.entries[index]

    def inverse(self):
        """Return the table that maps the entries of this one back to its inputs, gaps filled from both sides.

        Returns
        -------
        Table
        """
        count, inputs = len(self.entries), np.arange(len(self.entries)) + self.first
        found = np.full(self.range, -1, np.int64)
        found[self.entries[::-1]] = inputs[::-1] & 0xFFFF  # the first of equal entries wins
        bits = max(count + self.first - 1, 0).bit_length()
        return table_from_numbers(_without_gaps(found).astype(np.uint16), (self.range, 0, bits))


def _without_gaps(found):
    """Each gap (-1): its left half from the entry before, its right half from the one behind."""
    known = np.flatnonzero(found >= 0)
    if not len(known):
        return np.zeros_like(found)
    position = np.arange(len(found))
    right = np.searchsorted(known, position, side="left")
    behind = known[np.minimum(right, len(known) - 1)]
    before = known[np.maximum(right - 1, 0)]
    middle = (before + 1 + behind) // 2
    take_before = (right > 0) & ((right == len(known)) | (position < middle))
    source = np.where(found >= 0, position, np.where(take_before, before, behind))
    return found[source]


def read_table(dataset, names, bits_mode="use"):
    """Read a table from a data set or the item of a sequence.

    Parameters
    ----------
    dataset : Dataset or None
    names : (str, str)
        Keywords of the descriptor and the data.
    bits_mode : {"use", "ignore", "check"}, optional
        What the third number of the descriptor counts for.

    Returns
    -------
    Table or None
        None: descriptor or data are absent or incomplete.
    """
    descriptor, data = names
    if dataset is None or value_count(dataset, descriptor) < 3:
        return None
    numbers = [number(dataset, descriptor, position) for position in range(3)]
    words = _words(dataset, data)
    if words is None:
        return None
    explanation = text(dataset, "LUTExplanation") if descriptor == "LUTDescriptor" else ""
    return table_from_numbers(words, numbers, explanation, bits_mode)


def _words(dataset, keyword):
    if keyword not in dataset:
        return None
    raw = bytes(dataset.element(keyword).raw)
    order = ">u2" if dataset.is_big_endian else "<u2"
    return np.frombuffer(raw[: len(raw) // 2 * 2], order).astype(np.uint16)


def table_from_numbers(words, descriptor, explanation="", bits_mode="use"):
    """Make a table of data words and the three numbers of a descriptor.

    Parameters
    ----------
    words : array of uint16
    descriptor : sequence of three int
        Number of entries (0 means 65536), first input value mapped, bits of an entry.
    explanation : str, optional
    bits_mode : {"use", "ignore", "check"}, optional

    Returns
    -------
    Table or None
        None: no data.

    Raises
    ------
    ValueError
        The descriptor does not have three numbers, or `bits_mode` is none of the three.
    """
    if bits_mode not in BITS_MODES:
        raise ValueError(f"bits_mode must be 'use', 'ignore' or 'check', not {bits_mode!r}")
    if len(descriptor) < 3:
        raise ValueError(f"a LUT descriptor has three numbers, not {len(descriptor)}")
    words = np.asarray(words, np.uint16).reshape(-1)[:_MOST_ENTRIES]
    if not len(words):
        return None
    count, first, bits = (int(value) & 0xFFFF for value in descriptor[:3])
    count = count or _MOST_ENTRIES
    is_packed = len(words) != count and len(words) == (count + 1) >> 1
    entries = words.view(np.uint8)[:count].astype(np.uint16) if is_packed else words
    bits = _entry_bits(entries, bits, is_packed, bits_mode)
    raw_range = int(entries.min()), int(entries.max())
    return Table(first, bits, entries & np.uint16((1 << bits) - 1), explanation, raw_range)


def _entry_bits(entries, bits, is_packed, bits_mode):
    """Bits of an entry: the descriptor's number where it can be, else those of the largest entry."""
    largest = int(entries.max())
    if bits_mode == "ignore" or not _LEAST_BITS <= bits <= _MOST_BITS:
        return min(max(largest.bit_length() or bits, _LEAST_BITS), _MOST_BITS)
    if bits_mode == "check":
        high, low = entries >> 8, entries & 0xFF
        repeats = not np.any((high != 0) & (high != low))
        right, wrong = (8, 0) if is_packed else (8, 16) if repeats else (16, 8)
        return right if bits == wrong else bits
    return bits


def as_table(given, bits_mode="use", first=None):
    """Return a Table from a Table, a sequence item, or (data, descriptor[, explanation]).

    Parameters
    ----------
    given : Table, Dataset or tuple
    bits_mode : {"use", "ignore", "check"}, optional
    first : int, optional
        What the first input value mapped has to be (presentation: 0).

    Returns
    -------
    Table

    Raises
    ------
    ConformanceError
        There is no complete table in it.
    """
    if isinstance(given, Table):
        table = given
    elif isinstance(given, tuple):
        table = table_from_numbers(given[0], given[1], *given[2:3], bits_mode=bits_mode)
    else:
        table = read_table(given, ("LUTDescriptor", "LUTData"), bits_mode)
    if table is None:
        raise ConformanceError("LUT: descriptor or data are absent or incomplete (PS3.3 C.11)")
    return table if first is None else replace(table, first=first)
