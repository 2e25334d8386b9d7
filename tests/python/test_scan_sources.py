# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""What td.scan reads: folders, files, globs, iterables, DICOMDIR; links, and trees that are hostile."""

import os
import socket
import sys
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pydicom
import pytest
import turbodicom as td
from pydicom.fileset import FileSet
from pydicom.uid import DeflatedExplicitVRLittleEndian

sys.path.insert(0, str(Path(__file__).parent))

from exercise import mutations
from scan_files import ct, tree


def names(table, folder):
    """Return the paths of a table below a folder."""
    return [os.path.relpath(path, folder) for path in table["path"]]


def numbers(table):
    """Return the Instance Numbers that there are."""
    column = table["InstanceNumber"]
    return [int(number) for number in column if not np.isnan(number)]


@pytest.fixture
def archive(tmp_path):
    """Return a folder with 6 files in 3 folders."""
    tree(tmp_path / "archive", 6, per_folder=2)
    return tmp_path / "archive"


@pytest.mark.parametrize("kind", [str, Path])
def test_one_file_or_folder_may_be_named_by_text_or_path(archive, kind):
    assert len(td.scan(kind(archive), ["Rows"])) == 6
    assert len(td.scan(kind(archive / "d000" / "000.dcm"), ["Rows"])) == 1


def test_sources_keep_their_order_and_may_repeat(archive):
    sources = [archive / "d002", str(archive / "d000" / "001.dcm"), archive / "d000"]
    assert numbers(td.scan(sources, ["InstanceNumber"])) == [5, 6, 2, 1, 2]
    assert numbers(td.scan(iter(sources), ["InstanceNumber"])) == [5, 6, 2, 1, 2]


def test_without_recursion_only_the_files_of_the_folder_are_read(archive):
    (archive / "top.dcm").write_bytes(ct(9))
    assert numbers(td.scan(archive, ["InstanceNumber"], recursive=False)) == [9]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("d00[02]/*.dcm", [1, 2, 5, 6]),
        ("**/001.dcm", [2, 4, 6]),
        ("**", [1, 2, 3, 4, 5, 6]),
        ("d001/**", [3, 4]),
        ("**/d001/**/00?.dcm", [3, 4]),
        ("*/000.*", [1, 3, 5]),
        ("d*", [1, 2, 3, 4, 5, 6]),
    ],
)
def test_globs_are_expanded_in_order(archive, pattern, expected):
    assert numbers(td.scan(f"{archive}/{pattern}", ["InstanceNumber"])) == expected


def test_relative_globs_and_paths_stay_relative(archive, monkeypatch):
    monkeypatch.chdir(archive)
    assert td.scan("d00?/000.dcm", [])["path"] == ["d000/000.dcm", "d001/000.dcm", "d002/000.dcm"]
    assert td.scan("d001", [])["path"] == ["d001/000.dcm", "d001/001.dcm"]


def test_a_name_with_pattern_characters_that_exists_is_no_pattern(tmp_path):
    (tmp_path / "a[1].dcm").write_bytes(ct(1))
    (tmp_path / "a1.dcm").write_bytes(ct(2))
    assert numbers(td.scan(tmp_path / "a[1].dcm", ["InstanceNumber"])) == [1]


def test_a_glob_without_a_match_and_a_missing_file_are_rows_with_an_error(tmp_path):
    table = td.scan([f"{tmp_path}/*.dcm", tmp_path / "gone.dcm", ""], ["Rows"])
    assert len(table.errors) == 3
    assert {error["error_offset"] for error in table.errors} == {None}


def test_globs_do_not_go_through_loops_of_links(archive):
    for name in ("one", "two"):
        (archive / name).symlink_to(".")
    assert numbers(td.scan(f"{archive}/**/*.dcm", ["InstanceNumber"])) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("source", [b"a.dcm", [b"a.dcm"], 5, [None], bytearray(b"a"), [["a"]]])
def test_what_is_no_path_is_a_type_error(source):
    with pytest.raises(TypeError):
        td.scan(source, ["Rows"])


def test_a_nul_character_in_a_path_is_a_value_error():
    with pytest.raises(ValueError, match="NUL"):
        td.scan("a\0b", ["Rows"])


# -- links ---------------------------------------------------------------------------------------------


