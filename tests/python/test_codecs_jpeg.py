# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""td.codecs.jpeg: round trips, regions, reduced sizes, destinations, damage, limits, misuse."""

import numpy as np
import pytest
import turbodicom as td

jpeg = td.codecs.jpeg
RANDOM = np.random.default_rng(2026)
DCT = ("baseline", "extended", "spectral", "progressive")
SUBSAMPLINGS = ("4:4:4", "4:2:2", "4:2:0", "4:4:0", "4:1:1")


def picture(rows, columns, samples=1, bits=8, dtype=None):
    """Return smooth shades with a little noise."""
    y, x, s = np.ogrid[:rows, :columns, :samples]
    wave = np.sin(y / 25 + s) * np.cos(x / 31 - s) * 0.4 + 0.5
    noise = RANDOM.normal(0, 0.01, (rows, columns, samples))
    values = np.clip((wave + noise) * ((1 << bits) - 1), 0, (1 << bits) - 1)
    values = values.astype(dtype or ("u1" if bits <= 8 else "u2"))
    return values if samples > 1 else values[..., 0]


GRAY, COLOUR = picture(61, 83), picture(61, 83, 3)
DEEP = picture(61, 83, bits=12)
STREAMS = {
    "lossless": (GRAY, {}),
    "lossless 16 bits": (picture(61, 83, bits=16), {}),
    "lossless colour": (COLOUR, {"predictor": 4}),
    "lossless in intervals": (DEEP, {"precision": 12, "restart_interval": "row"}),
    "baseline": (GRAY, {"process": "baseline"}),
    "baseline 4:2:0": (COLOUR, {"process": "baseline", "subsampling": "4:2:0"}),
    "baseline in intervals": (COLOUR, {"process": "baseline", "subsampling": "4:2:2", "restart_interval": "row"}),
    "extended 12 bits": (DEEP, {"process": "extended"}),
    "progressive": (COLOUR, {"process": "progressive"}),
    "progressive 12 bits": (DEEP, {"process": "progressive"}),
}
EVERY_STREAM = pytest.mark.parametrize(("array", "options"), STREAMS.values(), ids=STREAMS)


# Round trips.


@pytest.mark.parametrize("predictor", [1, 2, 3, 4, 5, 6, 7, "auto"])
@pytest.mark.parametrize("precision", [2, 7, 8, 9, 12, 15, 16])
def test_lossless_gives_back_what_was_encoded(precision, predictor):
    array = RANDOM.integers(0, 1 << precision, (17, 23), np.uint16)
    array = array.astype(np.uint8) if precision <= 8 else array
    stream = jpeg.encode(array, precision=precision, predictor=predictor)
    decoded = jpeg.decode(stream)
    assert decoded.dtype == array.dtype
    assert np.array_equal(decoded, array)
    assert jpeg.read_info(stream).precision == precision


@pytest.mark.parametrize("shape", [(1, 1), (1, 131), (131, 1), (7, 5, 2), (16, 16, 3), (5, 9, 4)], ids=str)
@pytest.mark.parametrize("dtype", ["u1", "u2", ">u2", "i1", "i2"])
def test_lossless_takes_any_shape_and_integer(shape, dtype):
    array = RANDOM.integers(0, 256, shape).astype(np.dtype(dtype).newbyteorder("=").str.replace("i", "u"))
    array = array.view(array.dtype.str.replace("u", np.dtype(dtype).kind)).astype(dtype)
    decoded = jpeg.decode(jpeg.encode(array))
    assert np.array_equal(decoded.view(decoded.dtype.str.replace("u", array.dtype.kind)), array)


def test_a_point_transform_drops_low_bits():
    stream = jpeg.encode(DEEP, precision=12, point_transform=3)
    assert np.array_equal(jpeg.decode(stream), DEEP >> 3 << 3)


