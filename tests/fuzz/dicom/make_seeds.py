# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Write the seeds of the fuzz targets of this folder: small valid and nearly valid data sets.

Run it from anywhere: ``python tests/fuzz/dicom/make_seeds.py``. Source: PS3.5 7 and A.4, PS3.10 7.1.
"""

import struct
from pathlib import Path

UNDEFINED = 0xFFFFFFFF
LONG = {"OB", "OW", "OV", "SQ", "UN", "UT"}
SEEDS = Path(__file__).parent / "seeds"


def element(tag, vr, value, *, length=None, order="<", implicit=False):
    """Return one element; `length` overrides the true one."""
    length = len(value) if length is None else length
    head = struct.pack(order + "HH", tag >> 16, tag & 0xFFFF)
    if implicit:
        return head + struct.pack(order + "L", length) + value
    if vr in LONG:
        return head + vr.encode() + struct.pack(order + "HL", 0, length) + value
    return head + vr.encode() + struct.pack(order + "H", length) + value


def item(value=b"", *, length=None, tag=0xFFFEE000, order="<"):
    """Return an item (or, by `tag`, a delimiter) with its value."""
    return element(tag, "", value, length=length, order=order, implicit=True)


def file(uid, data_set):
    """Return a whole file: preamble, prefix, file meta information, data set."""
    meta = element(0x00020010, "UI", uid.encode() + b"\0" * (len(uid) % 2))
    return bytes(128) + b"DICM" + element(0x00020000, "UL", struct.pack("<L", len(meta))) + meta + data_set


END_ITEM = item(tag=0xFFFEE00D)
END_SEQUENCE = item(tag=0xFFFEE0DD)


def pixel_data(table, fragments):
    """Return encapsulated Pixel Data."""
    body = item(struct.pack(f"<{len(table)}L", *table)) + b"".join(item(f) for f in fragments) + END_SEQUENCE
    return element(0x7FE00010, "OB", body, length=UNDEFINED)


def data_set(**form):
    """Return a few elements and a sequence of two items in one encoding."""
    inner = element(0x00081150, "UI", b"1.2\0", **form)
    order = form.get("order", "<")
    items = (
        item(inner + item(tag=0xFFFEE00D, order=order), length=UNDEFINED, order=order)
        + item(inner, order=order)
        + item(tag=0xFFFEE0DD, order=order)
    )
    return (
        element(0x00080005, "CS", b"ISO_IR 100", **form)
        + element(0x00081140, "SQ", items, length=UNDEFINED, **form)
        + element(0x00090010, "LO", b"CREATOR ", **form)
        + element(0x00091001, "UN", b"abcd", **form)
        + element(0x00280010, "US", b"\0\1", **form)
    )


def read_file_seeds():
    """Return name -> bytes for fuzz_read_file."""
    un = element(0x00091001, "UN", item(element(0x00100020, "LO", b"ab", implicit=True)) + END_SEQUENCE, length=UNDEFINED)
    behind = pixel_data([], [b"abcd"]) + element(0xFFFCFFFC, "OB", b"\0\0")
    return {
        "implicit": file("1.2.840.10008.1.2", data_set(implicit=True)),
        "explicit": file("1.2.840.10008.1.2.1", data_set()),
        "big_endian": file("1.2.840.10008.1.2.2", data_set(order=">")),
        "bare": data_set(),
        "un_sequence": file("1.2.840.10008.1.2.1", un + data_set()),
        "encapsulated": file("1.2.840.10008.1.2.5", data_set() + behind),
        "value_past_end": file("1.2.840.10008.1.2.1", element(0x7FE00010, "OW", b"ab", length=0xFFFFFFF0)),
        "no_delimiters": file("1.2.840.10008.1.2.1", element(0x00081140, "SQ", item(length=UNDEFINED), length=UNDEFINED)),
    }


def frame_index_seeds():
    """Return name -> bytes for fuzz_frame_index; the first byte is the number of frames."""
    extended = element(0x7FE00001, "OV", struct.pack("<2Q", 0, 10)) + element(0x7FE00002, "OV", struct.pack("<2Q", 2, 1))
    return {
        "basic_table": b"\2" + pixel_data([0, 20], [b"aa", b"bb", b"cc"]),
        "extended_table": b"\2" + extended + pixel_data([], [b"aa", b"bb"]),
        "end_markers": b"\2" + pixel_data([], [b"aa", b"b\xff\xd9\0", b"c\xff\xd9\0"]),
        "one_each": b"\3" + pixel_data([], [b"aa", b"bb", b""]),
        "cut": b"\1" + pixel_data([], [b"abcdefgh"])[:-12],
    }


def bulk_scan_seeds():
    """Return name -> bytes for fuzz_bulk_scan: values of every kind, right and wrong."""
    order, implicit = {"order": ">"}, {"implicit": True}

    def values(charset, name, **form):
        numbers = ">" if form.get("order") == ">" else "<"
        pairs = [
            (0x00080005, "CS", charset), (0x00080008, "CS", b"A\\B "), (0x00080020, "DA", b"20200229"),
            (0x0008002A, "DT", b"20200229010203.5+0100 "), (0x00080030, "TM", b"235960.5"),
        ]  # fmt: skip
        behind = [
            (0x00090010, "LO", b"CREATOR "), (0x00091001, "UN", b"ab"), (0x00100010, "PN", name),
            (0x00100020, "LO", b" 12\\x "), (0x00189810, "SS", b"\xff\xff"), (0x00200013, "IS", b"1e3 "),
            (0x00280010, "US", struct.pack(numbers + "H", 7)), (0x00280030, "DS", b"0.5\\1_0 "),
            (0x00280106, "AT", b"\x10\0\x20\0"), (0x00281101, "SS", struct.pack(numbers + "3h", -1, 0, 16)),
            (0x7FE00010, "OW", b"abcd"),
        ]  # fmt: skip
        nested = item(element(0x00081150, "UI", b"1.2\0", **form), order=form.get("order", "<"))
        sequence = element(0x00081140, "SQ", nested + nested, **form)
        head = b"".join(element(*pair, **form) for pair in pairs)
        return head + sequence + b"".join(element(*pair, **form) for pair in behind)

    return {
        "explicit": file("1.2.840.10008.1.2.1", values(b"ISO_IR 100", b"caf\xe9==")),
        "implicit": file("1.2.840.10008.1.2", values(b"ISO_IR 192", b"\xc3\xa9^b ", **implicit)),
        "big_endian": file("1.2.840.10008.1.2.2", values(b"GB18030 ", b"\xb0\xa1", **order)),
        "cut": file("1.2.840.10008.1.2.1", values(b"", b"a\x1b$B"))[:-7],
        "deflated": file("1.2.840.10008.1.2.1.99", b"\x03\x00"),
        "zeros": bytes(128) + b"DICM" + bytes(9000),
    }


def main():
    """Write all seeds."""
    subjects = {
        "read_file": read_file_seeds(),
        "frame_index": frame_index_seeds(),
        "bulk_scan": bulk_scan_seeds(),
    }
    for subject, seeds in subjects.items():
        folder = SEEDS / subject
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in seeds.items():
            (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
