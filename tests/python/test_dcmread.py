# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``td.dcmread`` equals ``pydicom.dcmread``: attributes, elements at every depth, positions, text, errors."""

import contextlib
import copy
import io
import os
import pickle
import random
import struct
import warnings
from pathlib import Path

import pydicom
import pytest
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGBaseline8Bit,
)
from turbodicom import _dcmread
from turbodicom._dcmread import dcmread

CORPUS = os.environ.get("TURBODICOM_CORPUS")
SYNTAXES = [ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian]


def outcome(function, *arguments, **options):
    """The data set or the error, and the warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = function(*arguments, **options)
        except Exception as error:  # noqa: BLE001 - any error pydicom has is to be ours too
            result = error
    return result, sorted(str(warning.message) for warning in caught)


def text_of(ds):
    text, warned = outcome(str, ds)
    return str(text), warned


def assert_same_element(ours, theirs, where):
    """As they were read, before anything is decoded."""
    where = f"{where}.{theirs.tag}"
    if isinstance(theirs, DataElement) and isinstance(ours, RawDataElement):
        return  # pydicom decodes a few while reading; compared by value below
    assert type(ours) is type(theirs), where
    assert type(ours.tag) is type(theirs.tag)
    if isinstance(theirs, RawDataElement):
        assert tuple(ours) == tuple(theirs), where
        assert [type(field) for field in ours] == [type(field) for field in theirs], where
        return
    assert vars(ours).keys() == vars(theirs).keys(), where
    for name in vars(theirs).keys() - {"_value"}:
        assert vars(ours)[name] == vars(theirs)[name], f"{where} {name}"
    assert type(ours.VR) is type(theirs.VR)
    if not isinstance(theirs.value, Sequence):
        assert repr(ours.value) == repr(theirs.value)
        return
    assert isinstance(ours.value, Sequence) and vars(ours.value).keys() == vars(theirs.value).keys()
    assert ours.value.is_undefined_length == theirs.value.is_undefined_length
    assert len(ours.value) == len(theirs.value), where
    for index, (our_item, their_item) in enumerate(zip(ours.value, theirs.value, strict=True)):
        assert_same_attributes(our_item, their_item, f"{where}[{index}]")
    return


def assert_same_attributes(ours, theirs, where):
    assert type(ours) is type(theirs), where
    assert vars(ours).keys() == vars(theirs).keys(), where
    for name in vars(theirs).keys() - {"_dict", "file_meta", "buffer"}:
        assert vars(ours)[name] == vars(theirs)[name], f"{where} {name}"
    assert (getattr(ours, "buffer", None) is None) == (getattr(theirs, "buffer", None) is None), where
    assert list(ours._dict) == list(theirs._dict), where
    for tag, element in theirs._dict.items():
        assert_same_element(ours._dict[tag], element, where)


def assert_same_values(ours, theirs):
    """Decoded by pydicom from what was read. An error while decoding has to be the same error."""
    for tag in theirs._dict:
        our_element, our_warnings = outcome(ours.__getitem__, tag)
        their_element, their_warnings = outcome(theirs.__getitem__, tag)
        assert our_warnings == their_warnings or isinstance(theirs, FileMetaDataset) or tag == 0x00080005
        if isinstance(their_element, Exception):
            assert repr(our_element) == repr(their_element)
            continue
        assert our_element.VR == their_element.VR and our_element.VM == their_element.VM
        assert repr(our_element.value) == repr(their_element.value)
        if isinstance(their_element.value, Sequence):
            for our_item, their_item in zip(our_element.value, their_element.value, strict=True):
                assert vars(our_item).keys() == vars(their_item).keys()
                assert our_item.original_encoding == their_item.original_encoding
                assert our_item.original_character_set == their_item.original_character_set
                assert_same_values(our_item, their_item)


def assert_reads_as_pydicom(source, **options):
    """Returns our data set, or pydicom's error."""
    fresh = (lambda: io.BytesIO(source)) if isinstance(source, bytes) else (lambda: source)
    our_source, their_source = fresh(), fresh()
    ours, our_warnings = outcome(dcmread, our_source, **options)
    theirs, their_warnings = outcome(pydicom.dcmread, their_source, **options)
    assert our_warnings == their_warnings
    if isinstance(theirs, Exception):
        assert (type(ours), str(ours)) == (type(theirs), str(theirs))
        return theirs
    assert isinstance(ours, FileDataset), repr(ours)
    if isinstance(source, bytes):
        assert our_source.tell() == their_source.tell()
        assert (ours.buffer is our_source) == (theirs.buffer is their_source)
    assert_same_attributes(ours, theirs, "")
    assert_same_attributes(ours.file_meta, theirs.file_meta, "file_meta")
    assert text_of(ours) == text_of(theirs)
    assert text_of(ours.file_meta)[0] == text_of(theirs.file_meta)[0]
    assert_same_values(ours, theirs)
    assert_same_values(ours.file_meta, theirs.file_meta)
    return ours


