# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``turbodicom show``: PNG files, checked with Pillow, and the way from stored values to the screen."""

import os
import signal

import numpy as np
import pytest
from cli_files import save
from PIL import Image
from turbodicom import cli
from turbodicom.cli import show
from turbodicom.cli._display import contact_sheet


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


def test_a_sheet_of_grey_and_colour_is_in_colour_and_large_pictures_shrink():
    sheet = contact_sheet([np.zeros((600, 300), np.uint8), np.full((20, 20, 3), 255, np.uint8)], 2)
    assert sheet.shape == (200 + 4, 2 * (100 + 4) + 4, 3)


# Directories


def study(folder, *series):
    """Write series of files: (number of files, modality, shape) each."""
    for number, (files, modality, shape) in enumerate(series, 1):
        for instance in range(1, files + 1):
            samples = np.full(shape, 10 * instance, np.uint8)
            samples.flat[0] = 255
            path = folder / f"series{number}" / f"{instance:03}.dcm"
            path.parent.mkdir(exist_ok=True)
            save(path, samples, Modality=modality, SeriesInstanceUID=f"1.2.{number}", SeriesNumber=number,
                 InstanceNumber=instance, PatientName="Doe^Jane", PatientID="4711",
                 WindowCenter=128, WindowWidth=256)  # fmt: skip


def sheet_of(folder, tmp_path, *arguments, code=0):
    """Show a directory; return the sheet and the lines that describe it."""
    output = tmp_path / "sheet.png"
    assert cli.main(["show", str(folder), "-o", str(output), "-f", *arguments]) == code
    return np.asarray(Image.open(output)), (tmp_path / "sheet.txt").read_text().splitlines()


@pytest.fixture
def folder(tmp_path):
    """Return an empty directory."""
    path = tmp_path / "study"
    path.mkdir()
    return path


def test_a_directory_is_shown_as_one_picture_a_series(folder, tmp_path, capsys):
    study(folder, (3, "CT", (20, 30)), (1, "MR", (10, 10)), (2, "US", (5, 16, 16)))
    sheet, lines = sheet_of(folder, tmp_path)
    assert lines == [
        "1: CT, 30 x 20, 8 bits, 3 files, series1/002.dcm",
        "2: MR, 10 x 10, 8 bits, 1 file, series2/001.dcm",
        "3: US, 16 x 16 x 5, 8 bits, 2 files, series3/002.dcm",
    ]
    assert sheet.shape == ((20 + 14 + 4) + (16 + 14 + 4), 2 * (30 + 4) + 4)
    assert {10, 20} <= set(np.unique(sheet))
    out, err = capsys.readouterr()
    assert out == f"{tmp_path / 'sheet.png'}: 3 pictures of 3 series, {tmp_path / 'sheet.txt'} says of what\n"
    assert err == ""


def test_every_file_on_request(folder, tmp_path):
    study(folder, (3, "CT", (20, 30)), (2, "MR", (10, 10)))
    sheet, lines = sheet_of(folder, tmp_path, "--files")
    assert [line.split(": ")[0] for line in lines] == ["1", "2", "3", "4", "5"]
    assert lines[4] == "5: MR, 10 x 10, 8 bits, series2/002.dcm"
    assert {10, 20, 30} <= set(np.unique(sheet))


def test_a_sheet_has_at_most_so_many_pictures_and_says_so(folder, tmp_path, capsys):
    study(folder, (9, "CT", (4, 4)))
    _, lines = sheet_of(folder, tmp_path, "--files", "--most", "3")
    assert [line.rpartition("/")[2] for line in lines] == ["001.dcm", "004.dcm", "007.dcm"]
    assert capsys.readouterr().err == "turbodicom show: warning: 3 of 9 are shown; --most 9 shows all\n"


def test_bad_files_are_named_and_the_rest_is_shown(folder, tmp_path, capsys):
    study(folder, (2, "CT", (8, 8)), (1, "MR", (8, 8)))
    whole = (folder / "series1" / "001.dcm").read_bytes()
    (folder / "series1" / "002.dcm").write_bytes(whole[:-40].replace(b"1.2.3\0", b"1.2.4\0"))
    (folder / "notes.txt").write_text("not an image")
    _, lines = sheet_of(folder, tmp_path, code=3)
    assert [line.rpartition(", ")[2] for line in lines] == ["series1/001.dcm", "series2/001.dcm"]
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 1
    assert errors[0].startswith(f"turbodicom show: {folder / 'series1' / '002.dcm'}: ")


def test_a_directory_without_images_fails_and_leaves_nothing(folder, tmp_path, capsys):
    (folder / "notes.txt").write_text("not an image")
    assert cli.main(["show", str(folder), "-o", str(tmp_path / "a.png")]) == 1
    assert capsys.readouterr().err == f"turbodicom show: {folder}: no image that can be shown\n"
    assert [path.name for path in tmp_path.iterdir()] == ["study"]


def test_nothing_about_the_patient_is_said(folder, tmp_path, capsys):
    study(folder, (2, "CT", (8, 8)))
    _, lines = sheet_of(folder, tmp_path)
    said = "".join([*lines, *capsys.readouterr()])
    assert "Doe" not in said
    assert "4711" not in said


def test_neither_the_sheet_nor_its_text_is_overwritten_unasked(folder, tmp_path, capsys):
    study(folder, (1, "CT", (8, 8)))
    (tmp_path / "a.txt").write_text("mine")
    assert cli.main(["show", str(folder), "-o", str(tmp_path / "a.png")]) == 1
    assert (
        capsys.readouterr().err
        == f"turbodicom show: {tmp_path / 'a.txt'} is already there; --force overwrites it\n"
    )
    assert not (tmp_path / "a.png").exists()


def test_the_default_name_is_that_of_the_directory(folder, tmp_path, monkeypatch):
    study(folder, (1, "CT", (8, 8)))
    monkeypatch.chdir(tmp_path)
    assert cli.main(["show", "study/"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["study", "study.png", "study.txt"]


def test_a_pipe_in_a_directory_is_not_opened(folder, tmp_path):
    study(folder, (1, "CT", (8, 8)))
    os.mkfifo(folder / "pipe")
    assert len(sheet_of(folder, tmp_path)[1]) == 1


@pytest.mark.parametrize("arguments", [("--all",), ("--most", "0")])
def test_what_does_not_go_with_a_directory_is_wrong_usage(folder, arguments):
    assert cli.main(["show", str(folder), *arguments]) == 2


def test_every_file_needs_a_directory(tmp_path):
    save(tmp_path / "a.dcm", np.zeros((2, 2), np.uint8))
    assert cli.main(["show", str(tmp_path / "a.dcm"), "--files"]) == 2


def test_numbers_below_the_pictures_are_drawn_in_digits():
    sheet = contact_sheet([np.zeros((5, 30), np.uint8)] * 12, 12, numbered=True)
    below = sheet[4 + 5 + 4 :] == 200
    assert below.shape[0] == 10
    eleven, twelve = below[:, 10 * 34 + 4 : 11 * 34 + 4], below[:, 11 * 34 + 4 : 12 * 34 + 4]
    assert eleven.any(0).sum() == 2 * 6
    assert not np.array_equal(eleven, twelve)
