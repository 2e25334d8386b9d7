# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""ds.pixels for native, RLE and deflated frames, against pydicom on files made here."""

import io
import os
import warnings
import zlib

import numpy as np
import pydicom
import pytest
import turbodicom as td
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    RLELossless,
)

RNG = np.random.default_rng(20261121)
NATIVE = (ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian)
DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1"
ENCAPSULATED_UNCOMPRESSED = "1.2.840.10008.1.2.1.98"


def make(pixel_data, *, rows, columns, syntax=ExplicitVRLittleEndian, bits=8, stored=None, high_bit=None, signed=0,
         samples=1, planar=0, frames=None, photometric=None, vr=None, keyword="PixelData"):
    """Return the bytes of a file with the given Pixel Data."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.SOPClassUID, ds.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7", "1.2.3"
    ds.Rows, ds.Columns, ds.SamplesPerPixel = rows, columns, samples
    ds.PhotometricInterpretation = photometric or ("MONOCHROME2" if samples == 1 else "RGB")
    if samples > 1:
        ds.PlanarConfiguration = planar
    if frames is not None:
        ds.NumberOfFrames = frames
    ds.BitsAllocated = bits
    if keyword == "PixelData":
        ds.BitsStored = stored or bits
        ds.HighBit = (stored or bits) - 1 if high_bit is None else high_bit
        ds.PixelRepresentation = signed
    elem = pydicom.DataElement(keyword, vr or ("OW" if bits > 8 else "OB") if keyword == "PixelData" else vr, pixel_data)
    uid = pydicom.uid.UID(syntax)
    if uid not in NATIVE:
        elem.is_undefined_length = True
        elem.VR = "OB"
    ds.add(elem)
    buffer = io.BytesIO()
    if uid in pydicom.uid.AllTransferSyntaxes:
        pydicom.dcmwrite(buffer, ds, enforce_file_format=True)
    else:
        ds.preamble = bytes(128)
        pydicom.dcmwrite(buffer, ds, implicit_vr=False, little_endian=True, force_encoding=True)
    return buffer.getvalue()


def padded(data):
    return data + b"\0" * (len(data) % 2)


def reference(file):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pydicom.dcmread(io.BytesIO(file)).pixel_array


def assert_same(ours, theirs):
    assert ours.shape == theirs.shape
    assert ours.dtype == theirs.dtype.newbyteorder("=")
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("frames", [None, 3])
@pytest.mark.parametrize("signed", [0, 1])
@pytest.mark.parametrize("stored", [1, 3, 8, 12, 13, 16, 24, 32, 48, 64])
@pytest.mark.parametrize("bits", [8, 16, 32, 64])
def test_monochrome_equals_pydicom(bits, stored, signed, frames):
    if stored > bits:
        return
    data = RNG.bytes(5 * 7 * bits // 8 * (frames or 1))
    file = make(padded(data), rows=5, columns=7, bits=bits, stored=stored, signed=signed, frames=frames)
    assert_same(td.pixels(file), reference(file))


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian])
@pytest.mark.parametrize("bits", [8, 16, 32])
@pytest.mark.parametrize("planar", [0, 1])
def test_colour_in_every_native_syntax_equals_pydicom(syntax, bits, planar):
    data = RNG.bytes(4 * 6 * 3 * bits // 8 * 2)
    file = make(data, rows=4, columns=6, bits=bits, samples=3, planar=planar, frames=2, syntax=syntax)
    assert_same(td.pixels(file), reference(file))


@pytest.mark.parametrize("frames", [1, 2, 3, 8])
@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (5, 7), (8, 8), (1, 17)])
def test_bits_whose_frames_do_not_start_on_a_byte_equal_pydicom(shape, frames):
    rows, columns = shape
    data = padded(RNG.bytes((rows * columns * frames + 7) // 8))
    file = make(data, rows=rows, columns=columns, bits=1, frames=frames)
    assert_same(td.pixels(file), reference(file))
    for frame in range(frames):
        np.testing.assert_array_equal(td.pixels(file, frames=frame), reference(file).reshape(frames, rows, columns)[frame])


@pytest.mark.parametrize("frames", [1, 3])
@pytest.mark.parametrize("shape", [(2, 3), (3, 3), (5, 5)])
@pytest.mark.parametrize("samples", [1, 3])
def test_big_endian_8_bit_samples_in_ow_words_equal_pydicom(shape, frames, samples):
    rows, columns = shape
    data = padded(RNG.bytes(rows * columns * samples * frames))
    file = make(data, rows=rows, columns=columns, bits=8, samples=samples, frames=frames, vr="OW", syntax=ExplicitVRBigEndian)
    assert_same(td.pixels(file), reference(file))
    last = reference(file).reshape(frames, *reference(file).shape[-2 - (samples > 1):])[-1]
    np.testing.assert_array_equal(td.pixels(file, frames=-1), last)


@pytest.mark.parametrize("frames", [1, 2, 3])
@pytest.mark.parametrize("columns", [4, 5])
@pytest.mark.parametrize("signed", [0, 1])
def test_twelve_bit_cells_are_unpacked(columns, frames, signed):
    values = RNG.integers(0, 4096, 3 * columns * frames).astype("u2")
    cells = np.concatenate([values, [0]])[: (len(values) + 1) // 2 * 2].astype("u4")
    pairs = cells[0::2] | cells[1::2] << 12
    packed = np.stack([pairs & 255, pairs >> 8 & 255, pairs >> 16], -1).astype("u1").tobytes()[: (len(values) * 12 + 7) // 8]
    file = make(padded(packed), rows=3, columns=columns, bits=12, stored=12, signed=signed, frames=frames)
    expected = values.reshape(frames, 3, columns).astype("i4")
    if signed:
        expected = np.where(expected >= 2048, expected - 4096, expected)
    result = td.pixels(file).reshape(frames, 3, columns)
    assert result.dtype == ("i2" if signed else "u2")
    np.testing.assert_array_equal(result, expected)
    np.testing.assert_array_equal(td.pixels(file, frames=frames - 1), expected[-1])


@pytest.mark.parametrize("signed", [0, 1])
def test_a_high_bit_above_bits_stored_selects_the_upper_bits(signed):
    cells = RNG.integers(0, 1 << 16, 20).astype("<u2")
    file = make(cells.tobytes(), rows=4, columns=5, bits=16, stored=12, high_bit=15, signed=signed)
    expected = (cells.view("<i2") >> 4 if signed else cells >> 4).reshape(4, 5)
    np.testing.assert_array_equal(td.pixels(file), expected)


@pytest.mark.parametrize(("keyword", "vr", "dtype"), [("FloatPixelData", "OF", "f4"), ("DoubleFloatPixelData", "OD", "f8")])
def test_float_pixel_data_equals_pydicom(keyword, vr, dtype):
    values = RNG.normal(size=(2, 3, 4)).astype(dtype)
    file = make(values.tobytes(), rows=3, columns=4, bits=32 if dtype == "f4" else 64, frames=2, keyword=keyword, vr=vr)
    assert_same(td.pixels(file), reference(file))


@pytest.mark.parametrize("photometric", ["YBR_FULL", "YBR_FULL_422", "RGB"])
@pytest.mark.parametrize("planar", [0, 1])
@pytest.mark.parametrize("frames", [1, 3])
def test_colour_conversion_equals_pydicom(photometric, planar, frames):
    if photometric == "YBR_FULL_422" and planar:
        return
    samples = 2 if photometric == "YBR_FULL_422" else 3
    data = RNG.bytes(16 * 34 * samples * frames)
    file = make(data, rows=16, columns=34, samples=3, planar=planar, frames=frames, photometric=photometric)
    assert_same(td.pixels(file), reference(file))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        raw = pydicom.pixels.pixel_array(io.BytesIO(file), raw=True)
    assert_same(td.pixels(file, color="coded"), raw)


def test_ybr_full_equals_pydicom_on_every_triple():
    """All 2^24 of them. Without fused multiply-add NumPy's own product differs for two pairs of chroma."""
    values = np.arange(256, dtype="u1")
    triples = np.stack(np.meshgrid(values, values, values, indexing="ij"), -1).reshape(4096, 4096, 3)
    ours = td.pixels(make(triples.tobytes(), rows=4096, columns=4096, samples=3, photometric="YBR_FULL"))
    theirs = pydicom.pixels.convert_color_space(triples, "YBR_FULL", "RGB")
    different = triples[(ours != theirs).any(axis=-1)]
    if "avx2" in td.machine()["runnable_isas"]:
        assert len(different) == 0
    assert {tuple(chroma) for chroma in different[:, 1:].tolist()} <= {(78, 178), (178, 78)}


