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
from turbodicom._frames import Frame, FrameReport, Frames
from turbodicom._machine import machine
from turbodicom._options import Limits, PixelOptions
from turbodicom._pixels import pixels
from turbodicom._read import read
from turbodicom._transform import transform
from turbodicom._types import PersonName, Tag
from turbodicom._window import Window
from turbodicom.errors import (
    ConformanceError,
    CorruptDataError,
    Error,
    LimitExceededError,
    TruncatedDataError,
    UnsupportedError,
)

__all__ = [  # noqa: RUF022, sorted as tests/house has it
    "ConformanceError",
    "CorruptDataError",
    "DEFAULT_TAGS",
    "Dataset",
    "DicomImage",
    "Element",
    "Error",
    "Frame",
    "FrameReport",
    "FrameTable",
    "Frames",
    "Issue",
    "Item",
    "LimitExceededError",
    "Limits",
    "Loader",
    "Overlay",
    "PersonName",
    "PixelOptions",
    "Series",
    "Table",
    "Tag",
    "TruncatedDataError",
    "UnsupportedError",
    "Volume",
    "VolumeFinding",
    "VolumeSlice",
    "Window",
    "__version__",
    "batch",
    "codecs",
    "dcmread",
    "dictionary",
    "errors",
    "interop",
    "machine",
    "pictures",
    "pixels",
    "read",
    "scan",
    "scan_batches",
    "transcode",
    "transform",
    "volume",
]


# Imported when first asked for: seldom used, or in need of pydicom, which `import turbodicom` must not be.
_LATER = {
    "DEFAULT_TAGS": "turbodicom._scan_columns",
    "DicomImage": "turbodicom._dicom_image",
    "FrameTable": "turbodicom._frame_table",
    "Loader": "turbodicom._loader",
    "Overlay": "turbodicom._overlays",
    "Series": "turbodicom._series",
    "Table": "turbodicom._scan_table",
    "batch": "turbodicom._batch",
    "interop": None,
    "pictures": None,
    "scan": "turbodicom._scan",
    "scan_batches": "turbodicom._scan",
    "Volume": "turbodicom._volume_result",
    "VolumeFinding": "turbodicom._volume_report",
    "VolumeSlice": "turbodicom._volume_report",
    "transcode": "turbodicom._transcode",
    "volume": "turbodicom._volume",
}


def __getattr__(name):
    """Import what `import turbodicom` leaves out."""
    import importlib

    if name not in _LATER:
        raise AttributeError(f"module 'turbodicom' has no attribute {name!r}")
    module = _LATER[name]
    if module is None:
        return importlib.import_module(f"turbodicom.{name}")
    globals()[name] = getattr(importlib.import_module(module), name)
    return globals()[name]
