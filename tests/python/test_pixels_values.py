# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""ds.pixels(values=...): the same as td.transform of the stored values, whatever else is asked for in the call."""

import io
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pydicom
import pytest
import turbodicom as td
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGBaseline8Bit, RLELossless

sys.path.insert(0, str(Path(__file__).parent))

import values_reference as reference
from values_reference import make, rescaled, spread, windowed

RANDOM = np.random.default_rng(20261122)
CT = {"RescaleSlope": 0.5, "RescaleIntercept": -1024, "WindowCenter": 40, "WindowWidth": 400}


def series(frames=4, **attributes):
    """Return stored values and a file of 12 bits."""
    stored = RANDOM.integers(0, 4096, (frames, 9, 12)).astype("u2")
    return stored, make(stored, bits_stored=12, **{**CT, **attributes})


def rle_coded(stored, cut=None, **attributes):
    """Return the file with RLE frames; frame `cut` ends too early."""
    ds = pydicom.dcmread(io.BytesIO(make(stored, **attributes)))
    coded = [td.codecs.rle.encode(frame) for frame in stored]
    if cut is not None:
        coded[cut] = coded[cut][:70]
    ds.PixelData = encapsulate(coded)
    ds["PixelData"].is_undefined_length = True
    ds["PixelData"].VR = "OB"
    ds.file_meta.TransferSyntaxUID = RLELossless
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, ds)
    return buffer.getvalue()


@pytest.mark.parametrize("values", ["modality", "voi", "presentation"])
@pytest.mark.parametrize("frames", [None, 0, -1, slice(1, 3), [3, 0, 0], []])
@pytest.mark.parametrize("coded", [False, True])
def test_frames_are_chosen_as_for_stored_values(values, frames, coded):
    stored, file = series(PixelPaddingValue=7, PhotometricInterpretation="MONOCHROME1")
    file = rle_coded(stored, bits_stored=12, **CT, PhotometricInterpretation="MONOCHROME1") if coded else file
    ds = td.read(file)
    chosen = stored if frames is None else stored[frames]
    expected = td.transform(chosen, ds, values=values, frames=frames)
    for workers in (1, 3):
        result = ds.pixels(values=values, frames=frames, workers=workers)
        assert (result.dtype, result.shape) == (expected.dtype, expected.shape)
        np.testing.assert_array_equal(result, expected)
    if isinstance(frames, int):
        np.testing.assert_array_equal(ds.frames[frames].pixels(values=values), expected)


def test_the_door_and_the_dataset_say_the_same():
    stored, file = series(1)
    expected = spread(windowed(rescaled(stored[0], 0.5, -1024), 40, 400), "u1")
    np.testing.assert_array_equal(td.pixels(file, values="voi"), expected)
    np.testing.assert_array_equal(td.pixels(file, options=td.PixelOptions(values="voi")), expected)
    np.testing.assert_array_equal(td.pixels(file, options=td.PixelOptions(values="voi"), values="modality"), rescaled(stored[0], 0.5, -1024))


def test_roi_and_reduce_come_first():
    stored, file = series()
    part = stored[:, 2:7, 3:11]
    ds = td.read(file)
    np.testing.assert_array_equal(ds.pixels(values="modality", roi=(2, 3, 5, 8)), rescaled(part, 0.5, -1024))
    found = ds.pixels(values="voi", roi=(2, 3, 5, 8), window=td.Window.minmax(), dtype="f8")
    np.testing.assert_allclose(found, reference.between(part, part.min(), part.max()), atol=1e-12)
    with pytest.raises(ValueError, match="reaches beyond"):
        ds.pixels(values="modality", roi=(2, 3, 8, 8))


def test_reduced_frames_are_transformed():
    stored = np.repeat(np.repeat(RANDOM.integers(60, 200, (4, 5)), 8, 0), 8, 1).astype("u1")
    coded = td.codecs.jpeg.encode(stored, process="baseline")
    ds = pydicom.dcmread(io.BytesIO(make(stored)))
    ds.RescaleSlope, ds.RescaleIntercept = 2, -50
    ds.PixelData = encapsulate([coded])
    ds["PixelData"].is_undefined_length = True
    ds["PixelData"].VR = "OB"
    ds.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, ds)
    data_set = td.read(buffer.getvalue())
    small = data_set.pixels(reduce=1)
    assert small.shape == (16, 20)
    np.testing.assert_array_equal(data_set.pixels(values="modality", reduce=1), rescaled(small, 2, -50))


