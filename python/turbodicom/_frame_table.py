# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``ds.frame_table()``: what a multi-frame file says of each frame, as arrays; begin with `frame_table_of`.

The functional groups (PS3.3 C.7.6.16) are walked once in C++ (cpp/turbodicom/dicom/frame_groups.h); here is which
columns there are, and what counts where no functional group says anything: the data set itself.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields
from functools import cache
from typing import NamedTuple

import numpy as np

from turbodicom import _core
from turbodicom._paths import path_value
from turbodicom._types import Tag
from turbodicom._values import add_issue
from turbodicom.errors import ConformanceError

__all__ = ["Dimension", "FrameTable", "frame_table_of"]

_NUMBER_OF_FRAMES, _PER_FRAME, _POSITION = 0x00280008, 0x52009230, 0x00200032
_AS_MANY_AS_THERE_ARE = -1
_SCALAR = 0
_NUMBER_VRS = {"DS", "FD", "FL", "IS", "SL", "SS", "SV", "UL", "US", "UV"}
_STEP = re.compile(r"(\w+|\([0-9A-Fa-f]{4},[0-9A-Fa-f]{4}\))(?:\[(\d{1,6})\])?\Z", re.ASCII)


class Dimension(NamedTuple):
    """An item of the Dimension Index Sequence (PS3.3 C.7.6.17)."""

    pointer: str
    """Keyword of the attribute that is the dimension; ``(gggg,eeee)`` where the dictionary has none."""
    functional_group: str
    """Keyword of the functional group that holds it; empty when it is in none."""
    label: str
    """Dimension Description Label, or an empty string."""


@dataclass(frozen=True, eq=False)
class FrameTable:
    """What a file says of each of its frames, a row each; made by :meth:`Dataset.frame_table`.

    A value is that of the frame's functional group, or of the shared one when the frame has no such group, or of
    the data set itself when no functional group has it at all (PS3.3 C.7.6.16). Missing numbers are NaN in float64
    and -1 in int64 columns, missing text is None. The arrays are read-only; those of values all frames share
    take the memory of one row.

    Attributes
    ----------
    position : ndarray, shape (frames, 3), float64
        Image Position (Patient), in mm. In a file without functional groups that of the first frame only
        (PS3.3 C.8.8.3.2).
    orientation : ndarray, shape (frames, 6), float64
        Image Orientation (Patient): direction cosines of a row, then of a column.
    pixel_spacing : ndarray, shape (frames, 2), float64
        Between rows, between columns, in mm.
    slice_thickness, spacing_between_slices : ndarray, shape (frames,), float64
        In mm.
    rescale_slope, rescale_intercept : ndarray, shape (frames,), float64
    rescale_type : ndarray, shape (frames,), object
        str or None.
    window_center, window_width : ndarray, shape (frames, windows), float64
        As many windows as the frame with the most has, at least one.
    dimension_index_values : ndarray, shape (frames, dimensions), int64
        From 1 on, in the order of `dimensions`.
    stack_id : ndarray, shape (frames,), object
        str or None.
    in_stack_position_number, temporal_position_index, frame_acquisition_number : ndarray, shape (frames,), int64
    frame_acquisition_datetime, frame_reference_datetime : ndarray, shape (frames,), object
        Text of VR DT as written (PS3.5 6.2), or None.
    frame_acquisition_duration : ndarray, shape (frames,), float64
        In ms.
    segment_number : ndarray, shape (frames,), int64
        Referenced Segment Number of a segmentation.
    dimensions : tuple of Dimension
        What the columns of `dimension_index_values` count.
    more : dict
        The array of each of the `tags` asked for.
    """

    position: np.ndarray
    orientation: np.ndarray
    pixel_spacing: np.ndarray
    slice_thickness: np.ndarray
    spacing_between_slices: np.ndarray
    rescale_slope: np.ndarray
    rescale_intercept: np.ndarray
    rescale_type: np.ndarray
    window_center: np.ndarray
    window_width: np.ndarray
    dimension_index_values: np.ndarray
    stack_id: np.ndarray
    in_stack_position_number: np.ndarray
    temporal_position_index: np.ndarray
    frame_acquisition_number: np.ndarray
    frame_acquisition_datetime: np.ndarray
    frame_reference_datetime: np.ndarray
    frame_acquisition_duration: np.ndarray
    segment_number: np.ndarray
    dimensions: tuple
    more: dict

    def __len__(self):
        return len(self.position)

    def __repr__(self):
        return f"<FrameTable of {len(self)} frames, {len(self.dimensions)} dimensions>"

    def to_dict(self):
        """Return the columns by name, those of `more` behind the others.

        Returns
        -------
        dict of str to ndarray
        """
        names = [field.name for field in fields(self) if field.name not in ("dimensions", "more")]
        return {name: getattr(self, name) for name in names} | self.more


