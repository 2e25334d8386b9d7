# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Pixels of every corpus file against the manifest: exact rows by sha256, tolerance rows within it."""

import hashlib

import numpy as np
import pytest
import turbodicom as td

NATIVE = {
    "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.98",
    "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.8.1", "1.2.840.113619.5.2",
}  # fmt: skip

# Rows that no permissive decoder reads, each with its reason.
UNREADABLE = {}


def open_row(corpus, row):
    """Return the Dataset of a row; skips what needs an extra that is not installed."""
    if row["file"] in UNREADABLE:
        pytest.xfail(UNREADABLE[row["file"]])
    if row["syntax_uid"] not in NATIVE:
        pytest.importorskip("imagecodecs", reason="needs the extra `codecs`")
    return td.read(corpus / row["file"])


def sha256(array):
    """Return the digest of the values in C order, little endian."""
    little = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False)
    return hashlib.sha256(little.tobytes()).hexdigest()


def shape_text(array):
    return "x".join(map(str, array.shape))


@pytest.mark.manifest(kind="dicom", expect="exact")
def test_coded_values_are_exact(corpus, row):
    array = open_row(corpus, row).pixels(color="coded")
    assert (shape_text(array), array.dtype.name) == (row["shape"], row["dtype"])
    assert sha256(array) == row["decoded_sha256"]


@pytest.mark.manifest(kind="dicom", expect="exact")
def test_default_values_equal_pydicoms_processed_array(corpus, row):
    if not row["pixel_array_processed_sha256"]:
        pytest.skip("pydicom gives no processed array")
    array = open_row(corpus, row).pixels()
    assert shape_text(array) == row["pixel_array_processed_shape"]
    assert sha256(array) == row["pixel_array_processed_sha256"]


@pytest.mark.manifest(kind="dicom", expect="tolerance")
def test_lossy_values_are_within_tolerance(corpus, row):
    array = open_row(corpus, row).pixels(color="coded")
    with np.load(corpus / row["reference_array"]) as stored:
        reference = stored["a"]
    assert (shape_text(array), array.dtype.name) == (row["shape"], row["dtype"])
    compared = array[0] if array.ndim > reference.ndim else array  # some references hold the first frame only
    assert (compared.shape, compared.dtype) == (reference.shape, reference.dtype)
    difference = np.abs(compared.astype(np.int64) - reference.astype(np.int64)).max()
    assert difference <= float(row["tolerance"])


def test_every_native_frame_by_itself_equals_the_whole(corpus, manifest):
    for row in manifest:
        if row["expect"] == "exact" and row["syntax_uid"] in NATIVE and row["frames"] not in ("", "0", "1"):
            ds = td.read(corpus / row["file"])
            whole = ds.pixels()
            for index in {0, len(ds.frames) // 2, len(ds.frames) - 1}:
                assert np.array_equal(ds.pixels(frames=index), whole[index]), row["file"]


def test_results_do_not_depend_on_workers(corpus, manifest):
    for row in manifest:
        if row["expect"] == "exact" and row["syntax_uid"] in NATIVE and row["frames"] not in ("", "0", "1"):
            ds = td.read(corpus / row["file"])
            assert np.array_equal(ds.pixels(workers=1), ds.pixels(workers=4)), row["file"]
