// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The loops of antialias_loops.h for AVX2, and the exchange of rows and lanes by hand.
#include "turbodicom/pixel/antialias_kernels.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include "turbodicom/pixel/antialias_loops.h"

namespace turbodicom::pixel {
namespace {

TURBODICOM_TARGET_AVX2 void blend_rows(const float* const* rows, const float* weights, std::size_t taps, float* to,
                                       std::size_t count) noexcept {
  antialias_loops::blend_rows<antialias_loops::Float8>(rows, weights, taps, to, count);
}

TURBODICOM_TARGET_AVX2 void blend_columns(const float* from, const WeightTable& table, std::size_t samples, float* to) noexcept {
  antialias_loops::blend_columns<antialias_loops::Float8>(from, table, samples, to);
}

// to[j * to_stride + i] = from[i * from_stride + j], i and j below 8: pairs, then fours, then halves change places.
TURBODICOM_TARGET_AVX2 inline void exchange(const float* from, std::size_t from_stride, float* to, std::size_t to_stride) noexcept {
  __m256 rows[8], pairs[8];
  for (std::size_t i = 0; i < 8; ++i) rows[i] = _mm256_loadu_ps(from + i * from_stride);
  for (std::size_t i = 0; i < 8; i += 2) {
    pairs[i] = _mm256_unpacklo_ps(rows[i], rows[i + 1]);
    pairs[i + 1] = _mm256_unpackhi_ps(rows[i], rows[i + 1]);
  }
  for (std::size_t i = 0; i < 8; i += 4) {
    rows[i] = _mm256_shuffle_ps(pairs[i], pairs[i + 2], 0x44);
    rows[i + 1] = _mm256_shuffle_ps(pairs[i], pairs[i + 2], 0xEE);
    rows[i + 2] = _mm256_shuffle_ps(pairs[i + 1], pairs[i + 3], 0x44);
    rows[i + 3] = _mm256_shuffle_ps(pairs[i + 1], pairs[i + 3], 0xEE);
  }
  for (std::size_t i = 0; i < 4; ++i) {
    _mm256_storeu_ps(to + i * to_stride, _mm256_permute2f128_ps(rows[i], rows[i + 4], 0x20));
    _mm256_storeu_ps(to + (i + 4) * to_stride, _mm256_permute2f128_ps(rows[i], rows[i + 4], 0x31));
  }
}

TURBODICOM_TARGET_AVX2 void to_lanes(const float* from, std::size_t stride, float* to, std::size_t count) noexcept {
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) exchange(from + i, stride, to + i * kLanes, kLanes);
  antialias_loops::to_lanes(from, stride, to, i, count);
}

TURBODICOM_TARGET_AVX2 void from_lanes(const float* from, float* to, std::size_t stride, std::size_t count) noexcept {
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) exchange(from + i * kLanes, kLanes, to + i, stride);
  antialias_loops::from_lanes(from, to, stride, i, count);
}

}  // namespace

void use_avx2(AntialiasKernels& kernels) noexcept { kernels = {blend_rows, blend_columns, to_lanes, from_lanes}; }

}  // namespace turbodicom::pixel

#endif
