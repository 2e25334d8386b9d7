# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Character sets (PS3.5 6.1, PS3.3 C.12.1.1.2): text equal to pydicom's for right, wrong and broken terms."""

import io
import struct
import warnings

import pydicom
import pytest
import turbodicom as td
from hypothesis import given, settings
from hypothesis import strategies as st


def element(tag, vr, value):
    value += b" " * (len(value) % 2)
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF) + vr.encode()
    length = struct.pack("<HI", 0, len(value)) if vr in ("UT", "UC", "SQ") else struct.pack("<H", len(value))
    return head + length + value


def file_of(*elements):
    return b"\0" * 128 + b"DICM" + element(0x00020010, "UI", b"1.2.840.10008.1.2.1\0") + b"".join(elements)


def assert_same(terms, text, vrs=("PN", "LO", "LT", "UT", "SH", "UC")):
    tags = {
        "PN": 0x00100010,
        "LO": 0x00080080,
        "LT": 0x00104000,
        "UT": 0x0008119F,
        "SH": 0x00081010,
        "UC": 0x00189908,
    }
    elements = sorted((tags[vr], vr) for vr in vrs)
    charset = [element(0x00080005, "CS", terms)] if terms is not None else []
    data = file_of(*charset, *(element(tag, vr, text) for tag, vr in elements))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = pydicom.dcmread(io.BytesIO(data))
        expected = {tag: theirs[tag].value for tag, _ in elements}
    ours = td.read(data)
    for tag, vr in elements:
        value = expected[tag]
        assert ours[tag] == (list(value) if type(value).__name__ == "MultiValue" else value), (
            vr,
            terms,
            text,
        )
    return ours


TEXTS = {  # PS3.5 Annexes H, I, J, K, and each single-byte set
    b"ISO_IR 100": "Buc^J\xe9r\xf4me".encode("latin-1"),
    b"ISO_IR 101": "W\u0142osz".encode("iso8859_2"),
    b"ISO_IR 109": "\u011cer".encode("iso8859_3"),
    b"ISO_IR 110": "\u0100bols".encode("iso8859_4"),
    b"ISO_IR 126": "\u0394\u03b9\u03bf\u03bd".encode("iso8859_7"),
    b"ISO_IR 127": "\u0642\u0628\u0627".encode("iso8859_6"),
    b"ISO_IR 138": "\u05e9\u05e8\u05d5\u05df".encode("iso8859_8"),
    b"ISO_IR 144": "\u041b\u044e\u043a".encode("iso8859_5"),
    b"ISO_IR 148": "\xc7elik".encode("iso8859_9"),
    b"ISO_IR 166": "\u0e44\u0e17\u0e22".encode("tis_620"),
    b"ISO_IR 13": b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3",
    b"ISO_IR 192": "Wang^XiaoDong=\u738b^\u5c0f\u6771=".encode(),
    b"GB18030": "Wang^XiaoDong=\u738b^\u5c0f\u4e1c=".encode("gb18030"),
    b"GBK": "\u738b^\u5c0f\u4e1c".encode("gbk"),
    b"\\ISO 2022 IR 87": b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B",
    b"ISO 2022 IR 13\\ISO 2022 IR 87": b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J",
    b"\\ISO 2022 IR 149": b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
    b"\\ISO 2022 IR 58": b"Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=",
    b"ISO 2022 IR 6\\ISO 2022 IR 100\\ISO 2022 IR 144": b"A\x1b-A\xe9\x1b-L\xbb\xee\r\nplain\x1b-L\xee",
    b"\\ISO 2022 IR 159": b"\x1b$(D\x30\x21\x1b(B^x",
}


@pytest.mark.parametrize("terms", TEXTS)
def test_text_of_every_character_set(terms):
    ds = assert_same(terms, TEXTS[terms])
    assert not [issue for issue in ds.issues if issue.code in ("character_set", "undecodable_text")]


