# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The core of bulk import (_core.Scan, Batch, Listing): what Arrow, NumPy and Python get to see of it."""

import datetime
import os
import signal
import socket
import struct
import threading
import time
import zlib

import numpy as np
import pytest
from turbodicom import _core

EXPLICIT, DEFLATED = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99"
NUMBERS = {"US": "H", "SS": "h", "FD": "d", "UV": "Q"}


def element(group, number, vr, value):
    """Return one element in explicit VR little endian."""
    if not isinstance(value, bytes):
        value = struct.pack(f"<{NUMBERS[vr]}", value) if vr in NUMBERS else value.encode("latin-1")
    value += b" " * (len(value) % 2)
    head = struct.pack("<HH2s", group, number, vr.encode())
    if vr in {"OB", "UT", "SQ", "UV"}:
        return head + struct.pack("<HL", 0, len(value)) + value
    return head + struct.pack("<H", len(value)) + value


def file(*elements, syntax=EXPLICIT):
    """Return the bytes of a file."""
    uid = element(2, 0x10, "UI", syntax.encode() + b"\0" * (len(syntax) % 2))
    body = b"".join(elements)
    if syntax == DEFLATED:
        packer = zlib.compressobj(wbits=-15)
        body = packer.compress(body) + packer.flush()
    return bytes(128) + b"DICM" + element(2, 0, "UL", struct.pack("<L", len(uid))) + uid + body


def column(name, tag, kind, is_list=False, steps=(), creator=""):
    return (name, list(steps), tag, creator, kind, is_list)


COLUMNS = [
    column("PatientID", 0x00100020, "text"),
    column("ImageType", 0x00080008, "text", True),
    column("InstanceNumber", 0x00200013, "int"),
    column("SliceThickness", 0x00180050, "float"),
    column("PixelSpacing", 0x00280030, "float", True),
    column("StudyDate", 0x00080020, "date"),
    column("StudyTime", 0x00080030, "time"),
    column("AcquisitionDateTime", 0x0008002A, "timestamp"),
    column("private", 0x00110001, "binary", creator="CREATOR"),
]
FULL = file(
    element(8, 8, "CS", "ORIGINAL\\PRIMARY"),
    element(8, 0x20, "DA", "20200229"),
    element(8, 0x2A, "DT", "20200229010203.5"),
    element(8, 0x30, "TM", "010203.25"),
    element(0x10, 0x20, "LO", "caf\xe9"),
    element(0x11, 0x10, "LO", "CREATOR"),
    element(0x11, 0x1001, "OB", b"\1\2"),
    element(0x18, 0x50, "DS", "1.5"),
    element(0x20, 0x13, "IS", "7"),
    element(0x28, 0x30, "DS", "0.5\\0.25"),
)
VALUES = {
    "PatientID": "caf\xe9",
    "ImageType": ["ORIGINAL", "PRIMARY"],
    "InstanceNumber": 7,
    "SliceThickness": 1.5,
    "PixelSpacing": [0.5, 0.25],
    "StudyDate": datetime.date(2020, 2, 29),
    "StudyTime": datetime.time(1, 2, 3, 250000),
    "AcquisitionDateTime": datetime.datetime(2020, 2, 29, 1, 2, 3, 500000),
    "private": b"\1\2",
}


def new_scan(columns=COLUMNS, *, pixel_offset=False, links=False, recursive=True, decode=None, inflate=None):
    return _core.Scan(columns, pixel_offset, links, recursive, None, decode, inflate)


def read(sources, columns=COLUMNS, workers=1, **options):
    """Return the one batch of a scan."""
    scan = new_scan(columns, **options)
    scan.feed([os.fsencode(source) for source in sources])
    batch = scan.next(1_000_000, workers)
    assert scan.next(1, workers) is None
    return batch


def table(batch):
    """Return column name -> list of Python values."""
    return {name: batch.values(i, 0, batch.rows) for i, name in enumerate(batch.names)}


@pytest.fixture
def folder(tmp_path):
    """Return a folder with a full, an empty, and a text file."""
    (tmp_path / "a.dcm").write_bytes(FULL)
    (tmp_path / "b.dcm").write_bytes(file())
    (tmp_path / "c.txt").write_bytes(b"no DICOM at all")
    return tmp_path


