# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Make the pictures of docs/howto/values.md with turbodicom itself: ``python docs/make_pictures.py [FOLDER]``.

Images are those of the demo: computed, nobody's anatomy. tests/house/test_pictures.py makes them again and compares.
"""

import io
import sys
from pathlib import Path

import numpy as np
import pydicom
import turbodicom as td
from pydicom.dataset import Dataset, FileMetaDataset
from turbodicom import pictures
from turbodicom.cli._phantom import ct_slices

SIZE, GAP = 240, 6
HERE = Path(__file__).parent / "pictures"


def main(folder=HERE):
    """Write every picture."""
    for name, make in PICTURES.items():
        pictures.write_picture(Path(folder) / f"{name}.png", make())


def ct(**elements):
    """Return a Dataset of one computed CT slice of 12 bits, -1024 HU stored as 0; more elements win."""
    samples = (ct_slices(3, SIZE)[1] + 1024).clip(0, 4095).astype(np.uint16)
    return data_set(samples, RescaleSlope=1, RescaleIntercept=-1024, RescaleType="HU", **elements)


def data_set(samples, **elements):
    """Return a td.Dataset of some samples."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    ds.SOPClassUID, ds.SOPInstanceUID = pydicom.uid.SecondaryCaptureImageStorage, "1.2.3.4"
    ds.Rows, ds.Columns = samples.shape
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PixelRepresentation = 1, "MONOCHROME2", 0
    ds.BitsAllocated = 8 * samples.itemsize
    ds.BitsStored = 12 if samples.itemsize == 2 else 8
    ds.HighBit = ds.BitsStored - 1
    for keyword, value in elements.items():
        setattr(ds, keyword, value)
    ds.PixelData = samples.tobytes()
    ds["PixelData"].VR = "OW"
    buffer = io.BytesIO()
    ds.save_as(buffer, enforce_file_format=True)
    return td.read(buffer.getvalue())


def beside(*tiles):
    """Return tiles of 8 bits in a row, white between them."""
    gap = np.full((SIZE, GAP, *tiles[0].shape[2:]), 255, np.uint8)
    parts = [part for tile in tiles for part in (tile, gap)]
    return np.concatenate(parts[:-1], axis=1)


def stages():
    """Stored values and modality as if they were brightness, VOI, presentation of MONOCHROME1."""
    window = {"WindowCenter": 50, "WindowWidth": 400}
    stored = (ct().pixels() >> 4).astype(np.uint8)
    modality = (ct().pixels(values="modality").clip(0, 1024) / 4.015).astype(np.uint8)
    voi = ct(**window).pixels(values="voi")
    return beside(
        stored,
        modality,
        voi,
        ct(**window, PhotometricInterpretation="MONOCHROME1").pixels(values="presentation"),
    )


def windows():
    """Three explicit windows, and one found in the pixels."""
    shown = [td.Window(-600, 1500), td.Window(50, 400), td.Window(400, 1800), td.Window.percentiles(2, 98)]
    return beside(*np.moveaxis(ct().pixels(values="voi", window=shown), -1, 0))


def functions():
    """What LINEAR, LINEAR_EXACT and SIGMOID make of stored values 0 to 239: center 120, width 8 above, 120 below."""
    ramp = np.tile(np.arange(SIZE, dtype=np.uint16), (2, 1))
    ds, tiles = data_set(ramp), []
    for function in ("linear", "linear_exact", "sigmoid"):
        halves = [
            curve(td.transform(ramp, ds, values="voi", window=td.Window(120, width, function))[0])
            for width in (8, 120)
        ]
        tiles.append(np.concatenate([half[::2] for half in halves]))
    return beside(*tiles)


def curve(values):
    """Return a picture of values 0..255 over their index, black on grey."""
    picture = np.full((SIZE, SIZE), 224, np.uint8)
    rows = (SIZE - 8) - (values.astype(int) * (SIZE - 16) // 255)
    for column in range(1, SIZE):
        low, high = sorted(rows[column - 1 : column + 1])
        picture[low : high + 3, column] = 0
    return picture


def padding():
    """Outside of the scanner's circle: min-max with padding counted in, left out, and filled."""
    rows, columns = np.ogrid[:SIZE, :SIZE]
    samples = ct().pixels() + np.uint16(1)
    samples[np.hypot(rows - SIZE / 2, columns - SIZE / 2) > SIZE / 2 - 4] = 0
    samples[samples > 1500] = 1500
    samples[(samples > 0) & (samples < 700)] = 700
    plain, padded = data_set(samples), data_set(samples, PixelPaddingValue=0)
    window = td.Window.minmax()
    return beside(
        plain.pixels(values="voi", window=window), padded.pixels(values="voi", window=window),
        padded.pixels(values="voi", window=window, fill=128),
    )  # fmt: skip


def palette():
    """Indexes, and their colours."""
    heat = 3 * np.arange(256)
    tables = [heat.clip(0, 255), (heat - 255).clip(0, 255), (heat - 510).clip(0, 255)]
    elements = {}
    for name, table in zip(("Red", "Green", "Blue"), tables, strict=True):
        elements[f"{name}PaletteColorLookupTableDescriptor"] = [256, 0, 16]
        elements[f"{name}PaletteColorLookupTableData"] = (table * 257).astype("<u2").tobytes()
    indexes = ct().pixels(values="voi", window=(50, 400))
    ds = data_set(indexes, **elements, PhotometricInterpretation="PALETTE COLOR")
    return beside(np.repeat(ds.pixels()[..., None], 3, axis=-1), ds.pixels(values="presentation"))


PICTURES = {
    "stages": stages,
    "windows": windows,
    "functions": functions,
    "padding": padding,
    "palette": palette,
}


if __name__ == "__main__":
    main(*sys.argv[1:])
