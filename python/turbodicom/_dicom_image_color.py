# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Color pixels with DCMTK's numbers: RGB, PALETTE COLOR, YBR, and the retired HSV, ARGB and CMYK.

Intermediate data are three planes of unsigned integers (PS3.3 C.7.6.3.1.2 says what the interpretations mean);
:func:`scaled` takes them to the depth of the output. Arithmetic as in ``DiColorPixelTemplate`` and its heirs of
DCMTK 3.6.7: doubles cut to integers, for eight-bit YBR_FULL four tables of 256.
"""

from functools import cached_property

import numpy as np

from turbodicom._dicom_image_frames import ArrayFrames
from turbodicom._dicom_image_mono import apply_table
from turbodicom._dicom_image_tables import Table, read_table
from turbodicom.errors import ConformanceError

__all__ = ["DcmtkColor", "palettes_of", "scaled"]

_COLORS = ("Red", "Green", "Blue")
_FULL = ((1.0, 1.4020, 0.7010), (1.0, 0.3441, 0.7141, 0.5291), (1.0, 1.7720, 0.8859))
_PARTIAL = ((1.1631, 1.5969, 0.8713), (1.1631, 0.3913, 0.8121, 0.5290), (1.1631, 2.0177, 1.0820))


def palettes_of(dataset, options):
    """Read the three palettes of a data set.

    Parameters
    ----------
    dataset : Dataset
    options : Options

    Returns
    -------
    list of Table

    Raises
    ------
    ConformanceError
        One of them is absent or incomplete; in ``mode="dcmtk"`` segmented ones count as absent.
    """
    mode = "check" if options.check_lut_bit_depth else "use"
    large = "Large" if options.wrong_palette_tags else ""
    tables = []
    for color in _COLORS:
        names = (
            f"{large}{color}PaletteColorLookupTableDescriptor",
            f"{large}{color}PaletteColorLookupTableData",
        )
        table = read_table(dataset, names, mode)
        if table is None and not options.is_dcmtk:
            table = _segmented(dataset, color)
        if table is None:
            raise ConformanceError(f"palette: {names[0]} or its data are absent or incomplete (PS3.3 C.7.9)")
        tables.append(table)
    return tables


def _segmented(dataset, color):
    """A palette of segments (PS3.3 C.7.9.2), or None."""
    from turbodicom import _stage_attributes

    data, descriptor = (f"{name}PaletteColorLookupTable" for name in (f"Segmented{color}", color))
    if f"{data}Data" not in dataset or f"{descriptor}Descriptor" not in dataset:
        return None
    tags = (dataset.element(keyword).tag for keyword in (f"{descriptor}Descriptor", f"{data}Data"))
    table = _stage_attributes.read_table(_stage_attributes.Place(dataset), [], 0, 0, *tags, segmented=True)
    return Table(table.first & 0xFFFF, table.bits, table.entries)


class DcmtkColor:
    """Color pixels of a data set or of another image.

    Parameters
    ----------
    frames : StoredFrames or ArrayFrames
        Samples as coded, or finished RGB.
    kind : str
        What they are: a Photometric Interpretation in DCMTK's letters, ``"RGB"`` for finished ones.
    options : Options
    palettes : list of Table, optional
    is_subsampled : bool, optional
        Whether chroma was stored for every other pixel only.
    bits : int, optional
        Of a sample; default is that of `frames`.
    """

    samples = 3

    def __init__(self, frames, kind, options, palettes=None, bits=None):
        self.frames, self.kind, self.options, self.palettes = frames, kind, options, palettes
        self.rows, self.columns, self.count = frames.rows, frames.columns, frames.count
        self.is_original = not isinstance(frames, ArrayFrames)
        self.bits = bits if bits is not None else self._own_bits()
        if self.is_original and frames.samples != _samples_of(kind):
            raise ConformanceError(
                f"pixels: {kind} does not have {frames.samples} samples (PS3.3 C.7.6.3.1.2)"
            )

    def _own_bits(self):
        if self.kind == "PALETTECOLOR":
            return max(table.bits for table in self.palettes)
        if self.kind == "ARGB":
            return max(self.frames.type.bits, *(table.bits for table in self.palettes))
        return self.frames.type.bits

    @cached_property
    def dtype(self):
        """Unsigned, of the size the samples have."""
        if not self.is_original:
            return self.frames.array.dtype
        if self.palettes:
            return np.dtype(np.uint8 if self.bits <= 8 else np.uint16)
        bits = self.frames.type.bits
        return np.dtype(np.uint8 if bits <= 8 else np.uint16 if bits <= 16 else np.uint32)

    @cached_property
    def input_count(self):
        """Pixels that really exist."""
        total = self.rows * self.columns * self.count
        missing = self.frames.input_pixels
        return total if missing is None else min(missing, total)

    @property
    def is_rgb(self):
        """Whether planes are red, green and blue, and not luminance and chroma kept on request."""
        return not (self.kind in ("YBRFULL", "YBRFULL422") and self.options.keep_ycbcr)

    def derived(self, array, extremes=None):
        """Return the same of other planes, (frames, rows, columns, 3)."""
        made = DcmtkColor(ArrayFrames(array), self.kind, self.options, bits=self.bits)
        made.input_count = self.input_count  # DCMTK goes on saying what the file had
        return made

    # -- intermediate data -------------------------------------------------------------------------

    def inter(self, index, out=None):
        """Write the three planes of one frame to `out`, (3, rows, columns) of :attr:`dtype`."""
        if out is None:
            out = np.empty((3, self.rows, self.columns), self.dtype)
        self.frames.use(index, lambda frame: self._convert(frame, out))
        self._clear_missing(index, out)
        return out

    def everything(self):
        """Return the planes of all frames, (frames, 3, rows, columns)."""
        out = np.empty((self.count, 3, self.rows, self.columns), self.dtype)
        for index in range(self.count):
            self.inter(index, out[index])
        return out

    def _clear_missing(self, index, out):
        present = self.frames.input_pixels
        if present is not None:
            pixels = self.rows * self.columns
            out.reshape(3, -1)[:, min(max(present - index * pixels, 0), pixels) :] = 0

    def _convert(self, frame, out):
        if not self.is_original or (self.kind == "RGB" and not self.frames.type.is_signed):
            out[...] = np.moveaxis(frame, -1, 0)
        elif self.kind == "PALETTECOLOR":
            self._look_up(frame, out)
        elif self.kind == "ARGB":
            self._convert_argb(frame, out)
        else:
            self._convert_planes([self._unsigned(frame[..., i]) for i in range(frame.shape[-1])], out)

    def _convert_planes(self, planes, out):
        largest = (1 << self.bits) - 1
        if self.kind == "RGB" or not self.is_rgb:
            out[...] = planes
        elif self.kind == "YBRFULL" and self.bits == 8 and not self.frames.type.is_signed:
            _full_by_tables(planes, out)
        elif self.kind in ("YBRFULL", "YBRFULL422"):
            _rgb_of_ybr(planes, _FULL, largest, out)
        elif self.kind == "YBRPARTIAL422":
            _rgb_of_ybr(planes, _PARTIAL, largest, out)
        elif self.kind == "HSV":
            _rgb_of_hsv(planes, largest, out)
        else:  # CMYK
            for plane in range(3):
                out[plane] = (largest - planes[plane] - planes[3]).astype(out.dtype)

    def _unsigned(self, plane):
        """Samples without sign, wide."""
        stored = self.frames.type
        if not stored.is_signed:
            return plane.astype(np.int64)
        if stored.bits > 16:
            return plane.astype(np.uint32).astype(np.int64) ^ ((1 << (stored.bits - 1)) - 1)
        return (plane.astype(np.int64) + (1 << (stored.bits - 1))) & ((1 << (8 * plane.dtype.itemsize)) - 1)

    def _look_up(self, indexes, out):
        for plane, table in enumerate(self.palettes):
            first = table.first_input(self.frames.type.is_signed)
            apply_table(indexes, first, table.entries.astype(out.dtype), out[plane])

    def _convert_argb(self, frame, out):
        """Where alpha is set, it is an index into the palettes (PS3.3-2004 C.7.6.3.1.2)."""
        alpha = frame[..., 0]
        colors = np.empty_like(out)
        self._look_up(alpha, colors)
        for plane in range(3):
            out[plane] = np.where(alpha > 0, colors[plane], self._unsigned(frame[..., plane + 1]))

    # -- output ------------------------------------------------------------------------------------

    def render(self, index, bits, inverse, planar, out):
        """Write one frame with `bits` bits a sample to `out`, interleaved or planar."""
        target = out if planar else np.moveaxis(out, -1, 0)
        if bits == self.bits and not inverse and self.dtype == out.dtype and self.is_plain:
            self.frames.use(index, lambda frame: np.copyto(target, np.moveaxis(frame, -1, 0)))
        else:
            target[...] = scaled(self.inter(index), self.bits, bits, inverse, out.dtype)

    @property
    def is_plain(self):
        """Whether the samples of `frames` are the intermediate data."""
        if not self.is_original:
            return True
        return self.kind == "RGB" and not self.frames.type.is_signed and self.frames.input_pixels is None


def _samples_of(kind):
    return {"PALETTECOLOR": 1, "ARGB": 4, "CMYK": 4}.get(kind, 3)


def scaled(planes, from_bits, to_bits, inverse, dtype):
    """Take samples from one depth to another.

    Parameters
    ----------
    planes : ndarray of unsigned integers
    from_bits, to_bits : int
    inverse : bool
        Exchange black and white.
    dtype : dtype
        Of the result.

    Returns
    -------
    ndarray
    """
    largest = (1 << to_bits) - 1
    if from_bits > to_bits:
        values = planes >> (from_bits - to_bits)
    elif from_bits == to_bits:
        values = planes
    else:
        factor = float(largest) / float((1 << from_bits) - 1)
        whole = factor == int(factor)
        values = (
            planes.astype(np.int64) * int(factor) if whole else (planes * np.float64(factor)).astype(np.int64)
        )
    values = values.astype(dtype)
    return np.subtract(dtype.type(largest), values) if inverse else values


def _clamped(values, largest):
    return np.clip(values, 0, largest).astype(np.int64)


def _rgb_of_ybr(planes, factors, largest, out):
    """YCbCr to RGB in doubles: PS3.3 C.7.6.3.1.2."""
    y, cb, cr = (plane.astype(np.float64) for plane in planes)
    (ry, rr, r0), (gy, gb, gr, g0), (by, bb, b0) = factors
    largest = float(largest)
    out[0] = _clamped(ry * y + rr * cr - r0 * largest, largest)
    out[1] = _clamped(gy * y - gb * cb - gr * cr + g0 * largest, largest)
    out[2] = _clamped(by * y + bb * cb - b0 * largest, largest)


def _full_by_tables(planes, out):
    """The same for eight bits: what each chroma adds is cut to an integer of its own."""
    y, cb, cr = planes
    chroma = np.arange(256, dtype=np.float64)
    out[0] = _clamped(y + (1.4020 * chroma - 0.7010 * 255.0).astype(np.int64)[cr], 255)
    green = (
        y - (0.3441 * chroma).astype(np.int64)[cb] - (0.7141 * chroma - 0.5291 * 255.0).astype(np.int64)[cr]
    )
    out[1] = _clamped(green, 255)
    out[2] = _clamped(y + (1.7720 * chroma - 0.8859 * 255.0).astype(np.int64)[cb], 255)


def _rgb_of_hsv(planes, largest, out):
    hue, saturation, value = (plane.astype(np.float64) for plane in planes)
    h = hue * 6 / (float(largest) + 1)
    s, v = saturation / largest, value / largest
    sector = h.astype(np.int64)
    rest = h - sector
    p, q, t = ((largest * v * part).astype(np.int64) for part in (1 - s, 1 - s * rest, 1 - s * (1 - rest)))
    value = planes[2]
    grey = planes[1] == 0
    choices = ((value, q, p, p, t, value), (t, value, value, q, p, p), (p, p, t, value, value, q))
    for plane, parts in enumerate(choices):
        out[plane] = np.where(grey, value, np.choose(np.clip(sector, 0, 5), parts))
