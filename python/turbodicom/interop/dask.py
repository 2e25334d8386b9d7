# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Scans and volumes as Dask collections: :func:`scan` makes a DataFrame, :func:`volumes` arrays.

Dask schedules. Each task is a scan or a volume wherever it happens to run, so all workers have to see the files under
the same paths. Needs the extra ``dask``.
"""

import operator

import numpy as np

from turbodicom import _core
from turbodicom._read import read
from turbodicom._scan import _plan
from turbodicom._scan_progress import progress_of
from turbodicom._scan_sources import paths_of
from turbodicom._scan_table import Table, needed
from turbodicom._series import Series
from turbodicom._volume import volume
from turbodicom.errors import ConformanceError, Error

__all__ = ["scan", "volumes"]

_NOTHING = slice(0, 0)  # of the frames: gives shape and dtype


def scan(
    paths,
    tags=None,
    *,
    partition_files=10_000,
    workers=1,
    recursive=True,
    follow_links=False,
    limits=None,
    pixel_offset=False,
):
    """Read the headers of files into a Dask DataFrame: the table of :func:`turbodicom.scan`, in partitions.

    Folders are walked now, by names only; files are read when Dask computes.

    Parameters
    ----------
    paths : str, os.PathLike, or iterable of them
        Files, folders, globs, or a DICOMDIR alone; see :func:`turbodicom.scan`, also for the other parameters.
    tags : iterable of str, int, (int, int) or (int, str, int), optional
        A column each.
    partition_files : int
        So many files a partition, the last may have fewer.
    workers : int
        Threads of each task; Dask runs several tasks at once.
    recursive : bool
        Go into the folders of folders.
    follow_links : bool
        Go into folders that links lead to.
    limits : Limits, optional
        What a file may cost.
    pixel_offset : bool
        A column with the place of the pixel data.

    Returns
    -------
    dask.dataframe.DataFrame
        Columns of Arrow types, in the order of the sources; the index counts the rows of each partition.

    Raises
    ------
    ValueError, TypeError
        A tag or an option is none.
    UnsupportedError
        Dask, pandas or pyarrow is not installed.

    Notes
    -----
    Source: PS3.5 6.2, PS3.6, PS3.10 7.
    """
    frames = needed("dask.dataframe", "dask")
    partition_files = operator.index(partition_files)
    if partition_files < 1:
        raise ValueError(f"partition_files must be 1 or more, not {partition_files}")
    plan = _plan(tags, recursive, follow_links, limits, pixel_offset)
    names = _core.list_files(list(paths_of(paths, limits)), follow_links, recursive, 0).paths()
    starts = range(0, max(len(names), 1), partition_files)
    pieces = [b"\0".join(names[start : start + partition_files]) for start in starts]
    meta = _pandas(plan.empty_table())
    return frames.from_map(_partition, pieces, plan=plan, workers=workers, meta=meta, label="turbodicom-scan")


def _partition(names, plan, workers):
    """Scan files, given as paths with a null character between them.

    Not by td.scan: of a walk, a file named DICOMDIR is a file, and a pattern is a name.
    """
    paths = iter(names.split(b"\0") if names else ())
    with progress_of(None) as meter:
        return _pandas(plan.table(paths, workers, meter))


def _pandas(table):
    pandas = needed("pandas", "dask")
    return table.to_arrow().to_pandas(types_mapper=pandas.ArrowDtype)


def volumes(series, *, strict=False, **options):
    """Return the volume of each series as a Dask array.

    Headers are read now, for shapes and types; pixels when Dask computes. One chunk an array.

    Parameters
    ----------
    series : Table, Series, or iterable of Series
        A table of :func:`turbodicom.scan` stands for all its series.
    strict : bool
        Raise, when computed, where the slices make no regular grid at right angles.
    **options
        The fields of :class:`turbodicom.PixelOptions`, as of :func:`turbodicom.volume`, but `mask`; `workers`, the threads
        of each task, is 1 by default.

    Returns
    -------
    dict
        *Series Instance UID* -> dask.array.Array of shape (slices, rows, columns[, samples]). What is known beside the
        array, its affine for one, is in ``turbodicom.volume(series)``.

    Raises
    ------
    ConformanceError
        Slices of several sizes in one series; the message names a file.
    Error, OSError
        A file that is no image, or cannot be read.
    ValueError, TypeError
        Options that cannot be meant.
    UnsupportedError
        Dask is not installed.

    Notes
    -----
    Source: PS3.3 C.7.6.2.1.1.
    """
    array, delayed = needed("dask.array", "dask"), needed("dask", "dask").delayed
    if options.get("mask"):
        raise ValueError("mask makes a second array, which volumes() cannot give")
    options = {"workers": 1} | options
    found = {}
    for one in _each(series):
        shape, dtype = _layout(one.files, options)
        task = delayed(_volume_array)(list(one.files), shape, strict, options | {"dtype": dtype})
        found[one.uid] = array.from_delayed(task, shape, dtype)
    return found


def _volume_array(files, shape, strict, options):
    """Make the array that was promised; a ValueError says that the files have become others."""
    return volume(files, out=np.empty(shape, options["dtype"]), strict=strict, **options).array


def _each(series):
    if isinstance(series, Table):
        return series.series()
    return [series] if isinstance(series, Series) else list(series)


def _layout(files, options):
    """Work out shape and dtype of a volume from the headers of its files."""
    planes, dtypes, frames = [], set(), 0
    for file in files:
        try:
            dataset = read(file, limits=options.get("limits"))
            empty = dataset.pixels(frames=_NOTHING, **options)
        except Error as error:
            text = f"{error} in {file}"
            raise type(error)(text, offset=error.offset, where=error.where, codec=error.codec) from None
        frames += len(dataset.frames)
        planes.append(empty.shape[1:])
        dtypes.add(empty.dtype)
        if planes[-1] != planes[0]:
            sizes = f"{planes[0]} and {planes[-1]}"
            raise ConformanceError(
                f"volumes: slices of several sizes, {sizes}, in {file}", where="(0028,0010)"
            )
    return (frames, *planes[0]), np.result_type(*dtypes)
