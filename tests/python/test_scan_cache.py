# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""td.scan(cache=...): only what has changed is read again, and the table is the one that reading everything gives."""

import errno
import os
import shutil
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import turbodicom as td
from turbodicom import _core

sys.path.insert(0, str(Path(__file__).parent))

from scan_files import ct, tree

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
TAGS = ["PatientID", "InstanceNumber", "ImagePositionPatient", "StudyDate", "SeriesInstanceUID"]
LONG_AGO = 1_600_000_000


@pytest.fixture
def archive(tmp_path):
    """Return a folder with 20 files, written long ago."""
    for path in tree(tmp_path / "archive", 20):
        os.utime(path, (LONG_AGO, LONG_AGO))
    return tmp_path / "archive"


@pytest.fixture
def cache(tmp_path):
    """Return the path of an index that is not there yet."""
    return tmp_path / "index.parquet"


@pytest.fixture
def read(monkeypatch):
    """Return a list that receives the path of every file that is read."""
    paths, scan = [], _core.Scan

    class Watched:
        def __init__(self, *arguments):
            self._scan = scan(*arguments)
            self.next, self.empty = self._scan.next, self._scan.empty

        def feed(self, sources):
            paths.extend(os.fsdecode(source) for source in sources)
            self._scan.feed(sources)

    monkeypatch.setattr(_core, "Scan", Watched)
    return paths


def check(archive, cache, tags=TAGS, **options):
    """Scan with the cache, compare with a scan without, and return the table."""
    table = td.scan(archive, tags, cache=cache, **options)
    expected = td.scan(archive, tags, **options)
    assert table.to_arrow().equals(expected.to_arrow())
    assert (table.columns, table.types) == (expected.columns, expected.types)
    assert list(table) == list(expected)
    assert table.errors == expected.errors
    return table


def check_again(archive, cache, read, tags=TAGS):
    """Do it for a cache that exists; return the files that were read."""
    del read[:]
    td.scan(archive, tags, cache=cache)
    found = list(read)
    before = cache.read_bytes()
    check(archive, cache, tags)
    assert cache.read_bytes() == before
    return found


def test_the_first_scan_writes_the_index_and_the_second_reads_no_file(archive, cache, read):
    check(archive, cache)
    assert pq.read_table(cache).num_rows == 20
    assert check_again(archive, cache, read) == []


def test_a_table_from_a_cache_serves_like_any_other(archive, cache):
    (archive / "a.txt").write_text("no DICOM")
    td.scan(archive, cache=cache)
    cached, plain = td.scan(archive, cache=cache), td.scan(archive)
    for name in plain.columns:
        assert repr(list(cached[name])) == repr(list(plain[name])) or name == "mtime"
    assert cached["mtime"] == plain["mtime"]
    assert (cached[3], cached[-1], cached[2:5]) == (plain[3], plain[-1], plain[2:5])
    assert repr(cached) == repr(plain)
    assert [one.files for one in cached.series()] == [one.files for one in plain.series()]
    assert pa.table(cached).equals(pa.table(plain))


def test_only_a_touched_file_is_read(archive, cache, read):
    check(archive, cache)
    path = archive / "d001" / "003.dcm"
    os.utime(path, (LONG_AGO, LONG_AGO + 1))
    assert check_again(archive, cache, read) == [str(path)]


def test_only_a_file_of_another_size_is_read(archive, cache, read):
    check(archive, cache)
    path = archive / "d000" / "003.dcm"
    path.write_bytes(ct(77, StudyDescription="longer"))
    os.utime(path, (LONG_AGO, LONG_AGO))
    assert check_again(archive, cache, read) == [str(path)]
    assert td.scan(archive, TAGS, cache=cache)["InstanceNumber"][3] == 77


def test_a_file_replaced_by_one_of_the_same_size_and_time_is_read(archive, cache, read):
    check(archive, cache)
    path = archive / "d000" / "003.dcm"
    other = archive.parent / "other.dcm"
    other.write_bytes(path.read_bytes().replace(b"P1", b"P2"))
    os.utime(other, (LONG_AGO, LONG_AGO))
    os.replace(other, path)
    assert check_again(archive, cache, read) == [str(path)]
    assert td.scan(archive, TAGS, cache=cache)["PatientID"][3] == "P2"


def test_deleted_files_disappear_and_added_ones_appear_in_their_place(archive, cache, read):
    check(archive, cache)
    os.unlink(archive / "d000" / "003.dcm")
    shutil.rmtree(archive / "d001")
    assert check_again(archive, cache, read) == []
    new = archive / "d000" / "0035.dcm"
    new.write_bytes(ct(99))
    os.utime(new, (LONG_AGO, LONG_AGO))
    assert check_again(archive, cache, read) == [str(new)]
    assert td.scan(archive, TAGS, cache=cache)["InstanceNumber"].tolist() == [1, 2, 3, 99, 5, 6, 7, 8, 9, 10]


