# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""What volumes ask of many files at once (read_many and cpp/bindings/bind_many.cpp): the same as of each alone."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest
import turbodicom as td
from pydicom import uid
from turbodicom import _core
from turbodicom._frames import frame_reader
from turbodicom._read import read_many

sys.path.insert(0, str(Path(__file__).parent))

import volume_files as made
from batch_files import read_jobs

POSITION, NUMBER, SERIES, INTERCEPT, SEQUENCE = 0x00200032, 0x00200013, 0x0020000E, 0x00281052, 0x00081140


@pytest.fixture
def files(tmp_path):
    return made.series(tmp_path / "series", made.positions(12))


def outcome(source, **options):
    try:
        return td.read(source, **options)
    except Exception as error:  # noqa: BLE001  compared with what read_many says
        return error


def assert_same(found, expected):
    assert type(found) is type(expected)
    if isinstance(expected, Exception):
        assert str(found) == str(expected) and vars(found) == vars(expected)
        assert getattr(found, "filename", None) == getattr(expected, "filename", None)
    else:
        assert str(found) == str(expected) and found.path == expected.path and found.issues == expected.issues


# -- reading -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_bad_sources_among_good_ones_are_what_read_raises_in_their_places(tmp_path, files, workers):
    (tmp_path / "text").write_text("no DICOM at all")
    (tmp_path / "empty").write_bytes(b"")
    os.mkfifo(tmp_path / "pipe")
    [deflated] = made.write(
        tmp_path / "deflated", [made.slice_of(1, syntax=uid.DeflatedExplicitVRLittleEndian)]
    )
    cut = tmp_path / "cut"
    cut.write_bytes(Path(deflated).read_bytes()[:-300] + bytes(8))
    bad = [str(tmp_path / name) for name in ("text", "empty", "pipe", "nowhere")]
    sources = [
        *files[:3], *bad, str(tmp_path), "nul\0inside", deflated, str(cut), Path(files[3]), Path(files[4]).read_bytes(),
        7, *files[5:],
    ]  # fmt: skip
    found = read_many(sources, None, workers)
    assert len(found) == len(sources)
    for source, one in zip(sources, found, strict=True):
        assert_same(one, outcome(source))
    assert sum(isinstance(one, Exception) for one in found) == 8


def test_no_sources_are_no_data_sets():
    assert read_many([], None, 2) == []


def test_relative_paths_are_found_again_from_elsewhere(files, monkeypatch):
    monkeypatch.chdir(os.path.dirname(files[0]))
    [dataset] = read_many([os.path.basename(files[0])], None, 1)
    monkeypatch.chdir("/")
    assert dataset.path == files[0]
    np.testing.assert_array_equal(dataset.pixels(), made.pixels_of(1))


def test_limits_hold_for_headers_and_for_frames(files):
    for limits in (td.Limits(elements=3), td.Limits(pixels_per_frame=10)):
        found = read_many(files, limits, 2)
        for source, one in zip(files, found, strict=True):
            assert_same(one, outcome(source, limits=limits))
    with pytest.raises(td.LimitExceededError):
        frame_reader(found[0])


def test_frames_that_are_wrong_are_told_by_whoever_asks(files, tmp_path):
    slices = [made.slice_of(1), made.slice_of(2, Rows=None), made.slice_of(3)]
    paths = made.write(tmp_path / "wrong", slices)
    for one, path in zip(read_many(paths, None, 2), paths, strict=True):
        if "0001" not in path:
            assert frame_reader(one) is frame_reader(one)
            continue
        with pytest.raises(td.ConformanceError) as caught:
            frame_reader(one)
        with pytest.raises(td.ConformanceError) as expected:
            frame_reader(td.read(path))
        assert str(caught.value) == str(expected.value)


def test_issues_of_the_frames_are_issues_of_the_data_set(tmp_path):
    slices = [made.slice_of(k, syntax=uid.RLELossless) for k in (1, 2)]
    paths = made.write(tmp_path, slices)
    data = Path(paths[1]).read_bytes()
    Path(paths[1]).write_bytes(data[:-8])  # no Sequence Delimitation Item
    read, alone = read_many(paths, None, 2), [td.read(path) for path in paths]
    for one, other in zip(read, alone, strict=True):
        np.testing.assert_array_equal(one.pixels(), other.pixels())
        assert [issue.code for issue in one.issues] == [issue.code for issue in other.issues]
    assert read[1].issues


# -- values ------------------------------------------------------------------------------------------------


def test_values_are_those_of_each_data_set(tmp_path):
    slices = [made.slice_of(k + 1, place) for k, place in enumerate(made.positions(6))]
    slices[1].RescaleIntercept = None
    del slices[2].RescaleIntercept
    slices[3].InstanceNumber = None
    slices[4].ReferencedImageSequence = [made.item(ReferencedSOPInstanceUID="1.2")]
    slices[5].SeriesInstanceUID = "1.2.3.2"
    datasets = [td.read(path) for path in made.write(tmp_path, slices)]
    tags = [NUMBER, POSITION, SERIES, INTERCEPT]
    columns, failures = _core.value_columns(datasets, [*tags, SEQUENCE])
    expected = [
        tuple(dataset._value(tag) if dataset._has_tag(tag) else None for tag in tags) for dataset in datasets
    ]
    assert list(zip(*columns[:-1], strict=True)) == expected
    assert columns[-1] == [None, None, None, None, True, None] and not failures


