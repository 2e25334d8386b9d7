# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The frames of a data set: where they are, what their bytes are, and what happened to one when it was decoded."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass

from turbodicom import _core
from turbodicom._values import add_issue

__all__ = [
    "CLAIMED_A_PRESENT",
    "Frame",
    "FrameReport",
    "Frames",
    "frame_index",
    "frame_reader",
    "frames_of",
    "frames_of_slice",
    "wanted",
]

# our limit, as in cpp/bindings/bind_pixels.cpp: beyond, Number of Frames has to be justified
CLAIMED_A_PRESENT = 64


@dataclass(frozen=True)
class FrameReport:
    """What happened to one frame.

    Attributes
    ----------
    frame : int
        Index in the file.
    reason : str or None
        Why the frame is not whole; None when it is.
    offset : int or None
        Byte where that was seen, in the codestream or, for native frames, in the file.
    valid_rows : int
        Rows from the top that are as coded; the others hold what could be made of them (JPEG, RLE), else
        stored value 0.
    quirks : list of str
        Tolerated violations, by name.
    decoder : str
        Who decoded.
    """

    frame: int
    reason: str | None
    offset: int | None
    valid_rows: int
    quirks: list
    decoder: str


class Frame:
    """One frame of a data set; nothing is read before it is asked for.

    Attributes
    ----------
    index : int
    spans : list of (int, int)
        Offset and length in bytes of each of its pieces in the file (in the inflated data set for a deflated
        file). Their concatenation is what :meth:`read` gives.
    """

    __slots__ = ("_dataset", "index")

    def __init__(self, dataset, index):
        self._dataset = dataset
        self.index = index

    @property
    def spans(self):
        return frame_reader(self._dataset).spans(self.index)

    def read(self):
        """Return the codestream of an encapsulated frame, or the stored bytes of a native one.

        Returns
        -------
        bytes

        Raises
        ------
        TruncatedDataError
            *Number of Frames* counts this frame, but Pixel Data has nothing for it.
        OSError
            The file cannot be read or has changed since.
        """
        return frame_reader(self._dataset).codestream(self.index)

    def pixels(self, **options):
        """Decode this frame; same keywords as :func:`turbodicom.pixels` but `frames`.

        Parameters
        ----------
        **options
            See :func:`turbodicom.pixels`.

        Returns
        -------
        ndarray, shape (rows, columns) or (rows, columns, samples)

        Raises
        ------
        Error
            As :meth:`Dataset.pixels`.
        """
        from turbodicom._pixels import pixels_of

        return pixels_of(self._dataset, frames=self.index, **options)

    def __repr__(self):
        return f"<Frame {self.index} of {len(frames_of(self._dataset))}>"


class Frames(Sequence):
    """The frames of a data set: ``len``, indexing, slicing, iteration. Found by one walk, then O(1)."""

    __slots__ = ("_dataset",)

    def __init__(self, dataset):
        self._dataset = dataset
        frame_reader(dataset)

    def __len__(self):
        return frame_reader(self._dataset).number_of_frames

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [Frame(self._dataset, i) for i in frames_of_slice(index, frame_reader(self._dataset))]
        return Frame(self._dataset, frame_index(index, len(self)))

    def __repr__(self):
        return f"<{len(self)} frames, {frame_reader(self._dataset).transfer_syntax_name}>"


def frame_reader(dataset, limits=None):
    """Return the core's reader for `dataset`, made once for the default limits."""
    if limits is not None:
        return _open_frames(dataset, limits)
    reader = dataset._found_frames
    if reader is not None:
        return reader
    cache = dataset._cache
    reader = cache.get("frame_reader")
    if reader is None:
        settings = dataset._settings
        reader = cache.setdefault("frame_reader", _open_frames(dataset, settings and settings[1]))
    return reader


def _open_frames(dataset, limits):
    """What the frame index forgave joins ``Dataset.issues``; in strict mode the first of it is raised."""
    reader = _core.open_frames(dataset._core, limits)
    for code, message, offset, _ in reader.issues:
        add_issue(dataset, code, message, offset, reader.pixel_data_tag)
    return reader


def frames_of(dataset):
    """Return the :class:`Frames` of a Dataset."""
    return Frames(dataset)


def frame_index(index, count):
    """Return an index from 0; IndexError where there is no such frame."""
    number = operator.index(index)
    if not -count <= number < count:
        raise IndexError(f"frame {number} of {count}")
    return number + count if number < 0 else number


def frames_of_slice(frames, reader):
    """Return a list of indexes, not longer than the bytes that are there justify.

    Parameters
    ----------
    frames : slice
    reader : FrameReader

    Returns
    -------
    list of int

    Raises
    ------
    TruncatedDataError
        *Number of Frames* claims far more frames than there are, and the slice asks for them.
    """
    indexes = range(*frames.indices(reader.number_of_frames))
    if len(indexes) > CLAIMED_A_PRESENT * max(reader.frames_present, 1):
        reader.check_frames([max(indexes[0], indexes[-1])], False)
    return list(indexes)


def wanted(frames, count, reader=None):
    """Return what ``frames=`` means: None, an index from 0, or a list of them; IndexError where there is no such one.

    `reader`: of a file, whose *Number of Frames* (`count`) may lie.
    """
    if frames is None:
        return None
    if isinstance(frames, slice):
        return list(range(*frames.indices(count))) if reader is None else frames_of_slice(frames, reader)
    try:
        return frame_index(frames, count)
    except TypeError:
        return [frame_index(index, count) for index in frames]
