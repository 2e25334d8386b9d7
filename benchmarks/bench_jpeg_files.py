# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""JPEG files: from file to array against pydicom with its default order of plugins, and two threads against one."""

import os

import numpy as np
import pydicom
import turbodicom as td
from datasets import NAMED, as_stored_bits, load_image, mosaic, windowed, write_encapsulated
from harness import compare
from pydicom import uid

FILE_BAR, THREADS_BAR = 5, 1.8
FRAMES = 100


def rows(folder, settings):
    """Yield the rows of files."""
    try:
        import imagecodecs
    except ImportError:
        return
    for label, path, allowed in files(folder, imagecodecs):
        yield file_row(label, path, allowed, settings)
    yield from thread_rows(folder, imagecodecs, settings)


def files(folder, peer):
    """Write and yield (label, path, difference that another inverse transform or colour matrix may make)."""
    ct, mr, xray, colour = (as_stored_bits(load_image(*entry)) for entry in NAMED)
    for image in (ct, mr, xray, mosaic()):
        first = image.label.split()[0]
        gray, twelve = windowed(image, 8), windowed(image, 12)
        streams = {
            "50": (gray, peer.jpeg8_encode(gray.array, level=90, optimize=True), uid.JPEGBaseline8Bit),
            "51": (twelve, peer.jpeg8_encode(twelve.array, level=90, bitspersample=12), uid.JPEGExtended12Bit),
            "57": (image, lossless(peer, image, 7), uid.JPEGLossless),
            "70": (image, lossless(peer, image, 1), uid.JPEGLosslessSV1),
        }
        for name, (source, stream, syntax) in streams.items():
            path = write_encapsulated(folder / f"{first}_{name}.dcm", source, [stream], syntax)
            yield f"file .{name} {image.name}", path, {"50": 1, "51": 3}.get(name, 0)
    stream = peer.jpeg8_encode(colour.array, level=90, subsampling="422", optimize=True)
    path = write_encapsulated(folder / "colour_50.dcm", colour, [stream], uid.JPEGBaseline8Bit, photometric="YBR_FULL_422")
    yield f"file .50 {colour.name}", path, 3
    path = write_encapsulated(folder / "colour_70.dcm", colour, [lossless(peer, colour, 1)], uid.JPEGLosslessSV1)
    yield f"file .70 {colour.name}", path, 0


def lossless(peer, image, predictor):
    """Return libjpeg-turbo's lossless stream."""
    colour = {"colorspace": "RGB", "outcolorspace": "RGB"} if image.array.ndim == 3 else {}
    return peer.jpeg8_encode(image.array, lossless=True, predictor=predictor, bitspersample=image.bits_stored, **colour)


def file_row(label, path, allowed, settings):
    """Return the row from file to fresh array, one thread."""
    ours, theirs = td.pixels(path, workers=1), pydicom.dcmread(path).pixel_array
    difference = int(np.abs(ours.astype(int) - theirs.astype(int)).max())
    if difference > allowed:
        raise AssertionError(f"{label}: values differ from pydicom's by {difference}")
    return compare(
        "JPEG files", label, lambda: td.pixels(path, workers=1), lambda: pydicom.dcmread(path).pixel_array, settings,
        peer_name="pydicom, default plugins", bar=FILE_BAR,
    )  # fmt: skip


def thread_rows(folder, peer, settings):
    """Yield two threads against one on a file of 100 frames; nothing on a machine with one core."""
    if len(os.sched_getaffinity(0)) < 2:
        return
    image = as_stored_bits(load_image(*NAMED[0]))
    streams = [lossless(peer, rolled(image, i), 1) for i in range(FRAMES)]
    ds = td.read(write_encapsulated(folder / "jpeg_100.dcm", image, streams, uid.JPEGLosslessSV1))
    out = np.zeros((FRAMES, *image.array.shape), image.array.dtype)
    yield compare(
        "JPEG files", f".70 {FRAMES} frames of {image.name}", lambda: ds.pixels(out=out, workers=2),
        lambda: ds.pixels(out=out, workers=1), settings, peer_name="one thread", mode="into out=", threads="2",
        bar=THREADS_BAR,
    )  # fmt: skip


def rolled(image, rows):
    """Return the image with its rows moved on, so that no frame equals another."""
    return type(image)(image.label, np.roll(image.array, rows, axis=0), image.bits_stored, image.is_real)
