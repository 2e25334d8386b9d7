# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Broken JPEG streams, bare: one of our errors or an array, in bounded time and memory (RELIABILITY D1, D2, D5, D8, D9).

The streams are those of the corpus, every one cut and with bytes changed, and bombs computed here. All work is done in
a child process that measures each call by itself.
"""

import json
import struct
import sys

import pytest

# For each stream: what raise and report give, seconds over D8's bound, bytes over D9's; prints what is wrong.
MEASURE = """
import json, random, sys, time, warnings
from pathlib import Path
import numpy as np
import turbodicom as td

warnings.simplefilter("ignore")
jpeg = td.codecs.jpeg
SLACK = float(sys.argv[3])  # of the time bound: other work on the machine, sanitizers

def status(name):
    with open("/proc/self/status") as text:
        return next(int(line.split()[1]) * 1024 for line in text if line.startswith(name))

def measured(call):
    if sys.platform == "linux":
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")  # proc(5): the high-water mark begins anew
    before = status("VmRSS:") if sys.platform == "linux" else 0
    start = time.perf_counter()
    try:
        result = call()
    except td.Error as error:
        result = error
    seconds = time.perf_counter() - start
    return result, seconds, (status("VmHWM:") - before) if sys.platform == "linux" else 0

def samples_of(stream):
    try:
        info = jpeg.read_info(stream)
    except td.Error:
        return 0, 1
    return info.rows * info.columns * info.components, 1 if info.precision <= 8 else 2

def within(seconds_bound, bytes_bound, call):
    # The system takes pages back from the process and brings them again, which counts as growth: a second and a
    # third try tell it from what the call takes.
    for _ in range(3):
        result, seconds, grown = measured(call)
        if seconds <= SLACK * seconds_bound and grown <= bytes_bound:
            return result, None
    return result, f"{seconds:.3f} s, bound {seconds_bound:.3f} s; {grown >> 10} KiB, bound {bytes_bound >> 10} KiB"

def examine(name, stream, findings, counts):
    samples, width = samples_of(stream)
    seconds = 5e-3 + 40e-9 * samples + 1e-6 * len(stream)  # D8
    room = 5 * samples * width + len(stream) + (16 << 20)  # D9; the frame is the decoded one
    for color in ("rgb", "coded"):
        report = []
        strict, too_much = within(seconds, room, lambda: jpeg.decode(stream, color=color))
        lenient, too_much2 = within(seconds, room, lambda: jpeg.decode(stream, color=color, on_error="report", report=report))
        counts[type(strict).__name__] = counts.get(type(strict).__name__, 0) + 1
        findings += [[name, what] for what in (too_much, too_much2) if what]
        check_report(name, strict, lenient, report, findings)

def check_report(name, strict, lenient, report, findings):
    if not isinstance(lenient, np.ndarray):
        if isinstance(strict, np.ndarray):
            findings.append([name, "report refuses what raise decodes"])
        return
    entry = report[0]
    if isinstance(strict, np.ndarray) != (entry.reason is None) or (entry.reason is None) != (entry.valid_rows == lenient.shape[0]):
        findings.append([name, f"raise: {type(strict).__name__}; report: {entry.reason}, {entry.valid_rows} rows of {lenient.shape[0]}"])
    if isinstance(strict, np.ndarray) and not np.array_equal(strict, lenient):
        findings.append([name, "raise and report give different samples"])

def streams(folder, seed):
    for path in sorted(path for path in Path(folder).rglob("*") if path.is_file() and path.suffix != ".csv"):
        stream = path.read_bytes()
        yield path.name, stream
        if seed:
            chance = random.Random(f"{seed} {path.name}")
            data = bytearray(stream)
            for _ in range(chance.randint(1, 3)):
                data[chance.randrange(min(len(data), 700))] = chance.choice([0, 1, 0x11, 0x7F, 0xFF, chance.randrange(256)])
            yield f"{path.name} with bytes changed, seed {seed}", bytes(data)
            yield f"{path.name} cut", stream[: chance.randrange(len(stream))]

findings, counts = [], {}
examine("first", b"", findings, counts)
for name, stream in streams(sys.argv[1], int(sys.argv[2])):
    examine(name, stream, findings, counts)
