# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``td.dictionary``: equal to pydicom's table, and DCMTK dictionary files on top of it."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom._dicom_dict import DicomDictionary, RepeatersDictionary
from pydicom._private_dict import private_dictionaries
from turbodicom import dictionary
from turbodicom.errors import ConformanceError

DCMTK_FILES = sorted(
    path for folder in Path("/usr/share").glob("*dcmtk*") for path in folder.glob("*.dic") if path.name != "acrnema.dic"
)


@pytest.fixture(autouse=True)
def fresh_dictionary(monkeypatch):
    monkeypatch.delenv("DCMDICTPATH", raising=False)
    dictionary.unload()
    yield
    dictionary.unload()


def row_of(entry):
    return entry.vr, entry.vm, entry.name, "Retired" if entry.retired else "", entry.keyword


def test_every_standard_entry_equals_pydicoms():
    assert {entry.tag: row_of(entry) for entry in dictionary.entries()} == DicomDictionary


def test_every_standard_entry_is_found_by_tag_and_by_keyword():
    for tag, row in DicomDictionary.items():
        assert row_of(dictionary.find(tag)) == row
        if row[4]:
            assert dictionary.find(row[4]).tag == tag


def test_every_repeating_group_equals_pydicoms_wherever_its_digits_are_open():
    for pattern, row in RepeatersDictionary.items():
        for digit in "0248ACE":
            tag = int(pattern.replace("x", digit), 16)
            if tag not in DicomDictionary:
                assert row_of(dictionary.find(tag)) == row


def test_every_private_entry_equals_pydicoms():
    for creator, rows in private_dictionaries.items():
        for pattern, (vr, vm, name, _) in rows.items():
            if pattern[6:] == "xx":
                continue  # pydicom cannot find these either
            entry = dictionary.find(int(pattern.replace("xx", "77"), 16), creator=creator)
            assert (entry.vr, entry.vm, entry.name, entry.creator) == (vr, vm, name, creator)


@pytest.mark.parametrize(
    "key", [0x00100010, (0x0010, 0x0010), "(0010,0010)", "0010,0010", "00100010", "PatientName", "Patient's Name"]
)
def test_one_entry_is_found_by_each_way_of_naming_it(key):
    assert dictionary.find(key) == dictionary.Entry(0x00100010, "PN", "1", "PatientName", "Patient's Name", False)


@pytest.mark.parametrize("key", [-1, 1 << 32, (1, 2, 3), (0x10000, 0), ("0010", "0010")])
def test_a_key_that_cannot_be_a_tag_is_a_value_error(key):
    with pytest.raises(ValueError):
        dictionary.get(key)


@pytest.mark.parametrize("key", [None, 1.5, b"Rows"])
def test_a_key_of_another_type_is_a_type_error(key):
    with pytest.raises(TypeError):
        dictionary.get(key)


def test_a_misspelt_keyword_suggests_the_right_one():
    with pytest.raises(KeyError, match="did you mean PatientName"):
        dictionary.find("PatientNam")
    assert dictionary.suggest("rows") == ["Rows"]
    assert dictionary.suggest("qqqqqqqq") == []


def test_get_returns_the_default_for_what_is_unknown():
    assert dictionary.get("Nonsense", 3) == 3
    assert dictionary.get((0x0009, 0x1001)) is None
    assert dictionary.get((0x0029, 0x1010), creator="Nobody") is None


def test_search_finds_keywords_and_names_in_any_case():
    found = {entry.keyword for entry in dictionary.search("windowcenter")}
    assert "WindowCenter" in found and "WindowCenterWidthExplanation" in found
    assert [entry.tag for entry in dictionary.search("overlay origin")] == [0x60000050]
    assert any(entry.creator for entry in dictionary.search("CSA Image Header Info", private=True))


def test_entries_are_frozen_and_hashable():
    entry = dictionary.find("Rows")
    with pytest.raises(AttributeError):
        entry.vr = "SS"
    assert entry in {entry}


def test_creators_and_their_entries_are_listed():
    assert set(private_dictionaries) - {"BioPri3D"} <= set(dictionary.creators())
    names = [entry.name for entry in dictionary.private_entries("SIEMENS CSA HEADER")]
    assert "CSA Image Header Info" in names
    assert dictionary.private_entries("Nobody") == []
    assert dictionary.find("CSA Image Header Info", creator="SIEMENS CSA HEADER").tag == 0x00290010


