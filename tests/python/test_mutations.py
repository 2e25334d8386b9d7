# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Every prefix of small valid files, and random mutations of them: a result or one of our errors.

TURBODICOM_MUTATIONS sets how many mutations (default 5000; once per release 100000), TURBODICOM_SEED which.
"""

import os

import pytest
import turbodicom as td

MUTATIONS = int(os.environ.get("TURBODICOM_MUTATIONS", "5000"))
SEED = int(os.environ.get("TURBODICOM_SEED", "1"))


def test_every_small_file_is_valid(small_files):
    for name, data in small_files.items():
        assert td.read(data).pixels().size > 0, name


def test_every_prefix_gives_a_result_or_one_of_our_errors(exercise, small_folder):
    summary = exercise("prefixes", small_folder)
    assert summary["counts"]["ok"] > 0
    assert summary["counts"]["TruncatedDataError"] > 0


def test_mutations_give_a_result_or_one_of_our_errors(exercise, small_folder):
    summary = exercise("mutations", small_folder, SEED, MUTATIONS, timeout=max(120, MUTATIONS // 20))
    assert summary["counts"]["ok"] > MUTATIONS // 2
    assert len(summary["counts"]) > 3


@pytest.mark.parametrize("extra", [b"\0", b"\0" * 7, b"\xff" * 8])
def test_bytes_after_the_last_element_do_not_change_the_pixels(small_files, extra):
    data = small_files["explicit little endian"]
    assert (td.read(data + extra).pixels() == td.read(data).pixels()).all()
