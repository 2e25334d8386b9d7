# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""What several test files share: the corpus, small valid files, and work in a child process.

The corpus is a folder of real files named by TURBODICOM_CORPUS. ``@pytest.mark.manifest(kind=..., expect=...)``
runs a test once for each matching row of its manifest, as the argument `row`; without a corpus such a test is
skipped. Small files are computed here, all below 2 KiB, so that "every prefix" costs milliseconds.
"""

import csv
import functools
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pydicom import uid
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.filewriter import dcmwrite
from pydicom.sequence import Sequence

NO_CORPUS = "no corpus: set TURBODICOM_CORPUS to the folder that holds manifest.csv"
CORPUS = os.environ.get("TURBODICOM_CORPUS")


def pytest_configure(config):
    config.addinivalue_line("markers", "manifest(**columns): run for each row of the corpus manifest that has these values")


@functools.cache
def manifest_rows():
    """Return the rows of manifest.csv as dicts."""
    if not CORPUS:
        return []
    with open(Path(CORPUS) / "manifest.csv", newline="") as text:
        return list(csv.DictReader(text))


def pytest_generate_tests(metafunc):
    marker = metafunc.definition.get_closest_marker("manifest")
    if marker is None:
        return
    if not CORPUS:
        metafunc.parametrize("row", [pytest.param(None, marks=pytest.mark.skip(reason=NO_CORPUS), id="corpus")])
        return
    rows = [row for row in manifest_rows() if all(row[name] == value for name, value in marker.kwargs.items())]
    metafunc.parametrize("row", rows, ids=[row["file"] for row in rows])


@pytest.fixture(scope="session")
def corpus():
    """Return the corpus folder; skips without one."""
    if not CORPUS:
        pytest.skip(NO_CORPUS)
    return Path(CORPUS)


@pytest.fixture(scope="session")
def manifest(corpus):
    """Return the rows of manifest.csv as dicts."""
    return manifest_rows()


def child_environment():
    """Return this process's environment with its import path."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


@pytest.fixture(scope="session")
def run_child(tmp_path_factory):
    """Return a function that runs Python source in a new process with this one's import path.

    A crash, a hang or a runaway allocation is then a failure of one test with a message, not the end of the run.
    """

    def run(source, *arguments, timeout=60, limit_bytes=None):
        script = tmp_path_factory.mktemp("child") / "child.py"
        guard = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({limit_bytes},) * 2)\n" if limit_bytes else ""
        script.write_text(guard + source)
        command = [sys.executable, "-X", "faulthandler", str(script), *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=timeout, env=child_environment(), check=False
        )

    return run


@pytest.fixture(scope="session")
def exercise(tmp_path_factory):
    """Return a function that runs exercise.py over a folder, fails on any finding and returns its summary."""

    def run(task, folder, *arguments, timeout=600):
        progress = tmp_path_factory.mktemp("exercise") / "progress"
        command = [sys.executable, "-X", "faulthandler", str(Path(__file__).with_name("exercise.py")), task]
        child = subprocess.run(
            [*command, str(folder), str(progress), *map(str, arguments)],
            capture_output=True, text=True, timeout=timeout, env=child_environment(), check=False,
        )  # fmt: skip
        at_work = progress.read_text().strip() if progress.exists() else "none"
        assert child.returncode == 0, f"input {at_work} ended the process ({child.returncode}): {child.stderr[-2000:]}"
        summary = json.loads(child.stdout)
        assert summary["findings"] == []
        return summary

    return run


@pytest.fixture(scope="session")
def small_files():
    """Return small valid files as a dict of name -> bytes, each below 2 KiB."""
    files = {name: build() for name, build in (SMALL | small_foreign()).items()}
    assert all(len(data) < 2048 for data in files.values())
    return files


@pytest.fixture(scope="session")
def small_folder(small_files, tmp_path_factory):
    """Return a folder with one file for each of `small_files`."""
    folder = tmp_path_factory.mktemp("small")
    for name, data in small_files.items():
        (folder / f"{name}.dcm").write_bytes(data)
    return folder


def image(rows, columns, bits, *, samples=1, frames=1, photometric="MONOCHROME2", signed=0):
    """Return a Dataset that describes pixels but has none."""
    ds = Dataset()
    ds.SOPClassUID, ds.SOPInstanceUID = uid.SecondaryCaptureImageStorage, "1.2.3.4"
    ds.PatientName, ds.PatientID = "Doe^Jane", "1"
    ds.SamplesPerPixel, ds.PhotometricInterpretation = samples, photometric
    if samples > 1:
        ds.PlanarConfiguration = 0
    if frames > 1:
        ds.NumberOfFrames = frames
    ds.Rows, ds.Columns, ds.BitsAllocated = rows, columns, bits
    ds.BitsStored, ds.HighBit, ds.PixelRepresentation = min(bits, 12), min(bits, 12) - 1, signed
    return ds


def as_file(ds, syntax=uid.ExplicitVRLittleEndian):
    """Return the bytes of a DICOM file."""
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    buffer = io.BytesIO()
    dcmwrite(buffer, ds, enforce_file_format=True)
    return buffer.getvalue()


def ramp(count, dtype="<u2", top=4096):
    """Return `count` increasing samples as bytes."""
    return (np.arange(count) * 37 % top).astype(dtype).tobytes()


def native(syntax=uid.ExplicitVRLittleEndian):
    """8x8, 12 bits in 16."""
    ds = image(8, 8, 16)
    ds.PixelData = ramp(64, ">u2" if syntax == uid.ExplicitVRBigEndian else "<u2")
    ds["PixelData"].VR = "OW"
    return as_file(ds, syntax)


