# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""How far an import is, on stderr: a bar of rich on a terminal, else a plain line every few seconds."""

import contextlib
import sys
import time

__all__ = ["shown"]

_SECONDS = 2.0  # between plain lines


@contextlib.contextmanager
def shown(total_files, total_bytes, quiet):
    """Give a function that is told what is done.

    Parameters
    ----------
    total_files, total_bytes : int
    quiet : bool

    Yields
    ------
    callable
        ``done(files, bytes)``: so much more.
    """
    bar = _bar() if not quiet and sys.stderr.isatty() else None
    meter = _Meter(total_files, None if quiet or bar else _print)
    if bar is None:
        yield meter.add
        return
    task = bar.add_task("import", total=total_bytes, text="")

    def done(files, size):
        meter.add(files, size)
        bar.update(task, completed=meter.bytes, text=meter.text())

    with bar:
        yield done


class _Meter:
    """Counts, and tells a function now and then."""

    def __init__(self, total_files, tell):
        self._total_files, self._tell = total_files, tell
        self.files = self.bytes = 0
        self._begin = self._last = time.monotonic()

    def add(self, files, size):
        self.files += files
        self.bytes += size
        now = time.monotonic()
        if self._tell is not None and now - self._last >= _SECONDS:
            self._last = now
            self._tell(self.text())

    def text(self):
        seconds = max(time.monotonic() - self._begin, 1e-9)
        speed = f"{self.files / seconds:.0f} files/s, {self.bytes / 1e6 / seconds:.0f} MB/s"
        return f"{self.files} of {self._total_files} files, {speed}"


def _print(text):
    print(f"turbodicom import: {text}", file=sys.stderr)


def _bar():
    """Return a bar of rich; None without rich."""
    try:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
    except ImportError:
        return None
    columns = BarColumn(), TextColumn("{task.fields[text]}"), TimeRemainingColumn()
    return Progress(*columns, console=Console(stderr=True), transient=True)
