# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Who decodes and who encodes the frames of a transfer syntax on this machine: for `doctor` and `info`."""

from turbodicom import codecs
from turbodicom.cli._uids import uid_table

_ROOT = "1.2.840.10008.1.2"
_GE_PRIVATE = "1.2.840.113619.5.2"
_NATIVE = ("", ".1", ".2", ".1.98", ".1.99")
_DEFLATED_FRAME = _ROOT + ".8.1"
# The syntaxes of our own codecs.
_DECODES = {
    "rle": (_ROOT + ".5",),
    "jpeg": tuple(f"{_ROOT}.4.{n}" for n in (50, 51, 53, 55, 57, 70)),
}
_ENCODES = _DECODES | {"jpeg": tuple(f"{_ROOT}.4.{n}" for n in (50, 51, 55, 57, 70))}

# In PS3.6, but newer than pydicom's table; and one that is private.
_NAMES = {
    _ROOT + ".4.110": "JPEG XL Lossless",
    _ROOT + ".4.111": "JPEG XL JPEG Recompression",
    _ROOT + ".4.112": "JPEG XL",
    _DEFLATED_FRAME: "Deflated Image Frame Compression",
    _GE_PRIVATE: "GE Private Implicit VR Little Endian, big-endian pixels",
}


def names():
    """Transfer syntaxes of PS3.6 by UID.

    Returns
    -------
    dict of str to str
        UID -> name, in the order of the UIDs.
    """
    found = {uid: row[0] for uid, row in uid_table().items() if row[1] == "Transfer Syntax"}
    found.update(_NAMES)
    return dict(sorted(found.items(), key=lambda item: [int(part) for part in item[0].split(".")]))


def name(uid):
    """Name of one transfer syntax; the UID itself when it is not known."""
    return names().get(uid, uid or "none given")


def decoders():
    """Who decodes each transfer syntax.

    Returns
    -------
    dict of str to str or None
        UID -> decoder; None where the extra `codecs` would help and is not installed. Syntaxes that
        nothing decodes are left out.
    """
    from turbodicom.interop import fallback

    table = {_ROOT + suffix: "turbodicom" for suffix in _NATIVE}
    table[_GE_PRIVATE] = "turbodicom"
    table[_DEFLATED_FRAME] = "zlib"
    return {**fallback.decoders(), **table, **_own(_DECODES)}


def encoders():
    """Who encodes each transfer syntax; same form as `decoders`."""
    return _own(_ENCODES)


def _own(table):
    return {uid: f"turbodicom {name}" for name in codecs.names() for uid in table.get(name, ())}
