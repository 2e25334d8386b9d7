# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``turbodicom import``: arrays and records, what is kept, what a killed run leaves, disks that are full, bad input."""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import turbodicom as td
from pydicom import uid
from pydicom.dataset import Dataset, FileMetaDataset
from turbodicom import cli

sys.path.insert(0, os.path.dirname(__file__))

from volume_files import enhanced, oblique, pixels_of, positions, series, slice_of, write

FIRST, SECOND = "1.2.3.1", "1.2.3.2"


@pytest.fixture
def archive(tmp_path):
    """Return a folder with two series, of 4 and of 3 files."""
    series(tmp_path / "in/a", positions(4))
    series(tmp_path / "in/b", positions(3), SeriesInstanceUID=SECOND)
    return tmp_path / "in"


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def run(*arguments):
    return cli.main(["import", *map(str, arguments)])


def name_of(series_uid):
    return hashlib.sha256(series_uid.encode()).hexdigest()[:24] + ".npy"


def records(out):
    return json.loads((out / "series.json").read_bytes())


def record_of(out, series_uid):
    (found,) = (record for record in records(out) if record["SeriesInstanceUID"] == series_uid)
    return found


def arrays_in(out):
    return sorted(path.name for path in out.glob("*.npy"))


def marks(out):
    """What changes when an array is written again."""
    return {path.name: path.stat().st_ino for path in out.glob("*.npy")}


def parts(out):
    return [name for name in os.listdir(out) if name.endswith(".part")]


# -- what is made ------------------------------------------------------------------------------------------


def test_each_series_becomes_an_array_and_a_record(archive, out):
    assert run(archive, "-o", out) == 0
    assert arrays_in(out) == sorted([name_of(FIRST), name_of(SECOND)])
    for record in records(out):
        volume = td.volume(record["files"])
        array = np.load(out / record["array"], mmap_mode="r")
        assert np.array_equal(array, volume.array)
        assert (record["shape"], record["dtype"]) == (list(volume.shape), volume.dtype.str)
        assert record["affine"] == volume.affine.tolist()
        assert record["spacing"] == list(volume.spacing)
        assert record["rescale"] == [1.0, -1024.0]
        assert (record["findings"], record["error"]) == ([], None)
    assert record_of(out, FIRST)["files"] == [str(archive / f"a/{k:04}.dcm") for k in range(4)]


def test_values_and_dtype_are_those_asked_for(archive, out):
    assert run(archive, "-o", out, "--values", "modality", "--dtype", "float64") == 0
    array = np.load(out / name_of(FIRST))
    assert array.dtype == np.float64
    assert np.array_equal(array[0], pixels_of(1) - 1024.0)


def test_files_are_recorded_in_the_order_of_the_patient(tmp_path, out):
    series(tmp_path / "in", positions(4)[::-1])
    assert run(tmp_path / "in", "-o", out) == 0
    names = [os.path.basename(path) for path in record_of(out, FIRST)["files"]]
    assert names == ["0003.dcm", "0002.dcm", "0001.dcm", "0000.dcm"]
    assert np.array_equal(np.load(out / name_of(FIRST))[0], pixels_of(4))


def test_the_index_is_the_scan_of_the_same_files(archive, out):
    pyarrow = pytest.importorskip("pyarrow.parquet")
    assert run(archive, "-o", out) == 0
    assert pyarrow.read_table(out / "index.parquet").equals(td.scan(archive).to_arrow())


def test_the_tags_of_the_index_are_those_asked_for_and_what_arrays_need(archive, out):
    pyarrow = pytest.importorskip("pyarrow.parquet")
    assert run(archive, "-o", out, "--tags", "PatientID,Rows") == 0
    columns = pyarrow.read_table(out / "index.parquet").column_names
    assert {"PatientID", "SeriesInstanceUID", "ImagePositionPatient"} <= set(columns)
    assert "PatientName" not in columns


