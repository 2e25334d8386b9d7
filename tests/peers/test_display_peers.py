# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""td.DicomImage(mode="dcmtk") against DCMTK itself, bit for bit, and made files against values worked out by hand.

Every image answers the same list of commands (display_scripts.py), DCMTK through dcmtk_probe.cpp, we through
display_ours.py; all records must be equal. A plain run takes the made files with a short list and a sample of the
corpus; TURBODICOM_DISPLAY=all takes everything. DCMTK must open every file but those named in display_unopened.py,
and none of those; over every file it opens it must answer every command but for the two it dies of.
"""

import contextlib
import csv
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import turbodicom as td
from conftest import CORPUS
from dcmtk_display import Probe, info_of, reason_to_skip
from display_files import GROUPS, save
from display_ours import Ours
from display_scripts import script_for
from display_unopened import (
    FILES,
    MADE_DIES,
    SYNTAXES,
    TOO_WIDE_FOR_A_HISTOGRAM,
    made_not_opened,
    reason_not_opened,
)

EVERYTHING = os.environ.get("TURBODICOM_DISPLAY") == "all"
SAMPLE = 9  # a plain run takes each ninth file of the corpus
LARGEST_SAMPLE_BYTES = 600_000


@pytest.fixture(scope="session")
def probe(tmp_path_factory):
    """Return DCMTK to ask; skips where it cannot be built."""
    if reason := reason_to_skip():
        pytest.skip(reason)
    return Probe(tmp_path_factory.mktemp("probe"))


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Return {group: [(path, known)]} of all made files."""
    folder = tmp_path_factory.mktemp("made")
    return {group.__name__: save(group, folder) for group in GROUPS}


def corpus_rows():
    """Return the rows of the manifest that are DICOM files; none without a corpus."""
    if not CORPUS:
        return []
    with open(f"{CORPUS}/manifest.csv", newline="") as text:
        return [row for row in csv.DictReader(text) if row["kind"] == "dicom"]


def corpus_files():
    """Return {file: why DCMTK does not open it, or None} of the files of the corpus this run looks at."""
    rows = corpus_rows()
    if not EVERYTHING:
        rows = [row for row in rows if int(row["bytes"]) < LARGEST_SAMPLE_BYTES][::SAMPLE]
    return {row["file"]: reason_not_opened(Path(CORPUS, row["file"])) for row in rows}


REASONS = corpus_files()
OPENED = [name for name, reason in REASONS.items() if reason is None]


def script_of(probe, path, **selection):
    """Return the commands for one image, None where DCMTK does not open it."""
    answers = probe.ask(path, ["info", ("range", 0), ("range", 1)], **selection)
    assert answers, f"{path.name}: DCMTK died while opening it"
    info = info_of(answers[0])
    if info["status"] != 0:
        return None
    used, possible = (records[0][1][1:].tolist() for records in answers[1:])
    return script_for(info, used, possible, is_short=not EVERYTHING)


def is_equal(got, want):
    """Return whether two lists of records are equal, to the bit and in their types."""
    if [name for name, _ in got] != [name for name, _ in want]:
        return False
    return all(
        ours.dtype == theirs.dtype and ours.shape == theirs.shape and ours.tobytes() == theirs.tobytes()
        for (_, ours), (_, theirs) in zip(got, want, strict=True)
    )


def differences(probe, path, script, options=None, **selection):
    """Return the commands whose answers differ; only files of MADE_DIES may be answered in part."""
    theirs = probe.ask(path, script, **selection)
    if path.stem in MADE_DIES:
        script = script[: len(theirs)]
    assert len(theirs) == len(script), f"{path.name}: DCMTK died over {script[len(theirs)]}"
    ours = Ours(path, **options or {}).ask(script)
    return [
        f"{n}: {' '.join(map(str, command))[:60]}"
        for n, (command, want, got) in enumerate(zip(script, theirs, ours, strict=True))
        if not is_equal(got, want)
    ]


