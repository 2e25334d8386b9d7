// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Dequantisation and inverse DCT (T.81 A.3.3, A.3.4) with the values of libjpeg-turbo's "islow", at full size and at
// 1/2, 1/4, 1/8 of it. One call does a row of blocks. Functions of all levels give equal bits.
//
// 8 bits: the arithmetic of libjpeg-turbo's vector code, to the wraps and saturations that only damaged streams reach.
// 12 bits: that of its C code, which is wide enough for everything.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "turbodicom/base/cpu.h"
#include "turbodicom/codec/jpeg/parameters.h"

namespace turbodicom::codec::jpeg {

// A quantisation table in natural order. libjpeg-turbo multiplies by the 16 bits as a signed number, and so do we.
struct Dequantiser {
  alignas(64) std::array<std::int16_t, 64> step{};
};
Dequantiser dequantiser(const QuantTable& zig_zag) noexcept;

// `count` blocks side by side, `edge` x `edge` samples each: the first one's top left sample is *out, rows are `stride`
// samples apart. `last` (McuRow::last) may be null.
template <typename Sample>
using IdctFn = void (*)(const std::int16_t* blocks, const std::uint8_t* last, std::size_t count,
                        const Dequantiser& table, Sample* out, std::ptrdiff_t stride) noexcept;

// By halvings of the edge: 8, 4, 2, 1 samples.
struct IdctKernels {
  std::array<IdctFn<std::uint8_t>, 4> of_8_bits;
  std::array<IdctFn<std::uint16_t>, 4> of_12_bits;

  template <typename Sample>
  IdctFn<Sample> of(std::uint32_t halvings) const noexcept {
    if constexpr (sizeof(Sample) == 1) return of_8_bits[halvings];
    else return of_12_bits[halvings];
  }
};

const IdctKernels& idct_kernels() noexcept;
IdctKernels idct_kernels(Isa isa) noexcept;

// The forms that are always there; the vector forms hand them the blocks whose values their registers cannot hold.
namespace scalar {
void idct_8_bits(const std::int16_t* blocks, const std::uint8_t* last, std::size_t count, const Dequantiser& table,
                 std::uint8_t* out, std::ptrdiff_t stride) noexcept;
void idct_12_bits(const std::int16_t* blocks, const std::uint8_t* last, std::size_t count, const Dequantiser& table,
                  std::uint16_t* out, std::ptrdiff_t stride) noexcept;
}  // namespace scalar
void use_reduced(IdctKernels& kernels) noexcept;  // idct_reduced.cpp: 4, 2, 1 samples
#if defined(TURBODICOM_X86)
void use_avx2(IdctKernels& kernels) noexcept;
void use_avx512(IdctKernels& kernels) noexcept;
#endif

}  // namespace turbodicom::codec::jpeg
