# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""td.scan and td.scan_batches: the table, its values and its way into Arrow, pandas, polars and DuckDB."""

import datetime
import gc
import os
import pickle
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import turbodicom as td
from pydicom.uid import DeflatedExplicitVRLittleEndian

sys.path.insert(0, str(Path(__file__).parent))

from scan_files import ct, tree

pa = pytest.importorskip("pyarrow")
TAGS = [
    "PatientID",
    "InstanceNumber",
    "ImagePositionPatient",
    "SliceThickness",
    "StudyDate",
    "SeriesInstanceUID",
]


@pytest.fixture
def folder(tmp_path):
    """Return a folder with 25 files in three folders, and one that is not DICOM."""
    tree(tmp_path / "archive", 25)
    (tmp_path / "archive" / "notes.txt").write_text("no DICOM")
    return tmp_path / "archive"


def test_a_folder_becomes_a_row_for_each_file_in_the_order_of_names(folder):
    table = td.scan(folder, TAGS)
    below = sorted(os.path.join(root, name) for root, _, names in os.walk(folder) for name in names)
    assert table["path"] == below
    assert table["InstanceNumber"].tolist()[:25] == list(range(1, 26))
    assert np.isnan(table["InstanceNumber"][25])
    assert len(table) == 26


def test_columns_of_the_file_are_those_of_the_operating_system(folder):
    table = td.scan(folder, [])
    status = [os.stat(path) for path in table["path"]]
    assert table["size"].tolist() == [one.st_size for one in status]
    assert table["inode"].tolist() == [one.st_ino for one in status]
    arrow = table.to_arrow()
    assert arrow["mtime"].cast("int64").to_pylist() == [one.st_mtime_ns for one in status]
    assert table["transfer_syntax"] == ["1.2.840.10008.1.2.1"] * 25 + [None]


def test_what_is_no_dicom_is_a_row_with_an_error(folder):
    table = td.scan(folder, TAGS)
    assert [error["path"] for error in table.errors] == [str(folder / "notes.txt")]
    assert table.errors[0]["error"]
    assert table["error"][:25] == [None] * 25


def test_a_row_is_a_dict_with_python_values(tmp_path):
    path = tmp_path / "a.dcm"
    path.write_bytes(ct(7, position=(1, 2.5, -3), SliceThickness="0.5", StudyDate="20260131"))
    row = td.scan(path, TAGS)[0]
    assert list(row) == list(td.scan(path, TAGS).columns)
    assert row["path"] == str(path)
    assert (row["PatientID"], row["InstanceNumber"], row["SliceThickness"]) == ("P1", 7, 0.5)
    assert row["ImagePositionPatient"] == [1.0, 2.5, -3.0]
    assert row["StudyDate"] == datetime.date(2026, 1, 31)
    assert row["error"] is None
    assert not row["unparsed"]
    mtime = os.stat(path).st_mtime_ns // 1000
    expected = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(
        microseconds=mtime
    )
    assert row["mtime"] == expected


def test_rows_are_asked_for_by_number_from_both_ends_by_slice_and_by_iterating(folder):
    table = td.scan(folder, TAGS)
    rows = list(table)
    assert len(rows) == 26
    assert table[-1] == rows[-1]
    assert table[3:7] == rows[3:7]
    assert table[::-5] == rows[::-5]
    assert table[20:100] == rows[20:]
    assert table[9:2] == []
    for beyond in (26, -27):
        with pytest.raises(IndexError, match="26 rows"):
            table[beyond]
    with pytest.raises(KeyError, match="PatientName"):
        table["PatientName"]
    with pytest.raises(TypeError):
        table[1.5]


def test_a_table_says_how_much_there_is_but_nothing_of_a_patient(folder):
    text = repr(td.scan(folder))
    assert "26 files, 3 series, 1 errors" in text
    assert "P1" not in text


def test_a_notebook_shows_a_few_rows_with_nothing_that_is_html(tmp_path):
    (tmp_path / "a.dcm").write_bytes(ct(StudyDescription="<script>alert(1)</script>"))
    shown = td.scan(tmp_path, ["StudyDescription"])._repr_html_()
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown


