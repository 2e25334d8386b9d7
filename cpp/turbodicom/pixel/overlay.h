// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Overlay planes (PS3.3 C.9.2): bits packed in (60xx,3000), or one unused bit of every stored sample (retired).
// Both come out as samples of 0 and 1.
#pragma once

#include <cstddef>
#include <cstdint>

#include "turbodicom/base/bytes.h"

namespace turbodicom::pixel {

// Pixels of frames planes of rows x columns; throws unless `data` has so many bits from `first_bit` on. To be asked
// before memory for them is taken: they are at most eight times the bytes present.
std::size_t overlay_pixels(ByteView data, std::uint64_t rows, std::uint64_t columns, std::uint64_t frames,
                           std::uint64_t first_bit);

// out[i] = bit first_bit + i (PS3.5 8.1.2): frames lie back to back, also within a byte. With `is_big_endian` the bytes
// of every OW word are swapped. overlay_pixels() has allowed it.
void unpack_overlay(ByteView data, std::uint64_t first_bit, bool is_big_endian, std::uint8_t* out, std::size_t pixels) noexcept;

// out[i] = bit `bit` of sample i. Integers of sample_bytes (1, 2, 4 or 8) as stored, before unused bits are cleaned;
// bit < 8 * sample_bytes.
void embedded_overlay(const std::uint8_t* stored, std::size_t sample_bytes, std::uint32_t bit, std::uint8_t* out,
                      std::size_t pixels) noexcept;

}  // namespace turbodicom::pixel
