# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Meeting other libraries: pydicom and pylibjpeg call us, and we call foreign decoders.

:func:`install` makes existing pydicom code faster. The entry points of `pylibjpeg_plugin` need no call: the
package registers them. `fallback` decodes what we have no codec for yet.
"""

__all__ = ["install", "uninstall"]


def install():
    """Put our decoders and encoders first in pydicom's plugin lists.

    Afterwards ``ds.pixel_array``, ``ds.compress()`` and the like use turbodicom for every compressed transfer
    syntax it has a codec of its own for (RLE Lossless, JPEG); the plugins that were there come next, in their
    order, and take over should ours raise. pydicom does not ask plugins for uncompressed pixel data.

    Calling it again changes nothing. Plugins of third parties keep their place, ahead of ours: pydicom has no
    public way to move them.

    Returns
    -------
    None

    Notes
    -----
    Not safe while other threads decode: pydicom's lists have no lock. Call it once, at start-up.

    Source: pydicom's plugin protocol, ``Decoder.add_plugin`` and ``remove_plugin``.
    """
    from turbodicom.interop import pydicom_plugin

    pydicom_plugin.install()


def uninstall():
    """Take our decoders and encoders out of pydicom's plugin lists again; the others stay in their order.

    Returns
    -------
    None

    Notes
    -----
    Source: pydicom's plugin protocol, ``Decoder.remove_plugin``. The thread note of :func:`install` holds.
    """
    from turbodicom.interop import pydicom_plugin

    pydicom_plugin.uninstall()


def __getattr__(name):
    """Import ``td.interop.dask`` when it is first asked for: it needs the extra ``dask``."""
    if name != "dask":
        raise AttributeError(f"module 'turbodicom.interop' has no attribute {name!r}")
    import importlib

    return importlib.import_module("turbodicom.interop.dask")
