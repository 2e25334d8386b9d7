# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``td.read``: sources, options, deflated files, errors; every file of the corpus, also the malformed ones."""

import io
import mmap
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pydicom
import pytest
import turbodicom as td


def element(tag, vr, value):
    value += b"\0" * (len(value) % 2)
    return struct.pack("<HH", tag >> 16, tag & 0xFFFF) + vr.encode() + struct.pack("<H", len(value)) + value


def file_of(*elements, syntax=b"1.2.840.10008.1.2.1"):
    return b"\0" * 128 + b"DICM" + element(0x00020010, "UI", syntax) + b"".join(elements)


DATA = file_of(
    element(0x00080060, "CS", b"CT"), element(0x00100020, "LO", b"ID-1"), element(0x00280010, "US", b"\4\0")
)


@pytest.fixture
def path(tmp_path):
    """Return a small file."""
    file = tmp_path / "a.dcm"
    file.write_bytes(DATA)
    return file


def test_every_kind_of_source_gives_the_same(path):
    with (
        open(path, "rb") as file,
        open(path, "rb") as for_map,
        mmap.mmap(for_map.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
    ):
        sources = [
            path,
            str(path),
            DATA,
            bytearray(DATA),
            memoryview(DATA),
            np.frombuffer(DATA, "u1"),
            io.BytesIO(DATA),
            file,
            mapped,
        ]
        for source in sources:
            ds = td.read(source)
            assert (ds.Modality, ds.PatientID, ds.Rows, len(ds)) == ("CT", "ID-1", 4, 3)
            assert ds.path == (str(path) if isinstance(source, (str, type(path))) else None)
            del ds


@pytest.mark.parametrize("source", [None, 7, 1.5, ["a.dcm"], io.StringIO("text"), object()])
def test_what_is_no_source_is_a_type_error(source):
    with pytest.raises(TypeError, match="source must be"):
        td.read(source)


def test_a_buffer_with_gaps_is_a_value_error():
    with pytest.raises(ValueError, match="contiguous"):
        td.read(memoryview(DATA)[::2])


def test_files_that_cannot_be_opened_are_os_errors(tmp_path):
    with pytest.raises(FileNotFoundError, match="absent.dcm") as caught:
        td.read(tmp_path / "absent.dcm")
    assert caught.value.filename == str(tmp_path / "absent.dcm")
    with pytest.raises(FileNotFoundError):
        td.read("")
    with pytest.raises(OSError):
        td.read(tmp_path)
    with pytest.raises(ValueError, match="null"):
        td.read("a\0b")


def test_a_relative_path_is_found_again_from_another_directory(tmp_path, monkeypatch):
    (tmp_path / "a.dcm").write_bytes(DATA)
    monkeypatch.chdir(tmp_path)
    ds = td.read("a.dcm")
    monkeypatch.chdir("/")
    assert ds.read_bytes(128, 4) == b"DICM" and ds.path == str(tmp_path / "a.dcm")


@pytest.mark.parametrize("charset", ["ISO_IR 10O0", "nonsense", ["ISO_IR 100", "?"], ""])
def test_a_charset_that_means_nothing_is_a_value_error(charset):
    if charset == "":
        assert td.read(DATA, charset=charset).Modality == "CT"  # the default repertoire
        return
    with pytest.raises(ValueError, match="charset must"):
        td.read(DATA, charset=charset)


@pytest.mark.parametrize("charset", [5, [], [5], None.__class__, {"ISO_IR 100": 1}])
def test_a_charset_of_another_type_is_a_type_error(charset):
    with pytest.raises(TypeError, match="charset must"):
        td.read(DATA, charset=charset)


@pytest.mark.parametrize(("offset", "length"), [(-1, 4), (0, -1), (1 << 64, 1)])
def test_bytes_at_a_negative_offset_are_a_value_error(offset, length):
    with pytest.raises(ValueError, match="0 or more"):
        td.read(DATA).read_bytes(offset, length)


def test_names_that_are_no_utf8_can_be_opened(tmp_path):
    name = bytes(tmp_path) + b"/\xff\xe9.dcm"
    with open(name, "wb") as file:
        file.write(DATA)
    ds = td.read(os.fsdecode(name))
    assert ds.Modality == "CT"


@pytest.mark.parametrize("data", [b"", b"no DICOM at all, just text", b"\x89PNG\r\n\x1a\n" + bytes(200)])
def test_what_is_no_dicom_file_is_a_conformance_error(data):
    with pytest.raises(td.Error) as caught:
        td.read(data)
    assert isinstance(caught.value, (td.ConformanceError, td.TruncatedDataError))


@pytest.mark.parametrize(
    "stop", ["Rows", 0x00280010, (0x0028, 0x0010), "(0028,0010)", td.Tag(0x00280010), "00280010"]
)
def test_stop_before_leaves_out_the_element_and_all_behind(stop):
    assert list(map(int, td.read(DATA, stop_before=stop).keys())) == [0x00080060, 0x00100020]


@pytest.mark.parametrize("stop", ["NoKeyword", "", 1 << 32, (1, 2, 3), (0x10000, 1)])
def test_a_wrong_stop_before_is_a_value_error(stop):
    with pytest.raises(ValueError):
        td.read(DATA, stop_before=stop)


def test_bytes_above_127_where_only_ascii_belongs_raise_nothing_else():
    odd_uid = file_of(element(0x00080060, "CS", b"CT"), syntax=b"1.2.\xff\xfe")
    assert td.read(odd_uid).file_meta.TransferSyntaxUID == "1.2.\xff\xfe"
    assert isinstance(td.read(odd_uid).transfer_syntax_uid, str)
    odd_vr = file_of(struct.pack("<HH2sH", 0x0008, 0x0060, b"C\xff", 2) + b"CT")
    try:
        assert [item.vr for item in td.read(odd_vr)] and str(td.read(odd_vr))
    except td.Error:
        pass


def test_the_name_of_a_missing_file_may_hold_any_byte(tmp_path):
    with pytest.raises(FileNotFoundError):
        td.read(os.fsdecode(bytes(tmp_path) + b"/\xff.dcm"))


def test_a_flawless_file_has_no_issues(path):
    ds = td.read(path)
    assert len(list(ds.values())) == 3 and ds.issues == []
    assert len(td.read(path, strict=True)) == 3


def test_strict_raises_at_the_first_violation_with_its_place():
    data = file_of(element(0x00080060, "CS", b"CT"), struct.pack("<HH2sH", 0x10, 0x20, b"LO", 3) + b"abc")
    assert "odd_length" in [issue.code for issue in td.read(data).issues]
    with pytest.raises(td.Error) as caught:
        td.read(data, strict=True)
    assert caught.value.offset is not None and caught.value.where == "(0010,0020)"


def test_limits_are_kept():
    with pytest.raises(td.LimitExceededError):
        td.read(DATA, limits=td.Limits(elements=2))


def test_the_buffer_is_kept_and_not_copied():
    buffer = bytearray(DATA)
    ds = td.read(buffer)
    with pytest.raises(BufferError):
        buffer.append(0)
    assert ds.PatientID == "ID-1"
    del ds
    buffer.append(0)


def test_no_file_stays_open(path):
    def descriptors():
        return len(list(Path("/proc/self/fd").iterdir()))

    before = descriptors()
    kept = [td.read(path) for _ in range(20)]
    assert descriptors() == before and kept


def test_a_file_changed_since_is_an_os_error(tmp_path):
    big = file_of(
        element(0x00080060, "CS", b"CT"),
        struct.pack("<HH2sHI", 0x7FE0, 0x10, b"OB", 0, 1 << 17) + bytes(1 << 17),
    )
    path = tmp_path / "big.dcm"
    path.write_bytes(big)
    ds = td.read(path)
    assert len(ds.PixelData) == 1 << 17
    path.write_bytes(big + b"more")
    assert ds.Modality == "CT"
    with pytest.raises(OSError, match="changed"):
        _ = ds.PixelData


# -- deflated ------------------------------------------------------------------------------------------


def deflated(data_set, cut=None):
    packer = zlib.compressobj(wbits=-15)
    return file_of(syntax=b"1.2.840.10008.1.2.1.99") + (packer.compress(data_set) + packer.flush())[:cut]


BODY = (
    element(0x00080060, "CS", b"CT")
    + element(0x00100020, "LO", b"ID-1")
    + element(0x00204000, "LT", bytes(range(65, 91)) * 40)
)


def test_a_deflated_file_reads_like_any_other(tmp_path):
    path = tmp_path / "deflated.dcm"
    path.write_bytes(deflated(BODY))
    for source in (path, path.read_bytes(), io.BytesIO(path.read_bytes())):
        ds = td.read(source)
        assert (ds.Modality, ds.PatientID, len(ds.ImageComments), ds.issues) == ("CT", "ID-1", 1040, [])
        assert (
            ds.transfer_syntax_uid == "1.2.840.10008.1.2.1.99"
            and ds.file_meta.TransferSyntaxUID == ds.transfer_syntax_uid
        )
        offset = ds.element("PatientID").offset
        assert ds.read_bytes(offset, 4) == b"ID-1"


def test_a_truncated_deflate_stream_gives_what_there_is_and_an_issue():
    noise = np.random.default_rng(0).integers(32, 127, 4000, dtype="u1").tobytes()
    data = deflated(element(0x00080060, "CS", b"CT") + element(0x00204000, "LT", noise), cut=-800)
    ds = td.read(data)
    assert ds.Modality == "CT"
    assert "inflate" in [issue.code for issue in ds.issues]
    with pytest.raises(td.TruncatedDataError):
        td.read(data, strict=True)


def test_bytes_that_are_no_deflate_stream_are_corrupt():
    with pytest.raises(td.CorruptDataError):
        td.read(file_of(syntax=b"1.2.840.10008.1.2.1.99") + b"\xff" * 100)


def test_inflated_bytes_and_ratio_are_limited():
    data = deflated(element(0x00080060, "CS", b"CT") + bytes(1 << 20))
    with pytest.raises(td.LimitExceededError, match="bytes allowed"):
        td.read(data, limits=td.Limits(inflated_bytes=1 << 19))


BOMB = """
import sys, time, zlib
import turbodicom as td

def peak_mib():
    [line] = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
    return int(line.split()[1]) >> 10

packer = zlib.compressobj(9, wbits=-15)
packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)  # stands alone, so it can be repeated
packed = block * 2048 + packer.flush()
head = open(sys.argv[1], "rb").read()
del packer
data = head + packed
before = peak_mib()
begin = time.perf_counter()
try:
    td.read(data)
except td.LimitExceededError as error:
    print(len(data), peak_mib() - before, before, time.perf_counter() - begin)
"""


def test_a_bomb_is_refused_before_it_takes_memory(run_child, tmp_path):
    head = tmp_path / "head"
    head.write_bytes(file_of(syntax=b"1.2.840.10008.1.2.1.99"))
    child = run_child(BOMB, head)
    assert child.returncode == 0, child.stderr
    size, grown_mib, before_mib, _seconds = child.stdout.split()
    assert int(size) > 2_000_000
    assert int(grown_mib) <= 32 and int(grown_mib) + int(before_mib) <= 96


# -- corpus --------------------------------------------------------------------------------------------


def walk(ds):
    """Convert everything, nested elements too."""
    for item in ds:
        value = item.value
        assert item.raw is not None and item.name is not None
        for inner in value if item.vr == "SQ" else ():
            walk(inner)


def test_malformed_files_give_a_result_or_a_typed_error(corpus):
    files = [
        file for file in sorted((corpus / "malformed").rglob("*")) if file.is_file() and file.suffix != ".csv"
    ]
    for file in files:
        for strict in (False, True):
            try:
                ds = td.read(file, strict=strict)
                walk(ds)
                str(ds), ds.issues, ds.to_json()
            except (td.Error, OSError, ValueError):
                pass
    assert files


@pytest.mark.manifest(kind="dicom")
def test_bytes_and_file_objects_read_like_paths(corpus, row):
    data = (corpus / row["file"]).read_bytes()
    from_path, from_bytes, from_object = (
        td.read(corpus / row["file"]),
        td.read(data),
        td.read(io.BytesIO(data)),
    )
    text = str(from_path)
    assert str(from_bytes) == text and str(from_object) == text
    records = [
        [(e.tag, e.vr, e.offset, e.length, e.declared_length) for e in ds]
        for ds in (from_path, from_bytes, from_object)
    ]
    assert records[0] == records[1] == records[2]


def test_reading_bytes_like_pydicom_reads_them(corpus, manifest):
    [row] = [row for row in manifest if row["file"].endswith("693_UNCR.dcm")][:1]
    ds, theirs = td.read(corpus / row["file"]), pydicom.dcmread(corpus / row["file"])
    record = ds.element("PixelData")
    assert ds.read_bytes(record.offset, record.length) == ds.PixelData == record.raw == theirs.PixelData
    with pytest.raises(td.TruncatedDataError):
        ds.read_bytes(record.offset, 1 << 40)
