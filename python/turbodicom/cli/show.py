# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``turbodicom show``: a frame, or all of them on one contact sheet, as an 8-bit PNG.

What the values become on the way to the screen is in `_display`.
"""

import os

import turbodicom as td
from turbodicom.cli import tool_parser
from turbodicom.cli._common import FAILED, OK, USAGE, Messages, describe_error, progress, whole_file
from turbodicom.cli._display import contact_sheet, frame_for_display
from turbodicom.cli._png import png_bytes

_MOST_ON_A_SHEET = 400  # frames; evenly chosen out of more

_EPILOG = """\
Grey images are shown through the window of the file, or from the smallest to the largest value.

examples:
  turbodicom show ct.dcm                         writes ct.png
  turbodicom show ct.dcm -o lung.png --window -600 1500
  turbodicom show cine.dcm --frame 12            frames count from 0
  turbodicom show cine.dcm --all -o sheet.png
"""


def arguments():
    """Make the parser."""
    parser = tool_parser("show", _EPILOG)
    parser.add_argument("file", metavar="FILE")
    parser.add_argument(
        "-o", "--output", metavar="PNG", help="default: FILE with the ending .png, in this directory"
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--frame", metavar="N", type=int, default=0, help="which frame, from 0 (default 0)")
    which.add_argument("--all", action="store_true", help="all frames on one contact sheet")
    parser.add_argument("--window", nargs=2, metavar=("C", "W"), type=float, help="window center and width")
    parser.add_argument("-f", "--force", action="store_true", help="overwrite an existing file")
    return parser


def run(options):
    """Write the picture; return the exit code."""
    messages = Messages("show")
    output = options.output or _default_output(options.file)
    if options.window and options.window[1] < 1:
        messages.error(f"the window width must be 1 or more, not {options.window[1]:g} (PS3.3 C.11.2.1.2)")
        return USAGE
    if os.path.exists(output) and not options.force:
        messages.error(f"{output} is already there; --force overwrites it")
        return FAILED
    try:
        picture = _picture(options)
    except (OSError, td.Error, IndexError) as error:
        messages.error(describe_error(options.file, error))
        return FAILED
    try:
        with whole_file(output) as file:
            file.write(png_bytes(picture))
    except OSError as error:
        messages.error(describe_error(output, error))
        return FAILED
    print(f"{output}: {picture.shape[1]} x {picture.shape[0]} pixels")
    return OK


def _picture(options):
    data_set = td.read(options.file)
    window = tuple(options.window) if options.window else None
    count = len(data_set.frames)
    if not options.all:
        if not -count <= options.frame < count:
            raise IndexError(f"frame {options.frame} of {count}")
        return frame_for_display(data_set, options.frame, window)
    frames = _evenly(count)
    return contact_sheet([frame_for_display(data_set, i, window) for i in progress(frames, "frames")])


def _evenly(count):
    if count <= _MOST_ON_A_SHEET:
        return list(range(count))
    return [i * count // _MOST_ON_A_SHEET for i in range(_MOST_ON_A_SHEET)]


def _default_output(path):
    return os.path.splitext(os.path.basename(path))[0] + ".png"
