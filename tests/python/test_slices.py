# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""_core.read_slices: what it makes of the headers of a series is what the Datasets say; where it is in doubt it makes nothing."""

import itertools
import os
import struct
import sys
from pathlib import Path

import numpy as np
import pytest
import turbodicom as td
from pydicom import uid
from pydicom.tag import Tag
from turbodicom import _core
from turbodicom._dataset import Dataset
from turbodicom._volume_sources import _TAGS

sys.path.insert(0, str(Path(__file__).parent))

import volume_files as made

DS, IS, UI, LO, CS = "DS", "IS", "UI", "LO", "CS"
TAGS = {
    "ImagePositionPatient": DS, "ImageOrientationPatient": DS, "PixelSpacing": DS, "ImagerPixelSpacing": DS,
    "RescaleSlope": DS, "RescaleIntercept": DS, "SpacingBetweenSlices": DS, "SliceThickness": DS, "InstanceNumber": IS,
    "SeriesInstanceUID": UI, "FrameOfReferenceUID": UI, "RescaleType": LO, "Units": CS, "ImageType": CS,
}  # fmt: skip
COUNTS = {"ImagePositionPatient": 3, "ImageOrientationPatient": 6, "PixelSpacing": 2, "ImagerPixelSpacing": 2}

# What may stand in an element that a volume looks at, and still be plain to read.
PLAIN = [
    {}, {"ImagePositionPatient": b" 1.5 \\-2.25e1\\+3 "}, {"ImagePositionPatient": b"1\\2\\3\0"},
    {"ImageOrientationPatient": b"0.99999999999999\\0\\0\\0\\1.00000000000001\\-0"}, {"PixelSpacing": b"7.5E-1\\.5"},
    {"PixelSpacing": None, "ImagerPixelSpacing": b"0.25\\0.5 "}, {"PixelSpacing": b"", "ImagerPixelSpacing": b"0.25\\0.5 "},
    {"InstanceNumber": b" 12 "}, {"InstanceNumber": b"-3"}, {"InstanceNumber": b"+7"}, {"InstanceNumber": b""},
    {"InstanceNumber": None}, {"RescaleSlope": None, "RescaleIntercept": None}, {"RescaleSlope": b"1.0000000000001 "},
    {"RescaleIntercept": b""}, {"RescaleType": None}, {"RescaleType": b""}, {"RescaleType": b"OD "}, {"Units": b"BQML"},
    {"FrameOfReferenceUID": None}, {"FrameOfReferenceUID": b""}, {"SeriesInstanceUID": b"1.2.3\0"},
    {"SliceThickness": b"0 "}, {"SliceThickness": b"-2"}, {"SpacingBetweenSlices": b"2.5 "}, {"SpacingBetweenSlices": b"0 "},
    {"SpacingBetweenSlices": b"", "SliceThickness": None}, {"ImageType": b"ORIGINAL\\PRIMARY\\M "},
]  # fmt: skip
# What others have to judge.
ODD = [
    {"ImagePositionPatient": None}, {"ImagePositionPatient": b""}, {"ImagePositionPatient": b"1\\2 "},
    {"ImagePositionPatient": b"1\\2\\3\\4 "}, {"ImagePositionPatient": b"1\\x\\3 "}, {"ImagePositionPatient": b"1\\nan\\3 "},
    {"ImagePositionPatient": b"1\\1e999\\3"}, {"ImagePositionPatient": b"1\\\\3"}, {"ImagePositionPatient": b"   "},
    {"ImageOrientationPatient": None}, {"ImageOrientationPatient": b"1\\0\\0\\0\\1 "}, {"PixelSpacing": None},
    {"PixelSpacing": b"0.5 "}, {"InstanceNumber": b"1.0 "}, {"InstanceNumber": b"1\\2 "}, {"InstanceNumber": b"one "},
    {"InstanceNumber": b"12345678901234"}, {"InstanceNumber": b"  "}, {"RescaleSlope": b"1\\2 "}, {"RescaleSlope": b" "},
    {"RescaleIntercept": b"inf "}, {"RescaleType": b"A\\B "}, {"RescaleType": b"\xe4 "}, {"RescaleType": b"\x1b$B"},
    {"Units": b" BQML "}, {"SeriesInstanceUID": b"1.2\\1.3"}, {"SeriesInstanceUID": b" 1.2"},
    {"SliceThickness": b"1\\2 "}, {"ImageType": b"ORIGINAL\\PRIMARY\\MOSAIC"},
]  # fmt: skip