@pytest.mark.parametrize("dtype", ["u1", "i2", "f2", "f4", "f8"])
def test_out_is_filled_in_place_and_says_its_dtype(dtype):
    _, file = series()
    ds = td.read(file)
    wide = np.zeros((4, 18, 24), dtype)
    out = wide[:, ::2, ::-2]
    assert ds.pixels(values="voi", out=out) is out
    np.testing.assert_array_equal(out, ds.pixels(values="voi", dtype=dtype))
    assert not wide[:, 1::2].any() and not wide[:, :, ::2].any()
    one = np.zeros((9, 12), dtype)
    assert ds.pixels(values="voi", frames=1, out=one) is one
    np.testing.assert_array_equal(one, out[1])
    for wrong in (np.zeros((4, 9, 11), dtype), np.zeros((9, 12), dtype)):
        with pytest.raises(ValueError, match="out must have shape"):
            ds.pixels(values="voi", out=wrong)


@pytest.mark.parametrize("layout", ["interleaved", "planar"])
@pytest.mark.parametrize("frames", [None, 1, [2, 0]])
def test_windows_of_a_list_are_samples_before_or_behind(layout, frames):
    stored, file = series()
    windows = [td.Window(40, 400), (-600, 1500), td.Window.percentiles(1, 99)]
    ds = td.read(file)
    result = ds.pixels(values="voi", window=windows, layout=layout, frames=frames)
    chosen = stored if frames is None else stored[frames]
    expected = np.stack([td.transform(chosen, ds, values="voi", window=w, frames=frames) for w in windows], -1)
    np.testing.assert_array_equal(result, expected if layout == "interleaved" else np.moveaxis(expected, -1, -3))


@pytest.mark.parametrize("layout", ["interleaved", "planar"])
@pytest.mark.parametrize("frames", [None, 1, slice(0, 1)])
def test_colour_and_palettes_have_samples(layout, frames):
    rgb = RANDOM.integers(0, 256, (3, 5, 6, 3)).astype("u1")
    chosen = rgb if frames is None else rgb[frames]
    planar = np.moveaxis(chosen, -1, -3) if layout == "planar" else chosen
    ds = td.read(make(rgb, photometric="RGB"))
    for values, dtype in (("modality", "f4"), ("voi", "u1"), ("presentation", "u1")):
        result = ds.pixels(values=values, layout=layout, frames=frames)
        assert result.dtype == dtype
        np.testing.assert_array_equal(result, planar)
    indexes = rgb[..., 0]
    tables = RANDOM.integers(0, 256, (3, 256)).astype("u1")
    ds = td.read(make(indexes, photometric="PALETTE COLOR", **reference.palette(0, tables, 8)))
    expected = np.moveaxis(tables, 0, -1)[indexes if frames is None else indexes[frames]]
    result = ds.pixels(values="presentation", layout=layout, frames=frames)
    np.testing.assert_array_equal(result, np.moveaxis(expected, -1, -3) if layout == "planar" else expected)
    np.testing.assert_array_equal(ds.pixels(values="modality", frames=frames), indexes if frames is None else indexes[frames])


def test_per_frame_groups_go_with_their_frames():
    stored = RANDOM.integers(0, 4096, (5, 6, 7)).astype("u2")
    frames = [
        {"PixelValueTransformationSequence": reference.rescale_group(k + 1, -k), "FrameVOILUTSequence": reference.window_group(100 * k + 1, 300)}
        for k in range(5)
    ]  # fmt: skip
    ds = td.read(make(stored, bits_stored=12, **reference.groups(frames=frames)))
    values = np.stack([rescaled(stored[k], k + 1, -k) for k in range(5)])
    np.testing.assert_array_equal(ds.pixels(values="modality"), values)
    shown = np.stack([windowed(values[k], 100 * k + 1, 300) for k in range(5)])
    np.testing.assert_array_equal(ds.pixels(values="voi"), spread(shown, "u1"))
    np.testing.assert_array_equal(ds.pixels(values="voi", frames=[4, 1]), spread(shown[[4, 1]], "u1"))
    np.testing.assert_array_equal(ds.frames[3].pixels(values="modality"), values[3])