def test_integers_with_gaps_are_floats_unless_floats_cannot_hold_them(folder):
    table = td.scan([folder, "no such file"], ["InstanceNumber", "(0008,0001)"])
    assert table["InstanceNumber"].dtype == np.float64
    assert table["size"].dtype == np.float64
    huge = td.scan([folder], ["InstanceNumber"])
    assert huge["inode"].dtype == np.int64


def test_integers_that_floats_cannot_hold_come_as_objects(tmp_path):
    number = (1 << 53) + 1
    (tmp_path / "a.dcm").write_bytes(ct())
    (tmp_path / "b.dcm").write_bytes(ct(FileOffsetInContainer=number))
    column = td.scan(tmp_path, ["FileOffsetInContainer"])["FileOffsetInContainer"]
    assert column.tolist() == [None, number]


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_the_table_does_not_depend_on_the_number_of_threads(tmp_path, workers):
    tree(tmp_path, 600, per_folder=250)
    assert td.scan(tmp_path, workers=workers).to_arrow().equals(td.scan(tmp_path).to_arrow())


def test_deflated_files_and_other_character_sets_are_read_by_python(tmp_path):
    name = "Yamada^Tarou=\u5c71\u7530^\u592a\u90ce=\u3084\u307e\u3060^\u305f\u308d\u3046"
    values = {
        "SpecificCharacterSet": ["", "ISO 2022 IR 87"],
        "PatientName": name,
        "OtherPatientNames": [name, "b"],
    }
    (tmp_path / "a.dcm").write_bytes(ct(**values))
    (tmp_path / "b.dcm").write_bytes(ct(syntax=DeflatedExplicitVRLittleEndian, **values))
    (tmp_path / "c.dcm").write_bytes(ct(SpecificCharacterSet="ISO_IR 144", PatientName="\u041b\u044e\u043a"))
    table = td.scan(tmp_path, ["PatientName", "OtherPatientNames"])
    assert table.errors == []
    assert table["PatientName"] == [name, name, "\u041b\u044e\u043a"]
    assert table["OtherPatientNames"] == [[name, "b"], [name, "b"], None]
    assert table["PatientName"] == [str(td.read(path).PatientName) for path in table["path"]]


def test_a_deflated_bomb_is_a_row_with_an_error(tmp_path):
    (tmp_path / "a.dcm").write_bytes(
        ct(
            syntax=DeflatedExplicitVRLittleEndian,
            StudyDescription="a" * 60,
            EncapsulatedDocument=bytes(1 << 22),
        )
    )
    limits = td.Limits(inflated_bytes=1 << 20)
    (error,) = td.scan(tmp_path, ["PatientName"], limits=limits).errors
    assert "inflate" in error["error"]
    assert td.scan(tmp_path, ["PatientName"]).errors == []


def test_a_deflated_file_whose_stream_is_none_is_a_row_with_an_error(tmp_path):
    data = ct(syntax=DeflatedExplicitVRLittleEndian)
    begin = data.index(b"DICM")
    meta = data[: begin + 16 + int.from_bytes(data[begin + 12 : begin + 16], "little")]
    (tmp_path / "a.dcm").write_bytes(meta + b"\xff" * 50)
    (tmp_path / "b.dcm").write_bytes(data[:-10])  # cut short: what comes out is read
    table = td.scan(tmp_path, ["PatientID"])
    assert [(error["path"], "deflate" in error["error"]) for error in table.errors] == [
        (str(tmp_path / "a.dcm"), True)
    ]
    assert table["PatientID"] == [None, "P1"]


def test_pixel_offset_is_where_the_value_of_the_pixel_data_begins(tmp_path):
    (tmp_path / "a.dcm").write_bytes(ct())
    (tmp_path / "b.txt").write_text("no DICOM")
    data = (tmp_path / "a.dcm").read_bytes()
    offsets = td.scan(tmp_path, ["Rows"], pixel_offset=True)["pixel_offset"]
    assert offsets[0] == len(data) - 8
    assert np.isnan(offsets[1])


# -- Arrow ---------------------------------------------------------------------------------------------


def test_pyarrow_takes_a_table_and_finds_it_valid(folder):
    table = td.scan([folder, "no such file"])
    arrow = pa.table(table)
    arrow.validate(full=True)
    assert arrow.num_rows == len(table)
    assert arrow.column_names == list(table.columns)
    assert arrow["PatientID"].to_pylist() == table["PatientID"]
    assert arrow.schema.field("mtime").type == pa.timestamp("ns", "UTC")


