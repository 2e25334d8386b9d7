# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Options as values: limits on what an input may cost, and how pixels are wanted."""

from __future__ import annotations

import operator
from dataclasses import dataclass, fields
from numbers import Real
from typing import Any

import numpy as np

from turbodicom._window import windows_of

__all__ = ["Limits", "PixelOptions", "asks_for_stored"]

_COLORS = ("rgb", "coded", "photometric", "lossy", "guess", "guess-lossy", "always", "never")
_WORKAROUNDS = ("predictor6_overflow", "cornell_huffman")
_MOST, _MOST_IN_32_BITS = (1 << 63) - 1, (1 << 32) - 1  # what cpp/turbodicom/base/limits.h holds


@dataclass(frozen=True)
class Limits:
    """What an input may cost. Charged before each allocation; exceeding one raises LimitExceededError.

    Parameters
    ----------
    pixels_per_frame : int
        Rows x Columns.
    bytes_per_frame : int
        Bytes of a decoded frame, and of its codestream.
    sequence_depth : int
        Nesting of sequences.
    elements : int
        Elements, items or fragments of one data set.
    inflated_bytes : int
        Bytes of an inflated data set (Deflated Explicit VR Little Endian).
    inflate_ratio : int
        Inflated bytes per deflated byte, once 64 MiB have come out.
    """

    pixels_per_frame: int = 1 << 31
    bytes_per_frame: int = 8 << 30
    sequence_depth: int = 64
    elements: int = 1_000_000
    inflated_bytes: int = 2 << 30
    inflate_ratio: int = 200

    def __post_init__(self):
        for field in fields(self):
            most = _MOST_IN_32_BITS if field.name in ("sequence_depth", "inflate_ratio") else _MOST
            if not 0 <= _whole_number(field.name, getattr(self, field.name)) <= most:
                raise ValueError(f"{field.name} must be from 0 to {most}, not {getattr(self, field.name)}")

    @classmethod
    def untrusted(cls):
        """Return the default: room for every real file, none for a bomb.

        Returns
        -------
        Limits
        """
        return cls()

    @classmethod
    def archive(cls):
        """Return limits for one's own archive: whole-slide and other very large objects.

        Returns
        -------
        Limits
        """
        return cls(1 << 34, 64 << 30, 256, 100_000_000, 64 << 30, 2_000)

    @classmethod
    def unlimited(cls):
        """Return no limits but those of 64-bit arithmetic. Only for files you made yourself.

        Returns
        -------
        Limits
        """
        return cls(_MOST, _MOST, 1 << 20, _MOST, _MOST, _MOST_IN_32_BITS)


