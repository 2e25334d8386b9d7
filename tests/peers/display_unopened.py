# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Which files DCMTK 3.6.7 does not open and over which it dies, each with its reason.

The tests fail when DCMTK opens a file that has a reason here, and when it does not open one that has none: nothing
leaves the comparison unseen. `reason_not_opened(path)` is for the corpus, `made_not_opened(...)` for made files.
"""

import warnings

import pydicom

_ROOT = "1.2.840.10008.1.2"
JPEG_LS = {f"{_ROOT}.4.80", f"{_ROOT}.4.81"}
SYNTAXES = {
    f"{_ROOT}.1.98": "DCMTK 3.6.7 does not know Encapsulated Uncompressed",
    f"{_ROOT}.8.1": "DCMTK 3.6.7 does not know Deflated Image Frame Compression",
    **{f"{_ROOT}.4.{n}": "DCMTK 3.6.7 has no decoder for JPEG 2000" for n in (90, 91)},
    **{f"{_ROOT}.4.{n}": "DCMTK 3.6.7 does not know JPEG XL" for n in (110, 111, 112)},
    **{f"{_ROOT}.4.{n}": "DCMTK 3.6.7 does not know HTJ2K" for n in (201, 202, 203)},
}
"""Transfer syntaxes of the corpus that Debian's DCMTK 3.6.7 cannot decode."""

_COLOUR_32 = "32 bits in colour: DCMTK asks for OB or OW below 32 bits in Pixel Data"
_SEGMENTED = "DCMTK 3.6.7 ignores segmented palettes and finds an empty one"
_ONE_BIT_RLE = "DCMTK decodes RLE only where Bits Allocated is a multiple of 8"
FILES = {
    "SC_rgb_32bit.dcm": _COLOUR_32,
    "SC_rgb_32bit_2frame.dcm": _COLOUR_32,
    "SC_rgb_expb_32bit.dcm": _COLOUR_32,
    "SC_rgb_expb_32bit_2frame.dcm": _COLOUR_32,
    "gdcm-US-ALOKA-16.dcm": _SEGMENTED,
    "gdcm-US-ALOKA-16_big.dcm": _SEGMENTED,
    "liver_rle.dcm": _ONE_BIT_RLE,
    "liver_nonbyte_aligned_rle.dcm": _ONE_BIT_RLE,
    "JLSL_08_07_0_1F.dcm": "DCMTK decodes no JPEG-LS of 7 bits a sample",
    "SC_rgb_jpeg.dcm": "implicit VR under a JPEG syntax: DCMTK does not get as far as Pixel Data",
}
"""Files of the corpus that have Pixel Data, in a syntax DCMTK knows, and that it does not open all the same."""

TOO_WIDE_FOR_A_HISTOGRAM = dict.fromkeys(
    ["rtdose_expb.dcm", "rtdose_expb_1frame.dcm"],
    "32 bits in big endian, spread over all of them: DCMTK counts every value there is, in 16 GB of memory",
)
"""Files of the corpus that DCMTK is not asked for a histogram window of."""

NO_PIXEL_DATA = "no Pixel Data"
FLOATING_POINT = "DCMTK 3.6.7 does not know Float and Double Float Pixel Data"


def reason_not_opened(path):
    """Return why DCMTK does not open a file of the corpus, None where it must open it."""
    if path.name in FILES:
        return FILES[path.name]
    pixels = ["PixelData", "FloatPixelData", "DoubleFloatPixelData"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some end too early
        ds = pydicom.dcmread(path, force=True, specific_tags=pixels, defer_size=1024)
    if "PixelData" not in ds:
        return FLOATING_POINT if any(keyword in ds for keyword in pixels) else NO_PIXEL_DATA
    return SYNTAXES.get(ds.file_meta.get("TransferSyntaxUID"))


MADE_FILES = {
    "missing_408_u": "Pixel Data is empty",
    "missing_408_s": "Pixel Data is empty",
    "no_bits_stored": "Bits Stored is not there",
    "no_representation": "Pixel Representation is not there",
    "bits_stored_above_allocated": "Bits Stored 12 in Bits Allocated 8",
}
MADE_SEGMENTED = {
    f"palette_segmented_{kind}_{bits}": _SEGMENTED
    for kind in ("discrete", "linear", "indirect")
    for bits in (8, 16)
}
_CUT = "Pixel Data ends within the first frames: partial access reads whole frames only"
MADE_CUT = {
    **{f"missing_{count}_{sign}": _CUT for count in (1, 100) for sign in "us"},
    **{f"big_endian_missing_{bits}": _CUT for bits in (8, 16, 32)},
    **dict.fromkeys(
        ["missing_frames", "colour_short_rgb", "colour_short_ybr_full", "palette_short_pixels"], _CUT
    ),
}


def made_not_opened(flag=None):
    """Return {stem: reason} of the made files DCMTK does not open under a flag of ours."""
    segmented = {} if flag == "use_presentation_state" else MADE_SEGMENTED  # then it looks at no palette
    return MADE_FILES | segmented | (MADE_CUT if flag == "use_partial_access" else {})


MADE_DIES = {
    name: "DCMTK 3.6.7 dies of the shape LIN OD for unsigned 32 bits with a negative intercept"
    for name in ("slope_32u_1.37_-0.3", "slope_32u_1_-1024")
}
"""Made files over which DCMTK dies: what it answered before is compared. Over any other it must answer everything."""
