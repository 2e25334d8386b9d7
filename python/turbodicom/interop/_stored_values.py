# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""What pydicom's ``pixel_array(raw=True)`` makes of decoded samples: container, sign, unused bits, colour.

Begin at :func:`pydicom_values` and :func:`photometric_interpretation`. Every contradiction between the data
set and the codestream that is settled here gets a name in `quirks`.
"""

import numpy as np

from turbodicom.errors import UnsupportedError
from turbodicom.interop._jpeg_colour import jpeg_colour

_JPEG_XL_LOSSLESS = "1.2.840.10008.1.2.4.110"


def pydicom_values(array, header, info, quirks):
    """Integers as wide as Bits Allocated says; wider only where the codestream's precision needs it."""
    if info.bits_allocated not in (1, 8, 16, 32, 64):
        raise UnsupportedError(f"{header.codec}: Bits Allocated is {info.bits_allocated}", codec=header.codec)
    precision = header.precision or info.bits_stored
    if precision != info.bits_stored:
        quirks.append("precision_differs_from_bits_stored")
    if header.codec in ("jpeg2000", "jpegls"):
        return _by_precision(array, header, info, precision, quirks)
    return _by_bits_allocated(array, info)


def _by_precision(array, header, info, precision, quirks):
    """The sign is repaired as by apply_j2k_sign_correction and apply_jls_sign_correction."""
    array = _in_container(array, 8 if precision <= 8 else 16 if precision <= 16 else 32, info)
    if header.codec == "jpeg2000":
        differs = header.is_signed != bool(info.pixel_representation)
        if differs:
            quirks.append("sign_differs_from_pixel_representation")
        needs_repair = differs and info.photometric_interpretation.startswith("MONOCHROME")
    else:  # JPEG-LS knows no sign
        needs_repair = info.pixel_representation == 1
    if needs_repair:
        _keep_low_bits(array, precision)
    width = max(array.dtype.itemsize, info.bits_allocated // 8)
    return array.astype(f"{array.dtype.kind}{width}", copy=False)


def _by_bits_allocated(array, info):
    """Container by Bits Allocated, or wider; unused bits from the sign (correct_unused_bits)."""
    array = _in_container(array, max(info.bits_allocated, 8 * array.dtype.itemsize), info)
    _keep_low_bits(array, info.bits_stored)
    return array


def _in_container(array, container_bits, info):
    """The same bits, in an integer of that width with the data set's sign; C-contiguous and writable."""
    array = np.require(array, f"{array.dtype.kind}{container_bits // 8}", ["C", "W", "O"])
    return array.view(f"{'i' if info.pixel_representation else 'u'}{container_bits // 8}")


def _keep_low_bits(array, bits):
    """Drop the bits above `bits` in place, or sign-extend into them: shift up, shift down."""
    unused_bits = 8 * array.dtype.itemsize - bits
    if 0 < unused_bits < 8 * array.dtype.itemsize:
        np.left_shift(array, unused_bits, out=array)
        np.right_shift(array, unused_bits, out=array)


# Who decides the colour: the data set, unless the codestream knows better.


def photometric_interpretation(uid, header, info, quirks):
    """Photometric Interpretation of the decoded samples."""
    declared = info.photometric_interpretation
    if info.samples_per_pixel != 3:
        return declared
    found, why = _COLOUR_RULES[header.codec](uid, header, declared)
    if why:
        quirks.append(why)
    return found


def _jpegls_colour(uid, header, declared):
    if header.adobe_transform in (0, 1):
        coded, source = ("rgb", "ycc")[header.adobe_transform], "app14"
    elif bytes(header.component_ids) in (b"RGB", b"rgb"):
        coded, source = "rgb", "component_ids"
    else:
        coded, source = ("ycc", "jfif") if header.has_jfif else (None, None)
    return jpeg_colour(uid, declared, coded, source, header.is_subsampled)


def _jpeg2000_colour(uid, header, declared):
    """The inverse component transform (T.800 Annex G) leaves RGB; COD says whether there was one."""
    if declared in ("YBR_ICT", "YBR_RCT"):
        return "RGB", "" if header.uses_component_transform else "component_transform_missing"
    is_told = declared == "RGB" or not header.uses_component_transform
    return declared, "" if is_told else "component_transform_unannounced"


def _jpegxl_colour(uid, header, declared):
    """libjxl gives RGB for XYB and for recompressed JPEG; lossless samples are what the data set says."""
    if uid == _JPEG_XL_LOSSLESS and declared != "XYB":
        return declared, ""
    return "RGB", "" if declared in ("RGB", "XYB") else "photometric_interpretation_from_codestream"


_COLOUR_RULES = {
    "jpegls": _jpegls_colour,
    "jpeg2000": _jpeg2000_colour,
    "jpegxl": _jpegxl_colour,
}
