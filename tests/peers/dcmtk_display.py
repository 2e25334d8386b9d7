# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""DCMTK's DicomImage to ask: builds dcmtk_probe.cpp once per session and reads its answers.

`Probe.ask(path, commands)` gives one list of records per command; `fixture probe` of test_display_peers.py skips
where g++ or libdcmtk's headers are missing (Debian: libdcmtk-dev).
"""

import shutil
import subprocess
from pathlib import Path

import numpy as np

LIBRARIES = ["dcmimage", "dcmimgle", "dcmjpeg", "dcmjpls", "dcmdata", "oflog", "ofstd"]
INFO = [
    "status",
    "frame_count",
    "first_frame",
    "number_of_frames",
    "representative_frame",
    "width",
    "height",
    "depth",
    "is_monochrome",
    "photometric_interpretation",
    "width_height_ratio",
    "height_width_ratio",
    "window_count",
    "voi_lut_count",
    "overlay_count",
    "added_overlay_count",
    "voi_lut_function",
    "presentation_lut_shape",
    "polarity",
    "has_window",
    "center",
    "window_width",
    "frame_time",
    "output_data_size",
]

"""What the numbers of the record `info` are."""


def reason_to_skip():
    """Return why the probe cannot be built here, or None."""
    if shutil.which("g++") is None:
        return "DCMTK cannot be asked: there is no g++ to build tests/peers/dcmtk_probe.cpp"
    if not Path("/usr/include/dcmtk/dcmimgle/dcmimage.h").exists():
        return "DCMTK cannot be asked: tests/peers/dcmtk_probe.cpp needs its headers (Debian: libdcmtk-dev)"
    return None


class Probe:
    """The compiled program; each `ask` is one process, so that a crash of the peer takes nothing with it."""

    def __init__(self, folder):
        self.program = Path(folder) / "dcmtk_probe"
        source = Path(__file__).with_name("dcmtk_probe.cpp")
        command = [
            "g++",
            "-std=c++17",
            "-O2",
            "-o",
            self.program,
            source,
            *[f"-l{name}" for name in LIBRARIES],
        ]
        subprocess.run(command, check=True)

    def ask(self, path, commands, flags=0, start=0, count=0, timeout=120):
        """Return one list of records (name, array) per command; fewer when the peer died on the way.

        Parameters
        ----------
        path : path-like
            The DICOM file.
        commands : sequence of str or tuple
            Words and numbers of dcmtk_probe.cpp; a tuple is joined with spaces.
        flags, start, count : int
            CIF flags, first frame, number of frames (0: all).

        Returns
        -------
        list of list of (str, numpy.ndarray)
        """
        lines = [f"open {flags} {start} {count} {path}"]
        lines += [" ".join(map(_text, c)) if isinstance(c, tuple) else c for c in commands]
        return self.run(lines, timeout)[1:]

    def run(self, lines, timeout=120):
        """Return the records of raw command lines; when the peer died, of those it answered."""
        done = subprocess.run(
            [self.program],
            check=False,
            input="\n".join(lines).encode() + b"\n",
            capture_output=True,
            timeout=timeout,
        )
        answers = parse(done.stdout)
        if done.returncode and answers and not answers[-1]:
            answers.pop()  # it died over this one
        return answers


def _text(word):
    return repr(float(word)) if isinstance(word, float | np.floating) else str(word)


def parse(answer):
    """Return the records of the program's output, grouped by command."""
    groups, position = [], 0
    while position < len(answer):
        end = answer.find(b"\n", position)
        if end < 0:
            break
        head, position = answer[position:end], end + 1
        if head.startswith(b"> "):
            groups.append([])
            continue
        name, dtype, *shape = head.decode().split()
        shape = tuple(map(int, shape))
        count = int(np.prod(shape))
        nbytes = count * np.dtype(dtype).itemsize
        if position + nbytes > len(answer):
            break
        groups[-1].append((name, np.frombuffer(answer, dtype, count, position).reshape(shape)))
        position += nbytes
    return groups


def info_of(records):
    """Return the record `info` as a dict of named numbers."""
    return dict(zip(INFO, records[0][1].tolist(), strict=True))


def output_of(records, bits):
    """Return the samples of a record `output` as u1, u2 or u4: the storage of `bits` bits per sample."""
    return records[0][1].view("u1" if bits <= 8 else "u2" if bits <= 16 else "u4")
