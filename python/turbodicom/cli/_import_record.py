# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``series.json``: a record for each array of an import, and for each series that could not be one.

While an import runs, a line for each array is appended to a journal as soon as the array is there; at the end both
become the new ``series.json``. So a killed import continues where it was.
"""

import contextlib
import json
import os
import re

from turbodicom.cli._import_output import output_errors, synchronise, whole_file

__all__ = ["Record"]

_FILE = "series.json"
_JOURNAL = ".series.journal"
_ARRAY = re.compile(r"[0-9a-f]{24}(-\d+)?\.npy", re.ASCII)


class Record:
    """The records of a folder, as a context manager; leaving it writes ``series.json``.

    Parameters
    ----------
    folder : str

    Raises
    ------
    ValueError
        ``series.json`` is none of ours.
    OutputError
        A file cannot be read or written.
    """

    def __init__(self, folder):
        self._folder = folder
        self._journal_path = os.path.join(folder, _JOURNAL)
        self._known = self._load()  # name -> record, of arrays as they are on the disk
        self._listed = {}  # name -> record, of this run
        self._series = set()  # of this run
        self._journal = None

    def __enter__(self):
        with output_errors(self._journal_path):
            self._journal = open(self._journal_path, "ab")
            self._journal.write(b"\n")  # ends what a killed process may have left in the middle
        return self

    def __exit__(self, kind, error, trace):
        try:
            if kind is None:
                self._commit()
                return
            # What went wrong before is what gets told; if this does too, the journal stays.
            with contextlib.suppress(Exception):
                self._series.clear()  # not all of any series may have had its turn
                self._commit()
        finally:
            self._close()

    # -- of one array --------------------------------------------------------------------------------------

    def kept(self, array):
        """Return the record of an array that is there as planned, which stays.

        Parameters
        ----------
        array : Planned

        Returns
        -------
        dict or None
        """
        record = self._known.get(array.name)
        if record is None or record.get("source") != array.source:
            return None
        try:
            state = _state(os.path.join(self._folder, record["array"]))
        except OSError:
            return None
        if any(record.get(name) != value for name, value in state.items()):
            return None
        self._keep(array, record)
        return record

    def forget(self, array):
        """Say that the file of an array is about to be replaced: what was known of it holds no longer.

        Parameters
        ----------
        array : Planned
        """
        self._known.pop(array.name, None)

    def add(self, array, record):
        """Say that an array is there.

        Parameters
        ----------
        array : Planned
        record : dict
            In the types of JSON.
        """
        name = f"{array.name}.npy"
        with output_errors(os.path.join(self._folder, name)):
            state = _state(os.path.join(self._folder, name))
        record = _about(array) | {"array": name} | record | {"error": None} | state | {"source": array.source}
        self._append(record)
        self._known[array.name] = record
        self._keep(array, record)

    def add_failure(self, array, text):
        """Say why there is no array.

        Parameters
        ----------
        array : Planned
        text : str
        """
        self._keep(array, {**_about(array), "array": None, "files": list(array.files), "error": text})

    def _keep(self, array, record):
        self._listed[array.name] = record
        self._series.add(array.series_uid)

    # -- on the disk ---------------------------------------------------------------------------------------

    def _append(self, record):
        with output_errors(self._journal_path):
            self._journal.write(json.dumps(record, allow_nan=False).encode() + b"\n")
            self._journal.flush()

    def _commit(self):
        """Write what this run has, and of series it has not met what was there."""
        for name, record in self._known.items():
            if record["SeriesInstanceUID"] not in self._series:
                self._listed.setdefault(name, record)
        with output_errors(os.path.join(self._folder, _FILE)):
            synchronise(self._folder)
            with whole_file(self._folder, _FILE) as file:
                before = b"[\n"
                for record in self._listed.values():
                    file.write(before + json.dumps(record, allow_nan=False).encode())
                    before = b",\n"
                file.write(b"[]\n" if not self._listed else b"\n]\n")
            synchronise(self._folder)
            self._close()
            os.unlink(self._journal_path)

    def _close(self):
        """Close the journal; what could not be written has been told by then."""
        with contextlib.suppress(OSError):
            self._journal.close()

    def unlisted(self):
        """Return the array files that are in the folder, but in no record; asked at the end.

        Returns
        -------
        list of str
            Names.
        """
        listed = {record["array"] for record in self._listed.values()}
        with output_errors(self._folder):
            return sorted(name for name in os.listdir(self._folder) if _is_array(name) and name not in listed)

    def _load(self):
        path = os.path.join(self._folder, _FILE)
        records = _records(path)
        if not all(map(_is_record, records)):
            raise ValueError(f"{path} was not written by an import, or is damaged")
        records += filter(_is_record, _journal(self._journal_path))
        return {
            record["array"].removesuffix(".npy"): record for record in records if record["array"] is not None
        }


def _state(path):
    """What tells a file from the one that was recorded."""
    status = os.lstat(path)
    return {"bytes": status.st_size, "mtime": status.st_mtime_ns}


def _about(array):
    return {
        "SeriesInstanceUID": array.series_uid,
        "StudyInstanceUID": array.study_uid,
        "Modality": array.modality,
    }


def _records(path):
    if not os.path.exists(path):
        return []
    try:
        with output_errors(path), open(path, "rb") as file:
            found = json.load(file)
    except (ValueError, RecursionError):  # neither JSON nor UTF-8
        return [None]
    return found if isinstance(found, list) else [None]


def _journal(path):
    """Yield what the lines hold that are whole."""
    if not os.path.exists(path):
        return
    with output_errors(path), open(path, "rb") as file:
        for line in file:
            with contextlib.suppress(ValueError, RecursionError):
                yield json.loads(line)


def _is_record(record):
    if not isinstance(record, dict) or not isinstance(record.get("SeriesInstanceUID"), str):
        return False
    if record.get("array", "") is None:
        return True
    findings = record.get("findings")
    if not isinstance(findings, list) or not all(isinstance(finding, dict) for finding in findings):
        return False
    codes = [finding.get("code") for finding in findings]
    return _is_array(record.get("array")) and all(isinstance(code, str) for code in codes)


def _is_array(name):
    """Tell whether this can be the name of an array file: nothing else is ever looked for."""
    return isinstance(name, str) and _ARRAY.fullmatch(name) is not None
