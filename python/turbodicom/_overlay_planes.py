# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The overlay planes of a ``DicomImage``: which are shown and how, and what becomes of them when the image is scaled,
flipped or rotated.

Begin at `OverlayPlanes`. Planes stay where they are in the image; `left` and `top` of the set are the origin of a clipped
image. All planes of a set share one buffer size, and are scaled with it, as DCMTK does (dcmimgle/diovlay.h, diovpln.h).
"""

from dataclasses import dataclass, replace

import numpy as np

from turbodicom import _geometry
from turbodicom._overlay_drawing import MODES, draw
from turbodicom._overlays import Overlay, packed

__all__ = ["OverlayData", "OverlayPlanes"]


@dataclass(frozen=True, eq=False)
class OverlayData:
    """One plane as samples.

    Attributes
    ----------
    samples : ndarray of uint8 or uint16, shape (rows, columns)
        Of one bit: of uint8, shape (bytes,), eight samples in a byte, the first in the lowest bit, no padding of rows.
    left, top : int
        Column and row of the image, from 0, of the first sample.
    columns, rows : int
    mode : str
    """

    samples: np.ndarray
    left: int
    top: int
    columns: int
    rows: int
    mode: str


@dataclass(eq=False)
class _Plane:
    """A plane in its buffer, of shape (frames, rows, columns), and how it is drawn."""

    overlay: Overlay
    buffer: np.ndarray
    left: int  # in the image, from 0
    top: int
    columns: int
    rows: int
    start_left: int = 0  # in the buffer
    start_top: int = 0
    mode: str = "replace"
    is_visible: bool = False
    foreground: float = 1.0
    threshold: float = 1.0
    p_value: int = 0

    @property
    def samples(self):
        rows = slice(self.start_top, self.start_top + self.rows)
        return self.buffer[:, rows, self.start_left : self.start_left + self.columns]

    @property
    def is_reachable(self):
        """Whether it does not lie wholly above or left of the image as it was before clipping: else it is empty."""
        return self.left + self.columns > 0 and self.top + self.rows > 0

    def as_overlay(self):
        return replace(self.overlay, planes=self.samples, origin=(self.top + 1, self.left + 1))


class OverlayPlanes:
    """A set of overlay planes.

    Parameters
    ----------
    overlays : iterable of Overlay, optional
    first_frame : int, optional
        Frame of the file, from 0, that is frame 0 of the image.
    is_visible : bool, optional
        Whether they are drawn until somebody says otherwise.

    Notes
    -----
    A plane is named by its place in the set, from 0, or by its group; ValueError if there is none, or for a mode or
    number that cannot be.
    """

    def __init__(self, overlays=(), *, first_frame=0, is_visible=True):
        self.first_frame = first_frame
        self.left = self.top = 0
        self._planes = [_plane_of(overlay, is_visible) for overlay in overlays]

    def __len__(self):
        return len(self._planes)

    def __contains__(self, plane):
        return self._find(plane) is not None

    def _find(self, plane):
        for index, candidate in enumerate(self._planes):
            if plane in (index, candidate.overlay.group):
                return candidate
        return None

    def _get(self, plane):
        found = self._find(plane)
        if found is None:
            raise ValueError(f"plane must be one of {len(self)}, or a group among them, not {plane!r}")
        return found

    # -- the set --

    def add(self, overlay, mode="replace"):
        """Add a plane, in place of one of the same group; hidden, unless it is a bitmap shutter."""
        _check_mode(mode)
        self.remove(overlay.group)
        plane = _plane_of(overlay, mode == "bitmap_shutter")
        plane.mode = plane.overlay.default_mode if mode == "default" else mode
        self._planes.append(plane)
        self._planes.sort(key=lambda plane: plane.overlay.group)

    def remove(self, group):
        """Remove the plane of a group; tell whether there was one."""
        count = len(self)
        self._planes = [plane for plane in self._planes if plane.overlay.group != group]
        return len(self) < count

    def overlay(self, plane):
        """Return a plane as it is now, an Overlay."""
        return self._get(plane).as_overlay()

    def mode(self, plane):
        """Return how a plane is drawn."""
        return self._get(plane).mode

    # -- what is shown --

    def is_visible(self, plane):
        """Return whether a plane is drawn."""
        return self._get(plane).is_visible

    def show(self, plane=None, *, foreground=None, threshold=None, mode=None, p_value=None):
        """Draw a plane, or all of them, from now on.

        foreground, threshold: 0 to 1. mode: ``"default"`` is what the overlay's type says. p_value: 0 to 65535, of a
        bitmap shutter. None: as before.
        """
        for found in self._planes if plane is None else [self._get(plane)]:
            found.is_visible = True
            if foreground is not None:
                found.foreground = min(max(float(foreground), 0.0), 1.0)
            if threshold is not None:
                found.threshold = min(max(float(threshold), 0.0), 1.0)
            if mode is not None:
                _check_mode(mode)
                found.mode = found.overlay.default_mode if mode == "default" else mode
            if p_value is not None:
                found.p_value = p_value

    def hide(self, plane=None):
        """Draw a plane, or all of them, no longer."""
        for found in self._planes if plane is None else [self._get(plane)]:
            found.is_visible = False

    def place(self, plane, left, top):
        """Move a plane to a column and row of the image, from 0; tell whether it was elsewhere."""
        found = self._get(plane)
        was = found.left, found.top
        found.left, found.top = left, top
        return was != (left, top)

    # -- samples --

    def draw(self, picture, frame=0, *, maximum=None, shutter_value=None):
        """Draw what is visible into a picture, in place.

        frame: of the image, from 0. maximum: what 1 stands for, by default the largest value of the dtype, of floats 1.
        shutter_value: function from a P-value to the value drawn, by default in proportion.
        """
        for plane in self._planes:
            if plane.is_visible and plane.is_reachable:
                draw(
                    picture,
                    plane.as_overlay(),
                    self.first_frame + frame,
                    plane.mode,
                    plane.foreground,
                    plane.threshold,
                    maximum=maximum,
                    value=_shutter_value(plane, picture.dtype, maximum, shutter_value),
                    offset=(self.top, self.left),
                )
        return picture

    def data(self, plane, columns, rows, frame=0, *, bits=8, foreground=0xFF, background=0):
        """Return the part of a plane that lies in an image of so many columns and rows, an OverlayData or None.

        frame: of the overlay, from 0. bits: of a sample, 1 to 8 (uint8) or 9 to 16 (uint16). foreground, background:
        samples where the plane is 1 and 0; their lowest bits are taken.
        """
        found = self._get(plane)
        left, top = found.left - self.left, found.top - self.top
        first_row, first_column = max(top, 0), max(left, 0)
        last_row, last_column = min(top + found.rows, rows), min(left + found.columns, columns)
        if last_row <= first_row or last_column <= first_column:
            return None
        samples, is_there = self._plane(found, frame)
        samples = samples[first_row - top : last_row - top, first_column - left : last_column - left]
        values = _looking(samples, is_there, bits, foreground, background)
        return OverlayData(values, first_column, first_row, samples.shape[1], samples.shape[0], found.mode)

    def full_data(self, plane, frame=0, *, bits=8, foreground=0xFF, background=0):
        """Return a plane whole, wherever it lies, an OverlayData; otherwise as `data`."""
        found = self._get(plane)
        values = _looking(*self._plane(found, frame), bits, foreground, background)
        left, top = found.left - self.left, found.top - self.top
        return OverlayData(values, left, top, found.columns, found.rows, found.mode)

    def packed(self, plane):
        """Return the value of Overlay Data (60xx,3000) for a plane, all its frames."""
        found = self._get(plane)
        return packed(found.samples if found.is_reachable else np.zeros_like(found.samples))

    def _plane(self, found, frame):
        """Samples of a frame of the overlay, and whether it is there: else, or out of reach (DCMTK), zeros."""
        overlay = found.as_overlay()
        if overlay.is_multiframe:
            frame += self.first_frame + overlay.first_frame - 1
        samples = overlay.plane_of(frame) if found.is_reachable else None
        if samples is None:
            return np.zeros((found.rows, found.columns), np.uint8), False
        return samples, True

    # -- with the image --

    def copy(self):
        """Return a set that can be changed for itself."""
        return self._made([replace(plane) for plane in self._planes], self.left, self.top)

    def scaled(self, left, top, column_factor, row_factor):
        """Return the planes of a clipped and scaled image; none when nothing of them is left.

        left, top: origin of the clip. Factors: columns and rows of the new image divided by those of the clip.
        """
        columns, rows = (
            int(factor * size) & 0xFFFF for factor, size in zip((column_factor, row_factor), self._size())
        )
        if not columns or not rows:
            return self._made([], left, top)
        planes = [
            replace(
                plane,
                buffer=_geometry.scale(buffer, rows, columns, 0),
                left=int(column_factor * plane.left),
                top=int(row_factor * plane.top),
                columns=int(column_factor * plane.columns),
                rows=int(row_factor * plane.rows),
                start_left=int(column_factor * plane.start_left),
                start_top=int(row_factor * plane.start_top),
                p_value=0,
            )
            for plane, buffer in self._buffers()
        ]
        return self._made(planes, left, top)

    def flipped(self, horizontal, vertical, columns, rows):
        """Return the planes of a flipped image of so many columns and rows."""
        planes = []
        for plane, buffer in self._buffers():
            made = replace(plane, buffer=_geometry.flip(buffer, horizontal, vertical), p_value=0)
            if horizontal:
                made.left = columns + self.left - plane.columns - plane.left
                made.start_left = buffer.shape[2] - plane.columns - plane.start_left
            if vertical:
                made.top = rows + self.top - plane.rows - plane.top
                made.start_top = buffer.shape[1] - plane.rows - plane.start_top
            planes.append(made)
        return self._made(planes, 0 if horizontal else self.left, 0 if vertical else self.top)

    def rotated(self, degrees, columns, rows):
        """Return the planes of an image rotated clockwise by a multiple of 90; its size is that before."""
        planes = []
        for plane, buffer in self._buffers():
            made = replace(plane, buffer=_geometry.rotate(buffer, degrees), p_value=0)
            inside = plane.left - self.left, plane.top - self.top
            made.left, made.top = _turned(inside, (plane.columns, plane.rows), (columns, rows), degrees)
            start = plane.start_left, plane.start_top
            made.start_left, made.start_top = _turned(
                start, (plane.columns, plane.rows), buffer.shape[:0:-1], degrees
            )
            if degrees % 180:
                made.columns, made.rows = plane.rows, plane.columns
            planes.append(made)
        return self._made(planes, 0, 0)

    def _made(self, planes, left, top):
        made = OverlayPlanes(first_frame=self.first_frame)
        made.left, made.top, made._planes = left, top, planes
        return made

    def _size(self):
        """Columns and rows of the largest plane: what all buffers are brought to before they are changed."""
        shapes = [plane.buffer.shape for plane in self._planes]
        return max((shape[2] for shape in shapes), default=0), max((shape[1] for shape in shapes), default=0)

    def _buffers(self):
        columns, rows = self._size()
        for plane in self._planes:
            yield plane, _geometry.clip(plane.buffer, 0, 0, columns, rows)


def _plane_of(overlay, is_visible):
    top, left = overlay.origin[0] - 1, overlay.origin[1] - 1
    plane = _Plane(overlay, overlay.planes, left, top, overlay.columns, overlay.rows)
    plane.mode, plane.is_visible = overlay.default_mode, is_visible
    return plane


def _check_mode(mode):
    if mode not in MODES:
        raise ValueError(f"mode must be one of {', '.join(MODES)}, not {mode!r}")


def _turned(place, size, around, degrees):
    """Column and row of a rectangle's first pixel when what is around it is rotated clockwise."""
    (left, top), (columns, rows), (all_columns, all_rows) = place, size, around
    turned = {
        0: (left, top),
        90: (all_rows - rows - top, left),
        180: (all_columns - columns - left, all_rows - rows - top),
        270: (top, all_columns - columns - left),
    }
    return turned[degrees % 360]