def test_ybr_partial_422_follows_the_standard():
    data = bytes([16, 235, 128, 128, 81, 145, 90, 240])
    file = make(data, rows=2, columns=2, samples=3, photometric="YBR_PARTIAL_422")
    expected = [[[0, 0, 0], [255, 255, 255]], [[254, 0, 0], [255, 74, 74]]]
    assert np.abs(td.pixels(file).astype(int) - expected).max() <= 1


@pytest.mark.parametrize("syntax", [RLELossless, DEFLATED_FRAMES, ENCAPSULATED_UNCOMPRESSED])
@pytest.mark.parametrize(("bits", "samples", "dtype"), [(8, 1, "u1"), (8, 3, "u1"), (16, 1, "u2"), (16, 3, "u2"), (32, 1, "u4")])
def test_encapsulated_frames_come_out_as_they_went_in(syntax, bits, samples, dtype):
    values = RNG.integers(0, 200, (3, 9, 11, samples)).astype(dtype)
    if syntax == RLELossless:
        frames = [td.codecs.rle.encode(frame if samples > 1 else frame[..., 0]) for frame in values]
    elif syntax == DEFLATED_FRAMES:
        frames = [deflate(frame.tobytes()) for frame in values]
    else:
        frames = [padded(frame.tobytes()) for frame in values]
    file = make(encapsulate(frames), rows=9, columns=11, bits=bits, samples=samples, frames=3, syntax=syntax)
    expected = values if samples > 1 else values[..., 0]
    np.testing.assert_array_equal(td.pixels(file), expected)
    np.testing.assert_array_equal(td.pixels(file, frames=1), expected[1])
    assert td.pixels(file).dtype == dtype
    assert len(td.read(file).frames) == 3
    assert td.read(file).frames[2].read().startswith(frames[2][:20])


