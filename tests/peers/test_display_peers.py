# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""td.DicomImage(mode="dcmtk") against DCMTK itself, bit for bit, and made files against values worked out by hand.

Every image both can open answers the same list of commands (display_scripts.py), DCMTK through dcmtk_probe.cpp, we
through display_ours.py; all records must be equal. A plain run takes the made files with a short list and a sample
of the corpus; TURBODICOM_DISPLAY=all takes everything. What may differ is in RULES, and nowhere else.
"""

import contextlib
import csv
import itertools
import os
import shutil
import subprocess

import numpy as np
import pytest
import turbodicom as td
from conftest import CORPUS
from dcmtk_display import Probe, info_of, reason_to_skip
from display_files import GROUPS, save
from display_ours import Ours
from display_scripts import script_for

EVERYTHING = os.environ.get("TURBODICOM_DISPLAY") == "all"
SAMPLE = 9  # a plain run takes each ninth file of the corpus
LARGEST_SAMPLE_BYTES = 600_000

RULES = {}
"""Name: (why, which files by name). At most five, each for at most 2 % of the files."""


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


def corpus_files():
    """Return the DICOM files of the corpus this run looks at, as paths below it."""
    if not CORPUS:
        return []
    with open(f"{CORPUS}/manifest.csv", newline="") as text:
        rows = [row for row in csv.DictReader(text) if row["kind"] == "dicom"]
    if EVERYTHING:
        return [row["file"] for row in rows]
    return [row["file"] for row in rows if int(row["bytes"]) < LARGEST_SAMPLE_BYTES][::SAMPLE]


def script_of(probe, path, **selection):
    """Return the commands for one image, None where DCMTK does not open it."""
    answers = probe.ask(path, ["info", ("range", 0), ("range", 1)], **selection)
    if not answers or not answers[0]:
        return None  # DCMTK crashed
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
    """Return the commands whose answers differ; what DCMTK did not live to answer is not compared."""
    theirs = probe.ask(path, script, **selection)
    if len(theirs) < len(script):
        theirs.pop()  # it crashed over this one
    ours = Ours(path, **options or {}).ask(script)
    return [
        f"{n}: {' '.join(map(str, command))[:60]}"
        for n, (command, want, got) in enumerate(zip(script, theirs, ours, strict=False))
        if not is_equal(got, want)
    ]


def rule_for(name):
    """Return the rule that explains why a file may differ, or None."""
    return next((rule for rule, (_, names) in RULES.items() if name in names), None)


def part_of(files):
    """Return all files, in a plain run of a long list each third."""
    return files if EVERYTHING or len(files) < 20 else files[::3]


def report(path, found):
    return f"{path.name}: {len(found)} answers differ, first {found[:4]}"


pytestmark = pytest.mark.filterwarnings("ignore:.*not whole")


@pytest.mark.parametrize("group", [group.__name__ for group in GROUPS])
def test_made_files_are_answered_as_dcmtk_answers(probe, made, group):
    failures = []
    for path, _ in part_of(made[group]):
        script = script_of(probe, path)
        found = [] if script is None or rule_for(path.name) else differences(probe, path, script)
        failures += [report(path, found)] if found else []
    assert not failures, "\n".join(failures)


@pytest.mark.parametrize("name", corpus_files())
def test_corpus_image_is_answered_as_dcmtk_answers(probe, corpus, name):
    path = corpus / name
    script = script_of(probe, path)
    if script is None:
        pytest.skip("not an image DCMTK opens")
    if rule := rule_for(path.name):
        pytest.skip(f"{rule}: {RULES[rule][0]}")
    found = differences(probe, path, script)
    assert not found, report(path, found)


def test_rules_are_few_and_touch_few_files():
    names = [name.rsplit("/", 1)[-1] for name in corpus_files()]
    assert len(RULES) <= 5
    for rule, (_, touched) in RULES.items():
        assert len(touched) <= 0.02 * 280, rule  # of the images of the corpus that DCMTK opens
        assert not EVERYTHING or set(touched) <= set(names), rule


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


@pytest.mark.parametrize("flag", FLAGS)
def test_flags_do_what_those_of_dcmtk_do(probe, made, flag):
    failures = []
    paths = [path for group in made.values() for path, _ in group]
    for path in paths if EVERYTHING else paths[::10]:
        script = script_of(probe, path, flags=FLAGS[flag])
        is_read_as_grey = flag == "use_presentation_state" and path.stem.startswith(
            "colour"
        )  # we refuse that
        if script is not None and not is_read_as_grey and not rule_for(path.name):
            script = [
                command for command in script[:40] if command[0] != "bitmap"
            ]  # we refuse YCbCr in bitmaps
            found = differences(probe, path, script, {flag: True}, flags=FLAGS[flag])
            failures += [report(path, found)] if found else []
    assert not failures, "\n".join(failures)


@pytest.mark.parametrize(("start", "count"), [(1, 0), (1, 1), (2, 1), (0, 2), (9, 9)])
def test_a_part_of_the_frames_is_opened_as_dcmtk_opens_it(probe, made, start, count):
    failures = []
    names = ("frames", "one_bit", "groups", "missing_frames", "too_long")
    for path in (path for group in made.values() for path, _ in group if any(n in path.stem for n in names)):
        script = script_of(probe, path, start=start, count=count)
        if script is not None:
            options = {"first_frame": start, "frame_count": count}
            found = differences(probe, path, script[:60], options, start=start, count=count)
            failures += [report(path, found)] if found else []
    assert not failures, "\n".join(failures)


@pytest.mark.parametrize("partial", [True, False])
def test_going_on_to_the_next_frames_gives_those_of_dcmtk(probe, made, partial):
    look = [("info",), ("range", 0), ("inter_data",), ("output", 8, 0, 0)]
    script = [*look, ("next_frames", 0), *look, ("next_frames", 2), *look, ("next_frames", 0), *look]
    flags, options = (0x400, {"use_partial_access": True}) if partial else (0, {})
    for path in (path for group in made.values() for path, _ in group if "_frames" in path.stem):
        if path.stem == "missing_frames":
            continue  # DCMTK gives up where no pixel of a frame is there
        found = differences(probe, path, script, {"frame_count": 1, **options}, count=1, flags=flags)
        assert not found, report(path, found)


# -- values worked out by hand ---------------------------------------------------------------------


def scaled(values, bits, dtype):
    """Return samples of `bits` bits over the full range of `dtype`: nearest, ties to even."""
    return np.rint(values * (np.iinfo(dtype).max / ((1 << bits) - 1))).astype(dtype)


def known_files(made, key):
    return [(path, known) for group in made.values() for path, known in group if key in known]


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
    for path, known in part_of(known_files(made, "modality")):
        answers = probe.ask(path, ["info", "inter_data"])
        is_plain = "_32" not in path.stem and path.stem != "groups_per_frame"
        if info_of(answers[0])["status"] == 0 and is_plain:
            want = known["stored"] if path.stem.endswith("_rescale") else known["modality"]
            assert np.array_equal(answers[1][1][1], np.trunc(want).ravel()), path.stem


# -- DCMTK's program -------------------------------------------------------------------------------

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


def pnm_of(path, options, target):
    """Return what dcmj2pnm makes of a file, (rows, columns[, 3]), or None."""
    command = ["dcmj2pnm", "-q", *options, "+op", path, target]
    if subprocess.run(command, check=False, capture_output=True, timeout=60).returncode:
        return None
    data = target.read_bytes()
    magic, size, _, pixels = data.split(b"\n", 3)
    columns, rows = map(int, size.split())
    shape = (rows, columns, 3) if magic == b"P6" else (rows, columns)
    return np.frombuffer(pixels, np.uint8).reshape(shape)


@pytest.mark.skipif(shutil.which("dcmj2pnm") is None, reason="no dcmj2pnm (Debian: dcmtk)")
@pytest.mark.parametrize("run", PROGRAM_RUNS)
def test_dcmj2pnm_writes_the_same_picture(corpus, tmp_path, run):
    options, prepare = PROGRAM_RUNS[run]
    alike, differ = [], []
    for name in itertools.islice(corpus_files(), 0, None, 1 if EVERYTHING else 3):
        try:  # the program opens one frame, and looks at no other
            first = {"frame_count": 1, "use_partial_access": True, "on_error": "report"}
            image = td.DicomImage(corpus / name, mode="dcmtk", **first)
        except td.Error:
            continue
        if not image.is_monochrome and run not in ("plain", "inverted"):
            continue
        want = pnm_of(corpus / name, options, tmp_path / "picture.pnm")
        if want is None or rule_for(name.rsplit("/", 1)[-1]):
            continue
        with contextlib.suppress(td.Error):  # a window that cannot be is a warning there: none is set
            prepare(image)
        (alike if np.array_equal(image.output_data(8), want) else differ).append(name)
    assert not differ
    assert len(alike) > 3
