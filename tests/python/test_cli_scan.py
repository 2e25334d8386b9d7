# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""turbodicom scan: what is written, what is said, and the exit codes."""

import base64
import csv
import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pydicom
import pytest
import turbodicom as td
from pydicom.fileset import FileSet
from turbodicom.cli import main

sys.path.insert(0, str(Path(__file__).parent))

from scan_files import ct, tree

LONG_AGO = 1_600_000_000
COMMAND = """
import signal, sys
from turbodicom.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background inherits "ignore"
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def archive(tmp_path):
    """Return a folder with 12 files of two series."""
    for path in tree(tmp_path / "archive", 12):
        os.utime(path, (LONG_AGO, LONG_AGO))
    return tmp_path / "archive"


def scan(*arguments):
    return main(["scan", *map(str, arguments)])


def test_without_an_output_it_says_what_is_there(archive, capsys):
    assert scan(archive) == 0
    out = capsys.readouterr().out
    assert re.search(r"^12 files, [\d.]+ MB in [\d.]+ s: \d+ files/s, \d+ MB/s$", out, re.MULTILINE)
    assert "1 studies, 2 series" in out
    assert re.search(r"^CT +2 +12$", out, re.MULTILINE)
    assert "Doe" not in out
    assert "P1" not in out


def test_series_are_counted_with_each_of_their_modalities_and_none_where_there_is_no_uid(tmp_path, capsys):
    uids = {"a": ("CT", "1.2"), "b": ("PT", "1.2"), "c": ("CT", "1.3"), "d": ("CT", ""), "e": ("MR", "")}
    for name, (modality, uid) in uids.items():
        (tmp_path / name).write_bytes(ct(Modality=modality, SeriesInstanceUID=uid))
    assert scan(tmp_path) == 0
    out = capsys.readouterr().out
    assert "2 series" in out
    assert re.search(r"^CT +2 +3$", out, re.MULTILINE)
    assert re.search(r"^PT +1 +1$", out, re.MULTILINE)
    assert re.search(r"^MR +0 +1$", out, re.MULTILINE)


def test_a_dicomdir_alone_stands_for_its_files_and_beside_others_for_itself(tmp_path, capsys):
    wanted = {"StudyDate": "20260101", "StudyTime": "10", "StudyID": "1", "SeriesNumber": 1}
    (tmp_path / "image.dcm").write_bytes(ct(1, **wanted))
    files = FileSet()
    files.add(tmp_path / "image.dcm")
    files.add(pydicom.dcmread(io.BytesIO(ct(2, **wanted))))
    files.write(tmp_path / "set")
    assert scan(tmp_path / "set" / "DICOMDIR") == 0
    assert capsys.readouterr().out.startswith("2 files")
    assert scan(tmp_path / "set" / "DICOMDIR", tmp_path / "image.dcm") == 0
    assert capsys.readouterr().out.startswith("2 files")  # the directory, and the image


def test_parquet_holds_the_table_of_td_scan(archive, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    assert scan(archive, "-o", tmp_path / "index.parquet", "-q") == 0
    table = parquet.read_table(tmp_path / "index.parquet")
    assert table.equals(td.scan(archive).to_arrow())
    assert sorted(os.listdir(tmp_path)) == ["archive", "index.parquet"]


def test_csv_has_a_heading_and_a_line_for_each_file(archive, tmp_path):
    (archive / "a.dcm").write_bytes(
        ct(
            7,
            StudyDescription='a "quoted", text\nof two lines',
            ImageType=["A", "B"],
            StudyTime="101112",
            ICCProfile=b"ab",
        )
    )
    out = tmp_path / "index.csv"
    tags = "StudyDescription,ImageType,StudyTime,ICCProfile,SliceThickness,InstanceNumber"
    assert scan(archive, "-o", out, "--tags", tags) == 0
    with open(out, newline="", encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    assert len(rows) == 13
    assert list(rows[0]) == list(td.scan([], tags.split(",")).columns)
    row = rows[0]
    assert row["path"] == str(archive / "a.dcm")
    assert row["StudyDescription"] == 'a "quoted", text\nof two lines'
    assert (row["ImageType"], row["StudyTime"]) == ("A\\B", "10:11:12")
    assert base64.b64decode(row["ICCProfile"]) == b"ab"
    assert (row["SliceThickness"], row["InstanceNumber"], row["error"]) == ("", "7", "")
    assert int(row["size"]) == (archive / "a.dcm").stat().st_size


def test_json_is_an_array_with_an_object_for_each_file(archive, tmp_path):
    (archive / "a.dcm").write_bytes(ct(7, StudyDate="unknown", ImageType=["A", "B"]))
    out = tmp_path / "index.json"
    assert scan(archive, "-o", out, "-t", "StudyDate ImageType, (0028,0010)") == 0
    rows = json.loads(out.read_text())
    assert len(rows) == 13
    assert (rows[0]["StudyDate"], rows[0]["ImageType"], rows[0]["Rows"]) == (None, ["A", "B"], 2)
    assert rows[0]["unparsed"] == [{"column": "StudyDate", "text": "unknown"}]
    assert rows[1]["mtime"].startswith("2020-09-13T12:26:40")


def test_numbers_that_json_does_not_know_are_text(tmp_path):
    (tmp_path / "a.dcm").write_bytes(ct(RecommendedDisplayFrameRateInFloat=float("nan")))
    (tmp_path / "b.dcm").write_bytes(ct(RecommendedDisplayFrameRateInFloat=float("inf")))
    assert scan(tmp_path, "-o", tmp_path / "out.json", "--tags", "RecommendedDisplayFrameRateInFloat") == 0
    rows = json.loads((tmp_path / "out.json").read_text(), parse_constant=lambda name: pytest.fail(name))
    assert [row["RecommendedDisplayFrameRateInFloat"] for row in rows] == ["NaN", "Infinity"]


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_csv_and_json_need_no_pyarrow(archive, tmp_path, monkeypatch, suffix):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert scan(archive, "-o", tmp_path / f"out.{suffix}") == 0


def test_parquet_without_pyarrow_says_what_to_install(archive, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert scan(archive, "-o", tmp_path / "out.parquet") == 1
    assert "pip install 'turbodicom[arrow]'" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", ["parquet", "csv", "json"])
def test_files_with_errors_are_grouped_and_make_the_exit_code_3(archive, tmp_path, capsys, suffix):
    if suffix == "parquet":
        pytest.importorskip("pyarrow")
    for name in ("x", "y"):
        (archive / name).write_text(f"no DICOM {name}")
    assert scan(archive, tmp_path / "gone.dcm", "-o", tmp_path / f"out.{suffix}") == 3
    out = capsys.readouterr().out
    assert "3 files with errors" in out
    assert re.search(rf"^2 +not a DICOM file.* {re.escape(str(archive / 'x'))}$", out, re.MULTILINE)
    assert re.search(rf"^1 +No such file.* {re.escape(str(tmp_path / 'gone.dcm'))}$", out, re.MULTILINE)


def test_nothing_that_can_be_read_makes_the_exit_code_1(tmp_path, capsys):
    assert scan(tmp_path / "gone") == 1
    (tmp_path / "folder").mkdir()
    assert scan(tmp_path / "folder") == 1
    assert "there is no file" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", ["parquet", "csv", "json"])
def test_the_output_is_none_of_the_files_even_inside_the_folder(archive, suffix):
    if suffix == "parquet":
        pytest.importorskip("pyarrow")
    out = archive / f"d000.{suffix}"
    for _ in range(2):
        assert scan(archive, "-o", out, "-q") == 0
    if suffix == "csv":
        assert len(list(csv.DictReader(out.open(newline="")))) == 12
    if suffix == "json":
        assert len(json.loads(out.read_text())) == 12


def test_with_a_cache_only_what_has_changed_is_read(archive, tmp_path):
    pytest.importorskip("pyarrow")
    out = tmp_path / "index.parquet"
    assert scan(archive, "-o", out, "--cache", "-q") == 0
    before = out.stat().st_mtime_ns
    assert scan(archive, "-o", out, "--cache", "-q") == 0
    assert out.stat().st_mtime_ns == before
    assert scan(archive, "-o", out, "-q") == 0
    written = out.stat().st_mtime_ns
    assert scan(archive, "-o", out, "--cache", "-q") == 0
    assert out.stat().st_mtime_ns == written > before


def test_a_cache_that_is_none_is_not_overwritten(archive, tmp_path, capsys):
    pytest.importorskip("pyarrow")
    out = tmp_path / "index.parquet"
    out.write_text("something else")
    assert scan(archive, "-o", out, "--cache") == 1
    assert out.read_text() == "something else"
    assert "not an index" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["-o", "out.txt"],
        ["-o", "out.csv", "--cache"],
        ["--cache"],
        ["--tags", "Rows"],
        ["-o", "out.csv", "--tags", "Rowz"],
        ["-o", "out.csv", "--tags", "Rows)"],
        ["-o", "out.csv", "--workers", "0"],
        ["-o", "out.csv", "--workers", "99999999999999999999"],
        ["-o", "out.csv", "--workers", "many"],
    ],
)
def test_wrong_usage_has_the_exit_code_2_and_writes_nothing(archive, monkeypatch, tmp_path, arguments):
    monkeypatch.chdir(tmp_path)
    assert scan(archive, *arguments) == 2
    assert os.listdir(tmp_path) == ["archive"]


def test_an_output_that_cannot_be_written_has_the_exit_code_1(archive, tmp_path, capsys):
    assert scan(archive, "-o", tmp_path / "nowhere" / "out.csv") == 1
    assert "nowhere" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="the terminal is a pty, which only POSIX has")
@pytest.mark.parametrize("has_rich", [True, False])
def test_on_a_terminal_there_is_a_bar_with_rich_and_lines_without(archive, has_rich):
    if has_rich:
        pytest.importorskip("rich")
    without = "" if has_rich else "import sys; sys.modules['rich.console'] = None\n"
    prepare = "from turbodicom.cli import _scan_progress; _scan_progress._SECONDS = 0\n"
    leader, terminal = pty.openpty()
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "TERM": "xterm",
    }
    command = [sys.executable, "-c", without + prepare + COMMAND, "scan", str(archive)]
    child = subprocess.run(
        command, stderr=terminal, stdout=subprocess.PIPE, env=environment, timeout=60, check=False
    )
    os.close(terminal)
    shown = os.read(leader, 1 << 16).decode()
    os.close(leader)
    assert child.returncode == 0
    assert child.stdout.startswith(b"12 files")
    assert "12 files" in shown
    assert "files/s" in shown
    assert ("turbodicom scan:" in shown) != has_rich


def test_folders_and_links_are_followed_as_asked_for(archive, capsys):
    (archive / "top.dcm").write_bytes(ct())
    assert scan(archive, "--no-recursive") == 0
    assert capsys.readouterr().out.startswith("1 files")
    (archive / "d000" / "more").symlink_to(tree_beside(archive))
    assert scan(archive, "--follow-links") == 0
    assert capsys.readouterr().out.startswith("16 files")
    assert scan(archive) == 0
    assert capsys.readouterr().out.startswith("13 files")


def tree_beside(archive):
    tree(archive.parent / "beside", 3)
    return archive.parent / "beside"


def test_an_interrupted_scan_leaves_no_file(tmp_path):
    # A folder of links to one file is many files, of which each is read.
    (tmp_path / "archive").mkdir()
    (tmp_path / "file.dcm").write_bytes(ct())
    for number in range(3000):
        (tmp_path / "archive" / f"{number}").symlink_to("../file.dcm")
    out = tmp_path / "out.csv"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    sources = [str(tmp_path / "archive")] * 400
    child = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "scan", *sources, "-o", str(out), "-q"], env=environment
    )
    while not any(os.path.getsize(path) for path in tmp_path.glob(".*.part")):
        assert child.poll() is None
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    assert child.wait(timeout=30) == 130
    assert sorted(os.listdir(tmp_path)) == ["archive", "file.dcm"]
