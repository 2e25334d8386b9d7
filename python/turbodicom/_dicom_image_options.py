# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""How a DicomImage is made: DCMTK's ``CIF_`` flags by name."""

from dataclasses import dataclass

from turbodicom._dicom_image_tables import Table

__all__ = ["Options"]

_COLORS = ("photometric", "lossy", "guess", "guess-lossy", "always", "never")


@dataclass(frozen=True)
class Options:
    """What :class:`turbodicom.DicomImage` was asked for; its description is there."""

    mode: str = "standard"
    slope: float | None = None
    intercept: float = 0.0
    modality_lut: Table | None = None
    acr_nema: bool = False
    wrong_palette_tags: bool = False
    use_presentation_state: bool = False
    keep_ycbcr: bool = False
    ignore_modality: bool = False
    ignore_modality_lut_bit_depth: bool = False
    check_lut_bit_depth: bool = False
    use_absolute_pixel_range: bool = False
    use_partial_access: bool = False
    never_access_embedded_overlays: bool = False
    color: str | None = None
    workarounds: tuple = ()
    on_error: str = "raise"
    workers: int | None = None

    def __post_init__(self):
        if self.mode not in ("standard", "dcmtk"):
            raise ValueError(f"mode must be 'standard' or 'dcmtk', not {self.mode!r}")
        if self.on_error not in ("raise", "report"):
            raise ValueError(f"on_error must be 'raise' or 'report', not {self.on_error!r}")
        if self.color not in (None, *_COLORS):
            raise ValueError(f"color must be one of {', '.join(map(repr, _COLORS))}, not {self.color!r}")
        if self.slope is not None and self.modality_lut is not None:
            raise ValueError("slope and modality_lut exclude each other")

    @property
    def is_dcmtk(self):
        return self.mode == "dcmtk"

    @property
    def is_forced_monochrome(self):
        """Whether Photometric Interpretation is not looked at."""
        return self.slope is not None or self.modality_lut is not None or self.use_presentation_state

    @property
    def lut_bits(self):
        """How the third number of a modality LUT descriptor is taken."""
        if self.ignore_modality_lut_bit_depth:
            return "ignore"
        return "check" if self.check_lut_bit_depth else "use"
