# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Foreign decoders behind our door: values, colour, contradictions, damage, and what they may cost."""

import io
import sys
import time
from pathlib import Path

import numpy as np
import pydicom
import pytest
import turbodicom as td
from pydicom.encaps import encapsulate, generate_frames
from pydicom.pixels.decoders import JPEG2000LosslessDecoder, JPEGLSLosslessDecoder
from turbodicom import Limits
from turbodicom.errors import (
    ConformanceError,
    CorruptDataError,
    Error,
    LimitExceededError,
    TruncatedDataError,
    UnsupportedError,
)
from turbodicom.interop import _cost, fallback
from turbodicom.interop._stream_header import StreamHeader
from turbodicom.interop._streams import read_header
from turbodicom.interop.fallback import FrameInfo, decode_frame

imagecodecs = pytest.importorskip("imagecodecs", reason="needs the extra `codecs`")

HAS_HTJ2K_ENCODER = hasattr(imagecodecs, "htj2k_encode")  # newer than what Python 3.10 gets
JPEG_LS, J2K, HTJ2K, JPEG_XL = (f"1.2.840.10008.1.2.4.{n}" for n in (80, 90, 201, 110))
RANDOM = np.random.default_rng(20260)
GRAY = (np.add.outer(np.arange(24), np.arange(32)) * 3 + RANDOM.integers(0, 9, (24, 32))).astype(np.uint8)
COLOUR = np.stack([GRAY, GRAY[::-1], 255 - GRAY], axis=-1)
SOI, EOI = b"\xff\xd8", b"\xff\xd9"


def info_for(array, **changes):
    """Describe `array` as a data set would."""
    bits = 8 * array.dtype.itemsize
    about = {
        "rows": array.shape[0],
        "columns": array.shape[1],
        "samples_per_pixel": 3 if array.ndim == 3 else 1,
        "bits_allocated": bits,
        "bits_stored": bits,
        "pixel_representation": int(array.dtype.kind == "i"),
        "photometric_interpretation": "RGB" if array.ndim == 3 else "MONOCHROME2",
    }
    return FrameInfo(**(about | changes))


def lossless(array, syntax):
    """Encode without loss for one transfer syntax."""
    if syntax == JPEG_LS:
        return bytes(imagecodecs.jpegls_encode(array))
    if syntax == JPEG_XL:
        return bytes(imagecodecs.jpegxl_encode(array, lossless=True))
    if syntax == HTJ2K:
        if not HAS_HTJ2K_ENCODER:
            pytest.skip("this imagecodecs does not encode HTJ2K")
        return bytes(imagecodecs.htj2k_encode(array, reversible=True))
    return bytes(imagecodecs.jpeg2k_encode(array, reversible=True, codecformat="j2k"))


def with_segment(stream, marker, body):
    """Insert a marker segment behind SOI."""
    return SOI + bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body + stream[2:]


def with_component_ids(stream, ids):
    """Rename the components in the frame header and in the one scan header."""
    data = bytearray(stream)
    frame, scan = data.index(b"\xff\xf7"), data.index(b"\xff\xda")
    for k, new in enumerate(ids):
        data[frame + 10 + 3 * k] = new
        data[scan + 5 + 2 * k] = new
    return bytes(data)


# Values.


@pytest.mark.parametrize("syntax", [JPEG_LS, J2K, HTJ2K, JPEG_XL])
@pytest.mark.parametrize(
    "array", [GRAY, COLOUR, GRAY.astype(np.uint16) * 257], ids=["gray", "colour", "16 bit"]
)
def test_lossless_syntaxes_give_back_what_was_encoded(syntax, array):
    frame = decode_frame(syntax, lossless(array, syntax), info_for(array))
    assert frame.array.dtype == array.dtype
    assert np.array_equal(frame.array, array)
    assert frame.array.flags.c_contiguous
    assert frame.array.flags.writeable
    assert frame.quirks == []


def test_bytes_like_sources_are_all_the_same():
    stream = lossless(GRAY, JPEG_LS)
    for source in (stream, bytearray(stream), memoryview(stream)):
        assert np.array_equal(decode_frame(JPEG_LS, source, info_for(GRAY)).array, GRAY)


def pydicom_frame(decoder, stream, info):
    """Return what pydicom's ``pixel_array(raw=True)`` gives."""
    about = dict(vars(info), number_of_frames=1, pixel_keyword="PixelData")
    return decoder.as_array(encapsulate([stream]), raw=True, **about)[0]


