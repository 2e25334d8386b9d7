# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Files for the tests of the commands that make pictures: :func:`save` writes samples as they are."""

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage

__all__ = ["save"]


def save(path, samples, photometric_interpretation="MONOCHROME2", **elements):
    """Write a Secondary Capture file that has a patient's name.

    Parameters
    ----------
    path : path-like
    samples : ndarray of integers
        (rows, columns), (frames, rows, columns), or for RGB (rows, columns, 3).
    photometric_interpretation : str, optional
    **elements
        What else is to be in it, by keyword.

    Returns
    -------
    str
        The path.
    """
    is_color = photometric_interpretation == "RGB"
    data_set = Dataset()
    data_set.SOPClassUID, data_set.SOPInstanceUID = SecondaryCaptureImageStorage, "1.2.3"
    data_set.PatientName, data_set.PatientID = "Doe^Jane", "4711"
    data_set.SamplesPerPixel = 3 if is_color else 1
    data_set.PhotometricInterpretation = photometric_interpretation
    if is_color:
        data_set.PlanarConfiguration = 0
    elif samples.ndim == 3:
        data_set.NumberOfFrames = len(samples)
    data_set.Rows, data_set.Columns = samples.shape[:2] if is_color else samples.shape[-2:]
    data_set.BitsAllocated = data_set.BitsStored = 8 * samples.itemsize
    data_set.HighBit, data_set.PixelRepresentation = data_set.BitsStored - 1, int(samples.dtype.kind == "i")
    for keyword, value in elements.items():
        setattr(data_set, keyword, value)
    data_set.PixelData = samples.tobytes() + b"\0" * (samples.nbytes & 1)
    data_set["PixelData"].VR = "OB" if samples.itemsize == 1 else "OW"
    data_set.file_meta = FileMetaDataset()
    data_set.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data_set.save_as(path, enforce_file_format=True)
    return str(path)
