# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""A slow, plain writer of JPEG codestreams (ITU-T T.81) for tests: what no encoder at hand writes.

`random_dct` and `random_lossless` draw a stream by chance: any sampling factors, scans in any split, progressive with
refinement, 8 and 12 bits, restart intervals, 16-bit quantisation tables, Huffman codes up to 16 bits, all selection
values and point transforms. The writer knows nothing of our own code; libjpeg-turbo is the judge of what it writes.
"""

import random
import struct

import numpy as np

SOI, EOI, SOS, DQT, DHT, DRI, APP0, APP14 = 0xD8, 0xD9, 0xDA, 0xDB, 0xC4, 0xDD, 0xE0, 0xEE
SOF = {"baseline": 0xC0, "extended": 0xC1, "progressive": 0xC2, "lossless": 0xC3}
# T.81 Figure A.6: natural index of the zig-zag position.
ZIGZAG = sorted(range(64), key=lambda n: (n // 8 + n % 8, (n // 8, n % 8)[(n // 8 + n % 8) % 2 == 0]))


def ceil_div(a, b):
    return -(-a // b)


def blocks(scaled, factor_max):
    """Return the blocks that samples of a component need (A.1.1, A.2.2)."""
    return ceil_div(ceil_div(scaled, factor_max), 8)


def segment(code, body=b""):
    """Return a marker segment (B.1.1.4)."""
    return bytes([0xFF, code]) + struct.pack(">H", len(body) + 2) + body


class Code:
    """A Huffman code drawn by chance over the symbols given, no code word of ones only (C.2)."""

    def __init__(self, symbols, chance):
        depths = [0]
        while len(depths) <= len(symbols):
            at = chance.choice([i for i, depth in enumerate(depths) if depth < 16])
            depths[at] += 1
            depths.append(depths[at])
        lengths = sorted(depths)[:-1]
        self.symbols = chance.sample(list(symbols), len(symbols))
        self.counts = [lengths.count(length) for length in range(1, 17)]
        self.words, word, last = {}, 0, lengths[0]
        for symbol, length in zip(self.symbols, lengths, strict=True):
            word <<= length - last
            self.words[symbol], word, last = (word, length), word + 1, length

    def table(self, selector):
        """Return what DHT holds for this code (B.2.4.2)."""
        return bytes([selector, *self.counts, *self.symbols])


class Bits:
    """An entropy-coded segment: bits, most significant first, a zero behind each 0xFF (B.1.1.5)."""

    def __init__(self):
        self.text = []

    def put(self, value, count):
        if count:
            self.text.append(f"{value & ((1 << count) - 1):0{count}b}")

    def symbol(self, code, symbol):
        self.put(*code.words[symbol])

    def amplitude(self, value, size):
        """Append the bits of F.1.2.1.2: negative values less one."""
        self.put(value if value > 0 else value - 1, size)

    def finish(self):
        """Return the bytes, padded with ones (F.1.2.3), and begin anew."""
        text = "".join(self.text)
        text += "1" * (-len(text) % 8)
        self.text = []
        return int(text or "0", 2).to_bytes(len(text) // 8, "big").replace(b"\xff", b"\xff\0")


class Component:
    """Sampling factors, selectors, and the coefficients of whole MCUs in zig-zag order."""

    def __init__(self, number, h, v, tq):
        self.id, self.h, self.v, self.tq = number, h, v, tq
        self.blocks = None  # (block rows, blocks per row, 64)
        self.own = None  # block rows and columns of a scan of its own (A.2.2)


class Scan:
    """Which components, which coefficients, which bits of them (B.2.3)."""

    def __init__(self, components, start=0, end=63, high=0, low=0):
        self.components, self.start, self.end, self.high, self.low = components, start, end, high, low

    def units(self, h_max, v_max, size):
        """Yield the blocks of each MCU as (component, row, column)."""
        if len(self.components) == 1:
            c = self.components[0]
            for row in range(c.own[0]):
                for column in range(c.own[1]):
                    yield [(c, row, column)]
            return
        for top in range(ceil_div(size[0], 8 * v_max)):
            for left in range(ceil_div(size[1], 8 * h_max)):
                yield [
                    (c, top * c.v + y, left * c.h + x)
                    for c in self.components for y in range(c.v) for x in range(c.h)
                ]  # fmt: skip


class DctScanWriter:
    """Codes one scan (F.1.2, G.1.2)."""

    def __init__(self, scan, progressive, dc, ac):
        self.scan, self.progressive, self.dc, self.ac = scan, progressive, dc, ac
        self.bits = Bits()
        self.reset()

    def reset(self):
        self.last, self.run, self.pending = {}, 0, []

    def write(self, units, interval):
        """Return the entropy-coded segments with their restart markers."""
        out, since, number = [], 0, 0
        for unit in units:
            if interval and since == interval:
                self.flush()
                out += [self.bits.finish(), bytes([0xFF, 0xD0 + number % 8])]
                self.reset()
                since, number = 0, number + 1
            for component, row, column in unit:
                self.block(component, component.blocks[row, column].tolist())
            since += 1
        self.flush()
        return b"".join([*out, self.bits.finish()])

    def block(self, component, values):
        if not self.progressive:
            self.dc_first(component, values[0])
            self.ac_sequential(values)
        elif self.scan.start == 0:
            self.dc_refine(values[0]) if self.scan.high else self.dc_first(
                component, values[0] >> self.scan.low
            )
        else:
            self.ac_refine(values) if self.scan.high else self.ac_first(values)

    def dc_first(self, component, value):
        difference = value - self.last.get(component, 0)
        self.last[component] = value
        size = abs(difference).bit_length()
        self.bits.symbol(self.dc, size)
        self.bits.amplitude(difference, size)

    def dc_refine(self, value):
        self.bits.put(value >> self.scan.low & 1, 1)

    def ac_sequential(self, values):
        run = 0
        for value in values[1:]:
            if not value:
                run += 1
                continue
            run = self.coefficient(run, value)
        if run:
            self.bits.symbol(self.ac, 0x00)

    def coefficient(self, run, value):
        """Append a run of zeros and a coefficient (F.1.2.2); return the new run, 0."""
        while run > 15:
            self.bits.symbol(self.ac, 0xF0)
            run -= 16
        size = abs(value).bit_length()
        self.bits.symbol(self.ac, run << 4 | size)
        self.bits.amplitude(value, size)
        return 0

    def ac_first(self, values):
        run = 0
        for value in values[self.scan.start : self.scan.end + 1]:
            value = abs(value) >> self.scan.low if value >= 0 else -(abs(value) >> self.scan.low)
            if not value:
                run += 1
                continue
            self.flush()
            run = self.coefficient(run, value)
        if run:
            self.end_of_band([])

    def end_of_band(self, correction):
        """Count a block without further coefficients (G.1.2.2)."""
        self.run += 1
        self.pending += correction
        if self.run == 0x7FFF:
            self.flush()

    def flush(self):
        """Append the run of ended bands and its correction bits."""
        if self.run:
            size = self.run.bit_length() - 1
            self.bits.symbol(self.ac, size << 4)
            self.bits.put(self.run, size)
            for bit in self.pending:
                self.bits.put(bit, 1)
        self.run, self.pending = 0, []

    def ac_refine(self, values):
        """Append one more bit of each coefficient (G.1.2.3)."""
        magnitudes = [abs(value) >> self.scan.low for value in values[: self.scan.end + 1]]
        last_new = max(
            (k for k in range(self.scan.start, self.scan.end + 1) if magnitudes[k] == 1), default=0
        )
        run, correction = 0, []
        for k in range(self.scan.start, self.scan.end + 1):
            if not magnitudes[k]:
                run += 1
                continue
            while run > 15 and k <= last_new:
                self.flush()
                self.bits.symbol(self.ac, 0xF0)
                run -= 16
                correction = self.put_all(correction)
            if magnitudes[k] > 1:
                correction.append(magnitudes[k] & 1)
                continue
            self.flush()
            self.bits.symbol(self.ac, run << 4 | 1)
            self.bits.put(values[k] > 0, 1)
            run, correction = 0, self.put_all(correction)
        if run or correction:
            self.end_of_band(correction)

    def put_all(self, bits):
        for bit in bits:
            self.bits.put(bit, 1)
        return []


# Drawing by chance.


def sampling(count, chance):
    """Return (h, v) of each component: at most ten blocks an MCU, the common ones more often."""
    if count == 1:
        return [chance.choice([(1, 1), (1, 1), (2, 2), (3, 1), (1, 4)])]
    common = [(1, 1), (2, 1), (2, 2), (1, 2), (4, 1), (4, 2), (2, 4)]
    if chance.random() < 0.7:
        return [chance.choice(common)] + [(1, 1)] * (count - 1)
    while True:
        factors = [(chance.choice([1, 2, 4]), chance.choice([1, 2, 4])) for _ in range(count)]
        if sum(h * v for h, v in factors) <= 10:
            return factors


def frame(code, precision, size, components):
    """Return SOFn (B.2.2)."""
    body = struct.pack(">BHHB", precision, *size, len(components))
    return segment(code, body + b"".join(bytes([c.id, c.h << 4 | c.v, c.tq]) for c in components))


def scan_header(scan, dc, ac):
    body = bytes([len(scan.components)]) + b"".join(bytes([c.id, dc << 4 | ac]) for c in scan.components)
    return segment(SOS, body + bytes([scan.start, scan.end, scan.high << 4 | scan.low]))


def coefficients(shape, table, precision, chance, wild):
    """Draw blocks: sparse, decaying; as large as the precision allows when `wild`."""
    generator = np.random.default_rng(chance.getrandbits(32))
    top = 1 << (precision + 2)
    decay = 1.0 if wild else 1 / (1 + np.arange(64)) ** chance.choice([0.8, 1.2, 2])
    reach = np.maximum(top * decay / (1 if wild else 4) / table, 0.6)
    values = np.rint(generator.normal(0, 0.4, (*shape, 64)) * reach)
    values[generator.random(values.shape) < chance.choice([0.0, 0.5, 0.9])] = 0
    values[..., 1:] *= generator.random((*shape, 1)) < chance.choice([0.3, 1.0])
    bound = np.minimum(top, (top / table).clip(1)) - 1 if not wild else top - 1
    return np.clip(values, -bound, bound).astype(int)


def split(components, chance):
    """Return the components in one scan, or in several."""
    kind = chance.choice(["one", "each", "first and rest"]) if len(components) > 1 else "one"
    if kind == "one" and sum(c.h * c.v for c in components) <= 10:
        return [components]
    return [[c] for c in components] if kind != "first and rest" else [components[:1], components[1:]]


def progressive_scans(components, chance):
    """Return a legal order of scans (G.1.1.1.1): DC first, bands in any split, refined one bit at a time."""
    low = chance.randint(0, 2)
    scans = [Scan(group, 0, 0, 0, low) for group in split(components, chance)]
    scans += [Scan(g, 0, 0, bit + 1, bit) for bit in reversed(range(low)) for g in split(components, chance)]
    for component in components:
        edges = sorted(chance.sample(range(2, 64), chance.randint(0, 2)))
        for start, end in zip([1, *edges], [*(e - 1 for e in edges), 63], strict=True):
            low = chance.randint(0, 2)
            scans.append(Scan([component], start, end, 0, low))
            scans += [Scan([component], start, end, bit + 1, bit) for bit in reversed(range(low))]
    return scans[: chance.choice([len(scans), len(scans), max(1, len(scans) - 2)])]


def application(chance, count):
    """Return JFIF, Adobe or nothing in front: what decides the colour."""
    jfif = segment(APP0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
    adobe = segment(APP14, b"Adobe\0\x64\0\0\0\0" + bytes([chance.choice([0, 1] if count < 4 else [0, 2])]))
    return chance.choice([b"", jfif, adobe, jfif + adobe])


def quant_table(chance, wide):
    top = chance.choice([1, 4, 40, 255]) if not wide else chance.choice([300, 2000])
    return [chance.randint(1, top) for _ in range(64)]


def random_dct(chance, most=100):
    """Return a stream of one of the DCT processes, whole and legal."""
    process = chance.choice(["baseline", "extended", "progressive"])
    precision = 8 if process == "baseline" else chance.choice([8, 12])
    size = chance.randint(1, most), chance.randint(1, most)
    count = chance.choice([1, 1, 3, 3, 3, 4, 2])
    numbers = chance.choice([[1, 2, 3, 4], [1, 2, 3, 4], [0, 1, 2, 3], [82, 71, 66, 65]])
    components = [
        Component(numbers[i], h, v, chance.randint(0, 1)) for i, (h, v) in enumerate(sampling(count, chance))
    ]
    tables = [quant_table(chance, process != "baseline" and chance.random() < 0.1) for _ in range(2)]
    wild = chance.random() < 0.15
    h_max, v_max = max(c.h for c in components), max(c.v for c in components)
    for c in components:
        shape = ceil_div(size[0], 8 * v_max) * c.v, ceil_div(size[1], 8 * h_max) * c.h
        c.own = blocks(size[0] * c.v, v_max), blocks(size[1] * c.h, h_max)
        c.blocks = coefficients(shape, np.array(tables[c.tq]), precision, chance, wild)
    body = application(chance, count)
    for i, table in enumerate(tables):
        wide = max(table) > 255
        body += segment(DQT, bytes([wide << 4 | i]) + struct.pack(">64H" if wide else "64B", *table))
    body += frame(SOF[process], precision, size, components)
    interval = chance.choice([0, 0, 1, 2, 7, 40])
    groups = [Scan(group) for group in split(components, chance)]
    for scan in progressive_scans(components, chance) if process == "progressive" else groups:
        body += dct_scan(scan, process, interval, chance, (h_max, v_max, size))
    return b"\xff\xd8" + body + b"\xff\xd9"


def dct_scan(scan, process, interval, chance, about):
    """Return DHT, DRI, SOS and data of one scan."""
    dc, ac = Code(range(16), chance), Code(range(256), chance)
    which = chance.randint(0, 1)
    writer = DctScanWriter(scan, process == "progressive", dc, ac)
    body = segment(DHT, dc.table(which) + ac.table(0x10 | which))
    body += segment(DRI, struct.pack(">H", interval)) if interval else b""
    return body + scan_header(scan, which, which) + writer.write(scan.units(*about), interval)


def random_lossless(chance, most=60):
    """Return (stream, samples) of process 14; samples have their low bits cleared by the point transform."""
    precision = chance.randint(2, 16)
    point, predictor = chance.randint(0, min(precision - 1, 3)), chance.randint(1, 7)
    count = chance.choice([1, 1, 3, 4, 2])
    size = chance.randint(1, most), chance.randint(1, most)
    generator = np.random.default_rng(chance.getrandbits(32))
    samples = generator.integers(0, 1 << precision, (*size, count))
    if chance.random() < 0.6:
        steps = np.cumsum(generator.integers(-2, 3, samples.shape), axis=1)
        samples = (steps + (1 << precision - 1)).clip(0, (1 << precision) - 1)
    components = [Component(i + 1, 1, 1, 0) for i in range(count)]
    rows_per_interval = chance.choice([0, 0, 1, 3])
    body = frame(SOF["lossless"], precision, size, components)
    body += segment(DRI, struct.pack(">H", rows_per_interval * size[1])) if rows_per_interval else b""
    for group in split(components, chance):
        code = Code(range(17), chance)
        planes = [samples[..., c.id - 1] >> point for c in group]
        body += segment(DHT, code.table(0)) + scan_header(Scan(group, predictor, 0, 0, point), 0, 0)
        body += lossless_scan(planes, predictor, precision - point, rows_per_interval, code)
    return b"\xff\xd8" + body + b"\xff\xd9", samples >> point << point


def lossless_scan(planes, predictor, precision, rows_per_interval, code):
    """Return the entropy-coded segments of interleaved planes (H.1.2)."""
    bits, out = Bits(), []
    differences = [plane_differences(plane, predictor, precision, rows_per_interval) for plane in planes]
    for row in range(planes[0].shape[0]):
        if rows_per_interval and row and row % rows_per_interval == 0:
            out += [bits.finish(), bytes([0xFF, 0xD0 + (row // rows_per_interval - 1) % 8])]
        for column in range(planes[0].shape[1]):
            for difference in differences:
                lossless_difference(bits, code, int(difference[row, column]))
    return b"".join([*out, bits.finish()])


def lossless_difference(bits, code, difference):
    """Append a difference modulo 2^16 (H.1.2.2): 32768 has no extra bits."""
    difference = (difference + 32767) % 65536 - 32767
    size = abs(difference).bit_length()
    bits.symbol(code, size)
    if size < 16:
        bits.amplitude(difference, size)


def plane_differences(plane, predictor, precision, rows_per_interval):
    """Return samples less their prediction (Table H.1, H.1.1)."""
    plane = plane.astype(int)
    left, above, corner = (np.zeros_like(plane) for _ in range(3))
    left[:, 1:], above[1:], corner[1:, 1:] = plane[:, :-1], plane[:-1], plane[:-1, :-1]
    guess = [
        None, left, above, corner, left + above - corner, left + ((above - corner) >> 1),
        above + ((left - corner) >> 1), (left + above) >> 1,
    ][predictor].copy()  # fmt: skip
    guess[:, 0] = above[:, 0]
    for row in range(0, plane.shape[0], rows_per_interval or plane.shape[0]):
        guess[row], guess[row, 0] = left[row], 1 << (precision - 1)
    return plane - guess


def mutate(stream, chance):
    """Return a damaged copy: bits flipped, bytes lost or repeated, cut short, markers moved."""
    data = bytearray(stream)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(2, len(data))
        kind = chance.randrange(6)
        if kind == 0:
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            data[at] = chance.choice([0, 0xFF, 0xD0, 0xD9, 0x7F])
        elif kind == 2:
            del data[at : at + chance.randint(1, 8)]
        elif kind == 3:
            data[at:at] = data[at : at + chance.randint(1, 8)]
        elif kind == 4:
            data[at:at] = bytes([0xFF, chance.choice([0xD0, 0xD3, 0xD7, 0xD9, 0xDD])])
        elif chance.random() < 0.5:
            del data[at:]
        if len(data) < 4:
            break
    return bytes(data)


def chances(seed, count):
    """Yield `count` sources of chance; number i depends on (seed, i) only."""
    for number in range(count):
        yield number, random.Random(seed * 1_000_003 + number)
