# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Out of a DicomImage: bitmaps for windowing systems, picture files, attributes of a pydicom data set."""

import numpy as np

from turbodicom import _picture_files
from turbodicom._atomic_file import AtomicFile

__all__ = ["WriterMethods"]

_RAW_BITS = 8  # of writeRawPPM


class WriterMethods:
    """Mixed into :class:`turbodicom.DicomImage`."""

    # -- bitmaps -----------------------------------------------------------------------------------

    def create_windows_dib(self, frame=0, bits=24, upside_down=False, padding=True):
        """Render a frame as a Windows device-independent bitmap.

        Parameters
        ----------
        frame : int, optional
        bits : {8, 24, 32}, optional
            Of a pixel: grey (monochrome images only); blue, green, red; the same and 0.
        upside_down : bool, optional
            Last line first.
        padding : bool, optional
            Fill lines up to four bytes.

        Returns
        -------
        ndarray of uint8, shape (rows, bytes)

        Raises
        ------
        ValueError
            Another number of bits, or YCbCr was kept.
        """
        picture = self._eight_bits(frame, bits, (8, 24, 32))
        picture = picture[::-1] if upside_down else picture
        if bits == 8:
            pixels = picture[..., None]
        else:
            colors = picture[..., None] if self.is_monochrome else picture[..., ::-1]
            pixels = np.zeros((*picture.shape[:2], bits // 8), np.uint8)
            pixels[..., :3] = colors
        lines = pixels.reshape(len(pixels), -1)
        gap = -lines.shape[1] % 4 if padding else 0
        return np.pad(lines, ((0, 0), (0, gap))) if gap else np.ascontiguousarray(lines)

    def create_java_awt_bitmap(self, frame=0, bits=32):
        """Render a frame as Java's AWT takes it.

        Parameters
        ----------
        frame : int, optional
        bits : {8, 32}, optional
            Grey (monochrome images only), or red, green and blue from the highest byte on and 0.

        Returns
        -------
        ndarray of uint8 or uint32, shape (rows, columns)

        Raises
        ------
        ValueError
            Another number of bits, or YCbCr was kept.
        """
        picture = self._eight_bits(frame, bits, (8, 32))
        if bits == 8:
            return picture
        wide = picture.astype(np.uint32)
        red, green, blue = (wide,) * 3 if self.is_monochrome else np.moveaxis(wide, -1, 0)
        return red << 24 | green << 16 | blue << 8

    def _eight_bits(self, frame, bits, allowed):
        """Rendered with eight bits; color without polarity, as DCMTK makes bitmaps."""
        if bits not in allowed or (bits == 8 and not self.is_monochrome):
            raise ValueError(f"bits must be one of {allowed}, and not 8 for color, not {bits!r}")
        if self.is_monochrome:
            return self.output_data(8, frame)
        self._only_rgb()
        was = self._polarity
        try:
            self._polarity = "normal" if self._options.is_dcmtk else was
            return self.output_data(8, frame)
        finally:
            self._polarity = was

    def _only_rgb(self):
        if not self.is_monochrome and not self._pixels.is_rgb:
            raise ValueError("an image of YCbCr values cannot be shown; leave keep_ycbcr at False")

    @staticmethod
    def create_12_bit_packed_bitmap(pixels):
        """Pack values of 12 bits, two in three bytes, for printers.

        Parameters
        ----------
        pixels : array of uint16

        Returns
        -------
        ndarray of uint8
            The last byte filled with 0.
        """
        values = np.asarray(pixels, np.uint16).reshape(-1) & 0xFFF
        pairs = np.zeros(len(values) + len(values) % 2, np.uint16)
        pairs[: len(values)] = values
        first, second = pairs[0::2], pairs[1::2]
        packed = np.stack([first & 0xFF, first >> 8 | (second & 0xF) << 4, second >> 4], axis=-1)
        data = packed.astype(np.uint8).reshape(-1)[: (len(values) * 12 + 7) // 8]
        return np.pad(data, (0, len(data) % 2))

    # -- picture files -----------------------------------------------------------------------------

    def _picture(self, frame, bits):
        self._only_rgb()
        return self.output_data(bits, frame)

    def write_ppm(self, target, bits=0, frame=0):
        """Write a frame as PGM or PPM in ASCII.

        Parameters
        ----------
        target : path or binary file object
        bits : int, optional
            0: :attr:`depth`.
        frame : int, optional
        """
        _save(target, _picture_files.ppm_bytes(self._picture(frame, bits), bits=self._bits(bits), raw=False))

    def write_raw_ppm(self, target, bits=8, frame=0):
        """Write a frame as binary PGM or PPM.

        Parameters
        ----------
        target : path or binary file object
        bits : int, optional
            1 to 8, or 0: :attr:`depth`.
        frame : int, optional

        Raises
        ------
        ValueError
            More than 8 bits.
        """
        bits = self._bits(bits)
        if bits > _RAW_BITS:
            raise ValueError(f"bits must be at most {_RAW_BITS}, not {bits}")
        _save(target, _picture_files.ppm_bytes(self._picture(frame, bits), bits=bits))

    def write_bmp(self, target, bits=0, frame=0):
        """Write a frame as a Windows bitmap.

        Parameters
        ----------
        target : path or binary file object
        bits : {0, 8, 24, 32}, optional
            Of a pixel; 0: 8 for monochrome, 24 for color.
        frame : int, optional

        Raises
        ------
        ValueError
            Another number of bits.
        """
        picture = self._eight_bits(frame, bits or (8 if self.is_monochrome else 24), (8, 24, 32))
        _save(target, _picture_files.bmp_bytes(picture, bits=bits or None))

    def write_png(self, target, bits=8, frame=0):
        """Write a frame as PNG.

        Parameters
        ----------
        target : path or binary file object
        bits : {8, 16}, optional
            Of a sample.
        frame : int, optional

        Raises
        ------
        ValueError
            Another number of bits.
        """
        if bits not in (8, 16):
            raise ValueError(f"bits must be 8 or 16, not {bits!r}")
        _save(target, _picture_files.png_bytes(self._picture(frame, bits)))

    def write_tiff(self, target, bits=8, frame=0):
        """Write a frame as TIFF; parameters as :meth:`write_png`.

        Parameters
        ----------
        target : path or binary file object
        bits : {8, 16}, optional
        frame : int, optional

        Raises
        ------
        ValueError
            Another number of bits.
        """
        if bits not in (8, 16):
            raise ValueError(f"bits must be 8 or 16, not {bits!r}")
        _save(target, _picture_files.tiff_bytes(self._picture(frame, bits)))

    def write_jpeg(self, target, frame=0, **options):
        """Write a frame as baseline JPEG.

        Parameters
        ----------
        target : path or binary file object
        frame : int, optional
        **options
            Of the encoder, as quality.
        """
        _save(target, _picture_files.jpeg_bytes(self._picture(frame, 8), **options))

    def _repr_png_(self):
        """The first frame, for notebooks."""
        return _picture_files.png_bytes(self._picture(0, 8))

    # -- data sets ---------------------------------------------------------------------------------

    def write_frame_to_dataset(self, dataset, bits=0, frame=0, planar=False):
        """Put a rendered frame and its Image Pixel module into a pydicom data set.

        Parameters
        ----------
        dataset : pydicom.Dataset
            Changed: rescale becomes 0 and 1, window and VOI LUT the full range, Pixel Spacing or Pixel Aspect Ratio
            follow the image; palettes and overlays without data go.
        bits : int, optional
            0: :attr:`depth`.
        frame : int, optional
        planar : bool, optional
            Planar Configuration of color images.
        """
        from turbodicom._dicom_image_datasets import put_frame

        put_frame(self, dataset, self._bits(bits), frame, planar)

    def write_image_to_dataset(self, dataset, possible=False, planar=None):
        """Put the intermediate data of all frames and their Image Pixel module into a pydicom data set.

        Parameters
        ----------
        dataset : pydicom.Dataset
            Changed.
        possible : bool, optional
            Bits Stored for the values that are possible, not for those that occur (monochrome).
        planar : bool, optional
            Planar Configuration of color images; None: as in the original.

        Raises
        ------
        ValueError
            Floating-point intermediate data (``mode="standard"``) do not fit Pixel Data.
        """
        from turbodicom._dicom_image_datasets import put_image

        put_image(self, dataset, possible, planar)


def _save(target, data):
    if hasattr(target, "write"):
        target.write(data)
        return
    with AtomicFile(target) as file:
        file.write(data)
