# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""td.transform against the stages of PS3.3 C.11 in NumPy: every stage, dtype, place of the attributes, and bad ones."""

import sys
from pathlib import Path

import numpy as np
import pytest
import turbodicom as td
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.sequence import Sequence

sys.path.insert(0, str(Path(__file__).parent))

import values_reference as reference
from values_reference import make, rescaled, spread, windowed

RANDOM = np.random.default_rng(20261122)
STORED = ["u1", "i1", "u2", "i2", "u4", "i4"]
FLOATS = ["f2", "f4", "f8"]
INTEGERS = ["u1", "i1", "u2", "i2", "u4", "i4"]


def random_of(dtype, shape=(9, 11), bits=None):
    """Return all bit patterns of a dtype, or of some of its bits."""
    kind, most = np.dtype(dtype).kind, bits or 8 * np.dtype(dtype).itemsize
    low = -(1 << (most - 1)) if kind == "i" else 0
    return RANDOM.integers(low, low + (1 << most), shape).astype(dtype)


def transformed(stored, file, **options):
    """Return the values of an array, and the quirks of its first frame."""
    report = []
    result = td.transform(stored, td.read(file), report=report, **options)
    return result, report[0].quirks


# -- modality --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("stored_type", STORED)
def test_rescale_is_double_arithmetic_rounded_once_more(stored_type, dtype):
    stored = random_of(stored_type)
    file = make(stored, RescaleSlope="0.684", RescaleIntercept="-1024.3")
    result, quirks = transformed(stored, file, dtype=dtype)
    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(result, rescaled(stored, 0.684, -1024.3).astype(dtype))
    assert quirks == []


def test_default_dtype_is_float32_and_float64_above_24_bits():
    for stored_type, bits, dtype in [("u2", 12, "f4"), ("i2", 16, "f4"), ("u4", 24, "f4"), ("u4", 25, "f8"), ("i4", 32, "f8")]:
        stored = random_of(stored_type, bits=bits)
        result, _ = transformed(stored, make(stored, bits_stored=bits, RescaleSlope=2, RescaleIntercept=1))
        assert result.dtype == dtype
        np.testing.assert_array_equal(result, rescaled(stored, 2, 1).astype(dtype))
    for stored_type in ("f4", "f8"):
        assert transformed(np.ones((2, 2), stored_type), make(np.ones((2, 2), stored_type)))[0].dtype == stored_type


def test_floating_point_pixels_are_rescaled():
    stored = RANDOM.normal(size=(4, 5)).astype("f4")
    stored[0, 0] = np.nan
    result, _ = transformed(stored, make(stored, RescaleSlope=2.5, RescaleIntercept=1))
    np.testing.assert_array_equal(result, rescaled(stored, 2.5, 1).astype("f4"))


@pytest.mark.parametrize("implicit", [False, True])
@pytest.mark.parametrize(("stored_type", "first"), [("u1", 0), ("u2", 17), ("i2", -40), ("i1", -128)])
def test_modality_lut_is_looked_up(stored_type, first, implicit):
    stored = random_of(stored_type)
    entries = RANDOM.integers(0, 65536, 200).astype("u2")
    file = make(stored, ModalityLUTSequence=reference.modality_lut(first, entries), implicit=implicit)
    np.testing.assert_array_equal(transformed(stored, file)[0], reference.looked_up(stored, first, entries))


def test_modality_lut_wins_over_rescale():
    stored = random_of("u1")
    entries = np.arange(256, dtype="u2") * 3
    file = make(stored, ModalityLUTSequence=reference.modality_lut(0, entries), RescaleSlope=7, RescaleIntercept=0)
    result, quirks = transformed(stored, file)
    np.testing.assert_array_equal(result, entries[stored])
    assert quirks == ["two_modality_transforms"]


def test_a_lut_of_65536_entries_is_written_as_zero():
    stored = random_of("u2", (40, 40))
    entries = RANDOM.permutation(65536).astype("u2")
    np.testing.assert_array_equal(
        transformed(stored, make(stored, ModalityLUTSequence=reference.modality_lut(0, entries)))[0], entries[stored]
    )


def test_no_modality_stage_gives_the_stored_values():
    stored = random_of("i2")
    np.testing.assert_array_equal(transformed(stored, make(stored))[0], stored.astype("f4"))


@pytest.mark.parametrize("dtype", [*INTEGERS, "i8", "u8"])
def test_integers_are_checked_not_wrapped(dtype):
    stored = np.array([[0, 1], [2, 100]], "u1")
    file = make(stored, RescaleSlope=3, RescaleIntercept=-1)
    room = np.iinfo(dtype)
    values = rescaled(stored, 3, -1)
    if room.min <= values.min() and values.max() <= room.max:
        result, _ = transformed(stored, file, dtype=dtype)
        assert result.dtype == dtype
        np.testing.assert_array_equal(result, values)
    else:
        with pytest.raises(ValueError, match="cannot hold|does not fit"):
            transformed(stored, file, dtype=dtype)


def test_fractions_do_not_become_integers():
    stored = random_of("u1")
    for slope, intercept in ((0.5, 0), (1, 0.25)):
        with pytest.raises(ValueError, match="fractions"):
            transformed(stored, make(stored, RescaleSlope=slope, RescaleIntercept=intercept), dtype="i4")


# -- real world values -------------------------------------------------------------------------------------


def test_real_world_values_by_index_and_label():
    stored = random_of("u2", bits=12)
    mappings = Sequence([reference.real_world(0.25, -3.5, label="SUV"), reference.real_world(2, 1, label="BQML")])
    file = make(stored, bits_stored=12, RescaleSlope=9, RescaleIntercept=9, RealWorldValueMappingSequence=mappings)
    for choice, numbers in ((0, (0.25, -3.5)), ("SUV", (0.25, -3.5)), (1, (2, 1)), ("BQML", (2, 1))):
        result, _ = transformed(stored, file, real_world=choice, dtype="f8")
        np.testing.assert_array_equal(result, rescaled(stored, *numbers))
    np.testing.assert_array_equal(transformed(stored, file)[0], rescaled(stored, 9, 9))
    with pytest.raises(IndexError):
        transformed(stored, file, real_world=2)
    with pytest.raises(ValueError, match="LUT Label"):
        transformed(stored, file, real_world="HU")
    with pytest.raises(td.ConformanceError) as caught:
        transformed(stored, make(stored), real_world=0)
    assert caught.value.where == "(0040,9096)"


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_real_world_lut_of_doubles(dtype):
    stored = RANDOM.integers(-5, 20, (6, 7)).astype("i2")
    lut = RANDOM.normal(size=25)
    file = make(stored, RealWorldValueMappingSequence=Sequence([reference.real_world(first=-5, last=19, lut=lut)]))
    np.testing.assert_array_equal(transformed(stored, file, real_world=0, dtype=dtype)[0], lut[stored + 5].astype(dtype))