@EVERY_STREAM
def test_streams_are_of_even_length_and_tell_what_they_are(array, options):
    stream = jpeg.encode(array, **options)
    info = jpeg.read_info(stream)
    assert type(stream) is bytes
    assert len(stream) % 2 == 0
    assert (info.rows, info.columns) == array.shape[:2]
    assert info.components == (array.shape[2] if array.ndim == 3 else 1)
    assert info.process == {"extended": "extended sequential"}.get(options.get("process"), options.get("process", "lossless"))
    assert info.lossless == (info.process == "lossless")
    assert info.is_subsampled == ("subsampling" in options)
    assert info.is_signed is False


@EVERY_STREAM
def test_what_comes_back_is_close_to_what_went_in(array, options):
    decoded = jpeg.decode(jpeg.encode(array, **options))
    assert (decoded.shape, decoded.dtype) == (array.shape, array.dtype)
    error = np.abs(decoded.astype(int) - array).mean() / (1 << jpeg.read_info(jpeg.encode(array, **options)).precision)
    assert error < (0.02 if "process" in options else 1e-9)


@pytest.mark.parametrize("subsampling", SUBSAMPLINGS)
@pytest.mark.parametrize("process", DCT)
def test_every_subsampling_is_written_and_read(process, subsampling):
    smooth = np.broadcast_to(np.linspace(20, 220, 80)[:, None, None], (80, 70, 3)).astype(np.uint8)
    stream = jpeg.encode(smooth, process=process, subsampling=subsampling, quality=95)
    assert jpeg.read_info(stream).is_subsampled == (subsampling != "4:4:4")
    assert np.abs(jpeg.decode(stream).astype(int) - smooth).max() <= 8


def test_quality_and_optimised_tables_change_the_size():
    sizes = [len(jpeg.encode(COLOUR, process="baseline", quality=quality)) for quality in (20, 60, 95)]
    assert sizes == sorted(sizes)
    assert len(jpeg.encode(COLOUR, process="baseline", optimise=False)) > len(jpeg.encode(COLOUR, process="baseline"))


def test_tables_are_in_natural_order():
    table = np.arange(1, 65).reshape(8, 8)
    stream = jpeg.encode(GRAY, process="baseline", tables=table)
    at = stream.index(b"\xff\xdb") + 5
    assert list(stream[at : at + 6]) == [1, 2, 9, 17, 10, 3]  # T.81 Figure A.6
    assert stream[at + 63] == 64


def test_one_table_serves_all_components_and_two_are_told_apart():
    fine, coarse = np.full((8, 8), 1), np.full((8, 8), 90)
    one = jpeg.encode(COLOUR, process="baseline", tables=fine)
    two = jpeg.encode(COLOUR, process="baseline", tables=[fine, coarse])
    assert len(two) < len(one)
    assert jpeg.encode(COLOUR, process="baseline", tables=[fine]) == one


def test_colour_is_coded_as_it_is_or_as_ycc():
    as_is = jpeg.encode(COLOUR, process="baseline", color="coded", quality=100)
    ycc = jpeg.encode(COLOUR, process="baseline", quality=100)
    assert np.abs(jpeg.decode(as_is, color="coded").astype(int) - COLOUR).max() <= 3
    assert np.abs(jpeg.decode(ycc).astype(int) - COLOUR).max() <= 4
    assert np.abs(jpeg.decode(ycc, color="coded").astype(int) - COLOUR).max() > 50
    assert (jpeg.read_info(ycc).colour, jpeg.read_info(ycc).colour_source) == ("ycc", "jfif")


@pytest.mark.parametrize(
    ("process", "restart_interval"),
    [("lossless", 83), ("lossless", 83 * 700), *((process, count) for process in DCT for count in (1, 7, 65535))]
    + [(process, "row") for process in ("lossless", *DCT)],
)
def test_restart_intervals_change_no_sample(process, restart_interval):
    whole = jpeg.encode(COLOUR, process=process)
    parts = jpeg.encode(COLOUR, process=process, restart_interval=restart_interval)
    assert b"\xff\xdd" in parts
    assert np.array_equal(jpeg.decode(parts), jpeg.decode(whole))


