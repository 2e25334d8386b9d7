# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""What a scan reads: sources as the caller names them become paths as bytes, one after the other.

Begin at :func:`paths_of`. Folders stay folders: the core walks them. Globs are expanded here, and a DICOMDIR file that
is the only source; its references are only followed beneath its folder.
"""

import os
import warnings
from itertools import chain, islice

from turbodicom import _core, _scan_globs
from turbodicom._read import read
from turbodicom.errors import Error

__all__ = ["paths_of"]

_IS_CUT = {"value_past_end", "item_past_end", "trailing_bytes", "not_an_item"}  # codes of Dataset.issues
_AT_ONCE = 4096  # our choice: entries of a list
_MOST_COMPONENTS = 64  # of a ReferencedFileID; the standard allows 8 (PS3.10 8.2)


def paths_of(sources, limits=None):
    """Return the files and folders that sources stand for, one after the other.

    Parameters
    ----------
    sources : str, os.PathLike, or iterable of them
        Files, folders, globs. An iterable is consumed as its paths are asked for. A DICOMDIR alone stands for what it
        refers to; in an iterable it is a file like others, so that a list of files gives a row for each.
    limits : Limits, optional
        What a DICOMDIR may cost.

    Returns
    -------
    iterator of bytes, or of str of ASCII

    Raises
    ------
    TypeError, ValueError
        A source is something else.
    """
    if isinstance(sources, (str, os.PathLike)):
        path = _bytes_of(sources)
        is_directory = os.path.basename(path).upper() == b"DICOMDIR" and os.path.isfile(path)
        return iter(_referenced_files(path, limits) if is_directory else _expanded(path))
    _refuse_bytes(sources)
    try:
        iterator = iter(sources)
    except TypeError:
        raise TypeError(f"sources must be paths, not {type(sources).__name__}") from None
    is_at_hand = isinstance(sources, (list, tuple))  # of others the next entry may have yet to come
    return chain.from_iterable(_runs(iterator) if is_at_hand else map(_run, iterator))


def _run(source):
    """Return what one entry stands for."""
    some = [source]
    return some if _core.count_plain(some, 0) else _expanded(_bytes_of(source))


def _runs(sources):
    """Yield what entries stand for; plain ones many together: a million cost 40 ms."""
    while some := list(islice(sources, _AT_ONCE)):
        at = 0
        while at < len(some):
            plain = _core.count_plain(some, at)
            yield some[at : at + plain] if plain else _run(some[at])
            at += plain or 1


def _refuse_bytes(source):
    if isinstance(source, (bytes, bytearray, memoryview)):
        raise TypeError(
            f"a source must be a path (str or os.PathLike), not {type(source).__name__}; see os.fsdecode"
        )


def _bytes_of(source):
    if type(source) is not str:
        source = _text_of(source)
    path = os.fsencode(source)
    if b"\0" in path:
        raise ValueError("a source must not hold a NUL character")
    return path


def _expanded(pattern):
    """Yield what a glob matches; a path that is none itself."""
    if not _scan_globs.is_pattern(pattern) or os.path.lexists(pattern):
        yield pattern
        return
    found = False
    for path in _scan_globs.expand(pattern):
        found = True
        yield path
    if not found:
        yield pattern  # a row that says there is no such file


def _text_of(source):
    _refuse_bytes(source)
    try:
        path = os.fspath(source)
    except TypeError:
        raise TypeError(
            f"a source must be a path (str or os.PathLike), not {type(source).__name__}"
        ) from None
    _refuse_bytes(path)
    return path


# -- DICOMDIR (PS3.3 F, PS3.10 8) ----------------------------------------------------------------------


def _referenced_files(path, limits):
    """Return the files a DICOMDIR refers to, each once, in its order; the file itself if it is no DICOMDIR."""
    try:
        directory = read(os.fsdecode(path), limits=limits)
        identifiers = _identifiers(directory.get("DirectoryRecordSequence"))
    except (Error, OSError):
        return [path]  # the scan meets the same error and makes a row of it
    if identifiers is None:
        return [path]
    folder = os.path.dirname(path)
    root = os.path.realpath(folder or b".")
    found = [_beneath(folder, root, identifier) for identifier in identifiers]
    if None in found:
        _warn(
            path, f"{found.count(None)} references of the directory lead out of its folder; they are left out"
        )
    if not _IS_CUT.isdisjoint(issue.code for issue in directory.issues):
        _warn(path, "the directory is cut short; files it refers to may be missing")
    return list(dict.fromkeys(filter(None, found)))


def _identifiers(records):
    """Return every ReferencedFileID as a list of bytes; records are read in the order they stand, never by offset."""
    if not isinstance(records, (list, tuple)):
        return None
    found = []
    for record in records:
        if isinstance(record, _core.DataSetBase) and record.get("RecordInUseFlag") != 0:
            value = record.get("ReferencedFileID")
            components = [value] if isinstance(value, str) else value
            if components and all(isinstance(component, str) for component in components):
                found.append([component.encode("utf-8", "surrogateescape") for component in components])
    return found


def _beneath(folder, root, components):
    """Return where a ReferencedFileID leads; None when that is not beneath the folder (links followed)."""
    if len(components) > _MOST_COMPONENTS or not all(map(_is_plain, components)):
        return None
    path = os.path.join(folder, *components)
    try:
        is_inside = os.path.commonpath([root, os.path.realpath(path)]) == root
    except (OSError, ValueError):
        return None
    return path if is_inside else None


def _is_plain(component):
    return component not in (b"", b".", b"..") and b"/" not in component and b"\0" not in component


def _warn(path, what):
    warnings.warn(f"{os.fsdecode(path)}: {what}", RuntimeWarning, stacklevel=2)
