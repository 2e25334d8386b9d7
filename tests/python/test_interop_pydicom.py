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
from pydicom.pixels.decoders import RLELosslessDecoder
from pydicom.pixels.encoders import RLELosslessEncoder
from pydicom.uid import RLELossless
from turbodicom.interop import pydicom_plugin

CODERS = (RLELosslessDecoder, RLELosslessEncoder)


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
        assert [plugins[0][0] for plugins in order()] == ["turbodicom", "turbodicom"]
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


def test_corpus_rle_files_give_the_manifests_values(installed, corpus, manifest):
    rows = [row for row in manifest if row["syntax_uid"] == RLELossless and row["expect"] == "exact"]
    for row in rows:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            array = pydicom.pixels.pixel_array(corpus / row["file"], raw=True, decoding_plugin="turbodicom")
        assert "x".join(map(str, array.shape)) == row["shape"], row["file"]
        assert hashlib.sha256(array.tobytes()).hexdigest() == row["decoded_sha256"], row["file"]
