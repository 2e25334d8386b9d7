# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""td.Volume: an array, where its voxels are, and what is known of its slices."""

from __future__ import annotations

import math

import numpy as np

from turbodicom._volume_report import VolumeSlice

__all__ = ["Volume"]

_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])


class Volume:
    """Slices of a series as one array. Made by :func:`turbodicom.volume`; ``numpy.asarray(volume)`` is its array.

    Parameters
    ----------
    array : ndarray, shape (slices, rows, columns), (slices, rows, columns, samples) or (slices, samples, rows, columns)
    affine : ndarray, shape (4, 4)
        See :attr:`affine`.
    report : tuple of VolumeFinding
    slices : Slices
        Where they are from.
    reasons : list of (str or None)
        Why slices are not whole.
    mask : ndarray of bool or None
    is_planar : bool
        Whether samples, if any, stand before the rows.

    Attributes
    ----------
    array : ndarray
    affine : ndarray of float64, shape (4, 4)
        ``affine @ (column, row, slice, 1)`` is the center of a voxel in mm, LPS (x to the patient's left, y to the
        back, z to the head). Note the order: that of the axes of `array` reversed, as in ITK and NIfTI.
    report : tuple of VolumeFinding
        Empty when the slices are a regular grid and all is well.
    mask : ndarray of bool, shape (slices, rows, columns), or None
        Where stored values are padding (``mask=True``).
    is_planar : bool
        Whether the array has samples, and these before the rows.

    Notes
    -----
    The columns of the affine are the row direction times the spacing of columns, the column direction times the spacing
    of rows (PS3.3 C.7.6.2.1.1), and the step from slice to slice: the last position less the first, divided by the number
    of steps. With a tilted gantry the step is not at right angles to the plane, and the affine shears.
    """

    __slots__ = ("_places", "_reasons", "affine", "array", "is_planar", "mask", "report")

    def __init__(self, array, affine, report, slices, reasons, mask=None, is_planar=False):
        self.array, self.affine, self.report, self.mask = array, affine, report, mask
        self._reasons, self.is_planar = reasons, is_planar and array.ndim == 4
        # Not the data sets: their headers would stay in memory as long as the volume.
        self._places = slices.paths, slices.frames, slices.positions, slices.numbers, slices.rescales

    # -- where it is ---------------------------------------------------------------------------------------

    @property
    def affine_lps(self):
        """The same as :attr:`affine`: DICOM's and ITK's axes."""
        return self.affine

    @property
    def affine_ras(self):
        """The affine with x to the right and y to the front, as NIfTI has it: ``diag(-1, -1, 1, 1) @ affine``."""
        return _TO_RAS @ self.affine

    @property
    def spacing(self):
        """Distance of neighbours along the axes of the array in mm: (slices, rows, columns).

        That of slices is the length of the step, which with a tilted gantry is more than the distance of the planes.
        """
        columns, rows, slices = (float(length) for length in np.linalg.norm(self.affine[:3, :3], axis=0))
        return slices, rows, columns

    @property
    def origin(self):
        """Center of the voxel at index 0 in mm, LPS: an array of 3."""
        return self.affine[:3, 3].copy()

    @property
    def direction(self):
        """Unit vectors along which column, row and slice indexes grow, as the columns of a 3 x 3 array; LPS."""
        return self.affine[:3, :3] / np.linalg.norm(self.affine[:3, :3], axis=0)

    # -- where it is from ----------------------------------------------------------------------------------

    @property
    def files(self):
        """The file of each slice, a list of str; None for what was no file."""
        return list(self._places[0])

    @property
    def slices(self):
        """What is known of each slice, a list of :class:`VolumeSlice`."""
        return [
            VolumeSlice(
                path,
                frame,
                None if math.isnan(position[0]) else tuple(position.tolist()),
                number,
                *(float(part) if isinstance(part, (int, float)) else None for part in rescale),
                reason,
            )
            for path, frame, position, number, rescale, reason in zip(
                *self._places, self._reasons, strict=True
            )
        ]

    # -- as an array ---------------------------------------------------------------------------------------

    def __array__(self, dtype=None, copy=None):
        array = self.array
        if dtype is None or array.dtype == dtype:
            return array.copy() if copy else array
        if copy is False:
            raise ValueError("another dtype needs a copy")
        return array.astype(dtype)

    def __len__(self):
        return len(self.array)

    def __getitem__(self, index):
        """Return what the array gives for an index; ``volume[k]`` is slice k."""
        return self.array[index]

    @property
    def shape(self):
        """Of the array."""
        return self.array.shape

    @property
    def dtype(self):
        """Of the array."""
        return self.array.dtype

    def __repr__(self):
        sizes = " x ".join(f"{length:.4g}" for length in self.spacing)
        found = ", ".join(finding.code for finding in self.report)
        return f"<Volume {self.array.shape} {self.array.dtype}, {sizes} mm{': ' if found else ''}{found}>"

    # -- into other forms ----------------------------------------------------------------------------------

    def to_nibabel(self):
        """Return a NIfTI image: axes (columns, rows, slices), RAS, mm; of three uint8 samples an RGB one.

        Returns
        -------
        nibabel.Nifti1Image
            Of the same memory where NIfTI has the dtype. A grid that shears is in the sform alone.

        Raises
        ------
        UnsupportedError
            nibabel is not installed.
        """
        from turbodicom._volume_export import to_nibabel

        return to_nibabel(self)

    def to_sitk(self):
        """Return a SimpleITK image: a copy, LPS, with the volume's origin, spacing and direction.

        Returns
        -------
        SimpleITK.Image
            Of vectors where there are samples.

        Raises
        ------
        UnsupportedError
            SimpleITK is not installed.
        """
        from turbodicom._volume_export import to_sitk

        return to_sitk(self)

    def to_xarray(self):
        """Return a DataArray: dimensions slice, row, column[, sample], coordinates in mm along each from index 0.

        Returns
        -------
        xarray.DataArray
            Of the same memory; ``attrs`` has ``affine_lps`` and ``affine_ras``.

        Raises
        ------
        UnsupportedError
            xarray is not installed.
        """
        from turbodicom._volume_export import to_xarray

        return to_xarray(self)
