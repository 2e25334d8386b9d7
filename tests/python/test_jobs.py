# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""_core.read_jobs and _core.resize: many files in one piece of work; what it refuses."""

import sys
from pathlib import Path

import numpy as np
import pytest
import turbodicom as td
from turbodicom import _core
from turbodicom._frames import frame_reader

sys.path.insert(0, str(Path(__file__).parent))

from batch_files import read_jobs, write_bad, write_series

CPU = "rgb", False


def reader(path):
    return frame_reader(td.read(path))


def rescale(dtype="f4"):
    return _core.ValueTransform("u2", 0, 4095, dtype, modality=("linear", 1.0, -1024.0))


@pytest.fixture
def files(tmp_path):
    return write_series(tmp_path)


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_frames_of_many_files_go_to_arrays_of_any_strides(files, workers):
    paths, images = files
    room = np.zeros((20, 24, len(paths), 2), "u2")
    out = room[..., 0].T
    rows = read_jobs([(reader(p), 0, k, None, None) for k, p in enumerate(paths)], out, *CPU, workers)
    assert np.array_equal(out, images)
    assert not room[..., 1].any()
    assert rows == [(0, None, None, 24, ())] * len(paths)


def test_a_list_of_transforms_gives_a_sample_each(files):
    paths, images = files
    double = _core.ValueTransform("u2", 0, 4095, "f4", modality=("linear", 2.0, 0.0))
    out = np.zeros((1, 24, 20, 2), "f4")
    read_jobs([(reader(paths[1]), 0, 0, [rescale(), double], None)], out, *CPU, 1)
    assert np.array_equal(out[0], np.stack([images[1] - 1024.0, images[1] * 2.0], -1))


def test_values_are_made_before_they_are_resized(files):
    paths, images = files
    small, again, resize = np.zeros((6, 5), "f4"), np.zeros((6, 5), "f4"), (6, 5, 0, 0, None)
    read_jobs([(reader(paths[1]), 0, 0, rescale(), resize)], small[None], *CPU, 1)
    _core.resize(np.asfortranarray(images[1] - np.float32(1024)), again, resize)
    assert np.array_equal(small, again)


def test_columns_of_other_lengths_are_refused(files):
    readers, out = _core.FrameReaders([reader(files[0][0])]), np.zeros((1, 24, 20), "u2")
    whole = [[0], [0], [None], [None]]
    for k in range(4):
        for bad in ([], [*whole[k], *whole[k]]):
            with pytest.raises(ValueError, match="as many"):
                _core.read_jobs(readers, *whole[:k], bad, *whole[k + 1 :], out, *CPU, 1)
    assert _core.read_jobs(readers, [0], [0], None, None, out, *CPU, 1) == [(0, None, None, 24, ())]


def test_the_first_bad_job_is_named(files, tmp_path):
    paths, _ = files
    cut, _, _ = write_bad(tmp_path)
    jobs = [(reader(p), 0, k, None, None) for k, p in enumerate((paths[0], cut, cut))]
    out = np.zeros((3, 24, 20), "u2")
    with pytest.raises(td.TruncatedDataError) as caught:
        read_jobs(jobs, out, *CPU, 2)
    assert caught.value.job == 1
    rows = read_jobs(jobs, out, "rgb", True, 2)
    assert [row[1] is None for row in rows] == [True, False, False]


def test_a_file_that_is_gone_is_an_os_error_or_data(files):
    paths, _ = files
    out = np.full((1, 24, 20), 7, "f4")
    job = (reader(paths[0]), 0, 0, rescale(), None)
    paths[0].unlink()
    with pytest.raises(FileNotFoundError) as caught:
        read_jobs([job], out, *CPU, 1)
    assert (caught.value.job, caught.value.filename) == (0, str(paths[0]))
    ((_, reason, offset, valid_rows, _),) = read_jobs([job], out, "rgb", True, 1)
    assert "cannot be opened" in reason
    assert (offset, valid_rows) == (None, 0)
    assert (out == -1024).all()  # what stored value 0 becomes


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"array": np.zeros((24, 21), "u2")}, ValueError),
        ({"array": np.zeros((24, 20), "f4")}, ValueError),
        ({"array": np.zeros((24, 20, 2), "u2")}, ValueError),
        ({"array": np.zeros((24, 20), "u2"), "readonly": True}, ValueError),
        ({"transform": rescale()}, ValueError),
        ({"transform": _core.ValueTransform("i2", 0, 1, "u2")}, ValueError),
        ({"transform": []}, ValueError),
        ({"resize": (0, 5, 0, 0, None)}, ValueError),
        ({"resize": (5, 5, 1 << 40, 0, None)}, ValueError),
        (
            {"resize": (5, 5, 0, 0, None), "transform": rescale("f8"), "array": np.zeros((5, 5), "f8")},
            ValueError,
        ),
        ({"resize": (5, 5, 0, 0, None), "array": np.zeros((5, 5), "i8")}, TypeError),
        ({"resize": (5, 5, 0, 0, None), "array": np.zeros((5, 5, 3), "f4")}, ValueError),
        ({"frame": 3}, ValueError),
        ({"array": None}, TypeError),
        ({"array": [[1, 2], [3, 4]]}, TypeError),
    ],
)
def test_jobs_that_cannot_be_are_refused(files, change, error):
    job = {"frame": 0, "plane": 0, "transform": None, "resize": None} | change
    out = job.pop("array", np.zeros((24, 20), "u2"))
    if isinstance(out, np.ndarray):
        out = out[None]
        out.flags.writeable = not job.pop("readonly", False)
    with pytest.raises(error):
        read_jobs([(reader(files[0][0]), *job.values())], out, *CPU, 1)


def test_no_jobs_are_no_work():
    assert read_jobs([], np.zeros((0, 8, 8)), *CPU, 4) == []


def test_what_poll_raises_ends_the_work(tmp_path):
    ((path,), _) = write_series(tmp_path, 1, 1500, 1500)
    shared, out, calls = reader(path), np.zeros((1, 1500, 1500), "f4"), []

    def poll():
        calls.append(1)
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        read_jobs([(shared, 0, 0, rescale(), None)] * 2000, out, *CPU, 2, poll)
    assert calls == [1]
