# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The public face: its names, its docstrings, its versions. Needs the built package."""

import importlib
import importlib.metadata
import inspect
import re
import subprocess
import sys
import types

import pytest

td = pytest.importorskip("turbodicom")
Validator = pytest.importorskip("numpydoc.validate").Validator

# Names DESIGN fixes for what exists so far.
PROMISED = {
    "ConformanceError", "CorruptDataError", "Dataset", "Error", "Limits", "LimitExceededError", "TruncatedDataError",
    "UnsupportedError", "codecs", "dcmread", "dictionary", "errors", "interop", "pixels", "read",
}  # fmt: skip
MODULES = ("codecs", "dictionary", "errors", "interop", "interop.dask")
# numpydoc's codes: PR01 parameter not documented, PR02 unknown parameter, RT01 no Returns, SS03 no full stop, GL08 none.
CODES = {"PR01", "PR02", "RT01", "SS03", "GL08"}


def public_functions():
    """Yield (name, function) for every public function and public method."""
    modules = {"turbodicom": td} | {f"turbodicom.{name}": importlib.import_module(f"turbodicom.{name}") for name in MODULES}
    for prefix, module in modules.items():
        for name in getattr(module, "__all__", ()):
            value = getattr(module, name)
            if inspect.isfunction(value):
                yield f"{prefix}.{name}", value
            elif inspect.isclass(value) and not issubclass(value, Exception):
                members = inspect.getmembers(value, inspect.isfunction)
                own = [(key, member) for key, member in members if member.__module__.startswith("turbodicom")]
                yield from ((f"{prefix}.{name}.{key}", member) for key, member in own if not key.startswith("_"))


def test_all_is_sorted_and_is_every_public_name():
    public = {name for name in vars(td) if not name.startswith("_")}
    public -= {name for name in public if isinstance(vars(td)[name], types.ModuleType) and name not in td.__all__}
    assert list(td.__all__) == sorted(td.__all__)
    assert set(td.__all__) - {"__version__"} == public


def test_every_promised_name_is_there():
    assert {name for name in PROMISED if not hasattr(td, name)} == set()


def test_every_exported_name_says_what_it_is():
    assert [name for name in td.__all__ if name != "__version__" and not inspect.getdoc(getattr(td, name))] == []


@pytest.mark.parametrize(("name", "function"), list(public_functions()), ids=lambda value: value if isinstance(value, str) else "")
def test_public_functions_are_documented(name, function):
    doc = inspect.getdoc(function) or ""
    found = [message for code, message in numpydoc_errors(name) if code in CODES]
    assert found == []
    if inspect.signature(function).parameters.keys() - {"self"} and re.search(r"\braise\b", inspect.getsource(function)):
        assert "Raises\n" in doc


def numpydoc_errors(name):
    """Return numpydoc's (code, message) for an importable name."""
    validate = importlib.import_module("numpydoc.validate").validate
    return validate(name)["errors"]


@pytest.mark.parametrize("name", ["read", "dcmread", "pixels"])
def test_the_doors_name_parameters_returns_raises_and_source(name):
    doc = inspect.getdoc(getattr(td, name))
    for section in ("Parameters", "Returns", "Raises"):
        assert f"{section}\n---" in doc, section
    assert re.search(r"PS3\.\d+", doc)


def test_changelog_package_and_core_have_one_version(root):
    project = re.search(r'^version = "(.+)"', (root / "pyproject.toml").read_text(), re.MULTILINE)[1]
    changelog = re.search(r"^## \[?(\d+\.\d+\.\d+)", (root / "CHANGELOG.md").read_text(), re.MULTILINE)[1]
    compiled = importlib.import_module("turbodicom._core").__version__
    assert {project, changelog, compiled, td.__version__} == {project}


def test_import_needs_numpy_only():
    source = "import sys, turbodicom; print(sorted({name.split('.')[0] for name in sys.modules}))"
    names = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True).stdout
    foreign = {"pydicom", "pylibjpeg", "imagecodecs", "PIL", "rich", "fsspec", "pyarrow", "openjpeg", "jpeg_ls", "rle"}
    assert foreign & set(re.findall(r"'(\w+)'", names)) == set()
