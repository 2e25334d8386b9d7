# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The grammar of DCMTK's dictionary files, one line at a time.

::

    tag <TAB> VR <TAB> name [<TAB> VM [<TAB> version]]      VM defaults to 1, version to DICOM
    tag := (gggg,eeee)                                      also with ranges: (6000-60FF,0010)
         | (gggg,"CREATOR",ee) | (gggg,"CREATOR",eeee)      any block, or one block (eeee >= 1000)
    range := low-high | low-e-high | low-o-high | low-u-high    even (also the default), odd, both

``#`` begins a comment line. Source: DCMTK's datadict.txt, described here, not copied.
"""

import re
from dataclasses import dataclass

_RANGE = r"([0-9A-Fa-f]{1,4})(?:-(?:([oue])-)?([0-9A-Fa-f]{1,4}))?"
_TAG = re.compile(rf'\(\s*{_RANGE}\s*,\s*(?:"([^"]*)"\s*,\s*)?{_RANGE}\s*\)')
_VM = re.compile(r"\d+(?:-(?:\d+|\d*n))?|\d*n")
_NAME = re.compile(r"[^\x00-\x1f]{1,128}")
_MAX_LINE = 1024  # ours; the longest line of DCMTK's own files has 150 characters

# PS3.5 6.2, two letters each.
_STANDARD_VRS = "AEASATCSDADSDTFDFLISLOLTOBODOFOLOVOWPNSHSLSQSSSTSVTMUCUIULUNURUSUTUV"
STANDARD_VRS = frozenset(_STANDARD_VRS[i : i + 2] for i in range(0, len(_STANDARD_VRS), 2))
# DCMTK's own names for "it depends", as PS3.6 writes them.
_INTERNAL_VRS = {
    "ox": "OB or OW",
    "px": "OB or OW",
    "xs": "US or SS",
    "lt": "US or SS or OW",
    "up": "UL",
    "na": "NONE",
}


@dataclass(frozen=True)
class Range:
    """The numbers from `low` to `high`; of one parity, unless `step` is 1."""

    low: int
    high: int
    step: int = 1

    def __contains__(self, number):
        return self.low <= number <= self.high and (number - self.low) % self.step == 0

    @property
    def is_single(self):
        return self.low == self.high


@dataclass(frozen=True)
class Row:
    """One line: which tags it covers and what it says of them."""

    group: Range
    element: Range
    creator: str | None
    vr: str
    vm: str
    name: str
    retired: bool


def parse(text):
    """Yield (line number, Row) for good lines and (line number, message) for bad ones.

    Parameters
    ----------
    text : str
        A whole dictionary file.

    Yields
    ------
    tuple of (int, Row or str)
        Lines count from 1; comment and empty lines are left out.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.rstrip("\r")
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            yield number, parse_line(line)
        except ValueError as error:
            yield number, str(error)


def parse_line(line):
    """Read one line that is neither empty nor a comment; ValueError says what is wrong with it."""
    if len(line) > _MAX_LINE:
        raise ValueError(f"{len(line)} characters, expected at most {_MAX_LINE}")
    fields = [field.strip() for field in line.split("\t")]
    if not 3 <= len(fields) <= 5:
        raise ValueError(f"{len(fields)} fields, expected 3 to 5 separated by tabs")
    tag, vr, name, vm, version = (*fields, "1", "DICOM")[:5] if len(fields) == 3 else (*fields, "DICOM")[:5]
    group, creator, element = _parse_tag(tag)
    if not _NAME.fullmatch(name):
        raise ValueError("the name is empty, longer than 128 characters or contains control characters")
    return Row(group, element, creator, _parse_vr(vr), _parse_vm(vm), name, version.lower().endswith("retired"))


def _parse_tag(text):
    match = _TAG.fullmatch(text)
    if not match:
        raise ValueError("the tag is not (gggg,eeee), (gggg-gggg,eeee-eeee) or (gggg,\"CREATOR\",ee)")
    group_low, group_parity, group_high, creator, low, parity, high = match.groups()
    group = _parse_range(group_low, group_parity, group_high)
    element = _parse_range(low, parity, high)
    if creator is not None:
        if not creator.strip():
            raise ValueError("the private creator is empty")
        if 0xFF < element.high < 0x1000 or (element.low <= 0xFF) != (element.high <= 0xFF):
            raise ValueError("a private element is 00 to FF (any block) or 1000 to FFFF")
        creator = creator.strip()
    return group, creator, element


def _parse_range(low, parity, high):
    low = int(low, 16)
    if high is None:
        return Range(low, low)
    high = int(high, 16)
    if high < low:
        raise ValueError(f"the range {low:04X}-{high:04X} is upside down")
    if parity == "u":
        return Range(low, high)
    return Range(low + (low % 2 != (parity == "o")), high, 2)


def _parse_vr(text):
    vr = _INTERNAL_VRS.get(text, text)
    if text not in STANDARD_VRS and text not in _INTERNAL_VRS:
        raise ValueError(f"the VR {text[:8]!r} is unknown")
    return vr


def _parse_vm(text):
    """As PS3.6 writes it: DCMTK also allows "n" for "1-n" and "2n" for "2-2n"."""
    if not _VM.fullmatch(text):
        raise ValueError(f"the VM {text[:16]!r} is not of the form 1, 1-3, 1-n, 2-2n, n or 2n")
    if "-" not in text and text.endswith("n"):
        return "1-n" if text == "n" else f"{text[:-1]}-{text}"
    low, _, high = text.partition("-")
    if int(low) < 1 or high.isdigit() and int(high) < int(low):
        raise ValueError(f"the VM {text[:16]!r} is not a count")
    return text