def test_links_to_folders_are_followed_only_when_asked_for_and_each_folder_once(archive):
    (archive / "d000" / "up").symlink_to("..")
    (archive / "e").symlink_to("d001")
    (archive / "self").symlink_to("self")
    (archive / "d000" / "link.dcm").symlink_to("000.dcm")
    plain = td.scan(archive, ["InstanceNumber"])
    assert numbers(plain) == [1, 2, 1, 3, 4, 5, 6]
    followed = td.scan(archive, ["InstanceNumber"], follow_links=True)
    assert sorted(numbers(followed)) == [1, 1, 2, 3, 4, 5, 6]


# -- DICOMDIR ------------------------------------------------------------------------------------------


@pytest.fixture
def file_set(tmp_path):
    """Return the DICOMDIR of a file set of 4 images."""
    made = FileSet()
    for number in range(1, 5):
        path = tmp_path / f"{number}.dcm"
        path.write_bytes(
            ct(number, PatientName="A", StudyDate="20260101", StudyTime="10", StudyID="1", SeriesNumber=1)
        )
        made.add(path)
    made.write(tmp_path / "set")
    return tmp_path / "set" / "DICOMDIR"


def test_a_dicomdir_stands_for_the_files_it_refers_to(file_set):
    table = td.scan(file_set, ["InstanceNumber"])
    assert table.errors == []
    assert sorted(numbers(table)) == [1, 2, 3, 4]
    assert all(path.startswith(str(file_set.parent)) for path in table["path"])


def test_a_dicomdir_met_in_a_folder_is_a_file_like_others(file_set):
    table = td.scan(file_set.parent, ["InstanceNumber"])
    assert len(table) == 5
    assert table.errors == []


def test_a_dicomdir_among_other_sources_is_a_file_so_that_each_path_has_its_row(file_set):
    paths = td.scan(file_set.parent, [])["path"]
    assert str(file_set) in paths
    assert td.scan(paths, [])["path"] == paths
    assert td.scan([file_set], [])["path"] == [str(file_set)]


def test_a_missing_file_of_a_dicomdir_is_a_row_with_an_error(file_set):
    gone = td.scan(file_set, [])["path"][1]
    os.unlink(gone)
    table = td.scan(file_set, ["InstanceNumber"])
    assert [error["path"] for error in table.errors] == [gone]
    assert len(table) == 4


def test_a_file_named_dicomdir_that_is_none_is_a_row(tmp_path):
    (tmp_path / "DICOMDIR").write_text("no DICOM")
    assert len(td.scan(tmp_path / "DICOMDIR", []).errors) == 1
    (tmp_path / "DICOMDIR").write_bytes(ct(3))
    assert numbers(td.scan(tmp_path / "DICOMDIR", ["InstanceNumber"])) == [3]


@pytest.mark.filterwarnings("ignore:.*VR CS:UserWarning")
@pytest.mark.parametrize(
    "identifier",
    [
        ["..", "secret.dcm"],
        ["/", "secret.dcm"],
        ["OUT", "secret.dcm"],
        ["A"] * 70,
        ["a/../../secret.dcm"],
        ["..", "set", "DICOMDIR"],
    ],
)
def test_references_out_of_the_folder_of_a_dicomdir_are_left_out(file_set, tmp_path, identifier):
    (tmp_path / "secret.dcm").write_bytes(ct(66))
    (file_set.parent / "OUT").symlink_to(tmp_path)
    ds = pydicom.dcmread(file_set)
    images = [record for record in ds.DirectoryRecordSequence if "ReferencedFileID" in record]
    images[0].ReferencedFileID = identifier
    ds.save_as(file_set)
    with pytest.warns(RuntimeWarning, match="1 references"):
        table = td.scan(file_set, ["InstanceNumber"])
    assert len(table) == 3
    assert 66 not in numbers(table)


@pytest.mark.parametrize("kept", [0.9, 0.5, 0.3])
def test_a_dicomdir_that_is_cut_short_is_warned_of(file_set, kept):
    data = file_set.read_bytes()
    file_set.write_bytes(data[: int(len(data) * kept)])
    with pytest.warns(RuntimeWarning, match="cut short"):
        td.scan(file_set, ["InstanceNumber"])


def test_every_prefix_of_a_dicomdir_gives_rows_and_no_exception(file_set):
    data = file_set.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for size in range(0, len(data), 7):
            file_set.write_bytes(data[:size])
            td.scan(file_set, ["InstanceNumber"])


