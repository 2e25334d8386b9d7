# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Our codecs as pydicom >= 3.0 decoding and encoding plugins, and the way to the front of its lists.

``Decoder.add_plugin()`` appends, and the first plugin that succeeds wins. So :func:`install` removes
pydicom's own plugins, adds ours, and adds pydicom's again by their import paths: public API only.
"""

from importlib import import_module

from turbodicom.codecs import jpeg
from turbodicom.interop import _plugin_frames
from turbodicom.interop._jpeg_colour import jpeg_colour

_LABEL = "turbodicom"
_RLE_LOSSLESS = "1.2.840.10008.1.2.5"
_JPEG = {
    "JPEGBaseline8Bit": "1.2.840.10008.1.2.4.50",
    "JPEGExtended12Bit": "1.2.840.10008.1.2.4.51",
    "JPEGLossless": "1.2.840.10008.1.2.4.57",
    "JPEGLosslessSV1": "1.2.840.10008.1.2.4.70",
}

# pydicom asks for these two names (and for `is_available`) in every plugin's module. It has no objects for
# encoding JPEG.
DECODER_DEPENDENCIES = {_RLE_LOSSLESS: (), **dict.fromkeys(_JPEG.values(), ())}
ENCODER_DEPENDENCIES = {_RLE_LOSSLESS: ()}

_GDCM, _PYLIBJPEG, _PILLOW = (
    (label, (f"pydicom.pixels.decoders.{label}", "_decode_frame"))
    for label in ("gdcm", "pylibjpeg", "pillow")
)
_JPEG_PLUGINS = (_GDCM, _PYLIBJPEG, _PILLOW)
_JPEG_PLUGINS_31 = {  # from pydicom 3.1 on
    "JPEGBaseline8Bit": (_PILLOW, _GDCM, _PYLIBJPEG),
    "JPEGExtended12Bit": (_PILLOW, _GDCM, _PYLIBJPEG),
}

# (where pydicom keeps the object, its name, our function, pydicom's own plugins in pydicom's order).
_LISTS = (
    (
        "pydicom.pixels.decoders",
        "RLELosslessDecoder",
        "_decode_rle",
        (
            _PYLIBJPEG,
            ("pydicom", ("pydicom.pixels.decoders.rle", "_decode_frame")),
        ),
    ),
    (
        "pydicom.pixels.encoders",
        "RLELosslessEncoder",
        "_encode_rle",
        (
            ("gdcm", ("pydicom.pixels.encoders.gdcm", "encode_pixel_data")),
            ("pylibjpeg", ("pydicom.pixels.encoders.pylibjpeg", "_encode_frame")),
            ("pydicom", ("pydicom.pixels.encoders.native", "_encode_frame")),
        ),
    ),
    *(("pydicom.pixels.decoders", f"{name}Decoder", "_decode_jpeg", _JPEG_PLUGINS) for name in _JPEG),
)


def install():
    """Ours first, then pydicom's own in their order. See :func:`turbodicom.interop.install`."""
    for module, name, function, known in _lists():
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


def _lists():
    """The table in the order of the pydicom that is here: 3.1 puts Pillow first for what it decodes."""
    version = tuple(int(part) for part in import_module("pydicom").__version_info__[:2])
    if version < (3, 1):
        return _LISTS
    return tuple((*row[:3], _JPEG_PLUGINS_31.get(row[1].removesuffix("Decoder"), row[3])) for row in _LISTS)


def _resolves(path):
    """Whether a later pydicom still has its plugin there: what could not be added again is not removed."""
    try:
        return callable(getattr(import_module(path[0]), path[1], None))
    except ImportError:
        return False


def is_available(uid):
    """Part of pydicom's protocol: whether we can decode and encode `uid`."""
    return uid in DECODER_DEPENDENCIES


def _decode_rle(src, runner):
    """One frame, samples interleaved: pydicom has nothing left to reorder."""
    frame = _plugin_frames.decode_rle(
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


def _decode_jpeg(src, runner):
    """One frame, samples interleaved and as coded; YCbCr is turned into RGB by pydicom, where it is wanted.

    pydicom looks at JFIF and component ids for what the samples are; we tell it what APP14 and subsampled chroma
    say as well, so that what calls itself RGB and is not comes out right.
    """
    frame = _plugin_frames.decode_jpeg(
        src, runner.rows, runner.columns, runner.samples_per_pixel, runner.bits_allocated
    )
    if runner.samples_per_pixel == 3:
        declared = str(runner.photometric_interpretation)
        info = jpeg.read_info(src)
        found, _ = jpeg_colour(
            runner.transfer_syntax, declared, info.colour, info.colour_source, info.is_subsampled
        )
        if found != declared:
            _set_frame_option(runner, "photometric_interpretation", found)
        _set_frame_option(runner, "planar_configuration", 0)
    return frame


def _set_frame_option(runner, name, value):
    """pydicom 3.1 keeps options per frame; 3.0 has one set for all."""
    if hasattr(runner, "set_frame_option"):
        runner.set_frame_option(runner.index, name, value)
    else:
        runner.set_option(name, value)


def _encode_rle(src, runner):
    """One frame, little endian, samples interleaved."""
    if runner.get_option("byteorder", "<") == ">":
        raise ValueError("byteorder must be '<', not '>'")
    return _plugin_frames.encode_rle(
        src, runner.rows, runner.columns, runner.samples_per_pixel, runner.bits_allocated
    )
