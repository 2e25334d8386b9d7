# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""td.Window: its arguments, the shorthand of window=, and what is found in the pixels."""

import pickle
import sys
from pathlib import Path

import numpy as np
import pytest
import turbodicom as td

sys.path.insert(0, str(Path(__file__).parent))

import values_reference as reference

RANDOM = np.random.default_rng(20261122)


def test_a_window_is_a_value():
    window = td.Window(40, 400)
    assert window == td.Window(40, 400) and hash(window) == hash(td.Window(40, 400))
    assert (window.center, window.width, window.function) == (40, 400, "linear")
    assert pickle.loads(pickle.dumps(td.Window.percentiles(1, 99))) == td.Window.percentiles(1, 99)
    with pytest.raises(AttributeError):
        window.center = 1


def test_a_window_prints_as_it_is_made():
    windows = [
        td.Window(40, 400), td.Window(1.5, 0.5, function="sigmoid"), td.Window.minmax(), td.Window.percentiles(1, 99),
        td.Window.histogram(0.05), td.Window.roi(1, 2, 3, 4), td.Window.index(2),
    ]  # fmt: skip
    assert [eval(f"td.{window!r}") for window in windows] == windows


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: td.Window(40, 0), ValueError),
        (lambda: td.Window(40, -1, "sigmoid"), ValueError),
        (lambda: td.Window(40, 0.9), ValueError),
        (lambda: td.Window(40, 0, "linear_exact"), ValueError),
        (lambda: td.Window(float("nan"), 10), ValueError),
        (lambda: td.Window(0, float("inf")), ValueError),
        (lambda: td.Window(40, 400, "LINEAR"), ValueError),
        (lambda: td.Window(rule="median"), ValueError),
        (lambda: td.Window(), TypeError),
        (lambda: td.Window("40", 400), TypeError),
        (lambda: td.Window(40, True), TypeError),
        (lambda: td.Window.percentiles(99, 1), ValueError),
        (lambda: td.Window.percentiles(-1, 50), ValueError),
        (lambda: td.Window.percentiles(50, 50), ValueError),
        (lambda: td.Window.percentiles("1", 99), TypeError),
        (lambda: td.Window.histogram(0.5), ValueError),
        (lambda: td.Window.histogram(-0.1), ValueError),
        (lambda: td.Window.roi(-1, 0, 1, 1), ValueError),
        (lambda: td.Window.roi(0, 0, 0, 1), ValueError),
        (lambda: td.Window.roi(0, 0, 1.5, 1), TypeError),
        (lambda: td.Window.index(-1), ValueError),
        (lambda: td.Window.index(1.0), TypeError),
    ],
)
def test_arguments_that_cannot_be_meant_are_refused(make, error):
    with pytest.raises(error):
        make()


def test_narrow_windows_are_for_exact_functions():
    assert td.Window(0.5, 0.01, "linear_exact").width == 0.01
    assert td.Window(40, 1).width == 1


@pytest.mark.parametrize("window", ["40", 1.5, True, [], [1, 2, 3], [(40, 400), 1], [None], {40, 400}, (40, "400"), object()])
def test_shorthand_that_means_nothing_is_refused(window):
    with pytest.raises((TypeError, ValueError)):
        td.PixelOptions(values="voi", window=window)


def test_a_window_without_a_stage_for_it_is_refused():
    for values in ("stored", "modality"):
        with pytest.raises(ValueError, match="window needs"):
            td.PixelOptions(values=values, window=td.Window.minmax())


# -- found in the pixels -----------------------------------------------------------------------------------


def shown(stored, window, dtype="f8", **attributes):
    """Return the VOI values of stored ones."""
    ds = td.read(reference.make(stored, **attributes))
    return td.transform(stored, ds, values="voi", window=window, dtype=dtype)


@pytest.mark.parametrize("dtype", ["u1", "u2", "i2", "u4", "i4", "f4", "f8"])
def test_minmax_spreads_what_is_there(dtype):
    stored = RANDOM.integers(3, 120, (5, 7)).astype(dtype)
    values = reference.rescaled(stored, -1.5, 7)
    expected = reference.between(values, values.min(), values.max())
    np.testing.assert_allclose(shown(stored, td.Window.minmax(), RescaleSlope=-1.5, RescaleIntercept=7), expected, atol=1e-12)


@pytest.mark.parametrize("dtype", ["u1", "i2", "i4", "f4"])
@pytest.mark.parametrize("percents", [(0, 100), (1, 99), (12.5, 50), (49.9, 50.1)])
def test_percentiles_are_those_of_numpy(dtype, percents):
    stored = RANDOM.normal(60, 15, (3, 20, 21)).clip(0, 120).astype(dtype)
    values = reference.rescaled(stored, 2.5, -3)
    low, high = np.percentile(values, percents)
    result = shown(stored, td.Window.percentiles(*percents), RescaleSlope=2.5, RescaleIntercept=-3)
    expected = reference.between(values, low, high) if low < high else np.where(values > low, 1, 0)
    np.testing.assert_allclose(result, expected, atol=1e-9)


def test_percentiles_of_wide_integers_are_those_of_numpy():
    stored = RANDOM.integers(0, 1 << 31, (30, 31)).astype("u4")
    low, high = np.percentile(stored.astype("f8"), (10, 90))
    np.testing.assert_allclose(shown(stored, td.Window.percentiles(10, 90)), reference.between(stored, low, high), atol=1e-9)


