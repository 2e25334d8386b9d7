# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""What :func:`turbodicom.transcode` is going to do: target syntaxes, what each can hold, and what comes of it.

Begin at :func:`make_plan`. The rules are those of PS3.5 8.2.1 and 8.2.2 and of PS3.3 C.7.6.3.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from turbodicom.errors import ConformanceError, UnsupportedError

__all__ = ["TARGETS", "EncodeOptions", "Plan", "Target", "make_plan", "native_plan", "target_of"]

_ROOT = "1.2.840.10008.1.2"
_GRAY = ("MONOCHROME1", "MONOCHROME2")
_MOST_RLE_BYTES = 15  # of a pixel: segments of a frame (PS3.5 G.5)


@dataclass(frozen=True)
class Target:
    """A transfer syntax that can be written.

    Attributes
    ----------
    uid, name : str
    codec : str
        "native", "rle" or "jpeg".
    process : str or None
        For JPEG, that of ``td.codecs.jpeg.encode``.
    depths : tuple of int
        For lossy JPEG, the precisions the process knows.
    predictors : tuple
        For lossless JPEG, the selection values the syntax allows; the first is the default.
    is_implicit_vr, is_deflated : bool
    """

    uid: str
    name: str
    codec: str
    process: str | None = None
    depths: tuple = ()
    predictors: tuple = ()
    is_implicit_vr: bool = False
    is_deflated: bool = False

    @property
    def is_lossy(self):
        return bool(self.depths)

    @property
    def options(self):
        """Names of the encoding options that mean something."""
        if self.is_lossy:
            return ("quality", "subsampling", "tables", "restart_interval")
        return ("predictor", "restart_interval") if self.codec == "jpeg" else ()


TARGETS = {
    target.uid: target
    for target in (
        Target(_ROOT, "Implicit VR Little Endian", "native", is_implicit_vr=True),
        Target(f"{_ROOT}.1", "Explicit VR Little Endian", "native"),
        Target(f"{_ROOT}.1.99", "Deflated Explicit VR Little Endian", "native", is_deflated=True),
        Target(f"{_ROOT}.4.50", "JPEG Baseline (Process 1)", "jpeg", "baseline", (8,)),
        Target(f"{_ROOT}.4.51", "JPEG Extended (Process 2 & 4)", "jpeg", "extended", (8, 12)),
        Target(f"{_ROOT}.4.53", "JPEG Spectral Selection (Process 6 & 8)", "jpeg", "spectral", (8, 12)),
        Target(f"{_ROOT}.4.55", "JPEG Full Progression (Process 10 & 12)", "jpeg", "progressive", (8, 12)),
        Target(
            f"{_ROOT}.4.57",
            "JPEG Lossless (Process 14)",
            "jpeg",
            "lossless",
            predictors=(1, 2, 3, 4, 5, 6, 7, "auto"),
        ),
        Target(
            f"{_ROOT}.4.70",
            "JPEG Lossless SV1 (Process 14, Selection Value 1)",
            "jpeg",
            "lossless",
            predictors=(1,),
        ),
        Target(f"{_ROOT}.5", "RLE Lossless", "rle"),
    )
}


def target_of(uid):
    """Return the Target of a transfer syntax.

    Parameters
    ----------
    uid : str

    Returns
    -------
    Target

    Raises
    ------
    UnsupportedError
        Nothing here writes it.
    """
    if not isinstance(uid, str):
        raise TypeError(f"transfer_syntax_uid must be a str, not {type(uid).__name__}")
    target = TARGETS.get(str(uid))
    if target is not None:
        return target
    listed = ", ".join(TARGETS)
    raise UnsupportedError(f"transcode: cannot write transfer syntax {uid}; these can be written: {listed}")


@dataclass(frozen=True)
class EncodeOptions:
    """How frames are to be encoded; None where the default is wanted.

    Attributes
    ----------
    quality, subsampling, tables, predictor, restart_interval
        As for ``td.codecs.jpeg.encode``.
    """

    quality: Any = None
    subsampling: Any = None
    tables: Any = None
    predictor: Any = None
    restart_interval: Any = None

    def check(self, target):
        """Refuse options that mean nothing for `target`."""
        for name in ("quality", "subsampling", "tables", "predictor", "restart_interval"):
            if getattr(self, name) is not None and name not in target.options:
                raise ValueError(f"{name} has no meaning for {target.name}")
        if self.quality is not None and self.tables is not None:
            raise ValueError("quality and tables exclude each other")
        if self.predictor is not None and self.predictor not in target.predictors:
            allowed = ", ".join(map(str, target.predictors))
            raise ValueError(f"predictor must be {allowed} for {target.name}, not {self.predictor!r}")


@dataclass(frozen=True)
class Plan:
    """What becomes of the frames.

    Attributes
    ----------
    target : Target
    way : str
        "copy" (native bytes as they are, up to their order), "verbatim" (codestreams as they are) or "encode".
    format : SampleFormat
        Of the cells that get encoded.
    photometric_interpretation : str
        Of the target.
    bits_allocated, bits_stored, high_bit : int
        Of the target.
    planar_configuration : int
    precision : int or None
        Of JPEG samples.
    settings : dict
        Keywords for the encoder.
    """

    target: Target
    way: str
    format: Any
    photometric_interpretation: str
    bits_allocated: int
    bits_stored: int
    high_bit: int
    planar_configuration: int = 0
    precision: int | None = None
    settings: dict = field(default_factory=dict)

    @property
    def is_lossy(self):
        return self.way == "encode" and self.target.is_lossy


