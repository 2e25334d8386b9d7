# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""td.DicomImage: construction, intermediate data, windows, LUTs, output, overlays, derived images, writers.

Expected numbers are worked out here by hand or from the standard's formulas; tests/peers compares with DCMTK itself.
"""

import io
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pydicom
import pytest
import turbodicom as td
from pydicom import uid
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from turbodicom import cli

sys.path.insert(0, str(Path(__file__).parent))

from conftest import as_file, image

MODES = ("standard", "dcmtk")


def made(pixels, *, bits=12, signed=0, photometric="MONOCHROME2", frames=1, **attributes):
    """Return the bytes of a file with these stored values and attributes."""
    pixels = np.asarray(pixels)
    samples = 3 if photometric in ("RGB", "YBR_FULL") else 1
    rows, columns = pixels.shape[-3:-1] if samples == 3 else pixels.shape[-2:]
    allocated = 8 * pixels.dtype.itemsize
    ds = image(
        rows, columns, allocated, samples=samples, frames=frames, photometric=photometric, signed=signed
    )
    ds.BitsStored, ds.HighBit = bits, bits - 1
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    raw = pixels.astype(pixels.dtype.newbyteorder("<")).tobytes()
    ds.PixelData = raw + b"\0" * (len(raw) % 2)
    return as_file(ds)


def ramp(rows=4, columns=8, step=100, dtype=np.uint16):
    return (np.arange(rows * columns) * step).astype(dtype).reshape(rows, columns)


def lut(descriptor, data, explanation="table"):
    item = Dataset()
    item.add_new("LUTDescriptor", "US", descriptor)
    item.add_new("LUTData", "OW", np.asarray(data, "<u2").tobytes())
    item.LUTExplanation = explanation
    return item


# -- construction ----------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_an_image_opens_from_path_bytes_file_and_dataset(tmp_path, mode):
    data = made(ramp())
    path = tmp_path / "a.dcm"
    path.write_bytes(data)
    for source in (str(path), path, data, io.BytesIO(data), td.read(data)):
        opened = td.DicomImage(source, mode=mode)
        assert (opened.height, opened.width, opened.depth, opened.frame_count) == (4, 8, 12, 1)
        assert np.array_equal(opened.inter_data(dtype="stored"), ramp())


def test_unknown_options_are_refused():
    data = made(ramp())
    for options in (
        {"mode": "exact"},
        {"on_error": "ignore"},
        {"first_frame": -1},
        {"slope": 1.0, "modality_lut": ([1], (1, 0, 8))},
    ):
        with pytest.raises(ValueError):
            td.DicomImage(data, **options)
    with pytest.raises(TypeError):
        td.DicomImage(data, flags=8)


def test_missing_and_unknown_interpretations_are_errors():
    for term in ("", "GREY"):
        with pytest.raises(td.ConformanceError, match=r"C\.7\.6\.3"):
            td.DicomImage(made(ramp(), PhotometricInterpretation=term))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("photometric", "samples"), [("MONOCHROME2", 3), ("RGB", 1), ("PALETTE COLOR", 3)])
def test_samples_that_do_not_go_with_the_interpretation_are_errors(mode, photometric, samples):
    data = made(
        np.zeros((4, 4, 3) if samples == 3 else (4, 4), np.uint8),
        bits=8,
        photometric="RGB" if samples == 3 else "MONOCHROME2",
    )
    ds = pydicom.dcmread(io.BytesIO(data))
    ds.PhotometricInterpretation = photometric
    for name in ("Red", "Green", "Blue"):
        setattr(ds, f"{name}PaletteColorLookupTableDescriptor", [1, 0, 8])
        ds[f"{name}PaletteColorLookupTableDescriptor"].VR = "US"
        setattr(ds, f"{name}PaletteColorLookupTableData", b"\1\2")
    with pytest.raises(td.ConformanceError):
        td.DicomImage(as_file(ds), mode=mode).output_data(8)


def without_interpretation(data, *, is_empty=False, syntax=uid.ExplicitVRLittleEndian, **attributes):
    """Return the file without Photometric Interpretation, as ACR-NEMA had it."""
    ds = pydicom.dcmread(io.BytesIO(data))
    ds.PhotometricInterpretation = ""
    if not is_empty:
        del ds.PhotometricInterpretation
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    return as_file(ds, syntax)


SYNTAXES = (
    uid.ExplicitVRLittleEndian,
    uid.ImplicitVRLittleEndian,
    uid.DeflatedExplicitVRLittleEndian,
)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("is_empty", [False, True])
def test_acr_nema_pixels_without_an_interpretation_count_as_monochrome2(mode, syntax, is_empty):
    data = made(ramp(), RescaleSlope="2", RescaleIntercept="-10")
    data = without_interpretation(data, is_empty=is_empty, syntax=syntax)
    with pytest.raises(td.ConformanceError, match=r"C\.7\.6\.3"):
        td.DicomImage(data, mode=mode)
    opened = td.DicomImage(data, mode=mode, acr_nema=True)
    assert (opened.photometric_interpretation, opened.is_monochrome) == ("MONOCHROME2", True)
    assert np.array_equal(opened.inter_data(), ramp() * 2.0 - 10)
    assert np.array_equal(opened.inter_data(dtype="stored"), ramp())
    opened.set_window(3090.5, 6201)  # from -10 to 6190, in steps of 200
    assert opened.output_data(8)[0, :3].tolist() == [0, 8, 16]
    assert "PhotometricInterpretation" not in opened.dataset or is_empty


@pytest.mark.parametrize("options", [{"slope": 2.0}, {"use_presentation_state": True}])
def test_what_counts_as_monochrome2_anyway_needs_no_interpretation(options):
    opened = td.DicomImage(without_interpretation(made(ramp())), mode="dcmtk", **options)
    assert np.array_equal(opened.inter_data(), ramp() * int(options.get("slope", 1)))


def test_acr_nema_color_is_read_one_sample_a_pixel_as_dcmtk_does():
    pixels = np.arange(2 * 4 * 5 * 3, dtype=np.uint8).reshape(2, 4, 5, 3)
    data = without_interpretation(made(pixels, bits=8, photometric="RGB", frames=2))
    with pytest.raises(td.ConformanceError, match="3 samples per pixel"):
        td.DicomImage(data, acr_nema=True)
    opened = td.DicomImage(data, mode="dcmtk", acr_nema=True)
    assert opened.inter_data().tolist() == np.arange(40).reshape(2, 4, 5).tolist()
    assert (opened.frame_count, opened.min_max_values()) == (2, (0.0, 39.0))


@pytest.mark.skipif(shutil.which("dcmj2pnm") is None, reason="dcmj2pnm is not installed (Debian: package dcmtk): no pictures to compare with")
@pytest.mark.parametrize("photometric", ["MONOCHROME2", "RGB"])
def test_acr_nema_pictures_are_those_of_dcmj2pnm(tmp_path, photometric):
    pixels = np.arange(4 * 5 * 3, dtype=np.uint8).reshape((4, 5, 3) if photometric == "RGB" else (12, 5)) * 4
    (tmp_path / "in.dcm").write_bytes(without_interpretation(made(pixels, bits=8, photometric=photometric)))
    files = [tmp_path / name for name in ("in.dcm", "theirs.pgm", "ours.pgm")]
    subprocess.run(["dcmj2pnm", "-q", "+Ma", "+Wm", "+op", *files[:2]], check=True)
    assert cli.main(["dcm2img", "-q", "+Ma", "+Wm", "+op", str(files[0]), str(files[2])]) == 0
    assert files[2].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("declared", [None, 2])
def test_frames_beyond_those_declared_are_not_there_for_dcmtk(declared):
    pixels = np.stack([ramp() + i for i in range(4)]).astype(np.uint16)
    data = made(pixels, frames=4, **({} if declared is None else {"NumberOfFrames": declared}))
    if declared is None:
        ds = pydicom.dcmread(io.BytesIO(data))
        del ds.NumberOfFrames
        data = as_file(ds)
    opened = td.DicomImage(data, mode="dcmtk")
    assert (opened.frame_count, opened.number_of_frames) == (declared or 1, declared or 1)
    assert opened.min_max_values() == (0.0, 3100.0 + (declared or 1) - 1)
    assert td.DicomImage(data).frame_count == 4


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("slope", ["1E308", "1E400", "-1E99999999"])
def test_a_rescale_beyond_all_numbers_is_an_error_of_the_file(mode, slope):
    ds = pydicom.dcmread(io.BytesIO(made(ramp(), RescaleIntercept="0")))
    ds.add_new("RescaleSlope", "LO", slope)  # pydicom writes no such DS
    data = as_file(ds).replace(b"\x28\x00\x53\x10LO", b"\x28\x00\x53\x10DS")
    with pytest.raises(td.ConformanceError, match="Rescale Slope"):
        td.DicomImage(data, mode=mode)


def test_frames_are_counted_from_the_first_one_held():
    pixels = np.stack([ramp() + i for i in range(5)]).astype(np.uint16)
    opened = td.DicomImage(made(pixels, frames=5), first_frame=1, frame_count=2)
    assert (opened.first_frame, opened.frame_count, opened.number_of_frames) == (1, 2, 5)
    assert np.array_equal(opened.inter_data(), pixels[1:3])
    assert np.array_equal(opened.inter_data(frames=-1), pixels[2])
    with pytest.raises(IndexError):
        opened.output_data(8, 2)
    assert opened.process_next_frames(7) and (opened.first_frame, opened.frame_count) == (3, 2)
    assert not opened.process_next_frames()


def test_the_next_frames_follow_those_before():
    pixels = np.stack([ramp() + i for i in range(5)]).astype(np.uint16)
    opened = td.DicomImage(made(pixels, frames=5), mode="dcmtk", frame_count=2, use_partial_access=True)
    seen = [opened.inter_data(frames=slice(None))]
    while opened.process_next_frames():
        seen.append(opened.inter_data(frames=slice(None)))
    assert [len(frames) for frames in seen] == [2, 2, 1]
    assert np.array_equal(np.concatenate(seen), pixels)
    assert not td.DicomImage(made(pixels, frames=5), mode="dcmtk", frame_count=2).process_next_frames()


def test_the_ratio_of_a_pixel_comes_from_its_spacing():
    opened = td.DicomImage(made(ramp(), PixelSpacing=[2.0, 1.0]))
    assert (opened.width_height_ratio, opened.height_width_ratio) == (0.5, 2.0)
    opened.width_height_ratio = 4.0
    assert opened.height_width_ratio == 0.25
    assert td.DicomImage(made(ramp(), PixelAspectRatio=["3", "1"])).height_width_ratio == 3.0
    assert td.DicomImage(made(ramp())).width_height_ratio == 1.0


# -- intermediate data -----------------------------------------------------------------------------


def test_the_default_mode_keeps_fractions_and_one_dtype():
    data = made(ramp(), RescaleSlope="0.5", RescaleIntercept="-0.25")
    opened = td.DicomImage(data)
    assert opened.representation == np.float32
    assert np.array_equal(opened.inter_data(), ramp() * 0.5 - 0.25)
    assert opened.inter_data(dtype=np.float64).dtype == np.float64
    assert opened.min_max_values() == (-0.25, 1549.75)


def test_dcmtk_cuts_fractions_off_towards_zero():
    data = made(ramp(), RescaleSlope="0.5", RescaleIntercept="-99.9")
    opened = td.DicomImage(data, mode="dcmtk")
    assert np.array_equal(opened.inter_data(), np.trunc(ramp() * 0.5 - 99.9))
    assert opened.min_max_values() == (-99, 1450)
    assert opened.min_max_values(possible=True) == (-99.9, 4095 * 0.5 - 99.9)


@pytest.mark.parametrize(
    ("intercept", "top", "dtype"),
    [
        (0, 255, "u1"),
        (0, 256, "u2"),
        (-1, 128, "i1"),
        (-1, 129, "i2"),
        (-128, 200, "i1"),
        (-129, 200, "i2"),
        (40000, 4000, "u2"),
        (65000, 4000, "u4"),
    ],
)
def test_dcmtk_takes_the_smallest_type_for_the_values_there_are(intercept, top, dtype):
    pixels = np.array([[0, top]], np.uint16)
    opened = td.DicomImage(made(pixels, RescaleSlope="1", RescaleIntercept=str(intercept)), mode="dcmtk")
    assert opened.representation == np.dtype(dtype)
    assert opened.inter_data().tolist() == [[intercept, top + intercept]]
    wide = td.DicomImage(
        made(pixels, RescaleSlope="1", RescaleIntercept=str(intercept)),
        mode="dcmtk",
        use_absolute_pixel_range=True,
    )
    assert wide.representation.itemsize >= 2


def test_a_modality_lut_wins_over_a_rescale():
    data = made(
        ramp(2, 4, 1),
        bits=12,
        ModalityLUTSequence=Sequence([lut([4, 2, 16], [500, 600, 700, 800])]),
        RescaleSlope="2",
        RescaleIntercept="0",
    )
    expected = [[500, 500, 500, 600], [700, 800, 800, 800]]
    for mode in MODES:
        opened = td.DicomImage(data, mode=mode)
        assert opened.inter_data().tolist() == expected
        assert opened.modality_lut_explanation == "table"
    assert td.DicomImage(data, ignore_modality=True).inter_data().tolist() == ramp(2, 4, 1).tolist()


def test_a_modality_transformation_can_be_given():
    data = made(ramp(2, 4, 1), photometric="MONOCHROME1", RescaleSlope="7", RescaleIntercept="0")
    given = td.DicomImage(data, slope=2.0, intercept=3.0)
    assert given.photometric_interpretation == "MONOCHROME2"
    assert given.inter_data().tolist() == (ramp(2, 4, 1) * 2 + 3).tolist()
    table = (np.arange(8) * 10, (8, 0, 16))
    assert (
        td.DicomImage(data, mode="dcmtk", modality_lut=table).inter_data().tolist()
        == (ramp(2, 4, 1) * 10).tolist()
    )


def test_xa_images_have_no_modality_transformation_in_dcmtk():
    xa = "1.2.840.10008.5.1.4.1.1.12.1"
    data = made(ramp(), SOPClassUID=xa, RescaleSlope="2", RescaleIntercept="0")
    assert np.array_equal(td.DicomImage(data, mode="dcmtk").inter_data(), ramp())
    assert np.array_equal(td.DicomImage(data).inter_data(), ramp() * 2)
    assert td.DicomImage(data).has_sop_class_uid(xa)


def test_pixels_that_are_missing_become_the_smallest_possible_value():
    data = made(ramp(), RescaleSlope="1", RescaleIntercept="-5")
    ds = pydicom.dcmread(io.BytesIO(data))
    ds.PixelData = ds.PixelData[:40]
    opened = td.DicomImage(as_file(ds), mode="dcmtk")
    assert (opened.count, opened.input_count) == (32, 20)
    expected = ramp().astype(int).reshape(-1) - 5
    expected[20:] = -5
    assert opened.inter_data().reshape(-1).tolist() == expected.tolist()
    with pytest.raises(td.TruncatedDataError):
        td.DicomImage(as_file(ds)).inter_data()


def test_inter_data_goes_into_the_callers_array():
    opened = td.DicomImage(made(ramp()))
    out = np.zeros((4, 8), np.float32)
    assert opened.inter_data(out=out) is out and out[3, 7] == 3100
    with pytest.raises(ValueError):
        opened.inter_data(out=np.zeros((4, 8), np.float64))
    assert opened.inter_data(dtype="min").dtype == np.uint16


def test_color_is_planar_in_dcmtk_and_interleaved_else():
    pixels = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    data = made(pixels, bits=8, photometric="RGB")
    assert np.array_equal(td.DicomImage(data).inter_data(), pixels)
    assert np.array_equal(td.DicomImage(data, mode="dcmtk").inter_data(), np.moveaxis(pixels, -1, 0))
    assert td.DicomImage(data).planes == 3
    assert td.DicomImage(data).inter_data(layout="planar", frames=[0]).shape == (1, 3, 2, 3)


def test_stored_values_of_color_have_the_layout_asked_for():
    pixels = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    opened = td.DicomImage(made(pixels, bits=8, photometric="RGB"))
    assert np.array_equal(opened.inter_data("stored"), pixels)
    assert np.array_equal(opened.inter_data("stored", layout="planar"), np.moveaxis(pixels, -1, 0))


@pytest.mark.parametrize("planar", [False, True])
def test_planes_of_three_rows_and_columns_are_not_mistaken(planar):
    pixels = np.arange(27, dtype=np.uint8).reshape(3, 3, 3)
    opened = td.DicomImage(made(pixels, bits=8, photometric="RGB"))
    opened.output_data(8, planar=planar)
    for plane in range(3):
        assert np.array_equal(opened.output_plane(plane), pixels[..., plane])


def test_floating_point_pixels_are_for_the_default_mode():
    ds = image(2, 2, 32)
    ds.FloatPixelData = np.array([[0.5, 1.5], [2.5, 4.5]], "<f4").tobytes()
    ds.BitsAllocated = 32
    del ds.BitsStored, ds.HighBit, ds.PixelRepresentation
    opened = td.DicomImage(as_file(ds))
    assert opened.inter_data().tolist() == [[0.5, 1.5], [2.5, 4.5]]
    assert opened.output_data(8).tolist() == [[0, 64], [128, 255]]
    with pytest.raises(td.UnsupportedError):
        td.DicomImage(as_file(ds), mode="dcmtk")


# -- output ----------------------------------------------------------------------------------------


def test_without_a_window_the_possible_range_is_stretched():
    pixels = np.array([[0, 2048, 4095]], np.uint16)
    assert td.DicomImage(made(pixels)).output_data(8).tolist() == [[0, 128, 255]]
    assert td.DicomImage(made(pixels), mode="dcmtk").output_data(8).tolist() == [[0, 128, 255]]
    assert td.DicomImage(made(pixels), mode="dcmtk").output_data().tolist() == [[0, 2048, 4095]]


def test_a_window_is_linear_between_its_ends():
    pixels = np.array([[0, 49, 50, 99, 149, 200]], np.uint16)
    data = made(pixels)
    standard, dcmtk = td.DicomImage(data), td.DicomImage(data, mode="dcmtk")
    for opened in (standard, dcmtk):
        assert opened.set_window(100, 101) is True
        assert opened.set_window(100, 101) is False
        assert opened.window == (100.0, 101.0)
    # PS3.3 C.11.2.1.2: y = (x - 99.5) / 100 + 0.5, of 255; rounded, or cut
    exact = np.clip((pixels - 99.5) / 100 + 0.5, 0, 1) * 255
    assert standard.output_data(8).tolist() == np.rint(exact).astype(int).tolist()
    assert dcmtk.output_data(8).tolist() == np.trunc(exact).astype(int).tolist()


@pytest.mark.parametrize("bits", [1, 4, 8, 10, 12, 16, 24, 32])
def test_output_has_the_bits_asked_for(bits):
    pixels = np.array([[0, 4095]], np.uint16)
    for mode in MODES:
        opened = td.DicomImage(made(pixels), mode=mode)
        opened.set_min_max_window()
        out = opened.output_data(bits)
        assert out.dtype == (np.uint8 if bits <= 8 else np.uint16 if bits <= 16 else np.uint32)
        assert out.tolist() == [[0, (1 << bits) - 1]]
        assert opened.output_data_size(bits) == out.nbytes


def test_output_refuses_what_cannot_be():
    opened = td.DicomImage(made(ramp()))
    for bits in (-1, 33):
        with pytest.raises(ValueError):
            opened.output_data(bits)
    with pytest.raises(ValueError):
        opened.output_data(8, out=np.zeros((4, 8), np.uint16))
    with pytest.raises(TypeError):
        opened.output_data(8.5)


@pytest.mark.parametrize("mode", MODES)
def test_all_frames_at_once_are_the_frames_one_by_one(mode):
    pixels = np.random.default_rng(1).integers(0, 4096, (5, 40, 50)).astype(np.uint16)
    opened = td.DicomImage(made(pixels, frames=5, RescaleSlope="1.7", RescaleIntercept="-900"), mode=mode)
    opened.set_window(1000, 3000)
    one_by_one = np.stack([opened.output_data(8, i) for i in range(5)])
    assert np.array_equal(opened.output_data(8, None), one_by_one)
    strided = np.zeros((5, 40, 100), np.uint8)[:, :, ::2]
    assert np.array_equal(opened.output_data(8, None, out=strided), one_by_one)


def test_dcmtk_output_is_the_same_with_and_without_a_table():
    pixels = np.random.default_rng(2).integers(0, 65536, (64, 64)).astype(np.uint16)
    many = np.tile(pixels, (8, 8))
    rescale = {"RescaleSlope": "0.37", "RescaleIntercept": "-12000"}
    for center, width in ((0, 400), (50, 350), (-1000.5, 12345.6), (300, 1)):
        small = td.DicomImage(made(pixels, bits=16, **rescale), mode="dcmtk")
        large = td.DicomImage(made(many, bits=16, **rescale), mode="dcmtk")
        for opened in (small, large):
            opened.set_window(center, width)
        assert np.array_equal(np.tile(small.output_data(8), (8, 8)), large.output_data(8))


@pytest.mark.parametrize("mode", MODES)
def test_monochrome1_and_polarity_exchange_black_and_white(mode):
    pixels = np.array([[0, 4095]], np.uint16)
    opened = td.DicomImage(made(pixels, photometric="MONOCHROME1"), mode=mode)
    opened.set_min_max_window()
    assert opened.output_data(8).tolist() == [[255, 0]]
    assert opened.set_polarity("reverse") is True
    assert opened.output_data(8).tolist() == [[0, 255]]
    opened.set_polarity("normal")
    opened.set_presentation_lut_shape("identity")
    assert opened.output_data(8).tolist() == [[0, 255]]
    opened.set_presentation_lut_shape("inverse")
    assert opened.output_data(8).tolist() == [[255, 0]]


@pytest.mark.parametrize("mode", MODES)
def test_a_sigmoid_follows_the_standard(mode):
    pixels = np.arange(4096, dtype=np.uint16).reshape(64, 64)
    opened = td.DicomImage(
        made(pixels, WindowCenter="2000", WindowWidth="700", VOILUTFunction="SIGMOID"), mode=mode
    )
    assert opened.voi_lut_function == "sigmoid" and opened.set_window(0)
    exact = 255 / (1 + np.exp(-4 * (pixels - 2000.0) / 700))
    assert np.abs(opened.output_data(8) - exact).max() <= (0.5 if mode == "standard" else 1)


def test_linear_exact_is_for_the_default_mode():
    pixels = np.array([[0, 50, 100]], np.uint16)
    opened = td.DicomImage(made(pixels, VOILUTFunction="LINEAR_EXACT"))
    opened.set_window(50, 0.5)
    assert opened.output_data(8).tolist() == [[0, 128, 255]]
    dcmtk = td.DicomImage(made(pixels, VOILUTFunction="LINEAR_EXACT"), mode="dcmtk")
    assert dcmtk.voi_lut_function == "default"
    with pytest.raises(ValueError):
        dcmtk.set_voi_lut_function("linear_exact")


def test_windows_of_the_file_have_numbers_and_names():
    data = made(
        ramp(), WindowCenter=[10, 20], WindowWidth=[30, 40], WindowCenterWidthExplanation=["first", "second"]
    )
    opened = td.DicomImage(data)
    assert opened.window_count == 2 and opened.voi_window_explanation(1) == "second"
    opened.set_window(1)
    assert opened.window == (20.0, 40.0) and opened.voi_transformation_explanation == "second"
    with pytest.raises(IndexError):
        opened.set_window(2)
    assert opened.set_no_voi_transformation() is True
    assert opened.window is None and opened.set_no_voi_transformation() is False


def test_a_window_without_width_is_an_error_and_leaves_none():
    opened = td.DicomImage(made(ramp(), WindowCenter="10", WindowWidth="0"))
    opened.set_window(100, 200)
    with pytest.raises(td.ConformanceError, match="width"):
        opened.set_window(0)
    assert opened.window is None
    with pytest.raises(ValueError):
        opened.set_window(5, 0.5)


def test_a_window_that_is_no_number_is_an_error():
    opened = td.DicomImage(made(ramp()))
    for center, width in ((float("inf"), 1.0), (0.0, float("nan"))):
        with pytest.raises(ValueError, match="finite"):
            opened.set_window(center, width)
    assert opened.window is None
    with pytest.raises(TypeError):
        opened.set_window(0.5)


@pytest.mark.parametrize("mode", MODES)
def test_windows_found_in_the_pixels(mode):
    pixels = np.array([[5, 10, 20, 30, 90]], np.uint16)
    opened = td.DicomImage(made(pixels), mode=mode)
    opened.set_min_max_window()
    assert opened.window == (48.0, 86.0)
    opened.set_min_max_window(ignore_extremes=True)
    assert opened.window == (20.5, 21.0)
    opened.set_roi_window(1, 0, 3, 1)
    assert opened.window == (20.5, 21.0) and opened.voi_transformation_explanation == "ROI Window"
    opened.set_window(td.Window.minmax())
    assert opened.window == (48.0, 86.0)
    for roi in ((5, 0, 1, 1), (0, 0, 0, 1)):
        with pytest.raises(ValueError):
            opened.set_roi_window(*roi)


def test_the_histogram_window_counts_from_both_ends_as_dcmtk_does():
    pixels = np.repeat(np.arange(10, 30), 5).astype(np.uint16).reshape(10, 10)
    opened = td.DicomImage(made(pixels), mode="dcmtk")
    opened.set_histogram_window(0.1)  # ten pixels at either end: 10 and 11; 29 and 28
    assert opened.window == ((12 + 28 + 1) / 2, 28 - 12 + 1)
    with pytest.raises(ValueError):
        opened.set_histogram_window(1.5)
    flat = td.DicomImage(made(np.full((4, 4), 7, np.uint16)), mode="dcmtk")
    with pytest.raises(td.ConformanceError):
        flat.set_histogram_window()


@pytest.mark.parametrize("mode", MODES)
def test_voi_luts_of_the_file_and_given_ones(mode):
    items = Sequence([lut([3, 10, 16], [0, 32768, 65535], "steps")])
    pixels = np.array([[0, 10, 11, 12, 50]], np.uint16)
    opened = td.DicomImage(made(pixels, VOILUTSequence=items), mode=mode)
    assert opened.voi_lut_count == 1 and opened.voi_lut_explanation(0) == "steps"
    assert opened.set_voi_lut(0) and opened.voi_transformation_explanation == "steps"
    assert opened.output_data(8).tolist() == [[0, 0, 128, 255, 255]]
    opened.set_voi_lut(([0, 255], (2, 11, 8)))
    assert opened.output_data(8).tolist() == [[0, 0, 0, 255, 255]]
    with pytest.raises(IndexError):
        opened.set_voi_lut(1)
    with pytest.raises(td.ConformanceError):
        opened.set_voi_lut(([], (2, 11, 8)))


@pytest.mark.parametrize("mode", MODES)
def test_presentation_luts_come_after_the_window(mode):
    pixels = np.array([[0, 1, 2, 3]], np.uint16)
    opened = td.DicomImage(made(pixels, bits=2), mode=mode)
    opened.set_window(2, 4)
    opened.set_presentation_lut(([255, 0, 0, 255], (4, 0, 8), "notch"))
    assert opened.output_data(8).tolist() == [[255, 0, 0, 255]]
    assert opened.presentation_lut_explanation == "notch" and opened.presentation_lut_shape == "default"
    opened.set_presentation_lut_shape("identity")
    assert opened.output_data(8).tolist() == [[0, 85, 170, 255]]


def test_lin_od_is_monotonous_and_depends_on_the_hardcopy_parameters():
    pixels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    opened = td.DicomImage(made(pixels, bits=8), mode="dcmtk")
    opened.set_presentation_lut_shape("lin_od")
    first = opened.output_data(8).reshape(-1).astype(int)
    assert (np.diff(first) <= 0).all() and first[0] > first[-1]
    assert opened.set_hardcopy_parameters(20, 250, 10, 1000) is True
    assert not np.array_equal(opened.output_data(8).reshape(-1), first)
    with pytest.raises(ValueError):
        opened.set_hardcopy_parameters(300, 300, 10, 2000)


@pytest.mark.parametrize("mode", MODES)
def test_a_display_function_gives_driving_levels(mode):
    opened = td.DicomImage(made(np.array([[0, 4095]], np.uint16)), mode=mode)
    opened.set_min_max_window()
    assert opened.convert_p_value_to_ddl(65535) == 255
    opened.set_display_function(lambda depth: np.linspace(10, 200, 1 << depth))
    assert opened.output_data(8).tolist() == [[10, 200]]
    assert opened.output_data(12).tolist() == [[0, 4095]]  # levels of eight bits
    assert opened.convert_p_value_to_ddl(65535) == 200
    opened.set_polarity("reverse")
    assert opened.output_data(8).tolist() == [[200, 10]]
    assert opened.set_no_display_function() and opened.output_data(8).tolist() == [[255, 0]]
    opened.set_display_function(lambda depth: [1, 2, 3])
    with pytest.raises(ValueError, match="entries"):
        opened.output_data(8)
    with pytest.raises(TypeError):
        opened.set_display_function([0, 1])


def test_unused_output_values():
    opened = td.DicomImage(made(np.array([[0, 4095]], np.uint16)), mode="dcmtk")
    assert opened.is_output_value_unused(7) is False  # nothing rendered yet
    opened.output_data(8)
    assert opened.is_output_value_unused(7) and not opened.is_output_value_unused(255)
    assert opened.output_plane(0).tolist() == [[0, 255]]


# -- color -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_color_output_scales_depth_and_knows_planes(mode):
    pixels = np.array([[[0, 128, 255], [1, 2, 3]]], np.uint8)
    opened = td.DicomImage(made(pixels, bits=8, photometric="RGB"), mode=mode)
    assert np.array_equal(opened.output_data(8), pixels)
    assert np.array_equal(opened.output_data(16), pixels.astype(int) * 257)
    assert np.array_equal(opened.output_data(4), pixels >> 4)
    assert np.array_equal(opened.output_data(8, planar=True), np.moveaxis(pixels, -1, 0))
    assert np.array_equal(opened.output_plane(1), pixels[..., 1])
    opened.set_polarity("reverse")
    assert np.array_equal(opened.output_data(8), 255 - pixels)
    with pytest.raises(ValueError):
        opened.set_window(1, 2)
    with pytest.raises(ValueError):
        opened.min_max_values()


@pytest.mark.parametrize("mode", MODES)
def test_palettes_become_rgb(mode):
    ds = pydicom.dcmread(
        io.BytesIO(made(np.array([[0, 1, 2, 9]], np.uint8), bits=8, photometric="PALETTE COLOR"))
    )
    for i, color in enumerate(("Red", "Green", "Blue")):
        ds.add_new(f"{color}PaletteColorLookupTableDescriptor", "US", [4, 0, 16])
        setattr(
            ds, f"{color}PaletteColorLookupTableData", (np.arange(4) * 257 * (i + 1)).astype("<u2").tobytes()
        )
    opened = td.DicomImage(as_file(ds), mode=mode)
    assert opened.depth == 16 and not opened.is_monochrome
    expected = [[[0, 0, 0], [1, 2, 3], [2, 4, 6], [3, 6, 9]]]
    assert opened.output_data(8).tolist() == expected
    del ds.BluePaletteColorLookupTableData
    with pytest.raises(td.ConformanceError, match="Blue"):
        td.DicomImage(as_file(ds), mode=mode)


def test_segmented_palettes_are_for_the_default_mode():
    data = made(np.array([[0, 1, 2, 3]], np.uint8), bits=8, photometric="PALETTE COLOR")
    ds = pydicom.dcmread(io.BytesIO(data))
    for color in ("Red", "Green", "Blue"):
        ds.add_new(f"{color}PaletteColorLookupTableDescriptor", "US", [4, 0, 16])
        segments = np.array([0, 1, 0, 1, 3, 65535], "<u2")  # discrete: 0; linear: three more up to 65535
        ds.add_new(f"Segmented{color}PaletteColorLookupTableData", "OW", segments.tobytes())
    assert td.DicomImage(as_file(ds)).output_data(8)[0, :, 1].tolist() == [0, 85, 170, 255]
    with pytest.raises(td.ConformanceError, match="Red"):
        td.DicomImage(as_file(ds), mode="dcmtk")


def test_ybr_becomes_rgb_unless_it_is_kept():
    pixels = np.array([[[128, 128, 128], [255, 128, 128], [76, 85, 255]]], np.uint8)
    data = made(pixels, bits=8, photometric="YBR_FULL")
    rgb = td.DicomImage(data, mode="dcmtk").output_data(8)[0]
    assert np.abs(rgb.astype(int) - [[128] * 3, [255] * 3, [254, 0, 0]]).max() <= 1
    kept = td.DicomImage(data, mode="dcmtk", keep_ycbcr=True)
    assert np.array_equal(kept.output_data(8), pixels)
    with pytest.raises(ValueError):
        kept.create_monochrome_image()


@pytest.mark.parametrize("mode", MODES)
def test_a_color_image_becomes_grey_by_weights(mode):
    pixels = np.array([[[255, 0, 0], [0, 255, 0], [10, 20, 30]]], np.uint8)
    opened = td.DicomImage(made(pixels, bits=8, photometric="RGB"), mode=mode).create_monochrome_image()
    exact = pixels @ np.array([0.299, 0.587, 0.114])
    assert opened.photometric_interpretation == "MONOCHROME2" and opened.depth == 8
    assert np.abs(opened.inter_data() - exact).max() < (1e-4 if mode == "standard" else 1)
    opened.set_min_max_window()
    assert opened.output_data(8).max() == 255


# -- overlays --------------------------------------------------------------------------------------


def with_overlay(pixels, plane):
    ds = pydicom.dcmread(io.BytesIO(made(pixels)))
    ds.add_new(0x60000010, "US", plane.shape[0])
    ds.add_new(0x60000011, "US", plane.shape[1])
    ds.add_new(0x60000022, "LO", "a square")
    ds.add_new(0x60000040, "CS", "G")
    ds.add_new(0x60000050, "SS", [2, 3])
    ds.add_new(0x60000100, "US", 1)
    ds.add_new(0x60000102, "US", 0)
    packed = np.packbits(plane.reshape(-1), bitorder="little").tobytes()
    ds.add_new(0x60003000, "OW", packed + b"\0" * (len(packed) % 2))
    return as_file(ds)


@pytest.mark.parametrize("mode", MODES)
def test_overlays_are_drawn_until_they_are_hidden(mode):
    data = with_overlay(np.zeros((4, 8), np.uint16), np.ones((2, 2), np.uint8))
    opened = td.DicomImage(data, mode=mode)
    drawn = np.zeros((4, 8), np.uint8)
    drawn[1:3, 2:4] = 255
    assert opened.overlay_count() == 1 and opened.overlay_description(0) == "a square"
    assert opened.overlay_group_number(0) == 0x6000 and opened.overlay_mode(0) == "replace"
    assert np.array_equal(opened.output_data(8), drawn)
    opened.hide_overlay(0)
    assert not opened.is_overlay_visible(0) and not opened.output_data(8).any()
    opened.show_overlay(0, "replace", 0.5)
    assert opened.output_data(8)[1, 2] == 127
    assert opened.place_overlay(0, 0, 0) and opened.output_data(8)[0, 0] == 127
    assert not td.DicomImage(data, mode=mode, use_presentation_state=True).output_data(8).any()


@pytest.mark.parametrize("is_looked_at", [True, False])
def test_overlay_frames_go_along_with_the_next_frames(is_looked_at):
    ds = pydicom.dcmread(io.BytesIO(with_overlay(np.zeros((4, 8), np.uint16), np.eye(2, dtype=np.uint8))))
    ds.NumberOfFrames, ds.PixelData = 3, bytes(3 * 64)
    ds.add_new(0x60000015, "IS", "3")
    ds.add_new(0x60003000, "OW", bytes([0b1000_0001, 0b0110]))  # the first sample; the last; the two between
    opened = td.DicomImage(as_file(ds), frame_count=1)
    lit = []
    while True:
        if is_looked_at or opened.first_frame == 2:
            lit.append(opened.output_data(8)[1:3, 2:4].tolist())
        if not opened.process_next_frames():
            break
    assert lit[-1] == [[0, 255], [255, 0]]
    assert lit[:-1] == ([[[255, 0], [0, 0]], [[0, 0], [0, 255]]] if is_looked_at else [])


def test_overlays_can_be_added_and_removed():
    opened = td.DicomImage(made(np.zeros((4, 8), np.uint16)))
    opened.add_overlay(0x6004, 1, 1, np.eye(4), label="diagonal")
    assert opened.overlay_count(1) == 1 and opened.overlay_label(0, 1) == "diagonal"
    opened.show_all_overlays(set_index=1)
    assert np.array_equal(opened.output_data(8)[:, :4], np.eye(4) * 255)
    samples = opened.overlay_data(0x6004)
    assert (samples.left, samples.top, samples.columns, samples.rows) == (0, 0, 4, 4)
    assert np.array_equal(samples.samples, np.eye(4) * 255)
    assert opened.packed_overlay_data(0, 1) == bytes([0b00100001, 0b10000100])
    assert opened.remove_overlay(0x6004) and not opened.remove_all_overlays()
    with pytest.raises(ValueError):
        opened.add_overlay(0x7000, 1, 1, np.eye(4))


# -- derived images --------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_derived_images_take_the_intermediate_data_along(mode):
    pixels = np.stack([ramp(), ramp()[::-1]])
    opened = td.DicomImage(
        made(pixels, frames=2, RescaleSlope="2", RescaleIntercept="0", PixelSpacing=[2, 1]), mode=mode
    )
    values = pixels * 2
    opened.set_window(1000, 2000)
    flipped = opened.create_flipped_image(True, True)
    assert np.array_equal(flipped.inter_data(), values[:, ::-1, ::-1]) and flipped.window == (1000, 2000)
    assert np.array_equal(flipped.output_data(8), opened.output_data(8)[::-1, ::-1])
    turned = opened.create_rotated_image(90)
    assert np.array_equal(turned.inter_data(), np.rot90(values, -1, (1, 2)))
    assert (turned.width, turned.height, turned.height_width_ratio) == (4, 8, 0.5)
    second = opened.create_dicom_image(1)
    assert np.array_equal(second.inter_data(), values[1]) and second.first_frame == 1
    clipped = opened.create_clipped_image(2, 1, 3, 2)
    assert np.array_equal(clipped.inter_data(), values[:, 1:3, 2:5])
    doubled = opened.create_scaled_image(16, 8)
    assert np.array_equal(doubled.inter_data(), values.repeat(2, 1).repeat(2, 2))
    assert opened.create_scaled_image(width=16, aspect=True).height == 16
    assert opened.create_scaled_image(x_factor=0.5, y_factor=0.5).inter_data().shape == (2, 2, 4)
    assert np.array_equal(opened.inter_data(), values)
    with pytest.raises(ValueError):
        opened.create_clipped_image(8, 0)
    assert not flipped.process_next_frames()


@pytest.mark.parametrize("mode", MODES)
def test_an_image_can_be_turned_in_place(mode):
    opened = td.DicomImage(made(ramp()), mode=mode)
    assert (
        opened.flip_image() is True and opened.rotate_image(-90) is True and opened.rotate_image(360) is False
    )
    assert np.array_equal(opened.inter_data(), np.rot90(ramp()[:, ::-1]))
    with pytest.raises(ValueError):
        opened.rotate_image(45)
    with pytest.raises(ValueError):
        opened.flip_image(False, False)


def test_a_clip_beyond_the_image_has_a_border():
    opened = td.DicomImage(made(ramp()), mode="dcmtk").create_clipped_image(-1, -1, 3, 3, p_value=65535)
    assert opened.inter_data().tolist() == [[4095] * 3, [4095, 0, 100], [4095, 800, 900]]


@pytest.mark.parametrize("mode", MODES)
def test_what_is_rendered_can_be_an_image(mode):
    opened = td.DicomImage(made(ramp(), photometric="MONOCHROME1"), mode=mode)
    opened.set_min_max_window()
    rendered = opened.create_mono_output_image(0, 8)
    assert rendered.photometric_interpretation == "MONOCHROME2" and rendered.window is None
    assert np.array_equal(rendered.inter_data(), opened.output_data(8))
    assert np.array_equal(rendered.output_data(8), opened.output_data(8))


# -- writers ---------------------------------------------------------------------------------------


def test_bitmaps_are_laid_out_as_their_systems_want_them():
    pixels = np.array([[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]], np.uint8)
    opened = td.DicomImage(made(pixels, bits=8, photometric="RGB"))
    assert opened.create_windows_dib().tolist() == [[3, 2, 1, 6, 5, 4, 0, 0], [9, 8, 7, 12, 11, 10, 0, 0]]
    assert opened.create_windows_dib(bits=32, upside_down=True)[0].tolist() == [9, 8, 7, 0, 12, 11, 10, 0]
    assert opened.create_java_awt_bitmap()[0, 0] == 0x01020300
    grey = td.DicomImage(made(np.array([[0, 4095, 0]], np.uint16)))
    assert grey.create_windows_dib(bits=8, padding=False).tolist() == [[0, 255, 0]]
    assert grey.create_windows_dib(bits=8).tolist() == [[0, 255, 0, 0]]
    with pytest.raises(ValueError):
        opened.create_windows_dib(bits=8)


def test_twelve_bits_are_packed_two_in_three_bytes():
    packed = td.DicomImage.create_12_bit_packed_bitmap([0x123, 0x456, 0x789, 0xABC])
    assert packed.tolist() == [0x23, 0x61, 0x45, 0x89, 0xC7, 0xAB]
    assert td.DicomImage.create_12_bit_packed_bitmap([0x123]).tolist() == [0x23, 0x01]


def test_pictures_are_written(tmp_path):
    opened = td.DicomImage(made(ramp()))
    opened.set_min_max_window()
    path = tmp_path / "a.pgm"
    opened.write_raw_ppm(path)
    assert path.read_bytes() == b"P5\n8 4\n255\n" + opened.output_data(8).tobytes()
    for write, begin in (
        (opened.write_png, b"\x89PNG"),
        (opened.write_bmp, b"BM"),
        (opened.write_ppm, b"P2\n8 4\n4095\n"),
        (opened.write_tiff, b"II*\0"),
    ):
        buffer = io.BytesIO()
        write(buffer)
        assert buffer.getvalue().startswith(begin)
    png = opened._repr_png_()
    rows = zlib.decompress(png[png.index(b"IDAT") + 4 : -16])
    assert rows[1:9] == opened.output_data(8)[0].tobytes()
    with pytest.raises(ValueError):
        opened.write_raw_ppm(path, bits=12)


@pytest.mark.parametrize("mode", MODES)
def test_a_rendered_frame_goes_into_a_data_set(mode):
    data = made(
        ramp(), RescaleSlope="2", RescaleIntercept="1", WindowCenter="1", WindowWidth="2", PixelSpacing=[1, 1]
    )
    opened = td.DicomImage(data, mode=mode)
    ds = pydicom.dcmread(io.BytesIO(data))
    scaled = opened.create_scaled_image(16, 8)
    scaled.write_frame_to_dataset(ds, 8)
    assert (ds.Rows, ds.Columns, ds.BitsAllocated, ds.BitsStored, ds.HighBit) == (8, 16, 8, 8, 7)
    assert (ds.RescaleSlope, ds.RescaleIntercept, ds.WindowCenter, ds.WindowWidth) == (1, 0, 128, 256)
    assert ds.PixelSpacing == [0.5, 0.5]
    assert np.array_equal(td.DicomImage(as_file(ds)).inter_data(dtype="stored"), scaled.output_data(8))


def test_intermediate_data_go_into_a_data_set():
    data = made(ramp(), RescaleSlope="2", RescaleIntercept="-1000")
    opened = td.DicomImage(data, mode="dcmtk")
    ds = pydicom.dcmread(io.BytesIO(data))
    opened.write_image_to_dataset(ds)
    assert (ds.BitsAllocated, ds.BitsStored, ds.PixelRepresentation) == (16, 14, 1)
    again = td.DicomImage(as_file(ds), mode="dcmtk")
    assert np.array_equal(again.inter_data(), opened.inter_data())
    with pytest.raises(ValueError, match="floating"):
        td.DicomImage(data).write_image_to_dataset(ds)


# -- files of the corpus ---------------------------------------------------------------------------


@pytest.mark.manifest(kind="dicom", expect="exact")
def test_every_exact_image_of_the_corpus_is_rendered_in_both_modes(corpus, row):
    path = Path(corpus) / row["file"]
    try:
        images = [td.DicomImage(path, mode=mode) for mode in MODES]
    except td.Error:
        with pytest.raises(td.Error):
            td.DicomImage(path, mode="dcmtk")
        return
    standard, dcmtk = (opened.output_data(8) for opened in images)
    assert standard.shape == dcmtk.shape and standard.dtype == np.uint8
    if row["bits_allocated"] == "32" and "Big Endian" in row["syntax_name"]:
        return  # DCMTK takes the word of less weight first
    if images[0].depth >= 8 and images[0].photometric_interpretation in (
        "MONOCHROME2",
        "RGB",
    ):  # fewer stretch otherwise
        assert np.abs(standard.astype(int) - dcmtk).max() <= 1