def test_values_outside_a_real_world_mapping_are_nan():
    stored = np.array([[9, 10], [20, 21]], "u1")
    file = make(stored, RealWorldValueMappingSequence=Sequence([reference.real_world(2, 0, 10, 20)]))
    result, quirks = transformed(stored, file, real_world=0)
    np.testing.assert_array_equal(result, [[np.nan, 20], [40, np.nan]])
    assert quirks == ["outside_real_world_mapping"]
    with pytest.raises(ValueError, match="NaN"):
        transformed(stored, file, real_world=0, dtype="i4")
    doubles = make(stored, RealWorldValueMappingSequence=Sequence([reference.real_world(2, 0, 10, 20, is_double=True)]))
    np.testing.assert_array_equal(transformed(stored, doubles, real_world=0)[0], result)


def test_real_world_values_per_frame_and_shared():
    stored = random_of("u2", (3, 4, 5))
    frames = [{"RealWorldValueMappingSequence": Sequence([reference.real_world(s, 0)])} for s in (1, 2, 3)]
    file = make(stored, **reference.groups(frames=frames))
    expected = stored * np.array([1, 2, 3]).reshape(3, 1, 1)
    np.testing.assert_array_equal(transformed(stored, file, real_world=0)[0], expected)
    shared = {"RealWorldValueMappingSequence": Sequence([reference.real_world(5, 0)])}
    file = make(stored, **reference.groups(shared=shared, frames=[{}, {}, {}]))
    np.testing.assert_array_equal(transformed(stored, file, real_world=0)[0], stored * 5.0)


# -- VOI -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [*INTEGERS, *FLOATS])
@pytest.mark.parametrize("function", ["linear", "linear_exact", "sigmoid"])
@pytest.mark.parametrize("stored_type", ["u1", "i2", "u4", "f4"])
def test_windows_are_those_of_the_standard(stored_type, function, dtype):
    stored = random_of(stored_type, bits=8) if stored_type != "f4" else RANDOM.normal(50, 90, (9, 11)).astype("f4")
    file = make(stored, RescaleSlope=1.5, RescaleIntercept=-20, WindowCenter=40, WindowWidth=121,
                VOILUTFunction=function.upper())  # fmt: skip
    result, quirks = transformed(stored, file, values="voi", dtype=dtype)
    expected = spread(windowed(rescaled(stored, 1.5, -20), 40, 121, function), dtype)
    assert result.dtype == dtype
    if function == "sigmoid":  # exp() may differ in the last place
        np.testing.assert_allclose(result.astype("f8"), expected.astype("f8"), rtol=1e-6, atol=1)
    elif np.dtype(dtype).kind == "f":
        np.testing.assert_allclose(result, expected, rtol=np.finfo(dtype).eps, atol=1e-15)
    else:
        np.testing.assert_allclose(result.astype("f8"), expected.astype("f8"), rtol=1e-9, atol=1)
        assert (result != expected).mean() < 0.02
    assert quirks == []


def test_a_window_of_256_at_128_is_the_identity():
    stored = np.arange(256, dtype="u1").reshape(16, 16)
    for window in ((128, 256), td.Window(127.5, 255, "linear_exact"), td.Window.minmax()):
        np.testing.assert_array_equal(transformed(stored, make(stored), values="voi", window=window)[0], stored)


def test_a_window_of_width_1_has_two_values():
    stored = np.arange(10, dtype="u1").reshape(2, 5)
    result, _ = transformed(stored, make(stored), values="voi", window=(4.5, 1))
    np.testing.assert_array_equal(result, np.where(stored > 4, 255, 0))


@pytest.mark.parametrize("bits", [8, 9, 10, 12, 14, 15, 16])
def test_voi_luts_of_every_depth(bits):
    stored = random_of("u2", bits=10)
    entries = RANDOM.integers(0, 1 << bits, 700).astype("u2")
    file = make(stored, bits_stored=10, VOILUTSequence=reference.voi_luts((100, entries, bits)))
    fractions = reference.looked_up(stored, 100, entries) / ((1 << bits) - 1)
    np.testing.assert_allclose(transformed(stored, file, values="voi", dtype="f8")[0], fractions, rtol=1e-15)
    np.testing.assert_array_equal(transformed(stored, file, values="voi")[0], spread(fractions, "u1"))


def test_voi_lut_of_rescaled_values_takes_the_entry_below():
    stored = random_of("u1")
    entries = RANDOM.integers(0, 4096, 300).astype("u2")
    file = make(stored, RescaleSlope=1.25, RescaleIntercept=-60.5, VOILUTSequence=reference.voi_luts((-50, entries, 12)))
    expected = reference.looked_up(rescaled(stored, 1.25, -60.5), -50, entries) / 4095
    np.testing.assert_allclose(transformed(stored, file, values="voi", dtype="f8")[0], expected, rtol=1e-15)


def test_first_mapped_written_as_us_is_signed_where_it_has_to_be():
    stored = random_of("u1")
    entries = np.arange(200, dtype="u2")
    lut = reference.lut_item(0, entries, 8)
    lut.add_new(0x00283002, "US", [200, 65536 - 30, 16])
    file = make(stored, RescaleSlope=1, RescaleIntercept=-30, VOILUTSequence=Sequence([lut]))
    expected = reference.looked_up(rescaled(stored, 1, -30), -30, entries) / 65535
    np.testing.assert_allclose(transformed(stored, file, values="voi", dtype="f8")[0], expected, rtol=1e-15)


