# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Bare codestreams: ``td.codecs.jpeg`` and ``td.codecs.rle``, each with read_info, decode and encode.

Nothing here knows tags or transfer syntaxes; ``ds.pixels()`` does.
"""

from turbodicom import _core
from turbodicom.codecs import jpeg, rle
from turbodicom.codecs._bare import StreamInfo

__all__ = ["StreamInfo", "jpeg", "names", "rle"]


def names():
    """Codecs of our own, in the order of the registry.

    Returns
    -------
    tuple of str
        Each is an attribute of this module.

    Notes
    -----
    Source: ``cpp/turbodicom/codec/registry.cpp``.
    """
    return tuple(_core.codec_names())
