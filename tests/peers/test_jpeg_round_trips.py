# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""JPEG encoding: lossless comes back as it was, everywhere; lossy is read by others as by us.

Peers: imagecodecs (libjpeg-turbo), pylibjpeg-libjpeg, GDCM and Pillow through pydicom, DCMTK's dcmdjpeg and dcmcjpeg.
"""

import random
import shutil
import subprocess

import numpy as np
import pydicom
import pytest
from pydicom import uid
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate, generate_frames

td = pytest.importorskip("turbodicom")

import jpeg_encoders

jpeg = td.codecs.jpeg
PROCESSES = {
    "baseline": (uid.JPEGBaseline8Bit, 8),
    "extended": (uid.JPEGExtended12Bit, 12),
    "spectral": (uid.UID("1.2.840.10008.1.2.4.53"), 8),
    "progressive": (uid.UID("1.2.840.10008.1.2.4.55"), 8),
    "lossless": (uid.JPEGLossless, 16),
    "lossless, first predictor": (uid.JPEGLosslessSV1, 12),
}


def samples(precision, *, colour=False, seed=0, rows=13, columns=17):
    """Return a noisy ramp that uses the whole range of `precision` bits."""
    generator = np.random.default_rng(seed + 100 * precision)
    shape = (rows, columns, 3) if colour else (rows, columns)
    values = generator.integers(0, 1 << precision, shape)
    values[rows // 2 :] = np.linspace(0, (1 << precision) - 1, values[rows // 2 :].size).reshape(
        values[rows // 2 :].shape
    )
    return values.astype("u1" if precision <= 8 else "u2")


def coded_by_libjpeg(stream, components):
    """Return libjpeg-turbo's samples without a colour transform."""
    imagecodecs = pytest.importorskip("imagecodecs")
    space = {1: "GRAYSCALE", 3: "RGB", 4: "CMYK"}[components]
    return imagecodecs.jpeg8_decode(stream, colorspace=space, outcolorspace=space)


@pytest.mark.parametrize("predictor", range(1, 8))
@pytest.mark.parametrize("precision", range(2, 17))
def test_lossless_comes_back_at_every_precision_predictor_and_point_transform(precision, predictor):
    for point_transform in range(precision):
        array = samples(precision, colour=(precision + predictor + point_transform) % 3 == 0)
        stream = jpeg.encode(
            array,
            process="lossless",
            precision=precision,
            predictor=predictor,
            point_transform=point_transform,
            color="coded",
        )
        expected = array >> point_transform << point_transform
        assert len(stream) % 2 == 0
        assert np.array_equal(jpeg.decode(stream, color="coded"), expected), point_transform
        assert np.array_equal(coded_by_libjpeg(stream, array.shape[2] if array.ndim == 3 else 1), expected), (
            point_transform
        )


@pytest.mark.parametrize("precision", range(2, 16))
def test_pylibjpeg_reads_our_lossless_streams(precision):
    libjpeg = pytest.importorskip("libjpeg")  # 16 bits: it clamps where T.81 H.1.2.1 wraps
    for predictor in range(1, 8):
        array = samples(precision, colour=predictor == 3)
        stream = jpeg.encode(
            array, process="lossless", precision=precision, predictor=predictor, color="coded"
        )
        assert np.array_equal(libjpeg.decode(stream), array), predictor


def test_the_predictor_chosen_is_the_shortest():
    for precision in (8, 12, 16):
        for seed in range(3):
            array = jpeg_encoders.picture(random.Random(seed), precision, samples=1)
            sizes = [len(jpeg.encode(array, predictor=value, precision=precision)) for value in range(1, 8)]
            assert len(jpeg.encode(array, predictor="auto", precision=precision)) <= min(sizes) * 1.01 + 2


def test_signed_samples_come_back_as_their_bits():
    array = samples(16).view("i2")
    decoded = jpeg.decode(jpeg.encode(array, precision=16))
    assert np.array_equal(decoded.view("i2"), array)


def test_files_that_libjpeg_turbo_writes_are_no_smaller_than_ours():
    imagecodecs = pytest.importorskip("imagecodecs")
    for precision in (8, 12, 16):
        array = jpeg_encoders.picture(random.Random(precision), precision, samples=1)
        for predictor in range(1, 8):
            theirs = imagecodecs.jpeg8_encode(
                array, lossless=True, predictor=predictor, bitspersample=precision
            )
            ours = jpeg.encode(array, precision=precision, predictor=predictor)
            assert len(ours) <= len(theirs) + 1, (precision, predictor)  # one byte makes the length even


# In DICOM files, read by others.


def as_file(path, stream, array, process, bits_stored):
    """Write a Secondary Capture around a codestream."""
    ds = pydicom.Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = PROCESSES[process][0]
    ds.SOPClassUID, ds.SOPInstanceUID = uid.SecondaryCaptureImageStorage, "1.2.3.4"
    ds.Rows, ds.Columns = array.shape[:2]
    ds.SamplesPerPixel = array.shape[2] if array.ndim == 3 else 1
    ds.PhotometricInterpretation = "MONOCHROME2" if array.ndim == 2 else "RGB"
    if array.ndim == 3:
        ds.PlanarConfiguration = 0
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 8 * array.itemsize, bits_stored, bits_stored - 1
    ds.PixelRepresentation = 0
    ds.PixelData = encapsulate([stream])
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    ds.save_as(path, enforce_file_format=True)
    return path


