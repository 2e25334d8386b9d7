# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""td.volume: sources, values, dtypes, out=, frames of multi-frame images, and bad files. Geometry: test_volume_geometry."""

import os
import pickle
import shutil
import sys
import tracemalloc
import warnings
from pathlib import Path

import numpy as np
import pydicom
import pytest
import turbodicom as td
from pydicom import uid
from pydicom.encaps import encapsulate

sys.path.insert(0, str(Path(__file__).parent))

import volume_files as made


def quietly(*sources, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return td.volume(*sources, **options)


def codes(volume):
    return [finding.code for finding in volume.report]


def stacked(count, shape=(8, 6)):
    return np.stack([made.pixels_of(number, shape) for number in range(1, count + 1)])


@pytest.fixture
def files(tmp_path):
    """Return a series of 12 slices."""
    return made.series(tmp_path / "series", made.positions(12))


# -- sources -----------------------------------------------------------------------------------------------


class Series:
    def __init__(self, files):
        self.files = files


@pytest.mark.parametrize(
    "form",
    [list, tuple, iter, Series, lambda files: map(Path, files), lambda files: [td.read(path) for path in files],
     lambda files: os.path.dirname(files[0]), lambda files: Path(files[0]).parent,
     lambda files: [Path(path).read_bytes() for path in files]],
    ids=["list", "tuple", "iterator", "object with files", "paths", "Datasets", "folder", "folder as a Path", "bytes"],
)  # fmt: skip
def test_every_form_of_sources_gives_the_same_volume(files, form):
    volume = td.volume(form(files), strict=True)
    np.testing.assert_array_equal(volume.array, stacked(12))
    assert volume.dtype == np.int16 and volume.shape == (12, 8, 6) and len(volume) == 12


def test_the_series_of_a_scan_is_a_source(files):
    [series] = td.scan(os.path.dirname(files[0])).series()
    np.testing.assert_array_equal(td.volume(series, strict=True).array, stacked(12))


def test_a_single_path_or_dataset_is_a_volume_of_one_slice(files):
    for source in (files[3], td.read(files[3]), Path(files[3]).read_bytes()):
        assert td.volume(source).array.tolist() == stacked(12)[3:4].tolist()


def test_a_folder_is_read_with_its_folders_and_without_what_is_no_image(tmp_path, files):
    folder = tmp_path / "series"
    (folder / "sub").mkdir()
    os.rename(files[0], folder / "sub" / "first.dcm")
    (folder / "notes.txt").write_text("no DICOM at all")
    (folder / "empty").write_bytes(b"")
    os.mkfifo(folder / "pipe")
    report = made.slice_of(99, None)
    del report.PixelData
    report.save_as(folder / "report.dcm", enforce_file_format=True)
    volume = quietly(folder)
    np.testing.assert_array_equal(volume.array, stacked(12))
    assert codes(volume) == ["not_read"] and "3 sources are left out" in volume.report[0].message


def test_a_broken_image_in_a_folder_is_an_error_all_the_same(files):
    data = Path(files[5]).read_bytes()
    Path(files[5]).write_bytes(data[:-10])
    with pytest.raises(td.TruncatedDataError, match=r"0005\.dcm"):
        td.volume(os.path.dirname(files[5]))


def test_no_files_at_all_are_an_error(tmp_path):
    for nothing in ([], tmp_path):
        with pytest.raises(td.ConformanceError, match="no files"):
            td.volume(nothing)


def test_sources_that_cannot_be_meant_are_type_errors(files):
    for wrong in (7, None, [7], os.fsencode(os.path.dirname(files[0])) and [None]):
        with pytest.raises(TypeError):
            td.volume(wrong)
    with pytest.raises(FileNotFoundError):
        td.volume([*files, "/nowhere/at/all.dcm"])
    with pytest.raises(ValueError, match="frames needs a single source"):
        td.volume(files, frames=[0])
    with pytest.raises(TypeError, match=r"volume\(\) got an unexpected keyword argument 'colour'"):
        td.volume(files, colour="rgb")
    with pytest.raises(ValueError, match="reduce"):
        td.volume(files, reduce=1)


# -- values ------------------------------------------------------------------------------------------------


def pydicom_stack(files, values):
    slices = [pydicom.dcmread(path) for path in files]
    if values == "stored":
        return np.stack([ds.pixel_array for ds in slices])
    return np.stack([pydicom.pixels.apply_modality_lut(ds.pixel_array, ds) for ds in slices])


@pytest.mark.parametrize(
    "syntax", [uid.ExplicitVRLittleEndian, uid.RLELossless, uid.DeflatedExplicitVRLittleEndian]
)
@pytest.mark.parametrize("workers", [1, 2])
def test_stored_and_modality_values_are_pydicoms(tmp_path, syntax, workers):
    files = made.series(tmp_path, made.positions(20), syntax=syntax, RescaleSlope=lambda number: 0.5 * number)
    for values, dtype in (("stored", np.int16), ("modality", np.float32)):
        volume = td.volume(files, values=values, workers=workers)
        assert volume.dtype == dtype and codes(volume) == ["varying_rescale"]
        np.testing.assert_array_equal(volume.array, pydicom_stack(files, values).astype(dtype))


@pytest.mark.parametrize("begin", [0, 1, 24, 31])
@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_larger_than_the_caches_is_the_same_wherever_it_begins(tmp_path, begin, workers):
    shape, count = (1000, 1030), 34  # 70 MB: RLE then writes past the caches, to rows that begin anywhere
    images = [made.pixels_of(number, shape) // 500 for number in (1, 2)]
    slices = [made.slice_of(1, (0, 0, k), syntax=uid.RLELossless) for k in range(2)]
    for ds, image in zip(slices, images, strict=True):
        ds.Rows, ds.Columns = shape
        ds.PixelData = encapsulate([td.codecs.rle.encode(image)])
    files = made.write(tmp_path, slices) * (count // 2)
    memory = np.full(begin + count * images[0].size + 40, 999, np.int16)
    out = memory[begin : begin + count * images[0].size].reshape(count, *shape)
    with pytest.warns(UserWarning, match="duplicate"):
        td.volume(files, out=out, workers=workers)
    for k, image in enumerate(images):
        assert (out[k * count // 2 : (k + 1) * count // 2] == image).all()
    assert (memory[:begin] == 999).all() and (memory[begin + out.size :] == 999).all()


def test_slices_that_are_rescaled_alike_may_differ_in_other_ways(tmp_path):
    slices = [made.slice_of(k + 1, place) for k, place in enumerate(made.positions(7))]
    table = made.item(
        LUTDescriptor=[4, -2, 16], ModalityLUTType="US", LUTData=np.array([7, 9, 11, 500], "<u2").tobytes()
    )
    table["LUTDescriptor"].VR, table["LUTData"].VR = "SS", "OW"
    slices[1].ModalityLUTSequence = [table]
    slices[2].ModalityLUTSequence = []
    del slices[3].RescaleSlope
    slices[4].RescaleSlope, slices[4].RescaleIntercept = [2, 3], 0
    slices[5].BitsStored, slices[5].HighBit = 12, 11
    files = made.write(tmp_path, [ds for k, ds in enumerate(slices) if k != 4])
    report = []
    volume = quietly(files, values="modality", report=report)
    np.testing.assert_array_equal(volume.array, [td.pixels(path, values="modality") for path in files])
    for path, one in zip(files, report, strict=True):
        expected = []
        td.pixels(path, values="modality", report=expected)
        assert [one] == expected
    [bad] = made.write(tmp_path / "bad", slices[4:5])
    with pytest.raises(td.ConformanceError, match=r"Rescale Slope has 2 values.*0000\.dcm"):
        td.volume([*files, bad], values="modality")


def test_every_option_gives_what_slices_give_one_by_one(files):
    cases = [
        {"values": "modality", "dtype": "int16"},
        {"values": "modality", "dtype": "float64"},
        {"values": "voi", "window": (0, 500)},
        {"values": "presentation", "window": (0, 500), "dtype": "float32"},
        {"values": "voi", "window": [(0, 500), (300, 100)]},
        {"values": "voi", "window": [(0, 500), (300, 100)], "layout": "planar"},
        {"values": "stored", "dtype": "float64"},
        {"values": "stored", "dtype": "int64"},
        {"values": "stored", "fill": 0},
        {"roi": (2, 1, 3, 4)},
        {"roi": (2, 1, 3, 4), "values": "modality"},
        {"values": "modality", "dtype": ">f4"},
    ]
    for options in cases:
        volume = td.volume(files, **options)
        expected = np.stack([td.pixels(path, **options) for path in files])
        assert volume.dtype == td.pixels(files[0], **options).dtype
        np.testing.assert_array_equal(volume.array, expected, err_msg=str(options))


def test_a_region_beyond_the_slices_is_refused_before_there_is_room_for_it(files):
    with pytest.raises(ValueError, match="reaches beyond 8 rows x 6 columns"):
        td.volume(files, roi=(0, 0, 1 << 20, 1 << 20))


def test_a_region_moves_the_origin(files):
    whole, part = td.volume(files), td.volume(files, roi=(2, 1, 3, 4))
    np.testing.assert_allclose(part.affine @ (0, 0, 5, 1), whole.affine @ (1, 2, 5, 1))


def test_masks_are_stacked_too(tmp_path):
    files = made.series(
        tmp_path, made.positions(4), PixelPaddingValue=lambda number: int(made.pixels_of(number)[1, 2])
    )
    volume = td.volume(files, mask=True)
    assert volume.mask.shape == volume.shape and volume.mask.dtype == bool
    np.testing.assert_array_equal(volume.mask, stacked(4) == stacked(4)[:, 1:2, 2:3])
    assert td.volume(files).mask is None


@pytest.mark.parametrize(
    "window", [td.Window.minmax(), td.Window.percentiles(5, 95), td.Window.histogram(0.1)]
)
def test_windows_found_in_the_pixels_are_those_of_all_slices(tmp_path, files, window):
    one = made.enhanced(made.positions(12))
    [file] = made.write(tmp_path / "one", [one])
    for dtype in ("float64", "uint8"):
        expected = td.volume(file, values="voi", window=window, dtype=dtype).array
        array = td.volume(files, values="voi", window=window, dtype=dtype).array
        np.testing.assert_allclose(array, expected, atol=1e-12 if dtype == "float64" else 1)
        assert len(np.unique(array)) > 100


def test_colour_slices_have_samples_where_the_layout_says(tmp_path):
    pixels = [np.random.default_rng(k).integers(0, 256, (8, 6, 3), np.uint8) for k in range(4)]
    places = made.positions(4)
    files = made.write(tmp_path, [made.slice_of(k + 1, places[k], pixels=pixels[k]) for k in range(4)])
    np.testing.assert_array_equal(td.volume(files).array, np.stack(pixels))
    planar = td.volume(files, layout="planar", workers=2)
    np.testing.assert_array_equal(planar.array, np.stack(pixels).transpose(0, 3, 1, 2))
    assert planar.is_planar and not td.volume(files).is_planar


# -- one dtype for all -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "bits", "expected"),
    [("<u2", "<i2", 12, "int16"), ("<u2", "<i2", 16, "int32"), ("<u1", "<i2", 16, "int16"),
     ("<u1", "<u2", 16, "uint16"), ("<u4", "<i4", 32, "int64")],
)  # fmt: skip
def test_stored_values_of_several_types_get_the_narrowest_that_holds_all(
    tmp_path, first, second, bits, expected
):
    places, slices = made.positions(4), []
    for k, place in enumerate(places):
        dtype = np.dtype(first if k % 2 else second)
        top = 1 << (min(bits, 8 * dtype.itemsize) - (dtype.kind == "i"))
        low = -top if dtype.kind == "i" else 0
        pixels = np.random.default_rng(k).integers(low, top, (8, 6), dtype=np.int64).astype(dtype)
        pixels[0, :2] = low, top - 1
        slices.append(made.slice_of(k + 1, place, pixels=pixels))
        if bits == 12:
            slices[-1].BitsStored, slices[-1].HighBit = 12, 11
    files = made.write(tmp_path, slices)
    volume = td.volume(files)
    assert volume.dtype == expected and "varying_type" in codes(volume)
    np.testing.assert_array_equal(volume.array, pydicom_stack(files, "stored"))


def test_a_dtype_that_cannot_hold_a_slice_is_refused(files, tmp_path):
    with pytest.raises(ValueError, match="cannot hold"):
        td.volume(files, dtype="uint8")
    with pytest.raises(ValueError, match=r"does not fit .*0000\.dcm"):
        td.volume(files, values="modality", dtype="int8")
    wide = made.series(tmp_path / "wide", made.positions(3), RescaleSlope=lambda number: 0.5 * number)
    with pytest.raises(ValueError, match="fractions"):
        td.volume(wide, values="modality", dtype="int32")


def test_modality_is_of_doubles_when_a_slice_needs_them(tmp_path):
    slices = [made.slice_of(k + 1, place) for k, place in enumerate(made.positions(3))]
    slices[1] = made.slice_of(
        2, made.positions(3)[1], pixels=made.pixels_of(2, low=-(1 << 30), high=1 << 30, dtype="<i4")
    )
    volume = td.volume(made.write(tmp_path, slices), values="modality")
    assert volume.dtype == np.float64
    assert (
        volume.array[1, 0, 0]
        == float(made.pixels_of(2, low=-(1 << 30), high=1 << 30, dtype="<i4")[0, 0]) - 1024
    )


# -- out= --------------------------------------------------------------------------------------------------


def test_out_of_any_strides_is_filled_and_is_the_array(files):
    room = np.zeros((6, 2, 8, 12), np.int16)[:, :, :, ::2]
    fortran = np.zeros((12, 8, 6), np.int16, order="F")
    backwards = np.zeros((12, 8, 6), np.int16)[::-1, ::-1]
    strided = np.zeros((24, 8, 12), np.int16)[::2, :, 1::2]
    for out in (fortran, backwards, strided):
        volume = td.volume(files, out=out)
        assert volume.array is out
        np.testing.assert_array_equal(out, stacked(12))
    with pytest.raises(ValueError, match="out must have shape"):
        td.volume(files, out=room)
    floats = np.zeros((12, 8, 6), np.float64)
    td.volume(files, out=floats, values="modality")
    np.testing.assert_array_equal(floats, stacked(12) - 1024.0)


def test_out_that_does_not_fit_is_refused(files):
    for wrong in (
        np.zeros((11, 8, 6), np.int16),
        np.zeros((12, 8, 6), np.float32),
        np.zeros((8, 6), np.int16),
    ):
        with pytest.raises(ValueError, match="out must have shape"):
            td.volume(files, out=wrong)
    fixed = np.zeros((12, 8, 6), np.int16)
    fixed.flags.writeable = False
    with pytest.raises(ValueError, match="writeable"):
        td.volume(files, out=fixed)
    with pytest.raises(TypeError, match="out must be an ndarray"):
        td.volume(files, out=bytearray(12 * 48 * 2))


@pytest.mark.parametrize("syntax", [uid.ExplicitVRLittleEndian, uid.RLELossless])
def test_nothing_of_the_volumes_size_is_allocated_beside_out(tmp_path, syntax):
    files = made.series(tmp_path, made.positions(24), shape=(256, 256), syntax=syntax)
    out = np.zeros((24, 256, 256), np.float32)
    td.volume(files, out=out, values="modality")
    tracemalloc.start()
    td.volume(files, out=out, values="modality")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < out.nbytes / 4


# -- multi-frame -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("syntax", ["dataset", "file"])
def test_frames_of_an_enhanced_image_are_sorted_by_place(tmp_path, shared, syntax):
    orientation = made.oblique()
    places = made.positions(15, 1.5, orientation)
    order = np.random.default_rng(5).permutation(15)
    [file] = made.write(tmp_path, [made.enhanced([places[k] for k in order], orientation, shared=shared)])
    volume = td.volume(file if syntax == "file" else td.read(file), strict=True)
    back = np.argsort(order)
    np.testing.assert_array_equal(volume.array, stacked(15)[back])
    assert [each.frame for each in volume.slices] == back.tolist()
    np.testing.assert_allclose((volume.affine @ (0, 0, 14, 1))[:3], places[14], atol=1e-6)
    np.testing.assert_allclose(volume.spacing, (1.5, 0.75, 0.5), atol=1e-6)
    assert volume.slices[3].rescale_intercept == -1024


def test_rescale_of_each_frame_is_applied(tmp_path):
    rescales = [(k + 1, -k) for k in range(5)]
    [file] = made.write(tmp_path, [made.enhanced(made.positions(5), rescales=rescales)])
    volume = td.volume(file, values="modality")
    slopes, intercepts = (np.array(part)[:, None, None] for part in zip(*rescales, strict=True))
    np.testing.assert_array_equal(volume.array, stacked(5) * slopes + intercepts)
    assert codes(volume) == ["varying_rescale"]


def test_frames_in_one_place_have_to_be_selected(tmp_path):
    places = made.positions(4)
    [file] = made.write(tmp_path, [made.enhanced(places * 2, times=[1] * 4 + [2] * 4)])
    with pytest.raises(
        td.ConformanceError, match="differ in TemporalPositionIndex; select frames in different places"
    ):
        td.volume(file)
    volume = td.volume(file, frames=slice(4, None), strict=True)
    np.testing.assert_array_equal(volume.array, stacked(8)[4:])
    assert [each.frame for each in volume.slices] == [4, 5, 6, 7]


def test_stacks_have_to_be_selected(tmp_path):
    places = made.positions(6)
    [file] = made.write(tmp_path, [made.enhanced(places, stacks=[1] * 3 + [2] * 3)])
    with pytest.raises(td.ConformanceError, match="2 stacks.*frames="):
        td.volume(file)
    assert td.volume(file, frames=[2, 0, 1], strict=True).shape == (3, 8, 6)
    assert td.volume(file, frames=-1).shape == (1, 8, 6)
    with pytest.raises(IndexError):
        td.volume(file, frames=6)


def test_several_multi_frame_files_make_one_volume(tmp_path):
    places = made.positions(10)
    files = made.write(tmp_path, [made.enhanced(places[5:]), made.enhanced(places[:5])])
    volume = td.volume(files, strict=True, values="modality")
    np.testing.assert_array_equal(volume.array, np.concatenate([stacked(5), stacked(5)]) - 1024)
    assert volume.files == [files[1]] * 5 + [files[0]] * 5


def test_multi_frame_files_in_one_place_are_refused(tmp_path):
    places = made.positions(3)
    files = made.write(tmp_path, [made.enhanced(places), made.enhanced(places)])
    with pytest.raises(
        td.ConformanceError,
        match=r"frame 0 of .*0000\.dcm and frame 0 of .*0001\.dcm are in one place; read them",
    ):
        td.volume(files)


def test_single_frames_with_functional_groups_make_one_volume(tmp_path):
    orientation = made.oblique()
    places = made.positions(6, 1.5, orientation)
    files = made.write(tmp_path, [made.enhanced([place], orientation) for place in places])
    volume = td.volume(files[::-1], strict=True, values="modality")
    assert volume.files == files and volume.spacing == pytest.approx((1.5, 0.75, 0.5))
    np.testing.assert_array_equal(volume.array, np.repeat(stacked(1), 6, axis=0) - 1024)


@pytest.mark.parametrize(
    ("keyword", "text", "outcome"),
    [("ImagePositionPatient", r"inf\0\0", "not finite"), ("ImageOrientationPatient", r"0\0\0\0\0\0", "without a length"),
     ("PixelSpacing", r"0\0", "not above 0"), ("ImagePositionPatient", r"here\0\0", "no_geometry"),
     ("ImageOrientationPatient", r"1\0\0", "no_geometry"), ("PixelSpacing", "wide", "no_pixel_spacing")],
)  # fmt: skip
def test_geometry_of_frames_that_is_none_is_an_error_or_reported(tmp_path, keyword, text, outcome):
    ds = made.enhanced(made.positions(3), shared=False)
    groups = {"ImagePositionPatient": "PlanePosition", "ImageOrientationPatient": "PlaneOrientation"}
    for frame in ds.PerFrameFunctionalGroupsSequence:
        item = frame[groups.get(keyword, "PixelMeasures") + "Sequence"].value[0]
        tag = pydicom.tag.Tag(keyword)
        item[tag] = pydicom.DataElement(tag, "LO", text)
    [file] = made.write(tmp_path, [ds])
    if outcome.startswith("no_"):
        assert codes(quietly(file)) == [outcome]
        return
    with pytest.raises(td.ConformanceError, match=outcome):
        td.volume(file)


def test_a_grid_of_dose_planes_has_its_offsets(tmp_path):
    for name, orientation, offsets, last in (
        ("relative", made.AXIAL, [0, 3, 6, 9], (-12.5, 7.25, 109)),
        ("absolute", made.AXIAL, [100, 103, 106, 109], (-12.5, 7.25, 109)),
        ("downwards", (1, 0, 0, 0, -1, 0), [100, 97, 94, 91], (-12.5, 7.25, 91)),
    ):
        ds = made.slice_of(1, made.START, orientation)
        made.set_pixels(ds, stacked(4), frames=True)
        ds.GridFrameOffsetVector = offsets
        [file] = made.write(tmp_path / name, [ds])
        volume = td.volume(file, strict=True)
        np.testing.assert_array_equal(volume.array, stacked(4))
        np.testing.assert_allclose((volume.affine @ (0, 0, 3, 1))[:3], last)


@pytest.mark.parametrize(
    ("offsets", "orientation"),
    [
        (["-1e308", "0", "1e308"], made.AXIAL),
        (["0", "1", "2"], ("1e200", 0, 0, 0, "1e200", 0)),
        (["0", "1", "3"], ("1e200", "1e200", 0, "1e200", "1e200", 0)),
    ],
)
def test_a_grid_of_dose_planes_beyond_every_double_is_refused(tmp_path, offsets, orientation):
    ds = made.slice_of(1, (0, 0, 0), None, ImageOrientationPatient=list(orientation))
    made.set_pixels(ds, np.zeros((3, 8, 6), "<u2"), frames=True)
    ds.GridFrameOffsetVector, ds.FrameIncrementPointer = offsets, 0x3004000C
    with pytest.raises(td.ConformanceError, match="beyond every double"):
        td.volume(made.write(tmp_path, [ds])[0])


def test_a_path_that_gives_no_text_is_a_type_error(files):
    class Odd(os.PathLike):
        def __fspath__(self):
            return 5

    for sources in ([Odd()], [Odd(), files[0]], [Odd(), td.read(files[0])]):
        with pytest.raises(TypeError, match="__fspath__"):
            td.volume(sources)


def test_a_cine_is_a_volume_without_geometry(tmp_path):
    ds = made.slice_of(1, None, None)
    made.set_pixels(ds, stacked(5), frames=True)
    volume = quietly(made.write(tmp_path, [ds])[0])
    np.testing.assert_array_equal(volume.array, stacked(5))
    assert codes(volume) == ["no_geometry"]


def test_frames_that_are_only_claimed_are_an_error(tmp_path):
    ds = made.enhanced(made.positions(3))
    ds.NumberOfFrames = 2**31 - 1
    [file] = made.write(tmp_path, [ds])
    with pytest.raises(td.TruncatedDataError):
        td.volume(file)


@pytest.mark.parametrize("options", [{}, {"on_error": "report"}, {"frames": slice(None)}], ids=str)
def test_small_frames_that_are_only_claimed_cost_nothing(tmp_path, options):
    ds = made.slice_of(1, made.START, made.AXIAL)
    made.set_pixels(ds, stacked(15)[:, :2, :2], frames=True)
    ds.NumberOfFrames = 2_000_000_000
    [file] = made.write(tmp_path, [ds])
    for read in (td.volume, td.pixels):
        tracemalloc.start()
        try:
            with pytest.raises(td.TruncatedDataError):
                read(file, **options)
            assert tracemalloc.get_traced_memory()[1] < 1 << 20
        finally:
            tracemalloc.stop()
    with pytest.raises(td.TruncatedDataError):
        td.read(file).frames[:]


def test_folders_may_be_nested_deeper_than_python_calls(tmp_path, files):
    folders = [str(tmp_path / "deep")]
    for _ in range(1100):
        folders.append(f"{folders[-1]}/d")
    for folder in folders:
        os.mkdir(folder)
    shutil.copy(files[0], f"{folders[-1]}/one.dcm")
    try:
        volume = td.volume(folders[0])
        np.testing.assert_array_equal(volume[0], volume.array[0])
        assert len(volume) == 1
    finally:  # pytest's own way of removing them is recursive
        os.remove(f"{folders[-1]}/one.dcm")
        for folder in reversed(folders):
            os.rmdir(folder)


# -- bad files ---------------------------------------------------------------------------------------------


def test_slices_of_several_sizes_are_refused_and_named(tmp_path, files):
    other = made.series(tmp_path / "other", made.positions(5), shape=(8, 8))
    with pytest.raises(
        td.ConformanceError, match=r"0000\.dcm \(8 x 6\), but .*0000\.dcm \(8 x 8\), .* and 2 more"
    ):
        td.volume(files + other)
    colour = made.slice_of(1, made.START, pixels=np.zeros((8, 6, 3), np.uint8))
    with pytest.raises(td.ConformanceError, match="8 x 6 x 3 samples"):
        td.volume(files + made.write(tmp_path / "colour", [colour]))


@pytest.mark.parametrize("values", ["stored", "modality"])
@pytest.mark.parametrize("kept", [70, 120])
def test_one_bad_file_is_named_or_filled_and_reported(tmp_path, values, kept):
    files = made.series(tmp_path, made.positions(6), syntax=uid.RLELossless)
    data = Path(files[2]).read_bytes()
    begin = td.read(files[2]).frames[0].spans[0][0]
    Path(files[2]).write_bytes(data[: begin + kept])
    with pytest.raises(td.Error, match=r"0002\.dcm"):
        td.volume(files, values=values)
    report = []
    with pytest.warns(UserWarning, match="damaged: 1 of 6 slices are not whole") as said:
        volume = td.volume(files, values=values, on_error="report", report=report, workers=2)
    assert len(said) == 1
    assert codes(volume) == ["damaged"] and volume.report[0].slices == (2,)
    assert [each.reason is not None for each in volume.slices] == [k == 2 for k in range(6)]
    assert report[2].reason == volume.slices[2].reason and len(report) == 6
    expected = pydicom_stack([path for k, path in enumerate(files) if k != 2], values)
    np.testing.assert_array_equal(np.delete(volume.array, 2, axis=0), expected)
    alone = quietly_decoded(files[2], values)
    np.testing.assert_array_equal(volume.array[2], alone)
    assert volume.array[2, -1, -1] % 256 == 0  # the plane of the low bytes is missing there


def quietly_decoded(path, values):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return td.pixels(path, values=values, on_error="report")


@pytest.mark.parametrize(
    ("options", "expected"),
    [({}, 0), ({"values": "modality"}, -1024), ({"roi": (0, 0, 2, 3)}, 0),
     ({"values": "voi", "window": [(0, 100), (-1024, 100)]}, [0, 127.5])],
)  # fmt: skip
def test_a_slice_of_which_nothing_is_there_is_what_zero_becomes(tmp_path, options, expected):
    files = made.series(tmp_path, made.positions(6))
    ds = pydicom.dcmread(files[3])
    ds.PixelData = b""
    ds.save_as(files[3])
    volume = quietly(files, on_error="report", **options)
    assert codes(volume) == ["damaged"] and volume.report[0].slices == (3,)
    np.testing.assert_allclose(volume.array[3], np.broadcast_to(expected, volume.array[3].shape), atol=2)
    np.testing.assert_array_equal(volume.array[2], td.pixels(files[2], **options))


def test_a_slice_of_which_nothing_is_there_does_not_count_in_a_window_found(tmp_path):
    files = made.series(tmp_path, made.positions(6))
    ds = pydicom.dcmread(files[3])
    ds.PixelData = b""
    ds.save_as(files[3])
    options = {"values": "voi", "window": td.Window.minmax()}
    others = quietly(files[:3] + files[4:], **options).array
    array = quietly(files, on_error="report", **options).array
    np.testing.assert_array_equal(np.delete(array, 3, axis=0), others)
    with pytest.raises(td.TruncatedDataError, match=r"0003\.dcm"):
        td.volume(files, **options)


def test_files_that_cannot_be_read_are_left_out_and_reported(tmp_path):
    files = made.series(tmp_path, made.positions(6))
    Path(files[1]).write_bytes(b"no DICOM")
    with pytest.raises(td.ConformanceError, match=r"0001\.dcm"):
        td.volume(files)
    volume = quietly([*files, str(tmp_path / "missing.dcm")], on_error="report")
    assert codes(volume) == ["not_read", "gap"] and len(volume) == 5
    assert "2 sources are left out" in volume.report[0].message and "0001.dcm" in volume.report[0].message


def test_slices_that_are_mostly_not_there_get_no_room(tmp_path):
    files = made.series(tmp_path, made.positions(6), syntax=uid.RLELossless)
    for path in files[:5]:
        ds = pydicom.dcmread(path)
        ds.PixelData = pydicom.encaps.encapsulate([b"\0\0"])
        ds.Rows = ds.Columns = 40_000
        ds.save_as(path)
    with pytest.raises(td.Error):
        td.volume(files[:5], on_error="report")


def test_foreign_frames_that_only_claim_to_be_large_get_no_room(tmp_path):
    imagecodecs = pytest.importorskip("imagecodecs")
    slices = [made.slice_of(k + 1, place) for k, place in enumerate(made.positions(4))]
    for ds in slices:
        stream = imagecodecs.jpeg2k_encode(np.zeros((8, 6), np.uint16), reversible=True, codecformat="j2k")
        ds.file_meta.TransferSyntaxUID = uid.JPEG2000Lossless
        ds.PixelData = pydicom.encaps.encapsulate([stream])
        ds["PixelData"].VR = "OB"
    files = made.write(tmp_path / "small", slices)
    assert td.volume(files).shape == (4, 8, 6)
    for ds in slices:
        ds.Rows = ds.Columns = 30_000
    files = made.write(tmp_path / "large", slices)
    for on_error in ("raise", "report"):
        tracemalloc.start()
        with pytest.raises(td.ConformanceError, match=r"0000\.dcm"):
            td.volume(files, on_error=on_error)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 100 << 20


def test_a_file_that_has_changed_since_it_was_read_is_an_os_error(files):
    data_sets = [td.read(path) for path in files]
    Path(files[4]).write_bytes(Path(files[4]).read_bytes() + b"\0\0")
    with pytest.raises(OSError, match=r"0004\.dcm"):
        td.volume(data_sets)
    os.unlink(files[4])
    for options in ({}, {"mask": True}):
        with pytest.raises(FileNotFoundError) as caught:
            td.volume(data_sets, **options)
        assert caught.value.filename == files[4]
    assert codes(quietly(data_sets, on_error="report")) == ["damaged"]


def test_limits_hold_for_every_slice(files):
    with pytest.raises(td.LimitExceededError, match=r"\.dcm"):
        td.volume(files, limits=td.Limits(pixels_per_frame=10))


# -- the result --------------------------------------------------------------------------------------------


def test_a_volume_is_an_array_for_numpy(files):
    volume = td.volume(files)
    assert np.asarray(volume) is volume.array
    assert np.array(volume) is not volume.array
    assert np.asarray(volume, np.float32).dtype == np.float32
    assert repr(volume) == "<Volume (12, 8, 6) int16, 2.5 x 0.75 x 0.5 mm>"


def test_a_volume_can_be_pickled(files):
    volume = td.volume(files)
    other = pickle.loads(pickle.dumps(volume))
    np.testing.assert_array_equal(other.array, volume.array)
    np.testing.assert_array_equal(other.affine, volume.affine)
    assert other.slices == volume.slices


def test_slices_say_where_they_are_from(files):
    fourth = td.volume(files[::-1]).slices[3]
    assert (fourth.path, fourth.frame, fourth.instance_number) == (files[3], 0, 4)
    assert fourth.position == tuple(made.positions(12)[3])
    assert (fourth.rescale_slope, fourth.rescale_intercept, fourth.reason) == (1, -1024, None)


def test_the_report_names_decoder_and_frame_of_each_slice(files):
    report = []
    td.volume(files, report=report)
    assert [each.frame for each in report] == [0] * 12
    assert {each.decoder for each in report} == {"turbodicom native"}
    with pytest.raises(TypeError, match="report must be a list"):
        td.volume(files, report=())
