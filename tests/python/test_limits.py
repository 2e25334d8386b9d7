# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Limits: what a header claims is never believed before the bytes are there."""

import struct
import tracemalloc

import numpy as np
import pytest
import turbodicom as td

IMAGE = b"\x28\x00"  # group 0028, little endian


def set_us(data, element, value):
    """Return the file with an explicit little endian US element of group 0028 set to `value`."""
    tag = IMAGE + element.to_bytes(2, "little") + b"US\x02\x00"
    at = data.index(tag) + len(tag)
    return data[:at] + value.to_bytes(2, "little") + data[at + 2 :]


SIZES = sorted({min(65535, max(0, (1 << k) + step)) for k in range(17) for step in (-1, 0, 1)})


def lies(files):
    """Yield (name, file) for every lie about one or two fields of the image header, powers of two and around them."""
    for name in ("explicit little endian", "RLE 16 bit, two frames", "YBR_FULL_422"):
        for rows in SIZES:
            for columns in (0, 1, 8, 65535, rows):
                yield f"{name} {rows}x{columns}", set_us(set_us(files[name], 0x0010, rows), 0x0011, columns)
    for name in ("explicit little endian", "RLE 16 bit, two frames", "one bit, two frames", "palette"):
        for element in (0x0002, 0x0100, 0x0101, 0x0102, 0x0103):
            for value in SIZES:
                yield f"{name} {element:04X}={value}", set_us(files[name], element, value)


def test_every_lie_about_size_samples_and_bits_is_a_result_or_an_error(small_files, exercise, tmp_path):
    for name, data in lies(small_files):
        (tmp_path / name).write_bytes(data)
    summary = exercise("files", tmp_path)
    assert sum(summary["counts"].values()) > summary["counts"]["ok"] > 0
    assert summary["largest"][0] <= 256 << 20, summary["largest"]


@pytest.mark.parametrize("mode", ["standard", "dcmtk"])
def test_a_window_from_pixels_that_are_not_there_asks_for_no_memory(small_files, mode):
    data = set_us(set_us(small_files["explicit little endian"], 0x0010, 32768), 0x0011, 65535)
    tracemalloc.start()
    try:
        with pytest.raises(td.TruncatedDataError):
            td.DicomImage(td.read(data), mode=mode).set_min_max_window()
        assert tracemalloc.get_traced_memory()[1] < 64 << 20  # touched or not
    finally:
        tracemalloc.stop()


def test_a_frame_above_the_limit_is_refused(small_files):
    limits = td.Limits(pixels_per_frame=63)
    with pytest.raises(td.LimitExceededError):
        td.read(small_files["explicit little endian"], limits=limits).pixels()


def test_the_limits_of_td_pixels_bind_the_reading_too(small_files):
    with pytest.raises(td.LimitExceededError, match="elements"):
        td.pixels(small_files["explicit little endian"], limits=td.Limits(elements=3))
    with pytest.raises(td.LimitExceededError, match="elements"):
        td.pixels(small_files["explicit little endian"], options=td.PixelOptions(limits=td.Limits(elements=3)))


@pytest.mark.parametrize("name", ["pixels_per_frame", "sequence_depth", "inflate_ratio"])
@pytest.mark.parametrize(("value", "error"), [(-1, ValueError), (1 << 80, ValueError), (1.5, TypeError), ("1", TypeError)])
def test_limits_are_whole_numbers_that_the_core_can_hold(name, value, error):
    with pytest.raises(error, match=name):
        td.Limits(**{name: value})


@pytest.mark.parametrize("limits", [5, {}, "untrusted", td.Limits])
def test_limits_of_another_type_are_a_type_error(small_files, limits):
    data = small_files["explicit little endian"]
    with pytest.raises(TypeError, match="limits must be"):
        td.read(data, limits=limits)
    with pytest.raises(TypeError, match="limits must be"):
        td.read(data).pixels(limits=limits)


def test_a_frame_at_the_limit_is_read(small_files):
    limits = td.Limits(pixels_per_frame=64)
    assert td.read(small_files["explicit little endian"], limits=limits).pixels().shape == (8, 8)


def nested(depth):
    """Return a file of `depth` nested sequences of undefined length (PS3.5 7.5)."""
    item = b"\x08\x00\x40\x11SQ\0\0\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
    return item * depth


def with_preamble(elements):
    """Put elements behind a preamble and a minimal file meta (explicit little endian)."""
    syntax = b"1.2.840.10008.1.2.1\0"
    meta = b"\x02\x00\x10\x00UI" + struct.pack("<H", len(syntax)) + syntax
    return bytes(128) + b"DICM\x02\x00\x00\x00UL\x04\x00" + struct.pack("<I", len(meta)) + meta + elements


@pytest.mark.parametrize("depth", [65, 100_000, 1_000_000])
def test_nesting_beyond_the_limit_is_refused_when_strict(depth):
    with pytest.raises(td.Error):
        td.read(with_preamble(nested(depth)), strict=True)


@pytest.mark.parametrize("depth", [63, 64, 65, 100_000])
def test_any_depth_of_nesting_can_be_printed_compared_and_thrown_away(depth):
    ds = td.read(with_preamble(nested(depth)))
    for question in (lambda: str(ds), ds.to_json, lambda: [element.value for element in ds], lambda: list(ds.issues)):
        try:
            question()
        except td.Error:
            pass


def test_many_elements_beyond_the_limit_are_refused():
    elements = b"".join(b"\x09\x00" + struct.pack("<H", 0x1000 + i) + b"LO\x02\x00ab" for i in range(101))
    with pytest.raises(td.LimitExceededError):
        td.read(with_preamble(elements), limits=td.Limits(elements=100))
    assert len(td.read(with_preamble(elements), limits=td.Limits(elements=101))) == 101


def test_out_of_the_wrong_shape_or_type_is_a_value_error(small_files):
    ds = td.read(small_files["explicit little endian"])
    for out in (np.zeros((8, 9), np.uint16), np.zeros((8, 8), np.uint8), np.zeros((2, 8, 8), np.uint16)):
        with pytest.raises((ValueError, TypeError)):
            ds.pixels(out=out)
    for out in ([1], 5, bytearray(128)):
        for options in ({}, {"dtype": "f4"}, {"roi": (0, 0, 2, 2)}):
            with pytest.raises(TypeError, match="out must be an ndarray"):
                ds.pixels(out=out, **options)


def test_a_read_only_out_is_a_value_error(small_files):
    out = np.zeros((8, 8), np.uint16)
    out.flags.writeable = False
    with pytest.raises(ValueError, match=r"(?i)read-?only|writ"):
        td.read(small_files["explicit little endian"]).pixels(out=out)