def make_cases():
    for process in PROCESSES:
        for colour in (False, True):
            if not (colour and process == "extended"):  # DICOM has no colour of 12 bits
                yield pytest.param(process, colour, id=f"{process}, {'colour' if colour else 'gray'}")


CASES = list(make_cases())


def encoded_file(path, process, colour):
    """Return (path, what we decode) of a smooth image coded by us."""
    bits = 8 if colour else PROCESSES[process][1]
    array = jpeg_encoders.picture(random.Random(5), bits, samples=3 if colour else 1)
    name = process.split(",")[0]
    stream = jpeg.encode(array, process=name, precision=bits, color="coded", quality=90)
    decoded = jpeg.decode(stream, color="coded")
    if name == "lossless":
        assert np.array_equal(decoded, array)
    return as_file(path, stream, array, process, bits), decoded


def assert_close(array, expected, process):
    """Lossless: equal. DCT: another inverse transform may round the other way (T.83 allows more)."""
    allowed = {"lossless": 0, "extended": 2}.get(process.split(",")[0], 1)
    assert np.abs(array.astype(int) - expected.astype(int)).max() <= allowed


def plugin_cases():
    """Yield (plugin, process, colour) that pydicom's plugins take.

    pydicom has no decoder for .53 and .55, its Pillow plugin none for lossless, and both the gdcm and the Pillow plugin refuse
    12 bits, whoever wrote them. Any other refusal is a failure.
    """
    for plugin in ("gdcm", "pylibjpeg", "pillow"):
        for process, colour in (case.values for case in CASES):
            name = process.split(",")[0]
            twelve_bits = not colour and PROCESSES[process][1] == 12
            refused = plugin != "pylibjpeg" and name == "extended" and twelve_bits
            if name not in ("spectral", "progressive") and not refused and (plugin, name) != ("pillow", "lossless"):
                yield plugin, process, colour


@pytest.mark.parametrize(("plugin", "process", "colour"), list(plugin_cases()))
def test_pydicom_with_each_plugin_reads_what_we_encode(tmp_path, process, colour, plugin):
    pytest.importorskip({"gdcm": "gdcm", "pylibjpeg": "libjpeg", "pillow": "PIL"}[plugin])
    path, expected = encoded_file(tmp_path / "ours.dcm", process, colour)
    array = pydicom.pixels.pixel_array(pydicom.dcmread(path), raw=True, decoding_plugin=plugin)
    assert_close(array, expected, process)


def program(name):
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"no {name} of DCMTK here")
    return path


@pytest.mark.parametrize(("process", "colour"), CASES)
def test_dcmdjpeg_reads_what_we_encode(tmp_path, process, colour):
    path, expected = encoded_file(tmp_path / "ours.dcm", process, colour)
    subprocess.run(
        [program("dcmdjpeg"), "+cn", "+px", path, tmp_path / "back.dcm"], check=True, capture_output=True
    )
    back = pydicom.dcmread(tmp_path / "back.dcm")
    assert_close(pydicom.pixels.pixel_array(back, raw=True), expected, process)


@pytest.mark.parametrize(("process", "colour"), CASES)
def test_gdcm_by_itself_reads_what_we_encode(tmp_path, process, colour):
    gdcm = pytest.importorskip("gdcm")
    path, expected = encoded_file(tmp_path / "ours.dcm", process, colour)
    reader = gdcm.ImageReader()
    reader.SetFileName(str(path))
    assert reader.Read()
    data = reader.GetImage().GetBuffer().encode("utf-8", errors="surrogateescape")
    array = np.frombuffer(data[: expected.nbytes], expected.dtype).reshape(expected.shape)
    assert_close(array, expected, process)


DCMTK_OPTIONS = {
    "baseline": ["+eb"], "extended": ["+ee"], "spectral": ["+es"], "progressive": ["+ep"],
    "lossless": ["+el", "+sv", "6"], "lossless, first predictor": ["+e1", "+pt", "2"],
}  # fmt: skip


@pytest.mark.parametrize("process", PROCESSES)
def test_we_decode_what_dcmcjpeg_encodes_as_libjpeg_turbo_does(tmp_path, process):
    bits = PROCESSES[process][1]
    array = jpeg_encoders.picture(random.Random(6), bits, samples=1)
    ds = pydicom.dcmread(as_file(tmp_path / "plain.dcm", bytes(2), array, process, bits))
    ds.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    ds.PixelData = array.tobytes() + bytes(array.nbytes % 2)
    ds["PixelData"].VR = "OB" if bits == 8 else "OW"
    ds["PixelData"].is_undefined_length = False
    ds.save_as(tmp_path / "plain.dcm", enforce_file_format=True)
    subprocess.run(
        [program("dcmcjpeg"), *DCMTK_OPTIONS[process], tmp_path / "plain.dcm", tmp_path / "theirs.dcm"],
        check=True,
        capture_output=True,
    )
    stream = next(generate_frames(pydicom.dcmread(tmp_path / "theirs.dcm").PixelData, number_of_frames=1))
    assert np.array_equal(jpeg.decode(stream), coded_by_libjpeg(stream, 1))
