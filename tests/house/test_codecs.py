# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Each codec has everything that a codec has."""

import re

import pytest

CODEC = "cpp/turbodicom/codec"


@pytest.fixture(scope="module")
def codecs(root):
    """Return the names of the codec folders."""
    names = [folder.name for folder in (root / CODEC).iterdir() if folder.is_dir() and folder.name != "common"]
    assert "rle" in names
    return names


def test_each_codec_has_a_readme_a_door_and_a_contract_test(root, codecs):
    for name in codecs:
        assert (root / CODEC / name / "README.md").stat().st_size > 500, name
        assert (root / CODEC / name / f"{name}.h").exists(), name
        assert (root / "tests/cpp/codec" / name / "contract_test.cpp").exists(), name


def test_each_codec_has_two_fuzz_targets_with_seeds(root, codecs):
    for name in codecs:
        for subject in (f"{name}_decode", f"{name}_roundtrip"):
            assert (root / "tests/fuzz/codec" / f"fuzz_{subject}.cpp").exists(), subject
            assert any((root / "tests/fuzz/codec/seeds" / subject).iterdir()), subject


def test_each_codec_has_a_registry_row(root, codecs):
    registry = (root / CODEC / "registry.cpp").read_text()
    assert sorted(re.findall(r'Codec\{"(\w+)"', registry)) == sorted(codecs)


def test_each_codec_has_a_benchmark_row(root, codecs):
    table = (root / "benchmarks/bench_codec.py").read_text().split("CODECS = {")[1]
    assert sorted(re.findall(r'"(\w+)":', table)) == sorted(codecs)


def test_each_codec_with_kernels_has_parity_tests(root, codecs):
    for name in codecs:
        if any((root / CODEC / name).glob("*_avx*.cpp")):
            assert any((root / "tests/kernels").glob(f"{name}*_kernels_test.cpp")), name
