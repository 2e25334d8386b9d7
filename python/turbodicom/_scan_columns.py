# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Which columns a scan has: from what the user wrote to tags, steps and types.

Begin at :func:`columns_of`. A :class:`Column` is what ``_core.Scan`` takes; its type comes from the VR that the data
dictionary gives the element, because a column has one type for all files.
"""

import re
from typing import NamedTuple

from turbodicom import dictionary

__all__ = ["BEFORE", "BEHIND", "DEFAULT_TAGS", "Column", "columns_of"]

# What an index of an archive asks for: who, what, when, with what, where in space, how large (PS3.3 C.7).
DEFAULT_TAGS = (
    "SOPClassUID",
    "SOPInstanceUID",
    "PatientID",
    "IssuerOfPatientID",
    "PatientName",
    "PatientBirthDate",
    "PatientSex",
    "PatientAge",
    "StudyInstanceUID",
    "StudyID",
    "AccessionNumber",
    "StudyDate",
    "StudyTime",
    "StudyDescription",
    "ReferringPhysicianName",
    "SeriesInstanceUID",
    "SeriesNumber",
    "SeriesDate",
    "SeriesTime",
    "SeriesDescription",
    "Modality",
    "BodyPartExamined",
    "ProtocolName",
    "ImageType",
    "InstanceNumber",
    "AcquisitionNumber",
    "AcquisitionDate",
    "AcquisitionTime",
    "AcquisitionDateTime",
    "ContentDate",
    "ContentTime",
    "InstitutionName",
    "Manufacturer",
    "ManufacturerModelName",
    "DeviceSerialNumber",
    "FrameOfReferenceUID",
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "PixelSpacing",
    "SliceThickness",
    "SpacingBetweenSlices",
    "NumberOfFrames",
    "Rows",
    "Columns",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "BitsAllocated",
    "BitsStored",
    "PixelRepresentation",
    "RescaleSlope",
    "RescaleIntercept",
)

# The columns of every scan, before and behind those of the tags; pixel_offset stands before error when asked for.
BEFORE = ("path", "size", "mtime", "inode", "transfer_syntax")
BEHIND = ("error", "error_offset", "unparsed")

_TYPES = {
    **dict.fromkeys(("AE", "AS", "CS", "LO", "SH", "PN", "UI", "UC", "UR", "LT", "ST", "UT"), "text"),
    **dict.fromkeys(("IS", "US", "SS", "UL", "SL", "SV", "UV", "AT", "US or SS"), "int"),
    **dict.fromkeys(("DS", "FL", "FD"), "float"),
    "DA": "date",
    "TM": "time",
    "DT": "timestamp",
}

# One step of a path: (gggg,"CREATOR",ee), (gggg,eeee), ggggeeee or a keyword; then perhaps an index.
_STEP = re.compile(
    r"""(?: \(\s*(?P<group>[0-9A-Fa-f]{4})\s*,\s*"(?P<creator>[^"\\]{1,64})"\s*,\s*(?P<byte>[0-9A-Fa-f]{2})\s*\)
          | (?P<tag>\([0-9A-Fa-f]{4},[ ]?[0-9A-Fa-f]{4}\) | [0-9A-Fa-f]{4},?[0-9A-Fa-f]{4}(?!\w))
          | (?P<keyword>\w+) )
        (?:\[(?P<item>\d{1,9})\])?""",
    re.ASCII | re.VERBOSE,
)


class Column(NamedTuple):
    """One column of a scan, as ``_core.Scan`` takes it.

    Attributes
    ----------
    name : str
        What the user wrote; the keyword where a tag without a path has one.
    steps : list of (int, str, int)
        Sequences to go down through: tag, private creator or "", index of the item.
    tag : int
    creator : str
        Private creator or ""; then the element's number is its low byte (PS3.5 7.8.1).
    type : str
        "text", "int", "float", "date", "time", "timestamp" or "binary".
    is_list : bool
        The dictionary allows more than one value.
    """

    name: str
    steps: list
    tag: int
    creator: str
    type: str
    is_list: bool


def columns_of(tags):
    """Return the columns for the tags a user wants.

    Parameters
    ----------
    tags : None, str, or iterable of str, int, (int, int) or (int, str, int)
        None: `DEFAULT_TAGS`. A str: that one.

    Returns
    -------
    list of Column

    Raises
    ------
    TypeError, ValueError
        One of them is no tag, or two give the same column.
    """
    if tags is None:
        tags = DEFAULT_TAGS
    elif isinstance(tags, str):
        tags = [tags]
    elif isinstance(tags, (bytes, bytearray, memoryview)):  # whose items are integers, but no tags
        raise TypeError(f"tags must be an iterable of tags, not {type(tags).__name__}")
    columns = [_column(tag) for tag in tags]
    _refuse_duplicates([column.name for column in columns])
    return columns


def _refuse_duplicates(names):
    seen = set()
    for name in names:
        if name in seen:
            raise ValueError(f"tags hold {name} more than once")
        seen.add(name)


def _column(key):
    if isinstance(key, str):
        return _column_of_text(key)
    if isinstance(key, tuple) and len(key) == 3:
        return _private_column(*key)
    return _last([], dictionary.parse_tag(key), "", None)


def _private_column(group, creator, byte):
    if not isinstance(creator, str) or not all(isinstance(part, int) for part in (group, byte)):
        raise TypeError(f"a private tag is (group, creator, element), not {(group, creator, byte)!r}")
    if not 0 <= group <= 0xFFFF or not 0 <= byte <= 0xFF:
        raise ValueError(
            f"a private tag is (0 to 0xFFFF, creator, 0 to 0xFF), not {(group, creator, byte)!r}"
        )
    return _column_of_text(f'({group:04x},"{creator}",{byte:02x})')


def _column_of_text(text):
    parsed = _split(text)
    steps = []
    for number, step in enumerate(parsed):
        tag, creator = _element(step, text)
        is_last = number == len(parsed) - 1
        if is_last:
            if step["item"] is not None:
                raise ValueError(f"tags: {text!r} ends in an index; a column holds the whole value")
            return _last(steps, tag, creator, text)
        _check_sequence(tag, creator, step, text)
        steps.append((tag, creator, int(step["item"])))
    raise ValueError("tags hold an empty text")


def _split(text):
    """Return the steps of a path as matches of `_STEP`."""
    found, position, stripped = [], 0, text.strip()
    while True:
        step = _STEP.match(stripped, position)
        if step is None:
            raise ValueError(f"tags: {text!r} is no keyword, tag or path")
        found.append(step)
        position = step.end()
        if position == len(stripped):
            return found
        if stripped[position] != ".":
            raise ValueError(f"tags: {text!r} is no keyword, tag or path")
        position += 1


def _element(step, text):
    """Return (tag, private creator or "") of one step."""
    if step["keyword"] is not None:
        return _tag_of_keyword(step["keyword"]), ""
    if step["tag"] is not None:
        return dictionary.parse_tag(step["tag"]), ""
    group = int(step["group"], 16)
    if group % 2 == 0:
        raise ValueError(
            f"tags: {text!r} has a creator, but its group is not private: the number is even (PS3.5 7.8)"
        )
    return group << 16 | int(step["byte"], 16), step["creator"].strip()


def _tag_of_keyword(keyword):
    entry = dictionary.get(keyword)
    if entry is not None and entry.keyword == keyword:
        return entry.tag
    meant = [entry.keyword] if entry is not None and entry.keyword else dictionary.suggest(keyword)
    hint = f"; did you mean {' or '.join(meant)}?" if meant else ""
    raise ValueError(f"tags: {keyword!r} is no keyword of the data dictionary{hint}")


def _entry(tag, creator):
    if creator:
        return dictionary.get(tag | 0x1000, creator=creator)
    return dictionary.get(tag)


def _check_sequence(tag, creator, step, text):
    """Steps before the last lead through sequences; what no dictionary knows may be one."""
    entry = _entry(tag, creator)
    if entry is not None and entry.vr not in ("SQ", "UN"):
        raise ValueError(f"tags: in {text!r}, {step[0]} is no sequence but has VR {entry.vr}")
    if step["item"] is None:
        raise ValueError(f"tags: in {text!r}, {step[0]} needs the index of an item: {step[0]}[0]")


def _last(steps, tag, creator, text):
    entry = _entry(tag, creator)
    if (entry is not None and entry.vr == "SQ") or tag >> 16 == 0xFFFE:
        name = text or (entry.keyword if entry is not None else "") or _tag_text(tag)
        raise ValueError(
            f"tags: {name} holds items, not values; say which value of which item: {name}[0]...."
        )
    type_, is_list = _type_of_structure(tag, creator) or _type_of_entry(entry)
    return Column(_name(steps, tag, creator, text, entry), steps, tag, creator, type_, is_list)


def _type_of_structure(tag, creator):
    """Elements that dictionaries do not list one by one: Group Length (PS3.5 7.2), private creators (PS3.5 7.8.1)."""
    group, element = tag >> 16, tag & 0xFFFF
    if creator or element > 0xFF:
        return None
    if element == 0:
        return "int", False
    return ("text", False) if group % 2 and element >= 0x10 else None


def _type_of_entry(entry):
    """The type by VR; bytes hold every case of "US or OW" and the like, and know no multiplicity."""
    type_ = "binary" if entry is None else _TYPES.get(entry.vr, "binary")
    return type_, type_ != "binary" and entry.vm not in ("1", "1-1", "")


def _name(steps, tag, creator, text, entry):
    """A keyword of a repeating group stands for its first tag only."""
    if steps:
        return text.strip()
    if creator:
        return f'({tag >> 16:04x},"{creator}",{tag & 0xFF:02x})'
    has_keyword = entry is not None and entry.keyword and dictionary.get(entry.keyword).tag == tag
    return entry.keyword if has_keyword else _tag_text(tag)


def _tag_text(tag):
    return f"({tag >> 16:04x},{tag & 0xFFFF:04x})"