def test_arrow_data_outlive_the_table(folder):
    table = td.scan(folder, TAGS)
    expected, arrow = table["PatientID"], pa.table(table)
    del table
    gc.collect()
    assert arrow["PatientID"].to_pylist() == expected


def test_a_table_without_rows_has_all_columns():
    table = td.scan([], TAGS)
    assert len(table) == 0
    assert pa.table(table).column_names == list(table.columns)
    assert table["PatientID"] == []
    assert table["InstanceNumber"].shape == (0,)
    assert list(table) == table.errors == []
    assert "0 files" in repr(table)
    assert table._repr_html_()


def test_polars_takes_a_table(folder):
    polars = pytest.importorskip("polars")
    table = td.scan(folder)
    for frame in (polars.DataFrame(table), polars.from_arrow(pa.table(table)), table.to_polars()):
        assert frame["PatientID"].to_list() == table["PatientID"]
        assert frame["InstanceNumber"].to_list()[:25] == list(range(1, 26))


def test_duckdb_takes_a_table(folder):
    duckdb = pytest.importorskip("duckdb")
    archive = td.scan(folder)  # DuckDB finds it by its name
    query = "select SeriesInstanceUID, count(*) from archive where error is null group by all order by 1"
    assert duckdb.sql(query).fetchall() == [("1.2.3.1", 10), ("1.2.3.2", 10), ("1.2.3.3", 5)]
    arrow = pa.table(archive)
    assert duckdb.from_arrow(arrow).filter("error is null").aggregate("count(*)").fetchall() == [(25,)]


def test_pandas_takes_a_table(folder):
    pytest.importorskip("pandas")
    frame = td.scan(folder).to_pandas()
    assert frame["PatientID"].tolist()[:25] == ["P1"] * 25
    assert frame["InstanceNumber"].tolist()[:25] == list(range(1, 26))


@pytest.mark.parametrize(
    ("method", "package"), [("to_arrow", "pyarrow"), ("to_pandas", "pandas"), ("to_polars", "polars")]
)
def test_a_missing_package_is_named(folder, monkeypatch, method, package):
    table = td.scan(folder)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(
        td.UnsupportedError, match=f"pip install .*{'arrow' if package == 'pyarrow' else package}"
    ):
        getattr(table, method)()


