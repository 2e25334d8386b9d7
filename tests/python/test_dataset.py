# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Dataset and Element: keys, paths, iteration, text, threads; and every corpus file against pydicom."""

import copy
import gc
import io
import math
import os
import subprocess
import sys
import threading
import warnings
import weakref
from concurrent.futures import ThreadPoolExecutor

import pydicom
import pytest
import turbodicom as td
from pydicom.dataset import Dataset as TheirDataset


def their_file():
    """Return a pydicom data set with something of everything."""
    leaf = TheirDataset()
    leaf.ReferencedSOPInstanceUID, leaf.PatientName = "1.2.3", "Inner^Name"
    middle = TheirDataset()
    middle.PurposeOfReferenceCodeSequence, middle.Rows = [leaf, leaf], 5
    ds = TheirDataset()
    ds.SOPClassUID, ds.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "1.2.3.4"
    ds.PatientName, ds.PatientID, ds.Modality = "Doe^Jane", "ID-1", "CT"
    ds.ImageType, ds.PixelSpacing = ["ORIGINAL", "PRIMARY"], [0.5, 0.25]
    ds.ReferencedImageSequence = [middle, TheirDataset()]
    ds.RescaleSlope, ds.InstanceNumber, ds.StudyDate = 2, 7, ""
    ds.private_block(0x0011, "TURBODICOM", create=True).add_new(1, "LO", "private")
    ds.PixelData = bytes(6)
    ds["PixelData"].VR = "OB"
    ds.file_meta = pydicom.dataset.FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    return ds


@pytest.fixture(scope="module")
def data():
    """Return the bytes of a file."""
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, their_file(), enforce_file_format=True)
    return buffer.getvalue()


@pytest.fixture
def ds(data):
    """Return a Dataset of it."""
    return td.read(data)


# -- keys ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    ["PatientID", 0x00100020, (0x0010, 0x0020), td.Tag(0x00100020), "(0010,0020)", "00100020", "0010,0020"],
)
def test_every_kind_of_key_finds_the_value(ds, key):
    assert ds[key] == ds.get(key) == ds.PatientID == "ID-1"
    assert key in ds and ds.element(key).tag == 0x00100020


@pytest.mark.parametrize("path, value", [
    ("ReferencedImageSequence[0].Rows", 5),
    ("ReferencedImageSequence[0].PurposeOfReferenceCodeSequence[1].ReferencedSOPInstanceUID", "1.2.3"),
    ("(0008,1140)[0].(0028,0010)", 5),
    ("00081140[0].Rows", 5),
    ("(0008,1140)[0].(0040,A170)[1].(0008,1155)", "1.2.3"),
    ("ImageType[1]", "PRIMARY"),
    ("PixelSpacing[0]", 0.5),
])  # fmt: skip
def test_paths(ds, path, value):
    assert ds[path] == value
    assert path in ds


def test_a_path_to_an_item_gives_the_dataset(ds):
    item = ds["ReferencedImageSequence[0]"]
    assert isinstance(item, td.Dataset) and item is ds.ReferencedImageSequence[0]
    assert ds.element("ReferencedImageSequence[0].Rows").value == 5


@pytest.mark.parametrize("key", ["RescaleIntercept", 0x00281052, (0x28, 0x1052), "NoKeyword", "", "ReferencedImageSequence[2]", "Rows[0].X",
                                 "ReferencedImageSequence[1].Rows", "A..B", "[0]", "PatientID[0]",
                                 "ReferencedImageSequence.Rows", -1, 1 << 32, (1 << 16, 0), (-1, 0), "ImageType[2]"])  # fmt: skip
def test_what_is_not_there_is_a_key_error_and_not_in(ds, key):
    with pytest.raises(KeyError):
        ds[key]
    assert ds.get(key, "default") == "default"
    with pytest.raises(KeyError):
        ds.element(key)
    assert key not in ds


@pytest.mark.parametrize("key", ["ReferencedImageSequence[" + "9" * 5000 + "].Rows", "ReferencedImageSequence[\u0660].Rows"])
def test_an_index_that_is_no_plain_number_is_a_key_error(ds, key):
    assert key not in ds


@pytest.mark.parametrize("key", [0x00281052, (0x28, 0x1052)])
def test_the_key_error_of_a_tag_prints_as_one_reads_it(ds, key):
    with pytest.raises(KeyError, match=r"^\(0028,1052\)$") as caught:
        ds[key]
    assert caught.value.args[0] == 0x00281052


