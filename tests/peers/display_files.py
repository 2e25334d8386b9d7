# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Small DICOM files for the display pipeline, of the kinds a corpus seldom has: `make_all(folder)`.

Every group is a generator of (name, data set, known): `known` holds what was worked out by hand or by one line of
NumPy from the standard's formula: `modality` (values after the modality transform), `stored`, `rgb`, or nothing
where only the peers' agreement is asked for. display_tables.py makes those with lookup tables and palettes,
display_overlays.py those with overlay planes.
"""

import copy

import numpy as np
from display_overlays import OVERLAYS
from display_tables import TABLES, palette
from made_picture import COLOUR, RANDOM, picture, ramp
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian, RLELossless

XRAY_CLASSES = {
    "xa": "1.2.840.10008.5.1.4.1.1.12.1",
    "xrf": "1.2.840.10008.5.1.4.1.1.12.2",
    "xa_biplane": "1.2.840.10008.5.1.4.1.1.12.3",
}


def high_bits():
    """PS3.5 8.1.1: Bits Stored samples that end at High Bit; all other bits are noise."""
    cells = [
        (16, 8, 7),
        (16, 8, 11),
        (16, 12, 11),
        (16, 12, 14),
        (16, 12, 15),
        (16, 15, 15),
        (16, 1, 9),
        (8, 5, 6),
    ]
    for allocated, stored, high in [*cells, (8, 7, 7), (8, 4, 3), (32, 17, 20), (32, 32, 31), (32, 24, 31)]:
        for signed in (False, True):
            values = ramp(stored, signed)
            shift = high - stored + 1
            mask = ((1 << stored) - 1) << shift
            noise = RANDOM.integers(0, 1 << allocated, values.shape, dtype=np.uint64) & np.uint64(
                ~mask % 2**64
            )
            cell = ((values.astype(np.int64) << shift) & mask).astype(np.uint64) | noise
            ds = picture(cell.astype(f"u{allocated // 8}"), stored, signed=signed, HighBit=high)
            yield f"high_bit_{allocated}_{stored}_{high}_{'s' if signed else 'u'}", ds, {"stored": values}


def windows():
    """PS3.3 C.11.2: windows of every kind, and some that are wrong."""
    values = ramp(12)
    for name, function in [
        ("linear", "LINEAR"),
        ("sigmoid", "SIGMOID"),
        ("exact", "LINEAR_EXACT"),
        ("other", "CUBIC"),
    ]:
        ds = picture(
            values, 12, WindowCenter=[1000, 2040.5], WindowWidth=[700, 333.25], VOILUTFunction=function
        )
        yield f"window_{name}", ds, {"modality": values}
    several = {"WindowCenter": ["40", "300", "-7.5"], "WindowWidth": ["400", "2000", "1"]}
    signed = ramp(16, True)
    ds = picture(
        signed, **several, WindowCenterWidthExplanation=["SOFT", "BONE"], RescaleSlope=1, RescaleIntercept=-24
    )
    yield "window_explained", ds, {"modality": signed - 24.0}
    odd = {"zero": 0, "one": 1, "half": 0.5, "two": 2, "negative": -50, "huge": 1e9, "tiny": 1.0001}
    for name, width in odd.items():
        yield (
            f"window_width_{name}",
            picture(values, 12, WindowCenter=1000, WindowWidth=width),
            {"modality": values},
        )
    yield "window_no_width", picture(values, 12, WindowCenter=1000), {}
    yield "window_fewer_widths", picture(values, 12, WindowCenter=[900, 20], WindowWidth=[50]), {}
    yield "window_beyond", picture(values, 12, WindowCenter=90000, WindowWidth=10), {}
    yield "window_below", picture(values, 12, WindowCenter=-900, WindowWidth=10), {}


def slopes():
    """PS3.3 C.11.1: slope and intercept, fractional, negative, zero; 8, 12, 16 and 32 bits."""
    pairs = [
        (1, 0),
        (1, -1024),
        (0.5, 0),
        (1.37, -0.3),
        (-1, 0),
        (-0.5, 10),
        (0, 5),
        (1e-3, 0),
        (100, 7),
        (2.5, 1e5),
    ]
    for bits, signed in [
        (8, False),
        (8, True),
        (12, False),
        (12, True),
        (16, False),
        (16, True),
        (32, False),
        (32, True),
    ]:
        values = ramp(bits, signed)
        for slope, intercept in pairs:
            ds = picture(values, bits, RescaleSlope=slope, RescaleIntercept=intercept, RescaleType="US")
            known = {"modality": values.astype(float) * slope + intercept} if slope else {}
            yield f"slope_{bits}{'s' if signed else 'u'}_{slope}_{intercept}", ds, known
    yield "slope_without_intercept", picture(ramp(12), 12, RescaleSlope=2), {}
    yield "intercept_without_slope", picture(ramp(12), 12, RescaleIntercept=2), {}
    yield "narrow_range", picture(ramp(16) // 1000 + 40000, RescaleSlope=1, RescaleIntercept=-40000), {}
    for name, uid in XRAY_CLASSES.items():
        values = ramp(10)
        ds = picture(values, 10, RescaleSlope=0.25, RescaleIntercept=-3, SOPClassUID=uid)
        yield f"{name}_rescale", ds, {"modality": values * 0.25 - 3, "stored": values}


def cells():
    """Bits Allocated 1, 8, 16 and 32, frames, byte orders, missing tails, padding values."""
    for frames, rows, columns in [(1, 9, 13), (3, 7, 5), (5, 8, 8)]:
        bits = RANDOM.integers(0, 2, (frames, rows, columns), np.uint8)
        ds = picture(bits, 1)
        ds.BitsAllocated = 1
        data = np.packbits(bits.ravel(), bitorder="little").tobytes()
        ds.PixelData = data + b"\0" * (len(data) % 2)
        yield f"one_bit_{frames}x{rows}x{columns}", ds, {"stored": bits}
    for signed in (False, True):
        values = ramp(16, signed)
        for missing in (1, 100, values.size):
            ds = picture(values, RescaleSlope=1, RescaleIntercept=-5)
            ds.PixelData = ds.PixelData[: 2 * (values.size - missing)]
            yield f"missing_{missing}_{'s' if signed else 'u'}", ds, {}
    for bits in (8, 16, 32):
        ds = picture(ramp(bits), syntax=ExplicitVRBigEndian)
        yield f"big_endian_{bits}", ds, {"stored": ramp(bits)}
        ds = picture(ramp(bits), syntax=ExplicitVRBigEndian)
        ds.PixelData = ds.PixelData[: len(ds.PixelData) // 8 * 4]
        yield f"big_endian_missing_{bits}", ds, {}
    frames = np.stack([ramp(12) >> k for k in range(4)])
    ds = picture(frames, 12, FrameTime=40, RepresentativeFrameNumber=3)
    ds.PixelData = ds.PixelData[: len(ds.PixelData) * 5 // 8]
    yield "missing_frames", ds, {}
    ds = picture(frames, 12, WindowCenter=500, WindowWidth=700)
    ds.PixelData += b"\1\2" * 7
    yield "too_long", ds, {"stored": frames}
    for name, syntax in {"big_endian": ExplicitVRBigEndian, "implicit": ImplicitVRLittleEndian}.items():
        yield name, picture(ramp(16, True), syntax=syntax, WindowCenter=0, WindowWidth=9000), {}
    ds = picture(frames, 12, WindowCenter=500, WindowWidth=700)
    ds.compress(RLELossless)
    yield "rle_frames", ds, {"stored": frames}
    ds = picture(ramp(12), 12, PixelPaddingValue=0)
    yield "padding_value", ds, {}
    yield "constant", picture(np.full((5, 7), 77, np.uint16), 12), {}
    yield "constant_signed", picture(np.full((5, 7), -77, np.int16), 16), {}
    yield "one_pixel", picture(np.full((1, 1), 3, np.uint8), 8), {}
    yield "no_high_bit", _without(picture(ramp(12), 12), "HighBit"), {}
    yield "no_bits_stored", _without(picture(ramp(16), 16), "BitsStored"), {}
    yield "no_representation", _without(picture(ramp(12), 12), "PixelRepresentation"), {}
    yield "bits_stored_above_allocated", picture(ramp(8), 8, BitsStored=12, HighBit=11), {}


def _without(ds, keyword):
    delattr(ds, keyword)
    return ds


def inverses():
    """MONOCHROME1, Presentation LUT Shape in its three values, both together."""
    for photometric in ("MONOCHROME1", "MONOCHROME2"):
        for shape in ("IDENTITY", "INVERSE", "LIN OD", None):
            for bits in (8, 12):
                ds = picture(ramp(bits), bits, photometric=photometric, WindowCenter=90, WindowWidth=120)
                if shape:
                    ds.PresentationLUTShape = shape
                yield (
                    f"{photometric.lower()}_{shape}_{bits}".replace(" ", "_").lower(),
                    ds,
                    {"stored": ramp(bits)},
                )
    ds = picture(ramp(12), 12, WindowCenter=90, WindowWidth=120, PresentationLUTShape="LIN OD")
    ds.MinDensity, ds.MaxDensity, ds.Illumination, ds.ReflectedAmbientLight = 10, 280, 1500, 8
    yield "lin_od_densities", ds, {}


def shapes_of_pixels():
    """PS3.3 C.7.6.3.1.7 and what else tells the shape of a pixel."""
    named = {
        "aspect": {"PixelAspectRatio": ["4", "3"]},
        "aspect_zero": {"PixelAspectRatio": ["0", "3"]},
        "spacing": {"PixelSpacing": ["0.5", "0.75"]},
        "imager": {"ImagerPixelSpacing": ["0.2", "0.1"]},
        "scanned": {"NominalScannedPixelSpacing": ["0.3", "0.1"]},
        "both": {"PixelSpacing": ["0.5", "0.5"], "PixelAspectRatio": ["2", "1"]},
    }
    for name, attributes in named.items():
        yield f"ratio_{name}", picture(ramp(8), 8, **attributes), {}


def functional_groups():
    """PS3.3 C.7.6.16: rescale, window and spacing in shared and in per-frame groups."""
    frames = np.stack([ramp(12) >> k for k in range(3)])
    rescale, window, measures = Dataset(), Dataset(), Dataset()
    rescale.RescaleSlope, rescale.RescaleIntercept, rescale.RescaleType = "2", "-100", "HU"
    window.WindowCenter, window.WindowWidth = "800", "600"
    measures.PixelSpacing = ["0.5", "0.25"]
    group = Dataset()
    group.PixelValueTransformationSequence = Sequence([rescale])
    group.FrameVOILUTSequence = Sequence([window])
    group.PixelMeasuresSequence = Sequence([measures])
    enhanced_ct = "1.2.840.10008.5.1.4.1.1.2.1"
    ds = picture(frames, 12, SOPClassUID=enhanced_ct, SharedFunctionalGroupsSequence=Sequence([group]))
    yield "groups_shared", ds, {"modality": frames * 2.0 - 100}
    items = []
    for k in range(3):
        item = copy.deepcopy(group)
        item.PixelValueTransformationSequence[0].RescaleIntercept = str(-100 * k)
        item.FrameVOILUTSequence[0].WindowCenter = str(800 + k)
        items.append(item)
    ds = picture(frames, 12, SOPClassUID=enhanced_ct, PerFrameFunctionalGroupsSequence=Sequence(items))
    yield "groups_per_frame", ds, {"modality": frames * 2.0 - np.array([0, 100, 200])[:, None, None]}
    ds = picture(frames, 12, SOPClassUID=enhanced_ct, RescaleSlope=3, RescaleIntercept=1)
    ds.SharedFunctionalGroupsSequence = Sequence([group])
    yield "groups_and_root", ds, {}


def colours():
    """Colour models, planar and not, 8 and 16 bits, signed, several frames, odd widths, missing tails."""
    for photometric, samples in COLOUR.items():
        for planar in (0, 1):
            for bits, stored in [(8, 8), (16, 16), (16, 12), (8, 6)]:
                values = RANDOM.integers(0, 1 << stored, (6, 10, samples)).astype(f"u{bits // 8}")
                ds = picture(values, stored, photometric=photometric, PlanarConfiguration=planar)
                if photometric == "ARGB":  # retired: the alpha plane chooses palette entries
                    palette(ds, 1 << stored if stored < 16 else 65535, bits)
                known = {"rgb": values} if photometric == "RGB" else {}
                yield f"colour_{photometric.lower()}_{planar}_{bits}_{stored}", ds, known
    values = RANDOM.integers(-128, 128, (5, 6, 3)).astype("i1")
    yield "colour_rgb_signed", picture(values, 8, photometric="RGB"), {}
    yield "colour_ybr_signed", picture(values, 8, photometric="YBR_FULL"), {}
    frames = RANDOM.integers(0, 256, (3, 4, 7, 3)).astype("u1")
    for photometric in ("RGB", "YBR_FULL"):
        for planar in (0, 1):
            ds = picture(frames, 8, photometric=photometric, PlanarConfiguration=planar)
            yield (
                f"colour_frames_{photometric.lower()}_{planar}",
                ds,
                {"rgb": frames} if photometric == "RGB" else {},
            )
            if not planar:  # of cut planes DCMTK reads what lies behind them
                short = copy.deepcopy(ds)
                short.PixelData = short.PixelData[:150]
                yield f"colour_short_{photometric.lower()}", short, {}
    high = RANDOM.integers(0, 1 << 16, (5, 6, 3)).astype("u2")
    yield "colour_high_bit", picture(high, 10, photometric="RGB", HighBit=13), {}
    for photometric in ("YBR_FULL_422", "YBR_PARTIAL_422"):
        for frames in (1, 2):
            ds = picture(np.zeros((frames, 6, 8, 3), "u1"), 8, photometric=photometric)
            ds.PixelData = RANDOM.integers(0, 256, frames * 6 * 8 * 2).astype("u1").tobytes()
            yield f"colour_{photometric.lower()}_{frames}", ds, {}


GROUPS = [
    high_bits,
    windows,
    slopes,
    cells,
    inverses,
    shapes_of_pixels,
    functional_groups,
    colours,
    *TABLES,
    *OVERLAYS,
]


def save(group, folder):
    """Write the files of one group below `folder`; return a list of (path, known)."""
    made = []
    for name, ds, known in group():
        path = folder / f"{name}.dcm"
        ds.save_as(path, enforce_file_format=True)
        made.append((path, known))
    return made


def make_all(folder):
    """Write every made file below `folder`; return a list of (path, known)."""
    return [each for group in GROUPS for each in save(group, folder)]