@pytest.mark.parametrize("pixel_representation", [0, 1])
@pytest.mark.parametrize("bits_stored", [12, 13, 16])
@pytest.mark.parametrize("dtype", ["u2", "i2"])
def test_sign_and_precision_of_jpeg_2000_follow_pydicom(dtype, bits_stored, pixel_representation):
    pytest.importorskip("openjpeg")
    array = (GRAY.astype(dtype) << 3) + 1500
    stream = bytes(imagecodecs.jpeg2k_encode(array, reversible=True, codecformat="j2k", bitspersample=13))
    info = info_for(array, bits_stored=bits_stored, pixel_representation=pixel_representation)
    frame = decode_frame(J2K, stream, info)
    reference = pydicom_frame(JPEG2000LosslessDecoder, stream, info)
    assert frame.array.dtype == reference.dtype
    assert np.array_equal(frame.array, reference)
    assert ("precision_differs_from_bits_stored" in frame.quirks) == (bits_stored != 13)
    assert ("sign_differs_from_pixel_representation" in frame.quirks) == (
        (dtype == "i2") != pixel_representation
    )


@pytest.mark.parametrize("pixel_representation", [0, 1])
def test_sign_of_jpeg_ls_follows_pydicom(pixel_representation):
    pytest.importorskip("jpeg_ls")
    array = GRAY.astype(np.uint16) * 16
    stream = bytearray(lossless(array, JPEG_LS))
    info = info_for(array, bits_stored=12, pixel_representation=pixel_representation)
    frame = decode_frame(JPEG_LS, stream, info)
    reference = pydicom_frame(JPEGLSLosslessDecoder, bytes(stream), info)
    assert frame.array.dtype == reference.dtype
    assert np.array_equal(frame.array, reference)


@pytest.mark.parametrize("syntax", [JPEG_LS, J2K])
def test_a_narrow_codestream_comes_in_the_data_sets_container(syntax):
    info = info_for(GRAY, bits_allocated=16, bits_stored=8)
    frame = decode_frame(syntax, lossless(GRAY, syntax), info)
    assert frame.array.dtype == np.uint16
    assert np.array_equal(frame.array, GRAY)


@pytest.mark.parametrize("syntax", [JPEG_LS, J2K])
@pytest.mark.parametrize(
    "changes",
    [
        {"bits_allocated": 24},
        {"bits_allocated": 0},
        {"bits_stored": 0},
        {"bits_stored": 40},
        {"pixel_representation": 7},
    ],
    ids=str,
)
def test_nonsense_in_the_data_set_is_our_error_or_ignored(syntax, changes):
    try:
        assert (
            decode_frame(syntax, lossless(GRAY, syntax), info_for(GRAY, **changes)).array.shape == GRAY.shape
        )
    except Error:
        assert "bits_allocated" in changes


# Who decides the colour.


def adobe(transform):
    return b"Adobe\0\x64\0\0\0\0" + bytes([transform])


def jfif():
    return b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"


BARE = bytes(imagecodecs.jpegls_encode(COLOUR))
COLOUR_CASES = {
    "the data set decides": (BARE, "RGB", "RGB", ""),
    "also for YBR": (BARE, "YBR_FULL", "YBR_FULL", ""),
    "APP14 with transform 0 says RGB": (with_segment(BARE, 0xEE, adobe(0)), "YBR_FULL", "RGB", "_from_app14"),
    "APP14 with transform 1 says YCbCr": (
        with_segment(BARE, 0xEE, adobe(1)),
        "RGB",
        "YBR_FULL",
        "_from_app14",
    ),
    "a short APP14 is not valid": (with_segment(BARE, 0xEE, adobe(1)[:-1]), "RGB", "RGB", ""),
    "APP14 beats the component ids": (
        with_segment(with_component_ids(BARE, b"RGB"), 0xEE, adobe(1)),
        "YBR_FULL",
        "YBR_FULL",
        "",
    ),
    "component ids R G B say RGB": (
        with_component_ids(BARE, b"RGB"),
        "YBR_FULL",
        "RGB",
        "_from_component_ids",
    ),
    "JFIF says YCbCr": (with_segment(BARE, 0xE0, jfif()), "RGB", "YBR_FULL", "_from_jfif"),
}


