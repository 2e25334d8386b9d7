# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Write the seeds of fuzz_frame_reader, tiny images of every kind it treats differently, and of fuzz_slice_header.

Run it from anywhere: ``python tests/fuzz/image/make_seeds.py``. Source: PS3.3 C.7.6.3, PS3.5 8, A.4 and G.
"""

import struct
from pathlib import Path

SEEDS = Path(__file__).parent / "seeds"
IMPLICIT, LITTLE, BIG, RAW, RLE = (f"1.2.840.10008.1.2{tail}" for tail in ("", ".1", ".2", ".1.98", ".5"))
GE = "1.2.840.113619.5.2"
PIXEL_DATA = 0x7FE00010


def element(tag, vr, value, *, length=None, order="<", implicit=False):
    """Return one element; `length` overrides the true one."""
    length = len(value) if length is None else length
    head = struct.pack(order + "HH", tag >> 16, tag & 0xFFFF)
    if implicit:
        return head + struct.pack(order + "L", length) + value
    if vr in {"OB", "OW", "OF", "OD"}:
        return head + vr.encode() + struct.pack(order + "HL", 0, length) + value
    return head + vr.encode() + struct.pack(order + "H", length) + value


def file(uid, data_set):
    """Return a file meta information of one UID, with preamble and prefix, and the data set."""
    meta = element(0x00020010, "UI", uid.encode() + b"\0" * (len(uid) % 2))
    return bytes(128) + b"DICM" + element(0x00020000, "UL", struct.pack("<L", len(meta))) + meta + data_set


def image(uid, pixels, *, bits=8, stored=None, photometric="MONOCHROME2", samples=1, planar=0, frames=2, signed=0, size=(2, 3)):
    """Return an image; `pixels` is Pixel Data as an element, or native bytes."""
    order, implicit = (">" if uid == BIG else "<"), uid == GE

    def us(tag, value):
        return element(tag, "US", struct.pack(order + "H", value), order=order, implicit=implicit)

    stored = stored or bits
    text = photometric + " " * (len(photometric) % 2)
    head = us(0x00280002, samples) + element(0x00280004, "CS", text.encode(), order=order, implicit=implicit)
    head += us(0x00280006, planar) + element(0x00280008, "IS", f"{frames} ".encode(), order=order, implicit=implicit)
    head += us(0x00280010, size[0]) + us(0x00280011, size[1]) + us(0x00280100, bits) + us(0x00280101, stored)
    head += us(0x00280102, stored - 1) + us(0x00280103, signed)
    if isinstance(pixels, bytes):
        pixels += b"\0" * (len(pixels) % 2)
        pixels = element(PIXEL_DATA, "OW", pixels, order=order, implicit=implicit)
    else:
        pixels = encapsulated(pixels)
    return file(uid, head + pixels)


def encapsulated(fragments):
    """Return Pixel Data of an empty Basic Offset Table and these fragments."""
    even = [fragment + b"\0" * (len(fragment) % 2) for fragment in fragments]
    items = b"".join(struct.pack("<HHL", 0xFFFE, 0xE000, len(item)) + item for item in [b"", *even])
    return element(PIXEL_DATA, "OB", items + struct.pack("<HHL", 0xFFFE, 0xE0DD, 0), length=0xFFFFFFFF)


def rle(*segments):
    """Return an RLE frame whose segments are literal runs of these bytes."""
    packed = [bytes([len(segment) - 1]) + segment for segment in segments]
    packed = [segment + b"\x80" * (len(segment) % 2) for segment in packed]
    offsets = [64 + sum(len(segment) for segment in packed[:index]) for index in range(len(packed))]
    return struct.pack("<16L", len(packed), *offsets, *[0] * (15 - len(packed))) + b"".join(packed)


def ramp(count):
    """Return `count` bytes, no two neighbours equal."""
    return bytes(7 * index % 251 + 1 for index in range(count))


def seeds():
    """Return name -> bytes."""
    native = {f"bits{bits}": image(LITTLE, ramp(12 * bits // 8), bits=bits) for bits in (1, 8, 12, 16, 32, 64)}
    odd = {"size": (1, 3), "frames": 3}
    return native | {
        "bits1_amid_bytes": image(LITTLE, ramp(2), bits=1, **odd),
        "bits12_amid_units": image(LITTLE, ramp(14), bits=12, **odd),
        "signed12_of_16": image(LITTLE, ramp(24), bits=16, stored=12, signed=1),
        "swapped_words": image(BIG, ramp(9), **odd),
        "big_endian": image(BIG, ramp(24), bits=16),
        "ge_private": image(GE, ramp(24), bits=16),
        "planes": image(LITTLE, ramp(36), photometric="RGB", samples=3, planar=1),
        "ybr_full": image(LITTLE, ramp(36), photometric="YBR_FULL", samples=3),
        "ybr_full_422": image(LITTLE, ramp(24), photometric="YBR_FULL_422", samples=3),
        "ybr_partial_422_one_bit": image(LITTLE, ramp(4), bits=1, photometric="YBR_PARTIAL_422", samples=3),
        "cut": image(LITTLE, ramp(24), bits=16)[:-7],
        "raw_fragments": image(RAW, [ramp(6), ramp(6)]),
        "rle8": image(RLE, [rle(ramp(6)), rle(ramp(6))]),
        "rle16": image(RLE, [rle(ramp(6), ramp(6))], bits=16, stored=12, frames=1),
        "rle_colour": image(RLE, [rle(*[ramp(6)] * 3)], photometric="YBR_FULL", samples=3, frames=1),
        "rle_bits1": image(RLE, [rle(ramp(1))], bits=1, frames=1),
        "rle_middle_bad": image(RLE, [rle(ramp(6)), rle(ramp(3)), rle(ramp(6))], frames=3),
        "rle_fewer_fragments": image(RLE, [rle(ramp(6))], frames=3),
    }


PLACED = {
    0x00080008: ("CS", b"ORIGINAL\\PRIMARY"),
    0x00180050: ("DS", b"2.5 "),
    0x00180088: ("DS", b"-3"),
    0x0020000E: ("UI", b"1.2.3\0"),
    0x00200013: ("IS", b"12"),
    0x00200032: ("DS", b"1\\-2.5\\3e1 "),
    0x00200037: ("DS", b"1\\0\\0\\0\\1\\0 "),
    0x00200052: ("UI", b"1.2.9\0"),
    0x00280030: ("DS", b"0.5\\0.25"),
    0x00281052: ("DS", b"-1024 "),
    0x00281053: ("DS", b"1 "),
    0x00281054: ("LO", b"HU"),
    0x00541001: ("CS", b"BQML"),
}


def slice_header(changes=(), uid=LITTLE):
    """Return a file of the elements that read_slice_header looks at, some of them others or left out."""
    order, implicit = (">" if uid == BIG else "<"), uid == IMPLICIT
    elements = PLACED | dict(changes)
    written = (element(tag, *elements[tag], order=order, implicit=implicit) for tag in sorted(elements) if elements[tag])
    return file(uid, b"".join(written))


def slice_header_seeds():
    """Return name -> bytes."""
    return {
        "regular": slice_header(),
        "implicit": slice_header(uid=IMPLICIT),
        "big_endian": slice_header(uid=BIG),
        "imager_spacing": slice_header({0x00280030: None, 0x00181164: ("DS", b"0.25\\.5")}),
        "character_set": slice_header({0x00080005: ("CS", b"ISO_IR 192")}),
        "mosaic": slice_header({0x00080008: ("CS", b"ORIGINAL\\PRIMARY\\MOSAIC")}),
        "functional_groups": slice_header({0x52009229: ("UN", b"")}),
        "empty": slice_header({tag: (vr, b"") for tag, (vr, _) in PLACED.items()}),
    }


def main():
    """Write all seeds."""
    for target, contents in (("frame_reader", seeds()), ("slice_header", slice_header_seeds())):
        (SEEDS / target).mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (SEEDS / target / name).write_bytes(content)


if __name__ == "__main__":
    main()
