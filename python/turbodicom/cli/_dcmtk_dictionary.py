# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Name and VR of a tag as dcmdump prints them.

The names are keywords of `turbodicom.dictionary`, those of retired elements with "RETIRED_" before
them. Private names come from DCMTK's own dictionary: the files of DCMDICTPATH, else those of a DCMTK
installed on this machine; without either the built-in names stand in. DCMTK writes "it depends" as
one VR in lower case: xs, ox, lt, up. Begin with `describe`.
"""

import os
import re
import warnings
from functools import cache, lru_cache
from glob import glob

from turbodicom import dictionary

UNKNOWN = ("Unknown Tag & Data", "??")

# PS3.6 -> DCMTK, "depends on other elements".
_LOWER_CASE_VRS = {
    "OB or OW": "ox",
    "US or SS": "xs",
    "US or OW": "lt",
    "US or SS or OW": "lt",
    "NONE": "na",
}
# Elements that hold the offset of a directory record (PS3.3 F.3).
OFFSETS = frozenset((0x00041200, 0x00041202, 0x00041400, 0x00041420, 0x00041504))
_PIXEL_DATA = 0x7FE00010
_INSTALLED = (
    "/usr/share/*dcmtk*/private.dic",
    "/usr/local/share/*dcmtk*/private.dic",
    "/opt/homebrew/share/*dcmtk*/private.dic",
)


@cache
def describe(tag, creator):
    """Look up what dcmdump says about a tag.

    Parameters
    ----------
    tag : int
    creator : str or None
        Private creator that reserved its block.

    Returns
    -------
    tuple of (str, str)
        Name and dictionary VR; `UNKNOWN` when the tag is not in the dictionary.

    Notes
    -----
    Source: PS3.6, PS3.5 7.2 (group lengths) and 7.8 (private creators).
    """
    group, element = tag >> 16, tag & 0xFFFF
    if element == 0 and group not in (0x0000, 0x0002):
        return _prefixed(group, "GroupLength"), "UL"
    if group & 1:
        return _private(tag, creator)
    entry = dictionary.get(tag)
    if entry is None or not entry.keyword:
        return UNKNOWN
    name = entry.keyword
    if entry.retired and not name.startswith("RETIRED_"):
        name = "RETIRED_" + name
    return name, _dcmtk_vr(tag, entry.vr)


def _prefixed(group, what):
    if not group & 1:
        return "Generic" + what
    return ("Illegal" if group <= 7 else "") + ("Private" if "Creator" in what or group > 7 else "") + what


def _private(tag, creator):
    element = tag & 0xFFFF
    if 0x10 <= element <= 0xFF:
        return _prefixed(tag >> 16, "Creator"), "LO"
    if element < 0x1000 or not creator:
        return UNKNOWN
    from_files = _load_private_dictionary()
    entry = dictionary.get(tag, creator=creator)
    if entry is None:
        return UNKNOWN
    if entry.keyword:  # out of a file
        return "".join(entry.keyword.split()), _dcmtk_vr(tag, entry.vr)
    if from_files:  # built in, but dcmdump would not know it
        return UNKNOWN
    return _as_keyword(entry.name), _dcmtk_vr(tag, entry.vr)


def _dcmtk_vr(tag, vr):
    if tag in OFFSETS:
        return "up"
    # Pixel Data (px) and Overlay Data (ox) become OW once they are read.
    if vr == "OB or OW" and (tag == _PIXEL_DATA or tag & 0xFF00FFFF == 0x60003000):
        return "OW"
    return _LOWER_CASE_VRS.get(vr, vr)


def _as_keyword(name):
    """CamelCase of a name, as PS3.6 makes keywords; unknown when nothing is left."""
    words = re.findall("[0-9A-Za-z]+", name.replace("'", ""))
    return "".join(word[:1].upper() + word[1:] for word in words) or UNKNOWN[0]


@lru_cache(maxsize=1)
def _load_private_dictionary():
    """Make DCMTK's private names known; False when there are none on this machine."""
    if os.environ.get("DCMDICTPATH"):
        return True  # turbodicom.dictionary has read them
    for pattern in _INSTALLED:
        for path in sorted(glob(pattern), reverse=True):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    dictionary.load(path, on_error="report")
            except OSError:
                continue
            return True
    return False
