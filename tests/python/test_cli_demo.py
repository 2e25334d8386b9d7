# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``turbodicom demo``: the study it writes is real DICOM, and what it says of it is true."""

import numpy as np
import pydicom
import pytest
from PIL import Image
from turbodicom import cli


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Return the folder of a finished demo."""
    folder = tmp_path_factory.mktemp("demo") / "study"
    assert cli.main(["demo", "--out", str(folder)]) == 0
    return folder


def test_pydicom_reads_every_file_and_gets_the_same_samples_from_both_syntaxes(study):
    slices = np.stack([pydicom.dcmread(path).pixel_array for path in sorted(study.glob("ct-0*.dcm"))])
    assert slices.shape == (24, 512, 512)
    assert np.array_equal(pydicom.dcmread(study / "ct-multiframe-rle.dcm").pixel_array, slices)
    cine = pydicom.dcmread(study / "cine.dcm").pixel_array
    assert cine.shape == (30, 480, 640, 3)
    assert np.array_equal(pydicom.dcmread(study / "cine-rle.dcm").pixel_array, cine)


def test_the_ct_has_air_lung_soft_tissue_and_bone_in_hounsfield_units(study):
    data_set = pydicom.dcmread(study / "ct-014.dcm")
    values = data_set.pixel_array * float(data_set.RescaleSlope) + float(data_set.RescaleIntercept)
    for low, high in ((-1024, -950), (-900, -800), (20, 90), (500, 1000)):
        assert ((values >= low) & (values <= high)).mean() > 0.002


def test_the_contact_sheet_is_a_picture_in_colour(study):
    sheet = np.asarray(Image.open(study / "contact-sheet.png"))
    assert sheet.ndim == 3 and min(sheet.shape[:2]) > 1000
    assert sheet.std() > 20


def test_it_says_what_it_did(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["demo"]) == 0
    out = capsys.readouterr().out
    assert "27 files in turbodicom-demo" in out
    assert "RLE Lossless" in out and "MB/s" in out and "contact-sheet.png" in out
    assert "NOT EQUAL" not in out
    assert cli.main(["demo"]) == 0  # again, over its own files


def test_a_folder_with_foreign_files_is_left_alone(tmp_path, capsys):
    (tmp_path / "thesis.txt").write_text("mine")
    assert cli.main(["demo", "--out", str(tmp_path)]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    assert "--out" in capsys.readouterr().err
