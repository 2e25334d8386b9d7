# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Kinds of picture files, their endings, and how one frame becomes one of them."""

import io
import os
import sys
from dataclasses import dataclass

import turbodicom as td
from turbodicom.cli._common import whole_file

_BY_ENDING = {
    "bmp": "bmp",
    "jpg": "jpeg",
    "jpeg": "jpeg",
    "pgm": "pnm",
    "pnm": "pnm",
    "ppm": "pnm",
    "png": "png",
    "tif": "tiff",
    "tiff": "tiff",
}
_ENDINGS = {"bmp": "bmp", "jpeg": "jpg", "png": "png", "tiff": "tif"}
_WRITERS = {
    "pnm": "write_raw_ppm",
    "text": "write_ppm",
    "bmp": "write_bmp",
    "png": "write_png",
    "tiff": "write_tiff",
}
_PIXEL_AS_IT_IS = 0  # bits of a BMP


@dataclass(frozen=True)
class OutputFormat:
    """A kind of file.

    Attributes
    ----------
    kind : {"pnm", "text", "bmp", "png", "tiff", "jpeg"}
    bits : int
        Of a sample, or for BMP of a pixel, 0: as the image has it.
    """

    kind: str
    bits: int = 8

    @classmethod
    def of(cls, options, name):
        """Choose by the options, else by the ending of the file; `name` None: stdout."""
        chosen = options.format
        if isinstance(chosen, tuple):
            return cls(*chosen)
        if chosen != "auto":
            return cls(chosen)
        if name is None:
            return cls("text", 8)
        kind = _BY_ENDING.get(os.path.splitext(name)[1][1:].lower(), "pnm")
        return cls(kind, _PIXEL_AS_IT_IS if kind == "bmp" else 8)

    def ending(self, image):
        """Return the ending of numbered files."""
        return _ENDINGS.get(self.kind) or ("pgm" if image.is_monochrome else "ppm")

    def encode(self, image, frame, options):
        """Return the bytes of a file.

        Parameters
        ----------
        image : DicomImage
        frame : int
            From 0, among those of the image.
        options : namespace

        Returns
        -------
        bytes

        Raises
        ------
        turbodicom.Error
            The frame cannot be decoded, or not be put into such a file.
        """
        if self == OutputFormat("bmp", 8) and not image.is_monochrome:
            raise td.UnsupportedError("an 8-bit BMP has no colours (+obt and +obr have)")
        buffer = io.BytesIO()
        if self.kind == "jpeg":
            image.write_jpeg(buffer, frame, **_jpeg_options(image, options))
        else:
            getattr(image, _WRITERS[self.kind])(buffer, self.bits, frame)
        return buffer.getvalue()


def _jpeg_options(image, options):
    """What the encoder takes: 1 is its lowest quality, and grey is not subsampled."""
    chosen = {"quality": max(1, options.quality)}
    return chosen if image.is_monochrome else chosen | {"subsampling": options.subsampling}


def output_name(target, number, output_format, image):
    """Return the name of the file of one of several frames: ``OUT.0.pgm``."""
    return f"{target}.{number}.{output_format.ending(image)}"


def write(content, name):
    """Write a file, whole or not at all; None: to stdout. Devices and pipes are written to, not replaced.

    Raises
    ------
    OSError
        With `name` as its file name.
    """
    if name is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    is_device = os.path.exists(name) and not os.path.isfile(name)
    try:
        with open(name, "wb") if is_device else whole_file(name) as file:
            file.write(content)
    except OSError as error:
        error.filename = name
        raise
