# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The options of ``turbodicom dcm2img``: those of DCMTK's dcm2img (3.7) and dcmj2pnm, and a few of our own.

A row names an option, the field it sets and to what. Options of DCMTK that are not there stand in the table
with the reason. `DEFAULTS` is every field without any option.
"""

from typing import NamedTuple

from turbodicom.cli._dcm2img_arguments import Option, integer, number, word

LEVELS = ("fatal", "error", "warn", "info", "debug", "trace")
ALL_OVERLAYS = 0

_NO_DISPLAY_FUNCTION = "output is not calibrated for a display or printer"
_PLAIN_TIFF = "TIFF is written uncompressed"
_NO_JPEG_LS = "nothing here writes JPEG-LS"


class Frames(NamedTuple):
    """Which frames: the first, from 1, how many (0: all), and whether their files are numbered."""

    first: int = 1
    count: int = 1
    is_numbered: bool = False


class Scaling(NamedTuple):
    """How large the picture is to be: one of four, the others 0."""

    x_factor: float = 0.0
    y_factor: float = 0.0
    columns: int = 0
    rows: int = 0


class Rectangle(NamedTuple):
    """Part of the image, in pixels."""

    left: int
    top: int
    columns: int
    rows: int


DEFAULTS = {
    "level": "warn",
    "prints_arguments": False,
    "file_format": "any",
    "syntax": "auto",
    "frames": Frames(),
    "rotation": 0,
    "flipping": (False, False),
    "uses_aspect": True,
    "interpolation": 1,
    "scaling": None,
    "color": "photometric",
    "workaround_pred6": False,
    "workaround_cornell": False,
    "bits_stored": "fix",
    "uses_modality": True,
    "window": None,
    "voi_function": None,
    "shape": None,
    "overlays": None,
    "overlay_mode": None,
    "foreground": 1.0,
    "threshold": 0.5,
    "flags": None,
    "tiff_form": "plain",
    "png_form": "plain",
    "quality": 90,
    "subsampling": "4:2:2",
    "is_gray": False,
    "is_reversed": False,
    "clip": None,
    "prints_info": False,
    "by_frame_number": False,
    "format": "auto",
    "numbers": "dcmtk",
}

_GENERAL = [
    Option("-h", "--help", "", None, "print this text"),
    Option("", "--version", "", None, "print the version"),
    Option("", "--arguments", "prints_arguments", True, "print the arguments, @files opened"),
    Option("-q", "--quiet", "level", "quiet", "print neither warnings nor errors"),
    Option("-v", "--verbose", "level", "info", "say what is done"),
    Option("-d", "--debug", "level", "debug", "the same"),
    Option("-ll", "--log-level", "level", str, f"{', '.join(LEVELS)}", (word(*LEVELS),), "LEVEL"),
    Option("-lc", "--log-config", "", None, "", refused="there is no logger to configure", names="FILE"),
]
_INPUT = [
    Option("+f", "--read-file", "file_format", "any", "a DICOM file, or a data set alone (default)"),
    Option("+fo", "--read-file-only", "file_format", "file", "only DICOM files with a file meta group"),
    Option("-f", "--read-dataset", "file_format", "dataset", "only data sets without one"),
    Option("-t=", "--read-xfer-auto", "syntax", "auto", "recognise the transfer syntax (default)"),
    *(
        Option(short, f"--read-xfer-{name}", "", None, "", refused="transfer syntaxes are recognised")
        for short, name in (("-td", "detect"), ("-te", "little"), ("-tb", "big"), ("-ti", "implicit"))
    ),
]
_FRAMES = [
    Option("+F", "--frame", "frames", Frames, "this frame, from 1 (default: 1)", (integer(1),), "N"),
    Option("+Fr", "--frame-range", "frames", lambda n, count: Frames(n, count, True),
           "COUNT frames from N on", (integer(1), integer(1)), "N COUNT"),
    Option("+Fa", "--all-frames", "frames", Frames(1, 0, True), "all frames"),
]  # fmt: skip
_GEOMETRY = [
    Option("+Rl", "--rotate-left", "rotation", 270, "turn left by 90 degrees"),
    Option("+Rr", "--rotate-right", "rotation", 90, "turn right by 90 degrees"),
    Option("+Rtd", "--rotate-top-down", "rotation", 180, "turn by 180 degrees"),
    Option("+Lh", "--flip-horizontally", "flipping", (True, False), "swap left and right"),
    Option("+Lv", "--flip-vertically", "flipping", (False, True), "swap top and bottom"),
    Option("+Lhv", "--flip-both-axes", "flipping", (True, True), "both"),
    Option("+a", "--recognize-aspect", "uses_aspect", True, "heed the pixel aspect ratio (default)"),
    Option("-a", "--ignore-aspect", "uses_aspect", False, "ignore it"),
    Option("+i", "--interpolate", "interpolation", int,
           "1 pbmplus, 2 c't, 3 bilinear, 4 bicubic (default: 1)", (integer(1, 4),), "N"),
    Option("-i", "--no-interpolation", "interpolation", 0, "none"),
    Option("-S", "--no-scaling", "scaling", None, "no scaling (default)"),
    Option("+Sxf", "--scale-x-factor", "scaling", lambda f: Scaling(x_factor=f),
           "scale by a factor of the width", (number(above=0),), "F"),
    Option("+Syf", "--scale-y-factor", "scaling", lambda f: Scaling(y_factor=f),
           "by a factor of the height", (number(above=0),), "F"),
    Option("+Sxv", "--scale-x-size", "scaling", lambda n: Scaling(columns=n),
           "to a width of N pixels", (integer(1),), "N"),
    Option("+Syv", "--scale-y-size", "scaling", lambda n: Scaling(rows=n),
           "to a height of N pixels", (integer(1),), "N"),
    Option("+C", "--clip-region", "clip", Rectangle, "cut out, or put into a larger frame",
           (integer(), integer(), integer(0), integer(0)), "LEFT TOP WIDTH HEIGHT"),
]  # fmt: skip
_COLOR = [
    Option("+cp", "--conv-photometric", "color", "photometric", "JPEG: by Photometric Interpretation (default)"),
    *(
        Option(short, f"--conv-{name}", "color", name, f"JPEG: {what}")
        for short, name, what in (
            ("+cl", "lossy", "YCbCr if lossy"),
            ("+cg", "guess", "as libjpeg guesses"),
            ("+cgl", "guess-lossy", "as it guesses, if lossy"),
            ("+ca", "always", "YCbCr always"),
            ("+cn", "never", "never"),
        )
    ),
    *(
        Option(short, f"--workaround-{name}", f"workaround_{name}", True, f"JPEG lossless: {what}")
        for short, name, what in (
            ("+w6", "pred6", "16-bit samples with predictor 6 that overflowed"),
            ("+wc", "cornell", "16-bit samples coded wrongly by Cornell's codec"),
        )
    ),
    Option("+wi", "--workaround-incpl", "", None, "", refused="damaged images are an error"),
    Option("+bs", "--bits-stored-fix", "bits_stored", "fix", "correct a wrong Bits Stored (default)"),
    Option("-bs", "--bits-stored-keep", "", None, "", refused="a wrong Bits Stored is always corrected"),
    Option("+G", "--grayscale", "is_gray", True, "colour to grey"),
]  # fmt: skip
_VALUES = [
    Option("+M", "--use-modality", "uses_modality", True, "Modality LUT or rescale (default)"),
    Option("-M", "--no-modality", "uses_modality", False, "stored values"),
    Option("-W", "--no-windowing", "window", None, "the whole range of values (default)"),
    Option("+Wi", "--use-window", "window", lambda n: ("index", n),
           "the N-th window of the file, from 1", (integer(1),), "N"),
    Option("+Wl", "--use-voi-lut", "window", lambda n: ("lut", n),
           "its N-th VOI LUT, from 1", (integer(1),), "N"),
    Option("+Wm", "--min-max-window", "window", ("min-max",), "from the smallest to the largest value"),
    Option("+Wn", "--min-max-window-n", "window", ("min-max-inner",), "the same without those two"),
    Option("+Wr", "--roi-min-max-window", "window", lambda *where: ("roi", *where),
           "smallest to largest within a rectangle",
           (integer(0), integer(0), integer(1), integer(1)), "LEFT TOP WIDTH HEIGHT"),
    Option("+Wh", "--histogram-window", "window", lambda n: ("histogram", n),
           "leave out N percent at each end", (integer(0, 100),), "N"),
    Option("+Ww", "--set-window", "window", lambda center, width: ("values", center, width),
           "this window", (number(), number(1)), "CENTER WIDTH"),
    Option("+Wfl", "--linear-function", "voi_function", "linear", "VOI LUT function LINEAR"),
    Option("+Wfs", "--sigmoid-function", "voi_function", "sigmoid", "SIGMOID"),
    Option("+Pid", "--identity-shape", "shape", "identity", "presentation LUT shape IDENTITY"),
    Option("+Piv", "--inverse-shape", "shape", "inverse", "INVERSE"),
    Option("+Pod", "--lin-od-shape", "shape", "lin_od", "LIN OD"),
    Option("+P", "--change-polarity", "is_reversed", True, "swap black and white at the end"),
]  # fmt: skip
_OVERLAYS = [
    Option("-O", "--no-overlays", "overlays", frozenset(), "no overlays"),
    Option("+O", "--display-overlay", "overlays", int, "the N-th overlay, from 1; 0: all (default)",
           (integer(ALL_OVERLAYS, 16),), "N", adds=True),
    Option("+Omr", "--ovl-replace", "overlay_mode", "replace", "drawn in one grey (default for graphics)"),
    Option("+Omt", "--ovl-threshold", "overlay_mode", "threshold_replace", "black on bright, else as above"),
    Option("+Omc", "--ovl-complement", "overlay_mode", "complement", "drawn as the complement"),
    Option("+Omv", "--ovl-invert", "overlay_mode", "invert_bitmap", "drawn where its bits are 0"),
    Option("+Omi", "--ovl-roi", "overlay_mode", "region_of_interest", "only what it covers (default for ROIs)"),
    Option("+Osf", "--set-foreground", "foreground", float, "grey of overlays, 0 to 1 (default: 1)",
           (number(0, 1),), "D"),
    Option("+Ost", "--set-threshold", "threshold", float, "what is bright, 0 to 1 (default: 0.5)",
           (number(0, 1),), "D"),
]  # fmt: skip
_DISPLAY = [
    Option(short, f"--{name}", "", None, "", refused=_NO_DISPLAY_FUNCTION)
    for short, name in (
        ("+Dm", "monitor-file"), ("+Dp", "printer-file"), ("+Da", "ambient-light"), ("+Di", "illumination"),
        ("+Dn", "min-density"), ("+Dx", "max-density"), ("+Dg", "gsd-function"), ("+Dc", "cielab-function"),
    )
]  # fmt: skip
_COMPATIBILITY = [
    Option("+Ma", "--accept-acr-nema", "flags", "acr_nema", "no Photometric Interpretation: guess", adds=True),
    Option("+Mp", "--accept-palettes", "flags", "wrong_palette_tags",
           "palettes in (0028,111x) and (0028,121x)", adds=True),
    Option("+Mc", "--check-lut-depth", "flags", "check_lut_bit_depth", "hold bits of LUTs against their data", adds=True),
    Option("+Mm", "--ignore-mlut-depth", "flags", "ignore_modality_lut_bit_depth",
           "bits of the Modality LUT: from its data", adds=True),
    Option("+Mv", "--ignore-vlut-depth", "flags", "ignore_voi_lut_bit_depth",
           "bits of the VOI LUT: from its data", adds=True),
]  # fmt: skip
_FILES = [
    Option("+Tl", "--compr-lzw", "", None, "", refused=_PLAIN_TIFF),
    Option("+Tr", "--compr-rle", "", None, "", refused=_PLAIN_TIFF),
    Option("+Tn", "--compr-none", "tiff_form", "plain", "TIFF: uncompressed (default)"),
    Option("+Pd", "--predictor-default", "tiff_form", "plain", "TIFF: no predictor (default)"),
    Option("+Pn", "--predictor-none", "tiff_form", "plain", "the same"),
    Option("+Ph", "--predictor-horz", "", None, "", refused=_PLAIN_TIFF),
    Option("+Rs", "--rows-per-strip", "", None, "", refused="TIFF is written in one strip", names="N"),
    Option("+il", "--interlace", "", None, "", refused="PNG is written without interlace"),
    Option("-il", "--nointerlace", "png_form", "plain", "PNG: not interlaced (default)"),
    Option("+mf", "--meta-file", "", None, "", refused="PNG is written without text"),
    Option("-mf", "--meta-none", "png_form", "plain", "PNG: without text (default)"),
    Option("+Jq", "--compr-quality", "quality", int, "JPEG: 0 to 100 (default: 90)", (integer(0, 100),), "Q"),
    Option("+Js4", "--sample-444", "subsampling", "4:4:4", "JPEG: colour in full"),
    Option("+Js2", "--sample-422", "subsampling", "4:2:2", "JPEG: every other column (default)"),
    Option("+Js1", "--sample-411", "subsampling", "4:2:0", "JPEG: every other column and row"),
]
_OUTPUT = [
    Option("-im", "--image-info", "prints_info", True, "print what the image is, on stderr"),
    Option("-o", "--no-output", "format", "none", "write no picture"),
    Option("+Fc", "--use-frame-counter", "by_frame_number", False, "OUT.0.png, OUT.1.png (default)"),
    Option("+Fn", "--use-frame-number", "by_frame_number", True, "OUT.f1.png, OUT.f2.png"),
    Option("+oa", "--write-auto", "format", "auto", "by the ending of the file (default)"),
    Option("+op", "--write-raw-pnm", "format", "pnm", "PGM or PPM, binary"),
    Option("+opb", "--write-8-bit-pnm", "format", ("text", 8), "PGM or PPM, text (default for stdout)"),
    Option("+opw", "--write-16-bit-pnm", "format", ("text", 16), "the same, 16 bits"),
    Option("+opn", "--write-n-bit-pnm", "format", lambda n: ("text", n), "N bits, 1 to 32",
           (integer(1, 32),), "N"),
    Option("+ob", "--write-bmp", "format", ("bmp", 0), "BMP, 8 bits, or 24 in colour"),
    Option("+obp", "--write-8-bit-bmp", "format", ("bmp", 8), "8 bits, grey only"),
    Option("+obt", "--write-24-bit-bmp", "format", ("bmp", 24), "24 bits"),
    Option("+obr", "--write-32-bit-bmp", "format", ("bmp", 32), "32 bits"),
    Option("+ot", "--write-tiff", "format", "tiff", "TIFF"),
    Option("+on", "--write-png", "format", ("png", 8), "PNG"),
    Option("+on2", "--write-16-bit-png", "format", ("png", 16), "PNG, 16 bits a sample"),
    Option("+oj", "--write-jpeg", "format", "jpeg", "JPEG baseline"),
    Option("+ol", "--write-jpls", "", None, "", refused=_NO_JPEG_LS),
]  # fmt: skip
_OURS = [
    Option("", "--dcmtk", "numbers", "dcmtk", "DCMTK's numbers, to the bit (default)"),
    Option("", "--standard", "numbers", "standard", "the standard's, no fraction cut off; float pixels too"),
]

GROUPS = [
    ("general", _GENERAL),
    ("input", _INPUT),
    ("frames", _FRAMES),
    ("geometry", _GEOMETRY),
    ("colour", _COLOR),
    ("values", _VALUES),
    ("overlays", _OVERLAYS),
    ("display", _DISPLAY),
    ("compatibility", _COMPATIBILITY),
    ("file formats", _FILES),
    ("output", _OUTPUT),
    ("not of DCMTK", _OURS),
]