@pytest.fixture
def fast_only(monkeypatch):
    """Fails a test that was meant for the fast path and left it."""

    def not_this(*_, **__):
        raise AssertionError("pydicom.dcmread was asked")

    monkeypatch.setattr(_dcmread._pydicom(), "dcmread", not_this)


def a_dataset():
    item = Dataset()
    item.CodeValue = "T-A0100"
    item.PatientName = "M\u00fcller^Zo\u00eb"
    inner = Dataset()
    inner.SpecificCharacterSet = "ISO_IR 192"
    inner.PatientComments = "\u03b1\u03b2\u03b3"
    item.ConceptCodeSequence = [inner, Dataset()]
    ds = Dataset()
    ds.SpecificCharacterSet = "ISO_IR 100"
    ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    ds.SOPInstanceUID = "1.2.3.4"
    ds.PatientName = "M\u00fcller^Zo\u00eb"
    ds.StudyDate = ""
    ds.Rows = ds.Columns = 16
    ds.BitsAllocated = ds.BitsStored = 16
    ds.HighBit, ds.PixelRepresentation, ds.SamplesPerPixel = 15, 1, 1
    ds.PhotometricInterpretation = "MONOCHROME2"
    ds.PixelSpacing = [0.5, 0.25]
    ds.SmallestImagePixelValue = -3
    ds.ProcedureCodeSequence = [item, copy.deepcopy(item)]
    ds.AnatomicRegionSequence = []
    block = ds.private_block(0x0029, "TURBODICOM TEST", create=True)
    block.add_new(0x01, "SQ", [copy.deepcopy(item)])
    block.add_new(0x02, "DS", ["1.5", "2"])
    ds.PixelData = bytes(range(256)) * 2
    return ds


def encoded(ds, syntax, undefined=False):
    ds = copy.deepcopy(ds)
    if undefined:
        make_undefined(ds)
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    out = io.BytesIO()
    pydicom.dcmwrite(out, ds, enforce_file_format=True)
    return out.getvalue()


def make_undefined(ds):
    for element in ds:
        if element.VR == "SQ":
            element.is_undefined_length = True
            for item in element.value:
                item.is_undefined_length_sequence_item = True
                make_undefined(item)


def encapsulated(value=b"\xff\xd8\xff\xd9"):
    ds = a_dataset()
    ds.PixelData = pydicom.encaps.encapsulate([value, value])
    ds["PixelData"].VR = "OB"
    return encoded(ds, JPEGBaseline8Bit)


@pytest.mark.parametrize("undefined", [False, True], ids=["defined", "undefined"])
@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda uid: uid.name)
def test_every_encoding_reads_as_pydicom_reads_it(syntax, undefined):
    data = encoded(a_dataset(), syntax, undefined)
    ours = assert_reads_as_pydicom(data)
    assert ours == pydicom.dcmread(io.BytesIO(data))
    assert ours.ProcedureCodeSequence[1].PatientName == "M\u00fcller^Zo\u00eb"
    assert ours.ProcedureCodeSequence[0].ConceptCodeSequence[0].PatientComments == "\u03b1\u03b2\u03b3"


@pytest.mark.usefixtures("fast_only")
@pytest.mark.parametrize("undefined", [False, True], ids=["defined", "undefined"])
@pytest.mark.parametrize("syntax", SYNTAXES[:3], ids=lambda uid: uid.name)
def test_well_formed_files_do_not_need_pydicoms_reader(syntax, undefined):
    assert dcmread(io.BytesIO(encoded(a_dataset(), syntax, undefined))).Rows == 16
    assert dcmread(io.BytesIO(encapsulated())).Rows == 16


OPTIONS = [
    {"stop_before_pixels": True},
    {"defer_size": 20},
    {"defer_size": "1 KB"},
    {"defer_size": 0},
    {"defer_size": 200.5},
    {"defer_size": float("inf")},
    {"defer_size": -1},
    {"specific_tags": ["PatientName", 0x00280010, (0x0040, 0xA168)]},
    {"specific_tags": ["ProcedureCodeSequence"], "stop_before_pixels": True},
    {"specific_tags": []},
    {"force": True},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("undefined", [False, True], ids=["defined", "undefined"])
@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda uid: uid.name)
def test_every_option_does_what_it_does_in_pydicom(tmp_path, options, undefined, syntax):
    path = tmp_path / "file.dcm"
    for data in [encoded(a_dataset(), syntax, undefined), encapsulated(bytes(100))]:
        path.write_bytes(data)
        assert_reads_as_pydicom(path, **options)
        if "defer_size" not in options:
            assert_reads_as_pydicom(data, **options)


