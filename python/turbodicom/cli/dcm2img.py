# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``turbodicom dcm2img``: pictures of frames, with the options and the numbers of DCMTK's dcm2img.

`_dcm2img_options` has the options, `_dcm2img_picture` what is done to the image, in DCMTK's order, and
`_dcm2img_output` the files. Here is the way from one to the next.
"""

import os
import shlex
import sys

import turbodicom as td
from turbodicom.cli import TOOLS
from turbodicom.cli._common import FAILED, OK, PARTIAL, USAGE, Messages, describe_error, progress
from turbodicom.cli._dcm2img_arguments import ArgumentParser
from turbodicom.cli._dcm2img_info import info_lines
from turbodicom.cli._dcm2img_options import DEFAULTS, GROUPS
from turbodicom.cli._dcm2img_output import OutputFormat, output_name, write
from turbodicom.cli._dcm2img_picture import CannotDo, open_image, prepare

_STDIO = "-"
_QUIET, _VERBOSE = ("quiet", "fatal"), ("info", "debug", "trace")

_EPILOG = """\
Of options that exclude each other the last one wins; @FILE stands for the words in a file. Numbers are those
of DCMTK 3.6.7, with --standard those of the standard. Existing files are overwritten.

examples:
  turbodicom dcm2img ct.dcm ct.png                   the whole range of values
  turbodicom dcm2img +Wi 1 ct.dcm ct.png             the first window of the file
  turbodicom dcm2img +Ww -600 1500 +on2 ct.dcm ct.png
  turbodicom dcm2img +Fa +Wh 1 cine.dcm cine.jpg     writes cine.jpg.0.jpg, cine.jpg.1.jpg, ...
  turbodicom dcm2img +op +Sxv 128 ct.dcm | display   a thumbnail
"""


def arguments():
    """Make the parser."""
    description = TOOLS["dcm2img"][0].upper() + TOOLS["dcm2img"][1:] + "."
    return ArgumentParser(
        "turbodicom dcm2img", description, _EPILOG, GROUPS, DEFAULTS, ("dcmfile-in", "bitmap-out")
    )


def run(options):
    """Write the pictures; return the exit code."""
    log = Log(options.level)
    if options.prints_arguments:
        print(f"turbodicom dcm2img: {shlex.join(options.expanded)}", file=sys.stderr)
    source, target = [*options.parameters, _STDIO][:2]
    if _is_same_file(source, target):
        log.error(f"{source}: the picture would take the place of the image itself")
        return USAGE
    try:
        return _convert(source, target, options, log)
    except BrokenPipeError:
        raise
    except MemoryError:
        log.error(f"{source}: not enough memory")
    except (OSError, td.Error, CannotDo) as error:
        log.error(describe_error(getattr(error, "filename", None) or source, error))
    return FAILED


def _is_same_file(source, target):
    return os.path.exists(source) and os.path.exists(target) and os.path.samefile(source, target)


def _convert(source, target, options, log):
    log.info(f"reading {source}")
    data_set = _read(source, options)
    image = open_image(data_set, options)
    if options.prints_info:
        print("\n".join(info_lines(source, data_set, image)), file=sys.stderr)
    if options.format == "none":
        return OK
    return _write_frames(prepare(image, options, log), target, options, log)


class Log(Messages):
    """Messages up to a level of DCMTK's."""

    def __init__(self, level):
        super().__init__("dcm2img", quiet=level == "quiet")
        self._level = level

    def warning(self, text):
        if self._level not in (*_QUIET, "error"):
            super().warning(text)

    def info(self, text):
        if self._level in _VERBOSE:
            print(f"turbodicom dcm2img: {text}", file=sys.stderr)


def _read(source, options):
    data_set = td.read(sys.stdin.buffer.read() if source == _STDIO else source)
    has_meta = bool(data_set.has_preamble or data_set.file_meta)
    if options.file_format == "file" and not has_meta:
        raise td.ConformanceError("a data set without file meta information, which +fo does not take")
    if options.file_format == "dataset" and has_meta:
        raise td.ConformanceError("a DICOM file with file meta information, which -f does not take")
    return data_set


def _write_frames(image, target, options, log):
    output_format = OutputFormat.of(options, target if target != _STDIO else None)
    count = image.frame_count
    if options.frames.count > count:
        log.warning(f"{options.frames.count} frames asked for, there are {count}")
    failures = 0
    for frame in progress(range(count), "frames") if count > 1 else range(count):
        name = target
        if target != _STDIO and options.frames.is_numbered:
            number = f"f{options.frames.first + frame}" if options.by_frame_number else frame
            name = output_name(target, number, output_format, image)
        try:
            content = output_format.encode(image, frame, options)
        except td.Error as error:
            if count == 1:
                raise
            log.error(describe_error(f"frame {options.frames.first + frame}", error))
            failures += 1
            continue
        log.info(f"writing frame {options.frames.first + frame} to {name if name != _STDIO else 'stdout'}")
        write(content, None if name == _STDIO else name)
    return FAILED if failures == count else PARTIAL if failures else OK