def test_several_voi_transforms_by_index_luts_first():
    stored = random_of("u1")
    one, two = np.arange(256, dtype="u2"), np.arange(256, dtype="u2")[::-1]
    file = make(stored, VOILUTSequence=reference.voi_luts((0, one, 8), (0, two, 8)), WindowCenter=[100, 50], WindowWidth=[10, 20])
    expected = [one[stored], two[stored], *(spread(windowed(stored, *w), "u1") for w in ((100, 10), (50, 20)))]
    for index, values in enumerate(expected):
        np.testing.assert_array_equal(transformed(stored, file, values="voi", window=index)[0], values)
        np.testing.assert_array_equal(transformed(stored, file, values="voi", window=td.Window.index(index))[0], values)
    np.testing.assert_array_equal(transformed(stored, file, values="voi")[0], expected[0])
    with pytest.raises(IndexError, match="window 4 of 4"):
        transformed(stored, file, values="voi", window=4)
    with pytest.raises(IndexError):
        transformed(stored, make(stored), values="voi", window=0)


def test_without_a_window_the_possible_range_is_stretched():
    stored = random_of("u2", bits=12)
    result, quirks = transformed(stored, make(stored, bits_stored=12, RescaleSlope=-2, RescaleIntercept=5), values="voi")
    np.testing.assert_array_equal(result, spread(1 - stored / 4095, "u1"))
    assert quirks == ["no_voi"]
    floats = RANDOM.normal(size=(5, 6)).astype("f4")
    result, quirks = transformed(floats, make(floats), values="voi", dtype="f8")
    np.testing.assert_allclose(result, reference.between(floats, floats.min(), floats.max()), atol=1e-12)
    assert quirks == ["no_voi"]


@pytest.mark.parametrize("layout", ["interleaved", "planar"])
def test_a_list_of_windows_gives_one_sample_each(layout):
    stored = random_of("i2", (2, 5, 6))
    windows = [td.Window(40, 400), (-600, 1500), td.Window.minmax()]
    result, _ = transformed(stored, make(stored), values="voi", window=windows, layout=layout, dtype="f4")
    low, high = stored.min(), stored.max()
    expected = [windowed(stored, 40, 400), windowed(stored, -600, 1500), reference.between(stored, low, high)]
    expected = np.stack(expected, 1 if layout == "planar" else -1)
    np.testing.assert_allclose(result, expected.astype("f4"), atol=1e-6)


# -- functional groups -------------------------------------------------------------------------------------


def test_per_frame_groups_win_over_shared_and_these_over_the_data_set():
    stored = random_of("u2", (3, 4, 5))
    own = {"PixelValueTransformationSequence": reference.rescale_group(2, 1), "FrameVOILUTSequence": reference.window_group(50, 60)}
    shared = {"PixelValueTransformationSequence": reference.rescale_group(3, 2), "FrameVOILUTSequence": reference.window_group(90, 80)}
    root = {"RescaleSlope": 4, "RescaleIntercept": 3, "WindowCenter": 10, "WindowWidth": 11}
    file = make(stored, **reference.groups(shared=shared, frames=[{}, own, {}]), **root)
    values = np.stack([rescaled(stored[0], 3, 2), rescaled(stored[1], 2, 1), rescaled(stored[2], 3, 2)])
    np.testing.assert_array_equal(transformed(stored, file)[0], values)
    shown = np.stack([windowed(values[0], 90, 80), windowed(values[1], 50, 60), windowed(values[2], 90, 80)])
    np.testing.assert_array_equal(transformed(stored, file, values="voi")[0], spread(shown, "u1"))
    file = make(stored, **reference.groups(frames=[{}, own, {}]), **root)
    values = np.stack([rescaled(stored[0], 4, 3), rescaled(stored[1], 2, 1), rescaled(stored[2], 4, 3)])
    np.testing.assert_array_equal(transformed(stored, file)[0], values)


def test_frames_say_which_groups_apply():
    stored = random_of("u2", (4, 3, 5))
    frames = [{"PixelValueTransformationSequence": reference.rescale_group(i + 1, i)} for i in range(4)]
    ds = td.read(make(stored, **reference.groups(frames=frames)))
    values = np.stack([rescaled(stored[i], i + 1, i) for i in range(4)])
    np.testing.assert_array_equal(td.transform(stored, ds), values)
    np.testing.assert_array_equal(td.transform(stored[2], ds, frames=2), values[2])
    np.testing.assert_array_equal(td.transform(stored[2:3], ds, frames=[-2]), values[2:3])
    np.testing.assert_array_equal(td.transform(stored[::-1], ds, frames=slice(None, None, -1)), values[::-1])
    for array, wanted in ((stored[2], None), (stored, [0, 1]), (stored[:2], 0)):
        with pytest.raises(ValueError, match="frames= says which"):
            td.transform(array, ds, frames=wanted)
    with pytest.raises(IndexError):
        td.transform(stored[0], ds, frames=4)


def test_more_frames_than_groups_take_what_they_share():
    stored = random_of("u2", (3, 4, 5))
    file = make(stored, **reference.groups(frames=[{"PixelValueTransformationSequence": reference.rescale_group(2, 0)}]))
    np.testing.assert_array_equal(transformed(stored, file)[0], stored * np.array([2.0, 1, 1]).reshape(3, 1, 1))


# -- presentation ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("photometric", "shape", "inverse", "quirk"),
    [
        ("MONOCHROME2", None, False, []),
        ("MONOCHROME1", None, True, []),
        ("MONOCHROME2", "IDENTITY", False, []),
        ("MONOCHROME1", "INVERSE", True, []),
        ("MONOCHROME2", "INVERSE", True, ["polarity"]),
        ("MONOCHROME1", "IDENTITY", False, ["polarity"]),
        ("MONOCHROME1", "ROUND", True, ["presentation_lut_shape"]),
    ],
)
def test_polarity(photometric, shape, inverse, quirk):
    stored = random_of("u1")
    attributes = {"PresentationLUTShape": shape} if shape else {}
    file = make(stored, photometric=photometric, WindowCenter=100, WindowWidth=70, **attributes)
    fractions = windowed(stored, 100, 70)
    result, quirks = transformed(stored, file, values="presentation")
    np.testing.assert_array_equal(result, spread(1 - fractions if inverse else fractions, "u1"))
    assert quirks == quirk
    np.testing.assert_array_equal(transformed(stored, file, values="voi")[0], spread(fractions, "u1"))


@pytest.mark.parametrize("bits", [8, 10, 16])
def test_presentation_lut_sequence(bits):
    stored = random_of("u1")
    entries = RANDOM.integers(0, 1 << bits, 64).astype("u2")
    lut = Sequence([reference.lut_item(0, entries, bits)])
    file = make(stored, photometric="MONOCHROME1", WindowCenter=100, WindowWidth=130, PresentationLUTSequence=lut)
    expected = reference.presented(windowed(stored, 100, 130), entries, bits)
    np.testing.assert_allclose(transformed(stored, file, values="presentation", dtype="f8")[0], expected, rtol=1e-15)


