// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The loops of difference.h that compilers turn into vectors by themselves: written once, inlined into a function of
// each level. And one difference's code, for the scalar level and the ends of rows. Included by difference*.cpp only.
#pragma once

#include <bit>
#include <cstdlib>
#include <cstring>

#include "turbodicom/codec/jpeg/difference.h"

namespace turbodicom::codec::jpeg::loops {

// T is the stored type.
template <typename T>
[[gnu::always_inline]] inline std::uint16_t load(const std::uint8_t* __restrict from, std::size_t count,
                                                 SampleRange range, std::uint16_t* __restrict row) {
  std::uint16_t seen = 0;
  for (std::size_t i = 0; i < count; ++i) {
    T sample;
    std::memcpy(&sample, from + i * sizeof(T), sizeof(T));
    const auto value = static_cast<std::uint16_t>(sample);
    seen = static_cast<std::uint16_t>(seen | static_cast<std::uint16_t>(value + range.offset));
    row[i] = static_cast<std::uint16_t>((value & range.mask) >> range.shift);
  }
  return seen;
}

// floor((a - b) / 2) modulo 2^16, without a 17th bit.
[[gnu::always_inline]] inline std::uint16_t half_difference(std::uint16_t a, std::uint16_t b) {
  return static_cast<std::uint16_t>((a >> 1) - (b >> 1) - (~a & b & 1));
}

// Table H.1 modulo 2^16: a is to the left, b above, c above to the left.
template <int SelectionValue>
[[gnu::always_inline]] inline std::uint16_t predict(std::uint16_t a, std::uint16_t b, std::uint16_t c) {
  if constexpr (SelectionValue == 1) return a;
  if constexpr (SelectionValue == 2) return b;
  if constexpr (SelectionValue == 3) return c;
  if constexpr (SelectionValue == 4) return static_cast<std::uint16_t>(a + b - c);
  if constexpr (SelectionValue == 5) return static_cast<std::uint16_t>(a + half_difference(b, c));
  if constexpr (SelectionValue == 6) return static_cast<std::uint16_t>(b + half_difference(a, c));
  if constexpr (SelectionValue == 7) return static_cast<std::uint16_t>((a & b) + ((a ^ b) >> 1));  // (a + b) / 2
}

template <int SelectionValue>
[[gnu::always_inline]] inline void subtract(const std::uint16_t* __restrict row, const std::uint16_t* __restrict above,
                                            std::size_t count, std::size_t lag, std::uint16_t* __restrict difference) {
  const std::uint16_t* left = row - lag;
  const std::uint16_t* above_left = above - lag;
  for (std::size_t i = 0; i < count; ++i)
    difference[i] = static_cast<std::uint16_t>(row[i] - predict<SelectionValue>(left[i], above[i], above_left[i]));
}

// SSSS of Table H.2: the bits of the magnitude.
inline std::uint32_t category(std::uint16_t difference) {
  const int magnitude = std::abs(static_cast<std::int16_t>(difference));
  return static_cast<std::uint32_t>(std::bit_width(static_cast<std::uint32_t>(magnitude)));
}

struct Code {
  std::uint64_t bits;
  int length;
};
inline Code code_of(std::uint16_t difference, const CategoryCodes& codes) {
  const std::uint32_t c = category(difference);
  const auto additional = static_cast<std::uint32_t>(difference - (difference >> 15));
  return {codes.base[c] + (additional & codes.mask[c]), codes.length[c]};
}

// Two codes have at most 62 bits.
inline BitWriter append(const std::uint16_t* differences, std::size_t count, const CategoryCodes& codes,
                        BitWriter writer) {
  std::size_t i = 0;
  for (; i + 2 <= count; i += 2) {
    const Code first = code_of(differences[i], codes), second = code_of(differences[i + 1], codes);
    writer.put(first.bits << second.length | second.bits, first.length + second.length);
  }
  if (i < count) {
    const Code last = code_of(differences[i], codes);
    writer.put(last.bits, last.length);
  }
  return writer;
}

inline void count(const std::uint16_t* differences, std::size_t count, CategoryCounts& counts) {
  for (std::size_t i = 0; i < count; ++i) ++counts[category(differences[i])];
}

}  // namespace turbodicom::codec::jpeg::loops

// The wrappers of one level: LEVEL is its target attribute. In the file's anonymous namespace.
#define TURBODICOM_DIFFERENCE_LOOPS(LEVEL)                                                                         \
  template <typename T>                                                                                            \
  LEVEL std::uint16_t load(const std::uint8_t* from, std::size_t count, SampleRange range, std::uint16_t* row) {   \
    return loops::load<T>(from, count, range, row);                                                                \
  }                                                                                                                \
  template <int SelectionValue>                                                                                    \
  LEVEL void subtract(const std::uint16_t* row, const std::uint16_t* above, std::size_t count, std::size_t lag,    \
                      std::uint16_t* difference) {                                                                 \
    loops::subtract<SelectionValue>(row, above, count, lag, difference);                                           \
  }                                                                                                                \
  void use_loops(DifferenceKernels& kernels) {                                                                     \
    kernels.load_u8 = load<std::uint8_t>;                                                                          \
    kernels.load_i8 = load<std::int8_t>;                                                                           \
    kernels.load_u16 = load<std::uint16_t>;                                                                        \
    kernels.load_i16 = load<std::int16_t>;                                                                         \
    kernels.subtract = {subtract<1>, subtract<2>, subtract<3>, subtract<4>, subtract<5>, subtract<6>, subtract<7>}; \
  }
