// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Big-endian Pixel Data (PS3.5 7.3): samples of 2, 4 or 8 bytes, and 8-bit samples in OW words.
#pragma once

#include <cstddef>
#include <cstdint>

namespace turbodicom::pixel {

// Reverses the bytes of each sample, in place. sample_bytes is 1 (nothing to do), 2, 4 or 8.
void swap_bytes(void* data, std::size_t count, std::size_t sample_bytes) noexcept;

// Samples of 8 bits stored as big-endian OW words: out[i] = words[(first + i) ^ 1]. A frame of odd
// length ends, and the next one starts, in the middle of a word: both halves of every word with a
// wanted byte are read. `out` does not overlap `words`.
void copy_from_swapped_words(const std::uint8_t* words, std::uint64_t first, std::uint8_t* out,
                             std::size_t count) noexcept;

}  // namespace turbodicom::pixel
