# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""What passes between the readers of attributes and those who apply stages: :class:`Image`, :class:`Stages`."""

from __future__ import annotations

from typing import NamedTuple

from turbodicom._window import Window

__all__ = ["Image", "Stages", "as_stored", "possible_values"]


class Image(NamedTuple):
    """What the stages need to know of the pixels."""

    low: int | None
    high: int | None
    """What Bits Stored and Pixel Representation allow; None for floating-point pixels."""
    samples_per_pixel: int
    photometric_interpretation: str


class Stages(NamedTuple):
    """What is to be done with the stored values of a frame; the values ``_core.ValueTransform`` takes.

    Attributes
    ----------
    modality : tuple or None
        ``("linear", slope, intercept)`` or ``("table", first, entries)``.
    voi : tuple, Window or None
        ``("linear" | "linear_exact" | "sigmoid", center, width)``, ``("table", first, entries, bits)`` or
        ``("range", low, high)``; a Window if it has to be found in the pixels.
    presentation : tuple or None
        ``(entries, bits)``.
    inverse : bool
    range : tuple of float or None
        The values the modality stage can give; None for floating-point pixels.
    valid : tuple of float or None
        The stored values a real world value mapping is for.
    palette : Palette or None
        For PALETTE COLOR and supplemental palettes.
    quirks : tuple of str
    """

    modality: tuple | None = None
    voi: tuple | Window | None = None
    presentation: tuple | None = None
    inverse: bool = False
    range: tuple | None = None
    valid: tuple | None = None
    palette: object = None
    quirks: tuple = ()

    def equals(self, other):
        """Tell whether two frames are treated alike; different tables count as different."""
        if self is other:
            return True
        return not self.has_table and not other.has_table and self == other

    @property
    def has_table(self):
        """Whether numbers stand in arrays."""
        if self.presentation is not None or self.palette is not None:
            return True
        return any(type(stage) is tuple and stage[0] == "table" for stage in (self.modality, self.voi))


def possible_values(image):
    """Return what Bits Stored allows; None for floating-point pixels."""
    return None if image.low is None else (image.low, image.high)


def as_stored(value, image):
    """Read US where the pixels are signed, or SS where they are not: the same 16 bits, read the other way."""
    number = int(value)
    if not image.low <= number <= image.high:
        other = number - (1 << 16) if number > image.high else number + (1 << 16)
        return other if image.low <= other <= image.high else number
    return number
