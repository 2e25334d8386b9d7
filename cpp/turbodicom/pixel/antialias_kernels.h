// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The sums of antialias.h. Columns are blended for eight rows at once, one beside the other ("lanes"), so that no sum is over
// a vector's elements: every instruction set adds in the same order and gives the same bits.
#pragma once

#include <cstddef>
#include <cstdint>

#include "turbodicom/base/cpu.h"

namespace turbodicom::pixel {

inline constexpr std::size_t kLanes = 8;

// Results of an axis: result i is the sum of weights[i * taps + t] * sample[begins[i] + t].
struct WeightTable {
  const std::uint32_t* begins = nullptr;
  const float* weights = nullptr;
  std::size_t taps = 0, results = 0;
};

struct AntialiasKernels {
  // to[i] = sum over t of weights[t] * rows[t][i]
  void (*blend_rows)(const float* const* rows, const float* weights, std::size_t taps, float* to, std::size_t count) noexcept;
  // Pixels of so many samples, each sample of eight lanes.
  void (*blend_columns)(const float* from, const WeightTable& table, std::size_t samples, float* to) noexcept;
  // Eight rows, `stride` floats apart, to lanes; and back.
  void (*to_lanes)(const float* from, std::size_t stride, float* to, std::size_t count) noexcept;
  void (*from_lanes)(const float* from, float* to, std::size_t stride, std::size_t count) noexcept;
};

const AntialiasKernels& antialias_kernels() noexcept;
AntialiasKernels antialias_kernels_of(Isa isa) noexcept;
#if defined(TURBODICOM_X86)
void use_avx2(AntialiasKernels& kernels) noexcept;
#endif

}  // namespace turbodicom::pixel
