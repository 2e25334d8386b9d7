# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Native YBR_FULL and YBR_FULL_422 to RGB, 30 frames of 480x640.

The bar is against pydicom's conversion alone, on an array already decoded and upsampled, although ours
reads the file too; the second row compares the whole way from the open file to RGB.
"""

import numpy as np
import pydicom
import turbodicom as td
from datasets import write_ybr
from harness import compare
from pydicom.pixels import convert_color_space, pixel_array

FRAMES = 30


def rows(folder, settings):
    """Yield the colour rows."""
    for photometric in ("YBR_FULL", "YBR_FULL_422"):
        path = write_ybr(folder / f"{photometric}.dcm", photometric, FRAMES)
        yield from photometric_rows(path, photometric, settings)


def photometric_rows(path, photometric, settings):
    """Yield fresh and `out=`, one thread and all threads, of one Photometric Interpretation."""
    ours, theirs = td.read(path), pydicom.dcmread(path)
    coded = pixel_array(theirs, raw=True)
    out = np.zeros(coded.shape, coded.dtype)
    workload = f"{photometric} {FRAMES}x480x640 -> RGB"

    def conversion():
        return convert_color_space(coded, photometric, "RGB", per_frame=True)

    if not np.array_equal(ours.pixels(), conversion()):
        raise AssertionError(f"{photometric}: values differ from pydicom's")
    for threads, workers in (("1", 1), ("all", None)):
        about = {"settings": settings, "threads": threads, "peer_name": "pydicom convert_color_space"}
        fresh = lambda: ours.pixels(workers=workers)  # noqa: B023
        into = lambda: ours.pixels(workers=workers, out=out)  # noqa: B023
        yield compare("colour", workload, fresh, conversion, bar=20, **about)
        yield compare("colour", workload, into, conversion, mode="into out=", **about)
    yield compare(
        "colour", f"{workload}, with decoding", lambda: ours.pixels(workers=1), lambda: pixel_array(theirs),
        settings, peer_name="pydicom pixel_array",
    )  # fmt: skip