def test_linear_optical_densities_become_p_values():
    """The Barten curve of PS3.14, by hand for three densities of a film of 0.2 to 3 OD."""
    stored = np.array([[0, 128, 255]], "u1")
    file = make(stored, PresentationLUTShape="LIN OD")
    result, _ = transformed(stored, file, values="presentation", dtype="f8")

    def index(density):
        x = np.log10(10 + 2000 * 10.0**-density)
        powers = (71.498068, 94.593053, 41.912053, 9.8247004, 0.28175407, -1.1878455, -0.18014349, 0.14710899, -0.017046845)
        return sum(a * x**k for k, a in enumerate(powers))

    expected = [(index(0.2 + 2.8 * s / 255) - index(3)) / (index(0.2) - index(3)) for s in (0, 128, 255)]
    np.testing.assert_allclose(result[0], expected, atol=2e-3)
    darker = make(stored, PresentationLUTShape="LIN OD", MinDensity=100, MaxDensity=150, Illumination=500, ReflectedAmbientLight=1)
    assert not np.array_equal(transformed(stored, darker, values="presentation", dtype="f8")[0], result)
    wrong = make(stored, PresentationLUTShape="LIN OD", MinDensity=300, MaxDensity=20)
    with pytest.raises(td.ConformanceError):
        transformed(stored, wrong, values="presentation")


@pytest.mark.parametrize("layout", ["interleaved", "planar"])
@pytest.mark.parametrize(("bits", "stored_type", "first"), [(8, "u1", 0), (16, "u1", 10), (16, "u2", 100), (16, "i2", -50)])
def test_palettes_become_rgb(bits, stored_type, first, layout):
    stored = RANDOM.integers(max(first - 3, 0 if stored_type[0] == "u" else first - 3), first + 200, (2, 5, 6)).astype(stored_type)
    tables = RANDOM.integers(0, 1 << bits, (3, 200)).astype("u2")
    file = make(stored, photometric="PALETTE COLOR", **reference.palette(first, tables, bits))
    colours = tables[:, np.clip(stored.astype(int) - first, 0, 199)] / ((1 << bits) - 1)
    colours = np.moveaxis(colours, 0, 1 if layout == "planar" else -1)
    for dtype in ("u1", ">u2", "i4", "f2", ">f8"):
        result, _ = transformed(stored, file, values="presentation", layout=layout, dtype=dtype)
        np.testing.assert_array_equal(result, spread(colours, dtype))
    np.testing.assert_array_equal(transformed(stored, file)[0], stored)
    assert transformed(stored, file, values="voi")[0].shape == stored.shape


def test_an_index_beyond_the_palette_is_a_quirk():
    stored = np.array([[0, 1, 9]], "u1")
    file = make(stored, photometric="PALETTE COLOR", **reference.palette(0, [[0, 7], [1, 8], [2, 9]], 8))
    result, quirks = transformed(stored, file, values="presentation")
    np.testing.assert_array_equal(result, [[[0, 1, 2], [7, 8, 9], [7, 8, 9]]])
    assert quirks == ["palette_index_beyond"]


def test_segmented_palettes_become_rgb():
    stored = np.arange(8, dtype="u1").reshape(2, 4)
    segments = np.array([0, 2, 0, 5000, 1, 6, 65000], "<u2").tobytes()  # two entries, then a line of six
    attributes = {}
    for colour in ("Red", "Green", "Blue"):
        attributes[f"{colour}PaletteColorLookupTableDescriptor"] = [8, 0, 16]
        attributes[f"Segmented{colour}PaletteColorLookupTableData"] = segments
    file = make(stored, photometric="PALETTE COLOR", **attributes)
    line = [0, 5000, 15000, 25000, 35000, 45000, 55000, 65000]
    result, _ = transformed(stored, file, values="presentation", dtype="u2")
    np.testing.assert_array_equal(result[..., 1].ravel(), line)


def test_supplemental_palettes_colour_the_upper_values_only():
    stored = RANDOM.integers(0, 1024, (4, 9)).astype("u2")
    tables = RANDOM.integers(0, 65536, (3, 100)).astype("u2")
    file = make(stored, bits_stored=10, PixelPresentation="COLOR", RescaleSlope=2, RescaleIntercept=-100, WindowCenter=700,
                WindowWidth=900, **reference.palette(900, tables))  # fmt: skip
    grey = spread(windowed(rescaled(stored, 2, -100), 700, 900), "u1")[..., None]
    colour = spread(np.moveaxis(tables, 0, -1)[np.clip(stored.astype(int) - 900, 0, 99)] / 65535, "u1")
    result, _ = transformed(stored, file, values="presentation")
    np.testing.assert_array_equal(result, np.where(stored[..., None] < 900, grey, colour))
    beyond = make(stored, bits_stored=10, PixelPresentation="COLOR", **reference.palette(60000, tables))
    grey = spread(stored / 1023, "u1")[..., None]
    np.testing.assert_array_equal(transformed(stored, beyond, values="presentation")[0], np.repeat(grey, 3, -1))
    assert transformed(stored, file, values="voi")[0].shape == stored.shape


@pytest.mark.parametrize("layout", ["interleaved", "planar"])
def test_colour_keeps_its_values_over_the_output_range(layout):
    stored = random_of("u2", (2, 4, 5, 3), bits=10)
    ds = td.read(make(stored, bits_stored=10, photometric="RGB", WindowCenter=3, WindowWidth=4, RescaleSlope=5, RescaleIntercept=6))
    array = np.moveaxis(stored, -1, 1) if layout == "planar" else stored
    np.testing.assert_array_equal(td.transform(array, ds, layout=layout), array)
    for values in ("voi", "presentation"):
        np.testing.assert_array_equal(td.transform(array, ds, values=values, layout=layout), spread(array / 1023, "u1"))
        np.testing.assert_array_equal(td.transform(array, ds, values=values, layout=layout, window=(1, 2)), spread(array / 1023, "u1"))
    with pytest.raises(ValueError, match="one sample per pixel"):
        td.transform(array, ds, values="voi", layout=layout, window=[(1, 2), (3, 4)])
    wrong = np.moveaxis(array, 1, -1) if layout == "planar" else np.moveaxis(array, -1, 1)
    with pytest.raises(ValueError, match="samples per pixel"):
        td.transform(wrong, ds, layout=layout)