def test_without_pyarrow_the_index_is_a_csv_file(archive, out, run_child):
    source = "import sys\nsys.modules['pyarrow'] = None\nimport importlib.util\n"
    source += "find = importlib.util.find_spec\n"
    source += (
        "importlib.util.find_spec = lambda name, *rest: None if name == 'pyarrow' else find(name, *rest)\n"
    )
    source += "from turbodicom import cli\nsys.exit(cli.main(['import', sys.argv[1], '-o', sys.argv[2]]))"
    for _ in range(2):
        child = run_child(source, archive, out)
        assert child.returncode == 0, child.stderr
    assert "2 kept" in child.stdout
    assert not (out / "index.parquet").exists()
    lines = (out / "index.csv").read_text().splitlines()
    assert lines[0].startswith("path,size,mtime,inode,transfer_syntax,")
    assert len(lines) == 1 + 7


def test_nothing_of_a_file_gets_into_the_name_of_another(tmp_path, out):
    evil = "../../evil"
    with pytest.warns(UserWarning, match="Invalid value"):
        series(tmp_path / "in", positions(2), SeriesInstanceUID=evil)
    assert run(tmp_path / "in", "-o", out) == 0
    assert arrays_in(out) == [name_of(evil)]
    assert sorted(os.listdir(tmp_path)) == ["in", "out"]


def test_images_of_another_size_or_orientation_are_arrays_of_their_own(tmp_path, out):
    slices = [slice_of(k + 1, place) for k, place in enumerate(positions(3))]
    slices += [slice_of(4, (0, 0, 0), shape=(4, 4))]
    slices += [
        slice_of(k + 5, place, oblique()) for k, place in enumerate(positions(2, orientation=oblique()))
    ]
    write(tmp_path / "in", slices)
    assert run(tmp_path / "in", "-o", out) == 0
    base = name_of(FIRST).removesuffix(".npy")
    assert arrays_in(out) == [f"{base}-{part}.npy" for part in (1, 2, 3)]
    assert sorted(record["shape"] for record in records(out)) == [[1, 4, 4], [2, 8, 6], [3, 8, 6]]


def test_a_multi_frame_file_is_an_array_of_its_own_with_its_frames_in_order(tmp_path, out):
    dataset = enhanced(positions(3)[::-1])
    dataset.SeriesInstanceUID = SECOND
    write(tmp_path / "in", [dataset])
    assert run(tmp_path / "in", "-o", out) == 0
    record = record_of(out, SECOND)
    assert (record["shape"], record["frames"]) == ([3, 8, 6], [2, 1, 0])
    assert np.array_equal(np.load(out / record["array"])[0], pixels_of(3))


def test_a_file_named_twice_is_one_slice(archive, out):
    assert run(archive, archive / "a", "-o", out) == 0
    assert record_of(out, FIRST)["shape"] == [4, 8, 6]


def test_findings_are_recorded_and_counted(tmp_path, out, capsys):
    series(tmp_path / "in", positions(6, leave_out=(3,)))
    assert run(tmp_path / "in", "-o", out) == 0
    assert [finding["code"] for finding in record_of(out, FIRST)["findings"]] == ["gap"]
    assert "1       gap" in capsys.readouterr().out


# -- what is kept ------------------------------------------------------------------------------------------


def test_a_second_run_keeps_everything(archive, out, capsys):
    run(archive, "-o", out)
    before, said = marks(out), records(out)
    capsys.readouterr()
    assert run(archive, "-o", out) == 0
    assert (marks(out), records(out)) == (before, said)
    assert "0 arrays of 0 files" in (text := capsys.readouterr().out)
    assert "2 kept" in text


def test_only_the_series_that_changed_is_read_again(archive, out):
    run(archive, "-o", out)
    before = marks(out)
    slice_of(3, positions(3)[2], pixels=pixels_of(77), SeriesInstanceUID=SECOND).save_as(
        archive / "b/0002.dcm", enforce_file_format=True
    )
    assert run(archive, "-o", out) == 0
    after = marks(out)
    assert after[name_of(FIRST)] == before[name_of(FIRST)]
    assert after[name_of(SECOND)] != before[name_of(SECOND)]
    assert np.array_equal(np.load(out / name_of(SECOND))[2], pixels_of(77))


def overwrite(path):
    path.write_bytes(bytes(path.stat().st_size))