def test_mask_and_fill_of_every_stage_and_of_stored_values():
    stored, _ = series()
    stored[stored < 900] = 5
    ds = td.read(make(stored, bits_stored=12, PixelPaddingValue=5, **CT))
    padded = stored == 5
    for values, dtype in (("stored", "u2"), ("modality", "f4"), ("voi", "u1"), ("presentation", "u1")):
        plain = ds.pixels(values=values)
        array, mask = ds.pixels(values=values, mask=True)
        np.testing.assert_array_equal(mask, padded)
        np.testing.assert_array_equal(array, plain)
        filled, mask = ds.pixels(values=values, mask=True, fill=200)
        assert filled.dtype == dtype and mask.dtype == bool
        np.testing.assert_array_equal(filled, np.where(padded, 200, plain))
        one, mask = ds.pixels(values=values, mask=True, fill=200, frames=2)
        np.testing.assert_array_equal((one, mask), (filled[2], padded[2]))
    out = np.zeros((4, 9, 12), "u2")
    array, _ = ds.pixels(mask=True, out=out)
    assert array is out
    np.testing.assert_array_equal(out, stored)
    np.testing.assert_array_equal(ds.pixels(fill=-1, dtype="i2"), np.where(padded, -1, stored.astype(int)))
    with pytest.raises(ValueError, match="copy=False"):
        ds.pixels(copy=False, mask=True)


@pytest.mark.parametrize("dtype", ["u8", "i8"])
def test_stored_values_of_64_bits_stay_exact_when_padding_is_filled(dtype):
    room = np.iinfo(dtype)
    stored = np.array([[room.max, room.max - 1, 5], [room.min + 1, 7, 5]], dtype)
    ds = td.read(make(stored, PixelPaddingValue=5))
    filled, mask = ds.pixels(mask=True, fill=6)
    assert filled.dtype == dtype
    np.testing.assert_array_equal(mask, stored == 5)
    np.testing.assert_array_equal(filled, np.where(stored == 5, stored.dtype.type(6), stored))


def test_integer_values_are_checked():
    stored, file = series(RescaleSlope=2, RescaleIntercept=-1024)
    assert td.pixels(file, values="modality", dtype="i2").dtype == "i2"
    np.testing.assert_array_equal(td.pixels(file, values="modality", dtype="i8"), rescaled(stored, 2, -1024))
    for dtype in ("u2", "i1"):
        with pytest.raises(ValueError, match="cannot hold|does not fit"):
            td.pixels(file, values="modality", dtype=dtype)
    with pytest.raises(ValueError, match="fractions"):
        td.pixels(series()[1], values="modality", dtype="i2")


def test_the_report_names_the_rules_that_were_needed():
    stored, _ = series()
    file = rle_coded(stored, bits_stored=12, RescaleSlope=0, RescaleIntercept=5, WindowCenter=4, WindowWidth=0)
    report = []
    td.pixels(file, values="voi", report=report, frames=[2, 1])
    assert [r.frame for r in report] == [2, 1]
    assert [r.quirks for r in report] == [["rescale_slope_zero", "window_ignored", "no_voi"]] * 2
    assert {r.decoder for r in report} == {"turbodicom rle"}


def test_a_bad_frame_is_reported_and_the_others_are_transformed():
    stored = RANDOM.integers(0, 4096, (4, 9, 12)).astype("u2")
    file = rle_coded(stored, cut=2, bits_stored=12, RescaleSlope=1, RescaleIntercept=5)
    with pytest.raises(td.Error) as caught:
        td.pixels(file, values="modality")
    assert caught.value.where == "frame 2"
    report = []
    with pytest.warns(UserWarning, match="1 of 4 frames") as warned:
        result = td.pixels(file, values="modality", on_error="report", report=report, workers=1)
    assert Path(warned[0].filename).name == Path(__file__).name
    np.testing.assert_array_equal(result[[0, 1, 3]], stored[[0, 1, 3]] + 5.0)
    with pytest.warns(UserWarning):
        np.testing.assert_array_equal(result, td.pixels(file, on_error="report") + 5.0)
    assert result[2].min() == 5


def test_floating_point_pixels_go_through_every_stage():
    stored = RANDOM.normal(10, 3, (2, 5, 6)).astype("f4")
    ds = td.read(make(stored, RescaleSlope=2, RescaleIntercept=1, WindowCenter=20, WindowWidth=9, VOILUTFunction="LINEAR_EXACT",
                      PhotometricInterpretation="MONOCHROME1"))  # fmt: skip
    values = rescaled(stored, 2, 1)
    np.testing.assert_array_equal(ds.pixels(values="modality"), values.astype("f4"))
    np.testing.assert_array_equal(ds.pixels(values="presentation"), spread(1 - windowed(values, 20, 9, "linear_exact"), "u1"))
    with pytest.raises(ValueError, match="cannot hold|does not fit"):
        td.read(make(stored)).pixels(values="modality", dtype="i2")


