// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/quantise.h"

#include <algorithm>
#include <bit>

namespace turbodicom::codec::jpeg {
namespace {

using Table = std::array<std::uint8_t, 64>;

constexpr Table kLuminance = {  // T.81 Table K.1, row-major
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19,  26,  58,  60,  55,  14, 13, 16, 24,  40,  57,
    69, 56, 14, 17, 22, 29, 51, 87, 80, 62, 18, 22,  37,  56,  68,  109, 103, 77, 24, 35, 55,  64,
    81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99};

constexpr Table kChrominance = {  // T.81 Table K.2, row-major
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99,
    99, 99, 47, 66, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99};

// floor(n / q) is n * reciprocal >> shift for every n below 2^15: the reciprocal is rounded up, its error below q.
struct Reciprocal {
  std::uint32_t factor, shift;
};

// Of q up to 2^15; above that (|x| + 4 q) / 8 q is 0 for all 2^14 >= |x| / 8 there are.
constexpr Reciprocal reciprocal_of(std::uint32_t q) {
  if (q > 32768) return {0, 16};
  const auto log2 = static_cast<std::uint32_t>(std::bit_width(q) - 1);
  const std::uint32_t power = 16 + log2;
  return {((std::uint32_t{1} << power) + q - 1) / q, power};
}

}  // namespace

QuantTable scaled_quant_table(bool chrominance, std::uint32_t quality) {
  const std::uint32_t percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  const Table& table = chrominance ? kChrominance : kLuminance;
  QuantTable scaled;
  for (std::size_t k = 0; k < 64; ++k) {
    const std::uint32_t q = (table[kNaturalOrder[k]] * percent + 50) / 100;
    scaled[k] = static_cast<std::uint16_t>(std::clamp<std::uint32_t>(q, 1, 255));
  }
  return scaled;
}

// 16-bit lanes: x is below 2^14 and 8 Q below 2^11, so with 2^b <= 8 Q < 2^(b + 1) the factor ceil(2^(15 + b) / 8 Q)
// lies in (2^14, 2^15] and its error, below 8 Q times x / 2^(15 + b), moves no quotient.
Divisors::Divisors(const QuantTable& zig_zag_table) {
  for (std::size_t k = 0; k < 64; ++k) {
    const std::uint32_t q = zig_zag_table[k];
    const std::size_t at = kNaturalOrder[k];
    const Reciprocal wide = reciprocal_of(q);
    wide_half[at] = 4 * q;
    wide_reciprocal[at] = wide.factor;
    wide_shift[at] = wide.shift;
    const std::uint32_t divisor = 8 * std::min<std::uint32_t>(q, 255);
    const auto b = static_cast<std::uint32_t>(std::bit_width(divisor) - 1);
    half[at] = static_cast<std::uint16_t>(divisor / 2);
    reciprocal[at] = static_cast<std::uint16_t>(((std::uint32_t{1} << (15 + b)) + divisor - 1) / divisor);
    scale[at] = static_cast<std::uint16_t>(1u << (17 - b));
  }
}

}  // namespace turbodicom::codec::jpeg