def test_specific_tags_may_be_any_iterable():
    data = encoded(a_dataset(), ExplicitVRLittleEndian)
    ours = dcmread(io.BytesIO(data), specific_tags=(tag for tag in ["Rows"]))
    assert list(ours._dict) == [0x00080005, 0x00280010]


@pytest.mark.parametrize("options", [{"defer_size": "many"}, {"specific_tags": ["NoSuchKeyword"]}], ids=str)
def test_a_wrong_option_is_the_same_error(options):
    assert isinstance(assert_reads_as_pydicom(encoded(a_dataset(), ExplicitVRLittleEndian), **options), ValueError)


def test_a_path_with_a_zero_in_it_is_the_same_error(tmp_path):
    path = tmp_path / "file.dcm"
    path.write_bytes(encoded(a_dataset(), ExplicitVRLittleEndian))
    with pytest.raises(ValueError, match="null"):
        dcmread(f"{path}\0.txt")


def test_pixel_tags_of_every_kind_stop_the_reading():
    for keyword, value in [("FloatPixelData", b"\0" * 8), ("DoubleFloatPixelData", b"\0" * 8)]:
        ds = a_dataset()
        del ds.PixelData
        setattr(ds, keyword, value)
        ds.DataSetTrailingPadding = b"\0\0"
        ours = assert_reads_as_pydicom(encoded(ds, ExplicitVRLittleEndian), stop_before_pixels=True)
        assert keyword not in ours and "DataSetTrailingPadding" not in ours


def test_what_comes_after_absent_pixel_data_is_read_even_when_stopping():
    ds = a_dataset()
    del ds.PixelData
    ds.DataSetTrailingPadding = b"\0\0"
    ours = assert_reads_as_pydicom(encoded(ds, ExplicitVRLittleEndian), stop_before_pixels=True)
    assert "DataSetTrailingPadding" in ours


@pytest.mark.parametrize("kind", ["str", "path", "file", "bytesio"])
def test_every_kind_of_source_gives_the_same_attributes(tmp_path, kind):
    path = tmp_path / "file.dcm"
    path.write_bytes(encoded(a_dataset(), ExplicitVRLittleEndian))
    with contextlib.ExitStack() as stack:
        make = {
            "str": lambda: str(path),
            "path": lambda: path,
            "file": lambda: stack.enter_context(open(path, "rb")),
            "bytesio": lambda: io.BytesIO(path.read_bytes()),
        }[kind]
        ours_from, theirs_from = make(), make()
        ours, theirs = dcmread(ours_from), pydicom.dcmread(theirs_from)
        assert_same_attributes(ours, theirs, "")
        if kind in ("file", "bytesio"):
            assert ours_from.tell() == theirs_from.tell()
        if kind == "bytesio":
            ours_from.write(b"a BytesIO can still grow" * 1000)


def test_a_file_object_not_at_its_beginning_is_read_from_where_it_is():
    data = encoded(a_dataset(), ExplicitVRLittleEndian)
    ours, theirs = io.BytesIO(b"prefix" + data), io.BytesIO(b"prefix" + data)
    ours.seek(6), theirs.seek(6)
    assert_same_attributes(dcmread(ours), pydicom.dcmread(theirs), "")


@pytest.mark.parametrize("fp", [None, 3, b"bytes", object()])
def test_an_unsupported_source_is_the_same_type_error(fp):
    with pytest.raises(TypeError, match="dcmread: Expected a file path"):
        dcmread(fp)


