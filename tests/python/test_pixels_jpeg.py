# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""JPEG frames through ds.pixels: values, who decides the colour, contradictions, damage, regions."""

import io

import numpy as np
import pydicom
import pytest
import turbodicom as td
from pydicom.encaps import encapsulate

BASELINE, EXTENDED, PROGRESSIVE, PROCESS_14, LOSSLESS = (
    f"1.2.840.10008.1.2.4.{n}" for n in (50, 51, 55, 57, 70)
)
jpeg = td.codecs.jpeg
RANDOM = np.random.default_rng(7)
GRAY = (np.add.outer(np.arange(40), np.arange(56)) * 2 + RANDOM.integers(0, 9, (40, 56))).astype(np.uint8)
COLOUR = np.stack([GRAY, GRAY[::-1], 255 - GRAY], axis=-1)
DEEP = GRAY.astype(np.uint16) * 16


def file_with(syntax, frames, array, **changes):
    """Return a DICOM file with these codestreams, described as `array` is."""
    ds, bits = pydicom.Dataset(), 8 * array.dtype.itemsize
    ds.Rows, ds.Columns = array.shape[:2]
    ds.SamplesPerPixel, ds.PhotometricInterpretation = (3, "RGB") if array.ndim == 3 else (1, "MONOCHROME2")
    ds.PlanarConfiguration, ds.NumberOfFrames = 0, len(frames)
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = bits, bits, bits - 1
    ds.PixelRepresentation = int(array.dtype.kind == "i")
    ds.SOPClassUID, ds.SOPInstanceUID = pydicom.uid.SecondaryCaptureImageStorage, "1.2.3.4"
    for keyword, value in changes.items():
        setattr(ds, keyword, value)
    ds.PixelData = encapsulate(frames)
    ds["PixelData"].VR, ds["PixelData"].is_undefined_length = "OB", True
    ds.file_meta = pydicom.dataset.FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, ds, enforce_file_format=True)
    return buffer.getvalue()


STREAMS = {
    "baseline": (BASELINE, GRAY, {"process": "baseline"}),
    "baseline 4:2:0": (BASELINE, COLOUR, {"process": "baseline", "subsampling": "4:2:0"}),
    "extended 12 bits": (EXTENDED, DEEP, {"process": "extended"}),
    "progressive": (PROGRESSIVE, COLOUR, {"process": "progressive"}),
    "lossless": (PROCESS_14, DEEP, {"predictor": 6}),
    "lossless colour": (LOSSLESS, COLOUR, {"restart_interval": "row"}),
}
EVERY_STREAM = pytest.mark.parametrize(("syntax", "array", "options"), STREAMS.values(), ids=STREAMS)


# Values.


@EVERY_STREAM
def test_the_codec_gives_the_values(syntax, array, options):
    stream, report = jpeg.encode(array, **options), []
    values = td.pixels(file_with(syntax, [stream], array), report=report)
    assert values.dtype == array.dtype
    assert np.array_equal(values, jpeg.decode(stream))
    assert report[0].decoder == "turbodicom jpeg"
    assert np.array_equal(td.pixels(file_with(syntax, [stream], array), color="coded"), jpeg.decode(stream, color="coded"))


@pytest.mark.parametrize("layout", ["interleaved", "planar"])
@EVERY_STREAM
def test_frames_layout_and_out_are_as_for_any_syntax(syntax, array, options, layout):
    frames = [jpeg.encode(array, **options), jpeg.encode(array[::-1], **options)]
    file = file_with(syntax, frames, array)
    expected = np.stack([jpeg.decode(frame) for frame in frames])
    if layout == "planar" and array.ndim == 3:
        expected = expected.transpose(0, 3, 1, 2)
    out = np.zeros((*expected.shape, 2), expected.dtype)[..., 0]
    for workers in (1, 2):
        assert td.pixels(file, layout=layout, out=out, workers=workers) is out
        assert np.array_equal(out, expected)
    assert np.array_equal(td.pixels(file, layout=layout, frames=1), expected[1])


