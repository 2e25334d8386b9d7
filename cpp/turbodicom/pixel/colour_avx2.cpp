// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// 32 pixels at a time. Per pixel, with cb and cr less 128 (colour.cpp is the scalar form):
//
//   r = y + (red_cr * cr + half >> bits)     g = y + (-green_cb * cb - green_cr * cr + half >> bits)
//   b = y + (blue_cb * cb + half >> bits)    each clamped by the saturating pack
//
// R and B fit 16-bit lanes: 1.402 c = c + 0.402 c and 1.772 c = 2c - 0.228 c, and the high half of
// 2c * (0.402 * 2^16), plus 1, halved, is 0.402 c rounded. The nearest of the 256 values to a tie is
// 0.002 away, more than the 16-bit coefficient errs; the one real tie (B, cb = -125) is put right
// afterwards. G needs 32 bits: pairs (cb, cr) times pairs of coefficients, in one multiply-add where
// 16-bit coefficients do, in two (coefficient = 256 * high + low) where they do not.
#include "turbodicom/pixel/colour_kernels.h"

#if defined(TURBODICOM_X86)

#include "turbodicom/pixel/triples_avx2.h"

namespace turbodicom::pixel {
namespace {

// Sixteen bits of cb's coefficient and of cr's, as one lane of a multiply-add.
constexpr int pair_of(int cb, int cr) noexcept {
  return static_cast<int>((static_cast<unsigned>(cr) & 0xFFFF) << 16 | (static_cast<unsigned>(cb) & 0xFFFF));
}

// c * coefficient / 2^16, rounded to the nearest.
TURBODICOM_TARGET_AVX2 inline __m256i times_fraction(__m256i chroma, int coefficient) noexcept {
  const __m256i product = _mm256_mulhi_epi16(_mm256_add_epi16(chroma, chroma),
                                             _mm256_set1_epi16(static_cast<short>(coefficient)));
  return _mm256_srai_epi16(_mm256_add_epi16(product, _mm256_set1_epi16(1)), 1);
}

// Eight lanes of -green_cb * cb + (2^bits - green_cr) * cr, which is 2^bits * cr above what is wanted.
template <const FixedPoint& kMatrix>
TURBODICOM_TARGET_AVX2 inline __m256i green_sum(__m256i chroma_pairs) noexcept {
  constexpr int cb = -kMatrix.green_cb;
  constexpr int cr = (1 << kMatrix.bits) - kMatrix.green_cr;
  const __m256i half = _mm256_set1_epi32(kMatrix.half);
  __m256i sum;
  if constexpr (kMatrix.bits <= 16) {
    static_assert(cb >= -32768 && cr <= 32767);
    sum = _mm256_madd_epi16(chroma_pairs, _mm256_set1_epi32(pair_of(cb, cr)));
  } else {
    static_assert(cb >= -32768 * 256 && cr <= 32767 * 256);
    const __m256i high = _mm256_madd_epi16(chroma_pairs, _mm256_set1_epi32(pair_of(cb >> 8, cr >> 8)));
    const __m256i low = _mm256_madd_epi16(chroma_pairs, _mm256_set1_epi32(pair_of(cb & 0xFF, cr & 0xFF)));
    sum = _mm256_add_epi32(_mm256_slli_epi32(high, 8), low);
  }
  return _mm256_srai_epi32(_mm256_add_epi32(sum, half), kMatrix.bits);
}

struct Rgb16 {
  __m256i red, green, blue;
};

// What is to be added to Y, for sixteen pixels.
template <const FixedPoint& kMatrix>
TURBODICOM_TARGET_AVX2 inline Rgb16 chroma_part(__m256i cb, __m256i cr) noexcept {
  const __m256i red = _mm256_add_epi16(cr, times_fraction(cr, 26345));                         // 0.402 * 2^16
  const __m256i blue = _mm256_add_epi16(_mm256_add_epi16(cb, cb), times_fraction(cb, -14942)); // -0.228 * 2^16
  const __m256i green = _mm256_packs_epi32(green_sum<kMatrix>(_mm256_unpacklo_epi16(cb, cr)),
                                           green_sum<kMatrix>(_mm256_unpackhi_epi16(cb, cr)));
  return {red, _mm256_sub_epi16(green, cr), blue};
}

// pydicom's ties: B one higher at cb = -125 (rounding away from zero gave y - 222), G one lower in 28 triples.
TURBODICOM_TARGET_AVX2 inline void settle_ties(Triples& rgb, __m256i y, __m256i cb, __m256i cr) noexcept {
  const __m256i blue_tie = _mm256_cmpeq_epi8(cb, _mm256_set1_epi8(128 - 125));
  rgb.channel[2] = _mm256_blendv_epi8(rgb.channel[2], _mm256_subs_epu8(y, _mm256_set1_epi8(static_cast<char>(221))),
                                      blue_tie);
  const __m256i above = _mm256_sub_epi8(y, _mm256_set1_epi8(kTieFirstY));
  const __m256i y_in_range =
      _mm256_cmpeq_epi8(_mm256_min_epu8(above, _mm256_set1_epi8(kTieLastY - kTieFirstY)), above);
  const __m256i green_tie =
      _mm256_and_si256(_mm256_and_si256(_mm256_cmpeq_epi8(cb, _mm256_set1_epi8(kTieCb)),
                                        _mm256_cmpeq_epi8(cr, _mm256_set1_epi8(static_cast<char>(kTieCr)))),
                       y_in_range);
  rgb.channel[1] = _mm256_add_epi8(rgb.channel[1], green_tie);  // -1 where true; no clamp: y - 18 >= 1 there
}

// Unpack and pack both work within 128-bit lanes, so the order comes back as it was.
template <const FixedPoint& kMatrix, bool kSettleTies>
TURBODICOM_TARGET_AVX2 inline Triples transform(__m256i y, __m256i cb, __m256i cr) noexcept {
  const __m256i zero = _mm256_setzero_si256();
  const __m256i middle = _mm256_set1_epi16(128);
  const Rgb16 first = chroma_part<kMatrix>(_mm256_sub_epi16(_mm256_unpacklo_epi8(cb, zero), middle),
                                           _mm256_sub_epi16(_mm256_unpacklo_epi8(cr, zero), middle));
  const Rgb16 second = chroma_part<kMatrix>(_mm256_sub_epi16(_mm256_unpackhi_epi8(cb, zero), middle),
                                            _mm256_sub_epi16(_mm256_unpackhi_epi8(cr, zero), middle));
  const __m256i y1 = _mm256_unpacklo_epi8(y, zero);
  const __m256i y2 = _mm256_unpackhi_epi8(y, zero);
  Triples rgb{{_mm256_packus_epi16(_mm256_add_epi16(y1, first.red), _mm256_add_epi16(y2, second.red)),
               _mm256_packus_epi16(_mm256_add_epi16(y1, first.green), _mm256_add_epi16(y2, second.green)),
               _mm256_packus_epi16(_mm256_add_epi16(y1, first.blue), _mm256_add_epi16(y2, second.blue))}};
  if constexpr (kSettleTies) settle_ties(rgb, y, cb, cr);
  return rgb;
}

// Bytes `first`, `second` of each of four groups, in the lower half of a lane and again in the upper.
TURBODICOM_TARGET_AVX2 inline __m256i pick(char first, char second) noexcept {
  const char f = first, s = second;
  return _mm256_broadcastsi128_si256(_mm_setr_epi8(
      f, s, static_cast<char>(f + 4), static_cast<char>(s + 4), static_cast<char>(f + 8), static_cast<char>(s + 8),
      static_cast<char>(f + 12), static_cast<char>(s + 12), f, s, static_cast<char>(f + 4), static_cast<char>(s + 4),
      static_cast<char>(f + 8), static_cast<char>(s + 8), static_cast<char>(f + 12), static_cast<char>(s + 12)));
}

// Lower halves from a, upper halves from b.
TURBODICOM_TARGET_AVX2 inline __m256i gathered(__m256i a, __m256i b, __m256i mask) noexcept {
  return _mm256_blend_epi32(_mm256_shuffle_epi8(a, mask), _mm256_shuffle_epi8(b, mask), 0xCC);
}

// 64 bytes of Y1 Y2 Cb Cr groups: a lane takes eight of them, its 16 pixels in order, each chroma twice.
TURBODICOM_TARGET_AVX2 inline Triples load_422(const std::uint8_t* packed) noexcept {
  const __m256i low = load_256(packed), high = load_256(packed + 32);
  const __m256i a = _mm256_permute2x128_si256(low, high, 0x20);  // groups 0..3 of each lane's eight
  const __m256i b = _mm256_permute2x128_si256(low, high, 0x31);  // groups 4..7
  constexpr char kBlue = 1 + kCb, kRed = 1 + kCr;
  return {{gathered(a, b, pick(0, 1)), gathered(a, b, pick(kBlue, kBlue)), gathered(a, b, pick(kRed, kRed))}};
}

template <const FixedPoint& kMatrix, bool kSettleTies, ColourFn kRest>
TURBODICOM_TARGET_AVX2 void convert_444(const std::uint8_t* ybr, std::uint8_t* rgb, std::size_t pixels) noexcept {
  for (; pixels >= 32; pixels -= 32, ybr += 96, rgb += 96) {
    const Triples from = load_triples<1>(ybr);
    store_triples<1>(rgb, transform<kMatrix, kSettleTies>(from.channel[0], from.channel[kCb], from.channel[kCr]));
  }
  kRest(ybr, rgb, pixels);
}

TURBODICOM_TARGET_AVX2 void full_422(const std::uint8_t* packed, std::uint8_t* rgb, std::size_t pixels) noexcept {
  for (; pixels >= 32; pixels -= 32, packed += 64, rgb += 96) {
    const Triples from = load_422(packed);
    store_triples<1>(rgb, transform<kYbrFull, true>(from.channel[0], from.channel[1], from.channel[2]));
  }
  scalar::full_422(packed, rgb, pixels);
}

TURBODICOM_TARGET_AVX2 void upsample_422(const std::uint8_t* packed, std::uint8_t* ybr, std::size_t pixels) noexcept {
  for (; pixels >= 32; pixels -= 32, packed += 64, ybr += 96) store_triples<1>(ybr, load_422(packed));
  scalar::upsample_422(packed, ybr, pixels);
}

}  // namespace

void use_avx2(ColourKernels& kernels) noexcept {
  kernels.full = convert_444<kYbrFull, true, scalar::full>;
  kernels.full_422 = full_422;
  kernels.upsample_422 = upsample_422;
}

}  // namespace turbodicom::pixel

#endif
