# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The stages of PS3.3 C.11 in plain NumPy, double precision, straight from the standard; and files to try them on.

For the tests of values, here and in tests/peers. Nothing here knows turbodicom.
"""

import io

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.4.1"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


# -- the standard ----------------------------------------------------------------------------------------


def rescaled(stored, slope, intercept):
    """PS3.3 C.11.1.1.2."""
    return np.asarray(stored).astype(np.float64) * slope + intercept


def looked_up(values, first, entries):
    """PS3.3 C.11.1.1.1: inputs outside get the first or last entry."""
    index = np.floor(np.asarray(values, np.float64)) - first
    return np.asarray(entries)[np.clip(index, 0, len(entries) - 1).astype(int)].astype(np.float64)


def windowed(values, center, width, function="linear"):
    """PS3.3 C.11.2.1.2, C.11.2.1.3.1 and C.11.2.1.3.2, for y from 0 to 1."""
    x = np.asarray(values, np.float64)
    if function == "sigmoid":
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(-4 * (x - center) / width))
    c, w = (center - 0.5, width - 1) if function == "linear" else (center, width)
    with np.errstate(all="ignore"):
        y = (x - c) / w + 0.5
    return np.where(x <= c - w / 2, 0, np.where(x > c + w / 2, 1, y))


def between(values, low, high):
    """Linear from 0 at `low` to 1 at `high`."""
    x, low, high = np.asarray(values, np.float64), float(low), float(high)
    with np.errstate(all="ignore"):
        return np.where(x <= low, 0, np.where(x >= high, 1, (x - low) / (high - low)))


def presented(values, entries, bits):
    """PS3.3 C.11.4: 0..1 over the entries of a Presentation LUT, to 0..1."""
    index = np.rint(np.asarray(values) * (len(entries) - 1)).astype(int)
    return np.asarray(entries, np.float64)[index] / ((1 << bits) - 1)


def spread(fractions, dtype):
    """0..1 over the whole range of an integer dtype, ties to even; as they are for floats."""
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return np.asarray(fractions).astype(dtype)
    room = np.iinfo(dtype)
    return np.rint(room.min + np.asarray(fractions) * (float(room.max) - float(room.min))).astype(dtype)


# -- files -----------------------------------------------------------------------------------------------


def make(stored, *, bits_stored=None, photometric="MONOCHROME2", implicit=False, sop_class=None, **attributes):
    """Return the bytes of a file with these stored values, (rows, columns) or (frames, rows, columns[, samples])."""
    stored = np.asarray(stored)
    ds = Dataset()
    ds.SOPClassUID, ds.SOPInstanceUID = sop_class or SECONDARY_CAPTURE, "1.2.3.4"
    samples = stored.shape[-1] if photometric in ("RGB", "YBR_FULL") else 1
    planes = stored.shape[:-1] if samples > 1 else stored.shape
    ds.SamplesPerPixel, ds.PhotometricInterpretation = samples, photometric
    if samples > 1:
        ds.PlanarConfiguration = 0
    if len(planes) == 3:
        ds.NumberOfFrames = planes[0]
    ds.Rows, ds.Columns = planes[-2:]
    ds.BitsAllocated = 8 * stored.dtype.itemsize
    keyword = {"f4": "FloatPixelData", "f8": "DoubleFloatPixelData"}.get(stored.dtype.str[1:], "PixelData")
    if keyword == "PixelData":
        ds.BitsStored = bits_stored or ds.BitsAllocated
        ds.HighBit, ds.PixelRepresentation = ds.BitsStored - 1, int(stored.dtype.kind == "i")
    for name, value in attributes.items():
        setattr(ds, name, value)
    data = stored.astype(stored.dtype.newbyteorder("<")).tobytes()
    setattr(ds, keyword, data + b"\0" * (len(data) % 2))
    if keyword == "PixelData":
        ds["PixelData"].VR = "OW" if ds.BitsAllocated > 8 else "OB"
    return as_file(ds, implicit)


def as_file(ds, implicit=False):
    """Return the bytes of a DICOM file."""
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, ds, enforce_file_format=True)
    return buffer.getvalue()


def item(**attributes):
    """Return an item of a sequence."""
    ds = Dataset()
    for name, value in attributes.items():
        setattr(ds, name, value)
    return ds


def lut_item(first, entries, bits=16, **attributes):
    """Return an item with LUT Descriptor and LUT Data."""
    made = item(**attributes)
    made.add_new(0x00283002, "SS" if first < 0 else "US", [len(entries) % 65536, first, bits])
    made.add_new(0x00283006, "OW", np.asarray(entries, "<u2").tobytes())
    return made


def modality_lut(first, entries, bits=16):
    """Return a Modality LUT Sequence."""
    return Sequence([lut_item(first, entries, bits, ModalityLUTType="US")])


def voi_luts(*luts):
    """Return a VOI LUT Sequence of (first, entries, bits)."""
    return Sequence([lut_item(*lut) for lut in luts])


def rescale_group(slope, intercept):
    """Return Pixel Value Transformation Sequence."""
    return Sequence([item(RescaleSlope=slope, RescaleIntercept=intercept, RescaleType="US")])


def window_group(center, width, function=None):
    """Return Frame VOI LUT Sequence."""
    made = item(WindowCenter=center, WindowWidth=width)
    if function:
        made.VOILUTFunction = function
    return Sequence([made])


def real_world(slope=None, intercept=None, first=0, last=65535, label="A", lut=None, is_double=False):
    """Return an item of Real World Value Mapping Sequence."""
    made = item(LUTLabel=label, LUTExplanation=label)
    unit = item(CodeValue="1", CodingSchemeDesignator="UCUM", CodeMeaning="no units")
    made.MeasurementUnitsCodeSequence = Sequence([unit])
    if is_double:
        made.DoubleFloatRealWorldValueFirstValueMapped = float(first)
        made.DoubleFloatRealWorldValueLastValueMapped = float(last)
    else:
        vr = "SS" if first < 0 else "US"
        made.add_new(0x00409216, vr, first)
        made.add_new(0x00409211, vr, last)
    if lut is not None:
        made.RealWorldValueLUTData = list(map(float, lut))
    else:
        made.RealWorldValueSlope, made.RealWorldValueIntercept = float(slope), float(intercept)
    return made


def groups(*, shared=None, frames=()):
    """Return Shared and Per-Frame Functional Groups Sequence as keywords for `make`."""
    made = {"SharedFunctionalGroupsSequence": Sequence([item(**(shared or {}))])}
    if frames:
        made["PerFrameFunctionalGroupsSequence"] = Sequence([item(**frame) for frame in frames])
    return made


def palette(first, tables, bits=16):
    """Return a palette as keywords for `make`; tables (3, n)."""
    made = {}
    for colour, table in zip(("Red", "Green", "Blue"), tables, strict=True):
        made[f"{colour}PaletteColorLookupTableDescriptor"] = [len(table) % 65536, first, bits]
        data = np.asarray(table, "<u2" if bits == 16 else "u1").tobytes()
        made[f"{colour}PaletteColorLookupTableData"] = data + b"\0" * (len(data) % 2)
    return made
