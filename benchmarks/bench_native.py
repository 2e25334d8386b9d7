# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Uncompressed pixels: one small file to a fresh array, and a long cine into memory at hand against pread."""

import os

import numpy as np
import pydicom
import turbodicom as td
from datasets import NAMED, load_image, write_native
from harness import compare

FRAMES = 200


def rows(folder, settings):
    """Yield the rows for uncompressed files."""
    image = load_image(*NAMED[0])
    path = write_native(folder / "ct_native.dcm", image)
    workload = f"{image.name} uncompressed file"
    yield compare(
        "uncompressed", workload, lambda: td.pixels(path), lambda: pydicom.dcmread(path).pixel_array, settings,
        peer_name="pydicom pixel_array", bar=10,
    )  # fmt: skip
    yield from against_dicomsdl(path, workload, image, settings)
    yield from against_pread(folder, image, settings)


def against_dicomsdl(path, workload, image, settings):
    """Yield the row against dicomsdl's fastest way to the stored values."""
    try:
        import dicomsdl
    except ImportError:
        return

    def peer():
        array = np.empty(image.array.shape, image.array.dtype)
        dicomsdl.open(path).copyFrameData(0, array)
        return array

    yield compare(
        "uncompressed", workload, lambda: td.pixels(path), peer, settings,
        peer_name="dicomsdl copyFrameData", bar=1,
    )  # fmt: skip


def against_pread(folder, image, settings):
    """Yield the long file into touched memory, one thread and all threads, against one pread."""
    path = write_native(folder / "ct_200.dcm", image, frames=FRAMES)
    ds = td.read(path)
    out = np.zeros((FRAMES, *image.array.shape), image.array.dtype)
    offset = ds.frames[0].spans[0][0]
    target = memoryview(out).cast("B")

    def pread():
        descriptor = os.open(path, os.O_RDONLY)
        done = 0
        while done < out.nbytes:
            done += os.preadv(descriptor, [target[done:]], offset + done)
        os.close(descriptor)

    for threads, workers in (("1", 1), ("all", None)):
        yield compare(
            "uncompressed", f"{FRAMES} frames of {image.name}", lambda: ds.pixels(out=out, workers=workers), pread,  # noqa: B023
            settings, peer_name="open + pread", mode="into out=", threads=threads, bar=1 / 1.2,
            note="bar: at most 1.2x the time",
        )  # fmt: skip