def test_values_of_an_unreadable_stage_are_an_error_before_decoding():
    stored, _ = series()
    lut = reference.lut_item(0, [1, 2])
    del lut[0x00283006]
    ds = td.read(make(stored, ModalityLUTSequence=pydicom.Sequence([lut])))
    for values in ("modality", "voi", "presentation"):
        with pytest.raises(td.ConformanceError):
            ds.pixels(values=values)
    np.testing.assert_array_equal(ds.pixels(), stored)


def test_unknown_keywords_and_stages_are_refused():
    _, file = series()
    with pytest.raises(TypeError, match="unexpected keyword"):
        td.pixels(file, value="voi")
    with pytest.raises(ValueError, match="values must be one of"):
        td.pixels(file, values="hu")


GROWTH = """
import sys
import numpy as np
import turbodicom as td

def status(name):
    with open("/proc/self/status") as text:
        return next(int(line.split()[1]) * 1024 for line in text if line.startswith(name))

ds = td.read(sys.argv[1])
out = np.ones((64, 512, 512), sys.argv[3])
ds.pixels(frames=0, values=sys.argv[2], workers=2)
with open("/proc/self/clear_refs", "w") as file:
    file.write("5")
before = status("VmRSS:")
ds.pixels(values=sys.argv[2], out=out, workers=2)
print(status("VmHWM:") - before)
"""


@pytest.mark.skipif(
    not sys.platform.startswith("linux"),
    reason="peak memory is measured with /proc/self/clear_refs, which only Linux has",
)
@pytest.mark.parametrize(("values", "dtype"), [("modality", "f4"), ("voi", "u1"), ("presentation", "f8")])
def test_nothing_of_the_results_size_is_allocated_besides_it(run_child, tmp_path, values, dtype):
    stored = RANDOM.integers(0, 4096, (64, 512, 512)).astype("u2")
    path = tmp_path / "coded.dcm"
    path.write_bytes(rle_coded(stored // 16, bits_stored=12, **CT))  # 32 MiB of stored values, and no mapped file in the way
    child = run_child(GROWTH, path, values, dtype)
    assert child.returncode == 0, child.stderr[-2000:]
    assert int(child.stdout) < stored.nbytes // 4


@pytest.mark.parametrize("options", [{}, {"on_error": "report"}, {"window": td.Window.minmax()}, {"mask": True}])
def test_a_number_of_frames_that_is_only_claimed_costs_nothing(options):
    for claimed in (100_000, 2_000_000_000):
        _, file = series(4, NumberOfFrames=claimed)
        with pytest.raises(td.TruncatedDataError):
            td.pixels(file, values="voi", **options)


def test_a_data_set_is_shared_by_threads():
    frames = [{"PixelValueTransformationSequence": reference.rescale_group(k + 1, -k)} for k in range(20)]
    stored = RANDOM.integers(0, 4096, (20, 30, 31)).astype("u2")
    ds = td.read(make(stored, **reference.groups(frames=frames)))
    expected = stored * np.arange(1, 21).reshape(20, 1, 1) - np.arange(20.0).reshape(20, 1, 1)
    with ThreadPoolExecutor(16) as pool:
        for index, result in pool.map(lambda k: (k % 20, ds.pixels(values="modality", frames=k % 20)), range(400)):
            np.testing.assert_array_equal(result, expected[index])


# JPEG-LS (.80, .81), JPEG 2000 (.90 to .93), JPEG XL (.110 to .112), HTJ2K (.201 to .203).
WITHOUT_A_CODEC_OF_OURS = tuple(f"1.2.840.10008.1.2.4.{begin}" for begin in ("8", "9", "11", "20"))


@pytest.mark.manifest(kind="dicom", expect="exact")
def test_pixels_equal_transform_on_real_files(corpus, row):
    if row["syntax_uid"].startswith(WITHOUT_A_CODEC_OF_OURS):
        pytest.importorskip("imagecodecs", reason="needs the extra `codecs`")
    ds = td.read(corpus / row["file"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        stored = ds.pixels(frames=0, color="rgb")
    for values in ("modality", "voi", "presentation"):
        expected = transform_or_error(lambda v=values: td.transform(stored, ds, values=v, frames=0))
        assert_same(transform_or_error(lambda v=values: ds.pixels(values=v, frames=0)), expected)


def transform_or_error(work):
    try:
        return work()
    except td.Error as error:
        return type(error), error.where


def assert_same(ours, expected):
    if isinstance(expected, tuple):
        assert ours == expected
    else:
        np.testing.assert_array_equal(ours, expected)
