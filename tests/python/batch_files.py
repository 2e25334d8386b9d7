# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Files for the tests of jobs, batches and Loaders: small CT images of known values, in several syntaxes."""

import io

import numpy as np
import pydicom
import turbodicom as td
from pydicom.encaps import encapsulate
from pydicom.uid import RLELossless
from turbodicom import _core
from values_reference import make

CT = {"RescaleSlope": 1, "RescaleIntercept": -1024, "WindowCenter": 40, "WindowWidth": 400}


def stored_values(number, rows=24, columns=20):
    """Return a smooth image with noise, 12 bits, another one for each number."""
    noise = np.random.default_rng(number).integers(0, 300, (rows, columns))
    return (np.add.outer(np.arange(rows) * 40, np.arange(columns) * 30) + 100 * number % 900 + noise).astype(
        "u2"
    )


def write_series(folder, count=7, rows=24, columns=20, **attributes):
    """Write files, every second one as RLE; return paths and stored values."""
    paths, images = [], []
    for number in range(count):
        image = stored_values(number, rows, columns)
        data = make(image, bits_stored=12, **{**CT, **attributes})
        path = folder / f"{number:03}.dcm"
        path.write_bytes(as_rle(data, image) if number % 2 else data)
        paths.append(path)
        images.append(image)
    return paths, np.array(images)


def as_rle(data, image, cut=None):
    """Return the file with its frame as RLE; with only the first `cut` bytes of it."""
    ds = pydicom.dcmread(io.BytesIO(data))
    ds.PixelData = encapsulate([td.codecs.rle.encode(image)[:cut]])
    ds["PixelData"].is_undefined_length = True
    ds["PixelData"].VR = "OB"
    ds.file_meta.TransferSyntaxUID = RLELossless
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, ds)
    return buffer.getvalue()


def write_bad(folder):
    """Write a file whose frame is cut, one that is no DICOM; return them and the name of one that does not exist."""
    image = stored_values(50)
    cut, text = folder / "cut.dcm", folder / "text.dcm"
    cut.write_bytes(as_rle(make(image, bits_stored=12, **CT), image, 70))
    text.write_bytes(b"this is no DICOM file" * 20)
    return cut, text, folder / "missing.dcm"


def read_jobs(jobs, out, color, tolerant, workers, poll=None):
    """Run jobs that are tuples (reader, frame, plane, transform, resize)."""
    readers, frames, planes, transforms, resizes = map(list, zip(*jobs, strict=True)) if jobs else ([],) * 5
    return _core.read_jobs(
        _core.FrameReaders(readers), frames, planes, transforms, resizes, out, color, tolerant, workers, poll
    )