def test_values_are_python_values_by_the_type_of_their_column(folder):
    rows = table(read([folder]))
    assert {name: rows[name][0] for name in VALUES} == VALUES
    assert [rows[name][1] for name in VALUES] == [None] * len(VALUES)
    assert rows["transfer_syntax"] == [EXPLICIT, EXPLICIT, None]
    assert rows["unparsed"] == [None] * 3
    status = os.stat(folder / "a.dcm")
    assert (rows["size"][0], rows["inode"][0]) == (status.st_size, status.st_ino)
    expected = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(
        microseconds=status.st_mtime_ns // 1000
    )
    assert rows["mtime"][0] == expected


def test_names_and_types_come_in_a_fixed_order(folder):
    batch = read([folder], pixel_offset=True)
    front, back = ["path", "size", "mtime", "inode", "transfer_syntax"], ["error", "error_offset", "unparsed"]
    assert batch.names == [*front, *VALUES, "pixel_offset", *back]
    types = dict(zip(batch.names, batch.types, strict=True))
    assert types["PixelSpacing"] == "list<float>"
    assert (types["mtime"], types["unparsed"], types["private"]) == ("timestamp_ns", "unparsed", "binary")
    assert new_scan().empty().names == read([folder]).names
    assert batch.nbytes > 0


def test_a_part_of_a_column_is_cut_to_the_rows_there_are(folder):
    batch = read([folder])
    assert batch.values(0, 1, 2) == [str(folder / "b.dcm")]
    assert batch.values(0, 2, 100) == [str(folder / "c.txt")]
    assert batch.values(0, 5, 3) == []
    for wrong in (-1, len(batch.names)):
        with pytest.raises(IndexError):
            batch.values(wrong, 0, 1)


def test_numbers_are_arrays_and_live_on_without_their_batch(folder):
    batch = read([folder])
    sizes = batch.numpy(1)
    assert sizes.dtype == np.int64
    assert not sizes.flags.writeable
    numbers = batch.numpy(batch.names.index("InstanceNumber"))
    assert numbers.dtype == np.float64
    np.testing.assert_array_equal(numbers, [7, np.nan, np.nan])
    for name in ("path", "PixelSpacing", "unparsed", "mtime"):
        with pytest.raises(ValueError, match="single numbers"):
            batch.numpy(batch.names.index(name))
    del batch
    assert sizes.tolist() == [os.stat(path).st_size for path in sorted(folder.iterdir())]


def test_what_does_not_fit_is_kept_as_text(tmp_path):
    (tmp_path / "f").write_bytes(
        file(
            element(8, 0x20, "DA", "unknown"),
            element(8, 0x2A, "DT", "2020+0100"),
            element(0x20, 0x13, "IS", "1\\2"),
            element(0x28, 0x30, "DS", "0.5\\x"),
        )
    )
    rows = table(read([tmp_path]))
    assert rows["StudyDate"] == rows["InstanceNumber"] == rows["PixelSpacing"] == [None]
    assert rows["AcquisitionDateTime"] == [datetime.datetime(2020, 1, 1)]
    texts = {entry["column"]: entry["text"] for entry in rows["unparsed"][0]}
    assert texts == {
        "StudyDate": "unknown",
        "AcquisitionDateTime": "2020+0100",
        "InstanceNumber": "1\\2",
        "PixelSpacing": "0.5\\x",
    }


# -- Arrow ---------------------------------------------------------------------------------------------


class Stream:
    """An object with the Arrow stream interface."""

    def __init__(self, schema_of, batches):
        self._capsule = _core.record_batch_stream(schema_of, batches)

    def __arrow_c_stream__(self, requested_schema=None):
        return self._capsule