# -- hostile trees -------------------------------------------------------------------------------------


def test_everything_that_is_no_dicom_file_is_an_error_or_passed_over_and_nothing_hangs(tmp_path):
    (tmp_path / "a.txt").write_text("text")
    (tmp_path / "b.empty").write_bytes(b"")
    os.mkfifo(tmp_path / "c.fifo")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "d.socket"))
        (tmp_path / "e.dangling").symlink_to("nowhere")
        (tmp_path / "f.dcm").write_bytes(ct(5))
        (tmp_path / "g.cut").write_bytes(ct(6)[:200])
        (tmp_path / "h.fifo").symlink_to("c.fifo")
        table = td.scan(tmp_path, ["InstanceNumber"])
        explicit = td.scan(
            [tmp_path / "c.fifo", tmp_path / "d.socket", tmp_path / "h.fifo", "/dev/zero"], ["InstanceNumber"]
        )
    assert numbers(table) == [5]
    broken = {os.path.basename(error["path"]) for error in table.errors}
    assert {"a.txt", "b.empty"} <= broken <= {"a.txt", "b.empty", "e.dangling", "g.cut", "h.fifo"}
    assert "c.fifo" not in names(table, tmp_path)
    assert len(explicit) == len(explicit.errors) == 4


@pytest.mark.parametrize("prefix", [b"", bytes(128) + b"DICM"])
def test_ten_gibibytes_of_zeros_are_an_error_at_once(tmp_path, prefix):
    with open(tmp_path / "zeros", "wb") as file:
        file.write(prefix)
        file.truncate(10 << 30)
    table = td.scan(tmp_path, pixel_offset=True)
    assert len(table.errors) == 1


def test_mutated_files_are_rows_and_the_columns_stay_valid(small_files, tmp_path):
    foreign = {
        "SpecificCharacterSet": ["", "ISO 2022 IR 87", "ISO 2022 IR 149"],
        "PatientName": "\u5c71\u7530^\u592a\u90ce",
    }
    seeds = small_files | {
        "charset": ct(**foreign),
        "deflated charset": ct(syntax=DeflatedExplicitVRLittleEndian, **foreign),
        "utf-8": ct(
            SpecificCharacterSet="ISO_IR 192",
            PatientName="\u5c71\u7530",
            StudyDate="20260131",
            StudyTime="101112.5",
        ),
    }
    for number, (_, data) in enumerate(mutations(seeds, 5, 3000)):
        (tmp_path / f"{number:05}").write_bytes(data)
    tags = (
        *td.DEFAULT_TAGS,
        "ReferencedImageSequence[0].PurposeOfReferenceCodeSequence[1].CodeValue",
        '(0011,"TURBODICOM",01)',
    )
    table = td.scan(tmp_path, tags, pixel_offset=True)
    assert len(table) == 3000
    assert 30 < len(table.errors) < 2500
    pytest.importorskip("pyarrow").table(table).validate(full=True)
    assert sum(1 for _ in table) == 3000
    table.series()


def test_files_that_vanish_or_shrink_before_they_are_read_are_rows(archive):
    def paths():
        for path in sorted(archive.rglob("*.dcm")):
            if path.name == "000.dcm":
                path.unlink()
            else:
                os.truncate(path, 300)
            yield path

    table = td.scan(paths(), ["InstanceNumber", "PixelRepresentation"])
    assert len(table) == 6
    assert [os.path.basename(error["path"]) for error in table.errors if error["error_offset"] is None] == [
        "000.dcm"
    ] * 3


def test_files_that_shrink_and_grow_while_they_are_read_end_nothing(archive):
    stop = threading.Event()
    path = archive / "d000" / "000.dcm"
    data = path.read_bytes()

    def change():
        while not stop.is_set():
            os.truncate(path, 140)
            path.write_bytes(data)

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(200):
            assert len(td.scan(archive, pixel_offset=True)) == 6
    finally:
        stop.set()
        thread.join()


@pytest.mark.skipif(sys.platform != "linux", reason="the file system may refuse such names")
def test_a_name_that_is_not_utf8_is_a_row_with_an_error(tmp_path):
    with open(os.fsencode(tmp_path) + b"/\xff.dcm", "wb") as file:
        file.write(ct(1))
    (tmp_path / "b.dcm").write_bytes(ct(2))
    table = td.scan(tmp_path, ["InstanceNumber"])
    assert numbers(table) == [2]
    (error,) = table.errors
    assert error["path"] == str(tmp_path / "\ufffd.dcm")
    table.to_arrow().validate(full=True)


