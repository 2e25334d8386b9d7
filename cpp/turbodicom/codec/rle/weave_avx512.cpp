// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Weaving as in weave_avx2.cpp, with permutations of whole registers of 64 bytes; the last, shorter block
// goes the same way under masks, so that a frame of a few rows costs no byte loop.
#include "turbodicom/codec/rle/weave.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include <algorithm>

namespace turbodicom::codec::rle {
namespace {

constexpr std::size_t kLanes = 64;
using Indexes = std::array<std::uint8_t, kLanes>;

// For `ways` inputs woven by elements of `unit` bytes: the byte of its input that goes to each byte of output
// block `block`, plus 64 where that is the second input (the second register of a two-register look-up).
constexpr Indexes woven(std::size_t ways, std::size_t unit, std::size_t block) {
  Indexes indexes{};
  for (std::size_t i = 0; i < kLanes; ++i) {
    const std::size_t element = (block * kLanes + i) / unit;
    indexes[i] = static_cast<std::uint8_t>(element / ways * unit + i % unit + (element % ways == 1 ? kLanes : 0));
  }
  return indexes;
}

constexpr __mmask64 bytes_of_third(std::size_t unit, std::size_t block) {
  __mmask64 mask = 0;
  for (std::size_t i = 0; i < kLanes; ++i)
    if ((block * kLanes + i) / unit % 3 == 2) mask |= __mmask64{1} << i;
  return mask;
}

template <std::size_t kUnit>
struct Tables {
  alignas(64) static constexpr Indexes two[2] = {woven(2, kUnit, 0), woven(2, kUnit, 1)};
  alignas(64) static constexpr Indexes three[3] = {woven(3, kUnit, 0), woven(3, kUnit, 1), woven(3, kUnit, 2)};
  static constexpr __mmask64 third[3] = {bytes_of_third(kUnit, 0), bytes_of_third(kUnit, 1), bytes_of_third(kUnit, 2)};
};

// a0 b0 a1 b1 ... for elements of kUnit bytes.
template <std::size_t kUnit>
TURBODICOM_TARGET_AVX512 inline void weave_pair(__m512i a, __m512i b, __m512i* out) {
  for (std::size_t block = 0; block < 2; ++block)
    out[block] = _mm512_permutex2var_epi8(a, _mm512_load_si512(Tables<kUnit>::two[block].data()), b);
}

// a0 b0 c0 a1 b1 c1 ...
template <std::size_t kUnit>
TURBODICOM_TARGET_AVX512 inline void weave_three(__m512i a, __m512i b, __m512i c, __m512i* out) {
  for (std::size_t block = 0; block < 3; ++block) {
    const __m512i indexes = _mm512_load_si512(Tables<kUnit>::three[block].data());
    const __m512i two = _mm512_permutex2var_epi8(a, indexes, b);
    out[block] = _mm512_mask_permutexvar_epi8(two, Tables<kUnit>::third[block], indexes, c);
  }
}

// Samples of kBytes bytes, those of `lanes`.
template <std::size_t kBytes>
TURBODICOM_TARGET_AVX512 inline void weave_sample(const std::uint8_t* const* planes, std::size_t i, __mmask64 lanes,
                                                  __m512i* out) {
  if constexpr (kBytes == 1) {
    out[0] = _mm512_maskz_loadu_epi8(lanes, planes[0] + i);
  } else {
    constexpr std::size_t kHalf = kBytes / 2;
    __m512i first[kHalf], second[kHalf];
    weave_sample<kHalf>(planes, i, lanes, first);
    weave_sample<kHalf>(planes + kHalf, i, lanes, second);
    for (std::size_t k = 0; k < kHalf; ++k) weave_pair<kHalf>(first[k], second[k], out + 2 * k);
  }
}

template <std::size_t kPlanes>
TURBODICOM_TARGET_AVX512 inline void weave_pixels(const std::uint8_t* const* planes, std::size_t i, __mmask64 lanes,
                                                  __m512i* out) {
  if constexpr (kPlanes % 3 != 0) {
    weave_sample<kPlanes>(planes, i, lanes, out);
  } else {
    constexpr std::size_t kBytes = kPlanes / 3;
    __m512i a[kBytes], b[kBytes], c[kBytes];
    weave_sample<kBytes>(planes, i, lanes, a);
    weave_sample<kBytes>(planes + kBytes, i, lanes, b);
    weave_sample<kBytes>(planes + 2 * kBytes, i, lanes, c);
    for (std::size_t k = 0; k < kBytes; ++k) weave_three<kBytes>(a[k], b[k], c[k], out + 3 * k);
  }
}

TURBODICOM_TARGET_AVX512 inline __mmask64 first_lanes(std::size_t count) {
  return _bzhi_u64(~std::uint64_t{0}, static_cast<unsigned>(std::min(count, kLanes)));
}

// `count` pixels, at most kLanes of them.
template <std::size_t kPlanes>
TURBODICOM_TARGET_AVX512 void weave_few(const std::uint8_t* const* planes, std::size_t i, std::size_t count, std::uint8_t* out) noexcept {
  __m512i pixels[kPlanes];
  weave_pixels<kPlanes>(planes, i, first_lanes(count), pixels);
  const std::size_t bytes = count * kPlanes;
  for (std::size_t k = 0; k < kPlanes; ++k)
    if (k * kLanes < bytes)
      _mm512_mask_storeu_epi8(out + k * kLanes, first_lanes(bytes - k * kLanes), pixels[k]);
}

// Pixels in front of the first one that begins a cache line; kLanes when none ever does.
template <std::size_t kPlanes>
std::size_t pixels_to_line(const std::uint8_t* out) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(out);
  std::size_t pixels = 0;
  while (pixels < kLanes && (address + pixels * kPlanes) % 64 != 0) ++pixels;
  return pixels;
}

template <std::size_t kPlanes, bool kPastCaches>
TURBODICOM_TARGET_AVX512 void weave(const std::uint8_t* const* planes, std::size_t count, std::uint8_t* out) noexcept {
  std::array<const std::uint8_t*, kPlanes> plane;  // a copy: `out` might alias the caller's
  std::copy_n(planes, kPlanes, plane.begin());
  __m512i pixels[kPlanes];
  std::size_t i = 0;
  if (kPastCaches) {
    const std::size_t first = pixels_to_line<kPlanes>(out);
    if (first < kLanes && first < count) {
      weave_few<kPlanes>(plane.data(), 0, first, out);
      i = first;
      out += first * kPlanes;
      for (; i + kLanes <= count; i += kLanes, out += kPlanes * kLanes) {
        weave_pixels<kPlanes>(plane.data(), i, ~__mmask64{0}, pixels);
        for (std::size_t k = 0; k < kPlanes; ++k) _mm512_stream_si512(reinterpret_cast<__m512i*>(out + k * kLanes), pixels[k]);
      }
    }
  }
  for (; i + kLanes <= count; i += kLanes, out += kPlanes * kLanes) {
    weave_pixels<kPlanes>(plane.data(), i, ~__mmask64{0}, pixels);
    for (std::size_t k = 0; k < kPlanes; ++k) _mm512_storeu_si512(out + k * kLanes, pixels[k]);
  }
  if (i < count) weave_few<kPlanes>(plane.data(), i, count - i, out);
}

template <std::size_t kPlanes>
void use(WeaveKernels& kernels) noexcept {
  if (kPlanes > 1) kernels.of[kPlanes] = weave<kPlanes, false>;
  kernels.past_caches[kPlanes] = weave<kPlanes, true>;
}

}  // namespace

void use_avx512(WeaveKernels& kernels) noexcept {
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
