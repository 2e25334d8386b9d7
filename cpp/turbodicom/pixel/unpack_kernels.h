// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The inner loop of unpack_bits, once per instruction set (EXAMPLES: function tables).
#pragma once

#include <cstddef>
#include <cstdint>

#include "turbodicom/base/cpu.h"

namespace turbodicom::pixel {

// The bit of a byte that holds its pixel cell number `cell` (PS3.5 8.1.1: the first is the lowest).
constexpr std::uint8_t bit_of_cell(unsigned cell) noexcept {
#if defined(TURBODICOM_PLANT_unpack_bits_msb_first)
  return static_cast<std::uint8_t>(0x80u >> cell);
#else
  return static_cast<std::uint8_t>(1u << cell);
#endif
}

struct UnpackKernels {
  // out[i] = bit i of `packed`, as 0 or 1.
  void (*unpack_bits)(const std::uint8_t* packed, std::uint8_t* out, std::size_t count) noexcept;
};

const UnpackKernels& unpack_kernels() noexcept;
UnpackKernels unpack_kernels_of(Isa isa) noexcept;
#if defined(TURBODICOM_X86)
void use_avx2(UnpackKernels& kernels) noexcept;
#endif

}  // namespace turbodicom::pixel
