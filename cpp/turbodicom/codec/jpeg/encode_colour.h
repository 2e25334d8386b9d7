// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// What happens to rows of samples in front of the FDCT: pixels taken apart, RGB -> YCbCr (T.871 7), chroma downsampled.
// Arithmetic and rounding are libjpeg's; all levels give equal bits.
#pragma once

#include <cstddef>
#include <cstdint>

#include "turbodicom/base/cpu.h"

namespace turbodicom::codec::jpeg {

// Kernels may read and write as if counts were multiples of this.
inline constexpr std::size_t kRowGroup = 64;

template <typename Sample>
struct EncodeColourFns {
  // r, g, b become y, cb, cr.
  void (*to_ycc)(Sample* r, Sample* g, Sample* b, std::size_t count) noexcept;
  // Means of 2 x 1 and 2 x 2 samples; halves are rounded down and up by turns.
  void (*halve)(const Sample* row, std::size_t count_out, Sample* out) noexcept;
  void (*quarter)(const Sample* upper, const Sample* lower, std::size_t count_out, Sample* out) noexcept;
};

struct EncodeColourKernels {
  EncodeColourFns<std::uint8_t> of_8;
  EncodeColourFns<std::uint16_t> of_12;
  // Interleaved pixels of three bytes into three rows. Reads no byte behind the last pixel.
  void (*split)(const std::uint8_t* pixels, std::size_t count, std::uint8_t* const* rows) noexcept;
};

// The table of one level, and that of active_isa().
EncodeColourKernels encode_colour_kernels(Isa isa) noexcept;
const EncodeColourKernels& encode_colour_kernels() noexcept;

void use_avx2(EncodeColourKernels& kernels) noexcept;
void use_avx512(EncodeColourKernels& kernels) noexcept;

// Means of h x v samples, halves rounded up: `rows` are v rows. For the samplings the kernels do not have.
template <typename Sample>
void downsample_box(const Sample* const* rows, std::size_t h, std::size_t v, std::size_t count_out, Sample* out) noexcept {
  const auto area = static_cast<std::uint32_t>(h * v);
  for (std::size_t i = 0; i < count_out; ++i) {
    std::uint32_t sum = area / 2;
    for (std::size_t y = 0; y < v; ++y)
      for (std::size_t x = 0; x < h; ++x) sum += rows[y][i * h + x];
    out[i] = static_cast<Sample>(sum / area);
  }
}

}  // namespace turbodicom::codec::jpeg
