# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Binary file objects and fsspec: few large reads, values on demand, errors of the object passed on."""

import io
import struct
import threading

import pytest
import turbodicom as td


def element(tag, vr, value):
    long_form = vr in ("OB", "OW", "UT", "UN")
    length = struct.pack("<HI", 0, len(value)) if long_form else struct.pack("<H", len(value))
    return struct.pack("<HH", tag >> 16, tag & 0xFFFF) + vr.encode() + length + value


HEAD = b"\0" * 128 + b"DICM" + element(0x00020010, "UI", b"1.2.840.10008.1.2.1\0")
PIXELS = bytes(range(256)) * 4096  # 1 MiB
DATA = (
    HEAD
    + element(0x00080060, "CS", b"CT")
    + element(0x00100020, "LO", b"ID-1")
    + element(0x7FE00010, "OW", PIXELS)
)


class Counting(io.RawIOBase):
    """A file object that notes every read and gives at most `most` bytes at once."""

    def __init__(self, data, most=1 << 30):
        self.file, self.most, self.reads = io.BytesIO(data), most, []

    def seek(self, offset, whence=0):
        return self.file.seek(offset, whence)

    def read(self, size=-1):
        self.reads.append(size)
        return self.file.read(min(size, self.most))


def test_a_header_is_one_read_and_pixel_data_none():
    file = Counting(DATA)
    ds = td.read(file)
    assert (ds.Modality, ds.PatientID) == ("CT", "ID-1")
    assert sum(file.reads) <= 2 << 16 and len(file.reads) <= 3
    assert ds.PixelData == PIXELS


def test_short_reads_are_put_together():
    ds = td.read(Counting(DATA, most=1000))
    assert ds.PixelData == PIXELS


def test_seek_may_return_none():
    class Old(Counting):
        def seek(self, offset, whence=0):
            self.file.seek(offset, whence)

        def tell(self):
            return self.file.tell()

    assert td.read(Old(DATA)).PatientID == "ID-1"


def test_an_error_of_the_object_is_passed_on():
    class Broken(Counting):
        def read(self, size=-1):
            if self.reads:
                raise PermissionError("no more")
            return super().read(size)

    with pytest.raises(PermissionError, match="no more"):
        _ = td.read(Broken(DATA)).PixelData


def test_an_object_that_ends_early_is_an_os_error():
    class Short(Counting):
        def seek(self, offset, whence=0):
            return len(DATA) + 500_000 if whence == 2 else super().seek(offset)

    with pytest.raises((OSError, td.Error)):
        ds = td.read(Short(DATA))
        ds.read_bytes(len(DATA), 1000)


def test_a_closed_object_says_so():
    file = io.BytesIO(DATA)
    ds = td.read(file)
    file.close()
    assert ds.PatientID == "ID-1"
    with pytest.raises(ValueError, match="closed"):
        _ = ds.PixelData


def test_an_empty_object_is_no_dicom_file():
    with pytest.raises(td.Error):
        td.read(io.BytesIO(b""))


def test_many_threads_share_one_object():
    ds, wrong = td.read(Counting(DATA, most=70_000)), []

    def work():
        for _ in range(5):
            if ds.PixelData != PIXELS or ds.PatientID != "ID-1":
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not wrong and not any(thread.is_alive() for thread in threads)


def test_threads_that_look_behind_pixel_data_do_not_wait_for_each_other_for_ever():
    item = struct.pack("<HHI", 0xFFFE, 0xE000, 40000) + bytes(40000)
    end = struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    fragments = struct.pack("<HH2sHI", 0x7FE0, 0x10, b"OB", 0, 0xFFFFFFFF) + item * 50 + end
    data = (
        HEAD.replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.5\0")
        + fragments
        + element(0xFFFCFFFC, "OB", b"\0\0")
    )
    for _ in range(5):
        ds, found = td.read(Counting(data, most=3000)), []
        threads = [
            threading.Thread(target=lambda d=ds, f=found: f.append((0xFFFCFFFC in d, len(d))))
            for _ in range(16)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert found == [(True, 2)] * 16


def test_fsspec_objects_can_be_read():
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    memory.pipe("/turbodicom/a.dcm", DATA)
    with memory.open("/turbodicom/a.dcm", "rb") as file:
        ds = td.read(file)
        assert (ds.PatientID, ds.PixelData) == ("ID-1", PIXELS)
