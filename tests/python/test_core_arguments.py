# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Arguments of the wrong kind reach the bindings and are refused there: no binding trusts its caller's memory."""

import io

import numpy as np
import pytest
import turbodicom as td
from turbodicom import _core
from turbodicom._frames import frame_reader

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
        frame_reader(ds).read(None, out, False, "rgb", False, 1, None)
    with pytest.raises(TypeError, match="ndarray"):
        ds.pixels(out=out)


@pytest.mark.parametrize(
    "out",
    [np.zeros((), "u2"), np.zeros(64, "u2"), np.zeros((8, 8), "u1"), np.zeros((8, 8), ">u2"), np.zeros((8, 8, 1), "u2")],
    ids=lambda out: f"{out.shape} {out.dtype.str}",
)
def test_an_output_of_another_shape_or_dtype_is_a_value_error(ds, out):
    with pytest.raises(ValueError, match="shape"):
        frame_reader(ds).read(None, out, False, "rgb", False, 1, None)


@pytest.mark.parametrize("decoded", [np.zeros((1, 1), "u2"), np.zeros((8, 8), "u1"), np.zeros((8, 8, 3), "u2")])
def test_a_decoded_frame_of_another_shape_or_dtype_is_not_read(ds, decoded):
    out = np.ones((8, 8), "u2")
    with pytest.raises(ValueError, match="decoded frame"):
        frame_reader(ds).finish_decoded(decoded, "MONOCHROME2", False, False, out)
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


# Settings of the codecs.

DECODING = {
    "colour": "none",
    "reduce": 0,
    "window": None,
    "workers": 1,
    "predictor6_overflow": False,
    "cornell_huffman": False,
}
ENCODING = {
    "process": "baseline",
    "precision": 8,
    "quality": 90,
    "luminance": None,
    "chrominance": None,
    "horizontal_sampling": 1,
    "vertical_sampling": 1,
    "rgb_to_ycc": False,
    "successive_approximation": True,
    "predictor": 1,
    "point_transform": 0,
    "optimise_huffman": True,
    "restart_interval": 0,
    "restart_every_row": False,
}
WRONG = {
    "colour": ["blue", 5],
    "reduce": [-1, 4, 1 << 40, 0.5, "1", None],
    "window": [5, (1,), (1, 2, 3), (-1, 0), (0, 3)],
    "workers": [-1, "two", None],
    "predictor6_overflow": ["yes"],
    "process": ["hierarchical", 5],
    "precision": [-1, 7, 40, None],
    "quality": [-5, 0, 101, "high"],
    "luminance": [[1] * 63, [-1] * 64, [0] * 64, 5, "table"],
    "chrominance": [[1] * 65, [1 << 16] * 64],
    "horizontal_sampling": [0, 3, 5, 1 << 31],
    "vertical_sampling": [0, 5],
    "restart_interval": [-1, 1 << 20],
}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in WRONG.items() for value in values], ids=str)
def test_settings_of_a_codec_are_refused_in_the_core_as_well(key, value):
    array = np.zeros((8, 8, 3), "u1")
    stream = _core.encode_codestream("jpeg", array, ENCODING)
    with pytest.raises((ValueError, TypeError, td.Error)):
        if key in DECODING:
            _core.decode_codestream("jpeg", stream, np.zeros((8, 8, 3), "u1"), False, None, {**DECODING, key: value})
        else:
            _core.encode_codestream("jpeg", array, {**ENCODING, key: value})


def test_settings_are_a_dictionary_with_every_key():
    array = np.zeros((8, 8), "u1")
    stream = _core.encode_codestream("jpeg", array, None)
    for settings in ([], 5, "reduce"):
        with pytest.raises(TypeError, match="must be a dict"):
            _core.encode_codestream("jpeg", array, settings)
        with pytest.raises(TypeError, match="must be a dict"):
            _core.decode_codestream("jpeg", stream, array, False, None, settings)
    for key in ENCODING:
        with pytest.raises(KeyError, match=key):
            _core.encode_codestream("jpeg", array, {name: value for name, value in ENCODING.items() if name != key})
    for key in DECODING:
        with pytest.raises(KeyError, match=key):
            settings = {name: value for name, value in DECODING.items() if name != key}
            _core.decode_codestream("jpeg", stream, array, False, None, settings)


def test_a_codec_that_is_not_there_is_a_key_error():
    for call in (
        lambda: _core.read_info("jpeg9", b""),
        lambda: _core.max_ratio("jpeg9"),
        lambda: _core.encode_codestream("jpeg9", np.zeros((1, 1), "u1"), None),
    ):
        with pytest.raises(KeyError, match="jpeg9"):
            call()
