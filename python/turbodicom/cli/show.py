# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``turbodicom show``: a frame, all of them, or the series below a directory, as an 8-bit PNG.

What the values become on the way to the screen is in `_display`, how a directory is looked through in
`_show_series`.
"""

import os

import turbodicom as td
from turbodicom.cli import tool_parser
from turbodicom.cli._common import FAILED, OK, PARTIAL, USAGE, Messages, describe_error, progress
from turbodicom.cli._dcm2img_output import write
from turbodicom.cli._display import contact_sheet, frame_for_display, thumbnail
from turbodicom.cli._show_series import MOST_FILES, find_series
from turbodicom.pictures import png_bytes

_MOST_ON_A_SHEET = 400  # pictures; evenly chosen out of more
_MOST_TRIED = 3  # files of a series, when the first cannot be decoded

_EPILOG = """\
Grey images are shown through the window of the file, or from the smallest to the largest value.
Of a directory, a sheet has one picture of each series, or with --files one of each file; a text file beside
it says what they are. Files that cannot be read are named, and the exit code is 3.

examples:
  turbodicom show ct.dcm                         writes ct.png
  turbodicom show ct.dcm -o lung.png --window -600 1500
  turbodicom show cine.dcm --frame 12            frames count from 0
  turbodicom show cine.dcm --all -o sheet.png
  turbodicom show study/                         writes study.png and study.txt
  turbodicom show study/ --files -o sheet.png    every file, at most 400
"""


def arguments():
    """Make the parser."""
    parser = tool_parser("show", _EPILOG)
    parser.add_argument("file", metavar="FILE|DIR")
    parser.add_argument(
        "-o", "--output", metavar="PNG", help="default: FILE with the ending .png, in this directory"
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--frame", metavar="N", type=int, help="which frame, from 0 (default 0; of series: middle)"
    )
    which.add_argument("--all", action="store_true", help="all frames on one contact sheet")
    parser.add_argument(
        "--files", action="store_true", help="of a directory, every file instead of every series"
    )
    parser.add_argument(
        "--most", metavar="N", type=int, default=_MOST_ON_A_SHEET,
        help="pictures on a sheet; evenly chosen out of more (default %(default)s)",
    )  # fmt: skip
    parser.add_argument("--window", nargs=2, metavar=("C", "W"), type=float, help="window center and width")
    parser.add_argument("-f", "--force", action="store_true", help="overwrite existing files")
    return parser


def run(options):
    """Write the picture; return the exit code."""
    messages = Messages("show")
    is_directory = os.path.isdir(options.file)
    wrong = _wrong_usage(options, is_directory)
    if wrong:
        messages.error(wrong)
        return USAGE
    outputs = [options.output or _default_output(options.file)]
    outputs += [os.path.splitext(outputs[0])[0] + ".txt"] if is_directory else []
    for output in outputs:
        if os.path.exists(output) and not options.force:
            messages.error(f"{output} is already there; --force overwrites it")
            return FAILED
    return (_show_directory if is_directory else _show_file)(options, outputs, messages)


def _wrong_usage(options, is_directory):
    if options.window and options.window[1] < 1:
        return f"the window width must be 1 or more, not {options.window[1]:g} (PS3.3 C.11.2.1.2)"
    if options.most < 1:
        return f"--most must be 1 or more, not {options.most}"
    if options.files and not is_directory:
        return "--files needs a directory"
    if options.all and is_directory:
        return "--all needs a file; --files shows every file of a directory"
    return ""


def _show_file(options, outputs, messages):
    try:
        picture = _picture(options)
    except (OSError, td.Error, IndexError) as error:
        messages.error(describe_error(options.file, error))
        return FAILED
    return _written(
        outputs, [png_bytes(picture)], f"{picture.shape[1]} x {picture.shape[0]} pixels", messages
    )


def _picture(options):
    data_set = td.read(options.file)
    count = len(data_set.frames)
    if not options.all:
        frame = options.frame or 0
        if not -count <= frame < count:
            raise IndexError(f"frame {frame} of {count}")
        return frame_for_display(data_set, frame % count, _window(options))
    frames = _evenly(range(count), options.most)
    shown = (frame_for_display(data_set, i, _window(options)) for i in progress(frames, "frames"))
    return contact_sheet([thumbnail(picture) for picture in shown])


def _show_directory(options, outputs, messages):
    try:
        found = find_series(options.file, progress)
    except OSError as error:
        messages.error(describe_error(options.file, error))
        return FAILED
    for path, error in found.errors:
        messages.error(describe_error(path, error))
    if found.left_out:
        messages.warning(f"{found.left_out} files beyond the first {MOST_FILES} are not looked at")
    wanted = _wanted(found.series, options.files)
    chosen = _evenly(wanted, options.most)
    pictures, lines, failures = _tiles(chosen, options, messages)
    if not pictures:
        messages.error(f"{options.file}: no image that can be shown")
        return FAILED
    if len(chosen) < len(wanted):
        messages.warning(f"{len(chosen)} of {len(wanted)} are shown; --most {len(wanted)} shows all")
    sheet = png_bytes(contact_sheet(pictures, numbered=True))
    text = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
    what = f"{len(pictures)} pictures of {len(found.series)} series, {outputs[1]} says of what"
    code = _written(outputs, [sheet, text], what, messages)
    return PARTIAL if code == OK and (failures or found.errors) else code


def _wanted(series, each_file):
    """Return (files to try, text) of each picture."""
    if each_file:
        return [([file], "") for one in series for file in one.files]
    wanted = []
    for one in series:
        middle = len(one.files) // 2
        text = "1 file" if len(one.files) == 1 else f"{len(one.files)} files"
        wanted.append(([*one.files[middle:], *one.files[:middle]][:_MOST_TRIED], f", {text}"))
    return wanted


def _tiles(chosen, options, messages):
    """Return small pictures, the lines that describe them, and how many files failed."""
    pictures, lines, failures = [], [], 0
    for files, text in progress(chosen, "pictures"):
        for file in files:
            try:
                picture = _middle_frame(file.path, options)
            except (OSError, td.Error, IndexError) as error:
                messages.error(describe_error(file.path, error))
                failures += 1
                continue
            pictures.append(thumbnail(picture))
            lines.append(f"{len(pictures)}: {file.about}{text}, {os.path.relpath(file.path, options.file)}")
            break
    return pictures, lines, failures


def _middle_frame(path, options):
    data_set = td.read(path)
    count = len(data_set.frames)
    frame = count // 2 if options.frame is None else options.frame
    if not -count <= frame < count:
        raise IndexError(f"frame {frame} of {count}")
    return frame_for_display(data_set, frame % count, _window(options))


def _written(outputs, contents, what, messages):
    for output, content in zip(outputs, contents, strict=True):
        try:
            write(content, output)
        except OSError as error:
            messages.error(describe_error(output, error))
            return FAILED
    print(f"{outputs[0]}: {what}")
    return OK


def _window(options):
    return tuple(options.window) if options.window else None


def _evenly(sequence, most):
    if len(sequence) <= most:
        return list(sequence)
    return [sequence[i * len(sequence) // most] for i in range(most)]


def _default_output(path):
    name = os.path.basename(os.path.abspath(path))
    return (name if os.path.isdir(path) else os.path.splitext(name)[0]) + ".png"
