// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Subsampled components made as wide as the image, one row at a time, with libjpeg-turbo's "fancy" values: a triangle
// filter where a component has half the samples, replication elsewhere.
//
// Rows come padded: the samples before the first and behind the last repeat them, which makes the formulas hold at the
// edges too. Functions read and write whole vectors: rows have kRowPadding samples to spare on both sides.
#pragma once

#include <cstddef>
#include <cstdint>

#include "turbodicom/base/cpu.h"

namespace turbodicom::codec::jpeg {

inline constexpr std::size_t kRowPadding = 64;

// Half as wide: 2 x `count` samples from `count`.
//   out[2 i] = (3 in[i] + in[i - 1] + 1) / 4, out[2 i + 1] = (3 in[i] + in[i + 1] + 2) / 4
template <typename Sample>
using UpsampleH2Fn = void (*)(const Sample* in, Sample* out, std::size_t count) noexcept;

// Half as high: (3 near[i] + far[i] + bias) / 4; bias is 1 where the far row is the upper one, else 2.
template <typename Sample>
using UpsampleV2Fn = void (*)(const Sample* near, const Sample* far, int bias, Sample* out, std::size_t count) noexcept;

// Both: with sum[i] = 3 near[i] + far[i],
//   out[2 i] = (3 sum[i] + sum[i - 1] + 8) / 16, out[2 i + 1] = (3 sum[i] + sum[i + 1] + 7) / 16
template <typename Sample>
using UpsampleH2V2Fn = void (*)(const Sample* near, const Sample* far, Sample* out, std::size_t count) noexcept;

template <typename Sample>
struct UpsampleFns {
  UpsampleH2Fn<Sample> h2;
  UpsampleV2Fn<Sample> v2;
  UpsampleH2V2Fn<Sample> h2v2;
};

struct UpsampleKernels {
  UpsampleFns<std::uint8_t> of_8_bits;
  UpsampleFns<std::uint16_t> of_12_bits;

  template <typename Sample>
  const UpsampleFns<Sample>& of() const noexcept {
    if constexpr (sizeof(Sample) == 1) return of_8_bits;
    else return of_12_bits;
  }
};

const UpsampleKernels& upsample_kernels() noexcept;
UpsampleKernels upsample_kernels(Isa isa) noexcept;
#if defined(TURBODICOM_X86)
void use_avx2(UpsampleKernels& kernels) noexcept;
void use_avx512(UpsampleKernels& kernels) noexcept;
#endif

}  // namespace turbodicom::codec::jpeg
