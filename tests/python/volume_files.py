# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Series and multi-frame images of small slices, computed; for the tests of volumes here and against peers."""

import numpy as np
from pydicom import uid
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels.encoders import RLELosslessEncoder
from pydicom.sequence import Sequence
from pydicom.valuerep import DSfloat

AXIAL = (1, 0, 0, 0, 1, 0)
START = np.array([-12.5, 7.25, 100.0])


def oblique(first=0.3, second=0.7):
    """Return direction cosines turned around two axes."""
    c, s, d, t = np.cos(first), np.sin(first), np.cos(second), np.sin(second)
    return (c, s, 0.0, -s * d, c * d, t)


def normal_of(orientation):
    return np.cross(orientation[:3], orientation[3:])


def positions(count, step=2.5, orientation=AXIAL, shear=(0, 0, 0), leave_out=()):
    """Return positions along the normal, `shear` added a step, without some of them."""
    step = step * normal_of(orientation) + np.array(shear, float)
    return [START + k * step for k in range(count) if k not in leave_out]


def text(numbers):
    """Return DS values of at most 16 characters."""
    return [DSfloat(float(number), auto_format=True) for number in numbers]


def pixels_of(number, shape=(8, 6), low=-1000, high=1000, dtype="<i2"):
    """Return what slice `number` of a series holds."""
    return np.random.default_rng(number).integers(low, high, shape).astype(dtype)


def slice_of(
    number, position=None, orientation=AXIAL, *, shape=(8, 6), pixels=None, syntax=None, **attributes
):
    """Return slice `number` of a series as a pydicom Dataset; an attribute that is None is left out."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax or uid.ExplicitVRLittleEndian
    ds.SOPClassUID, ds.SOPInstanceUID = uid.CTImageStorage, f"1.2.3.4.{number}"
    ds.Modality, ds.PatientID, ds.InstanceNumber = "CT", "1", number
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.FrameOfReferenceUID = "1.2.3", "1.2.3.1", "1.2.3.9"
    ds.RescaleSlope, ds.RescaleIntercept, ds.RescaleType = 1, -1024, "HU"
    ds.PixelSpacing, ds.SliceThickness = [0.75, 0.5], 2
    if position is not None:
        ds.ImagePositionPatient = text(position)
    if orientation is not None:
        ds.ImageOrientationPatient = text(orientation)
    set_pixels(ds, pixels_of(number, shape) if pixels is None else pixels)
    for name, value in attributes.items():
        if value is None:
            delattr(ds, name)
        else:
            setattr(ds, name, value)
    return ds


def set_pixels(ds, array, frames=False):
    """Describe and set Pixel Data; the last axis is samples where there are three."""
    plane = array.shape[1:] if frames else array.shape
    ds.Rows, ds.Columns = plane[:2]
    ds.SamplesPerPixel = 3 if len(plane) == 3 else 1
    ds.PhotometricInterpretation = "RGB" if len(plane) == 3 else "MONOCHROME2"
    if len(plane) == 3:
        ds.PlanarConfiguration = 0
    ds.BitsAllocated = ds.BitsStored = 8 * array.dtype.itemsize
    ds.HighBit, ds.PixelRepresentation = ds.BitsStored - 1, int(array.dtype.kind == "i")
    if frames:
        ds.NumberOfFrames = len(array)
    if ds.file_meta.TransferSyntaxUID == uid.RLELossless:
        ds.PixelData = encapsulate([rle(array, ds)])
        ds["PixelData"].VR, ds["PixelData"].is_undefined_length = "OB", True
    else:
        ds.PixelData = array.tobytes()
        ds["PixelData"].VR = "OW" if ds.BitsAllocated > 8 else "OB"


def rle(array, ds):
    about = {
        "rows": ds.Rows, "columns": ds.Columns, "samples_per_pixel": ds.SamplesPerPixel, "number_of_frames": 1,
        "bits_allocated": ds.BitsAllocated, "bits_stored": ds.BitsStored,
        "pixel_representation": ds.PixelRepresentation, "photometric_interpretation": ds.PhotometricInterpretation,
    }  # fmt: skip
    return RLELosslessEncoder.encode(array.tobytes(), encoding_plugin="pydicom", **about)


def write(folder, slices):
    """Save Datasets as 0000.dcm, ...; return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [str(folder / f"{k:04}.dcm") for k in range(len(slices))]
    for ds, path in zip(slices, paths, strict=True):
        ds.save_as(path, enforce_file_format=True)
    return paths


def series(folder, places, orientation=AXIAL, **attributes):
    """Write a slice for each place; an attribute may be a function of the slice's number, from 1."""
    made = [
        slice_of(
            number,
            place,
            orientation,
            **{name: value(number) if callable(value) else value for name, value in attributes.items()},
        )
        for number, place in enumerate(places, 1)
    ]
    return write(folder, made)


def item(**attributes):
    ds = Dataset()
    for name, value in attributes.items():
        setattr(ds, name, value)
    return ds


def group(**attributes):
    return Sequence([item(**attributes)])


def enhanced(places, orientation=AXIAL, *, stacks=None, times=None, shared=True, rescales=None):
    """Return an enhanced CT as a pydicom Dataset: frame k holds `pixels_of(k + 1)`."""
    ds = slice_of(
        1, None, None, RescaleSlope=None, RescaleIntercept=None, RescaleType=None, PixelSpacing=None
    )
    del ds.SliceThickness
    ds.SOPClassUID = uid.EnhancedCTImageStorage
    set_pixels(ds, np.stack([pixels_of(k + 1) for k in range(len(places))]), frames=True)
    common = {
        "PixelMeasuresSequence": group(PixelSpacing=[0.75, 0.5], SliceThickness=2),
        "PlaneOrientationSequence": group(ImageOrientationPatient=text(orientation)),
    }
    ds.SharedFunctionalGroupsSequence = group(**(common if shared else {}))
    ds.DimensionOrganizationSequence = group(DimensionOrganizationUID="1.2.3.8")
    ds.DimensionIndexSequence = Sequence(
        [
            item(
                DimensionIndexPointer=tag,
                FunctionalGroupPointer=0x00209111,
                DimensionOrganizationUID="1.2.3.8",
            )
            for tag in (0x00209056, 0x00209057, 0x00209128)
        ]
    )
    frames, before = [], {}
    for k, place in enumerate(places):
        stack, time = (stacks or [1] * len(places))[k], (times or [1] * len(places))[k]
        within = before[stack, time] = before.get((stack, time), 0) + 1
        frame = item(**({} if shared else common))
        frame.PlanePositionSequence = group(ImagePositionPatient=text(place))
        frame.FrameContentSequence = group(
            StackID=str(stack),
            InStackPositionNumber=within,
            TemporalPositionIndex=time,
            DimensionIndexValues=[stack, within, time],
        )
        slope, intercept = (rescales or [(1, -1024)] * len(places))[k]
        frame.PixelValueTransformationSequence = group(
            RescaleSlope=slope, RescaleIntercept=intercept, RescaleType="HU"
        )
        frames.append(frame)
    ds.PerFrameFunctionalGroupsSequence = Sequence(frames)
    return ds
