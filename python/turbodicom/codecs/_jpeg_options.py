# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Arguments of `codecs.jpeg`, checked and turned into what the core takes (cpp/bindings/codec_options.h)."""

import operator

import numpy as np

_MOST_REDUCE = 3  # a DCT block of 8 x 8 becomes one sample
_WORKAROUNDS = ("predictor6_overflow", "cornell_huffman")
_COLOURS = {"rgb": "by_stream", "coded": "none"}

# Process -> the precisions it codes (T.81 Table B.2).
_PRECISIONS = {
    "lossless": range(2, 17),
    "baseline": (8,),
    "extended": (8, 12),
    "spectral": (8, 12),
    "progressive": (8, 12),
}
# Horizontal and vertical sampling factor of the first component; the others have 1.
_SUBSAMPLINGS = {"4:4:4": (1, 1), "4:2:2": (2, 1), "4:2:0": (2, 2), "4:4:0": (1, 2), "4:1:1": (4, 1)}
_DCT_ONLY = {"tables": None, "subsampling": "4:4:4"}
_LOSSLESS_ONLY = {"predictor": 1, "point_transform": 0}


def _zigzag_order():
    """Natural index of each coefficient in the order of T.81 Figure A.6."""
    diagonals = [[(v, d - v) for v in range(8) if 0 <= d - v < 8] for d in range(15)]
    path = [at for d, cells in enumerate(diagonals) for at in (cells if d % 2 else cells[::-1])]
    return [8 * v + u for v, u in path]


_ZIGZAG = _zigzag_order()


# Decoding.


def decode_settings(color, reduce, workarounds, workers):
    if isinstance(workarounds, str):
        raise TypeError(f"workarounds must be a sequence of names, not {workarounds!r}")
    workarounds = tuple(workarounds)
    for name in workarounds:
        _one_of("workaround", name, _WORKAROUNDS)
    return {
        "colour": _COLOURS[_one_of("color", color, _COLOURS)],
        "reduce": _whole_number("reduce", reduce, 0, _MOST_REDUCE),
        "window": None,
        "workers": _whole_number("workers", workers, 1, 1 << 16),
        **{name: name in workarounds for name in _WORKAROUNDS},
    }


def region(roi):
    """Return `roi` as four ints; whether it lies in the image is for `result_shape` to see."""
    if roi is None:
        return None
    if not isinstance(roi, (tuple, list)) or len(roi) != 4:
        raise ValueError(f"roi must be (row, column, rows, columns), not {roi!r}")
    row, column, rows, columns = (_whole_number("roi", number, 0, (1 << 32) - 1) for number in roi)
    if rows == 0 or columns == 0:
        raise ValueError(f"roi must hold at least one pixel, not {rows} x {columns}")
    return row, column, rows, columns


