# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The data set with the header by which a DicomImage reads pixels that it is told to count as MONOCHROME2.

ACR-NEMA had no Photometric Interpretation (0028,0004), and the core reads no pixels without one (PS3.3 C.7.6.3).
So attributes are filled in, in a copy in memory: :func:`counted_as_monochrome`.
"""

import struct

from turbodicom import _core
from turbodicom._dataset import Dataset
from turbodicom._dicom_image_attributes import number, text

__all__ = ["counted_as_monochrome"]

_SAMPLES_PER_PIXEL = 0x00280002
_PHOTOMETRIC_INTERPRETATION = 0x00280004


def counted_as_monochrome(dataset, attributes, options):
    """Return a data set whose pixels can be read as MONOCHROME2, where `options` want them to.

    In ``mode="dcmtk"`` a pixel then has one sample whatever Samples per Pixel says, as in DCMTK: frames are as many
    samples long as they have pixels. Not so with encapsulated pixel data, whose samples the codestream counts.

    Parameters
    ----------
    dataset : Dataset
    attributes : Dataset or KnownElements
        The same as it is read.
    options : Options

    Returns
    -------
    Dataset
        `dataset` itself where there is nothing to change.
    """
    has_interpretation = text(attributes, "PhotometricInterpretation") != ""
    if not (options.is_forced_monochrome or (options.acr_nema and not has_interpretation)):
        return dataset
    changes = {}
    samples = number(dataset, "SamplesPerPixel")
    if samples is None or (samples != 1 and options.is_dcmtk and not _is_encapsulated(dataset)):
        changes[_SAMPLES_PER_PIXEL] = (b"US", _packed(dataset, "H", 1))
    if changes or not has_interpretation:
        changes[_PHOTOMETRIC_INTERPRETATION] = (b"CS", b"MONOCHROME2 ")
    return _changed(dataset, changes) if changes else dataset


def _is_encapsulated(dataset):
    return "PixelData" in dataset and dataset.element("PixelData").is_encapsulated


def _packed(dataset, layout, *numbers):
    return struct.pack((">" if dataset.is_big_endian else "<") + layout, *numbers)


def _changed(dataset, changes):
    """Return a copy in memory with other or more elements, tag: (VR, value)."""
    elements = list(dataset)
    end = dataset._end_offset()
    position = min((_begin(element) for element in elements), default=end)
    pieces = []
    for begin, stop, tag in sorted((*_place(elements, tag, end), tag) for tag in changes):
        vr, value = changes[tag]
        header = _header(dataset, tag, vr, len(value))
        pieces += [dataset.read_bytes(position, begin - position), header, value]
        position = stop
    pieces.append(dataset.read_bytes(position, end - position))
    limits = dataset._settings and dataset._settings[1]
    return _core.read_bare(
        Dataset,
        b"".join(pieces),
        dataset.is_implicit_vr,
        dataset.is_big_endian,
        dataset._pixel_representation,
        (dataset._is_strict, limits, None, dataset._charset),
        dataset._transfer_syntax_uid or "",
    )


def _begin(element):
    return element.offset - element.header_bytes


def _place(elements, tag, end):
    """Where an element is, or would have to be: its first byte and the first one behind it."""
    for element in elements:
        if element.tag == tag:
            return _begin(element), element.offset + element.length
        if element.tag > tag:
            return _begin(element), _begin(element)
    return end, end


def _header(dataset, tag, vr, length):
    """Tag, VR and length of a short value (PS3.5 7.1)."""
    numbers = _packed(dataset, "HH", tag >> 16, tag & 0xFFFF)
    if dataset.is_implicit_vr:
        return numbers + _packed(dataset, "I", length)
    return numbers + vr + _packed(dataset, "H", length)
