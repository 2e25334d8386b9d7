// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// 32 pixels at a time, 8 bits. What is left of a row goes through a buffer.
#include "turbodicom/codec/jpeg/colour.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include <algorithm>
#include <array>

#include "turbodicom/codec/jpeg/colour_loops.h"

namespace turbodicom::codec::jpeg {
namespace {

struct Rgb {
  __m256i red, green, blue;
};

TURBODICOM_TARGET_AVX2 inline __m256i pairs(std::int32_t low, std::int32_t high) noexcept {
  return _mm256_set1_epi32(static_cast<int>((static_cast<std::uint32_t>(high) << 16) |
                                            (static_cast<std::uint32_t>(low) & 0xFFFF)));
}

// What is to be added to Y, in 16-bit lanes. mulhrs is (a * b + 2^14) >> 15: of 1.402 and 1.772 it takes the fractions,
// and comes out like one rounding of 16 bits for all 256 values. Green has -kGreenCr = -65536 + 18734: the whole Cr
// is taken off afterwards, for the factor to fit 16 bits.
TURBODICOM_TARGET_AVX2 inline Rgb chroma_part(__m256i cb, __m256i cr) noexcept {
  const __m256i factors = pairs(-kGreenCb, 65536 - kGreenCr);
  const __m256i half = _mm256_set1_epi32(1 << 15);
  const __m256i low = _mm256_madd_epi16(_mm256_unpacklo_epi16(cb, cr), factors);
  const __m256i high = _mm256_madd_epi16(_mm256_unpackhi_epi16(cb, cr), factors);
  const __m256i green = _mm256_packs_epi32(_mm256_srai_epi32(_mm256_add_epi32(low, half), 16),
                                           _mm256_srai_epi32(_mm256_add_epi32(high, half), 16));
  return {_mm256_add_epi16(cr, _mm256_mulhrs_epi16(cr, _mm256_set1_epi16(13173))),   // 0.402 * 2^15
          _mm256_sub_epi16(green, cr),
          _mm256_add_epi16(cb, _mm256_mulhrs_epi16(cb, _mm256_set1_epi16(25297)))};  // 0.772 * 2^15
}

TURBODICOM_TARGET_AVX2 inline __m256i load(const void* from) noexcept {
  return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}
TURBODICOM_TARGET_AVX2 inline void store(std::uint8_t* to, __m256i bytes) noexcept {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), bytes);
}

// Unpack and pack both work within 128-bit lanes, so the order comes back as it was.
TURBODICOM_TARGET_AVX2 inline Rgb converted(const std::uint8_t* const* planes, std::size_t at) noexcept {
  const __m256i zero = _mm256_setzero_si256();
  const __m256i middle = _mm256_set1_epi16(128);
  const __m256i y = load(planes[0] + at), cb = load(planes[1] + at), cr = load(planes[2] + at);
  const Rgb first = chroma_part(_mm256_sub_epi16(_mm256_unpacklo_epi8(cb, zero), middle),
                                _mm256_sub_epi16(_mm256_unpacklo_epi8(cr, zero), middle));
  const Rgb second = chroma_part(_mm256_sub_epi16(_mm256_unpackhi_epi8(cb, zero), middle),
                                 _mm256_sub_epi16(_mm256_unpackhi_epi8(cr, zero), middle));
  const __m256i y1 = _mm256_unpacklo_epi8(y, zero), y2 = _mm256_unpackhi_epi8(y, zero);
  return {_mm256_packus_epi16(_mm256_add_epi16(y1, first.red), _mm256_add_epi16(y2, second.red)),
          _mm256_packus_epi16(_mm256_add_epi16(y1, first.green), _mm256_add_epi16(y2, second.green)),
          _mm256_packus_epi16(_mm256_add_epi16(y1, first.blue), _mm256_add_epi16(y2, second.blue))};
}

// Part i of a lane's 48 bytes takes these pixels of channel c; 128: none.
using Masks = std::array<std::array<std::array<std::uint8_t, 32>, 3>, 3>;
alignas(32) constexpr Masks kMasks = [] {
  Masks masks{};
  for (std::size_t part = 0; part < 3; ++part)
    for (std::size_t channel = 0; channel < 3; ++channel)
      for (std::size_t i = 0; i < 32; ++i) {
        const std::size_t byte = 16 * part + i % 16;
        masks[part][channel][i] = byte % 3 == channel ? static_cast<std::uint8_t>(byte / 3) : std::uint8_t{128};
      }
  return masks;
}();

TURBODICOM_TARGET_AVX2 inline __m256i part(const Rgb& from, std::size_t index) noexcept {
  return _mm256_or_si256(_mm256_or_si256(_mm256_shuffle_epi8(from.red, load(kMasks[index][0].data())),
                                         _mm256_shuffle_epi8(from.green, load(kMasks[index][1].data()))),
                         _mm256_shuffle_epi8(from.blue, load(kMasks[index][2].data())));
}

TURBODICOM_TARGET_AVX2 inline void store_interleaved(const Rgb& from, std::uint8_t* out) noexcept {
  const __m256i first = part(from, 0), second = part(from, 1), third = part(from, 2);
  store(out, _mm256_permute2x128_si256(first, second, 0x20));
  store(out + 32, _mm256_permute2x128_si256(third, first, 0x30));
  store(out + 64, _mm256_permute2x128_si256(second, third, 0x31));
}

template <bool kConverts>
TURBODICOM_TARGET_AVX2 inline Rgb triples(const std::uint8_t* const* planes, std::size_t at) noexcept {
  if constexpr (kConverts) return converted(planes, at);
  else return {load(planes[0] + at), load(planes[1] + at), load(planes[2] + at)};
}

template <bool kConverts>
TURBODICOM_TARGET_AVX2 void interleaved(const std::uint8_t* const* planes, std::uint8_t* out, std::size_t pixels) noexcept {
  std::size_t at = 0;
  for (; at + 32 <= pixels; at += 32) store_interleaved(triples<kConverts>(planes, at), out + 3 * at);
  if (at == pixels) return;
  std::array<std::uint8_t, 96> rest;
  store_interleaved(triples<kConverts>(planes, at), rest.data());
  std::copy_n(rest.data(), 3 * (pixels - at), out + 3 * at);
}

TURBODICOM_TARGET_AVX2 void planar_rgb(const std::uint8_t* const* planes, std::uint8_t* const* out,
                                       std::size_t pixels) noexcept {
  for (std::size_t at = 0; at < pixels; at += 32) {
    const Rgb from = converted(planes, at);
    store(out[0] + at, from.red);
    store(out[1] + at, from.green);
    store(out[2] + at, from.blue);
  }
}

// 12 bits: the compiler's.
TURBODICOM_TARGET_AVX2 void rgb_12(const std::uint16_t* const* planes, std::uint16_t* out, std::size_t pixels) noexcept {
  loops::rgb(planes, out, pixels);
}
TURBODICOM_TARGET_AVX2 void planar_rgb_12(const std::uint16_t* const* planes, std::uint16_t* const* out,
                                          std::size_t pixels) noexcept {
  loops::planar_rgb(planes, out, pixels);
}
TURBODICOM_TARGET_AVX2 void interleave_12(const std::uint16_t* const* planes, std::uint16_t* out,
                                          std::size_t pixels) noexcept {
  loops::interleave(planes, out, pixels);
}

}  // namespace

void use_avx2(ColourKernels& kernels) noexcept {
  kernels = {{interleaved<true>, planar_rgb, interleaved<false>}, {rgb_12, planar_rgb_12, interleave_12}};
}

}  // namespace turbodicom::codec::jpeg

#endif
