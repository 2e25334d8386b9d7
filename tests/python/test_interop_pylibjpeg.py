# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Our codecs behind pylibjpeg's entry points: both versions of the protocol, equal to pylibjpeg's own plugins."""

import io
from importlib import metadata

import numpy as np
import pytest
from pydicom import Dataset
from turbodicom.codecs import jpeg
from turbodicom.errors import ConformanceError, TruncatedDataError, UnsupportedError
from turbodicom.interop.pylibjpeg_plugin import (
    decode,
    decode_jpeg_pixel_data,
    decode_pixel_data,
    encode_pixel_data,
)

RLE_LOSSLESS = "1.2.840.10008.1.2.5"
JPEG = [f"1.2.840.10008.1.2.4.{n}" for n in (50, 51, 53, 55, 57, 70)]
RANDOM = np.random.default_rng(7)
CASES = [(8, 1), (8, 3), (16, 1), (16, 3), (32, 1), (32, 3), (64, 1), (1, 1)]


def frame(bits_allocated, samples):
    """Return (array of 9 x 11 pixels, keywords that describe it)."""
    top = 2 if bits_allocated == 1 else 1 << 62
    values = RANDOM.integers(0, top, (9, 11, samples)) * (RANDOM.random((9, 11, samples)) < 0.5)
    array = values.astype(f"<u{(bits_allocated + 7) // 8}")
    return array, {"rows": 9, "columns": 11, "bits_allocated": bits_allocated, "samples_per_pixel": samples}


def data_set(about):
    ds = Dataset()
    ds.Rows, ds.Columns = about["rows"], about["columns"]
    ds.BitsAllocated, ds.SamplesPerPixel = about["bits_allocated"], about["samples_per_pixel"]
    return ds


@pytest.mark.parametrize(("bits_allocated", "samples"), CASES)
def test_version_2_gives_little_endian_planes(bits_allocated, samples):
    array, about = frame(bits_allocated, samples)
    coded = encode_pixel_data(array.tobytes(), byteorder="<", **about)
    decoded = decode_pixel_data(coded, version=2, transfer_syntax_uid="ignored", **about)
    assert isinstance(decoded, bytearray)
    assert decoded == array.transpose(2, 0, 1).tobytes()


@pytest.mark.parametrize(("bits_allocated", "samples"), CASES)
def test_version_1_gives_the_same_as_an_array_of_bytes(bits_allocated, samples):
    array, about = frame(bits_allocated, samples)
    coded = encode_pixel_data(array.tobytes(), data_set(about), byteorder="<")
    decoded = decode_pixel_data(coded, data_set(about))
    assert (decoded.dtype, decoded.ndim) == (np.uint8, 1)
    assert decoded.tobytes() == array.transpose(2, 0, 1).tobytes()


@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize(("bits_allocated", "samples"), CASES)
def test_pylibjpeg_rle_agrees_both_ways(bits_allocated, samples, byteorder):
    rle = pytest.importorskip("rle")
    array, about = frame(bits_allocated, samples)
    source = array.astype(array.dtype.newbyteorder(byteorder)).tobytes()
    if bits_allocated == 1:  # the only form pylibjpeg-rle takes
        source = np.packbits(array.ravel(), bitorder="little").tobytes()
    ours = encode_pixel_data(source, byteorder=byteorder, **about)
    theirs = rle.encode_pixel_data(source, byteorder=byteorder, **about)
    for coded in (ours, theirs):
        expected = rle.decode_pixel_data(coded, version=2, byteorder=byteorder, **about)
        assert decode_pixel_data(coded, version=2, byteorder=byteorder, **about) == expected


def test_one_bit_frames_come_packed_or_not():
    array, about = frame(1, 1)
    packed = np.packbits(array.ravel(), bitorder="little").tobytes()
    from_bytes = encode_pixel_data(array.tobytes(), **about)
    assert encode_pixel_data(packed, **about) == from_bytes
    assert decode_pixel_data(from_bytes, version=2, pack_bits=True, **about) == packed


def test_one_bit_frames_whose_segment_is_packed_are_read():
    array, about = frame(1, 1)
    packed = np.packbits(array.ravel(), bitorder="little").tobytes()
    as_bytes = {"rows": 1, "columns": len(packed), "bits_allocated": 8, "samples_per_pixel": 1}
    coded = encode_pixel_data(packed, **as_bytes)
    assert decode_pixel_data(coded, version=2, **about) == array.tobytes()


def test_missing_keywords_are_named():
    with pytest.raises(ValueError, match="rows, columns"):
        decode_pixel_data(bytes(64), version=2, bits_allocated=8)
    with pytest.raises(ValueError, match="samples_per_pixel"):
        encode_pixel_data(bytes(4), rows=2, columns=2, bits_allocated=8)


