# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``td.scan`` and ``td.scan_batches``: the headers of any number of files as columns.

Here arguments are checked and the core is fed; it walks, reads and builds columns. What a scan wants is a
:class:`Plan`; docs/notes/005-import.md says what the columns hold.
"""

import itertools
import operator
import os
import time
from dataclasses import dataclass

from turbodicom import _core, _scan_callbacks
from turbodicom._jobs import default_workers
from turbodicom._options import Limits
from turbodicom._scan_columns import columns_of
from turbodicom._scan_progress import progress_of
from turbodicom._scan_sources import paths_of
from turbodicom._scan_table import CoreRows, RecordBatch, Table

__all__ = ["Plan", "scan", "scan_batches"]

_LARGEST = (1 << 31) - 1  # of a number of threads or rows: an Arrow batch of more has no 32-bit offsets
_TABLE_BATCH_ROWS = 1 << 16  # our choice: large pieces, which readers of Arrow like


def scan(
    sources,
    tags=None,
    *,
    workers=None,
    recursive=True,
    follow_links=False,
    limits=None,
    progress=None,
    pixel_offset=False,
    cache=None,
):
    """Read the headers of files into a table, one row a file; what cannot be read is a row with an error.

    Parameters
    ----------
    sources : str, os.PathLike, or iterable of them
        Files; folders, with everything in them; globs (``"archive/**/*.dcm"``, where no such path exists). A DICOMDIR
        file that is the only source, not one of an iterable, stands for the files it refers to.
    tags : iterable of str, int, (int, int) or (int, str, int), optional
        A column each: keywords, tags (``"(0028,0010)"``, 0x00280010, (0x0028, 0x0010)), paths into sequences
        (``"SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].PixelSpacing"``), private elements
        (``'(0029,"SIEMENS CSA HEADER",10)'``, (0x0029, "SIEMENS CSA HEADER", 0x10)). Default: ``td.DEFAULT_TAGS``, what
        the index of an archive needs. The fewer and the lower the tags, the less of each file is read.
    workers : int, optional
        Threads; default all usable cores, but 1 in a worker process. The table does not depend on it.
    recursive : bool
        Go into the folders of folders.
    follow_links : bool
        Go into folders that links lead to, each folder once. Links to files are always followed.
    limits : Limits, optional
        What a file may cost; the default suits files from anywhere.
    progress : callable or True, optional
        Called as ``progress(files, bytes)`` with how many are done, ten times a second at most, and at the end. True: a
        bar on stderr, if rich is installed.
    pixel_offset : bool
        One column more: the byte at which the value of the pixel data begins.
    cache : str or os.PathLike, optional
        A Parquet file that keeps the table. Files whose size, modification time and inode are as they were are not read
        again. Written if it does not exist, whole or not at all. Needs pyarrow.

    Returns
    -------
    Table
        Arrow columns: of the file (path, size, mtime, inode, transfer_syntax), those of `tags`, and what went wrong
        (error, error_offset, unparsed). Rows stand in the order of the sources; within a folder by name, bytewise.

    Raises
    ------
    ValueError, TypeError
        A tag or an option is none; or `cache` is a file that this function did not write.
    UnsupportedError
        `cache` without pyarrow.
    OSError
        `cache` cannot be read or written. Files of `sources` never raise.

    See Also
    --------
    scan_batches : The same piece by piece, in bounded memory.

    Notes
    -----
    Types follow the VR of the data dictionary: text for strings, int64 for IS, US and the like, float64 for DS, FL, FD,
    date, time and timestamp for DA, TM and DT, binary for the rest; lists of these where more than one value is allowed.
    A value that its column cannot hold is null there, and its text is in ``unparsed``.

    Source: PS3.5 6.2 (VRs), PS3.6 (dictionary), PS3.10 7 (files).
    """
    plan = _plan(tags, recursive, follow_links, limits, pixel_offset)
    workers = _checked_workers(workers)
    paths = paths_of(sources, limits)
    with progress_of(progress) as meter:
        if cache is not None:
            from turbodicom._scan_cache import scan_with_cache

            return scan_with_cache(plan, paths, os.fsdecode(cache), workers, meter)
        return plan.table(paths, workers, meter)


def scan_batches(
    sources,
    tags=None,
    *,
    batch_rows=16384,
    workers=None,
    recursive=True,
    follow_links=False,
    limits=None,
    progress=None,
    pixel_offset=False,
):
    """Read the headers of any number of files, one batch of rows after the other.

    Memory is that of one batch: an iterable of paths is consumed as the batches are asked for, and nothing is kept.

    Parameters
    ----------
    sources : str, os.PathLike, or iterable of them
        See :func:`scan`, also for the other parameters.
    tags : iterable of str, int, (int, int) or (int, str, int), optional
        A column each.
    batch_rows : int
        At most so many rows a batch.
    workers : int, optional
        Threads.
    recursive : bool
        Go into the folders of folders.
    follow_links : bool
        Go into folders that links lead to.
    limits : Limits, optional
        What a file may cost.
    progress : callable or True, optional
        ``progress(files, bytes)``, or a bar.
    pixel_offset : bool
        A column with the place of the pixel data.

    Returns
    -------
    iterator of Table
        Each is one record batch as well, with ``__arrow_c_array__``: ``pyarrow.record_batch(batch)``. The columns are those
        of :func:`scan`.

    Raises
    ------
    ValueError, TypeError
        A tag or an option is none. Files never raise.

    Notes
    -----
    Source: PS3.5 6.2, PS3.6, PS3.10 7.
    """
    plan = _plan(tags, recursive, follow_links, limits, pixel_offset)
    rows, workers = _at_least_one("batch_rows", batch_rows), _checked_workers(workers)
    paths = paths_of(sources, limits)
    return _each_batch(plan, paths, rows, workers, progress_of(progress))


def _each_batch(plan, paths, rows, workers, progress):
    began = time.time_ns()
    with progress as meter:
        for batch in plan.batches(paths, rows, workers, meter):
            yield RecordBatch(batch, plan.description, began)


@dataclass(frozen=True)
class Plan:
    """What a scan wants of each file.

    Parameters
    ----------
    columns : tuple of Column
    pixel_offset, recursive, follow_links : bool
    limits : Limits or None
    """

    columns: tuple
    pixel_offset: bool
    recursive: bool
    follow_links: bool
    limits: Limits | None

    def batches(self, paths, rows, workers, meter):
        """Scan what an iterator of paths yields; a generator of ``_core.Batch``.

        Parameters
        ----------
        paths : iterator of bytes, or of str of ASCII
        rows : int
            At most so many a batch, and paths taken at once.
        workers : int
        meter : Meter

        Yields
        ------
        _core.Batch
        """
        scan = self._scan()
        while True:
            sources = list(itertools.islice(paths, rows))
            if not sources:
                break
            scan.feed(sources)
            while (batch := scan.next(rows, workers, meter.listener)) is not None:
                meter.add(batch)
                yield batch
        meter.finish()

    def table(self, paths, workers, meter):
        """Scan what an iterator of paths yields.

        Parameters
        ----------
        paths : iterator of bytes, or of str of ASCII
        workers : int
        meter : Meter

        Returns
        -------
        Table
        """
        began = time.time_ns()
        batches = list(self.batches(paths, _TABLE_BATCH_ROWS, workers, meter))
        any_batch = batches[0] if batches else self._scan().empty()
        return Table(CoreRows(any_batch, batches), self.description, began)

    def empty_table(self):
        """Return a table with the columns of this plan and no row.

        Returns
        -------
        Table
        """
        return Table(CoreRows(self._scan().empty(), []), self.description, time.time_ns())

    def _scan(self):
        columns = [tuple(column) for column in self.columns]
        inflate = _scan_callbacks.inflater(self.limits)
        decode = _scan_callbacks.decode
        return _core.Scan(
            columns, self.pixel_offset, self.follow_links, self.recursive, self.limits, decode, inflate
        )

    @property
    def description(self):
        """Everything a row depends on but the file, in the types of JSON."""
        from turbodicom import __version__

        return {
            "turbodicom": __version__,
            "columns": [[name, [list(step) for step in steps], *rest] for name, steps, *rest in self.columns],
            "pixel_offset": self.pixel_offset,
            "limits": repr(self.limits or Limits()),
        }


def _plan(tags, recursive, follow_links, limits, pixel_offset):
    if limits is not None and not isinstance(limits, Limits):
        raise TypeError(f"limits must be a td.Limits, not {type(limits).__name__}")
    return Plan(tuple(columns_of(tags)), bool(pixel_offset), bool(recursive), bool(follow_links), limits)


def _checked_workers(workers):
    return default_workers() if workers is None else _at_least_one("workers", workers)


def _at_least_one(name, value):
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, not {value!r}") from None
    if not 1 <= number <= _LARGEST:
        raise ValueError(f"{name} must be 1 to {_LARGEST}, not {number}")
    return number
