# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""PNG, PGM/PPM, BMP, TIFF and JPEG from arrays: read back by Pillow, and byte by byte where the format is short."""

import io
import os

import numpy as np
import pytest
from turbodicom import pictures

Image = pytest.importorskip("PIL.Image")

SHAPES = [(1, 1), (1, 7), (7, 1), (5, 3), (5, 3, 3), (2, 1, 3), (1, 3, 3), (4, 8, 3)]


def noise(dtype, *shape):
    """Return random samples with the least and the greatest value."""
    limit = np.iinfo(dtype).max
    samples = np.random.default_rng(1).integers(0, limit, shape, dtype=dtype, endpoint=True)
    samples.flat[0], samples.flat[-1] = 0, limit
    return samples


def read_back(data):
    """Return what Pillow reads."""
    return np.asarray(Image.open(io.BytesIO(data)))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    "encode", [pictures.png_bytes, pictures.tiff_bytes, pictures.ppm_bytes, pictures.bmp_bytes]
)
def test_pictures_of_8_bits_come_back_as_they_were(encode, shape):
    image = noise("u1", *shape)
    np.testing.assert_array_equal(read_back(encode(image)), image)


@pytest.mark.parametrize("encode", [pictures.png_bytes, pictures.tiff_bytes])
def test_gray_pictures_of_16_bits_come_back_as_they_were(encode):
    image = noise("u2", 5, 9)
    np.testing.assert_array_equal(read_back(encode(image)), image)
    np.testing.assert_array_equal(read_back(encode(image.astype(">u2"))), image)


def test_colour_png_of_16_bits_come_back_as_they_were():
    imagecodecs = pytest.importorskip("imagecodecs")
    image = noise("u2", 5, 9, 3)
    np.testing.assert_array_equal(imagecodecs.png_decode(pictures.png_bytes(image)), image)


def test_the_samples_of_a_16_bit_colour_tiff_follow_its_directory():
    image = noise("u2", 2, 3, 3)
    data = pictures.tiff_bytes(image)
    assert data[:8] == b"II*\0\x08\0\0\0"
    assert data[-image.nbytes :] == image.astype("<u2").tobytes()
    fields = {
        int.from_bytes(entry[:2], "little"): entry
        for entry in (data[10 + 12 * k : 22 + 12 * k] for k in range(11))
    }
    assert list(fields) == sorted(fields)
    assert int.from_bytes(fields[0x111][8:], "little") == len(data) - image.nbytes
    bits = int.from_bytes(fields[0x102][8:], "little")
    assert data[bits : bits + 6] == bytes([16, 0]) * 3


@pytest.mark.parametrize(
    "array",
    [noise("u1", 6, 8)[::-1, ::2], noise("u1", 6, 8, 3)[..., ::-1], noise("u1", 3, 6, 8).transpose(1, 2, 0)],
)
@pytest.mark.parametrize(
    "encode", [pictures.png_bytes, pictures.tiff_bytes, pictures.ppm_bytes, pictures.bmp_bytes]
)
def test_arrays_of_any_strides_are_taken(encode, array):
    np.testing.assert_array_equal(read_back(encode(array)), array)


def test_a_jpeg_looks_like_the_picture():
    rows, columns = np.mgrid[:40, :56]
    gray = ((rows * 3 + columns * 2) % 256).clip(0, 240).astype(np.uint8)
    colour = np.stack([gray, gray[::-1], gray[:, ::-1]], axis=-1)
    for image in (gray, colour):
        back = read_back(pictures.jpeg_bytes(image, quality=95)).astype(int)
        assert back.shape == image.shape
        assert np.abs(back - image).mean() < 4
    assert len(pictures.jpeg_bytes(colour, quality=20)) < len(pictures.jpeg_bytes(colour))


def test_pgm_and_ppm_are_what_the_formats_say():
    gray, colour = np.array([[0, 9], [255, 10]], np.uint8), np.array([[[1, 2, 3]]], np.uint8)
    assert pictures.ppm_bytes(gray) == b"P5\n2 2\n255\n\x00\x09\xff\x0a"
    assert pictures.ppm_bytes(gray, raw=False) == b"P2\n2 2\n255\n0 9 255 10 "
    assert pictures.ppm_bytes(colour) == b"P6\n1 1\n255\n\x01\x02\x03"
    assert pictures.ppm_bytes(colour, bits=4, raw=False) == b"P3\n1 1\n15\n1 2 3 "
    assert pictures.ppm_bytes(np.array([[70000]], np.uint32), raw=False) == b"P2\n1 1\n4294967295\n70000 "


def test_more_than_8_bits_are_no_raw_pgm():
    with pytest.raises(ValueError, match="at most 8 bits, not 16"):
        pictures.ppm_bytes(noise("u2", 2, 2))


def test_bmp_lines_run_upwards_blue_first_and_padded():
    gray, colour = np.array([[1, 2], [3, 4]], np.uint8), np.array([[[1, 2, 3]], [[4, 5, 6]]], np.uint8)
    data = pictures.bmp_bytes(gray)
    assert data[:14] == b"BM" + (14 + 40 + 1024 + 8).to_bytes(4, "little") + bytes(4) + (
        14 + 40 + 1024
    ).to_bytes(4, "little")
    assert data[54:62] == bytes([0, 0, 0, 0, 1, 1, 1, 0])
    assert data[-8:] == bytes([3, 4, 0, 0, 1, 2, 0, 0])
    assert pictures.bmp_bytes(colour)[54:] == bytes([6, 5, 4, 0, 3, 2, 1, 0])
    assert pictures.bmp_bytes(gray, bits=32)[54:] == bytes([3, 3, 3, 0, 4, 4, 4, 0, 1, 1, 1, 0, 2, 2, 2, 0])
    assert len(pictures.bmp_bytes(gray, bits=24)) == 54 + 2 * 8


def test_a_bmp_of_colour_has_no_palette():
    with pytest.raises(ValueError, match="24 or 32, not 8"):
        pictures.bmp_bytes(noise("u1", 2, 2, 3), bits=8)


WRONG = [
    np.zeros((2, 2)),
    np.zeros((2, 2), np.int16),
    np.zeros((2, 2, 4), np.uint8),
    np.zeros(4, np.uint8),
    np.zeros((0, 2), np.uint8),
]


@pytest.mark.parametrize("image", WRONG)
@pytest.mark.parametrize(
    "encode", [getattr(pictures, name) for name in pictures.__all__ if name.endswith("_bytes")]
)
def test_other_arrays_are_refused(encode, image):
    with pytest.raises(ValueError, match="image must be"):
        encode(image)


def test_write_picture_goes_by_the_ending(tmp_path):
    image = noise("u1", 6, 5, 3)
    for ending, kind in {"png": "PNG", "PPM": "PPM", "bmp": "BMP", "tif": "TIFF", "jpg": "JPEG"}.items():
        path = tmp_path / f"picture.{ending}"
        pictures.write_picture(path, image)
        assert Image.open(path).format == kind
    pictures.write_picture(tmp_path / "other", image, "png", level=0)
    assert Image.open(tmp_path / "other").format == "PNG"


def test_an_unknown_ending_is_refused_and_nothing_is_left_behind(tmp_path):
    with pytest.raises(ValueError, match="not 'gif'"):
        pictures.write_picture(tmp_path / "a.gif", noise("u1", 2, 2))
    with pytest.raises(ValueError, match="image must be"):
        pictures.write_picture(tmp_path / "a.png", np.zeros((2, 2)))
    assert os.listdir(tmp_path) == []
