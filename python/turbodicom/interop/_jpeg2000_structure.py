# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Tiles, precincts and code-blocks of JPEG 2000: bytes they take at least, memory at most (T.800 B).

Three hundred bytes may ask for a precinct for every four samples, and OpenJPEG makes room for all of them
before it looks for the first. Begin at :func:`cost`.
"""

from turbodicom.errors import CorruptDataError

_MAX_TILE_PARTS = 1 << 20  # our limit: 65535 tiles, a few parts each
_TILE_PART_BYTES = 14  # SOT marker segment and SOD: T.800 A.4.2, A.4.3
_TILE_MEMORY_BYTES = 6 << 10  # our estimate for OpenJPEG 2.5; the two below are measured, rounded up
_PRECINCT_MEMORY_BYTES = 24 << 10
_CODE_BLOCK_MEMORY_BYTES = 400


def cost(source, start, end, components):
    """What the structure of a codestream takes at the least in bytes, and at the most in memory.

    Every tile has a tile-part, every precinct at least one packet (T.800 B.9), and every packet header at
    least one byte (B.10). Where COC and tile-part headers speak against the main header, the cheapest of them
    counts for the bytes, the dearest for the memory.

    Parameters
    ----------
    source : bytes
    start, end : int, int or None
        Where the codestream begins and ends; its SIZ marker segment is whole and has an image.
    components : int

    Returns
    -------
    least_bytes, structure_bytes : int

    Raises
    ------
    CorruptDataError
        The tiles have no size, or code-blocks and precincts have sizes there are none of.
    """
    size, tile, tiles = _tiles(source, start)
    styles = [_parts(style, size, tile) for style in _coding_styles(source, start, end) if len(style) >= 5]
    fewest = min((precincts for precincts, _ in styles), default=0)
    memory = [
        precincts * _PRECINCT_MEMORY_BYTES + blocks * _CODE_BLOCK_MEMORY_BYTES for precincts, blocks in styles
    ]
    most = max(memory, default=0)
    return fewest * components + tiles * _TILE_PART_BYTES, most * components + tiles * _TILE_MEMORY_BYTES


def _tiles(source, start):
    """(width, height) of the image, the same of a tile, number of tiles: T.800 B.3."""
    x1, y1, x0, y0, tile_x, tile_y, tile_x0, tile_y0 = (
        int.from_bytes(source[at : at + 4], "big") for at in range(start + 8, start + 40, 4)
    )
    if tile_x == 0 or tile_y == 0 or tile_x0 > x0 or tile_y0 > y0:
        raise CorruptDataError(
            f"jpeg2000: tiles of {tile_x} x {tile_y} from {tile_x0}, {tile_y0},"
            f" at byte {start + 24} (T.800 B.3)",
            offset=start + 24,
            codec="jpeg2000",
        )
    count = -(-(x1 - tile_x0) // tile_x) * -(-(y1 - tile_y0) // tile_y)
    return (x1 - x0, y1 - y0), (tile_x, tile_y), count


def _coding_styles(source, start, end):
    """Yield the SPcod or SPcoc fields, with Scod in front, of every COD and COC: T.800 A.6.1, A.6.2."""
    wide = int.from_bytes(source[start + 40 : start + 42], "big") >= 257  # size of Ccoc
    for marker, body in _marker_segments(source, start, len(source) if end is None else end):
        if marker == 0x52:
            yield body[:1] + body[5:]
        elif marker == 0x53:
            yield body[2:] if wide else body[1:]


def _marker_segments(source, start, end):
    """Yield (marker, body) of the main and all tile-part headers; stop where they stop making sense."""
    at, tile_part_end, parts = start + 2, None, 0
    while at + 4 <= end and source[at] == 0xFF and parts < _MAX_TILE_PARTS:
        marker = source[at + 1]
        if marker == 0x93:  # SOD: coded data up to the next tile-part
            if tile_part_end is None or tile_part_end <= at:
                return
            at, tile_part_end = tile_part_end, None
            continue
        length = int.from_bytes(source[at + 2 : at + 4], "big")
        if length < 2:
            return
        if marker == 0x90:  # SOT with Psot, 0 for "up to EOC": T.800 A.4.2
            part_bytes = int.from_bytes(source[at + 6 : at + 10], "big")
            tile_part_end, parts = at + part_bytes if part_bytes else end, parts + 1
        yield marker, source[at + 4 : at + 2 + length]
        at += 2 + length


def _parts(style, size, tile):
    """(fewest precincts, about as many code-blocks) of one component: T.800 B.6, B.7."""
    levels, block_x, block_y = style[1], (style[2] & 15) + 2, (style[3] & 15) + 2
    if levels > 32 or block_x > 10 or block_y > 10 or block_x + block_y > 12:
        raise CorruptDataError(
            f"jpeg2000: {levels} decomposition levels, code-blocks of 2^{block_x} x 2^{block_y}"
            " (T.800 A.6.1)",
            codec="jpeg2000",
        )
    exponents = style[5 : 6 + levels] if style[0] & 1 else b""
    precincts = blocks = 0
    for resolution in range(levels + 1):
        scale = levels - resolution
        width, height = (-(-length >> scale) or 1 for length in size)
        both = exponents[resolution] if resolution < len(exponents) else 0xFF
        precinct_x, precinct_y = both & 15, both >> 4
        precincts += -(-width >> precinct_x) * -(-height >> precinct_y)
        # Subbands halve what belongs to a resolution: T.800 B.7; tiles are cut like precincts.
        half = 1 if resolution else 0
        edge_x = min(1 << block_x, 1 << max(precinct_x - half, 0), max(tile[0] >> scale >> half, 1))
        edge_y = min(1 << block_y, 1 << max(precinct_y - half, 0), max(tile[1] >> scale >> half, 1))
        blocks += (width // edge_x + 1) * (height // edge_y + 1)
    return precincts, blocks