class _Column(NamedTuple):
    """Where a column comes from and what it is.

    `steps` are (sequence, item) below an item of the functional groups; none: whichever group has the tag. `kind` is
    "float", "int" or "object", `width` the values a frame has; _SCALAR: one, without an axis of its own.
    """

    name: object
    steps: tuple
    tag: int
    vr: str
    kind: str
    width: int


_STANDARD = (
    ("position", "PlanePositionSequence", "ImagePositionPatient", "float", 3),
    ("orientation", "PlaneOrientationSequence", "ImageOrientationPatient", "float", 6),
    ("pixel_spacing", "PixelMeasuresSequence", "PixelSpacing", "float", 2),
    ("slice_thickness", "PixelMeasuresSequence", "SliceThickness", "float", _SCALAR),
    ("spacing_between_slices", "PixelMeasuresSequence", "SpacingBetweenSlices", "float", _SCALAR),
    ("rescale_slope", "PixelValueTransformationSequence", "RescaleSlope", "float", _SCALAR),
    ("rescale_intercept", "PixelValueTransformationSequence", "RescaleIntercept", "float", _SCALAR),
    ("rescale_type", "PixelValueTransformationSequence", "RescaleType", "object", _SCALAR),
    ("window_center", "FrameVOILUTSequence", "WindowCenter", "float", _AS_MANY_AS_THERE_ARE),
    ("window_width", "FrameVOILUTSequence", "WindowWidth", "float", _AS_MANY_AS_THERE_ARE),
    ("dimension_index_values", "FrameContentSequence", "DimensionIndexValues", "int", _AS_MANY_AS_THERE_ARE),
    ("stack_id", "FrameContentSequence", "StackID", "object", _SCALAR),
    ("in_stack_position_number", "FrameContentSequence", "InStackPositionNumber", "int", _SCALAR),
    ("temporal_position_index", "FrameContentSequence", "TemporalPositionIndex", "int", _SCALAR),
    ("frame_acquisition_number", "FrameContentSequence", "FrameAcquisitionNumber", "int", _SCALAR),
    ("frame_acquisition_datetime", "FrameContentSequence", "FrameAcquisitionDateTime", "object", _SCALAR),
    ("frame_reference_datetime", "FrameContentSequence", "FrameReferenceDateTime", "object", _SCALAR),
    ("frame_acquisition_duration", "FrameContentSequence", "FrameAcquisitionDuration", "float", _SCALAR),
    ("segment_number", "SegmentIdentificationSequence", "ReferencedSegmentNumber", "int", _SCALAR),
)


def frame_table_of(dataset, tags=None):
    """Return the frame table of a data set; see :meth:`Dataset.frame_table`.

    Parameters
    ----------
    dataset : Dataset
    tags : iterable of str, int or (int, int), optional

    Returns
    -------
    FrameTable

    Raises
    ------
    ConformanceError
        Number of Frames is no number, or more than the bytes of the file can justify.
    LimitExceededError
        More frames or items than the limits of the data set allow.
    TypeError, ValueError
        `tags` holds something else.
    """
    wanted = _standard_columns() + tuple(_asked_for(dataset, tags))
    frames = _number_of_frames(dataset)
    groups = _core.FrameColumns(dataset, [(column.steps, column.tag, column.vr) for column in wanted], frames)
    _check_items(dataset, groups.items, frames)
    arrays = [_array(dataset, groups, index, column, frames) for index, column in enumerate(wanted)]
    columns = {column.name: array for column, array in zip(wanted, arrays, strict=True)}
    standard = {name: columns.pop(name) for name, *_ in _STANDARD}
    dimensions = _dimensions(dataset)
    _give_equal_widths(standard, frames)
    if standard["dimension_index_values"].shape[1] == 0:
        standard["dimension_index_values"] = _missing("int", frames, len(dimensions))
    for array in (*standard.values(), *columns.values()):
        array.flags.writeable = False
    return FrameTable(**standard, dimensions=dimensions, more=columns)


