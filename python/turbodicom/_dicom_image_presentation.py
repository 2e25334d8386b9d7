# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Presentation LUTs, shapes, polarity and hardcopy parameters of a DicomImage (PS3.3 C.11.4, C.11.6)."""

import math

import numpy as np

from turbodicom._dicom_image_attributes import text
from turbodicom._dicom_image_tables import as_table, table_from_numbers

__all__ = ["PresentationMethods", "jnd_index"]

_SHAPES = ("default", "identity", "inverse", "lin_od")
_LIN_OD_ENTRIES, _LIN_OD_BITS = 4096, 16
# Coefficients of the inverse of the Grayscale Standard Display Function, PS3.14 7.2.
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


def jnd_index(luminance):
    """Return the index of just-noticeable differences of a luminance: PS3.14 7.2.

    Parameters
    ----------
    luminance : float
        In cd/m2, above 0.

    Returns
    -------
    float
    """
    x, power, total = math.log10(luminance), 1.0, _JND[0]
    terms = []
    for factor in _JND[1:]:
        power = power * x
        terms.append(factor * power)
    for term in terms:
        total += term
    return total


class PresentationMethods:
    """Mixed into :class:`turbodicom.DicomImage`."""

    def _read_presentation(self):
        if self._options.use_presentation_state:
            self._shape = "identity"
            return
        shape = text(self._attributes, "PresentationLUTShape")
        self._shape = {"IDENTITY": "identity", "INVERSE": "inverse"}.get(shape, "default")

    # -- LUT and shape -----------------------------------------------------------------------------

    @property
    def presentation_lut_shape(self):
        """``"default"`` (also with a presentation LUT), ``"identity"``, ``"inverse"`` or ``"lin_od"``."""
        return "default" if self._presentation_lut is not None else self._shape

    def set_presentation_lut_shape(self, shape):
        """Set the shape; a presentation LUT is dropped.

        Parameters
        ----------
        shape : {"default", "identity", "inverse", "lin_od"}
            Default: by Photometric Interpretation.

        Returns
        -------
        bool
            Whether that is a change.

        Raises
        ------
        ValueError
            None of these.
        """
        self._only_monochrome()
        if shape not in _SHAPES:
            raise ValueError(f"shape must be one of {_SHAPES}, not {shape!r}")
        was, self._shape, self._presentation_lut = self._shape, shape, None
        self._forget_steps()
        return was != shape

    def set_presentation_lut(self, lut, bits_mode="use"):
        """Set a presentation LUT; its first input value counts as 0.

        Parameters
        ----------
        lut : Dataset or (data, descriptor[, explanation])
            An item with LUT Descriptor and LUT Data, or the numbers themselves.
        bits_mode : {"use", "ignore", "check"}, optional
            What the third number of the descriptor counts for.

        Returns
        -------
        bool
            True.

        Raises
        ------
        ConformanceError
            Descriptor or data are absent or incomplete.
        """
        self._only_monochrome()
        self._presentation_lut, self._shape = as_table(lut, bits_mode, first=0), "default"
        self._forget_steps()
        return True

    def set_inverse_presentation_lut(self, lut, bits_mode="use"):
        """Set the inverse of a presentation LUT: from its entries to its input values.

        Parameters
        ----------
        lut : Dataset or (data, descriptor[, explanation])
        bits_mode : {"use", "ignore", "check"}, optional

        Returns
        -------
        bool
            True.

        Raises
        ------
        ConformanceError
            Descriptor or data are absent or incomplete.
        """
        self._only_monochrome()
        self._presentation_lut = as_table(lut, bits_mode, first=0).inverse()
        self._forget_steps()
        return True

    @property
    def presentation_lut_explanation(self):
        """LUT Explanation of the presentation LUT; empty if there is none."""
        return self._presentation_lut.explanation if self._presentation_lut is not None else ""

    # -- polarity ----------------------------------------------------------------------------------

    @property
    def polarity(self):
        """``"normal"`` or ``"reverse"``."""
        return self._polarity

    def set_polarity(self, polarity):
        """Exchange black and white of the output, or not. Color images too.

        Parameters
        ----------
        polarity : {"normal", "reverse"}

        Returns
        -------
        bool
            Whether that is a change.

        Raises
        ------
        ValueError
            None of these.
        """
        if polarity not in ("normal", "reverse"):
            raise ValueError(f"polarity must be 'normal' or 'reverse', not {polarity!r}")
        was, self._polarity = self._polarity, polarity
        self._forget_steps()
        return was != polarity

    # -- display -----------------------------------------------------------------------------------

    @property
    def display_function(self):
        """What :meth:`set_display_function` was given, or None."""
        return self._display[0] if self._display else None

    def set_display_function(self, levels_for, bits=8):
        """Show through the driving levels of a calibrated display.

        Parameters
        ----------
        levels_for : callable
            Given a depth in bits, the driving level for each of the 2**depth input values; 16 for P-values.
        bits : int, optional
            Of a driving level; output of another depth is not changed.

        Returns
        -------
        bool
            True.

        Raises
        ------
        TypeError
            `levels_for` cannot be called.
        """
        self._only_monochrome()
        if not callable(levels_for):
            raise TypeError(f"levels_for must be a function of a depth, not {levels_for!r}")
        self._display = (levels_for, int(bits))
        self._forget_steps()
        return True

    def set_no_display_function(self):
        """Show without :meth:`set_display_function`.

        Returns
        -------
        bool
            Whether that is a change.
        """
        was, self._display = self._display is not None, None
        self._forget_steps()
        return was

    def convert_p_value_to_ddl(self, p_value, bits=8):
        """Return the driving level of a P-value: by the display function if it is for `bits`, else in proportion.

        Parameters
        ----------
        p_value : int
            0 to 65535.
        bits : int, optional

        Returns
        -------
        int

        Raises
        ------
        ValueError
            `p_value` is out of range.
        """
        if not 0 <= p_value <= 65535:
            raise ValueError(f"p_value must be from 0 to 65535, not {p_value!r}")
        levels = self._display_entries(bits)
        if levels is not None:
            return int(levels(16)[p_value])
        return int(float((1 << bits) - 1) * float(p_value) / 65535.0)

    def _display_entries(self, bits):
        """A function from a depth to checked driving levels, or None for output of other depths."""
        if self._display is None or self._display[1] != bits:
            return None
        return self._levels

    def _levels(self, depth):
        levels = np.asarray(self._display[0](depth))
        if levels.shape != (1 << depth,):
            raise ValueError(f"levels_for({depth}) must have {1 << depth} entries, not shape {levels.shape}")
        return levels.astype(np.uint16)

    # -- hardcopy ----------------------------------------------------------------------------------

    def set_hardcopy_parameters(self, min_density, max_density, reflection, illumination):
        """Set what the shape LIN OD reckons with (PS3.3 C.11.6.1.2).

        Parameters
        ----------
        min_density, max_density : int
            Optical densities in hundredths; 20 and 300 at first.
        reflection, illumination : int
            In cd/m2; 10 and 2000 at first.

        Returns
        -------
        bool
            Whether that is a change.

        Raises
        ------
        ValueError
            `min_density` is not below `max_density`, or there is no illumination.
        """
        self._only_monochrome()
        if not min_density < max_density:
            raise ValueError("min_density must be below max_density")
        given = tuple(map(int, (min_density, max_density, reflection, illumination)))
        if given[2] < 0 or given[3] <= 0:
            raise ValueError("illumination must be above 0, and reflection not below")
        was, self._hardcopy = self._hardcopy, given
        if was != given and self._shape == "lin_od":
            self._presentation_lut = None
        self._forget_steps()
        return was != given

    def _lin_od_table(self):
        """Presentation LUT from optical densities to P-values: PS3.14 7 by way of luminance."""
        least, most, reflection, illumination = map(float, self._hardcopy)
        least, most, last = least / 100, most / 100, float((1 << _LIN_OD_BITS) - 1)

        def jnd(density):
            return jnd_index(reflection + illumination * math.pow(10.0, -density))

        low, high = jnd(most), jnd(least)
        factor, step = last / (high - low), (most - least) / float(_LIN_OD_ENTRIES - 1)
        words = [int((jnd(least + float(i) * step) - low) * factor) for i in range(_LIN_OD_ENTRIES)]
        return table_from_numbers(np.array(words, np.uint16), (_LIN_OD_ENTRIES, 0, _LIN_OD_BITS))