def test_arrow_takes_the_columns_and_finds_them_valid(folder):
    arrow = pytest.importorskip("pyarrow")
    batch = read([folder], pixel_offset=True)
    taken = arrow.record_batch(batch)
    taken.validate(full=True)
    assert taken.schema.field("mtime").type == arrow.timestamp("ns", "UTC")
    assert taken.schema.field("StudyTime").type == arrow.time64("us")
    assert taken.schema.field("StudyDate").type == arrow.date32()
    for name, values in table(batch).items():
        if name != "mtime":
            assert taken.column(name).to_pylist() == values, name
    addresses = [buffer.address for column in taken.columns for buffer in column.buffers() if buffer]
    assert [address % 64 for address in addresses] == [0] * len(addresses)
    piece = taken.slice(1, 1)
    del batch, taken
    assert piece.column("path").to_pylist() == [str(folder / "b.dcm")]


def test_arrow_finds_the_whole_corpus_valid(corpus):
    arrow = pytest.importorskip("pyarrow")
    batch = read([corpus], decode=lambda value, terms, vr: value.decode("latin-1"))
    taken = arrow.record_batch(batch)
    taken.validate(full=True)
    assert taken.num_rows == sum(len(files) for _, _, files in os.walk(corpus))
    for name, values in table(batch).items():
        if name != "mtime":
            assert taken.column(name).to_pylist() == values, name


def test_a_stream_is_read_once_and_may_be_empty(folder):
    arrow = pytest.importorskip("pyarrow")
    batch = read([folder])
    stream = Stream(batch, [batch, batch])
    assert arrow.table(stream).num_rows == 6
    empty = arrow.table(Stream(new_scan().empty(), []))
    assert (empty.num_rows, empty.schema) == (0, arrow.record_batch(batch).schema)
    del stream
    Stream(batch, [batch])  # a capsule nobody takes


def test_other_libraries_take_the_stream(folder):
    polars, duckdb = pytest.importorskip("polars"), pytest.importorskip("duckdb")
    arrow = pytest.importorskip("pyarrow")
    batch = read([folder])
    frame = polars.from_arrow(arrow.table(Stream(batch, [batch])))
    assert frame["InstanceNumber"].to_list() == [7, None, None]
    scanned = arrow.table(Stream(batch, [batch, batch]))  # duckdb finds it by its name
    query = "select count(*), count(error), max(SliceThickness) from scanned"
    assert duckdb.sql(query).fetchall() == [(6, 2, 1.5)]
    assert scanned.num_rows == 6


# -- callbacks -----------------------------------------------------------------------------------------


def test_other_character_sets_are_decoded_in_python(tmp_path):
    name = "\u5c71\u7530".encode("shift_jis")
    (tmp_path / "f").write_bytes(
        file(element(8, 5, "CS", "ISO_IR 13"), element(0x10, 0x20, "LO", name + b"\\x "))
    )
    calls = []

    def decode(value, terms, vr):
        calls.append((value, terms, vr))
        return value.decode("shift_jis")

    rows = table(read([tmp_path], [column("PatientID", 0x00100020, "text", True)], decode=decode))
    assert rows["PatientID"] == [["\u5c71\u7530", "x"]]
    assert calls == [(name + b"\\x  ", b"ISO_IR 13 ", "LO")]


def test_exceptions_of_callbacks_are_errors_of_the_row(tmp_path):
    odd = element(8, 5, "CS", "GB18030"), element(0x10, 0x20, "LO", "\xe9")
    (tmp_path / "a").write_bytes(file(*odd, element(0x20, 0x13, "IS", "5")))
    (tmp_path / "b").write_bytes(file(*odd, syntax=DEFLATED))
    (tmp_path / "c").write_bytes(FULL)

    def decode(value, terms, vr):
        raise ValueError("no such character")

    def inflate(path, offset):
        raise OSError(5, "Input/output error")

    rows = table(read([tmp_path], decode=decode, inflate=inflate))
    assert rows["error"] == ["no such character", "Input/output error", None]
    assert rows["error_offset"][0] == (tmp_path / "a").read_bytes().index(b"\xe9")
    assert rows["error_offset"][1] is None
    assert rows["InstanceNumber"] == [5, None, 7]