@pytest.mark.parametrize(("stream", "declared", "expected", "quirk"), COLOUR_CASES.values(), ids=COLOUR_CASES)
def test_colour_of_jpeg_ls(stream, declared, expected, quirk):
    frame = decode_frame(JPEG_LS, stream, info_for(COLOUR, photometric_interpretation=declared))
    assert frame.photometric_interpretation == expected
    assert [name for name in frame.quirks if not name.endswith(quirk or "?")] == []
    assert bool(frame.quirks) == bool(quirk)


def test_coded_samples_do_not_depend_on_who_decides():
    arrays = [decode_frame(JPEG_LS, stream, info_for(COLOUR)).array for stream, *_ in COLOUR_CASES.values()]
    assert all(np.array_equal(array, COLOUR) for array in arrays)


@pytest.mark.parametrize("declared", ["YBR_RCT", "YBR_ICT"])
def test_the_inverse_component_transform_leaves_rgb(declared):
    stream = bytes(imagecodecs.jpeg2k_encode(COLOUR, reversible=True, codecformat="j2k", mct=True))
    frame = decode_frame(J2K, stream, info_for(COLOUR, photometric_interpretation=declared))
    assert (frame.photometric_interpretation, frame.quirks) == ("RGB", [])
    assert np.array_equal(frame.array, COLOUR)


# Header against data set.


@pytest.mark.parametrize("syntax", [JPEG_LS, J2K, HTJ2K, JPEG_XL])
@pytest.mark.parametrize(
    "changes",
    [{"rows": 48}, {"columns": 16}, {"samples_per_pixel": 3}, {"rows": 65535, "columns": 65535}],
    ids=str,
)
def test_another_size_than_the_data_sets_is_refused(syntax, changes):
    stream = lossless(GRAY, syntax)
    with pytest.raises(ConformanceError, match=r"data set"):
        decode_frame(syntax, stream, info_for(GRAY, **changes))


def test_the_decoder_is_not_called_when_the_sizes_differ(monkeypatch):
    monkeypatch.setattr(imagecodecs, "jpegls_decode", lambda *_, **__: pytest.fail("called"))
    with pytest.raises(ConformanceError):
        decode_frame(JPEG_LS, lossless(GRAY, JPEG_LS), info_for(GRAY, rows=23))


# Damage.

DAMAGED = {
    "JPEG-LS": (JPEG_LS, lossless(GRAY, JPEG_LS), GRAY),
    "JPEG 2000": (J2K, lossless(GRAY, J2K), GRAY),
    "JPEG XL": (JPEG_XL, lossless(COLOUR, JPEG_XL), COLOUR),
}
if HAS_HTJ2K_ENCODER:
    DAMAGED["HTJ2K"] = (HTJ2K, lossless(COLOUR, HTJ2K), COLOUR)