@pytest.mark.parametrize("damage", [os.unlink, lambda path: os.truncate(path, 200), overwrite])
def test_an_array_that_is_not_there_or_not_as_it_was_is_made_again(archive, out, damage):
    run(archive, "-o", out)
    before = marks(out)
    damage(out / name_of(FIRST))
    assert run(archive, "-o", out) == 0
    assert np.load(out / name_of(FIRST)).shape == (4, 8, 6)
    assert marks(out)[name_of(SECOND)] == before[name_of(SECOND)]


def test_other_options_make_other_arrays(archive, out):
    run(archive, "-o", out)
    assert run(archive, "-o", out, "--values", "modality") == 0
    assert {record["dtype"] for record in records(out)} == {"<f4"}


def test_a_broken_file_beside_it_does_not_have_a_series_read_again(archive, out):
    run(archive, "-o", out)
    before = marks(out)
    os.symlink("nowhere", archive / "a/dangling")
    assert run(archive, "-o", out) == 3
    assert marks(out) == before


def test_series_of_an_earlier_run_stay_on_record(archive, out, capsys):
    run(archive / "a", "-o", out)
    assert run(archive / "b", "-o", out) == 0
    assert "belong to no series" not in capsys.readouterr().out
    assert {record["SeriesInstanceUID"] for record in records(out)} == {FIRST, SECOND}


def test_arrays_that_belong_to_nothing_any_more_are_named_and_not_removed(archive, out, capsys):
    run(archive, "-o", out)
    slice_of(9, (0, 0, 0), shape=(4, 4)).save_as(archive / "a/9.dcm", enforce_file_format=True)
    assert run(archive, "-o", out) == 0
    assert f"1 arrays in the folder belong to no series any more: {name_of(FIRST)}" in capsys.readouterr().out
    assert (out / name_of(FIRST)).exists()


def test_a_torn_journal_is_read_as_far_as_it_goes(archive, out):
    run(archive, "-o", out)
    before = marks(out)
    lines = [json.dumps(record) for record in records(out)]
    (out / "series.json").unlink()
    (out / ".series.journal").write_text(lines[0] + "\n" + lines[1][:100])
    assert run(archive, "-o", out) == 0
    after = marks(out)
    assert [after[name] == before[name] for name in map(name_of, (FIRST, SECOND))] == [True, False]
    assert not (out / ".series.journal").exists()


def test_parts_of_a_killed_run_are_removed_and_nothing_else(archive, out):
    out.mkdir()
    part, index_part = f".{name_of(FIRST)}.part", ".index.parquet.0123456789abcdef.part"
    for name in (part, index_part, ".mine.part", "notes.txt"):
        (out / name).write_text("x")
    assert run(archive, "-o", out) == 0
    assert {".mine.part", "notes.txt"} <= set(os.listdir(out))
    assert not {part, index_part} & set(os.listdir(out))


# -- runs that end early -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Return a folder with 60 series of 3 slices."""
    folder = tmp_path_factory.mktemp("many")
    for number in range(60):
        slices = [
            slice_of(
                k + 1,
                place,
                shape=(128, 128),
                SeriesInstanceUID=f"1.2.3.{number}",
                SOPInstanceUID=f"1.2.{number}.{k}",
            )
            for k, place in enumerate(positions(3))
        ]
        write(folder / f"{number:02}", slices)
    return folder


def start(source, out, prepare=""):
    code = f"import sys\n{prepare}\nfrom turbodicom import cli\nsys.exit(cli.main(['import', sys.argv[1], '-o', sys.argv[2]]))"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", code, str(source), str(out)]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


# One array takes 20 ms more, so that a signal comes in the middle.
SLOW = """
import signal, time
import turbodicom as td
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background inherits "ignore"
volume = td.volume
def slow(*arguments, **keywords):
    result = volume(*arguments, **keywords)
    time.sleep(0.02)
    return result
td.volume = slow
"""


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130), (signal.SIGTERM, 128 + signal.SIGTERM)],
)
def test_a_run_that_was_ended_leaves_whole_files_and_the_next_one_continues(many, out, capsys, number, code):
    child = start(many, out, SLOW)
    deadline = time.monotonic() + 60
    while (
        not (out.exists() and len(arrays_in(out)) >= 5)
        and child.poll() is None
        and time.monotonic() < deadline
    ):
        time.sleep(0.005)
    child.send_signal(number)
    child.communicate(timeout=60)
    assert child.returncode == code
    done = arrays_in(out)
    assert 5 <= len(done) < 60
    for name in done:
        assert np.load(out / name).shape == (3, 128, 128)
    if number != signal.SIGKILL:
        assert parts(out) == []
        assert {record["array"] for record in records(out)} <= set(done)
    before = marks(out)
    assert run(many, "-o", out) == 0
    assert int(capsys.readouterr().out.split(" kept")[0].rpartition(" ")[2]) >= len(done) - 1
    assert sum(marks(out)[name] == before[name] for name in done) >= len(done) - 1
    assert len(records(out)) == len(arrays_in(out)) == 60
    assert parts(out) == []


