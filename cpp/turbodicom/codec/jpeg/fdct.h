// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Samples to quantised coefficients: level shift, forward DCT (T.81 A.3.3), quantisation (A.3.4), zig-zag (A.3.6).
// The transform is Loeffler, Ligtenberg and Moschytz's in integers with libjpeg's constants and rounding ("islow"), so
// coefficients equal libjpeg's, on every instruction set.
#pragma once

#include <cstddef>
#include <cstdint>

#include "turbodicom/base/cpu.h"
#include "turbodicom/codec/jpeg/quantise.h"

namespace turbodicom::codec::jpeg {

// Kernels read and write whole groups of blocks: room behind the last block.
inline constexpr std::size_t kBlockGroup = 4;
constexpr std::size_t grouped(std::size_t blocks) noexcept { return (blocks + kBlockGroup - 1) / kBlockGroup * kBlockGroup; }

// `count` blocks side by side, out of 8 rows of samples `stride` samples apart, of which grouped(count) blocks can be read.
// coefficients: 64 for each of grouped(count) blocks, zig-zag order, 64-byte aligned. masks: bit k is set where coefficient
// k is not 0.
template <typename Sample>
using ForwardFn = void (*)(const Sample* samples, std::size_t stride, std::size_t count, const Divisors& divisors,
                           std::int16_t* coefficients, std::uint64_t* masks) noexcept;

struct FdctKernels {
  ForwardFn<std::uint8_t> forward_8;     // 8-bit samples, Q at most 255
  ForwardFn<std::uint16_t> forward_12;   // 12-bit samples
};

// The table of one level, and that of active_isa().
FdctKernels fdct_kernels(Isa isa) noexcept;
const FdctKernels& fdct_kernels() noexcept;

void use_avx2(FdctKernels& kernels) noexcept;
void use_avx512(FdctKernels& kernels) noexcept;

// Multipliers of the transform, 13 bits behind the point.
namespace fdct {
inline constexpr int kConstBits = 13;
inline constexpr int k0_298631336 = 2446, k0_390180644 = 3196, k0_541196100 = 4433, k0_765366865 = 6270,
                     k0_899976223 = 7373, k1_175875602 = 9633, k1_501321110 = 12299, k1_847759065 = 15137,
                     k1_961570560 = 16069, k2_053119869 = 16819, k2_562915447 = 20995, k3_072711026 = 25172;
// Bits that the first pass keeps behind the point, for samples of 8 and of 12 bits.
inline constexpr int kPass1Bits8 = 2, kPass1Bits12 = 1;
}  // namespace fdct

}  // namespace turbodicom::codec::jpeg