def failures_of(probe, paths, not_opened, shortened=list, options=None, **selection):
    """Return what is wrong with made files: answers that differ, and DCMTK opening others than expected.

    Parameters
    ----------
    paths : list of Path
        Each is compared, or has its reason in `not_opened`.
    not_opened : dict
        Stem -> why DCMTK does not open it.
    shortened : callable
        What to make of the list of commands.
    options, selection : dict
        What to open with, for us and for DCMTK.
    """
    failures = []
    for path in paths:
        script, reason = script_of(probe, path, **selection), not_opened.get(path.stem)
        if script is None and reason is None:
            failures.append(f"{path.name}: DCMTK does not open it, and no reason is known")
        elif script is not None and reason is not None:
            failures.append(f"{path.name}: DCMTK opens it, but display_unopened.py says: {reason}")
        elif script is not None:
            found = differences(probe, path, shortened(script), options, **selection)
            failures += [report(path, found)] if found else []
    return failures


def part_of(files):
    """Return all files, in a plain run of a long list each third."""
    return files if EVERYTHING or len(files) < 20 else files[::3]


def all_paths(made):
    """Return the paths of all made files."""
    return [path for group in made.values() for path, _ in group]


def report(path, found):
    return f"{path.name}: {len(found)} answers differ, first {found[:4]}"


pytestmark = pytest.mark.filterwarnings("ignore:.*not whole")


@pytest.mark.parametrize("group", [group.__name__ for group in GROUPS])
def test_made_files_are_answered_as_dcmtk_answers(probe, made, group):
    paths = part_of([path for path, _ in made[group]])
    assert len(paths) > 2
    assert failures_of(probe, paths, made_not_opened()) == []


def test_names_of_made_files_that_are_not_compared_are_those_of_made_files(made):
    stems = {path.stem for path in all_paths(made)}
    named = made_not_opened() | made_not_opened("use_partial_access") | MADE_DIES
    assert set(named) <= stems
    assert len(stems) - len(made_not_opened()) > 300  # so many are compared in a full run


@pytest.mark.parametrize("name", OPENED or [""])
def test_corpus_image_is_answered_as_dcmtk_answers(corpus, probe, name):
    path = corpus / name
    script = script_of(probe, path)
    assert script is not None, "DCMTK does not open it, and display_unopened.py has no reason"
    found = differences(probe, path, script)
    assert not found, report(path, found)


def test_dcmtk_opens_none_of_the_other_corpus_files(corpus, probe):
    others = {name: reason for name, reason in REASONS.items() if reason}
    opened = {name: reason for name, reason in others.items() if script_of(probe, corpus / name) is not None}
    assert opened == {}
    assert len(OPENED) > (270 if EVERYTHING else 25)  # so many are compared


def test_reasons_are_only_given_for_what_the_corpus_has(corpus):
    rows = corpus_rows()
    assert {*FILES, *TOO_WIDE_FOR_A_HISTOGRAM} <= {row["file"].rsplit("/", 1)[-1] for row in rows}
    assert set(SYNTAXES) <= {row["syntax_uid"] for row in rows}


FLAGS = {
    "use_absolute_pixel_range": 0x200,
    "ignore_modality": 0x40,
    "keep_ycbcr": 0x10,
    "use_presentation_state": 0x8,
    "check_lut_bit_depth": 0x100,
    "ignore_modality_lut_bit_depth": 0x80,
    "use_partial_access": 0x400,
    "never_access_embedded_overlays": 0x1000,
}


def without_bitmaps(script):
    """Return the first commands; a bitmap of YCbCr, which keep_ycbcr leaves, we refuse."""
    return [command for command in script[:40] if command[0] != "bitmap"]


@pytest.mark.parametrize("flag", FLAGS)
def test_flags_do_what_those_of_dcmtk_do(probe, made, flag):
    paths = all_paths(made)
    paths = paths if EVERYTHING else paths[::10]
    assert len(paths) > (320 if EVERYTHING else 30)
    shortened = without_bitmaps if flag == "keep_ycbcr" else lambda script: script[:40]
    failures = failures_of(probe, paths, made_not_opened(flag), shortened, {flag: True}, flags=FLAGS[flag])
    assert failures == []


