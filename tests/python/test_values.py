# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Conversion of values (PS3.5 6.2): each VR, each oddity, equal to what pydicom makes of the same bytes."""

import io
import math
import struct
import warnings

import pydicom
import pytest
import turbodicom as td
from hypothesis import given, settings
from hypothesis import strategies as st

LONG_LENGTH = {"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"}
TEXT_VRS = ["AE", "AS", "CS", "DA", "DT", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT"]
NUMBER_VRS = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "UV": "Q", "SV": "q", "FL": "f", "FD": "d"}


def element(tag, vr, value, order="<"):
    """Return the bytes of one explicit VR element."""
    head = struct.pack(order + "HH", tag >> 16, tag & 0xFFFF) + vr.encode()
    if vr in LONG_LENGTH:
        return head + struct.pack(order + "HI", 0, len(value)) + value
    return head + struct.pack(order + "H", len(value)) + value


def file_of(*elements, syntax=b"1.2.840.10008.1.2.1\0"):
    """Return a file with the given elements behind its file meta information."""
    return b"\0" * 128 + b"DICM" + element(0x00020010, "UI", syntax) + b"".join(elements)


def both(vr, value, tag=0x00091010):
    """Return (our value, pydicom's value) of a private element, which takes any VR."""
    data = file_of(element(0x00090010, "LO", b"SOMEBODY"), element(tag, vr, value))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = pydicom.dcmread(io.BytesIO(data))[tag].value
    ours = td.read(data)[tag]
    return ours, list(theirs) if type(theirs).__name__ == "MultiValue" else theirs


def assert_same(vr, value):
    ours, theirs = both(vr, value)
    assert ours == theirs, (vr, value)
    assert isinstance(ours, list) == isinstance(theirs, list)
    assert (ours is None) == (theirs is None)


@pytest.mark.parametrize(
    "vr", [*TEXT_VRS, "DS", "IS", *NUMBER_VRS, "AT", "OB", "OW", "OF", "OD", "OL", "OV", "UN"]
)
def test_an_empty_value_is_pydicoms_empty_value(vr):
    assert_same(vr, b"")


@pytest.mark.parametrize("vr", TEXT_VRS)
@pytest.mark.parametrize(
    "value",
    [
        b"A ",
        b" A  ",
        b"A\0",
        b"A \0\0",
        b"A\\B",
        b" A \\ B ",
        b"A\\",
        b"\\",
        b"  ",
        b"\\\\A",
        b"1.2\\3.4\0",
        b"\0",
    ],
)
def test_padding_and_several_values_of_text(vr, value):
    assert_same(vr, value)


@pytest.mark.parametrize("value", [
    b"1", b"1.5 ", b" -1.5e-3", b"+7", b".5", b"5.", b"1E5", b"1e400", b"0.1\\0.2\\ 0.3 ", b"1\\\\2", b" ", b"12345678901234567",
    b"0.30000000000000004", b"123456789012345678901234567890", b"1e22", b"1e23", b"9007199254740993", b"4.9e-324", b"-0",
    b"1_000", b"1.5\0", b"nan", b"inf", b"1,5", b"abc", b"1.5mm", b"--1", b"1e", b"\t1\t",
])  # fmt: skip
def test_decimal_strings(value):
    ours, theirs = both("DS", value)
    if isinstance(theirs, float) and math.isnan(theirs):
        assert math.isnan(ours)
    else:
        assert ours == theirs


@pytest.mark.parametrize("value", [
    b"1", b"-1 ", b"+17", b" 42 ", b"1.0", b"1.5", b"2147483648", b"999999999999999999", b"12345678901234567890123", b"1\\2\\3 ",
    b"1\\\\2", b" ", b"1_0", b"x", b"1e3", b"9007199254740993", b"0x10", b"1\0",
])  # fmt: skip
def test_integer_strings(value):
    ours, theirs = both("IS", value)
    assert ours == theirs
    assert isinstance(ours, float) == isinstance(theirs, float)


@settings(max_examples=300, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["r", ".6g", ".10e", ".3f", "g"]))
def test_every_decimal_string_is_the_nearest_double(number, form):
    text = repr(number) if form == "r" else format(number, form)
    data = file_of(element(0x00281053, "DS", text.encode() + b" " * (len(text) % 2)))
    assert td.read(data).RescaleSlope == float(text)


@pytest.mark.parametrize("vr", NUMBER_VRS)
@pytest.mark.parametrize("count", [1, 2, 17])
def test_binary_numbers_of_both_byte_orders(vr, count):
    numbers = [n - 3 if vr not in ("US", "UL", "UV") else n + 65530 % 5 for n in range(count)]
    expected = numbers if count > 1 else numbers[0]
    for order, syntax in (("<", b"1.2.840.10008.1.2.1\0"), (">", b"1.2.840.10008.1.2.2\0")):
        value = struct.pack(f"{order}{count}{NUMBER_VRS[vr]}", *numbers)
        ds = td.read(file_of(element(0x00080008, vr, value, order), syntax=syntax))
        assert ds[0x00080008] == expected
        assert ds.is_big_endian == (order == ">")


