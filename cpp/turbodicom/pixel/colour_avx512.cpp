// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// 64 pixels at a time (colour.cpp is the scalar form). Begin at convert_444(). Sixteen pixels share a
// register, in 32-bit lanes:
//
//   chroma   cb, cr as two 16-bit numbers: what R and B (16-bit lanes) and G (one multiply-add) both take
//   luma     y, y
//
// One byte look-up spreads a lane out of the three-byte pixels (or the 4:2:2 groups); the look-ups that
// put the results side by side again also undo whatever order the packing left.
#include "turbodicom/pixel/colour_kernels.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace turbodicom::pixel {
namespace {

struct alignas(64) Indexes {
  std::array<std::uint8_t, 64> bytes{};
};

// Two bytes a lane, as 16-bit numbers: bytes first and second of the lane's `step` bytes.
constexpr Indexes spread(std::size_t step, std::size_t first, std::size_t second) {
  Indexes indexes;
  for (std::size_t lane = 0; lane < 16; ++lane) {
    indexes.bytes[4 * lane] = static_cast<std::uint8_t>(lane * step + first);
    indexes.bytes[4 * lane + 2] = static_cast<std::uint8_t>(lane * step + second);
  }
  return indexes;
}

TURBODICOM_TARGET_AVX512 inline __m512i load_indexes(const Indexes& indexes) noexcept {
  return _mm512_load_si512(indexes.bytes.data());
}

TURBODICOM_TARGET_AVX512 inline __m512i spread_bytes(__m512i from, const Indexes& indexes) noexcept {
  return _mm512_maskz_permutexvar_epi8(0x5555555555555555, load_indexes(indexes), from);
}

constexpr int pair_of(int low, int high) noexcept {
  return static_cast<int>((static_cast<unsigned>(high) & 0xFFFF) << 16 | (static_cast<unsigned>(low) & 0xFFFF));
}

// R and B, with 1.402 c = c + 0.402 c and 1.772 c = c + 0.772 c: the fractions by mulhrs, which is
// (a * coefficient + 2^14) >> 15. The nearest of the 256 values to a tie is 0.002 away, more than the
// coefficients err, but for the real ties of B at c = +-125. The coefficient is a little above 0.772, so
// mulhrs(c) carries both away from zero, and mulhrs(c + 250), which is
// 0.772 * 250 = 193 above what is wanted, carries both up, as pydicom has them.
constexpr int kRedFraction = 13173;   // 0.402 * 2^15
constexpr int kBlueFraction = 25297;  // 0.772 * 2^15

template <bool kTiesUp>
TURBODICOM_TARGET_AVX512 inline __m512i blue_red_part(__m512i chroma) noexcept {
  constexpr int factor_bias = kTiesUp ? 250 : 0;
  constexpr int product_bias = kTiesUp ? 193 : 0;
  const __m512i factor = _mm512_add_epi16(chroma, _mm512_set1_epi32(pair_of(factor_bias - 128, -128)));
  const __m512i whole = _mm512_add_epi16(chroma, _mm512_set1_epi32(pair_of(-product_bias - 128, -128)));
  return _mm512_add_epi16(whole, _mm512_mulhrs_epi16(factor, _mm512_set1_epi32(pair_of(kBlueFraction, kRedFraction))));
}

// G, in 32 bits, kGreenBits of them behind the point. A coefficient is 256 * high + low, both 16 bits.
constexpr int kGreenBits = 22;

template <const FixedPoint& kMatrix>
TURBODICOM_TARGET_AVX512 inline __m512i green_part(__m512i chroma) noexcept {
  constexpr int scale = 1 << (kGreenBits - kMatrix.bits);
  constexpr int cb = -kMatrix.green_cb * scale;
  constexpr int cr = -kMatrix.green_cr * scale;
  constexpr int rounding = kMatrix.half * scale - 128 * (cb + cr);
  static_assert(cb >= -32768 * 256 && cr >= -32768 * 256);
  const __m512i high = _mm512_madd_epi16(chroma, _mm512_set1_epi32(pair_of(cb >> 8, cr >> 8)));
  const __m512i low = _mm512_madd_epi16(chroma, _mm512_set1_epi32(pair_of(cb & 0xFF, cr & 0xFF)));
  return _mm512_add_epi32(_mm512_add_epi32(_mm512_slli_epi32(high, 8), low), _mm512_set1_epi32(rounding));
}

// Sixteen pixels: their samples, and what is to be added to Y.
struct Sixteen {
  __m512i luma;
  __m512i chroma;
  __m512i blue_red;
  __m512i green;
};

template <const FixedPoint& kMatrix, bool kPydicom>
TURBODICOM_TARGET_AVX512 inline Sixteen transform(__m512i luma, __m512i chroma) noexcept {
  return {luma, chroma, blue_red_part<kPydicom>(chroma), green_part<kMatrix>(chroma)};
}

// Odd 16-bit words from odd, even ones from even.
TURBODICOM_TARGET_AVX512 inline __m512i alternate(__m512i even, __m512i odd) noexcept {
  return _mm512_mask_blend_epi16(0xAAAAAAAA, even, odd);
}

// pydicom's ties: G one lower in 28 triples. They share one chroma, which few images have.
TURBODICOM_TARGET_AVX512 inline __m512i settle_ties(__m512i green, __m512i luma, const Sixteen& even,
                                                    const Sixteen& odd) noexcept {
  const __m512i chroma = _mm512_set1_epi32(pair_of(kTieCb, kTieCr));
  const __mmask16 neither = _mm512_mask_cmpneq_epi32_mask(_mm512_cmpneq_epi32_mask(even.chroma, chroma), odd.chroma,
                                                          chroma);
  if (neither == 0xFFFF) [[likely]] return green;
  const __mmask32 tie = _pdep_u32(_mm512_cmpeq_epi32_mask(even.chroma, chroma), 0x55555555) |
                        _pdep_u32(_mm512_cmpeq_epi32_mask(odd.chroma, chroma), 0xAAAAAAAA);
  const __mmask32 in_range =
      _mm512_mask_cmple_epi16_mask(_mm512_mask_cmpge_epi16_mask(tie, luma, _mm512_set1_epi16(kTieFirstY)), luma,
                                   _mm512_set1_epi16(kTieLastY));
  return _mm512_mask_sub_epi16(green, in_range, green, _mm512_set1_epi16(1));
}

// B and R in bytes: eight from `even`, eight from `odd` in turn. G in words: even ones, odd ones.
struct ThirtyTwo {
  __m512i blue_red;
  __m512i green;
};

template <bool kPydicom>
TURBODICOM_TARGET_AVX512 inline ThirtyTwo joined(const Sixteen& even, const Sixteen& odd) noexcept {
  const __m512i luma = alternate(even.luma, odd.luma);
  const __m512i upper_words = alternate(_mm512_srli_epi32(even.green, 16), odd.green);
  __m512i green = _mm512_add_epi16(luma, _mm512_srai_epi16(upper_words, kGreenBits - 16));
  if constexpr (kPydicom) green = settle_ties(green, luma, even, odd);
  return {_mm512_packus_epi16(_mm512_add_epi16(even.luma, even.blue_red), _mm512_add_epi16(odd.luma, odd.blue_red)),
          green};
}

// Which lane of `even` (part 0) or `odd` (part 1) of 32 pixels holds a pixel.
struct Lane {
  std::size_t part, lane;
};
constexpr Lane lane_of_row(std::size_t pixel) { return {pixel / 16, pixel % 16}; }   // 16 pixels, then 16
constexpr Lane lane_of_group(std::size_t pixel) { return {pixel % 2, pixel / 2}; }  // first, second of a group

// Where each of the 192 bytes is to come from: the register of G, or one of the two of B and R. packus
// works within 128-bit lanes. kSecond in an index means the second register of a look-up in two.
constexpr std::uint8_t kSecond = 64;
template <Lane (&kLaneOf)(std::size_t)>
struct Places {
  Indexes outer[2];               // first and last 64 bytes: look-up in (blue_red, green)
  Indexes middle_blue_red;        // middle 64 bytes: look-up in (blue_red, the second blue_red),
  Indexes middle_green;           // then in green
  std::uint64_t green_lanes = 0;  // for these bytes

