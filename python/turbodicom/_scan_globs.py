# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Globs for :mod:`turbodicom._scan_sources`: as the standard library's, but in order, and without a trap.

``glob.glob("**")`` follows links to folders, so two links to "." make 2**40 paths; here ``**`` goes through real
folders only, and at the end of a pattern it stands for the folder itself, which the scan walks.
"""

import fnmatch
import os
import re

__all__ = ["expand", "is_pattern"]

_MAGIC = re.compile(rb"[*?[]")


def is_pattern(path):
    """Tell whether a path holds pattern characters.

    Parameters
    ----------
    path : bytes

    Returns
    -------
    bool
    """
    return _MAGIC.search(path) is not None


def expand(pattern):
    """Yield the files and folders that match a pattern, each once; by name within a folder, bytewise.

    Parameters
    ----------
    pattern : bytes
        With ``*``, ``?``, ``[...]`` as in a shell, and ``**`` for any number of folders. Names that begin with a dot
        need a pattern that does.

    Yields
    ------
    bytes
    """
    root = b"/" if pattern.startswith(b"/") else b""
    parts = [part for part in pattern.split(b"/") if part]
    parts = tuple(part for i, part in enumerate(parts) if part != b"**" or parts[i - 1 : i] != [b"**"])
    may_repeat, seen = parts.count(b"**") > 1, set()
    pending = [(root, parts)]
    while pending:
        base, rest = pending.pop()
        if not rest:
            if not may_repeat or base not in seen:
                yield base
            if may_repeat:
                seen.add(base)
        else:
            pending += reversed(_next(base, rest))


def _next(base, parts):
    """Return what one step makes of (folder, parts still to match), in order."""
    part, rest = parts[0], parts[1:]
    if part == b"**":
        return _through_folders(base, parts) if rest else [(base or b".", ())]
    if is_pattern(part):
        matches = re.compile(fnmatch.translate(part.decode("latin-1")).encode("latin-1"), re.DOTALL).match
        return [(_join(base, name), rest) for name in _names(base) if matches(name) and _is_shown(name, part)]
    path = _join(base, part)
    return [(path, rest)] if os.path.lexists(path) else []


def _through_folders(base, parts):
    folders = [name for name in _names(base, folders_only=True) if _is_shown(name, parts[0])]
    return [(base, parts[1:]), *((_join(base, name), parts) for name in folders)]


def _is_shown(name, part):
    return not name.startswith(b".") or part.startswith(b".")


def _join(base, name):
    return os.path.join(base, name) if base else name


def _names(folder, folders_only=False):
    """Return the names in a folder; none when there is no such folder."""
    try:
        with os.scandir(folder or b".") as entries:
            return sorted(e.name for e in entries if not folders_only or e.is_dir(follow_symlinks=False))
    except OSError:
        return []