def histogram_bounds(values, fraction):
    """As DCMTK's DiMonoPixelTemplate::getHistogramWindow, for whole numbers, bin by bin."""
    counts = np.bincount(values.ravel() - values.min())
    threshold = int(fraction * values.size)
    low = seen = 0
    while seen < threshold:
        seen += counts[low]
        low += 1
    high, seen = len(counts), 0
    while seen < threshold:
        high -= 1
        seen += counts[high]
    return values.min() + low, values.min() + min(high, len(counts) - 1)


@pytest.mark.parametrize("fraction", [0, 0.01, 0.05, 0.2, 0.4])
def test_histogram_drops_a_share_at_both_ends(fraction):
    stored = (RANDOM.normal(500, 80, (40, 41)) // 7 * 7).clip(0, 1000).astype("u2")  # with empty bins
    values = stored.astype(int) - 1024
    low, high = histogram_bounds(values, fraction)
    result = shown(stored, td.Window.histogram(fraction), RescaleSlope=1, RescaleIntercept=-1024)
    np.testing.assert_allclose(result, reference.between(values, low, high), atol=1e-12)


def test_a_histogram_that_leaves_nothing_becomes_minmax():
    stored = np.array([[0, 5, 5, 5, 5, 9]], "u1")
    np.testing.assert_allclose(shown(stored, td.Window.histogram(0.4)), reference.between(stored, 0, 9))


def test_roi_looks_at_a_region_of_every_frame():
    stored = RANDOM.integers(0, 4096, (3, 9, 11)).astype("u2")
    region = stored[:, 2:6, 3:8]
    expected = reference.between(stored, region.min(), region.max())
    np.testing.assert_allclose(shown(stored, td.Window.roi(2, 3, 4, 5)), expected, atol=1e-12)
    with pytest.raises(ValueError, match="reaches beyond"):
        shown(stored, td.Window.roi(2, 3, 4, 9))


def test_padding_and_nan_do_not_count():
    stored = RANDOM.integers(100, 200, (6, 7)).astype("i2")
    stored[0, :3], stored[5, 5] = -2000, -1999
    inner = stored[stored > 0]
    padded = {"PixelPaddingValue": -2000, "PixelPaddingRangeLimit": -1999}
    for window in (td.Window.minmax(), td.Window.percentiles(0, 100), td.Window.histogram(0)):
        result = shown(stored, window, **padded)
        np.testing.assert_allclose(result, reference.between(stored, inner.min(), inner.max()), atol=1e-12)
    floats = stored.astype("f4")
    floats[0, :3] = np.nan
    result = shown(floats, td.Window.minmax(), FloatPixelPaddingValue=-1999.0)
    np.testing.assert_allclose(result[1:5], reference.between(floats, inner.min(), inner.max())[1:5], atol=1e-12)


def test_frames_of_different_slopes_have_one_window():
    stored = RANDOM.integers(0, 1000, (2, 8, 9)).astype("u2")
    made = reference.groups(frames=[{"PixelValueTransformationSequence": reference.rescale_group(s, 1)} for s in (0.5, 3)])
    values = np.stack([reference.rescaled(stored[0], 0.5, 1), reference.rescaled(stored[1], 3, 1)])
    for window, bounds in [
        (td.Window.minmax(), (values.min(), values.max())),
        (td.Window.percentiles(5, 80), np.percentile(values, (5, 80))),
    ]:
        np.testing.assert_allclose(shown(stored, window, **made), reference.between(values, *bounds), atol=1e-12)


def test_the_extremes_of_a_modality_lut_are_found():
    stored = RANDOM.integers(10, 20, (6, 6)).astype("u1")
    entries = RANDOM.integers(0, 60000, 32).astype("u2")
    values = reference.looked_up(stored, 0, entries)
    result = shown(stored, td.Window.minmax(), ModalityLUTSequence=reference.modality_lut(0, entries))
    np.testing.assert_allclose(result, reference.between(values, values.min(), values.max()), atol=1e-12)


@pytest.mark.parametrize("window", [td.Window.minmax(), td.Window.percentiles(1, 99), td.Window.histogram(0.05)])
def test_an_image_of_one_value_and_one_of_padding_only_are_black(window):
    assert not shown(np.full((4, 4), 7, "u1"), window).any()
    nothing = shown(np.full((4, 4), 7, "u1"), window, PixelPaddingValue=7)
    assert nothing.min() == nothing.max()
    assert np.isfinite(nothing).all()


def test_a_window_is_found_in_the_frames_of_the_call():
    stored = RANDOM.integers(0, 256, (4, 5, 6)).astype("u1")
    stored[2] //= 2
    ds = td.read(reference.make(stored))
    part = stored[1:3]
    expected = reference.spread(reference.between(part, part.min(), part.max()), "u1")
    np.testing.assert_array_equal(ds.pixels(values="voi", frames=[1, 2], window=td.Window.minmax()), expected)
    one = reference.spread(reference.between(stored[2], stored[2].min(), stored[2].max()), "u1")
    np.testing.assert_array_equal(ds.pixels(values="voi", frames=2, window=td.Window.minmax()), one)
