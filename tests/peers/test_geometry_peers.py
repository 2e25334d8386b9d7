# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Geometry, overlay planes and picture files are DCMTK's to the bit: asked through dcmtk_probe.cpp and dcmj2pnm.

Pixels are made, so that what DCMTK computes before (modality, VOI) is the identity and each step is seen alone.
Pictures 3 pixels high or wide are left out of bicubic scaling: there DCMTK reads beyond its buffer.
"""

import shutil
import subprocess

import numpy as np
import pytest
import turbodicom as td
from dcmtk_display import Probe, info_of, reason_to_skip
from display_overlays import OVERLAYS
from made_picture import picture
from turbodicom import _geometry, _picture_files
from turbodicom._overlay_drawing import MODES
from turbodicom._overlay_planes import OverlayPlanes
from turbodicom._overlays import as_dcmtk_reads, overlays_of

RANDOM = np.random.default_rng(7)
DTYPES = ("u1", "i1", "u2", "i2", "u4", "i4")
needs_programs = pytest.mark.skipif(
    not shutil.which("dcmj2pnm"),
    reason="dcmj2pnm is not installed (Debian: package dcmtk): no files to compare with",
)


@pytest.fixture(scope="session")
def probe(tmp_path_factory):
    """Return the compiled probe; skips where it cannot be built."""
    reason = reason_to_skip()
    if reason:
        pytest.skip(reason)
    return Probe(tmp_path_factory.mktemp("probe"))


def noise(dtype, *shape):
    """Return random samples that take the least and the greatest value."""
    limits = np.iinfo(dtype)
    samples = RANDOM.integers(limits.min, limits.max, shape, dtype=dtype, endpoint=True)
    samples.flat[0], samples.flat[-1] = limits.min, limits.max
    return samples


def saved(folder, samples, **attributes):
    """Save samples as a file; returns its path."""
    path = folder / "made.dcm"
    picture(samples, **attributes).save_as(path, enforce_file_format=True)
    return path


def derived(probe, path, commands):
    """Return inter data after each command that makes an image: planes (3?, frames, rows, columns)."""
    script = [step for command in commands for step in (command, ("info",), ("inter_data",), "back")]
    answers = probe.ask(path, script)
    found = []
    for made, info, data, _ in zip(*[iter(answers)] * 4, strict=True):
        assert made[0][1][0] == 1, "DCMTK made no image"
        about = info_of(info)
        planes = [values for name, values in data if name == "inter_data"]
        shape = int(about["frame_count"]), int(about["height"]), int(about["width"])
        found.append(np.stack([plane.reshape(shape) for plane in planes]))
    assert len(found) == len(commands)
    return found


def sizes(rows, columns, count):
    """Yield sizes: whole multiples, whole parts, larger, smaller, and anything."""
    for _ in range(count):
        up, right = RANDOM.integers(1, 5, 2)
        yield rows * up, columns * right
        yield max(rows // up, 1), max(columns // right, 1)
        yield rows + RANDOM.integers(0, 70), columns + RANDOM.integers(0, 70)
        yield RANDOM.integers(1, rows + 1), RANDOM.integers(1, columns + 1)
        yield RANDOM.integers(1, 90), RANDOM.integers(1, 90)


@pytest.mark.parametrize("interpolation", range(5))
@pytest.mark.parametrize("dtype", DTYPES)
def test_scaled_samples_equal(probe, tmp_path, dtype, interpolation):
    for _ in range(6):
        shape = RANDOM.integers(4, 40, 2) if interpolation == 4 else RANDOM.integers(1, 40, 2)
        samples = noise(dtype, 2, *shape)
        wanted = [tuple(map(int, size)) for size in sizes(*shape, 4)]
        commands = [("scale_size", columns, rows, interpolation, 0) for rows, columns in wanted]
        for (rows, columns), theirs in zip(
            wanted, derived(probe, saved(tmp_path, samples), commands), strict=True
        ):
            ours = _geometry.scale(samples, rows, columns, interpolation)
            np.testing.assert_array_equal(ours, theirs[0], f"{shape} to {rows} x {columns}")
            assert ours.dtype == theirs.dtype


@pytest.mark.parametrize("interpolation", range(5))
@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_scaled_colour_equals(probe, tmp_path, dtype, interpolation):
    samples = noise(dtype, 21, 34, 3)
    wanted = [tuple(map(int, size)) for size in sizes(21, 34, 4)]
    commands = [("scale_size", columns, rows, interpolation, 0) for rows, columns in wanted]
    for (rows, columns), theirs in zip(
        wanted, derived(probe, saved(tmp_path, samples, photometric="RGB"), commands), strict=True
    ):
        ours = _geometry.scale(np.moveaxis(samples, -1, 0), rows, columns, interpolation)
        np.testing.assert_array_equal(ours, theirs[:, 0], f"{rows} x {columns}")


@pytest.mark.parametrize("bits", [10, 12])
@pytest.mark.parametrize("interpolation", [1, 4])
def test_results_stay_within_the_bits_of_a_sample(probe, tmp_path, interpolation, bits):
    samples = RANDOM.choice(np.array([0, 1, (1 << bits) - 2, (1 << bits) - 1], "u2"), (19, 23))
    commands = [("scale_size", 50, 70, interpolation, 0), ("scale_size", 9, 30, 1, 0)]
    theirs = derived(probe, saved(tmp_path, samples, bits_stored=bits), commands)
    np.testing.assert_array_equal(_geometry.scale(samples, 70, 50, interpolation, bits=bits), theirs[0][0, 0])
    np.testing.assert_array_equal(_geometry.scale(samples, 30, 9, 1, bits=bits), theirs[1][0, 0])


@pytest.mark.parametrize("interpolation", range(5))
def test_scaled_clips_equal(probe, tmp_path, interpolation):
    samples = noise("i2", 2, 31, 40)
    areas = [(3, 2, 20, 13), (0, 0, 12, 31), (1, 0, 39, 30), (30, 25, 10, 6), (0, 0, 40, 31)]
    wanted = [(area, tuple(map(int, size))) for area in areas for size in sizes(area[3], area[2], 2)]
    commands = [("scale_clip", *area, columns, rows, interpolation, 0, 0) for area, (rows, columns) in wanted]
    for (area, (rows, columns)), theirs in zip(
        wanted, derived(probe, saved(tmp_path, samples), commands), strict=True
    ):
        ours = _geometry.scale(samples, rows, columns, interpolation, area)
        np.testing.assert_array_equal(ours, theirs[0], f"{area} to {rows} x {columns}")


@pytest.mark.parametrize("dtype", DTYPES)
def test_clips_with_a_border_equal(probe, tmp_path, dtype):
    samples = noise(dtype, 2, 17, 24)
    areas = [
        (-3, -2, 20, 30),
        (5, 6, 9, 9),
        (20, 10, 30, 3),
        (-10, 0, 5, 5),
        (24, 0, 4, 4),
        (0, -40, 24, 30),
        (-1, -1, 26, 19),
    ]
    commands = [("clip", *area, p_value) for p_value in (0, 40000, 65535) for area in areas]
    for (_, *area, p_value), theirs in zip(
        commands, derived(probe, saved(tmp_path, samples), commands), strict=True
    ):
        fill = _geometry.fill_of_p_value(p_value, samples.itemsize * 8, samples.dtype)
        np.testing.assert_array_equal(
            _geometry.clip(samples, *area, fill=fill), theirs[0], f"{area} {p_value}"
        )


def test_flips_and_rotations_equal(probe, tmp_path):
    samples = noise("u2", 3, 5, 8)
    ways, angles = [(0, 1), (1, 0), (1, 1)], [90, -90, 180, -180, 270, -270]  # 0: DCMTK's result is not set
    commands = [("flip", *way) for way in ways] + [("rotate", angle) for angle in angles]
    theirs = derived(probe, saved(tmp_path, samples), commands)
    ours = [_geometry.flip(samples, *way) for way in ways] + [
        _geometry.rotate(samples, angle) for angle in angles
    ]
    for command, a, b in zip(commands, ours, theirs, strict=True):
        np.testing.assert_array_equal(a, b[0], str(command))


@pytest.mark.parametrize("aspect", [0, 1])
def test_sizes_left_open_equal(probe, tmp_path, aspect):
    path = saved(tmp_path, noise("u1", 37, 53), PixelSpacing=[0.7, 0.3])
    ratios = {"width_height_ratio": 0.3 / 0.7, "height_width_ratio": 0.7 / 0.3} if aspect else {}
    wanted = [(columns, 0) for columns in (3, 20, 53, 100)] + [(0, rows) for rows in (2, 37, 90)]
    commands = [("scale_size", *size, 0, aspect) for size in wanted]
    script = [step for command in commands for step in (command, ("info",), "back")]
    answers = probe.ask(path, script)
    assert [made[0][1][0] for made in answers[::3]] == [1] * len(wanted)
    for size, about in zip(wanted, answers[1::3], strict=True):
        columns, rows = _geometry.scaled_size(53, 37, *size, **ratios)
        assert (columns, rows) == (info_of(about)["width"], info_of(about)["height"]), size


# -- overlay planes -------------------------------------------------------------------------------------------


def overlay_files():
    """Return name -> data set of every made file with overlays."""
    return {name: ds for group in OVERLAYS for name, ds, _ in group()}


FILES = overlay_files()


def opened(folder, ds):
    """Save a data set; returns its path and its planes as DCMTK reads them."""
    path = folder / "made.dcm"
    ds.save_as(path, enforce_file_format=True)
    return path, as_dcmtk_reads(overlays_of(td.read(path), on_error="report"))


WITHOUT_PLANES = {"overlay_embedded_inside_samples"}  # bits that belong to the samples are none
# DCMTK dies while it draws a plane that begins above and left of the image on one clipped with a wider border.
DIES = {
    (name, ("clip", -4, -3, 40, 30, 0)) for name in ("overlay_at_-2_-4", "overlay_at_0_0", "overlay_larger")
}


def output(answer, bits, info):
    """Return the picture of a record `output`."""
    samples = answer[0][1].view("u1" if bits <= 8 else "u2")
    return samples.reshape(int(info["height"]), int(info["width"])).copy()


@pytest.mark.parametrize("name", FILES)
def test_drawn_overlays_equal(probe, tmp_path, name):
    path, planes = opened(tmp_path, FILES[name])
    questions = [(bits, frame, mode) for bits in (8, 12, 16) for frame in range(4) for mode in range(1, 6)]
    script = [("info",)]
    for bits, frame, mode in questions:
        script += [
            ("hide_all",),
            ("output", bits, frame, 0),
            ("show_all_as", mode, 0.7, 0.4),
            ("output", bits, frame, 0),
        ]
    info, *answers = probe.ask(path, script)
    info = info_of(info)
    assert len(planes) == info["overlay_count"]
    assert bool(planes) == (name not in WITHOUT_PLANES)
    for (bits, frame, mode), (_, plain, _, drawn) in zip(
        questions, zip(*[iter(answers)] * 4, strict=True), strict=True
    ):
        if frame < info["frame_count"]:
            shown = OverlayPlanes(planes)
            shown.show(mode=MODES[mode], foreground=0.7, threshold=0.4)
            ours = shown.draw(output(plain, bits, info), frame)
            np.testing.assert_array_equal(
                ours, output(drawn, bits, info), f"{bits} bits, frame {frame}, {MODES[mode]}"
            )


CHANGES = {
    "scale": [
        ("scale_size", 48, 34, 0, 0),
        ("scale_size", 15, 11, 0, 0),
        ("scale_size", 31, 40, 0, 0),
        ("scale_size", 5, 4, 0, 0),
    ],
    "clip": [
        ("clip", 2, 3, 15, 10, 0),
        ("clip", -4, -3, 40, 30, 0),
        ("scale_clip", 2, 3, 10, 8, 20, 16, 0, 0, 0),
    ],
    "flip": [("flip", 1, 0), ("flip", 0, 1), ("flip", 1, 1)],
    "rotate": [("rotate", 90), ("rotate", 180), ("rotate", 270)],
}


def changed(shown, command, columns, rows):
    """Return the planes after a command, and columns and rows of the image."""
    word, *numbers = command
    if word == "scale_size":
        return shown.scaled(0, 0, numbers[0] / columns, numbers[1] / rows), numbers[0], numbers[1]
    if word in ("clip", "scale_clip"):
        left, top, width, height = numbers[:4]
        wide, high = numbers[4:6] if word == "scale_clip" else (width, height)
        return shown.scaled(left, top, wide / width, high / height), wide, high
    if word == "flip":
        return shown.flipped(*numbers, columns, rows), columns, rows
    turned = (columns, rows) if numbers[0] == 180 else (rows, columns)
    return shown.rotated(numbers[0], columns, rows), *turned


def chains():
    """Return single changes, and two after one another."""
    every = [command for commands in CHANGES.values() for command in commands]
    pairs = [("clip", 2, 3, 15, 10, 0), ("flip", 1, 0), ("rotate", 90), ("scale_size", 31, 40, 0, 0)]
    return [(command,) for command in every] + [(first, second) for first in pairs for second in pairs]


@pytest.mark.parametrize("name", FILES)
def test_overlays_follow_the_image(probe, tmp_path, name):
    path, planes = opened(tmp_path, FILES[name])
    for chain in chains():
        script = [*chain, ("info",), ("hide_all",), ("output", 8, 0, 0), ("show_all",), ("output", 8, 0, 0)]
        answers = probe.ask(path, script)
        if len(answers) < len(script) and (name, *chain) in DIES:
            continue
        assert len(answers) == len(script), f"DCMTK died over {script[len(answers)]} of {chain}"
        about, _, plain, _, drawn = answers[len(chain) :]
        info = info_of(about)
        shown, columns, rows = OverlayPlanes(planes), 24, 17
        for command in chain:
            shown, columns, rows = changed(shown, command, columns, rows)
        assert (columns, rows) == (info["width"], info["height"])
        ours = shown.draw(output(plain, 8, info), 0)
        np.testing.assert_array_equal(ours, output(drawn, 8, info), str(chain))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("bits", "foreground", "background"), [(8, 255, 0), (8, 3, 77), (12, 0xFFF, 5), (16, 1, 0)]
)
def test_data_of_a_plane_equals(probe, tmp_path, name, bits, foreground, background):
    path, planes = opened(tmp_path, FILES[name])
    look = {"bits": bits, "foreground": foreground, "background": background}
    shown = OverlayPlanes(planes)
    script = [("overlay_data", n, 0, bits, foreground, background) for n in range(len(planes))]
    answers = probe.ask(path, script)
    assert len(answers) == len(planes)
    assert bool(planes) == (name not in WITHOUT_PLANES)
    for n, (place, clipped, full) in enumerate(answers):
        ours = shown.data(n, 24, 17, **look)
        if ours is not None:
            assert [ours.left, ours.top, ours.columns, ours.rows, MODES.index(ours.mode)] == place[1].tolist()
            np.testing.assert_array_equal(ours.samples.ravel(), clipped[1].ravel())
        else:
            assert clipped[1].size == 0
        np.testing.assert_array_equal(shown.full_data(n, **look).samples, full[1])


@pytest.mark.parametrize("name", [name for name in FILES if "frames" not in name])
def test_packed_planes_equal(probe, tmp_path, name):
    path, planes = opened(tmp_path, FILES[name])
    answers = probe.ask(path, [("overlay_bits", n) for n in range(len(planes))])
    assert len(answers) == len(planes)
    assert bool(planes) == (name not in WITHOUT_PLANES)
    for n, (_, bits) in enumerate(answers):
        assert OverlayPlanes(planes).packed(n) == bits[1].tobytes()


# -- picture files --------------------------------------------------------------------------------------------


def exported(path, *options):
    """Return what dcmj2pnm writes."""
    return subprocess.run(["dcmj2pnm", "-q", *options, str(path)], capture_output=True, check=True).stdout


@needs_programs
@pytest.mark.parametrize("shape", [(8, 12), (1, 4), (5, 8, 3), (7, 4, 3)])
def test_pnm_and_bmp_files_equal(tmp_path, shape):
    image = noise("u1", *shape)
    path = saved(tmp_path, image, photometric="RGB" if len(shape) == 3 else "MONOCHROME2")
    assert _picture_files.ppm_bytes(image) == exported(path, "+op")
    assert _picture_files.ppm_bytes(image, raw=False) == exported(path, "+opb")
    assert _picture_files.bmp_bytes(image) == exported(path, "+ob")
    assert _picture_files.bmp_bytes(image, bits=24) == exported(path, "+obt")
    assert _picture_files.bmp_bytes(image, bits=32) == exported(path, "+obr")


@needs_programs
def test_pnm_files_of_more_bits_equal(tmp_path):
    image, twelve = noise("u2", 9, 6), noise("u2", 9, 6) >> 4
    assert _picture_files.ppm_bytes(image, raw=False) == exported(saved(tmp_path, image), "+opw")
    path = saved(tmp_path, twelve, bits_stored=12)
    assert _picture_files.ppm_bytes(twelve, bits=12, raw=False) == exported(path, "+opn", "12")
    colour = noise("u2", 4, 5, 3)
    path = saved(tmp_path, colour, photometric="RGB")
    assert _picture_files.ppm_bytes(colour, raw=False) == exported(path, "+opw")


@needs_programs
def test_pictures_scaled_by_the_tool_equal(tmp_path):
    image = noise("u1", 20, 30)
    path = saved(tmp_path, image)
    for interpolation in range(5):
        options = ["+i", str(interpolation)] if interpolation else ["-i"]
        for flag, number, columns in (("+Sxf", "1.7", 51), ("+Sxv", "45", 45), ("+Sxf", "0.4", 12)):
            columns, rows = _geometry.scaled_size(30, 20, columns, 0)
            ours = _geometry.scale(image, rows, columns, interpolation)
            assert _picture_files.ppm_bytes(ours) == exported(path, *options, flag, number, "+op")
