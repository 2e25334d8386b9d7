# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Our RLE codec behind pylibjpeg's entry points: both versions of the protocol, equal to pylibjpeg-rle."""

from importlib import metadata

import numpy as np
import pytest
from pydicom import Dataset
from turbodicom.errors import TruncatedDataError, UnsupportedError
from turbodicom.interop.pylibjpeg_plugin import decode_pixel_data, encode_pixel_data

RLE_LOSSLESS = "1.2.840.10008.1.2.5"
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


@pytest.mark.parametrize("group", ["pylibjpeg.pixel_data_decoders", "pylibjpeg.pixel_data_encoders"])
def test_the_entry_points_are_registered(group):
    try:
        metadata.distribution("turbodicom")
    except metadata.PackageNotFoundError:
        pytest.skip("turbodicom is not installed, only importable")
    found = [point for point in metadata.entry_points(group=group) if point.value.startswith("turbodicom.")]
    assert [point.name for point in found] == [RLE_LOSSLESS]
    assert callable(found[0].load())
