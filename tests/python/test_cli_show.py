# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``turbodicom show``: PNG files, checked with Pillow, and the way from stored values to the screen."""

import io
import os
import signal

import numpy as np
import pytest
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage
from turbodicom import cli
from turbodicom.cli import show
from turbodicom.cli._display import contact_sheet
from turbodicom.cli._png import png_bytes


def save(path, samples, photometric_interpretation="MONOCHROME2", **elements):
    """Write samples of shape (rows, columns), (frames, rows, columns), or (rows, columns, 3)."""
    is_color = photometric_interpretation == "RGB"
    data_set = Dataset()
    data_set.SOPClassUID, data_set.SOPInstanceUID = SecondaryCaptureImageStorage, "1.2.3"
    data_set.SamplesPerPixel = 3 if is_color else 1
    data_set.PhotometricInterpretation = photometric_interpretation
    if is_color:
        data_set.PlanarConfiguration = 0
    elif samples.ndim == 3:
        data_set.NumberOfFrames = len(samples)
    data_set.Rows, data_set.Columns = samples.shape[:2] if is_color else samples.shape[-2:]
    data_set.BitsAllocated = data_set.BitsStored = 8 * samples.itemsize
    data_set.HighBit, data_set.PixelRepresentation = data_set.BitsStored - 1, int(samples.dtype.kind == "i")
    for keyword, value in elements.items():
        setattr(data_set, keyword, value)
    data_set.PixelData = samples.tobytes() + b"\0" * (samples.nbytes & 1)
    data_set["PixelData"].VR = "OB" if samples.itemsize == 1 else "OW"
    data_set.file_meta = FileMetaDataset()
    data_set.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data_set.save_as(path, enforce_file_format=True)


@pytest.fixture
def shown(tmp_path):
    """Return a function: save samples, show them, read the PNG back."""

    def run(samples, *arguments, **elements):
        save(tmp_path / "in.dcm", samples, **elements)
        output = str(tmp_path / "out.png")
        assert cli.main(["show", str(tmp_path / "in.dcm"), "-f", "-o", output, *arguments]) == 0
        return np.asarray(Image.open(output))

    return run


def test_an_output_that_cannot_be_written_is_named(tmp_path, capsys):
    save(tmp_path / "in.dcm", np.zeros((2, 2), np.uint8))
    output = str(tmp_path / "absent" / "out.png")
    assert cli.main(["show", str(tmp_path / "in.dcm"), "-o", output]) == 1
    assert capsys.readouterr().err == f"turbodicom show: {output}: No such file or directory\n"


def test_without_a_window_grey_runs_from_smallest_to_largest(shown):
    picture = shown(np.array([[-100, 0], [100, 50]], np.int16))
    assert picture.tolist() == [[0, 128], [255, 191]]


def test_the_window_of_the_file_is_applied_after_rescale(shown):
    stored = np.array([[0, 1000, 1024, 1100, 3000]], np.uint16)
    picture = shown(stored, RescaleSlope=1, RescaleIntercept=-1024, WindowCenter=0.5, WindowWidth=201)
    assert picture.tolist() == [[0, 97, 128, 224, 255]]  # linear from -100 to 100


def test_a_window_on_the_command_line_wins(shown):
    stored = np.array([[0, 50, 100, 200]], np.uint8)
    picture = shown(stored, "--window", "50.5", "101", WindowCenter=10, WindowWidth=2)
    assert picture.tolist() == [[0, 128, 255, 255]]


def test_monochrome1_is_inverted(shown):
    assert shown(np.array([[0, 255]], np.uint8), photometric_interpretation="MONOCHROME1").tolist() == [
        [255, 0]
    ]


def test_a_constant_image_is_shown(shown):
    assert shown(np.full((2, 3), 7, np.uint8)).shape == (2, 3)


def test_rgb_stays_as_it_is(shown):
    samples = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    assert np.array_equal(shown(samples, photometric_interpretation="RGB"), samples)


