# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The data dictionary (PS3.6): ``td.dictionary``.

Look-ups in every direction: by keyword, tag or name, of private elements by their creator. The table
is compiled in (pydicom's); DCMTK dictionary files go on top of it with `load`, and those named by the
environment variable DCMDICTPATH at the first use.

>>> from turbodicom import dictionary
>>> dictionary.find("Rows")
Entry(tag=0x00280010, vr='US', vm='1', keyword='Rows', name='Rows', retired=False)
>>> dictionary.find("(0010,0010)").keyword
'PatientName'
"""

import os
import re
import threading
import warnings
from functools import lru_cache

from turbodicom import _core, _dictionary_file
from turbodicom._dictionary_overlay import Entry, Overlay
from turbodicom.errors import ConformanceError

__all__ = [
    "Entry",
    "creators",
    "entries",
    "find",
    "get",
    "load",
    "parse_tag",
    "private_entries",
    "repeating_groups",
    "search",
    "suggest",
    "unload",
]

_HEX_TAG = re.compile(r"\(?\s*([0-9A-Fa-f]{4})\s*,?\s*([0-9A-Fa-f]{4})\s*\)?")


_lock = threading.RLock()
_overlay = None  # None until the first use, which reads DCMDICTPATH


def _current_overlay():
    global _overlay
    if _overlay is None:
        with _lock:
            if _overlay is None:
                _overlay = Overlay()
                _load_from_environment()
    return _overlay


def _load_from_environment():
    from pathlib import Path  # here because few need it, and the import of the package should cost little

    for path in filter(None, os.environ.get("DCMDICTPATH", "").split(os.pathsep)):
        try:
            load(Path(path))
        except (OSError, ConformanceError) as error:
            warnings.warn(f"DCMDICTPATH: {error}", RuntimeWarning, stacklevel=4)


def load(source, *, on_error="raise", report=None):
    """Put the entries of a DCMTK dictionary file on top of the dictionary.

    Later files win over earlier ones and over the built-in table. Good lines are in force even when
    others are bad. The overlay names things for Python; the parser's own VR look-ups (implicit VR)
    keep to the built-in table.

    Parameters
    ----------
    source : path-like or str
        A file, or the text of one (a str with a tab or a line break in it).
    on_error : {"raise", "report"}
        What to do about bad lines, once the good ones are loaded.
    report : list, optional
        With ``"report"``: receives one ``(line number, message)`` for each bad line.

    Returns
    -------
    int
        Number of entries loaded.

    Raises
    ------
    ConformanceError
        At least one line is bad; the message names the first ones, ``.where`` the first line.
    OSError
        The file cannot be read.

    Notes
    -----
    Source: DCMTK's datadict.txt; grammar in the docstring of ``turbodicom._dictionary_file``.
    """
    global _overlay
    if on_error not in ("raise", "report"):
        raise ValueError(f"on_error must be 'raise' or 'report', not {on_error!r}")
    text, origin = _text_of(source)
    rows, bad = [], []
    for number, result in _dictionary_file.parse(text):
        (bad if isinstance(result, str) else rows).append((number, result))
    with _lock:
        grown = Overlay(_current_overlay())
        for _, row in rows:
            grown.add(row)
        _overlay = grown
    _names.cache_clear()
    if bad:
        _complain(origin, bad, on_error, report)
    return len(rows)


def _text_of(source):
    if isinstance(source, str) and ("\t" in source or "\n" in source):
        return source, "dictionary text"
    path = os.fspath(source)
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read(), path


def _complain(origin, bad, on_error, report):
    listed = "; ".join(f"line {number}: {message}" for number, message in bad[:5])
    more = f"; and {len(bad) - 5} more" if len(bad) > 5 else ""
    message = f"{origin}: {len(bad)} bad lines: {listed}{more}"
    if on_error == "raise":
        raise ConformanceError(message, where=f"line {bad[0][0]}")
    warnings.warn(message, RuntimeWarning, stacklevel=3)
    if report is not None:
        report.extend(bad)


def unload():
    """Forget every loaded file; DCMDICTPATH is read again at the next use."""
    global _overlay
    with _lock:
        _overlay = None
    _names.cache_clear()


def parse_tag(key):
    """Turn any way of writing a tag into its number.

    Parameters
    ----------
    key : int, (int, int) or str
        0x00100010, (0x0010, 0x0010), ``"(0010,0010)"``, ``"0010,0010"`` or ``"00100010"``.

    Returns
    -------
    int or None
        None for a str that is not a tag (it may be a keyword).

    Raises
    ------
    TypeError, ValueError
        `key` is of another type, or out of range.
    """
    if isinstance(key, str):
        match = _HEX_TAG.fullmatch(key.strip())
        return int(match[1] + match[2], 16) if match else None
    if isinstance(key, (tuple, list)):
        if len(key) != 2 or not all(isinstance(part, int) and 0 <= part <= 0xFFFF for part in key):
            raise ValueError(f"a tag is two numbers from 0 to 0xFFFF, not {key!r}")
        return key[0] << 16 | key[1]
    if not isinstance(key, int):
        raise TypeError(f"a dictionary key is an int, a pair of ints or a str, not {type(key).__name__}")
    if not 0 <= key <= 0xFFFFFFFF:
        raise ValueError(f"a tag is a number from 0 to 0xFFFFFFFF, not {key}")
    return int(key)


def get(key, default=None, *, creator=None):
    """Look up one entry; `default` when there is none.

    Parameters
    ----------
    key : int, (int, int) or str
        Tag (see `parse_tag`), keyword, or name (``"Patient's Name"``, any case).
    default : object, optional
    creator : str, optional
        Private creator, for the elements of its block. The block in the tag does not matter.

    Returns
    -------
    Entry or `default`

    Raises
    ------
    TypeError, ValueError
        `key` is neither a str nor a tag.
    """
    tag = parse_tag(key)
    if tag is None:
        found = _by_name(key, creator)
    elif creator is not None:
        found = _private(tag, creator.strip(" \0"))
    else:
        found = _standard(tag)
    return default if found is None else found


def find(key, *, creator=None):
    """Look up one entry; like `get`, but a miss is a KeyError that suggests what may have been meant.

    Parameters
    ----------
    key : int, (int, int) or str
        Tag, keyword or name; see `get`.
    creator : str, optional
        Private creator.

    Returns
    -------
    Entry

    Raises
    ------
    KeyError
        There is no such entry.
    TypeError, ValueError
        `key` is neither a str nor a tag.
    """
    found = get(key, creator=creator)
    if found is None:
        raise KeyError(_miss(key, creator))
    return found


def _miss(key, creator):
    tag = parse_tag(key)
    what = repr(key) if tag is None else f"({tag >> 16:04x},{tag & 0xFFFF:04x})"
    by = f" of private creator {creator!r}" if creator else ""
    meant = suggest(key) if tag is None and not creator else []
    hint = f"; did you mean {' or '.join(meant)}?" if meant else ""
    return f"{what}{by} is not in the data dictionary{hint}"


def _standard(tag):
    """One tag's own entry wins over any range, a loaded entry over the built-in one."""
    overlay = _current_overlay()
    if (None, tag) in overlay.exact:
        return overlay.exact[None, tag]
    row = _core.find_entry(tag)
    if row is not None and row[1] == 0xFFFFFFFF:
        return _builtin(row)
    return overlay.find_range(tag, None) or _builtin(row)


def _private(tag, creator):
    return _current_overlay().find_private(tag, creator) or _builtin_private(_core.find_private_entry(tag, creator))


def _by_name(name, creator):
    overlay = _current_overlay()
    if creator is not None:
        return next((entry for entry in private_entries(creator) if name in (entry.keyword, entry.name)), None)
    found = overlay.names.get(name) or _builtin(_core.find_keyword(name))
    return found or overlay.private_names.get(name) or _names().get(name.casefold())


def _builtin(row):
    if row is None:
        return None
    tag, _, vr, vm, keyword, name, retired = row
    return Entry(tag, vr, vm, keyword, name, retired)


def _builtin_private(row):
    if row is None:
        return None
    creator, group, element, _, vr, vm, name = row
    return Entry(group << 16 | element, vr, vm, "", name, False, creator)


@lru_cache(maxsize=1)
def _names():
    """Names and keywords in lower case -> Entry; the first of several wins (current before retired)."""
    ordered = sorted((*entries(), *repeating_groups()), key=lambda entry: entry.retired)
    names = {}
    for entry in ordered:
        for text in (entry.name, entry.keyword):
            if text:
                names.setdefault(text.casefold(), entry)
    return names


def entries():
    """All standard entries, loaded ones included, in tag order; without repeating groups.

    Returns
    -------
    list of Entry
    """
    merged = {row[0]: _builtin(row) for row in _core.dictionary_entries()}
    merged.update((tag, entry) for (creator, tag), entry in _current_overlay().exact.items() if creator is None)
    return [merged[tag] for tag in sorted(merged)]


def repeating_groups():
    """Entries of the repeating groups (50xx, 60xx, ...), loaded ranges included.

    Returns
    -------
    list of Entry
        `Entry.tag` is the first tag each covers.
    """
    loaded = [entry for row, entry in _current_overlay().ranges if row.creator is None]
    return [_builtin(row) for row in _core.repeating_group_entries()] + loaded


def creators():
    """Names of all known private creators, sorted.

    Returns
    -------
    list of str
    """
    builtin = {row[0] for row in _core.private_dictionary_entries()}
    return sorted(builtin | {entry.creator for entry in _current_overlay() if entry.creator})


def private_entries(creator):
    """All entries of one private creator, in tag order.

    Parameters
    ----------
    creator : str

    Returns
    -------
    list of Entry
        Empty when the creator is unknown.
    """
    merged = {}
    for row in _core.private_dictionary_entries():
        if row[0] == creator:
            entry = _builtin_private(row)
            merged[entry.tag] = entry
    merged.update((entry.tag, entry) for entry in _current_overlay() if entry.creator == creator)
    return [merged[tag] for tag in sorted(merged)]


def search(text, *, private=False):
    """Entries whose keyword or name contains `text`, in any case.

    Parameters
    ----------
    text : str
    private : bool, optional
        Search the private dictionaries too.

    Returns
    -------
    list of Entry
        Standard entries by tag, then repeating groups, then private ones.
    """
    wanted = text.casefold()
    places = [entries(), repeating_groups()]
    if private:
        places.append([_builtin_private(row) for row in _core.private_dictionary_entries()])
        places.append([entry for entry in _current_overlay() if entry.creator])
    return [
        entry
        for place in places
        for entry in place
        if wanted in entry.keyword.casefold() or wanted in entry.name.casefold()
    ]


def suggest(keyword, limit=3):
    """Keywords that `keyword` may have been meant to be, best first.

    Parameters
    ----------
    keyword : str
    limit : int, optional
        At most so many.

    Returns
    -------
    list of str
        Empty when nothing is close.
    """
    import difflib

    names = _names()
    close = difflib.get_close_matches(keyword[:128].casefold(), names, n=2 * limit, cutoff=0.7)
    return list(dict.fromkeys(names[name].keyword for name in close if names[name].keyword))[:limit]
