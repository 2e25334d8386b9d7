# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""td.transcode of a 300-frame CT file, native to JPEG lossless (.70) and back, against DCMTK's programs.

Ours runs on two threads; dcmcjpeg and dcmdjpeg know one. Their start is counted, as their users meet it. Each call
writes a new file. Between the turns, untimed, what was written is deleted and the disk waited for: ours is on the disk
when the call returns, DCMTK leaves that for later; and memory for the page cache that the machine has not used before
would cost whoever comes first.
"""

import os
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
    coded, theirs = str(folder / "coded.dcm"), str(folder / "theirs.dcm")
    td.transcode(native, coded, uid.JPEGLosslessSV1, workers=WORKERS)
    run("dcmcjpeg", "+e1", native, theirs)
    new = New(folder)
    about = {"mode": "to a new file", "threads": "2", "bar": BAR, "settle": new.clear}
    label = f"{frames} frames of {image.name}"
    yield compare(
        "transcode", f"native -> .70, {label}",
        lambda: td.transcode(native, new.name(), uid.JPEGLosslessSV1, workers=WORKERS),
        lambda: run("dcmcjpeg", "+e1", native, new.name()), settings, peer_name="DCMTK dcmcjpeg", **about,
    )  # fmt: skip
    yield compare(
        "transcode", f".70 -> native, {label}",
        lambda: td.transcode(coded, new.name(), uid.ExplicitVRLittleEndian, workers=WORKERS),
        lambda: run("dcmdjpeg", theirs, new.name()), settings, peer_name="DCMTK dcmdjpeg", **about,
    )  # fmt: skip
    expected = pydicom.dcmread(native).pixel_array
    td.transcode(coded, plain := new.name(), uid.ExplicitVRLittleEndian)
    run("dcmdjpeg", theirs, back := new.name())
    for path in (plain, back):
        if not np.array_equal(pydicom.dcmread(path).pixel_array, expected):
            raise AssertionError(f"{path}: not what went in")


class New:
    """Names of files that are not there yet."""

    def __init__(self, folder):
        self.folder, self.names = folder, []

    def name(self):
        """Return the next one."""
        self.names.append(str(self.folder / f"written_{len(self.names)}.dcm"))
        return self.names[-1]

    def clear(self):
        """Delete what was written, and wait for the disk."""
        for name in filter(os.path.exists, self.names):
            os.remove(name)
        os.sync()


def run(*command):
    """Run a program of DCMTK; one that fails ends the benchmark."""
    subprocess.run(command, check=True, capture_output=True)