def deflate(data):
    stream = zlib.compressobj(wbits=-15)
    return padded(stream.compress(data) + stream.flush())


def series(count=4, dtype="<u2", bits=16):
    values = RNG.integers(0, 1 << min(bits, 16), (count, 5, 6)).astype(dtype)
    return values, make(values.tobytes(), rows=5, columns=6, bits=bits, frames=count)


def test_frames_are_selected_as_in_numpy():
    values, file = series()
    ds = td.read(file)
    for index in (0, 3, -1, np.int64(2)):
        np.testing.assert_array_equal(ds.pixels(frames=index), values[index])
        np.testing.assert_array_equal(ds.frames[index].pixels(), values[index])
    for index in (slice(1, 3), slice(None, None, -1), [3, 0], (2,), range(1, 4)):
        np.testing.assert_array_equal(ds.pixels(frames=index), values[list(index) if not isinstance(index, slice) else index])
    with pytest.raises(IndexError, match="frame 4 of 4"):
        ds.pixels(frames=4)


def test_out_with_any_strides_is_filled_in_place():
    values = RNG.integers(0, 256, (3, 5, 6, 3)).astype("u1")
    file = make(values.tobytes(), rows=5, columns=6, samples=3, frames=3)
    wide = np.zeros((3, 5, 12, 4), "u1")
    out = wide[:, :, ::2, :3]
    assert td.pixels(file, out=out) is out
    np.testing.assert_array_equal(out, values)
    assert not wide[:, :, 1::2].any() and not wide[..., 3].any()
    reversed_rows = np.zeros((5, 6, 3), "u1")[::-1]
    np.testing.assert_array_equal(td.pixels(file, frames=1, out=reversed_rows), values[1])
    with pytest.raises(ValueError, match="out must be"):
        td.pixels(file, out=np.zeros((3, 5, 6, 3), "u2"))


