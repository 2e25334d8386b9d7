# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Windows that are found in the pixels, over all slices of several files together. Begin at :func:`with_windows_found`."""

from __future__ import annotations

from dataclasses import replace

from turbodicom._pixel_values import image_of
from turbodicom._pixels import _stored
from turbodicom._stages import padding_of, stages_of
from turbodicom._value_statistics import Statistics
from turbodicom._volume_report import naming
from turbodicom._window import FOUND_RULES, Window, windows_of
from turbodicom.errors import ConformanceError, Error

__all__ = ["with_windows_found"]


def with_windows_found(slices, options):
    """Return options whose windows are explicit, or the file's.

    Parameters
    ----------
    slices : Slices
    options : PixelOptions

    Returns
    -------
    PixelOptions
        The same where nothing has to be found.

    Raises
    ------
    ConformanceError
        Slices have different padding, so that no statistics are those of all.
    Error, OSError
        A slice cannot be decoded.

    Notes
    -----
    The slices are decoded one after the other for it, and again for the result: no array of all stored values is made.
    """
    windows, is_list = windows_of(options.window)
    if not any(window is not None and window.rule in FOUND_RULES for window in windows):
        return options
    if slices.readers[0].samples_per_pixel > 1:
        return options  # colour has no VOI stage
    found = [window if window.rule not in FOUND_RULES else None for window in windows]
    statistics = [
        None if given else Statistics(window, _padding(slices))
        for given, window in zip(found, windows, strict=True)
    ]
    plain = replace(options, values="stored", dtype=None, window=None, fill=None, mask=False)
    for k, (dataset, reader, frame) in enumerate(
        zip(slices.datasets, slices.readers, slices.frames, strict=True)
    ):
        try:
            stored, _ = _stored(reader, frame, None, plain, options.limits)
        except (Error, OSError) as error:
            if options.on_error != "report":
                raise naming(error, slices.name(k)) from None
            continue  # its values are not those of the patient
        modality = stages_of(dataset, frame, image=image_of(reader), values="modality").modality
        for each in filter(None, statistics):
            each.add(stored[None], modality)
    found = [given or _explicit(each.voi()) for given, each in zip(found, statistics, strict=True)]
    return replace(options, window=found if is_list else found[0])


def _padding(slices):
    paddings = {
        padding_of(dataset, image_of(reader), [])
        for dataset, reader in zip(slices.datasets, slices.readers, strict=True)
    }
    if len(paddings) > 1:
        message = (
            "volume: slices have different Pixel Padding, so no window is found in all of them; give one"
        )
        raise ConformanceError(message, where="(0028,0120)")
    return paddings.pop()


def _explicit(voi):
    kind, first, second = voi
    if kind == "range":
        return Window((first + second) / 2, second - first, function="linear_exact")
    return Window(first, second, function=kind)