def test_the_same_bytes_are_another_value_in_another_character_set(tmp_path):
    slices = [made.slice_of(k) for k in range(4)]
    for k, ds in enumerate(slices):
        ds.SpecificCharacterSet = ("ISO_IR 100", "ISO_IR 144")[k // 2]
        ds.RescaleType = b"\xc4".decode(("latin-1", "iso8859_5")[k // 2])
    datasets = [td.read(path) for path in made.write(tmp_path, slices)]
    assert {dataset._raw_value(0x00281054) for dataset in datasets} == {b"\xc4 "}
    [texts], _ = _core.value_columns(datasets, [0x00281054])
    assert texts == [dataset.RescaleType for dataset in datasets] and len(set(texts)) == 2


def test_a_value_that_cannot_be_had_is_an_exception_by_its_index(tmp_path):
    paths = made.write(tmp_path, [made.slice_of(k) for k in (1, 2, 3)])
    data = Path(paths[1]).read_bytes()
    Path(paths[1]).write_bytes(data.replace(b"-1024", b"-1o24"))
    datasets = [td.read(path, strict=True) for path in paths]
    with pytest.raises(td.Error) as expected:
        datasets[1]._value(INTERCEPT)
    stranger = OSError("no data set")
    [numbers, intercepts], failures = _core.value_columns([*datasets, stranger], [NUMBER, INTERCEPT])
    assert numbers == [1, 2, 3, None] and intercepts == [-1024.0, None, -1024.0, None]
    assert failures.keys() == {1}
    assert type(failures[1]) is type(expected.value) and str(failures[1]) == str(expected.value)


# -- frames ------------------------------------------------------------------------------------------------


def test_kinds_are_told_by_the_first_of_each(tmp_path):
    slices = [made.slice_of(k, shape=(8, 6) if k % 3 else (6, 8)) for k in range(9)]
    slices[4].BitsStored, slices[4].HighBit = 12, 11
    slices[5].PhotometricInterpretation = "MONOCHROME1"
    readers = [frame_reader(td.read(path)) for path in made.write(tmp_path, slices)]
    assert _core.FrameReaders(readers).kinds() == [0, 1, 1, 0, 4, 5, 0, 1, 1]
    assert _core.FrameReaders(readers).picked([5, 1, 2]).kinds() == [0, 1, 1]
    assert _core.FrameReaders([]).kinds() == []


def test_readers_are_the_ones_that_went_in(files):
    readers = [frame_reader(dataset) for dataset in read_many(files, None, 2)]
    many = _core.FrameReaders(readers)
    assert len(many) == 12 and list(many) == readers
    assert list(many.picked([3, 0, 3])) == [readers[3], readers[0], readers[3]]
    for outside in (12, -1, 1 << 70):
        with pytest.raises((IndexError, TypeError)):
            many[outside]
        with pytest.raises((IndexError, TypeError, RuntimeError)):
            many.picked([outside])
    for stranger in (None, 1, "reader"):
        with pytest.raises((TypeError, RuntimeError)):
            _core.FrameReaders([*readers, stranger])


def test_frames_without_bytes_that_justify_them_are_found(tmp_path):
    slices = [made.slice_of(k, NumberOfFrames=1 + k % 2) for k in range(4)]
    readers = _core.FrameReaders([frame_reader(td.read(path)) for path in made.write(tmp_path, slices)])
    assert readers.unjustified([0, 1, 0, 0], False) == [1]
    assert readers.unjustified([0, 1, 0, 0], True) == [1]
    assert readers.unjustified([0, 0, 0, 0], False) == []
    with pytest.raises(ValueError, match="a frame for each"):
        readers.unjustified([0], False)


# -- jobs into the planes of one array -----------------------------------------------------------------------


@pytest.mark.parametrize("layout", ["dense", "reversed", "turned"])
def test_jobs_go_to_the_planes_of_one_array_whatever_its_strides(files, layout):
    readers = [frame_reader(dataset) for dataset in read_many(files, None, 2)]
    room = {
        "dense": np.zeros((12, 8, 6), "i2"),
        "reversed": np.zeros((12, 8, 12), "i2")[::-1, :, ::2],
        "turned": np.zeros((6, 8, 12), "i2").T,
    }[layout]
    jobs = [(reader, 0, k, None, None) for k, reader in enumerate(readers) if k != 5]
    rows = read_jobs(jobs, room, "rgb", False, 2)
    expected = np.stack([made.pixels_of(k + 1) for k in range(12)])
    expected[5] = 0
    np.testing.assert_array_equal(room, expected)
    assert rows == [(0, None, None, 8, ())] * 11


def test_planes_that_are_not_there_or_do_not_fit_are_refused(files):
    job = (frame_reader(td.read(files[0])), 0, 2, None, None)
    for out, error in (
        (np.zeros((2, 8, 6), "i2"), IndexError),
        (np.zeros((3, 8, 7), "i2"), ValueError),
        (np.zeros((3, 8, 6), "u2"), ValueError),
        (np.zeros((8, 6), "i2"), ValueError),
        (np.broadcast_to(np.zeros((8, 6), "i2"), (3, 8, 6)), ValueError),
        ([[0]], TypeError),
    ):
        with pytest.raises(error):
            read_jobs([job], out, "rgb", False, 1)
        assert not np.any(out)
    for plane in (-1, None, 1.5, np.zeros((8, 6), "i2")):
        with pytest.raises((RuntimeError, TypeError, ValueError)):
            read_jobs([(*job[:2], plane, None, None)], np.zeros((3, 8, 6), "i2"), "rgb", False, 1)
