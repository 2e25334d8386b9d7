# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The workloads: real images from the corpus, or computed ones of the same shapes.

`images` gives the four named images, `write_*` the files made from them. Computed images are named
"computed" in the table: their noise compresses differently, so their figures do not stand for real ones.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pydicom
import pydicom.uid
from pydicom.dataset import Dataset, FileMetaDataset

FOLDER = "dicom/pydicom__pydicom-data"
# label, file in the corpus, shape, bits stored, signed
NAMED = (
    ("CT 512", "693_UNCR.dcm", (512, 512), 14, True),
    ("MR 1024", "MR2_UNCR.dcm", (1024, 1024), 12, False),
    ("X-ray 1760", "RG3_J2KR.dcm", (1760, 1760), 10, False),
    ("colour 640x480", "US1_UNCR.dcm", (480, 640, 3), 8, False),
)


@dataclass(frozen=True)
class Image:
    """One named image: `array` as stored, shape (rows, columns) or (rows, columns, samples)."""

    label: str
    array: np.ndarray
    bits_stored: int
    is_real: bool

    @property
    def name(self):
        """Label for the table, which says when the image is computed."""
        return self.label if self.is_real else f"{self.label} (computed)"


def corpus():
    """Return the corpus folder as a Path, or None."""
    folder = os.environ.get("TURBODICOM_CORPUS")
    return Path(folder) if folder else None


def images():
    """Return the four named images."""
    return [load_image(*entry) for entry in NAMED]


def load_image(label, file, shape, bits_stored, signed):
    """Return one named image, real when the corpus has it."""
    path = corpus() and corpus() / FOLDER / file
    if path and path.exists():
        return Image(label, np.ascontiguousarray(pydicom.dcmread(path).pixel_array), bits_stored, True)
    return Image(label, compute_image(shape, bits_stored, signed), bits_stored, False)


def compute_image(shape, bits_stored, signed):
    """Compute a round phantom on an empty background, with a little noise inside.

    Returns
    -------
    ndarray, shape as asked; uint8, int16 or uint16
    """
    rows, columns = shape[:2]
    y, x = np.ogrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    radius = np.hypot(y, x)
    noise = np.random.default_rng(1).normal(0, 2, (rows, columns))
    top = 2 ** (bits_stored - 1)
    values = np.where(radius < 0.8, top * (0.6 + 0.3 * np.cos(6 * radius)) + noise, 0).clip(0, 2 * top - 1)
    gray = values.astype(np.uint8 if bits_stored <= 8 else np.int16 if signed else np.uint16)
    return np.repeat(gray[..., None], shape[2], axis=2).copy() if len(shape) == 3 else gray


def data_set(array, bits_stored, *, frames=1, photometric="MONOCHROME2", syntax=pydicom.uid.ExplicitVRLittleEndian):
    """Return a pydicom Dataset of the shape of one frame, without Pixel Data."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    ds.Rows, ds.Columns = array.shape[:2]
    ds.SamplesPerPixel = array.shape[2] if array.ndim == 3 else 1
    ds.PhotometricInterpretation = photometric
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = array.itemsize * 8, bits_stored, bits_stored - 1
    ds.PixelRepresentation = int(array.dtype.kind == "i")
    if ds.SamplesPerPixel > 1:
        ds.PlanarConfiguration = 0
    if frames > 1:
        ds.NumberOfFrames = frames
    return ds


def save(ds, path):
    """Write a Dataset as a DICOM file and return the path as str."""
    ds.save_as(path, enforce_file_format=True)
    return str(path)


def mosaic():
    """Return a 2x2 mosaic of the corpus's 2500x2048 mammogram of 12 bits, or a computed image of that size."""
    path = corpus() and corpus() / "dicom/pydicom__pylibjpeg-data/NM_Kakadu44_SOTmarkerincons.dcm"
    if path and path.exists():
        array = pydicom.dcmread(path).pixel_array
        return Image("mammogram 5000x4096", np.block([[array, array], [array, array]]), 12, True)
    return Image("mammogram 5000x4096", compute_image((5000, 4096), 12, False), 12, False)


def as_stored_bits(image):
    """Return the image with unsigned samples of Bits Stored bits, as a codestream of that precision holds them."""
    array = image.array
    if array.dtype.kind == "i":
        array = array.view(f"u{array.itemsize}") & ((1 << image.bits_stored) - 1)
    return Image(image.label, np.ascontiguousarray(array), image.bits_stored, image.is_real)


def windowed(image, bits):
    """Return the image with `bits` bits: the 0.5th to the 99.5th percentile stretched over them, the rest clipped."""
    low, high = np.percentile(image.array, [0.5, 99.5])
    scaled = (image.array - low) * (((1 << bits) - 1) / max(high - low, 1))
    array = np.rint(scaled).clip(0, (1 << bits) - 1).astype(np.uint8 if bits <= 8 else np.uint16)
    return Image(f"{image.label}, {bits} bit", array, bits, image.is_real)