# -- padding -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored_type", "padding", "range_"),
    [
        ("u1", {"PixelPaddingValue": 5}, (5, 5)),
        ("i2", {"PixelPaddingValue": -2000}, (-2000, -2000)),
        ("i2", {"PixelPaddingValue": -2000, "PixelPaddingRangeLimit": -1000}, (-2000, -1000)),
        ("u2", {"PixelPaddingValue": 60000, "PixelPaddingRangeLimit": 59000}, (59000, 60000)),
        ("f4", {"FloatPixelPaddingValue": 2.5, "FloatPixelPaddingRangeLimit": 3.5}, (2.5, 3.5)),
        ("f8", {"DoubleFloatPixelPaddingValue": 2.5}, (2.5, 2.5)),
    ],
)
def test_padding_is_masked_and_filled(stored_type, padding, range_):
    stored = np.full((4, 6), 20, stored_type)
    stored[0, 0], stored[3, 5], stored[2, 2] = *range_, np.mean(range_)
    expected = (stored >= range_[0]) & (stored <= range_[1])
    ds = td.read(make(stored, RescaleSlope=2, RescaleIntercept=1, **padding))
    values, mask = td.transform(stored, ds, mask=True)
    np.testing.assert_array_equal(mask, expected)
    np.testing.assert_array_equal(values, rescaled(stored, 2, 1))  # as it comes
    values, mask = td.transform(stored, ds, mask=True, fill=np.nan)
    np.testing.assert_array_equal(mask, expected)
    np.testing.assert_array_equal(values, np.where(expected, np.nan, rescaled(stored, 2, 1)))
    np.testing.assert_array_equal(td.transform(stored, ds, values="voi", fill=77) == 77, expected)


def test_padding_written_with_the_other_sign_means_the_same_bits():
    stored = np.array([[-2000, 5]], "i2")
    ds = td.read(wrong(stored, {0x00280120: ("US", 63536)}))
    np.testing.assert_array_equal(td.transform(stored, ds, mask=True)[1], [[True, False]])


def test_a_mask_without_padding_is_all_false():
    stored = random_of("u1", (2, 3, 4))
    assert not td.transform(stored, td.read(make(stored)), mask=True)[1].any()
    colour = random_of("u1", (2, 3, 4, 3))
    values, mask = td.transform(colour, td.read(make(colour, photometric="RGB", PixelPaddingValue=0)), mask=True)
    assert mask.shape == (2, 3, 4) and values.shape == colour.shape and not mask.any()


def test_a_mask_of_several_windows_and_of_a_palette_has_no_samples():
    stored = np.array([[0, 1, 2]], "u1")
    ds = td.read(make(stored, PixelPaddingValue=1))
    values, mask = td.transform(stored, ds, values="voi", window=[(1, 2), (2, 3)], mask=True, fill=9)
    np.testing.assert_array_equal(mask, [[False, True, False]])
    np.testing.assert_array_equal(values[0, 1], [9, 9])
    ds = td.read(make(stored, photometric="PALETTE COLOR", PixelPaddingValue=1, **reference.palette(0, np.ones((3, 3)) * 4, 8)))
    values, mask = td.transform(stored, ds, values="presentation", mask=True, fill=9)
    np.testing.assert_array_equal(mask, [[False, True, False]])
    np.testing.assert_array_equal(values, [[[4] * 3, [9] * 3, [4] * 3]])


def test_a_fill_that_does_not_fit_is_refused():
    stored = random_of("u1")
    ds = td.read(make(stored, PixelPaddingValue=1))
    for fill, dtype in ((256, "u1"), (-1, "u2"), (0.5, "i4"), (float("nan"), "u1")):
        with pytest.raises(ValueError, match="cannot hold fill"):
            td.transform(stored, ds, values="voi", fill=fill, dtype=dtype)
    for fill in ("0", True, [0]):
        with pytest.raises(TypeError):
            td.transform(stored, ds, fill=fill)


# -- arrays ------------------------------------------------------------------------------------------------


def test_out_of_any_strides_and_dtype_is_filled():
    stored = random_of("u2", (3, 5, 6))
    ds = td.read(make(stored, RescaleSlope=0.5, RescaleIntercept=1))
    for dtype in (*FLOATS, ">f4", ">f8"):
        wide = np.zeros((6, 10, 6), dtype)
        out = wide[::2, ::-2, ::-1]
        assert td.transform(stored, ds, out=out) is out
        with np.errstate(over="ignore"):
            np.testing.assert_array_equal(out, rescaled(stored, 0.5, 1).astype(dtype))
        assert not wide[1::2].any() and not wide[:, ::2].any()
    for wrong in (np.zeros((3, 5, 7), "f4"), np.zeros((5, 6), "f4")):
        with pytest.raises(ValueError, match="out must have shape"):
            td.transform(stored, ds, out=wrong)
    with pytest.raises(ValueError, match="dtype"):
        td.transform(stored, ds, out=np.zeros((3, 5, 6), "f4"), dtype="f8")
    frozen = np.zeros((3, 5, 6), "f4")
    frozen.flags.writeable = False
    with pytest.raises(ValueError, match="writeable"):
        td.transform(stored, ds, out=frozen)


@pytest.mark.parametrize("change", [lambda a: a[:, ::-1, ::2], lambda a: np.asfortranarray(a), lambda a: a.astype(a.dtype.newbyteorder(">"))])
def test_arrays_of_any_strides_and_byte_order_are_read(change):
    stored = change(random_of("i2", (3, 6, 8)))
    ds = td.read(make(random_of("i2", (3, 6, 8)), RescaleSlope=0.5, RescaleIntercept=1, WindowCenter=5, WindowWidth=5000))
    np.testing.assert_array_equal(td.transform(stored, ds), rescaled(stored, 0.5, 1).astype("f4"))
    np.testing.assert_array_equal(td.transform(stored, ds, values="voi", window=td.Window.minmax()).shape, stored.shape)


@pytest.mark.parametrize("dtype", ["bool", "i8", "u8", "f2"])
def test_other_dtypes_of_arrays_are_read(dtype):
    stored = RANDOM.integers(0, 2, (4, 5)).astype(dtype)
    ds = td.read(make(stored.astype("u1"), RescaleSlope=0.5, RescaleIntercept=1))
    np.testing.assert_array_equal(td.transform(stored, ds), rescaled(stored, 0.5, 1))
    assert td.transform(stored, ds, values="voi", window=td.Window.percentiles(0, 100)).max() == 255


