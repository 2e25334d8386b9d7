# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Codecs against their peers, one thread, bare codestreams: one entry of CODECS per codec.

JPEG has bench_jpeg.py for itself. The peer of RLE is pylibjpeg-rle. Its fastest call gives a planar buffer;
the rows named "finished array" ask both sides for the same dense array, the row named "planar buffer" gives
the peer its own layout.
"""

import bench_jpeg
import numpy as np
import pydicom
import turbodicom as td
from datasets import images, rle_codestream, rle_corpus, write_rle
from harness import Row, compare, geometric_mean

DECODE_BAR, ENCODE_BAR = 5, 10


def rows(folder, settings):
    """Yield the rows of every codec."""
    for codec_rows in CODECS.values():
        yield from codec_rows(folder, settings)


def rle_rows(folder, settings):
    """Yield decode, encode, sizes, file to array, and the geometric mean over the corpus."""
    try:
        import rle.rle as peer
    except ImportError:
        return
    for image in images():
        codestream = rle_codestream(image.array)
        yield from rle_decode(image, codestream, peer, settings)
        yield from rle_encode(image, codestream, settings)
        yield rle_file(folder, image, settings)
    yield from rle_mean(peer, settings)


def peer_decode(peer, codestream, shape, dtype):
    """Return pylibjpeg-rle's result as a finished dense array (rows, columns[, samples])."""
    planes = peer_planes(peer, codestream, shape, dtype)
    return np.ascontiguousarray(planes.transpose(1, 2, 0)) if planes.ndim == 3 else planes


def peer_planes(peer, codestream, shape, dtype):
    """Return pylibjpeg-rle's buffer as it comes: (rows, columns) or (samples, rows, columns)."""
    buffer = peer.decode_frame(codestream, shape[0] * shape[1], dtype.itemsize * 8, "<")
    planar = shape[2:] + shape[:2]
    return np.frombuffer(buffer, dtype).reshape(planar)


def rle_decode(image, codestream, peer, settings):
    """Yield fresh array, `out=` and, for colour, the peer's own layout."""
    shape, dtype, name = image.array.shape, image.array.dtype, f"decode {image.name}"
    out = np.zeros(shape, dtype)
    about = {"settings": settings, "peer_name": "pylibjpeg-rle", "bar": DECODE_BAR}
    ours = lambda: td.codecs.rle.decode(codestream, shape, dtype)
    into = lambda: td.codecs.rle.decode(codestream, shape, dtype, out=out)
    finished = lambda: peer_decode(peer, codestream, shape, dtype)
    if not (np.array_equal(ours(), image.array) and np.array_equal(finished(), image.array)):
        raise AssertionError(f"{name}: contenders disagree with the source")
    yield compare("RLE", name, ours, finished, **about)
    yield compare("RLE", name, into, finished, mode="into out=", **(about | {"bar": None}))
    if len(shape) == 3:
        planar = lambda: peer_planes(peer, codestream, shape, dtype)
        yield compare("RLE", name, ours, planar, mode="fresh; peer: planar buffer", **about)


def rle_encode(image, codestream, settings):
    """Yield encoding speed and the size of the result against the peer's."""
    yield compare(
        "RLE", f"encode {image.name}", lambda: td.codecs.rle.encode(image.array),
        lambda: rle_codestream(image.array), settings, peer_name="pylibjpeg-rle", mode="bytes", bar=ENCODE_BAR,
    )  # fmt: skip
    ours, theirs = (segment_sizes(data) for data in (td.codecs.rle.encode(image.array), codestream))
    worst = max(a / b for a, b in zip(ours, theirs, strict=True))
    yield Row(
        "RLE", f"encode {image.name}: largest segment / peer's", "pylibjpeg-rle", mode="bytes", ratio=worst,
        low=worst, high=worst, bar=1.0, unit="of its size",
    )  # fmt: skip


def segment_sizes(codestream):
    """Return the sizes of the RLE segments from the header of 16 offsets (PS3.5 G.5)."""
    header = np.frombuffer(codestream[:64], "<u4")
    edges = [*header[1 : 1 + header[0]], len(codestream)]
    return np.diff(np.array(edges, dtype=np.int64)).tolist()


def rle_file(folder, image, settings):
    """Return the row from file to fresh array."""
    path = write_rle(folder / f"rle_{image.label.replace(' ', '_')}.dcm", image)

    def peer():
        ds = pydicom.dcmread(path)
        ds.pixel_array_options(decoding_plugin="pylibjpeg")
        return ds.pixel_array

    return compare(
        "RLE", f"file {image.name}", lambda: td.pixels(path, workers=1), peer, settings,
        peer_name="pydicom + pylibjpeg-rle",
    )  # fmt: skip


def rle_mean(peer, settings):
    """Yield the geometric mean over every RLE image of the corpus."""
    measured = []
    for name, codestreams, ds in rle_corpus():
        shape, dtype = coded_shape(ds)
        measured.append(
            compare(
                "RLE", name, lambda: [td.codecs.rle.decode(c, shape, dtype) for c in codestreams],  # noqa: B023
                lambda: [peer_decode(peer, c, shape, dtype) for c in codestreams], settings,  # noqa: B023
                peer_name="pylibjpeg-rle",
            )
        )  # fmt: skip
    if measured:
        yield geometric_mean("RLE", "decode corpus images", measured, bar=DECODE_BAR)


def coded_shape(ds):
    """Return (shape, dtype) of one coded frame; frames of single bits are coded as packed bytes."""
    if ds.BitsAllocated == 1:
        return (1, (ds.Rows * ds.Columns + 7) // 8), np.dtype("u1")
    shape = (ds.Rows, ds.Columns) + ((ds.SamplesPerPixel,) if ds.SamplesPerPixel > 1 else ())
    return shape, np.dtype(f"<{'iu'[ds.PixelRepresentation == 0]}{ds.BitsAllocated // 8}")


CODECS = {"rle": rle_rows, "jpeg": bench_jpeg.rows}