def bare_implicit():
    """Neither preamble nor file meta."""
    ds = image(4, 4, 8)
    ds.PixelData = ramp(16, "u1", 256)
    buffer = io.BytesIO()
    dcmwrite(buffer, ds, implicit_vr=True, little_endian=True)
    return buffer.getvalue()


def nested():
    """Sequences of defined and undefined length, private elements, several VRs."""
    ds = image(2, 2, 8)
    inner = Dataset()
    inner.CodeValue, inner.CodeMeaning = "1", "one"
    outer = Dataset()
    outer.ReferencedSOPInstanceUID, outer.PurposeOfReferenceCodeSequence = "1.2.3", Sequence([inner, inner])
    ds.ReferencedImageSequence = Sequence([outer, Dataset()])
    ds["ReferencedImageSequence"].is_undefined_length = True
    outer.is_undefined_length_sequence_item = True
    ds.PixelSpacing, ds.StudyDate, ds.InstanceNumber = [0.5, 0.25], "20260102", 7
    ds.private_block(0x0011, "TURBODICOM", create=True).add_new(1, "UT", "text")
    ds.PixelData = bytes(4)
    return as_file(ds)


def one_bit():
    """Two frames of 5x5 bits: the second starts inside a byte."""
    ds = image(5, 5, 1, frames=2)
    ds.PixelData = bytes([0b10110010] * 8)
    return as_file(ds)


def subsampled():
    """YBR_FULL_422, native."""
    ds = image(4, 4, 8, samples=3, photometric="YBR_FULL_422")
    ds.PixelData = ramp(32, "u1", 256)
    return as_file(ds)


def palette():
    """PALETTE COLOR with 16 entries of 16 bits."""
    ds = image(4, 4, 8, photometric="PALETTE COLOR")
    for name in ("Red", "Green", "Blue"):
        setattr(ds, f"{name}PaletteColorLookupTableDescriptor", [16, 0, 16])
        setattr(ds, f"{name}PaletteColorLookupTableData", ramp(16))
    ds.PixelData = bytes(range(16))
    return as_file(ds)


def encapsulated(ds, frames, syntax, **about):
    """Put codestreams into fragments."""
    ds.PixelData = encapsulate(frames, **about)
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    return as_file(ds, syntax)


def rle_segments(*planes):
    """Return one RLE frame of literal runs, one segment a plane (PS3.5 Annex G)."""
    coded = []
    for plane in planes:
        runs = [bytes([len(plane[i : i + 128]) - 1]) + plane[i : i + 128] for i in range(0, len(plane), 128)]
        coded.append(b"".join(runs) + bytes(sum(map(len, runs)) % 2))
    offsets = [64 + sum(map(len, coded[:i])) for i in range(len(coded))]
    return np.array([len(coded), *offsets] + [0] * (15 - len(coded)), "<u4").tobytes() + b"".join(coded)


def rle():
    """Two frames of 16 bits with a Basic Offset Table."""
    high, low = bytes(64), ramp(64, "u1", 256)
    return encapsulated(image(8, 8, 16, frames=2), [rle_segments(high, low), rle_segments(low, low)], uid.RLELossless)


def rle_colour():
    """RGB, no offset table, with replicate runs."""
    planes = [bytes([257 - 16, value]) for value in (10, 20, 30)]
    offsets = [64, 66, 68]
    frame = np.array([3, *offsets] + [0] * 12, "<u4").tobytes() + b"".join(planes)
    return encapsulated(image(4, 4, 8, samples=3, photometric="RGB"), [frame], uid.RLELossless, has_bot=False)


def uncompressed_in_fragments():
    """Encapsulated Uncompressed, two fragments a frame."""
    frames = [ramp(64), ramp(64, top=64)]
    syntax = uid.UID("1.2.840.10008.1.2.1.98")
    return encapsulated(image(8, 8, 16, frames=2), frames, syntax, fragments_per_frame=2)


SMALL = {
    "explicit little endian": native,
    "implicit little endian": lambda: native(uid.ImplicitVRLittleEndian),
    "explicit big endian": lambda: native(uid.ExplicitVRBigEndian),
    "deflated": lambda: native(uid.DeflatedExplicitVRLittleEndian),
    "neither preamble nor file meta": bare_implicit,
    "nested sequences": nested,
    "one bit, two frames": one_bit,
    "YBR_FULL_422": subsampled,
    "palette": palette,
    "RLE 16 bit, two frames": rle,
    "RLE colour": rle_colour,
    "uncompressed in fragments": uncompressed_in_fragments,
}


def small_foreign():
    """Return builders of small files that need the extra `codecs`; empty without it."""
    try:
        import imagecodecs
    except ImportError:
        return {}
    gray = np.frombuffer(ramp(64, "u1", 256), np.uint8).reshape(8, 8)
    coded = {
        "JPEG": (imagecodecs.jpeg8_encode, uid.JPEGBaseline8Bit),
        "JPEG-LS": (imagecodecs.jpegls_encode, uid.JPEGLSLossless),
        "JPEG 2000": (lambda array: imagecodecs.jpeg2k_encode(array, reversible=True, codecformat="j2k"), uid.JPEG2000Lossless),
    }
    return {
        name: lambda encode=encode, syntax=syntax: encapsulated(image(8, 8, 8), [encode(gray)], syntax)
        for name, (encode, syntax) in coded.items()
    }
