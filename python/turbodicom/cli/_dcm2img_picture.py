# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""From a data set to a `DicomImage` that is ready to be written, in the order of DCMTK's dcm2img.

Grey, overlays, window, shape, polarity, clipping, rotation, flipping, scaling: `prepare` has them in a row.
As there, what cannot be had is a warning, except windows, VOI LUTs and frames that the file does not have.
"""

import turbodicom as td
from turbodicom.cli._dcm2img_options import ALL_OVERLAYS

_WORKAROUNDS = {"predictor6_overflow": "workaround_pred6", "cornell_huffman": "workaround_cornell"}
_FLAGS = ("acr_nema", "wrong_palette_tags", "check_lut_bit_depth", "ignore_modality_lut_bit_depth")
_MOST_OVERLAYS = 16
_MOST_PIXELS = 1 << 30  # ours: of all frames of a scaled or clipped image together
_NOT_POSSIBLE = (ValueError, TypeError, IndexError, td.Error)


class CannotDo(Exception):
    """What was asked for is not in the file."""


def open_image(data_set, options):
    """Make the image of the frames asked for.

    Parameters
    ----------
    data_set : Dataset
    options : namespace

    Returns
    -------
    DicomImage

    Raises
    ------
    CannotDo
        The first frame is not there.
    turbodicom.Error, OSError
        It is no image that can be shown.
    """
    first, count, _ = options.frames
    image = td.DicomImage(
        data_set,
        mode=options.numbers,
        first_frame=first - 1,
        frame_count=count,
        use_partial_access=_has_several_frames(data_set),  # as dcmj2pnm: statistics of the frames asked for
        color=options.color,
        workarounds=tuple(name for name in _WORKAROUNDS if getattr(options, _WORKAROUNDS[name])),
        ignore_modality=not options.uses_modality,
        **{name: name in (options.flags or ()) for name in _FLAGS},
    )
    if image.first_frame != first - 1:
        raise CannotDo(f"there is no frame {first}")
    return image


def _has_several_frames(data_set):
    count = data_set.get("NumberOfFrames")
    return isinstance(count, int) and count > 1


def prepare(image, options, log):
    """Do everything that was asked for.

    Parameters
    ----------
    image : DicomImage
    options : namespace
    log : Log

    Returns
    -------
    DicomImage
        The same or another.

    Raises
    ------
    CannotDo
        A window or VOI LUT that is not there, or a picture with no pixels or too many.
    """
    if options.is_gray and not image.is_monochrome:
        log.info("converting to grey")
        image = image.create_monochrome_image()
    _show_overlays(image, options, log)
    _set_window(image, options, log)
    _set_presentation(image, options, log)
    if options.clip and not options.scaling:
        image = _clipped(image, options.clip, log)
    if options.rotation:
        log.info(f"rotating by {options.rotation} degrees")
        image.rotate_image(options.rotation)
    if any(options.flipping):
        log.info("flipping")
        image.flip_image(*options.flipping)
    return _scaled(image, options, log) if options.scaling else image


def _show_overlays(image, options, log):
    image.hide_all_overlays()
    there = range(min(image.overlay_count(), _MOST_OVERLAYS))
    wanted = options.overlays
    if wanted is None or ALL_OVERLAYS in wanted:
        chosen = there
    else:
        chosen = sorted(number - 1 for number in wanted)
    for plane in chosen:
        if plane not in there:
            log.warning(f"there is no overlay {plane + 1}")
            continue
        log.info(f"showing overlay {plane + 1}")
        how = (options.overlay_mode, options.foreground, options.threshold) if options.overlay_mode else ()
        _try(f"overlay {plane + 1} cannot be shown", log, image.show_overlay, plane, *how)


def _set_window(image, options, log):
    kind, *numbers = options.window or (None,)
    if kind == "index":
        _check_number("window", numbers[0], image.window_count)
    elif kind == "lut":
        _check_number("VOI LUT", numbers[0], image.voi_lut_count)
    elif kind is None and not image.is_monochrome:
        return
    bits_mode = "ignore" if "ignore_voi_lut_bit_depth" in (options.flags or ()) else "use"
    setters = {
        None: lambda: image.set_no_voi_transformation(),
        "index": lambda n: image.set_window(n - 1),
        "lut": lambda n: image.set_voi_lut(n - 1, bits_mode),
        "min-max": lambda: image.set_min_max_window(),
        "min-max-inner": lambda: image.set_min_max_window(True),
        "roi": lambda *where: image.set_roi_window(*where),
        "histogram": lambda percent: image.set_histogram_window(percent / 100),
        "values": lambda center, width: image.set_window(center, width),
    }
    log.info(f"window: {' '.join(map(str, options.window)) if options.window else 'none'}")
    _try("the window cannot be set", log, setters[kind], *numbers)
    if options.voi_function:
        log.info(f"VOI LUT function: {options.voi_function}")
        _try("the VOI LUT function cannot be set", log, image.set_voi_lut_function, options.voi_function)


def _check_number(what, number, count):
    if number > count:
        raise CannotDo(f"there is no {what} {number}, the file has {count}")


def _set_presentation(image, options, log):
    if options.shape:
        log.info(f"presentation LUT shape: {options.shape}")
        _try("the presentation LUT shape cannot be set", log, image.set_presentation_lut_shape, options.shape)
    if options.is_reversed:
        log.info("polarity: reverse")
        _try("the polarity cannot be set", log, image.set_polarity, "reverse")


def _clipped(image, clip, log):
    log.info(f"clipping to {' '.join(map(str, clip))}")
    _check_size(image, clip.columns, clip.rows)
    try:
        return image.create_clipped_image(*clip)
    except ValueError as error:
        raise CannotDo(f"clipping: {error}") from None


def _scaled(image, options, log):
    log.info(f"scaling: {options.scaling}")
    scaling = options.scaling
    factor = max(
        scaling.x_factor, scaling.y_factor, scaling.columns / image.width, scaling.rows / image.height
    )
    _check_size(image, factor * image.width, factor * image.height)
    try:
        return image.create_scaled_image(
            scaling.columns,
            scaling.rows,
            options.interpolation,
            options.uses_aspect,
            x_factor=scaling.x_factor or None,
            y_factor=scaling.y_factor or None,
            clip=options.clip,
        )
    except ValueError as error:
        raise CannotDo(f"scaling: {error}") from None


def _check_size(image, columns, rows):
    if columns * rows * image.frame_count > _MOST_PIXELS:
        raise CannotDo(f"{columns:.0f} x {rows:.0f} pixels are too many")


def _try(failure, log, work, *arguments):
    """Do it; if that is not possible, a warning and on without it, as in DCMTK."""
    try:
        work(*arguments)
    except _NOT_POSSIBLE as error:
        log.warning(f"{failure}: {error}")
