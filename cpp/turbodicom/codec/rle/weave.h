// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Planes of bytes, one a segment, woven into dense pixels: out[n * i + k] = planes[k][i] for n planes.
// One function for each number of planes; weave.cpp holds the scalar ones and the selector, and all
// levels give equal bits.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "turbodicom/base/cpu.h"

namespace turbodicom::codec::rle {

inline constexpr std::size_t kMaxPlanes = 15;  // as many as segments (PS3.5 G.5)

// Reads `count` bytes of each plane, writes as many pixels, nothing else.
using WeaveFn = void (*)(const std::uint8_t* const* planes, std::size_t count, std::uint8_t* out) noexcept;

// By number of planes; that of none is null. The second ones write past the caches, where the level can: see
// StoresPastCaches.
struct WeaveKernels {
  std::array<WeaveFn, kMaxPlanes + 1> of, past_caches;
};

// The table of one level, and that of active_isa().
WeaveKernels weave_kernels(Isa isa) noexcept;
const WeaveKernels& weave_kernels() noexcept;

void use_avx2(WeaveKernels& kernels) noexcept;
void use_avx512(WeaveKernels& kernels) noexcept;

}  // namespace turbodicom::codec::rle
