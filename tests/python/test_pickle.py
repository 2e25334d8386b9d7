# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Pickling: a file as its path, bytes as bytes, an item as its own bytes with what it inherits."""

import io
import os
import pickle

import numpy as np
import pydicom
import pytest
import turbodicom as td


def data_set(syntax=pydicom.uid.ImplicitVRLittleEndian):
    leaf = pydicom.Dataset()
    leaf.PatientName = "\u041b\u044e\u043a"
    leaf.add_new(0x00280106, "SS", -5)
    middle = pydicom.Dataset()
    middle.PurposeOfReferenceCodeSequence = [leaf]
    ds = pydicom.Dataset()
    ds.SpecificCharacterSet, ds.PatientName, ds.PixelRepresentation = "ISO_IR 144", "\u041b\u044e\u043a", 1
    ds.SOPClassUID, ds.SOPInstanceUID = "1.2.3", "1.2.3.4"
    ds.ReferencedImageSequence = [middle, pydicom.Dataset()]
    ds["ReferencedImageSequence"].is_undefined_length = True
    middle.is_undefined_length_sequence_item = True
    ds.file_meta = pydicom.dataset.FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, ds, enforce_file_format=True)
    return buffer.getvalue()


@pytest.fixture(params=["implicit", "explicit", "deflated"])
def path(request, tmp_path):
    """Return a file of one of three encodings."""
    syntax = {
        "implicit": "1.2.840.10008.1.2",
        "explicit": "1.2.840.10008.1.2.1",
        "deflated": "1.2.840.10008.1.2.1.99",
    }
    file = tmp_path / "a.dcm"
    file.write_bytes(data_set(pydicom.uid.UID(syntax[request.param])))
    return file


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_source_survives(path, protocol):
    for source in (path, path.read_bytes(), bytearray(path.read_bytes()), io.BytesIO(path.read_bytes())):
        ds = td.read(source, stop_before="PixelData", charset=None)
        again = pickle.loads(pickle.dumps(ds, protocol))
        assert (
            str(again) == str(ds)
            and again.path == ds.path
            and again.transfer_syntax_uid == ds.transfer_syntax_uid
        )


def test_a_file_is_pickled_as_its_path_and_a_relative_one_as_an_absolute_one(path, monkeypatch):
    assert len(pickle.dumps(td.read(path))) < 1000
    monkeypatch.chdir(path.parent)
    pickled = pickle.dumps(td.read(path.name))
    monkeypatch.chdir("/")
    assert pickle.loads(pickled).PatientName == "\u041b\u044e\u043a"


def test_options_are_kept(path):
    ds = td.read(
        path, strict=True, charset="ISO_IR 100", limits=td.Limits.archive(), stop_before="PatientName"
    )
    again = pickle.loads(pickle.dumps(ds))
    assert again._settings == ds._settings and again.keys() == ds.keys()


def test_a_file_changed_since_is_an_os_error(path):
    ds = td.read(path)
    pickled = pickle.dumps(ds)
    path.write_bytes(path.read_bytes() + b"\0\0")
    with pytest.raises(OSError, match="changed"):
        pickle.loads(pickled)
    with pytest.raises(OSError, match="changed"):
        pickle.dumps(ds)
    os.remove(path)
    with pytest.raises(FileNotFoundError):
        pickle.loads(pickled)


def test_an_item_goes_alone_and_keeps_what_it_inherits(path):
    ds = td.read(path)
    middle, empty = ds.ReferencedImageSequence
    again = pickle.loads(pickle.dumps(middle))
    leaf = again.PurposeOfReferenceCodeSequence[0]
    assert leaf.PatientName == "\u041b\u044e\u043a"
    assert (leaf.SmallestImagePixelValue, leaf.element(0x00280106).vr) == (-5, "SS")
    assert str(again) == str(middle) and again.is_implicit_vr == middle.is_implicit_vr
    assert len(pickle.loads(pickle.dumps(empty))) == 0
    twice = pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(leaf))))
    assert (twice.PatientName, twice.SmallestImagePixelValue) == ("\u041b\u044e\u043a", -5)
    assert str(pickle.loads(pickle.dumps(ds.file_meta))) == str(ds.file_meta)


def icon_file(syntax, pixel_data, outer):
    """Return a file whose Icon Image Sequence has an image of its own."""
    icon = pydicom.Dataset()
    icon.Rows = icon.Columns = 4
    icon.BitsAllocated = icon.BitsStored = 8
    icon.HighBit, icon.PixelRepresentation, icon.SamplesPerPixel = 7, 0, 1
    icon.PhotometricInterpretation, icon.PixelData = "MONOCHROME2", pixel_data
    icon["PixelData"].VR = "OB"
    icon["PixelData"].is_undefined_length = syntax.is_encapsulated
    outer.IconImageSequence = [icon]
    outer.file_meta = pydicom.dataset.FileMetaDataset()
    outer.file_meta.TransferSyntaxUID = syntax
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, outer, enforce_file_format=True)
    return buffer.getvalue()


@pytest.mark.parametrize("syntax", ["ImplicitVRLittleEndian", "ExplicitVRBigEndian", "DeflatedExplicitVRLittleEndian", "RLELossless"])
def test_the_pixels_of_an_icon_survive_with_it(syntax):
    syntax = getattr(pydicom.uid, syntax)
    values = np.arange(16, dtype=np.uint8).reshape(4, 4)
    coded = pydicom.encaps.encapsulate([td.codecs.rle.encode(values)]) if syntax.is_encapsulated else values.tobytes()
    outer = pydicom.Dataset()
    outer.SOPClassUID, outer.SOPInstanceUID = "1.2.3", "1.2.3.4"
    ds = td.read(icon_file(syntax, coded, outer))
    icon = ds.IconImageSequence[0]
    again = pickle.loads(pickle.dumps(icon))
    assert icon.pixels().tolist() == again.pixels().tolist() == values.tolist()
    assert again.transfer_syntax_uid == icon.transfer_syntax_uid == ds.transfer_syntax_uid
    assert len(again.file_meta) == 0 and again.file_meta is again.file_meta
    with pytest.raises(td.ConformanceError):
        pickle.loads(pickle.dumps(ds.file_meta)).pixels()
