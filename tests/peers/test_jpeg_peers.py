# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""JPEG decoding against libjpeg-turbo: the same samples, for the corpus, for what encoders write, and for streams drawn by chance.

libjpeg-turbo is reached live through imagecodecs (no colour transform for "coded"), simplejpeg and Pillow (scaled).
TURBODICOM_JPEG_IMAGES sets how many images are generated (default 400; once per release 5000), TURBODICOM_SEED which.
"""

import hashlib
import os
import random

import numpy as np
import pytest

imagecodecs = pytest.importorskip("imagecodecs")
td = pytest.importorskip("turbodicom")

import jpeg_encoders
import jpeg_reference as peers
import jpeg_streams

IMAGES = int(os.environ.get("TURBODICOM_JPEG_IMAGES", "400"))
SEED = int(os.environ.get("TURBODICOM_SEED", "1"))
COLORS = ("rgb", "coded")


def findings(streams, **about):
    """Return (name, what is wrong) of every (name, stream) that is not as libjpeg-turbo has it."""
    wrong = []
    for name, stream in streams:
        for color in COLORS:
            if found := peers.disagreement(stream, color, **about):
                wrong.append((name, color, found))
    return wrong


def summary(wrong):
    return f"{len(wrong)} wrong: " + "; ".join(map(str, wrong[:8]))


# The corpus.


def is_arithmetic(row):
    return row["codestream"].split()[0] in ("SOF9", "SOF10", "SOF11")


def test_every_huffman_coded_stream_of_the_corpus_equals_libjpeg_turbo(corpus, jpeg_rows):
    rows = [row for row in jpeg_rows if not is_arithmetic(row)]
    assert len(rows) > 200
    wrong = findings((row["file"], (corpus / row["file"]).read_bytes()) for row in rows)
    assert not wrong, summary(wrong)


# The manifest's reference interpolates subsampled components of lossless frames; libjpeg-turbo, and we, repeat samples.
INTERPOLATED = {"O1.JPG", "O2.JPG"}


def test_exact_rows_of_the_corpus_have_their_sha256(corpus, jpeg_rows):
    wrong = []
    for row in jpeg_rows:
        if (
            row["expect"] == "exact"
            and not is_arithmetic(row)
            and row["file"].split("/")[-1] not in INTERPOLATED
        ):
            array, reason, _ = peers.ours((corpus / row["file"]).read_bytes(), color="rgb", on_error="report")
            if (
                isinstance(array, str)
                or hashlib.sha256(array.astype(array.dtype.newbyteorder("<")).tobytes()).hexdigest()
                != row["decoded_sha256"]
            ):
                wrong.append((row["file"], reason))
    assert not wrong, summary(wrong)


def test_arithmetic_coded_streams_are_refused_by_name(corpus, jpeg_rows):
    for row in filter(is_arithmetic, jpeg_rows):
        with pytest.raises(td.UnsupportedError, match="arithmetic") as caught:
            td.codecs.jpeg.decode((corpus / row["file"]).read_bytes())
        assert (
            "SOF" in str(caught.value)
            or "progressive" in str(caught.value)
            or "sequential" in str(caught.value)
        )


def test_raise_and_report_agree_on_what_is_damaged(corpus, jpeg_rows):
    for row in jpeg_rows:
        stream = (corpus / row["file"]).read_bytes()
        lenient, reason, rows = peers.ours(stream, on_error="report")
        strict = peers.ours(stream)[0]
        if not isinstance(lenient, str):
            assert isinstance(strict, str) == (reason is not None) == (rows < lenient.shape[0]), row["file"]
        else:
            assert isinstance(strict, str), row["file"]


# Streams drawn by chance, and what encoders write.


def drawn(kind, count):
    for number, chance in jpeg_streams.chances(SEED, count):
        made = getattr(jpeg_streams, f"random_{kind}")(chance)
        yield f"random_{kind}({SEED}, {number})", made[0] if kind == "lossless" else made


def test_streams_of_every_dct_process_drawn_by_chance_equal_libjpeg_turbo():
    wrong = findings(drawn("dct", IMAGES // 2), is_valid=True)
    assert not wrong, summary(wrong)


def test_lossless_streams_drawn_by_chance_equal_libjpeg_turbo():
    wrong = findings(drawn("lossless", IMAGES // 4), is_valid=True)
    assert not wrong, summary(wrong)


def test_lossless_streams_drawn_by_chance_decode_to_what_was_coded():
    for number, chance in jpeg_streams.chances(SEED + 1, IMAGES // 4):
        stream, samples = jpeg_streams.random_lossless(chance)
        array = td.codecs.jpeg.decode(stream, color="coded")
        assert np.array_equal(array.reshape(samples.shape), samples), number


def test_damaged_streams_drawn_by_chance_equal_libjpeg_turbo():
    def damaged():
        for kind in ("dct", "lossless"):
            for number, chance in jpeg_streams.chances(SEED, IMAGES // 4):
                made = getattr(jpeg_streams, f"random_{kind}")(chance, 40)
                made = made[0] if kind == "lossless" else made
                yield f"mutate(random_{kind}({SEED}, {number}, 40))", jpeg_streams.mutate(made, chance)

    wrong = findings(damaged())
    assert not wrong, summary(wrong)


@pytest.mark.parametrize("encoder", jpeg_encoders.ALL)
def test_what_an_encoder_writes_decodes_as_in_libjpeg_turbo(encoder):
    streams = (
        (f"{encoder.__name__}({SEED}, {n})", encoder(chance))
        for n, chance in jpeg_streams.chances(SEED, IMAGES // 10)
    )
    wrong = findings(streams, is_valid=True)
    assert not wrong, summary(wrong)


# Parts of an image, threads, instruction sets.


@pytest.mark.parametrize("reduce", [1, 2, 3])
def test_reduced_images_equal_libjpeg_turbos_scaled_decoding(reduce):
    import io

    image = pytest.importorskip("PIL.Image")
    for number, chance in jpeg_streams.chances(SEED, max(20, IMAGES // 20)):
        stream = jpeg_encoders.by_pillow(chance) if number % 2 else jpeg_encoders.by_simplejpeg(chance)
        peer = image.open(io.BytesIO(stream))
        if peer.mode == "CMYK":
            continue
        smaller = tuple(max(1, n >> reduce) for n in peer.size)
        peer.draft(peer.mode, smaller)
        expected = np.asarray(peer)
        array = td.codecs.jpeg.decode(stream, reduce=reduce)
        wanted = tuple(-(-n >> reduce) for n in image.open(io.BytesIO(stream)).size[::-1])
        assert array.shape[:2] == wanted, number
        if expected.shape[:2] == wanted:  # Pillow scales no further than the size asked for
            assert peers.alike(array, expected), (number, peers.first_difference(array, expected))


def some_streams(count):
    """Yield valid streams of every process, from all sources."""
    for number, chance in jpeg_streams.chances(SEED + 7, count):
        yield (
            number,
            chance,
            chance.choice([jpeg_streams.random_dct, jpeg_encoders.by_us, jpeg_encoders.by_pillow])(chance),
        )


def test_a_region_equals_the_crop_of_the_whole():
    for number, chance, stream in some_streams(IMAGES // 5):
        whole = td.codecs.jpeg.decode(stream, on_error="report", report=[])
        top, left = chance.randrange(whole.shape[0]), chance.randrange(whole.shape[1])
        rows, columns = chance.randint(1, whole.shape[0] - top), chance.randint(1, whole.shape[1] - left)
        part = td.codecs.jpeg.decode(stream, roi=(top, left, rows, columns))
        assert np.array_equal(part, whole[top : top + rows, left : left + columns]), number


def test_the_number_of_workers_changes_nothing():
    for number, chance, stream in some_streams(IMAGES // 5):
        del chance
        assert np.array_equal(
            td.codecs.jpeg.decode(stream, workers=1), td.codecs.jpeg.decode(stream, workers=3)
        ), number


def test_the_number_of_workers_changes_nothing_for_damaged_streams():
    for number, chance, stream in some_streams(IMAGES // 5):
        damaged = jpeg_streams.mutate(stream, chance)
        one, many = (peers.ours(damaged, workers=workers, on_error="report") for workers in (1, 3))
        assert peers.alike(one[0], many[0]), number
        assert one[1:] == many[1:], number


def test_all_instruction_sets_give_the_same_samples_damaged_or_not():
    for number, chance, stream in some_streams(IMAGES // 8):
        for data in (stream, jpeg_streams.mutate(stream, chance)):
            reduce = 0 if b"\xff\xc3" in stream else chance.randint(0, 3)
            assert peers.isa_disagreement(data, on_error="report", reduce=reduce) is None, number


def test_all_instruction_sets_encode_the_same_bytes():
    results = [peers.child_of_isa(isa)("encode_by_chance", SEED, IMAGES // 5) for isa in peers.isas()]
    assert len(results[0]) == IMAGES // 5
    assert all(result == results[0] for result in results)


def test_every_prefix_of_small_streams_equals_libjpeg_turbo():
    chance = random.Random(SEED)
    streams = [jpeg_streams.random_dct(chance, 12), jpeg_streams.random_lossless(chance, 8)[0]]
    wrong = findings(
        (f"[:{length}]", stream[:length])
        for stream in streams
        for length in range(4, len(stream), 1 + len(stream) // 150)
    )
    assert not wrong, summary(wrong)
