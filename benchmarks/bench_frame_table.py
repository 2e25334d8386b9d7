# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The functional groups of an enhanced multi-frame file of 10 000 frames as arrays, against pydicom's nested access.

Both read the same 19 values of each frame. From a file: open, then read; from an open data set: that of pydicom has
been read through before, so that its values are converted already, ours converts every time.
"""

import math
import struct

import numpy as np
import pydicom
import turbodicom as td
from harness import compare

FRAMES = 10_000
BAR = 100
LONG = {"OB", "OW", "SQ", "UN"}
# functional group -> keyword -> column of the table
GROUPS = {
    "PlanePositionSequence": {"ImagePositionPatient": "position"},
    "PlaneOrientationSequence": {"ImageOrientationPatient": "orientation"},
    "PixelMeasuresSequence": {
        "PixelSpacing": "pixel_spacing",
        "SliceThickness": "slice_thickness",
        "SpacingBetweenSlices": "spacing_between_slices",
    },
    "PixelValueTransformationSequence": {
        "RescaleSlope": "rescale_slope",
        "RescaleIntercept": "rescale_intercept",
        "RescaleType": "rescale_type",
    },
    "FrameVOILUTSequence": {"WindowCenter": "window_center", "WindowWidth": "window_width"},
    "FrameContentSequence": {
        "DimensionIndexValues": "dimension_index_values",
        "StackID": "stack_id",
        "InStackPositionNumber": "in_stack_position_number",
        "TemporalPositionIndex": "temporal_position_index",
        "FrameAcquisitionNumber": "frame_acquisition_number",
        "FrameAcquisitionDateTime": "frame_acquisition_datetime",
        "FrameReferenceDateTime": "frame_reference_datetime",
        "FrameAcquisitionDuration": "frame_acquisition_duration",
    },
    "SegmentIdentificationSequence": {"ReferencedSegmentNumber": "segment_number"},
}
VALUES = [name for keywords in GROUPS.values() for name in keywords.values()]


def rows(folder, settings):
    """Yield the rows, for sequences with and without a length; the peer takes seconds a call."""
    for undefined in (False, True):
        path = folder / f"frames_{undefined}.dcm"
        path.write_bytes(enhanced_file(FRAMES, undefined))
        label = f"{FRAMES} frames, {len(VALUES)} values each" + (", undefined lengths" if undefined else "")
        yield from rows_of(str(path), label, settings)


def rows_of(path, label, settings):
    """Yield the rows of one file."""
    ours, theirs = td.read(path), pydicom.dcmread(path, stop_before_pixels=True)
    check(ours.frame_table(), nested_values(theirs))
    yield compare(
        "frame_table", label, lambda: td.read(path).frame_table(),
        lambda: nested_values(pydicom.dcmread(path, stop_before_pixels=True)), settings,
        peer_name="pydicom dcmread(stop_before_pixels), loop", mode="from a file", bar=BAR,
    )  # fmt: skip
    yield compare(
        "frame_table", label, ours.frame_table, lambda: nested_values(theirs), settings,
        peer_name="pydicom, loop", mode="from an open data set", bar=BAR,
    )  # fmt: skip


def nested_values(ds):
    """Return column -> list, the way programs read functional groups with pydicom: each group once a frame."""
    shared = ds.SharedFunctionalGroupsSequence[0]
    columns = {name: [] for name in VALUES}
    for frame in ds.PerFrameFunctionalGroupsSequence:
        for group, keywords in GROUPS.items():
            holder = frame if group in frame else shared
            item = holder[group][0] if group in holder else {}
            for keyword, name in keywords.items():
                columns[name].append(item.get(keyword))
    return columns


def check(table, expected):
    """Fail unless both say the same."""
    for name, values in expected.items():
        for ours, theirs in zip(getattr(table, name).tolist(), values, strict=True):
            if theirs is None:
                assert ours in (None, -1) or math.isnan(ours), name
            else:
                assert np.array_equal(np.ravel(ours), np.ravel(theirs)), name


# -- the file ------------------------------------------------------------------------------------------


def element(tag, vr, value, undefined=False):
    """Return one explicit VR element; text is padded."""
    if isinstance(value, str):
        value = value.encode() + b" " * (len(value) % 2)
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF) + vr.encode()
    if vr in LONG:
        return head + struct.pack("<HI", 0, 0xFFFFFFFF if undefined else len(value)) + value
    return head + struct.pack("<H", len(value)) + value


def sequence(tag, items, undefined):
    """Return a sequence of items, each given by its elements."""
    if undefined:
        body = b"".join(
            b"\xfe\xff\x00\xe0\xff\xff\xff\xff" + item + b"\xfe\xff\x0d\xe0\0\0\0\0" for item in items
        )
        return element(tag, "SQ", body + b"\xfe\xff\xdd\xe0\0\0\0\0", undefined=True)
    return element(
        tag, "SQ", b"".join(b"\xfe\xff\x00\xe0" + struct.pack("<I", len(item)) + item for item in items)
    )


def frame_item(index, undefined):
    """Return the elements of a frame's functional groups, in number and kind those of an enhanced CT."""
    time = f"20260101{index // 36000 % 24:02}{index // 600 % 60:02}{index // 10 % 60:02}.{index % 10}00000"
    content = (
        element(0x00189074, "DT", time)
        + element(0x00189151, "DT", time)
        + element(0x00189220, "FD", struct.pack("<d", 500.0))
        + element(0x00209056, "SH", str(index // 100 + 1))
        + element(0x00209057, "UL", struct.pack("<I", index % 100 + 1))
        + element(0x00209128, "UL", struct.pack("<I", index // 100 + 1))
        + element(0x00209156, "US", struct.pack("<H", index % 65536))
        + element(0x00209157, "UL", struct.pack("<3I", 1, index // 100 + 1, index % 100 + 1))
    )
    geometry = b"".join(element(tag, "FD", struct.pack("<d", 0.6)) for tag in (0x00189309, 0x00189310))
    details = (
        element(0x00181120, "DS", "0")
        + element(0x00181130, "DS", "150.5")
        + element(0x00181140, "CS", "CW")
        + element(0x00189305, "FD", struct.pack("<d", 0.5))
    )
    exposure = b"".join(
        element(tag, "FD", struct.pack("<d", 100.0 + index)) for tag in (0x00189328, 0x00189330, 0x00189332)
    )
    rescale = element(0x00281052, "DS", "-1024") + element(0x00281053, "DS", "1")
    groups = {
        0x00189312: details,
        0x00189314: geometry,
        0x00189321: exposure,
        0x00189329: element(0x00089007, "CS", "ORIGINAL\\PRIMARY\\AXIAL\\NONE"),
        0x00209111: content,
        0x00209113: element(0x00200032, "DS", f"-125.5\\-{index % 997 / 8}\\{index * 0.625}"),
        0x00209116: element(0x00200037, "DS", "1\\0\\0\\0\\1\\0"),
        0x00289110: element(0x00180050, "DS", "0.625") + element(0x00280030, "DS", "0.488281\\0.488281"),
        0x00289132: element(0x00281050, "DS", "40\\400") + element(0x00281051, "DS", "80\\2000"),
        0x00289145: rescale + element(0x00281054, "LO", "HU"),
    }
    return b"".join(sequence(tag, [item], undefined) for tag, item in groups.items())


def enhanced_file(frames, undefined=False):
    """Return an enhanced CT file of 1x1 pixels."""
    meta = element(0x00020010, "UI", b"1.2.840.10008.1.2.1\0")
    shared = sequence(0x00189477, [element(0x00083010, "UI", b"1.2.3\0")], undefined)
    return b"".join((
        bytes(128), b"DICM", element(0x00020000, "UL", struct.pack("<I", len(meta))), meta,
        element(0x00080016, "UI", b"1.2.840.10008.5.1.4.1.1.2.1\0"),
        element(0x00280002, "US", b"\1\0"), element(0x00280004, "CS", "MONOCHROME2"), element(0x00280008, "IS", str(frames)),
        element(0x00280010, "US", b"\1\0"), element(0x00280011, "US", b"\1\0"), element(0x00280100, "US", b"\x08\0"),
        element(0x00280101, "US", b"\x08\0"), element(0x00280102, "US", b"\7\0"), element(0x00280103, "US", b"\0\0"),
        sequence(0x52009229, [shared], undefined),
        sequence(0x52009230, [frame_item(index, undefined) for index in range(frames)], undefined),
        element(0x7FE00010, "OB", bytes(frames)),
    ))  # fmt: skip
