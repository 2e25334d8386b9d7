# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Write the seeds of the two JPEG fuzz targets: tiny streams of every process, all drawn by chance.

Run it from anywhere; it writes seeds/jpeg_decode and seeds/jpeg_roundtrip beside itself. The streams come from the
plain writer of tests/peers/jpeg_streams.py, so no encoder is needed.
"""

import random
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "peers"))

import jpeg_streams

# First byte: colour (bits 0..1), reduce (2..3), window (4..6), two threads (7).
KINDS = (0x00, 0x01, 0x06, 0x39, 0x82, 0x03, 0xD4, 0x8D)
MOST_BYTES = 900
LOSSLESS_BITS = {"2bit", "8bit", "12bit", "16bit"}
FRAMES = {b"\xc0": "baseline", b"\xc1": "extended", b"\xc2": "progressive", b"\xc3": "lossless"}


def name_of(stream):
    """Return process, precision and components from the frame header (T.81 B.2.2)."""
    at = min(at for at in (stream.find(b"\xff" + code + b"\0") for code in FRAMES) if at >= 0)
    process = FRAMES[stream[at + 1 : at + 2]]
    return f"{process}_{stream[at + 4]}bit_{stream[at + 9]}"


def decode_seeds():
    """Return name -> bytes: one stream for each process, precision and number of components, some damaged."""
    seeds = {}
    for number in range(2000):
        chance = random.Random(number)
        is_lossless = number % 3 == 0
        stream = (
            jpeg_streams.random_lossless(chance, 9)[0] if is_lossless else jpeg_streams.random_dct(chance, 20)
        )
        name = name_of(stream)
        if len(stream) > MOST_BYTES or (is_lossless and name.split("_")[1] not in LOSSLESS_BITS):
            continue
        has_restarts = b"\xff\xdd" in stream
        name += "_restarts" if has_restarts else ""
        if name not in seeds:
            seeds[name] = bytes([KINDS[len(seeds) % len(KINDS)]]) + stream
            if len(seeds) % 5 == 0:
                seeds[name + "_damaged"] = seeds[name][:1] + jpeg_streams.mutate(stream, chance)
    return seeds


def roundtrip_seeds():
    """Return name -> bytes: eight bytes of choices, then samples."""
    seeds = {}
    chance = random.Random(5)
    for process in range(4):
        for samples in range(4):
            for turn in range(2):
                head = [chance.randrange(256) for _ in range(8)]
                head[0], head[1], head[2] = 5 + 9 * turn, 7 + 20 * turn, samples | turn << 2 | process << 3
                body = bytes((i * i >> 2 if turn else i * 3) & 0xFF for i in range(40))
                seeds[f"{('lossless', 'baseline', 'extended', 'progressive')[process]}_{samples}_{turn}"] = (
                    bytes(head) + body
                )
    return seeds


def main():
    for target, seeds in (("jpeg_decode", decode_seeds()), ("jpeg_roundtrip", roundtrip_seeds())):
        folder = HERE / "seeds" / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in seeds.items():
            (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