@pytest.mark.parametrize("terms", [b"ISO-IR 100", b"ISO IR 100", b"ISO 2022-IR 100", b"ISO-2022-IR 144", b"ISO-IR 999", b"latin2", b"utf-16",
                                   b"nonsense", b"ISO_IR 192\\ISO 2022 IR 100", b"ISO 2022 IR 6\\GBK", b"", b" ", b"ISO_IR 100 "])  # fmt: skip
def test_wrong_terms_are_read_as_pydicom_reads_them(terms):
    assert_same(terms, "J\xe9r\xf4me".encode("latin-1"))
    assert_same(terms, b"Plain ASCII ")


def test_a_python_codec_that_is_no_text_encoding_is_read_as_latin_1():
    ds = td.read(file_of(element(0x00080005, "CS", b"hex"), element(0x00100010, "PN", b"J\xe9")))
    assert ds.PatientName == "J\xe9"
    assert "character_set" in [issue.code for issue in ds.issues]


def test_without_a_character_set_text_is_latin_1():
    assert_same(None, "J\xe9r\xf4me".encode("latin-1"))


def test_undecodable_bytes_become_replacement_characters_and_an_issue():
    ds = assert_same(b"ISO_IR 192", b"ab\xff\xfecd")
    assert "undecodable_text" in [issue.code for issue in ds.issues]
    assert ds.PatientName == "ab\ufffd\ufffdcd"


def test_backslash_inside_a_character_of_two_bytes_separates_nothing():
    text = "\u8868^\u5341".encode("gb18030") + "\u4e58\\\u9a6c".encode("gb18030")
    assert_same(b"GB18030", text)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([*TEXTS, b"ISO 2022 IR 6\\ISO 2022 IR 13\\ISO 2022 IR 87\\ISO 2022 IR 159"]),
    st.lists(st.sampled_from([b"A", b"\\", b"^", b"=", b"\r\n", b"\t", b" ", b"\0", b"\x1b$B;3", b"\x1b(B", b"\x1b(J\\", b"\x1b)I\xd4",
                              b"\x1b$)C\xfb\xf3", b"\x1b", b"\x1b-L\xee", b"\x1bzz", b"\xe9", b"\xff", b"\x1b$(D", b"\x1b$)A\xd5\xc5"]), max_size=8),
)  # fmt: skip
def test_any_mixture_of_escape_sequences_decodes_as_in_pydicom(terms, pieces):
    assert_same(terms, b"".join(pieces), vrs=("PN", "LO", "UT"))


def test_items_inherit_the_character_set_and_may_have_their_own():
    def item(*elements):
        body = b"".join(elements)
        return struct.pack("<HHI", 0xFFFE, 0xE000, len(body)) + body

    cyrillic, latin = "\u041b\u044e\u043a".encode("iso8859_5"), b"J\xe9"
    inherited = item(element(0x00100010, "PN", cyrillic))
    own = item(element(0x00080005, "CS", b"ISO_IR 100"), element(0x00100010, "PN", latin))
    data = file_of(element(0x00080005, "CS", b"ISO_IR 144"), element(0x00081140, "SQ", inherited + own))
    first, second = td.read(data).ReferencedImageSequence
    theirs = pydicom.dcmread(io.BytesIO(data)).ReferencedImageSequence
    assert (
        (first.PatientName, second.PatientName)
        == tuple(item.PatientName for item in theirs)
        == ("\u041b\u044e\u043a", "J\xe9")
    )


@pytest.mark.parametrize("charset", ["ISO_IR 144", ["ISO_IR 144"], "ISO 2022 IR 6\\ISO 2022 IR 144"])
def test_charset_overrides_a_wrong_term(charset):
    text = "\u041b\u044e\u043a".encode("iso8859_5")
    if isinstance(charset, str) and "\\" in charset:
        text = b"\x1b-L" + text
    data = file_of(element(0x00080005, "CS", b"ISO_IR 100"), element(0x00100010, "PN", text))
    ds = td.read(data, charset=charset)
    assert ds.PatientName == "\u041b\u044e\u043a"
    assert ds.SpecificCharacterSet == "ISO_IR 100"


def test_an_override_that_is_no_text_is_a_type_error():
    with pytest.raises(TypeError, match="charset"):
        td.read(file_of(), charset=[7])
