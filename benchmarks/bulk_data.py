# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Files for the benchmarks of bulk import: CT images of 512x512 pixels under a header of 75 elements.

pydicom writes the header once, with marks of fixed width where files differ; each file is that header with the marks
replaced. `write_archive` makes many files whose pixels are a hole of their real size, `write_series` a series with
pixels.
"""

import io
import os
from functools import cache
from pathlib import Path

import numpy as np
from datasets import NAMED, load_image
from pydicom import encaps, uid
from pydicom.dataset import Dataset, FileMetaDataset

ELEMENTS = 75  # of the data set, Pixel Data among them; the elements of items not counted
ROWS = COLUMNS = 512
PIXEL_BYTES = 2 * ROWS * COLUMNS
STUDY, SERIES, IMAGE, PATIENT = "70000001", "70000002", "70000003", "70000004"
NUMBER, POSITION = "5555", "6666.666"


def rescaled():
    """Return (slope, intercept) of all files here."""
    return 1.0, -1024.0


def ct_header():
    """Return the Dataset of a CT image without its pixels, marks in place."""
    ds = Dataset()
    describe_study(ds)
    describe_acquisition(ds)
    describe_image(ds)
    if len(ds) != ELEMENTS - 1:
        raise AssertionError(f"the header has {len(ds)} elements, not {ELEMENTS - 1}")
    return ds


def describe_study(ds):
    """Add who, when and what: groups 0008 and 0010, and the identifiers of group 0020."""
    ds.SpecificCharacterSet, ds.ImageType = "ISO_IR 100", ["ORIGINAL", "PRIMARY", "AXIAL"]
    ds.SOPClassUID, ds.SOPInstanceUID = uid.CTImageStorage, made_uid(3, IMAGE)
    for name in ("InstanceCreation", "Study", "Series", "Acquisition", "Content"):
        setattr(ds, f"{name}Date", "20240229")
        setattr(ds, f"{name}Time", "114012.375000")
    ds.AccessionNumber, ds.Modality, ds.Manufacturer = "A0012345", "CT", "TURBODICOM BENCHMARKS"
    ds.InstitutionName, ds.StationName, ds.ReferringPhysicianName = "Institute of Speed", "CT01", "Doe^Jane"
    ds.StudyDescription, ds.SeriesDescription = "CT CHEST ABDOMEN", "Body 1.25mm"
    ds.ManufacturerModelName = "Generated 64"
    ds.ReferencedStudySequence = [reference(uid.UID("1.2.840.10008.3.1.2.3.1"), made_uid(1, STUDY))]
    ds.ReferencedImageSequence = [reference(uid.CTImageStorage, made_uid(4, f"{i}0000001")) for i in (1, 2)]
    ds.PatientName, ds.PatientID = f"Generated^{PATIENT}", f"ID{PATIENT}"
    ds.PatientBirthDate, ds.PatientSex, ds.PatientAge, ds.PatientWeight = "19610412", "F", "062Y", "71.5"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = made_uid(1, STUDY), made_uid(2, SERIES)
    ds.StudyID, ds.SeriesNumber, ds.AcquisitionNumber = "1234", "3", "1"


def describe_acquisition(ds):
    """Add how it was made: group 0018, and a private block."""
    ds.ScanOptions, ds.SliceThickness, ds.KVP = "HELICAL MODE", "1.250000", "120"
    ds.DataCollectionDiameter, ds.ReconstructionDiameter = "500.000000", "360.000000"
    ds.ProtocolName, ds.DistanceSourceToDetector = "5.1 Chest Abdomen", "949.075012"
    ds.GantryDetectorTilt, ds.TableHeight, ds.RotationDirection = "0.000000", "144.500000", "CW"
    ds.ExposureTime, ds.XRayTubeCurrent, ds.Exposure = "500", "320", "16"
    ds.FilterType, ds.ConvolutionKernel, ds.PatientPosition = "BODY FILTER", "STANDARD", "HFS"
    private = ds.private_block(0x0019, "TURBODICOM BENCHMARKS", create=True)
    private.add_new(0x02, "SL", 912)
    private.add_new(0x03, "DS", "389.750000")


def describe_image(ds):
    """Add geometry, pixel description, rescale and window."""
    slope, intercept = rescaled()
    ds.InstanceNumber, ds.SliceLocation = NUMBER, POSITION
    ds.ImagePositionPatient = ["-180.000000", "-180.000000", POSITION]
    ds.ImageOrientationPatient = ["1.000000", "0.000000", "0.000000", "0.000000", "1.000000", "0.000000"]
    ds.FrameOfReferenceUID = made_uid(5, STUDY)
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.Rows, ds.Columns = 1, "MONOCHROME2", ROWS, COLUMNS
    ds.PixelSpacing = ["0.703125", "0.703125"]
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 16, 15, 1
    ds.WindowCenter, ds.WindowWidth = "40", "400"
    ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = str(int(intercept)), str(int(slope)), "HU"


def made_uid(kind, digits):
    """Return a UID below pydicom's root; a component never begins with 0."""
    return uid.UID(f"{uid.PYDICOM_ROOT_UID}{kind}.1{digits}")


