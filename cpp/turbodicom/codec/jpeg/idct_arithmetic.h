// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The two arithmetics of idct.h as policies for the scalar transforms, and the constants all forms share.
#pragma once

#include <algorithm>
#include <cstdint>

namespace turbodicom::codec::jpeg {

// The factors of Loeffler, Ligtenberg and Moschytz' transform, which is the DCT times sqrt(8): 13 bits behind the
// point. Names say the value in thousandths; all are sums of sqrt(2) cos(k pi / 16).
inline constexpr int kConstBits = 13;
constexpr std::int32_t fixed(double value) noexcept {
  return static_cast<std::int32_t>(value * (1 << kConstBits) + 0.5);
}
namespace factor {
inline constexpr std::int32_t f0298 = fixed(0.298631336), f0390 = fixed(0.390180644), f0541 = fixed(0.541196100),
                              f0765 = fixed(0.765366865), f0899 = fixed(0.899976223), f1175 = fixed(1.175875602),
                              f1501 = fixed(1.501321110), f1847 = fixed(1.847759065), f1961 = fixed(1.961570560),
                              f2053 = fixed(2.053119869), f2562 = fixed(2.562915447), f3072 = fixed(3.072711026);
}  // namespace factor

// 8 bits: 16-bit values, 32-bit sums that wrap. Two bits are kept behind the point between the passes.
struct Narrow {
  using Sample = std::uint8_t;
  using Wide = std::uint32_t;  // two's complement, wraps
  static constexpr int kPass1Bits = 2;
  static constexpr bool kShiftWraps = true;  // the short way for columns without AC does not saturate
  static constexpr std::int32_t value(std::int16_t coefficient, std::int16_t step) noexcept {
    return static_cast<std::int16_t>(coefficient * step);
  }
  static constexpr std::int32_t sum(std::int32_t a, std::int32_t b) noexcept {
    return static_cast<std::int16_t>(a + b);
  }
  static constexpr std::int32_t difference(std::int32_t a, std::int32_t b) noexcept {
    return static_cast<std::int16_t>(a - b);
  }
  static constexpr std::int32_t shifted(Wide wide, int bits) noexcept {
    return static_cast<std::int32_t>(wide + (Wide{1} << (bits - 1))) >> bits;
  }
  // Between the passes, and at the end.
  static constexpr std::int32_t kept(std::int32_t wide) noexcept { return std::clamp(wide, -32768, 32767); }
  static constexpr Sample sample(std::int32_t value) noexcept {
    return static_cast<Sample>(std::clamp(value, -128, 127) + 128);
  }
};

// 12 bits: one bit behind the point between the passes; samples are limited as libjpeg's table of 4 x 4096 entries does.
struct Broad {
  using Sample = std::uint16_t;
  using Wide = std::int64_t;
  static constexpr int kPass1Bits = 1;
  static constexpr bool kShiftWraps = false;
  static constexpr std::int32_t value(std::int16_t coefficient, std::int16_t step) noexcept {
    return coefficient * step;
  }
  static constexpr Wide sum(Wide a, Wide b) noexcept { return a + b; }
  static constexpr Wide difference(Wide a, Wide b) noexcept { return a - b; }
  static constexpr Wide shifted(Wide wide, int bits) noexcept { return (wide + (Wide{1} << (bits - 1))) >> bits; }
  static constexpr std::int32_t kept(Wide wide) noexcept { return static_cast<std::int32_t>(wide); }
  static constexpr Sample sample(Wide value) noexcept {
    const std::int32_t low14 = static_cast<std::int32_t>(static_cast<std::uint32_t>(value) << 18) >> 18;
    return static_cast<Sample>(std::clamp(low14, -2048, 2047) + 2048);
  }
};

// What every sample of a block is that has nothing but a DC coefficient.
template <typename P>
constexpr typename P::Sample dc_sample(std::int16_t dc, std::int16_t step) noexcept {
  std::int32_t kept = P::value(dc, step) * (1 << P::kPass1Bits);
  if (P::kShiftWraps) kept = static_cast<std::int16_t>(kept);
  return P::sample((kept + (1 << (P::kPass1Bits + 2))) >> (P::kPass1Bits + 3));
}

// All coefficients of rows 1..7 are 0.
inline bool has_first_row_only(const std::int16_t* block) noexcept {
  std::int32_t any = 0;
  for (int i = 8; i < 64; ++i) any |= block[i];
  return any == 0;
}

}  // namespace turbodicom::codec::jpeg
