# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""turbodicom: pixels and headers out of DICOM, right and fast.

>>> import turbodicom as td
>>> ds = td.read("ct.dcm")        # doctest: +SKIP
>>> ds.PatientID, ds.pixels()     # doctest: +SKIP
"""

from turbodicom import codecs, dictionary, errors
from turbodicom._core import __version__
from turbodicom._dataset import Dataset, Element, Issue, Item
from turbodicom._dcmread import dcmread
from turbodicom._machine import machine
from turbodicom._options import Limits, PixelOptions
from turbodicom._pixels import Frame, FrameReport, Frames, pixels
from turbodicom._read import read
from turbodicom._types import PersonName, Tag
from turbodicom.errors import (
    ConformanceError,
    CorruptDataError,
    Error,
    LimitExceededError,
    TruncatedDataError,
    UnsupportedError,
)

__all__ = [
    "ConformanceError",
    "CorruptDataError",
    "Dataset",
    "Element",
    "Error",
    "Frame",
    "FrameReport",
    "Frames",
    "Issue",
    "Item",
    "LimitExceededError",
    "Limits",
    "PersonName",
    "PixelOptions",
    "Tag",
    "TruncatedDataError",
    "UnsupportedError",
    "__version__",
    "codecs",
    "dcmread",
    "dictionary",
    "errors",
    "interop",
    "machine",
    "pixels",
    "read",
    "transcode",
]


def __getattr__(name):
    """Import what is seldom used, or needs pydicom, which `import turbodicom` must not, when it is first asked for."""
    import importlib

    if name == "interop":
        return importlib.import_module("turbodicom.interop")
    if name == "transcode":
        globals()[name] = importlib.import_module("turbodicom._transcode").transcode
        return globals()[name]
    raise AttributeError(f"module 'turbodicom' has no attribute {name!r}")
