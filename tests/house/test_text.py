# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""What every file looks like: ASCII, a licence line, small, and of no particular machine."""

import re

HEAD = ("SPDX-FileCopyrightText:", "SPDX-License-Identifier: MIT")
# Field names of an image header; a product of two of them wraps around unless base/checked.h makes it.
FIELDS = "rows|columns|samples_per_pixel|samples|bits_allocated|bits_stored|number_of_frames|frames|components"
PRODUCT = re.compile(rf"\b(?:{FIELDS})\b(?:\(\))?\s*\*\s*(?:[\w.>-]*\b)?(?:{FIELDS})\b")


def test_sources_are_ascii(sources):
    wrong = [f"{path}: {re.sub('[ -~]', '', text)[:5]!r}" for path, text in sources if not text.isascii()]
    assert wrong == []


def test_sources_open_with_their_licence(sources):
    wrong = []
    for path, text in sources:
        if path.suffix in {".cpp", ".h", ".py", ".pyi"}:
            lines = [line for line in text.splitlines() if not line.startswith("#!")][:2]
            if not all(part in line for part, line in zip(HEAD, lines + ["", ""], strict=False)):
                wrong.append(str(path))
    assert wrong == []


def test_no_file_is_larger_than_a_mebibyte(files):
    assert [path for path in files if path.stat().st_size > 1 << 20] == []


def test_no_path_of_a_particular_machine(sources):
    pattern = re.compile(r"(?<![\w.])/(?:home|Users|work|root|mnt)/\w")
    assert [str(path) for path, text in sources if pattern.search(text) and path.name != "test_text.py"] == []


def test_nothing_is_left_for_later(sources):
    pattern = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b")
    assert [str(path) for path, text in sources if pattern.search(text)] == []


def test_sizes_are_never_a_raw_product_of_header_fields(sources):
    """Not in pixel/, which only ever sees views; elsewhere a comment "checked: where" on the line allows it."""
    wrong = []
    for path, text in sources:
        if path.parts[0] == "cpp" and path.suffix in {".cpp", ".h"} and "pixel" not in path.parts:
            for number, line in enumerate(text.splitlines(), 1):
                if PRODUCT.search(line.split("//")[0]) and "// checked: " not in line:
                    wrong.append(f"{path}:{number}: {line.strip()}")
    assert wrong == []
