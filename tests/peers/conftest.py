# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Lets the tests beside this file import the modules beside it, and gives them the corpus."""

import csv
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

CORPUS = os.environ.get("TURBODICOM_CORPUS")


@pytest.fixture(scope="session")
def corpus():
    """Return the corpus folder; skips without one."""
    if not CORPUS:
        pytest.skip("no corpus: set TURBODICOM_CORPUS to the folder that holds manifest.csv")
    return Path(CORPUS)


@pytest.fixture(scope="session")
def jpeg_rows(corpus):
    """Return the rows of the manifest that are bare JPEG streams, as dicts."""
    with open(corpus / "manifest.csv", newline="") as text:
        return [row for row in csv.DictReader(text) if row["kind"] == "jpeg"]
