# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Write the seeds of fuzz_lookup_table, fuzz_palette and fuzz_overlay: small tables, segments and planes of every kind.

Run it from anywhere: ``python tests/fuzz/pixel/make_seeds.py``. Source: PS3.3 C.7.6.3.1.5, C.7.9.2, C.9.2, C.11.1.1.
"""

import struct
from pathlib import Path

SEEDS = Path(__file__).parent / "seeds"


def ramp(count):
    """Return `count` bytes, no two neighbours equal."""
    return bytes(7 * index % 251 + 1 for index in range(count))


def lut(entries, first, bits, data, *, flags=0):
    """Return an input of fuzz_lookup_table. Flags: 1 SS descriptor, 2 signed pixels, 4 bits of 8 or 16, 0xF8 any entries."""
    stored = entries if flags >= 0xF8 else entries - 1
    return struct.pack("<3HBB", stored, first & 0xFFFF, bits, flags, 0) + data


def lookup_tables():
    """Return name -> bytes: each way to store entries, then segments."""
    words = struct.pack("<4H", 0, 100, 1000, 4095)
    segments = bytes([0, 2, 5, 6, 1, 2, 10, 2, 2, 0, 0, 0, 0])
    return {
        "entries8": lut(4, 0, 8, ramp(4)),
        "entries8_odd": lut(5, 0, 8, ramp(5) + b"\0"),
        "entries8_in_16_bit_cells": lut(4, 0, 8, bytes([1, 0, 2, 0, 3, 0, 4, 0])),
        "entries16_declared_8": lut(4, 0, 8, words),
        "entries16": lut(4, -1000, 16, words, flags=3),
        "entries16_in_8_bit_cells": lut(4, 65000, 16, ramp(4)),
        "entries12": lut(4, 0, 12, words),
        "entries10_too_large": lut(4, 0, 10, words),
        "short": lut(9, 0, 16, words),
        "short_of_65536": lut(0, 0, 16, words, flags=0xF8),
        "long": lut(2, 0, 16, words),
        "segments8": lut(8, 0, 8, segments),
        "segments16": lut(8, 0, 16, struct.pack("<11H", 0, 2, 5, 6, 1, 2, 10, 2, 2, 0, 0)),
        "segments_of_a_ramp": lut(256, 0, 8, bytes([0, 1, 0, 1, 255, 255])),
        "segments_into_themselves": lut(200, 0, 8, bytes([0, 1, 7, 2, 1, 3, 0, 0, 0])),
    }


def palettes():
    """Return name -> bytes: each index type and cell size, each way through memory."""
    seeds = {}
    for kind in range(0, 32, 3):
        for steps in (0, 1, 3, 4, 8, 12, 0x80):
            head = struct.pack("<BHBhBB", kind, 255, 200, -3 if kind & 1 else 4, steps, kind)
            seeds[f"kind{kind}_steps{steps}"] = head + ramp(40)
    seeds["far_first"] = struct.pack("<BHBhBB", 2, 99, 70, 3000, 0x40, 2) + ramp(60)
    seeds["blocks"] = struct.pack("<BHBhBB", 0xC2, 99, 5, 0, 0, 2) + ramp(60)
    return seeds


def overlays():
    """Return name -> bytes."""
    head = struct.Struct("<4HBBBB")
    return {
        "one": head.pack(4, 7, 0, 0, 0, 0, 0, 0) + ramp(5),
        "three_amid_bytes": head.pack(2, 2, 2, 0, 0, 0, 0, 1) + ramp(4),
        "from_a_bit": head.pack(7, 7, 1, 13, 0, 0, 0, 0x15) + ramp(20),
        "swapped_words": head.pack(7, 7, 1, 13, 2, 0, 0, 0x2E) + ramp(20),
        "short": head.pack(39, 39, 3, 0, 0, 0, 0, 3) + ramp(20),
        "huge": head.pack(65535, 65535, 65535, 0, 1, 16, 16, 0) + ramp(2),
        "beyond_64_bits": head.pack(65535, 65535, 65535, 65535, 1, 48, 32, 0) + ramp(2),
        "empty": head.pack(0, 5, 1, 0, 1, 0, 0, 0),
    }


def main():
    """Write all seeds."""
    for subject, seeds in (
        ("lookup_table", lookup_tables()),
        ("palette", palettes()),
        ("overlay", overlays()),
    ):
        folder = SEEDS / subject
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in seeds.items():
            (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
