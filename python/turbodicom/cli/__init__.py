# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The command line: ``turbodicom TOOL ...`` or ``python -m turbodicom TOOL ...``.

One module a tool; each has `arguments()`, which makes its parser, and `run(options)`, which returns
the exit code: 0 ok, 1 failed, 2 usage, 3 partial, 130 interrupted. Tools use the public API only.
"""

import argparse
import contextlib
import importlib
import keyword
import os
import signal
import sys
import threading

__all__ = ["main"]

TOOLS = {
    "demo": "make a small synthetic study, import it, show what came out and how fast",
    "info": "say what a file is: object, transfer syntax, geometry, frames, issues",
    "dump": "print every element, as DCMTK's dcmdump does",
    "show": "write an image, or a contact sheet of frames or series, as PNG",
    "dcm2img": "write frames as PNG, PGM, PPM, TIFF, JPEG or BMP, as DCMTK's dcm2img does",
    "scan": "read the headers of files and folders into a table: Parquet, CSV or JSON",
    "import": "make an index of an archive and one array file for each series",
    "transcode": "write files with their frames in another transfer syntax, lossless or lossy",
    "doctor": "say which transfer syntaxes decode and encode on this machine",
}


def main(argv=None):
    """Run one tool.

    Parameters
    ----------
    argv : list of str, optional
        Arguments behind the program's name; default those of the process.

    Returns
    -------
    int
        Exit code.
    """
    argv = sys.argv[1:] if argv is None else list(argv)
    try:
        with _termination_as_exit():
            return _run(argv)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return _reader_has_gone()
    except SystemExit as exit_request:  # argparse: --help, --version, wrong usage
        return _exit_code(exit_request.code)


def _run(argv):
    if not argv:
        _parser().print_help(sys.stderr)
        return 2
    if argv[0] not in TOOLS:
        _parser().parse_args(argv[:1])  # --help, --version, or not a tool: leaves by SystemExit
    module = argv[0] + "_" * keyword.iskeyword(argv[0])  # import_
    tool = importlib.import_module(f"turbodicom.cli.{module}")
    code = tool.run(tool.arguments().parse_args(argv[1:]))
    sys.stdout.flush()
    return code


@contextlib.contextmanager
def _termination_as_exit():
    """Let SIGTERM unwind the stack, so that no temporary file stays behind."""

    def leave(number, _frame):
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _parser():
    listing = "\n".join(f"  {name:11}{what}" for name, what in TOOLS.items())
    parser = argparse.ArgumentParser(
        prog="turbodicom",
        description="Pixels and headers out of DICOM, right and fast.",
        epilog=f"tools:\n{listing}\n\nexamples:\n  turbodicom demo\n  turbodicom info ct.dcm\n"
        "  turbodicom dump +P PatientID *.dcm\n  turbodicom TOOL --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("tool", metavar="TOOL", choices=list(TOOLS), help="one of the tools below")
    add_version(parser)
    return parser


def add_version(parser):
    """Give a parser the option --version."""
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")


class _Version(argparse.Action):
    def __call__(self, parser, namespace, values, option_string=None):
        from turbodicom import __version__

        print(f"turbodicom {__version__}")
        parser.exit(0)


def tool_parser(name, epilog, **settings):
    """Make the parser of one tool; `epilog` holds its examples."""
    parser = argparse.ArgumentParser(
        prog=f"turbodicom {name}",
        description=TOOLS[name][0].upper() + TOOLS[name][1:] + ".",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        **settings,
    )
    add_version(parser)
    return parser


def _reader_has_gone():
    """Leave quietly when `| head` closes the pipe; nothing may be flushed at exit any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _exit_code(code):
    if code is None:
        return 0
    return code if isinstance(code, int) else 2
