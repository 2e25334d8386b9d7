# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""RLE against everybody else: what they encode we decode, what we encode they decode, and we are no longer.

Peers: pydicom's own Python code, pylibjpeg-rle, GDCM (python-gdcm), imagecodecs, and DCMTK's programs dcmcrle
and dcmdrle. Each test is skipped where its peer is not installed.
"""

import io
import shutil
import subprocess

import numpy as np
import pydicom
import pytest
import turbodicom as td
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.pixels.decoders import RLELosslessDecoder
from pydicom.pixels.encoders import RLELosslessEncoder

rle = td.codecs.rle
RANDOM = np.random.default_rng(20261)


def noise(shape, dtype):
    return RANDOM.integers(0, np.iinfo(dtype).max, shape, endpoint=True).astype(dtype)


def phantom(shape, dtype):
    """Return flat regions with a little noise: runs, literals and everything between."""
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    disc = (rows - shape[0] / 2) ** 2 + (columns - shape[1] / 2) ** 2 < min(shape[:2]) ** 2 / 6
    plane = np.where(disc, 90 + RANDOM.integers(0, 5, shape[:2]), 3)
    return (plane.reshape(*shape[:2], *[1] * (len(shape) - 2)) * np.ones(shape)).astype(dtype)


def two_pixel_runs(shape, dtype):
    """Return runs of two and three: where encoders differ (PS3.5 G.3.1)."""
    count = int(np.prod(shape))
    return (
        np.repeat(RANDOM.integers(0, 200, count), RANDOM.integers(1, 4, count))[:count]
        .reshape(shape)
        .astype(dtype)
    )


KINDS = {"noise": noise, "phantom": phantom, "short runs": two_pixel_runs}
SHAPES = {"1x1": (1, 1), "one row": (1, 300), "one column": (300, 1), "odd": (37, 129), "colour": (31, 65, 3)}
DTYPES = ["u1", "u2", "u4"]
CASES = {
    f"{kind}, {name}, {dtype}": KINDS[kind](SHAPES[name], dtype)
    for kind in KINDS
    for name in SHAPES
    for dtype in DTYPES
}
each_array = pytest.mark.parametrize("array", CASES.values(), ids=CASES)


def describe(array):
    """Return the keywords pydicom's coders want."""
    bits = 8 * array.dtype.itemsize
    return {
        "rows": array.shape[0],
        "columns": array.shape[1],
        "samples_per_pixel": array.shape[2] if array.ndim == 3 else 1,
        "photometric_interpretation": "RGB" if array.ndim == 3 else "MONOCHROME2",
        "planar_configuration": 0,
        "bits_allocated": bits,
        "bits_stored": bits,
        "pixel_representation": 0,
        "number_of_frames": 1,
        "pixel_keyword": "PixelData",
    }


def data_set(array):
    """Return an uncompressed Secondary Capture of `array`."""
    ds = pydicom.Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    ds.SOPClassUID, ds.SOPInstanceUID = pydicom.uid.SecondaryCaptureImageStorage, "1.2.3.4"
    about = describe(array)
    ds.Rows, ds.Columns, ds.SamplesPerPixel = about["rows"], about["columns"], about["samples_per_pixel"]
    ds.PhotometricInterpretation = about["photometric_interpretation"]
    if array.ndim == 3:
        ds.PlanarConfiguration = 0
    ds.BitsAllocated = ds.BitsStored = about["bits_allocated"]
    ds.HighBit, ds.PixelRepresentation = ds.BitsStored - 1, 0
    ds.PixelData = array.tobytes() + bytes(array.nbytes % 2)
    ds["PixelData"].VR = "OB" if ds.BitsAllocated == 8 else "OW"
    return ds


def segment_bytes(stream):
    """Return the length of each segment."""
    count, *offsets = np.frombuffer(stream[:64], "<u4").tolist()
    return np.diff([*offsets[:count], len(stream)])


@each_array
def test_pydicom_decodes_what_we_encode(array):
    source = encapsulate([rle.encode(array)])
    decoded, _ = RLELosslessDecoder.as_array(source, raw=True, decoding_plugin="pydicom", **describe(array))
    assert np.array_equal(decoded, array)


