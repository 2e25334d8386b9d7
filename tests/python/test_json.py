# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The DICOM JSON Model (PS3.18 F): equal to pydicom's but for the exceptions that turbodicom._json lists."""

import base64
import io
import json
import struct
import warnings

import pydicom
import pytest
import turbodicom as td


def element(tag, vr, value, order="<"):
    long_form = vr in ("OB", "OW", "OF", "OD", "UN", "UT", "SV", "UV")
    length = struct.pack(order + "HI", 0, len(value)) if long_form else struct.pack(order + "H", len(value))
    return struct.pack(order + "HH", tag >> 16, tag & 0xFFFF) + vr.encode() + length + value


def attribute(tag, vr, value, big_endian=False):
    syntax = b"1.2.840.10008.1.2.2\0" if big_endian else b"1.2.840.10008.1.2.1\0"
    data = (
        b"\0" * 128
        + b"DICM"
        + element(0x00020010, "UI", syntax)
        + element(tag, vr, value, ">" if big_endian else "<")
    )
    return json.loads(td.read(data).to_json())[f"{tag:08X}"]


@pytest.mark.parametrize("vr, value, expected", [
    ("CS", b"A\\B ", {"vr": "CS", "Value": ["A", "B"]}),
    ("CS", b"", {"vr": "CS"}),
    ("DS", b"1.5\\-2", {"vr": "DS", "Value": [1.5, -2.0]}),
    ("IS", b"3\\", {"vr": "IS", "Value": [3, None]}),
    ("CS", b"A\\\\B", {"vr": "CS", "Value": ["A", None, "B"]}),
    ("US", b"\1\0\2\0", {"vr": "US", "Value": [1, 2]}),
    ("AT", b"\x28\0\x10\0", {"vr": "AT", "Value": ["00280010"]}),
    ("PN", b"Doe^Jane=X=Y", {"vr": "PN", "Value": [{"Alphabetic": "Doe^Jane", "Ideographic": "X", "Phonetic": "Y"}]}),
    ("PN", b"", {"vr": "PN"}),
    ("OB", b"\1\2", {"vr": "OB", "InlineBinary": "AQI="}),
    ("FD", struct.pack("<2d", float("nan"), float("inf")), {"vr": "FD", "Value": [None, None]}),
    ("FL", struct.pack("<f", 0.5), {"vr": "FL", "Value": [0.5]}),
    ("UL", b"\1\2\3\4\5\6", {"vr": "UN", "InlineBinary": base64.b64encode(b"\1\2\3\4\5\6").decode()}),
])  # fmt: skip
def test_each_form_of_value(vr, value, expected):
    assert attribute(0x00091010, vr, value) == expected


def test_words_of_big_endian_files_become_little_endian():
    assert (
        attribute(0x00091010, "OW", b"\1\2\3\4", big_endian=True)["InlineBinary"]
        == base64.b64encode(b"\2\1\4\3").decode()
    )
    assert (
        attribute(0x00091010, "OD", bytes(range(8)), big_endian=True)["InlineBinary"]
        == base64.b64encode(bytes(range(7, -1, -1))).decode()
    )
    assert (
        attribute(0x00091010, "OB", b"\1\2", big_endian=True)["InlineBinary"]
        == base64.b64encode(b"\1\2").decode()
    )


def test_pydicom_reads_it_back():
    theirs = pydicom.Dataset()
    theirs.PatientName, theirs.PixelSpacing, theirs.Rows = "Doe^Jane", [0.5, 0.25], 4
    inner = pydicom.Dataset()
    inner.CodeValue = "1"
    theirs.ConceptNameCodeSequence = [inner]
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, theirs, implicit_vr=True, little_endian=True)
    assert pydicom.Dataset.from_json(td.read(buffer.getvalue()).to_json()) == theirs


def without_exceptions(model):
    """Turn the exceptions into what pydicom writes, where it can be told from the model alone."""
    for attribute_object in model.values():
        values = attribute_object.get("Value", [])
        if attribute_object["vr"] == "SQ":
            for item in values:
                without_exceptions(item)
        else:
            attribute_object["Value"] = [None if value == "" else value for value in values]
            if not values:
                del attribute_object["Value"]
    return model


@pytest.mark.manifest(kind="dicom")
def test_the_model_of_every_corpus_file_equals_pydicoms(corpus, row):
    ours = td.read(corpus / row["file"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = pydicom.dcmread(corpus / row["file"], force=True)
        if len(theirs) != len(ours):
            pytest.skip("pydicom gave up on this file")
        try:
            expected = theirs.to_json_dict()
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            json.loads(ours.to_json())
            pytest.skip(f"pydicom cannot write it ({type(error).__name__})")
    model = json.loads(ours.to_json())
    if ours.is_big_endian:
        for tag in [tag for tag, value in expected.items() if value["vr"] in ("OW", "OF", "OL", "OD", "OV")]:
            assert sorted(base64.b64decode(model.pop(tag).get("InlineBinary", ""))) == sorted(
                base64.b64decode(expected.pop(tag).get("InlineBinary", ""))
            )
    assert without_exceptions(model) == without_exceptions(json.loads(json.dumps(expected)))
