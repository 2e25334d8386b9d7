# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Write the seeds of the two RLE fuzz targets: tiny frames, right and wrong (PS3.5 Annex G).

Run it from anywhere; it writes seeds/rle_decode and seeds/rle_roundtrip beside itself.
"""

import struct
from pathlib import Path

HERE = Path(__file__).resolve().parent / "seeds"


def literal(data):
    return bytes([len(data) - 1]) + data


def replicate(length, value):
    return bytes([257 - length, value])


def frame(*segments, **words):
    """Join segments behind a header; ``w3=7`` overrides header word 3."""
    offsets, at = [], 64
    for segment in segments:
        offsets.append(at)
        at += len(segment)
    header = [len(segments), *offsets] + [0] * (15 - len(segments))
    for name, value in words.items():
        header[int(name[1:])] = value
    return struct.pack("<16I", *header) + b"".join(segments)


def decode_seed(rows, columns, kind, stream):
    return bytes([rows - 1, columns - 1, kind]) + stream


A, B, C = literal(b"abcd"), replicate(4, 120), literal(b"ab") + replicate(2, 99)
LONG = b"".join(literal(bytes(range(40))) + replicate(24, i) for i in range(8))
DECODE = {
    "mono8": decode_seed(2, 2, 0, frame(A)),
    "mono16": decode_seed(2, 2, 1, frame(A + b"\0", B)),
    "colour8": decode_seed(2, 2, 4, frame(A + b"\0", B, C)),
    "colour8_planar": decode_seed(2, 2, 0x44, frame(A + b"\0", B, C)),
    "mono32": decode_seed(2, 2, 2, frame(A + b"\0", B, C, B)),
    "mono64": decode_seed(2, 2, 3, frame(*[B] * 8)),
    "long_runs": decode_seed(8, 64, 0, frame(LONG)),
    "no_operations": decode_seed(2, 2, 0, frame(b"\x80\x80" + A + b"\x80")),
    "run_past_end": decode_seed(2, 2, 0, frame(replicate(9, 7))),
    "short_segment": decode_seed(4, 4, 0, frame(A)),
    "cut_literal": decode_seed(2, 2, 0, frame(b"\x07abc")),
    "trailing_bytes": decode_seed(2, 2, 0, frame(A + b"\0" * 9)),
    "odd_offset": decode_seed(2, 2, 1, frame(A, B)),
    "offset_beyond_frame": decode_seed(2, 2, 1, frame(A, B, w2=9999)),
    "offset_in_header": decode_seed(2, 2, 0, frame(A, w1=3)),
    "offsets_descend": decode_seed(2, 2, 1, frame(A, B, w1=70)),
    "sixteen_segments": decode_seed(2, 2, 0, frame(A, w0=16)),
    "sixteen_bytes_a_pixel": decode_seed(2, 1, 0x4B, frame(A)[:40]),
    "short_header": decode_seed(2, 2, 0, frame(A)[:40]),
}
# Which instruction set is held against the scalar one, where the machine has as many.
SECOND_LEVEL, THIRD_LEVEL = 0x10, 0x20
ROUNDTRIP = {
    "flat8": bytes([3, 63, 0]) + b"\7" * 16,
    "ramp16": bytes([3, 200, 1]) + bytes(range(256)),
    "pairs_colour": bytes([2, 129, 8]) + b"aabbccddeeffgg",
    "triples_planar": bytes([2, 130, 0x48]) + b"aaabbbcccd",
    "mono32": bytes([1, 20, 2]) + b"\0\0\1\2" * 5,
    "mono64": bytes([1, 20, 3]) + b"\0\0\1\2\3\4\5\6",
    "colour16": bytes([3, 99, 0x89 + SECOND_LEVEL]) + bytes(i // 6 for i in range(240)),
    "colour32": bytes([3, 99, 0x8A + THIRD_LEVEL]) + bytes(i % 12 * 8 for i in range(240)),
    "four_samples": bytes([3, 99, 0x8C + THIRD_LEVEL]) + bytes(range(60)),
    "wide_mixed": bytes([4, 255, 0x80]) + bytes(i // 3 if i % 40 < 20 else i for i in range(200)),
}


def main():
    for target, seeds in (("rle_decode", DECODE), ("rle_roundtrip", ROUNDTRIP)):
        folder = HERE / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in seeds.items():
            (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
