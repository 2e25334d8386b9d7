// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// AVX2 kernels in front of the FDCT: those of encode_colour_avx512.cpp with half as many samples; pixels of three bytes
// are taken apart by vpshufb, 16 at a time.
#include "turbodicom/codec/jpeg/encode_colour.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include <array>

#include "turbodicom/codec/jpeg/encode_colour_loops.h"

namespace turbodicom::codec::jpeg {
namespace {

using loops::kCbG, loops::kCbR, loops::kCrB, loops::kCrG, loops::kHalf, loops::kYB, loops::kYG, loops::kYR;

// The lower halves of lanes that fit them.
TURBODICOM_TARGET_AVX2 inline __m128i to_bytes(__m256i words) {
  return _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
}
TURBODICOM_TARGET_AVX2 inline __m128i to_words(__m256i values) {
  return _mm_packus_epi32(_mm256_castsi256_si128(values), _mm256_extracti128_si256(values, 1));
}

// 16 samples as 16-bit lanes.
TURBODICOM_TARGET_AVX2 inline __m256i load_samples(const std::uint8_t* from) {
  return _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
}
TURBODICOM_TARGET_AVX2 inline __m256i load_samples(const std::uint16_t* from) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}
TURBODICOM_TARGET_AVX2 inline void store_samples(std::uint8_t* to, __m256i samples) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), to_bytes(samples));
}
TURBODICOM_TARGET_AVX2 inline void store_samples(std::uint16_t* to, __m256i samples) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), samples);
}

TURBODICOM_TARGET_AVX2 inline __m256i pair(int first, int second) {
  const unsigned both = static_cast<unsigned>(second) << 16 | (static_cast<unsigned>(first) & 0xFFFF);
  return _mm256_set1_epi32(static_cast<int>(both));
}

// kYG does not fit a factor of vpmaddwd: a part of it goes with blue.
inline constexpr int kYGWithBlue = 1 << 14;

TURBODICOM_TARGET_AVX2 inline __m256i luma(__m256i rg, __m256i bg) {
  const __m256i sum =
      _mm256_add_epi32(_mm256_madd_epi16(rg, pair(kYR, kYG - kYGWithBlue)), _mm256_madd_epi16(bg, pair(kYB, kYGWithBlue)));
  return _mm256_srli_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(kHalf)), 16);
}

// `strong` has the sample that weighs one half in the upper 16 bits.
TURBODICOM_TARGET_AVX2 inline __m256i chroma(__m256i weak, __m256i factors, __m256i strong, int offset) {
  const __m256i sum = _mm256_add_epi32(_mm256_madd_epi16(weak, factors), _mm256_srli_epi32(strong, 1));
  return _mm256_srli_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(offset)), 16);
}

template <typename Sample, int kPrecision>
TURBODICOM_TARGET_AVX2 void to_ycc(Sample* red, Sample* green, Sample* blue, std::size_t count) noexcept {
  constexpr int kOffset = (1 << (kPrecision - 1 + 16)) + kHalf - 1;
  const __m256i zero = _mm256_setzero_si256();
  for (std::size_t i = 0; i < count; i += 16) {
    const __m256i r = load_samples(red + i), g = load_samples(green + i), b = load_samples(blue + i);
    const __m256i rg_low = _mm256_unpacklo_epi16(r, g), rg_high = _mm256_unpackhi_epi16(r, g);
    const __m256i bg_low = _mm256_unpacklo_epi16(b, g), bg_high = _mm256_unpackhi_epi16(b, g);
    const __m256i cb_factors = pair(-kCbR, -kCbG), cr_factors = pair(-kCrB, -kCrG);
    store_samples(red + i, _mm256_packus_epi32(luma(rg_low, bg_low), luma(rg_high, bg_high)));
    store_samples(green + i, _mm256_packus_epi32(chroma(rg_low, cb_factors, _mm256_unpacklo_epi16(zero, b), kOffset),
                                                 chroma(rg_high, cb_factors, _mm256_unpackhi_epi16(zero, b), kOffset)));
    store_samples(blue + i, _mm256_packus_epi32(chroma(bg_low, cr_factors, _mm256_unpacklo_epi16(zero, r), kOffset),
                                                chroma(bg_high, cr_factors, _mm256_unpackhi_epi16(zero, r), kOffset)));
  }
}

