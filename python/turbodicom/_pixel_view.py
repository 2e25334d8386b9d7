# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``copy=False``: the mapped file as an array, where the stored bytes already are the values asked for."""

from __future__ import annotations

import numpy as np

from turbodicom._foreign import frame_shape
from turbodicom._frame_decoding import crop, refuse_what_is_not_there
from turbodicom._frames import wanted
from turbodicom._options import asks_for_stored

__all__ = ["view"]


def view(dataset, reader, frames, out, options):
    """A read-only array over the mapped file, where the stored bytes already are the answer."""
    same_type = options.dtype is None or np.dtype(options.dtype) == reader.dtype
    planar = options.layout == "planar" and reader.samples_per_pixel > 1
    other = not asks_for_stored(options) or out is not None or planar or not same_type
    if other or not reader.is_verbatim(options.color not in ("coded", "never")):
        raise ValueError("copy=False: the stored bytes are not the values asked for; leave copy at True")
    refuse_what_is_not_there(reader, options)
    reader.check_frames([reader.number_of_frames - 1], False)
    shape = (reader.number_of_frames, *frame_shape(reader, planar))
    offset = reader.spans(0)[0][0]
    everything = np.frombuffer(_map(dataset), reader.dtype, int(np.prod(shape)), offset).reshape(shape)
    everything.flags.writeable = False
    frames = wanted(frames, reader.number_of_frames, reader)
    if frames is None:
        array = everything if len(everything) > 1 else everything[0]
    elif isinstance(frames, int):
        array = everything[frames]
    else:
        array = everything[_as_slice(frames)]
    return crop(array, reader, options)


def _map(dataset):
    """The bytes that offsets refer to: the file, mapped read-only, or the caller's own."""
    import mmap

    origin = dataset._origin
    if isinstance(origin, str) and not dataset._file_record[4]:
        dataset.read_bytes(0, 1)  # refuses a file that has changed
        with open(origin, "rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if origin is not None and not hasattr(origin, "read_at") and dataset._file_record and not dataset._file_record[4]:
        return origin
    raise ValueError("copy=False needs a data set read from a path or from bytes, not deflated, and not an item of a sequence")


def _as_slice(frames):
    """The slice that picks `frames`; fancy indexing would copy."""
    if not frames:
        return slice(0)
    steps = set(np.diff(frames).tolist())
    if len(steps) > 1 or 0 in steps:
        raise ValueError("copy=False: frames must be evenly spaced")
    step = steps.pop() if steps else 1
    stop = frames[-1] + (1 if step > 0 else -1)
    return slice(frames[0], stop if stop >= 0 else None, step)