@pytest.mark.parametrize(("syntax", "stream", "array"), DAMAGED.values(), ids=DAMAGED)
def test_every_prefix_raises_or_is_whole(syntax, stream, array, capfd):
    whole = decode_frame(syntax, stream, info_for(array)).array
    for length in range(len(stream)):
        try:
            frame = decode_frame(syntax, stream[:length], info_for(array))
        except (TruncatedDataError, CorruptDataError):
            continue
        assert np.array_equal(frame.array, whole), length
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("syntax", "stream", "array"), DAMAGED.values(), ids=DAMAGED)
def test_half_a_stream_is_truncated(syntax, stream, array):
    with pytest.raises(TruncatedDataError):
        decode_frame(syntax, stream[: len(stream) // 2], info_for(array))


@pytest.mark.parametrize("name", ["JPEG-LS", "JPEG 2000"])
def test_a_missing_end_marker_behind_whole_data_is_only_noted(name):
    syntax, stream, array = DAMAGED[name]
    whole = decode_frame(syntax, stream, info_for(array))
    frame = decode_frame(syntax, stream[: stream.rindex(EOI)], info_for(array))
    assert np.array_equal(frame.array, whole.array)
    assert frame.quirks == ["missing_end_marker", *whole.quirks]


def test_half_the_data_closed_by_an_end_marker_is_not_whole():
    syntax, stream, array = DAMAGED["JPEG-LS"]
    with pytest.raises((TruncatedDataError, CorruptDataError)):
        decode_frame(syntax, stream[: len(stream) * 3 // 4] + EOI, info_for(array))


def test_bytes_behind_the_end_marker_are_noted():
    stream = lossless(GRAY, JPEG_LS)
    assert decode_frame(JPEG_LS, stream + b"\0", info_for(GRAY)).quirks == []
    assert decode_frame(JPEG_LS, stream + b"surplus", info_for(GRAY)).quirks == ["bytes_after_end_marker"]


@pytest.mark.parametrize(("syntax", "stream", "array"), DAMAGED.values(), ids=DAMAGED)
def test_mutations_raise_our_errors_or_decode(syntax, stream, array, capfd):
    random = np.random.default_rng(len(stream))
    for _ in range(200):
        data = bytearray(stream)
        for at in random.integers(0, len(data), random.integers(1, 4)):
            data[at] = random.integers(0, 256)
        try:
            assert decode_frame(syntax, data, info_for(array)).array.shape == array.shape
        except Error:
            pass
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("syntax", fallback.decoders())
@pytest.mark.parametrize(
    "source",
    [b"", b"\0", b"\xff", SOI, SOI + EOI, b"\xff\x4f\xff\x51", b"\xff\x0a", bytes(64)],
    ids=bytes.hex,
)
def test_no_codestream_at_all_is_our_error(syntax, source):
    with pytest.raises((TruncatedDataError, CorruptDataError)):
        decode_frame(syntax, source, info_for(GRAY))


# What a frame may cost.


def with_size(stream, marker, rows, columns):
    at = stream.index(marker) + 5
    return stream[:at] + rows.to_bytes(2, "big") + columns.to_bytes(2, "big") + stream[at + 4 :]


def test_a_header_bomb_is_refused_at_once():
    bomb = with_size(lossless(GRAY, JPEG_LS), b"\xff\xf7", 65000, 65000)
    started = time.perf_counter()
    with pytest.raises((TruncatedDataError, LimitExceededError)):
        decode_frame(JPEG_LS, bomb, info_for(GRAY, rows=65000, columns=65000))
    assert time.perf_counter() - started < 5


def with_precincts(stream, exponents):
    """Give every resolution of a JPEG 2000 codestream precincts of that size (T.800 A.6.1)."""
    at = stream.index(b"\xff\x52")
    length, levels = int.from_bytes(stream[at + 2 : at + 4], "big"), stream[at + 9]
    body = bytes([stream[at + 4] | 1]) + stream[at + 5 : at + 14] + bytes([exponents]) * (levels + 1)
    return stream[: at + 2] + (len(body) + 2).to_bytes(2, "big") + body + stream[at + 2 + length :]


def test_jpeg_2000_has_at_least_one_byte_for_every_precinct(monkeypatch):
    flat = np.full((2000, 2000), 7, np.uint8)
    stream = lossless(flat, J2K)
    monkeypatch.setattr(imagecodecs, "jpeg2k_decode", lambda *_, **__: pytest.fail("called"))
    with pytest.raises(TruncatedDataError, match="or more"):
        decode_frame(J2K, with_precincts(stream, 0x11), info_for(flat))


def test_jpeg_2000_has_at_least_one_tile_part_for_every_tile(monkeypatch):
    stream = bytearray(lossless(GRAY, J2K))
    stream[24:32] = (1).to_bytes(4, "big") * 2  # XTsiz, YTsiz: T.800 A.5.1
    monkeypatch.setattr(imagecodecs, "jpeg2k_decode", lambda *_, **__: pytest.fail("called"))
    with pytest.raises(TruncatedDataError, match="or more"):
        decode_frame(J2K, stream, info_for(GRAY))


def test_small_code_blocks_count_as_memory():
    flat = np.full((2000, 2000), 7, np.uint8)
    stream = bytearray(lossless(flat, J2K))
    before = _cost.memory_bytes(read_header("jpeg2000", stream), 1)
    at = stream.index(b"\xff\x52")
    stream[at + 10 : at + 12] = bytes(2)  # code-blocks of 4 x 4
    assert _cost.memory_bytes(read_header("jpeg2000", stream), 1) > before + 20 * flat.size


@pytest.mark.parametrize("fill", ["zero", "end of source", "ones"])
def test_lengths_of_jpeg_2000_tile_parts_may_be_nonsense(fill):
    stream = bytearray(lossless(GRAY, J2K))
    psot = stream.index(b"\xff\x90") + 6
    value = {"zero": 0, "end of source": len(stream), "ones": 0xFFFFFFFF}[fill]
    stream[psot : psot + 4] = value.to_bytes(4, "big")
    try:
        assert decode_frame(J2K, stream, info_for(GRAY)).array.shape == GRAY.shape
    except Error:
        assert fill != "zero"


@pytest.mark.parametrize("syntax", [JPEG_LS, J2K, HTJ2K, JPEG_XL])
def test_a_flat_frame_is_decoded_when_the_limits_leave_room(syntax):
    flat = np.full((4000, 5000), 7, np.uint8)
    stream = lossless(flat, syntax)
    tight = Limits(bytes_per_frame=32 << 20)
    if syntax in (J2K, HTJ2K, JPEG_XL):
        with pytest.raises(LimitExceededError, match=r"Limits\.bytes_per_frame"):
            decode_frame(syntax, stream, info_for(flat), tight)
    for limits in (None, Limits.archive(), Limits.unlimited()):
        assert np.array_equal(decode_frame(syntax, stream, info_for(flat), limits).array, flat)


@pytest.mark.parametrize("codec", ["jpegls", "jpeg2000", "jpegxl"])
def test_a_large_flat_frame_needs_the_limits_of_an_archive(codec):
    header = StreamHeader(codec, rows=10_000, columns=20_000, components=1, precision=8)
    with pytest.raises(LimitExceededError):
        _cost.check_memory(header, 1, 300, None)
    _cost.check_memory(header, 1, 300, Limits.archive())
    _cost.check_memory(header, 1, 1_000_000, None)


def test_extra_channels_of_jpeg_xl_count_as_memory():
    four = np.dstack([COLOUR, GRAY])
    header = read_header("jpegxl", lossless(four, JPEG_XL))
    assert header.extra_channels == 1
    assert read_header("jpegxl", lossless(COLOUR, JPEG_XL)).extra_channels == 0
    assert _cost.memory_bytes(header, 3) == 5 * four.size


MEASURE = """
import sys, numpy as np, imagecodecs
sys.path.insert(0, sys.argv[1])
from exercise import start_of_peak, status
from turbodicom.interop import _cost, _streams, fallback
codec, uid, function, options = eval(sys.argv[2])
flat = np.full((3000, 3000), 7, np.uint16)
stream = bytes(getattr(imagecodecs, function)(flat, **options))
before = start_of_peak()
fallback.decode_frame(uid, stream, fallback.FrameInfo(3000, 3000, 1, 16, 16, 0, "MONOCHROME2"))
print(status("VmHWM:") - before, _cost.memory_bytes(_streams.read_header(codec, stream), 1))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    "case",
    [
        ("jpegls", JPEG_LS, "jpegls_encode", {}),
        ("jpeg2000", J2K, "jpeg2k_encode", {"reversible": True, "codecformat": "j2k"}),
        ("jpegxl", JPEG_XL, "jpegxl_encode", {"lossless": True}),
    ],
    ids=lambda case: case[0],
)
def test_decoders_take_no_more_memory_than_they_are_charged_for(case, run_child):
    child = run_child(MEASURE, Path(__file__).parent, repr(case))
    assert child.returncode == 0, child.stderr
    taken, charged = map(int, child.stdout.split())
    assert taken <= charged + (16 << 20)


# Damage reported instead of raised.


def file_with(syntax, frames, array, **changes):
    """Return a DICOM file with these codestreams."""
    ds = pydicom.Dataset()
    about = vars(info_for(array, **changes))
    for name in (
        "rows",
        "columns",
        "samples_per_pixel",
        "photometric_interpretation",
        "pixel_representation",
    ):
        setattr(ds, "".join(word.title() for word in name.split("_")), about[name])
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = (
        about["bits_allocated"],
        about["bits_stored"],
        about["bits_stored"] - 1,
    )
    ds.PlanarConfiguration, ds.NumberOfFrames = 0, len(frames)
    ds.SOPClassUID, ds.SOPInstanceUID = pydicom.uid.SecondaryCaptureImageStorage, "1.2.3.4"
    ds.PixelData = encapsulate(frames)
    ds["PixelData"].VR, ds["PixelData"].is_undefined_length = "OB", True
    ds.file_meta = pydicom.dataset.FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = HTJ2K if syntax == JPEG_XL else syntax  # pydicom 3.0 does not write it
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, ds, enforce_file_format=True)
    return buffer.getvalue().replace(ds.file_meta.TransferSyntaxUID.encode(), syntax.encode(), 1)


@pytest.mark.parametrize("bad", [0, 1])
@pytest.mark.parametrize(("syntax", "stream", "array"), DAMAGED.values(), ids=DAMAGED)
def test_a_truncated_frame_is_reported_and_the_others_are_whole(syntax, stream, array, bad):
    frames = [stream, stream]
    frames[bad] = stream[: len(stream) // 2]
    report = []
    with pytest.warns(UserWarning, match="1 of 2 frames are not whole"):
        values = td.pixels(file_with(syntax, frames, array), on_error="report", report=report, color="coded")
    assert not values[bad].any()
    assert np.array_equal(values[1 - bad], decode_frame(syntax, stream, info_for(array)).array)
    assert (report[bad].valid_rows, report[1 - bad].valid_rows) == (0, array.shape[0])
    assert report[bad].reason
    assert report[1 - bad].reason is None


@pytest.mark.parametrize(("syntax", "stream", "array"), DAMAGED.values(), ids=DAMAGED)
def test_a_truncated_frame_leaves_nothing_of_the_callers_array(syntax, stream, array):
    out = np.full(array.shape, 99, array.dtype)
    with pytest.warns(UserWarning, match="not whole"):
        td.pixels(
            file_with(syntax, [stream[: len(stream) // 2]], array), on_error="report", report=[], out=out
        )
    assert not out.any()


@pytest.mark.parametrize(("syntax", "stream", "array"), DAMAGED.values(), ids=DAMAGED)
def test_no_room_is_made_for_a_frame_that_no_codestream_justifies(syntax, stream, array):
    file = file_with(syntax, [stream[:-4]], array, rows=40_000, columns=40_000)
    with pytest.raises(Error):
        td.pixels(file, on_error="report", report=[])


def test_the_limits_of_the_caller_reach_the_foreign_decoder():
    flat = np.full((4000, 5000), 7, np.uint8)
    file = file_with(J2K, [lossless(flat, J2K)], flat)
    tight = Limits(bytes_per_frame=32 << 20)
    for read in (lambda: td.pixels(file, limits=tight), lambda: td.read(file, limits=tight).pixels()):
        with pytest.raises(LimitExceededError, match="codestream"):
            read()
    assert np.array_equal(td.pixels(file), flat)


# The table.


def test_without_the_extra_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "imagecodecs", None)
    with pytest.raises(UnsupportedError, match=r"pip install 'turbodicom\[codecs\]'"):
        decode_frame(JPEG_LS, lossless(GRAY, JPEG_LS), info_for(GRAY))
    assert set(fallback.decoders().values()) == {None}


def test_the_table_names_library_and_version():
    table = fallback.decoders()
    assert all(name.endswith(f"(imagecodecs {imagecodecs.__version__})") for name in table.values())
    assert table[J2K].startswith("openjpeg ")


def test_other_transfer_syntaxes_are_unsupported_those_of_our_own_codecs_among_them():
    for uid in ("1.2.840.10008.1.2.4.100", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.70"):
        with pytest.raises(UnsupportedError, match=uid.replace(".", r"\.")):
            decode_frame(uid, b"", info_for(GRAY))


@pytest.mark.parametrize("syntax", fallback.decoders())
def test_corpus_frames_equal_the_references(syntax, corpus, manifest):
    rows = [row for row in manifest if row["syntax_uid"] == syntax and row["expect"] == "tolerance"]
    for row in rows:
        ds = pydicom.dcmread(corpus / row["file"])
        source = next(generate_frames(ds.PixelData, number_of_frames=int(ds.get("NumberOfFrames") or 1)))
        sizes = (ds.Rows, ds.Columns, ds.SamplesPerPixel, ds.BitsAllocated, ds.BitsStored)
        info = FrameInfo(*sizes, ds.PixelRepresentation, ds.PhotometricInterpretation)
        array = decode_frame(syntax, source, info).array
        with np.load(corpus / row["reference_array"]) as stored:
            reference = stored["a"].reshape(-1, *array.shape)[0]
        assert np.abs(array.astype(int) - reference.astype(int)).max() <= float(row["tolerance"]), row["file"]
