# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Images made of a DicomImage: some of its frames, scaled, clipped, flipped, rotated, monochrome.

They take the intermediate data; windows, LUTs and polarity go along. `_geometry` does the work on arrays.
"""

import numpy as np

from turbodicom import _geometry
from turbodicom._overlay_planes import OverlayPlanes

__all__ = ["DerivedMethods"]


class DerivedMethods:
    """Mixed into :class:`turbodicom.DicomImage`."""

    # -- frames ------------------------------------------------------------------------------------

    def create_dicom_image(self, first_frame=0, frame_count=0):
        """Return an image of some of the frames.

        Parameters
        ----------
        first_frame : int, optional
        frame_count : int, optional
            0: all that follow.

        Returns
        -------
        DicomImage

        Raises
        ------
        IndexError
            No such frame.
        """
        first = self._frame_index(first_frame)
        count = min(frame_count or self._count, self._count - first)
        data = self._pixels.everything()[first : first + count].copy()
        sets = self._changed_overlays(lambda planes: self._overlays_from(planes, first))
        state = {"_first": self._first + first, "_count": count, "_overlay_sets": sets}
        return self._derived(self._pixels.derived(self._planes_back(data)), **state)

    def _overlays_from(self, planes, first):
        """DCMTK's copies go on counting overlay frames from the first one of the original."""
        made = planes.copy()
        if not self._options.is_dcmtk:
            made.first_frame += first
        return made

    # -- size --------------------------------------------------------------------------------------

    def create_scaled_image(
        self,
        width=0,
        height=0,
        interpolate=0,
        aspect=False,
        *,
        x_factor=None,
        y_factor=None,
        clip=None,
        p_value=0,
    ):
        """Return a scaled image.

        Parameters
        ----------
        width, height : int, optional
            In pixels; 0: what keeps the proportions. Both 0: no scaling.
        interpolate : {0, 1, 2, 3, 4}, optional
            None, pbmplus, c't, bilinear, bicubic.
        aspect : bool, optional
            Where one size is left open, make pixels square.
        x_factor, y_factor : float, optional
            Instead of `width` and `height`.
        clip : (left, top, width, height), optional
            What to scale; width or height 0: all that follows.
        p_value : int, optional
            Of the border, 0 to 65535, where `clip` goes beyond the image (only without scaling).

        Returns
        -------
        DicomImage

        Raises
        ------
        ValueError
            A size that cannot be.
        """
        left, top, columns, rows = self._clip(clip)
        if x_factor is not None or y_factor is not None:
            if width or height or (x_factor or 0) < 0 or (y_factor or 0) < 0:
                raise ValueError("factors must be 0 or more, and not be given with width or height")
            width, height = int((x_factor or 0) * columns), int((y_factor or 0) * rows)
        is_square = aspect and (not width or not height)
        ratios = {}
        if is_square:
            ratios = {
                "width_height_ratio": self.width_height_ratio,
                "height_width_ratio": self.height_width_ratio,
            }
        width, height = _geometry.scaled_size(columns, rows, width, height, **ratios)
        area = (left, top, columns, rows)
        planes = self._planes_first(self._pixels.everything())
        fill = self._border(p_value, planes.dtype)
        bits = min(self._pixels.bits or 32, 8 * planes.dtype.itemsize) if planes.dtype.kind != "f" else None
        data = _geometry.scale(planes, height, width, interpolate, area, bits=bits, fill=fill)
        sets = self._changed_overlays(
            lambda planes: (
                planes.scaled(left, top, width / columns, height / rows) if len(planes) else OverlayPlanes()
            )
        )
        size, source = self._scaled_pixel_size(width, height, is_square)
        state = {"_overlay_sets": sets, "_pixel_size": size, "_size_source": source}
        return self._derived(self._pixels.derived(self._planes_back(data)), **state)

    def _clip(self, clip):
        left, top, columns, rows = clip or (0, 0, 0, 0)
        columns = columns or max(self.width - left, 0)
        rows = rows or max(self.height - top, 0)
        if columns < 1 or rows < 1:
            raise ValueError(f"clip {clip} has no pixels of {self.width} x {self.height}")
        return left, top, columns, rows

    def _border(self, p_value, dtype):
        if not self.is_monochrome:
            return 0
        if dtype.kind == "f":
            low, high = self._modality.low, self._modality.high
            return low + (high - low) * p_value / 65535.0
        return _geometry.fill_of_p_value(p_value, min(self._pixels.bits, 32), dtype)

    def _scaled_pixel_size(self, width, height, is_square):
        x, y = width / self.width, height / self.height
        pixel_width, pixel_height = self._pixel_size
        if self._size_source == "PixelAspectRatio":
            if is_square:
                return (1.0, 1.0), None
            pixel_width, pixel_height = pixel_width * x, pixel_height * y
            return (pixel_width, pixel_height), None if pixel_width == pixel_height else "PixelAspectRatio"
        if self._size_source is None:
            return (1.0, 1.0), None
        return (pixel_width / x, pixel_height / y), "PixelSpacing"

    def create_clipped_image(self, left, top, width=0, height=0, p_value=0):
        """Return a rectangle of the image; what lies beyond the image becomes a border.

        Parameters
        ----------
        left, top : int
            In pixels; may be negative.
        width, height : int, optional
            0: all that follows.
        p_value : int, optional
            Of the border, 0 to 65535; color images have a black one.

        Returns
        -------
        DicomImage

        Raises
        ------
        ValueError
            Nothing is left.
        """
        return self.create_scaled_image(clip=(left, top, width, height), p_value=p_value)

    # -- orientation -------------------------------------------------------------------------------

    def flip_image(self, horizontal=True, vertical=False):
        """Mirror this image.

        Parameters
        ----------
        horizontal : bool, optional
            Left becomes right.
        vertical : bool, optional
            Top becomes bottom.

        Returns
        -------
        bool
            Whether that changes anything.

        Raises
        ------
        ValueError
            Neither is asked for.
        """
        horizontal, vertical = self._axes(horizontal, vertical)
        if not (horizontal or vertical):
            return False
        size = self.width, self.height
        data = _geometry.flip(self._planes_first(self._pixels.everything()), horizontal, vertical)
        self._overlay_sets = self._changed_overlays(
            lambda planes: planes.flipped(horizontal, vertical, *size)
        )
        self._become(data)
        return True

    def _axes(self, horizontal, vertical):
        if not (horizontal or vertical):
            raise ValueError("horizontal or vertical, or both, must be asked for")
        return bool(horizontal) and self.width > 1, bool(vertical) and self.height > 1

    def create_flipped_image(self, horizontal=True, vertical=False):
        """Return a mirrored image; parameters as :meth:`flip_image`.

        Parameters
        ----------
        horizontal, vertical : bool, optional

        Returns
        -------
        DicomImage
        """
        axes = self._axes(horizontal, vertical)
        data = _geometry.flip(self._planes_first(self._pixels.everything()), *axes)
        sets = self._changed_overlays(lambda planes: planes.flipped(*axes, self.width, self.height))
        return self._oriented(data, sets)

    def rotate_image(self, degrees):
        """Turn this image clockwise.

        Parameters
        ----------
        degrees : int
            A multiple of 90 from -360 to 360.

        Returns
        -------
        bool
            Whether that changes anything.

        Raises
        ------
        ValueError
            Another angle.
        """
        planes = self._planes_first(self._pixels.everything())
        data = _geometry.rotate(planes, degrees)
        if degrees % 360 == 0 or self.width * self.height <= 1:
            return False
        if self._options.is_dcmtk and 1 in planes.shape[-2:]:
            data = planes.reshape(data.shape)  # DCMTK turns the size of a single line, not its samples
        self._overlay_sets = self._changed_overlays(
            lambda each: each.rotated(degrees, self.width, self.height)
        )
        self._become(data)
        self._pixel_size = self._turned_size(degrees)
        return True

    def _turned_size(self, degrees):
        return self._pixel_size[::-1] if degrees % 180 else self._pixel_size

    def create_rotated_image(self, degrees):
        """Return the image turned clockwise.

        Parameters
        ----------
        degrees : int
            A multiple of 90 from -360 to 360.

        Returns
        -------
        DicomImage

        Raises
        ------
        ValueError
            Another angle.
        """
        data = _geometry.rotate(self._planes_first(self._pixels.everything()), degrees)
        sets = self._changed_overlays(lambda planes: planes.rotated(degrees, self.width, self.height))
        return self._oriented(data, sets, _pixel_size=self._turned_size(degrees))

    def _oriented(self, data, sets, **state):
        """DCMTK forgets smallest and largest value of images it creates this way."""
        extremes = (0, 0) if self._options.is_dcmtk and self.is_monochrome else None
        pixels = self._pixels.derived(self._planes_back(np.ascontiguousarray(data)), extremes)
        return self._derived(pixels, _overlay_sets=sets, **state)

    def _become(self, data):
        extremes = self._pixels.min_max if self.is_monochrome else None
        self._pixels = self._pixels.derived(self._planes_back(np.ascontiguousarray(data)), extremes)
        self._is_original = False
        self._forget_steps()

    def _planes_first(self, data):
        """(frames, [3,] rows, columns): what everything() gives."""
        return data

    def _planes_back(self, data):
        """As ArrayFrames has them: samples last."""
        return np.moveaxis(data, 1, -1) if data.ndim == 4 else data

    # -- monochrome --------------------------------------------------------------------------------

    def create_monochrome_image(self, red=0.299, green=0.587, blue=0.114):
        """Return a MONOCHROME2 image of a color one; of a monochrome one a copy.

        Parameters
        ----------
        red, green, blue : float, optional
            How much of each.

        Returns
        -------
        DicomImage

        Raises
        ------
        ValueError
            YCbCr was kept.
        """
        if self.is_monochrome:
            return self.create_dicom_image()
        if not self._pixels.is_rgb:
            raise ValueError("an image of YCbCr values has no red, green and blue")
        planes = self._pixels.everything()
        parts = [planes[:, index].astype(np.float64) * part for index, part in enumerate((red, green, blue))]
        values = parts[0] + parts[1] + parts[2]
        return self._as_monochrome(values, self._depth)

    def create_mono_output_image(self, frame=0, bits=0):
        """Return a MONOCHROME2 image of one frame as it is rendered.

        Parameters
        ----------
        frame : int, optional
        bits : int, optional
            0: :attr:`depth`.

        Returns
        -------
        DicomImage

        Raises
        ------
        ValueError
            The image is not monochrome.
        """
        self._only_monochrome()
        frame, bits = self._frame_index(frame), self._bits(bits)
        picture = self.output_data(bits, frame)[None]
        return self._as_monochrome(picture, bits, (0, 0), _first=frame, _count=1)

    def _as_monochrome(self, values, bits, extremes=None, **state):
        from turbodicom._dicom_image_frames import ArrayFrames
        from turbodicom._dicom_image_modality import modality_of_bits
        from turbodicom._dicom_image_mono import DcmtkMono

        modality = modality_of_bits(bits)
        if self._options.is_dcmtk:
            dtype = self._pixels.dtype if extremes is None else values.dtype
            values = values.astype(np.int64).astype(dtype)
            pixels = DcmtkMono(ArrayFrames(values), modality, self._options, False, extremes)
            pixels.input_count = self._pixels.input_count if extremes is None else 0
        else:
            from turbodicom._dicom_image_standard import StandardMono

            pixels = StandardMono.of_array(values, modality, self._options)
        image = self._derived(
            pixels, _modality=modality, _overlay_sets=(OverlayPlanes(), OverlayPlanes()), **state
        )
        image._interpretation = "MONOCHROME2"
        image._window = image._voi_lut = image._presentation_lut = image._display = None
        image._voi_explanation, image._voi_function = "", "default"
        image._window_count = image._voi_lut_count = 0
        image._shape = "identity" if self._options.use_presentation_state else "default"
        return image
