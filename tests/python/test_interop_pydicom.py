# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""td.interop.install(): our place in pydicom's plugin lists, and the same pixels as before."""

import hashlib
import io
import subprocess
import sys
import warnings

import numpy as np
import pydicom
import pytest
import turbodicom as td
from pydicom.pixels.decoders import (
    JPEGBaseline8BitDecoder,
    JPEGExtended12BitDecoder,
    JPEGLosslessDecoder,
    JPEGLosslessSV1Decoder,
    RLELosslessDecoder,
)
from pydicom.pixels.encoders import RLELosslessEncoder
from pydicom.uid import JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1, RLELossless
from turbodicom.interop import pydicom_plugin

CODERS = (
    RLELosslessDecoder,
    RLELosslessEncoder,
    JPEGBaseline8BitDecoder,
    JPEGExtended12BitDecoder,
    JPEGLosslessDecoder,
    JPEGLosslessSV1Decoder,
)


@pytest.fixture
def installed():
    """Install for one test."""
    td.interop.install()
    yield
    td.interop.uninstall()


def order():
    """Return labels and functions as pydicom tries them; its lists are private, so only tests look."""
    return [list(coder._available.items()) for coder in CODERS]


def test_install_puts_ours_first_and_keeps_the_others_in_order():
    before = order()
    td.interop.install()
    try:
        assert [plugins[0][0] for plugins in order()] == ["turbodicom"] * len(CODERS)
        assert [plugins[1:] for plugins in order()] == before
    finally:
        td.interop.uninstall()


def test_uninstall_restores_order_and_objects():
    before = order()
    for _ in range(3):
        td.interop.install()
        td.interop.uninstall()
    assert order() == before


def test_installing_twice_is_installing_once():
    before = order()
    td.interop.install()
    once = order()
    td.interop.install()
    assert order() == once
    td.interop.uninstall()
    assert order() == before
    td.interop.uninstall()
    assert order() == before


def test_plugins_of_third_parties_stay():
    RLELosslessDecoder.add_plugin("somebody's", ("pydicom.pixels.decoders.rle", "_decode_frame"))
    before = RLELosslessDecoder.available_plugins
    try:
        td.interop.install()
        assert set(RLELosslessDecoder.available_plugins) == {*before, "turbodicom"}
        td.interop.uninstall()
        assert RLELosslessDecoder.available_plugins == before
    finally:
        RLELosslessDecoder.remove_plugin("somebody's")


def test_a_plugin_that_could_not_be_added_again_is_not_removed(monkeypatch):
    before = order()
    moved = tuple(
        (module, name, function, tuple((label, ("pydicom.moved", "elsewhere")) for label, _ in known))
        for module, name, function, known in pydicom_plugin._LISTS
    )
    monkeypatch.setattr(pydicom_plugin, "_LISTS", moved)
    td.interop.install()
    td.interop.uninstall()
    assert order() == before


def test_importing_turbodicom_imports_no_pydicom():
    source = "import sys, turbodicom; sys.exit('pydicom' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", source], check=False).returncode == 0


def rle_file(array, bits_stored=None):
    """Return a pydicom Dataset of `array`, compressed by pydicom alone."""
    bits = 8 * array.dtype.itemsize
    colour = array.ndim == 3
    ds = pydicom.Dataset()
    ds.file_meta = pydicom.dataset.FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    ds.SOPClassUID, ds.SOPInstanceUID = pydicom.uid.SecondaryCaptureImageStorage, "1.2.3"
    ds.Rows, ds.Columns = array.shape[:2]
    ds.SamplesPerPixel, ds.PhotometricInterpretation = (3, "RGB") if colour else (1, "MONOCHROME2")
    if colour:
        ds.PlanarConfiguration = 0
    ds.BitsAllocated, ds.BitsStored = bits, bits_stored or bits
    ds.HighBit, ds.PixelRepresentation = ds.BitsStored - 1, int(array.dtype.kind == "i")
    ds.PixelData = array.tobytes()
    ds["PixelData"].VR = "OW" if bits > 8 else "OB"
    buffer = io.BytesIO()
    ds.save_as(buffer, enforce_file_format=True)
    return pydicom.dcmread(io.BytesIO(buffer.getvalue()))