@pytest.mark.parametrize("key", [None, 1.5, b"PatientID", (1, 2, 3), ("a", "b"), [0x10, 0x20]])
def test_a_key_of_another_type_is_a_type_error(ds, key):
    with pytest.raises(TypeError):
        ds[key]


def test_an_absent_keyword_and_a_misspelt_one_are_told_apart(ds):
    with pytest.raises(AttributeError, match="RescaleIntercept is absent"):
        _ = ds.RescaleIntercept
    with pytest.raises(AttributeError, match="did you mean 'PatientName'"):
        _ = ds.PatientNam
    with pytest.raises(AttributeError, match="nothing_like_it"):
        _ = ds.nothing_like_it
    assert (
        not hasattr(ds, "RescaleIntercept")
        and not hasattr(ds, "Patientname")
        and not hasattr(ds, "__array__")
    )
    assert getattr(ds, "RescaleIntercept", 0) == 0


def test_a_keyword_in_lower_case_is_found_too():
    theirs = TheirDataset()
    theirs.dBdt = 1.5
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, theirs, implicit_vr=True, little_endian=True)
    assert td.read(buffer.getvalue()).dBdt == 1.5


def test_a_dataset_cannot_be_changed(ds):
    with pytest.raises(AttributeError, match="cannot be changed"):
        ds.PatientName = "X"
    with pytest.raises(AttributeError, match="cannot be changed"):
        del ds.PatientName
    with pytest.raises(TypeError):
        ds["PatientName"] = "X"
    with pytest.raises(TypeError):
        td.Dataset()


# -- as a container ------------------------------------------------------------------------------------


def test_iteration_is_in_tag_order_and_keys_values_items_agree(ds):
    tags = [element.tag for element in ds]
    assert tags == sorted(tags) == ds.keys() and len(ds) == len(tags)
    assert all(isinstance(tag, td.Tag) for tag in tags)
    assert [tag for tag, _ in ds.items()] == tags
    assert [repr(value) for value in ds.values()] == [repr(element.value) for element in ds]
    assert all(tag in ds for tag in tags)


def test_sequences_are_lists_of_the_same_datasets_every_time(ds):
    items = ds.ReferencedImageSequence
    assert type(items) is list and len(items) == 2 and all(isinstance(item, td.Dataset) for item in items)
    assert all(one is other for one, other in zip(items, ds[0x00081140], strict=True))
    items.clear()
    assert len(ds.ReferencedImageSequence) == 2


def test_an_element_says_how_it_stands_in_the_file(ds, data):
    element = ds.element("PatientID")
    assert (element.vr, element.written_vr, element.vr_is_written, element.keyword, element.name) == (
        "LO",
        "LO",
        True,
        "PatientID",
        "Patient ID",
    )
    assert (element.length, element.declared_length, element.header_bytes, element.is_encapsulated) == (
        4,
        4,
        8,
        False,
    )
    assert data[element.offset : element.offset + 4] == element.raw == b"ID-1"
    assert (element.items, element.fragments) == ([], [])
    assert repr(element) == str(element) == "(0010,0020) Patient ID                          LO: 'ID-1'"


def test_items_say_where_they_stand(ds, data):
    for item in ds.element("ReferencedImageSequence").items:
        assert data[item.offset : item.offset + 4] == b"\xfe\xff\x00\xe0"
        assert int.from_bytes(data[item.offset + 4 : item.offset + 8], "little") == item.declared_length
    theirs = their_file()
    theirs["ReferencedImageSequence"].is_undefined_length = True
    theirs.ReferencedImageSequence[0].is_undefined_length_sequence_item = True
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, theirs, enforce_file_format=True)
    element = td.read(buffer.getvalue()).element("ReferencedImageSequence")
    assert element.declared_length is None and [item.declared_length for item in element.items] == [None, 0]


def test_fragments_are_listed_offset_table_first(ds):
    theirs = their_file()
    theirs.PixelData = pydicom.encaps.encapsulate([b"abcd", b"efghij"])
    theirs["PixelData"].is_undefined_length = True
    theirs.file_meta.TransferSyntaxUID = pydicom.uid.RLELossless
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, theirs, enforce_file_format=True)
    ours = td.read(buffer.getvalue())
    element = ours.element("PixelData")
    assert element.is_encapsulated and element.declared_length is None
    assert [length for _, length in element.fragments] == [8, 4, 6]
    assert [ours.read_bytes(*span) for span in element.fragments][1:] == [b"abcd", b"efghij"]
    assert ours.PixelData == pydicom.dcmread(io.BytesIO(buffer.getvalue())).PixelData
    assert element.length == len(ours.PixelData)