@pytest.mark.parametrize(("bits", "table", "expected"), [
    (16, np.array([0, 0x8000, 0xFFFF], "<u2").tobytes(), [0, 128, 255]),
    (8, np.array([1, 2, 3, 0], np.uint8).tobytes(), [1, 2, 3]),
])  # fmt: skip
def test_palette_indexes_go_through_the_table_and_stay_inside_it(shown, bits, table, expected):
    palette = {
        f"{color}PaletteColorLookupTableDescriptor": [3, 10, bits] for color in ("Red", "Green", "Blue")
    }
    palette |= {f"{color}PaletteColorLookupTableData": table for color in ("Red", "Green", "Blue")}
    picture = shown(
        np.array([[0, 10, 11, 12, 200]], np.uint8), photometric_interpretation="PALETTE COLOR", **palette
    )
    assert picture[0, :, 0].tolist() == [expected[0], *expected, expected[2]]


def test_one_frame_or_all_on_a_sheet(shown):
    samples = np.stack([np.full((10, 12), value, np.uint8) for value in (0, 100, 200, 250, 255)])
    window = ("--window", "128", "256")
    assert shown(samples, "--frame", "2", *window)[0, 0] == 200
    assert shown(samples, "--frame", "-1", *window)[0, 0] == 255
    sheet = shown(samples, "--all", *window)
    assert sheet.shape == (2 * 14, 3 * 16 + 4)  # 3 in a row, 4 pixels around each
    assert {100, 200, 250} <= set(np.unique(sheet))


def test_a_frame_that_is_not_there_fails(tmp_path, capsys):
    save(tmp_path / "a.dcm", np.zeros((2, 2), np.uint8))
    assert cli.main(["show", str(tmp_path / "a.dcm"), "-o", str(tmp_path / "a.png"), "--frame", "1"]) == 1
    assert "frame 1 of 1" in capsys.readouterr().err
    assert not (tmp_path / "a.png").exists()


def test_an_existing_picture_is_not_overwritten_unasked(tmp_path):
    save(tmp_path / "a.dcm", np.zeros((2, 2), np.uint8))
    (tmp_path / "a.png").write_bytes(b"mine")
    assert cli.main(["show", str(tmp_path / "a.dcm"), "-o", str(tmp_path / "a.png")]) == 1
    assert (tmp_path / "a.png").read_bytes() == b"mine"


def test_the_default_name_is_that_of_the_file_with_png(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    save(tmp_path / "a.dcm", np.zeros((2, 2), np.uint8))
    assert cli.main(["show", "a.dcm"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.dcm", "a.png"]
    assert capsys.readouterr().out == "a.png: 2 x 2 pixels\n"


def test_termination_leaves_neither_the_picture_nor_a_part_of_it(tmp_path, monkeypatch):
    def terminated(image):
        os.kill(os.getpid(), signal.SIGTERM)
        raise AssertionError("not terminated")

    save(tmp_path / "a.dcm", np.zeros((2, 2), np.uint8))
    monkeypatch.setattr(show, "png_bytes", terminated)
    assert cli.main(["show", str(tmp_path / "a.dcm"), "-o", str(tmp_path / "a.png")]) == 128 + signal.SIGTERM
    assert [path.name for path in tmp_path.iterdir()] == ["a.dcm"]


def test_a_window_without_width_is_wrong_usage(tmp_path):
    assert cli.main(["show", "a.dcm", "--window", "40", "0"]) == 2


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (7, 1), (5, 3, 3), (2, 1, 3)])
def test_png_is_read_back_by_pillow_as_it_was(shape):
    image = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png_bytes(image)))), image)


def test_png_of_anything_but_8_bits_is_refused():
    with pytest.raises(ValueError, match="must be uint8"):
        png_bytes(np.zeros((2, 2), np.uint16))


def test_a_sheet_of_grey_and_colour_is_in_colour_and_large_pictures_shrink():
    sheet = contact_sheet([np.zeros((600, 300), np.uint8), np.full((20, 20, 3), 255, np.uint8)], 2)
    assert sheet.shape == (200 + 4, 2 * (100 + 4) + 4, 3)
