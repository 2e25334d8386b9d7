# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Columns of every corpus file equal pydicom's values, for every element that occurs at the top level.

`expected` says what a value of pydicom is in a column of a type: what no column of that type holds is null there, and
its text is among the unparsed ones.
"""

import datetime
import math
import warnings

import pydicom
import pytest
import turbodicom as td
from pydicom.dataelem import RawDataElement
from pydicom.multival import MultiValue
from pydicom.valuerep import DA, DT, TM

# pydicom gives up at the end of this cut file and returns nothing.
WITHOUT_PYDICOM = {"dicom/pydicom__pydicom-data/emri_small_jpeg_2k_lossless_too_short.dcm"}
TAGS_AT_ONCE = 200
CONVERT = {"date": DA, "time": TM, "float": float, "int": int, "timestamp": DT}


@pytest.fixture
def theirs(corpus, manifest):
    """Return path -> tag -> pydicom's data set that holds the element; file meta information included.

    Read anew for each test: pydicom forgets the bytes of a value once it is asked for.
    """
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for row in manifest:
            if row["kind"] == "dicom" and row["file"] not in WITHOUT_PYDICOM:
                path = str(corpus / row["file"])
                ds = pydicom.dcmread(path, force=True, stop_before_pixels=True)
                meta = getattr(ds, "file_meta", None)
                found[path] = dict.fromkeys(meta.keys() if meta else (), meta) | dict.fromkeys(ds.keys(), ds)
    return found


def is_compared(tag):
    """Sequences hold no value of their own; PixelData and what follows are not read by `theirs`."""
    entry = td.dictionary.get(int(tag))
    return (entry is None or entry.vr != "SQ") and tag < 0x7FE00000


def test_every_column_of_every_file_equals_pydicoms(corpus, theirs):
    tags = sorted(filter(is_compared, set().union(*theirs.values())))
    assert len(tags) > 1000
    assert all_differences(corpus, [int(tag) for tag in tags], tags, theirs) == []


def test_values_in_sequences_equal_pydicoms(corpus, theirs):
    nested = {path: dict(inside(elements)) for path, elements in theirs.items()}
    paths = sorted(set().union(*nested.values()))
    assert len(paths) > 500
    assert all_differences(corpus, paths, paths, nested) == []


def test_private_elements_by_their_creator_equal_pydicoms(corpus, theirs):
    private = {path: dict(by_creator(elements)) for path, elements in theirs.items()}
    names = sorted(set().union(*private.values()))
    assert len(names) > 300
    assert all_differences(corpus, names, names, private) == []


def inside(elements):
    """Yield (path of a column, (data set, tag)) of what is in the first two items of each sequence, and one level down."""
    pending = [
        (f"{name_of(tag)}[{i}]", item) for tag, ds in elements.items() for i, item in items_in(ds, tag)
    ]
    for prefix, item in pending:
        for tag in sorted(item.keys()):  # iterating a data set would convert its values
            yield f"{prefix}.{name_of(tag)}", (item, tag)
            if "." not in prefix:
                pending += [(f"{prefix}.{name_of(tag)}[{i}]", inner) for i, inner in items_in(item, tag)]


def items_in(ds, tag):
    """Return (index, item) of the first two items of an element that is a sequence by the dictionary."""
    entry = td.dictionary.get(int(tag))
    if entry is None or entry.vr != "SQ":
        return []
    return list(enumerate(ds[tag].value or ()))[:2]


def name_of(tag):
    return f"({tag.group:04x},{tag.element:04x})"


def by_creator(elements):
    """Yield (name of a column, (data set, tag)) of the private elements whose creator is there."""
    for tag, ds in sorted(elements.items(), reverse=True):  # the first of several blocks wins
        creator = pydicom.tag.Tag(tag.group, tag.element >> 8)
        if tag.group % 2 and tag.element > 0x1000 and creator in ds:
            yield f'({tag.group:04x},"{ds[creator].value}",{tag.element & 0xFF:02x})', (ds, tag)


def all_differences(corpus, columns, keys, theirs):
    """Scan some columns at a time and return what differs from `theirs`: path -> key -> data set or (data set, tag)."""
    different = []
    for start in range(0, len(columns), TAGS_AT_ONCE):
        part = slice(start, start + TAGS_AT_ONCE)
        usable = [
            (column, key) for column, key in zip(columns[part], keys[part], strict=True) if is_column(column)
        ]
        table = td.scan(corpus, [column for column, _ in usable])
        different += differences(table, [key for _, key in usable], theirs)
    return different


def is_column(name):
    """Sequences are no columns."""
    try:
        td.scan([], [name])
    except ValueError as error:
        assert "holds items" in str(error)
        return False
    return True


def differences(table, tags, theirs):
    """Return (path, tag, column, ours, expected) of every cell that differs."""
    rows = {path: number for number, path in enumerate(table["path"])}
    unparsed = [dict(pairs(texts)) for texts in table["unparsed"]]
    different = []
    for name, tag in zip(table.columns[5:-3], tags, strict=True):
        cells, type_ = table[name], table.types[name]
        as_int = (
            type_ == "int" and getattr(cells, "dtype", None) == float
        )  # with gaps: float64, exact up to 2**53
        for path, elements in theirs.items():
            value = plain(cells[rows[path]])
            ours = int(value) if as_int and value is not None else value, unparsed[rows[path]].get(name)
            found_at = elements.get(tag)
            ds, own_tag = found_at if isinstance(found_at, tuple) else (found_at, tag)
            wanted = (None, None) if ds is None else expected(type_, ds, own_tag)
            if ours == ([""], None):  # padding alone is one empty text, or none
                ours = [], None
            if repr(ours) != repr(wanted):
                different.append((path, str(tag), name, type_, ours, wanted))
    return different


def pairs(texts):
    return [(text["column"], text["text"]) for text in texts or ()]


def plain(value):
    """Return numbers of an array as Python's; NaN, which stands for null in such an array, as None."""
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and math.isnan(value) else value


