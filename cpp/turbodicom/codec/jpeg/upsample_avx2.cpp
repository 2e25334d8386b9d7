// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// 16 samples at a time in 16-bit lanes, 8 bits.
#include "turbodicom/codec/jpeg/upsample.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include "turbodicom/codec/jpeg/upsample_loops.h"

namespace turbodicom::codec::jpeg {
namespace {

TURBODICOM_TARGET_AVX2 inline __m256i load(const std::uint8_t* from) noexcept {
  return _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
}
TURBODICOM_TARGET_AVX2 inline void store(std::uint8_t* to, __m256i bytes) noexcept {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), bytes);
}

TURBODICOM_TARGET_AVX2 inline __m256i three_times(__m256i value) noexcept {
  return _mm256_add_epi16(value, _mm256_slli_epi16(value, 1));
}

// (3 here + before + even_bias) >> shift, (3 here + after + odd_bias) >> shift, side by side as bytes.
template <int kShift>
TURBODICOM_TARGET_AVX2 inline __m256i two_to_one(__m256i here, __m256i before, __m256i after, short even_bias,
                                                 short odd_bias) noexcept {
  const __m256i three = three_times(here);
  const __m256i even = _mm256_add_epi16(_mm256_add_epi16(three, before), _mm256_set1_epi16(even_bias));
  const __m256i odd = _mm256_add_epi16(_mm256_add_epi16(three, after), _mm256_set1_epi16(odd_bias));
  return _mm256_or_si256(_mm256_srli_epi16(even, kShift),
                         _mm256_and_si256(_mm256_slli_epi16(odd, 8 - kShift), _mm256_set1_epi16(static_cast<short>(0xFF00))));
}

TURBODICOM_TARGET_AVX2 void h2(const std::uint8_t* in, std::uint8_t* out, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; i += 16)
    store(out + 2 * i, two_to_one<2>(load(in + i), load(in + i - 1), load(in + i + 1), 1, 2));
}

TURBODICOM_TARGET_AVX2 inline __m256i weighted(const std::uint8_t* near, const std::uint8_t* far) noexcept {
  return _mm256_add_epi16(three_times(load(near)), load(far));
}

TURBODICOM_TARGET_AVX2 void v2(const std::uint8_t* near, const std::uint8_t* far, int bias, std::uint8_t* out,
                               std::size_t count) noexcept {
  const __m256i rounding = _mm256_set1_epi16(static_cast<short>(bias));
  for (std::size_t i = 0; i < count; i += 32) {
    const __m256i low = _mm256_srli_epi16(_mm256_add_epi16(weighted(near + i, far + i), rounding), 2);
    const __m256i high = _mm256_srli_epi16(_mm256_add_epi16(weighted(near + i + 16, far + i + 16), rounding), 2);
    store(out + i, _mm256_permute4x64_epi64(_mm256_packus_epi16(low, high), 0xD8));
  }
}

// The neighbours of 16 sums are those of the register before and the one after; the same bytes shifted by one lane,
// once the halves stand right.
TURBODICOM_TARGET_AVX2 void h2v2(const std::uint8_t* near, const std::uint8_t* far, std::uint8_t* out,
                                 std::size_t count) noexcept {
  __m256i before = weighted(near - 16, far - 16);
  __m256i here = weighted(near, far);
  for (std::size_t i = 0; i < count; i += 16) {
    const __m256i after = weighted(near + i + 16, far + i + 16);
    const __m256i last_first = _mm256_permute2x128_si256(before, here, 0x21);
    const __m256i first_last = _mm256_permute2x128_si256(here, after, 0x21);
    store(out + 2 * i, two_to_one<4>(here, _mm256_alignr_epi8(here, last_first, 14),
                                     _mm256_alignr_epi8(first_last, here, 2), 8, 7));
    before = here;
    here = after;
  }
}

// 12 bits: the compiler's.
TURBODICOM_TARGET_AVX2 void h2_12(const std::uint16_t* in, std::uint16_t* out, std::size_t count) noexcept {
  loops::h2(in, out, count);
}
TURBODICOM_TARGET_AVX2 void v2_12(const std::uint16_t* near, const std::uint16_t* far, int bias, std::uint16_t* out,
                                 std::size_t count) noexcept {
  loops::v2(near, far, bias, out, count);
}
TURBODICOM_TARGET_AVX2 void h2v2_12(const std::uint16_t* near, const std::uint16_t* far, std::uint16_t* out,
                                   std::size_t count) noexcept {
  loops::h2v2(near, far, out, count);
}

}  // namespace

void use_avx2(UpsampleKernels& kernels) noexcept { kernels = {{h2, v2, h2v2}, {h2_12, v2_12, h2v2_12}}; }

}  // namespace turbodicom::codec::jpeg

#endif
