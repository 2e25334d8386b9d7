// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// 32 samples at a time in 16-bit lanes, 8 bits.
#include "turbodicom/codec/jpeg/upsample.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include "turbodicom/codec/jpeg/upsample_loops.h"

// GCC 12 takes the undefined merge operand inside its own unmasked intrinsics for a read (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace turbodicom::codec::jpeg {
namespace {

TURBODICOM_TARGET_AVX512 inline __m512i load(const std::uint8_t* from) noexcept {
  return _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
}

TURBODICOM_TARGET_AVX512 inline __m512i three_times(__m512i value) noexcept {
  return _mm512_add_epi16(value, _mm512_slli_epi16(value, 1));
}

// (3 here + before + even_bias) >> shift, (3 here + after + odd_bias) >> shift, side by side as bytes.
template <int kShift>
TURBODICOM_TARGET_AVX512 inline __m512i two_to_one(__m512i here, __m512i before, __m512i after, short even_bias,
                                                   short odd_bias) noexcept {
  const __m512i three = three_times(here);
  const __m512i even = _mm512_add_epi16(_mm512_add_epi16(three, before), _mm512_set1_epi16(even_bias));
  const __m512i odd = _mm512_add_epi16(_mm512_add_epi16(three, after), _mm512_set1_epi16(odd_bias));
  const __m512i upper = _mm512_slli_epi16(odd, 8 - kShift);
  return _mm512_ternarylogic_epi32(_mm512_srli_epi16(even, kShift), upper,
                                   _mm512_set1_epi16(static_cast<short>(0xFF00)), 0xF8);  // a | (b & c)
}

TURBODICOM_TARGET_AVX512 void h2(const std::uint8_t* in, std::uint8_t* out, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; i += 32)
    _mm512_storeu_si512(out + 2 * i, two_to_one<2>(load(in + i), load(in + i - 1), load(in + i + 1), 1, 2));
}

TURBODICOM_TARGET_AVX512 inline __m512i weighted(const std::uint8_t* near, const std::uint8_t* far) noexcept {
  return _mm512_add_epi16(three_times(load(near)), load(far));
}

TURBODICOM_TARGET_AVX512 void v2(const std::uint8_t* near, const std::uint8_t* far, int bias, std::uint8_t* out,
                                 std::size_t count) noexcept {
  const __m512i rounding = _mm512_set1_epi16(static_cast<short>(bias));
  for (std::size_t i = 0; i < count; i += 32) {
    const __m512i sum = _mm512_srli_epi16(_mm512_add_epi16(weighted(near + i, far + i), rounding), 2);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + i), _mm512_cvtepi16_epi8(sum));
  }
}

// The neighbours of 32 sums are those of the register before and the one after.
TURBODICOM_TARGET_AVX512 void h2v2(const std::uint8_t* near, const std::uint8_t* far, std::uint8_t* out,
                                   std::size_t count) noexcept {
  const __m512i lanes = _mm512_set_epi16(31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12,
                                         11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const __m512i one_before = _mm512_add_epi16(lanes, _mm512_set1_epi16(31));
  const __m512i one_after = _mm512_add_epi16(lanes, _mm512_set1_epi16(1));
  __m512i before = weighted(near - 32, far - 32);
  __m512i here = weighted(near, far);
  for (std::size_t i = 0; i < count; i += 32) {
    const __m512i after = weighted(near + i + 32, far + i + 32);
    _mm512_storeu_si512(out + 2 * i, two_to_one<4>(here, _mm512_permutex2var_epi16(before, one_before, here),
                                                   _mm512_permutex2var_epi16(here, one_after, after), 8, 7));
    before = here;
    here = after;
  }
}

// 12 bits: the compiler's.
TURBODICOM_TARGET_AVX512 void h2_12(const std::uint16_t* in, std::uint16_t* out, std::size_t count) noexcept {
  loops::h2(in, out, count);
}
TURBODICOM_TARGET_AVX512 void v2_12(const std::uint16_t* near, const std::uint16_t* far, int bias, std::uint16_t* out,
                                 std::size_t count) noexcept {
  loops::v2(near, far, bias, out, count);
}
TURBODICOM_TARGET_AVX512 void h2v2_12(const std::uint16_t* near, const std::uint16_t* far, std::uint16_t* out,
                                   std::size_t count) noexcept {
  loops::h2v2(near, far, out, count);
}

}  // namespace

void use_avx512(UpsampleKernels& kernels) noexcept { kernels = {{h2, v2, h2v2}, {h2_12, v2_12, h2v2_12}}; }

}  // namespace turbodicom::codec::jpeg

#endif
