# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""What a scan returns: a :class:`Table` of Arrow columns, which also serves plain Python.

The rows are kept by one of two holders with the same five members: :class:`CoreRows` (batches of the core), or
``_scan_cache.ArrowRows`` (a pyarrow table, when a cache was read).
"""

import difflib
import html
import operator

import numpy as np

from turbodicom import _core
from turbodicom.errors import UnsupportedError

__all__ = ["CoreRows", "RecordBatch", "Table", "needed"]

_ROWS_AT_ONCE = 1024  # turned into Python objects at a time when rows are iterated
_SHOWN_ROWS, _SHOWN_COLUMNS, _SHOWN_CHARACTERS = 5, 12, 40
_EXACT_FLOAT = 1 << 53  # integers up to here are float64 without loss


class CoreRows:
    """Rows in batches of the core.

    Parameters
    ----------
    any_batch : _core.Batch
        Has the columns, if not the rows.
    batches : list of _core.Batch
    """

    def __init__(self, any_batch, batches):
        self._any_batch, self._batches = any_batch, batches
        self._begins = np.cumsum([0, *(batch.rows for batch in batches)])
        self.names, self.types = list(any_batch.names), list(any_batch.types)
        self.count = int(self._begins[-1])

    def values(self, column, begin, end):
        """Return Python values of a column.

        Parameters
        ----------
        column : int
        begin, end : int
            Rows.

        Returns
        -------
        list
        """
        first = int(np.searchsorted(self._begins, begin, "right")) - 1
        found = []
        for number in range(first, len(self._batches)):
            start = int(self._begins[number])
            if start >= end:
                break
            batch = self._batches[number]
            found += batch.values(column, max(begin - start, 0), min(end - start, batch.rows))
        return found

    def numbers(self, column):
        """Return a column of numbers.

        Parameters
        ----------
        column : int
            Of type "int" or "float".

        Returns
        -------
        ndarray
            float64 with NaN for null when there are nulls.
        """
        if not self._batches:
            return np.empty(0, np.int64 if self.types[column] == "int" else np.float64)
        pieces = [batch.numpy(column) for batch in self._batches]
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)

    def stream(self, requested_schema):
        """Return a capsule that holds an ArrowArrayStream.

        Parameters
        ----------
        requested_schema : capsule or None
            Not followed: the Arrow specification lets a producer give what it has.

        Returns
        -------
        capsule
        """
        return _core.record_batch_stream(self._any_batch, self._batches)


class Table:
    """The headers of many files: a row a file, a column a tag. Made by :func:`turbodicom.scan`.

    Libraries that know Arrow take it as it is, without a copy: ``pyarrow.table(t)``, ``polars.DataFrame(t)``,
    ``duckdb.sql("select * from t")``.

    * ``t["PatientID"]`` is a column: an array for numbers (float64 with NaN where a value is missing; integers that
      float64 cannot hold come as an array of objects with None), a list for everything else.
    * ``t[7]`` is a row as a dict, ``t[3:9]`` a list of them, and iterating gives every row.
    * ``len(t)`` is the number of rows, ``"Rows" in t`` tells whether there is such a column.
    """

    def __init__(self, rows, description, began):
        self._rows = rows
        self._description = description  # what the columns depend on; kept in the metadata of a cache
        self._began = began  # when, in ns of the clock; kept there too
        self._columns = {name: number for number, name in enumerate(rows.names)}
        self._summary = None

    def __reduce__(self):
        kind = type(self).__name__
        raise TypeError(
            f"a {kind} cannot be pickled: send what to_arrow() or to_pandas() returns, or the path of a file"
        )

    def __len__(self):
        return self._rows.count

    @property
    def columns(self):
        """Names of the columns, in order."""
        return tuple(self._columns)

    @property
    def types(self):
        """Types of the columns by name: "text", "int", "float", "date", "time", "timestamp", "binary", "list<...>".

        Those of ``mtime`` and ``unparsed`` are "timestamp_ns" (UTC) and "unparsed" (a list of column and text).
        """
        return dict(zip(self._columns, self._rows.types))

    def __contains__(self, name):
        return name in self._columns

    def __getitem__(self, key):
        if isinstance(key, str):
            return self._column(key)
        if isinstance(key, slice):
            return self._row_slice(key)
        try:
            index = operator.index(key)
        except TypeError:
            raise TypeError(
                f"a Table is asked by column name, row number or slice, not {type(key).__name__}"
            ) from None
        if not -len(self) <= index < len(self):
            raise IndexError(f"row {index} of a Table of {len(self)} rows")
        index %= len(self)
        return next(self._dicts(index, index + 1))

    def _number(self, name):
        try:
            return self._columns[name]
        except KeyError:
            near = difflib.get_close_matches(name, self._columns)
            hint = f"; did you mean {' or '.join(near)}?" if near else "; see its .columns"
            raise KeyError(f"{name} is no column of this Table{hint}") from None

    def _column(self, name):
        number = self._number(name)
        if self._rows.types[number] not in ("int", "float"):
            return self._rows.values(number, 0, len(self))
        array = self._rows.numbers(number)
        if self._rows.types[number] == "int" and array.dtype != np.int64:
            return self._exact(number, array)
        return array

    def _column_or_none(self, name):
        return self._column(name) if name in self._columns else None

    def _exact(self, number, array):
        """Return integers with nulls as float64 if that holds them, else as objects."""
        if not (np.abs(array) >= _EXACT_FLOAT).any():
            return array
        exact = np.empty(len(array), object)
        exact[:] = self._rows.values(number, 0, len(self))
        return exact

    def _row_slice(self, key):
        begin, end, step = key.indices(len(self))
        if step == 1:
            return list(self._dicts(begin, end))
        return [self[index] for index in range(begin, end, step)]

    def __iter__(self):
        return self._dicts(0, len(self))

    def _dicts(self, begin, end):
        names = tuple(self._columns)
        for start in range(begin, end, _ROWS_AT_ONCE):
            stop = min(start + _ROWS_AT_ONCE, end)
            columns = [self._rows.values(number, start, stop) for number in range(len(names))]
            for values in zip(*columns):
                yield dict(zip(names, values))

    @property
    def errors(self):
        """Rows with an error, as a list of dicts with ``path``, ``error`` and ``error_offset`` (None: of the system)."""
        numbers = {name: self._columns[name] for name in ("path", "error", "error_offset")}
        found = []
        for start in range(0, len(self), _ROWS_AT_ONCE):
            stop = min(start + _ROWS_AT_ONCE, len(self))
            errors = self._rows.values(numbers["error"], start, stop)
            if any(error is not None for error in errors):
                columns = [self._rows.values(number, start, stop) for number in numbers.values()]
                rows = zip(*columns)
                found += [dict(zip(numbers, row)) for row, error in zip(rows, errors) if error is not None]
        return found

    def series(self):
        """Group the files into series, each in the order of its geometry.

        Within a series: by the position along the normal of its images (PS3.3 C.7.6.2.1.1) where all images have a
        position and the same orientation; else by *Instance Number*; then by path.

        Returns
        -------
        list of Series
            In the order in which they first appear. Files without a *Series Instance UID* belong to none.

        Raises
        ------
        ValueError
            The table lacks one of the columns this takes; the message names them.

        Notes
        -----
        Source: PS3.3 C.7.3.1.1.1, C.7.6.2.1.1.
        """
        from turbodicom._series import series_of

        return series_of(self)

    # -- Arrow -----------------------------------------------------------------------------------------

    def __arrow_c_stream__(self, requested_schema=None):
        return self._rows.stream(requested_schema)

    def to_arrow(self):
        """Return a pyarrow.Table; nothing is copied.

        Returns
        -------
        pyarrow.Table

        Raises
        ------
        UnsupportedError
            pyarrow is not installed.
        """
        return needed("pyarrow", "arrow").table(self)

    def to_pandas(self):
        """Return a pandas.DataFrame.

        Returns
        -------
        pandas.DataFrame

        Raises
        ------
        UnsupportedError
            pandas or pyarrow is not installed.
        """
        needed("pandas")
        return self.to_arrow().to_pandas()

    def to_polars(self):
        """Return a polars.DataFrame.

        Returns
        -------
        polars.DataFrame

        Raises
        ------
        UnsupportedError
            polars is not installed.
        """
        return needed("polars").DataFrame(self)

    def to_parquet(self, path):
        """Write a Parquet file, whole or not at all; :func:`turbodicom.scan` takes it as its `cache`.

        Parameters
        ----------
        path : str or os.PathLike
            May exist: it is replaced. Were it among the files scanned, its row is left out.

        Raises
        ------
        UnsupportedError
            pyarrow is not installed.
        OSError
            The file cannot be written.
        """
        from turbodicom._scan_cache import write_table

        write_table(self, path)

    # -- for the eye -----------------------------------------------------------------------------------

    def _counts(self):
        if self._summary is None:
            uids = self._column_or_none("SeriesInstanceUID") or ()
            broken = sum(error is not None for error in self["error"])
            self._summary = len(set(uids) - {None, ""}), broken
        return self._summary

    def __repr__(self):
        series, broken = self._counts()
        of_series = f", {series} series" if "SeriesInstanceUID" in self else ""
        return (
            f"<turbodicom.Table: {len(self)} files{of_series}, {broken} errors, {len(self._columns)} columns>"
        )

    def _repr_html_(self):
        names = list(self._columns)[:_SHOWN_COLUMNS]
        more = len(self._columns) - len(names)
        heading = "".join(f"<th>{html.escape(name)}</th>" for name in names) + (
            "<th>...</th>" if more else ""
        )
        rows = [[_shown(row[name]) for name in names] + ["..."] * bool(more) for row in self[:_SHOWN_ROWS]]
        body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
        return f"<p>{html.escape(repr(self))}</p><table><tr>{heading}</tr>{body}</table>"


class RecordBatch(Table):
    """One batch of :func:`turbodicom.scan_batches`: a Table that is one Arrow array."""

    def __init__(self, batch, description, began):
        super().__init__(CoreRows(batch, [batch]), description, began)
        self._batch = batch

    def __arrow_c_schema__(self):
        return self._batch.__arrow_c_schema__()

    def __arrow_c_array__(self, requested_schema=None):
        return self._batch.__arrow_c_array__(requested_schema)


def _shown(value):
    text = "" if value is None else str(value)
    return html.escape(text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 3] + "...")


def needed(package, extra=None):
    """Import a package that is not a dependency.

    Parameters
    ----------
    package : str
    extra : str, optional
        The extra of turbodicom that brings it.

    Returns
    -------
    module

    Raises
    ------
    UnsupportedError
        It is not installed.
    """
    import importlib

    try:
        return importlib.import_module(package)
    except ImportError:
        what = f"'turbodicom[{extra}]'" if extra else package
        raise UnsupportedError(f"this needs {package}: pip install {what}") from None
