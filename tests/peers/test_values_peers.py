# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Values of every stage against pydicom, and against highdicom where functional groups decide.

Both are given the stored values turbodicom decodes, so that only the stages are compared; equality is within the
rounding of doubles. What a peer refuses, or what it does otherwise by a rule of ours, is listed here with its reason.
"""

import csv
import io
import sys
import warnings
from pathlib import Path

import numpy as np
import pydicom
import pytest
import turbodicom as td
from pydicom.pixels.processing import (
    apply_color_lut,
    apply_modality_lut,
    apply_presentation_lut,
    apply_voi_lut,
)
from pydicom.sequence import Sequence

sys.path.insert(0, str(Path(__file__).parents[1] / "python"))

import values_reference as reference

RANDOM = np.random.default_rng(20261122)
MOST_SAMPLES = 1 << 23  # larger files are compared on their first frame
TRANSFORMS = ("PixelValueTransformationSequence", "FrameVOILUTSequence")


def data_sets(corpus):
    """Yield (name, our Dataset, pydicom's, stored values, frames) for every file with pixels: both must read them all."""
    pytest.importorskip("imagecodecs", reason="JPEG-LS, JPEG 2000 and JPEG XL need imagecodecs, the extra `codecs`")
    with open(corpus / "manifest.csv", newline="") as text:
        rows = [row for row in csv.DictReader(text) if row["kind"] == "dicom"]
    for name in [row["file"] for row in rows if row["expect"] != "parse"]:  # those have no pixels, or damaged ones
        ours = td.read(corpus / name)
        samples = ours.get("Rows", 0) * ours.get("Columns", 0) * len(ours.frames) * ours.get("SamplesPerPixel", 1)
        frames = None if samples <= MOST_SAMPLES else 0
        stored = quiet(lambda ours=ours, frames=frames: ours.pixels(frames=frames))
        yield name, ours, quiet(read_by_pydicom, corpus / name), stored, frames


def read_by_pydicom(path):
    return pydicom.dcmread(path, force=True, defer_size=1 << 16)


def is_touched_by_groups(ds):
    groups = [*ds.get("SharedFunctionalGroupsSequence", [])[:1], *ds.get("PerFrameFunctionalGroupsSequence", [])[:1]]
    return any(keyword in group for group in groups for keyword in TRANSFORMS)


def without_empty_attributes(ds):
    """Remove what is there but empty: pydicom takes it for a value and raises TypeError."""
    if ds.get("RescaleSlope", 1) is None:
        del ds.RescaleSlope
    if ds.get("ModalityLUTSequence") and ds.ModalityLUTSequence[0].get("LUTDescriptor") is None:
        del ds.ModalityLUTSequence


def quiet(function, *arguments):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*arguments)


def output_range(ds):
    """The range pydicom's apply_windowing spreads a window over."""
    if ds.get("ModalityLUTSequence"):
        low, high = 0, 2 ** ds.ModalityLUTSequence[0].LUTDescriptor[2] - 1
    elif ds.PixelRepresentation == 0:
        low, high = 0, 2**ds.BitsStored - 1
    else:
        low, high = -(2 ** (ds.BitsStored - 1)), 2 ** (ds.BitsStored - 1) - 1
    if ds.get("RescaleSlope") is not None and ds.get("RescaleIntercept") is not None:
        low, high = (end * ds.RescaleSlope + ds.RescaleIntercept for end in (low, high))
    return low, high


def fractions(ds, values):
    """What pydicom's apply_voi_lut gives, from 0 to 1; None where the file has neither LUT nor window."""
    luts = ds.get("VOILUTSequence")
    if luts and luts[0].get("LUTData") is not None:
        return quiet(apply_voi_lut, values, ds) / (2 ** luts[0].LUTDescriptor[2] - 1)
    if ds.get("WindowCenter") is None or ds.get("WindowWidth") is None:
        return None
    low, high = output_range(ds)
    return (quiet(apply_voi_lut, values, ds) - low) / (high - low)


def test_modality_equals_pydicoms_on_every_file(corpus):
    compared = different = 0
    for name, ours, theirs, stored, frames in data_sets(corpus):
        if ours.get("SamplesPerPixel", 1) != 1 or is_touched_by_groups(theirs):
            continue
        without_empty_attributes(theirs)
        expected = quiet(apply_modality_lut, stored, theirs)
        values = td.transform(stored, ours, dtype="f8", frames=frames)
        np.testing.assert_array_equal(values, expected, err_msg=name)
        default = td.transform(stored, ours, frames=frames)
        np.testing.assert_array_equal(default, expected.astype(default.dtype), err_msg=name)
        compared, different = compared + 1, different + (not np.array_equal(values, stored))
    assert compared > 250 and different > 40