def test_a_missing_file_is_the_same_os_error(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        dcmread(tmp_path / "none.dcm")
    assert caught.value.filename == str(tmp_path / "none.dcm")


def test_what_is_not_dicom_is_an_invalid_dicom_error():
    for data in [b"", b"\0" * 200, b"not DICOM at all" * 50]:
        assert isinstance(assert_reads_as_pydicom(data), pydicom.errors.InvalidDicomError)
        assert_reads_as_pydicom(data, force=True)


@pytest.mark.parametrize("charset", ["ISO_IR 192", "ISO-IR 100", "nonsense", "", ["", "ISO 2022 IR 87"], ["ISO_IR 192", "ISO_IR 100"]])
def test_character_sets_and_their_warnings_are_pydicoms(charset):
    ds = a_dataset()
    data = encoded(ds, ExplicitVRLittleEndian)
    ds = dcmread(io.BytesIO(data))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ds.SpecificCharacterSet = charset
        ds.PatientName = "A^B"
        data = encoded(ds, ExplicitVRLittleEndian)
    assert_reads_as_pydicom(data)


@pytest.mark.parametrize("syntax", ["", "1.2.3", "1.2.840.10008.1.2 ", "1.2.840.113619.5.2", "nonsense"])
def test_unusual_transfer_syntaxes_are_read_as_pydicom_reads_them(syntax):
    data = encoded(a_dataset(), ExplicitVRLittleEndian)
    good = ExplicitVRLittleEndian.encode() + b"\0"
    bad = syntax.encode().ljust(len(good), b"\0")
    assert_reads_as_pydicom(data.replace(good, bad, 1), force=True)


def test_a_un_of_undefined_length_becomes_a_sequence():
    items = struct.pack("<HHI", 0xFFFE, 0xE000, 16) + struct.pack("<HHI", 0x0008, 0x0100, 8) + b"CODE1234"
    private = struct.pack("<HH2sHI", 0x7001, 0x1001, b"UN", 0, 0xFFFFFFFF) + items + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    plain = a_dataset()
    del plain[0x0029, 0x0010], plain[0x0029, 0x1001], plain[0x0029, 0x1002], plain.PixelData
    head = encoded(plain, ExplicitVRLittleEndian)
    ours = assert_reads_as_pydicom(head + private)
    assert ours[0x7001, 0x1001].value[0].CodeValue == "CODE1234"


def test_settings_of_pydicom_are_respected(monkeypatch):
    data = encoded(a_dataset(), ExplicitVRLittleEndian)
    monkeypatch.setattr(pydicom.config, "use_none_as_empty_text_VR_value", True)
    assert assert_reads_as_pydicom(data).StudyDate is None


def test_deferred_values_are_read_when_asked_for(tmp_path):
    path = tmp_path / "file.dcm"
    path.write_bytes(encoded(a_dataset(), ExplicitVRLittleEndian))
    ours = dcmread(path, defer_size=100)
    assert ours._dict[0x7FE00010].value is None
    assert ours.PixelData == a_dataset().PixelData


def test_the_result_can_be_changed_copied_pickled_and_written(tmp_path):
    data = encoded(a_dataset(), ExplicitVRLittleEndian, undefined=True)
    ds = dcmread(io.BytesIO(data))
    ds.save_as(tmp_path / "same.dcm")
    assert (tmp_path / "same.dcm").read_bytes() == data
    ds.PatientName = "Other"
    ds.ProcedureCodeSequence.append(Dataset())
    assert copy.deepcopy(ds) == ds
    assert pickle.loads(pickle.dumps(dcmread(io.BytesIO(data)).file_meta)) == ds.file_meta
    assert dcmread(io.BytesIO(data)).PatientName == "M\u00fcller^Zo\u00eb"


def test_two_results_share_no_state():
    data = encoded(a_dataset(), ExplicitVRLittleEndian, undefined=True)
    first, second = dcmread(io.BytesIO(data)), dcmread(io.BytesIO(data))
    first.private_block(0x0029, "TURBODICOM TEST")
    assert first._private_blocks and not second._private_blocks
    assert first._pixel_array_opts is not second._pixel_array_opts
    assert first.ProcedureCodeSequence[0]._private_blocks is not first.ProcedureCodeSequence[1]._private_blocks
    assert first._read_charset is not second._read_charset


def test_every_prefix_of_a_file_reads_as_pydicom_reads_it():
    data = encoded(a_dataset(), ExplicitVRLittleEndian, undefined=True)
    for length in [*range(0, 140, 20), *range(140, len(data), 7)]:
        assert_reads_as_pydicom(data[:length])


@pytest.mark.parametrize("syntax", SYNTAXES[:3], ids=lambda uid: uid.name)
def test_damaged_files_read_as_pydicom_reads_them(syntax):
    chance = random.Random(1)
    original = encoded(a_dataset(), syntax, undefined=True)
    for _ in range(300):
        data = bytearray(original)
        for _ in range(chance.randint(1, 3)):
            data[chance.randrange(132, len(data) - 520)] = chance.choice([0, 1, 2, 8, 0x41, 0x55, 0xFE, 0xFF])
        assert_reads_as_pydicom(bytes(data))


def corpus_files():
    if CORPUS is None:
        return []
    return sorted(path for path in Path(CORPUS).rglob("*") if path.is_file() and path.suffix not in (".csv", ".md", ".npz"))


@pytest.mark.skipif(CORPUS is None, reason="the environment variable TURBODICOM_CORPUS names no corpus")
@pytest.mark.parametrize("options", [{}, {"stop_before_pixels": True}, {"force": True}], ids=str)
def test_every_file_of_the_corpus_reads_as_pydicom_reads_it(options):
    wrong = []
    for path in corpus_files():
        try:
            assert_reads_as_pydicom(path, **options)
        except AssertionError as error:
            wrong.append(f"{path.name}: {error}")
    assert not wrong, "\n".join(wrong[:20])
