# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The demo's study as DICOM files: pydicom writes them, RLE frames come from our encoder.

Begin with `write_study`. Source: PS3.3 A.3 (CT), A.8.4 and A.8.5 (multi-frame secondary capture).
"""

import os
from dataclasses import dataclass

import numpy as np

from turbodicom import codecs
from turbodicom.cli import _phantom
from turbodicom.cli._common import progress, whole_file

SLICES, SIZE = 24, 512
FRAMES, ROWS, COLUMNS = 30, 480, 640
_SPACING, _THICKNESS = 0.7, 10.0  # mm
_INTERCEPT = -1024  # HU of stored value 0

_CT = "1.2.840.10008.5.1.4.1.1.2"
_MULTI_FRAME_WORD = "1.2.840.10008.5.1.4.1.1.7.3"
_MULTI_FRAME_COLOR = "1.2.840.10008.5.1.4.1.1.7.4"


@dataclass(frozen=True)
class Series:
    """Files of one kind and the stored values that were put into them."""

    title: str
    paths: list
    samples: np.ndarray  # (frames, rows, columns[, samples])


def write_study(directory):
    """Compute the images and write every file.

    Parameters
    ----------
    directory : str
        Exists; files of the same names are replaced.

    Returns
    -------
    list of Series
    """
    ct = (_phantom.ct_slices(SLICES, SIZE) - _INTERCEPT).clip(0, 4095).astype(np.uint16)
    cine = _phantom.cine_frames(FRAMES, ROWS, COLUMNS)
    names = [os.path.join(directory, f"ct-{index + 1:03}.dcm") for index in range(SLICES)]
    for index, path in enumerate(progress(names, "writing the CT series")):
        _write(path, _ct_slice(index), ct[index : index + 1], compress=False)
    series = [Series("CT series", names, ct)]
    for title, name, common, samples, compress in (
        ("CT multi-frame", "ct-multiframe-rle.dcm", _ct_multi_frame(), ct, True),
        ("colour cine", "cine.dcm", _cine(1), cine, False),
        ("colour cine", "cine-rle.dcm", _cine(2), cine, True),
    ):
        path = os.path.join(directory, name)
        _write(path, common, samples, compress)
        series.append(Series(title, [path], samples))
    return series


def _write(path, data_set, samples, compress):
    from pydicom.dataset import FileMetaDataset
    from pydicom.encaps import encapsulate
    from pydicom.uid import ExplicitVRLittleEndian, RLELossless

    _describe_pixels(data_set, samples)
    if compress:
        data_set.PixelData = encapsulate([bytes(codecs.rle.encode(frame)) for frame in samples])
        data_set["PixelData"].is_undefined_length = True
    else:
        data_set.PixelData = samples.astype(samples.dtype.newbyteorder("<"), copy=False).tobytes()
    data_set["PixelData"].VR = "OW" if samples.itemsize == 2 and not compress else "OB"  # PS3.5 A.4
    data_set.file_meta = FileMetaDataset()
    data_set.file_meta.TransferSyntaxUID = RLELossless if compress else ExplicitVRLittleEndian
    with whole_file(path) as file:
        data_set.save_as(file, enforce_file_format=True)


def _describe_pixels(data_set, samples):
    """Image Pixel module (PS3.3 C.7.6.3) of what is in `samples`."""
    is_color = samples.ndim == 4
    data_set.SamplesPerPixel = 3 if is_color else 1
    data_set.PhotometricInterpretation = "RGB" if is_color else "MONOCHROME2"
    if is_color:
        data_set.PlanarConfiguration = 0
    if len(samples) > 1:
        data_set.NumberOfFrames = len(samples)
    data_set.Rows, data_set.Columns = samples.shape[1:3]
    data_set.BitsAllocated = 8 * samples.itemsize
    data_set.BitsStored = 8 if is_color else 12
    data_set.HighBit = data_set.BitsStored - 1
    data_set.PixelRepresentation = 0


def _common(sop_class, modality, series_number, description, instance=1):
    from pydicom.dataset import Dataset

    data_set = Dataset()
    data_set.SOPClassUID = sop_class
    data_set.SOPInstanceUID = _uid("instance", series_number, instance)
    data_set.StudyInstanceUID = _uid("study")
    data_set.SeriesInstanceUID = _uid("series", series_number)
    data_set.StudyDate, data_set.StudyTime = "20260101", "120000"
    data_set.StudyID, data_set.AccessionNumber, data_set.ReferringPhysicianName = "1", "", ""
    data_set.PatientName, data_set.PatientID = "Phantom^Computed", "DEMO"
    data_set.PatientBirthDate, data_set.PatientSex = "", "O"
    data_set.Modality, data_set.Manufacturer = modality, "turbodicom demo"
    data_set.SeriesDescription, data_set.SeriesNumber, data_set.InstanceNumber = (
        description,
        series_number,
        instance,
    )
    return data_set


def _ct_slice(index):
    data_set = _common(_CT, "CT", 1, "chest phantom", index + 1)
    data_set.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    data_set.FrameOfReferenceUID = _uid("frame of reference")
    data_set.PositionReferenceIndicator = ""
    data_set.ImagePositionPatient = [-_SPACING * SIZE / 2, -_SPACING * SIZE / 2, -_THICKNESS * index]
    data_set.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    data_set.PixelSpacing, data_set.SliceThickness = [_SPACING, _SPACING], _THICKNESS
    data_set.KVP = 120
    return _in_hounsfield_units(data_set)


def _ct_multi_frame():
    data_set = _common(_MULTI_FRAME_WORD, "OT", 2, "chest phantom, all slices in one")
    data_set.ConversionType = "SYN"
    data_set.PresentationLUTShape, data_set.BurnedInAnnotation = "IDENTITY", "NO"
    data_set.FrameIncrementPointer = 0x00182001  # Page Number Vector
    data_set.PageNumberVector = list(range(1, SLICES + 1))
    return _in_hounsfield_units(data_set)


def _in_hounsfield_units(data_set):
    data_set.RescaleSlope, data_set.RescaleIntercept, data_set.RescaleType = 1, _INTERCEPT, "HU"
    data_set.WindowCenter, data_set.WindowWidth = 100, 1300
    return data_set


def _cine(instance):
    data_set = _common(_MULTI_FRAME_COLOR, "US", 3, "flow phantom", instance)
    data_set.ConversionType, data_set.BurnedInAnnotation = "SYN", "NO"
    data_set.FrameIncrementPointer = 0x00181063  # Frame Time
    data_set.FrameTime = 33.3
    return data_set


def _uid(*names):
    from pydicom.uid import generate_uid

    return generate_uid(entropy_srcs=["turbodicom demo", *map(str, names)])
