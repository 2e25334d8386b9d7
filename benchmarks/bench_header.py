# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Open a 512x512 CT file and take eight values out of its header."""

import pydicom
import turbodicom as td
from datasets import FOLDER, NAMED, corpus, load_image, write_native
from harness import compare

TAGS = (
    "PatientID", "PatientName", "StudyInstanceUID", "SeriesInstanceUID",
    "SOPInstanceUID", "Modality", "Rows", "RescaleSlope",
)  # fmt: skip


def rows(folder, settings):
    """Yield the header rows."""
    path, workload = ct_file(folder)
    yield compare(
        "header", workload, lambda: values(td.read(path)), lambda: values(pydicom_header(path)), settings,
        peer_name="pydicom dcmread(stop_before_pixels)", mode="td.read", bar=30,
    )  # fmt: skip
    yield from against_dicomsdl(path, workload, settings)
    yield compare(
        "header", workload, lambda: values(td.dcmread(path)), lambda: values(pydicom.dcmread(path)), settings,
        peer_name="pydicom dcmread", mode="td.dcmread", bar=3,
    )  # fmt: skip


def against_dicomsdl(path, workload, settings):
    """Yield the row against dicomsdl when it is installed."""
    try:
        import dicomsdl
    except ImportError:
        return
    yield compare(
        "header", workload, lambda: values(td.read(path)), lambda: values(dicomsdl.open(path)), settings,
        peer_name="dicomsdl open", mode="td.read", bar=3,
    )  # fmt: skip


def ct_file(folder):
    """Return (path, label) of the real CT file, or of a computed one."""
    if corpus() and (path := corpus() / FOLDER / "693_UNCR.dcm").exists():
        return str(path), "8 tags of a CT 512 file"
    image = load_image(*NAMED[0])
    return write_native(folder / "ct_header.dcm", image), "8 tags of a CT 512 file (computed)"


def pydicom_header(path):
    """Return pydicom's header-only Dataset."""
    return pydicom.dcmread(path, stop_before_pixels=True)


def values(ds):
    """Return the eight values; an absent one is None in every library."""
    return [getattr(ds, keyword, None) for keyword in TAGS]