def test_a_folder_that_is_empty_now_gives_an_empty_table(archive, cache, read):
    check(archive, cache)
    shutil.rmtree(archive)
    archive.mkdir()
    assert check_again(archive, cache, read) == []
    assert len(td.scan(archive, TAGS, cache=cache)) == 0


def test_files_that_are_not_dicom_are_not_read_again_but_missing_ones_are_tried(archive, cache, read):
    (archive / "a.txt").write_text("no DICOM")
    os.utime(archive / "a.txt", (LONG_AGO, LONG_AGO))
    sources = [archive, archive / "gone.dcm"]
    td.scan(sources, TAGS, cache=cache)
    os.utime(cache, (LONG_AGO, LONG_AGO))
    del read[:]
    assert len(td.scan(sources, TAGS, cache=cache).errors) == 2
    assert [os.path.basename(path) for path in read] == ["gone.dcm"]
    assert cache.stat().st_mtime == LONG_AGO
    (archive / "gone.dcm").write_bytes(ct(50))
    table = td.scan(sources, TAGS, cache=cache)
    assert table["InstanceNumber"][-1] == 50
    assert len(table) == 23


def test_a_row_with_an_error_of_the_system_is_read_again(archive, cache, read):
    td.scan(archive, TAGS, cache=cache)
    table = pq.read_table(cache)
    errors = table["error"].to_pylist()
    errors[3] = "Input/output error"
    pq.write_table(
        table.set_column(table.column_names.index("error"), "error", pa.array(errors, pa.string())), cache
    )
    assert check_again(archive, cache, read) == [table["path"][3].as_py()]


def test_a_file_written_during_the_scan_is_read_once_more(archive, cache, read):
    path = archive / "d000" / "000.dcm"
    os.utime(path)
    td.scan(archive, TAGS, cache=cache)
    del read[:]
    td.scan(archive, TAGS, cache=cache)
    assert read == [str(path)]
    time.sleep(0.1)
    td.scan(archive, TAGS, cache=cache)
    del read[:]
    td.scan(archive, TAGS, cache=cache)
    assert read == []


@pytest.mark.parametrize(
    "change", [{"tags": [*TAGS, "Modality"]}, {"pixel_offset": True}, {"limits": td.Limits(elements=1000)}]
)
def test_another_plan_reads_everything_again(archive, cache, read, change):
    td.scan(archive, TAGS, cache=cache)
    del read[:]
    table = td.scan(archive, **({"tags": TAGS} | change), cache=cache)
    assert len(read) == 20
    assert table.to_arrow().equals(td.scan(archive, **({"tags": TAGS} | change)).to_arrow())
    del read[:]
    td.scan(archive, **({"tags": TAGS} | change), cache=cache)
    assert read == []


@pytest.mark.parametrize("make", ["text", "empty", "other parquet", "dicom"])
def test_a_file_that_is_no_index_is_a_value_error_and_stays_as_it_is(archive, cache, make):
    if make == "other parquet":
        pq.write_table(pa.table({"path": ["a"]}), cache)
    else:
        cache.write_bytes({"text": b"hello" * 100, "empty": b"", "dicom": ct()}[make])
    before = cache.read_bytes()
    with pytest.raises(ValueError, match=r"cache: .*index\.parquet"):
        td.scan(archive, TAGS, cache=cache)
    assert cache.read_bytes() == before


def test_a_folder_is_no_index_and_a_fifo_is_not_waited_for(archive, tmp_path):
    with pytest.raises(IsADirectoryError):
        td.scan(archive, TAGS, cache=tmp_path)
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(ValueError, match="not a regular file"):
        td.scan(archive, TAGS, cache=tmp_path / "fifo")


