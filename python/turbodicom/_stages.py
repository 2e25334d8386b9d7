# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""From attributes to the stages of PS3.3 C.11 for one frame; numbers are worked out by ``_core.ValueTransform``.

Begin at :class:`StageReader`. Where an attribute can stand in several places, the frame's item of Per-Frame Functional
Groups Sequence wins over that of Shared Functional Groups Sequence, and this over the data set itself. XA and XRF are
treated like every other image. What is wrong is an error with the tag path in ``.where``, or a rule with a name, which
is put into ``FrameReport.quirks``:

=============================== ==================================================== =======================
found                           done                                                 quirk
=============================== ==================================================== =======================
Rescale Slope without Intercept no rescale (pydicom)                                 rescale_incomplete
or the other way round
Rescale Slope 0                 no rescale (DCMTK)                                   rescale_slope_zero
Modality LUT without descriptor no LUT                                               modality_lut_empty
and data
LUT and rescale in one place    Modality LUT Sequence (pydicom, DCMTK)               two_modality_transforms
VOI LUT and window              the LUT (pydicom); ``Window.index`` picks others
first VOI LUT without its data  the windows (pydicom)                                voi_lut_incomplete
more centers than widths        pairs as long as there are both                      window_count
width 0, below, or empty        that window is not counted in                        window_ignored
width below 1, LINEAR           LINEAR_EXACT                                         window_width_below_1
unknown VOI LUT Function        LINEAR (DCMTK)                                       voi_lut_function
no VOI LUT, no window           the range Bits Stored allows, after modality         no_voi
                                (DCMTK); of float pixels, that of the values
unknown Presentation LUT Shape  by Photometric Interpretation (DCMTK)                presentation_lut_shape
shape against MONOCHROME1/2     the shape (DCMTK, highdicom)                         polarity
Pixel Padding Value: no number  no padding                                           padding_ignored
palette of unequal lengths      the last entry stands for the missing ones           palette_lengths
palette index beyond the table  its first or last entry (PS3.3 C.7.6.3.1.5)          palette_index_beyond
values outside a real world     NaN; an error with integers                          outside_real_world_mapping
value mapping
LUT data that do not fit their  see cpp/turbodicom/pixel/lookup_table.h              lut_too_short, lut_...
descriptor
=============================== ==================================================== =======================

