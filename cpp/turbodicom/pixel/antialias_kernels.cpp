// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/antialias_kernels.h"

#include "turbodicom/pixel/antialias_loops.h"

namespace turbodicom::pixel {
namespace {

void blend_rows(const float* const* rows, const float* weights, std::size_t taps, float* to, std::size_t count) noexcept {
  antialias_loops::blend_rows<antialias_loops::Float4>(rows, weights, taps, to, count);
}

void blend_columns(const float* from, const WeightTable& table, std::size_t samples, float* to) noexcept {
  antialias_loops::blend_columns<antialias_loops::Float4>(from, table, samples, to);
}

void to_lanes(const float* from, std::size_t stride, float* to, std::size_t count) noexcept {
  antialias_loops::to_lanes(from, stride, to, 0, count);
}

void from_lanes(const float* from, float* to, std::size_t stride, std::size_t count) noexcept {
  antialias_loops::from_lanes(from, to, stride, 0, count);
}

}  // namespace

AntialiasKernels antialias_kernels_of([[maybe_unused]] Isa isa) noexcept {
  AntialiasKernels kernels{blend_rows, blend_columns, to_lanes, from_lanes};
#if defined(TURBODICOM_X86)
  if (isa == Isa::avx2 || isa == Isa::avx512) use_avx2(kernels);
#endif
  return kernels;
}

const AntialiasKernels& antialias_kernels() noexcept {
  static const AntialiasKernels kernels = antialias_kernels_of(active_isa());
  return kernels;
}

}  // namespace turbodicom::pixel
