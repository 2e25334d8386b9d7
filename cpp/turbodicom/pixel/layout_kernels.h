// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Three planes into pixels of three samples and back, once per instruction set. Counts in pixels;
// samples of 8 or 16 bits, as bytes because the caller's memory may not be aligned.
#pragma once

#include <cstddef>
#include <cstdint>

#include "turbodicom/base/cpu.h"

namespace turbodicom::pixel {

struct Planes {
  const std::uint8_t* plane[3];
};

struct MutablePlanes {
  std::uint8_t* plane[3];
};

using InterleaveFn = void (*)(Planes from, std::uint8_t* pixels, std::size_t count) noexcept;
using DeinterleaveFn = void (*)(const std::uint8_t* pixels, MutablePlanes to, std::size_t count) noexcept;

struct LayoutKernels {
  InterleaveFn interleave3_u8;
  InterleaveFn interleave3_u16;
  DeinterleaveFn deinterleave3_u8;
  DeinterleaveFn deinterleave3_u16;
};

const LayoutKernels& layout_kernels() noexcept;
LayoutKernels layout_kernels_of(Isa isa) noexcept;
#if defined(TURBODICOM_X86)
void use_avx2(LayoutKernels& kernels) noexcept;
#endif

}  // namespace turbodicom::pixel