def reference(sop_class, instance):
    """Return an item that refers to an instance."""
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = sop_class, instance
    return item


@cache
def template(syntax):
    """Return the bytes of the file up to Pixel Data, marks in place."""
    ds = ct_header()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    ds.save_as(file := io.BytesIO(), enforce_file_format=True)
    return file.getvalue()


def head(syntax, series, number):
    """Return the bytes of one image up to Pixel Data: slice `number`, from 0, of a series; four series are a study."""
    made = template(syntax)
    for mark, text in (
        (STUDY, f"{series // 4:08}"), (SERIES, f"{series:08}"), (IMAGE, f"{series * 10_000 + number:08}"),
        (PATIENT, f"{series // 4:08}"), (NUMBER, f"{number + 1:<4}"), (POSITION, f"{number * 1.25 - 300:<8.3f}"),
    ):  # fmt: skip
        made = made.replace(mark.encode(), text.encode())
    return made


def native(pixels):
    """Return Pixel Data with these bytes; with none, what stands before `PIXEL_BYTES` of them."""
    return b"\xe0\x7f\x10\x00OW\0\0" + (len(pixels) or PIXEL_BYTES).to_bytes(4, "little") + pixels


def encapsulated(codestream):
    """Return Pixel Data of one fragment behind an empty Basic Offset Table (PS3.5 A.4)."""
    items = encaps.encapsulate([codestream], has_bot=False)
    return b"\xe0\x7f\x10\x00OB\0\0\xff\xff\xff\xff" + items + b"\xfe\xff\xdd\xe0\0\0\0\0"


def write_archive(folder, folders=200, slices=100):
    """Write a series into each of so many folders and return the paths, in the order of their names.

    Each file has the size that it would have with pixels, but they are a hole, which no disk has to hold.
    """
    paths, tail = [], native(b"")
    for series in range(folders):
        os.makedirs(inside := os.path.join(folder, f"series{series:04}"))
        for number in range(slices):
            paths.append(os.path.join(inside, f"slice{number:04}.dcm"))
            data = head(uid.ExplicitVRLittleEndian, series, number) + tail
            with open(paths[-1], "wb", buffering=0) as file:
                file.write(data)
                file.truncate(len(data) + PIXEL_BYTES)
    return paths


def write_series(folder, pixel_data, syntax, count=None):
    """Write a series, of each slice the Pixel Data given, over and over until there are `count`; return the paths."""
    os.makedirs(folder)
    paths = []
    for number in range(count or len(pixel_data)):
        paths.append(str(Path(folder) / f"slice{number:04}.dcm"))
        Path(paths[-1]).write_bytes(head(syntax, 0, number) + pixel_data[number % len(pixel_data)])
    os.sync()  # else the system takes them to the disk while somebody measures
    return paths


def ct_images(count):
    """Return (array (count, 512, 512) of int16, label): the named CT moved about, so that no slice equals another."""
    image = load_image(*NAMED[0])
    slices = [np.roll(image.array, (number, 3 * number), (0, 1)) for number in range(count)]
    return np.stack(slices).astype(np.int16), image.name