@pytest.mark.parametrize(("start", "count"), [(1, 0), (1, 1), (2, 1), (0, 2), (9, 9)])
def test_a_part_of_the_frames_is_opened_as_dcmtk_opens_it(probe, made, start, count):
    names = ("frames", "one_bit", "groups", "too_long")
    paths = [path for path in all_paths(made) if any(name in path.stem for name in names)]
    assert len(paths) > 20
    # of the frames from the tenth on no pixel is there
    not_opened = {"missing_frames": "DCMTK gives up where no pixel is there"} if start == 9 else {}
    options = {"first_frame": start, "frame_count": count}
    failures = failures_of(
        probe, paths, not_opened, lambda script: script[:60], options, start=start, count=count
    )
    assert failures == []


@pytest.mark.parametrize("partial", [True, False])
def test_going_on_to_the_next_frames_gives_those_of_dcmtk(probe, made, partial):
    look = [("info",), ("range", 0), ("inter_data",), ("output", 8, 0, 0)]
    script = [*look, ("next_frames", 0), *look, ("next_frames", 2), *look, ("next_frames", 0), *look]
    flags, options = (0x400, {"use_partial_access": True}) if partial else (0, {})
    paths = [path for path in all_paths(made) if "_frames" in path.stem]
    assert len(paths) > 10
    for path in paths:
        commands = script
        if partial and path.stem == "missing_frames":
            # DCMTK gives up at the next two frames, of which no pixel is there; we do not, as errors are reported
            commands = script[: script.index(("next_frames", 2))]
        found = differences(probe, path, commands, {"frame_count": 1, **options}, count=1, flags=flags)
        assert not found, report(path, found)


# -- values worked out by hand ---------------------------------------------------------------------


def scaled(values, bits, dtype):
    """Return samples of `bits` bits over the full range of `dtype`: nearest, ties to even."""
    return np.rint(values * (np.iinfo(dtype).max / ((1 << bits) - 1))).astype(dtype)


def known_files(made, key):
    """Return the made files of which something is known; there must be some."""
    files = [(path, known) for group in made.values() for path, known in group if key in known]
    assert len(files) > 10
    return files


def test_stored_values_of_made_files_are_those_put_in(made):
    for path, known in known_files(made, "stored"):
        assert np.array_equal(td.pixels(path).squeeze(), np.squeeze(known["stored"])), path.stem


def test_modality_values_of_made_files_are_those_of_the_formula(made):
    for path, known in known_files(made, "modality"):
        values = td.pixels(path, values="modality", dtype="float64")
        assert np.array_equal(values, known["modality"]), path.stem


def test_palettes_of_made_files_give_the_colours_put_in(made):
    for path, known in known_files(made, "rgb"):
        bits = known.get("rgb_bits", 8)
        dtype = "uint8" if bits <= 8 else "uint16"
        values = (
            td.pixels(path, values="presentation", dtype=dtype) if "rgb_bits" in known else td.pixels(path)
        )
        want = scaled(known["rgb"], bits, dtype) if "rgb_bits" in known else known["rgb"]
        assert np.array_equal(values, want), path.stem


def test_dcmtk_agrees_with_the_hand_on_made_files(probe, made):
    """Or the made files would be wrong: integers cut towards zero, X-ray without rescale, no per-frame groups."""
    compared = 0
    for path, known in part_of(known_files(made, "modality")):
        answers = probe.ask(path, ["info", "inter_data"])
        assert (info_of(answers[0])["status"] == 0) == (path.stem not in made_not_opened()), path.stem
        is_plain = "_32" not in path.stem and path.stem != "groups_per_frame"
        if path.stem not in made_not_opened() and is_plain:
            want = known["stored"] if path.stem.endswith("_rescale") else known["modality"]
            assert np.array_equal(answers[1][1][1], np.trunc(want).ravel()), path.stem
            compared += 1
    assert compared > (80 if EVERYTHING else 25)


