# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""td.codecs on bare codestreams: round trips, destinations, damage, limits, misuse."""

import sys
import threading

import numpy as np
import pytest
import turbodicom as td

rle = td.codecs.rle
RANDOM = np.random.default_rng(2026)
DTYPES = ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8"]
SHAPES = [(1, 1), (1, 131), (131, 1), (7, 5), (16, 300), (5, 7, 3), (3, 129, 1)]


def sample(shape, dtype):
    """Return runs and literals mixed."""
    steps = RANDOM.integers(0, 4, shape) * (RANDOM.random(shape) < 0.2)
    return (np.cumsum(steps).reshape(shape) * 77).astype(dtype)


def fits(shape, dtype):
    return np.dtype(dtype).itemsize * (shape[2] if len(shape) == 3 else 1) <= 15


CASES = [(shape, dtype) for shape in SHAPES for dtype in DTYPES if fits(shape, dtype)]


def test_every_name_is_a_codec_with_the_three_functions():
    for name in td.codecs.names():
        codec = getattr(td.codecs, name)
        assert all(callable(getattr(codec, function)) for function in ("read_info", "decode", "encode"))


@pytest.mark.parametrize(("shape", "dtype"), CASES, ids=str)
def test_decode_gives_back_what_was_encoded(shape, dtype):
    array = sample(shape, dtype)
    stream = rle.encode(array)
    assert len(stream) % 2 == 0
    decoded = rle.decode(stream, shape, dtype)
    assert decoded.dtype == dtype
    assert np.array_equal(decoded, array)


def test_read_info_counts_segments_and_knows_no_size():
    info = rle.read_info(rle.encode(sample((4, 4, 3), "u2")))
    assert (info.rows, info.columns, info.components, info.precision, info.lossless) == (
        None,
        None,
        6,
        8,
        True,
    )


@pytest.mark.parametrize("view", [np.s_[:], np.s_[::-1], np.s_[:, ::2], np.s_[1:, 1:]], ids=str)
def test_strided_and_foreign_endian_arrays_encode_like_their_copies(view):
    array = sample((9, 20), "u2")[view]
    expected = rle.encode(np.ascontiguousarray(array))
    assert rle.encode(array) == expected
    assert rle.encode(array.astype(">u2")) == expected


def test_booleans_encode_as_bytes():
    array = sample((6, 6), "u1") % 2
    assert rle.encode(array.astype(bool)) == rle.encode(array)


def test_decode_fills_out_with_any_strides():
    array = sample((6, 8, 3), "u2")
    stream = rle.encode(array)
    planar = np.zeros((3, 6, 8), "u2")
    out = planar.transpose(1, 2, 0)
    assert rle.decode(stream, out.shape, "u2", out=out) is out
    assert np.array_equal(planar, array.transpose(2, 0, 1))
    wide = np.zeros((12, 16, 3), "u2")
    rle.decode(stream, array.shape, "u2", out=wide[::-2, ::2])
    assert np.array_equal(wide[::-2, ::2], array)
    assert not wide[::2].any()


def test_sources_may_be_any_contiguous_buffer():
    array = sample((5, 5), "u1")
    stream = rle.encode(array)
    for source in (bytearray(stream), memoryview(stream), np.frombuffer(stream, "u1")):
        assert np.array_equal(rle.decode(source, (5, 5), "u1"), array)
    with pytest.raises((BufferError, ValueError)):
        rle.decode(memoryview(stream)[::2], (5, 5), "u1")


# Damage.


def test_every_prefix_raises_a_typed_error_with_codec_and_offset():
    stream = rle.encode(sample((9, 13), "u2"))
    needed = len(stream) - 1 if stream[-1] == 0 else len(stream)
    for length in range(needed):
        with pytest.raises((td.TruncatedDataError, td.CorruptDataError, td.ConformanceError)) as caught:
            rle.decode(stream[:length], (9, 13), "u2")
        assert caught.value.codec == "rle"
        assert 0 <= caught.value.offset <= length
        assert str(caught.value).startswith("rle: ")


def test_a_wrong_number_of_segments_is_a_conformance_error():
    with pytest.raises(td.ConformanceError, match="segments"):
        rle.decode(rle.encode(sample((4, 4), "u2")), (4, 4), "u1")


