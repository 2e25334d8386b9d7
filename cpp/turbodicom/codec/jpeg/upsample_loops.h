// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The filters of upsample.h in plain C++, always inlined: each instruction set's file makes its own functions of them.
// Samples are done in whole chunks (the rows' padding allows it), for the compiler to vectorise.
#pragma once

#include <cstddef>
#include <cstdint>

#include "turbodicom/codec/jpeg/upsample.h"

namespace turbodicom::codec::jpeg::loops {

inline constexpr std::size_t kChunk = 32;
static_assert(2 * kChunk <= kRowPadding);

// 12 bits: no sum exceeds 16 * 4095 + 8 < 2^16.
constexpr std::uint16_t weighted(unsigned near, unsigned far) noexcept { return static_cast<std::uint16_t>(3 * near + far); }

template <typename Sample>
[[gnu::always_inline]] inline void h2(const Sample* __restrict in, Sample* __restrict out, std::size_t count) noexcept {
  for (std::size_t at = 0; at < count; at += kChunk, in += kChunk, out += 2 * kChunk)
    for (std::size_t i = 0; i < kChunk; ++i) {
      out[2 * i] = static_cast<Sample>(static_cast<std::uint16_t>(weighted(in[i], *(in + i - 1)) + 1) >> 2);
      out[2 * i + 1] = static_cast<Sample>(static_cast<std::uint16_t>(weighted(in[i], in[i + 1]) + 2) >> 2);
    }
}

template <typename Sample>
[[gnu::always_inline]] inline void v2(const Sample* __restrict near, const Sample* __restrict far, int bias,
                                      Sample* __restrict out, std::size_t count) noexcept {
  const auto rounding = static_cast<std::uint16_t>(bias);
  for (std::size_t i = 0; i < count; ++i)
    out[i] = static_cast<Sample>(static_cast<std::uint16_t>(weighted(near[i], far[i]) + rounding) >> 2);
}

template <typename Sample>
[[gnu::always_inline]] inline void h2v2(const Sample* __restrict near, const Sample* __restrict far,
                                        Sample* __restrict out, std::size_t count) noexcept {
  for (std::size_t at = 0; at < count; at += kChunk, out += 2 * kChunk) {
    std::uint16_t sums[kChunk + 2];  // from the one before the chunk to the one behind it
    for (std::size_t i = 0; i < kChunk + 2; ++i) sums[i] = weighted(*(near + at + i - 1), *(far + at + i - 1));
    for (std::size_t i = 0; i < kChunk; ++i) {
      out[2 * i] = static_cast<Sample>(static_cast<std::uint16_t>(weighted(sums[i + 1], sums[i]) + 8) >> 4);
      out[2 * i + 1] = static_cast<Sample>(static_cast<std::uint16_t>(weighted(sums[i + 1], sums[i + 2]) + 7) >> 4);
    }
  }
}

}  // namespace turbodicom::codec::jpeg::loops
