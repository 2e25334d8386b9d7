// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// AVX2 and BMI2 kernels of lossless decoding.
#include "turbodicom/codec/jpeg/undifference.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include "turbodicom/codec/jpeg/undifference_loops.h"

namespace turbodicom::codec::jpeg {
namespace {

TURBODICOM_TARGET_AVX2 std::size_t unpack(BitWindow& window, const std::uint64_t* table, int bits, std::uint16_t* out,
                                          std::size_t have, std::size_t goal, const std::uint8_t* last) {
  return loops::unpack(window, table, bits, out, have, goal, last);
}

TURBODICOM_TARGET_AVX2 std::size_t unpack_singles(BitWindow& window, const std::uint32_t* table, std::uint16_t* out, std::size_t have,
                           std::size_t goal, const std::uint8_t* last) {
  return loops::unpack_singles(window, table, out, have, goal, last);
}

// Sums within each half of 8, then the lower half's total onto the upper half.
TURBODICOM_TARGET_AVX2 __m256i sums_of_16(__m256i x) {
  x = _mm256_add_epi16(x, _mm256_slli_si256(x, 2));
  x = _mm256_add_epi16(x, _mm256_slli_si256(x, 4));
  x = _mm256_add_epi16(x, _mm256_slli_si256(x, 8));
  const __m256i lower = _mm256_permute2x128_si256(x, x, 0x08);  // zeros, lower half
  return _mm256_add_epi16(x, _mm256_shuffle_epi8(lower, _mm256_set1_epi16(0x0F0E)));
}

TURBODICOM_TARGET_AVX2 void sum(const std::uint16_t* differences, std::uint16_t start, std::uint16_t* out, std::size_t count) {
  __m256i left = _mm256_set1_epi16(static_cast<std::int16_t>(start));
  std::size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    const __m256i sums = sums_of_16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(differences + i)));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + i), _mm256_add_epi16(sums, left));
    const __m256i upper = _mm256_permute2x128_si256(sums, sums, 0x11);
    left = _mm256_add_epi16(left, _mm256_shuffle_epi8(upper, _mm256_set1_epi16(0x0F0E)));
  }
  auto rest = static_cast<std::uint32_t>(_mm256_extract_epi16(left, 0));
  for (; i < count; ++i) out[i] = static_cast<std::uint16_t>(rest += differences[i]);
}

TURBODICOM_TARGET_AVX2 void add(const std::uint16_t* differences, const std::uint16_t* above, std::uint16_t* out, std::size_t count) {
  loops::add(differences, above, out, count);
}

TURBODICOM_TARGET_AVX2 void add_half_slope(std::uint16_t* differences, const std::uint16_t* above, std::size_t count, std::size_t lanes) {
  loops::add_half_slope(differences, above, count, lanes);
}

// Shift and cut in one instruction.
TURBODICOM_TARGET_AVX2 std::uint32_t follow(std::uint32_t left, const std::uint32_t* c, std::uint16_t* out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<std::uint16_t>(left = _bextr_u32(left + c[i], 1, 16));
  return left;
}

TURBODICOM_TARGET_AVX2 void mean6(const std::uint16_t* differences, const std::uint16_t* above, std::uint16_t* out, std::size_t count) {
  loops::mean6(differences, above, out, count, follow);
}

TURBODICOM_TARGET_AVX2 void mean7(const std::uint16_t* differences, const std::uint16_t* above, std::uint16_t* out, std::size_t count) {
  loops::mean7(differences, above, out, count, follow);
}

TURBODICOM_TARGET_AVX2 void narrow(const std::uint16_t* from, std::uint8_t* to, std::size_t count) { loops::narrow(from, to, count); }

}  // namespace

void use_avx2(UndifferenceKernels& kernels) noexcept {
  kernels = {unpack, unpack_singles, sum, add, add_half_slope, mean6, mean7, narrow};
}

}  // namespace turbodicom::codec::jpeg

#endif