Errors: a number that is none or not finite, several where one is expected, a LUT without data, a descriptor that cannot
be, a palette that is missing or contradicts itself, ``Window.index(n)`` of a window that is "not counted in".
"""

from __future__ import annotations

from turbodicom._stage_attributes import Place, read_item, read_number
from turbodicom._stage_modality import PIXEL_VALUE_TRANSFORMATION, REAL_WORLD, modality_of, real_world_of
from turbodicom._stage_presentation import NO_PRESENTATION, presentation_of
from turbodicom._stage_types import Image, Stages, as_stored, possible_values
from turbodicom._stage_voi import FRAME_VOI_LUT, voi_of
from turbodicom.errors import ConformanceError

__all__ = ["Image", "StageReader", "Stages", "padding_of", "stages_of", "stages_of_frames"]

_SHARED, _PER_FRAME = 0x52009229, 0x52009230
_PADDINGS = (
    (0x00280120, 0x00280121),
    (0x00280122, 0x00280124),
    (0x00280123, 0x00280125),
)  # whole, float, double


def stages_of(dataset, frame=0, *, image, values="presentation", window=None, real_world=None):
    """Return the stages for one frame; see :func:`stages_of_frames`."""
    return stages_of_frames(dataset, [frame], image, values, window, real_world)[0]


def stages_of_frames(dataset, frames, image, values, window=None, real_world=None):
    """Return the stages for frames of a data set.

    Parameters
    ----------
    dataset : Dataset
    frames : sequence of int
    image : Image
    values : {"stored", "modality", "voi", "presentation"}
    window : Window or None
        Instead of what the file says.
    real_world : int, str or None

    Returns
    -------
    list of Stages
        The same object for all frames that have nothing of their own.

    Raises
    ------
    ConformanceError, CorruptDataError
        An attribute is wrong and no rule helps.
    IndexError, ValueError
        The file has no such window or real world value mapping.
    """
    cache, key = dataset._cache, (values, image)
    if window is None and real_world is None:
        kept = cache.get(key)
        if kept is not None:
            return [kept] * len(frames)
    reader = StageReader(dataset, image, values, window, real_world)
    made = [reader.of(frame) for frame in frames]
    if window is None and real_world is None and made and not reader.has_per_frame_groups:
        cache[key] = made[0]  # a Dataset cannot be changed
    return made


class StageReader:
    """The stages of the frames of one data set, read once as far as the frames share them.

    Parameters
    ----------
    dataset : Dataset
    image : Image
    values : {"stored", "modality", "voi", "presentation"}
    window : Window or None
        None: what the file says.
    real_world : int, str or None
        Index or LUT Label of a Real World Value Mapping, in place of the Modality stage.
    """

    def __init__(self, dataset, image, values, window=None, real_world=None):
        self._root = Place(dataset)
        self._image, self._values, self._window, self._real_world = image, values, window, real_world
        self._is_grey = image.samples_per_pixel == 1
        self._shared = read_item(self._root, _SHARED)
        frames = dataset._value(_PER_FRAME) if self._is_grey and dataset._has_tag(_PER_FRAME) else None
        self._frames = frames if isinstance(frames, list) and values != "stored" else None
        self._first = None

    @property
    def has_per_frame_groups(self):
        """Whether frames may differ."""
        return bool(self._frames)

    def of(self, frame):
        """Return the stages of a frame: the same object for all frames that have nothing of their own.

        Parameters
        ----------
        frame : int

        Returns
        -------
        Stages

        Raises
        ------
        ConformanceError, CorruptDataError
            An attribute is wrong and no rule helps.
        IndexError, ValueError
            The file has no such window or real world value mapping.
        """
        if self._frames and frame < len(self._frames):
            own = Place(self._frames[frame], self._root, _PER_FRAME, frame)
            if self._is_touched_by(own):
                return self._make(own)
        if self._first is None:
            self._first = self._make(None)
        return self._first

    def _is_touched_by(self, own):
        has = own.dataset._has_tag
        if self._real_world is not None:
            return has(REAL_WORLD)
        return has(PIXEL_VALUE_TRANSFORMATION) or (self._values != "modality" and has(FRAME_VOI_LUT))

    def _make(self, own):
        image, values = self._image, self._values
        if values == "stored":
            return Stages(range=possible_values(image))
        if not self._is_grey:
            return Stages(voi=_full_range(image) if values != "modality" else None)
        groups = [group for group in (own, self._shared) if group is not None]
        quirks = []
        if self._real_world is not None:
            return real_world_of(groups, self._root, image, self._real_world, quirks)
        modality, possible = modality_of(groups, self._root, image, quirks)
        if values == "modality":
            return Stages(modality, range=possible, quirks=_unique(quirks))
        voi = voi_of(groups, self._root, self._window, possible, quirks)
        last = presentation_of(self._root, image, quirks) if values == "presentation" else NO_PRESENTATION
        if last.palette is not None and not last.palette.is_supplemental:
            modality = voi = None
        return Stages(modality, voi, last.lut, last.inverse, possible, None, last.palette, _unique(quirks))


def padding_of(dataset, image, quirks):
    """Return first and last of the stored values that are padding (PS3.3 C.7.5.1.1.2); None without any.

    Parameters
    ----------
    dataset : Dataset
    image : Image
    quirks : list of str

    Returns
    -------
    (int, int), (float, float) or None
    """
    if image.samples_per_pixel > 1:
        return None
    root = Place(dataset)
    for value_tag, limit_tag in _PADDINGS if image.low is None else _PADDINGS[:1]:
        try:
            value = read_number(root, value_tag, "Pixel Padding Value")
            limit = read_number(root, limit_tag, "Pixel Padding Range Limit")
        except ConformanceError:
            quirks.append("padding_ignored")
            continue
        if value is not None:
            ends = [value, value if limit is None else limit]
            return tuple(sorted(ends if image.low is None else (as_stored(end, image) for end in ends)))
    return None


def _unique(quirks):
    return tuple(dict.fromkeys(quirks)) if quirks else ()


def _full_range(image):
    low, high = possible_values(image) or (0, 1)
    return "range", float(low), float(high)
