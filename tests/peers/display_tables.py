# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Made files with lookup tables: Modality and VOI LUT (PS3.3 C.11.1.1, C.11.2.1.1), Presentation LUT, palettes."""

import itertools

import numpy as np
from made_picture import RANDOM, picture, ramp
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian


def curve(count, bits):
    """Return `count` entries of `bits` bits: a bent line that reaches both ends."""
    steps = np.linspace(0, 1, count) ** 1.7
    return (steps * ((1 << bits) - 1)).round().astype(np.uint16)


def table_item(first, bits, entries, *, packed=False, explanation=None, is_big_endian=False, count=None):
    """Return one item with LUT Descriptor and LUT Data; `packed`: two 8-bit entries in one word."""
    item = Dataset()
    vr = "SS" if first < 0 else "US"
    item.add_new(0x00283002, vr, [(len(entries) if count is None else count) % 65536, first, bits])
    if explanation:
        item.LUTExplanation = explanation
    if packed:
        words = np.concatenate([entries, np.zeros(len(entries) % 2, entries.dtype)]).astype("u1").view("<u2")
    else:
        words = entries
    item.add_new(0x00283006, "OW", words.astype(">u2" if is_big_endian else "<u2").tobytes())
    return item


def looked_up(values, first, entries):
    """Return PS3.3 C.11.1.1: below the first mapped value the first entry, beyond the last the last."""
    return entries[np.clip(values.astype(np.int64) - first, 0, len(entries) - 1)]


def modality():
    """Modality LUT of every bit depth, both storages of 8 bits, negative first value, 65536 entries, too short."""
    for bits in range(8, 17):
        values, entries = ramp(10), curve(1000, bits)
        ds = picture(
            values, 10, ModalityLUTSequence=Sequence([table_item(5, bits, entries, explanation="BENT")])
        )
        ds.ModalityLUTSequence[0].ModalityLUTType = "US"
        yield f"modality_lut_{bits}", ds, {"modality": looked_up(values, 5, entries)}
    for count in (256, 255):
        entries = curve(count, 8)
        item = table_item(0, 8, entries, packed=True)
        known = {"modality": looked_up(ramp(8), 0, entries)}
        yield f"modality_lut_packed_{count}", picture(ramp(8), 8, ModalityLUTSequence=Sequence([item])), known
    signed, entries = ramp(12, True), curve(3000, 12)
    known = {"modality": looked_up(signed, -1500, entries)}
    item = table_item(-1500, 12, entries)
    yield "modality_lut_negative_first", picture(signed, 12, ModalityLUTSequence=Sequence([item])), known
    entries = curve(65536, 16)
    item = table_item(0, 16, entries)
    known = {"modality": looked_up(ramp(16), 0, entries)}
    yield "modality_lut_65536", picture(ramp(16), 16, ModalityLUTSequence=Sequence([item])), known
    item = table_item(-32768, 16, entries)
    known = {"modality": looked_up(ramp(16, True), -32768, entries)}
    yield (
        "modality_lut_65536_signed",
        picture(ramp(16, True), 16, ModalityLUTSequence=Sequence([item])),
        known,
    )
    short = table_item(0, 12, curve(500, 12), count=1024)
    yield "modality_lut_too_short", picture(ramp(10), 10, ModalityLUTSequence=Sequence([short])), {}
    long = table_item(0, 12, curve(1024, 12), count=500)
    yield "modality_lut_too_long", picture(ramp(10), 10, ModalityLUTSequence=Sequence([long])), {}
    item = table_item(0, 12, curve(1024, 12))
    ds = picture(ramp(10), 10, ModalityLUTSequence=Sequence([item]), RescaleSlope=2, RescaleIntercept=1)
    yield "modality_lut_and_slope", ds, {}


def voi():
    """VOI LUT likewise, alone, several, after a rescale, with windows beside it."""
    for bits in range(8, 17):
        items = [
            table_item(7, bits, curve(900, bits), explanation="BENT"),
            table_item(0, 8, curve(1024, 8)[::-1]),
        ]
        yield f"voi_lut_{bits}", picture(ramp(10), 10, VOILUTSequence=Sequence(items)), {}
    for count in (256, 255):
        item = table_item(0, 8, curve(count, 8), packed=True)
        yield f"voi_lut_packed_{count}", picture(ramp(8), 8, VOILUTSequence=Sequence([item])), {}
    item = table_item(-900, 10, curve(2000, 10))
    ds = picture(ramp(12), 12, RescaleSlope=1, RescaleIntercept=-1024, WindowCenter=40, WindowWidth=400)
    ds.VOILUTSequence = Sequence([item])
    yield "voi_lut_negative_first", ds, {}
    item = table_item(-100, 8, curve(256, 8))
    ds = picture(ramp(8, True), 8, RescaleSlope=0.5, RescaleIntercept=3, VOILUTSequence=Sequence([item]))
    yield "voi_lut_signed", ds, {}
    item = table_item(0, 16, curve(65536, 16))
    yield "voi_lut_65536", picture(ramp(16), 16, VOILUTSequence=Sequence([item])), {}
    item = table_item(0, 12, curve(500, 12), count=1024)
    yield "voi_lut_too_short", picture(ramp(10), 10, VOILUTSequence=Sequence([item])), {}
    item = table_item(0, 12, np.full(1024, 700, np.uint16))
    yield "voi_lut_constant", picture(ramp(10), 10, VOILUTSequence=Sequence([item])), {}
    for name, syntax in {"big_endian": ExplicitVRBigEndian, "implicit": ImplicitVRLittleEndian}.items():
        item = table_item(0, 12, curve(1024, 12), is_big_endian=syntax == ExplicitVRBigEndian)
        yield f"voi_lut_{name}", picture(ramp(10), 10, VOILUTSequence=Sequence([item]), syntax=syntax), {}
    for photometric in ("MONOCHROME1", "MONOCHROME2"):
        item = table_item(100, 10, curve(700, 10))
        ds = picture(ramp(10), 10, photometric=photometric, VOILUTSequence=Sequence([item]))
        yield f"voi_lut_{photometric.lower()}_inverse", ds, {}
        ds.PresentationLUTShape = "INVERSE"