def test_extreme_integers_keep_every_bit():
    for vr, most in (
        ("US", 2**16 - 1),
        ("UL", 2**32 - 1),
        ("UV", 2**64 - 1),
        ("SS", -(2**15)),
        ("SL", -(2**31)),
        ("SV", -(2**63)),
    ):
        assert (
            td.read(file_of(element(0x00080008, vr, struct.pack("<" + NUMBER_VRS[vr], most))))[0x00080008]
            == most
        )


@pytest.mark.parametrize("vr", NUMBER_VRS)
def test_a_number_of_wrong_length_stays_bytes_and_is_noted(vr):
    ds = td.read(file_of(element(0x00080008, vr, b"\1\2\3")))
    assert ds[0x00080008] == b"\1\2\3"
    assert "value_length" in [issue.code for issue in ds.issues]


def test_strict_raises_where_a_value_contradicts_its_vr():
    ds = td.read(
        file_of(element(0x00080008, "UL", b"\1\2\3\4\5\6"), element(0x00281053, "DS", b"a ")), strict=True
    )
    with pytest.raises(td.ConformanceError, match="no multiple") as caught:
        ds[0x00080008]
    assert (caught.value.where, caught.value.offset) == ("(0008,0008)", ds.element(0x00080008).offset)
    with pytest.raises(td.ConformanceError, match="not a number"):
        _ = ds.RescaleSlope


def test_text_that_is_no_number_stays_text_and_is_noted_without_the_value():
    ds = td.read(file_of(element(0x00281053, "DS", b"SECRET")))
    assert ds.RescaleSlope == "SECRET"
    [issue] = [issue for issue in ds.issues if issue.code == "not_a_number"]
    assert "SECRET" not in issue.message
    assert issue.where == "(0028,1053)"
    assert ds.RescaleSlope == "SECRET" and len(ds.issues) == 1


@pytest.mark.parametrize(
    "value", [b"\x10\0\x20\0", b"\x10\0\x20\0\x28\0\x10\0", b"\x10\0", b"\x10\0\x20\0\x28\0"]
)
def test_attribute_tags(value):
    assert_same("AT", value)


def test_an_attribute_tag_is_a_tag():
    tag = td.read(file_of(element(0x00280009, "AT", b"\x18\0\x63\x10")))[0x00280009]
    assert isinstance(tag, td.Tag) and isinstance(tag, int)
    assert (repr(tag), tag.group, tag.element, tag.keyword, tag.is_private) == (
        "(0018,1063)",
        0x18,
        0x1063,
        "FrameTime",
        False,
    )


def test_letters_that_are_no_vr_leave_bytes():
    ds = td.read(file_of(element(0x00091010, "ZZ", b"ab")))
    assert ds[0x00091010] == b"ab"
    assert "unknown_vr" in [issue.code for issue in ds.issues]


@pytest.mark.parametrize("representation", [0, 1])
def test_us_or_ss_follows_pixel_representation_also_inside_sequences(representation):
    inner = pydicom.Dataset()
    inner.add_new(0x00280106, "US" if representation == 0 else "SS", 5 if representation == 0 else -5)
    outer = pydicom.Dataset()
    outer.PixelRepresentation = representation
    outer.add_new(0x00280107, "US" if representation == 0 else "SS", 7 if representation == 0 else -7)
    outer.add_new(0x00281101, "US" if representation == 0 else "SS", [0, 3, 16])
    outer.ReferencedImageSequence = [inner]
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, outer, implicit_vr=True, little_endian=True)
    ds = td.read(buffer.getvalue())
    theirs = pydicom.dcmread(io.BytesIO(buffer.getvalue()), force=True)
    for path in (0x00280107, 0x00281101):
        assert (ds[path], ds.element(path).vr) == (theirs[path].value, theirs[path].VR)
    item, their_item = ds.ReferencedImageSequence[0], theirs.ReferencedImageSequence[0]
    assert (
        item.SmallestImagePixelValue
        == their_item.SmallestImagePixelValue
        == (5 if representation == 0 else -5)
    )


def test_number_of_lut_entries_is_unsigned_whatever_the_vr():
    value = struct.pack("<3h", -1, -5, 16)
    ds = td.read(file_of(element(0x00283002, "SS", value)))
    assert (
        ds.LUTDescriptor
        == [65535, -5, 16]
        == list(pydicom.dcmread(io.BytesIO(file_of(element(0x00283002, "SS", value)))).LUTDescriptor)
    )


def test_un_of_a_known_tag_takes_the_vr_of_the_dictionary():
    data = file_of(element(0x00080060, "UN", b"CT"), element(0x00091001, "UN", b"CT"))
    ds = td.read(data)
    assert (ds.Modality, ds.element("Modality").vr, ds.element("Modality").written_vr) == ("CT", "CS", "UN")
    assert (ds[0x00091001], ds.element(0x00091001).vr) == (b"CT", "UN")


def test_private_elements_of_a_known_creator_take_the_vr_of_the_private_dictionary():
    data = file_of(
        element(0x00190010, "UN", b"SIEMENS MR HEADER "),
        element(0x0019100C, "UN", b"1000"),
        element(0x00191008, "UN", b"IMAGE "),
    )
    ds, theirs = td.read(data), pydicom.dcmread(io.BytesIO(data))
    for tag in (0x00190010, 0x0019100C, 0x00191008):
        assert (ds[tag], ds.element(tag).vr, ds.element(tag).name) == (
            theirs[tag].value,
            theirs[tag].VR,
            theirs[tag].name,
        )
