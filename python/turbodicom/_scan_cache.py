# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The cache of a scan: a Parquet file with the table, and with what the table depends on in its metadata.

Begin at :func:`scan_with_cache`: the index is loaded, the files are listed, those that are as they were keep their
rows, the others are read, and the result is written if it differs. Nothing here goes row by row in Python.
"""

import errno
import json
import os
import time

import numpy as np

from turbodicom import _core
from turbodicom._atomic_file import AtomicFile
from turbodicom._scan_table import Table, needed

__all__ = ["ArrowRows", "scan_with_cache", "write_table"]

_KEY = b"turbodicom.scan"
_CLOCK_NS = 20_000_000  # our choice: twice the coarsest tick of the clock that stamps files
_ROWS_AT_ONCE = 1 << 20  # of a row group, and taken at a time: text of so many rows fits 32-bit offsets
_ABSENT = -1  # a size that no file has
_TYPES = {
    "string": "text",
    "int64": "int",
    "double": "float",
    "date32[day]": "date",
    "time64[us]": "time",
    "timestamp[us]": "timestamp",
    "timestamp[ns, tz=UTC]": "timestamp_ns",
    "binary": "binary",
    "struct<column: string, text: string>": "unparsed",
}


def scan_with_cache(plan, paths, cache, workers, meter):
    """Scan, reading only what has changed since the cache was written.

    Parameters
    ----------
    plan : Plan
    paths : iterator of bytes, or of str of ASCII
    cache : str
        Path of the Parquet file.
    workers : int
    meter : Meter

    Returns
    -------
    Table

    Raises
    ------
    ValueError
        The file is no such cache, or damaged.
    UnsupportedError
        pyarrow is not installed.
    OSError
        It cannot be read or written.
    """
    needed("pyarrow", "arrow")
    began = time.time_ns()
    index = _load(cache, plan)
    if index is None:  # nothing to compare with, and no file that might be listed itself
        table = plan.table(paths, workers, meter)
        write_table(table, cache)
        return table
    listing = _core.list_files(list(paths), plan.follow_links, plan.recursive, workers)
    rows, others = _compared(index, listing, cache)
    meter.count(*index.kept(rows))
    if index.is_whole(rows):
        meter.finish()
        return Table(ArrowRows(index.data), plan.description, began)
    fresh = plan.table(iter(others), workers, meter)
    if len(fresh) == len(others):
        merged = index.merged(rows, fresh.to_arrow())
    else:  # a file has become a folder meanwhile
        merged = plan.table(iter(listing.paths()), workers, meter).to_arrow()
    table = Table(ArrowRows(merged), plan.description, began)
    if index.is_racy or not merged.equals(index.data):
        write_table(table, cache)
    return table


def _compared(index, listing, cache):
    """Return for each listed file its row in the index or -1, and the paths of those without one.

    The cache itself, should it lie among the files, is left out; it is never one of its own rows.
    """
    rows = index.rows_of(listing)
    missing = np.flatnonzero(rows < 0)
    paths = listing.paths(missing)
    name = os.fsencode(os.path.basename(cache))
    itself = [i for i, path in enumerate(paths) if path.endswith(name) and is_same_file(path, cache)]
    if itself:
        rows = np.delete(rows, missing[itself])
        paths = [path for i, path in enumerate(paths) if i not in itself]
    return rows, paths


def is_same_file(path, other):
    """Tell whether two paths are one file; no when one is none.

    Parameters
    ----------
    path, other : str or bytes

    Returns
    -------
    bool
    """
    try:
        return os.path.samefile(path, other)
    except OSError:
        return False


# -- the index as it was -------------------------------------------------------------------------------


def _load(path, plan):
    """Return the index in a file: without rows if it is one of another plan, None if there is no file."""
    import pyarrow
    import pyarrow.parquet

    if not os.path.exists(path):
        return None
    if os.path.isdir(path):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if not os.path.isfile(path):  # to open a FIFO is to wait for who writes to it
        raise ValueError(f"cache: {path} is not a regular file")
    schema = pyarrow.table(plan.empty_table()).schema
    try:
        file = pyarrow.parquet.ParquetFile(path, page_checksum_verification=True)
        about = _about(file, path)
        if about["plan"] != plan.description:
            return _Index(schema.empty_table(), about)
        data = file.read().replace_schema_metadata(None)
    except pyarrow.ArrowException as error:
        raise ValueError(
            f"cache: {path} is not an index of turbodicom, or damaged ({_first_line(error)})"
        ) from None
    except OSError as error:
        if error.errno is not None:  # of the system; pyarrow's own complaints about the bytes have no number
            raise
        raise ValueError(
            f"cache: {path} is damaged ({_first_line(error)}); remove it to have it made anew"
        ) from None
    if not data.schema.equals(schema):
        raise ValueError(f"cache: {path} has other columns than it says; remove it to have it made anew")
    return _Index(data, about)


def _first_line(error):
    return str(error).partition("\n")[0][:200]


def _about(file, path):
    """Return what the metadata of a cache say; a file without them is somebody else's."""
    try:
        about = json.loads(file.metadata.metadata[_KEY])
        if isinstance(about["plan"], dict) and all(
            isinstance(about[name], int) for name in ("began", "ended")
        ):
            return about
    except (KeyError, TypeError, ValueError):
        pass
    raise ValueError(f"cache: {path} is a Parquet file, but not an index of turbodicom")