def generated(bits, samples=1, size=1024):
    """Return noise, a flat image and a photograph-like one (1/f noise with edges), `size` pixels square."""
    generator = np.random.default_rng(3)
    top, dtype = (1 << bits) - 1, np.uint8 if bits <= 8 else np.uint16
    shape = (size, size) if samples == 1 else (size, size, samples)
    made = {
        "noise": generator.integers(0, top, shape, endpoint=True),
        "flat": np.full(shape, top // 3),
        "photograph-like": photograph(generator, size, samples) * top,
    }
    return [Image(f"{name}, {bits} bit", array.astype(dtype).reshape(shape), bits, True) for name, array in made.items()]


def photograph(generator, size, samples):
    """Compute values 0..1 whose spectrum falls with 1/f, as photographs' does, cut by a few straight edges."""
    frequency = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.fftfreq(size)[None]) + 1 / size
    planes = [np.fft.ifft2(np.fft.fft2(generator.normal(size=(size, size))) / frequency**1.2).real for _ in range(samples + 1)]
    values = np.stack([2 * planes[-1] + plane for plane in planes[:-1]], axis=-1)  # channels go together
    for _ in range(12):
        row, column = generator.integers(0, size, 2)
        values[row : row + size // 5, column : column + size // 7] += generator.normal() * values.std()
    return ((values - values.mean()) / (5 * values.std()) + 0.5).clip(0, 1)


def write_native(path, image, frames=1, photometric=None):
    """Write `frames` copies of an image, uncompressed; each frame is rolled, so none equals another."""
    photometric = photometric or ("RGB" if image.array.ndim == 3 else "MONOCHROME2")
    ds = data_set(image.array, image.bits_stored, frames=frames, photometric=photometric)
    ds.PixelData = b"".join(np.roll(image.array, i, axis=0).tobytes() for i in range(frames))
    ds["PixelData"].VR = "OW" if image.array.itemsize > 1 else "OB"
    return save(ds, path)


def rle_codestream(array):
    """Encode one frame with pylibjpeg-rle and return the bytes."""
    from rle import encode_pixel_data

    samples = array.shape[2] if array.ndim == 3 else 1
    return bytes(
        encode_pixel_data(
            array.tobytes(), rows=array.shape[0], columns=array.shape[1], samples_per_pixel=samples,
            bits_allocated=array.itemsize * 8, byteorder="<",
        )
    )  # fmt: skip


def write_rle(path, image, frames=1):
    """Write `frames` rolled copies of an image, RLE coded by pylibjpeg-rle, with a Basic Offset Table."""
    photometric = "RGB" if image.array.ndim == 3 else "MONOCHROME2"
    ds = data_set(image.array, image.bits_stored, frames=frames, photometric=photometric, syntax=pydicom.uid.RLELossless)
    codestreams = [rle_codestream(np.roll(image.array, i, axis=0)) for i in range(frames)]
    ds.PixelData = pydicom.encaps.encapsulate(codestreams)
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    return save(ds, path)


def write_encapsulated(path, image, codestreams, syntax, *, bits_stored=None, photometric=None):
    """Write codestreams of an image, one a frame, as a DICOM file with a Basic Offset Table."""
    photometric = photometric or ("RGB" if image.array.ndim == 3 else "MONOCHROME2")
    bits_stored = bits_stored or image.bits_stored
    ds = data_set(image.array, bits_stored, frames=len(codestreams), photometric=photometric, syntax=syntax)
    ds.PixelData = pydicom.encaps.encapsulate(codestreams)
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    return save(ds, path)


def write_ybr(path, photometric, frames, rows=480, columns=640):
    """Write a computed colour cine, native YBR_FULL or YBR_FULL_422 (PS3.3 C.7.6.3.1.2)."""
    generator = np.random.default_rng(2)
    ybr = generator.integers(0, 256, (rows, columns, 3), dtype=np.uint8)
    ds = data_set(ybr, 8, frames=frames, photometric=photometric)
    coded = ybr.tobytes()
    if photometric == "YBR_FULL_422":  # two pixels are Y1 Y2 Cb Cr
        coded = generator.integers(0, 256, rows * columns * 2, dtype=np.uint8).tobytes()
    ds.PixelData = coded * frames
    ds["PixelData"].VR = "OB"
    return save(ds, path)


def rle_corpus():
    """Return (name, codestreams, Dataset) of every RLE image of the corpus."""
    if corpus() is None:
        return []
    found = []
    for path in sorted((corpus() / "dicom").rglob("*")):
        if path.is_file() and (ds := read_rle(path)) is not None:
            frames = int(ds.get("NumberOfFrames", 1) or 1)
            found.append((path.name, list(pydicom.encaps.generate_frames(ds.PixelData, number_of_frames=frames)), ds))
    return found


def read_rle(path):
    """Return the Dataset when the file is RLE coded, else None."""
    try:
        meta = pydicom.filereader.read_file_meta_info(path)
        is_rle = meta.get("TransferSyntaxUID") == pydicom.uid.RLELossless
        return pydicom.dcmread(path) if is_rle else None
    except (pydicom.errors.InvalidDicomError, OSError, ValueError, AttributeError, TypeError):
        return None
