# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Two threads against one on a 100-frame RLE file."""

import os

import numpy as np
import turbodicom as td
from datasets import NAMED, load_image, write_rle
from harness import compare

FRAMES = 100


def rows(folder, settings):
    """Yield the scaling rows; nothing on a machine with one core."""
    if len(os.sched_getaffinity(0)) < 2:
        return
    image = load_image(*NAMED[0])
    ds = td.read(write_rle(folder / "rle_100.dcm", image, frames=FRAMES))
    out = np.zeros((FRAMES, *image.array.shape), image.array.dtype)
    workload = f"RLE {FRAMES} frames of {image.name}"
    yield compare(
        "threads", workload, lambda: ds.pixels(out=out, workers=2), lambda: ds.pixels(out=out, workers=1), settings,
        peer_name="one thread", mode="into out=", threads="2", bar=1.7,
    )  # fmt: skip
    yield compare(
        "threads", workload, lambda: ds.pixels(workers=2), lambda: ds.pixels(workers=1), settings,
        peer_name="one thread", threads="2",
    )  # fmt: skip
