// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Pixel cells that are not whole bytes (PS3.5 8.1.1): Bits Allocated 1, and 12 as older files have it.
// Cells lie back to back, the first in the least significant bits of the first byte; a frame starts
// where the last one ended, so its first cell need not start on a byte. Words of big-endian files go
// through swap_bytes(.., 2) first. All sizes in samples.
#pragma once

#include <cstddef>
#include <cstdint>

namespace turbodicom::pixel {

// out[i] = bit first_bit + i, as 0 or 1. Reads no byte without a wanted bit.
void unpack_bits(const std::uint8_t* packed, std::uint64_t first_bit, std::uint8_t* out, std::size_t count) noexcept;

// The inverse, from bit 0: any sample but 0 gives 1. Writes (count + 7) / 8 bytes, spare bits 0.
void pack_bits(const std::uint8_t* samples, std::size_t count, std::uint8_t* packed) noexcept;

// out[i] = cell first_sample + i, 0..4095. Two cells in three bytes: b0 = low 8 bits of the even cell,
// b1 = its high 4 bits below the low 4 of the odd one, b2 = the odd one's high 8.
void unpack_12_bits(const std::uint8_t* packed, std::uint64_t first_sample, std::uint16_t* out,
                    std::size_t count) noexcept;

// The inverse, from cell 0; the high 4 bits of a sample are dropped. Writes (count * 3 + 1) / 2 bytes.
void pack_12_bits(const std::uint16_t* samples, std::size_t count, std::uint8_t* packed) noexcept;

}  // namespace turbodicom::pixel
