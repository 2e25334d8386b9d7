# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""A DicomImage back into a pydicom data set: Pixel Data, the Image Pixel module, and what no longer holds."""

import numpy as np

from turbodicom._dicom_image_modality import depth_of_range

__all__ = ["put_frame", "put_image"]

_OVERLAY_ELEMENTS = (0x0000, 0x0010, 0x0011, 0x0012, 0x0015, 0x0022, 0x0040, 0x0045, 0x0050, 0x0051, 0x0052)
_OVERLAY_ELEMENTS += (0x0100, 0x0102, 0x1500)
_RESCALES = ("RescaleIntercept", "RescaleSlope", "ModalityLUTSequence")
_PALETTES = ("PaletteColorLookupTableUID",) + tuple(
    f"{segmented}{color}PaletteColorLookupTable{part}"
    for segmented, part in (("", "Descriptor"), ("", "Data"), ("Segmented", "Data"))
    for color in ("Red", "Green", "Blue")
)


def put_frame(image, dataset, bits, frame, planar):
    """Put one rendered frame into `dataset`; see :meth:`turbodicom.DicomImage.write_frame_to_dataset`.

    Parameters
    ----------
    image : DicomImage
    dataset : pydicom.Dataset
    bits : int
    frame : int
    planar : bool
    """
    picture = image.output_data(bits, frame, planar)
    _put_pixels(image, dataset, picture, 1, bits, False, planar)
    if any(keyword in dataset for keyword in ("WindowCenter", "WindowWidth", "VOILUTSequence")):
        _remove(dataset, ("VOILUTSequence",))
        dataset.WindowCenter, dataset.WindowWidth = str((1 << bits) // 2), str(1 << bits)
    _remove(dataset, ("WindowCenterWidthExplanation",))
    dataset.PhotometricInterpretation = _interpretation(image, "MONOCHROME2")
    _put_what_follows(image, dataset)


def put_image(image, dataset, possible, planar):
    """Put the intermediate data into `dataset`; see :meth:`turbodicom.DicomImage.write_image_to_dataset`.

    Parameters
    ----------
    image : DicomImage
    dataset : pydicom.Dataset
    possible : bool
    planar : bool or None
    """
    if image.representation.kind == "f":
        raise ValueError("intermediate data are floating-point numbers; mode='dcmtk' has integers")
    if planar is None:
        planar = image.dataset.get("PlanarConfiguration") == 1
    data = image.inter_data(layout="planar" if planar else "interleaved", frames=slice(None))
    bits = image.depth
    if image.is_monochrome and not possible:
        low, high = image.min_max_values()
        bits = depth_of_range(low, high) if low < high else 1
    bits = min(bits, 8 * data.dtype.itemsize)
    _put_pixels(image, dataset, data, image.frame_count, bits, data.dtype.kind == "i", planar)
    dataset.PhotometricInterpretation = _interpretation(image, image.photometric_interpretation)
    _put_what_follows(image, dataset)


def _interpretation(image, monochrome):
    if image.is_monochrome:
        return monochrome
    return "RGB" if image._pixels.is_rgb else "YBR_FULL"


def _put_pixels(image, dataset, data, frames, bits, is_signed, planar):
    dataset.SamplesPerPixel = image.planes
    if image.planes == 3:
        dataset.PlanarConfiguration = int(planar)
    dataset.Columns, dataset.Rows, dataset.NumberOfFrames = image.width, image.height, str(frames)
    dataset.BitsAllocated = 8 * data.dtype.itemsize
    dataset.BitsStored, dataset.HighBit = bits, bits - 1
    dataset.PixelRepresentation = int(is_signed)
    raw = np.ascontiguousarray(data, data.dtype.newbyteorder("<")).tobytes()
    dataset.PixelData = raw + b"\0" * (len(raw) % 2)
    dataset["PixelData"].VR = "OB" if data.dtype.itemsize == 1 else "OW"


def _put_what_follows(image, dataset):
    """Attributes about pixels that are no longer these."""
    _remove(
        dataset, ("SmallestImagePixelValue", "LargestImagePixelValue", "PixelSpacing", "PixelAspectRatio")
    )
    width, height = image._pixel_size
    if image._size_source == "PixelSpacing":
        dataset.PixelSpacing = [_decimal(height), _decimal(width)]
    elif image._size_source == "PixelAspectRatio" and width != height:
        dataset.PixelAspectRatio = [str(round(height)), str(round(width))]
    if not image.is_monochrome:
        _remove(dataset, _PALETTES)
        return
    if any(keyword in dataset for keyword in _RESCALES):
        _remove(dataset, ("ModalityLUTSequence",))
        dataset.RescaleIntercept, dataset.RescaleSlope = "0", "1"
    for group in range(0x6000, 0x6020, 2):
        if (group, 0x3000) not in dataset:
            for element in _OVERLAY_ELEMENTS:
                dataset.pop((group, element), None)


def _remove(dataset, keywords):
    for keyword in keywords:
        if keyword in dataset:
            del dataset[keyword]


def _decimal(number):
    """A decimal string of at most 16 characters (PS3.5 6.2)."""
    for digits in range(17, 0, -1):
        characters = f"{number:.{digits}g}"
        if len(characters) <= 16:
            return characters
    return "1"
