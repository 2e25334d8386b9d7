# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""size= and fit= against Pillow's and torch's antialiased bilinear."""

import sys
from pathlib import Path

import numpy as np
import pytest
import turbodicom as td
from turbodicom import _core

sys.path.insert(0, str(Path(__file__).parent))

from batch_files import write_series

Image = pytest.importorskip("PIL.Image")
SIZES = [
    ((24, 20), (11, 13)),
    ((24, 20), (60, 7)),
    ((512, 300), (224, 224)),
    ((9, 300), (50, 31)),
    ((1, 1), (3, 2)),
    ((5, 6), (5, 6)),
]
WINDOW = {"values": "voi", "window": (40, 400), "dtype": "float32"}


def by_pillow(image, size):
    return np.asarray(
        Image.fromarray(np.ascontiguousarray(image, "f4")).resize(size[::-1], Image.Resampling.BILINEAR)
    )


@pytest.mark.parametrize(("shape", "size"), SIZES)
def test_equals_pillow(shape, size):
    image = np.random.default_rng(1).uniform(-1000, 1000, shape).astype("f4")
    out = np.empty(size, "f4")
    _core.resize(image, out, (*size, 0, 0, None))
    assert abs(out - by_pillow(image, size)).max() < 2e-3  # of 2000


@pytest.mark.parametrize(("shape", "size"), SIZES)
def test_equals_torch(shape, size):
    torch = pytest.importorskip("torch", exc_type=ImportError)
    image = np.random.default_rng(2).uniform(0, 1, shape).astype("f4")
    out = np.empty(size, "f4")
    _core.resize(image, out, (*size, 0, 0, None))
    theirs = torch.nn.functional.interpolate(
        torch.from_numpy(image)[None, None], size=size, mode="bilinear", antialias=True, align_corners=False
    )
    assert abs(out - theirs[0, 0].numpy()).max() < 1e-4


@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2", "u4", "i4", "f2", "f4", "f8"])
def test_results_of_every_dtype_are_the_rounded_and_clamped_floats(dtype):
    image = np.random.default_rng(3).uniform(-200, 400, (30, 20, 3)).astype("f4")
    floats, out = np.empty((13, 31, 3), "f4"), np.empty((3, 13, 31), dtype)
    _core.resize(image, floats, (13, 31, 0, 0, None))
    _core.resize(image, np.moveaxis(out, 0, -1), (13, 31, 0, 0, None))
    if out.dtype.kind != "f":
        floats = np.rint(floats).clip(np.iinfo(dtype).min, np.iinfo(dtype).max)
    assert np.array_equal(np.moveaxis(out, 0, -1), floats.astype(dtype))


@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"])
def test_images_of_every_dtype_are_resized(dtype):
    image = np.random.default_rng(4).integers(0, 100, (30, 20)).astype(dtype)
    out = np.empty((13, 31), "f4")
    _core.resize(image[::-1, ::-1], out, (13, 31, 0, 0, None))
    assert abs(out - by_pillow(image[::-1, ::-1], (13, 31))).max() < 1e-3


def test_every_instruction_set_gives_the_same_bits(run_child):
    source = """
import hashlib, os, sys
os.environ["TURBODICOM_ISA"] = sys.argv[1]
import numpy as np
from turbodicom import _core
image = np.random.default_rng(1).uniform(size=(70, 90, 3)).astype("f4")
out = np.empty((33, 41, 3), "f4")
_core.resize(image, out, (37, 41, 4, 0, None))
print(hashlib.sha256(out.tobytes()).hexdigest())
"""
    outputs = {run_child(source, isa).stdout for isa in td.machine()["runnable_isas"]}
    assert len(outputs) == 1
    assert len(outputs.pop()) == 65


@pytest.mark.parametrize("fit", ["stretch", "pad", "crop"])
@pytest.mark.parametrize("size", [(12, 12), (48, 48), (10, 30), (31, 9), (24, 20)])
@pytest.mark.parametrize("layout", ["interleaved", "planar"])
def test_a_batch_is_its_pixels_resized(tmp_path, fit, size, layout):
    paths, _ = write_series(tmp_path, 3)
    batch = td.batch(paths, size=size, fit=fit, layout=layout, **WINDOW)
    assert batch.shape == ((3, 1, *size) if layout == "planar" else (3, *size, 1))
    for path, found in zip(paths, batch.reshape(3, *size), strict=True):
        assert abs(found - fitted(td.pixels(path, **WINDOW), size, fit)).max() < 1e-4


def fitted(image, size, fit, border=0.0):
    """The definition in the docstring of batch()."""
    if fit == "stretch":
        return by_pillow(image, size)
    ratios = [target / length for target, length in zip(size, image.shape, strict=True)]
    scale = min(ratios) if fit == "pad" else max(ratios)
    scaled = by_pillow(image, tuple(max(1, round(length * scale)) for length in image.shape))
    rows, columns = (abs(s - t) // 2 for s, t in zip(scaled.shape, size, strict=True))
    if fit == "crop":
        return scaled[rows : rows + size[0], columns : columns + size[1]]
    result = np.full(size, border, "f4")
    result[rows : rows + scaled.shape[0], columns : columns + scaled.shape[1]] = scaled
    return result


def test_borders_are_fill_or_black_or_stored_zero(tmp_path):
    paths, _ = write_series(tmp_path, 1)
    corner = lambda **options: td.batch(paths, size=(10, 40), fit="pad", **options)[0, 0, 0, 0]
    assert corner(values="modality") == -1024
    assert corner(values="stored") == 0
    assert corner(values="voi") == 0
    assert corner(values="voi", dtype="int16") == -32768
    assert corner(values="voi", dtype="float32") == 0
    assert corner(values="presentation") == 0
    assert corner(values="modality", fill=-2000) == -2000
    assert corner(values="voi", fill=9) == 9
    assert corner(values="voi", roi=(1, 1, 9, 9), dtype="int16") == -32768
    assert corner(values="modality", roi=(1, 1, 9, 9)) == -1024


def test_integers_are_rounded_once(tmp_path):
    paths, _ = write_series(tmp_path, 1)
    exact = td.batch(paths, size=(7, 9), **WINDOW)
    assert np.array_equal(
        td.batch(paths, size=(7, 9), values="voi", window=(40, 400)), np.rint(exact * 255).astype("u1")
    )
    signed = td.batch(paths, size=(7, 9), values="modality", dtype="int16")
    assert np.array_equal(signed, np.rint(td.batch(paths, size=(7, 9), values="modality")).astype("i2"))
    wide = td.batch(paths, size=(7, 9), values="modality", dtype="int64")
    assert np.array_equal(wide, signed)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"fit": "fill"}, ValueError), ({"size": 224}, TypeError), ({"size": (0, 4)}, ValueError), ({"size": (4, 70000)}, ValueError),
        ({"size": (4.5, 4)}, TypeError), ({"size": (4, 4, 4)}, TypeError), ({"size": (-4, 4)}, ValueError),
    ],
)  # fmt: skip
def test_sizes_that_cannot_be_are_refused(tmp_path, options, error):
    paths, _ = write_series(tmp_path, 1)
    with pytest.raises(error, match="size|fit"):
        td.batch(paths, **options)
