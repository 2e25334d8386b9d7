# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Arrays as picture files: PNG, PGM/PPM, BMP, TIFF, JPEG.

>>> from turbodicom import pictures
>>> pictures.write_picture("hand.png", array)    # doctest: +SKIP
"""

from turbodicom._picture_files import bmp_bytes, jpeg_bytes, png_bytes, ppm_bytes, tiff_bytes, write_picture

__all__ = ["bmp_bytes", "jpeg_bytes", "png_bytes", "ppm_bytes", "tiff_bytes", "write_picture"]