def test_planar_layout_puts_samples_before_rows():
    values = RNG.integers(0, 256, (2, 5, 6, 3)).astype("u1")
    file = make(values.tobytes(), rows=5, columns=6, samples=3, frames=2)
    np.testing.assert_array_equal(td.pixels(file, layout="planar"), values.transpose(0, 3, 1, 2))
    np.testing.assert_array_equal(td.pixels(file, layout="planar", frames=1), values[1].transpose(2, 0, 1))


def test_roi_and_dtype():
    values, file = series()
    np.testing.assert_array_equal(td.pixels(file, roi=(1, 2, 3, 4)), values[:, 1:4, 2:6])
    as_float = td.pixels(file, dtype="float32", frames=2)
    assert as_float.dtype == np.float32
    np.testing.assert_array_equal(as_float, values[2])
    with pytest.raises(ValueError, match="cannot hold"):
        td.pixels(file, dtype="int16")
    with pytest.raises(ValueError, match="reaches beyond"):
        td.pixels(file, roi=(3, 0, 3, 1))


def test_copy_false_shows_the_file(tmp_path):
    values, file = series()
    path = tmp_path / "series.dcm"
    path.write_bytes(file)
    for source in (file, path):
        view = td.read(source).pixels(copy=False)
        np.testing.assert_array_equal(view, values)
        assert not view.flags.writeable and not view.flags.owndata
        np.testing.assert_array_equal(td.read(source).pixels(copy=False, frames=slice(1, 3)), values[1:3])
    twelve_bits = make(values.tobytes(), rows=5, columns=6, bits=16, stored=12, frames=4)
    with pytest.raises(ValueError, match="copy=False"):
        td.read(twelve_bits).pixels(copy=False)


def test_a_file_that_has_changed_is_refused(tmp_path):
    _, file = series()
    path = tmp_path / "series.dcm"
    path.write_bytes(file)
    ds = td.read(path)
    path.write_bytes(file + b"\0\0")
    with pytest.raises(OSError, match="changed") as caught:
        ds.pixels()
    assert caught.value.filename == str(path)


def test_a_file_replaced_by_one_of_equal_size_and_time_is_refused(tmp_path):
    _, file = series()
    path, other = tmp_path / "series.dcm", tmp_path / "other.dcm"
    path.write_bytes(file)
    ds = td.read(path)
    other.write_bytes(file)
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)
    with pytest.raises(OSError, match="replaced"):
        ds.pixels()


def test_truncated_native_pixel_data_raises_and_can_be_reported():
    values, file = series()
    cut = file[: -5 * 6 * 2 - 2 * 6 * 2]  # the last frame and two rows of the one before are missing
    with pytest.raises(td.TruncatedDataError) as caught:
        td.pixels(cut)
    assert caught.value.where == "frame 3" and caught.value.offset == len(cut)
    report = []
    with pytest.warns(UserWarning, match="2 of 4 frames"):
        array = td.pixels(cut, on_error="report", report=report)
    np.testing.assert_array_equal(array[:2], values[:2])
    np.testing.assert_array_equal(array[2, :3], values[2, :3])
    assert not array[2, 3:].any() and not array[3].any()
    assert [r.valid_rows for r in report] == [5, 5, 3, 0]
    assert [r.reason is None for r in report] == [True, True, False, False]