class _Index:
    """The rows of a cache, and which of them may be used again."""

    def __init__(self, data, about):
        self.data = data
        mtime = _int64(data["mtime"])
        racy = (mtime >= about["began"] - _CLOCK_NS) & (mtime <= about["ended"] + _CLOCK_NS)
        self.is_racy = bool(racy.any())  # written while they were read: another change may have the same time
        self._sizes = np.where(racy | self._is_error_of_the_system(), _ABSENT, _int64(data["size"]))
        self._mtime, self._inode = mtime, _int64(data["inode"])

    def _is_error_of_the_system(self):
        """Tell it by an error without an offset; such files are tried again."""
        import pyarrow.compute as pc

        error, offset = self.data["error"], self.data["error_offset"]
        return pc.and_(pc.is_valid(error), pc.is_null(offset)).to_numpy()

    def rows_of(self, listing):
        """Return for each listed file its row here, or -1."""
        rows, begin = np.full(listing.count, -1, np.int64), 0
        for chunk in self.data["path"].chunks:
            end = begin + len(chunk)
            _, offsets, text = chunk.buffers()
            offsets = np.frombuffer(offsets, np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
            part = slice(begin, end)
            text = b"" if text is None else text
            found = listing.match(offsets, text, self._sizes[part], self._mtime[part], self._inode[part])
            rows = np.where(found >= 0, found + begin, rows)
            begin = end
        return rows

    def kept(self, rows):
        """Return how many listed files keep their row, and their bytes."""
        kept = rows[rows >= 0]
        return len(kept), int(self._sizes[kept].sum())

    def is_whole(self, rows):
        """Tell whether these are all the rows there are, in order."""
        return len(rows) == len(self.data) and bool((rows == np.arange(len(rows))).all())

    def merged(self, rows, fresh):
        """Return a table with the rows kept, and the fresh ones where a row is -1."""
        import pyarrow

        rows = rows.copy()
        rows[rows < 0] = len(self.data) + np.arange(len(fresh))
        both = pyarrow.concat_tables([self.data, fresh.cast(self.data.schema)])
        starts = range(0, max(len(rows), 1), _ROWS_AT_ONCE)
        return pyarrow.concat_tables([both.take(rows[start : start + _ROWS_AT_ONCE]) for start in starts])


def _int64(column):
    """Return a column of integers or times as int64, `_ABSENT` for null."""
    import pyarrow

    return column.cast(pyarrow.int64()).fill_null(_ABSENT).to_numpy()


# -- rows kept by pyarrow ------------------------------------------------------------------------------


class ArrowRows:
    """Rows of a Table in a pyarrow.Table; the members are those of ``_scan_table.CoreRows``.

    Parameters
    ----------
    data : pyarrow.Table
    """

    def __init__(self, data):
        self._data = data
        self.names, self.types = data.column_names, [_type_name(field.type) for field in data.schema]
        self.count = len(data)

    def values(self, column, begin, end):
        """Return Python values of a column."""
        import pyarrow

        values = self._data.column(column).slice(begin, end - begin)
        if pyarrow.types.is_timestamp(values.type) and values.type.unit == "ns":  # datetime has microseconds
            values = values.cast(pyarrow.timestamp("us", values.type.tz), safe=False)
        return values.to_pylist()

    def numbers(self, column):
        """Return a column of numbers; float64 with NaN for null when there are nulls."""
        import pyarrow

        values = self._data.column(column)
        if values.null_count:
            values = values.cast(pyarrow.float64(), safe=False)
        return values.to_numpy()

    def stream(self, requested_schema):
        """Return a capsule that holds an ArrowArrayStream."""
        return self._data.__arrow_c_stream__(requested_schema)


def _type_name(arrow_type):
    import pyarrow

    if pyarrow.types.is_list(arrow_type):
        item = _type_name(arrow_type.value_type)
        return item if item == "unparsed" else f"list<{item}>"
    return _TYPES.get(str(arrow_type), str(arrow_type))


# -- writing -------------------------------------------------------------------------------------------


def write_table(table, path):
    """Write a table as the cache of its scan; see ``Table.to_parquet``.

    Parameters
    ----------
    table : Table
    path : str or os.PathLike
    """
    parquet = needed("pyarrow.parquet", "arrow")
    data = _without_row_of(path, table.to_arrow())
    about = {"plan": table._description, "began": table._began, "ended": time.time_ns()}
    data = data.replace_schema_metadata({_KEY: json.dumps(about)})
    with (
        AtomicFile(path) as file,
        parquet.ParquetWriter(
            _Sink(file), data.schema, compression="zstd", use_dictionary=False, write_page_checksum=True
        ) as writer,
    ):
        writer.write_table(data, row_group_size=_ROWS_AT_ONCE)


def _without_row_of(path, data):
    """An index is no row of itself."""
    import pyarrow.compute as pc

    if not os.path.exists(path):
        return data
    near = pc.ends_with(data["path"], pattern=os.path.basename(os.fsdecode(path)))
    itself = [row for row in np.flatnonzero(near.to_numpy()) if is_same_file(data["path"][row].as_py(), path)]
    return data if not itself else data.take(np.setdiff1d(np.arange(len(data)), itself))


class _Sink:
    """An AtomicFile as the file object that pyarrow writes to."""

    closed = False

    def __init__(self, file):
        self._file = file

    def write(self, data):
        self._file.write(data)
        return len(data)

    def tell(self):
        return self._file.position

    def flush(self):
        """Nothing is held back."""

    def close(self):
        """The AtomicFile closes itself."""

    def writable(self):
        return True

    def readable(self):
        return False

    def seekable(self):
        return False
