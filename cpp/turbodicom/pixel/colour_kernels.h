// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The inner loops of colour.h, once per instruction set, and the constants they share.
#pragma once

#include <cstddef>
#include <cstdint>

#include "turbodicom/base/cpu.h"

namespace turbodicom::pixel {

// Places of the chroma samples in a pixel and in a 4:2:2 group (PS3.3 C.7.6.3.1.2).
#if defined(TURBODICOM_PLANT_ybr_swaps_chroma)
inline constexpr std::size_t kCb = 2, kCr = 1;
#else
inline constexpr std::size_t kCb = 1, kCr = 2;
#endif

// A transform without an offset on Y, in fixed point:
//   R = Y + (red_cr * Cr + half >> bits), G = Y - (green_cb * Cb + green_cr * Cr - half >> bits, floor),
//   B = Y + (blue_cb * Cb + half >> bits), each clamped to 0..255; Cb and Cr less 128.
struct FixedPoint {
  int bits;
  std::int32_t half;
  std::int32_t red_cr;
  std::int32_t green_cb;
  std::int32_t green_cr;
  std::int32_t blue_cb;
};

// PS3.3 C.7.6.3.1.2 (the matrix of T.871 7) for pydicom's values. With 22 bits one rounding constant
// decides all three as float32 does; its 60 beyond one half carry the exact ties (Cb = +-125 in B,
// Cb = -Cr = +-50 in G) up, which is what floor(x + 0.5) does with them.
inline constexpr FixedPoint kYbrFull{22, (1 << 21) + 60, 5880414, 1443412, 2995305, 7432307};

// ... but for 28 triples float32 falls just short of its tie: Cb = -50, Cr = 50, Y = 19..46. Their G is
// 1 lower. (Without fused multiply-add, numpy gives other values for 42 triples of these two chromas.)
inline constexpr std::uint8_t kTieCb = 78, kTieCr = 178, kTieFirstY = 19, kTieLastY = 46;

using ColourFn = void (*)(const std::uint8_t* from, std::uint8_t* rgb, std::size_t pixels) noexcept;

struct ColourKernels {
  ColourFn full;
  ColourFn full_422;
  ColourFn upsample_422;  // 8-bit samples
};

// The forms that are always there; the vector forms hand them what is left of a row.
namespace scalar {
void full(const std::uint8_t* ybr, std::uint8_t* rgb, std::size_t pixels) noexcept;
void full_422(const std::uint8_t* packed, std::uint8_t* rgb, std::size_t pixels) noexcept;
void upsample_422(const std::uint8_t* packed, std::uint8_t* ybr, std::size_t pixels) noexcept;
}  // namespace scalar

const ColourKernels& colour_kernels() noexcept;
ColourKernels colour_kernels_of(Isa isa) noexcept;
#if defined(TURBODICOM_X86)
void use_avx2(ColourKernels& kernels) noexcept;
void use_avx512(ColourKernels& kernels) noexcept;
#endif

}  // namespace turbodicom::pixel
