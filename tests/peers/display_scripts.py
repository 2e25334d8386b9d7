# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""What is asked of DCMTK and of turbodicom for one image: `script_for(info, low, high)`, a list of probe commands.

A command is a tuple (word, numbers...) of dcmtk_probe.cpp. Both sides keep their state from one command to the
next; a command that makes another image is followed by questions about that image and `back`.
"""

WINDOWED, STORED, WIDE = 8, 0, 16
DEFAULT, LINEAR, SIGMOID = 0, 1, 2
NONE, PBM, CT, BILINEAR, BICUBIC = range(5)


def outputs(*bits, frame=0):
    """Return one question for each depth."""
    return [("output", b, frame, 0) for b in bits]


def frames_of(info):
    """Return first, second, middle and last frame."""
    count = int(info["frame_count"])
    return sorted({0, 1, count // 2, count - 1} & set(range(count)))


def windows(info, low, high):
    """Return every kind of window: the file's, explicit, statistics, both functions, LUTs, none."""
    middle, span = (low + high) / 2, high - low
    script = []
    for n in range(int(info["window_count"])):
        script += [("window_index", n), ("info",), *outputs(8, 16, 0, frame=frames_of(info)[-1])]
        script += [("function", SIGMOID), *outputs(8, 12), ("function", LINEAR), ("output", 8, 0, 0)]
    for center, width in [
        (middle, span / 3),
        (middle - span / 5 + 0.3, span / 7.5 + 1),
        (low, 1),
        (high, span * 3 + 2),
    ]:
        script += [("window", center, width), ("info",), *outputs(8, 16)]
        script += [("function", SIGMOID), *outputs(8, 16), ("function", DEFAULT), ("window", center, 0.0)]
    for n in (0, 1):
        script += [("minmax", n), ("info",), *outputs(8, 16)]
    for share in (
        (0.05, 0.01, 0.3, 0.0) if span < 1 << 24 else ()
    ):  # DCMTK counts every value: too slow, or a crash
        script += [("histogram", share), ("info",), ("output", 8, 0, 0)]
    columns, rows = int(info["width"]), int(info["height"])
    for left, top, width, height in [
        (columns // 4, rows // 5, columns // 2 + 1, rows // 2 + 1),
        (1, 1, columns, rows),
    ]:
        script += [("roi", left, top, width, height, frames_of(info)[-1]), ("info",), ("output", 8, 0, 0)]
    for n in range(int(info["voi_lut_count"])):
        for mode in (0, 1, 2):
            script += [("voi_lut", n, mode), *outputs(8, 16, 0), ("texts",)]
    entries = [int((k / 99) ** 2 * 1023) for k in range(100)]
    script += [("voi_table", int(max(0, middle - 50)) % 65536, 10, *entries), *outputs(8, 16)]
    return [*script, ("no_voi",), ("info",), *outputs(8, 16)]


def presentation(middle, span):
    """Return polarity, shapes and tables, each with a window, alone and together."""
    script = [("window", middle, span / 2)]
    for polarity in (1, 0):
        script.append(("polarity", polarity))
        for shape in (1, 2, 3, 0):
            script += [("shape", shape), *outputs(8, 12), ("info",)]
        script += [
            ("function", SIGMOID),
            *outputs(8),
            ("shape", 3),
            *outputs(8),
            ("shape", 1),
            ("function", LINEAR),
        ]
        entries = [int((k / 255) ** 0.5 * 4095) for k in range(256)]
        script += [("presentation_table", 0, 12, *entries), *outputs(8, 16)]
        script += [("function", SIGMOID), *outputs(8), ("function", LINEAR)]
        script += [("minmax", 0), *outputs(8), ("no_voi",), *outputs(8, 16), ("window", middle, span / 2)]
        script += [("inverse_presentation_table", 0, 12, *entries), *outputs(8), ("shape", 1)]
    return [*script, ("no_voi",)]


def overlays(info):
    """Return every plane in every mode, alone and with others, and the planes themselves."""
    count, frames = int(info["overlay_count"]), frames_of(info)
    script = [("hide_all",), *outputs(8), ("show_all",), *outputs(8, 16, frame=frames[-1])]
    for plane in range(count):
        script += [("overlay", plane), ("overlay_bits", plane)]
        script += [("overlay_data", plane, frame, bits, 200, 7) for frame in frames for bits in (8, 1, 12)]
        script += [("hide_all",)]
        for mode in range(1, 7):
            script += [("show_overlay", plane, mode, 0.75, 0.4), ("overlay", plane)]
            script += [("output", 8, frame, 0) for frame in frames] + outputs(12)
        script += [("hide_overlay", plane), *outputs(8)]
        script += [("show_overlay", plane, 1, 1.0, 0.5), ("place_overlay", plane, 2, -3), *outputs(8)]
    script += [("show_all_as", mode, 0.9, 0.6) for mode in (3,)] + outputs(8)
    return [*script, ("polarity", 1), *outputs(8), ("polarity", 0), ("hide_all",), *outputs(8)]


def geometry(info, borders, interpolations=()):
    """Return scaling, clipping, flips and turns, alone and one after the other."""
    columns, rows = int(info["width"]), int(info["height"])
    last = frames_of(info)[-1]
    answer = [("info",), *outputs(8, frame=last)]
    made = [("scale_size", max(1, columns * 2 // 3), max(1, rows * 3 // 5), NONE, 0)]
    made += [
        ("scale_size", columns + 5, rows * 2 + 1, NONE, 0),
        ("scale_size", max(1, columns // 2), 0, NONE, 1),
    ]
    made += [("scale_factor", 0.5, 0.5, NONE, 0), ("scale_factor", 1.5, 0.0, NONE, 1)]
    made += [("scale_clip", columns // 4, rows // 4, columns // 2, rows // 2, columns, rows, NONE, 0, 0)]
    made += [("clip", columns // 3, rows // 4, max(1, columns // 2), max(1, rows // 2), 0)]
    made += [("clip", -3, -2, columns + 4, rows + 7, p_value) for p_value in borders]
    made += [("flip", 1, 0), ("flip", 0, 1), ("flip", 1, 1)]
    made += [("rotate", degrees) for degrees in (90, 180, 270, -90)]
    script = []
    for command in made:
        script += [command, *answer, ("back",)]
    for (
        method
    ) in interpolations:  # values beyond the possible ones come too: no output, DCMTK's table ends there
        for size in [(max(1, columns * 2 // 3), max(1, rows * 3 // 5)), (columns * 2 + 1, rows + 3)]:
            script += [("scale_size", *size, method, 0), ("info",), ("inter_data",), ("range", 0), ("back",)]
    script += [("flip", 1, 0), ("rotate", 90), ("scale_size", rows + 1, columns, NONE, 0), *answer]
    return [*script, ("inter_data",), ("back",), ("back",), ("back",), *answer]


def borders_of(info, middle, possible):
    """Return P-values of a border that is a possible value: DCMTK reads beyond its table for others."""
    if not info["is_monochrome"]:
        return [0]
    greatest = (1 << int(info["depth"])) - 1
    values = [
        value for value in (0, int(middle)) if 0 <= value <= greatest and possible[0] <= value <= possible[1]
    ]
    return [min(int(value / greatest * 65535), 65535) for value in values]


def copies(info):
    """Return copies of frames."""
    last = int(info["frame_count"]) - 1
    return [("copy", last, 1), ("info",), ("range", 0), ("inter_data",), *outputs(8), ("back",)]


def script_for(info, used, possible, *, is_short=False):
    """Return all commands for one image with its used and possible ranges of values."""
    low, high = used
    middle, span = (low + high) / 2, max(high - low, 1)
    script = [("info",), ("texts",), ("range", 0), ("range", 1), ("inter_data",)]
    for frame in frames_of(info):
        script += [("output", 8, frame, 0), ("output", 16, frame, 0)]
    script += [
        *outputs(0, 1, 4, 7, 12, 32),
        ("output", 8, 0, 1),
        ("bitmap", 0, 24, 0, 0),
        ("bitmap", 0, 24, 1, 0),
    ]
    script += copies(info)
    if info["is_monochrome"]:
        script += [("bitmap", 0, 8, 0, 0)]
        script += windows(info, low, high)
        if not is_short:
            script += presentation(middle, span)
        if info["overlay_count"]:
            script += overlays(info)
        script += [("window", middle, span / 2)]
    else:
        script += [("polarity", 1), *outputs(8, 16), ("polarity", 0)]
        script += [
            ("mono", 0.299, 0.587, 0.114),
            ("info",),
            ("range", 0),
            ("inter_data",),
            *outputs(8, 16),
            ("back",),
        ]
        script += [("mono", 0.5, 0.25, 0.25), ("inter_data",), ("back",)]
    borders = borders_of(info, middle, possible)
    return script + geometry(info, borders, () if is_short else (PBM, CT, BILINEAR, BICUBIC))
