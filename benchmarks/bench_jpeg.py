# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""JPEG codestreams against libjpeg-turbo (imagecodecs), one thread: decode and encode, lossless and DCT, 8 to 16 bits.

Streams to decode are written by libjpeg-turbo without restart markers and with optimised Huffman tables. Both
sides must give equal samples before anything is timed. simplejpeg (libjpeg-turbo's TurboJPEG interface),
pylibjpeg-libjpeg and GDCM stand beside it in rows without a bar, where they are installed.
"""

import numpy as np
import turbodicom as td
from datasets import as_stored_bits, generated, images, mosaic, windowed
from harness import Row, compare, geometric_mean

PEER = "libjpeg-turbo (imagecodecs)"
LOSSLESS_DECODE, LOSSLESS_DECODE_RGB, LOSSLESS_ENCODE = 2, 1.6, 5
BASELINE_DECODE, BASELINE_DECODE_MEAN, BASELINE_ENCODE = 1.0, 1.2, 1.1
TWELVE_DECODE, TWELVE_ENCODE = 2, 2
QUALITIES = (75, 90, 97)
SUBSAMPLINGS = {"4:4:4": "444", "4:2:2": "422", "4:2:0": "420"}


def rows(folder, settings):
    """Yield all rows of the codestreams."""
    try:
        import imagecodecs
    except ImportError:
        return
    named = [as_stored_bits(image) for image in [*images(), mosaic()]]
    yield from lossless_rows(imagecodecs, named, settings)
    yield from baseline_rows(imagecodecs, named, settings)
    yield from twelve_bit_rows(imagecodecs, named, settings)


def require_equal(name, *arrays):
    """Stop when contenders disagree: a wrong answer is not worth timing."""
    if not all(np.array_equal(array, arrays[0]) for array in arrays[1:]):
        raise AssertionError(f"{name}: contenders disagree")


# Lossless.


def lossless_rows(peer, named, settings):
    """Yield decoding and encoding with the first selection value for every image, with the others for two."""
    sizes = []
    for image in [*named, *generated(12), generated(16)[0]]:
        yield from lossless_decode(peer, image, 1, settings, with_out=True)
        yield lossless_encode(peer, image, 1, settings, sizes)
    for image in (named[1], named[3]):
        for predictor in range(2, 8):
            yield from lossless_decode(peer, image, predictor, settings)
            yield lossless_encode(peer, image, predictor, settings, sizes)
    yield worst_row(f"lossless encode: largest size / peer's of {len(sizes)}", max(sizes), 1.0, "of its size")
    yield from lossless_others(peer, named[1], settings)


def lossless_stream(peer, image, predictor):
    """Return libjpeg-turbo's stream; its lossless Huffman tables are always optimised."""
    colour = {"colorspace": "RGB", "outcolorspace": "RGB"} if image.array.ndim == 3 else {}
    return peer.jpeg8_encode(
        image.array, lossless=True, predictor=predictor, bitspersample=image.bits_stored, **colour
    )


def coded(peer, stream, like, out=None):
    """Return libjpeg-turbo's samples without a colour transform."""
    space = "RGB" if like.ndim == 3 else "GRAYSCALE"
    return peer.jpeg8_decode(stream, colorspace=space, outcolorspace=space, out=out)


def lossless_decode(peer, image, predictor, settings, with_out=False):
    """Yield a fresh array and, if asked for, `out=`."""
    stream, name = lossless_stream(peer, image, predictor), f"lossless SV{predictor} decode {image.name}"
    ours = lambda out=None: td.codecs.jpeg.decode(stream, color="coded", out=out)
    theirs = lambda out=None: coded(peer, stream, image.array, out)
    require_equal(name, image.array, ours(), theirs())
    bar = LOSSLESS_DECODE_RGB if image.array.ndim == 3 else LOSSLESS_DECODE
    yield compare("JPEG", name, ours, theirs, settings, peer_name=PEER, bar=bar)
    if with_out:
        a, b = np.zeros_like(image.array), np.zeros_like(image.array)
        into = {"peer_name": PEER, "mode": "into out="}
        yield compare("JPEG", name, lambda: ours(a), lambda: theirs(b), settings, **into)


def lossless_encode(peer, image, predictor, settings, sizes):
    """Return the row on speed; append our size / theirs, without the byte that makes a length even (PS3.5 A.4)."""
    name = f"lossless SV{predictor} encode {image.name}"
    ours = lambda: td.codecs.jpeg.encode(
        image.array, process="lossless", precision=image.bits_stored, predictor=predictor
    )
    theirs = lambda: lossless_stream(peer, image, predictor)
    require_equal(name, image.array, coded(peer, ours(), image.array))
    sizes.append((len(ours()) - (len(ours()) > len(theirs()))) / len(theirs()))
    return compare("JPEG", name, ours, theirs, settings, peer_name=PEER, mode="bytes", bar=LOSSLESS_ENCODE)


def lossless_others(peer, image, settings):
    """Yield rows against the other packages that read lossless JPEG."""
    stream, name = lossless_stream(peer, image, 1), f"lossless SV1 decode {image.name}"
    ours = lambda: td.codecs.jpeg.decode(stream, color="coded")
    try:
        import libjpeg
    except ImportError:
        return
    require_equal(name, ours(), libjpeg.decode(stream))
    yield compare(
        "JPEG", name, ours, lambda: libjpeg.decode(stream), settings, peer_name="pylibjpeg-libjpeg"
    )


# Baseline.


def baseline_rows(peer, named, settings):
    """Yield every cell of image, subsampling and quality, and the geometric mean over them."""
    gray = [windowed(image, 8) for image in (named[0], named[1], named[2], named[4])]
    gray += generated(8)[::2]
    colour = [named[3], generated(8, samples=3)[2]]
    cells = [(image, "gray", quality) for image in gray for quality in QUALITIES]
    cells += [(image, kind, quality) for image in colour for kind in SUBSAMPLINGS for quality in QUALITIES]
    decoded = []
    for image, kind, quality in cells:
        decoded.append(baseline_decode(peer, image, kind, quality, settings))
        yield decoded[-1]
    yield geometric_mean("JPEG", "baseline decode", decoded, bar=BASELINE_DECODE_MEAN)
    encoded, streams = [], []
    for image, kind, quality in cells:
        for optimise in (True, False) if quality == 90 else (True,):
            encoded.append(baseline_encode(peer, image, kind, quality, optimise, settings, streams))
            yield encoded[-1]
    yield geometric_mean("JPEG", "baseline encode", encoded, bar=BASELINE_ENCODE)
    yield from size_and_noise(peer, "baseline encode", streams)
    yield from against_simplejpeg(peer, colour, settings)


def baseline_stream(peer, image, kind, quality, optimise=True):
    """Return libjpeg-turbo's stream, YCbCr for colour."""
    subsampling = SUBSAMPLINGS.get(kind)
    return peer.jpeg8_encode(image.array, level=quality, subsampling=subsampling, optimize=optimise)


def baseline_decode(peer, image, kind, quality, settings):
    """Return the row of one cell: to RGB, or gray."""
    stream, name = baseline_stream(peer, image, kind, quality), f"baseline {kind} q{quality} decode {image.name}"
    ours, theirs = lambda: td.codecs.jpeg.decode(stream), lambda: peer.jpeg8_decode(stream)
    require_equal(name, ours(), theirs())
    return compare("JPEG", name, ours, theirs, settings, peer_name=PEER, bar=BASELINE_DECODE)


def our_baseline(image, kind, quality, optimise):
    about = {"subsampling": kind} if kind in SUBSAMPLINGS else {}
    return td.codecs.jpeg.encode(image.array, process="baseline", quality=quality, optimise=optimise, **about)


def baseline_encode(peer, image, kind, quality, optimise, settings, streams):
    """Return the row of one cell, with the same quantisation tables; append (image, our stream, theirs) to `streams`."""
    tables = "optimised tables" if optimise else "Annex K's tables"
    name = f"baseline {kind} q{quality} encode {image.name}, {tables}"
    ours = lambda: our_baseline(image, kind, quality, optimise)
    theirs = lambda: baseline_stream(peer, image, kind, quality, optimise)
    require_equal(name, quant_tables(ours()), quant_tables(theirs()))
    streams.append((image, ours(), theirs()))
    return compare("JPEG", name, ours, theirs, settings, peer_name=PEER, mode="bytes", bar=BASELINE_ENCODE)


def quant_tables(stream):
    """Return all values of the DQT segments (T.81 B.2.4.1)."""
    values, at = [], 2
    while stream[at + 1] != 0xDA:
        length = int.from_bytes(stream[at + 2 : at + 4], "big")
        if stream[at + 1] == 0xDB:
            values += [byte for i, byte in enumerate(stream[at + 4 : at + 2 + length]) if i % 65]
        at += 2 + length
    return np.array(values)


def size_and_noise(peer, name, streams):
    """Yield the worst size and the worst noise (PSNR in dB below the peer's) of (image, our stream, theirs)."""
    sizes = [(len(ours) - (len(ours) > len(theirs))) / len(theirs) for _, ours, theirs in streams]
    lost = [psnr(image, peer.jpeg8_decode(b)) - psnr(image, peer.jpeg8_decode(a)) for image, a, b in streams]
    yield worst_row(f"{name}: largest size / peer's of {len(sizes)}", max(sizes), 1.0, "of its size")
    yield worst_row(f"{name}: PSNR most below the peer's of {len(lost)}", max(lost), 0.01, "dB")


def worst_row(name, value, bar, unit):
    value = float(value)
    return Row("JPEG", name, PEER, mode="bytes", ratio=value, low=value, high=value, bar=bar, unit=unit)


def psnr(image, decoded):
    """Return the peak signal to noise ratio in dB; 100 at most, for images without any loss."""
    error = np.mean((image.array.astype(float) - decoded) ** 2)
    return min(100.0, 10 * np.log10(((1 << image.bits_stored) - 1) ** 2 / max(error, 1e-12)))


def against_simplejpeg(peer, colour, settings):
    """Yield rows against TurboJPEG's own interface."""
    try:
        import simplejpeg
    except ImportError:
        return
    for image in colour:
        for kind in SUBSAMPLINGS:
            stream, name = baseline_stream(peer, image, kind, 90), f"baseline {kind} q90 decode {image.name}"
            ours, theirs = lambda: td.codecs.jpeg.decode(stream), lambda: simplejpeg.decode_jpeg(stream)  # noqa: B023
            yield compare("JPEG", name, ours, theirs, settings, peer_name="simplejpeg")


# 12 bits.


def twelve_bit_rows(peer, named, settings):
    """Yield extended sequential DCT with 12 bits: decoding, encoding, sizes, noise."""
    sources = [windowed(named[0], 12), named[1], windowed(named[2], 12), named[4], *generated(12)[::2]]
    streams = []
    for image in sources:
        for quality in QUALITIES:
            stream = peer.jpeg8_encode(image.array, level=quality, bitspersample=12)
            yield twelve_bit_decode(peer, image, quality, stream, settings)
            yield twelve_bit_encode(peer, image, quality, stream, settings, streams)
    yield from size_and_noise(peer, "12-bit encode", streams)


def twelve_bit_decode(peer, image, quality, stream, settings):
    """Return the row of one image and quality."""
    name = f"12-bit q{quality} decode {image.name}"
    ours, theirs = lambda: td.codecs.jpeg.decode(stream), lambda: peer.jpeg8_decode(stream)
    require_equal(name, ours(), theirs())
    return compare("JPEG", name, ours, theirs, settings, peer_name=PEER, bar=TWELVE_DECODE)


def twelve_bit_encode(peer, image, quality, stream, settings, streams):
    """Return the row of one image and quality; libjpeg-turbo always optimises its tables here."""
    name = f"12-bit q{quality} encode {image.name}"
    ours = lambda: td.codecs.jpeg.encode(image.array, process="extended", precision=12, quality=quality)
    theirs = lambda: peer.jpeg8_encode(image.array, level=quality, bitspersample=12)
    require_equal(name, quant_tables(ours()), quant_tables(stream))
    streams.append((image, ours(), stream))
    return compare("JPEG", name, ours, theirs, settings, peer_name=PEER, mode="bytes", bar=TWELVE_ENCODE)