def test_values_beyond_bits_stored_are_no_harm():
    stored = random_of("u2")
    file = make(stored, bits_stored=8, RescaleSlope=2, RescaleIntercept=1, WindowCenter=1000, WindowWidth=90000)
    np.testing.assert_array_equal(transformed(stored, file)[0], rescaled(stored, 2, 1))
    np.testing.assert_array_equal(
        transformed(stored, file, values="voi")[0], spread(windowed(rescaled(stored, 2, 1), 1000, 90000), "u1")
    )


def test_results_do_not_depend_on_workers_nor_on_where_a_pixel_is():
    stored = random_of("u2", (5, 200, 300))
    ds = td.read(make(stored, RescaleSlope="0.317", RescaleIntercept="-1024.1", WindowCenter=40, WindowWidth=399, VOILUTFunction="SIGMOID"))
    for values in ("modality", "voi"):
        whole = td.transform(stored, ds, values=values, workers=1)
        np.testing.assert_array_equal(td.transform(stored, ds, values=values, workers=4), whole)
        np.testing.assert_array_equal(td.transform(stored[2, 7:9, 3:4], ds, values=values, frames=2), whole[2, 7:9, 3:4])


def test_out_may_be_the_array_itself():
    stored = random_of("u1")
    ds = td.read(make(stored, WindowCenter=100, WindowWidth=50, PixelPaddingValue=int(stored[0, 0])))
    expected, padded = td.transform(stored, ds, values="voi", mask=True)
    array = stored.copy()
    result, mask = td.transform(array, ds, values="voi", mask=True, out=array)
    assert result is array
    np.testing.assert_array_equal(array, expected)
    np.testing.assert_array_equal(mask, padded)


def test_an_empty_choice_of_frames_gives_an_empty_array():
    stored = random_of("u2", (3, 4, 5))
    ds = td.read(make(stored))
    assert td.transform(stored[:0], ds, frames=[]).shape == (0, 4, 5)
    assert td.transform(stored[:0], ds, values="voi", frames=[], window=[(1, 2), (3, 4)]).shape == (0, 4, 5, 2)


@pytest.mark.parametrize(
    ("arguments", "options", "error"),
    [
        (lambda a, ds: ([[1]], ds), {}, TypeError),
        (lambda a, ds: (a.astype("c8"), ds), {}, TypeError),
        (lambda a, ds: (a, "ct.dcm"), {}, TypeError),
        (lambda a, ds: (a, ds), {"values": "stored"}, ValueError),
        (lambda a, ds: (a, ds), {"values": "hu"}, ValueError),
        (lambda a, ds: (a[0], ds), {}, ValueError),
        (lambda a, ds: (a, ds), {"dtype": "c8"}, TypeError),
        (lambda a, ds: (a, ds), {"dtype": "bool"}, TypeError),
        (lambda a, ds: (a, ds), {"dtype": "i8", "values": "voi"}, ValueError),
        (lambda a, ds: (a, ds), {"layout": "planes"}, ValueError),
        (lambda a, ds: (a, ds), {"mask": 1}, TypeError),
        (lambda a, ds: (a, ds), {"real_world": -1}, ValueError),
        (lambda a, ds: (a, ds), {"real_world": 0, "values": "voi"}, ValueError),
        (lambda a, ds: (a, ds), {"window": (40, 400)}, ValueError),
        (lambda a, ds: (a, ds), {"out": [1]}, TypeError),
        (lambda a, ds: (a, ds), {"report": ()}, TypeError),
        (lambda a, ds: (a, ds), {"workers": 0}, ValueError),
    ],
)
def test_misuse_is_refused(arguments, options, error):
    stored = random_of("u1", (4, 5))
    with pytest.raises(error):
        td.transform(*arguments(stored, td.read(make(stored))), **options)


# -- wrong attributes --------------------------------------------------------------------------------------


def wrong(stored, text_values):
    """Return a file with values pydicom would not write: {tag: text}."""
    from pydicom.config import disable_value_validation

    with disable_value_validation():
        ds_bytes = make(stored)
        import io

        import pydicom

        ds = pydicom.dcmread(io.BytesIO(ds_bytes))
        for tag, (vr, value) in text_values.items():
            ds.add(pydicom.DataElement(tag, vr, value, already_converted=True))
        buffer = io.BytesIO()
        pydicom.dcmwrite(buffer, ds)
    return buffer.getvalue()


SLOPE, INTERCEPT, CENTER, WIDTH = 0x00281053, 0x00281052, 0x00281050, 0x00281051


@pytest.mark.parametrize(
    ("attributes", "quirk", "values"),
    [
        ({"RescaleSlope": 0, "RescaleIntercept": 7}, "rescale_slope_zero", lambda s: s),
        ({"RescaleSlope": 3}, "rescale_incomplete", lambda s: s),
        ({"RescaleIntercept": 3}, "rescale_incomplete", lambda s: s),
        ({"RescaleSlope": None, "RescaleIntercept": None}, None, lambda s: s),
        ({"ModalityLUTSequence": Sequence([reference.item(LUTExplanation="x")])}, "modality_lut_empty", lambda s: s),
        ({"ModalityLUTSequence": Sequence([])}, None, lambda s: s),
    ],
)
def test_rules_for_the_modality_stage(attributes, quirk, values):
    stored = random_of("u1")
    result, quirks = transformed(stored, make(stored, **attributes))
    np.testing.assert_array_equal(result, values(stored))
    assert quirks == ([quirk] if quirk else [])