@pytest.mark.parametrize("pixel_representation", [0, 1])
def test_unused_bits_are_taken_from_the_sign(pixel_representation):
    file = file_with(LOSSLESS, [jpeg.encode(DEEP | 0xF)], DEEP, BitsStored=12, HighBit=11, PixelRepresentation=pixel_representation)
    values = td.pixels(file)
    shifted = (DEEP | 0xF) << 4
    assert values.dtype == ("i2" if pixel_representation else "u2")
    assert np.array_equal(values, (shifted.view("i2") if pixel_representation else shifted) >> 4)


def test_a_narrow_codestream_comes_in_the_container_of_the_data_set():
    values = td.pixels(file_with(LOSSLESS, [jpeg.encode(GRAY)], DEEP, BitsStored=8, HighBit=7))
    assert values.dtype == np.uint16
    assert np.array_equal(values, GRAY)


@EVERY_STREAM
def test_a_region_is_a_crop(syntax, array, options):
    file = file_with(syntax, [jpeg.encode(array, **options)], array)
    assert np.array_equal(td.pixels(file, roi=(5, 9, 30, 33)), td.pixels(file)[5:35, 9:42])


@pytest.mark.parametrize("name", [name for name in STREAMS if "lossless" not in name])
def test_reduced_frames_are_the_codecs(name):
    syntax, array, options = STREAMS[name]
    stream = jpeg.encode(array, **options)
    file = file_with(syntax, [stream], array)
    assert np.array_equal(td.pixels(file, reduce=2), jpeg.decode(stream, reduce=2))
    assert np.array_equal(td.pixels(file, reduce=1, roi=(8, 6, 20, 31)), jpeg.decode(stream, reduce=1, roi=(8, 6, 20, 31)))


# Who decides the colour.


def with_segment(stream, marker, body):
    """Insert a marker segment behind SOI."""
    return stream[:2] + bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body + stream[2:]


def bare(**options):
    """Return a colour codestream without application segments, its components numbered 1, 2, 3."""
    stream = jpeg.encode(COLOUR, process="baseline", **options)
    while 0xE0 <= stream[3] <= 0xEF:
        stream = stream[:2] + stream[4 + int.from_bytes(stream[4:6], "big") :]
    return with_component_ids(stream, b"\1\2\3")


def with_component_ids(stream, ids):
    data = bytearray(stream)
    frame, scan = data.index(b"\xff\xc0"), data.index(b"\xff\xda")
    for k, new in enumerate(ids):
        data[frame + 10 + 3 * k] = new
        data[scan + 5 + 2 * k] = new
    return bytes(data)


def adobe(transform):
    return b"Adobe\0\x64\0\0\0\0" + bytes([transform])


JFIF = b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
BARE, SUBSAMPLED = bare(), bare(subsampling="4:2:0")
# Codestream, Photometric Interpretation, whether the samples are YCbCr, the quirk.
COLOUR_CASES = {
    "the data set decides": (BARE, "RGB", False, None),
    "also for YBR": (BARE, "YBR_FULL", True, None),
    "APP14 with transform 0 says RGB": (with_segment(BARE, 0xEE, adobe(0)), "YBR_FULL", False, "app14"),
    "APP14 with transform 1 says YCbCr": (with_segment(BARE, 0xEE, adobe(1)), "RGB", True, "app14"),
    "a short APP14 is not valid": (with_segment(BARE, 0xEE, adobe(1)[:-1]), "RGB", False, None),
    "APP14 beats the component ids": (
        with_segment(with_component_ids(BARE, b"RGB"), 0xEE, adobe(1)),
        "YBR_FULL",
        True,
        None,
    ),
    "component ids R G B say RGB": (with_component_ids(BARE, b"RGB"), "YBR_FULL", False, "component_ids"),
    "JFIF says YCbCr": (with_segment(BARE, 0xE0, JFIF), "RGB", True, "jfif"),
    "subsampled chroma is not RGB": (SUBSAMPLED, "RGB", True, "subsampled_chroma"),
}


