# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Ctrl-C in the middle of one long call, and interpreter exit while other threads decode.

TURBODICOM_EXITS sets how many interpreters exit (default 10).
"""

import os

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import RLELossless, SecondaryCaptureImageStorage

EXITS = int(os.environ.get("TURBODICOM_EXITS", "10"))

# One call is timed undisturbed; then the same call gets SIGINT after a quarter of that time. An interrupt that
# waits for the end of the call would always take the whole time; the best of five attempts is looked at, so that
# a busy machine does not matter.
INTERRUPT = """
import os, signal, sys, threading, time
import numpy as np
import turbodicom as td
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background inherits "ignore"
workers = int(sys.argv[2])
PREPARE

def timed():
    start = time.monotonic()
    call()
    return time.monotonic() - start

timed()
whole = min(timed() for _ in range(3))
fractions = []
for _ in range(5):
    threading.Timer(whole / 4, os.kill, (os.getpid(), signal.SIGINT)).start()
    start = time.monotonic()
    try:
        call()
        time.sleep(1)
        sys.exit(f"the call of {whole:.3f} s was not interrupted")
    except KeyboardInterrupt:
        fractions.append((time.monotonic() - start) / whole)
assert min(fractions) < 0.7, f"{fractions} of {whole:.3f} s"
call()
"""
INTERRUPT_PIXELS = INTERRUPT.replace(
    "PREPARE",
    """
ds = td.read(sys.argv[1])
out = np.zeros((len(ds.frames), ds.Rows, ds.Columns), np.uint16)
call = lambda: ds.pixels(out=out, workers=workers)
""",
)
INTERRUPT_JPEG = INTERRUPT.replace(
    "PREPARE",
    """
tile = np.random.default_rng(1).integers(0, 256, (512, 512), np.uint8)
stream = td.codecs.jpeg.encode(np.tile(tile, (12, 12)), process=sys.argv[1], restart_interval="row")
out = td.codecs.jpeg.decode(stream)
call = lambda: td.codecs.jpeg.decode(stream, out=out, workers=workers)
""",
)
INTERRUPT_JPEG_ENCODE = INTERRUPT.replace(
    "PREPARE",
    """
tile = np.random.default_rng(1).integers(0, 256, (512, 512), np.uint8)
image = np.tile(tile, (24, 12))
call = lambda: td.codecs.jpeg.encode(image, process=sys.argv[1])
""",
)

EXIT = """
import sys, threading, time
import turbodicom as td
ds = td.read(sys.argv[1])
def forever():
    while True:
        ds.pixels(workers=2)
for _ in range(3):
    threading.Thread(target=forever, daemon=True).start()
time.sleep(0.05)
"""


@pytest.fixture(scope="module")
def slow_file(tmp_path_factory):
    """Return an RLE file that is slow to decode: short runs of random kind, 64 frames of 1024x1024x16 bits."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = RLELossless
    ds.SOPClassUID, ds.SOPInstanceUID = SecondaryCaptureImageStorage, "1.2.3.4"
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.NumberOfFrames = 1, "MONOCHROME2", 64
    ds.Rows = ds.Columns = 1024
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 16, 15, 0
    ds.PixelData = encapsulate([slow_frame()] * 64)
    ds["PixelData"].VR, ds["PixelData"].is_undefined_length = "OB", True
    path = tmp_path_factory.mktemp("interrupt") / "slow.dcm"
    ds.save_as(path, enforce_file_format=True)
    return path


def slow_frame():
    """Return two equal segments of 1 MiB decoded: two bytes literal, or the same twice (PS3.5 G.3)."""
    literal = np.random.default_rng(1).random(1 << 19) < 0.5
    runs = b"".join(b"\x01ab" if is_literal else b"\xffc" for is_literal in literal)
    runs += bytes(len(runs) % 2)
    return np.array([2, 64, 64 + len(runs)] + [0] * 13, "<u4").tobytes() + runs * 2


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupt_ends_a_long_call_in_the_middle(run_child, slow_file, workers):
    child = run_child(INTERRUPT_PIXELS, slow_file, workers, timeout=120)
    assert child.returncode == 0, child.stderr


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("process", ["lossless", "baseline", "progressive"])
def test_an_interrupt_ends_the_decoding_of_one_large_image(run_child, process, workers):
    child = run_child(INTERRUPT_JPEG, process, workers, timeout=120)
    assert child.returncode == 0, child.stderr


@pytest.mark.parametrize("process", ["lossless", "baseline", "progressive"])
def test_an_interrupt_ends_the_encoding_of_one_large_image(run_child, process):
    child = run_child(INTERRUPT_JPEG_ENCODE, process, 1, timeout=120)
    assert child.returncode == 0, child.stderr


def test_an_interpreter_may_exit_while_threads_decode(run_child, slow_file):
    for _ in range(EXITS):
        child = run_child(EXIT, slow_file, timeout=60)
        assert child.returncode == 0, child.stderr