def _shutter_value(plane, dtype, maximum, shutter_value):
    if plane.mode != "bitmap_shutter":
        return None
    if shutter_value is not None:
        return shutter_value(plane.p_value)
    if dtype.kind == "f":
        return (1.0 if maximum is None else maximum) * plane.p_value / 65535.0
    return int(float(np.iinfo(dtype).max if maximum is None else maximum) * float(plane.p_value) / 65535.0)


def _looking(samples, is_there, bits, foreground, background):
    """Samples as foreground and background; of one bit packed, and then 0 for a frame that is not there (DCMTK)."""
    if not 1 <= bits <= 16:
        raise ValueError(f"bits must be 1 to 16, not {bits!r}")
    if bits == 1:
        return _packed_bits(samples, is_there, foreground, background)
    mask = (1 << bits) - 1
    dtype = np.uint8 if bits <= 8 else np.uint16
    return np.where(samples != 0, dtype(foreground & mask), dtype(background & mask))


def _packed_bits(samples, is_there, foreground, background):
    """Eight samples in a byte; if the lowest bits of both looks agree, every byte is full or empty (DCMTK)."""
    if (foreground & 1) == (background & 1):
        return np.full((samples.size + 7) // 8, 0xFF if foreground else 0, np.uint8)
    bits = np.where(samples != 0, bool(foreground), bool(background)) & is_there
    return np.packbits(bits.ravel(), bitorder="little")