def presentation():
    """Presentation LUT Sequence beside a window (PS3.3 C.11.6)."""
    for bits, count in [(8, 256), (10, 1024), (16, 4096), (12, 256)]:
        ds = picture(ramp(12), 12, WindowCenter=2000, WindowWidth=3000)
        ds.PresentationLUTSequence = Sequence([table_item(0, bits, curve(count, bits), explanation="PRINT")])
        yield f"presentation_lut_{bits}_{count}", ds, {}


def palette(ds, count, bits, first=0, *, packed=False, maps=None):
    """Give `ds` a palette of `count` entries; return the (3, count) tables."""
    if maps is None:
        maps = np.stack([curve(count, bits), curve(count, bits)[::-1], RANDOM.integers(0, 1 << bits, count)])
    for n, entries in enumerate(maps.astype(np.uint16)):
        vr = "SS" if first < 0 else "US"
        ds.add_new(0x00281101 + n, vr, [count % 65536, first, bits])
        words = entries
        if packed:
            words = np.concatenate([entries, np.zeros(count % 2, np.uint16)]).astype("u1").view("<u2")
        ds.add_new(0x00281201 + n, "OW", words.astype("<u2").tobytes())
    return maps


def palettes():
    """PALETTE COLOR: 8 and 16 bits in index and entry, offset, indexes beyond the table, several frames."""
    for index_bits, (count, bits, first) in itertools.product(
        (8, 16), [(256, 8, 0), (256, 16, 0), (200, 16, 20), (64, 8, 0), (256, 12, 0), (255, 16, 1)]
    ):
        indexes = (np.arange(17 * 24).reshape(17, 24) % 256).astype(f"u{index_bits // 8}")
        ds = picture(indexes, photometric="PALETTE COLOR")
        maps = palette(ds, count, bits, first)
        known = {"rgb": np.stack([looked_up(indexes, first, m) for m in maps], -1), "rgb_bits": bits}
        yield f"palette_{index_bits}_{count}_{bits}_{first}", ds, known
    ds = picture(ramp(16), photometric="PALETTE COLOR")
    palette(ds, 65536, 16)
    yield "palette_65536", ds, {}
    ds = picture(ramp(8), 8, photometric="PALETTE COLOR")
    palette(ds, 256, 8, packed=True)
    yield "palette_packed", ds, {}
    ds = picture(ramp(8, True), 8, photometric="PALETTE COLOR")
    palette(ds, 256, 16, -128)
    yield "palette_signed", ds, {}
    frames = np.stack([ramp(8) >> k for k in range(3)])
    ds = picture(frames, 8, photometric="PALETTE COLOR")
    palette(ds, 256, 16)
    yield "palette_frames", ds, {}
    ds.PixelData = ds.PixelData[:500]
    yield "palette_short_pixels", ds, {}


def segments(kind, bits):
    """Return segmented palette data and the entries it stands for, all steps whole (PS3.3 C.7.9.2)."""
    if kind == "discrete":
        return [0, 6, 1, 2, 3, 5, 8, 13], [1, 2, 3, 5, 8, 13]
    step, top = (4, 255) if bits == 8 else (1000, 65535)
    points = [0, top // 3, 5, top]
    low = top - 60 * step
    words = [0, 4, *points, 1, 60, low]
    entries = [*points, *range(top - step, low - 1, -step)]
    if kind == "linear":
        return [*words, 1, 192, low + 192], [*entries, *range(low + 1, low + 193)]
    offset = (
        [6, 0, 0, 0] if bits == 8 else [12, 0]
    )  # bytes to the linear segment, which goes from low to low now
    return [*words, 2, 1, *offset, 1, 132, low + 132], [*entries, *[low] * 60, *range(low + 1, low + 133)]


def segmented():
    """Segmented palettes of 8 and 16 bits, which DCMTK does not know."""
    for bits, kind in itertools.product((8, 16), ("discrete", "linear", "indirect")):
        words, entries = segments(kind, bits)
        indexes = (np.arange(17 * 24).reshape(17, 24) % 256).astype("u1")
        ds = picture(indexes, photometric="PALETTE COLOR")
        data = np.array(words, "u1" if bits == 8 else "<u2").tobytes()
        for n in range(3):
            ds.add_new(0x00281101 + n, "US", [len(entries), 0, bits])
            ds.add_new(0x00281221 + n, "OW", data + b"\0" * (len(data) % 2))
        rgb = looked_up(indexes, 0, np.array(entries))[..., None].repeat(3, -1)
        yield f"palette_segmented_{kind}_{bits}", ds, {"rgb": rgb, "rgb_bits": bits}


TABLES = [modality, voi, presentation, palettes, segmented]
