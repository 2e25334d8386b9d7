# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Small DICOM files for the tests of scans: headers written by pydicom, with what each test cares about."""

import io
import warnings

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filewriter import dcmwrite
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian


def ct(
    number=1,
    series="1.2.3.1",
    position=None,
    orientation=(1, 0, 0, 0, 1, 0),
    syntax=ExplicitVRLittleEndian,
    **values,
):
    """Return the bytes of a CT image of 2x2 pixels; `values` are further elements by keyword, valid or not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ds = _header(number, series, syntax)
        if position is not None:
            ds.ImagePositionPatient = [f"{x:.10g}" for x in position]
            ds.ImageOrientationPatient = [f"{x:.10g}" for x in orientation]
        for keyword, value in values.items():
            setattr(ds, keyword, value)
        buffer = io.BytesIO()
        dcmwrite(buffer, ds, enforce_file_format=True)
    return buffer.getvalue()


def _header(number, series, syntax):
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.SOPClassUID, ds.SOPInstanceUID = CTImageStorage, f"{series}.{number or 0}"
    ds.PatientID, ds.PatientName, ds.Modality = "P1", "Doe^Jane", "CT"
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.InstanceNumber = "1.2.3", series, number
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PixelRepresentation = 1, "MONOCHROME2", 0
    ds.Rows = ds.Columns = 2
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 12, 11
    ds.PixelData = bytes(8)
    ds["PixelData"].VR = "OW"
    return ds


def tree(folder, count, per_folder=10):
    """Write `count` CT files into folders below `folder`; return their paths in the order of a scan."""
    paths = []
    for number in range(count):
        path = folder / f"d{number // per_folder:03}" / f"{number % per_folder:03}.dcm"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(ct(number + 1, series=f"1.2.3.{number // per_folder + 1}"))
        paths.append(str(path))
    return paths