@pytest.mark.parametrize("answer", [None, 5, b"bytes", "\ud800"])
def test_a_decoder_that_gives_no_text_is_an_error_of_the_row(tmp_path, answer):
    (tmp_path / "f").write_bytes(file(element(8, 5, "CS", "GB18030"), element(0x10, 0x20, "LO", "\xe9")))
    rows = table(read([tmp_path], decode=lambda *_: answer))
    assert rows["error"][0] or rows["PatientID"] == ["bytes"]


def test_keyboard_interrupt_of_a_callback_ends_the_scan(tmp_path):
    (tmp_path / "f").write_bytes(file(element(8, 5, "CS", "GB18030"), element(0x10, 0x20, "LO", "\xe9")))

    def decode(value, terms, vr):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read([tmp_path], decode=decode)


def test_deflated_files_are_inflated_in_python(tmp_path):
    (tmp_path / "f").write_bytes(file(element(0x10, 0x20, "LO", "inside"), syntax=DEFLATED))

    def inflate(path, offset):
        with open(path, "rb") as opened:
            return zlib.decompressobj(wbits=-15).decompress(opened.read()[offset:])

    rows = table(read([tmp_path], inflate=inflate, pixel_offset=True))
    assert (rows["PatientID"], rows["pixel_offset"]) == (["inside"], [None])
    refused = table(read([tmp_path]))
    assert "deflated" in refused["error"][0]


# -- hostile trees -------------------------------------------------------------------------------------


