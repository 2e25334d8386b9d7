# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The last stage: Presentation LUT, polarity, LIN OD (PS3.3 C.11.4, C.11.6), palettes (C.7.6.3.1.5, C.7.6.19).

Begin at :func:`presentation_of`. The rules for what is wrong stand in `_stages`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from turbodicom._stage_attributes import read_item, read_number, read_table, read_text
from turbodicom.errors import ConformanceError

__all__ = ["NO_PRESENTATION", "Palette", "Presentation", "grey_levels_of_densities", "presentation_of"]

_PRESENTATION_LUT, _PRESENTATION_LUT_SHAPE = 0x20500010, 0x20500020
_PIXEL_PRESENTATION = 0x00089205
_DESCRIPTORS = (0x00281101, 0x00281102, 0x00281103)
_DATA, _SEGMENTED = (0x00281201, 0x00281202, 0x00281203), (0x00281221, 0x00281222, 0x00281223)
# PS3.3 C.13.3 (Basic Film Box) and the values DCMTK takes where there are none: hundredths of OD, cd/m^2.
_DENSITIES = (
    ("Min Density", 0x20100120, 20.0),
    ("Max Density", 0x20100130, 300.0),
    ("Illumination", 0x2010015E, 2000.0),
    ("Reflected Ambient Light", 0x20100160, 10.0),
)


class Palette(NamedTuple):
    """Colours for stored values."""

    first: int
    """The stored value of the first entry."""
    tables: object
    """ndarray of float64, shape (3, entries): 0..1."""
    is_supplemental: bool
    """Stored values below `first` stay grey (PS3.3 C.7.6.19)."""


class Presentation(NamedTuple):
    """The last stage."""

    lut: tuple | None
    """Entries and bits."""
    inverse: bool
    palette: Palette | None


NO_PRESENTATION = Presentation(None, False, None)


def presentation_of(root, image, quirks):
    """Return the presentation stage, or the palette in its place.

    Parameters
    ----------
    root : Place
    image : Image
    quirks : list of str
        Of the stages before.

    Returns
    -------
    Presentation
    """
    if image.photometric_interpretation == "PALETTE COLOR":
        quirks[:] = [quirk for quirk in quirks if quirk != "no_voi"]  # nobody asks for a window
        return Presentation(None, False, _palette(root, image, quirks, False))
    lut, inverse = _lut_or_shape(root, image, quirks)
    has = root.dataset._has_tag
    if (
        has(_PIXEL_PRESENTATION)
        and read_text(root, _PIXEL_PRESENTATION) in ("COLOR", "MIXED")
        and has(_DESCRIPTORS[0])
    ):
        return Presentation(lut, inverse, _palette(root, image, quirks, True))
    return Presentation(lut, inverse, None)


def _lut_or_shape(root, image, quirks):
    """Presentation LUT Sequence before Presentation LUT Shape before Photometric Interpretation (DCMTK, highdicom)."""
    has = root.dataset._has_tag
    item = read_item(root, _PRESENTATION_LUT) if has(_PRESENTATION_LUT) else None
    if item is not None:
        table = read_table(item, quirks, 0, 0xFFFF)
        return (table.entries, table.bits), False
    is_monochrome1 = image.photometric_interpretation == "MONOCHROME1"
    shape = read_text(root, _PRESENTATION_LUT_SHAPE) if has(_PRESENTATION_LUT_SHAPE) else ""
    if shape == "LIN OD":
        return (_lin_od(root), 16), False
    if shape not in ("", "IDENTITY", "INVERSE"):
        quirks.append("presentation_lut_shape")
        shape = ""
    if shape and (shape == "INVERSE") != is_monochrome1:
        quirks.append("polarity")
    return None, shape == "INVERSE" if shape else is_monochrome1


# -- optical densities -------------------------------------------------------------------------------------


def _lin_od(root):
    def read(name, tag, default):
        value = read_number(root, tag, name) if root.dataset._has_tag(tag) else None
        return default if value is None else value

    least, most, illumination, reflection = (read(*row) for row in _DENSITIES)
    if not 0 <= least < most or illumination <= 0 or reflection < 0:
        message = "values: the densities and lights of LIN OD are none that can be (PS3.3 C.11.4)"
        raise ConformanceError(message, where=root.where(_DENSITIES[0][1]))
    return grey_levels_of_densities(least, most, illumination, reflection)


def grey_levels_of_densities(least, most, illumination, reflection, entries=4096, bits=16):
    """Return the P-values of evenly spaced optical densities: a LUT for Presentation LUT Shape LIN OD.

    A density becomes the luminance of a film on a light box (PS3.14 annex D.2), this a JND index (PS3.14 7), and these
    are spread over the range of the entries.

    Parameters
    ----------
    least, most : float
        Densities of the first and the last entry, in hundredths of OD.
    illumination, reflection : float
        Of the light box, and of ambient light on the film, cd/m^2.
    entries, bits : int, optional

    Returns
    -------
    ndarray of uint16, shape (entries,)
    """
    densities = np.linspace(least / 100, most / 100, entries)
    with np.errstate(all="ignore"):
        indexes = _jnd_index(reflection + illumination * 10.0**-densities)
        levels = (indexes - indexes[-1]) * (((1 << bits) - 1) / (indexes[0] - indexes[-1]))
    return np.nan_to_num(levels, posinf=0, neginf=0).clip(0, (1 << bits) - 1).astype(np.uint16)


# PS3.14 7.2: j(L), a polynomial of log10 L
_JND = (
    71.498068,
    94.593053,
    41.912053,
    9.8247004,
    0.28175407,
    -1.1878455,
    -0.18014349,
    0.14710899,
    -0.017046845,
)


def _jnd_index(luminance):
    return np.polynomial.polynomial.polyval(np.log10(luminance), _JND)


# -- palettes ----------------------------------------------------------------------------------------------


def _palette(root, image, quirks, is_supplemental):
    if image.low is None:
        raise ConformanceError(
            "values: a palette with floating-point pixels (PS3.3 C.7.6.24)", where="(0028,0004)"
        )
    channels = [_channel(root, image, quirks, number) for number in range(3)]
    if len({channel.first for channel in channels}) > 1:
        message = "values: the three descriptors of the palette differ in the first value mapped (PS3.3 C.7.6.3.1.5)"
        raise ConformanceError(message, where=root.where(_DESCRIPTORS[0]))
    length = max(len(channel.entries) for channel in channels)
    if any(len(channel.entries) != length for channel in channels):
        quirks.append("palette_lengths")
    tables = np.empty((3, length))
    for table, channel in zip(tables, channels, strict=True):
        table[: len(channel.entries)] = channel.entries
        table[len(channel.entries) :] = channel.entries[-1]
        table /= (1 << channel.bits) - 1
    return Palette(channels[0].first, tables, is_supplemental)


def _channel(root, image, quirks, number):
    is_segmented = not root.has(_DATA[number]) and root.has(_SEGMENTED[number])
    data_tag = (_SEGMENTED if is_segmented else _DATA)[number]
    return read_table(root, quirks, image.low, image.high, _DESCRIPTORS[number], data_tag, is_segmented)