@dataclass(frozen=True)
class PixelOptions:
    """How pixel values are wanted: the keywords of :func:`turbodicom.pixels` as one value.

    Parameters
    ----------
    values : {"stored", "modality", "voi", "presentation"}
        Which stage of PS3.3 C.11 the values come from. ``"stored"``: as stored. ``"modality"``: after *Rescale Slope*
        and *Rescale Intercept* or the Modality LUT, so in units that mean something (HU); of colour images, as stored.
        ``"voi"``: after the window or VOI LUT, spread over the output range; colour images pass unchanged, but for the
        range. ``"presentation"``: as to be shown; MONOCHROME1 inverted, Presentation LUT applied, palettes made RGB.
    dtype : dtype-like, optional
        Of the result. Default: for stored values the file's own, for ``"modality"`` float32 (float64 where stored
        values have more than 24 bits or are float64), for the last two uint8. The output range of the last two is the
        full range of an integer dtype, 0..1 for floats. An integer dtype that cannot hold the values, or fractions
        after ``"modality"``, is a ValueError; a floating-point type may round.
    layout : {"interleaved", "planar"}
        Samples last, or before the rows.
    color : {"rgb", "coded", "photometric", "lossy", "guess", "guess-lossy", "always", "never"}
        ``"rgb"``: YBR converted to RGB; of JPEG frames, valid markers of the codestream override *Photometric
        Interpretation*. ``"coded"``: as coded, pydicom's ``pixel_array(raw=True)``. The others are the six policies
        of DCMTK's ``dcmdjpeg`` for JPEG frames (``+cp +cl +cg +cgl +ca +cn``); elsewhere they mean ``"rgb"``, but
        ``"never"`` ``"coded"``.
    window : Window, (center, width), int or list, optional
        With ``"voi"`` and ``"presentation"``: a :class:`turbodicom.Window`, or a pair or an index as shorthand for one;
        a list of Windows and pairs gives one sample each. Default: the frame's first VOI LUT, else its first window,
        else the range that *Bits Stored* allows.
    roi : (row, column, rows, columns), optional
        Region in full-resolution pixels.
    reduce : int
        Halvings of the resolution in the codec.
    mask : bool
        Give a second array as well, of bool, that marks padding: *Pixel Padding Value* and *Pixel Padding Range Limit*.
    fill : number, optional
        What padding becomes in the result; default: what its stored value becomes.
    real_world : int or str, optional
        With ``"modality"``: the index or the *LUT Label* of a Real World Value Mapping to use in its place. Stored
        values that it does not map become NaN.
    on_error : {"raise", "report"}
        Raise on the first bad frame, or decode what can be decoded and take stored value 0 for the rest.
    workers : int, optional
        Threads; default all usable cores, in a worker process (forked, or of multiprocessing) 1.
    limits : Limits, optional
    workarounds : tuple of {"predictor6_overflow", "cornell_huffman"}
        Errors of products in the field to decode along with: lossless JPEG only, see the codec's README.
    """

    values: str = "stored"
    dtype: Any = None
    layout: str = "interleaved"
    color: str = "rgb"
    window: Any = None
    mask: bool = False
    fill: float | None = None
    real_world: int | str | None = None
    roi: tuple[int, int, int, int] | None = None
    reduce: int = 0
    on_error: str = "raise"
    workers: int | None = None
    limits: Limits | None = None
    workarounds: tuple[str, ...] = ()

    def __post_init__(self):
        _one_of("values", self.values, ("stored", "modality", "voi", "presentation"))
        _one_of("layout", self.layout, ("interleaved", "planar"))
        _one_of("color", self.color, _COLORS)
        if isinstance(self.workarounds, str) or not set(self.workarounds) <= set(_WORKAROUNDS):
            raise ValueError(f"workarounds must be a tuple of {', '.join(map(repr, _WORKAROUNDS))}")
        _one_of("on_error", self.on_error, ("raise", "report"))
        _check_values(self)
        if _whole_number("reduce", self.reduce) < 0:
            raise ValueError(f"reduce must be 0 or more, not {self.reduce}")
        if self.workers is not None and _whole_number("workers", self.workers) < 1:
            raise ValueError(f"workers must be 1 or more, not {self.workers}")
        if self.roi is not None:
            _check_roi(self.roi)


def asks_for_stored(options):
    """Return whether stored values are all that is asked for.

    Parameters
    ----------
    options : PixelOptions

    Returns
    -------
    bool
    """
    return options.values == "stored" and not options.mask and options.fill is None


def _check_values(options):
    """What only some stages know."""
    if options.window is not None:
        if options.values not in ("voi", "presentation"):
            raise ValueError(f"window needs values='voi' or 'presentation', not {options.values!r}")
        windows_of(options.window)
    if not isinstance(options.mask, (bool, np.bool_)):
        raise TypeError(f"mask must be True or False, not {options.mask!r}")
    if options.fill is not None and (not isinstance(options.fill, Real) or isinstance(options.fill, bool)):
        raise TypeError(f"fill must be a number, not {options.fill!r}")
    if options.real_world is None:
        return
    if options.values != "modality":
        raise ValueError(f"real_world needs values='modality', not {options.values!r}")
    if not isinstance(options.real_world, str) and _whole_number("real_world", options.real_world) < 0:
        raise ValueError(f"real_world must be an index from 0 or a LUT Label, not {options.real_world}")


def _check_roi(roi):
    if not isinstance(roi, (tuple, list)) or len(roi) != 4:
        raise ValueError(f"roi must be (row, column, rows, columns), not {roi!r}")
    if min(_whole_number("roi", number) for number in roi) < 0 or 0 in roi[2:]:
        raise ValueError(f"roi must be (row, column, rows, columns) with at least one pixel, not {roi}")


def _whole_number(name, value):
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, not {value!r}") from None


def _one_of(name, value, choices):
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}, not {value!r}")
