// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// AVX-512 kernels in front of the FDCT: colour by vpmaddwd on pairs of samples, means of neighbours by vpmaddubsw and
// vpmaddwd with ones, pixels of three bytes taken apart by vpermi2b.
#include "turbodicom/codec/jpeg/encode_colour.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include <array>

#include "turbodicom/codec/jpeg/encode_colour_loops.h"

namespace turbodicom::codec::jpeg {
namespace {

using loops::kCbG, loops::kCbR, loops::kCrB, loops::kCrG, loops::kHalf, loops::kYB, loops::kYG, loops::kYR;

// 32 samples as 16-bit lanes.
TURBODICOM_TARGET_AVX512 inline __m512i load_samples(const std::uint8_t* from) {
  return _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
}
TURBODICOM_TARGET_AVX512 inline __m512i load_samples(const std::uint16_t* from) { return _mm512_loadu_si512(from); }
TURBODICOM_TARGET_AVX512 inline void store_samples(std::uint8_t* to, __m512i samples) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm512_cvtepi16_epi8(samples));
}
TURBODICOM_TARGET_AVX512 inline void store_samples(std::uint16_t* to, __m512i samples) { _mm512_storeu_si512(to, samples); }

TURBODICOM_TARGET_AVX512 inline __m512i pair(int first, int second) {
  const unsigned both = static_cast<unsigned>(second) << 16 | (static_cast<unsigned>(first) & 0xFFFF);
  return _mm512_set1_epi32(static_cast<int>(both));
}

// kYG does not fit a factor of vpmaddwd: a part of it goes with blue.
inline constexpr int kYGWithBlue = 1 << 14;

TURBODICOM_TARGET_AVX512 inline __m512i luma(__m512i rg, __m512i bg) {
  const __m512i sum =
      _mm512_add_epi32(_mm512_madd_epi16(rg, pair(kYR, kYG - kYGWithBlue)), _mm512_madd_epi16(bg, pair(kYB, kYGWithBlue)));
  return _mm512_srli_epi32(_mm512_add_epi32(sum, _mm512_set1_epi32(kHalf)), 16);
}

// `strong` has the sample that weighs one half in the upper 16 bits.
TURBODICOM_TARGET_AVX512 inline __m512i chroma(__m512i weak, __m512i factors, __m512i strong, int offset) {
  const __m512i sum = _mm512_add_epi32(_mm512_madd_epi16(weak, factors), _mm512_srli_epi32(strong, 1));
  return _mm512_srli_epi32(_mm512_add_epi32(sum, _mm512_set1_epi32(offset)), 16);
}

template <typename Sample, int kPrecision>
TURBODICOM_TARGET_AVX512 void to_ycc(Sample* red, Sample* green, Sample* blue, std::size_t count) noexcept {
  constexpr int kOffset = (1 << (kPrecision - 1 + 16)) + kHalf - 1;
  const __m512i zero = _mm512_setzero_si512();
  for (std::size_t i = 0; i < count; i += 32) {
    const __m512i r = load_samples(red + i), g = load_samples(green + i), b = load_samples(blue + i);
    const __m512i rg_low = _mm512_unpacklo_epi16(r, g), rg_high = _mm512_unpackhi_epi16(r, g);
    const __m512i bg_low = _mm512_unpacklo_epi16(b, g), bg_high = _mm512_unpackhi_epi16(b, g);
    const __m512i cb_factors = pair(-kCbR, -kCbG), cr_factors = pair(-kCrB, -kCrG);
    store_samples(red + i, _mm512_packus_epi32(luma(rg_low, bg_low), luma(rg_high, bg_high)));
    store_samples(green + i, _mm512_packus_epi32(chroma(rg_low, cb_factors, _mm512_unpacklo_epi16(zero, b), kOffset),
                                                 chroma(rg_high, cb_factors, _mm512_unpackhi_epi16(zero, b), kOffset)));
    store_samples(blue + i, _mm512_packus_epi32(chroma(bg_low, cr_factors, _mm512_unpacklo_epi16(zero, r), kOffset),
                                                chroma(bg_high, cr_factors, _mm512_unpackhi_epi16(zero, r), kOffset)));
  }
}