def test_voi_equals_pydicoms_on_every_file(corpus):
    compared = 0
    for name, ours, theirs, stored, frames in data_sets(corpus):
        if not theirs.get("PhotometricInterpretation", "").startswith("MONOCHROME") or is_touched_by_groups(theirs):
            continue
        without_empty_attributes(theirs)
        expected = fractions(theirs, quiet(apply_modality_lut, stored, theirs))
        if expected is None:
            continue
        values = td.transform(stored, ours, values="voi", dtype="f8", frames=frames)
        np.testing.assert_allclose(values, expected, rtol=1e-9, atol=1e-9, err_msg=name)
        shown = td.transform(stored, ours, values="voi", frames=frames)
        assert np.abs(shown - expected * 255).max() <= 0.5 + 1e-6, name
        compared += 1
    assert compared > 150


def test_presentation_equals_pydicoms_on_every_file(corpus):
    compared = 0
    for name, ours, theirs, stored, frames in data_sets(corpus):
        if "PresentationLUTShape" not in theirs or not theirs.PhotometricInterpretation.startswith("MONOCHROME"):
            continue
        if is_touched_by_groups(theirs) or theirs.get("PixelPresentation") in ("COLOR", "MIXED"):
            continue
        shown = td.transform(stored, ours, values="voi", dtype="f8", frames=frames)
        whole = np.concatenate([[0.0, 1.0], shown.ravel()])  # pydicom inverts within the range it finds
        expected = quiet(apply_presentation_lut, whole, theirs)[2:].reshape(shown.shape)
        values = td.transform(stored, ours, values="presentation", dtype="f8", frames=frames)
        np.testing.assert_allclose(values, expected, rtol=1e-12, atol=1e-12, err_msg=name)
        compared += 1
    assert compared > 6


def test_palettes_equal_pydicoms_on_every_file(corpus):
    compared = 0
    for name, ours, theirs, stored, frames in data_sets(corpus):
        if theirs.get("PhotometricInterpretation") != "PALETTE COLOR":
            continue
        if ours.is_big_endian and "RedPaletteColorLookupTableData" in theirs:  # pydicom reads the words as little endian
            for colour in ("Red", "Green", "Blue"):
                element = theirs[f"{colour}PaletteColorLookupTableData"]
                element.value = np.frombuffer(element.value, ">u2").astype("<u2").tobytes()
        expected = quiet(apply_color_lut, stored, theirs)[..., :3]
        dtype = expected.dtype
        values = td.transform(stored, ours, values="presentation", dtype=dtype, frames=frames)
        np.testing.assert_array_equal(values, expected, err_msg=name)
        compared += 1
    assert compared > 11


# -- highdicom -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def highdicom():
    """Return highdicom; skips without it."""
    return pytest.importorskip("highdicom", reason="highdicom, the peer for functional groups, is not installed")


def frame_of(highdicom, ds, index, stage):
    """Return a frame as highdicom gives it, in double precision."""
    image = highdicom.image.Image.from_dataset(ds, copy=False)
    return image.get_frame(
        index + 1,
        dtype=np.float64,
        apply_real_world_transform=False,
        apply_modality_transform=True,
        apply_voi_transform=stage in ("voi", "presentation"),
        apply_presentation_lut=stage == "presentation",
        apply_palette_color_lut=False,
        apply_icc_profile=False,
    )


def compare_frames(highdicom, ours, theirs, frames, name=""):
    """Compare every stage of some frames, all of which highdicom must know; return how many comparisons there were."""
    compared = 0
    for index in frames:
        for stage in ("modality", "voi", "presentation"):
            expected = quiet(frame_of, highdicom, theirs, index, stage)
            values = ours.pixels(frames=index, dtype="f8", values=stage)
            np.testing.assert_allclose(values, expected, rtol=1e-9, atol=1e-9, err_msg=f"{name} {stage}")
            compared += 1
    return compared


