# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""What is said about a volume: findings about the whole, and what is known of each slice.

================================= ==================================================================== =======
code                              found                                                                grid
================================= ==================================================================== =======
gap                               steps of more than 1.5 usual (median) ones                           broken
duplicate                         slices in the place of the one before                                broken
varying_spacing                   other steps that are more than 1 % off the usual one                 broken
tilt                              steps that are not along the normal, the same way all along          broken
shift                             slices more than 0.1 pixel beside the line of steps                  broken
varying_orientation               direction cosines more than 1e-4 off those of the first              broken
varying_pixel_spacing             more than 1e-4 of it                                                 broken
not_orthonormal                   direction cosines not of length 1, or not at right angles (1e-3)     broken
no_geometry                       no position or orientation                                           broken
no_pixel_spacing                  nor *Imager Pixel Spacing*                                           broken
mosaic                            Siemens mosaics: several slices in each image                        broken
mixed_series                      several Series Instance UIDs                                         broken
mixed_frame_of_reference          several Frame of Reference UIDs                                      broken
varying_rescale                   several pairs of Rescale Slope and Intercept
varying_units                     several Rescale Types or Units
varying_photometric               several Photometric Interpretations
varying_type                      several stored types, of which the result holds all
not_read                          sources that have no image, left out
damaged                           slices that could not be decoded, or not whole
================================= ==================================================================== =======
"""

from __future__ import annotations

from dataclasses import dataclass

from turbodicom.errors import Error

__all__ = ["VolumeFinding", "VolumeSlice", "naming"]

_HARMLESS = frozenset(
    ["damaged", "not_read", "varying_photometric", "varying_rescale", "varying_type", "varying_units"]
)


@dataclass(frozen=True)
class VolumeFinding:
    """Something about the slices of a volume that its user should know.

    Attributes
    ----------
    code : str
        What, as one word: see docs/howto/volume.md.
    message : str
        The same with numbers, for people.
    slices : tuple of int
        Which, as indexes of the volume's first axis; empty where it is not about some of them.
    """

    code: str
    message: str
    slices: tuple = ()

    @property
    def breaks_grid(self):
        """Whether the slices make no regular grid because of it, which ``strict=True`` refuses."""
        return self.code not in _HARMLESS


@dataclass(frozen=True)
class VolumeSlice:
    """Where a slice of a volume is from.

    Attributes
    ----------
    path : str or None
        The file; None if it was no file.
    frame : int
        Index in the file.
    position : tuple of 3 floats, or None
        *Image Position (Patient)* as the file has it: mm, LPS.
    instance_number : int or None
    rescale_slope, rescale_intercept : float or None
        As the file has them, whether they were used or not.
    reason : str or None
        Why the slice is not whole (``on_error="report"``); None when it is.
    """

    path: str | None
    frame: int
    position: tuple | None
    instance_number: int | None
    rescale_slope: float | None
    rescale_intercept: float | None
    reason: str | None


def naming(error, name):
    """Return the same error, saying which source or slice it is about.

    Parameters
    ----------
    error : Exception
    name : str or None

    Returns
    -------
    Exception
    """
    if name is None:
        return error
    if isinstance(error, OSError):
        error.filename = error.filename or name
        return error
    message = f"{error} in {name}"
    if not isinstance(error, Error):
        return type(error)(message)
    return type(error)(message, offset=error.offset, where=error.where, codec=error.codec)
