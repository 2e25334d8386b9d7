# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The samples of docs/howto/scan.md run, in their order, in a folder that holds an archive/."""

import re
import sys
from pathlib import Path

import pytest
import turbodicom as td

sys.path.insert(0, str(Path(__file__).parent))

from scan_files import tree

HOWTO = Path(__file__).parents[2] / "docs" / "howto" / "scan.md"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_samples_run(run_child, tmp_path):
    for package in ("pyarrow", "polars", "duckdb", "pandas"):
        pytest.importorskip(package)
    tree(tmp_path / "archive", 20)
    (tmp_path / "archive" / "notes.txt").write_text("no DICOM")
    samples = BLOCK.findall(HOWTO.read_text())
    assert len(samples) >= 5
    child = run_child("import os, sys\nos.chdir(sys.argv[1])\n" + "\n".join(samples), tmp_path)
    assert child.returncode == 0, child.stderr
    assert "notes.txt" in child.stdout
    assert "CT 10 instance number archive/d000/000.dcm" in child.stdout
    assert (tmp_path / "index.parquet").exists()


def test_the_reference_lists_the_default_tags_and_the_columns():
    text = (HOWTO.parents[1] / "reference" / "scan.md").read_text()
    names = re.findall(r"`(\w+)`", text.rpartition("## ")[2].partition("\n")[2])
    assert tuple(names) == td.DEFAULT_TAGS
    of_files = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    table = td.scan([], ["Rows"], pixel_offset=True)
    assert of_files == [name for name in table.columns if name != "Rows"]