@pytest.mark.parametrize(
    ("attributes", "found", "fractions"),
    [
        ({"WindowCenter": 40, "WindowWidth": 0}, ["window_ignored", "no_voi"], lambda s: s / 255),
        ({"WindowCenter": 40, "WindowWidth": -9}, ["window_ignored", "no_voi"], lambda s: s / 255),
        ({"WindowCenter": 40, "WindowWidth": 0.5}, ["window_width_below_1"], lambda s: windowed(s, 40, 0.5, "linear_exact")),
        ({"WindowCenter": [40, 80], "WindowWidth": [0, 90]}, ["window_ignored"], lambda s: windowed(s, 80, 90)),
        ({"WindowCenter": [40, 80], "WindowWidth": 90}, ["window_count"], lambda s: windowed(s, 40, 90)),
        ({"WindowCenter": 40}, ["no_voi"], lambda s: s / 255),
        ({"WindowCenter": None, "WindowWidth": None}, ["no_voi"], lambda s: s / 255),
        ({"WindowCenter": 40, "WindowWidth": 90, "VOILUTFunction": "ROUND"}, ["voi_lut_function"], lambda s: windowed(s, 40, 90)),
        ({"WindowCenter": 40, "WindowWidth": 90, "VOILUTSequence": Sequence([])}, [], lambda s: windowed(s, 40, 90)),
        ({"WindowCenter": 40, "WindowWidth": 90, "VOILUTSequence": Sequence([reference.item(LUTExplanation="x")])},
         ["voi_lut_incomplete"], lambda s: windowed(s, 40, 90)),
    ],
)  # fmt: skip
def test_rules_for_the_voi_stage(attributes, found, fractions):
    stored = random_of("u1")
    result, quirks = transformed(stored, make(stored, **attributes), values="voi")
    np.testing.assert_array_equal(result, spread(fractions(stored), "u1"))
    assert quirks == found


@pytest.mark.parametrize(
    ("elements", "where"),
    [
        ({SLOPE: ("DS", "abc"), INTERCEPT: ("DS", "0")}, "(0028,1053)"),
        ({SLOPE: ("DS", "1e999"), INTERCEPT: ("DS", "0")}, "(0028,1053)"),
        ({SLOPE: ("DS", "nan"), INTERCEPT: ("DS", "0")}, "(0028,1053)"),
        ({SLOPE: ("DS", "1e308"), INTERCEPT: ("DS", "0")}, "(0028,1053)"),
        ({SLOPE: ("DS", "1\\2"), INTERCEPT: ("DS", "0")}, "(0028,1053)"),
        ({SLOPE: ("DS", "1"), INTERCEPT: ("DS", "-")}, "(0028,1052)"),
        ({CENTER: ("DS", "abc"), WIDTH: ("DS", "1")}, "(0028,1050)"),
        ({CENTER: ("DS", "40"), WIDTH: ("DS", "inf")}, "(0028,1051)"),
    ],
)
def test_numbers_that_are_none_are_errors_with_a_path(elements, where):
    stored = random_of("u1")
    with pytest.raises(td.ConformanceError) as caught:
        transformed(stored, wrong(stored, elements), values="voi")
    assert caught.value.where == where
    assert "abc" not in str(caught.value)


def test_an_error_in_a_functional_group_says_which_frame():
    stored = random_of("u1", (3, 4, 5))
    good = {"PixelValueTransformationSequence": reference.rescale_group(1, 2)}
    bad = {"PixelValueTransformationSequence": reference.rescale_group([1, 2], 2)}
    with pytest.raises(td.ConformanceError) as caught:
        transformed(stored, make(stored, **reference.groups(frames=[good, good, bad])))
    assert caught.value.where == "(5200,9230)[2].(0028,9145)[0].(0028,1053)"


def test_a_wrong_window_that_is_asked_for_is_an_error():
    stored = random_of("u1")
    with pytest.raises(td.ConformanceError) as caught:
        transformed(stored, make(stored, WindowCenter=[1, 2], WindowWidth=[5, 0]), values="voi", window=1)
    assert caught.value.where == "(0028,1051)"


@pytest.mark.parametrize("descriptor", [[0, 0], [4, 0, 7], [4, 0, 17], [4, 0, 0]])
def test_lut_descriptors_that_cannot_be_are_errors(descriptor):
    stored = random_of("u1")
    lut = reference.lut_item(0, [1, 2, 3, 4])
    lut.add_new(0x00283002, "US", descriptor)
    for keyword in ("ModalityLUTSequence", "VOILUTSequence", "PresentationLUTSequence"):
        with pytest.raises(td.ConformanceError) as caught:
            transformed(stored, make(stored, **{keyword: Sequence([lut])}), values="presentation")
        assert "(0028,3002)" in caught.value.where or "(0028,3006)" in caught.value.where


def test_a_lut_without_data_is_an_error_and_a_short_one_a_quirk():
    stored = np.arange(10, dtype="u1").reshape(2, 5)
    lut = reference.lut_item(0, [10, 20, 30])
    lut.add_new(0x00283002, "US", [8, 0, 16])
    result, quirks = transformed(stored, make(stored, ModalityLUTSequence=Sequence([lut])))
    np.testing.assert_array_equal(result, reference.looked_up(stored, 0, [10, 20, 30]))
    assert quirks == ["lut_too_short"]
    del lut[0x00283006]
    with pytest.raises(td.ConformanceError) as caught:
        transformed(stored, make(stored, ModalityLUTSequence=Sequence([lut])))
    assert caught.value.where == "(0028,3000)[0].(0028,3006)"


def test_palettes_that_cannot_be_are_errors():
    stored = random_of("u1")
    with pytest.raises(td.ConformanceError):
        transformed(stored, make(stored, photometric="PALETTE COLOR"), values="presentation")
    made = reference.palette(0, np.ones((3, 4)), 8)
    made["BluePaletteColorLookupTableDescriptor"] = [4, 1, 8]
    with pytest.raises(td.ConformanceError, match="differ"):
        transformed(stored, make(stored, photometric="PALETTE COLOR", **made), values="presentation")
    del made["GreenPaletteColorLookupTableData"]
    with pytest.raises(td.ConformanceError):
        transformed(stored, make(stored, photometric="PALETTE COLOR", **made), values="presentation")


def test_palettes_of_unequal_lengths_are_a_quirk():
    stored = np.arange(4, dtype="u1").reshape(1, 4)
    made = reference.palette(0, [[1, 2, 3, 4], [5, 6], [7, 8, 9, 10]], 8)
    result, quirks = transformed(stored, make(stored, photometric="PALETTE COLOR", **made), values="presentation")
    np.testing.assert_array_equal(result[0, :, 1], [5, 6, 6, 6])
    assert quirks == ["palette_lengths"]


def test_a_padding_value_that_is_no_number_is_a_quirk():
    stored = random_of("u1")
    report = []
    ds = td.read(make(stored, PixelPaddingValue=[1, 2]))
    _, mask = td.transform(stored, ds, mask=True, report=report)
    assert not mask.any() and report[0].quirks == ["padding_ignored"]