def test_a_damaged_index_is_a_value_error_wherever_the_damage_is(archive, cache):
    td.scan(archive, TAGS, cache=cache)
    whole, expected = cache.read_bytes(), td.scan(archive, TAGS).to_arrow()
    refused = 0
    for place in np.linspace(0, len(whole) - 1, 200).astype(int):
        cache.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            assert td.scan(archive, TAGS, cache=cache).to_arrow().equals(expected), place
        except ValueError:
            refused += 1
    assert refused > 100
    for place in (0, 10, len(whole) // 2, len(whole) - 1):
        cache.write_bytes(whole[:place])
        with pytest.raises(ValueError, match="cache: "):
            td.scan(archive, TAGS, cache=cache)


def test_an_index_inside_the_folder_is_no_row_of_its_own(archive, read):
    cache = archive / "index.parquet"
    for _ in range(2):
        assert len(td.scan(archive, TAGS, cache=cache)) == 20
    del read[:]
    before = cache.read_bytes()
    assert len(td.scan(archive, TAGS, cache=cache)) == 20
    assert read == []
    assert cache.read_bytes() == before
    assert len(td.scan(archive, ["Modality"], cache=cache)) == 20
    td.scan(archive, TAGS).to_parquet(cache)
    assert pq.read_table(cache).num_rows == 20


@pytest.mark.skipif(sys.platform != "linux", reason="the file system may refuse such names")
def test_a_name_that_is_not_utf8_does_not_make_the_index_be_written_again(archive, cache):
    with open(os.fsencode(archive) + b"/\xff.dcm", "wb") as file:
        file.write(ct(1))
    os.utime(os.fsencode(archive) + b"/\xff.dcm", (LONG_AGO, LONG_AGO))
    td.scan(archive, TAGS, cache=cache)
    os.utime(cache, (LONG_AGO, LONG_AGO))
    assert len(td.scan(archive, TAGS, cache=cache)) == 21
    assert cache.stat().st_mtime == LONG_AGO


def test_the_same_folder_twice_has_its_rows_twice(archive, cache):
    for _ in range(3):
        table = td.scan([archive, archive], TAGS, cache=cache)
        assert table.to_arrow().equals(td.scan([archive, archive], TAGS).to_arrow())


def test_a_table_written_as_parquet_is_a_cache(archive, cache, read):
    td.scan(archive, TAGS).to_parquet(cache)
    assert check_again(archive, cache, read) == []


def test_globs_and_iterables_work_with_a_cache(archive, cache, read):
    for _ in range(2):
        del read[:]
        table = td.scan(
            (path for path in [f"{archive}/d000/*.dcm", archive / "d001"]), TAGS, cache=str(cache)
        )
        assert table["InstanceNumber"].tolist() == list(range(1, 21))
    assert read == []


def test_an_index_that_cannot_be_written_is_an_os_error_and_leaves_nothing(archive, tmp_path):
    with pytest.raises(OSError, match="nowhere"):
        td.scan(archive, TAGS, cache=tmp_path / "nowhere" / "index.parquet")
    (tmp_path / "folder.parquet").mkdir()
    with pytest.raises((OSError, ValueError)):
        td.scan(archive, TAGS, cache=tmp_path / "folder.parquet")
    assert sorted(os.listdir(tmp_path)) == ["archive", "folder.parquet"]


@pytest.mark.parametrize("call", range(4))
@pytest.mark.parametrize("function", ["writev", "fsync", "replace"])
def test_a_full_disk_leaves_the_index_as_it_was(archive, cache, monkeypatch, function, call):
    td.scan(archive, TAGS, cache=cache)
    before, calls, original = cache.read_bytes(), [], getattr(os, function)

    def fail(*arguments):
        calls.append(function)
        if len(calls) == call + 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return original(*arguments)

    os.utime(archive / "d000" / "000.dcm", (LONG_AGO, LONG_AGO + 1))
    monkeypatch.setattr(os, function, fail)
    try:
        td.scan(archive, TAGS, cache=cache)
    except OSError as error:
        assert error.errno == errno.ENOSPC
        assert error.filename == str(cache)
        assert call < len(calls)
        if (function, call) != ("fsync", 1):  # that of the folder, when the new file has its name already
            assert cache.read_bytes() == before
    else:
        assert call >= len(calls)
    monkeypatch.undo()
    assert sorted(os.listdir(cache.parent)) == ["archive", "index.parquet"]
    check(archive, cache)


def test_links_and_files_that_never_were_any_are_kept_too(archive, cache, read):
    (archive / "link.dcm").symlink_to("d000/000.dcm")
    (archive / "more").symlink_to("d001")
    td.scan(archive, TAGS, cache=cache, follow_links=True)
    del read[:]
    table = td.scan(archive, TAGS, cache=cache, follow_links=True)
    assert read == []
    assert len(table) == 21
    assert len(check(archive, cache)) == 21
    os.unlink(archive / "link.dcm")
    (archive / "link.dcm").symlink_to("d000/001.dcm")
    del read[:]
    assert len(td.scan(archive, TAGS, cache=cache)) == 21
    assert read == [str(archive / "link.dcm")]


def test_progress_counts_files_that_were_not_read(archive, cache):
    td.scan(archive, TAGS, cache=cache)
    told = []
    table = td.scan(archive, TAGS, cache=cache, progress=lambda files, size: told.append((files, size)))
    assert told[-1] == (20, table["size"].sum())


def test_all_types_of_columns_come_back_as_they_were(archive, cache):
    tags = [
        "ImageType",
        "PixelSpacing",
        "StudyTime",
        "AcquisitionDateTime",
        "ICCProfile",
        "FrameIncrementPointer",
    ]
    (archive / "a.dcm").write_bytes(
        ct(
            ImageType=["ORIGINAL", "PRIMARY"], PixelSpacing=["0.5", "0.25"], StudyTime="101112.5", ICCProfile=b"abcd",
            AcquisitionDateTime="20260131101112.123456+0100", FrameIncrementPointer=0x00181063, StudyDate="unknown",
        )
    )  # fmt: skip
    check(archive, cache, [*tags, "StudyDate"])
    check(archive, cache, [*tags, "StudyDate"])