def test_what_is_around_the_data_set(ds):
    assert ds.has_preamble and not ds.is_implicit_vr and not ds.is_big_endian
    assert ds.transfer_syntax_uid == ds.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.1"
    assert ds.file_meta is ds.file_meta and isinstance(ds.file_meta, td.Dataset)
    assert ds.path is None and ds.issues == []
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, bare_data_set(), implicit_vr=True, little_endian=True)
    bare = td.read(buffer.getvalue())
    assert not bare.has_preamble and bare.is_implicit_vr and len(bare.file_meta) == 0
    assert bare.element("PatientID").written_vr is None and not bare.element("PatientID").vr_is_written


def bare_data_set():
    theirs = TheirDataset()
    theirs.PatientID, theirs.Modality = "1", "CT"
    return theirs


def test_dir_lists_the_keywords_present(ds):
    names = dir(ds)
    assert {"PatientName", "ReferencedImageSequence", "pixels", "element"} <= set(names)
    assert "RescaleIntercept" not in names


def test_equality_is_identity_and_copies_are_the_same_object(ds, data):
    again = td.read(data)
    assert ds != again and ds in (again, ds) and {ds: 1}[ds] == 1
    assert copy.copy(ds) is ds and copy.deepcopy([ds])[0] is ds


def test_a_dataset_goes_away_with_its_last_reference(data):
    ds = td.read(data)
    gone = weakref.ref(ds)
    item = ds.ReferencedImageSequence[0]
    del ds
    assert gone() is None and item.Rows == 5
    ds = td.read(data)
    ds._notes.append(ds)
    gone = weakref.ref(ds)
    del ds, item
    gc.collect()
    assert gone() is None


# -- other forms ---------------------------------------------------------------------------------------


def test_to_pydicom_gives_pydicoms_own_reading(ds, data, tmp_path):
    theirs = pydicom.dcmread(io.BytesIO(data))
    ours = ds.to_pydicom()
    assert isinstance(ours, pydicom.FileDataset) and ours == theirs and ours.file_meta == theirs.file_meta
    path = tmp_path / "a.dcm"
    path.write_bytes(data)
    assert td.read(path).to_pydicom() == theirs
    item = ds.ReferencedImageSequence[0].to_pydicom()
    assert isinstance(item, TheirDataset) and item == theirs.ReferencedImageSequence[0]


def test_text_equals_pydicoms(ds, data):
    theirs = pydicom.dcmread(io.BytesIO(data))
    assert str(ds) == repr(ds) == str(theirs)
    assert str(ds.ReferencedImageSequence[0]) == str(theirs.ReferencedImageSequence[0])


def test_import_and_header_access_do_not_import_pydicom(data, tmp_path):
    path = tmp_path / "a.dcm"
    path.write_bytes(data)
    source = f"import sys, turbodicom as td; ds = td.read({str(path)!r}); ds.PatientName, len(ds), ds.to_json(); print('pydicom' in sys.modules)"
    environment = os.environ | {"PYTHONPATH": ":".join(filter(None, sys.path))}
    child = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, env=environment, check=True
    )
    assert child.stdout.strip() == "False"


# -- threads -------------------------------------------------------------------------------------------


def test_sixteen_threads_share_a_dataset(data):
    def work(ds, ready):
        ready.wait()
        for _ in range(50):
            items = ds.ReferencedImageSequence
            assert items[0].PurposeOfReferenceCodeSequence[1].PatientName == "Inner^Name"
            assert items[0] is ds.ReferencedImageSequence[0]
            assert [element.tag for element in ds] == ds.keys()
            assert ds.PatientName == "Doe^Jane" and ds.PixelData == bytes(6) and ds.issues == []

    with ThreadPoolExecutor(16) as pool:
        for _ in range(5):
            ds, ready = td.read(data), threading.Barrier(16)
            for done in [pool.submit(work, ds, ready) for _ in range(16)]:
                done.result(60)


# -- corpus --------------------------------------------------------------------------------------------

# pydicom gives up on the whole data set when the delimiter of Pixel Data is missing; we keep it.
MORE_THAN_PYDICOM = {"dicom/pydicom__pydicom-data/emri_small_jpeg_2k_lossless_too_short.dcm"}


