# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Values after modality and VOI, array in, touched array out, against pydicom's functions; palette to RGB; the same
against copying the bytes; DicomImage against DCMTK's on a CT of 500 frames, through the probe of tests/peers."""

import sys
from pathlib import Path

import numpy as np
import turbodicom as td
from datasets import NAMED, data_set, load_image, mosaic, save, write_native
from harness import Row, bootstrap, compare, time_calls
from pydicom.pixels import apply_color_lut, apply_modality_lut, apply_voi_lut

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "peers"))

import dcmtk_display

VOI_BAR, MODALITY_BAR, PALETTE_BAR, COPY_BAR, DICOM_IMAGE_BAR = 30, 3, 10, 0.5, 5
FRAMES, WINDOW = 500, (40, 400)


def rows(folder, settings):
    """Yield the rows of values."""
    for image in [load_image(*entry) for entry in NAMED[:3]]:
        yield from mono_rows(folder, image, settings)
    yield from large_rows(folder, settings)
    yield from palette_rows(folder, settings)
    yield from dicom_image_rows(folder, settings)


def described(folder, image):
    """Return our and pydicom's data set of an image with a rescale and a window."""
    ds = data_set(image.array, image.bits_stored)
    ds.RescaleSlope, ds.RescaleIntercept, ds.RescaleType = 1, -1024 if image.label.startswith("CT") else 0, "US"
    values = apply_modality_lut(image.array, ds)
    low, high = np.percentile(values, [5, 95])
    ds.WindowCenter, ds.WindowWidth = round((low + high) / 2), max(round(high - low), 2)
    ds.PixelData = image.array.tobytes()
    ds["PixelData"].VR = "OW"
    path = save(ds, folder / f"{image.label.split()[0]}.dcm")
    return td.read(path), ds


def mono_rows(folder, image, settings):
    """Yield modality to float32 and VOI to uint8."""
    ours, theirs = described(folder, image)
    array = image.array
    values, shown = np.zeros(array.shape, np.float32), np.zeros(array.shape, np.uint8)
    about = {"settings": settings, "mode": "into out="}
    check(td.transform(array, ours, values="modality", out=values, workers=1), apply_modality_lut(array, theirs))
    yield compare(
        "values", f"modality -> float32 {image.name}",
        lambda: td.transform(array, ours, values="modality", out=values, workers=1),
        lambda: apply_modality_lut(array, theirs), peer_name="pydicom apply_modality_lut", bar=MODALITY_BAR, **about,
    )  # fmt: skip
    chain = lambda: apply_voi_lut(apply_modality_lut(array, theirs), theirs)
    top = (1 << image.bits_stored) - 1
    low = (-(1 << (image.bits_stored - 1)) if theirs.PixelRepresentation else 0) + theirs.RescaleIntercept
    check(td.transform(array, ours, values="voi", out=shown, workers=1), (chain() - low) / top * 255, 0.51)
    yield compare(
        "values", f"voi -> uint8 {image.name}", lambda: td.transform(array, ours, values="voi", out=shown, workers=1), chain,
        peer_name="pydicom apply_voi_lut(apply_modality_lut)", bar=VOI_BAR, **about,
    )  # fmt: skip


def check(ours, theirs, allowed=1e-3):
    """Stop where the values differ: speed of something else is not wanted."""
    difference = np.abs(ours.astype(float) - theirs).max()
    if difference > allowed:
        raise AssertionError(f"values differ from pydicom's by {difference}")


def large_rows(folder, settings):
    """Yield an image beyond the caches against copying as many bytes in and out."""
    image = mosaic()
    ours, _ = described(folder, image)
    array = np.ascontiguousarray(image.array)
    inputs = np.zeros_like(array)
    for values, dtype in (("modality", np.float32), ("voi", np.uint8)):
        out, source = np.zeros(array.shape, dtype), np.ones(array.shape, dtype)

        def copies(out=out, source=source):
            np.copyto(inputs, array)
            np.copyto(out, source)

        yield compare(
            "values", f"{values} -> {np.dtype(dtype).name} {image.name}",
            lambda values=values, out=out: td.transform(array, ours, values=values, out=out, workers=1), copies, settings,
            peer_name="copying input and output bytes", mode="into out=", bar=COPY_BAR,
        )  # fmt: skip


def palette_rows(folder, settings):
    """Yield palette to RGB, 8-bit indexes and 16-bit entries."""
    generator = np.random.default_rng(4)
    indexes = load_image(*NAMED[3]).array[..., 0].copy()
    ds = data_set(indexes, 8, photometric="PALETTE COLOR")
    for name in ("Red", "Green", "Blue"):
        setattr(ds, f"{name}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(ds, f"{name}PaletteColorLookupTableData", generator.integers(0, 65536, 256).astype("<u2").tobytes())
        ds[f"{name}PaletteColorLookupTableDescriptor"].VR = "US"
    ds.PixelData = indexes.tobytes()
    ds["PixelData"].VR = "OB"
    ours = td.read(save(ds, folder / "palette.dcm"))
    out = np.zeros((*indexes.shape, 3), np.uint16)
    if not np.array_equal(td.transform(indexes, ours, values="presentation", out=out, workers=1), apply_color_lut(indexes, ds)):
        raise AssertionError("values differ from pydicom's")
    yield compare(
        "values", "palette -> RGB uint16 640x480", lambda: td.transform(indexes, ours, values="presentation", out=out, workers=1),
        lambda: apply_color_lut(indexes, ds), settings, peer_name="pydicom apply_color_lut", mode="into out=", bar=PALETTE_BAR,
    )  # fmt: skip


def dicom_image_rows(folder, settings):
    """Yield open -> window -> 8-bit array of each frame; DCMTK's time is what the probe measures around the same."""
    if dcmtk_display.reason_to_skip():
        return
    probe = dcmtk_display.Probe(folder)
    image = load_image(*NAMED[0])
    path = write_native(folder / "ct_500.dcm", image, FRAMES)
    check_picture(path, probe)
    for mode in ("standard", "dcmtk"):
        rounds = [(time_calls(lambda mode=mode: show(path, mode), 1), time_probe(probe, path)) for _ in range(settings.rounds + 1)]
        ours, theirs = np.array(rounds[1:]).T
        low, high = bootstrap(theirs / ours)
        yield Row(
            "values", f"DicomImage {FRAMES} frames of {image.name}, mode {mode}", "DCMTK 3.6.7 getOutputData", mode="fresh; peer: one buffer",
            bar=DICOM_IMAGE_BAR, ratio=float(np.median(theirs / ours)), low=low, high=high, ours_us=float(np.median(ours) * 1e6),
            peer_us=float(np.median(theirs) * 1e6),
        )  # fmt: skip


def show(path, mode):
    """Do what the probe's command `time` does."""
    picture = td.DicomImage(path, mode=mode, workers=1)
    picture.set_window(*WINDOW)
    for frame in range(picture.frame_count):
        picture.output_data(8, frame)


def time_probe(probe, path):
    """Return the seconds of the second of two rounds in a process of its own."""
    (records,) = probe.run([f"time 2 8 {WINDOW[0]} {WINDOW[1]} {path}"])
    return float(dict(records)["seconds"][1])


def check_picture(path, probe):
    """Stop where the two do not show the same."""
    records = probe.ask(path, [("window", *WINDOW), ("output", 8, FRAMES - 1, 0)])
    picture = td.DicomImage(path, mode="dcmtk")
    picture.set_window(*WINDOW)
    if picture.output_data(8, FRAMES - 1).tobytes() != dcmtk_display.output_of(records[1], 8).tobytes():
        raise AssertionError("values differ from DCMTK's")
