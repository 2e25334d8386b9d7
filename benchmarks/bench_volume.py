# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""td.volume of 300 CT slices of 512x512, stored int16: against reading alone, pydicom with numpy, and SimpleITK.

The files are handed over in no order, so everybody but C has to sort; their bytes are in the page cache.
"""

import os
import random
from dataclasses import replace

import numpy as np
import pydicom
import turbodicom as td
from bulk_data import ct_images, encapsulated, native, rescaled, write_series
from harness import compare
from pydicom import uid
from reference_io import Reference

SLICES = 300
READING_BAR = 1 / 2  # at most twice the time of reading the pixels
PYDICOM_BAR, SIMPLEITK_BAR, CODED_BAR, THREADS_BAR = 12, 25, 8, 1.7
CODECS = {
    "RLE": (uid.RLELossless, lambda image: encapsulated(td.codecs.rle.encode(image))),
    "JPEG lossless": (uid.JPEGLosslessSV1, lambda image: encapsulated(td.codecs.jpeg.encode(image))),
}


def rows(folder, settings):
    """Yield the rows of uncompressed and of compressed series."""
    images, name = ct_images(30 if settings.rounds < 5 else SLICES)
    settings = replace(settings, rounds=3 * settings.rounds)  # 300 MB a turn: whatever else the machine does shows
    plain = [native(image.tobytes()) for image in images]
    series = Series(folder / "native", uid.ExplicitVRLittleEndian, plain, images)
    label = f"{len(images)} slices of {name}"
    yield from reading_rows(folder, series, label, settings)
    yield from pydicom_rows(series, label, settings, into_bar=PYDICOM_BAR)
    yield from simpleitk_rows(series, label, settings)
    for codec, (syntax, encode) in CODECS.items():
        series = Series(folder / codec.replace(" ", "_"), syntax, [encode(image) for image in images], images)
        coded = f"{codec}, {label}"
        yield from pydicom_rows(series, coded, settings, into_bar=CODED_BAR, fresh_bar=CODED_BAR)
        yield from thread_rows(series, coded, settings)


class Series:
    """A series on the disk.

    `ours` and `theirs` read it, into memory touched before or into a fresh array; `paths` are in the order of slices,
    `shuffled` as they are handed over.
    """

    def __init__(self, folder, syntax, pixel_data, images):
        self.folder, self.paths = folder, write_series(folder, pixel_data, syntax)
        self.shuffled = random.Random(0).sample(self.paths, len(self.paths))
        self.out, self.their_out = np.zeros_like(images), np.zeros_like(images)
        self.check(self.ours(self.out), images)
        self.check(self.theirs(self.their_out), images)

    @staticmethod
    def check(array, images):
        """Stop where they differ: speed of something else is not wanted."""
        if not np.array_equal(array, images):
            raise AssertionError("not the pixels that were written")

    def ours(self, out=None, workers=1):
        """Return our array."""
        return td.volume(self.shuffled, out=out, workers=workers).array

    def theirs(self, out=None):
        """Return that of pydicom: read, sort by position, stack."""
        slices = sorted(map(pydicom.dcmread, self.shuffled), key=lambda ds: ds.ImagePositionPatient[2])
        return np.stack([ds.pixel_array for ds in slices], out=out)


def reading_rows(folder, series, label, settings):
    """Yield the row against open, pread and close in C."""
    reference = Reference.build(folder)
    if reference is None:
        return
    offsets = [td.read(path).element("PixelData").offset for path in series.paths]
    reference, theirs = reference.on(series.paths, offsets), series.their_out
    theirs[:] = 0
    reference.read_pixels(theirs)
    series.check(theirs, series.out)
    yield compare(
        "volume", label, lambda: series.ours(series.out), lambda: reference.read_pixels(theirs), settings,
        peer_name="C: open, pread, close", mode="into out=", bar=READING_BAR,
    )  # fmt: skip


def pydicom_rows(series, label, settings, *, into_bar, fresh_bar=None):
    """Yield the rows against pydicom and numpy.stack."""
    name = "pydicom, default plugins, numpy.stack"
    ours, theirs = lambda: series.ours(series.out), lambda: series.theirs(series.their_out)
    yield compare("volume", label, ours, theirs, settings, peer_name=name, mode="into out=", bar=into_bar)
    yield compare("volume", label, series.ours, series.theirs, settings, peer_name=name, bar=fresh_bar)


def simpleitk_rows(series, label, settings):
    """Yield the row against SimpleITK's reader of series, which applies the rescale, too."""
    try:
        import SimpleITK as sitk
    except ImportError:
        return
    slope, intercept = rescaled()

    def theirs():
        reader = sitk.ImageSeriesReader()
        reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(series.folder)))
        return reader.Execute()

    series.check((sitk.GetArrayFromImage(theirs()) - intercept) / slope, series.out)
    name = f"SimpleITK {sitk.Version_VersionString()} ImageSeriesReader"
    into = lambda: series.ours(series.out)
    about = {"mode": "into out=", "bar": SIMPLEITK_BAR}
    yield compare("volume", label, into, theirs, settings, peer_name=name, **about)
    yield compare("volume", label, series.ours, theirs, settings, peer_name=name)


def thread_rows(series, label, settings):
    """Yield two threads against one; nothing on a machine with one core."""
    if len(os.sched_getaffinity(0)) < 2:
        return
    settings = replace(settings, rounds=3 * settings.rounds)  # with no core to spare, all that goes on shows
    yield compare(
        "volume", label, lambda: series.ours(series.out, 2), lambda: series.ours(series.out, 1), settings,
        peer_name="one thread", mode="into out=", threads="2", bar=THREADS_BAR,
    )  # fmt: skip
