# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Sixteen threads read one Dataset at the same time: what they see is what one thread sees."""

import io
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import turbodicom as td

THREADS = 16
SECONDS = 2.0  # for all files and sources together
NAMES = (
    "explicit big endian", "deflated", "nested sequences", "YBR_FULL_422", "one bit, two frames", "RLE 16 bit, two frames",
    "uncompressed in fragments",
)  # fmt: skip
SOURCES = {"bytes": bytes, "buffer": bytearray, "file object": io.BytesIO}


@pytest.fixture(autouse=True)
def _frequent_switches():
    """Let threads take turns far more often than the default of 5 ms."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(interval)


def elements(ds):
    """Return everything that is known of every element, items included."""
    return [
        (e.tag, e.vr, [elements(item) for item in e.value] if e.vr == "SQ" else e.value, e.raw, e.name, e.fragments)
        for e in ds
    ]


def everything(ds):
    """Return what a Dataset answers to every question that changes nothing."""
    attributes = [getattr(ds, e.keyword) for e in ds if e.keyword and e.vr != "SQ"]
    frames = [(frame.spans, frame.read(), frame.pixels().tobytes()) for frame in ds.frames]
    pixels = [ds.pixels(workers=2).tobytes(), ds.pixels(color="coded", workers=1).tobytes()]
    return elements(ds), attributes, frames, pixels, str(ds), list(ds.issues), list(ds.file_meta.values()), len(ds)


def sequences(ds):
    """Return the items of every sequence of every level."""
    items = [item for e in ds if e.vr == "SQ" for item in e.value]
    return items + [below for item in items for below in sequences(item)]


def together(work, shared):
    """Run `work(shared)` in THREADS threads that begin at the same moment; return their results."""
    barrier = threading.Barrier(THREADS)

    def begin(_):
        barrier.wait(30)
        return work(shared)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(begin, range(THREADS)))


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("name", NAMES)
def test_a_dataset_shared_by_threads_gives_each_what_one_thread_gets(small_files, name, source):
    expected = everything(td.read(small_files[name]))
    end = time.monotonic() + SECONDS / len(NAMES) / len(SOURCES)
    while True:
        shared = td.read(SOURCES[source](small_files[name]))  # fresh: what is found late is found by several at once
        assert together(lambda ds: everything(ds) == expected, shared) == [True] * THREADS
        if time.monotonic() > end:
            break


def test_threads_get_the_same_objects_for_the_items_of_a_sequence(small_files):
    for _ in range(20):
        shared = td.read(small_files["nested sequences"])
        found = together(lambda ds: [id(item) for item in sequences(ds)], shared)
        assert len(found[0]) == 4
        assert found == [found[0]] * THREADS


def test_threads_decode_frames_of_one_file_into_one_array(small_files, tmp_path):
    path = tmp_path / "rle.dcm"
    path.write_bytes(small_files["RLE 16 bit, two frames"])
    expected = td.pixels(path)
    shared = td.read(path)
    assert together(lambda ds: (ds.pixels(workers=4) == expected).all(), shared) == [True] * THREADS
