# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Headers of every corpus file: the number of elements, nested ones included, and each element against pydicom's."""

import warnings

import pydicom
import pytest
import turbodicom as td

# pydicom gives up at the end of a cut file and returns nothing; ours keeps these many elements and an issue.
KEPT_OF_CUT_FILES = {"dicom/pydicom__pydicom-data/emri_small_jpeg_2k_lossless_too_short.dcm": 131}


def count(ds):
    """Return the number of elements, nested ones included."""
    return sum(1 + sum(count(item) for item in (element.value if element.vr == "SQ" else ()) or ()) for element in ds)


@pytest.mark.manifest(kind="dicom")
def test_as_many_elements_as_pydicom_counts(corpus, row):
    if not row["n_elements_all_pydicom"]:
        pytest.skip("the manifest has no count")
    expected = KEPT_OF_CUT_FILES.get(row["file"], int(row["n_elements_all_pydicom"]))
    assert count(td.read(corpus / row["file"])) == expected


def flat(ds, prefix=""):
    """Return path -> (VR, value) of every element; sequences stand as their number of items."""
    found = {}
    for element in ds:
        path = f"{prefix}{int(element.tag):08X}"
        if element.VR != "SQ":
            found[path] = element.VR, element.value
            continue
        found[path] = "SQ", len(element.value)
        for number, item in enumerate(element.value):
            found |= flat(item, f"{path}[{number}].")
    return found


class Renamed:
    """Our element under pydicom's attribute names, so that `flat` serves both."""

    def __init__(self, element):
        self.tag, self.VR = element.tag, element.vr
        value = element.value
        self.value = [[Renamed(inner) for inner in item] for item in value or ()] if element.vr == "SQ" else value


@pytest.mark.manifest(kind="dicom")
def test_every_element_equals_pydicoms(corpus, row):
    if row["file"] in KEPT_OF_CUT_FILES:
        pytest.skip("pydicom returns no element of this cut file")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = flat(pydicom.dcmread(corpus / row["file"], force=True))
    ours = flat(Renamed(element) for element in td.read(corpus / row["file"]))
    assert list(ours) == list(theirs)
    different = [path for path in ours if not equal(ours[path], theirs[path])]
    assert different == []


def equal(ours, theirs):
    """Compare (VR, value); NaN equals NaN, an empty value equals any empty value."""
    if ours[0] != theirs[0]:
        return False
    if ours[1] in (None, "", b"", []) and theirs[1] in (None, "", b"", []):
        return True
    return ours[1] == theirs[1] or repr(ours[1]) == repr(theirs[1])


def test_pixel_data_is_not_read_before_it_is_asked_for(corpus, manifest):
    large = [row for row in manifest if row["kind"] == "dicom" and int(row["bytes"]) > 1 << 20]
    assert large
    for row in large:
        source = Watched((corpus / row["file"]).read_bytes())
        if row["syntax_uid"].endswith(".99"):
            continue  # deflated as a whole: there is nothing to skip
        td.read(source).get("Rows")
        assert source.read_bytes <= 256 << 10, row["file"]


class Watched:
    """A binary file object that counts the bytes read."""

    def __init__(self, data):
        self.data, self.at, self.read_bytes = data, 0, 0

    def seek(self, offset, whence=0):
        self.at = (0, self.at, len(self.data))[whence] + offset
        return self.at

    def tell(self):
        return self.at

    def read(self, size=-1):
        end = len(self.data) if size is None or size < 0 else self.at + size
        block = self.data[self.at : end]
        self.at += len(block)
        self.read_bytes += len(block)
        return block
