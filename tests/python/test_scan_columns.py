# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Which columns `tags=` makes: names, types, and what is refused before any file is read."""

import pytest
import turbodicom as td

FILE_COLUMNS = ("path", "size", "mtime", "inode", "transfer_syntax")
ERROR_COLUMNS = ("error", "error_offset", "unparsed")
SPACING = "SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].PixelSpacing"


def columns(*tags):
    """Return name -> type of the columns that stand between those of every scan."""
    types = td.scan([], tags).types
    names = list(types)
    assert names[:5] == list(FILE_COLUMNS)
    assert names[-3:] == list(ERROR_COLUMNS)
    return {name: types[name] for name in names[5:-3]}


@pytest.mark.parametrize(
    "tag",
    [
        "Rows",
        "(0028,0010)",
        "(0028, 0010)",
        "0028,0010",
        "00280010",
        0x00280010,
        (0x28, 0x10),
        td.Tag(0x00280010),
    ],
)
def test_every_way_of_writing_a_tag_gives_a_column_named_by_its_keyword(tag):
    assert columns(tag) == {"Rows": "int"}


@pytest.mark.parametrize(
    ("tag", "name", "type_"),
    [
        ("PatientName", "PatientName", "text"),
        ("ImageType", "ImageType", "list<text>"),
        ("InstanceNumber", "InstanceNumber", "int"),
        ("PixelSpacing", "PixelSpacing", "list<float>"),
        ("SliceThickness", "SliceThickness", "float"),
        ("StudyDate", "StudyDate", "date"),
        ("StudyTime", "StudyTime", "time"),
        ("AcquisitionDateTime", "AcquisitionDateTime", "timestamp"),
        ("SmallestImagePixelValue", "SmallestImagePixelValue", "int"),
        ("FrameIncrementPointer", "FrameIncrementPointer", "list<int>"),
        ("LUTData", "LUTData", "binary"),
        ("EncapsulatedDocument", "EncapsulatedDocument", "binary"),
        ("(0002,0010)", "TransferSyntaxUID", "text"),
        ("(0028,0000)", "(0028,0000)", "int"),
        ("(6002,0010)", "(6002,0010)", "int"),
        ("(6000,0010)", "OverlayRows", "int"),
        ("(0029,0010)", "(0029,0010)", "text"),
        ("(0029,1010)", "(0029,1010)", "binary"),
        ('(0029,"SIEMENS CSA HEADER",08)', '(0029,"SIEMENS CSA HEADER",08)', "text"),
        ((0x29, "SIEMENS CSA HEADER", 8), '(0029,"SIEMENS CSA HEADER",08)', "text"),
        ((0x29, "NOBODY", 8), '(0029,"NOBODY",08)', "binary"),
        (SPACING, SPACING, "list<float>"),
        (
            "(5200,9229)[0].(0028,9110)[0].(0028,0030)",
            "(5200,9229)[0].(0028,9110)[0].(0028,0030)",
            "list<float>",
        ),
        ('(0051,"A.B[0]",10)[2].Rows', '(0051,"A.B[0]",10)[2].Rows', "int"),
    ],
)
def test_the_type_of_a_column_follows_the_dictionary(tag, name, type_):
    assert columns(tag) == {name: type_}


def test_a_single_keyword_is_one_column():
    assert columns(*["Modality"]) == columns("Modality")
    assert td.scan([], "Modality").columns[5:-3] == ("Modality",)


def test_without_tags_the_columns_are_the_default_ones():
    assert td.scan([]).columns[5:-3] == td.DEFAULT_TAGS


def test_pixel_offset_is_a_column_before_the_error():
    assert td.scan([], ["Rows"], pixel_offset=True).columns[5:-3] == ("Rows", "pixel_offset")


def test_no_tags_at_all_leave_the_columns_of_the_file():
    assert columns() == {}


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        ("PatientId", "did you mean PatientID"),
        ("patientname", "did you mean PatientName"),
        ("Nonsense", "no keyword of the data dictionary"),
        ("Patient Name", "no keyword, tag or path"),
        ("", "no keyword, tag or path"),
        ("Rows.", "no keyword, tag or path"),
        ("Rows[1]", "ends in an index"),
        ("Rows[0].Columns", "no sequence"),
        ("SharedFunctionalGroupsSequence", "holds items"),
        ("SharedFunctionalGroupsSequence[0]", "ends in an index"),
        ("SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]", "ends in an index"),
        ("SharedFunctionalGroupsSequence.PixelMeasuresSequence[0].PixelSpacing", "needs the index"),
        ("(fffe,e000)", "holds items"),
        ('(0028,"NOBODY",10)', "not private"),
        ((0x29, "NOBODY", 0x110), "0xFF"),
        (0x1_0000_0000, "a tag is"),
        ((1, 2, 3, 4), "a tag is"),
    ],
)
def test_what_is_no_column_is_a_value_error_that_says_why(tag, message):
    with pytest.raises(ValueError, match=message):
        td.scan([], [tag])


@pytest.mark.parametrize("tag", [b"Rows", 1.5, None, (0x29, 8, 8)])
def test_what_is_no_tag_at_all_is_a_type_error(tag):
    with pytest.raises(TypeError):
        td.scan([], [tag])


@pytest.mark.parametrize("tags", [["Rows", "Rows"], ["Rows", "(0028,0010)"], [SPACING, SPACING]])
def test_the_same_column_twice_is_a_value_error(tags):
    with pytest.raises(ValueError, match="more than once"):
        td.scan([], tags)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"workers": 0}, ValueError),
        ({"workers": 1 << 31}, ValueError),
        ({"workers": 1 << 70}, ValueError),
        ({"workers": "two"}, TypeError),
        ({"limits": 5}, TypeError),
        ({"progress": 5}, TypeError),
    ],
)
def test_wrong_options_are_refused(options, error):
    with pytest.raises(error):
        td.scan([], ["Rows"], **options)
    with pytest.raises(error):
        td.scan_batches([], ["Rows"], **options)


@pytest.mark.parametrize("tags", [b"Rows", bytearray(b"Rows"), memoryview(b"Rows")])
def test_bytes_are_no_tags_though_their_items_are_integers(tags):
    with pytest.raises(TypeError, match="tags must be"):
        td.scan([], tags)


@pytest.mark.parametrize("rows", [0, -1, 1 << 31, 1 << 70])
def test_a_batch_has_at_least_one_row_and_no_more_than_arrow_counts(rows):
    with pytest.raises(ValueError, match="batch_rows"):
        td.scan_batches([], batch_rows=rows)
