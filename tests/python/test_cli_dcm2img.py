# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``turbodicom dcm2img``: the command line, names and kinds of files, exit codes, what is left behind.

That the numbers are DCMTK's is in tests/peers/test_dcm2img_peers.py.
"""

import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from cli_files import save
from PIL import Image
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, RLELossless, SecondaryCaptureImageStorage
from turbodicom import cli, codecs
from turbodicom.cli import dcm2img
from turbodicom.cli._dcm2img_options import DEFAULTS, GROUPS, Frames, Rectangle, Scaling

PARSER = dcm2img.arguments()


def parse(*words):
    """Read options; a file is added."""
    return PARSER.parse_args([*words, "in.dcm"])


def wrong(capsys, *words):
    """Return the message of a wrong usage."""
    with pytest.raises(SystemExit) as leaving:
        PARSER.parse_args(list(words))
    assert leaving.value.code == 2
    usage, message = capsys.readouterr().err.splitlines()
    assert usage.startswith("usage: turbodicom dcm2img [options] dcmfile-in [bitmap-out]")
    return message.removeprefix("turbodicom dcm2img: error: ")


RAMP = np.arange(48, dtype=np.uint8).reshape(6, 8) * 5
CINE = np.stack([RAMP, RAMP[::-1], RAMP // 2])
COLOR = np.stack([RAMP, RAMP[::-1], RAMP[:, ::-1]], -1)


@pytest.fixture
def gray(tmp_path):
    """Return the path of an 8-bit grey file."""
    return save(tmp_path / "gray.dcm", RAMP)


@pytest.fixture
def cine(tmp_path):
    """Return the path of three frames."""
    return save(tmp_path / "cine.dcm", CINE)


@pytest.fixture
def color(tmp_path):
    """Return the path of an RGB file."""
    return save(tmp_path / "color.dcm", COLOR, "RGB")


def convert(*words):
    """Run the tool; return its exit code."""
    return cli.main(["dcm2img", *map(str, words)])


# The command line


def test_without_options_every_field_has_its_default():
    options = vars(parse())
    assert {name: options[name] for name in DEFAULTS} == DEFAULTS
    assert options["parameters"] == ["in.dcm"]


def test_of_options_that_exclude_each_other_the_last_one_wins():
    assert parse("+Wm", "+Wi", "2").window == ("index", 2)
    assert parse("+Wi", "2", "-W").window is None
    assert parse("+Fa", "+F", "3").frames == Frames(3, 1, False)
    assert parse("+Rl", "+Rr").rotation == 90
    assert parse("+on", "+obt").format == ("bmp", 24)
    assert parse("-M", "+M").uses_modality


def test_long_and_short_names_are_the_same():
    known = [o for _, options in GROUPS for o in options if o.short and o.field and not o.refused]
    assert len(known) > 80
    for option in known:
        values = ["info" if option.names == "LEVEL" else "1"] * len(option.takes)
        short, long = parse(option.short, *values), parse(option.long, *values)
        assert short == long
        assert short != parse() or "default" in option.help or option.field == "level"


def test_no_two_options_have_one_name():
    names = [name for _, options in GROUPS for o in options for name in (o.short, o.long) if name]
    assert len(names) == len(set(names)) > 150


def test_values_are_read_as_numbers():
    assert parse("+Ww", "-600", "1.5e3").window == ("values", -600.0, 1500.0)
    assert parse("+C", "-5", "+3", "20", "0").clip == Rectangle(-5, 3, 20, 0)
    assert parse("+Sxf", ".5").scaling == Scaling(x_factor=0.5)
    assert parse("+Syv", "7").scaling == Scaling(rows=7)
    assert parse("+Fr", "2", "9").frames == Frames(2, 9, True)


def test_overlays_add_up_and_none_begins_anew():
    assert parse().overlays is None
    assert parse("+O", "1", "+O", "3").overlays == {1, 3}
    assert parse("+O", "1", "-O").overlays == frozenset()
    assert parse("-O", "+O", "2").overlays == {2}


def test_options_stand_before_and_after_the_files():
    options = PARSER.parse_args(["in.dcm", "+op", "out.pgm", "+Wm"])
    assert (options.parameters, options.format, options.window) == (
        ["in.dcm", "out.pgm"],
        "pnm",
        ("min-max",),
    )


def test_argument_files_hold_words_quotes_keep_blanks(tmp_path, capsys):
    (tmp_path / "a").write_text("+Ww '-600'\n\t\"1500\" +on")
    (tmp_path / "b").write_text("'a file.dcm' out\".1 2\"")
    options = PARSER.parse_args([f"@{tmp_path}/a", f"@{tmp_path}/b"])
    assert options.window == ("values", -600, 1500)
    assert options.parameters == ["a file.dcm", "out.1 2"]
    assert options.expanded == ["--set-window", "-600", "1500", "--write-png", "a file.dcm", "out.1 2"]
    assert wrong(capsys, f"@{tmp_path}/c") == f"argument file {tmp_path}/c: No such file or directory"


@pytest.mark.parametrize(("words", "message"), [
    (["+bogus", "a"], "there is no option +bogus; see --help"),
    (["--write-p", "a"], "there is no option --write-p; see --help"),
    (["a", "b", "c"], "3 files are too many, at most dcmfile-in and bitmap-out"),
    (["+op"], "dcmfile-in is missing"),
    (["a", "+F"], "option --frame needs N"),
    (["a", "+Ww", "1"], "option --set-window needs CENTER WIDTH"),
    (["a", "+F", "0"], "option --frame: must be 1 or more, not 0"),
    (["a", "+F", "3x"], "option --frame: must be a whole number, not '3x'"),
    (["a", "+Ww", "1", "0.5"], "option --set-window: must be 1 or more, not 0.5"),
    (["a", "+Ww", "nan", "1"], "option --set-window: must be a number, not 'nan'"),
    (["a", "+Sxf", "0"], "option --scale-x-factor: must be above 0, not 0"),
    (["a", "+Wh", "101"], "option --histogram-window: must be 100 or less, not 101"),
    (["a", "+opn", "33"], "option --write-n-bit-pnm: must be 32 or less, not 33"),
    (["a", "+i", "5"], "option --interpolate: must be 4 or less, not 5"),
    (["a", "-ll", "loud"], "option --log-level: must be one of fatal, error, warn, info, debug, trace, not loud"),
    (["a", "+Dm", "f"], "option +Dm of DCMTK is not there: output is not calibrated for a display or printer"),
    (["a", "+ol"], "option +ol of DCMTK is not there: nothing here writes JPEG-LS"),
    (["a", "+Tl"], "option +Tl of DCMTK is not there: TIFF is written uncompressed"),
    (["a", "-te"], "option -te of DCMTK is not there: transfer syntaxes are recognised"),
    (["a", "-lc", "f"], "option -lc of DCMTK is not there: there is no logger to configure"),
])  # fmt: skip
def test_wrong_usage_is_said_plainly(capsys, words, message):
    assert wrong(capsys, *words) == message


def test_help_names_every_option_and_shows_examples(capsys):
    assert convert("--help") == 0
    text = capsys.readouterr().out
    assert all(option.long in text for _, options in GROUPS for option in options)
    assert "turbodicom dcm2img +Wi 1 ct.dcm ct.png" in text
    assert max(map(len, text.splitlines())) <= 120


def test_version_and_help_need_no_file(capsys):
    assert convert("--version") == 0
    assert capsys.readouterr().out.startswith("turbodicom ")
    assert convert("-h", "+op") == 0


# Files


@pytest.mark.parametrize(("name", "kind", "options"), [
    ("a.png", "PNG", []), ("a.PNG", "PNG", []), ("a.bmp", "BMP", []), ("a.tif", "TIFF", []), ("a.tiff", "TIFF", []),
    ("a.pgm", "PPM", []), ("a.pnm", "PPM", []), ("a.ppm", "PPM", []), ("a.jpg", "JPEG", []), ("a.jpeg", "JPEG", []),
    ("a", "PPM", []), ("a.png", "BMP", ["+ob"]), ("a.bin", "PNG", ["+on"]), ("a.pgm", "TIFF", ["+ot"]),
    ("a.pgm", "JPEG", ["+oj"]), ("a.pgm", "PNG", ["+op", "+on"]), ("a.png", "PNG", ["+op", "+oa"]),
])  # fmt: skip
def test_the_ending_or_an_option_says_which_kind_of_file(gray, tmp_path, name, kind, options):
    assert convert(*options, gray, tmp_path / name) == 0
    with Image.open(tmp_path / name) as picture:
        assert (picture.format, picture.size, picture.mode) == (kind, (8, 6), "L")


@pytest.mark.parametrize("options", [
    ["+on"], ["+on", "-il", "-mf"], ["+op"], ["+opb"], ["+ob"], ["+obt"], ["+obr"], ["+ot"], ["+ot", "+Tn", "+Pn"],
], ids=" ".join)  # fmt: skip
def test_pillow_reads_back_the_samples(gray, color, tmp_path, options):
    for source, samples in ((gray, RAMP), (color, COLOR)):
        assert convert(*options, source, tmp_path / "out") == 0
        with Image.open(tmp_path / "out") as picture:
            assert np.array_equal(np.asarray(picture.convert("RGB" if samples.ndim == 3 else "L")), samples)


def test_16_bit_png_holds_16_bits(tmp_path):
    samples = np.arange(48, dtype=np.uint16).reshape(6, 8) * 1300
    source = save(tmp_path / "a.dcm", samples)
    assert convert("+on2", source, tmp_path / "a.png") == 0
    assert np.array_equal(np.asarray(Image.open(tmp_path / "a.png")), samples)


def test_jpeg_heeds_quality_and_subsampling(tmp_path):
    noise = np.random.default_rng(1).integers(0, 256, (32, 32, 3)).astype(np.uint8)
    source, sizes = save(tmp_path / "a.dcm", noise, "RGB"), []
    for options in (["+Jq", "10"], ["+Js1"], ["+Js2"], ["+Js4"], ["+Js4", "+Jq", "100"]):
        assert convert(*options, source, tmp_path / "a.jpg") == 0
        sizes.append((tmp_path / "a.jpg").stat().st_size)
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == len(sizes)


def test_an_8_bit_bmp_of_colour_is_refused(color, tmp_path, capsys):
    assert convert("+obp", color, tmp_path / "a.bmp") == 1
    assert "8-bit BMP" in capsys.readouterr().err
    assert not (tmp_path / "a.bmp").exists()


def test_frames_are_numbered_as_dcmtk_does(cine, tmp_path):
    for options, names in (
        (["+Fa"], ["o.0.pgm", "o.1.pgm", "o.2.pgm"]),
        (["+Fr", "2", "2"], ["o.0.pgm", "o.1.pgm"]),
        (["+Fr", "2", "2", "+Fn"], ["o.f2.pgm", "o.f3.pgm"]),
        (["+Fa", "+on", "+Fn"], ["o.f1.png", "o.f2.png", "o.f3.png"]),
        (["+F", "2"], ["o"]),
    ):
        folder = tmp_path / "out"
        folder.mkdir()
        assert convert(*options, cine, folder / "o") == 0
        assert sorted(os.listdir(folder)) == names
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


def test_the_frames_asked_for_are_the_frames_written(cine, tmp_path):
    assert convert("+Fr", "2", "2", cine, tmp_path / "o") == 0
    for number, samples in enumerate(CINE[1:]):
        assert np.array_equal(np.asarray(Image.open(tmp_path / f"o.{number}.pgm")), samples)


def test_more_frames_than_there_are_is_a_warning_a_frame_that_is_not_there_an_error(cine, tmp_path, capsys):
    assert convert("+Fr", "3", "5", cine, tmp_path / "o") == 0
    assert capsys.readouterr().err == "turbodicom dcm2img: warning: 5 frames asked for, there are 1\n"
    assert convert("+F", "4", cine, tmp_path / "p") == 1
    assert capsys.readouterr().err == f"turbodicom dcm2img: {cine}: there is no frame 4\n"
    assert not (tmp_path / "p").exists()


def test_without_a_second_file_the_picture_goes_to_stdout(cine, capsysbinary):
    assert convert("+op", "+F", "2", cine) == 0
    assert capsysbinary.readouterr().out == b"P5\n8 6\n255\n" + CINE[1].tobytes()
    assert convert("+F", "2", cine, "-") == 0
    text = capsysbinary.readouterr().out
    assert text.startswith(b"P2\n8 6\n255\n")
    assert [int(word) for word in text.split()[4:]] == CINE[1].ravel().tolist()
    assert convert("+op", "+Fa", cine) == 0
    assert capsysbinary.readouterr().out.count(b"P5\n") == 3


def test_a_file_comes_from_stdin_too(gray, tmp_path):
    command = [sys.executable, "-m", "turbodicom", "dcm2img", "-", str(tmp_path / "a.png")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with open(gray, "rb") as file:
        assert subprocess.run(command, stdin=file, env=environment, check=False).returncode == 0
    assert np.array_equal(np.asarray(Image.open(tmp_path / "a.png")), RAMP)


def test_no_output_writes_nothing(gray, tmp_path, capsys):
    assert convert("-o", gray, tmp_path / "a.png") == 0
    assert capsys.readouterr() == ("", "")
    assert not (tmp_path / "a.png").exists()


def test_a_device_is_written_not_replaced(gray):
    assert convert(gray, os.devnull) == 0
    assert not Path(os.devnull).is_file()


# What is said


def test_image_info_has_dcmtks_lines_and_no_patient(gray, capsys):
    assert convert("-im", "-o", gray) == 0
    text = capsys.readouterr().err
    for line in (
        "columns x rows      : 8 x 6",
        "color model         : MONOCHROME2",
        "maximum pixel value : 235",
    ):
        assert line in text
    assert "Doe" not in text
    assert "4711" not in text


def test_verbose_says_what_is_done_quiet_says_nothing(gray, tmp_path, capsys):
    assert convert("-v", "+Wm", gray, tmp_path / "a.png") == 0
    assert f"writing frame 1 to {tmp_path / 'a.png'}" in capsys.readouterr().err
    assert convert("-q", "+Wi", "1", gray, tmp_path / "b.png") == 1
    assert capsys.readouterr().err == ""


def test_arguments_are_printed_when_asked_for(gray, capsys):
    assert convert("--arguments", "-o", "+Wm", gray) == 0
    assert capsys.readouterr().err == f"turbodicom dcm2img: --arguments --no-output --min-max-window {gray}\n"


# Errors


def test_errors_name_the_file_and_leave_none(tmp_path, gray, capsys):
    out = tmp_path / "out.png"
    assert convert(tmp_path / "absent.dcm", out) == 1
    message = capsys.readouterr().err
    assert message.startswith(f"turbodicom dcm2img: {tmp_path / 'absent.dcm'}: ")
    assert message.endswith("No such file or directory\n")
    (tmp_path / "text").write_text("no image at all, only some words that go on for a while")
    assert convert(tmp_path / "text", out) == 1
    assert str(tmp_path / "text") in capsys.readouterr().err
    assert convert(gray, tmp_path / "absent" / "a.png") == 1
    assert str(tmp_path / "absent" / "a.png") in capsys.readouterr().err
    assert not out.exists()


def test_windows_and_luts_that_are_not_in_the_file_are_errors(gray, tmp_path, capsys):
    assert convert("+Wi", "2", gray, tmp_path / "a.png") == 1
    assert capsys.readouterr().err == f"turbodicom dcm2img: {gray}: there is no window 2, the file has 0\n"
    assert convert("+Wl", "1", gray, tmp_path / "a.png") == 1
    assert capsys.readouterr().err == f"turbodicom dcm2img: {gray}: there is no VOI LUT 1, the file has 0\n"
    assert not (tmp_path / "a.png").exists()


def test_an_overlay_that_is_not_there_is_a_warning(gray, tmp_path, capsys):
    assert convert("+O", "3", gray, tmp_path / "a.png") == 0
    assert capsys.readouterr().err == "turbodicom dcm2img: warning: there is no overlay 3\n"


def test_only_files_or_only_data_sets_on_request(gray, tmp_path, capsys):
    assert convert("+fo", gray, tmp_path / "a.png") == 0
    assert convert("-f", gray, tmp_path / "a.png") == 1
    whole = Path(gray).read_bytes()
    bare = tmp_path / "bare"
    bare.write_bytes(whole[whole.index(b"\x08\x00\x16\x00UI") :])
    assert convert("-f", bare, tmp_path / "a.png") == 0
    assert convert("+f", bare, tmp_path / "a.png") == 0
    assert convert("+fo", bare, tmp_path / "a.png") == 1
    assert "+fo" in capsys.readouterr().err


def test_a_frame_that_cannot_be_decoded_is_named_and_the_others_are_written(cine, tmp_path, capsys):
    data_set = dcmread(cine)
    coded = [codecs.rle.encode(frame) for frame in CINE]
    data_set.PixelData = encapsulate([coded[0], coded[1][:66], coded[2]])
    data_set["PixelData"].is_undefined_length = True
    data_set.file_meta.TransferSyntaxUID = RLELossless
    data_set.save_as(tmp_path / "bad.dcm")
    assert convert("+Fa", tmp_path / "bad.dcm", tmp_path / "o") == 3
    assert sorted(path.name for path in tmp_path.glob("o*")) == ["o.0.pgm", "o.2.pgm"]
    assert capsys.readouterr().err.startswith("turbodicom dcm2img: frame 2: ")


def test_pictures_that_would_be_enormous_are_refused(gray, tmp_path, capsys):
    for options in (["+Sxf", "30000"], ["+Syv", "40000"], ["+C", "0", "0", "60000", "60000"]):
        assert convert(*options, gray, tmp_path / "a.png") == 1
        assert capsys.readouterr().err.endswith(" pixels are too many\n")
    assert not (tmp_path / "a.png").exists()


def test_a_rectangle_without_pixels_is_refused(gray, tmp_path, capsys):
    assert convert("+C", "90", "0", "0", "0", gray, tmp_path / "a.png") == 1
    assert f"{gray}: clipping: " in capsys.readouterr().err


def test_the_image_itself_is_not_overwritten(gray):
    before = Path(gray).read_bytes()
    assert convert(gray, gray) == 2
    assert Path(gray).read_bytes() == before


def test_a_file_without_pixels_fails(tmp_path, capsys):
    data_set = Dataset()
    data_set.SOPClassUID, data_set.PatientName = SecondaryCaptureImageStorage, "Doe^Jane"
    data_set.file_meta = FileMetaDataset()
    data_set.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data_set.save_as(tmp_path / "a.dcm", implicit_vr=False)
    assert convert(tmp_path / "a.dcm", tmp_path / "a.png") == 1
    text = capsys.readouterr().err
    assert str(tmp_path / "a.dcm") in text
    assert "Doe" not in text


def test_an_existing_picture_stays_when_the_conversion_fails(cine, tmp_path):
    (tmp_path / "a.png").write_bytes(b"mine")
    assert convert("+F", "9", cine, tmp_path / "a.png") == 1
    assert (tmp_path / "a.png").read_bytes() == b"mine"
    assert convert(cine, tmp_path / "a.png") == 0
    assert Image.open(tmp_path / "a.png").size == (8, 6)


# Geometry and values, the plainest cases


def picture(source, *options):
    """Convert to PNG and read it back."""
    target = Path(source).with_suffix(".out")
    assert convert("+on", *options, source, target) == 0
    return np.asarray(Image.open(io.BytesIO(target.read_bytes())))


def test_rotation_flipping_and_clipping(gray):
    assert np.array_equal(picture(gray, "+Rr"), np.rot90(RAMP, -1))
    assert np.array_equal(picture(gray, "+Rl"), np.rot90(RAMP))
    assert np.array_equal(picture(gray, "+Rtd"), RAMP[::-1, ::-1])
    assert np.array_equal(picture(gray, "+Lh"), RAMP[:, ::-1])
    assert np.array_equal(picture(gray, "+Lv"), RAMP[::-1])
    assert np.array_equal(picture(gray, "+Lhv"), RAMP[::-1, ::-1])
    assert np.array_equal(picture(gray, "+C", "2", "1", "4", "3"), RAMP[1:4, 2:6])


def test_scaling_keeps_the_proportions(gray):
    assert picture(gray, "+Sxv", "16").shape == (12, 16)
    assert picture(gray, "+Syv", "3").shape == (3, 4)
    assert np.array_equal(picture(gray, "+Sxf", "2", "-i"), np.kron(RAMP, np.ones((2, 2), np.uint8)))


def test_polarity_and_shapes(gray):
    inverse = 255 - RAMP.astype(int)
    assert np.abs(picture(gray, "+P") - inverse).max() <= 1  # DCMTK cuts fractions off
    assert np.abs(picture(gray, "+Piv") - inverse).max() <= 1
    assert np.array_equal(picture(gray, "+P", "--standard"), inverse)
    assert np.array_equal(picture(gray, "+Pid"), RAMP)


def test_colour_becomes_grey_on_request(color):
    assert picture(color).shape == (6, 8, 3)
    assert picture(color, "+G").shape == (6, 8)


@pytest.mark.parametrize("numbers", ["--dcmtk", "--standard"])
def test_a_window_is_applied_in_both_numbers(gray, numbers):
    shown = picture(gray, numbers, "+Ww", "100", "51")
    assert shown[0, 0] == 0
    assert shown[-1, -1] == 255
    assert 0 < shown[2, 4] < 255


def test_standard_numbers_keep_the_fraction_that_dcmtk_cuts_off(tmp_path):
    source = save(tmp_path / "a.dcm", RAMP, RescaleSlope="0.01", RescaleIntercept="0")
    window = ("+Ww", "1.5", "3")
    assert len(np.unique(picture(source, "--standard", *window))) > 20
    assert len(np.unique(picture(source, "--dcmtk", *window))) < 6
