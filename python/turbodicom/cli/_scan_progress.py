# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""How far a scan is, on stderr: a line of rich on a terminal, else a plain line every few seconds."""

import contextlib
import sys
import time

__all__ = ["shown"]

_SECONDS = 2.0  # between plain lines


@contextlib.contextmanager
def shown(quiet):
    """Give what td.scan takes as `progress`.

    Parameters
    ----------
    quiet : bool

    Yields
    ------
    callable or None
    """
    if quiet:
        yield None
        return
    bar = _bar() if sys.stderr.isatty() else None
    if bar is None:
        yield _lines()
        return
    task = bar.add_task("scan", total=None, speed="")
    start = time.monotonic()

    def update(files, size):
        seconds = max(time.monotonic() - start, 1e-9)
        bar.update(
            task, completed=files, speed=f"{files / seconds:.0f} files/s, {size / 1e6 / seconds:.0f} MB/s"
        )

    with bar:
        yield update


def _bar():
    """Return a bar of rich; None without rich."""
    try:
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
    except ImportError:
        return None
    texts = TextColumn("{task.completed} files"), TextColumn("{task.fields[speed]}")
    return Progress(
        SpinnerColumn(), *texts, TimeElapsedColumn(), console=Console(stderr=True), transient=True
    )


def _lines():
    last = start = time.monotonic()

    def line(files, size):
        nonlocal last
        now = time.monotonic()
        if now - last >= _SECONDS:
            last = now
            seconds = now - start
            print(
                f"turbodicom scan: {files} files, {files / seconds:.0f} files/s, {size / 1e6 / seconds:.0f} MB/s",
                file=sys.stderr,
            )

    return line