ARRAYS = {
    "8 bit": np.arange(35, dtype="u1").reshape(5, 7) // 3,
    "16 bit signed": (np.arange(35).reshape(5, 7) * 300 - 5000).astype("i2"),
    "colour": (np.arange(105).reshape(5, 7, 3) // 4).astype("u1"),
    "16 bit colour": (np.arange(105).reshape(5, 7, 3) * 500).astype("u2"),
}


@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS)
def test_pixel_array_is_the_same_before_and_after(array):
    ds = rle_file(array)
    ds.compress(RLELossless, encoding_plugin="pydicom")
    before = ds.pixel_array
    td.interop.install()
    try:
        after = pydicom.pixels.pixel_array(ds, decoding_plugin="turbodicom")
        by_default = pydicom.pixels.pixel_array(ds)
    finally:
        td.interop.uninstall()
    assert after.dtype == before.dtype
    assert np.array_equal(before, after)
    assert np.array_equal(before, by_default)
    assert after.flags.writeable


@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS)
def test_what_we_compress_pydicom_decodes(array, installed):
    ds = rle_file(array)
    ds.compress(RLELossless, encoding_plugin="turbodicom")
    assert np.array_equal(pydicom.pixels.pixel_array(ds, decoding_plugin="pydicom"), array)


def test_compress_uses_ours_by_default(installed, monkeypatch):
    calls = []
    encode = td.codecs.rle.encode
    monkeypatch.setattr(td.codecs.rle, "encode", lambda array: calls.append(1) or encode(array))
    rle_file(ARRAYS["8 bit"]).compress(RLELossless)
    assert calls


def test_a_damaged_frame_is_still_an_error(installed):
    ds = rle_file(ARRAYS["16 bit signed"])
    ds.compress(RLELossless)
    frame = next(pydicom.encaps.generate_frames(ds.PixelData, number_of_frames=1))
    ds.PixelData = pydicom.encaps.encapsulate([frame[:-12]])
    with pytest.raises(RuntimeError, match="turbodicom: rle: "):
        pydicom.pixels.pixel_array(ds)


def test_segments_in_reverse_order_are_read_on_request(installed):
    array = ARRAYS["16 bit signed"]
    ds = rle_file(array)
    ds.compress(RLELossless)
    swapped = pydicom.pixels.pixel_array(ds, rle_segment_order="<", decoding_plugin="turbodicom")
    assert np.array_equal(swapped, array.byteswap())


# JPEG.


def jpeg_file(array, uid, coded=None, **changes):
    """Return a pydicom Dataset of one JPEG frame, coded by us unless `coded` is given."""
    ds = rle_file(array)
    ds.file_meta.TransferSyntaxUID = uid
    ds.PixelData = pydicom.encaps.encapsulate([coded or td.codecs.jpeg.encode(array)])
    ds["PixelData"].VR, ds["PixelData"].is_undefined_length = "OB", True
    for keyword, value in changes.items():
        setattr(ds, keyword, value)
    return ds


def decoded(ds, plugin="turbodicom", **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom's on Photometric Interpretation
        return pydicom.pixels.pixel_array(ds, decoding_plugin=plugin, **options)


def shades(samples):
    """Return a smooth colour picture, 40 x 56."""
    y, x, s = np.ogrid[:40, :56, :samples]
    return (128 + 90 * np.sin(y / 9 + s) * np.cos(x / 11 - s)).astype("u1")


def without_jfif(stream):
    assert stream[2:4] == b"\xff\xe0"
    return stream[:2] + stream[4 + int.from_bytes(stream[4:6], "big") :]


@pytest.mark.parametrize("uid", [JPEGLossless, JPEGLosslessSV1])
@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS)
def test_lossless_jpeg_gives_back_what_was_encoded(array, uid, installed):
    ds = jpeg_file(array, uid)
    for values in (decoded(ds), decoded(ds, raw=True), decoded(ds, plugin="")):
        assert values.dtype == array.dtype
        assert np.array_equal(values, array)


@pytest.mark.parametrize("plugin", ["gdcm", "pylibjpeg"])
@pytest.mark.parametrize("name", ["8 bit", "16 bit signed", "colour"])
def test_lossless_jpeg_is_the_same_before_and_after(name, plugin, installed):
    if plugin not in JPEGLosslessDecoder.available_plugins:
        pytest.skip(f"{plugin} is not installed")
    changes = [{}, {"BitsStored": 7, "HighBit": 6}] if plugin == "pylibjpeg" else [{}]  # GDCM aborts at the second
    for change in changes:
        ds = jpeg_file(ARRAYS[name], JPEGLosslessSV1, **change)
        assert np.array_equal(decoded(ds), decoded(ds, plugin=plugin))


