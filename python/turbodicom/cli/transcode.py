# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``turbodicom transcode``: files with their frames in another transfer syntax, everything else as it was."""

import contextlib
import os
import sys

import turbodicom as td
from turbodicom.cli import _syntaxes, tool_parser
from turbodicom.cli._common import FAILED, OK, PARTIAL, USAGE, Messages, describe_error, progress

_ROOT = "1.2.840.10008.1.2"
_JPEG_8, _JPEG_12 = _ROOT + ".4.50", _ROOT + ".4.51"
_WORDS = {
    "native": _ROOT + ".1",
    "implicit": _ROOT,
    "deflated": _ROOT + ".1.99",
    "rle": _ROOT + ".5",
    "jpeg": _JPEG_8,
    "jpeg-spectral": _ROOT + ".4.53",
    "jpeg-progressive": _ROOT + ".4.55",
    "jpeg-lossless": _ROOT + ".4.70",
    "jpeg-lossless-any": _ROOT + ".4.57",
}

_EPILOG = """\
--to takes the UID of a transfer syntax, or one of these words:
  native              explicit VR little endian; implicit and deflated: those native syntaxes
  rle                 RLE Lossless
  jpeg-lossless       JPEG Lossless, selection value 1 (.70); jpeg-lossless-any: any selection value (.57)
  jpeg                lossy: JPEG Baseline (.50) up to 8 bits, Extended (.51) up to 12
  jpeg-progressive    lossy: JPEG Full Progression (.55); jpeg-spectral: Spectral Selection (.53)

Lossless files are decoded again and compared, bit for bit, before they get their name. Lossy ones get a new
SOP Instance UID. Files appear whole or not at all.

examples:
  turbodicom transcode ct.dcm small.dcm --to jpeg-lossless
  turbodicom transcode small.dcm plain.dcm --to native
  turbodicom transcode us.dcm preview.dcm --to jpeg --quality 80 --subsampling 4:2:0
  turbodicom transcode study/*.dcm packed/ --to rle
  turbodicom transcode ct.dcm ct.dcm --to rle --force       in place
"""


def arguments():
    """Make the parser."""
    parser = tool_parser("transcode", _EPILOG)
    parser.add_argument("inputs", metavar="IN", nargs="+")
    parser.add_argument("output", metavar="OUT", help="a file; a directory for several files")
    parser.add_argument("--to", metavar="SYNTAX", required=True, help="a word of those below, or a UID")
    parser.add_argument("--quality", metavar="N", type=int, help="lossy JPEG: 1 to 100 (default 90)")
    parser.add_argument(
        "--subsampling",
        choices=("4:4:4", "4:2:2", "4:2:0", "4:4:0", "4:1:1"),
        help="lossy JPEG of colour (default 4:2:2)",
    )
    parser.add_argument(
        "--predictor", metavar="N", type=_predictor, help="jpeg-lossless-any: 1 to 7, or auto (default 1)"
    )
    parser.add_argument(
        "--restart-interval", metavar="N", type=_interval, help="JPEG: restart markers, a number or row"
    )
    parser.add_argument(
        "--uid", choices=("auto", "keep", "new"), default="auto", help="SOP Instance UID (default auto)"
    )
    parser.add_argument(
        "--offset-table",
        choices=("basic", "extended"),
        default="basic",
        help="which one to write (default basic)",
    )
    parser.add_argument(
        "--reencode", action="store_true", help="even where the file is in that syntax already"
    )
    parser.add_argument("--keep-preamble", action="store_true", help="keep the 128 bytes in front of DICM")
    parser.add_argument("-j", "--workers", metavar="N", type=int, help="threads (default all cores)")
    parser.add_argument("-f", "--force", action="store_true", help="overwrite existing files")
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors")
    return parser


def _predictor(word):
    return word if word == "auto" else int(word)


def _interval(word):
    return word if word == "row" else int(word)


def run(options):
    """Transcode the files; return the exit code."""
    messages = Messages("transcode")
    uid = _WORDS.get(options.to, options.to)
    if uid not in _syntaxes.names():
        messages.error(f"--to must be a UID or one of {', '.join(_WORDS)}, not {options.to}")
        return USAGE
    pairs = _pairs(options)
    if pairs is None:
        messages.error("several inputs need a directory to go to, and different names")
        return USAGE
    failures = 0
    try:
        for source, target in progress(pairs, "files") if len(pairs) > 1 else pairs:
            failures += not _one(source, target, uid, options, messages)
    except (ValueError, TypeError) as error:
        messages.error(str(error))
        return USAGE
    if not failures:
        return OK
    return FAILED if failures == len(pairs) else PARTIAL


def _pairs(options):
    """Which file goes where; None when that cannot be."""
    is_directory = os.path.isdir(options.output) or options.output.endswith(os.sep)
    if len(options.inputs) == 1 and not is_directory:
        return [(options.inputs[0], options.output)]
    names = [os.path.basename(path) for path in options.inputs]
    if len(set(names)) < len(names) or (os.path.exists(options.output) and not is_directory):
        return None
    return [
        (path, os.path.join(options.output, name)) for path, name in zip(options.inputs, names, strict=True)
    ]


def _one(source, target, uid, options, messages):
    """Transcode one file; False when that failed."""
    if os.path.exists(target) and not options.force:
        messages.error(f"{target} is already there; --force overwrites it")
        return False
    try:
        before = os.path.getsize(source)
        os.makedirs(os.path.dirname(os.path.abspath(target)), exist_ok=True)
        with _frame_progress(len(options.inputs) == 1) as told:
            done = td.transcode(
                source, target, _fitting(uid, source, options), progress=told, **_keywords(options)
            )
    except (OSError, td.Error) as error:
        messages.error(describe_error(getattr(error, "filename", None) or source, error))
        return False
    if not options.quiet:
        print(f"{target}: {_summary(done, before, os.path.getsize(target))}", flush=True)
    return True


def _keywords(options):
    names = (
        "quality",
        "subsampling",
        "predictor",
        "restart_interval",
        "uid",
        "offset_table",
        "reencode",
        "keep_preamble",
        "workers",
    )
    return {name: getattr(options, name) for name in names}


def _fitting(uid, source, options):
    """The word jpeg means Extended where Baseline's 8 bits do not do."""
    if options.to != "jpeg":
        return uid
    bits_stored = td.read(source).get("BitsStored")
    return _JPEG_12 if isinstance(bits_stored, int) and bits_stored > 8 else _JPEG_8


def _summary(done, before, after):
    frames = "1 frame" if done.frames == 1 else f"{done.frames} frames"
    what = "copied as they are" if not done.is_reencoded else "lossy" if done.is_lossy else "lossless"
    return f"{_syntaxes.name(done.transfer_syntax_uid)}, {frames} {what}, {_bytes(before)} -> {_bytes(after)}"


def _bytes(count):
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.3g} {unit}" if unit != "bytes" else f"{count} bytes"
        count /= 1000
    return f"{count:.3g} GB"


@contextlib.contextmanager
def _frame_progress(is_wanted):
    """Yield a callback that draws a bar: only on a terminal, and only if rich is installed."""
    try:
        if not is_wanted or not sys.stderr.isatty():
            raise ImportError
        from rich.console import Console
        from rich.progress import Progress
    except ImportError:
        yield None
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("frames", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
