# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Made files with overlay planes (PS3.3 C.9.2): in elements of their own, and embedded in unused high bits."""

import numpy as np
from made_picture import RANDOM, picture, ramp
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian


def bitmap(*shape):
    """Return random bits with a solid corner."""
    bits = RANDOM.integers(0, 2, shape, np.uint8)
    bits[..., :3, :4] = 1
    return bits


def add_overlay(ds, group, bits, origin=(1, 1), kind="G", label=None, **elements):
    """Add overlay `bits` (frames?, rows, columns) as group `group` of `ds`."""
    rows, columns = bits.shape[-2:]
    data = np.packbits(bits.ravel(), bitorder="little").tobytes()
    big = ds.file_meta.TransferSyntaxUID == ExplicitVRBigEndian
    data += b"\0" * (len(data) % 2)
    if big:
        data = np.frombuffer(data, "<u2").astype(">u2").tobytes()
    values = {0x10: ("US", rows), 0x11: ("US", columns), 0x40: ("CS", kind), 0x50: ("SS", list(origin))}
    values |= {0x100: ("US", 1), 0x102: ("US", 0), 0x3000: ("OW", data)}
    if bits.ndim == 3:
        values |= {0x15: ("IS", bits.shape[0]), 0x51: ("US", elements.pop("first_frame", 1))}
    if label:
        values |= {0x1500: ("LO", label), 0x22: ("LO", f"{label} described")}
    for element, (vr, value) in values.items():
        ds.add_new((group << 16) | element, vr, value)
    return ds


def embed_overlay(ds, group, position, allocated=16, kind="G"):
    """Declare overlay `group` to live in bit `position` of the pixel cells."""
    values = {0x10: ("US", ds.Rows), 0x11: ("US", ds.Columns), 0x40: ("CS", kind), 0x50: ("SS", [1, 1])}
    values |= {0x100: ("US", allocated), 0x102: ("US", position)}
    for element, (vr, value) in values.items():
        ds.add_new((group << 16) | element, vr, value)
    return ds


def separate():
    """Planes in 60xx,3000: offset, partly or wholly outside, several frames, both types, both byte orders."""
    for kind in "GR":
        ds = picture(ramp(12), 12, WindowCenter=2000, WindowWidth=3000)
        yield (
            f"overlay_whole_{kind.lower()}",
            add_overlay(ds, 0x6000, bitmap(17, 24), kind=kind, label="ONE"),
            {},
        )
    places = [(1, 1), (5, 7), (-2, -4), (0, 0), (12, 20), (17, 24), (18, 25), (-30, 2)]
    for row, column in places:
        ds = add_overlay(picture(ramp(12), 12), 0x6000, bitmap(9, 11), (row, column))
        yield f"overlay_at_{row}_{column}", ds, {}
    ds = add_overlay(picture(ramp(8), 8), 0x6000, bitmap(30, 40), (-3, -5))
    yield "overlay_larger", ds, {}
    ds = picture(ramp(12), 12)
    for n, group in enumerate([0x6000, 0x6002, 0x6010, 0x601E]):
        add_overlay(ds, group, bitmap(8, 8), (1 + 2 * n, 1 + 3 * n), "GR"[n % 2], f"PLANE {n}")
    yield "overlay_four", ds, {}
    for photometric in ("MONOCHROME1", "MONOCHROME2"):
        ds = picture(ramp(8), 8, photometric=photometric, PresentationLUTShape="INVERSE")
        yield f"overlay_{photometric.lower()}_inverse", add_overlay(ds, 0x6000, bitmap(17, 24)), {}
    for name, syntax in {"big_endian": ExplicitVRBigEndian, "implicit": ImplicitVRLittleEndian}.items():
        yield f"overlay_{name}", add_overlay(picture(ramp(12), 12, syntax=syntax), 0x6000, bitmap(11, 13)), {}


def over_frames():
    """Overlays over several image frames: one for all, one each, some frames only."""
    frames = np.stack([ramp(12) >> k for k in range(4)])
    yield "overlay_frames_one", add_overlay(picture(frames, 12), 0x6000, bitmap(17, 24)), {}
    yield "overlay_frames_each", add_overlay(picture(frames, 12), 0x6000, bitmap(4, 17, 24)), {}
    for first in (1, 2, 4):
        ds = add_overlay(picture(frames, 12), 0x6000, bitmap(2, 8, 9), (3, 4), first_frame=first)
        yield f"overlay_frames_from_{first}", ds, {}


def embedded():
    """Planes in the bits above High Bit, and (wrongly) below the samples; signed and unsigned, several groups."""
    for signed in (False, True):
        for bits, allocated, positions in [(12, 16, [12, 13, 15]), (8, 16, [8]), (6, 8, [6, 7])]:
            cell = ramp(bits, signed).astype(np.int64) & ((1 << bits) - 1)
            planes = {position: bitmap(17, 24) for position in positions}
            for position, plane in planes.items():
                cell |= plane.astype(np.int64) << position
            ds = picture(cell.astype(f"u{allocated // 8}"), bits, signed=signed)
            for n, position in enumerate(positions):
                embed_overlay(ds, 0x6000 + 2 * n, position, allocated)
            known = {"stored": ramp(bits, signed), "embedded": planes}
            yield f"overlay_embedded_{bits}_{allocated}_{'s' if signed else 'u'}", ds, known
    cell = (ramp(12).astype(np.int64) << 4) | bitmap(17, 24) << 2
    ds = picture(cell.astype("u2"), 12, HighBit=15)
    yield "overlay_embedded_below", embed_overlay(ds, 0x6000, 2), {"stored": ramp(12)}
    cell = np.stack(
        [(ramp(10) >> k).astype(np.int64) | bitmap(17, 24).astype(np.int64) << 11 for k in range(3)]
    )
    ds = picture(
        cell.astype("u2"), 10, WindowCenter=300, WindowWidth=400, RescaleSlope=2, RescaleIntercept=-100
    )
    yield "overlay_embedded_frames", embed_overlay(ds, 0x6004, 11, kind="R"), {}
    ds = picture(cell[0].astype("u2"), 10)
    embed_overlay(ds, 0x6000, 11)
    yield "overlay_embedded_and_separate", add_overlay(ds, 0x6002, bitmap(9, 9), (2, 2)), {}
    ds = picture((cell[0] & 0x3FF).astype("u2"), 12)
    yield "overlay_embedded_inside_samples", embed_overlay(ds, 0x6000, 9), {}


OVERLAYS = [separate, over_frames, embedded]