def test_a_folder_that_cannot_be_read_is_a_row_with_an_error(tmp_path):
    path = tmp_path
    (tmp_path / "b.dcm").write_bytes(ct(2))
    (tmp_path / "loop").symlink_to("loop")
    table = td.scan([path / "loop" / "x", path], ["InstanceNumber"])
    assert table.errors[0]["path"] == str(path / "loop" / "x")
    assert numbers(table) == [2]


CHILD = """
import os, sys
import turbodicom as td
expected = td.scan(sys.argv[1], workers=2).to_arrow()
children = []
for _ in range(4):
    child = os.fork()
    if not child:
        os._exit(0 if td.scan(sys.argv[1], workers=2).to_arrow().equals(expected) else 1)
    children.append(child)
assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
"""


def test_a_forked_child_scans_too(run_child, tmp_path):
    pytest.importorskip("pyarrow")
    tree(tmp_path, 600, per_folder=300)
    child = run_child(CHILD, tmp_path, timeout=60)
    assert child.returncode == 0, child.stderr


# The scan would take minutes; an interrupt ends it.
INTERRUPT = """
import os, signal, sys, threading, time
import turbodicom as td
signal.signal(signal.SIGINT, signal.default_int_handler)
td.scan(sys.argv[1], ["Rows"])
paths = [sys.argv[1]] * 5_000_000
threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
start = time.monotonic()
try:
    CALL
    sys.exit("not interrupted")
except KeyboardInterrupt:
    assert time.monotonic() - start < 5
assert len(td.scan(sys.argv[1], ["Rows"], workers=2)) == 1
"""


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    "call", ["td.scan(paths, workers=WORKERS)", "for batch in td.scan_batches(paths, workers=WORKERS): pass"]
)
def test_an_interrupt_ends_a_scan(run_child, tmp_path, call, workers):
    (tmp_path / "a.dcm").write_bytes(ct())
    source = INTERRUPT.replace("CALL", call.replace("WORKERS", str(workers)))
    child = run_child(source, tmp_path / "a.dcm", timeout=120)
    assert child.returncode == 0, child.stderr


MEMORY = """
import resource, sys
import turbodicom as td
def paths(count):
    for number in range(count):
        yield sys.argv[1]
def peak(count):
    rows = sum(len(batch) for batch in td.scan_batches(paths(count), batch_rows=2048))
    assert rows == count
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
few = peak(20_000)
many = peak(200_000)
assert many - few < 8 * 1024, (few, many)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss has other units elsewhere")
def test_batches_of_ten_times_as_many_paths_take_no_more_memory(run_child, tmp_path):
    (tmp_path / "a.dcm").write_bytes(ct())
    child = run_child(MEMORY, tmp_path / "a.dcm", timeout=120)
    assert child.returncode == 0, child.stderr


EXIT = """
import sys, threading, time
import turbodicom as td
def forever():
    while True:
        td.scan(sys.argv[1], workers=2)
for _ in range(3):
    threading.Thread(target=forever, daemon=True).start()
time.sleep(0.05)
"""


def test_an_interpreter_may_exit_while_threads_scan_and_call_back(run_child, tmp_path):
    names = {"SpecificCharacterSet": ["", "ISO 2022 IR 87"], "PatientName": "\u5c71\u7530^\u592a\u90ce"}
    for number in range(300):
        syntax = {"syntax": DeflatedExplicitVRLittleEndian} if number % 3 == 0 else {}
        (tmp_path / f"{number}").write_bytes(ct(number, **names, **syntax))
    for _ in range(5):
        child = run_child(EXIT, tmp_path, timeout=60)
        assert child.returncode == 0, child.stderr


def test_many_threads_may_scan_at_once(tmp_path):
    paths = tree(tmp_path, 100)
    expected = list(td.scan(tmp_path))
    with ThreadPoolExecutor(8) as pool:
        for table in pool.map(lambda _: td.scan(tmp_path, workers=2), range(40)):
            assert list(table) == expected
    assert [row["path"] for row in expected] == paths