def expected(type_, ds, tag):
    """Return (value, unparsed text) that an element of pydicom is in a column."""
    vr, items, raw = items_of(ds, tag)
    if vr == "SQ":
        return None, None
    if type_ == "binary":
        return raw or None, None
    is_list, item_type = type_.startswith("list"), type_.removeprefix("list<").removesuffix(">")
    text = "\\".join(map(text_of, items))
    if item_type == "text":
        return ([str(item) for item in items] if text else []) if is_list else text, None
    if not text.strip():
        return [] if is_list else None, None
    try:
        values = [None if str(item).strip() == "" else convert(item_type, item) for item in items]
    except (ValueError, TypeError, OverflowError):
        return None, text
    if not is_list and len(values) > 1:
        return None, text
    has_zone = any(getattr(value, "tzinfo", None) for value in values)
    values = [bare(value, item_type) for value in values]
    return values if is_list else values[0], text if has_zone else None


def text_of(item):
    """Return the text of a value; a binary number has none of its own, and the shortest one is taken."""
    return str(item).removesuffix(".0") if type(item) is float else str(item)


def convert(item_type, item):
    value = CONVERT[item_type](item)
    if value is None or (item_type == "int" and float(item) != value):
        raise ValueError(item)
    return value


def bare(value, item_type):
    """Return the value in the standard library's types."""
    if value is None or item_type in ("int", "float"):
        return value
    if item_type == "date":
        return datetime.date(value.year, value.month, value.day)
    if item_type == "time":
        return datetime.time(value.hour, value.minute, value.second, value.microsecond)
    return datetime.datetime.fromisoformat(value.replace(tzinfo=None).isoformat())


def items_of(ds, tag):
    """Return VR, values as a list, and bytes of an element; what pydicom refuses is text."""
    raw = ds.get_item(tag)
    data = raw.value if isinstance(raw, RawDataElement) else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            vr, value = ds[tag].VR, ds[tag].value
        except (ValueError, TypeError, OverflowError):
            vr, value = "", data.decode("latin-1").strip(" \0").split("\\")
    if isinstance(value, bytes):
        data, value = value, value.decode("latin-1")  # in a column that is not binary it is text byte by byte
    if value is None or value == "":
        return vr, [], data
    return vr, list(value) if isinstance(value, (MultiValue, list)) else [value], data
