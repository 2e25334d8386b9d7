# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``turbodicom info``: what it says of files, in words and as JSON."""

import json

import pytest
from turbodicom import cli


@pytest.fixture
def info(capsys):
    """Return a function that runs the tool: (exit code, stdout, stderr)."""

    def run(*arguments):
        code = cli.main(["info", *map(str, arguments)])
        return code, *capsys.readouterr()

    return run


def test_one_screen_says_how_a_file_is_written_and_who_decodes_it(small_folder, info):
    code, out, _ = info(_named(small_folder, "rle 16"))
    assert code == 0
    assert "RLE Lossless  1.2.840.10008.1.2.5" in out
    assert "decoder     turbodicom rle" in out
    assert "8 rows x 8 columns, MONOCHROME2" in out
    assert "16 allocated, 12 stored, unsigned" in out
    assert "frames      2, " in out
    assert len(out.splitlines()) <= 20


def _named(folder, part):
    return next(path for path in sorted(folder.iterdir()) if part in path.name.lower())


def test_patients_are_not_on_the_screen(small_folder, info):
    _, out, _ = info(_named(small_folder, "explicit little"))
    assert "Doe" not in out and "Jane" not in out


def test_json_is_a_list_with_dicom_keywords_in_snake_case(small_folder, info):
    code, out, _ = info("--json", *sorted(small_folder.iterdir()))
    found = json.loads(out)
    assert code == 0
    assert len(found) == len(list(small_folder.iterdir()))
    native = next(one for one in found if one["file"].endswith("explicit little endian.dcm"))
    assert native["transfer_syntax_uid"] == "1.2.840.10008.1.2.1"
    assert (native["image"]["rows"], native["image"]["bits_stored"]) == (8, 12)
    assert native["image"]["frame_bytes_max"] == 128
    assert native["issues"] == []


def test_what_the_parser_forgave_is_listed(small_folder, info):
    code, out, _ = info(_named(small_folder, "neither preamble"))
    assert code == 0
    assert "no Transfer Syntax UID" in out and "PS3.10 7.1" in out


def test_a_number_of_frames_that_cannot_be_is_told_in_time(small_files, tmp_path, info):
    import pydicom

    (tmp_path / "a.dcm").write_bytes(small_files["explicit little endian"])
    data_set = pydicom.dcmread(tmp_path / "a.dcm")
    data_set.NumberOfFrames = 2**31 - 1
    data_set.save_as(tmp_path / "a.dcm")
    code, out, _ = info(tmp_path / "a.dcm")
    assert code == 0 and "frames" in out


def test_some_files_missing_gives_3_and_all_missing_gives_1(small_folder, tmp_path, info):
    good = _named(small_folder, "explicit little")
    assert info(good, tmp_path / "missing.dcm")[0] == 3
    code, _, err = info(tmp_path / "missing.dcm")
    assert code == 1 and "No such file" in err


def test_every_corpus_file_can_be_described(corpus, info):
    files = [
        path for folder in ("dicom", "derived") for path in (corpus / folder).rglob("*") if path.is_file()
    ]
    code, out, _ = info("--json", *files)
    assert code == 0
    assert len(json.loads(out)) == len(files)
