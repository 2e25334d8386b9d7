# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Windows and VOI LUTs of a DicomImage (PS3.3 C.11.2)."""

import math
import operator

import numpy as np

from turbodicom._dicom_image_attributes import items, number, text, value_count
from turbodicom._dicom_image_frames import counted, value_range
from turbodicom._dicom_image_tables import as_table
from turbodicom.errors import ConformanceError, UnsupportedError

__all__ = ["VoiMethods"]

_FUNCTIONS = ("default", "linear", "linear_exact", "sigmoid")


class VoiMethods:
    """Mixed into :class:`turbodicom.DicomImage`."""

    def _read_voi(self):
        """Window count, VOI LUT count and function as the data set has them."""
        dataset = self._attributes
        if self._options.use_presentation_state:
            return
        centers, widths = value_count(dataset, "WindowCenter"), value_count(dataset, "WindowWidth")
        self._window_count = min(centers, widths)
        self._voi_lut_count = len(items(dataset, "VOILUTSequence"))
        function = text(dataset, "VOILUTFunction")
        known = {"LINEAR": "linear", "SIGMOID": "sigmoid", "LINEAR_EXACT": "linear_exact"}
        if self._options.is_dcmtk:
            known.pop("LINEAR_EXACT")
        self._voi_function = known.get(function, "default")

    # -- none --------------------------------------------------------------------------------------

    def set_no_voi_transformation(self):
        """Stretch the possible range over the output, as before any window was set.

        Returns
        -------
        bool
            Whether that is a change.
        """
        self._only_monochrome()
        was = self._voi_lut is not None or self._window is not None
        self._set_voi(None, None, "")
        return was

    def _set_voi(self, window, lut, explanation):
        self._window, self._voi_lut, self._voi_explanation = window, lut, explanation
        self._forget_steps()

    # -- windows -----------------------------------------------------------------------------------

    def set_window(self, center, width=None):
        """Set a window: its center and width, or the index of one in the data set.

        Parameters
        ----------
        center : number, or int or turbodicom.Window alone
            With `width`: the center. Alone: which window of the data set, from 0, or a Window.
        width : number, optional

        Returns
        -------
        bool
            Whether that is a change.

        Raises
        ------
        IndexError
            The data set does not have so many windows.
        ValueError
            The width is below 1 (LINEAR, SIGMOID), or not above 0 (LINEAR_EXACT); no VOI transformation is left.
        ConformanceError
            That of a window of the data set is; the same.
        """
        self._only_monochrome()
        if width is not None:
            return self._use_window(float(center), float(width), "", ValueError)
        if hasattr(center, "function"):
            return self._use_window_value(center)
        return self._use_file_window(operator.index(center))

    def _use_window_value(self, window):
        """A Window of values="voi": explicit, or one that looks at the pixels."""
        rules = {
            "index": self._use_file_window,
            "minmax": self.set_min_max_window,
            "histogram": self.set_histogram_window,
            "roi": lambda row, column, rows, columns: self.set_roi_window(column, row, columns, rows),
        }
        if window.rule in rules:
            return rules[window.rule](*window.arguments)
        if window.rule != "given":
            raise ValueError(f"a DicomImage has no window by {window.rule}")
        if self._options.is_dcmtk and window.function == "linear_exact":
            raise UnsupportedError("DCMTK has no LINEAR_EXACT; mode='standard' has")
        self._voi_function = window.function
        return self._use_window(float(window.center), float(window.width), "", ValueError)

    def _use_file_window(self, index):
        dataset = self._attributes
        if self._options.is_dcmtk and not self._options.use_presentation_state:
            self._window_count = min(
                value_count(dataset, keyword) for keyword in ("WindowCenter", "WindowWidth")
            )
        if not 0 <= index < self._window_count:
            self._forget_window_count()
            raise IndexError(f"window {index} of {self._window_count}")
        center, width = number(dataset, "WindowCenter", index), number(dataset, "WindowWidth", index)
        if center is None or width is None:
            self._forget_window_count()
            raise ConformanceError("window: Window Center or Window Width is not a number (PS3.3 C.11.2.1.2)")
        explanation = text(dataset, "WindowCenterWidthExplanation", index)
        return self._use_window(float(center), float(width), explanation, ConformanceError)

    def _forget_window_count(self):
        """DCMTK counts windows whenever it reads one, and counts none when it cannot."""
        if self._options.is_dcmtk:
            self._window_count = 0

    def _use_window(self, center, width, explanation, error):
        if not (math.isfinite(center) and math.isfinite(width)) and not self._options.is_dcmtk:
            self._set_voi(None, None, explanation)
            raise error("window: center and width must be finite (PS3.3 C.11.2.1.2)")
        exact = self._voi_function == "linear_exact"
        if width < 1 and not (exact and width > 0):
            self._set_voi(None, None, explanation)
            raise error("window: width must be at least 1, or with LINEAR_EXACT above 0 (PS3.3 C.11.2.1.2)")
        was = self._window
        self._set_voi((center, width), None, explanation)
        return was != (center, width)

    def set_min_max_window(self, ignore_extremes=False):
        """Set the window from the smallest to the largest value of all frames.

        Parameters
        ----------
        ignore_extremes : bool, optional
            From the second smallest to the second largest.

        Returns
        -------
        bool
            Whether that is a change.
        """
        self._only_monochrome()
        low, high = self._pixels.inner_min_max if ignore_extremes else self._pixels.min_max
        return self._use_range(low, high, "Min-Max Window")

    def _use_range(self, low, high, explanation):
        low, high = float(low), float(high)
        center, width = (low + high + 1) / 2, high - low + 1  # LINEAR maps the ends to black and white
        if width <= 0:
            raise ConformanceError("window: the range of values is empty")
        return self._use_window(center, width, explanation, ConformanceError)

    def set_histogram_window(self, threshold=0.05):
        """Set the window that leaves out a part of the pixels at either end.

        Parameters
        ----------
        threshold : float, optional
            Part of the pixels of all frames, 0 to 1.

        Returns
        -------
        bool
            Whether that is a change.

        Raises
        ------
        ValueError
            `threshold` is not from 0 to 1.
        ConformanceError
            Nothing is left between the ends.
        """
        self._only_monochrome()
        if not 0 <= threshold <= 1:
            raise ValueError(f"threshold must be from 0 to 1, not {threshold!r}")
        low, high = self._histogram_bounds(float(threshold))
        if not low < high:
            raise ConformanceError("window: the histogram leaves no range of values")
        return self._use_range(low, high, "Histogram Window")

    def _histogram_bounds(self, threshold):
        """Where counting from either end has reached the threshold; 0 where it goes beyond the other end."""
        low, high = self._pixels.min_max
        data = self._pixels.everything()
        if not low < high:
            return 0, 0
        least = int(threshold * float(data.size))
        if data.dtype.kind == "f":
            return _float_bounds(data, least)
        values, counts = counted(data, low, high)
        if least <= 0:
            return low, int(np.array(high + 1).astype(data.dtype))  # of which DCMTK keeps what the type holds
        first = int(values[np.searchsorted(np.cumsum(counts), least)]) + 1
        last = int(values[len(counts) - 1 - np.searchsorted(np.cumsum(counts[::-1]), least)])
        return first if first <= high else 0, last if last > low else 0

    def set_roi_window(self, left, top, width, height, frame=0):
        """Set the window from the smallest to the largest value in a rectangle.

        Parameters
        ----------
        left, top, width, height : int
            In pixels.
        frame : int, optional

        Returns
        -------
        bool
            Whether that is a change.

        Raises
        ------
        ValueError
            The rectangle is outside the image or empty.
        IndexError
            No such frame.
        """
        self._only_monochrome()
        frame = self._frame_index(frame)
        inside = 0 <= left < self.width and 0 <= top < self.height
        if not inside or width < 1 or height < 1:
            raise ValueError(
                f"roi ({left}, {top}, {width}, {height}) has no pixel of {self.width} x {self.height}"
            )
        region = self._pixels.inter(frame)[top : top + height, left : left + width]
        return self._use_range(*value_range(np.ascontiguousarray(region)), "ROI Window")

    @property
    def window(self):
        """(center, width) in force, or None."""
        return self._window

    @property
    def window_count(self):
        """How many windows the data set has."""
        return self._window_count

    # -- function ----------------------------------------------------------------------------------

    @property
    def voi_lut_function(self):
        """``"default"``, ``"linear"``, ``"linear_exact"`` (not in mode="dcmtk") or ``"sigmoid"``."""
        return self._voi_function

    def set_voi_lut_function(self, function):
        """Set how a window is drawn: PS3.3 C.11.2.1.2 (linear), .3.1 (sigmoid), .3.2 (linear_exact).

        Parameters
        ----------
        function : {"default", "linear", "linear_exact", "sigmoid"}

        Returns
        -------
        bool
            Whether that is a change.

        Raises
        ------
        ValueError
            None of these.
        """
        self._only_monochrome()
        if function not in _FUNCTIONS or (function == "linear_exact" and self._options.is_dcmtk):
            raise ValueError(f"function must be one of {_FUNCTIONS}, not {function!r} in mode={self.mode!r}")
        was, self._voi_function = self._voi_function, function
        self._forget_steps()
        return was != function

    # -- VOI LUT -----------------------------------------------------------------------------------

    def set_voi_lut(self, lut, bits_mode="use"):
        """Set a VOI LUT: one of the data set by index, or one given.

        Parameters
        ----------
        lut : int, Dataset or (data, descriptor[, explanation])
            Index, from 0; an item with LUT Descriptor and LUT Data; or the numbers themselves.
        bits_mode : {"use", "ignore", "check"}, optional
            What the third number of the descriptor counts for: as it is, not at all, or if the data agree.

        Returns
        -------
        bool
            True.

        Raises
        ------
        IndexError
            The data set does not have so many.
        ConformanceError
            Descriptor or data are absent or incomplete; no VOI transformation is left.
        """
        self._only_monochrome()
        window = self._window
        if isinstance(lut, (int, np.integer)) and self._options.use_presentation_state:
            raise IndexError("VOI LUTs of the data set are not looked at")
        self._set_voi(window, None, "")
        if isinstance(lut, (int, np.integer)):
            found = items(self._attributes, "VOILUTSequence")
            if not 0 <= lut < len(found):
                raise IndexError(f"VOI LUT {lut} of {len(found)}")
            lut = found[lut]
        table = as_table(lut, bits_mode)
        self._set_voi(window, table, table.explanation)
        return True

    @property
    def voi_lut_count(self):
        """How many VOI LUTs the data set has."""
        return self._voi_lut_count

    # -- explanations ------------------------------------------------------------------------------

    @property
    def voi_transformation_explanation(self):
        """What the window or VOI LUT in force is called; empty if it has no name."""
        return self._voi_explanation

    def voi_window_explanation(self, index):
        """Return Window Center & Width Explanation of a window of the data set.

        Parameters
        ----------
        index : int

        Returns
        -------
        str
            Empty: there is none.
        """
        return text(self._attributes, "WindowCenterWidthExplanation", index) if index >= 0 else ""

    def voi_lut_explanation(self, index):
        """Return LUT Explanation of a VOI LUT of the data set.

        Parameters
        ----------
        index : int

        Returns
        -------
        str
            Empty: there is none.
        """
        found = items(self._attributes, "VOILUTSequence")
        return text(found[index], "LUTExplanation") if 0 <= index < len(found) else ""

    @property
    def modality_lut_explanation(self):
        """LUT Explanation of the Modality LUT; empty if there is none."""
        return self._modality.explanation if self.is_monochrome else ""


def _float_bounds(data, least):
    """The values left when at least so many pixels are dropped at either end."""
    values, counts = np.unique(data[np.isfinite(data)], return_counts=True)
    if least <= 0 or not len(values):
        return (values[0], values[-1]) if len(values) else (0, 0)
    first = np.searchsorted(np.cumsum(counts), least) + 1
    last = len(values) - 2 - np.searchsorted(np.cumsum(counts[::-1]), least)
    return (values[first], values[last]) if first < last else (0, 0)