def test_misuse_is_refused():
    array, about = frame(16, 1)
    with pytest.raises(ValueError, match="byteorder"):
        encode_pixel_data(array.tobytes(), **about)
    with pytest.raises(ValueError, match="bytes are not a frame"):
        encode_pixel_data(array.tobytes()[:-2], byteorder="<", **about)
    with pytest.raises(UnsupportedError, match="24"):
        encode_pixel_data(bytes(99 * 3), byteorder="<", **(about | {"bits_allocated": 24}))


def test_a_frame_the_bytes_cannot_justify_is_refused_before_it_is_allocated():
    with pytest.raises(TruncatedDataError, match="too few"):
        decode_pixel_data(bytes([1] + 63 * [0]), version=2, rows=65535, columns=65535, bits_allocated=8)


# JPEG.

LOSSLESS = {
    "8 bits": RANDOM.integers(0, 256, (9, 11), np.uint8),
    "16 bits": RANDOM.integers(0, 65536, (9, 11), np.uint16),
    "colour": RANDOM.integers(0, 256, (9, 11, 3), np.uint8),
}


@pytest.mark.parametrize("array", LOSSLESS.values(), ids=LOSSLESS)
def test_jpeg_frames_are_interleaved_and_little_endian(array):
    coded = jpeg.encode(array)
    second = decode_jpeg_pixel_data(coded, version=2, transfer_syntax_uid="ignored", rows=9)
    first = decode_jpeg_pixel_data(coded, {"Rows": 9, "Columns": 11, "PhotometricInterpretation": "MONOCHROME2"})
    assert isinstance(second, bytearray)
    assert (first.dtype, first.ndim) == (np.uint8, 1)
    assert first.tobytes() == second == array.astype(array.dtype.newbyteorder("<")).tobytes()


@pytest.mark.parametrize("array", LOSSLESS.values(), ids=LOSSLESS)
def test_pylibjpeg_libjpeg_agrees(array):
    libjpeg = pytest.importorskip("libjpeg")
    coded = jpeg.encode(array)
    assert decode_jpeg_pixel_data(coded, version=2) == libjpeg.decode_pixel_data(coded, version=2)
    about = {"PhotometricInterpretation": "YBR_FULL"}
    assert np.array_equal(decode_jpeg_pixel_data(coded, about), libjpeg.decode_pixel_data(coded, about))


def test_version_1_gives_rgb_for_what_is_called_so_and_version_2_never():
    flat = np.full((16, 16, 3), (200, 40, 90), np.uint8)
    coded = jpeg.encode(flat, process="baseline", quality=100)
    as_coded = jpeg.decode(coded, color="coded").ravel()
    first = decode_jpeg_pixel_data(coded, {"PhotometricInterpretation": "RGB"})
    assert np.abs(first.astype(int) - flat.ravel()).max() <= 3
    assert np.array_equal(decode_jpeg_pixel_data(coded, {"PhotometricInterpretation": "YBR_FULL"}), as_coded)
    second = decode_jpeg_pixel_data(coded, version=2, photometric_interpretation="RGB")
    assert second == as_coded.tobytes()


def test_a_jpeg_of_another_size_than_the_data_set_is_refused():
    coded = jpeg.encode(LOSSLESS["8 bits"])
    with pytest.raises(ConformanceError, match="9 rows, the data set 10"):
        decode_jpeg_pixel_data(coded, version=2, rows=10)
    with pytest.raises(ConformanceError, match="1 components, the data set 3"):
        decode_jpeg_pixel_data(coded, {"SamplesPerPixel": 3})


def test_images_are_decoded_from_anywhere(tmp_path):
    array = LOSSLESS["colour"]
    coded, path = jpeg.encode(array), tmp_path / "image.jpg"
    path.write_bytes(coded)
    for source in (coded, bytearray(coded), io.BytesIO(coded), path, str(path)):
        assert np.array_equal(decode(source), array)
    assert np.array_equal(decode(coded, roi=(2, 3, 4, 5)), array[2:6, 3:8])


@pytest.mark.parametrize("group", ["pylibjpeg.pixel_data_decoders", "pylibjpeg.pixel_data_encoders"])
def test_the_entry_points_are_registered(group):
    try:
        metadata.distribution("turbodicom")
    except metadata.PackageNotFoundError:
        pytest.skip("turbodicom is not installed, only importable")
    found = [point for point in metadata.entry_points(group=group) if point.value.startswith("turbodicom.")]
    syntaxes = [RLE_LOSSLESS, *JPEG] if group.endswith("_decoders") else [RLE_LOSSLESS]
    assert sorted(point.name for point in found) == sorted(syntaxes)
    assert all(callable(point.load()) for point in found)


def test_the_project_names_functions_that_exist(request):
    tomllib = pytest.importorskip("tomllib")  # from Python 3.11 on
    project = tomllib.loads((request.config.rootpath / "pyproject.toml").read_text())["project"]
    for group, points in project["entry-points"].items():
        for name, target in points.items():
            assert callable(metadata.EntryPoint(name, target, group).load()), name