def test_odd_things_are_rows_or_passed_over(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    os.mkfifo(root / "fifo")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(os.path.relpath(root / "socket"))
    (root / "good").write_bytes(FULL)
    (root / "loop").symlink_to("loop")
    (root / "up").symlink_to(root, target_is_directory=True)
    with open(os.fsencode(root) + b"/\xff", "wb") as odd:
        odd.write(FULL)
    rows = table(read([root, root / "fifo", root / "socket", "/dev/zero", tmp_path / "gone"], links=True))
    listener.close()
    found = dict(zip((os.path.basename(path) for path in rows["path"]), rows["error"], strict=True))
    assert found == {
        "good": None,
        "loop": "Too many levels of symbolic links",
        "\N{REPLACEMENT CHARACTER}": "the path is not UTF-8; the file is not read",
        "fifo": "not a regular file: a FIFO",
        "socket": "not a regular file: a socket",
        "zero": "not a regular file: a device",
        "gone": "No such file or directory",
    }
    assert all(offset is None for offset in rows["error_offset"])


def test_ten_gibibytes_of_zeros_are_refused_at_once(tmp_path):
    for name, begin in (("prefix", bytes(128) + b"DICM"), ("zeros", b"")):
        with open(tmp_path / name, "wb") as sparse:
            sparse.write(begin)
            sparse.truncate(10 << 30)
    rows = table(read([tmp_path]))
    assert "1000000 elements" in rows["error"][0]
    assert rows["error"][1].startswith("not a DICOM file")
    assert rows["size"] == [10 << 30] * 2


def test_a_file_that_vanishes_between_walk_and_reading_is_a_row(tmp_path):
    for name in "ab":
        (tmp_path / name).write_bytes(FULL)
    scan = new_scan()
    scan.feed([os.fsencode(tmp_path)])
    assert scan.next(1, 1).rows == 1
    (tmp_path / "b").unlink()
    assert table(scan.next(1, 1))["error"] == ["No such file or directory"]


# -- several threads -----------------------------------------------------------------------------------


def test_the_table_does_not_depend_on_workers_and_rows(tmp_path):
    for number in range(600):
        (tmp_path / f"{number:03}").write_bytes(file(element(0x20, 0x13, "IS", str(number))))
    expected = table(read([tmp_path]))
    assert expected["InstanceNumber"] == list(range(600))
    assert table(read([tmp_path], workers=2)) == expected
    scan = new_scan()
    scan.feed([os.fsencode(tmp_path)])
    paths = []
    while (batch := scan.next(77, 2)) is not None:
        assert batch.rows <= 77
        paths += batch.values(0, 0, 77)
    assert paths == expected["path"]


def test_a_scan_is_read_by_one_thread_at_a_time(tmp_path):
    (tmp_path / "f").write_bytes(file(element(8, 5, "CS", "GB18030"), element(0x10, 0x20, "LO", "\xe9")))
    entered, leave = threading.Event(), threading.Event()

    def decode(value, terms, vr):
        entered.set()
        leave.wait(20)
        return "text"

    scan = new_scan(decode=decode)
    scan.feed([os.fsencode(tmp_path)])
    batches = []
    thread = threading.Thread(target=lambda: batches.append(scan.next(5, 1)))
    thread.start()
    assert entered.wait(20)
    with pytest.raises(RuntimeError, match="another thread"):
        scan.next(5, 1)
    with pytest.raises(RuntimeError, match="another thread"):
        scan.feed([])
    leave.set()
    thread.join()
    assert table(batches[0])["PatientID"] == ["text"]


def test_a_signal_interrupts_a_scan_and_the_next_call_goes_on(tmp_path):
    (tmp_path / "f").write_bytes(file(element(8, 5, "CS", "GB18030"), element(0x10, 0x20, "LO", "\xe9")))

    def decode(value, terms, vr):
        time.sleep(0.01)
        return "text"

    scan = new_scan(decode=decode)
    scan.feed([os.fsencode(tmp_path / "f")] * 400)

    def stop(number, frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        with pytest.raises(KeyboardInterrupt):
            scan.next(1000, 1)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert scan.next(3, 1).rows == 3


# -- listing -------------------------------------------------------------------------------------------


def test_a_listing_has_the_paths_of_the_scan_and_knows_its_rows(folder):
    arrow = pytest.importorskip("pyarrow")
    taken = arrow.record_batch(read([folder]))
    arrays = [taken.column(name).cast(arrow.int64()).to_numpy() for name in ("size", "mtime", "inode")]
    offsets, text = taken.column("path").buffers()[1:]
    listing = _core.list_files([os.fsencode(folder)], False, True, 1)
    assert [os.fsdecode(path) for path in listing.paths()] == taken.column("path").to_pylist()
    assert listing.paths([2]) == [os.fsencode(folder / "c.txt")]
    known = np.frombuffer(offsets, np.int32)
    for form in (known, known.astype(np.int64)):
        assert listing.match(form, text, *arrays).tolist() == [0, 1, 2]
    (folder / "b.dcm").write_bytes(b"other")
    (folder / "a.dcm").unlink()
    again = _core.list_files([os.fsencode(folder)], False, True, 1)
    assert again.match(known, text, *arrays).tolist() == [-1, 2]
    with pytest.raises(ValueError, match="offsets"):
        again.match(known[:2], text, *arrays)
    with pytest.raises(ValueError, match="length"):
        again.match(known, text, arrays[0], arrays[1][:1], arrays[2])
    with pytest.raises(IndexError):
        again.paths([5])


# -- misuse --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        ("x", [], 0x00100020, "", "words", False),
        ("x", [], 0x00100020, "", "text"),
        ("x", [(0x00081140, "")], 0x00100020, "", "text", False),
        ("x", [], 1 << 32, "", "text", False),
        ("x", [(0x00081140, "", -1)], 0x00100020, "", "text", False),
    ],
)
def test_wrong_columns_are_refused(wrong):
    with pytest.raises((ValueError, TypeError, RuntimeError)):
        new_scan([wrong])


@pytest.mark.parametrize("source", ["h\u00f6he", 5, None])
def test_sources_are_bytes_or_ascii(source):
    with pytest.raises(TypeError, match="bytes"):
        new_scan().feed([source])


@pytest.mark.parametrize("special", ["a*", "?", "a[b", "\0a", "h\u00f6he", b"a", 5, type("Text", (str,), {})("a")])
def test_plain_sources_are_counted_to_the_first_special_one(special):
    plain = ["a", "", "b/c d.dcm" * 20]
    assert _core.count_plain([*plain, special, "a"], 0) == 3
    assert _core.count_plain([*plain, special, "a"], 1) == 2
    assert _core.count_plain([*plain, special, "a"], 3) == 0
    assert _core.count_plain([*plain, special, "a"], 4) == 1
    assert _core.count_plain(plain, 3) == 0