@pytest.mark.skipif(not DCMTK_FILES, reason="DCMTK's dictionary files are not installed")
@pytest.mark.parametrize("path", DCMTK_FILES, ids=lambda path: path.name)
def test_dcmtks_own_files_load_whole(path):
    lines = [line for line in path.read_text().split("\n") if line.strip() and not line.startswith("#")]
    assert dictionary.load(path) == len(lines)


@pytest.mark.skipif(not DCMTK_FILES, reason="DCMTK's dictionary files are not installed")
def test_dcmtks_standard_entries_agree_with_ours_in_tag_and_vr():
    before = {entry.tag: entry for entry in dictionary.entries()}
    dictionary.load(next(path for path in DCMTK_FILES if path.name == "dicom.dic"))
    both = [(before[entry.tag], entry) for entry in dictionary.entries() if entry.tag in before]
    assert len(both) > 4500
    same = [ours.keyword == theirs.keyword.removeprefix("RETIRED_") for ours, theirs in both if ours.keyword]
    assert sum(same) > 0.98 * len(same)


def load(*lines):
    return dictionary.load("\n".join(lines) + "\n")


def test_a_loaded_entry_wins_over_the_built_in_one_and_the_last_one_wins():
    load("(0010,0010)\tLO\tFirst", "(0010,0010)\tSH\tSecond\t1-3\tDICOM/retired")
    assert dictionary.find(0x00100010) == dictionary.Entry(0x00100010, "SH", "1-3", "Second", "Second", True)
    assert dictionary.find("Second").tag == 0x00100010
    assert dictionary.find("PatientName").vr == "PN"
    dictionary.unload()
    assert dictionary.find(0x00100010).vr == "PN"


@pytest.mark.parametrize(
    ("tag", "inside", "outside"),
    [
        ("(7100-71FF,0010)", [0x71000010, 0x71FE0010], [0x71010010, 0x72000010, 0x71000011]),
        ("(7100-e-71FF,0010)", [0x71000010, 0x71FE0010], [0x71010010]),
        ("(7100-o-71FF,0010)", [0x71010010, 0x71FF0010], [0x71000010]),
        ("(7100-u-71FF,0010)", [0x71000010, 0x71010010], [0x70FF0010]),
        ("(7100,0010-u-001F)", [0x71000010, 0x7100001F], [0x71000020]),
        ("(7100,0010-001F)", [0x71000010, 0x7100001E], [0x71000011]),
    ],
)
def test_ranges_cover_what_their_parity_says(tag, inside, outside):
    load(f"{tag}\tUS\tSomething\t1")
    assert all(dictionary.get(number).keyword == "Something" for number in inside)
    assert not any(dictionary.get(number) for number in outside)


def test_private_entries_apply_to_any_block_or_to_one():
    load('(0009,"MAKER, INC (A)",02)\tDS\tAnyBlock', '(0009,"MAKER, INC (A)",1003)\tDS\tOneBlock')
    maker = {"creator": "MAKER, INC (A)"}
    assert dictionary.find(0x00091002, **maker).name == "AnyBlock"
    assert dictionary.find(0x00092302, **maker).name == "AnyBlock"
    assert dictionary.find(0x00091003, **maker).name == "OneBlock"
    assert dictionary.get(0x00091103, **maker) is None
    assert dictionary.get(0x00091002, creator="MAKER") is None
    assert dictionary.get(0x00091002) is None
    assert dictionary.find("AnyBlock", **maker) == dictionary.find("AnyBlock")


def test_a_private_range_of_groups_is_found_by_its_creator():
    load('(0019-o-00ff,"SPI",30)\tLT\tDistance\t1\tPrivateTag')
    assert dictionary.find(0x00211130, creator="SPI").name == "Distance"
    assert dictionary.get(0x00201130, creator="SPI") is None


@pytest.mark.parametrize(("internal", "vr"), [("ox", "OB or OW"), ("xs", "US or SS"), ("up", "UL"), ("na", "NONE")])
def test_dcmtks_internal_vrs_are_written_as_in_the_standard(internal, vr):
    load(f"(0028,7FFF)\t{internal}\tSomething")
    assert dictionary.find(0x00287FFF).vr == vr


@pytest.mark.parametrize(("written", "vm"), [("1", "1"), ("1-3", "1-3"), ("n", "1-n"), ("2n", "2-2n"), ("2-2n", "2-2n")])
def test_vm_is_read_in_every_form(written, vm):
    load(f"(0028,7FFF)\tUS\tSomething\t{written}")
    assert dictionary.find(0x00287FFF).vm == vm


