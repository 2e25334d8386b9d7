# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""What ``turbodicom dcm2img --image-info`` prints: the lines of DCMTK's dcm2img."""

from turbodicom.cli._dcmtk_names import transfer_syntax_name, uid_name

_SHAPES = {"default": "<default>", "identity": "IDENTITY", "inverse": "INVERSE", "lin_od": "LIN OD"}
_NO_EXPLANATION = "<no explanation>"


def info_lines(path, data_set, image):
    """Describe an image; no patient data.

    Parameters
    ----------
    path : str
    data_set : Dataset
    image : DicomImage

    Returns
    -------
    list of str
    """
    rows = [*_rows_of_file(path, data_set), *_rows_of_image(image), *_rows_of_display(image)]
    low_high = image.min_max_values() if image.is_monochrome else None
    if low_high:
        rows += [("maximum pixel value", f"{low_high[1]:.0f}"), ("minimum pixel value", f"{low_high[0]:.0f}")]
    return [
        "dumping image parameters",
        *(f"  {name:20}: {value}" if name else f"  - {value}" for name, value in rows),
    ]


def _rows_of_file(path, data_set):
    uid = data_set.transfer_syntax_uid
    syntax = transfer_syntax_name(uid, data_set.is_implicit_vr, data_set.is_big_endian)
    sop_class = data_set.get("SOPClassUID")
    yield "filename", path
    yield "transfer syntax", syntax
    yield "SOP class", uid_name(str(sop_class)) or sop_class if sop_class else "not present"
    yield "SOP instance UID", data_set.get("SOPInstanceUID") or "not present"


def _rows_of_image(image):
    yield "columns x rows", f"{image.width} x {image.height}"
    yield "bits per sample", image.depth
    yield "color model", image.photometric_interpretation
    yield "pixel aspect ratio", f"{image.height_width_ratio:.2f}"
    yield "number of frames", f"{image.number_of_frames} ({image.frame_count} processed)"
    if image.frame_time > 0:
        yield "frame time (in ms)", f"{image.frame_time:g}"


def _rows_of_display(image):
    function = image.voi_lut_function
    yield "VOI LUT function", "<default>" if function == "default" else function.upper()
    yield "VOI windows in file", image.window_count
    for index in range(image.window_count):
        yield "", image.voi_window_explanation(index) or _NO_EXPLANATION
    yield "VOI LUTs in file", image.voi_lut_count
    for index in range(image.voi_lut_count):
        yield "", image.voi_lut_explanation(index) or _NO_EXPLANATION
    yield "presentation shape", _SHAPES[image.presentation_lut_shape]
    yield "overlays in file", image.overlay_count()
