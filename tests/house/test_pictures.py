# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The pictures of the docs are what docs/make_pictures.py makes today."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("turbodicom")
image = pytest.importorskip("PIL.Image")

DOCS = Path(__file__).parents[2] / "docs"


def load():
    spec = importlib.util.spec_from_file_location("make_pictures", DOCS / "make_pictures.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_pictures_of_the_docs_are_made_by_the_code_as_it_is(tmp_path):
    module = load()
    module.main(tmp_path)
    assert {path.name for path in (DOCS / "pictures").iterdir()} == {f"{name}.png" for name in module.PICTURES}
    for path in tmp_path.iterdir():
        made, kept = (np.asarray(image.open(file), int) for file in (path, DOCS / "pictures" / path.name))
        # The phantom's noise goes through float32 sums, whose last bit may differ between builds of NumPy.
        assert made.shape == kept.shape
        assert (abs(made - kept) > 4).mean() < 0.001, path.name
