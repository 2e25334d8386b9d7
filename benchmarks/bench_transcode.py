# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""td.transcode of a 300-frame CT file, native to JPEG lossless (.70) and back, against DCMTK's programs.

Ours runs on two threads; dcmcjpeg and dcmdjpeg know one. Their start is counted, as their users meet it.
"""

import shutil
import subprocess

import numpy as np
import pydicom
import turbodicom as td
from datasets import NAMED, load_image, write_native
from harness import compare
from pydicom import uid

FRAMES, BAR, WORKERS = 300, 8, 2


def rows(folder, settings):
    """Yield compression and decompression."""
    if not (shutil.which("dcmcjpeg") and shutil.which("dcmdjpeg")):
        return
    frames = FRAMES if settings.rounds >= 5 else 3
    image = load_image(*NAMED[0])
    native = write_native(folder / "native.dcm", image, frames=frames)
    coded, plain = str(folder / "coded.dcm"), str(folder / "plain.dcm")
    theirs = str(folder / "theirs.dcm")
    about = {"mode": "file to file", "threads": "2", "bar": BAR}
    label = f"{frames} frames of {image.name}"
    yield compare(
        "transcode", f"native -> .70, {label}", lambda: td.transcode(native, coded, uid.JPEGLosslessSV1, workers=WORKERS),
        lambda: run("dcmcjpeg", "+e1", native, theirs), settings, peer_name="DCMTK dcmcjpeg", **about,
    )  # fmt: skip
    yield compare(
        "transcode", f".70 -> native, {label}", lambda: td.transcode(coded, plain, uid.ExplicitVRLittleEndian, workers=WORKERS),
        lambda: run("dcmdjpeg", theirs, str(folder / "back.dcm")), settings, peer_name="DCMTK dcmdjpeg", **about,
    )  # fmt: skip
    expected = pydicom.dcmread(native).pixel_array
    for path in (plain, str(folder / "back.dcm")):
        if not np.array_equal(pydicom.dcmread(path).pixel_array, expected):
            raise AssertionError(f"{path}: not what went in")


def run(*command):
    """Run a program of DCMTK; one that fails ends the benchmark."""
    subprocess.run(command, check=True, capture_output=True)
