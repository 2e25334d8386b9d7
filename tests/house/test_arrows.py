# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Who may include and import whom.

::

    base <- codec, dicom, pixel <- image <- bindings      codec, dicom and pixel never include one another
    _core <- errors, types <- the rest <- interop, cli, net      cli and net use the public API only
"""

import ast
import re

INCLUDE = re.compile(r'^\s*#\s*include\s+["<](?:turbodicom/)?(\w+)/', re.MULTILINE)
MAY_INCLUDE = {
    "base": {"base"},
    "codec": {"base", "codec"},
    "dicom": {"base", "dicom"},
    "pixel": {"base", "pixel"},
    "image": {"base", "codec", "dicom", "pixel", "image"},
}
ROOMS = set(MAY_INCLUDE)


def test_rooms_include_only_what_the_arrows_allow(sources):
    wrong = []
    for path, text in sources:
        if path.parts[:2] == ("cpp", "turbodicom"):
            wanted = set(INCLUDE.findall(text)) & ROOMS
            wrong += [f"{path} includes {room}" for room in wanted - MAY_INCLUDE[path.parts[2]]]
    assert wrong == []


def test_only_the_bindings_know_python(sources):
    pattern = re.compile(r"#\s*include\s*[<\"](pybind11/|Python\.h)")
    wrong = [str(path) for path, text in sources if path.suffix in {".cpp", ".h"} and pattern.search(text)]
    assert [path for path in wrong if not path.startswith("cpp/bindings/")] == []


def test_a_codec_includes_only_its_own_folder_and_common(sources):
    wrong = []
    for path, text in sources:
        if path.parts[:3] == ("cpp", "turbodicom", "codec") and len(path.parts) > 4:
            others = set(re.findall(r"turbodicom/codec/(\w+)/", text)) - {path.parts[3], "common"}
            wrong += [f"{path} includes codec {other}" for other in others]
    assert wrong == []


def imported(text):
    """Return (package level, module) of every import of this package in Python source."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            names = [alias.name for alias in node.names]
            found |= {("." * node.level + (node.module or ""), name) for name in names}
        elif isinstance(node, ast.Import):
            found |= {(alias.name, "") for alias in node.names}
    return found


def python_modules(sources, *parts):
    prefix = ("python", "turbodicom", *parts)
    return [(path, text) for path, text in sources if path.suffix == ".py" and path.parts[: len(prefix)] == prefix]


def test_cli_and_net_use_the_public_api_only(sources):
    wrong = []
    for room, other in (("cli", "net"), ("net", "cli")):
        for path, text in python_modules(sources, room):
            for module, name in imported(text):
                parts = [*module.split("."), name]
                outside = module.startswith(("turbodicom", "..")) and not module.startswith(f"turbodicom.{room}")
                private = any(part.startswith("_") and part != "__version__" for part in parts)
                if outside and (private or other in parts):
                    wrong.append(f"{path} imports {name or module} from {module}")
    assert wrong == []


def test_nothing_below_imports_cli_or_net(sources):
    wrong = []
    for path, text in python_modules(sources):
        if path.parts[2] not in {"cli", "net", "__main__.py", "__init__.py"}:
            for module, name in imported(text):
                rooms = {"cli", "net"} & {*module.split("."), name}
                if rooms and module.startswith(("turbodicom", ".")):
                    wrong.append(f"{path} imports {rooms}")
    assert wrong == []


def test_errors_import_nothing_of_the_house(sources):
    for path, text in python_modules(sources):
        if path.name == "errors.py":
            assert [module for module, _ in imported(text) if module.startswith(("turbodicom", "."))] == []