  constexpr Places() {
    for (std::size_t n = 0; n < 192; ++n) {
      const std::size_t pixel = n / 3, sample = n % 3, at = n % 64;
      const Lane in = kLaneOf(pixel % 32);
      const std::size_t word = 2 * in.lane + in.part;
      const std::size_t green = word / 8 * 16 + pixel / 32 * 8 + word % 8;
      const std::size_t blue_red = in.lane / 4 * 16 + in.part * 8 + in.lane % 4 * 2 + (sample == 0 ? 1 : 0);
      if (n / 64 != 1) {
        outer[n / 128].bytes[at] = static_cast<std::uint8_t>(sample == 1 ? kSecond + green : blue_red);
      } else if (sample == 1) {
        middle_green.bytes[at] = static_cast<std::uint8_t>(green);
        green_lanes |= std::uint64_t{1} << at;
      } else {
        middle_blue_red.bytes[at] = static_cast<std::uint8_t>(pixel / 32 * kSecond + blue_red);
      }
    }
  }
};
template <Lane (&kLaneOf)(std::size_t)>
inline constexpr Places<kLaneOf> kPlaces{};

template <Lane (&kLaneOf)(std::size_t)>
TURBODICOM_TARGET_AVX512 inline void store_pixels(std::uint8_t* rgb, const ThirtyTwo& first,
                                                  const ThirtyTwo& second) noexcept {
  constexpr const Places<kLaneOf>& places = kPlaces<kLaneOf>;
  const __m512i green = _mm512_packus_epi16(first.green, second.green);
  const __m512i middle =
      _mm512_permutex2var_epi8(first.blue_red, load_indexes(places.middle_blue_red), second.blue_red);
  _mm512_storeu_si512(rgb, _mm512_permutex2var_epi8(first.blue_red, load_indexes(places.outer[0]), green));
  _mm512_storeu_si512(rgb + 64, _mm512_mask_permutexvar_epi8(middle, places.green_lanes,
                                                             load_indexes(places.middle_green), green));
  _mm512_storeu_si512(rgb + 128, _mm512_permutex2var_epi8(second.blue_red, load_indexes(places.outer[1]), green));
}

// Sixteen pixels that begin at byte kSkip of 64.
template <std::size_t kSkip, const FixedPoint& kMatrix, bool kPydicom>
TURBODICOM_TARGET_AVX512 inline Sixteen load_row(const std::uint8_t* ybr) noexcept {
  static constexpr Indexes kLuma = spread(3, kSkip, kSkip);
  static constexpr Indexes kChroma = spread(3, kSkip + kCb, kSkip + kCr);
  const __m512i pixels = _mm512_loadu_si512(ybr);
  return transform<kMatrix, kPydicom>(spread_bytes(pixels, kLuma), spread_bytes(pixels, kChroma));
}

// The fourth load stays within the 192 bytes; so its pixels begin 16 bytes in.
template <const FixedPoint& kMatrix, bool kPydicom, ColourFn kRest>
TURBODICOM_TARGET_AVX512 void convert_444(const std::uint8_t* ybr, std::uint8_t* rgb, std::size_t pixels) noexcept {
  for (; pixels >= 64; pixels -= 64, ybr += 192, rgb += 192) {
    const ThirtyTwo first = joined<kPydicom>(load_row<0, kMatrix, kPydicom>(ybr),
                                             load_row<0, kMatrix, kPydicom>(ybr + 48));
    const ThirtyTwo second = joined<kPydicom>(load_row<0, kMatrix, kPydicom>(ybr + 96),
                                              load_row<16, kMatrix, kPydicom>(ybr + 128));
    store_pixels<lane_of_row>(rgb, first, second);
  }
  kRest(ybr, rgb, pixels);
}

// 16 groups Y1 Y2 Cb Cr.
TURBODICOM_TARGET_AVX512 inline ThirtyTwo convert_groups(const std::uint8_t* packed) noexcept {
  static constexpr Indexes kLuma1 = spread(4, 0, 0), kLuma2 = spread(4, 1, 1);
  static constexpr Indexes kChroma = spread(4, 1 + kCb, 1 + kCr);
  const __m512i groups = _mm512_loadu_si512(packed);
  const Sixteen ones = transform<kYbrFull, true>(spread_bytes(groups, kLuma1), spread_bytes(groups, kChroma));
  const Sixteen twos{spread_bytes(groups, kLuma2), ones.chroma, ones.blue_red, ones.green};
  return joined<true>(ones, twos);
}

TURBODICOM_TARGET_AVX512 void full_422(const std::uint8_t* packed, std::uint8_t* rgb, std::size_t pixels) noexcept {
  for (; pixels >= 64; pixels -= 64, packed += 128, rgb += 192)
    store_pixels<lane_of_group>(rgb, convert_groups(packed), convert_groups(packed + 64));
  scalar::full_422(packed, rgb, pixels);
}

// Bytes 64 * block.. of Y1 Cb Cr Y2 Cb Cr, looked up in the 64 bytes of groups from byte 32 * block on.
constexpr Indexes replicated(std::size_t block) {
  Indexes indexes;
  for (std::size_t at = 0; at < 64; ++at) {
    const std::size_t n = 64 * block + at;
    const std::size_t group_byte = n % 3 == 0 ? n / 3 % 2 : n % 3 + 1;
    indexes.bytes[at] = static_cast<std::uint8_t>(n / 6 * 4 + group_byte - 32 * block);
  }
  return indexes;
}

TURBODICOM_TARGET_AVX512 void upsample_422(const std::uint8_t* packed, std::uint8_t* ybr, std::size_t pixels) noexcept {
  static constexpr Indexes kReplicated[3] = {replicated(0), replicated(1), replicated(2)};
  for (; pixels >= 64; pixels -= 64, packed += 128, ybr += 192) {
    const __m512i first = _mm512_loadu_si512(packed);
    const __m512i middle = _mm512_loadu_si512(packed + 32);
    const __m512i last = _mm512_loadu_si512(packed + 64);
    _mm512_storeu_si512(ybr, _mm512_permutexvar_epi8(load_indexes(kReplicated[0]), first));
    _mm512_storeu_si512(ybr + 64, _mm512_permutexvar_epi8(load_indexes(kReplicated[1]), middle));
    _mm512_storeu_si512(ybr + 128, _mm512_permutexvar_epi8(load_indexes(kReplicated[2]), last));
  }
  scalar::upsample_422(packed, ybr, pixels);
}

}  // namespace

void use_avx512(ColourKernels& kernels) noexcept {
  kernels.full = convert_444<kYbrFull, true, scalar::full>;
  kernels.full_422 = full_422;
  kernels.upsample_422 = upsample_422;
}

}  // namespace turbodicom::pixel

#endif
