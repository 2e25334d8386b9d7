# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Memory: claimed lengths cost nothing, large files open in little, bombs stop early, nothing leaks.

Peaks are taken in a child process: the growth of its resident set over what importing costs.
"""

import json
import struct
import sys
import zlib

import pytest

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc/self/clear_refs")

# The kernel's high-water mark can be reset (proc(5): clear_refs 5), so each input is measured by itself.
MEASURE = """
import json, sys
import turbodicom as td

def status(name):
    with open("/proc/self/status") as text:
        return next(int(line.split()[1]) * 1024 for line in text if line.startswith(name))

def growth(work):
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    before = status("VmRSS:")
    outcome = "ok"
    try:
        work()
    except (td.Error, OSError) as error:
        outcome = type(error).__name__
    return max(0, status("VmHWM:") - before), outcome

def report(**values):
    print(json.dumps(values))
"""

SHORT_VRS = ["AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "PN", "SH", "SL", "SS", "ST", "TM", "UI", "UL", "US"]
LONG_VRS = ["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]


def measured(child):
    assert child.returncode == 0, child.stderr[-2000:]
    return json.loads(child.stdout)


def file_with(elements, meta=b"", syntax=b"1.2.840.10008.1.2.1\0"):
    """Put elements behind a preamble and a minimal file meta."""
    meta = b"\x02\x00\x10\x00UI" + struct.pack("<H", len(syntax)) + syntax + meta
    return bytes(128) + b"DICM\x02\x00\x00\x00UL\x04\x00" + struct.pack("<I", len(meta)) + meta + elements


def liars():
    """Yield small files whose lengths claim 4 GiB: every VR, file meta, item, fragment and offset table."""
    pixel_data = b"\xe0\x7f\x10\x00OB\0\0\xff\xff\xff\xff"
    for length in (0xFFFFFFFE, 0xFFFFFFFF, 0x80000000, 0x7FFFFFF0):
        huge = struct.pack("<I", length)
        item = b"\xfe\xff\x00\xe0" + huge
        for vr in LONG_VRS:
            yield file_with(b"\x09\x00\x10\x10" + vr.encode() + b"\0\0" + huge + b"data")
        for vr in SHORT_VRS:
            yield file_with(b"\x09\x00\x10\x10" + vr.encode() + b"\xff\xff" + b"data")
        yield file_with(b"", meta=b"\x02\x00\x02\x01OB\0\0" + huge)
        yield file_with(b"\x08\x00\x40\x11SQ\0\0\xff\xff\xff\xff" + item + b"data")
        yield file_with(pixel_data + item + b"data")
        yield file_with(pixel_data + b"\xfe\xff\x00\xe0\0\0\0\0" + item + b"data")
        yield file_with(b"\xe0\x7f\x10\x00" + huge + b"data", syntax=b"1.2.840.10008.1.2\0")


@linux_only
def test_lengths_that_lie_cost_no_memory(run_child, tmp_path):
    for number, data in enumerate(liars()):
        (tmp_path / f"{number:03}.dcm").write_bytes(data)
    source = MEASURE + """
from pathlib import Path
def everything(path):
    ds = td.read(str(path))
    [element.value for element in ds]
    ds.pixels()
paths = sorted(Path(sys.argv[1]).iterdir())
growth(lambda: everything(paths[0]))
worst = max((growth(lambda: everything(path))[0], path.name) for path in paths)
report(worst=worst, files=len(paths))
"""
    result = measured(run_child(source, tmp_path, limit_bytes=3 << 30))
    assert result["files"] > 100
    assert result["worst"][0] <= 8 << 20, f"file {result['worst'][1]}"


@linux_only
@pytest.mark.parametrize("encapsulated", [False, True])
def test_a_file_of_4_gib_opens_in_64_mib(run_child, tmp_path, encapsulated):
    path = tmp_path / "large.dcm"
    write_sparse(path, encapsulated)
    source = MEASURE + """
def first_elements():
    ds = td.read(sys.argv[1])
    assert ds.Rows == 32768, ds.Rows
    assert len(ds.frames) == 4
