# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Clip, flip, rotate, scale: values worked out by hand. DCMTK is asked in tests/peers/test_geometry_peers.py."""

import numpy as np
import pytest
from turbodicom import _geometry

SMALL = np.arange(6, dtype=np.uint8).reshape(2, 3)
RAMP = np.array([[0, 10, 20, 30]], np.uint8).repeat(4, axis=0)


def noise(dtype, *shape):
    """Return random samples; floats between 0 and 1."""
    random = np.random.default_rng(3)
    if np.dtype(dtype).kind == "f":
        return random.random(shape).astype(dtype)
    limits = np.iinfo(dtype)
    return random.integers(limits.min, limits.max, shape, dtype=dtype, endpoint=True)


# -- clip, flip, rotate ---------------------------------------------------------------------------------------


def test_a_clip_inside_is_that_part():
    assert _geometry.clip(SMALL, 1, 0, 2, 2).tolist() == [[1, 2], [4, 5]]


def test_a_clip_beyond_the_picture_has_a_border():
    assert _geometry.clip(SMALL, -1, 1, 3, 2, fill=9).tolist() == [[9, 3, 4], [9, 9, 9]]
    assert _geometry.clip(SMALL, 2, -1, 2, 2, fill=9).tolist() == [[9, 9], [2, 9]]


@pytest.mark.parametrize("place", [(3, 0), (-4, 0), (0, 2), (0, -4), (-70000, 0), (0, 1 << 40)])
def test_a_clip_without_anything_of_the_picture_is_all_border(place):
    assert _geometry.clip(SMALL, *place, 4, 4, fill=7).tolist() == [[7] * 4] * 4


def test_a_clip_is_a_copy_and_keeps_leading_axes():
    stack = np.stack([SMALL, SMALL + 6])
    part = _geometry.clip(stack, 0, 0, 3, 2)
    part[:] = 0
    assert stack.max() == 11
    assert _geometry.clip(stack, 1, 1, 1, 1).tolist() == [[[4]], [[10]]]


@pytest.mark.parametrize(("rows", "columns"), [(0, 1), (1, 0), (-1, 1), (65536, 1)])
def test_sizes_that_cannot_be_are_refused(rows, columns):
    with pytest.raises(ValueError, match="must be 1 to 65535"):
        _geometry.clip(SMALL, 0, 0, columns, rows)
    with pytest.raises(ValueError, match="must be 1 to 65535"):
        _geometry.scale(SMALL, rows, columns)


def test_flips_mirror():
    assert _geometry.flip(SMALL, True, False).tolist() == [[2, 1, 0], [5, 4, 3]]
    assert _geometry.flip(SMALL, False, True).tolist() == [[3, 4, 5], [0, 1, 2]]
    assert _geometry.flip(SMALL, True, True).tolist() == [[5, 4, 3], [2, 1, 0]]
    assert _geometry.flip(SMALL, False, False).tolist() == SMALL.tolist()


def test_rotations_are_clockwise():
    assert _geometry.rotate(SMALL, 90).tolist() == [[3, 0], [4, 1], [5, 2]]
    assert (
        _geometry.rotate(SMALL, -90).tolist()
        == _geometry.rotate(SMALL, 270).tolist()
        == [[2, 5], [1, 4], [0, 3]]
    )
    assert (
        _geometry.rotate(SMALL, 180).tolist()
        == _geometry.rotate(SMALL, -180).tolist()
        == [[5, 4, 3], [2, 1, 0]]
    )
    assert _geometry.rotate(SMALL, 360).tolist() == _geometry.rotate(SMALL, 0).tolist() == SMALL.tolist()


@pytest.mark.parametrize("degrees", [45, 1, 450, 90.0, "90"])
def test_other_angles_are_refused(degrees):
    with pytest.raises(ValueError, match="multiple of 90"):
        _geometry.rotate(SMALL, degrees)


# -- sizes ----------------------------------------------------------------------------------------------------


def test_a_size_left_open_keeps_the_proportions_rounded_down():
    assert _geometry.scaled_size(30, 20, 45, 0) == (45, 30)
    assert _geometry.scaled_size(30, 20, 0, 7) == (10, 7)
    assert _geometry.scaled_size(30, 20, 0, 0) == (30, 20)
    assert _geometry.scaled_size(30, 20, 3, 4) == (3, 4)
    assert _geometry.scaled_size(30, 20, 1, 0) == (1, 0)


