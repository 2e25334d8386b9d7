# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""table.series(): files grouped by series, in the order of their geometry."""

import os
import random
import sys
from pathlib import Path

import numpy as np
import pytest
import turbodicom as td

sys.path.insert(0, str(Path(__file__).parent))

from scan_files import ct

TAGS = ["SeriesInstanceUID", "InstanceNumber", "ImagePositionPatient", "ImageOrientationPatient"]
CORONAL = (1, 0, 0, 0, 0, -1)


def write(folder, files):
    """Write name -> bytes into a folder and return its table."""
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return td.scan(folder)


def names(series):
    """Return the names of the files of a series without folders."""
    return [os.path.basename(path) for path in series]


def test_files_are_grouped_by_series_in_the_order_of_their_appearance(tmp_path):
    table = write(
        tmp_path,
        {
            "a": ct(1, series="1.2.9", SeriesDescription="second", Modality="MR"),
            "b": ct(1, series="1.2.5"),
            "c": ct(2, series="1.2.9"),
            "d": b"no DICOM",
        },
    )
    first, second = table.series()
    assert (first.uid, first.study_uid, first.modality, first.description) == (
        "1.2.9",
        "1.2.3",
        "MR",
        "second",
    )
    assert (second.uid, second.modality, second.description) == ("1.2.5", "CT", None)
    assert (names(first), names(second)) == (["a", "c"], ["b"])
    assert first.rows == (0, 2)
    assert len(first) == 2
    assert first[1] == first.files[1] == str(tmp_path / "c")


@pytest.mark.parametrize(
    "orientation", [(1, 0, 0, 0, 1, 0), CORONAL, (0.8, 0.6, 0, 0, 0, -1), (0.6, 0.8, 0, -0.64, 0.48, 0.6)]
)
def test_files_with_geometry_are_sorted_along_the_normal(tmp_path, orientation):
    normal = np.cross(orientation[:3], orientation[3:])
    start, places = np.array([-100.5, 20, 7]), list(range(30))
    random.Random(1).shuffle(places)  # neither names nor numbers follow the positions
    files = {
        f"{number:02}": ct(7 * number % 30, position=start + normal * 2.5 * place, orientation=orientation)
        for number, place in enumerate(places)
    }
    (series,) = write(tmp_path, files).series()
    assert names(series) == [f"{places.index(place):02}" for place in range(30)]
    assert series.order == "position"
    assert np.allclose(series.positions, start @ normal + 2.5 * np.arange(30))


def test_files_at_the_same_place_are_sorted_by_number_then_path(tmp_path):
    here = (0, 0, 1)
    files = {
        "b": ct(2, position=here),
        "a": ct(2, position=here),
        "c": ct(1, position=here),
        "d": ct(9, position=(0, 0, 0)),
    }
    (series,) = write(tmp_path, files).series()
    assert names(series) == ["d", "c", "a", "b"]


@pytest.mark.parametrize(
    ("position", "orientation"),
    [
        (None, (1, 0, 0, 0, 1, 0)),
        ((0, 0, 2), CORONAL),
        ((0, 0), (1, 0, 0, 0, 1, 0)),
        ((0, 0, 2), (1, 0, 0, 0, 1)),
    ],
)
def test_without_a_common_geometry_the_instance_number_decides(tmp_path, position, orientation):
    files = {
        "a": ct(3, position=position, orientation=orientation),
        "b": ct(1, position=(0, 0, 9)),
        "c": ct(2, position=(0, 0, 5)),
    }
    (series,) = write(tmp_path, files).series()
    assert names(series) == ["b", "c", "a"]
    assert (series.order, series.positions) == ("instance number", None)


@pytest.mark.parametrize("orientation", [(1, 0, 0, 1, 0, 0), (0, 0, 0, 0, 0, 0)])
def test_an_orientation_without_a_normal_is_no_geometry(tmp_path, orientation):
    places = {"a": 2, "b": 0, "c": 1}
    files = {
        name: ct(n + 1, position=(0, 0, z), orientation=orientation)
        for n, (name, z) in enumerate(places.items())
    }
    (series,) = write(tmp_path, files).series()
    assert names(series) == ["a", "b", "c"]
    assert series.order == "instance number"


def test_without_numbers_the_path_decides_and_files_without_one_come_last(tmp_path):
    (series,) = write(tmp_path, {"b": ct(None), "a": ct(None)}).series()
    assert (names(series), series.order) == (["a", "b"], "path")
    (series,) = write(tmp_path, {"c": ct(5), "d": ct(2)}).series()
    assert names(series) == ["d", "c", "a", "b"]


@pytest.mark.parametrize("number", ["1e300", "1e999", "nan"])
def test_positions_that_are_no_places_do_no_harm(tmp_path, number):
    plain = ct(1, position=(0, 0, 1.25))
    odd = ct(2, position=(0, 0, 12.25)).replace(b"0\\0\\12.25", f"0\\0\\{number:5}".encode())
    assert number.encode() in odd
    (tmp_path / "a").write_bytes(odd)
    (tmp_path / "b").write_bytes(plain)
    (series,) = td.scan(tmp_path).series()
    assert len(series) == 2


@pytest.mark.parametrize("missing", TAGS)
def test_a_missing_column_is_a_value_error_that_names_it(tmp_path, missing):
    table = td.scan(tmp_path, [tag for tag in TAGS if tag != missing])
    with pytest.raises(ValueError, match=missing):
        table.series()


def test_the_four_columns_are_enough(tmp_path):
    write(tmp_path, {"a": ct(1)})
    (series,) = td.scan(tmp_path, TAGS).series()
    assert (series.modality, series.study_uid, series.description) == (None, None, None)
    assert "1 files" in repr(series)
    assert "1.2.3" not in repr(series)


def test_no_files_are_no_series(tmp_path):
    assert td.scan(tmp_path).series() == []
