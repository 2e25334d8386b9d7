// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// AVX-512 kernels of lossless decoding: the running sum. The other loops gain nothing over AVX2.
#include "turbodicom/codec/jpeg/undifference.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

namespace turbodicom::codec::jpeg {
namespace {

// Sums within each quarter of 8, then totals of one and of two quarters onto those behind.
TURBODICOM_TARGET_AVX512 __m512i sums_of_32(__m512i x) {
  x = _mm512_add_epi16(x, _mm512_bslli_epi128(x, 2));
  x = _mm512_add_epi16(x, _mm512_bslli_epi128(x, 4));
  x = _mm512_add_epi16(x, _mm512_bslli_epi128(x, 8));
  const __m512i total = _mm512_set1_epi16(0x0F0E);  // a quarter's last sum, everywhere
  const __m512i one = _mm512_maskz_shuffle_i64x2(0xFC, x, x, _MM_SHUFFLE(2, 1, 0, 0));
  x = _mm512_add_epi16(x, _mm512_shuffle_epi8(one, total));
  const __m512i two = _mm512_maskz_shuffle_i64x2(0xF0, x, x, _MM_SHUFFLE(1, 0, 0, 0));
  return _mm512_add_epi16(x, _mm512_shuffle_epi8(two, total));
}

TURBODICOM_TARGET_AVX512 void sum(const std::uint16_t* differences, std::uint16_t start, std::uint16_t* out, std::size_t count) {
  __m512i left = _mm512_set1_epi16(static_cast<std::int16_t>(start));
  const __m512i last = _mm512_set1_epi16(31);
  for (std::size_t i = 0; i < count; i += 32) {
    const std::size_t here = count - i < 32 ? count - i : 32;
    const auto mask = static_cast<__mmask32>(~std::uint32_t{0} >> (32 - here));
    const __m512i sums = sums_of_32(_mm512_maskz_loadu_epi16(mask, differences + i));
    _mm512_mask_storeu_epi16(out + i, mask, _mm512_add_epi16(sums, left));
    left = _mm512_add_epi16(left, _mm512_permutexvar_epi16(last, sums));
  }
}

}  // namespace

void use_avx512(UndifferenceKernels& kernels) noexcept { kernels.sum = sum; }

}  // namespace turbodicom::codec::jpeg

#endif
