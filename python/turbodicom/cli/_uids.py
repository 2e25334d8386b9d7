# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The UIDs of PS3.6 Annex A: pydicom's table, without importing pydicom.

The table is one file of pydicom; all of pydicom takes longer to import (0.2 s) than most files to dump.
"""

import importlib.util
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def uid_table():
    """Well-known UIDs.

    Returns
    -------
    dict of str to tuple
        UID -> name, type, note, "Retired" or "", keyword.

    Notes
    -----
    Source: PS3.6 Annex A.
    """
    package = importlib.util.find_spec("pydicom")
    path = Path(package.origin).with_name("_uid_dict.py") if package and package.origin else None
    if path is None or not path.exists():
        from pydicom.uid import UID_dictionary

        return dict(UID_dictionary)
    spec = importlib.util.spec_from_file_location("_pydicom_uid_dict", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.UID_dictionary


def uid_name(uid):
    """Name of a UID, "CT Image Storage"; None when PS3.6 does not know it."""
    return uid_table()[uid][0] or None if uid in uid_table() else None