def make_plan(source, target, options, reencode, whole_cells):
    """Decide.

    Parameters
    ----------
    source : FrameSource
    target : Target
    options : EncodeOptions
    reencode : bool
        Decode and encode again even where the source is in the target's syntax.
    whole_cells : bool
        Lossless JPEG: code all Bits Allocated, because some sample has bits above Bits Stored.

    Returns
    -------
    Plan

    Raises
    ------
    ConformanceError
        The target cannot hold these samples; the message says what can.
    """
    fmt = source.format
    if target.codec == "native":
        return native_plan(source, target)
    if source.is_float:
        _refuse("floating-point samples", target, "native syntaxes only (PS3.3 C.7.6.24)")
    if source.uid == target.uid and not reencode:
        return _plan(target, "verbatim", fmt)
    if target.codec == "rle":
        return _rle_plan(target, fmt)
    if source.reader.bits_allocated == 1:
        _refuse("samples of 1 bit", target, "native syntaxes and RLE Lossless")
    if target.is_lossy:
        return _lossy_plan(target, fmt, options)
    return _lossless_plan(target, fmt, options, whole_cells)


def _plan(target, way, fmt, **changed):
    return Plan(
        **{
            "target": target,
            "way": way,
            "format": fmt,
            "photometric_interpretation": fmt.photometric_interpretation,
            "bits_allocated": fmt.bits_allocated,
            "bits_stored": fmt.bits_stored,
            "high_bit": fmt.high_bit,
            **changed,
        }
    )


def _refuse(what, target, instead):
    raise ConformanceError(f"transcode: {target.name} cannot hold {what}; possible: {instead}")


def native_plan(source, target):
    """Return the Plan for a native target: native bytes are copied, the rest is decoded."""
    return _plan(target, "copy" if source.is_native else "encode", source.format)


def _rle_plan(target, fmt):
    pixel_bytes = fmt.samples_per_pixel * fmt.bits_allocated // 8
    if pixel_bytes > _MOST_RLE_BYTES:
        _refuse(
            f"pixels of {pixel_bytes} bytes (PS3.5 G.5: at most {_MOST_RLE_BYTES})", target, "native syntaxes"
        )
    # The segments are planes (PS3.5 G.2, PS3.3 C.7.6.3.1.3).
    return _plan(target, "encode", fmt, planar_configuration=1)


def _check_jpeg(target, fmt, photometrics):
    if fmt.bits_allocated > 16:
        _refuse(
            f"samples of {fmt.bits_allocated} bits (PS3.5 8.2.1)", target, "native syntaxes and RLE Lossless"
        )
    if fmt.samples_per_pixel not in (1, 3) or fmt.photometric_interpretation not in photometrics:
        what = f"{fmt.samples_per_pixel} samples of {fmt.photometric_interpretation} (PS3.5 8.2.1)"
        _refuse(what, target, "native syntaxes and RLE Lossless")


def _lossless_plan(target, fmt, options, whole_cells):
    """Samples come back as they are, to the last bit of the cell.

    Unsigned samples are coded with the precision Bits Stored, unless one has bits above. Signed ones with Bits
    Allocated: their sign bits are cells' bits too, and modulo 2**16 (T.81 H.1.2.1) a step from -1 to 0 is
    a small one, which modulo 2**12 of a cell that is cut off it would not be.
    """
    _check_jpeg(target, fmt, (*_GRAY, "PALETTE COLOR", "RGB", "YBR_FULL"))
    precision = (
        fmt.bits_allocated
        if whole_cells or fmt.is_signed or not _is_cut_by_precision(fmt)
        else fmt.bits_stored
    )
    settings = {"process": "lossless", "precision": precision, "predictor": options.predictor or 1}
    if options.restart_interval is not None:
        settings["restart_interval"] = options.restart_interval
    return _plan(target, "encode", fmt, precision=precision, settings=settings)


def _is_cut_by_precision(fmt):
    """Whether a precision of Bits Stored leaves samples in a container of the same size, low bits first."""
    return fmt.high_bit == fmt.bits_stored - 1 and fmt.bits_stored > max(fmt.bits_allocated - 8, 1)


def _lossy_plan(target, fmt, options):
    _check_jpeg(target, fmt, (*_GRAY, "RGB"))
    if fmt.is_signed:
        _refuse("signed samples (PS3.5 8.2.1)", target, "JPEG Lossless, RLE Lossless and native syntaxes")
    precision = next((depth for depth in target.depths if depth >= fmt.bits_stored), None)
    if precision is None or fmt.high_bit != fmt.bits_stored - 1:
        what = f"samples of {fmt.bits_stored} bits, the highest at {fmt.high_bit} (PS3.5 8.2.1)"
        better = "1.2.840.10008.1.2.4.51 up to 12 bits, JPEG Lossless, RLE Lossless and native syntaxes"
        _refuse(what, target, better)
    settings = {"process": target.process, "precision": precision}
    for name in ("quality", "tables", "restart_interval"):
        if getattr(options, name) is not None:
            settings[name] = getattr(options, name)
    photometric = fmt.photometric_interpretation
    if fmt.samples_per_pixel == 3:
        settings["subsampling"] = options.subsampling or "4:2:2"
        # PS3.3 C.7.6.3.1.2; there is no other term for 4:2:0, 4:4:0 and 4:1:1.
        photometric = "YBR_FULL" if settings["subsampling"] == "4:4:4" else "YBR_FULL_422"
    return _plan(
        target, "encode", fmt, photometric_interpretation=photometric, precision=precision, settings=settings,
        bits_allocated=8 if precision == 8 else 16, bits_stored=precision, high_bit=precision - 1,
    )  # fmt: skip