LEGAL = {DS: "1", IS: "1", UI: "1.2", LO: "A", CS: "A"}


def written(folder, changes, syntax=uid.ExplicitVRLittleEndian):
    """Write two slices, the second with bytes of our own as values of some elements; return the paths."""
    slices = [made.slice_of(k + 1, place, syntax=syntax) for k, place in enumerate(made.positions(2))]
    for name, value in changes.items():
        slices[1].pop(name, None)
        if value is not None:
            setattr(slices[1], name, LEGAL[TAGS[name]])
    paths = made.write(folder, slices)
    content = Path(paths[1]).read_bytes()
    for name, value in changes.items():
        if value is not None:
            content = replaced(content, name, value, syntax == uid.ImplicitVRLittleEndian)
    Path(paths[1]).write_bytes(content)
    return paths


def with_empty(path, name, vr):
    """Put an empty element of another VR in the place of one, in explicit VR."""
    tag, content = Tag(name), Path(path).read_bytes()
    begin = content.index(struct.pack("<HH", tag.group, tag.element) + TAGS[name].encode())
    length = struct.unpack_from("<H", content, begin + 6)[0]
    head = vr.encode() + (b"\0" * 6 if vr in ("OB", "SQ", "UN") else b"\0\0")
    Path(path).write_bytes(content[: begin + 4] + head + content[begin + 8 + length :])


def replaced(content, name, value, is_implicit):
    """Return the bytes of a file with other bytes as the value of an element."""
    tag, legal = Tag(name), LEGAL[TAGS[name]].encode()
    legal += (b"\0" if TAGS[name] == UI else b" ") * (len(legal) % 2)

    def element(value):
        head = struct.pack("<HH", tag.group, tag.element)
        if is_implicit:
            return head + struct.pack("<L", len(value)) + value
        return head + TAGS[name].encode() + struct.pack("<H", len(value)) + value

    assert content.count(element(legal)) == 1
    return content.replace(element(legal), element(value))


def read_slices(paths, keeps_headers=False, workers=2, settings=None):
    return _core.read_slices(Dataset, paths, settings, workers, keeps_headers)


def said(dataset, name):
    """Return a value of a Dataset as read_slices gives it."""
    value = dataset.get(name)
    return tuple(value) if isinstance(value, list) else value


def spacing_of(dataset):
    return said(dataset, "PixelSpacing") or said(dataset, "ImagerPixelSpacing")


def assert_said_by_datasets(found, paths):
    datasets = [td.read(path) for path in paths]
    _, readers, positions, orientations, spacings, numbers, series, references, slopes, intercepts, kinds, units, step = found
    np.testing.assert_array_equal(positions, [said(ds, "ImagePositionPatient") for ds in datasets])
    np.testing.assert_array_equal(orientations, [said(ds, "ImageOrientationPatient") for ds in datasets])
    np.testing.assert_array_equal(spacings, [spacing_of(ds) for ds in datasets])
    columns = {
        "InstanceNumber": numbers, "SeriesInstanceUID": series, "FrameOfReferenceUID": references, "RescaleSlope": slopes,
        "RescaleIntercept": intercepts, "RescaleType": kinds, "Units": units,
    }  # fmt: skip
    for name, column in columns.items():
        expected = [said(ds, name) for ds in datasets]
        assert column == expected and list(map(type, column)) == list(map(type, expected)), name
    lengths = [ds.get(name) for ds in datasets for name in ("SpacingBetweenSlices", "SliceThickness")]
    assert step == next((abs(length) for length in lengths if length), None)
    assert [reader.number_of_frames for reader in readers] == [1] * len(paths)


@pytest.mark.parametrize("syntax", [uid.ExplicitVRLittleEndian, uid.ImplicitVRLittleEndian], ids=["explicit", "implicit"])
@pytest.mark.parametrize("changes", PLAIN, ids=str)
@pytest.mark.filterwarnings("ignore:volume:UserWarning")
def test_plain_headers_say_what_their_datasets_say(tmp_path, changes, syntax):
    paths = written(tmp_path, changes, syntax)
    found = read_slices(paths)
    assert found is not None
    assert_said_by_datasets(found, paths)
    volume, other = td.volume(paths), td.volume([td.read(path) for path in paths])
    assert_same_volume(volume, other)


def assert_same_volume(volume, other):
    np.testing.assert_array_equal(volume.array, other.array)
    np.testing.assert_array_equal(volume.affine, other.affine)
    assert volume.report == other.report and volume.slices == other.slices and volume.files == other.files


