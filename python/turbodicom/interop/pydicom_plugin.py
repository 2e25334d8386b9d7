# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Our codecs as pydicom >= 3.0 decoding and encoding plugins, and the way to the front of its lists.

``Decoder.add_plugin()`` appends, and the first plugin that succeeds wins. So :func:`install` removes
pydicom's own plugins, adds ours, and adds pydicom's again by their import paths: public API only.
"""

from importlib import import_module

from turbodicom.interop import _rle_frames

_LABEL = "turbodicom"
_RLE_LOSSLESS = "1.2.840.10008.1.2.5"

# pydicom asks for these two names (and for `is_available`) in every plugin's module.
DECODER_DEPENDENCIES = {_RLE_LOSSLESS: ()}
ENCODER_DEPENDENCIES = {_RLE_LOSSLESS: ()}

# (where pydicom keeps the object, its name, our function, pydicom's own plugins in pydicom's order).
_LISTS = (
    (
        "pydicom.pixels.decoders",
        "RLELosslessDecoder",
        "_decode_frame",
        (
            ("pylibjpeg", ("pydicom.pixels.decoders.pylibjpeg", "_decode_frame")),
            ("pydicom", ("pydicom.pixels.decoders.rle", "_decode_frame")),
        ),
    ),
    (
        "pydicom.pixels.encoders",
        "RLELosslessEncoder",
        "_encode_frame",
        (
            ("gdcm", ("pydicom.pixels.encoders.gdcm", "encode_pixel_data")),
            ("pylibjpeg", ("pydicom.pixels.encoders.pylibjpeg", "_encode_frame")),
            ("pydicom", ("pydicom.pixels.encoders.native", "_encode_frame")),
        ),
    ),
)


def install():
    """Ours first, then pydicom's own in their order. See :func:`turbodicom.interop.install`."""
    for module, name, function, known in _LISTS:
        coder = getattr(import_module(module), name)
        if _LABEL in coder.available_plugins:
            continue
        movable = [
            (label, path) for label, path in known if label in coder.available_plugins and _resolves(path)
        ]
        for label, _ in movable:
            coder.remove_plugin(label)
        coder.add_plugins([(_LABEL, (__name__, function)), *movable])


def uninstall():
    """Without ours the others are as they were. See :func:`turbodicom.interop.uninstall`."""
    for module, name, _, _ in _LISTS:
        coder = getattr(import_module(module), name)
        if _LABEL in coder.available_plugins:
            coder.remove_plugin(_LABEL)


def _resolves(path):
    """Whether a later pydicom still has its plugin there: what could not be added again is not removed."""
    try:
        return callable(getattr(import_module(path[0]), path[1], None))
    except ImportError:
        return False


def is_available(uid):
    """Part of pydicom's protocol: whether we can decode and encode `uid`."""
    return uid in DECODER_DEPENDENCIES


def _decode_frame(src, runner):
    """One frame, samples interleaved: pydicom has nothing left to reorder."""
    frame = _rle_frames.decode_frame(
        src,
        runner.rows,
        runner.columns,
        runner.samples_per_pixel,
        runner.bits_allocated,
        planar=False,
        byteorder="<" if runner.get_option("rle_segment_order", ">") == ">" else ">",
    )
    _set_frame_option(runner, "planar_configuration", 0)
    return frame


def _set_frame_option(runner, name, value):
    """pydicom 3.1 keeps options per frame; 3.0 has one set for all."""
    if hasattr(runner, "set_frame_option"):
        runner.set_frame_option(runner.index, name, value)
    else:
        runner.set_option(name, value)


def _encode_frame(src, runner):
    """One frame, little endian, samples interleaved."""
    if runner.get_option("byteorder", "<") == ">":
        raise ValueError("byteorder must be '<', not '>'")
    return _rle_frames.encode_frame(
        src, runner.rows, runner.columns, runner.samples_per_pixel, runner.bits_allocated
    )
