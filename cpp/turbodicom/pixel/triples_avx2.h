// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// 96 bytes of three-sample pixels <-> three vectors of one sample each, for 8- and 16-bit samples.
//
// A 128-bit lane takes 48 bytes, in three vectors m0 m1 m2. Sample k of pixel i is element 3i + k of
// the 48 bytes, so place (3i + k) mod n of one of the three (n = 16 or 8 elements a vector). 3 and n
// have no common factor: the places of one k are all different. So two blends gather a channel's
// elements from the three vectors, and one shuffle puts them in order; storing does it backwards.
#pragma once

#include "turbodicom/base/cpu.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace turbodicom::pixel {

struct Triples {
  __m256i channel[3];  // lane 0: the first pixels, lane 1: the next ones
};

// For channel k, each in both lanes: which places come from m1 and from m2, where the element for
// place i lies after blending (gather), and where the element at place p comes from (scatter).
template <std::size_t kSampleBytes>
struct TripleMasks {
  struct alignas(32) Mask {
    std::array<std::uint8_t, 32> bytes{};
  };
  Mask from_m1[3], from_m2[3], gather[3], scatter[3];

  constexpr TripleMasks() {
    constexpr std::size_t n = 16 / kSampleBytes;
    for (std::size_t k = 0; k < 3; ++k)
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t b = 0; b < kSampleBytes; ++b) {
          const std::size_t ordered = i * kSampleBytes + b;
          const std::size_t place = (3 * i + k) % n * kSampleBytes + b;
          const std::size_t vector = (3 * i + k) / n;
          set(gather[k], ordered, place);
          set(scatter[k], place, ordered);
          if (vector == 1) set(from_m1[k], place, 0xFF);
          if (vector == 2) set(from_m2[k], place, 0xFF);
        }
  }

 private:
  static constexpr void set(Mask& mask, std::size_t at, std::size_t value) {
    mask.bytes[at] = static_cast<std::uint8_t>(value);
    mask.bytes[at + 16] = static_cast<std::uint8_t>(value);
  }
};

template <std::size_t kSampleBytes>
inline constexpr TripleMasks<kSampleBytes> kTripleMasks{};

template <typename Mask>
TURBODICOM_TARGET_AVX2 inline __m256i load_mask(const Mask& mask) noexcept {
  return _mm256_load_si256(reinterpret_cast<const __m256i*>(mask.bytes.data()));
}

TURBODICOM_TARGET_AVX2 inline __m256i load_256(const std::uint8_t* from) noexcept {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}

TURBODICOM_TARGET_AVX2 inline void store_256(std::uint8_t* to, __m256i value) noexcept {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), value);
}

// Bytes 0..15 and 48..63 of the 96, and so on: each lane gets its own 48 bytes.
TURBODICOM_TARGET_AVX2 inline __m256i load_lanes(const std::uint8_t* from) noexcept {
  return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))),
                                 _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + 48)), 1);
}

template <std::size_t kSampleBytes>
TURBODICOM_TARGET_AVX2 inline Triples load_triples(const std::uint8_t* from) noexcept {
  constexpr const TripleMasks<kSampleBytes>& masks = kTripleMasks<kSampleBytes>;
  const __m256i m0 = load_lanes(from), m1 = load_lanes(from + 16), m2 = load_lanes(from + 32);
  Triples triples;
  for (std::size_t k = 0; k < 3; ++k) {
    const __m256i mixed = _mm256_blendv_epi8(_mm256_blendv_epi8(m0, m1, load_mask(masks.from_m1[k])), m2,
                                             load_mask(masks.from_m2[k]));
    triples.channel[k] = _mm256_shuffle_epi8(mixed, load_mask(masks.gather[k]));
  }
  return triples;
}

template <std::size_t kSampleBytes>
TURBODICOM_TARGET_AVX2 inline void store_triples(std::uint8_t* to, const Triples& triples) noexcept {
  constexpr const TripleMasks<kSampleBytes>& masks = kTripleMasks<kSampleBytes>;
  __m256i placed[3];
  for (std::size_t k = 0; k < 3; ++k)
    placed[k] = _mm256_shuffle_epi8(triples.channel[k], load_mask(masks.scatter[k]));
  // Vector m takes its place p from the one channel that has p there.
  __m256i m[3];
  m[0] = placed[0];
  for (std::size_t k = 1; k < 3; ++k) {
    const __m256i later = _mm256_or_si256(load_mask(masks.from_m1[k]), load_mask(masks.from_m2[k]));
    m[0] = _mm256_blendv_epi8(placed[k], m[0], later);
  }
  m[1] = _mm256_blendv_epi8(_mm256_blendv_epi8(placed[0], placed[1], load_mask(masks.from_m1[1])), placed[2],
                            load_mask(masks.from_m1[2]));
  m[2] = _mm256_blendv_epi8(_mm256_blendv_epi8(placed[0], placed[1], load_mask(masks.from_m2[1])), placed[2],
                            load_mask(masks.from_m2[2]));
  store_256(to, _mm256_permute2x128_si256(m[0], m[1], 0x20));
  store_256(to + 32, _mm256_permute2x128_si256(m[2], m[0], 0x30));
  store_256(to + 64, _mm256_permute2x128_si256(m[1], m[2], 0x31));
}

}  // namespace turbodicom::pixel

#endif