def test_report_keeps_whole_rows_and_fills_the_rest_with_zeros():
    array = np.repeat(np.arange(1, 9, dtype="u1"), 40).reshape(8, 40)
    stream = rle.encode(array)
    report = []
    cut = stream[: 64 + (len(stream) - 64) // 2]
    with pytest.warns(UserWarning, match="not whole"):
        decoded = rle.decode(cut, (8, 40), "u1", on_error="report", report=report)
    (entry,) = report
    assert 0 < entry.valid_rows < 8
    assert np.array_equal(decoded[: entry.valid_rows], array[: entry.valid_rows])
    assert not decoded[entry.valid_rows + 1 :].any()
    assert "rle" in entry.reason
    assert entry.offset <= len(cut)


def test_what_was_in_out_never_shows():
    cut = rle.encode(sample((8, 40), "u2"))[:80]
    results = []
    for before in (0, 0xFFFF):
        out = np.full((8, 40), before, "u2")
        with pytest.warns(UserWarning):
            rle.decode(cut, out.shape, "u2", out=out, on_error="report")
        results.append(out)
    assert np.array_equal(*results)


def test_a_whole_frame_reports_no_reason():
    report = []
    rle.decode(rle.encode(sample((4, 4), "u1")), (4, 4), "u1", report=report)
    assert [(entry.reason, entry.valid_rows) for entry in report] == [(None, 4)]


# Limits and misuse.


def test_limits_are_charged_before_anything_is_allocated():
    stream = rle.encode(sample((4, 4), "u1"))
    with pytest.raises(td.LimitExceededError, match="pixels"):
        rle.decode(stream, (1 << 20, 1 << 20), "u1")
    with pytest.raises(td.LimitExceededError, match="bytes"):
        rle.decode(stream, (4, 4), "u1", limits=td.Limits(bytes_per_frame=15))


@pytest.mark.parametrize(
    ("arguments", "keywords", "error"),
    [
        (((4,), "u1"), {}, ValueError),
        (((4, 0), "u1"), {}, ValueError),
        (((4, -4), "u1"), {}, ValueError),
        (((4, 4), "f4"), {}, TypeError),
        (((4, 4), ">u2"), {}, TypeError),
        (((4, 4), "u1"), {"on_error": "ignore"}, ValueError),
        (((4, 4), "u1"), {"out": np.zeros((4, 5), "u1")}, ValueError),
        (((4, 4), "u1"), {"out": np.zeros((4, 4), "i1")}, ValueError),
        (((4, 4), "u1"), {"out": bytearray(16)}, TypeError),
        (((4, 4), "u1"), {"out": np.frombuffer(bytes(16), "u1").reshape(4, 4)}, ValueError),
    ],
    ids=str,
)
def test_misuse_of_decode_is_refused(arguments, keywords, error):
    with pytest.raises(error):
        rle.decode(rle.encode(sample((4, 4), "u1")), *arguments, **keywords)


@pytest.mark.parametrize(
    ("array", "error"),
    [
        (np.zeros(4, "u1"), ValueError),
        (np.zeros((0, 4), "u1"), ValueError),
        (np.zeros((4, 4), "f4"), TypeError),
        (np.zeros((4, 4, 4), "u4"), ValueError),
    ],
    ids=["1-D", "empty", "floats", "16 segments"],
)
def test_misuse_of_encode_is_refused(array, error):
    with pytest.raises(error):
        rle.encode(array)


def other_thread_runs_during(work):
    """Whether a thread that waits for the GIL gets it before `work` returns."""
    seen, start, interval = [], threading.Event(), sys.getswitchinterval()
    thread = threading.Thread(target=lambda: start.wait() and seen.append(1))
    thread.start()
    try:
        sys.setswitchinterval(60)  # so that only a release inside the call lets it run
        start.set()
        work()
        return bool(seen)
    finally:
        sys.setswitchinterval(interval)
        thread.join()


def test_decoding_and_encoding_release_the_gil():
    array = np.zeros((4096, 4096, 2), "u2")
    stream, out = rle.encode(array), np.empty_like(array)
    for work in (lambda: rle.decode(stream, array.shape, "u2", out=out), lambda: rle.encode(array)):
        assert any(other_thread_runs_during(work) for _ in range(5))  # a busy machine may be late once


def test_many_threads_decode_at_once():
    array = sample((64, 300), "u2")
    stream = rle.encode(array)
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(rle.decode(stream, array.shape, "u2")))
        for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 16
    assert all(np.array_equal(result, array) for result in results)


def test_what_is_not_bytes_is_refused_without_being_quoted():
    for call in (lambda: td.codecs.rle.decode("DOE^JANE", (2, 2), "u1"), lambda: td.codecs.rle.read_info("DOE^JANE")):
        with pytest.raises(TypeError, match="source must be bytes-like, not str") as caught:
            call()
        assert "DOE" not in str(caught.value)
    with pytest.raises(TypeError, match="report must be a list"):
        td.codecs.rle.decode(bytes(64), (2, 2), "u1", report=5)