def result_shape(info, roi, reduce):
    """Return the array's shape, and the window's first row and column or None."""
    row, column, rows, columns = roi or (0, 0, info.rows, info.columns)
    if row + rows > info.rows or column + columns > info.columns:
        raise ValueError(f"roi {roi} reaches beyond the image of {info.rows} x {info.columns} pixels")
    shape = tuple(-(-length // (1 << reduce)) for length in (rows, columns))
    window = None if roi is None else (row >> reduce, column >> reduce)
    return shape if info.components == 1 else (*shape, info.components), window


# Encoding.


def encode_settings(
    array, *, process, precision, color, quality, tables, subsampling, optimise, restart_interval, **lossless
):
    """Return the core's settings for an array that `_bare.source_array` has let pass."""
    _one_of("process", process, _PRECISIONS)
    samples = _check_array(array, process)
    _check_belongs(process, {"tables": tables, "subsampling": subsampling, **lossless})
    precision = _precision(precision, process, array.dtype)
    luminance, chrominance = _quantisation_tables(tables, precision)
    horizontal, vertical = _sampling(subsampling, samples)
    return {
        "process": "progressive" if process == "spectral" else process,
        "successive_approximation": process != "spectral",
        "precision": precision,
        "quality": _whole_number("quality", quality, 1, 100),
        "luminance": luminance,
        "chrominance": chrominance,
        "horizontal_sampling": horizontal,
        "vertical_sampling": vertical,
        "rgb_to_ycc": _codes_ycc(color, process, samples),
        "predictor": _predictor(lossless["predictor"]),
        "point_transform": _whole_number("point_transform", lossless["point_transform"], 0, precision - 1),
        "optimise_huffman": bool(optimise),
        "restart_interval": _restart_interval(restart_interval),
        "restart_every_row": restart_interval == "row",
    }


def _check_array(array, process):
    """Return the number of samples."""
    samples = array.shape[2] if array.ndim == 3 else 1
    if samples > 4:
        raise ValueError(f"array must have 1 to 4 samples a pixel, not {samples}")
    if max(array.shape[:2]) > 65535:  # T.81 B.2.2
        raise ValueError(
            f"array must have at most 65535 rows and columns, not {array.shape[0]} x {array.shape[1]}"
        )
    if array.dtype.itemsize > 2:
        raise TypeError(f"array must hold 8 or 16-bit integers, not {array.dtype}")
    if array.dtype.kind == "i" and process != "lossless":
        raise TypeError(f"array must hold unsigned integers for process {process!r}, not {array.dtype}")
    return samples


def _check_belongs(process, options):
    """Refuse what would not be looked at."""
    lossless = process == "lossless"
    kind = "DCT processes" if lossless else "process 'lossless'"
    for name, default in (_DCT_ONLY if lossless else _LOSSLESS_ONLY).items():
        is_default = options[name] is None if default is None else options[name] == default
        if not is_default:
            raise ValueError(f"{name} is for {kind} only, not for process {process!r}")


def _precision(precision, process, dtype):
    most = 8 * dtype.itemsize
    allowed = _PRECISIONS[process]
    if precision is None:
        return most if most in allowed else allowed[-1]
    precision = _whole_number("precision", precision, 2, 16)
    if precision not in allowed:
        choices = "2 to 16" if process == "lossless" else " or ".join(map(str, allowed))
        raise ValueError(f"precision must be {choices} for process {process!r}, not {precision}")
    if precision > most:
        raise ValueError(f"precision must be at most {most} for {dtype}, not {precision}")
    return precision


def _predictor(predictor):
    return 0 if predictor == "auto" else _whole_number("predictor", predictor, 1, 7)


def _restart_interval(interval):
    return (
        0 if interval is None or interval == "row" else _whole_number("restart_interval", interval, 1, 65535)
    )


def _sampling(subsampling, samples):
    factors = _SUBSAMPLINGS[_one_of("subsampling", subsampling, _SUBSAMPLINGS)]
    if factors != (1, 1) and samples != 3:
        raise ValueError(f"subsampling {subsampling!r} needs 3 samples a pixel, not {samples}")
    return factors


def _codes_ycc(color, process, samples):
    if color is None:
        return process != "lossless" and samples == 3
    if _one_of("color", color, ("ycc", "coded")) == "coded":
        return False
    if process == "lossless" or samples != 3:
        raise ValueError(f"color 'ycc' is for DCT processes and 3 samples, not {process!r} and {samples}")
    return True


def _quantisation_tables(tables, precision):
    """Return one or two lists in zig-zag order, or None."""
    if tables is None:
        return None, None
    steps = np.asarray(tables)
    if steps.shape not in ((8, 8), (1, 8, 8), (2, 8, 8)):
        raise ValueError(f"tables must be of shape (8, 8) or (2, 8, 8), not {steps.shape}")
    if steps.dtype.kind not in "ui":
        raise TypeError(f"tables must hold integers, not {steps.dtype}")
    most = 255 if precision == 8 else 65535  # T.81 B.2.4.1: Pq is 0 for 8 bits
    if steps.min() < 1 or steps.max() > most:
        raise ValueError(f"tables must hold 1 to {most}, not {steps.min()} to {steps.max()}")
    rows = [table.ravel()[_ZIGZAG].tolist() for table in steps.reshape(-1, 8, 8)]
    return rows[0], rows[1] if len(rows) == 2 else None


def _one_of(name, value, choices):
    if value not in tuple(choices):
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}, not {value!r}")
    return value


def _whole_number(name, value, least, most):
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, not {value!r}") from None
    if not least <= number <= most:
        raise ValueError(f"{name} must be from {least} to {most}, not {number}")
    return number