@each_array
def test_we_decode_what_pydicom_encodes(array):
    if array.dtype.itemsize == 4:
        pytest.skip("pydicom encodes no 32-bit RLE")
    stream = RLELosslessEncoder.encode(array, encoding_plugin="pydicom", **describe(array))
    assert np.array_equal(rle.decode(stream, array.shape, array.dtype), array)


@each_array
def test_pylibjpeg_rle_and_we_read_each_other_and_our_segments_are_no_longer(array):
    peer = pytest.importorskip("rle")
    about = describe(array)
    ours = rle.encode(array)
    theirs = peer.encode_pixel_data(array.tobytes(), byteorder="<", **about)
    assert np.array_equal(rle.decode(theirs, array.shape, array.dtype), array)
    planes = array.reshape(*array.shape[:2], -1).transpose(2, 0, 1)
    assert peer.decode_pixel_data(ours, version=2, **about) == planes.tobytes()
    assert (segment_bytes(ours) <= segment_bytes(theirs)).all()


@each_array
def test_imagecodecs_decodes_what_we_encode(array):
    peer = pytest.importorskip("imagecodecs")
    planes = np.frombuffer(peer.dicomrle_decode(rle.encode(array), array.dtype), array.dtype)
    count = array.shape[2] if array.ndim == 3 else 1
    expected = array.reshape(-1, count).T
    assert np.array_equal(planes.reshape(count, -1)[:, : expected.shape[1]], expected)


@each_array
def test_gdcm_decodes_what_we_encode(array, tmp_path):
    gdcm = pytest.importorskip("gdcm")
    if array.ndim == 3 and array.dtype.itemsize > 1:
        pytest.skip("GDCM reads 16- and 32-bit RLE colour wrongly, without an error")
    ds = data_set(array)
    ds.file_meta.TransferSyntaxUID = pydicom.uid.RLELossless
    ds.PixelData = encapsulate([rle.encode(array)])
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    ds.save_as(tmp_path / "ours.dcm", enforce_file_format=True)
    reader = gdcm.ImageReader()
    reader.SetFileName(str(tmp_path / "ours.dcm"))
    assert reader.Read()
    buffer = reader.GetImage().GetBuffer()
    if buffer is None and array.shape[1] == 1:
        pytest.skip("GDCM gives no pixels of one column, whoever encoded them")
    data = buffer.encode("utf-8", errors="surrogateescape")
    assert data[: array.nbytes] == array.tobytes()


def program(name):
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"no {name} of DCMTK here")
    return path


@pytest.mark.parametrize("name", [name for name in CASES if "u4" not in name and "1x1" not in name])
def test_dcmtk_and_we_read_each_other(name, tmp_path):
    array = CASES[name]
    ds = data_set(array)
    ds.save_as(tmp_path / "plain.dcm", enforce_file_format=True)
    subprocess.run(
        [program("dcmcrle"), tmp_path / "plain.dcm", tmp_path / "theirs.dcm"], check=True, capture_output=True
    )
    theirs = next(generate_frames(pydicom.dcmread(tmp_path / "theirs.dcm").PixelData, number_of_frames=1))
    assert np.array_equal(rle.decode(theirs, array.shape, array.dtype), array)
    ds.file_meta.TransferSyntaxUID = pydicom.uid.RLELossless
    ds.PixelData = encapsulate([rle.encode(array)])
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    ds.save_as(tmp_path / "ours.dcm", enforce_file_format=True)
    subprocess.run(
        [program("dcmdrle"), tmp_path / "ours.dcm", tmp_path / "back.dcm"], check=True, capture_output=True
    )
    back = pydicom.dcmread(io.BytesIO((tmp_path / "back.dcm").read_bytes()))
    assert back.PixelData[: array.nbytes] == interleaved(back, array).tobytes()


def interleaved(ds, array):
    """Return `array` as `ds` stores it: dcmdrle may leave colour by plane."""
    return array.transpose(2, 0, 1) if array.ndim == 3 and ds.PlanarConfiguration == 1 else array