def test_one_bad_rle_frame_does_not_lose_the_others():
    values = RNG.integers(0, 9, (3, 9, 11)).astype("u1")
    frames = [td.codecs.rle.encode(frame) for frame in values]
    frames[1] = frames[1][:80]
    file = make(encapsulate(frames), rows=9, columns=11, frames=3, syntax=RLELossless)
    with pytest.raises(td.Error) as caught:
        td.pixels(file)
    assert caught.value.where == "frame 1" and caught.value.codec == "rle"
    report = []
    with pytest.warns(UserWarning, match="1 of 3 frames"):
        array = td.pixels(file, on_error="report", report=report)
    np.testing.assert_array_equal(array[[0, 2]], values[[0, 2]])
    rows = report[1].valid_rows
    np.testing.assert_array_equal(array[1, :rows], values[1, :rows])


def test_surplus_frames_are_returned_and_named():
    values, _ = series()
    file = make(values.tobytes(), rows=5, columns=6, bits=16, frames=3)
    report = []
    assert_same(td.pixels(file, report=report), reference(file))
    assert report[0].quirks == ["excess_frames"]


def test_results_do_not_depend_on_workers():
    values = RNG.integers(0, 1 << 12, (40, 256, 256)).astype("u2")
    file = make(values.tobytes(), rows=256, columns=256, bits=16, stored=12, frames=40)
    for workers in (1, 2, 5):
        np.testing.assert_array_equal(td.pixels(file, workers=workers), values)


def test_misuse_is_a_value_or_type_error():
    _, file = series()
    for options, error in [
        ({"values": "nonsense"}, ValueError),
        ({"layout": "nchw"}, ValueError),
        ({"window": (40, 400)}, ValueError),
        ({"workers": 0}, ValueError),
        ({"roi": (0, 0, 0, 1)}, ValueError),
        ({"colour": "rgb"}, TypeError),
        ({"frames": "first"}, TypeError),
    ]:
        with pytest.raises(error):
            td.pixels(file, **options)
    with pytest.raises(td.UnsupportedError):
        td.pixels(file, reduce=1)


@pytest.mark.parametrize(("keyword", "value"), [
    ("Rows", 0), ("Columns", 0), ("BitsAllocated", 7), ("BitsStored", 17), ("BitsStored", 0), ("SamplesPerPixel", 0),
    ("PixelRepresentation", 2), ("PhotometricInterpretation", "GREEN"), ("NumberOfFrames", -1),
])
def test_an_image_pixel_module_that_contradicts_itself_is_refused(keyword, value):
    _, file = series()
    ds = pydicom.dcmread(io.BytesIO(file))
    setattr(ds, keyword, value)
    buffer = io.BytesIO()
    ds.save_as(buffer, enforce_file_format=True)
    with pytest.raises(td.ConformanceError) as caught:
        td.pixels(buffer.getvalue())
    assert caught.value.where.startswith("(0028,")


def test_a_data_set_without_pixel_data_says_so():
    ds = pydicom.Dataset()
    ds.PatientID = "1"
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    buffer = io.BytesIO()
    ds.SOPClassUID, ds.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7", "1.2.3"
    pydicom.dcmwrite(buffer, ds, enforce_file_format=True)
    with pytest.raises(td.ConformanceError, match="no Pixel Data"):
        td.pixels(buffer.getvalue())


# -- what the frame index forgives -----------------------------------------------------------------


def two_frames(number_of_frames, **about):
    frames = [td.codecs.rle.encode(np.full((4, 4), value, np.uint8)) for value in (1, 2)]
    data = encapsulate(frames, **about)
    return make(data, rows=4, columns=4, frames=number_of_frames, syntax=RLELossless)


def test_issues_of_the_frame_index_join_those_of_the_data_set():
    ds = td.read(two_frames(3))
    assert ds.issues == []
    assert len(ds.frames) == 3
    assert [(issue.code, issue.where) for issue in ds.issues] == [("number_of_frames", "(7fe0,0010)")]
    assert len(ds.frames) == 3 and len(ds.issues) == 1


