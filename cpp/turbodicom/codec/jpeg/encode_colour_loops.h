// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The loops of encode_colour.h in plain C++, always inlined: each instruction set's file makes its own functions of
// them, for the compiler to vectorise.
#pragma once

#include <cstddef>
#include <cstdint>

namespace turbodicom::codec::jpeg::loops {

// T.871 7 with 16 bits behind the point; the coefficients of a row sum up to 1 or 0 exactly. Chroma is rounded with one
// part less, so that the largest is 2^precision - 1.
inline constexpr std::int32_t kHalf = 1 << 15;
inline constexpr std::int32_t kYR = 19595, kYG = 38470, kYB = 7471;
inline constexpr std::int32_t kCbR = 11059, kCbG = 21709, kCrG = 27439, kCrB = 5329;

template <typename Sample, int kPrecision>
[[gnu::always_inline]] inline void to_ycc(Sample* __restrict red, Sample* __restrict green, Sample* __restrict blue,
                                     std::size_t count) noexcept {
  constexpr std::int32_t kChroma = (1 << (kPrecision - 1 + 16)) + kHalf - 1;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int32_t r = red[i], g = green[i], b = blue[i];
    red[i] = static_cast<Sample>((kYR * r + kYG * g + kYB * b + kHalf) >> 16);
    green[i] = static_cast<Sample>((kHalf * b - kCbR * r - kCbG * g + kChroma) >> 16);
    blue[i] = static_cast<Sample>((kHalf * r - kCrG * g - kCrB * b + kChroma) >> 16);
  }
}

template <typename Sample>
[[gnu::always_inline]] inline void halve(const Sample* __restrict row, std::size_t count, Sample* __restrict out) noexcept {
  for (std::size_t i = 0; i < count; ++i)
    out[i] = static_cast<Sample>((row[2 * i] + row[2 * i + 1] + static_cast<int>(i & 1)) >> 1);
}

template <typename Sample>
[[gnu::always_inline]] inline void quarter(const Sample* __restrict upper, const Sample* __restrict lower, std::size_t count,
                                      Sample* __restrict out) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const int sum = upper[2 * i] + upper[2 * i + 1] + lower[2 * i] + lower[2 * i + 1];
    out[i] = static_cast<Sample>((sum + 1 + static_cast<int>(i & 1)) >> 2);
  }
}

[[gnu::always_inline]] inline void split(const std::uint8_t* __restrict pixels, std::size_t count,
                                         std::uint8_t* const* rows) noexcept {
  std::uint8_t *__restrict a = rows[0], *__restrict b = rows[1], *__restrict c = rows[2];
  for (std::size_t i = 0; i < count; ++i) {
    a[i] = pixels[3 * i];
    b[i] = pixels[3 * i + 1];
    c[i] = pixels[3 * i + 2];
  }
}

}  // namespace turbodicom::codec::jpeg::loops
