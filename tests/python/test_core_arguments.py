# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Arguments of the wrong kind reach the bindings and are refused there: no binding trusts its caller's memory."""

import io

import numpy as np
import pytest
import turbodicom as td
from turbodicom._pixels import frame_reader

# Encapsulated Pixel Data: an empty Basic Offset Table, one fragment of no bytes, the delimiter (PS3.5 A.4).
ITEM, DELIMITER = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0"
EMPTY_FRAGMENT = b"\xe0\x7f\x10\x00OB\0\0\xff\xff\xff\xff" + (ITEM + bytes(4)) * 2 + DELIMITER + bytes(4)


@pytest.fixture
def ds(small_files):
    """Return a Dataset of 8 x 8 uint16 values."""
    return td.read(small_files["explicit little endian"])


@pytest.mark.parametrize("name", [5, None, b"Rows", ("Rows",)])
def test_an_attribute_name_that_is_no_text_is_a_type_error(ds, name):
    with pytest.raises(TypeError, match="attribute name must be string"):
        ds.__getattribute__(name)


@pytest.mark.parametrize("out", [[1, 2, 3], 5, bytearray(128), memoryview(bytearray(128)), np.uint16(3)], ids=lambda out: type(out).__name__)
def test_an_output_that_is_no_array_is_a_type_error_in_the_core_as_well(ds, out):
    with pytest.raises(TypeError, match="ndarray"):
        frame_reader(ds).read(None, out, False, True, False, 1)
    with pytest.raises(TypeError, match="ndarray"):
        ds.pixels(out=out)


@pytest.mark.parametrize(
    "out",
    [np.zeros((), "u2"), np.zeros(64, "u2"), np.zeros((8, 8), "u1"), np.zeros((8, 8), ">u2"), np.zeros((8, 8, 1), "u2")],
    ids=lambda out: f"{out.shape} {out.dtype.str}",
)
def test_an_output_of_another_shape_or_dtype_is_a_value_error(ds, out):
    with pytest.raises(ValueError, match="shape"):
        frame_reader(ds).read(None, out, False, True, False, 1)


@pytest.mark.parametrize("decoded", [np.zeros((1, 1), "u2"), np.zeros((8, 8), "u1"), np.zeros((8, 8, 3), "u2")])
def test_a_decoded_frame_of_another_shape_or_dtype_is_not_read(ds, decoded):
    out = np.ones((8, 8), "u2")
    with pytest.raises(ValueError, match="decoded frame"):
        frame_reader(ds).finish_decoded(decoded, "MONOCHROME2", False, False, False, out)
    assert (out == 1).all()


def test_an_output_may_lie_at_an_odd_address(ds):
    expected = ds.pixels()
    odd = np.frombuffer(bytearray(expected.nbytes + 1), np.uint8)[1:].view(expected.dtype).reshape(expected.shape)
    assert not odd.flags.aligned
    assert (ds.pixels(out=odd) == expected).all()


@pytest.mark.parametrize("name", ["RLE 16 bit, two frames", "explicit big endian", "YBR_FULL_422", "palette"])
def test_an_output_may_have_any_strides(small_files, name):
    ds = td.read(small_files[name])
    expected = ds.pixels()
    spread = np.zeros((*expected.shape, 3), expected.dtype)[..., 1]
    backwards = np.zeros_like(expected)[..., ::-1]
    assert (ds.pixels(out=spread) == expected).all()
    assert (ds.pixels(out=backwards) == expected).all()


def test_an_empty_frame_of_a_file_object_is_not_asked_for(small_files, monkeypatch):
    data = small_files["uncompressed in fragments"]
    ds = td.read(io.BytesIO(data[: data.index(b"\xe0\x7f\x10\x00")] + EMPTY_FRAGMENT))
    reader = frame_reader(ds)
    monkeypatch.setattr(ds._origin, "read_at", lambda offset, size: pytest.fail(f"read {size} bytes at {offset}"))
    assert reader.codestream(0) == b""