NUMBERS = st.one_of(
    st.floats(), st.integers(-(10**12), 10**12), st.sampled_from(["", "abc", "1\\2", "1e400", " 5 ", "-0", "nan", "0x10", "\\", "\\\\3"]),
)  # fmt: skip
TERMS = st.sampled_from(["", "LINEAR", "linear_exact", "SIGMOID", "INVERSE", "LIN OD", "IDENTITY", "X" * 20, "SIGMOID\\LINEAR"])
WORDS = st.lists(st.integers(-32768, 65535), min_size=0, max_size=5)
ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        SLOPE: st.tuples(st.just("DS"), NUMBERS),
        INTERCEPT: st.tuples(st.just("DS"), NUMBERS),
        CENTER: st.tuples(st.just("DS"), NUMBERS),
        WIDTH: st.tuples(st.just("DS"), NUMBERS),
        0x00281056: st.tuples(st.just("CS"), TERMS),
        0x20500020: st.tuples(st.just("CS"), TERMS),
        0x00089205: st.tuples(st.just("CS"), st.sampled_from(["COLOR", "MONOCHROME", "MIXED"])),
        0x00280120: st.tuples(st.sampled_from(["US", "SS"]), WORDS),
        0x00280121: st.tuples(st.sampled_from(["US", "SS"]), WORDS),
        0x00280101: st.tuples(st.just("US"), WORDS),
        0x00280103: st.tuples(st.just("US"), WORDS),
        0x00281101: st.tuples(st.sampled_from(["US", "SS"]), WORDS),
        0x00281102: st.tuples(st.sampled_from(["US", "SS"]), WORDS),
        0x00281103: st.tuples(st.sampled_from(["US", "SS"]), WORDS),
        0x00281201: st.tuples(st.just("OW"), st.binary(max_size=40)),
        0x00281202: st.tuples(st.just("OW"), st.binary(max_size=40)),
        0x00281203: st.tuples(st.just("OW"), st.binary(max_size=40)),
        0x00281221: st.tuples(st.just("OW"), st.binary(max_size=40)),
        0x20100120: st.tuples(st.just("US"), WORDS),
        0x00283000: st.tuples(st.just("SQ"), st.lists(st.tuples(WORDS, st.binary(max_size=40)), max_size=2)),
        0x00283010: st.tuples(st.just("SQ"), st.lists(st.tuples(WORDS, st.binary(max_size=40)), max_size=3)),
        0x20500010: st.tuples(st.just("SQ"), st.lists(st.tuples(WORDS, st.binary(max_size=40)), max_size=1)),
    },
)


WINDOWS = [
    None, 0, 1, 5, (40, 400), td.Window.minmax(), td.Window.percentiles(1, 99), td.Window.histogram(0.1), td.Window.roi(0, 0, 2, 2),
]  # fmt: skip


def element(vr, value):
    """Return the bytes of a value, whatever it is."""
    if vr in ("US", "SS"):
        return b"".join((number & 0xFFFF).to_bytes(2, "little") for number in value)
    data = value if isinstance(value, bytes) else (value if isinstance(value, str) else repr(value)).encode()
    return data + b" " * (len(data) % 2)


def written(tag, vr, value):
    """Return an element in Explicit VR Little Endian."""
    head = (tag >> 16).to_bytes(2, "little") + (tag & 0xFFFF).to_bytes(2, "little") + vr.encode()
    if vr == "SQ":
        items = b""
        for words, data in value:
            body = written(0x00283002, "US", words) + written(0x00283006, "OW", data)
            items += b"\xfe\xff\x00\xe0" + len(body).to_bytes(4, "little") + body
        return head + b"\0\0" + len(items).to_bytes(4, "little") + items
    data = element(vr, value)
    length = len(data).to_bytes(2, "little") if vr not in ("OW", "OB") else b"\0\0" + len(data).to_bytes(4, "little")
    return head + length + data


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    attributes=ATTRIBUTES,
    photometric=st.sampled_from(["MONOCHROME1", "MONOCHROME2", "PALETTE COLOR"]),
    options=st.fixed_dictionaries(
        {"values": st.sampled_from(["modality", "voi", "presentation"])},
        optional={
            "dtype": st.sampled_from([*INTEGERS, *FLOATS, "i8", "u8"]),
            "fill": st.sampled_from([0, 1.5, -1, float("nan")]),
            "mask": st.just(True),
            "workers": st.just(1),
        },
    ),
    window=st.sampled_from(WINDOWS),
)
def test_hostile_attributes_end_in_values_or_a_typed_error(attributes, photometric, options, window):
    stored = np.arange(24, dtype="u2").reshape(4, 6)
    base = {0x00280002: ("US", [1]), 0x00280004: ("CS", photometric), 0x00280010: ("US", [4]), 0x00280011: ("US", [6]),
            0x00280100: ("US", [16]), 0x00280101: ("US", [16]), 0x00280102: ("US", [15]), 0x00280103: ("US", [0])}  # fmt: skip
    elements = base | attributes
    file = bytes(128) + b"DICM" + written(0x00020010, "UI", b"1.2.840.10008.1.2.1\0")
    file += b"".join(written(tag, *elements[tag]) for tag in sorted(elements))
    if options["values"] != "modality":
        options = {**options, "window": window}
    try:
        result = td.transform(stored, td.read(file), **options)
    except (td.Error, ValueError, IndexError) as error:
        assert type(error) is not UnicodeDecodeError
        return
    result = result[0] if options.get("mask") else result
    assert result.shape[:2] == (4, 6)


# -- the same memory in and out --------------------------------------------------------------------------


def test_out_may_be_the_array_itself_but_not_overlap_it_otherwise():
    stored = random_of("u2", bits=12)
    ds = td.read(make(stored, bits_stored=12, RescaleSlope=2, RescaleIntercept=1))
    expected = td.transform(stored, ds, dtype="u2")
    for wrong in (stored[::-1], stored[:, ::-1]):
        with pytest.raises(ValueError, match="share no memory"):
            td.transform(stored, ds, out=wrong)
    both = np.zeros((9, 22), "u2")
    both[:, ::2] = stored
    np.testing.assert_array_equal(td.transform(both[:, ::2], ds, out=both[:, 1::2]), expected)
    assert td.transform(stored, ds, out=stored) is stored
    np.testing.assert_array_equal(stored, expected)


def test_a_value_that_does_not_fit_in_place_is_a_clear_error():
    stored = np.full((3, 4), 40000, "u2")
    ds = td.read(make(stored, RescaleSlope=2, RescaleIntercept=0))
    with pytest.raises(ValueError, match="does not fit dtype uint16"):
        td.transform(stored, ds, out=stored)