// Sums of 16 pairs of bytes, of 8 pairs of words.
TURBODICOM_TARGET_AVX2 inline __m256i pair_sums(const std::uint8_t* from) {
  return _mm256_maddubs_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)), _mm256_set1_epi8(1));
}
TURBODICOM_TARGET_AVX2 inline __m256i pair_sums(const std::uint16_t* from) {
  return _mm256_madd_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)), _mm256_set1_epi16(1));
}

// (sums + bias) >> shift; the bias is a or b by turns.
template <int kShift>
TURBODICOM_TARGET_AVX2 inline void store_means(std::uint8_t* out, __m256i sums, int a, int b) {
  store_samples(out, _mm256_srli_epi16(_mm256_add_epi16(sums, pair(a, b)), kShift));
}
template <int kShift>
TURBODICOM_TARGET_AVX2 inline void store_means(std::uint16_t* out, __m256i sums, int a, int b) {
  const __m256i bias = _mm256_blend_epi32(_mm256_set1_epi32(a), _mm256_set1_epi32(b), 0xAA);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), to_words(_mm256_srli_epi32(_mm256_add_epi32(sums, bias), kShift)));
}

template <typename Sample>
TURBODICOM_TARGET_AVX2 void halve(const Sample* row, std::size_t count, Sample* out) noexcept {
  constexpr std::size_t kOut = 16 / sizeof(Sample);
  for (std::size_t i = 0; i < count; i += kOut) store_means<1>(out + i, pair_sums(row + 2 * i), 0, 1);
}

template <typename Sample>
TURBODICOM_TARGET_AVX2 void quarter(const Sample* upper, const Sample* lower, std::size_t count, Sample* out) noexcept {
  constexpr std::size_t kOut = 16 / sizeof(Sample);
  for (std::size_t i = 0; i < count; i += kOut) {
    const __m256i above = pair_sums(upper + 2 * i), below = pair_sums(lower + 2 * i);
    store_means<2>(out + i, sizeof(Sample) == 1 ? _mm256_add_epi16(above, below) : _mm256_add_epi32(above, below), 1, 2);
  }
}

// Byte 3 i + c of 48 for each i, from one of three registers; 0x80 leaves a zero.
struct SplitIndexes {
  alignas(16) std::array<std::array<std::array<std::uint8_t, 16>, 3>, 3> at{};  // [c][register]
};
constexpr SplitIndexes kSplit = [] {
  SplitIndexes split;
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t from = 0; from < 3; ++from)
      for (std::size_t i = 0; i < 16; ++i)
        split.at[c][from][i] = (3 * i + c) / 16 == from ? static_cast<std::uint8_t>((3 * i + c) % 16) : std::uint8_t{0x80};
  return split;
}();

TURBODICOM_TARGET_AVX2 inline __m128i shuffled(const std::uint8_t* from, const std::array<std::uint8_t, 16>& indexes) {
  return _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)),
                          _mm_load_si128(reinterpret_cast<const __m128i*>(indexes.data())));
}

TURBODICOM_TARGET_AVX2 void split(const std::uint8_t* pixels, std::size_t count, std::uint8_t* const* rows) noexcept {
  const std::array<std::uint8_t*, 3> out = {rows[0], rows[1], rows[2]};
  std::size_t i = 0;
  for (; i + 16 <= count; i += 16, pixels += 48) {
    for (std::size_t c = 0; c < 3; ++c) {
      const auto& indexes = kSplit.at[c];
      const __m128i samples = _mm_or_si128(_mm_or_si128(shuffled(pixels, indexes[0]), shuffled(pixels + 16, indexes[1])),
                                           shuffled(pixels + 32, indexes[2]));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out[c] + i), samples);
    }
  }
  const std::array<std::uint8_t*, 3> rest = {out[0] + i, out[1] + i, out[2] + i};
  loops::split(pixels, count - i, rest.data());
}

}  // namespace

void use_avx2(EncodeColourKernels& kernels) noexcept {
  kernels = {{to_ycc<std::uint8_t, 8>, halve<std::uint8_t>, quarter<std::uint8_t>},
             {to_ycc<std::uint16_t, 12>, halve<std::uint16_t>, quarter<std::uint16_t>},
             split};
}

}  // namespace turbodicom::codec::jpeg

#endif
