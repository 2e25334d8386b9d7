// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The inner loops of palette.h, once per instruction set.
#pragma once

#include <cstddef>
#include <cstdint>

#include "turbodicom/base/cpu.h"

namespace turbodicom::pixel {

inline constexpr std::size_t kPaletteBlock = 1024;  // indexes at a time: their offsets stay in the L1 cache

// In 16-bit lanes: offset[i] = clamp(index[i] + bias, low, high) - shift, modulo 2^16; `bias` carries signed indexes to
// unsigned ones.
struct ClipRule {
  std::uint16_t bias, low, high, shift;
};

// Returns how many were clipped. Of 8- and 16-bit indexes, dense; count <= kPaletteBlock.
using OffsetsFn = std::size_t (*)(const std::uint8_t* indexes, std::size_t count, ClipRule rule, std::uint16_t* offsets) noexcept;

// channel[k][i * step] = resolved[256k + index[i]] with a step of 3, channels side by side, or 1, three planes; returns
// how many have the flag resolved[768 + index[i]].
using ResolvedFn = std::size_t (*)(const std::uint8_t* indexes, std::size_t count, const std::uint8_t* resolved,
                                   std::uint8_t* rgb) noexcept;
using ResolvedPlanesFn = std::size_t (*)(const std::uint8_t* indexes, std::size_t count, const std::uint8_t* resolved,
                                         std::uint8_t* const* planes) noexcept;

struct PaletteKernels {
  OffsetsFn offsets_u8, offsets_i8, offsets_u16, offsets_i16;
  ResolvedFn resolved;               // null, both: nothing better than offsets
  ResolvedPlanesFn resolved_planes;
};

const PaletteKernels& palette_kernels() noexcept;
PaletteKernels palette_kernels_of(Isa isa) noexcept;
#if defined(TURBODICOM_X86)
void use_avx2(PaletteKernels& kernels) noexcept;
void use_avx512(PaletteKernels& kernels) noexcept;
#endif

}  // namespace turbodicom::pixel