// Sums of 32 pairs of bytes, of 16 pairs of words.
TURBODICOM_TARGET_AVX512 inline __m512i pair_sums(const std::uint8_t* from) {
  return _mm512_maddubs_epi16(_mm512_loadu_si512(from), _mm512_set1_epi8(1));
}
TURBODICOM_TARGET_AVX512 inline __m512i pair_sums(const std::uint16_t* from) {
  return _mm512_madd_epi16(_mm512_loadu_si512(from), _mm512_set1_epi16(1));
}

// (sums + bias) >> shift; the bias is a or b by turns.
template <int kShift>
TURBODICOM_TARGET_AVX512 inline void store_means(std::uint8_t* out, __m512i sums, int a, int b) {
  store_samples(out, _mm512_srli_epi16(_mm512_add_epi16(sums, pair(a, b)), kShift));
}
template <int kShift>
TURBODICOM_TARGET_AVX512 inline void store_means(std::uint16_t* out, __m512i sums, int a, int b) {
  const __m512i bias = _mm512_mask_blend_epi32(0xAAAA, _mm512_set1_epi32(a), _mm512_set1_epi32(b));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), _mm512_cvtepi32_epi16(_mm512_srli_epi32(_mm512_add_epi32(sums, bias), kShift)));
}

template <typename Sample>
TURBODICOM_TARGET_AVX512 void halve(const Sample* row, std::size_t count, Sample* out) noexcept {
  constexpr std::size_t kOut = 32 / sizeof(Sample);
  for (std::size_t i = 0; i < count; i += kOut) store_means<1>(out + i, pair_sums(row + 2 * i), 0, 1);
}

template <typename Sample>
TURBODICOM_TARGET_AVX512 void quarter(const Sample* upper, const Sample* lower, std::size_t count, Sample* out) noexcept {
  constexpr std::size_t kOut = 32 / sizeof(Sample);
  for (std::size_t i = 0; i < count; i += kOut) {
    const __m512i above = pair_sums(upper + 2 * i), below = pair_sums(lower + 2 * i);
    store_means<2>(out + i, sizeof(Sample) == 1 ? _mm512_add_epi16(above, below) : _mm512_add_epi32(above, below), 1, 2);
  }
}

// Byte 3 i + c of 192 for each i: out of the first two registers by 7 bits of index; out of the third where 3 i + c >= 128.
struct SplitIndexes {
  alignas(64) std::array<std::array<std::uint8_t, 64>, 3> at{};
  std::array<std::uint64_t, 3> in_third{};
};
constexpr SplitIndexes kSplit = [] {
  SplitIndexes split;
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < 64; ++i) {
      split.at[c][i] = static_cast<std::uint8_t>((3 * i + c) % 128);
      split.in_third[c] |= std::uint64_t{3 * i + c >= 128} << i;
    }
  return split;
}();

// Up to 64 bytes of `left`.
TURBODICOM_TARGET_AVX512 inline __m512i load_some(const std::uint8_t* from, std::size_t offset, std::size_t left) {
  if (left >= offset + 64) return _mm512_loadu_si512(from + offset);
  if (left <= offset) return _mm512_setzero_si512();
  return _mm512_maskz_loadu_epi8(_bzhi_u64(~std::uint64_t{0}, static_cast<std::uint32_t>(left - offset)), from + offset);
}

TURBODICOM_TARGET_AVX512 void split(const std::uint8_t* pixels, std::size_t count, std::uint8_t* const* rows) noexcept {
  for (std::size_t i = 0; i < count; i += 64, pixels += 192) {
    const std::size_t left = 3 * (count - i);
    const __m512i a = load_some(pixels, 0, left), b = load_some(pixels, 64, left), third = load_some(pixels, 128, left);
    for (std::size_t c = 0; c < 3; ++c) {
      const __m512i indexes = _mm512_load_si512(kSplit.at[c].data());
      const __m512i of_two = _mm512_permutex2var_epi8(a, indexes, b);
      _mm512_storeu_si512(rows[c] + i, _mm512_mask_permutexvar_epi8(of_two, kSplit.in_third[c], indexes, third));
    }
  }
}

}  // namespace

void use_avx512(EncodeColourKernels& kernels) noexcept {
  kernels = {{to_ycc<std::uint8_t, 8>, halve<std::uint8_t>, quarter<std::uint8_t>},
             {to_ycc<std::uint16_t, 12>, halve<std::uint16_t>, quarter<std::uint16_t>},
             split};
}

}  // namespace turbodicom::codec::jpeg

#endif
