# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""td.volume: order, affine, what is reported about the places of slices, and geometry that is none."""

import sys
import warnings
from pathlib import Path

import numpy as np
import pydicom
import pytest
import turbodicom as td

sys.path.insert(0, str(Path(__file__).parent))

import volume_files as made

COUNT = 200


def quietly(files, **options):
    """Return a volume and the codes of its report, without the warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        volume = td.volume(files, **options)
    return volume, [finding.code for finding in volume.report]


def finding(volume, code):
    [found] = [each for each in volume.report if each.code == code]
    return found


def shuffled(files):
    return [files[k] for k in np.random.default_rng(3).permutation(len(files))]


@pytest.mark.parametrize(
    "orientation", [made.AXIAL, (0, 1, 0, 0, 0, -1), made.oblique()], ids=["axial", "sagittal", "oblique"]
)
def test_every_voxel_is_where_its_slice_says(tmp_path, orientation):
    places = made.positions(COUNT, 1.25, orientation)
    files = made.series(tmp_path, places, orientation)
    volume = td.volume(shuffled(files), strict=True)
    assert volume.report == () and volume.files == files
    row, column = np.array(orientation[:3]), np.array(orientation[3:])
    for k in (0, 1, 77, COUNT - 1):
        expected = places[k] + 4 * 0.5 * row + 7 * 0.75 * column
        np.testing.assert_allclose((volume.affine @ (4, 7, k, 1))[:3], expected, rtol=0, atol=1e-6)
    np.testing.assert_allclose(volume.spacing, (1.25, 0.75, 0.5), atol=1e-9)
    np.testing.assert_allclose(volume.origin, places[0], atol=1e-9)
    np.testing.assert_allclose(volume.direction[:, 2], made.normal_of(orientation), atol=1e-9)


def test_lps_and_ras_differ_in_the_signs_of_x_and_y(tmp_path):
    volume = td.volume(made.series(tmp_path, made.positions(3)))
    np.testing.assert_array_equal(volume.affine_lps, volume.affine)
    np.testing.assert_array_equal(volume.affine_ras, np.diag([-1, -1, 1, 1]) @ volume.affine)


def test_slices_go_along_the_normal_whatever_instance_numbers_say(tmp_path):
    files = made.series(tmp_path, made.positions(5), InstanceNumber=lambda number: 100 - number)
    assert td.volume(files).files == files
    assert [each.instance_number for each in td.volume(files).slices] == [99, 98, 97, 96, 95]


def test_a_tilted_gantry_shears_the_affine_and_is_reported(tmp_path):
    places = made.positions(COUNT, 2.5, shear=(0, 0.5, 0))
    volume, codes = quietly(shuffled(made.series(tmp_path, places)))
    assert codes == ["tilt"]
    assert len(finding(volume, "tilt").slices) == COUNT
    assert f"{np.degrees(np.arctan(0.2)):.4g} degrees" in finding(volume, "tilt").message
    for k in (0, 100, COUNT - 1):
        np.testing.assert_allclose((volume.affine @ (0, 0, k, 1))[:3], places[k], rtol=0, atol=1e-6)
    assert volume.spacing[0] == pytest.approx(np.hypot(2.5, 0.5))


def test_gaps_are_reported_with_the_slices_behind_them(tmp_path):
    volume, codes = quietly(made.series(tmp_path, made.positions(COUNT, leave_out=(10, 11, 50))))
    assert codes == ["gap"]
    assert finding(volume, "gap").slices == (10, 48)
    assert "3 slices are missing where the usual step is 2.5 mm" in finding(volume, "gap").message
    np.testing.assert_allclose(
        (volume.affine @ (0, 0, COUNT - 4, 1))[:3], made.positions(COUNT)[-1], atol=1e-6
    )


def test_duplicates_stay_neighbours_by_instance_number_and_are_reported(tmp_path):
    places = made.positions(10)
    files = made.series(tmp_path, places + places)
    volume, codes = quietly(shuffled(files))
    assert codes == ["duplicate"]
    assert finding(volume, "duplicate").slices == tuple(range(1, 20, 2))
    assert volume.files == [path for pair in zip(files[:10], files[10:], strict=True) for path in pair]


def test_slices_all_in_one_place_take_their_thickness_as_step(tmp_path):
    volume, codes = quietly(made.series(tmp_path, made.positions(1) * 4))
    assert codes == ["duplicate"]
    np.testing.assert_array_equal(volume.affine[:3, 2], (0, 0, 2))


def test_a_single_slice_takes_spacing_between_slices_before_its_thickness(tmp_path):
    thick = made.series(tmp_path / "a", made.positions(1))
    spaced = made.series(tmp_path / "b", made.positions(1), SpacingBetweenSlices=3)
    neither = made.series(tmp_path / "c", made.positions(1), SliceThickness=None)
    assert [td.volume(files, strict=True).spacing[0] for files in (thick, spaced, neither)] == [2, 3, 1]


def test_steps_of_several_lengths_are_reported(tmp_path):
    places = made.positions(20)
    places[7] = places[7] + (0, 0, 0.3)
    volume, codes = quietly(made.series(tmp_path, places))
    assert codes == ["varying_spacing"]
    assert finding(volume, "varying_spacing").slices == (7, 8)


def test_a_position_rounded_by_a_thousandth_of_the_step_is_no_finding(tmp_path):
    places = [np.round(place, 2) for place in made.positions(50, 10 / 3)]
    assert td.volume(made.series(tmp_path, places), strict=True).report == ()


def test_a_slice_displaced_in_its_plane_is_reported(tmp_path):
    places = made.positions(20)
    places[4] = places[4] + (0.4, 0, 0)
    volume, codes = quietly(made.series(tmp_path, places))
    assert codes == ["shift"]
    assert finding(volume, "shift").slices == (4,)


def test_varying_orientation_is_reported(tmp_path):
    slices = [made.slice_of(k + 1, place) for k, place in enumerate(made.positions(6))]
    slices[3].ImageOrientationPatient = made.text(made.oblique(0.0, 0.001))
    volume, codes = quietly(made.write(tmp_path, slices))
    assert codes == ["varying_orientation"]
    assert finding(volume, "varying_orientation").slices == (3,)


def test_varying_pixel_spacing_is_reported(tmp_path):
    files = made.series(
        tmp_path, made.positions(4), PixelSpacing=lambda number: [0.75, 0.5 + 0.1 * (number == 3)]
    )
    volume, codes = quietly(files)
    assert codes == ["varying_pixel_spacing"] and finding(volume, "varying_pixel_spacing").slices == (2,)
    assert volume.spacing[1:] == (0.75, 0.5)


def test_missing_pixel_spacing_is_that_of_the_detector_or_reported(tmp_path):
    files = made.series(tmp_path / "a", made.positions(2), PixelSpacing=None, ImagerPixelSpacing=[0.2, 0.1])
    assert td.volume(files, strict=True).spacing[1:] == (0.2, 0.1)
    volume, codes = quietly(made.series(tmp_path / "b", made.positions(2), PixelSpacing=None))
    assert codes == ["no_pixel_spacing"] and volume.spacing[1:] == (1, 1)


@pytest.mark.parametrize("lacking", ["ImagePositionPatient", "ImageOrientationPatient"])
def test_without_geometry_slices_go_by_instance_number_and_it_is_reported(tmp_path, lacking):
    slices = [made.slice_of(k + 1, place) for k, place in enumerate(made.positions(5))]
    for each in slices[:2]:
        delattr(each, lacking)
    files = made.write(tmp_path, slices)
    volume, codes = quietly(files[::-1])
    assert codes == ["no_geometry"] and volume.files == files
    assert finding(volume, "no_geometry").slices == (0, 1)
    np.testing.assert_array_equal(volume.affine, np.diag([0.5, 0.75, 2, 1]))


def test_without_geometry_and_numbers_slices_stay_as_given(tmp_path):
    files = made.series(tmp_path, [None] * 4, InstanceNumber=lambda number: None if number == 2 else number)
    files.reverse()
    volume, codes = quietly(files)
    assert codes == ["no_geometry"] and volume.files == files
    assert "order of the sources" in finding(volume, "no_geometry").message


def test_directions_not_of_length_1_are_made_so_and_reported(tmp_path):
    volume, codes = quietly(made.series(tmp_path, made.positions(3), (2, 0, 0, 0, 1, 0)))
    assert codes == ["not_orthonormal"]
    assert volume.spacing[1:] == (0.75, 0.5)


def test_directions_not_at_right_angles_stay_and_are_reported(tmp_path):
    volume, codes = quietly(made.series(tmp_path, made.positions(3), (1, 0, 0, 0.1, np.sqrt(0.99), 0)))
    assert codes == ["not_orthonormal"]
    np.testing.assert_allclose(volume.direction[:, 1], (0.1, np.sqrt(0.99), 0), atol=1e-12)


# -- findings that are not about places --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "keyword", "value"),
    [
        ("mixed_series", "SeriesInstanceUID", "1.2.99"),
        ("mixed_frame_of_reference", "FrameOfReferenceUID", "1.2.99"),
        ("varying_rescale", "RescaleSlope", 2),
        ("varying_rescale", "RescaleIntercept", -1000),
        ("varying_units", "RescaleType", "US"),
        ("varying_units", "Units", "BQML"),
        ("varying_photometric", "PhotometricInterpretation", "MONOCHROME1"),
        ("varying_type", "PixelRepresentation", 0),
    ],
)
def test_what_slices_should_share_is_reported(tmp_path, code, keyword, value):
    slices = [made.slice_of(k + 1, place) for k, place in enumerate(made.positions(4))]
    setattr(slices[2], keyword, value)
    volume, codes = quietly(made.write(tmp_path, slices))
    assert codes == [code]
    assert finding(volume, code).slices == (2,)


def test_mosaics_are_reported(tmp_path):
    files = made.series(tmp_path, made.positions(3), ImageType=["ORIGINAL", "PRIMARY", "M", "MOSAIC"])
    assert quietly(files)[1] == ["mosaic"]
    with pytest.raises(td.ConformanceError, match="mosaic"):
        td.volume(files, strict=True)


BREAKING = {
    "tilt": {"shear": (0, 0.5, 0)},
    "gap": {"leave_out": (2,)},
}


@pytest.mark.parametrize("code", BREAKING)
def test_strict_refuses_what_is_no_regular_grid(tmp_path, code):
    files = made.series(tmp_path, made.positions(8, **BREAKING[code]))
    with pytest.raises(td.ConformanceError, match=f"no regular grid: {code}: "):
        td.volume(files, strict=True)


def test_strict_refuses_duplicates_missing_geometry_and_mixed_series(tmp_path):
    places = made.positions(3)
    for name, files in {
        "duplicate": made.series(tmp_path / "a", [*places, places[1]]),
        "no_geometry": made.series(tmp_path / "b", [None] * 3),
        "mixed_series": made.series(tmp_path / "c", places, SeriesInstanceUID=lambda number: f"1.2.{number}"),
    }.items():
        with pytest.raises(td.ConformanceError, match=name):
            td.volume(files, strict=True)


def test_strict_takes_a_series_whose_values_vary(tmp_path):
    files = made.series(tmp_path, made.positions(3), RescaleSlope=lambda number: number)
    assert [each.code for each in td.volume(files, strict=True).report] == ["varying_rescale"]


def test_what_breaks_the_grid_is_warned_of_once(tmp_path):
    places = made.positions(8, leave_out=(2,))
    files = made.series(tmp_path, [*places, places[0]])
    with pytest.warns(UserWarning, match=r"^volume: duplicate: .*; gap: 1 gaps") as said:
        td.volume(files)
    assert len(said) == 1 and said[0].filename == __file__


# -- hostile -----------------------------------------------------------------------------------------------


def with_text(file, keyword, text):
    """Overwrite an element's value by any text."""
    ds = pydicom.dcmread(file)
    ds[keyword]._value = text
    element = ds[keyword]
    ds[element.tag] = pydicom.DataElement(element.tag, "LO", text)
    ds.save_as(file)