def test_a_file_that_may_not_grow_is_a_clear_error_and_no_array(many, out):
    limit = 3 * 128 * 128 * 2 + 1000  # index and records do fit
    prepare = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({limit},) * 2)"
    big = out.parent / "big"
    write(
        big,
        [
            slice_of(k, place, shape=(256, 256), SeriesInstanceUID="1.2.4")
            for k, place in enumerate(positions(3))
        ],
    )
    child = start(big, out, prepare)
    _, said = child.communicate(timeout=60)
    assert child.returncode == 1
    assert f"{out / name_of('1.2.4')}: File too large" in said
    assert "Traceback" not in said
    assert arrays_in(out) == parts(out) == []
    assert run(big, "-o", out) == 0


@contextlib.contextmanager
def small_disk(folder, kibibytes):
    """Mount a file system of a size; skips where that is not allowed."""
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={kibibytes}k", "tmpfs", str(folder)]
    if (
        shutil.which("mount") is None
        or subprocess.run(["mount", *options], capture_output=True, check=False).returncode
    ):
        pytest.skip("only root may mount the small file system that gets full here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_a_clear_error_and_the_run_continues_on_a_larger_one(many, out):
    with small_disk(out, 2000):  # room for about 15 of 60 arrays
        child = start(many, out)
        _, said = child.communicate(timeout=120)
        assert child.returncode == 1
        assert "No space left on device" in said
        assert "Traceback" not in said
        done = arrays_in(out)
        assert 5 <= len(done) < 60
        for name in done:
            assert np.load(out / name).shape == (3, 128, 128)
        assert parts(out) == []
        before = marks(out)
        subprocess.run(["mount", "-o", "remount,size=64m", str(out)], check=True)
        assert run(many, "-o", out) == 0
        assert {name: marks(out)[name] for name in done} == before
        assert len(arrays_in(out)) == 60


def test_two_imports_into_one_folder_at_once_are_refused(archive, out, capsys):
    fcntl = pytest.importorskip("fcntl")
    out.mkdir()
    with open(out / ".lock", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert run(archive, "-o", out) == 1
    assert capsys.readouterr().err == f"turbodicom import: another import is writing into {out}\n"
    assert arrays_in(out) == []


def test_memory_does_not_grow_with_the_series(tmp_path, out):
    """The array is mapped: a series of 96 MiB is imported with 48 MiB of memory beside what one of 1 MiB takes."""
    pixels = np.zeros((1024, 1024), "<i2")
    for folder, count in (("small", 1), ("large", 48)):
        write(
            tmp_path / folder,
            [slice_of(k + 1, place, pixels=pixels) for k, place in enumerate(positions(count))],
        )
    report = "import atexit, re\nread = lambda: print(re.search(r'VmData:\\s+(\\d+)', open('/proc/self/status').read())[1])"
    report += "\nimport turbodicom as td\nvolume = td.volume\n"
    report += (
        "def told(*a, **k):\n    result = volume(*a, **k)\n    read()\n    return result\ntd.volume = told"
    )
    if not os.path.exists("/proc/self/status"):
        pytest.skip("memory is read from /proc/self/status, which only Linux has")
    used = {}
    for folder in ("small", "large"):
        child = start(tmp_path / folder, out, report)
        said, errors = child.communicate(timeout=120)
        assert child.returncode == 0, errors
        used[folder] = int(said.split()[0])
    assert used["large"] - used["small"] < 48 * 1024


# -- bad input ---------------------------------------------------------------------------------------------


def test_a_truncated_file_costs_its_series_and_no_other(archive, out, capsys):
    path = archive / "a/0001.dcm"
    os.truncate(path, path.stat().st_size - 20)
    assert run(archive, "-o", out) == 3
    assert arrays_in(out) == [name_of(SECOND)]
    record = record_of(out, FIRST)
    assert record["array"] is None
    assert str(path) in record["error"]
    assert "1 errors" in capsys.readouterr().out


def test_what_can_be_had_of_a_damaged_series_is_an_array_with_a_finding(archive, out):
    path = archive / "a/0001.dcm"
    slice_of(2, positions(2)[1], syntax=uid.RLELossless).save_as(path, enforce_file_format=True)
    data = path.read_bytes()
    path.write_bytes(data[:-40] + bytes([0x80]) * 40)  # no-operations instead of runs (PS3.5 G.3.2)
    for _ in range(2):
        assert run(archive, "-o", out, "--on-error", "report") == 3
    assert [finding["code"] for finding in record_of(out, FIRST)["findings"]] == ["damaged"]
    assert np.array_equal(np.load(out / name_of(FIRST))[0], pixels_of(1))


def test_a_file_cut_in_its_header_is_missed_by_its_series(archive, out):
    path = archive / "a/0001.dcm"
    os.truncate(path, path.read_bytes().index(b"\x28\x00\x10\x00US") + 9)  # in the value of Rows
    assert run(archive, "-o", out) == 3
    assert str(path) in record_of(out, FIRST)["error"]
    assert arrays_in(out) == [name_of(SECOND)]
    assert run(archive, "-o", out, "--on-error", "report") == 3
    record = record_of(out, FIRST)
    assert record["shape"] == [3, 8, 6]
    assert "not_read" in [finding["code"] for finding in record["findings"]]


def test_files_whose_pixels_are_gone_are_left_out_when_errors_are_reported(archive, out):
    dataset = slice_of(2, positions(2)[1])
    del dataset.PixelData
    dataset.save_as(archive / "a/0001.dcm", enforce_file_format=True)
    assert run(archive, "-o", out, "--on-error", "report") == 3
    record = record_of(out, FIRST)
    assert record["shape"] == [3, 8, 6]
    assert "not_read" in [finding["code"] for finding in record["findings"]]


def test_strict_refuses_slices_that_make_no_grid(tmp_path, out, capsys):
    series(tmp_path / "in", positions(6, leave_out=(3,)))
    assert run(tmp_path / "in", "-o", out, "--strict") == 1
    assert arrays_in(out) == []
    assert "no regular grid" in record_of(out, FIRST)["error"]
    assert "nothing could be imported" in capsys.readouterr().err


def test_frames_of_several_stacks_are_reported(tmp_path, out):
    write(tmp_path / "in", [enhanced(positions(4), stacks=[1, 1, 2, 2])])
    assert run(tmp_path / "in", "-o", out) == 1
    assert "frames" in record_of(out, FIRST)["error"]


@pytest.mark.parametrize(
    "lies",
    [{"Rows": 16384, "Columns": 16384, "syntax": uid.RLELossless}, {"NumberOfFrames": 5592405}],
    ids=["of a coded frame", "of native frames"],
)
def test_headers_that_the_bytes_cannot_justify_reserve_nothing(archive, out, lies, monkeypatch):
    dataset = slice_of(1, (0, 0, 0), syntax=lies.pop("syntax", None))
    dataset.update({keyword: value for keyword, value in lies.items()})
    shutil.rmtree(archive / "a")
    dataset.save_as(archive / "lies.dcm", enforce_file_format=True)
    reserved = []
    monkeypatch.setattr(os, "posix_fallocate", lambda *arguments: reserved.append(arguments[-1]))
    assert run(archive, "-o", out) == 3
    assert "the headers speak of 5368" in record_of(out, FIRST)["error"]
    assert reserved == [3 * 8 * 6 * 2]
    assert arrays_in(out) == [name_of(SECOND)]


def test_files_without_pixels_are_no_errors(archive, out, capsys):
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID, dataset.SeriesInstanceUID = (
        uid.BasicTextSRStorage,
        "1.2.9",
        "1.2.8",
    )
    dataset.save_as(archive / "report.dcm", enforce_file_format=True)
    assert run(archive, "-o", out) == 0
    assert "1 files have no pixels" in capsys.readouterr().out


def test_an_image_of_no_series_is_an_error(archive, out, capsys):
    slice_of(1, (0, 0, 0), SeriesInstanceUID=None).save_as(archive / "lost.dcm", enforce_file_format=True)
    assert run(archive, "-o", out) == 3
    assert "an image without Series Instance UID" in capsys.readouterr().out


def test_files_that_are_no_dicom_are_errors_grouped_by_kind(archive, out, capsys):
    for number in range(5):
        (archive / f"{number}.txt").write_text("text, not an image")
    os.mkfifo(archive / "pipe")
    assert run(archive, "-o", out) == 3
    said = capsys.readouterr().out
    assert "5 errors" in said
    assert said.count("not a DICOM file") == 1
    assert str(archive / "0.txt") in said


def test_a_dtype_that_cannot_hold_the_values_is_an_error_of_the_series(archive, out):
    assert run(archive, "-o", out, "--dtype", "uint8") == 1
    assert "uint8" in record_of(out, FIRST)["error"]
    assert arrays_in(out) == parts(out) == []


def test_no_file_at_all_is_a_failure(tmp_path, out, capsys):
    (tmp_path / "empty").mkdir()
    assert run(tmp_path / "empty", "-o", out) == 1
    assert "there is no file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--tags", "PatientNmae"], "PatientNmae"),
        (["--dtype", "float3"], "float3"),
        (["--dtype", "bool"], "not bool"),
        (["-j", "0"], "workers"),
        (["-o", "IN/within"], "OUT must not lie in what is imported"),
        (["-o", "IN/a/0000.dcm"], "OUT must"),
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(archive, out, capsys, options, expected):
    options = [option.replace("IN", str(archive)) for option in options]
    if "-o" not in options:
        options += ["-o", str(out)]
    assert run(archive, *options) == 2
    assert expected in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    "text",
    [
        "not JSON",
        '{"a": 1}',
        '[{"SeriesInstanceUID": "1", "array": "../x.npy", "findings": []}]',
        "[" * 100000,
    ],
)
def test_a_record_that_is_none_of_ours_is_not_overwritten(archive, out, capsys, text):
    out.mkdir()
    (out / "series.json").write_text(text)
    assert run(archive, "-o", out) == 1
    assert (out / "series.json").read_text() == text
    assert "was not written by an import" in capsys.readouterr().err
    assert arrays_in(out) == []