# Views.


@pytest.mark.parametrize("view", [np.s_[::-1], np.s_[:, ::2], np.s_[1:, 1:], np.s_[..., ::-1]], ids=str)
@pytest.mark.parametrize("process", ["lossless", "baseline", "progressive"])
def test_strided_arrays_encode_like_their_copies(process, view):
    array = COLOUR[view]
    assert jpeg.encode(array, process=process) == jpeg.encode(np.ascontiguousarray(array), process=process)


@pytest.mark.parametrize("process", ["lossless", "baseline", "progressive"])
def test_planar_arrays_encode_like_interleaved_ones(process):
    planar = np.ascontiguousarray(COLOUR.transpose(2, 0, 1))
    assert jpeg.encode(planar.transpose(1, 2, 0), process=process) == jpeg.encode(COLOUR, process=process)


@EVERY_STREAM
def test_out_may_have_any_strides(array, options):
    stream = jpeg.encode(array, **options)
    expected = jpeg.decode(stream)
    spread = np.zeros((2 * array.shape[0], 3 * array.shape[1], *array.shape[2:]), expected.dtype)
    out = spread[::-2, ::3]
    assert jpeg.decode(stream, out=out) is out
    assert np.array_equal(out, expected)
    assert not spread[:, 1::3].any()
    assert not spread[0::2].any()
    if array.ndim == 3:
        planar = np.zeros((3, *array.shape[:2]), expected.dtype)
        jpeg.decode(stream, out=planar.transpose(1, 2, 0))
        assert np.array_equal(planar.transpose(1, 2, 0), expected)


def test_sources_may_be_any_contiguous_buffer():
    stream = jpeg.encode(GRAY)
    for source in (bytearray(stream), memoryview(stream), np.frombuffer(stream, "u1")):
        assert np.array_equal(jpeg.decode(source), GRAY)
    with pytest.raises((BufferError, ValueError)):
        jpeg.decode(memoryview(stream)[::2])


# Regions, reduced sizes, threads.

REGIONS = [(0, 0, 61, 83), (0, 0, 1, 1), (60, 82, 1, 1), (17, 31, 9, 40), (33, 0, 28, 83), (5, 64, 50, 19)]


@pytest.mark.parametrize("roi", REGIONS, ids=str)
@EVERY_STREAM
def test_a_region_is_a_crop_of_the_whole(array, options, roi):
    stream = jpeg.encode(array, **options)
    row, column, rows, columns = roi
    whole = jpeg.decode(stream)
    assert np.array_equal(jpeg.decode(stream, roi=roi), whole[row : row + rows, column : column + columns])