HOSTILE = [
    ("ImageOrientationPatient", r"0\0\0\0\1\0", "without a length"),
    ("ImageOrientationPatient", r"1\0\0\1\0\0", "parallel"),
    ("ImageOrientationPatient", r"1\0\0\0\nan\0", "not a"),
    ("ImageOrientationPatient", r"1\0\0\0\1", "5 numbers"),
    ("ImageOrientationPatient", r"1e300\0\0\0\inf\0", "not a"),
    ("ImagePositionPatient", r"nan\0\0", "not a"),
    ("ImagePositionPatient", r"north\0\0", "not a number"),
    ("ImagePositionPatient", r"1\2", "2 numbers"),
    ("ImagePositionPatient", r"1\\2", "2 numbers"),
    ("ImagePositionPatient", r"0\0\1e308", None),
    ("ImagePositionPatient", r"1e400\0\0", "not a"),
    ("PixelSpacing", r"0\1", "not above 0"),
    ("PixelSpacing", r"-1\1", "not above 0"),
    ("PixelSpacing", r"nan\1", "not a"),
    ("PixelSpacing", r"1", "1 numbers"),
]


@pytest.mark.parametrize(("keyword", "text", "message"), HOSTILE)
def test_geometry_that_is_none_is_a_typed_error_or_finite(tmp_path, keyword, text, message):
    files = made.series(tmp_path, made.positions(3))
    with_text(files[1], keyword, text)
    with_text(files[0], keyword, text)
    if message is None:
        volume, _ = quietly(files)
        assert np.isfinite(volume.affine).all()
        return
    with pytest.raises(td.ConformanceError, match=message) as caught:
        td.volume(files)
    assert caught.value.where


def test_positions_beyond_every_double_are_an_error(tmp_path):
    files = made.series(tmp_path, made.positions(3))
    with_text(files[0], "ImagePositionPatient", r"0\0\-1.7e308")
    with_text(files[1], "ImagePositionPatient", r"0\0\1.7e308")
    with pytest.raises(td.ConformanceError, match="beyond every double"):
        td.volume(files)


def test_numbers_that_are_none_are_passed_over_where_order_does_not_need_them(tmp_path):
    files = made.series(tmp_path, made.positions(3))
    for keyword, text in (("InstanceNumber", "first"), ("SliceThickness", "thin"), ("RescaleSlope", "steep")):
        with_text(files[1], keyword, text)
    volume, codes = quietly(files)
    assert volume.files == files and codes == ["varying_rescale"]
    assert (volume.slices[1].instance_number, volume.slices[1].rescale_slope) == (None, None)
