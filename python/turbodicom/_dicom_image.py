# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``td.DicomImage``: DCMTK's image class in Python, with arrays in place of pointers.

The image keeps stored samples and what is to be done with them; nothing is computed before it is asked for.
In ``mode="dcmtk"`` all numbers are those of DCMTK 3.6.7 (`_dicom_image_mono`, `_dicom_image_color`,
`_dcmtk_display`); otherwise those of PS3.3 C.11 (`_dicom_image_standard`). docs/reference/dicom_image.md maps
every method of the C++ class to the ones here.
"""

import operator
from copy import copy

from turbodicom._dataset import Dataset
from turbodicom._dicom_image_about import INTERPRETATIONS, AboutMethods
from turbodicom._dicom_image_attributes import KnownElements, number, text
from turbodicom._dicom_image_color import DcmtkColor, palettes_of
from turbodicom._dicom_image_derived import DerivedMethods
from turbodicom._dicom_image_frames import StoredFrames
from turbodicom._dicom_image_header import counted_as_monochrome
from turbodicom._dicom_image_modality import modality_of
from turbodicom._dicom_image_mono import DcmtkMono
from turbodicom._dicom_image_options import Options
from turbodicom._dicom_image_output import OutputMethods
from turbodicom._dicom_image_overlays import OverlayMethods
from turbodicom._dicom_image_presentation import PresentationMethods
from turbodicom._dicom_image_tables import as_table
from turbodicom._dicom_image_voi import VoiMethods
from turbodicom._dicom_image_writers import WriterMethods
from turbodicom._pixels import frame_reader
from turbodicom._read import read
from turbodicom.errors import ConformanceError, UnsupportedError

__all__ = ["DicomImage"]

_MOST_BITS = 32


class DicomImage(
    AboutMethods,
    OutputMethods,
    VoiMethods,
    PresentationMethods,
    OverlayMethods,
    DerivedMethods,
    WriterMethods,
):
    """An image ready to be shown: intermediate values, rendered output, windows, LUTs, overlays, derived images.

    Parameters
    ----------
    source : path, bytes-like, binary file object or Dataset
    mode : {"standard", "dcmtk"}, optional
        ``"standard"``: values as PS3.3 C.11 has them, in floating point, rounded once at the end.
        ``"dcmtk"``: the numbers of DCMTK 3.6.7 to the bit, integers with fractions cut off.
    first_frame : int, optional
        Frames before it do not count; `frame` everywhere else is relative to it.
    frame_count : int, optional
        How many frames; 0: all that follow.
    slope, intercept : float, optional
        Instead of the modality transformation of the data set. The image then counts as MONOCHROME2.
    modality_lut : Dataset or (data, descriptor[, explanation]), optional
        The same as a Modality LUT.
    acr_nema : bool, optional
        Without Photometric Interpretation: MONOCHROME2. ``CIF_AcrNemaCompatibility``.
    wrong_palette_tags : bool, optional
        Palettes are in (0028,1111) and so on. ``CIF_WrongPaletteAttributeTags``.
    use_presentation_state : bool, optional
        Ignore modality, VOI, presentation LUT and overlays of the data set; count as MONOCHROME2.
        ``CIF_UsePresentationState``.
    keep_ycbcr : bool, optional
        YBR_FULL and YBR_FULL_422 stay. ``CIF_KeepYCbCrColorModel``.
    ignore_modality : bool, optional
        ``CIF_IgnoreModalityTransformation``.
    ignore_modality_lut_bit_depth, check_lut_bit_depth : bool, optional
        What the third number of a LUT descriptor counts for. ``CIF_IgnoreModalityLutBitDepth``,
        ``CIF_CheckLutBitDepth``.
    use_absolute_pixel_range : bool, optional
        The integer type of intermediate data follows from the possible values, not from those present.
        ``CIF_UseAbsolutePixelRange``.
    use_partial_access : bool, optional
        Only the frames that count are looked at, also for the range of values; needed for
        :meth:`process_next_frames` in ``mode="dcmtk"``. ``CIF_UsePartialAccessToPixelData``.
    never_access_embedded_overlays : bool, optional
        ``CIF_NeverAccessEmbeddedOverlays``.
    color : {"photometric", "lossy", "guess", "guess-lossy", "always", "never"}, optional
        Who decides that JPEG samples are YCbCr, as for :func:`turbodicom.pixels`; default ``"photometric"``.
    workarounds : tuple of str, optional
        As for :func:`turbodicom.pixels`.
    on_error : {"raise", "report"}, optional
        What happens when a frame is not whole; ``mode="dcmtk"`` takes native frames that are cut short anyway.
    workers : int, optional
        Threads; default all usable cores.

    Raises
    ------
    ConformanceError
        Mandatory attributes are missing, contradict each other, or have values that cannot be (DCMTK: missing
        attribute, invalid value, invalid document).
    UnsupportedError
        A Photometric Interpretation, sample size or transfer syntax that is not supported.
    OSError
        The file cannot be read.
    ValueError
        An option that cannot be meant.

    Notes
    -----
    Frames are decoded when they are asked for; errors in them come then. An image is for one thread at a time.
    """

    def __init__(self, source, *, mode="standard", first_frame=0, frame_count=0, modality_lut=None, **flags):
        table = None
        if modality_lut is not None:
            bits_mode = Options(mode, **flags).lut_bits
            table = as_table(modality_lut, bits_mode)
        self._options = Options(mode, modality_lut=table, **flags)
        self.dataset = source if isinstance(source, Dataset) else read(source)
        self._attributes = KnownElements(self.dataset) if self._options.is_dcmtk else self.dataset
        self._pixel_source = counted_as_monochrome(self.dataset, self._attributes, self._options)
        self._begin_state()
        reader = frame_reader(self._pixel_source)
        self._interpretation = self._read_interpretation(reader)
        self._check_pixels(reader)
        self._read_frames(reader, first_frame, frame_count)
        self._read_ratio()
        if self.is_monochrome:
            self._read_voi()
            self._read_presentation()
        self._read_pixels()

    def _begin_state(self):
        self._window = self._voi_lut = self._presentation_lut = self._display = None
        self._voi_explanation, self._voi_function = "", "default"
        self._window_count = self._voi_lut_count = 0
        self._shape, self._polarity, self._hardcopy = "default", "normal", (20, 300, 10, 2000)
        self._steps, self._last_output, self._last_bits = {}, None, None
        self._is_original = True

    # -- construction ------------------------------------------------------------------------------

    def _read_interpretation(self, reader):
        """Photometric Interpretation of the decoded samples, in DCMTK's letters."""
        if self._options.is_forced_monochrome:
            return "MONOCHROME2"
        term = text(self._attributes, "PhotometricInterpretation")
        if not term and self._options.acr_nema:
            return "MONOCHROME2"
        if not term:
            raise ConformanceError("image: Photometric Interpretation is missing (PS3.3 C.7.6.3)")
        letters = "".join(c.upper() for c in term if c.isalnum())
        if letters in ("YBRRCT", "YBRICT"):
            return "RGB"  # the codec undoes them
        if letters not in INTERPRETATIONS:
            raise ConformanceError("image: Photometric Interpretation is none of PS3.3 C.7.6.3.1.2")
        if _is_jpeg(reader) and letters.startswith("YBR"):
            return "YBRFULL" if self._options.color == "never" else "RGB"
        return letters

    def _check_pixels(self, reader):
        """What DCMTK refuses, where the core does not."""
        if self.is_monochrome and reader.samples_per_pixel != 1:
            raise ConformanceError(
                f"image: {reader.samples_per_pixel} samples per pixel cannot count as "
                f"{self._interpretation} (PS3.3 C.7.6.3)"
            )
        if not self._options.is_dcmtk:
            return
        if reader.dtype.kind == "f":
            raise UnsupportedError("DCMTK has no floating-point pixels; mode='standard' has")
        if reader.bits_stored > _MOST_BITS:
            raise UnsupportedError(f"DCMTK takes at most {_MOST_BITS} bits, not {reader.bits_stored}")
        high = number(self._attributes, "HighBit") or reader.bits_stored - 1
        if high >= reader.bits_allocated or high < reader.bits_stored - 1:
            raise ConformanceError(
                "image: Bits Allocated, Bits Stored and High Bit contradict each other (PS3.5 8.1.1)"
            )
        if number(self._attributes, "PixelRepresentation") is None:
            raise ConformanceError("image: Pixel Representation is missing (PS3.3 C.7.6.3)")

    def _read_frames(self, reader, first, count):
        first, count = operator.index(first), operator.index(count)
        if first < 0 or count < 0:
            raise ValueError("first_frame and frame_count must be 0 or more")
        self._frame_start = first
        self._total = max(reader.number_of_frames, 1)
        if self._options.is_dcmtk:  # frames beyond those declared are not looked at
            self._total = max(number(self._attributes, "NumberOfFrames") or 1, 1)
        self._first = min(first, self._total - 1)
        self._count = min(count or self._total, self._total - self._first)

    def _read_pixels(self):
        options = self._options
        frames = StoredFrames(
            self._pixel_source, self._first, self._count, self._coding(), self._is_tolerant(), options
        )
        frames.takes_cut_frames, frames.total = options.is_dcmtk, self._total
        if not self.is_monochrome:
            palettes = self._interpretation in ("PALETTECOLOR", "ARGB") and palettes_of(
                self._attributes, options
            )
            self._pixels = DcmtkColor(frames, self._interpretation, options, palettes or None)
            self._modality = None
        elif options.is_dcmtk:
            self._modality = modality_of(self._attributes, frames.type, options)
            self._pixels = DcmtkMono(frames, self._modality, options)
        else:
            from turbodicom._dicom_image_standard import StandardMono

            self._pixels = StandardMono(self.dataset, frames, options)
            self._modality = self._pixels.modality
        self._depth = self._pixels.bits or frames.type.bits
        if not options.is_dcmtk:
            self._depth = min(self._depth, _MOST_BITS)

    def _coding(self):
        """The color policy for the decoder: DCMTK's for JPEG, samples as coded else."""
        is_jpeg = _is_jpeg(frame_reader(self._pixel_source))
        return (self._options.color or "photometric") if is_jpeg else "coded"

    def _is_tolerant(self):
        return self._options.on_error == "report"

    def process_next_frames(self, frame_count=0):
        """Go on to the frames that follow; windows and LUTs stay.

        Parameters
        ----------
        frame_count : int, optional
            How many; 0: as many as before.

        Returns
        -------
        bool
            False: there are none, or this image was made from another; in ``mode="dcmtk"`` also without
            `use_partial_access`.

        Raises
        ------
        ValueError
            `frame_count` is below 0.
        """
        if not self._is_original or (self._options.is_dcmtk and not self._options.use_partial_access):
            return False
        wanted = operator.index(frame_count)
        if wanted < 0:
            raise ValueError("frame_count must be 0 or more")
        if self._first + self._count >= self._total:
            return False
        self._first += self._count
        if self._overlay_sets is not None and not self._options.is_dcmtk:  # there it stays that of the first
            self._overlay_sets[0].first_frame += self._count
        self._count = min(wanted or self._count, self._total - self._first)
        earlier, depth = self._pixels, self._depth
        self._read_pixels()
        self._depth = depth
        if self._options.is_dcmtk and self.is_monochrome:
            self._pixels.keep_range_of(earlier)
        self._forget_steps()
        return True

    def _only_monochrome(self):
        if not self.is_monochrome:
            raise ValueError("only for monochrome images")

    def _derived(self, pixels, **state):
        """An image like this one with other pixels."""
        image = copy(self)
        image._pixels, image._is_original = pixels, False
        image._steps, image._last_output = {}, None
        for name, value in state.items():
            setattr(image, name, value)
        return image


def _is_jpeg(reader):
    """Whether frames are JPEG as of ISO/IEC 10918-1: .4.50 to .4.70 (PS3.6 A)."""
    syntax = reader.transfer_syntax_uid
    return syntax.startswith("1.2.840.10008.1.2.4.") and 50 <= int(syntax.rsplit(".", 1)[1]) <= 70
