# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""A Volume in the forms of nibabel, SimpleITK and xarray, each imported when asked for."""

from __future__ import annotations

import importlib

import numpy as np

from turbodicom.errors import UnsupportedError

__all__ = ["to_nibabel", "to_sitk", "to_xarray"]

_RIGHT_ANGLES = 1e-5  # our limit, of a cosine: beyond, no quaternion and three spacings can say it
_SCANNER = 1  # NIfTI's code for coordinates of the scanner
_RGB = np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")])


def to_nibabel(volume):
    """Return a Nifti1Image; see ``Volume.to_nibabel``."""
    nibabel = _package("nibabel")
    array = _samples_last(volume)
    if array.ndim == 3:
        data = array.transpose(2, 1, 0)
    elif array.dtype == np.uint8 and array.shape[-1] == 3:
        data = np.ascontiguousarray(array).view(_RGB)[..., 0].transpose(2, 1, 0)
    else:
        data = array.transpose(2, 1, 0, 3)[:, :, :, None]  # vectors are the fifth axis of NIfTI
    affine = volume.affine_ras
    kinds = {np.dtype(np.float16): np.float32, np.dtype(np.bool_): np.uint8}
    data = data.astype(kinds.get(data.dtype, data.dtype), copy=False)
    image = nibabel.Nifti1Image(data, affine, dtype=data.dtype)
    image.header.set_xyzt_units("mm")
    image.set_sform(affine, _SCANNER, update_affine=False)  # which is doubles, the header floats
    is_sheared = not _is_orthogonal(volume.direction)
    code = 0 if is_sheared else _SCANNER
    image.set_qform(None if is_sheared else affine, code, update_affine=False)
    return image


def to_sitk(volume):
    """Return a SimpleITK image; see ``Volume.to_sitk``."""
    sitk = _package("SimpleITK")
    array = _samples_last(volume)
    image = sitk.GetImageFromArray(
        array.astype(np.float32) if array.dtype == np.float16 else array, isVector=array.ndim == 4
    )
    image.SetOrigin(volume.origin.tolist())
    image.SetSpacing(volume.spacing[::-1])
    image.SetDirection(volume.direction.ravel().tolist())
    return image


def to_xarray(volume):
    """Return a DataArray; see ``Volume.to_xarray``."""
    xarray = _package("xarray")
    array = _samples_last(volume)
    names = ("slice", "row", "column", "sample")[: array.ndim]
    coordinates = {
        name: (name, np.arange(size) * step, {"units": "mm"})
        for name, size, step in zip(names, array.shape, volume.spacing, strict=False)
    }
    about = {
        "affine_lps": volume.affine,
        "affine_ras": volume.affine_ras,
        "findings": [finding.code for finding in volume.report],
    }
    return xarray.DataArray(array, coordinates, names, attrs=about)


def _package(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        raise UnsupportedError(f"volume: {name} is not installed; pip install {name}") from None


def _samples_last(volume):
    """The array, samples behind the columns."""
    array = volume.array
    return np.moveaxis(array, 1, -1) if volume.is_planar else array


def _is_orthogonal(direction):
    return np.abs(direction.T @ direction - np.eye(3)).max() <= _RIGHT_ANGLES
