# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""A dictionary entry, and what loaded files put on top of the built-in table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the dictionary.

    Attributes
    ----------
    tag : int
        Group and element, 0x00280010. Of a repeating group the first tag, (6000,3000); of a private
        element that may stand in any block, the tag with block 00.
    vr : str
        As PS3.6 writes it: ``"US"``, ``"US or SS"``, ``"NONE"`` for items and delimiters.
    vm : str
        Value Multiplicity, ``"1"``, ``"1-n"``, ``"2-2n"``.
    keyword : str
        Empty where PS3.6 has none, and for private elements of the built-in table.
    name : str
        ``"Patient's Name"``.
    retired : bool
    creator : str or None
        Private creator, None for standard elements.
    """

    tag: int
    vr: str
    vm: str
    keyword: str
    name: str
    retired: bool
    creator: str | None = None

    def __repr__(self):
        creator = f", creator={self.creator!r}" if self.creator else ""
        return (
            f"Entry(tag=0x{self.tag:08X}, vr={self.vr!r}, vm={self.vm!r}, keyword={self.keyword!r}, "
            f"name={self.name!r}, retired={self.retired}{creator})"
        )


class Overlay:
    """What loaded files add. Never changed once it is in force: `load` replaces it by a grown copy."""

    def __init__(self, base=None):
        self.exact = dict(base.exact) if base else {}  # (creator or None, tag) -> Entry
        self.ranges = list(base.ranges) if base else []  # (Row, Entry), oldest first
        self.names = dict(base.names) if base else {}  # keyword -> Entry, standard ones
        self.private_names = dict(base.private_names) if base else {}

    def add(self, row):
        tag = row.group.low << 16 | row.element.low
        entry = Entry(tag, row.vr, row.vm, row.name, row.name, row.retired, row.creator)
        if row.group.is_single and row.element.is_single:
            self.exact[row.creator, tag] = entry
        else:
            self.ranges.append((row, entry))
        (self.names if row.creator is None else self.private_names)[row.name] = entry

    def find_private(self, tag, creator):
        """Newest entry for a tag, which may or may not have its private block in it; None when unknown."""
        found = self.exact.get((creator, tag)) or self.exact.get((creator, tag & 0xFFFF00FF))
        return found or self.find_range(tag, creator)

    def find_range(self, tag, creator):
        """Newest range of this creator (None: standard) that covers `tag`."""
        group, element = tag >> 16, tag & 0xFFFF
        for row, entry in reversed(self.ranges):
            any_block = creator is not None and row.element.high <= 0xFF
            number = element & 0xFF if any_block else element
            if row.creator == creator and group in row.group and number in row.element:
                return entry
        return None

    def __iter__(self):
        yield from self.exact.values()
        yield from (entry for _, entry in self.ranges)
