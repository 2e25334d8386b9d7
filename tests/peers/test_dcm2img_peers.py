# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``turbodicom dcm2img`` writes, byte for byte, what DCMTK's dcmj2pnm 3.6.7 (dcml2pnm for JPEG-LS) writes.

PGM, PPM and BMP are compared as files, PNG and TIFF by their samples. Corpus images and made ones are tried with
a few options (a plain run takes every third, TURBODICOM_DISPLAY=all all of them), a few images with every option.
A file of which there is no picture must be named in display_unopened.py, and what dcmj2pnm refuses we must refuse
but for `WE_READ_MORE`. Every comparison counts its pictures, as both may refuse the options.
"""

import csv
import os
import shutil
import subprocess
import zlib
from pathlib import Path

import numpy as np
import pytest
from display_files import make_all
from display_unopened import JPEG_LS, TOO_WIDE_FOR_A_HISTOGRAM, made_not_opened, reason_not_opened
from PIL import Image
from turbodicom import cli

PROGRAMS = ("dcmj2pnm", "dcml2pnm")  # one with JPEG, the other with JPEG-LS
pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, PROGRAMS)),
    reason="dcmj2pnm or dcml2pnm is not installed (Debian: package dcmtk): no files to compare with",
)

STEP = 1 if os.environ.get("TURBODICOM_DISPLAY") == "all" else 3
_ROOT = "1.2.840.10008.1.2"
NATIVE_AND_RLE = {_ROOT, f"{_ROOT}.1", f"{_ROOT}.2", f"{_ROOT}.1.99", f"{_ROOT}.5"}
JPEG = {f"{_ROOT}.4.{number}" for number in (50, 51, 53, 55, 57, 70)}
# What dcmj2pnm does not open, for the reasons in display_unopened.py, and we do.
WE_READ_MORE = {
    "SC_rgb_32bit.dcm", "SC_rgb_32bit_2frame.dcm", "SC_rgb_expb_32bit.dcm", "SC_rgb_expb_32bit_2frame.dcm",
    "liver_rle.dcm", "liver_nonbyte_aligned_rle.dcm", "SC_rgb_jpeg.dcm", "JLSL_08_07_0_1F.dcm",
}  # fmt: skip


def images(corpus, syntaxes):
    """Return the paths of the corpus images in some transfer syntaxes."""
    with open(corpus / "manifest.csv", newline="") as text:
        rows = [row for row in csv.DictReader(text) if row["kind"] == "dicom" and row["rows"]]
    return sorted(corpus / row["file"] for row in rows if row["syntax_uid"] in syntaxes)


def some(sources, options):
    """Return a part of the files, another one for other options."""
    return sources[zlib.crc32(" ".join(options).encode()) % STEP :: STEP]


def theirs(options, source, target):
    """Run dcmj2pnm, or dcml2pnm where that is not content; tell whether one was."""
    commands = ([program, "-q", *options, str(source), str(target)] for program in PROGRAMS)
    return any(
        subprocess.run(command, capture_output=True, check=False).returncode == 0 for command in commands
    )


def ours(options, source, target):
    """Run our tool; tell whether it was content."""
    return cli.main(["dcm2img", "-q", *options, str(source), str(target)]) == 0


def written(folder):
    """Return name -> content of the files of a folder, and empty it."""
    found = {}
    for path in sorted(Path(folder).iterdir()):
        found[path.name] = _without_padding(path.read_bytes())
        path.unlink()
    return found


def _without_padding(content):
    """Set what fills the lines of a BMP up to 4 bytes to 0: dcmj2pnm leaves there what was in memory."""
    if content[:2] != b"BM":
        return content
    begin, columns, rows = (int.from_bytes(content[at : at + 4], "little") for at in (10, 18, 22))
    bits = int.from_bytes(content[28:30], "little")
    lines = np.frombuffer(content[begin:], np.uint8).reshape(rows, -1).copy()
    lines[:, columns * bits // 8 :] = 0
    return content[:begin] + lines.tobytes()


def opens(source):
    """Tell whether DCMTK opens a file, of the corpus or made."""
    return reason_not_opened(source) is None and source.stem not in made_not_opened()


def difference(options, source, tmp_path):
    """Return what differs, as text, empty when nothing does; and whether both gave a picture."""
    results = []
    for run in (theirs, ours):
        content = run(options, source, tmp_path / "o")
        results.append(written(tmp_path) if content else None)
    if results[0] is not None and not opens(source):
        return "dcmj2pnm opens it, but display_unopened.py has a reason", False
    if results[0] == results[1]:
        return "", results[0] is not None
    if results[0] is None or results[1] is None:
        return "dcmj2pnm refuses" if results[0] is None else "we refuse", False
    if results[0].keys() != results[1].keys():
        return f"{sorted(results[0])} != {sorted(results[1])}", False
    pairs = zip(results[0].values(), results[1].values(), strict=True)
    return " ".join(_where(a, b) for a, b in pairs if a != b), False


def _where(a, b):
    if len(a) != len(b) or a[:2] in (b"P2", b"P3"):
        return f"{len(a)} and {len(b)} bytes, {a[:40]!r} and {b[:40]!r}"
    differing = np.frombuffer(a, np.uint8).astype(int) - np.frombuffer(b, np.uint8)
    return f"{np.count_nonzero(differing)} of {len(a)} bytes, from {np.flatnonzero(differing)[0]}, by {np.abs(differing).max()}"


def compare(options, sources, tmp_path):
    """Return the files that differ and how, and the number of those that give the same picture."""
    found, alike = [], 0
    for source in sources:
        text, is_alike = difference(options, source, tmp_path)
        alike += is_alike
        if text and not (text == "dcmj2pnm refuses" and source.name in WE_READ_MORE):
            found.append(f"{source.name}: {text}")
    return found, alike


def all_opened(sources):
    """Return what `compare` gives where options suit every image: no difference, and a picture of all DCMTK opens."""
    return [], sum(map(opens, sources))


EVERY_FILE = [
    ["+op"], ["+Wm", "+op"], ["+Wn", "+op"], ["+Wi", "1", "+op"], ["+Wh", "5", "+op"], ["+Ww", "300", "700.5", "+opw"],
    ["+Ww", "300", "700", "+Wfs", "+op"], ["-M", "+Wm", "+P", "+obr"],
]  # fmt: skip


@pytest.mark.parametrize("options", EVERY_FILE, ids=" ".join)
def test_every_native_and_rle_image_of_the_corpus_is_the_same_file(corpus, tmp_path, options):
    sources = images(corpus, NATIVE_AND_RLE)
    assert sum(map(opens, sources)) > 210
    if "+Wh" in options:
        sources = [path for path in sources if path.name not in TOO_WIDE_FOR_A_HISTOGRAM]
    sources = some(sources, options)
    found, alike = compare(options, sources, tmp_path)
    if "+Wi" in options:  # of images without a window both give no picture
        assert found == []
        assert alike > 75 // STEP
    else:
        assert (found, alike) == all_opened(sources)


@pytest.fixture(scope="module")
def made_files(tmp_path_factory):
    """Return the paths of the made files that have what the corpus lacks."""
    return [Path(path) for path, _ in make_all(tmp_path_factory.mktemp("made"))]


def test_every_made_file_is_the_same_picture(made_files, tmp_path):
    assert sum(map(opens, made_files)) > 300
    sources = some(made_files, ["+op"])
    assert compare(["+op"], sources, tmp_path) == all_opened(sources)


@pytest.mark.parametrize(
    ("options", "pictures"),
    [(["+Wi", "1", "+opw"], 44), (["+Wl", "1", "+O", "1", "+Omc", "+ob"], 20)],
    ids=["+Wi", "+Wl"],
)
def test_every_made_file_with_a_window_or_lut_is_the_same_picture(made_files, tmp_path, options, pictures):
    found, alike = compare(options, some(made_files, options), tmp_path)
    assert found == []
    assert alike >= (pictures if STEP == 1 else pictures // 4)  # of the others both give no picture


# Not +ca: it makes dcmj2pnm refuse grey images.
JPEG_OPTIONS = [["+op"], ["+Wm", "+ob"], ["+cl"], ["+cg"], ["+cgl"], ["+cn"], ["+w6"], ["+wc"]]


@pytest.mark.parametrize("options", JPEG_OPTIONS, ids=" ".join)
def test_every_jpeg_image_of_the_corpus_is_the_same_file(corpus, tmp_path, options):
    sources = images(corpus, JPEG)
    assert sum(map(opens, sources)) > 40
    assert compare(options, sources, tmp_path) == all_opened(sources)


@pytest.mark.parametrize("options", [["+op"], ["+Wm", "+ob"]], ids=" ".join)
def test_every_jpeg_ls_image_of_the_corpus_is_the_same_file(corpus, tmp_path, options):
    pytest.importorskip("imagecodecs", reason="JPEG-LS is decoded by imagecodecs, the extra `codecs`")
    sources = images(corpus, JPEG_LS)
    assert sum(map(opens, sources)) > 18
    assert compare(options, sources, tmp_path) == all_opened(sources)


EVERY_OPTION = [
    *(["+F", "2"], ["+Fr", "2", "2"], ["+Fa"], ["+Fa", "+Fn"], ["+Fr", "3", "9", "+Fn", "+ob"], ["+F", "99"]),
    *([f"+{kind}"] for kind in ("Rl", "Rr", "Rtd", "Lh", "Lv", "Lhv", "Pid", "Piv", "Pod", "P", "G")),
    *(["+Rl", "+Lh"], ["+Rr", "+Lv", "+C", "3", "2", "40", "30"]),
    *(["+C", "5", "7", "20", "10"], ["+C", "-5", "-3", "20", "30"], ["+C", "20", "10", "0", "0"], ["+C", "900", "900", "5", "5"]),
    *(["+Sxf", factor, *how] for factor in ("2", "0.5", "1.3") for how in (["-i"], ["+i", "1"], ["+i", "2"], ["+i", "3"], ["+i", "4"])),
    *(["+Sxv", "100", "-a"], ["+Syv", "31"], ["+Syf", "1.7", "-i"], ["+Sxv", "20", "+C", "4", "4", "16", "12"]),
    *(["+Sxv", "50", "+Rl"], ["+Sxf", "2", "-S"], ["+Sxv", "50", "-i", "+Wm", "+opw"]),
    *([f"+{kind}"] for kind in ("opb", "opw", "ob", "obp", "obt", "obr")),
    *(["+opn", str(bits)] for bits in (1, 2, 7, 8, 9, 12, 16, 17, 31, 32)),
    *(["-W"], ["+Wi", "2"], ["+Wl", "1"], ["+Wr", "3", "4", "12", "9"], ["+Wr", "900", "0", "2", "2"], ["+Wh", "0"], ["+Wh", "50"]),
    *(["+Wh", "100"], ["+Ww", "0", "1"], ["+Ww", "-10.5", "33.3", "+Wfl"], ["+Wi", "1", "+Wfs"], ["+Wm", "+Pod", "+opw"]),
    *(["-O"], ["+O", "1"], ["+O", "0"], ["+Omt", "+Osf", "0.7", "+Ost", "0.3"], ["+Omc"], ["+Omv"], ["+Omi"], ["+Omr", "+Osf", "0.2"]),
    *(["-M"], ["-M", "+Wm"], ["+Ma"], ["+Mp"], ["+Mc"], ["+Mm"], ["+Mv", "+Wl", "1"], ["+G", "+Wm", "+opw"], ["-o"]),
]  # fmt: skip
FEW_FILES = [
    "emri_small.dcm", "rtdose.dcm", "SC_rgb_16bit_2frame.dcm", "color-pl.dcm", "examples_palette.dcm", "examples_overlay.dcm",
    "6247", "vlut_04.dcm", "mlut_18.dcm",
]  # fmt: skip


@pytest.fixture(scope="module")
def few_files(corpus):
    """Return images that have all there is: frames, colour, palettes, overlays, LUTs."""
    found = {path.name: path for path in images(corpus, NATIVE_AND_RLE)}
    return [found[name] for name in FEW_FILES]


# Options that do not suit every one of them, and of how many there is a picture all the same: frames there are not,
# windows and LUTs there are not, a part beyond the image, a palette for BMP of 8 bits, presentation LUTs for colour.
FEWER_PICTURES = {
    "+F 2": 3, "+Fr 2 2": 3, "+Fr 3 9 +Fn +ob": 2, "+F 99": 0, "+C 20 10 0 0": 7, "+Sxv 20 +C 4 4 16 12": 7, "+obp": 6,
    "+Wi 2": 1, "+Wl 1": 1, "+Wi 1 +Wfs": 2, "+Mp": 8, "+Mv +Wl 1": 1,
}  # fmt: skip


@pytest.mark.parametrize("options", EVERY_OPTION, ids=" ".join)
def test_every_option_does_the_same(few_files, tmp_path, options):
    pictures = FEWER_PICTURES.get(" ".join(options), len(few_files))
    if not any(word.startswith(("+op", "+ob")) for word in options):
        options = ["+op", *options]
    assert compare(options, few_files, tmp_path) == ([], pictures)


@pytest.mark.parametrize("options", [["+on"], ["+on2"], ["+ot"], ["+on", "+Wm", "+Rl"]], ids=" ".join)
def test_png_and_tiff_have_the_same_samples(few_files, tmp_path, options):
    for source in few_files:
        assert theirs(options, source, tmp_path / "a")
        assert ours(options, source, tmp_path / "b")
        with Image.open(tmp_path / "a") as a, Image.open(tmp_path / "b") as b:
            assert (a.mode, a.format) == (b.mode, b.format), source.name
            assert np.array_equal(np.asarray(a), np.asarray(b)), source.name


@pytest.mark.parametrize("options", [["+op", "+Fa"], ["+opb", "+F", "2"], ["+ob"]], ids=" ".join)
def test_stdout_has_the_same_bytes(few_files, options, capfdbinary):
    refused = 0
    for source in few_files:
        command = ["dcmj2pnm", "-q", *options, str(source)]
        done = subprocess.run(command, capture_output=True, check=False)
        expected = done.stdout
        assert bool(expected) == (done.returncode == 0)
        refused += not expected
        capfdbinary.readouterr()
        cli.main(["dcm2img", "-q", *options, str(source)])
        assert _without_padding(capfdbinary.readouterr().out) == _without_padding(expected), source.name
    assert refused == (6 if "+F" in options else 0)  # six have one frame only


def test_image_info_has_the_same_lines(few_files, capsys):
    for source in few_files:
        command = ["dcmj2pnm", "-v", "-im", "-o", str(source)]
        text = subprocess.run(command, capture_output=True, check=False).stderr.decode("latin-1")
        expected = [
            line.removeprefix("I: ") for line in text.splitlines() if line.startswith(("I:   ", "I: dumping"))
        ]
        assert len(expected) > 10, source.name
        assert cli.main(["dcm2img", "-im", "-o", str(source)]) == 0
        assert capsys.readouterr().err.splitlines() == expected


WRONG = [
    *(["+bogus"], ["+F"], ["+F", "0"], ["+F", "-1"], ["+Ww", "1", "0.5"], ["+Ww", "a", "1"], ["+Wh", "101"]),
    *(["+Sxf", "0"], ["+opn", "33"], ["+i", "5"], ["+O", "17"], ["-ll", "loud"], ["@absent"], ["a", "b"]),
]  # fmt: skip


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_the_same_command_lines_are_wrong(few_files, words):
    command = [str(few_files[0]), *words]
    assert subprocess.run(["dcmj2pnm", *command], capture_output=True, check=False).returncode == 1
    assert cli.main(["dcm2img", *command]) == 2