@pytest.mark.parametrize(("stream", "declared", "is_ycc", "quirk"), COLOUR_CASES.values(), ids=COLOUR_CASES)
def test_who_decides_the_colour(stream, declared, is_ycc, quirk):
    file, report = file_with(BASELINE, [stream], COLOUR, PhotometricInterpretation=declared), []
    values = td.pixels(file, report=report)
    coded = jpeg.decode(stream, color="coded")
    as_ycc = jpeg.decode(with_segment(bare() if stream is not SUBSAMPLED else stream, 0xEE, adobe(1)))
    assert np.array_equal(values, as_ycc if is_ycc else coded)
    assert [name.endswith(quirk or "?") for name in report[0].quirks] == [True] * bool(quirk)
    assert np.array_equal(td.pixels(file, color="coded"), coded)


# Header against data set.


@EVERY_STREAM
@pytest.mark.parametrize(
    "changes",
    [{"Rows": 41}, {"Columns": 55}, {"Rows": 40_000, "Columns": 40_000}, {"SamplesPerPixel": 2}],
    ids=str,
)
def test_another_size_than_the_data_sets_is_refused(syntax, array, options, changes):
    with pytest.raises((td.ConformanceError, td.TruncatedDataError, td.UnsupportedError)):
        td.pixels(file_with(syntax, [jpeg.encode(array, **options)], array, **changes))


def test_a_process_of_another_transfer_syntax_is_read_and_reported():
    report = []
    values = td.pixels(file_with(LOSSLESS, [jpeg.encode(GRAY, process="baseline")], GRAY), report=report)
    assert np.abs(values.astype(int) - GRAY).max() < 20
    assert report[0].quirks == ["process_differs_from_transfer_syntax"]


@pytest.mark.parametrize(("marker", "name"), [(0xC9, "arithmetic"), (0xC5, "hierarchical")])
def test_unsupported_processes_are_refused_by_name(marker, name):
    stream = jpeg.encode(GRAY, process="baseline").replace(b"\xff\xc0", bytes([0xFF, marker]))
    with pytest.raises(td.UnsupportedError, match=name):
        td.pixels(file_with(BASELINE, [stream], GRAY))


# Damage.


@pytest.mark.parametrize("bad", [0, 1])
@EVERY_STREAM
def test_a_truncated_frame_is_reported_and_the_others_are_whole(syntax, array, options, bad):
    stream, report = jpeg.encode(array, **options), []
    frames = [stream, stream]
    frames[bad] = stream[: len(stream) * 3 // 4]
    file = file_with(syntax, frames, array)
    with pytest.raises((td.TruncatedDataError, td.CorruptDataError)) as caught:
        td.pixels(file)
    assert (caught.value.where, caught.value.codec) == (f"frame {bad}", "jpeg")
    with pytest.warns(UserWarning, match="1 of 2 frames are not whole"):
        values = td.pixels(file, on_error="report", report=report)
    whole = jpeg.decode(stream)
    assert np.array_equal(values[1 - bad], whole)
    assert (report[1 - bad].reason, report[1 - bad].valid_rows) == (None, len(array))
    valid_rows = report[bad].valid_rows
    assert report[bad].reason
    assert 0 <= valid_rows < len(array)
    assert np.array_equal(values[bad, :valid_rows], whole[:valid_rows])


@EVERY_STREAM
def test_a_truncated_frame_leaves_nothing_of_the_callers_array(syntax, array, options):
    stream, results = jpeg.encode(array, **options), []
    for before in (0, 99):
        out = np.full(array.shape, before, array.dtype)
        with pytest.warns(UserWarning, match="not whole"):
            td.pixels(file_with(syntax, [stream[: len(stream) // 2]], array), on_error="report", out=out)
        results.append(out)
    assert np.array_equal(*results)


@EVERY_STREAM
def test_no_room_is_made_for_a_frame_that_no_codestream_justifies(syntax, array, options):
    file = file_with(syntax, [jpeg.encode(array, **options)], array, Rows=60_000, Columns=60_000)
    with pytest.raises(td.Error):
        td.pixels(file, on_error="report", report=[])