def test_a_cache_without_pyarrow_says_what_to_install(folder, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(td.UnsupportedError, match=r"turbodicom\[arrow\]"):
        td.scan(folder, cache=tmp_path / "index.parquet")


def test_importing_and_scanning_need_no_pyarrow(run_child, folder):
    script = "import sys; import turbodicom as td; t = td.scan(sys.argv[1]); t['PatientID'], t[0], t.series(), repr(t)"
    child = run_child(script + "; print(sorted({'pyarrow', 'pandas', 'polars'} & set(sys.modules)))", folder)
    assert child.stdout.strip() == "[]", child.stderr


def test_a_column_that_is_none_is_a_key_error_with_what_was_meant(folder):
    table = td.scan(folder)
    with pytest.raises(KeyError, match="did you mean PatientID") as caught:
        table["PatientId"]
    assert len(str(caught.value)) < 150
    with pytest.raises(KeyError, match=r"\.columns") as caught:
        table["nox"]
    assert len(str(caught.value)) < 100


def test_a_table_that_is_pickled_says_what_to_send_instead(folder):
    with pytest.raises(TypeError, match="a Table cannot be pickled: send .*to_arrow"):
        pickle.dumps(td.scan(folder, TAGS))
    with pytest.raises(TypeError, match="a RecordBatch cannot be pickled"):
        pickle.dumps(next(td.scan_batches(folder, TAGS)))


def test_a_worker_process_scans_with_one_thread(slow):
    folder, most = slow
    td.scan(folder, ["PatientID"])
    most.clear()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            td.scan(folder, ["PatientID"])
            code = 0 if max(most) == 1 else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


# -- batches -------------------------------------------------------------------------------------------


def test_batches_are_record_batches_of_at_most_so_many_rows_and_together_the_table(folder):
    batches = list(td.scan_batches(folder, TAGS, batch_rows=10))
    assert max(map(len, batches)) <= 10
    arrow = pa.Table.from_batches([pa.record_batch(batch) for batch in batches])
    arrow.validate(full=True)
    assert arrow.equals(pa.table(td.scan(folder, TAGS)))


def test_paths_are_taken_from_an_iterable_batch_by_batch(folder):
    taken = []

    def paths():
        for path in sorted(folder.rglob("*.dcm")):
            taken.append(path)
            yield path

    batches = td.scan_batches(paths(), TAGS, batch_rows=5)
    assert taken == []
    assert next(batches)["InstanceNumber"].tolist() == [1, 2, 3, 4, 5]
    assert len(taken) == 5
    assert sum(map(len, batches)) == 20


def test_an_exception_of_the_iterable_comes_out(folder):
    def paths():
        yield from sorted(folder.rglob("*.dcm"))[:3]
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        td.scan(paths(), TAGS)


# -- progress ------------------------------------------------------------------------------------------


def test_progress_is_told_the_end_and_never_goes_back(folder):
    told = []
    table = td.scan(folder, TAGS, progress=lambda files, size: told.append((files, size)))
    assert told[-1] == (len(table), table["size"].sum())
    assert told == sorted(told)


def test_progress_is_told_ten_times_a_second_at_most(tmp_path):
    (tmp_path / "a.dcm").write_bytes(ct())
    times = []
    start = time.monotonic()
    td.scan([tmp_path / "a.dcm"] * 20_000, ["Rows"], progress=lambda files, size: times.append(files))
    assert times == sorted(times)
    assert times[-1] == 20_000
    assert len(times) <= 2 + 10 * (time.monotonic() - start)


@pytest.fixture
def slow(tmp_path, monkeypatch):
    """Return 40 files that are slow to read, and a list that tells how many were read at once."""
    (tmp_path / "slow").mkdir()
    for number in range(40):
        (tmp_path / "slow" / f"{number}").write_bytes(ct(SpecificCharacterSet="GB18030", PatientID="\u5c0f"))
    lock, inside, most = threading.Lock(), [], []

    def decode(value, terms, vr):
        with lock:
            inside.append(None)
            most.append(len(inside))
        time.sleep(0.02)
        with lock:
            inside.pop()
        return "text"

    monkeypatch.setattr("turbodicom._scan_callbacks.decode", decode)
    return tmp_path / "slow", most


@pytest.mark.parametrize("progress", [None, lambda files, size: None])
def test_few_slow_files_are_read_by_all_threads_with_progress_too(slow, progress):
    folder, most = slow
    assert set(td.scan(folder, ["PatientID"], workers=4, progress=progress)["PatientID"]) == {"text"}
    assert max(most) == 4
    most.clear()
    for batch in td.scan_batches(folder, ["PatientID"], workers=4, batch_rows=20, progress=progress):
        assert len(batch) == 20
    assert max(most) == 4


def test_progress_is_told_while_a_batch_is_read_and_does_not_cut_it(slow):
    told = []
    table = td.scan(slow[0], ["PatientID"], workers=1, progress=lambda *done: told.append(done))
    assert len(table.to_arrow().to_batches()) == 1
    assert len(told) > 2
    assert 0 < told[0][0] < 40
    assert told == sorted(told)
    assert told[-1] == (40, table["size"].sum())


def test_an_exception_of_progress_ends_a_batch_under_way(slow):
    told = []

    def progress(files, size):
        told.append(files)
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        td.scan(slow[0], ["PatientID"], workers=1, progress=progress)
    assert told[0] < 40


def test_a_batch_of_any_size_takes_no_longer_than_its_files(folder):
    start = time.monotonic()
    assert [len(batch) for batch in td.scan_batches(folder, TAGS, batch_rows=(1 << 31) - 1)] == [26]
    assert len(td.scan(folder, TAGS, workers=(1 << 31) - 1)) == 26
    assert time.monotonic() - start < 5


def test_an_exception_of_progress_ends_the_scan(folder):
    def progress(files, size):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        td.scan(folder, progress=progress)


def test_a_bar_needs_no_terminal(folder, capsys):
    assert len(td.scan(folder, TAGS, progress=True)) == 26
