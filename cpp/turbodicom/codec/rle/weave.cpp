// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Scalar weaving for every number of planes, and the one selector.
#include "turbodicom/codec/rle/weave.h"

#include <algorithm>
#include <utility>

namespace turbodicom::codec::rle {
namespace {

template <std::size_t kPlanes>
void weave(const std::uint8_t* const* planes, std::size_t count, std::uint8_t* __restrict out) noexcept {
  std::array<const std::uint8_t*, kPlanes> plane;
  std::copy_n(planes, kPlanes, plane.begin());
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t k = 0; k < kPlanes; ++k) out[kPlanes * i + k] = plane[k][i];
}

void copy_plane(const std::uint8_t* const* planes, std::size_t count, std::uint8_t* out) noexcept {
  std::copy_n(planes[0], count, out);
}

template <std::size_t... kPlanes>
constexpr WeaveKernels scalar_kernels(std::index_sequence<kPlanes...>) {
  return {{nullptr, copy_plane, weave<kPlanes + 2>...}, {nullptr, copy_plane, weave<kPlanes + 2>...}};
}

}  // namespace

WeaveKernels weave_kernels(Isa isa) noexcept {
  WeaveKernels kernels = scalar_kernels(std::make_index_sequence<kMaxPlanes - 1>());
  return with_vectors(kernels, isa);
}

const WeaveKernels& weave_kernels() noexcept {
  static const WeaveKernels kernels = weave_kernels(active_isa());
  return kernels;
}

}  // namespace turbodicom::codec::rle
