# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""How far a scan is: told to the caller's function ten times a second at most, or to a bar of rich.

The core is asked while a batch is under way, so that batches are as large with progress as without.
"""

import time

from turbodicom._scan_columns import BEFORE

__all__ = ["Meter", "progress_of"]

_SECONDS = 0.1  # between two calls
_SIZE_COLUMN = BEFORE.index("size")


class Meter:
    """Counts files and bytes.

    Parameters
    ----------
    report : callable or None
        ``report(files, bytes)``.
    """

    def __init__(self, report):
        self._report = report
        self.files = self.bytes = 0
        self._told = (0, 0)
        self._last = time.monotonic()

    @property
    def listener(self):
        """What ``_core.Scan.next`` is to tell how much of its batch is read; None if nobody wants to know."""
        return None if self._report is None else self._tell

    def _tell(self, files, size):
        """Tell of files beyond those that are counted, unless the last time was just now."""
        now = time.monotonic()
        if now - self._last < _SECONDS:
            return
        self._last = now
        files, size = self.files + files, self.bytes + size
        self._told = max(files, self._told[0]), max(size, self._told[1])  # some may have to be read again
        self._report(*self._told)

    def add(self, batch):
        """Count a batch.

        Parameters
        ----------
        batch : _core.Batch
        """
        if self._report is None:
            return
        sizes = batch.numpy(_SIZE_COLUMN)
        self.count(batch.rows, int(sizes[sizes > 0].sum()))
        self._tell(0, 0)

    def count(self, files, size):
        """Count files that are done without being read.

        Parameters
        ----------
        files, size : int
        """
        self.files += files
        self.bytes += size

    def finish(self):
        """Tell the end."""
        if self._report is not None:
            self._report(self.files, self.bytes)


def progress_of(progress):
    """Return a context manager that gives the Meter for what the caller passed as ``progress``.

    Parameters
    ----------
    progress : callable, bool or None

    Returns
    -------
    context manager

    Raises
    ------
    TypeError
        It is something else.
    """
    if progress is None or progress is False:
        return _Plain(None)
    if progress is True:
        return _Bar()
    if not callable(progress):
        raise TypeError(f"progress must be callable, True or None, not {type(progress).__name__}")
    return _Plain(progress)


class _Plain:
    def __init__(self, report):
        self._report = report

    def __enter__(self):
        return Meter(self._report)

    def __exit__(self, *exception):
        return None


class _Bar:
    """A line of rich on stderr; nothing without rich."""

    def __enter__(self):
        try:
            from rich.console import Console
            from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
        except ImportError:
            self._bar = None
            return Meter(None)
        text = TextColumn("{task.completed} files, {task.fields[megabytes]:.0f} MB")
        columns = SpinnerColumn(), text, TimeElapsedColumn()
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._bar.start()
        task = self._bar.add_task("scan", total=None, megabytes=0.0)
        return Meter(lambda files, size: self._bar.update(task, completed=files, megabytes=size / 1e6))

    def __exit__(self, *exception):
        if self._bar is not None:
            self._bar.stop()
