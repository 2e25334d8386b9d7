# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Small pictures drawn by chance, and JPEG streams of them by every encoder at hand.

Each ``by_*`` takes a random.Random and returns a whole, legal codestream; one whose package is missing skips its test.
"""

import io

import numpy as np
import pytest


def picture(chance, precision=8, samples=None, most=100):
    """Return a smooth image with edges and noise, of a size drawn by chance."""
    shape = chance.randint(1, most), chance.randint(1, most), samples or chance.choice([1, 3])
    generator = np.random.default_rng(chance.getrandbits(32))
    y, x = np.mgrid[: shape[0], : shape[1]]
    waves = [np.sin(x / chance.uniform(2, 30) + y / chance.uniform(2, 30) + k) for k in range(shape[2])]
    values = np.stack(waves, axis=-1) * 0.4 + 0.5 + generator.normal(0, chance.choice([0, 0.02, 0.2]), shape)
    values[shape[0] // 3 :, shape[1] // 2 :] = chance.random()
    array = (values.clip(0, 1) * ((1 << precision) - 1)).astype("u1" if precision <= 8 else "u2")
    return array[..., 0] if shape[2] == 1 else array


def by_imagecodecs(chance):
    precision = chance.choice([8, 12])
    imagecodecs = pytest.importorskip("imagecodecs")
    return imagecodecs.jpeg8_encode(
        picture(chance, precision), level=chance.choice([1, 40, 75, 90, 100]), bitspersample=precision,
        subsampling=chance.choice([None, "444", "422", "420", "411", "440"]), optimize=chance.choice([True, False]),
    )  # fmt: skip


def by_imagecodecs_lossless(chance):
    imagecodecs = pytest.importorskip("imagecodecs")
    precision = chance.randint(2, 16)
    array = picture(chance, precision)
    colour = {"colorspace": "RGB", "outcolorspace": "RGB"} if array.ndim == 3 else {}
    return imagecodecs.jpeg8_encode(
        array, lossless=True, predictor=chance.randint(1, 7), bitspersample=precision, **colour
    )


def by_simplejpeg(chance):
    simplejpeg = pytest.importorskip("simplejpeg")
    array = picture(chance)
    about = {"colorspace": "GRAY" if array.ndim == 2 else "RGB", "quality": chance.choice([30, 90, 100])}
    if array.ndim == 3:
        about["colorsubsampling"] = chance.choice(["444", "422", "420", "440", "411"])
    return simplejpeg.encode_jpeg(array.reshape(*array.shape[:2], -1), **about)


def by_pillow(chance):
    image = pytest.importorskip("PIL.Image")
    buffer = io.BytesIO()
    about = chance.choice([{}, {"restart_marker_rows": 1}, {"restart_marker_blocks": chance.randint(1, 9)}])
    array = picture(chance, samples=chance.choice([1, 3]))
    mode = "L" if array.ndim == 2 else chance.choice(["RGB", "RGB", "CMYK"])
    image.fromarray(array).convert(mode).save(
        buffer, "JPEG", quality=chance.choice([5, 50, 75, 95, 100]), progressive=chance.choice([True, False]),
        optimize=chance.choice([True, False]), subsampling=chance.choice([0, 1, 2]), **about,
    )  # fmt: skip
    return buffer.getvalue()


def by_us(chance):
    import turbodicom as td

    process = chance.choice(["baseline", "extended", "spectral", "progressive", "lossless"])
    precision = {"baseline": 8, "lossless": chance.randint(2, 16)}.get(process, chance.choice([8, 12]))
    array = picture(chance, precision)
    about = {"process": process, "precision": precision, "optimise": chance.choice([True, False])}
    about |= lossless_options(chance, precision) if process == "lossless" else dct_options(chance, array.ndim)
    return td.codecs.jpeg.encode(array, **about)


def lossless_options(chance, precision):
    return {
        "predictor": chance.choice([1, 2, 3, 4, 5, 6, 7, "auto"]),
        "point_transform": chance.randint(0, min(2, precision - 1)),
        "restart_interval": chance.choice([None, "row"]),
    }


def dct_options(chance, dimensions):
    about = {"quality": chance.choice([1, 30, 75, 90, 100])}
    about |= {"restart_interval": chance.choice([None, 1, 3, "row"])}
    if dimensions == 3:
        about |= {"color": chance.choice(["ycc", "coded"])}
        about |= {"subsampling": chance.choice(["4:4:4", "4:2:2", "4:2:0", "4:4:0", "4:1:1"])}
    return about


ALL = (by_imagecodecs, by_imagecodecs_lossless, by_simplejpeg, by_pillow, by_us)
