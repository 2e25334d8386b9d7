# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``turbodicom info``: one screen about a file.

What object it is, how it is written and who would decode it, image geometry and bits, frames, and what
the parser found and forgave. No patient data. `facts` collects, `_lines` words them.
"""

import json
import os
from itertools import islice

import turbodicom as td
from turbodicom.cli import _syntaxes, tool_parser
from turbodicom.cli._common import Messages, for_each_file
from turbodicom.cli._uids import uid_name

_EPILOG = """\
examples:
  turbodicom info ct.dcm
  turbodicom info --json *.dcm        a list of objects, one for each file
"""

_MOST_ISSUES = 10  # lines; --json has all
_MOST_FRAMES = 10_000  # whose bytes are added up; of more, that many from the beginning
_IMAGE = (
    "Rows",
    "Columns",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "PlanarConfiguration",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
)
_VALUES = ("RescaleSlope", "RescaleIntercept", "RescaleType", "WindowCenter", "WindowWidth")
_EQUIPMENT = ("Modality", "Manufacturer", "ManufacturerModelName")
# Where enhanced multi-frame objects keep what single images have at the top level (PS3.3 C.7.6.16).
_PIXEL_MEASURES = "SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]."
_PIXEL_DATA = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")


def arguments():
    """Make the parser."""
    parser = tool_parser("info", _EPILOG)
    parser.add_argument("files", metavar="FILE", nargs="+")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def run(options):
    """Print what the files are; return the exit code."""
    collected = []

    def one(path):
        found = facts(path)
        collected.append(found)
        if not options.json:
            print("\n".join(_lines(found)) + "\n")

    code = for_each_file(options.files, one, Messages("info"))
    if options.json:
        print(json.dumps(collected, indent=2, default=str))
    return code


def facts(path):
    """Collect what `info` says of a file.

    Parameters
    ----------
    path : str

    Returns
    -------
    dict
        Keys in snake_case; what the file does not say is None.

    Raises
    ------
    turbodicom.Error, OSError
        The file cannot be read.
    """
    data_set = td.read(path)
    uid = str(data_set.transfer_syntax_uid or "")
    sop_class = str(data_set.get("SOPClassUID") or data_set.file_meta.get("MediaStorageSOPClassUID") or "")
    found = {
        "file": path,
        "bytes": os.path.getsize(path),
        "sop_class_uid": sop_class or None,
        "sop_class_name": uid_name(sop_class),
        **{_snake(keyword): data_set.get(keyword) for keyword in _EQUIPMENT},
        "transfer_syntax_uid": uid or None,
        "transfer_syntax_name": _syntaxes.name(uid) if uid else None,
        "has_preamble": data_set.has_preamble,
        "is_implicit_vr": data_set.is_implicit_vr,
        "is_big_endian": data_set.is_big_endian,
        "elements": len(data_set),
    }
    if any(keyword in data_set for keyword in _PIXEL_DATA):
        found["image"] = _image_facts(data_set, uid)
    found["issues"] = [
        {"code": issue.code, "message": issue.message, "offset": issue.offset, "where": issue.where}
        for issue in data_set.issues
    ]
    return found


def _image_facts(data_set, uid):
    image = {_snake(keyword): data_set.get(keyword) for keyword in (*_IMAGE, *_VALUES)}
    for keyword in ("PixelSpacing", "SliceThickness", "SpacingBetweenSlices"):
        image[_snake(keyword)] = _geometry(data_set, keyword)
    for keyword in ("ImagePositionPatient", "ImageOrientationPatient"):
        image[_snake(keyword)] = data_set.get(keyword)
    image["decoder"] = _decoder(uid)
    image.update(_frame_facts(data_set))
    return image


def _geometry(data_set, keyword):
    value = data_set.get(keyword)
    return data_set.get(_PIXEL_MEASURES + keyword) if value is None else value


def _decoder(uid):
    table = _syntaxes.decoders()
    if uid and uid not in table:
        return None
    return table.get(uid, "turbodicom") or "pip install 'turbodicom[codecs]'"


def _frame_facts(data_set):
    """Number of frames and their bytes in the file; a reason instead when they cannot be found."""
    try:
        frames = data_set.frames
        sizes = [sum(length for _, length in frame.spans) for frame in islice(frames, _MOST_FRAMES)]
    except (td.Error, OSError) as error:
        return {"number_of_frames": data_set.get("NumberOfFrames"), "frames_error": str(error)}
    return {
        "number_of_frames": len(frames),
        "frame_bytes_min": min(sizes, default=0),
        "frame_bytes_max": max(sizes, default=0),
    }


def _lines(found):
    rows = [("object", _object_line(found)), ("written as", _encoding_line(found))]
    image = found.get("image")
    if image:
        rows += _image_rows(image)
    else:
        rows.append(("image", "none"))
    rows.append(("elements", f"{found['elements']} at the top level"))
    rows.append(("issues", _issues_text(found["issues"])))
    yield f"{found['file']}  ({found['bytes']:,} bytes)"
    for heading, text in rows:
        if text:
            yield f"  {heading:12}{text}"


def _object_line(found):
    name = found["sop_class_name"] or found["sop_class_uid"] or "no SOP Class UID"
    equipment = " ".join(str(found[_snake(keyword)]) for keyword in _EQUIPMENT[1:] if found[_snake(keyword)])
    return ", ".join(str(part) for part in (name, found["modality"], equipment) if part)


def _encoding_line(found):
    name = found["transfer_syntax_name"]
    if name:
        return f"{name}  {found['transfer_syntax_uid']}"
    vr = "implicit VR" if found["is_implicit_vr"] else "explicit VR"
    return f"{vr} {'big' if found['is_big_endian'] else 'little'} endian; no Transfer Syntax UID"


def _image_rows(image):
    sign = {0: "unsigned", 1: "signed"}.get(image["pixel_representation"], "")
    yield "image", f"{image['rows']} rows x {image['columns']} columns, {image['photometric_interpretation']}"
    yield "bits", f"{image['bits_allocated']} allocated, {image['bits_stored']} stored, {sign}"
    yield "frames", _frames_text(image)
    yield "decoder", image["decoder"] or "none: nothing here decodes this transfer syntax"
    yield "geometry", _geometry_text(image)
    yield "values", _values_text(image)


def _frames_text(image):
    if "frames_error" in image:
        return f"{image['number_of_frames'] or '?'}; {image['frames_error']}"
    low, high = image["frame_bytes_min"], image["frame_bytes_max"]
    size = f"{high:,} bytes" if low == high else f"{low:,} to {high:,} bytes"
    return f"{image['number_of_frames']}, {size} each"


def _geometry_text(image):
    parts = []
    if image["pixel_spacing"]:
        parts.append(f"pixels {' x '.join(_short(v) for v in _list(image['pixel_spacing']))} mm")
    if image["slice_thickness"] is not None:
        parts.append(f"slices {_short(image['slice_thickness'])} mm thick")
    if image["image_position_patient"]:
        parts.append(f"at ({', '.join(_short(v) for v in _list(image['image_position_patient']))})")
    return ", ".join(parts)


def _values_text(image):
    parts = []
    slope, intercept = image["rescale_slope"], image["rescale_intercept"]
    if slope is not None or intercept is not None:
        parts.append(
            f"rescale {_short(slope)} * x {_signed(intercept)} {image['rescale_type'] or ''}".rstrip()
        )
    if image["window_center"] is not None and image["window_width"] is not None:
        pairs = zip(_list(image["window_center"]), _list(image["window_width"]))
        parts.append("window " + ", ".join(f"{_short(c)} / {_short(w)}" for c, w in pairs))
    return "; ".join(parts)


def _issues_text(issues):
    lines = [issue["message"] for issue in issues[:_MOST_ISSUES]]
    if len(issues) > _MOST_ISSUES:
        lines.append(f"and {len(issues) - _MOST_ISSUES} more")
    return ("\n" + " " * 14).join(lines) or "none"


def _snake(keyword):
    return "".join("_" + c.lower() if c.isupper() else c for c in keyword).lstrip("_")


def _list(value):
    return value if isinstance(value, list) else [value]


def _short(value):
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)


def _signed(value):
    return f"{'-' if value < 0 else '+'} {abs(value):g}" if isinstance(value, (int, float)) else f"+ {value}"