@pytest.mark.parametrize("bits_allocated", [16, 32])
def test_a_narrow_jpeg_comes_in_the_container_of_the_data_set(bits_allocated, installed):
    array = ARRAYS["8 bit"]
    values = decoded(jpeg_file(array, JPEGLossless, BitsAllocated=bits_allocated))
    assert values.dtype.itemsize == bits_allocated // 8
    assert np.array_equal(values, array)


@pytest.mark.parametrize("planar_configuration", [0, 1])
def test_planar_configuration_does_not_matter_to_jpeg(planar_configuration, installed):
    array = ARRAYS["colour"]
    assert np.array_equal(decoded(jpeg_file(array, JPEGLossless, PlanarConfiguration=planar_configuration)), array)


@pytest.mark.parametrize("declared", ["RGB", "YBR_FULL_422"])
@pytest.mark.parametrize("jfif", [True, False])
def test_colour_is_right_whatever_the_data_set_calls_it(jfif, declared, installed):
    array = shades(3)
    stream = td.codecs.jpeg.encode(array, process="baseline", subsampling="4:2:0", quality=97)
    ds = jpeg_file(array, JPEGBaseline8Bit, stream if jfif else without_jfif(stream), PhotometricInterpretation=declared)
    assert np.abs(decoded(ds).astype(int) - array).max() < 20
    assert np.array_equal(decoded(ds, raw=True), td.codecs.jpeg.decode(stream, color="coded"))


def test_twelve_bits_are_read(installed):
    array = (np.add.outer(np.arange(40), np.arange(56)) * 40).astype("u2")
    stream = td.codecs.jpeg.encode(array, process="extended", quality=95)
    values = decoded(jpeg_file(array, JPEGExtended12Bit, stream, BitsStored=12, HighBit=11))
    assert np.array_equal(values, td.codecs.jpeg.decode(stream))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"Rows": 6}, "5 rows, the data set 6"),
        ({"Columns": 6}, "7 columns, the data set 6"),
        ({"SamplesPerPixel": 3, "PlanarConfiguration": 0}, "1 components, the data set 3"),
        ({"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7}, "samples of 16 bits, Bits Allocated is 8"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_a_codestream_of_another_size_is_an_error(changes, words, installed):
    ds = jpeg_file(ARRAYS["16 bit signed"], JPEGLossless, **changes)
    with pytest.raises(RuntimeError, match=f"turbodicom: jpeg: .*{words}"):
        decoded(ds)


def test_a_damaged_jpeg_is_an_error(installed):
    stream = td.codecs.jpeg.encode(ARRAYS["16 bit signed"])
    ds = jpeg_file(ARRAYS["16 bit signed"], JPEGLossless, stream[: len(stream) - 12])
    with pytest.raises(RuntimeError, match="turbodicom: jpeg: "):
        decoded(ds)


def test_several_frames_are_decoded(installed):
    array = ARRAYS["8 bit"]
    frames = [td.codecs.jpeg.encode(array + k) for k in range(3)]
    ds = jpeg_file(array, JPEGLossless, NumberOfFrames=3, PixelData=pydicom.encaps.encapsulate(frames))
    ds["PixelData"].VR = "OB"
    assert np.array_equal(decoded(ds), [array, array + 1, array + 2])
    assert np.array_equal(decoded(ds, index=2), array + 2)


def test_corpus_baseline_files_equal_pillows(installed, corpus, manifest):
    pytest.importorskip("PIL")
    compared = 0
    for row in manifest:
        if row["syntax_uid"] != JPEGBaseline8Bit or row["kind"] != "dicom":
            continue
        for raw in (True, False):
            try:
                expected = decoded(corpus / row["file"], plugin="pillow", raw=raw)
            except ValueError:  # a Basic Offset Table that pydicom does not read
                continue
            values, compared = decoded(corpus / row["file"], raw=raw), compared + 1
            subsampled_rgb = row["photometric"] == "RGB" and "lossy_gdcm" in row["file"]  # pydicom shows YCbCr
            assert np.array_equal(values, expected) != (subsampled_rgb and not raw), (row["file"], raw)
    assert compared >= 30


@pytest.mark.parametrize("uid", [RLELossless, JPEGLossless, JPEGLosslessSV1])
def test_corpus_lossless_files_give_the_manifests_values(uid, installed, corpus, manifest):
    rows = [row for row in manifest if row["syntax_uid"] == uid and row["expect"] == "exact"]
    assert rows
    for row in rows:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            array = pydicom.pixels.pixel_array(corpus / row["file"], raw=True, decoding_plugin="turbodicom")
        assert "x".join(map(str, array.shape)) == row["shape"], row["file"]
        assert hashlib.sha256(array.tobytes()).hexdigest() == row["decoded_sha256"], row["file"]