@pytest.mark.parametrize("syntax", [uid.ExplicitVRLittleEndian, uid.ImplicitVRLittleEndian], ids=["explicit", "implicit"])
@pytest.mark.parametrize("changes", ODD, ids=str)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_whatever_is_odd_is_left_to_others(tmp_path, changes, syntax):
    paths = written(tmp_path, changes, syntax)
    assert read_slices(paths) is None
    outcomes = []
    for sources in (paths, [td.read(path) for path in paths]):
        try:
            outcomes.append(td.volume(sources))
        except (td.Error, ValueError) as error:
            outcomes.append(str(error))
    if isinstance(outcomes[0], str):
        assert outcomes[0] == outcomes[1]
    else:
        assert_same_volume(*outcomes)


@pytest.mark.filterwarnings("ignore:volume:UserWarning")
@pytest.mark.parametrize("vr", ["OB", "SQ", "UN", "LT", "US", "FD"])
@pytest.mark.parametrize("name", ["FrameOfReferenceUID", "SeriesInstanceUID", "RescaleSlope", "RescaleType", "InstanceNumber", "SliceThickness"])
def test_empty_elements_of_another_vr_are_left_to_others(tmp_path, name, vr):
    paths = made.series(tmp_path, made.positions(3))
    with_empty(paths[1], name, vr)
    assert read_slices(paths) is None
    assert_same_volume(td.volume(paths), td.volume([td.read(path) for path in paths]))


def test_an_image_type_that_is_no_code_string_is_left_to_others(tmp_path):
    paths = made.series(tmp_path, made.positions(2), ImageType="A")
    assert read_slices(paths) is not None
    with_empty(paths[1], "ImageType", "LO")
    assert read_slices(paths) is None


def test_minus_zero_is_not_zero(tmp_path):
    paths = made.series(tmp_path, made.positions(2), RescaleIntercept=lambda number: "0" if number == 1 else "-0")
    assert list(map(str, read_slices(paths)[9])) == ["0.0", "-0.0"]


def test_any_value_is_the_datasets_or_left_to_others(tmp_path):
    """Values put together at random from what numbers and texts are made of."""
    rng = np.random.default_rng(11)
    parts = [b"", b" ", b"\0", b"\\", b"-", b"+", b".", b"e", b"E2", b"0", b"1", b"17", b"_", b"nan", b"1.2.3", b"\t", b"\xe4"]
    taken = 0
    for k in range(400):
        name = list(TAGS)[k % len(TAGS)]
        count = COUNTS.get(name, 1)
        values = [b"".join(rng.choice(parts, rng.integers(1, 4))) for _ in range(count)]
        text = b"\\".join(values)
        paths = written(tmp_path, {name: text + b" " * (len(text) % 2)})
        found = read_slices(paths)
        if found is not None:
            taken += 1
            assert_said_by_datasets(found, paths)
    assert 40 < taken < 360


@pytest.mark.parametrize(
    "attributes",
    [
        {"SharedFunctionalGroupsSequence": made.group(PixelSpacing=[1, 1])},
        {"PerFrameFunctionalGroupsSequence": []},
        {"ModalityLUTSequence": made.group(ModalityLUTType="US")},
        {"Rows": None},
        {"PixelData": None},
        {"BitsAllocated": 17},
    ],
    ids=lambda attributes: next(iter(attributes)),
)
def test_there_is_more_to_know_of_an_image(tmp_path, attributes):
    good = made.slice_of(1, made.START)
    assert read_slices(made.write(tmp_path, [good, made.slice_of(2, made.START, **attributes)])) is None


def test_several_frames_and_deflated_ones_are_left_to_others(tmp_path):
    good = made.slice_of(1, made.START)
    several = made.slice_of(2, made.START)
    made.set_pixels(several, np.zeros((2, 8, 6), "<i2"), frames=True)
    deflated = made.slice_of(2, made.START, syntax=uid.DeflatedExplicitVRLittleEndian)
    for name, other in (("several", several), ("deflated", deflated)):
        assert read_slices(made.write(tmp_path / name, [good, other])) is None


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_sources_that_cannot_be_read_are_left_to_others(tmp_path, workers):
    paths = made.series(tmp_path / "good", made.positions(9))
    (tmp_path / "text").write_text("no DICOM at all")
    os.mkfifo(tmp_path / "pipe")
    bad = [str(tmp_path / name) for name in ("text", "pipe", "nowhere")] + ["nul\0inside", str(tmp_path)]
    for place, one in itertools.product((0, 4, 9), bad):
        assert read_slices([*paths[:place], one, *paths[place:]], workers=workers) is None
    assert read_slices([]) is None
    assert len(read_slices(paths, workers=workers)[1]) == 9