print(json.dumps({"findings": findings, "counts": counts}))
"""
SLACK = 20  # other tests may run beside this one; the bound itself is checked by the fuzz targets


def examined(run_child, folder, seed=0, timeout=300):
    child = run_child(MEASURE, folder, seed, SLACK, timeout=timeout)
    assert child.returncode == 0, child.stderr[-2000:]
    return json.loads(child.stdout)


def test_malformed_streams_of_the_corpus_stay_within_time_and_memory(run_child, corpus):
    result = examined(run_child, corpus / "malformed" / "jpeg")
    assert result["findings"] == []
    assert result["counts"]["ndarray"] > 0
    assert len(result["counts"]) > 2


def test_damaged_streams_of_the_corpus_stay_within_time_and_memory(run_child, corpus):
    assert examined(run_child, corpus / "jpeg", seed=1)["findings"] == []


# Bombs.


def segment(code, body):
    return bytes([0xFF, code]) + struct.pack(">H", len(body) + 2) + body


def frame(code, rows, columns, components=1, precision=8, sampling=0x11):
    """Return SOFn (T.81 B.2.2)."""
    about = b"".join(bytes([i + 1, sampling if i == 0 else 0x11, 0]) for i in range(components))
    return segment(code, struct.pack(">BHHB", precision, rows, columns, components) + about)


def scan(start=0, end=63, bits=0, components=1):
    """Return SOS (B.2.3)."""
    about = b"".join(bytes([i + 1, 0]) for i in range(components))
    return segment(0xDA, bytes([components]) + about + bytes([start, end, bits]))


QUANT = segment(0xDB, bytes([0]) + bytes([1] * 64))
# One code of one bit: 0 is category 0 (DC) and end of band (AC).
HUFFMAN = segment(0xC4, b"".join(bytes([kind, 1]) + bytes(15) + b"\0" for kind in (0x00, 0x10)))


def progressive_bomb():
    """A thousand scans, each of no more than a few bytes, over the largest image its bytes might justify."""
    body = b"".join(scan(k % 63 + 1, k % 63 + 1) + bytes(8) for k in range(1000))
    return (
        b"\xff\xd8"
        + QUANT
        + HUFFMAN
        + frame(0xC2, 4096, 4096)
        + scan(0, 0)
        + bytes(1 << 15)
        + body
        + b"\xff\xd9"
    )


def end_of_band_bomb():
    """Scans whose bits are one run of ended bands over the whole image: little to read, much to visit."""
    table = segment(0xC4, bytes([0x10, 1]) + bytes(15) + b"\xe0")  # EOB14: 16384 blocks or more
    scans = b"".join(scan(k % 63 + 1, k % 63 + 1) + bytes(600) for k in range(300))
    return (
        b"\xff\xd8" + QUANT + HUFFMAN + frame(0xC2, 8192, 8192) + scan(0, 0) + bytes(1 << 17) + table + scans
    )


def lossless_bomb():
    """A thousand scans of the first component of a narrow image, each of nearly no bytes."""
    again = scan(1, 0) + bytes(20)
    body = frame(0xC3, 65000, 2, 2) + scan(1, 0) + bytes(65000 * 2 // 8 + 8) + again * 1000
    return b"\xff\xd8" + HUFFMAN + body + b"\xff\xd9"


BOMBS = {
    "65500x65500 in 200 bytes": b"\xff\xd8" + QUANT + HUFFMAN + frame(0xC0, 65500, 65500) + scan() + bytes(9),
    "65500x65500 progressive": b"\xff\xd8" + QUANT + HUFFMAN + frame(0xC2, 65500, 65500) + scan(0, 0) + bytes(9),
    "65500x65500 lossless": b"\xff\xd8" + HUFFMAN + frame(0xC3, 65500, 65500, 4, 16) + scan(1, 0, 0, 4) + bytes(9),
    "one row of 65535": b"\xff\xd8" + QUANT + HUFFMAN + frame(0xC0, 1, 65535, sampling=0x44) + scan() + bytes(40),
    "one column of 65535": b"\xff\xd8" + QUANT + HUFFMAN + frame(0xC0, 65535, 1, sampling=0x44) + scan() + bytes(40),
    "a thousand scans": progressive_bomb(),
    "runs of ended bands": end_of_band_bomb(),
    "a thousand lossless scans": lossless_bomb(),
    "a hundred thousand tables": b"\xff\xd8" + HUFFMAN * 100_000,
    "a million fill bytes": b"\xff\xd8" + b"\xff" * 1_000_000 + frame(0xC0, 8, 8)[1:],
    "a million restart markers": b"\xff\xd8" + QUANT + HUFFMAN + segment(0xDD, b"\0\1") + frame(0xC0, 1000, 1000) + scan() + b"\xff\xd0" * 1_000_000,
    "a million wrong restart markers": b"\xff\xd8" + QUANT + HUFFMAN + segment(0xDD, b"\0\1") + frame(0xC0, 1000, 1000) + scan() + b"\xff\xd7\xff\xd3" * 500_000,
    "stuffed bytes without end": b"\xff\xd8" + QUANT + HUFFMAN + frame(0xC0, 1000, 1000) + scan() + b"\xff\xff\xff\x00" * 300_000,
    "fill bytes for data": b"\xff\xd8" + QUANT + HUFFMAN + frame(0xC0, 2000, 2000) + scan() + b"\xff" * 1_000_000,
}  # fmt: skip


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc/self/clear_refs")
def test_bombs_stay_within_time_and_memory(run_child, tmp_path):
    for name, stream in BOMBS.items():
        (tmp_path / f"{name}.jpg").write_bytes(stream)
    assert examined(run_child, tmp_path)["findings"] == []
