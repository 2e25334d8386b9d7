# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""What a DicomImage is: interpretation, size, frames, and the shape of its pixels."""

import math

from turbodicom._dicom_image_attributes import first_item, number, text, value_count

__all__ = ["INTERPRETATIONS", "AboutMethods"]

INTERPRETATIONS = {  # the letters DCMTK compares, and the defined term (PS3.3 C.7.6.3.1.2)
    "MONOCHROME1": "MONOCHROME1",
    "MONOCHROME2": "MONOCHROME2",
    "PALETTECOLOR": "PALETTE COLOR",
    "RGB": "RGB",
    "HSV": "HSV",
    "ARGB": "ARGB",
    "CMYK": "CMYK",
    "YBRFULL": "YBR_FULL",
    "YBRFULL422": "YBR_FULL_422",
    "YBRPARTIAL422": "YBR_PARTIAL_422",
}
_MONOCHROME = ("MONOCHROME1", "MONOCHROME2")


class AboutMethods:
    """Mixed into :class:`turbodicom.DicomImage`."""

    # -- what it is --------------------------------------------------------------------------------

    @property
    def mode(self):
        """``"standard"`` or ``"dcmtk"``."""
        return self._options.mode

    @property
    def is_monochrome(self):
        """Whether the image is grey: MONOCHROME1 or MONOCHROME2."""
        return self._interpretation in _MONOCHROME

    @property
    def photometric_interpretation(self):
        """Of the decoded samples, as a defined term."""
        return INTERPRETATIONS[self._interpretation]

    @property
    def width(self):
        """Columns."""
        return self._pixels.columns

    @property
    def height(self):
        """Rows."""
        return self._pixels.rows

    @property
    def depth(self):
        """Bits of the intermediate data; what ``bits=0`` means."""
        return self._depth

    @property
    def frame_count(self):
        """Frames held."""
        return self._count

    @property
    def first_frame(self):
        """Index of the first of them in the file."""
        return self._first

    @property
    def number_of_frames(self):
        """Frames in the file."""
        return self._total

    @property
    def representative_frame(self):
        """Representative Frame Number, from 0 and relative to the first frame held at first."""
        frame = number(self._attributes, "RepresentativeFrameNumber")
        index = (0 if frame is None else min(max(frame, 1), self._total) - 1) - self._read_first
        return index & 0xFFFFFFFF if self._options.is_dcmtk else index  # there the number has no sign

    @property
    def frame_time(self):
        """Frame Time in ms; 0 if absent."""
        return max(number(self._attributes, "FrameTime") or 0.0, 0.0)

    def has_sop_class_uid(self, uid):
        """Tell whether the data set has this SOP Class UID.

        Parameters
        ----------
        uid : str

        Returns
        -------
        bool
        """
        return text(self._attributes, "SOPClassUID") == uid

    def __repr__(self):
        size = f"{self.frame_count} x {self.height} x {self.width}, {self.depth} bits"
        return f"<DicomImage {self.photometric_interpretation} {size}, mode={self.mode!r}>"

    # -- aspect ratio ------------------------------------------------------------------------------

    def _read_ratio(self):
        """Width and height of a pixel; and which attribute says so, for derived images."""
        self._read_first = self._first
        self._pixel_size, self._size_source = (1.0, 1.0), None
        if self._options.use_presentation_state:
            return
        measures = first_item(
            first_item(self._attributes, "SharedFunctionalGroupsSequence"), "PixelMeasuresSequence"
        )
        places = (
            (self._attributes, "PixelSpacing"),
            (measures, "PixelSpacing"),
            (self._attributes, "ImagerPixelSpacing"),
        )
        places += ((self._attributes, "NominalScannedPixelSpacing"), (self._attributes, "PixelAspectRatio"))
        for place, keyword in places:
            height = number(place, keyword)
            if height is not None:
                width = number(place, keyword, 1) if value_count(place, keyword) > 1 else None
                self._set_pixel_size(1.0 if width is None else width, height, keyword)
                return

    def _set_pixel_size(self, width, height, source):
        """0 and what is no number count as 1, negative sizes as positive ones."""
        sizes = (abs(float(size)) for size in (width, height))
        self._pixel_size = tuple(size if 0 < size < math.inf else 1.0 for size in sizes)
        self._size_source = source

    @property
    def width_height_ratio(self):
        """Width of a pixel by its height: Pixel Spacing (also of Pixel Measures, shared), Imager Pixel Spacing,
        Nominal Scanned Pixel Spacing, Pixel Aspect Ratio, or 1. Can be set."""
        width, height = self._pixel_size
        return width / height

    @width_height_ratio.setter
    def width_height_ratio(self, ratio):
        self._set_pixel_size(ratio, 1.0, "PixelAspectRatio")

    @property
    def height_width_ratio(self):
        """Height of a pixel by its width. Can be set."""
        width, height = self._pixel_size
        return height / width

    @height_width_ratio.setter
    def height_width_ratio(self, ratio):
        self._set_pixel_size(1.0, ratio, "PixelAspectRatio")
