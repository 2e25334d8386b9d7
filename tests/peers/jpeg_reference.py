# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Our JPEG decoder beside libjpeg-turbo (through imagecodecs), here or in a child process with another environment.

Begin with `disagreement`. As a program this file is the child: pickled (function name, arguments) come in, pickled
results go out. JSIMD_FORCENONE=1 gives libjpeg-turbo's scalar code, TURBODICOM_ISA one of our instruction sets.
"""

import atexit
import functools
import hashlib
import os
import pickle
import subprocess
import sys
import warnings

import numpy as np


def reference(stream, color):
    """Return libjpeg-turbo's array, or the text of its fatal error. Warnings are no errors, as in libjpeg."""
    import imagecodecs

    try:
        if color == "rgb":
            return imagecodecs.jpeg8_decode(stream)
        space = {1: "GRAYSCALE", 3: "RGB", 4: "CMYK"}.get(component_count(stream), "UNKNOWN")
        return imagecodecs.jpeg8_decode(stream, colorspace=space, outcolorspace=space)
    except RuntimeError as error:
        return str(error)


def component_count(stream):
    """Return the number of components as libjpeg-turbo has it."""
    import imagecodecs

    for about in ({}, {"colorspace": "RGB", "outcolorspace": "RGB"}):  # the second for lossless YCbCr
        try:
            shape = imagecodecs.jpeg8_decode(stream, **about).shape
            return shape[2] if len(shape) == 3 else 1
        except RuntimeError:
            continue
    return 0


def ours(stream, **about):
    """Return (array or text of the error, first reason of the report, valid rows)."""
    import turbodicom as td

    report = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            array = td.codecs.jpeg.decode(stream, report=report, **about)
    except td.Error as error:
        return f"{type(error).__name__}: {error}", None, None
    return array, report[0].reason, report[0].valid_rows


def encode_by_chance(seed, count):
    """Return the SHA-256 of `count` streams of our encoder."""
    import jpeg_encoders
    import jpeg_streams

    return [
        hashlib.sha256(jpeg_encoders.by_us(chance)).hexdigest()
        for _, chance in jpeg_streams.chances(seed, count)
    ]


def isas():
    """Return the instruction sets this machine runs, as TURBODICOM_ISA names them."""
    import turbodicom as td

    text = str(td.machine())
    return [name for name in ("scalar", "avx2", "avx512", "neon") if name == "scalar" or name in text]


class Child:
    """Runs functions of this file in a process with another environment."""

    def __init__(self, **environment):
        path = os.pathsep.join(path for path in sys.path if path)
        self.process = subprocess.Popen(
            [sys.executable, "-X", "faulthandler", __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": path} | environment,
        )  # fmt: skip
        atexit.register(self.close)

    def close(self):
        with self.process:
            self.process.stdin.close()

    def __call__(self, name, *arguments, **about):
        pickle.dump((name, arguments, about), self.process.stdin)
        self.process.stdin.flush()
        result = pickle.load(self.process.stdout)
        if isinstance(result, Exception):
            raise result
        return result


@functools.cache
def scalar_reference():
    """Return the child whose libjpeg-turbo uses no SIMD code."""
    return Child(JSIMD_FORCENONE="1")


@functools.cache
def child_of_isa(isa):
    return Child(TURBODICOM_ISA=isa)


def alike(a, b):
    """Whether two results are the same array, or both errors."""
    if isinstance(a, str) or isinstance(b, str):
        return isinstance(a, str) and isinstance(b, str)
    return a.shape == b.shape and a.dtype == b.dtype and np.array_equal(a, b)


def first_difference(a, b):
    """Say in words how two arrays differ."""
    if isinstance(a, str) or isinstance(b, str):
        return f"ours: {a if isinstance(a, str) else a.shape}; libjpeg-turbo: {b if isinstance(b, str) else b.shape}"
    if (a.shape, a.dtype) != (b.shape, b.dtype):
        return f"ours is {a.shape} {a.dtype}, libjpeg-turbo's {b.shape} {b.dtype}"
    where = np.argwhere(a != b)
    return f"{len(where)} of {a.size} samples of {a.shape} differ, first at {tuple(map(int, where[0]))}: {a[tuple(where[0])]} for {b[tuple(where[0])]}"


def disagreement(stream, color, *, is_valid=False):
    """Return what is wrong with our result for a stream, or None.

    Equal to libjpeg-turbo where its SIMD and scalar code agree; elsewhere the same on all instruction sets. A stream
    said to be valid must decode without a complaint. Streams that libjpeg-turbo refuses may be refused or not, and
    bytes that end inside a marker segment, which libjpeg makes up, need only be reported.
    """
    expected = reference(stream, color)
    array, reason, _ = ours(stream, color=color, on_error="report")
    if is_valid and not isinstance(expected, str) and reason is not None:
        return f"complaint about a valid stream: {reason}"
    if isinstance(expected, str) or alike(array, expected):
        return None
    if "are there (T.81 B.1.1.4)" in (reason or str(array)):
        return None  # the bytes end inside a marker segment: libjpeg makes up the rest of it, we stop there
    scalar = scalar_reference()("reference", stream, color)
    if not alike(scalar, expected):
        return isa_disagreement(stream, color=color, on_error="report")
    return first_difference(array, expected) + (f" (reported: {reason})" if reason else "")


def isa_disagreement(stream, **about):
    """Return which instruction set gives another result than the scalar code, or None."""
    results = {isa: child_of_isa(isa)("ours", stream, **about) for isa in isas()}
    for isa, (array, reason, rows) in results.items():
        array0, reason0, rows0 = results["scalar"]
        if not alike(array, array0) or (reason, rows) != (reason0, rows0):
            return f"{isa} and scalar give different results"
    return None


def main():
    while True:
        try:
            name, arguments, about = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            result = globals()[name](*arguments, **about)
        except Exception as error:  # noqa: BLE001, the parent raises it
            result = error
        pickle.dump(result, sys.stdout.buffer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
