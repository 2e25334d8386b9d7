// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// YCbCr to RGB (T.871 7) with libjpeg-turbo's integers, and rows of planes to pixels, one row at a time. All functions
// may read whole vectors beyond their input rows, and write them beyond planes (kRowPadding of upsample.h); of interleaved
// pixels they write none too many.
#pragma once

#include <cstddef>
#include <cstdint>

#include "turbodicom/base/cpu.h"

namespace turbodicom::codec::jpeg {

// 16 bits behind the point, rounded once:
//   R = Y + 1.402 Cr, G = Y - 0.34414 Cb - 0.71414 Cr, B = Y + 1.772 Cb
// with Cb, Cr less half the range; each limited to the range.
inline constexpr std::int32_t kRedCr = 91881, kGreenCb = 22554, kGreenCr = 46802, kBlueCb = 116130;

template <typename Sample>
struct ColourFns {
  // planes[0..2] -> interleaved RGB.
  void (*rgb)(const Sample* const* planes, Sample* out, std::size_t pixels) noexcept;
  // planes[0..2] -> three planes.
  void (*planar_rgb)(const Sample* const* planes, Sample* const* out, std::size_t pixels) noexcept;
  // planes[0..2] -> interleaved as they are.
  void (*interleave)(const Sample* const* planes, Sample* out, std::size_t pixels) noexcept;
};

struct ColourKernels {
  ColourFns<std::uint8_t> of_8_bits;
  ColourFns<std::uint16_t> of_12_bits;

  template <typename Sample>
  const ColourFns<Sample>& of() const noexcept {
    if constexpr (sizeof(Sample) == 1) return of_8_bits;
    else return of_12_bits;
  }
};

const ColourKernels& colour_kernels() noexcept;
ColourKernels colour_kernels(Isa isa) noexcept;
#if defined(TURBODICOM_X86)
void use_avx2(ColourKernels& kernels) noexcept;
void use_avx512(ColourKernels& kernels) noexcept;
#endif

}  // namespace turbodicom::codec::jpeg