def test_a_size_left_open_makes_pixels_square():
    assert _geometry.scaled_size(30, 20, 30, 0, width_height_ratio=0.5) == (30, 40)
    assert _geometry.scaled_size(30, 20, 0, 20, width_height_ratio=0.5) == (15, 20)


def test_sizes_end_at_what_rows_and_columns_can_say():
    assert _geometry.scaled_size(10, 20, 40000, 0) == (40000, 65535)


@pytest.mark.parametrize(
    ("p_value", "bits", "dtype", "value"),
    [(65535, 12, "u2", 4095), (0, 12, "u2", 0), (32768, 8, "u1", 127), (65535, 8, "i1", -1)],
)
def test_a_border_is_a_part_of_the_largest_value(p_value, bits, dtype, value):
    assert _geometry.fill_of_p_value(p_value, bits, dtype) == value


# -- scale without interpolation --------------------------------------------------------------------------------


def test_whole_factors_repeat_pixels():
    assert _geometry.scale(SMALL, 2, 6, 0).tolist() == [[0, 0, 1, 1, 2, 2], [3, 3, 4, 4, 5, 5]]


def test_whole_divisors_leave_pixels_out():
    assert _geometry.scale(np.arange(12, dtype=np.uint8).reshape(2, 6), 1, 3, 0).tolist() == [[0, 2, 4]]


@pytest.mark.parametrize(
    ("size", "wanted", "index"),
    [
        (4, 5, [0, 1, 2, 2, 3]),  # one more: in the middle
        (5, 4, [0, 1, 2, 4]),  # one less: from the middle
        (6, 8, [0, 1, 2, 2, 3, 4, 4, 5]),  # two more: at 1/3 and 2/3
        (3, 5, [0, 0, 1, 2, 2]),  # one less than twice as many
        (8, 3, [0, 3, 5]),
    ],
)
def test_odd_pixels_are_spread_evenly(size, wanted, index):
    row = np.arange(size, dtype=np.uint16)[None]
    assert _geometry.scale(row, 1, wanted, 0)[0].tolist() == index
    assert _geometry.scale(row.T, wanted, 1, 0)[:, 0].tolist() == index


# -- scale with interpolation -----------------------------------------------------------------------------------


@pytest.mark.parametrize("interpolation", [1, 2])
def test_halving_averages(interpolation):
    samples = np.array([[0, 2, 10, 11], [4, 6, 12, 14]], np.uint8)
    # pbmplus averages rows first: (0 + 4)/2, (2 + 6)/2 = 2, 4; then 3; 11, 12.5 -> 13, then 12
    assert _geometry.scale(samples, 1, 2, interpolation).tolist() == [[3, 12]]


def test_enlarging_by_area_mixes_where_pixels_meet():
    # 2 pixels on 3: each covers two thirds of a source pixel, the middle one a half of either
    assert _geometry.scale(np.array([[0, 90]], np.uint8), 1, 3, 2).tolist() == [[0, 45, 90]]
    assert _geometry.scale(np.array([[-90, 0]], np.int16), 1, 3, 1).tolist() == [
        [-89, -44, 0]
    ]  # rounded up, then cut


def test_bilinear_mixes_by_distance_and_cuts():
    # 4 columns on 8: positions 0, 0.5, 1, ... behind the last pair the walk stops one column short (DCMTK)
    assert _geometry.scale(RAMP, 4, 8, 3)[0].tolist() == [0, 5, 10, 15, 20, 25, 30, 20]
    assert _geometry.scale(RAMP.T, 8, 4, 3)[:, 0].tolist() == [0, 5, 10, 15, 20, 25, 30, 30]


def test_bicubic_passes_through_a_straight_line():
    assert _geometry.scale(RAMP.T, 8, 4, 4)[:, 0].tolist() == [0, 5, 10, 15, 20, 30, 30, 30]


