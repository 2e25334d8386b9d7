# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Overlay planes of a DicomImage (PS3.3 C.9.2): set 0 is the data set's, set 1 what was added.

`_overlay_planes` does the work. A plane is named by its place in its set, from 0, or by its group.
"""

import numpy as np

from turbodicom._overlay_planes import OverlayPlanes
from turbodicom._overlays import Overlay, as_dcmtk_reads, overlays_of

__all__ = ["OverlayMethods"]

_GROUPS = range(0x6000, 0x6020, 2)


class OverlayMethods:
    """Mixed into :class:`turbodicom.DicomImage`. Color images have no overlays."""

    _overlay_sets = None

    def _overlays(self):
        """The two sets; the planes of the data set are read when they are first asked for."""
        if self._overlay_sets is None:
            self._overlay_sets = (self._read_overlays(), OverlayPlanes())
        return self._overlay_sets

    def _read_overlays(self):
        dataset = self._pixel_source
        if not self.is_monochrome or not any((group, 0x0010) in dataset for group in _GROUPS):
            return OverlayPlanes()
        found = overlays_of(dataset, on_error="report", report=[])
        if self._options.is_dcmtk:
            found = as_dcmtk_reads(found)
        if self._options.never_access_embedded_overlays:
            found = [overlay for overlay in found if not overlay.is_embedded]
        shown = not self._options.use_presentation_state
        first = self._frame_start if self._options.is_dcmtk else self._first
        return OverlayPlanes(found, first_frame=first, is_visible=shown)

    def _draw_overlays(self, out, frame):
        for planes in self._overlays():
            if len(planes):
                planes.draw(out, frame, shutter_value=self._shutter_value(out))

    def _shutter_value(self, out):
        """P-values through the display function, where there is one."""
        if self._display is None or self._last_bits is None:
            return None
        entries = self._display_entries(self._last_bits)
        table = None if entries is None else entries(16)
        return None if table is None else lambda p_value: int(table[p_value])

    def _set(self, index):
        if index not in (0, 1):
            raise ValueError(f"set_index must be 0 (data set) or 1 (added), not {index!r}")
        return self._overlays()[index]

    # -- which there are ---------------------------------------------------------------------------

    def add_overlay(self, group, left, top, data, label="", description="", mode="default"):
        """Add a plane to set 1, in place of one of the same group; hidden, unless it is a bitmap shutter.

        Parameters
        ----------
        group : int
            0x6000 to 0x601E.
        left, top : int
            Column and row of the image, from 1, of its first sample.
        data : ndarray, shape (rows, columns) or (frames, rows, columns)
            Anything but 0 is drawn.
        label, description : str, optional
        mode : str, optional
            See :meth:`show_overlay`.

        Raises
        ------
        ValueError
            Not a group of overlays, no such mode, or no plane.
        """
        self._only_monochrome()
        planes = np.asarray(data)
        planes = (planes[None] if planes.ndim == 2 else planes) != 0
        if group not in _GROUPS or planes.ndim != 3 or planes.size == 0:
            raise ValueError(
                f"group {group:#x} with data of shape {np.shape(data)} is no overlay (PS3.3 C.9.2)"
            )
        overlay = Overlay(group, planes.astype(np.uint8), (int(top), int(left)), "G", "", label, description)
        self._overlays()[1].add(overlay, mode)

    def remove_overlay(self, group):
        """Remove a plane from set 1.

        Parameters
        ----------
        group : int

        Returns
        -------
        bool
            Whether there was one.
        """
        return self._overlays()[1].remove(group)

    def remove_all_overlays(self):
        """Remove all planes of set 1.

        Returns
        -------
        bool
            Whether there were any.
        """
        planes, added = self._overlays()
        self._overlay_sets = planes, OverlayPlanes()
        return len(added) > 0

    def overlay_count(self, set_index=0):
        """Return how many planes a set has.

        Parameters
        ----------
        set_index : {0, 1}, optional

        Returns
        -------
        int
        """
        return len(self._set(set_index))

    def overlay(self, plane, set_index=0):
        """Return a plane as it is now: samples, origin, label, description.

        Parameters
        ----------
        plane : int
        set_index : {0, 1}, optional

        Returns
        -------
        turbodicom._overlays.Overlay
        """
        return self._set(set_index).overlay(plane)

    def overlay_group_number(self, plane, set_index=0):
        """Return the group of a plane: 0x6000 to 0x601E.

        Parameters
        ----------
        plane : int
        set_index : {0, 1}, optional

        Returns
        -------
        int
        """
        return self.overlay(plane, set_index).group

    def overlay_label(self, plane, set_index=0):
        """Return Overlay Label; empty if there is none.

        Parameters
        ----------
        plane : int
        set_index : {0, 1}, optional

        Returns
        -------
        str
        """
        return self.overlay(plane, set_index).label

    def overlay_description(self, plane, set_index=0):
        """Return Overlay Description; empty if there is none.

        Parameters
        ----------
        plane : int
        set_index : {0, 1}, optional

        Returns
        -------
        str
        """
        return self.overlay(plane, set_index).description

    def overlay_mode(self, plane, set_index=0):
        """Return how a plane is drawn.

        Parameters
        ----------
        plane : int
        set_index : {0, 1}, optional

        Returns
        -------
        str
        """
        return self._set(set_index).mode(plane)

    # -- what is shown -----------------------------------------------------------------------------

    def is_overlay_visible(self, plane, set_index=0):
        """Tell whether a plane is drawn.

        Parameters
        ----------
        plane : int
        set_index : {0, 1}, optional

        Returns
        -------
        bool
        """
        return self._set(set_index).is_visible(plane)

    def show_overlay(self, plane, mode=None, foreground=None, threshold=None, p_value=None, set_index=0):
        """Draw a plane from now on.

        Parameters
        ----------
        plane : int
        mode : str, optional
            ``"replace"``, ``"threshold_replace"``, ``"complement"``, ``"invert_bitmap"``, ``"region_of_interest"``,
            ``"bitmap_shutter"`` or ``"default"`` (what the overlay's type says); None: as before.
        foreground, threshold : float, optional
            0 (dark) to 1 (bright); None: as before, 1 and 0.5 with a `mode`.
        p_value : int, optional
            Of a bitmap shutter.
        set_index : {0, 1}, optional
        """
        if mode is not None:
            foreground = 1.0 if foreground is None else foreground
            threshold = 0.5 if threshold is None else threshold
        self._set(set_index).show(
            plane, mode=mode, foreground=foreground, threshold=threshold, p_value=p_value
        )

    def show_all_overlays(self, mode=None, foreground=None, threshold=None, set_index=0):
        """Draw all planes of a set from now on; parameters as :meth:`show_overlay`.

        Parameters
        ----------
        mode : str, optional
        foreground, threshold : float, optional
        set_index : {0, 1}, optional
        """
        self.show_overlay(None, mode, foreground, threshold, None, set_index)

    def hide_overlay(self, plane, set_index=0):
        """Draw a plane no longer.

        Parameters
        ----------
        plane : int
        set_index : {0, 1}, optional
        """
        self._set(set_index).hide(plane)

    def hide_all_overlays(self, set_index=0):
        """Draw none of the planes of a set.

        Parameters
        ----------
        set_index : {0, 1}, optional
        """
        self._set(set_index).hide()

    def place_overlay(self, plane, left, top, set_index=0):
        """Move a plane.

        Parameters
        ----------
        plane : int
        left, top : int
            Column and row of the image, from 0.
        set_index : {0, 1}, optional

        Returns
        -------
        bool
            Whether it was elsewhere.
        """
        return self._set(set_index).place(plane, left, top)

    # -- samples -----------------------------------------------------------------------------------

    def overlay_data(self, plane, frame=0, bits=8, foreground=0xFF, background=0, set_index=None):
        """Return the part of a plane that lies in the image.

        Parameters
        ----------
        plane : int
        frame : int, optional
        bits : int, optional
            Of a sample: 1 to 16. One: eight samples in a byte, the first in the lowest bit.
        foreground, background : int, optional
        set_index : {0, 1}, optional
            Default: set 1 if it has the plane, else set 0.

        Returns
        -------
        OverlayData or None
            ``samples``, ``left``, ``top``, ``columns``, ``rows``, ``mode``; None: nothing of it lies in the image.
        """
        planes = self._set_with(plane, set_index)
        look = {"bits": bits, "foreground": foreground, "background": background}
        return planes.data(plane, self.width, self.height, frame, **look)

    def _set_with(self, plane, set_index):
        if set_index is not None:
            return self._set(set_index)
        return self._overlays()[1] if plane in self._overlays()[1] else self._overlays()[0]

    def full_overlay_data(self, plane, frame=0, bits=8, foreground=0xFF, background=0, set_index=0):
        """Return a plane whole, wherever it lies; parameters as :meth:`overlay_data`.

        Parameters
        ----------
        plane : int
        frame : int, optional
        bits : int, optional
        foreground, background : int, optional
        set_index : {0, 1}, optional

        Returns
        -------
        OverlayData
        """
        look = {"bits": bits, "foreground": foreground, "background": background}
        return self._set(set_index).full_data(plane, frame, **look)

    def packed_overlay_data(self, plane, set_index=0):
        """Return the value of Overlay Data (60xx,3000) for a plane, all its frames.

        Parameters
        ----------
        plane : int
        set_index : {0, 1}, optional

        Returns
        -------
        bytes
        """
        return self._set(set_index).packed(plane)

    # -- with the image ----------------------------------------------------------------------------

    def _changed_overlays(self, change):
        """Both sets after `change`, a function of one."""
        return tuple(change(planes) for planes in self._overlays())
