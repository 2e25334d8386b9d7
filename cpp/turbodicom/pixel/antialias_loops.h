// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The loops of antialias_kernels.h, compiled once per instruction set with the compilers' own vector type of the size of
// its registers (GCC keeps larger ones in memory). Included by antialias_kernels.cpp and antialias_avx2.cpp only.
#pragma once

#include <cstring>

#include "turbodicom/pixel/antialias_kernels.h"

namespace turbodicom::pixel::antialias_loops {

typedef float Float4 __attribute__((vector_size(16)));
typedef float Float8 __attribute__((vector_size(32)));
template <class Vector>
inline constexpr std::size_t kWidth = sizeof(Vector) / sizeof(float);

#define TURBODICOM_LOOP [[gnu::always_inline]] inline

template <class Vector>
TURBODICOM_LOOP void load(Vector& vector, const float* from) noexcept {
  std::memcpy(&vector, from, sizeof vector);
}

template <class Vector>
TURBODICOM_LOOP void store(float* to, const Vector& vector) noexcept {
  std::memcpy(to, &vector, sizeof vector);
}

// Four vectors of sums at a time stay in registers.
template <class Vector>
TURBODICOM_LOOP void blend_rows(const float* const* rows, const float* weights, std::size_t taps, float* to, std::size_t count) noexcept {
  constexpr std::size_t kStep = kWidth<Vector>;
  std::size_t i = 0;
  for (; i + 4 * kStep <= count; i += 4 * kStep) {
    Vector a, b, c, d, next;
    load(a, rows[0] + i);
    load(b, rows[0] + i + kStep);
    load(c, rows[0] + i + 2 * kStep);
    load(d, rows[0] + i + 3 * kStep);
    a *= weights[0];
    b *= weights[0];
    c *= weights[0];
    d *= weights[0];
    for (std::size_t tap = 1; tap < taps; ++tap) {
      const float* const row = rows[tap] + i;
      load(next, row);
      a += next * weights[tap];
      load(next, row + kStep);
      b += next * weights[tap];
      load(next, row + 2 * kStep);
      c += next * weights[tap];
      load(next, row + 3 * kStep);
      d += next * weights[tap];
    }
    store(to + i, a);
    store(to + i + kStep, b);
    store(to + i + 2 * kStep, c);
    store(to + i + 3 * kStep, d);
  }
  for (; i < count; ++i) {
    float sum = rows[0][i] * weights[0];
    for (std::size_t tap = 1; tap < taps; ++tap) sum += rows[tap][i] * weights[tap];
    to[i] = sum;
  }
}

template <class Vector>
TURBODICOM_LOOP void blend_columns(const float* from, const WeightTable& by, std::size_t samples, float* to) noexcept {
  const WeightTable table = by;
  const float* weights = table.weights;
  const std::size_t pixel = samples * kLanes;
  for (std::size_t result = 0; result < table.results; ++result, weights += table.taps) {
    const float* first = from + table.begins[result] * pixel;
    for (std::size_t i = 0; i < pixel; i += kWidth<Vector>) {
      const float* lanes = first + i;
      Vector sum, next;
      load(sum, lanes);
      sum *= weights[0];
      for (std::size_t tap = 1; tap < table.taps; ++tap) {
        lanes += pixel;
        load(next, lanes);
        sum += next * weights[tap];
      }
      store(to + i, sum);
    }
    to += pixel;
  }
}

TURBODICOM_LOOP void to_lanes(const float* from, std::size_t stride, float* to, std::size_t begin, std::size_t count) noexcept {
  for (std::size_t i = begin; i < count; ++i)
    for (std::size_t lane = 0; lane < kLanes; ++lane) to[i * kLanes + lane] = from[lane * stride + i];
}

TURBODICOM_LOOP void from_lanes(const float* from, float* to, std::size_t stride, std::size_t begin, std::size_t count) noexcept {
  for (std::size_t lane = 0; lane < kLanes; ++lane)
    for (std::size_t i = begin; i < count; ++i) to[lane * stride + i] = from[i * kLanes + lane];
}

}  // namespace turbodicom::pixel::antialias_loops