@pytest.mark.parametrize("reduce", [1, 2, 3])
@pytest.mark.parametrize("name", [name for name in STREAMS if "lossless" not in name])
def test_reduced_sizes_are_rounded_up_and_the_picture_is_the_same(name, reduce):
    array, options = STREAMS[name]
    stream, step = jpeg.encode(array, **options), 1 << reduce
    reduced = jpeg.decode(stream, reduce=reduce)
    assert reduced.shape == (-(-61 // step), -(-83 // step), *array.shape[2:])
    inside = array[: 61 // step * step, : 83 // step * step].astype(float)
    blocks = inside.reshape(61 // step, step, 83 // step, step, *array.shape[2:]).mean((1, 3))
    error = np.abs(reduced[: 61 // step, : 83 // step] - blocks).mean()
    assert error < 0.03 * (1 << jpeg.read_info(stream).precision)


@pytest.mark.parametrize("roi", REGIONS, ids=str)
@pytest.mark.parametrize("reduce", [1, 2, 3])
@pytest.mark.parametrize("name", ["baseline", "baseline 4:2:0", "baseline in intervals", "progressive 12 bits"])
def test_a_region_of_a_reduced_image_is_a_crop_of_it(name, reduce, roi):
    array, options = STREAMS[name]
    stream, step = jpeg.encode(array, **options), 1 << reduce
    row, column, rows, columns = roi[0] // step, roi[1] // step, -(-roi[2] // step), -(-roi[3] // step)
    whole = jpeg.decode(stream, reduce=reduce)
    part = jpeg.decode(stream, reduce=reduce, roi=roi)
    assert np.array_equal(part, whole[row : row + rows, column : column + columns])


@EVERY_STREAM
def test_workers_change_no_sample(array, options):
    stream = jpeg.encode(array, **options)
    assert np.array_equal(jpeg.decode(stream, workers=4), jpeg.decode(stream, workers=1))


def test_lossless_is_not_reduced():
    with pytest.raises(td.UnsupportedError, match="reduced"):
        jpeg.decode(jpeg.encode(GRAY), reduce=1)


def test_workarounds_are_taken_and_change_nothing_without_need():
    stream = jpeg.encode(GRAY)
    for names in (["predictor6_overflow"], ("cornell_huffman",), ("predictor6_overflow", "cornell_huffman")):
        assert np.array_equal(jpeg.decode(stream, workarounds=names), GRAY)


# Damage.


@EVERY_STREAM
def test_every_prefix_raises_a_typed_error_with_codec_and_offset_or_is_whole(array, options):
    stream = jpeg.encode(array, **options)
    whole, raised = jpeg.decode(stream), 0
    for length in [*range(0, len(stream), 7), *range(len(stream) - 9, len(stream))]:
        try:
            assert np.array_equal(jpeg.decode(stream[:length]), whole), length
        except (td.TruncatedDataError, td.CorruptDataError) as error:
            raised += 1
            assert error.codec == "jpeg"
            assert 0 <= error.offset <= length
            assert str(error).startswith("jpeg: ")
    assert raised >= len(stream) // 7 - 3


@EVERY_STREAM
def test_report_keeps_the_rows_above_the_damage(array, options):
    stream = jpeg.encode(array, **options)
    whole, report = jpeg.decode(stream), []
    with pytest.warns(UserWarning, match="not whole"):
        decoded = jpeg.decode(stream[: len(stream) * 3 // 4], on_error="report", report=report)
    (entry,) = report
    assert decoded.shape == whole.shape
    assert 0 <= entry.valid_rows < array.shape[0]
    assert np.array_equal(decoded[: entry.valid_rows], whole[: entry.valid_rows])
    assert "jpeg" in entry.reason
    assert entry.decoder == "turbodicom jpeg"


def test_the_rows_above_the_damage_are_many():
    report = []
    with pytest.warns(UserWarning, match="not whole"):
        jpeg.decode(jpeg.encode(DEEP, precision=12)[:-40], on_error="report", report=report)
    assert report[0].valid_rows > 50


def test_what_was_in_out_never_shows():
    stream, results = jpeg.encode(COLOUR, process="baseline"), []
    for before in (0, 0xFF):
        out = np.full(COLOUR.shape, before, np.uint8)
        with pytest.warns(UserWarning, match="not whole"):
            jpeg.decode(stream[: len(stream) // 2], out=out, on_error="report")
        results.append(out)
    assert np.array_equal(*results)


def test_a_missing_end_marker_is_a_quirk_and_a_whole_frame_has_no_reason():
    report, stream = [], jpeg.encode(GRAY)
    jpeg.decode(stream, report=report)
    jpeg.decode(stream[: stream.rindex(b"\xff\xd9")], report=report)
    assert [(entry.reason, entry.valid_rows, entry.quirks) for entry in report] == [
        (None, 61, []),
        (None, 61, ["missing_end_marker"]),
    ]


@pytest.mark.parametrize(("marker", "name"), [(0xC9, "arithmetic"), (0xC5, "hierarchical"), (0xCB, "arithmetic")])
def test_unsupported_processes_are_refused_by_name(marker, name):
    stream = jpeg.encode(GRAY, process="baseline").replace(b"\xff\xc0", bytes([0xFF, marker]))
    for call in (jpeg.read_info, jpeg.decode):
        with pytest.raises(td.UnsupportedError, match=name):
            call(stream)


# Limits and misuse.


def test_no_room_is_made_for_a_frame_that_no_bytes_justify():
    stream = bytearray(jpeg.encode(GRAY, process="baseline"))
    at = stream.index(b"\xff\xc0") + 5
    stream[at : at + 4] = b"\xff\xff" * 2
    for on_error in ("raise", "report"):
        with pytest.raises((td.TruncatedDataError, td.LimitExceededError)):
            jpeg.decode(stream, on_error=on_error)


def test_limits_are_charged():
    stream = jpeg.encode(DEEP)
    with pytest.raises(td.LimitExceededError, match="pixels"):
        jpeg.decode(stream, limits=td.Limits(pixels_per_frame=DEEP.size - 1))
    with pytest.raises(td.LimitExceededError, match="bytes"):
        jpeg.decode(stream, limits=td.Limits(bytes_per_frame=DEEP.nbytes - 1))
    assert np.array_equal(jpeg.decode(stream, limits=td.Limits(bytes_per_frame=DEEP.nbytes)), DEEP)


@pytest.mark.parametrize(
    ("keywords", "error", "words"),
    [
        ({"color": "ycc"}, ValueError, "color must be one of 'rgb', 'coded', not 'ycc'"),
        ({"reduce": 4}, ValueError, "reduce must be from 0 to 3, not 4"),
        ({"reduce": 1.0}, TypeError, "reduce must be a whole number, not 1.0"),
        ({"roi": (0, 0, 4)}, ValueError, "roi must be"),
        ({"roi": (0, 0, 0, 4)}, ValueError, "at least one pixel, not 0 x 4"),
        ({"roi": (0, 0, -1, 4)}, ValueError, "roi must be from 0"),
        ({"roi": (60, 0, 2, 4)}, ValueError, "beyond the image of 61 x 83"),
        ({"roi": (0, 0.5, 2, 4)}, TypeError, "whole number"),
        ({"workarounds": ["none such"]}, ValueError, "workaround must be one of"),
        ({"workarounds": "cornell_huffman"}, TypeError, "sequence of names"),
        ({"workers": 0}, ValueError, "workers must be from 1"),
        ({"on_error": "ignore"}, ValueError, "on_error must be"),
        ({"report": ()}, TypeError, "report must be a list"),
        ({"limits": 5}, TypeError, "limits must be a turbodicom.Limits, not int"),
        ({"out": np.zeros((61, 84), "u1")}, ValueError, "out must have shape"),
        ({"out": np.zeros((61, 83), "u2")}, ValueError, "dtype uint8, not"),
        ({"out": bytearray(61 * 83)}, TypeError, "out must be an ndarray"),
        ({"out": np.broadcast_to(np.uint8(0), (61, 83))}, ValueError, "writeable"),
    ],
    ids=str,
)
def test_misuse_of_decode_is_refused(keywords, error, words):
    with pytest.raises(error, match=words):
        jpeg.decode(jpeg.encode(GRAY, process="baseline"), **keywords)


@pytest.mark.parametrize(
    ("array", "keywords", "error", "words"),
    [
        (np.zeros(4, "u1"), {}, ValueError, "not of shape"),
        (np.zeros((0, 4), "u1"), {}, ValueError, "not of shape"),
        (np.zeros((4, 4), "f4"), {}, TypeError, "must hold integers"),
        (np.zeros((4, 4), "u4"), {}, TypeError, "8 or 16-bit integers, not uint32"),
        (np.zeros((4, 4, 5), "u1"), {}, ValueError, "1 to 4 samples a pixel, not 5"),
        (np.broadcast_to(np.uint8(0), (1, 65536)), {}, ValueError, "65535"),
        (np.zeros((4, 4), "i2"), {"process": "extended"}, TypeError, "unsigned integers for process 'extended'"),
        (GRAY, {"process": "arithmetic"}, ValueError, "process must be one of 'lossless'"),
        (GRAY, {"precision": 1}, ValueError, "from 2 to 16, not 1"),
        (GRAY, {"precision": 9}, ValueError, "at most 8 for uint8, not 9"),
        (DEEP, {"precision": 10, "process": "extended"}, ValueError, "8 or 12 for process 'extended', not 10"),
        (DEEP, {"precision": 12, "process": "baseline"}, ValueError, "must be 8 for process 'baseline', not 12"),
        (DEEP, {"precision": 9}, ValueError, "precision of 9 bits"),
        (DEEP, {"process": "baseline"}, ValueError, "8 bits"),
        (GRAY, {"predictor": 8}, ValueError, "predictor must be from 1 to 7, not 8"),
        (GRAY, {"predictor": "best"}, TypeError, "predictor must be a whole number"),
        (GRAY, {"predictor": 2, "process": "baseline"}, ValueError, "predictor is for process 'lossless' only"),
        (GRAY, {"point_transform": 8}, ValueError, "from 0 to 7, not 8"),
        (GRAY, {"quality": 0, "process": "baseline"}, ValueError, "quality must be from 1 to 100, not 0"),
        (GRAY, {"tables": np.ones((8, 8), int)}, ValueError, "tables is for DCT processes only"),
        (GRAY, {"tables": np.ones(64, int), "process": "baseline"}, ValueError, r"of shape \(8, 8\)"),
        (GRAY, {"tables": np.ones((8, 8)), "process": "baseline"}, TypeError, "hold integers, not float64"),
        (GRAY, {"tables": np.zeros((8, 8), int), "process": "baseline"}, ValueError, "1 to 255, not 0 to 0"),
        (GRAY, {"tables": np.full((8, 8), 256), "process": "baseline"}, ValueError, "1 to 255, not 256"),
        (COLOUR, {"subsampling": "4:2:1", "process": "baseline"}, ValueError, "subsampling must be one of"),
        (GRAY, {"subsampling": "4:2:0", "process": "baseline"}, ValueError, "needs 3 samples a pixel, not 1"),
        (COLOUR, {"subsampling": "4:2:0"}, ValueError, "subsampling is for DCT processes only"),
        (COLOUR, {"color": "rgb"}, ValueError, "color must be one of 'ycc', 'coded'"),
        (COLOUR, {"color": "ycc"}, ValueError, "for DCT processes and 3 samples"),
        (GRAY, {"color": "ycc", "process": "baseline"}, ValueError, "for DCT processes and 3 samples"),
        (GRAY, {"restart_interval": 0}, ValueError, "from 1 to 65535, not 0"),
        (GRAY, {"restart_interval": "rows"}, TypeError, "whole number"),
        (GRAY, {"restart_interval": 82}, ValueError, "multiple of the 83 columns"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_misuse_of_encode_is_refused(array, keywords, error, words):
    with pytest.raises(error, match=words):
        jpeg.encode(array, **keywords)


def test_what_is_not_bytes_is_refused_without_being_quoted():
    for call in (jpeg.decode, jpeg.read_info):
        with pytest.raises(TypeError, match="source must be bytes-like, not str") as caught:
            call("DOE^JANE")
        assert "DOE" not in str(caught.value)


@pytest.mark.parametrize("source", [b"", b"\xff", b"\xff\xd8", b"\xff\xd8\xff\xd9", bytes(64)], ids=bytes.hex)
def test_no_codestream_at_all_is_our_error(source):
    for call in (jpeg.decode, jpeg.read_info):
        with pytest.raises((td.TruncatedDataError, td.CorruptDataError)):
            call(source)