td.read(sys.argv[1])
report(growth=growth(first_elements))
"""
    grown, outcome = measured(run_child(source, path))["growth"]
    assert outcome == "ok"
    assert grown <= 64 << 20


def write_sparse(path, encapsulated):
    """Write four frames of 32768x32767 bytes, 128 KiB short of 4 GiB, as a hole in a file."""
    frame = 32768 * 32767
    syntax = b"1.2.840.10008.1.2.5\0" if encapsulated else b"1.2.840.10008.1.2.1\0"
    head = file_with(image_elements(32768, 32767, 8, 4) + b"\xe0\x7f\x10\x00OB\0\0", syntax=syntax)
    with open(path, "wb") as file:
        if not encapsulated:
            file.write(head + struct.pack("<I", 4 * frame))
            file.truncate(file.tell() + 4 * frame)
            return
        file.write(head + b"\xff\xff\xff\xff\xfe\xff\x00\xe0\0\0\0\0")
        for _ in range(4):
            file.write(b"\xfe\xff\x00\xe0" + struct.pack("<I", frame))
            file.seek(frame, 1)
        file.write(b"\xfe\xff\xdd\xe0\0\0\0\0")


def image_elements(rows, columns, bits, frames):
    """Return group 0028 of a monochrome image, explicit little endian."""
    values = {0x0002: 1, 0x0010: rows, 0x0011: columns, 0x0100: bits, 0x0101: bits, 0x0102: bits - 1, 0x0103: 0}
    elements = {e: b"US\x02\x00" + struct.pack("<H", value) for e, value in values.items()}
    elements[0x0004] = b"CS\x0c\x00MONOCHROME2 "
    elements[0x0008] = b"IS\x04\x00" + str(frames).encode().ljust(4)
    return b"".join(b"\x28\x00" + struct.pack("<H", e) + rest for e, rest in sorted(elements.items()))


@linux_only
def test_a_deflated_bomb_stops_early(run_child, tmp_path):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = bytes(16 << 20)
    head = b"\x09\x00\x10\x10OB\0\0" + struct.pack("<I", 0x7FFFFFFE)
    deflated = packer.compress(head) + b"".join(packer.compress(block) for _ in range(128)) + packer.flush()
    path = tmp_path / "bomb.dcm"
    path.write_bytes(file_with(deflated, syntax=b"1.2.840.10008.1.2.1.99"))
    assert path.stat().st_size < 3 << 20
    source = MEASURE + "report(growth=growth(lambda: list(td.read(sys.argv[1]))))"
    grown, outcome = measured(run_child(source, path))["growth"]
    assert outcome == "LimitExceededError"
    assert grown <= 96 << 20


@linux_only
def test_decoding_into_out_allocates_nothing_of_that_size(run_child, tmp_path):
    path = tmp_path / "native.dcm"
    pixels = bytes(64 << 19)
    length = struct.pack("<I", len(pixels))
    path.write_bytes(file_with(image_elements(512, 512, 16, 64) + b"\xe0\x7f\x10\x00OW\0\0" + length + pixels))
    source = MEASURE + """
import numpy as np
ds = td.read(sys.argv[1])
out = np.ones((64, 512, 512), np.uint16)
ds.pixels(frames=0)
report(growth=growth(lambda: ds.pixels(out=out)))
"""
    grown, outcome = measured(run_child(source, path))["growth"]
    assert outcome == "ok"
    assert grown <= 4 << 20  # of 32 MiB


@linux_only
def test_errors_and_results_leak_nothing(run_child, small_folder):
    source = MEASURE + """
import gc
from pathlib import Path
files = [path.read_bytes() for path in sorted(Path(sys.argv[1]).iterdir()) if "JPEG" not in path.name]
def once():
    for data in files:
        for source in (data, data[:-20], data[:200]):
            try:
                ds = td.read(source)
                str(ds)
                ds.pixels()
            except td.Error:
                pass
for _ in range(100):
    once()
gc.collect()
before = status("VmRSS:")
for _ in range(300):
    once()
gc.collect()
report(growth=status("VmRSS:") - before)
"""
    assert measured(run_child(source, small_folder))["growth"] <= 2 << 20  # of 10800 inputs