def test_frames_of_real_enhanced_files_equal_highdicoms(corpus, highdicom):
    compared = {}
    for name, ours, theirs, _, _ in data_sets(corpus):
        if not is_touched_by_groups(theirs) or theirs.PhotometricInterpretation != "MONOCHROME2":
            continue
        if theirs.get("PixelPresentation") in ("COLOR", "MIXED") or "PixelRepresentation" not in theirs:
            continue  # supplemental palettes, which highdicom does not know; floating-point pixels, which it cannot read
        count = len(ours.frames)
        compared[name] = compare_frames(highdicom, ours, pydicom.dcmread(corpus / name), {0, count // 2, count - 1}, name)
    assert list(compared.values()) == [9, 9], compared  # two files, three stages of three frames


def enhanced(stored, frames, **attributes):
    """Return our Dataset and pydicom's of an enhanced multi-frame image."""
    uids = {"StudyInstanceUID": "1.2.3", "SeriesInstanceUID": "1.2.4", "SOPInstanceUID": "1.2.5", "FrameOfReferenceUID": "1.2.6"}
    file = reference.make(stored, sop_class=reference.ENHANCED_MR, **uids, **reference.groups(frames=frames), **attributes)
    return td.read(file), pydicom.dcmread(io.BytesIO(file))


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
@pytest.mark.parametrize("dtype", ["u2", "i2", "u1"])
def test_made_frames_with_their_own_rescale_and_window_equal_highdicoms(highdicom, dtype, function):
    room = np.iinfo(dtype)
    stored = RANDOM.integers(room.min, room.max, (4, 7, 9), endpoint=True).astype(dtype)
    frames = [
        {
            # highdicom scales a LINEAR window by the slope and then takes 1 off its width: right for slope 1 only
            "PixelValueTransformationSequence": reference.rescale_group(1 if function == "LINEAR" else 0.25 * (k + 1), 10 * k - 7.5),
            "FrameVOILUTSequence": reference.window_group(room.max / 8 + 3 * k, room.max / 5 + k, function),
        }
        for k in range(4)
    ]
    ours, theirs = enhanced(stored, frames)
    assert compare_frames(highdicom, ours, theirs, range(4)) == 12


def test_made_shared_groups_equal_highdicoms(highdicom):
    stored = RANDOM.integers(0, 4096, (2, 7, 9)).astype("u2")
    shared = {
        "PixelValueTransformationSequence": reference.rescale_group(1, -1000),
        "FrameVOILUTSequence": reference.window_group([40, 600], [400, 1200]),
    }
    uids = {"StudyInstanceUID": "1.2.3", "SeriesInstanceUID": "1.2.4"}
    made = reference.groups(shared=shared, frames=[{}, {}])
    file = reference.make(stored, bits_stored=12, sop_class=reference.ENHANCED_MR, **uids, **made)
    assert compare_frames(highdicom, td.read(file), pydicom.dcmread(io.BytesIO(file)), range(2)) == 6


@pytest.mark.parametrize("shape", ["IDENTITY", "INVERSE"])
def test_made_presentation_shapes_equal_highdicoms(highdicom, shape):
    stored = RANDOM.integers(0, 4096, (2, 7, 9)).astype("u2")
    frames = [{"FrameVOILUTSequence": reference.window_group(2000 + k, 999)} for k in range(2)]
    for frame in frames:
        frame["PixelValueTransformationSequence"] = reference.rescale_group(1, 0)
    ours, theirs = enhanced(stored, frames, bits_stored=12, PresentationLUTShape=shape)
    assert compare_frames(highdicom, ours, theirs, range(2)) == 6


def test_made_real_world_values_equal_highdicoms(highdicom):
    stored = RANDOM.integers(0, 256, (3, 7, 9)).astype("u1")
    lut = RANDOM.normal(size=256)
    mappings = [
        [reference.real_world(0.5 * (k + 1), -k, 0, 255, "linear"), reference.real_world(first=0, last=255, lut=lut + k, label="table")]
        for k in range(3)
    ]  # fmt: skip
    ours, theirs = enhanced(stored, [{"RealWorldValueMappingSequence": Sequence(items)} for items in mappings])
    image = highdicom.image.Image.from_dataset(theirs)
    for index in range(3):
        for choice in (0, 1, "table"):
            expected = image.get_frame(
                index + 1, dtype=np.float64, apply_real_world_transform=True, real_world_value_map_selector=choice
            )
            values = ours.pixels(values="modality", real_world=choice, frames=index, dtype="f8")
            np.testing.assert_allclose(values, expected, rtol=1e-12, atol=1e-12)
