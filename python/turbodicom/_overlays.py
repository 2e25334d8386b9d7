# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Overlay planes of a data set: reading groups 6000 to 601E, and packing for (60xx,3000).

Begin at `overlays_of` (PS3.3 C.9.2; PS3.5 8.1.2). Planes embedded in unused bits of Pixel Data are retired and still
read, from native pixel data. `_overlay_drawing` draws them, `_overlay_planes` holds those of a ``DicomImage``.
"""

from dataclasses import dataclass, replace

import numpy as np

from turbodicom import _core
from turbodicom._types import Issue, Tag
from turbodicom.errors import ConformanceError, Error, TruncatedDataError, UnsupportedError

__all__ = ["Overlay", "as_dcmtk_reads", "overlays_of", "packed"]

GROUPS = range(0x6000, 0x6020, 2)  # sixteen planes at most (PS3.5 7.6)


@dataclass(frozen=True, eq=False)
class Overlay:
    """One overlay plane.

    Attributes
    ----------
    group : int
        0x6000 to 0x601E.
    planes : ndarray of uint8, shape (frames, rows, columns)
        0 and 1.
    origin : (int, int)
        Row and column of the image, both from 1, at which the first sample lies.
    type : str
        ``"G"`` (graphics), ``"R"`` (region of interest), or empty.
    subtype, label, description : str
    number_of_frames : int or None
        Number of Frames in Overlay as the file has it; None: the plane belongs to every frame of the image.
    first_frame : int
        Frame of the image, from 1, to which the first one of the overlay belongs.
    roi_area, roi_mean, roi_standard_deviation : int, float, float; or None
        As the file says.
    is_embedded : bool
        It stood in unused bits of Pixel Data.
    notes : tuple of str
        Codes of the rules that were needed: ``"overlay_origin"`` (not two numbers; 1 taken for what is missing),
        ``"overlay_bits_allocated"`` and ``"overlay_bit_position"`` (wrong; what the data has is taken); the same with
        ``"_missing"``.
    """

    group: int
    planes: np.ndarray
    origin: tuple = (1, 1)
    type: str = "G"
    subtype: str = ""
    label: str = ""
    description: str = ""
    number_of_frames: int | None = None
    first_frame: int = 1
    roi_area: int | None = None
    roi_mean: float | None = None
    roi_standard_deviation: float | None = None
    is_embedded: bool = False
    notes: tuple = ()

    @property
    def frames(self):
        """Frames of the overlay."""
        return self.planes.shape[0]

    @property
    def rows(self):
        """Rows of the overlay."""
        return self.planes.shape[1]

    @property
    def columns(self):
        """Columns of the overlay."""
        return self.planes.shape[2]

    @property
    def default_mode(self):
        """How it is drawn when nobody says how: ``"region_of_interest"`` or ``"replace"``."""
        return "region_of_interest" if self.type == "R" else "replace"

    @property
    def is_multiframe(self):
        """Whether each frame of the image has its own plane, or none; else one plane is for all."""
        return self.number_of_frames is not None or (self.is_embedded and self.frames > 1)

    def plane_of(self, frame):
        """Return the plane that belongs to a frame of the image.

        Parameters
        ----------
        frame : int
            From 0.

        Returns
        -------
        ndarray of uint8, shape (rows, columns), or None
            None: no frame of the overlay belongs to it.

        Notes
        -----
        Source: PS3.3 C.9.3 (multi-frame overlays); without Number of Frames in Overlay a plane is for all frames
        (CP-1974), an embedded one has a frame in every frame.
        """
        if not self.is_multiframe:
            return self.planes[0]
        index = frame - (self.first_frame - 1)
        return self.planes[index] if 0 <= index < self.frames else None


    def draw(self, picture, frame=0, mode="default", foreground=1.0, threshold=1.0, **options):
        """Draw the plane into a picture, in place.

        Parameters
        ----------
        picture : ndarray, shape (rows, columns) or (rows, columns, samples), unsigned integers or floats
            What is to be shown, for example ``ds.pixels(values="presentation")``; changed.
        frame : int
            Of the image, from 0.
        mode : {"default", "replace", "threshold_replace", "complement", "invert_bitmap", "region_of_interest", \
                "bitmap_shutter"}
            ``"replace"`` draws the foreground; ``"threshold_replace"`` does so where the picture is at most the threshold,
            and 1 elsewhere; ``"complement"`` draws the maximum on dark pixels and 0 on the others; ``"invert_bitmap"``
            draws the foreground where the plane is 0; ``"region_of_interest"`` darkens what is not in the region;
            ``"default"``: what the overlay's type says.
        foreground, threshold : float
            0 (dark) to 1 (bright).
        **options
            `maximum`: what 1 stands for, default the largest value of the dtype, of floats 1; `value`: to draw in place of
            ``foreground * maximum``; `offset`: row and column of the image, from 0, at which the picture begins.

        Returns
        -------
        ndarray
            `picture`.

        Raises
        ------
        ValueError
            No such mode, or a picture of another dtype or shape.
        """
        from turbodicom._overlay_drawing import draw

        return draw(picture, self, frame, mode, foreground, threshold, **options)


# -- reading --------------------------------------------------------------------------------------------------


def overlays_of(dataset, raw_stored=None, *, on_error="raise", report=None):
    """Read the overlay planes of a data set.

    Parameters
    ----------
    dataset : Dataset
    raw_stored : ndarray of integers, shape (rows, columns) or (frames, rows, columns), optional
        Pixel Data before unused bits are cleaned, for embedded planes; by default read from native pixel data.
    on_error : {"raise", "report"}, optional
        With ``"report"`` a plane that cannot be read is left out.
    report : list, optional
        Gets an Issue for each plane left out, and for each rule that was needed.

    Returns
    -------
    list of Overlay
        In the order of their groups.

    Raises
    ------
    TruncatedDataError
        Overlay Data or Pixel Data is too short.
    ConformanceError
        A required attribute is missing or impossible.
    UnsupportedError
        An embedded plane in compressed pixel data.
    ValueError
        `on_error` is something else.

    Notes
    -----
    Source: PS3.3 C.9.2; PS3.5 8.1.2.
    """
    if on_error not in ("raise", "report"):
        raise ValueError(f"on_error must be 'raise' or 'report', not {on_error!r}")
    report = [] if report is None else report
    found = []
    for group in GROUPS:
        if not _has_overlay(dataset, group):
            continue
        try:
            overlay = _Reader(dataset, group).read(raw_stored)
        except Error as error:
            if on_error == "raise":
                raise
            report.append(Issue("overlay_left_out", str(error), error.offset or 0, error.where))
        else:
            found.append(overlay)
            where = f"group {group:04X}"
            report += [Issue(code, "a rule was needed (PS3.3 C.9.2)", 0, where) for code in overlay.notes]
    return found


def _has_overlay(dataset, group):
    return any(dataset.get((group, element)) not in (None, "", b"") for element in (0x0010, 0x0011, 0x3000))


class _Reader:
    """Reads one group; `notes` gathers the rules that were needed."""

    def __init__(self, dataset, group):
        self.dataset = dataset
        self.group = group
        self.notes = []

    def read(self, raw_stored):
        rows, columns = self._size(0x0010), self._size(0x0011)
        number_of_frames = self._integer(0x0015)
        data = self._data()
        if data is None:
            planes = self._embedded(rows, columns, raw_stored)
        else:
            self._expect(0x0100, 1, "overlay_bits_allocated")
            self._expect(0x0102, 0, "overlay_bit_position")
            planes = self._unpacked(data, rows, columns, max(number_of_frames or 1, 1))
        return Overlay(
            group=self.group,
            planes=planes,
            origin=self._origin(),
            type=self._text(0x0040),
            subtype=self._text(0x0045),
            label=self._text(0x1500),
            description=self._text(0x0022),
            number_of_frames=number_of_frames,
            first_frame=1 if data is None else max(self._integer(0x0051) or 1, 1),
            roi_area=self._integer(0x1301),
            roi_mean=self._number(0x1302),
            roi_standard_deviation=self._number(0x1303),
            is_embedded=data is None,
            notes=tuple(self.notes),
        )

    # -- elements --

    def _where(self, element):
        return str(Tag(self.group << 16 | element))

    def _first(self, element):
        value = self.dataset.get((self.group, element))
        return value[0] if isinstance(value, list) and value else value

    def _integer(self, element):
        value = self._first(element)
        return int(value) if isinstance(value, int) else None

    def _number(self, element):
        value = self._first(element)
        return float(value) if isinstance(value, (int, float)) else None

    def _text(self, element):
        value = self._first(element)
        return value if isinstance(value, str) else ""

    def _size(self, element):
        value = self._integer(element)
        if value is None or value < 1:
            what = "missing or not a number" if value is None else "zero"
            where = self._where(element)
            raise ConformanceError(
                f"overlay: {where} is {what}, expected 1 to 65535 (PS3.3 C.9.2)", where=where
            )
        return value

    def _origin(self):
        value = self.dataset.get((self.group, 0x0050))
        if isinstance(value, list) and len(value) == 2 and all(isinstance(number, int) for number in value):
            return int(value[0]), int(value[1])
        is_row = isinstance(value, int)
        self.notes.append("overlay_origin" if is_row else "overlay_origin_missing")
        return (int(value), 1) if is_row else (1, 1)

    def _expect(self, element, wanted, note):
        value = self._integer(element)
        if value != wanted:
            self.notes.append(f"{note}_missing" if value is None else note)

    # -- planes --

    def _data(self):
        """The bytes of Overlay Data, or None when the plane is embedded (PS3.3 C.9.2: Bit Position is not 0)."""
        if (self.group, 0x3000) not in self.dataset:
            return None
        element = self.dataset.element((self.group, 0x3000))
        return element if element.length else None

    def _unpacked(self, element, rows, columns, frames):
        is_words = element.vr == "OW" and self.dataset.transfer_syntax_uid == "1.2.840.10008.1.2.2"
        try:
            return _core.unpack_overlay(element.raw, rows, columns, frames, is_big_endian=is_words)
        except Error as error:
            error.where = error.where or self._where(0x3000)
            raise

    def _embedded(self, rows, columns, raw_stored):
        """The bit of every stored sample (PS3.5 8.1.2, retired)."""
        if "PixelData" not in self.dataset:
            where = self._where(0x3000)
            raise ConformanceError(
                f"overlay: {where} is missing and there is no Pixel Data (PS3.3 C.9.2)", where=where
            )
        stored = self._stored() if raw_stored is None else np.asarray(raw_stored)
        stored = stored[None] if stored.ndim == 2 else stored
        if stored.ndim != 3 or stored.shape[1:] != (rows, columns):
            where = self._where(0x0010)
            raise ConformanceError(
                f"overlay: {rows} x {columns} samples embedded in pixels of shape {stored.shape}, expected the same "
                "rows and columns (PS3.3 C.9.2)",
                where=where,
            )
        return _core.embedded_overlay(stored, self._bit(stored.dtype.itemsize * 8))

    def _bit(self, bits_allocated):
        self._expect(0x0100, bits_allocated, "overlay_bits_allocated")
        bit = self._integer(0x0102)
        if bit is None:
            where = self._where(0x0102)
            raise ConformanceError(
                f"overlay: {where} is missing and so is Overlay Data (PS3.3 C.9.2)", where=where
            )
        if not 0 <= bit < bits_allocated:
            self.notes.append("overlay_bit_position")
            bit = bits_allocated - 1
        high, stored = _bits_of_pixels(self.dataset, bits_allocated)
        if high - stored < bit <= high:
            where = self._where(0x0102)
            raise ConformanceError(
                f"overlay: {where} is bit {bit}, inside the stored bits {high - stored + 1} to {high} (PS3.5 8.1.2)",
                where=where,
            )
        return bit

    def _stored(self):
        bits = self.dataset.get("BitsAllocated")
        rows, columns = self.dataset.get("Rows"), self.dataset.get("Columns")
        is_big = self.dataset.transfer_syntax_uid == "1.2.840.10008.1.2.2"
        if (
            self.dataset.element("PixelData").is_encapsulated
            or bits not in (8, 16, 32)
            or self.dataset.get("SamplesPerPixel") != 1
        ):
            raise UnsupportedError(
                "overlay: planes embedded in Pixel Data can be read from native monochrome samples of 8, 16 or 32 bits only",
                where=self._where(0x0102),
            )
        dtype = np.dtype(f"{'>' if is_big else '<'}u{bits // 8}")
        pixels = [self._samples(frame.read(), dtype, rows, columns) for frame in self.dataset.frames]
        if not pixels:
            raise TruncatedDataError("overlay: Pixel Data has no frame", where=self._where(0x0102))
        return np.stack(pixels)

    def _samples(self, data, dtype, rows, columns):
        wanted = rows * columns * dtype.itemsize
        if len(data) < wanted:
            raise TruncatedDataError(
                f"overlay: a frame of Pixel Data has {len(data)} bytes, expected {wanted} (PS3.5 8.1.1)",
                where=self._where(0x0102),
            )
        samples = np.frombuffer(data, dtype, rows * columns).reshape(rows, columns)
        return samples.astype(dtype.newbyteorder("="), copy=False)


def _bits_of_pixels(dataset, bits_allocated):
    stored = dataset.get("BitsStored")
    stored = stored if isinstance(stored, int) else bits_allocated
    high = dataset.get("HighBit")
    return (high if isinstance(high, int) else stored - 1), stored


def as_dcmtk_reads(overlays):
    """Return the overlays as DCMTK 3.6.7 would have read them.

    Parameters
    ----------
    overlays : iterable of Overlay

    Returns
    -------
    list of Overlay
        Without those that lack a required attribute; an embedded one has as many frames as it declares, and without
        Number of Frames in Overlay the first frame's plane is for all.
    """
    read = []
    for overlay in overlays:
        if any(note.endswith("_missing") for note in overlay.notes):
            continue
        if overlay.is_embedded:
            overlay = replace(overlay, planes=overlay.planes[: max(overlay.number_of_frames or 1, 1)])
        read.append(overlay)
    return read


# -- writing --------------------------------------------------------------------------------------------------


def packed(planes):
    """Pack planes as the value of Overlay Data (60xx,3000).

    Parameters
    ----------
    planes : ndarray, shape (rows, columns) or (frames, rows, columns)
        Anything but 0 is 1.

    Returns
    -------
    bytes
        Frames back to back, the first sample in the lowest bit, padded to even length.

    Notes
    -----
    Source: PS3.5 8.1.2 and Annex D.
    """
    bits = np.packbits(np.asarray(planes).astype(bool).ravel(), bitorder="little").tobytes()
    return bits + bytes(len(bits) % 2)