def test_bicubic_overshoots_and_is_held_within_the_bits():
    edge = np.array([0] * 5 + [255] * 5, np.uint8)[:, None].repeat(5, axis=1)
    scaled = _geometry.scale(edge, 40, 5, 4)
    assert scaled.min() == 0 and scaled.max() == 255
    assert _geometry.scale(edge // 255 * 15, 40, 5, 4, bits=4).max() == 15
    assert _geometry.scale(edge // 255 * 15, 40, 5, 4, bits=8).max() > 15


@pytest.mark.parametrize("interpolation", range(5))
@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2", "u4", "i4", "f2", "f4", "f8"])
def test_a_flat_picture_stays_flat(dtype, interpolation):
    samples = np.full((2, 7, 9), 100, dtype)
    for rows, columns in ((7, 9), (14, 18), (20, 31), (3, 4), (1, 1), (9, 4), (7, 20)):
        scaled = _geometry.scale(samples, rows, columns, interpolation)
        assert scaled.shape == (2, rows, columns) and scaled.dtype == dtype
        np.testing.assert_allclose(scaled, 100, rtol=2e-3)


@pytest.mark.parametrize("interpolation", range(5))
@pytest.mark.parametrize("dtype", ["u1", "i2", "f4"])
def test_planes_are_scaled_each_for_itself(dtype, interpolation):
    samples = noise(dtype, 2, 3, 11, 12)
    for rows, columns in ((22, 24), (15, 17), (5, 4), (20, 5)):
        together = _geometry.scale(samples, rows, columns, interpolation)
        for place in np.ndindex(2, 3):
            np.testing.assert_array_equal(
                together[place], _geometry.scale(samples[place], rows, columns, interpolation)
            )


@pytest.mark.parametrize("interpolation", [1, 2])
def test_floats_are_averaged_by_area(interpolation):
    samples = np.array([[1, 2, 3], [4, 5, 6]], np.float32)
    np.testing.assert_allclose(
        _geometry.scale(samples, 1, 2, interpolation),
        [[(1 + 2 / 2 + 4 + 5 / 2) / 3, (2 / 2 + 3 + 5 / 2 + 6) / 3]],
    )
    mean = _geometry.scale(samples, 4, 1, interpolation)  # one axis larger, one smaller
    np.testing.assert_allclose(mean[:, 0], [2, 2, 5, 5], rtol=1e-6)


@pytest.mark.parametrize("interpolation", [3, 4])
def test_floats_end_with_the_last_pixel(interpolation):
    samples = np.arange(5, dtype=np.float64)[None].repeat(5, axis=0)
    scaled = _geometry.scale(samples, 5, 20, interpolation)
    assert scaled[0, 0] == 0 and scaled[0, -1] == 4
    assert (np.diff(scaled[0]) >= -1e-12).all()


def test_nan_spreads_no_further_than_its_neighbours():
    samples = np.ones((8, 8))
    samples[4, 4] = np.nan
    scaled = _geometry.scale(samples, 16, 16, 3)
    assert np.isfinite(scaled[:6]).all() and np.isnan(scaled).any()


def test_a_clip_is_scaled_as_if_it_were_the_picture():
    samples = noise("u2", 20, 30)
    for interpolation in (0, 2, 3, 4):
        part = _geometry.scale(samples, 25, 40, interpolation, (3, 4, 17, 11))
        np.testing.assert_array_equal(part, _geometry.scale(samples[4:15, 3:20], 25, 40, interpolation))


def test_a_clip_beyond_the_picture_cannot_be_scaled():
    with pytest.raises(ValueError, match="must be inside"):
        _geometry.scale(SMALL, 4, 4, 0, (-1, 0, 3, 2))
    assert _geometry.scale(SMALL, 2, 3, 0, (-1, 0, 3, 2), fill=9).tolist() == [[9, 0, 1], [9, 3, 4]]


@pytest.mark.parametrize("shape", [(60000, 2), (2, 60000)])
def test_a_factor_too_small_for_fixed_point_ends(shape):
    assert _geometry.scale(np.full(shape, 5, np.uint8), 1, 1, 1).tolist() == [[5]]
    assert _geometry.scale(np.full(shape, 5, np.uint8), 3, 3, 1).shape == (3, 3)


@pytest.mark.parametrize(
    ("planes", "about"),
    [
        (np.zeros(4, np.uint8), "shape"),
        (np.zeros((0, 4), np.uint8), "shape"),
        (np.zeros((2, 2), bool), "integers or floats"),
        (np.zeros((2, 2), complex), "integers or floats"),
        (np.zeros((2, 2), np.int64), "at most 4 bytes"),
    ],
)
def test_other_arrays_are_refused(planes, about):
    with pytest.raises(ValueError, match=about):
        _geometry.scale(planes, 3, 3)


@pytest.mark.parametrize("interpolation", [-1, 5, "bilinear", None])
def test_other_interpolations_are_refused(interpolation):
    with pytest.raises(ValueError, match="0 to 4"):
        _geometry.scale(SMALL, 3, 3, interpolation)
