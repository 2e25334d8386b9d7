# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The value every header reader returns, and what the readers share: signatures and boxes."""

from dataclasses import dataclass

from turbodicom.errors import CorruptDataError, TruncatedDataError

END_MARKER = b"\xff\xd9"  # EOI of JPEG-LS, EOC of JPEG 2000
_MAX_BOXES = 1000  # our limit: JP2 and JPEG XL files in DICOM have about five


@dataclass
class StreamHeader:
    """What the codestream itself declares; those from `component_ids` on are JPEG-LS's."""

    codec: str
    rows: int
    columns: int
    components: int
    precision: int
    is_signed: bool = False
    start: int = 0  # first byte of the bare codestream: after the boxes of JP2 and JPEG XL files
    end: int | None = None  # one past its last byte, where a box says so
    component_ids: tuple = ()
    is_subsampled: bool = False
    adobe_transform: int | None = None
    has_jfif: bool = False
    first_scan: int = 0
    uses_component_transform: bool = False
    offset: int = 0  # of the frame header, for messages
    extra_channels: int = 0  # JPEG XL: decoded beside the components
    least_bytes: int = 0  # no codestream of this size, flat as it may be, is shorter
    structure_bytes: int = 0  # what the library keeps for the parts of the frame, beside its samples


def expect_start(codec, source, marker, name):
    if len(source) < len(marker):
        raise TruncatedDataError(
            f"{codec}: {len(source)} bytes, too few for an {name}", offset=0, codec=codec
        )
    if source[: len(marker)] != marker:
        raise CorruptDataError(f"{codec}: no {name} at byte 0", offset=0, codec=codec)


def find_box(codec, source, *wanted):
    """(first byte, one past the last) of the contents of the first box of a wanted type (T.800 I.4)."""
    offset = 0
    for _ in range(_MAX_BOXES):
        if offset + 8 > len(source):
            break
        length, head = int.from_bytes(source[offset : offset + 4], "big"), 8
        if length == 1:
            length, head = int.from_bytes(source[offset + 8 : offset + 16], "big"), 16
        end = len(source) if length == 0 else offset + length
        if source[offset + 4 : offset + 8] in wanted:
            return offset + head, min(end, len(source))
        if end < offset + head:
            raise CorruptDataError(
                f"{codec}: box of {length} bytes at byte {offset}", offset=offset, codec=codec
            )
        offset = end
    raise TruncatedDataError(
        f"{codec}: no codestream box in {len(source)} bytes", offset=len(source), codec=codec
    )
