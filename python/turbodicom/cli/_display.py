# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""One frame as 8 bits for a screen, and many pictures on one sheet.

Begin with `frame_for_display`. Sheets have plain numbers below their pictures, drawn by the ten digits in
`_DIGITS`; what the numbers stand for is for the caller to say.
"""

import numpy as np

import turbodicom as td

_GAP = 4  # pixels between the pictures of a sheet
_BACKGROUND, _INK = 24, 200
_LARGEST_THUMBNAIL = 256  # pixels

# 3 x 5 pixels each, a row an octal digit, from the top: 757 is ###, # #, ###.
_DIGITS = ("75557", "26227", "71747", "71717", "55711", "74717", "74757", "71111", "75757", "75717")
_INK_WIDTH = 2  # pixels of the sheet for one of a digit


def frame_for_display(data_set, frame, window=None):
    """One frame as 8 bits, as PS3.3 C.11 has it displayed.

    Parameters
    ----------
    data_set : Dataset
    frame : int
    window : (float, float), optional
        Center and width in modality values; default the file's first window or VOI LUT, else smallest to
        largest value.

    Returns
    -------
    ndarray of uint8, shape (rows, columns) or (rows, columns, 3)

    Raises
    ------
    turbodicom.Error, OSError
        The frame cannot be read or decoded.

    Notes
    -----
    Source: PS3.3 C.11.1.1.2 (rescale), C.11.2 (VOI), C.7.6.3.1.2 (photometric interpretation).
    """
    stored = data_set.pixels(frames=frame)
    report = []
    shown = _transformed(stored, data_set, frame, window, report)
    if window is None and any("no_voi" in entry.quirks for entry in report):
        return _transformed(stored, data_set, frame, td.Window.minmax())
    return shown


def _transformed(stored, data_set, frame, window, report=None):
    return td.transform(
        stored, data_set, values="presentation", frames=frame, window=window, dtype=np.uint8, report=report
    )


def contact_sheet(pictures, columns=None, numbered=False):
    """Put pictures side by side, each made smaller by leaving out pixels.

    Parameters
    ----------
    pictures : list of ndarray of uint8
    columns : int, optional
        Pictures in a row; default about square.
    numbered : bool, optional
        Draw numbers below them, from 1.

    Returns
    -------
    ndarray of uint8, shape (rows, columns) or (rows, columns, 3)
    """
    pictures = [thumbnail(picture) for picture in pictures]
    if numbered:
        pictures = [_with_number(picture, i + 1) for i, picture in enumerate(pictures)]
    if any(picture.ndim == 3 for picture in pictures):
        pictures = [np.repeat(p[..., None], 3, 2) if p.ndim == 2 else p for p in pictures]
    columns = columns or int(np.ceil(np.sqrt(len(pictures))))
    strips = [pictures[first : first + columns] for first in range(0, len(pictures), columns)]
    width = max(picture.shape[1] for picture in pictures) + _GAP
    return np.concatenate([_strip(strip, width, columns) for strip in strips])


def thumbnail(picture):
    """Make a picture small enough for a sheet.

    Parameters
    ----------
    picture : ndarray of uint8, shape (rows, columns) or (rows, columns, 3)

    Returns
    -------
    ndarray of uint8
        Means of blocks of pixels, at most 256 rows and columns.
    """
    step = -(-max(picture.shape[:2]) // _LARGEST_THUMBNAIL)
    if step == 1:
        return picture
    rows, columns = picture.shape[0] // step * step, picture.shape[1] // step * step
    if not rows or not columns:
        return picture[::step, ::step]
    blocks = picture[:rows, :columns].reshape(rows // step, step, columns // step, step, *picture.shape[2:])
    return blocks.mean(axis=(1, 3)).astype(np.uint8)


def _strip(pictures, width, columns):
    """One row of a sheet, every picture in the middle of its place."""
    height = max(picture.shape[0] for picture in pictures)
    strip = np.full((height + _GAP, columns * width + _GAP, *pictures[0].shape[2:]), _BACKGROUND, np.uint8)
    for index, picture in enumerate(pictures):
        top = (height - picture.shape[0]) // 2 + _GAP
        left = (width - picture.shape[1] + _GAP) // 2 + index * width
        strip[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return strip


def _with_number(picture, value):
    """A picture with a number in the middle below it."""
    ink = _drawn(value)
    rows, columns = picture.shape[:2]
    width = max(columns, ink.shape[1])
    whole = np.full((rows + _GAP + ink.shape[0], width, *picture.shape[2:]), _BACKGROUND, np.uint8)
    left = (width - columns) // 2
    whole[:rows, left : left + columns] = picture
    left = (width - ink.shape[1]) // 2
    whole[rows + _GAP :, left : left + ink.shape[1]][ink] = _INK
    return whole


def _drawn(value):
    """A number as a mask."""
    digits = []
    for digit in str(value):
        rows = [[int(row) >> bit & 1 for bit in (2, 1, 0)] + [0] for row in _DIGITS[int(digit)]]
        digits.append(np.array(rows, bool))
    return np.kron(np.hstack(digits)[:, :-1], np.ones((_INK_WIDTH, _INK_WIDTH), bool))
