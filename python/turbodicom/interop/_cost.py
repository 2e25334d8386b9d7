# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""What one frame may cost, settled before a foreign decoder sees it: no more than the bytes present justify.

JPEG 2000 has a least size for each frame (`StreamHeader.least_bytes`). All of them code flat frames of any size
in next to nothing, so what their decoders need in memory is bounded too.
"""

from turbodicom._options import Limits
from turbodicom.errors import LimitExceededError, TruncatedDataError

# Memory a decoder takes for each sample beside the decoded one, in bytes. Measured with imagecodecs 2026.3.6
# on frames of 9 million samples, rounded up.
_EXTRA_BYTES = {"jpegls": 2, "jpeg2000": 4, "jpegxl": 4}

_SMALL_BYTES = 64 << 20  # our limit: never refused
_UNQUESTIONED_PART = 32  # our limit: 1/32 of Limits.bytes_per_frame (256 MiB) needs no bytes to justify it;
_MAX_RATIO = 4096  # beyond it, one of the codestream for so many


def check_length(header, length):
    """Raise TruncatedDataError where a codestream of `length` bytes cannot hold the frame.

    Parameters
    ----------
    header : StreamHeader
    length : int
        Bytes of the codestream, headers included.

    Returns
    -------
    None

    Raises
    ------
    TruncatedDataError

    Notes
    -----
    Source: T.800 B.9 and B.10.
    """
    if length < header.least_bytes:
        raise TruncatedDataError(
            f"{header.codec}: {length} bytes, expected {header.least_bytes} or more for"
            f" {header.rows} x {header.columns} samples, size at byte {header.offset}",
            offset=length,
            codec=header.codec,
        )


def memory_bytes(header, samples_per_pixel):
    """Estimate from above what the library takes to decode a frame, the result included.

    Parameters
    ----------
    header : StreamHeader
    samples_per_pixel : int
        Of the data set; for a codestream whose header does not tell.

    Returns
    -------
    int
        Bytes.
    """
    planes = max(1, header.components or samples_per_pixel) + header.extra_channels
    sample_bytes = 1 if header.precision <= 8 else 2 if header.precision <= 16 else 4
    samples = header.rows * header.columns * planes
    return samples * (sample_bytes + _EXTRA_BYTES[header.codec]) + header.structure_bytes


def check_memory(header, samples_per_pixel, length, limits):
    """Raise LimitExceededError where decoding would take more memory than limits and codestream justify.

    Parameters
    ----------
    header : StreamHeader
    samples_per_pixel : int
    length : int
        Bytes of the codestream.
    limits : Limits or None
        None: the default ones. `bytes_per_frame` counts.

    Returns
    -------
    None

    Raises
    ------
    LimitExceededError
    """
    most = (limits or Limits()).bytes_per_frame
    allowed = max(_SMALL_BYTES, min(most, max(most // _UNQUESTIONED_PART, length * _MAX_RATIO)))
    needed = memory_bytes(header, samples_per_pixel)
    if needed > allowed:
        raise LimitExceededError(
            f"{header.codec}: decoding takes about {needed} bytes, {allowed} are allowed for {length} bytes"
            f" of codestream within Limits.bytes_per_frame of {most}",
            codec=header.codec,
        )
