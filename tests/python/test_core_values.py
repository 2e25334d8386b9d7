# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The core's value transforms as bound: arrays of any strides, frames transformed while they are read, memory."""

import sys
from pathlib import Path

import numpy as np
import pytest
import turbodicom as td
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, RLELossless
from turbodicom import _core
from turbodicom._frames import frame_reader

WINDOW = {"modality": ("linear", 1.0, -1024.0), "voi": ("linear", 40.0, 400.0), "output": (0, 255)}


def windowed(stored):
    """PS3.3 C.11.2.1.2 in NumPy's double arithmetic."""
    value = stored * 1.0 - 1024.0
    fraction = (value - 39.5) / 399 + 0.5
    fraction = np.where(value <= 39.5 - 199.5, 0, np.where(value > 39.5 + 199.5, 1, fraction))
    return np.rint(0 + fraction * 255).astype(np.uint8)


def file_of(path, frames, compressed=False):
    """Write native or RLE frames, (frames, rows, columns) of uint16, and read the file."""
    ds = FileDataset(str(path), {}, file_meta=FileMetaDataset(), preamble=bytes(128))
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SOPClassUID, ds.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7.3", "1.2.3"
    ds.NumberOfFrames, ds.Rows, ds.Columns = frames.shape
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PixelRepresentation = 1, "MONOCHROME2", 0
    ds.BitsAllocated = ds.BitsStored = 16
    ds.HighBit = 15
    ds.PixelData = frames.tobytes()
    if compressed:
        ds.compress(RLELossless)
    ds.save_as(path, enforce_file_format=True)
    return frame_reader(td.read(path))


@pytest.fixture(scope="module")
def frames():
    return np.random.default_rng(1).integers(0, 4096, (5, 300, 217)).astype(np.uint16)


@pytest.mark.parametrize("name", ["as it is", "transposed", "backwards", "every second"])
def test_arrays_of_any_strides_are_taken_and_filled(frames, name):
    array = {
        "as it is": frames,
        "transposed": frames.transpose(2, 0, 1),
        "backwards": frames[::-1, ::-1, ::-1],
        "every second": frames[:, ::2, ::2],
    }[name]
    transform = _core.ValueTransform("u2", 0, 4095, "u1", **WINDOW)
    for out in (np.zeros(array.shape, "u1"), np.zeros(array.shape, "u1", order="F")):
        assert transform.apply(array, out) is None
        np.testing.assert_array_equal(out, windowed(array))


def test_what_does_not_match_is_refused(frames):
    transform = _core.ValueTransform("u2", 0, 4095, "u1", **WINDOW)
    with pytest.raises(ValueError, match="array must have dtype uint16, not int16"):
        transform.apply(frames.view("i2"), np.zeros(frames.shape, "u1"))
    with pytest.raises(ValueError, match="out must be a writeable array"):
        transform.apply(frames, np.zeros(frames.shape[1:], "u1"))
    with pytest.raises(ValueError, match="mask must be a writeable array"):
        transform.apply(frames, np.zeros(frames.shape, "u1"), np.zeros(frames.shape, "u1"))
    with pytest.raises(TypeError):
        _core.ValueTransform("u2", 0, 1, "i8")
    with pytest.raises(ValueError, match="fill does not fit"):
        _core.ValueTransform("u2", 0, 1, "u1", padding=(0, 0), fill=300)
    with pytest.raises(ValueError, match="width"):
        _core.ValueTransform("u2", 0, 1, "u1", voi=("linear", 0, 0))


@pytest.mark.parametrize("padding", [(-3, -1), (65536, 70000), (5, 4)])
def test_padding_that_no_stored_value_can_have_is_none(frames, padding):
    assert _core.value_range(frames, padding) == (0, 4095)


def test_ranges_and_histograms_leave_padding_out(frames):
    low, high = _core.value_range(frames, (0, 99), 2)
    assert low == frames[frames > 99].min()
    assert high == frames.max()
    counts = _core.histogram(frames, 90, 200, (0, 99))
    np.testing.assert_array_equal(counts, np.bincount(frames[frames > 99], minlength=201)[90:201])


def test_a_table_is_clipped_at_both_ends(frames):
    table = np.arange(1000, dtype="u2")[::-1].copy()
    out = np.zeros(frames.shape, "u2")
    _core.apply_table(frames, 500, table, out, 2)
    np.testing.assert_array_equal(out, table[np.clip(frames.astype(int) - 500, 0, 999)])


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("workers", [1, 2])
def test_frames_are_transformed_while_they_are_read(tmp_path, frames, compressed, workers):
    reader = file_of(tmp_path / "a.dcm", frames, compressed)
    transform = _core.ValueTransform("u2", 0, 4095, "u1", padding=(0, 9), fill=7, **WINDOW)
    mask = np.zeros(frames.shape, bool)
    array, rows = reader.read(None, None, False, "rgb", False, workers, None, transform, mask)
    np.testing.assert_array_equal(array, np.where(frames <= 9, 7, windowed(frames)))
    np.testing.assert_array_equal(mask, frames <= 9)
    assert [row[0] for row in rows] == [0, 1, 2, 3, 4]


def test_each_frame_may_have_a_transform_of_its_own(tmp_path, frames):
    reader = file_of(tmp_path / "a.dcm", frames)
    transforms = [
        _core.ValueTransform("u2", 0, 4095, "f4", modality=("linear", k + 0.5, k)) for k in range(3)
    ]
    out = np.zeros((3, 217, 300), "f4").transpose(0, 2, 1)
    reader.read([4, 0, 4], out, False, "rgb", False, 2, None, transforms)
    for k, index in enumerate([4, 0, 4]):
        np.testing.assert_array_equal(out[k], (frames[index] * (k + 0.5) + k).astype("f4"))
    with pytest.raises(ValueError, match="one for each"):
        reader.read([4, 0], None, False, "rgb", False, 2, None, transforms)


@pytest.mark.parametrize("compressed", [False, True])
def test_a_value_that_does_not_fit_names_the_frame_and_the_place(tmp_path, compressed):
    frames = np.zeros((3, 600, 400), np.uint16)
    frames[2, 517, 33] = 256
    reader = file_of(tmp_path / "a.dcm", frames, compressed)
    transform = _core.ValueTransform("u2", 0, 65535, "u1")
    with pytest.raises(ValueError, match="frame 2: the value at row 517, column 33 does not fit"):
        reader.read(None, None, False, "rgb", False, 2, None, transform)


def start_of_peak():
    """Forget the high-water mark of the resident set (proc(5): clear_refs 5) and return the present size."""
    Path("/proc/self/clear_refs").write_text("5")
    return status("VmRSS:")


def status(name):
    """Return one line of /proc/self/status in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_reading_values_takes_no_memory_beside_the_result_and_a_tile_for_each_thread(tmp_path):
    frames = np.random.default_rng(2).integers(0, 4096, (40, 1000, 1000)).astype(np.uint16)
    reader = file_of(tmp_path / "a.dcm", frames)
    del frames
    transform = _core.ValueTransform("u2", 0, 4095, "u1", **WINDOW)
    out = np.ones((40, 1000, 1000), np.uint8)
    reader.read([0], out[:1], False, "rgb", False, 2, None, transform)
    smallest = (
        sys.maxsize
    )  # pages that the system takes and brings back count as growth: the best of three tells
    for _ in range(3):
        before = start_of_peak()
        reader.read(None, out, False, "rgb", False, 2, None, transform)
        smallest = min(smallest, status("VmHWM:") - before)
    assert smallest < 4 << 20