# -- what is wanted ------------------------------------------------------------------------------------


@cache
def _standard_columns():
    columns = []
    for name, group, keyword, kind, width in _STANDARD:
        entry = _core.find_keyword(keyword)
        columns.append(_Column(name, ((_core.find_keyword(group)[0], 0),), entry[0], entry[2], kind, width))
    return tuple(columns)


def _asked_for(dataset, tags):
    """Yield the columns of `tags`, each once."""
    if isinstance(tags, (str, int)):
        raise TypeError(f"tags must be a list of keywords, tags or paths, not {type(tags).__name__}")
    for key in dict.fromkeys(tags or ()):
        steps, tag = _parse(dataset, key)
        vr, vm = _vr_and_vm(dataset, tag)
        if vr == "SQ":
            raise ValueError(f"tags must lead to values, not to a sequence: {key!r}")
        width = _SCALAR if vm == "1" else int(vm) if vm.isdecimal() else _AS_MANY_AS_THERE_ARE
        yield _Column(key, steps, tag, vr, "float" if vr in _NUMBER_VRS else "object", width)


def _parse(dataset, key):
    """Return (steps, tag) of a keyword, a tag or a path."""
    try:
        tag = dataset._tag_of(key)
    except KeyError:
        raise ValueError(f"tags must hold keywords, tags or paths, not {key!r}") from None
    if tag is not None:
        return (), tag
    *steps, last = [_STEP.match(step) for step in key.split(".")]
    if last is None or last[2] is not None or None in steps:
        raise ValueError(f"tags must hold keywords, tags or paths, not {key!r}")
    return tuple((_tag(step[1], key), int(step[2] or 0)) for step in steps), _tag(last[1], key)


def _tag(name, key):
    entry = _core.find_keyword(name)
    if entry is not None:
        return entry[0]
    digits = re.fullmatch(r"\(?([0-9A-Fa-f]{4}),?([0-9A-Fa-f]{4})\)?", name)
    if digits is None:
        raise ValueError(f"tags must hold keywords, tags or paths, not {key!r}")
    return int(digits[1] + digits[2], 16)


def _vr_and_vm(dataset, tag):
    """Return what the dictionary says; "US or SS" as Pixel Representation decides (PS3.3 C.7.6.3.1.5)."""
    entry = _core.find_entry(tag)
    if entry is None:
        return "UN", "1-n"
    vr, vm = entry[2], entry[3]
    if vr == "US or SS":
        vr = "SS" if dataset.get("PixelRepresentation") == 1 else "US"
    return vr if len(vr) == 2 else "OB", vm


# -- how many frames -----------------------------------------------------------------------------------


def _number_of_frames(dataset):
    """Return Number of Frames, as ``ds.frames`` counts them: absent, empty and 0 mean 1."""
    value = dataset._value(_NUMBER_OF_FRAMES) if dataset._has_tag(_NUMBER_OF_FRAMES) else None
    if isinstance(value, list):
        value = value[0]
    if value in (None, "", 0):
        return 1
    if not isinstance(value, int) or not 0 < value < 1 << 63:
        raise ConformanceError(
            "frame table: NumberOfFrames is not a whole number from 1 to 2^31-1 (PS3.3 C.7.6.6)",
            offset=dataset._element_record(_NUMBER_OF_FRAMES)[2],
            where="(0028,0008)",
        )
    return value


def _check_items(dataset, items, frames):
    if items is None or items == frames:
        return
    offset = dataset._element_record(_PER_FRAME)[2]
    left = "the rest is left out" if items > frames else "the others have no values of their own"
    message = f"{items} items of functional groups for {frames} frames; {left} (PS3.3 C.7.6.16)"
    add_issue(dataset, "functional_group_items", message, offset, _PER_FRAME)


# -- columns -------------------------------------------------------------------------------------------


