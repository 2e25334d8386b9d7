# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The longest stall of a Python thread while another one decodes.

A watcher reads the clock in a tight loop; its longest gap is the stall. Idle is the same watcher beside a
sleeping thread. Five runs; the bar is on the median of (stall - idle), in milliseconds.
"""

import statistics
import threading
import time

import numpy as np
import turbodicom as td
from datasets import NAMED, load_image, write_native, write_rle
from harness import Row, bootstrap

RUNS = 5
BAR_MS = 2.0


def rows(folder, settings):
    """Yield one row for RLE and one for uncompressed frames."""
    image = load_image(*NAMED[1])
    seconds = 0.5 if settings.rounds >= 5 else 0.1
    for name, write in (("RLE", write_rle), ("uncompressed", write_native)):
        ds = td.read(write(folder / f"gil_{name}.dcm", image, frames=16))
        out = np.zeros((16, *image.array.shape), image.array.dtype)
        yield stall_row(f"{name} 16 frames of {image.name}", lambda: ds.pixels(out=out, workers=1), seconds)  # noqa: B023


def stall_row(workload, decode, seconds):
    """Return the row for one decoder."""
    decode()
    stalls, idles = [], []
    for _ in range(RUNS):
        idles.append(longest_gap_beside(lambda: time.sleep(0.01), seconds))
        stalls.append(longest_gap_beside(decode, seconds))
    above = [1e3 * (stall - idle) for stall, idle in zip(stalls, idles, strict=True)]
    low, high = bootstrap(above)
    return Row(
        "GIL", f"longest stall while decoding {workload}", "idle", mode="workers=1", ratio=statistics.median(above),
        low=low, high=min(high, max(above)), bar=BAR_MS, unit="ms above idle", samples=above,
        note=f"{RUNS} runs; idle {1e3 * statistics.median(idles):.2f} ms",
    )  # fmt: skip


def longest_gap_beside(work, seconds):
    """Return the longest gap in seconds that the watcher sees while another thread repeats `work`."""
    stop = threading.Event()

    def repeat():
        while not stop.is_set():
            work()

    worker = threading.Thread(target=repeat)
    worker.start()
    longest, last = 0.0, time.perf_counter()
    end = last + seconds
    while last < end:
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    stop.set()
    worker.join()
    return longest