def test_limits_are_left_to_others(tmp_path):
    paths = made.series(tmp_path, made.positions(3))
    for limits in (td.Limits(elements=3), td.Limits(pixels_per_frame=10)):
        assert read_slices(paths, settings=(False, limits, None, None)) is None
        with pytest.raises(td.LimitExceededError):
            td.volume(paths, limits=limits)


def test_headers_are_kept_where_somebody_looks_at_them(tmp_path):
    paths = made.series(tmp_path, made.positions(3))
    assert read_slices(paths)[0] == [None] * 3
    limits = td.Limits(elements=1000)
    datasets = read_slices(paths, keeps_headers=True, settings=(False, limits, None, None))[0]
    for path, dataset, number in zip(paths, datasets, (1, 2, 3), strict=True):
        assert type(dataset) is Dataset and dataset.path == path and str(dataset) == str(td.read(path))
        np.testing.assert_array_equal(dataset.pixels(), made.pixels_of(number))
        assert dataset._settings[1] is limits


def test_neighbours_share_what_they_have_in_common(tmp_path):
    *_, series, references, slopes, _, kinds, _, _ = read_slices(made.series(tmp_path, made.positions(5)))
    for column in (series, references, slopes, kinds):
        assert len(set(map(id, column))) == 1


def test_the_tags_are_those_of_the_general_way():
    looked_at = {int(Tag(name)) for name in TAGS if name != "ImageType"}
    assert looked_at | {0x00283000, 0x52009229, 0x52009230} == set(_TAGS)


@pytest.mark.parametrize("keywords", [{}, {"values": "modality"}, {"dtype": "float64"}, {"roi": (1, 2, 3, 4)}, {"mask": True}], ids=str)
def test_paths_and_datasets_make_the_same_volume(tmp_path, keywords):
    slopes = {"RescaleSlope": lambda number: 1 + number % 3, "PixelPaddingValue": 5}
    paths = made.series(tmp_path, made.positions(12, orientation=made.oblique()), made.oblique(), **slopes)
    paths = [paths[k] for k in np.random.default_rng(0).permutation(12)]
    volume, other = td.volume(paths, **keywords), td.volume([td.read(path) for path in paths], **keywords)
    assert_same_volume(volume, other)
    assert [finding.code for finding in volume.report] == ["varying_rescale"]
    if keywords.get("mask"):
        np.testing.assert_array_equal(volume.mask, other.mask)


@pytest.mark.filterwarnings("ignore:volume:UserWarning")
def test_a_slice_with_an_orientation_that_is_none_is_left_out_whole(tmp_path):
    turned = {"ImageOrientationPatient": lambda number: made.text(made.AXIAL[: 5 if number == 2 else 6])}
    paths = made.series(tmp_path, made.positions(4), **turned)
    with pytest.raises(td.ConformanceError, match="5 numbers, expected 6"):
        td.volume(paths)
    volume = td.volume(paths, on_error="report")
    assert volume.files == [paths[0], *paths[2:]]
    assert [place.position for place in volume.slices] == [tuple(place) for place in np.delete(made.positions(4), 1, axis=0)]
    np.testing.assert_array_equal(volume.array, [made.pixels_of(k) for k in (1, 3, 4)])


def outcome_of(sources):
    """Return what a volume is, or what it says."""
    try:
        return td.volume(sources)
    except (td.Error, OSError) as error:
        return type(error), str(error), getattr(error, "offset", None)


@pytest.mark.parametrize("syntax", [uid.ExplicitVRLittleEndian, uid.RLELossless], ids=["native", "rle"])
@pytest.mark.filterwarnings("ignore:volume:UserWarning")
def test_a_file_cut_anywhere_is_what_the_general_way_makes_of_it(tmp_path, monkeypatch, syntax):
    paths = made.series(tmp_path, made.positions(2), syntax=syntax)
    whole, regular = Path(paths[1]).read_bytes(), _core.read_slices
    volumes = 0
    for length in range(len(whole)):
        Path(paths[1]).write_bytes(whole[:length])
        found = outcome_of(paths)
        monkeypatch.setattr(_core, "read_slices", lambda *_: None)
        expected = outcome_of(paths)
        monkeypatch.setattr(_core, "read_slices", regular)
        if isinstance(expected, tuple):
            assert found == expected, length
        else:
            volumes += 1
            assert_same_volume(found, expected)
    assert volumes < len(whole) / 4