BAD_LINES = [
    "(0028,7FFF)\tUS",
    "(0028,7FFF)\tUS\tName\t1\tDICOM\tmore",
    "(0028,7FFF) US Name 1 DICOM",
    "0028,7FFF\tUS\tName",
    "(0028,7FFG)\tUS\tName",
    "(00280,7FFF)\tUS\tName",
    "(0030-0028,7FFF)\tUS\tName",
    "(0028-x-0030,7FFF)\tUS\tName",
    "(0028,7FFF)\tXX\tName",
    "(0028,7FFF)\tus\tName",
    "(0028,7FFF)\tUS\t",
    "(0028,7FFF)\tUS\tName\tmany",
    "(0028,7FFF)\tUS\tName\t3-1",
    "(0028,7FFF)\tUS\tName\t0",
    "(0028,7FFF)\tUS\tName\t-1",
    '(0009,"",02)\tUS\tName',
    '(0009,"MAKER",0102)\tUS\tName',
    '(0009,"MAKER,02)\tUS\tName',
    "(0028,7FFF)\tUS\t" + "N" * 5000,
    "(0028,7FFF)\tUS\tNa\0me",
]


@pytest.mark.parametrize("line", BAD_LINES)
def test_a_bad_line_is_reported_by_number_and_the_rest_loads(line):
    text = f"# comment\n(0028,7FF0)\tUS\tBefore\n{line}\n\n(0028,7FF1)\tUS\tAfter"
    with pytest.raises(ConformanceError, match="line 3: ") as caught:
        dictionary.load(text)
    assert caught.value.where == "line 3"
    assert dictionary.find("Before").vr == dictionary.find("After").vr == "US"
    assert dictionary.get(0x00287FFF) is None


def test_bad_lines_can_be_reported_instead_of_raised():
    report = []
    with pytest.warns(RuntimeWarning, match="2 bad lines"):
        count = dictionary.load("(0028,7FF0)\tUS\tGood\nbad\nworse\n", on_error="report", report=report)
    assert count == 1
    assert [number for number, _ in report] == [2, 3]


def test_windows_line_ends_comments_and_empty_lines_are_read():
    assert dictionary.load("# a\r\n\r\n  # b\r\n(0028,7FF0)\tUS\tGood\t1\r\n") == 1
    assert dictionary.find("Good").vm == "1"


def test_a_file_that_is_not_there_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        dictionary.load(tmp_path / "none.dic")


def test_an_unknown_on_error_is_a_value_error():
    with pytest.raises(ValueError, match="on_error"):
        dictionary.load("a\tb", on_error="ignore")


@given(st.text(alphabet='()"-,\t\n#0127Fafgoue nUSox', max_size=200))
def test_any_text_loads_or_is_reported(text):
    try:
        dictionary.load("\n" + text)
    except ConformanceError as error:
        assert error.where.startswith("line ")


def in_new_process(script, **environment):
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_dcmdictpath_is_read_at_the_first_use_and_later_files_win(tmp_path):
    (tmp_path / "a.dic").write_text("(0028,7FF0)\tUS\tFromA\n(0028,7FF1)\tUS\tOnlyA\n")
    (tmp_path / "b.dic").write_text("(0028,7FF0)\tSS\tFromB\n")
    script = """
        from turbodicom import dictionary
        print(dictionary.find(0x00287FF0).keyword, dictionary.find("OnlyA").vr, dictionary.find("Rows").vr)
    """
    path = os.pathsep.join([str(tmp_path / "a.dic"), str(tmp_path / "b.dic")])
    done = in_new_process(script, DCMDICTPATH=path)
    assert (done.stdout.split(), done.stderr) == (["FromB", "US", "US"], "")


def test_a_bad_dcmdictpath_warns_and_the_built_in_table_still_serves(tmp_path):
    (tmp_path / "bad.dic").write_text("nonsense\n")
    path = os.pathsep.join([str(tmp_path / "bad.dic"), str(tmp_path / "missing.dic")])
    done = in_new_process("from turbodicom import dictionary; print(dictionary.find('Rows').vr)", DCMDICTPATH=path)
    assert done.stdout.strip() == "US"
    assert "line 1" in done.stderr and "missing.dic" in done.stderr
