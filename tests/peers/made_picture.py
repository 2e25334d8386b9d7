# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The plain image every made file of the display tests begins with: `picture(stored, bits_stored, ...)`."""

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

RANDOM = np.random.default_rng(4)
COLOUR = {"RGB": 3, "YBR_FULL": 3, "HSV": 3, "ARGB": 4, "CMYK": 4}
ROOT = "1.2.826.0.1.3680043.10.1234"


def ramp(bits, signed=False, rows=17, columns=24):
    """Return samples that take the least, the greatest and many other values of `bits` bits."""
    low = -(1 << (bits - 1)) if signed else 0
    high = low + (1 << bits) - 1
    cell = 1 if bits <= 8 else 2 if bits <= 16 else 4
    values = np.linspace(low, high, rows * columns).round().astype(np.int64)
    return values.reshape(rows, columns).astype(f"{'i' if signed else 'u'}{cell}")


def picture(stored, bits_stored=None, *, photometric="MONOCHROME2", signed=None, syntax=None, **attributes):
    """Return a file data set of `stored` (frames?, rows, columns, samples?); `attributes` are set last."""
    bits = 8 * stored.dtype.itemsize
    samples = COLOUR.get(photometric, 3 if photometric.startswith("YBR") else 1)
    shape = stored.shape[:-1] if samples > 1 else stored.shape
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax or ExplicitVRLittleEndian
    ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    ds.SOPInstanceUID = f"{ROOT}.1"
    ds.Rows, ds.Columns = shape[-2:]
    if len(shape) == 3:
        ds.NumberOfFrames = shape[0]
    ds.SamplesPerPixel = samples
    ds.PhotometricInterpretation = photometric
    ds.BitsAllocated, ds.BitsStored = bits, bits_stored or bits
    ds.HighBit = ds.BitsStored - 1
    ds.PixelRepresentation = int(stored.dtype.kind == "i" if signed is None else signed)
    if samples > 1:
        ds.PlanarConfiguration = 0
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    if ds.get("PlanarConfiguration") == 1:
        stored = np.moveaxis(stored, -1, -3)
    big = ds.file_meta.TransferSyntaxUID == ExplicitVRBigEndian
    data = np.ascontiguousarray(stored.astype(stored.dtype.newbyteorder(">" if big else "<"))).tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    ds["PixelData"].VR = (
        "OW" if bits > 8 or ds.file_meta.TransferSyntaxUID == ImplicitVRLittleEndian else "OB"
    )
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    return ds
