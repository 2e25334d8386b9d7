// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Bodies of the kernels that need no intrinsics: compiled once for the baseline and once for each level, whose compiler
// then has its shifts (BMI2) and vectors.
#pragma once

#include <cstring>

#include "turbodicom/base/bytes.h"
#include "turbodicom/codec/jpeg/undifference.h"

#define TURBODICOM_INLINE [[gnu::always_inline]] inline

namespace turbodicom::codec::jpeg::loops {

// Puts one entry's differences at `out`; needs the bits of the window it was looked up with.
TURBODICOM_INLINE void put_packed(std::uint64_t entry, std::uint64_t bits, std::uint16_t* out) {
  const std::uint32_t first_two = packed::first_two(entry);
  std::memcpy(out, &first_two, sizeof first_two);
  const std::uint32_t mask = (1u << packed::category(entry)) - 1;
  const std::uint32_t magnitude = static_cast<std::uint32_t>(bits >> (64 - packed::skip(entry))) & mask;
  out[packed::count(entry) - 1] = static_cast<std::uint16_t>(packed::last(entry) + above_smallest(magnitude, mask));
}

// The window in registers. What has to wait for its predecessor is look-up, shift, look-up: 7 cycles. So the window is
// refilled beside each look-up, not in between: the bits it finds, packed::kMostSkipped at most, were there before.
struct Cursor {
  std::uint64_t bits;
  std::uint64_t count;
  const std::uint8_t* next;

  TURBODICOM_INLINE explicit Cursor(const BitWindow& window)
      : bits(window.bits), count(static_cast<std::uint64_t>(window.count)), next(window.next) {
    advance(0);
  }
  TURBODICOM_INLINE void advance(std::uint64_t skip) {
    static_assert(2 * packed::kMostSkipped <= 56);
    bits |= load_be<std::uint64_t>(next) >> count;
    bits <<= skip & 63;
    next += (63 - count) >> 3;
    count = (count | 56) - (skip & 255);
  }
  TURBODICOM_INLINE BitWindow window() const { return {bits, static_cast<int>(count), next}; }
};

TURBODICOM_INLINE std::size_t unpack(BitWindow& window, const std::uint64_t* table, int look_up_bits, std::uint16_t* out,
                                     std::size_t have, std::size_t goal, const std::uint8_t* last) {
  Cursor at(window);
  const int shift = 64 - look_up_bits;
  while (have < goal && at.next <= last) {
    const std::uint64_t entry = table[at.bits >> shift];
    if (packed::count(entry) == 0) [[unlikely]] break;
    put_packed(entry, at.bits, out + have);
    have += packed::count(entry);
    at.advance(entry);
  }
  window = at.window();
  return have;
}

TURBODICOM_INLINE std::size_t unpack_singles(BitWindow& window, const std::uint32_t* table, std::uint16_t* out,
                                             std::size_t have, std::size_t goal, const std::uint8_t* last) {
  Cursor at(window);
  while (have < goal && at.next <= last) {
    const std::uint32_t entry = table[at.bits >> (64 - DifferenceTable::kCodeBits)];
    if (entry == 0) [[unlikely]] break;
    const std::uint32_t mask = (1u << single::category(entry)) - 1;
    const std::uint32_t magnitude = static_cast<std::uint32_t>(at.bits >> (64 - single::skip(entry))) & mask;
    out[have++] = static_cast<std::uint16_t>(single::smallest(entry) + above_smallest(magnitude, mask));
    at.advance(entry);
  }
  window = at.window();
  return have;
}

TURBODICOM_INLINE void add(const std::uint16_t* differences, const std::uint16_t* above, std::uint16_t* out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<std::uint16_t>(differences[i] + above[i]);
}

TURBODICOM_INLINE void add_half_slope(std::uint16_t* __restrict differences, const std::uint16_t* __restrict above, std::size_t count, std::size_t lanes) {
  for (std::size_t i = lanes; i < count; ++i)
    differences[i] = static_cast<std::uint16_t>(differences[i] + ((above[i] - above[i - lanes]) >> 1));
}

// Both means are (left + c) >> 1, cut to 16 bits, with c known before. The c of a block are made first: left to itself the
// compiler mixes their sums into the chain.
inline constexpr std::size_t kBlock = 256;

// out[i] = (out[i - 1] + c[i]) >> 1, from `left` on; returns the last one. Not inlined: each level has its own.
using Follow = std::uint32_t (*)(std::uint32_t left, const std::uint32_t* c, std::uint16_t* out, std::size_t count);

TURBODICOM_INLINE void mean6(const std::uint16_t* differences, const std::uint16_t* above, std::uint16_t* out, std::size_t count, Follow follow) {
  std::uint32_t c[kBlock];
  std::uint32_t left = out[0];
  for (std::size_t begin = 1; begin < count; begin += kBlock) {
    const std::size_t here = count - begin < kBlock ? count - begin : kBlock;
    for (std::size_t i = 0; i < here; ++i)
      c[i] = 2u * (std::uint32_t{differences[begin + i]} + above[begin + i]) - above[begin + i - 1];
    left = follow(left, c, out + begin, here);
  }
}

TURBODICOM_INLINE void mean7(const std::uint16_t* differences, const std::uint16_t* above, std::uint16_t* out, std::size_t count, Follow follow) {
  std::uint32_t c[kBlock];
  std::uint32_t left = out[0];
  for (std::size_t begin = 1; begin < count; begin += kBlock) {
    const std::size_t here = count - begin < kBlock ? count - begin : kBlock;
    for (std::size_t i = 0; i < here; ++i) c[i] = 2u * differences[begin + i] + above[begin + i];
    left = follow(left, c, out + begin, here);
  }
}

TURBODICOM_INLINE void narrow(const std::uint16_t* from, std::uint8_t* to, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<std::uint8_t>(from[i]);
}

}  // namespace turbodicom::codec::jpeg::loops