def compare(ours, theirs, path=""):
    """Yield where VR, value, keyword or name of an element differ; `theirs` is pydicom's Dataset."""
    assert list(map(int, ours.keys())) == sorted(map(int, theirs.keys())), path
    for element in ours:
        other = theirs[int(element.tag)]
        here = f"{path}{element.tag}"
        if element.vr != str(other.VR) or not same_name(element, other, theirs):
            yield here, element.vr, str(other.VR), element.name, other.name
        if element.vr == "SQ":
            assert len(element.value) == len(other.value), here
            for index, (item, other_item) in enumerate(zip(element.value, other.value, strict=True)):
                yield from compare(item, other_item, f"{here}[{index}].")
        elif not same_value(element.value, other.value):
            yield here, element.vr, element.length


def same_name(element, other, theirs):
    """Names and keywords, but for two places where pydicom loses what its dictionary says.

    It does not set the creator of sequences of undefined length, and takes a private group length
    (gggg,0000) for the creator of the creators; it gives no keyword to repeating groups.
    """
    if other.tag.is_private and other.name == "Private tag data":
        return (
            element.vr == "SQ"
            or (other.tag.is_private_creator and (other.tag.group, 0) in theirs)
            or element.name == other.name
        )
    repeats = element.tag.group & 0xFF00 in (0x5000, 0x6000) and not other.keyword
    return element.name == other.name and (element.keyword == other.keyword or repeats)


def same_value(ours, theirs):
    theirs = list(theirs) if type(theirs).__name__ == "MultiValue" else theirs
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same_value, ours, theirs))
    if isinstance(ours, float) and math.isnan(ours):
        return math.isnan(theirs)
    return ours == theirs and theirs == ours and (ours is None) == (theirs is None)


@pytest.mark.manifest(kind="dicom")
def test_every_value_vr_name_and_keyword_equals_pydicoms(corpus, row):
    ours = td.read(corpus / row["file"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = pydicom.dcmread(corpus / row["file"], force=True)
        if row["file"] in MORE_THAN_PYDICOM:
            assert len(theirs) == 0 and len(ours) > 100
            return
        assert list(compare(ours, theirs)) == []
        assert list(compare(ours.file_meta, theirs.file_meta)) == []


@pytest.mark.manifest(kind="dicom")
def test_text_equals_pydicoms_line_by_line(corpus, row):
    ours = str(td.read(corpus / row["file"])).split("\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = str(pydicom.dcmread(corpus / row["file"], force=True)).split("\n")
    if row["file"] in MORE_THAN_PYDICOM:
        return
    assert len(ours) == len(theirs)
    for line, other in zip(ours, theirs, strict=True):
        if "Private tag data" not in other:  # see same_name
            assert line == other


# -- depth ---------------------------------------------------------------------------------------------


def nested(depth):
    """Return an implicit VR file of `depth` sequences inside one another, each of undefined length."""
    meta = b"\0" * 128 + b"DICM" + b"\2\0\x10\0UI\x12\x001.2.840.10008.1.2\0"
    begin = b"\x08\0\x40\x11\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
    end = b"\xfe\xff\x0d\xe0\0\0\0\0" + b"\xfe\xff\xdd\xe0\0\0\0\0"
    return meta + b"\x08\0\x60\0\2\0\0\0CT" + begin * depth + b"\x10\0\x20\0\2\0\0\0ID" + end * depth


def test_sixty_levels_are_walked_by_everything():
    ds = td.read(nested(60))
    item = ds
    for _ in range(60):
        [item] = item.ReferencedImageSequence
    assert item.PatientID == "ID"
    assert str(ds) == str(pydicom.dcmread(io.BytesIO(nested(60)), force=True))
    assert ds.to_json().count('"SQ"') == 60


def test_a_depth_of_thousands_ends_in_text_or_a_typed_error_and_in_no_crash():
    deep = nested(3000)
    with pytest.raises(td.LimitExceededError):
        td.read(deep, strict=True)
    ds = td.read(deep, limits=td.Limits.unlimited())
    assert str(ds).count("Referenced Image Sequence") == 3000
    try:  # what the interpreter's stack takes differs between versions
        assert ds.to_json().count('"00081140"') >= 2999
    except td.LimitExceededError as error:
        assert "recursion" in str(error)
    del ds
    assert "sequence_depth" in [issue.code for issue in _visited(td.read(deep)).issues]


def _visited(ds):
    try:
        str(ds)
    except td.LimitExceededError:
        pass
    return ds