@pytest.mark.parametrize("line", ["[]", "7", "{}", '{"array": []}', "nonsense", "\udcff", "[" * 100000])
def test_lines_of_a_journal_that_mean_nothing_are_passed_over(archive, out, line):
    run(archive, "-o", out)
    before = marks(out)
    (out / ".series.journal").write_bytes(os.fsencode(line) + b"\n")
    assert run(archive, "-o", out) == 0
    assert marks(out) == before


def test_a_file_that_vanishes_costs_its_series(archive, out, monkeypatch):
    scan = td.scan

    def then_gone(sources, *arguments, **keywords):
        table = scan(sources, *arguments, **keywords)
        if sources:
            (archive / "a/0002.dcm").unlink()
        return table

    monkeypatch.setattr(td, "scan", then_gone)
    assert run(archive, "-o", out) == 3
    error = record_of(out, FIRST)["error"]
    assert error.startswith(f"{archive / 'a/0002.dcm'}: ")
    assert error.endswith("No such file or directory")
    assert arrays_in(out) == [name_of(SECOND)]


def test_quiet_says_nothing(archive, out, capsys):
    assert run(archive, "-o", out, "-q") == 0
    assert tuple(capsys.readouterr()) == ("", "")


@pytest.mark.filterwarnings("ignore:volume")
def test_corpus_series_are_imported_as_volume_reads_them(corpus, out):
    assert run(corpus / "dicom", "-o", out, "-q") in (0, 3)
    made = [record for record in records(out) if record["array"]]
    assert len(made) > 10
    for record in made:
        volume = td.volume(list(dict.fromkeys(record["files"])))
        assert np.array_equal(np.load(out / record["array"]), volume.array, equal_nan=True), record["files"][
            0
        ]
