# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``turbodicom transcode``: words for syntaxes, one file and many, exit codes, what is said."""

import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import turbodicom as td
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage
from turbodicom import cli

NATIVE, RLE = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.5"


@pytest.fixture
def native(small_folder, tmp_path):
    """Return the path of a small native file."""
    return shutil.copy(small_folder / "explicit little endian.dcm", tmp_path / "in.dcm")


def test_a_file_is_written_and_the_tool_says_what_it_did(native, tmp_path, capsys):
    target = tmp_path / "out.dcm"
    assert cli.main(["transcode", str(native), str(target), "--to", "rle"]) == 0
    assert td.read(target).transfer_syntax_uid == RLE
    assert np.array_equal(td.pixels(target), td.pixels(native))
    before, after = os.path.getsize(native), os.path.getsize(target)
    expected = f"{target}: RLE Lossless, 1 frame lossless, {before} bytes -> {after} bytes\n"
    assert capsys.readouterr().out == expected


def test_a_syntax_may_be_named_by_its_uid(native, tmp_path):
    target = tmp_path / "out.dcm"
    assert cli.main(["transcode", str(native), str(target), "--to", "1.2.840.10008.1.2"]) == 0
    assert td.read(target).is_implicit_vr


def test_several_files_go_into_a_directory_that_is_made(native, tmp_path):
    other = shutil.copy(native, tmp_path / "other.dcm")
    folder = tmp_path / "made"
    assert cli.main(["transcode", "-q", str(native), str(other), str(folder), "--to", "rle"]) == 0
    assert sorted(os.listdir(folder)) == ["in.dcm", "other.dcm"]


def test_two_inputs_of_one_name_are_refused(native, tmp_path):
    folder = tmp_path / "twin"
    folder.mkdir()
    twin = shutil.copy(native, folder / "in.dcm")
    assert cli.main(["transcode", str(native), str(twin), str(tmp_path / "out"), "--to", "rle"]) == 2
    assert not (tmp_path / "out").exists()


def test_several_files_into_a_file_are_wrong_usage(native, tmp_path):
    other = shutil.copy(native, tmp_path / "other.dcm")
    third = shutil.copy(native, tmp_path / "third.dcm")
    assert cli.main(["transcode", str(native), str(other), str(third), "--to", "rle", "-f"]) == 2
    assert td.read(third).transfer_syntax_uid == NATIVE


def test_an_unknown_syntax_is_wrong_usage(native, tmp_path, capsys):
    assert cli.main(["transcode", str(native), str(tmp_path / "out.dcm"), "--to", "gif"]) == 2
    assert "not gif" in capsys.readouterr().err


def test_an_option_without_meaning_for_the_syntax_is_wrong_usage(native, tmp_path, capsys):
    assert cli.main(["transcode", str(native), str(tmp_path / "out.dcm"), "--to", "rle", "--quality", "80"]) == 2
    assert capsys.readouterr().err == "turbodicom transcode: quality has no meaning for RLE Lossless\n"


def test_an_existing_file_is_kept_without_force(native, tmp_path, capsys):
    target = tmp_path / "out.dcm"
    target.write_bytes(b"mine")
    assert cli.main(["transcode", str(native), str(target), "--to", "rle"]) == 1
    assert target.read_bytes() == b"mine"
    assert "--force" in capsys.readouterr().err
    assert cli.main(["transcode", str(native), str(target), "--to", "rle", "--force"]) == 0


def test_a_file_may_be_transcoded_in_place(native):
    expected = td.pixels(native)
    assert cli.main(["transcode", str(native), str(native), "--to", "rle", "-f", "-q"]) == 0
    assert td.read(native).transfer_syntax_uid == RLE
    assert np.array_equal(td.pixels(native), expected)


def test_one_bad_file_among_good_ones_is_a_partial_success(native, tmp_path, capsys):
    bad = tmp_path / "bad.dcm"
    bad.write_bytes(b"not a DICOM file, and too short to be taken for one")
    folder = tmp_path / "out"
    assert cli.main(["transcode", str(native), str(bad), str(folder), "--to", "rle", "-q"]) == 3
    assert os.listdir(folder) == ["in.dcm"]
    assert f"turbodicom transcode: {bad}: " in capsys.readouterr().err


def test_a_file_that_fails_alone_is_a_failure(tmp_path, capsys):
    assert cli.main(["transcode", str(tmp_path / "absent"), str(tmp_path / "out.dcm"), "--to", "rle"]) == 1
    assert capsys.readouterr().err.endswith("absent: No such file or directory\n")


def test_the_target_is_named_when_it_is_the_one_that_cannot_be_written(native, tmp_path, capsys):
    (tmp_path / "file").write_bytes(b"")
    assert cli.main(["transcode", str(native), str(tmp_path / "file" / "out.dcm"), "--to", "rle"]) == 1
    assert str(tmp_path / "file") in capsys.readouterr().err


def test_ctrl_c_ends_with_130_and_leaves_nothing(native, tmp_path, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(td, "transcode", interrupted)
    assert cli.main(["transcode", str(native), str(tmp_path / "out.dcm"), "--to", "rle"]) == 130


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 128 + signal.SIGTERM)])
def test_signals_leave_no_file_behind(tmp_path, number, code):
    samples = np.random.default_rng(1).integers(0, 4096, (100, 512, 512), np.uint16)
    write_frames(tmp_path / "in.dcm", samples)
    folder = tmp_path / "out"
    folder.mkdir()
    source = (
        "import signal, sys; from turbodicom import cli\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a job in the background inherits "ignore"
        "sys.exit(cli.main(['transcode', *sys.argv[1:], '--to', 'rle']))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    child = subprocess.Popen([sys.executable, "-c", source, str(tmp_path / "in.dcm"), str(folder)], env=environment)
    while not os.listdir(folder) and child.poll() is None:
        time.sleep(0.001)
    child.send_signal(number)
    assert child.wait(60) == code
    assert os.listdir(folder) == []


def write_frames(path, samples):
    """Write a native file of unsigned 16-bit frames."""
    ds = Dataset()
    ds.SOPClassUID, ds.SOPInstanceUID = SecondaryCaptureImageStorage, "1.2.3"
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PixelRepresentation = 1, "MONOCHROME2", 0
    ds.NumberOfFrames, ds.Rows, ds.Columns = samples.shape
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 12, 11
    ds.PixelData = samples.tobytes()
    ds["PixelData"].VR = "OW"
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.save_as(path, enforce_file_format=True)


def test_help_shows_examples(capsys):
    assert cli.main(["transcode", "--help"]) == 0
    assert "turbodicom transcode ct.dcm small.dcm --to jpeg-lossless" in capsys.readouterr().out
