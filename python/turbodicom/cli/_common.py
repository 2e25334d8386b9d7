# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""What all tools share: exit codes, messages, whole-or-nothing output files, progress."""

import contextlib
import os
import sys
import tempfile

from turbodicom.errors import Error

OK, FAILED, USAGE, PARTIAL, INTERRUPTED = 0, 1, 2, 3, 130


class Messages:
    """Lines on stderr, with the tool's name before them."""

    def __init__(self, tool, quiet=False):
        self._tool = tool
        self._quiet = quiet

    def warning(self, text):
        if not self._quiet:
            print(f"turbodicom {self._tool}: warning: {text}", file=sys.stderr)

    def error(self, text):
        if not self._quiet:
            print(f"turbodicom {self._tool}: {text}", file=sys.stderr)


def describe_error(path, error):
    """One line that says what is wrong with a file."""
    if isinstance(error, OSError) and error.strerror:
        return f"{path}: {error.strerror}"
    return f"{path}: {error}"


def for_each_file(paths, work, messages):
    """Call ``work(path)`` for every path; a file that fails does not keep the others back.

    Parameters
    ----------
    paths : list of str
    work : callable
        Raises OSError or turbodicom.Error for a file it cannot use.
    messages : Messages

    Returns
    -------
    int
        Exit code: `OK`, `FAILED` when every file failed, `PARTIAL` when some did.
    """
    failures = 0
    for path in paths:
        try:
            work(path)
        except BrokenPipeError:
            raise
        except (OSError, Error) as error:
            sys.stdout.flush()
            messages.error(describe_error(path, error))
            failures += 1
    if not failures:
        return OK
    return FAILED if failures == len(paths) else PARTIAL


@contextlib.contextmanager
def whole_file(path):
    """Open a binary file for writing that appears under its name only when all of it is written.

    Parameters
    ----------
    path : str or path-like

    Yields
    ------
    binary file object
        In the directory of `path`; renamed at the end, removed when an exception passes.
    """
    directory, name = os.path.split(os.path.abspath(path))
    descriptor, temporary = tempfile.mkstemp(prefix=f".{name[:32]}.", suffix=".part", dir=directory)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            os.fchmod(file.fileno(), 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def progress(iterable, text, total=None):
    """Iterate with a progress bar on stderr: only on a terminal, and only if rich is installed.

    Parameters
    ----------
    iterable : iterable
    text : str
    total : int, optional
        Number of steps; default ``len(iterable)``.

    Returns
    -------
    iterable
    """
    if not sys.stderr.isatty():
        return iterable
    try:
        from rich.console import Console
        from rich.progress import track
    except ImportError:
        return iterable
    return track(iterable, text, total=total, console=Console(stderr=True), transient=True)


def print_table(headings, rows, title=None):
    """Print a table: with rich if it is installed and stdout is a terminal, in plain columns else.

    Parameters
    ----------
    headings : sequence of str
    rows : list of sequence of str
    title : str, optional
    """
    if sys.stdout.isatty():
        try:
            return _rich_table(headings, rows, title)
        except ImportError:
            pass
    if title:
        print(title)
    widths = [max(len(str(row[i])) for row in [headings, *rows]) for i in range(len(headings))]
    for row in [headings, *rows]:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)).rstrip())


def _rich_table(headings, rows, title):
    from rich.console import Console
    from rich.table import Table

    table = Table(*headings, title=title, title_justify="left", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*map(str, row))
    Console().print(table)