def _array(dataset, groups, index, column, frames):
    """Return the array of a column, of a row for each frame."""
    if column.kind == "object":
        array = groups.objects(dataset, index)
        if array is None:
            array = _object_of_dataset(dataset, column)
        return _repeated(array, frames)
    array, misfits, offset = groups.numbers(index, column.width or 1, column.kind == "int")
    if misfits:
        _report(dataset, column, f"{misfits} values are", offset)
    if array is None:
        array = _numbers_of_dataset(dataset, column)
        if column.tag == _POSITION and not column.steps[1:] and frames > 1 and not np.isnan(array).all():
            array = np.concatenate((array, np.full((frames - 1, 3), math.nan)))
    array = _repeated(array, frames)
    return array[:, 0] if column.width == _SCALAR else array


def _repeated(array, frames):
    return array if len(array) == frames else np.broadcast_to(array, (frames, *array.shape[1:]))


def _missing(kind, frames, width):
    value = -1 if kind == "int" else math.nan
    return np.broadcast_to(np.array(value, np.int64 if kind == "int" else np.float64), (frames, width))


def _give_equal_widths(columns, frames):
    """Let centers and widths have an axis of equal length, at least 1."""
    names = ("window_center", "window_width")
    widest = max(1, *(columns[name].shape[1] for name in names))
    for name in names:
        array = columns[name]
        if array.shape[1] < widest:
            columns[name] = np.concatenate(
                (array, np.full((frames, widest - array.shape[1]), math.nan)), axis=1
            )


def _report(dataset, column, what, offset):
    expected = "numbers" if column.width < 0 else f"{max(column.width, 1)} numbers"
    message = f"{what} not {expected} that fit the column; they count as missing (PS3.5 6.2)"
    add_issue(dataset, "frame_value", message, offset, column.tag)


# -- values of the data set itself ---------------------------------------------------------------------


def _of_dataset(dataset, column):
    """Return (value, offset) of the top level; (None, 0) when absent."""
    if column.steps:
        group = [f"({tag >> 16:04x},{tag & 0xFFFF:04x})[{item}]" for tag, item in column.steps]
        if isinstance(column.name, str) and column.name not in FrameTable.__dataclass_fields__:
            try:
                path = ".".join((*group, f"({column.tag >> 16:04x},{column.tag & 0xFFFF:04x})"))
                return path_value(dataset, path), 0
            except KeyError:
                return None, 0
    if not dataset._has_tag(column.tag):
        return None, 0
    return dataset._value(column.tag), dataset._element_record(column.tag)[2]


def _object_of_dataset(dataset, column):
    array = np.empty(1, object)
    array[0] = _of_dataset(dataset, column)[0]
    return array


def _numbers_of_dataset(dataset, column):
    """Return an array of shape (1, width)."""
    value, offset = _of_dataset(dataset, column)
    members = [] if value is None or value == "" else value if isinstance(value, list) else [value]
    width = len(members) if column.width == _AS_MANY_AS_THERE_ARE else max(column.width, 1)
    numbers = _as_numbers(members, column.kind)
    if members and (numbers is None or len(numbers) != width):
        _report(dataset, column, "the value is", offset)
        numbers = None
    array = _missing(column.kind, 1, width).copy()
    if numbers:
        array[0] = numbers
    return array


def _as_numbers(members, kind):
    """Return floats, or ints; None when one of them is none."""
    try:
        numbers = [float(member) if member != "" else math.nan for member in members]
    except (TypeError, ValueError, OverflowError):
        return None
    if kind == "float":
        return numbers
    if not all(math.isnan(number) or (number.is_integer() and abs(number) <= 2**53) for number in numbers):
        return None
    return [-1 if math.isnan(number) else int(number) for number in numbers]


def _dimensions(dataset):
    """Return the items of the Dimension Index Sequence."""
    items = dataset.get("DimensionIndexSequence")
    if not isinstance(items, list):
        return ()
    return tuple(
        Dimension(
            _keyword(item.get("DimensionIndexPointer")),
            _keyword(item.get("FunctionalGroupPointer")),
            label if isinstance(label := item.get("DimensionDescriptionLabel"), str) else "",
        )
        for item in items
    )


def _keyword(tag):
    if not isinstance(tag, Tag):
        return ""
    return tag.keyword or str(tag)
