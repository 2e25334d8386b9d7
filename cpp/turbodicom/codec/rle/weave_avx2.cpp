// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Weaving with shuffles within registers of 16 bytes. Planes become samples by doubling: bytes to pairs,
// pairs to fours, fours to eights; three samples become pixels in one more step. So no byte is stored
// by itself, which is what makes the scalar form slow.
#include "turbodicom/codec/rle/weave.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include <algorithm>

namespace turbodicom::codec::rle {
namespace {

constexpr std::size_t kLanes = 16;

// a0 b0 a1 b1 ... for elements of kUnit bytes.
template <std::size_t kUnit>
TURBODICOM_TARGET_AVX2 inline void weave_pair(__m128i a, __m128i b, __m128i* out) {
  if constexpr (kUnit == 1) {
    out[0] = _mm_unpacklo_epi8(a, b);
    out[1] = _mm_unpackhi_epi8(a, b);
  } else if constexpr (kUnit == 2) {
    out[0] = _mm_unpacklo_epi16(a, b);
    out[1] = _mm_unpackhi_epi16(a, b);
  } else {
    out[0] = _mm_unpacklo_epi32(a, b);
    out[1] = _mm_unpackhi_epi32(a, b);
  }
}

// For a0 b0 c0 a1 b1 c1 ...: the byte of the input that goes to each byte of output block `block`;
// 0x80 leaves a zero for another input.
using Shuffle = std::array<std::uint8_t, kLanes>;
constexpr Shuffle third_to_block(std::size_t unit, std::size_t third, std::size_t block) {
  Shuffle shuffle{};
  for (std::size_t i = 0; i < kLanes; ++i) {
    const std::size_t element = (block * kLanes + i) / unit;
    shuffle[i] = element % 3 == third ? static_cast<std::uint8_t>(element / 3 * unit + i % unit) : std::uint8_t{0x80};
  }
  return shuffle;
}

template <std::size_t kUnit>
struct Thirds {
  alignas(16) static constexpr Shuffle to_block[3][3] = {
      {third_to_block(kUnit, 0, 0), third_to_block(kUnit, 1, 0), third_to_block(kUnit, 2, 0)},
      {third_to_block(kUnit, 0, 1), third_to_block(kUnit, 1, 1), third_to_block(kUnit, 2, 1)},
      {third_to_block(kUnit, 0, 2), third_to_block(kUnit, 1, 2), third_to_block(kUnit, 2, 2)}};
};

TURBODICOM_TARGET_AVX2 inline __m128i shuffled(__m128i bytes, const Shuffle& shuffle) {
  return _mm_shuffle_epi8(bytes, _mm_load_si128(reinterpret_cast<const __m128i*>(shuffle.data())));
}

template <std::size_t kUnit>
TURBODICOM_TARGET_AVX2 inline void weave_three(__m128i a, __m128i b, __m128i c, __m128i* out) {
  for (std::size_t block = 0; block < 3; ++block) {
    const auto& shuffle = Thirds<kUnit>::to_block[block];
    out[block] = _mm_or_si128(_mm_or_si128(shuffled(a, shuffle[0]), shuffled(b, shuffle[1])), shuffled(c, shuffle[2]));
  }
}

// Sixteen samples of kBytes bytes.
template <std::size_t kBytes>
TURBODICOM_TARGET_AVX2 inline void weave_sample(const std::uint8_t* const* planes, std::size_t i, __m128i* out) {
  if constexpr (kBytes == 1) {
    out[0] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(planes[0] + i));
  } else {
    constexpr std::size_t kHalf = kBytes / 2;
    __m128i first[kHalf], second[kHalf];
    weave_sample<kHalf>(planes, i, first);
    weave_sample<kHalf>(planes + kHalf, i, second);
    for (std::size_t k = 0; k < kHalf; ++k) weave_pair<kHalf>(first[k], second[k], out + 2 * k);
  }
}

// Sixteen pixels.
template <std::size_t kPlanes>
TURBODICOM_TARGET_AVX2 inline void weave_pixels(const std::uint8_t* const* planes, std::size_t i, __m128i* out) {
  if constexpr (kPlanes % 3 != 0) {
    weave_sample<kPlanes>(planes, i, out);
  } else {
    constexpr std::size_t kBytes = kPlanes / 3;
    __m128i a[kBytes], b[kBytes], c[kBytes];
    weave_sample<kBytes>(planes, i, a);
    weave_sample<kBytes>(planes + kBytes, i, b);
    weave_sample<kBytes>(planes + 2 * kBytes, i, c);
    for (std::size_t k = 0; k < kBytes; ++k) weave_three<kBytes>(a[k], b[k], c[k], out + 3 * k);
  }
}

template <bool kPastCaches>
TURBODICOM_TARGET_AVX2 inline void store(std::uint8_t* to, __m128i bytes) {
  if constexpr (kPastCaches) _mm_stream_si128(reinterpret_cast<__m128i*>(to), bytes);
  else _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
}

template <std::size_t kPlanes, bool kPastCaches>
TURBODICOM_TARGET_AVX2 void weave(const std::uint8_t* const* planes, std::size_t count, std::uint8_t* out) noexcept {
  if (kPastCaches && reinterpret_cast<std::uintptr_t>(out) % 16 != 0) return weave<kPlanes, false>(planes, count, out);
  std::array<const std::uint8_t*, kPlanes> plane;  // a copy: `out` might alias the caller's
  std::copy_n(planes, kPlanes, plane.begin());
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes, out += kPlanes * kLanes) {
    __m128i pixels[kPlanes];
    weave_pixels<kPlanes>(plane.data(), i, pixels);
    for (std::size_t k = 0; k < kPlanes; ++k) store<kPastCaches>(out + k * kLanes, pixels[k]);
  }
  for (; i < count; ++i)
    for (std::size_t k = 0; k < kPlanes; ++k) *out++ = plane[k][i];
}

template <std::size_t kPlanes>
void use(WeaveKernels& kernels) noexcept {
  if (kPlanes > 1) kernels.of[kPlanes] = weave<kPlanes, false>;
  kernels.past_caches[kPlanes] = weave<kPlanes, true>;
}

}  // namespace

void use_avx2(WeaveKernels& kernels) noexcept {
  use<1>(kernels);
  use<2>(kernels);
  use<3>(kernels);
  use<4>(kernels);
  use<6>(kernels);
  use<8>(kernels);
  use<12>(kernels);
}

}  // namespace turbodicom::codec::rle

#endif
