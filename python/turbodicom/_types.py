# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Small values of a data set: tags, person names, and what the parser found and forgave."""

from typing import NamedTuple

from turbodicom import _core

__all__ = ["Issue", "PersonName", "Tag"]


class Tag(int):
    """A tag (PS3.5 7.1) as an int: ``Tag(0x00280010)`` prints as ``(0028,0010)``."""

    __slots__ = ()

    @property
    def group(self):
        """Group number, 0x0028."""
        return self >> 16

    @property
    def element(self):
        """Element number, 0x0010."""
        return self & 0xFFFF

    @property
    def is_private(self):
        """Whether the group number is odd (PS3.5 7.8)."""
        return bool(self >> 16 & 1)

    @property
    def is_private_creator(self):
        """Whether it reserves a block of private elements: (gggg,0010-00FF) of an odd group."""
        return self.is_private and 0x10 <= self.element <= 0xFF

    @property
    def keyword(self):
        """Keyword of the data dictionary, or an empty string."""
        entry = _core.find_entry(self)
        return entry[4] if entry is not None else ""

    def __repr__(self):
        return f"({self >> 16:04X},{self & 0xFFFF:04X})"

    __str__ = __repr__

    def __format__(self, spec):
        return format(int(self), spec) if spec else repr(self)


class PersonName(str):
    """A value of VR PN (PS3.5 6.2.1): the whole text, its parts as attributes.

    ``alphabetic``, ``ideographic`` and ``phonetic`` are the component groups (separated by ``=``);
    ``family_name`` and so on are the components (separated by ``^``) of the alphabetic one.
    """

    __slots__ = ()

    @property
    def components(self):
        """The component groups present: (alphabetic, ideographic, phonetic) or fewer."""
        return tuple(self.split("=")) if self else ()

    @property
    def alphabetic(self):
        """First component group."""
        return self._group(0)

    @property
    def ideographic(self):
        """Second component group, or an empty string."""
        return self._group(1)

    @property
    def phonetic(self):
        """Third component group, or an empty string."""
        return self._group(2)

    @property
    def family_name(self):
        """First component of the alphabetic group."""
        return self._part(0)

    @property
    def given_name(self):
        """Second component of the alphabetic group, or an empty string."""
        return self._part(1)

    @property
    def middle_name(self):
        """Third component of the alphabetic group, or an empty string."""
        return self._part(2)

    @property
    def name_prefix(self):
        """Fourth component of the alphabetic group, or an empty string."""
        return self._part(3)

    @property
    def name_suffix(self):
        """Fifth component of the alphabetic group, or an empty string."""
        return self._part(4)

    def family_comma_given(self):
        """Return the name as ``Family, Given``.

        Returns
        -------
        str
        """
        return f"{self.family_name}, {self.given_name}"

    def formatted(self, pattern):
        """Return `pattern` % a dict of the parts, ``"%(family_name)s, %(given_name)s"``.

        Parameters
        ----------
        pattern : str
            With the names of this class's attributes as keys.

        Returns
        -------
        str
        """
        names = (
            "family_name",
            "given_name",
            "middle_name",
            "name_prefix",
            "name_suffix",
            "ideographic",
            "phonetic",
        )
        return pattern % {name: getattr(self, name) for name in names}

    def _group(self, index):
        groups = self.split("=", 3)
        return groups[index] if index < len(groups) else ""

    def _part(self, index):
        parts = self._group(0).split("^")
        return parts[index] if index < len(parts) else ""


class Issue(NamedTuple):
    """What was found wrong in a file and forgiven."""

    code: str
    """Stable name in snake_case: ``odd_length``, ``value_past_end``, ..."""
    message: str
    """Found, expected, clause; never a value."""
    offset: int
    """Byte in the file (in a deflated file: in the inflated data set)."""
    where: str
    """Tag path, ``(0008,1140)[0].(0008,1150)``."""