def test_strict_raises_what_the_frame_index_would_forgive():
    ds = td.read(two_frames(3), strict=True)
    with pytest.raises(td.ConformanceError, match="Number of Frames is 3"):
        ds.pixels(frames=0)
    with pytest.raises(td.ConformanceError, match="Number of Frames is 3"):
        ds.pixels(frames=0, limits=td.Limits())
    with pytest.raises(td.ConformanceError, match="Number of Frames is 3"):
        _ = ds.frames
    assert td.read(two_frames(2), strict=True).pixels()[:, 0, 0].tolist() == [1, 2]


def test_reading_a_frame_that_has_no_fragments_is_a_truncation():
    frame = td.read(two_frames(3, has_bot=False)).frames[2]
    assert frame.spans == []
    with pytest.raises(td.TruncatedDataError) as caught:
        frame.read()
    assert caught.value.where == "frame 2"


def test_uncompressed_pixels_in_a_compressed_syntax_are_read_and_noted():
    file = make(bytes(range(64)), rows=8, columns=8).replace(ExplicitVRLittleEndian.encode() + b"\0", RLELossless.encode() + b"\0")
    ds, report = td.read(file), []
    assert ds.pixels(report=report).tolist() == np.arange(64).reshape(8, 8).tolist()
    assert [issue.code for issue in ds.issues] == report[0].quirks == ["not_encapsulated"]
    assert report[0].decoder == "turbodicom native"
    with pytest.raises(td.ConformanceError, match="RLE Lossless"):
        td.read(file, strict=True).pixels()


def test_fragments_in_an_uncompressed_syntax_are_a_contradiction():
    file = two_frames(2).replace(RLELossless.encode() + b"\0", ExplicitVRLittleEndian.encode() + b"\0")
    with pytest.raises(td.ConformanceError, match="in fragments, but Explicit VR Little Endian"):
        td.pixels(file)
    assert len(td.read(file).frames) == 2


# -- options of the wrong kind ---------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [bool, "c8", "S2", object, "M8[s]"])
def test_a_dtype_that_is_no_number_is_a_type_error(dtype):
    with pytest.raises(TypeError, match="dtype must be"):
        td.pixels(make(bytes(32), rows=4, columns=4, bits=16), dtype=dtype)


def test_float16_is_refused_where_stored_values_could_overflow_it():
    full = make(b"\xff\xff" * 16, rows=4, columns=4, bits=16)
    with pytest.raises(ValueError, match="cannot hold"):
        td.pixels(full, dtype="float16")
    assert td.pixels(full, dtype="float32").max() == 65535
    part = make(b"\xff\x0f" * 16, rows=4, columns=4, bits=16, stored=12)
    assert td.pixels(part, dtype="float16").dtype == np.float16


@pytest.mark.parametrize(
    "options",
    [{"workers": 1.5}, {"workers": "2"}, {"reduce": 0.5}, {"roi": (0, 0, 1.5, 1)}, {"report": ()}, {"options": {}}],
)
def test_options_of_the_wrong_type_are_type_errors(options):
    with pytest.raises(TypeError, match=next(iter(options))):
        td.pixels(make(bytes(16), rows=4, columns=4), **options)


def test_any_number_of_workers_will_do():
    assert td.pixels(two_frames(2), workers=10**30).shape == (2, 4, 4)


def test_a_view_is_made_of_any_buffer_and_of_no_frames():
    file = make(bytes(range(32)), rows=4, columns=4, frames=2)
    ds = td.read(np.frombuffer(file, np.uint8))
    assert ds.pixels(copy=False).ravel().tolist() == list(range(32))
    assert ds.pixels(copy=False, frames=[]).shape == (0, 4, 4)
    with pytest.raises(ValueError, match="copy=False"):
        td.read(io.BytesIO(file)).pixels(copy=False)
