# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""How :func:`turbodicom.transcode` lays out the target, written as frames come.

::

    preamble "DICM" file meta | elements < (7FE0,0001) | [EOT, lengths] pixel element | elements behind

Begin at :func:`write_encapsulated` and :func:`write_native`. Room for the offset table is left in front of the
fragments and filled at the end (PS3.5 A.4, PS3.3 C.7.6.3.1.8).
"""

from __future__ import annotations

import struct
import zlib

import numpy as np

from turbodicom._transcode_elements import RawElement, encoded
from turbodicom._transcode_source import PIXEL_DATA
from turbodicom.errors import ConformanceError

__all__ = ["FileParts", "native_header", "write_encapsulated", "write_native", "write_native_in_parallel"]

_EXTENDED_OFFSETS, _EXTENDED_LENGTHS = 0x7FE00001, 0x7FE00002
_ITEM, _SEQUENCE_END = struct.pack("<HH", 0xFFFE, 0xE000), struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)
_ENCAPSULATED_HEADER = struct.pack("<HH2sHL", 0x7FE0, 0x0010, b"OB", 0, 0xFFFFFFFF)
_ITEM_HEADER_BYTES = 8
MOST_BASIC_OFFSET = 0xFFFFFFFF  # 32 bits (PS3.5 A.4)
_MOST_LENGTH = 0xFFFFFFFE  # of an item or a value: even, and not the mark of an undefined length


class FileParts:
    """What stands around the frames.

    Parameters
    ----------
    preamble : bytes
    meta, elements : dict of int to RawElement
    is_implicit_vr : bool
    """

    def __init__(self, preamble, meta, elements, is_implicit_vr):
        self.preamble, self.meta, self.elements, self.is_implicit_vr = (
            preamble,
            meta,
            elements,
            is_implicit_vr,
        )

    def beginning(self):
        """Return preamble and file meta information."""
        meta = encoded(self.meta, False)
        group_length = encoded({0x00020000: RawElement("UL", struct.pack("<L", len(meta)))}, False)
        return self.preamble + b"DICM" + group_length + meta

    def before(self):
        """Return the elements in front of the pixels, encoded."""
        return self._some(lambda tag: tag < PIXEL_DATA)

    def behind(self):
        return self._some(lambda tag: tag > PIXEL_DATA)

    def _some(self, is_wanted):
        return encoded({tag: e for tag, e in self.elements.items() if is_wanted(tag)}, self.is_implicit_vr)


def write_encapsulated(file, parts, codestreams, number_of_frames, extended):
    """Write a file of encapsulated frames, one fragment each.

    Parameters
    ----------
    file : AtomicFile
    parts : FileParts
    codestreams : iterable of bytes
        Of even length, one a frame.
    number_of_frames : int
    extended : bool
        Write the Extended Offset Table even where the basic one can hold the offsets.

    Returns
    -------
    int
        Bytes of all codestreams.
    """
    file.write(parts.beginning(), parts.before())
    begin = file.position
    tables = _extended_tables if extended else _basic_table
    zeros = np.zeros(number_of_frames, np.uint64)
    file.skip(len(tables(zeros, zeros)))
    fragments = file.position
    lengths = np.fromiter(_fragments(file, codestreams), np.uint64)
    offsets = np.zeros_like(lengths)
    np.cumsum(lengths[:-1] + np.uint64(_ITEM_HEADER_BYTES), out=offsets[1:])
    if not extended and int(offsets[-1]) > MOST_BASIC_OFFSET:
        tables = _extended_tables
        file.shift(fragments, begin + len(tables(zeros, zeros)) - fragments)
    file.write(_SEQUENCE_END, parts.behind())
    file.write_at(begin, tables(offsets, lengths))
    return int(lengths.sum())


def _fragments(file, codestreams):
    """Write the items as they come, yield their lengths."""
    for codestream in codestreams:
        length = len(codestream)
        if length > _MOST_LENGTH:
            raise ConformanceError(
                f"transcode: an encoded frame of {length} bytes does not fit one fragment (PS3.5 A.4)"
            )
        file.write(_ITEM + struct.pack("<L", length), codestream)
        yield length


def _basic_table(offsets, _lengths):
    table = offsets.astype("<u4").tobytes()
    return _ENCAPSULATED_HEADER + _ITEM + struct.pack("<L", len(table)) + table


def _extended_tables(offsets, lengths):
    """Both tables, and an empty basic one (PS3.3 C.7.6.3.1.8)."""
    tables = {
        _EXTENDED_OFFSETS: RawElement("OV", offsets.astype("<u8").tobytes()),
        _EXTENDED_LENGTHS: RawElement("OV", lengths.astype("<u8").tobytes()),
    }
    return encoded(tables, False) + _ENCAPSULATED_HEADER + _ITEM + bytes(4)


def native_header(tag, vr, length, is_implicit_vr):
    """Return what stands in front of native Pixel Data."""
    if length > _MOST_LENGTH:
        raise ConformanceError(
            f"transcode: native Pixel Data of {length} bytes; a value has at most {_MOST_LENGTH} "
            "(PS3.5 7.1.1); an encapsulated transfer syntax can hold it"
        )
    group, element = tag >> 16, tag & 0xFFFF
    if is_implicit_vr:
        return struct.pack("<HHL", group, element, length)
    return struct.pack("<HH2sHL", group, element, vr.encode("ascii"), 0, length)


def write_native(file, parts, header, pieces, length, is_deflated):
    """Write a file of native frames, piece by piece.

    Parameters
    ----------
    file : AtomicFile
    parts : FileParts
    header : bytes
        Of the pixel element.
    pieces : iterable of bytes-like
    length : int
        Their bytes, without padding.
    is_deflated : bool
        Compress everything behind the file meta information (PS3.5 A.5).
    """
    file.write(parts.beginning())
    sink = _Deflated(file) if is_deflated else file
    sink.write(parts.before(), header)
    for piece in pieces:
        sink.write(piece)
    sink.write(bytes(length % 2), parts.behind())
    if is_deflated:
        sink.finish()


def write_native_in_parallel(file, parts, header, length, fill):
    """Write a file whose frames are put in their places by ``fill(begin)``, in any order.

    Parameters
    ----------
    file : AtomicFile
    parts : FileParts
    header : bytes
    length : int
        Bytes of all frames.
    fill : callable
        Gets the offset of the first frame.
    """
    file.write(parts.beginning(), parts.before(), header)
    begin = file.position
    file.skip(length)
    fill(begin)
    file.write(bytes(length % 2), parts.behind())


class _Deflated:
    """A data set compressed on its way to an AtomicFile (RFC 1951, PS3.5 A.5).

    Parameters
    ----------
    file : AtomicFile
    """

    def __init__(self, file):
        self._file, self._stream, self._size = file, zlib.compressobj(wbits=-15), 0

    def write(self, *pieces):
        for piece in pieces:
            self._pass_on(self._stream.compress(piece))

    def finish(self):
        """Write the rest, to even length."""
        self._pass_on(self._stream.flush())
        self._file.write(bytes(self._size % 2))

    def _pass_on(self, data):
        self._size += len(data)
        self._file.write(data)
