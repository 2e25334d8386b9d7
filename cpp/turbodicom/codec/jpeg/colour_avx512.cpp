// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// 64 pixels at a time, 8 bits. The last stores of a row are masked.
#include "turbodicom/codec/jpeg/colour.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include <algorithm>
#include <array>

#include "turbodicom/codec/jpeg/colour_loops.h"

// GCC 12 takes the undefined merge operand inside its own unmasked intrinsics for a read (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace turbodicom::codec::jpeg {
namespace {

struct Rgb {
  __m512i red, green, blue;
};

TURBODICOM_TARGET_AVX512 inline __m512i pairs(std::int32_t low, std::int32_t high) noexcept {
  return _mm512_set1_epi32(static_cast<int>((static_cast<std::uint32_t>(high) << 16) |
                                            (static_cast<std::uint32_t>(low) & 0xFFFF)));
}

// What is to be added to Y, in 16-bit lanes. mulhrs is (a * b + 2^14) >> 15: of 1.402 and 1.772 it takes the fractions,
// and comes out like one rounding of 16 bits for all 256 values. Green has -kGreenCr = -65536 + 18734: the whole Cr
// is taken off afterwards, for the factor to fit 16 bits.
TURBODICOM_TARGET_AVX512 inline Rgb chroma_part(__m512i cb, __m512i cr) noexcept {
  const __m512i factors = pairs(-kGreenCb, 65536 - kGreenCr);
  const __m512i half = _mm512_set1_epi32(1 << 15);
  const __m512i low = _mm512_madd_epi16(_mm512_unpacklo_epi16(cb, cr), factors);
  const __m512i high = _mm512_madd_epi16(_mm512_unpackhi_epi16(cb, cr), factors);
  const __m512i green = _mm512_packs_epi32(_mm512_srai_epi32(_mm512_add_epi32(low, half), 16),
                                           _mm512_srai_epi32(_mm512_add_epi32(high, half), 16));
  return {_mm512_add_epi16(cr, _mm512_mulhrs_epi16(cr, _mm512_set1_epi16(13173))),   // 0.402 * 2^15
          _mm512_sub_epi16(green, cr),
          _mm512_add_epi16(cb, _mm512_mulhrs_epi16(cb, _mm512_set1_epi16(25297)))};  // 0.772 * 2^15
}

TURBODICOM_TARGET_AVX512 inline __m512i load(const std::uint8_t* from) noexcept { return _mm512_loadu_si512(from); }

// Unpack and pack both work within 128-bit lanes, so the order comes back as it was.
TURBODICOM_TARGET_AVX512 inline Rgb converted(const std::uint8_t* const* planes, std::size_t at) noexcept {
  const __m512i zero = _mm512_setzero_si512();
  const __m512i middle = _mm512_set1_epi16(128);
  const __m512i y = load(planes[0] + at), cb = load(planes[1] + at), cr = load(planes[2] + at);
  const Rgb first = chroma_part(_mm512_sub_epi16(_mm512_unpacklo_epi8(cb, zero), middle),
                                _mm512_sub_epi16(_mm512_unpacklo_epi8(cr, zero), middle));
  const Rgb second = chroma_part(_mm512_sub_epi16(_mm512_unpackhi_epi8(cb, zero), middle),
                                 _mm512_sub_epi16(_mm512_unpackhi_epi8(cr, zero), middle));
  const __m512i y1 = _mm512_unpacklo_epi8(y, zero), y2 = _mm512_unpackhi_epi8(y, zero);
  return {_mm512_packus_epi16(_mm512_add_epi16(y1, first.red), _mm512_add_epi16(y2, second.red)),
          _mm512_packus_epi16(_mm512_add_epi16(y1, first.green), _mm512_add_epi16(y2, second.green)),
          _mm512_packus_epi16(_mm512_add_epi16(y1, first.blue), _mm512_add_epi16(y2, second.blue))};
}

TURBODICOM_TARGET_AVX512 inline __mmask64 first_bytes(std::size_t count) noexcept {
  return count >= 64 ? ~__mmask64{0} : (__mmask64{1} << count) - 1;
}

// Where byte i of the 192 comes from: of red and green one look-up in two registers takes them (+64: green), of blue
// another fills the gaps.
struct Places {
  alignas(64) std::array<std::uint8_t, 192> pixel{};
  std::array<std::uint64_t, 3> blue{};
};
constexpr Places kPlaces = [] {
  Places places;
  for (std::size_t i = 0; i < 192; ++i) {
    places.pixel[i] = static_cast<std::uint8_t>(i / 3 + (i % 3 == 1 ? 64 : 0));
    if (i % 3 == 2) places.blue[i / 64] |= std::uint64_t{1} << (i % 64);
  }
  return places;
}();

TURBODICOM_TARGET_AVX512 inline void store_interleaved(const Rgb& from, std::uint8_t* out, std::size_t pixels) noexcept {
  for (std::size_t i = 0; i < 3; ++i) {
    const __m512i places = _mm512_load_si512(kPlaces.pixel.data() + 64 * i);
    const __m512i two = _mm512_permutex2var_epi8(from.red, places, from.green);
    const __m512i three = _mm512_mask_permutexvar_epi8(two, kPlaces.blue[i], places, from.blue);
    if (pixels >= 64) _mm512_storeu_si512(out + 64 * i, three);
    else if (3 * pixels > 64 * i) _mm512_mask_storeu_epi8(out + 64 * i, first_bytes(3 * pixels - 64 * i), three);
  }
}

TURBODICOM_TARGET_AVX512 void rgb(const std::uint8_t* const* planes, std::uint8_t* out, std::size_t pixels) noexcept {
  std::size_t at = 0;
  for (; at + 64 <= pixels; at += 64) store_interleaved(converted(planes, at), out + 3 * at, 64);
  if (at < pixels) store_interleaved(converted(planes, at), out + 3 * at, pixels - at);
}

TURBODICOM_TARGET_AVX512 void planar_rgb(const std::uint8_t* const* planes, std::uint8_t* const* out,
                                         std::size_t pixels) noexcept {
  for (std::size_t at = 0; at < pixels; at += 64) {
    const Rgb from = converted(planes, at);
    const __mmask64 mask = first_bytes(pixels - at);
    _mm512_mask_storeu_epi8(out[0] + at, mask, from.red);
    _mm512_mask_storeu_epi8(out[1] + at, mask, from.green);
    _mm512_mask_storeu_epi8(out[2] + at, mask, from.blue);
  }
}

TURBODICOM_TARGET_AVX512 void interleave(const std::uint8_t* const* planes, std::uint8_t* out,
                                         std::size_t pixels) noexcept {
  for (std::size_t at = 0; at < pixels; at += 64)
    store_interleaved({load(planes[0] + at), load(planes[1] + at), load(planes[2] + at)}, out + 3 * at,
                      std::min<std::size_t>(pixels - at, 64));
}

// 12 bits: the compiler's.
TURBODICOM_TARGET_AVX512 void rgb_12(const std::uint16_t* const* planes, std::uint16_t* out, std::size_t pixels) noexcept {
  loops::rgb(planes, out, pixels);
}
TURBODICOM_TARGET_AVX512 void planar_rgb_12(const std::uint16_t* const* planes, std::uint16_t* const* out,
                                          std::size_t pixels) noexcept {
  loops::planar_rgb(planes, out, pixels);
}
TURBODICOM_TARGET_AVX512 void interleave_12(const std::uint16_t* const* planes, std::uint16_t* out,
                                          std::size_t pixels) noexcept {
  loops::interleave(planes, out, pixels);
}

}  // namespace

void use_avx512(ColourKernels& kernels) noexcept { kernels = {{rgb, planar_rgb, interleave}, {rgb_12, planar_rgb_12, interleave_12}}; }

}  // namespace turbodicom::codec::jpeg

#endif