# -- DCMTK's programs ------------------------------------------------------------------------------

PROGRAM_RUNS = {
    "plain": ([], lambda i: None),
    "min-max": (["+Wm"], lambda i: i.set_min_max_window()),
    "window": (["+Ww", "300", "700.5"], lambda i: i.set_window(300.0, 700.5)),
    "histogram": (["+Wh", "10"], lambda i: i.set_histogram_window(0.1)),
    "sigmoid": (
        ["+Ww", "300", "700", "+Wfs"],
        lambda i: (i.set_voi_lut_function("sigmoid"), i.set_window(300.0, 700.0)),
    ),
    "inverted": (["+P"], lambda i: i.set_polarity("reverse")),
    "no overlays": (["-O"], lambda i: i.hide_all_overlays()),
}


NEED_MONOCHROME = ("min-max", "window", "histogram", "sigmoid")

PROGRAMS = ("dcmj2pnm", "dcml2pnm")  # one with JPEG, the other with JPEG-LS


def pnm_of(path, options, target):
    """Return what DCMTK's program makes of a file, (rows, columns[, 3]), or None where it gives no picture."""
    for program in PROGRAMS:
        command = [program, "-q", *options, "+op", path, target]
        if subprocess.run(command, check=False, capture_output=True, timeout=60).returncode == 0:
            break
    else:
        return None
    data = target.read_bytes()
    magic, size, _, pixels = data.split(b"\n", 3)
    columns, rows = map(int, size.split())
    shape = (rows, columns, 3) if magic == b"P6" else (rows, columns)
    return np.frombuffer(pixels, np.uint8).reshape(shape)


def picture_of(path, run):
    """Return the same from us; where the program warns and goes on, we must refuse."""
    # The programs open one frame, and look at no other.
    first = {"frame_count": 1, "use_partial_access": True, "on_error": "report"}
    image = td.DicomImage(path, mode="dcmtk", **first)
    _, prepare = PROGRAM_RUNS[run]
    if not image.is_monochrome and run in NEED_MONOCHROME:
        with pytest.raises(ValueError, match="only for monochrome images"):
            prepare(image)
    elif run == "histogram":
        with contextlib.suppress(
            td.ConformanceError
        ):  # nothing is left between the ends: no window is set there
            prepare(image)
    else:
        prepare(image)
    return image.output_data(8)


@pytest.mark.skipif(
    not all(map(shutil.which, PROGRAMS)),
    reason="dcmj2pnm or dcml2pnm is not installed (Debian: package dcmtk): no pictures to compare with",
)
@pytest.mark.parametrize("run", PROGRAM_RUNS)
def test_dcmj2pnm_writes_the_same_picture(corpus, tmp_path, run):
    options, _ = PROGRAM_RUNS[run]
    differ = []
    names = OPENED if EVERYTHING else OPENED[::3]
    assert len(names) > (270 if EVERYTHING else 9)
    if run == "histogram":
        names = [name for name in names if Path(name).name not in TOO_WIDE_FOR_A_HISTOGRAM]
    for name in names:
        want = pnm_of(corpus / name, options, tmp_path / "picture.pnm")
        assert want is not None, f"{name}: DCMTK gives no picture"
        if not np.array_equal(picture_of(corpus / name, run), want):
            differ.append(name)
    assert not differ


@pytest.mark.skipif(
    not all(map(shutil.which, PROGRAMS)),
    reason="dcmj2pnm or dcml2pnm is not installed (Debian: package dcmtk): nothing to be refused by",
)
def test_dcmj2pnm_gives_no_picture_of_the_others(corpus, tmp_path):
    others = [name for name in REASONS if name not in OPENED]
    given = [name for name in others if pnm_of(corpus / name, [], tmp_path / "picture.pnm") is not None]
    assert given == []
