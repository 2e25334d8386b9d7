# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The samples of docs/howto/training.md run, in their order, over a small archive; the first has at most 15 lines."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from batch_files import write_bad, write_series

HOWTO = Path(__file__).parents[2] / "docs" / "howto" / "training.md"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_samples_run(run_child, tmp_path):
    pytest.importorskip("torch", exc_type=ImportError)
    archive = tmp_path / "archive" / "one"
    archive.mkdir(parents=True)
    write_series(archive, 9, Modality="CT", BodyPartExamined="CHEST", SeriesInstanceUID="1.2.3")
    write_bad(archive)
    (archive / "cut.dcm").unlink()
    samples = BLOCK.findall(HOWTO.read_text(encoding="utf-8"))
    assert len(samples) == 4
    ends = "\nassert len(chosen) == 9 and loss.item() > 0\nassert images.shape == (1, 64, 64, 1) and whole == [0]\n"
    child = run_child(f"import os; os.chdir({str(tmp_path)!r})\n" + "\n".join(samples) + ends)
    assert child.returncode == 0, child.stderr


def test_the_first_sample_has_at_most_15_lines():
    first = BLOCK.findall(HOWTO.read_text(encoding="utf-8"))[0]
    assert len([line for line in first.splitlines() if line]) <= 15
