# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The files of the house, for every test beside this one."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRUNED = {".git", "build", "dist", "__pycache__", ".pytest_cache", ".ruff_cache", ".hypothesis", "turbodicom-demo"}
COMPILED = {".so", ".pyd", ".dylib", ".pyc"}


def walk():
    """Yield every file of the project, without what builds and tools leave behind."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in PRUNED and not name.startswith((".venv", "build-", "venv"))]
        folders[:] = [name for name in folders if not name.endswith(".egg-info")]
        yield from (Path(folder, name) for name in names if Path(name).suffix not in COMPILED)


@pytest.fixture(scope="session")
def root():
    """Return the project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def files():
    """Return every file of the project."""
    return sorted(walk())


@pytest.fixture(scope="session")
def sources(files):
    """Return (path below the project, text) of every C++, CMake, Python and Markdown file."""
    wanted = {".cpp", ".h", ".cmake", ".py", ".pyi", ".md", ".toml", ".json", ".txt"}
    return [(path.relative_to(ROOT), path.read_text(encoding="utf-8")) for path in files if path.suffix in wanted]
