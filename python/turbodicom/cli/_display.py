# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""From stored values to 8 bits for a screen, and many pictures on one sheet.

Rescale, window, MONOCHROME1, palette: the plain linear cases of PS3.3 C.11 and C.7.6.3.1, one frame at
a time. Begin with `frame_for_display`.
"""

import numpy as np

import turbodicom as td

_GAP = 4  # pixels between the pictures of a sheet
_BACKGROUND = 24
_LARGEST_THUMBNAIL = 256  # pixels


def frame_for_display(data_set, frame, window=None):
    """One frame as 8 bits.

    Parameters
    ----------
    data_set : Dataset
    frame : int
    window : (float, float), optional
        Center and width in rescaled values; default the file's first window, else smallest to largest.

    Returns
    -------
    ndarray of uint8, shape (rows, columns) or (rows, columns, 3)

    Raises
    ------
    turbodicom.Error, OSError
        The frame cannot be read or decoded.

    Notes
    -----
    Source: PS3.3 C.11.1.1.2 (rescale), C.11.2.1.2 (window), C.7.6.3.1.2 (photometric interpretation).
    """
    stored = data_set.pixels(frames=frame)
    interpretation = str(data_set.get("PhotometricInterpretation") or "")
    if stored.ndim == 3:
        return _as_bytes(stored, data_set)
    if interpretation == "PALETTE COLOR" and "RedPaletteColorLookupTableData" in data_set:
        return _through_palette(stored, data_set)
    shown = _windowed(stored, data_set, window)
    return 255 - shown if interpretation == "MONOCHROME1" else shown


def contact_sheet(pictures, columns=None):
    """Put pictures side by side, each made smaller by leaving out pixels.

    Parameters
    ----------
    pictures : list of ndarray of uint8
    columns : int, optional
        Pictures in a row; default about square.

    Returns
    -------
    ndarray of uint8, shape (rows, columns) or (rows, columns, 3)
    """
    pictures = [_thumbnail(picture) for picture in pictures]
    if any(picture.ndim == 3 for picture in pictures):
        pictures = [np.repeat(p[..., None], 3, 2) if p.ndim == 2 else p for p in pictures]
    columns = columns or int(np.ceil(np.sqrt(len(pictures))))
    strips = [pictures[first : first + columns] for first in range(0, len(pictures), columns)]
    width = max(picture.shape[1] for picture in pictures) + _GAP
    return np.concatenate([_strip(strip, width, columns) for strip in strips])


def _strip(pictures, width, columns):
    """One row of a sheet, every picture in the middle of its place."""
    height = max(picture.shape[0] for picture in pictures)
    strip = np.full((height + _GAP, columns * width + _GAP, *pictures[0].shape[2:]), _BACKGROUND, np.uint8)
    for index, picture in enumerate(pictures):
        top = (height - picture.shape[0]) // 2 + _GAP
        left = (width - picture.shape[1] + _GAP) // 2 + index * width
        strip[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return strip


def _thumbnail(picture):
    step = -(-max(picture.shape[:2]) // _LARGEST_THUMBNAIL)
    if step == 1:
        return picture
    rows, columns = picture.shape[0] // step * step, picture.shape[1] // step * step
    if not rows or not columns:
        return picture[::step, ::step]
    blocks = picture[:rows, :columns].reshape(rows // step, step, columns // step, step, *picture.shape[2:])
    return blocks.mean(axis=(1, 3)).astype(np.uint8)


def _as_bytes(samples, data_set):
    """Colour of any depth to 8 bits: the most significant ones."""
    bits = int(data_set.get("BitsStored") or 8)
    if samples.dtype == np.uint8 and bits <= 8:
        return samples
    return (samples.astype(np.int64) >> max(bits - 8, 0)).clip(0, 255).astype(np.uint8)


def _windowed(stored, data_set, window):
    # C.11.1.1.2: output = m * SV + b
    values = stored * np.float32(_number(data_set, "RescaleSlope", 1)) + np.float32(
        _number(data_set, "RescaleIntercept", 0)
    )
    window = window or _window_of_file(data_set)
    if window is None:
        low, high = _finite_range(values)
    else:
        center, width = window
        # C.11.2.1.2.1: c - 0.5 is the middle, w - 1 the distance of the ends
        low, high = center - 0.5 - (width - 1) / 2, center - 0.5 + (width - 1) / 2
    scale = 255 / (high - low) if high > low else 0.0
    with np.errstate(invalid="ignore", over="ignore"):
        shown = np.nan_to_num((values - low) * scale + 0.5)
        if high <= low:
            shown = (values > low) * 255.0
    return shown.clip(0, 255).astype(np.uint8)


def _finite_range(values):
    finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def _number(data_set, keyword, default):
    value = data_set.get(keyword)
    value = value[0] if isinstance(value, list) and value else value
    return value if isinstance(value, (int, float)) else default


def _window_of_file(data_set):
    width = _number(data_set, "WindowWidth", None)
    center = _number(data_set, "WindowCenter", None)
    return None if width is None or center is None or width < 1 else (center, width)


def _through_palette(indexes, data_set):
    planes = [_palette(data_set, color) for color in ("Red", "Green", "Blue")]
    return np.stack(
        [table[np.clip(indexes.astype(np.int64) - first, 0, len(table) - 1)] for first, table in planes], -1
    )


def _palette(data_set, color):
    """First index and 8-bit values of one palette (PS3.3 C.7.6.3.1.5 and .6)."""
    descriptor = data_set.get(f"{color}PaletteColorLookupTableDescriptor")
    data = data_set.get(f"{color}PaletteColorLookupTableData")
    if not isinstance(descriptor, list) or len(descriptor) != 3 or not isinstance(data, bytes) or not data:
        raise td.ConformanceError(
            f"palette: descriptor or data of the {color.lower()} table is missing (PS3.3 C.7.6.3.1.5)"
        )
    entries, first, bits = descriptor
    entries = entries & 0xFFFF or 1 << 16  # 0 means 65536
    order = ">" if data_set.is_big_endian else "<"
    if len(data) < 2 * entries:  # 8-bit values, packed
        table = np.frombuffer(data[:entries], np.uint8)
    else:
        table = np.frombuffer(data[: 2 * entries], order + "u2")
    return first, (table >> 8 if bits > 8 and table.dtype.itemsize == 2 else table & 0xFF).astype(np.uint8)
