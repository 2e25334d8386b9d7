// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// From strips of segments to samples and back: which byte of which sample a segment holds
// (PS3.5 G.2), and where it lies in the image. Dense images go through the weave kernels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "turbodicom/base/image_view.h"

namespace turbodicom::codec::rle {

// The samples [first, first + samples) of every pixel that are decoded side by side: all of them where
// they lie side by side in memory, else one at a time.
struct SampleGroup {
  std::uint32_t first = 0;
  std::uint32_t samples = 1;
};
std::uint32_t samples_per_group(const ImageView& image) noexcept;

// The k-th segment of a group holds byte `sample_bytes - 1 - k % sample_bytes` of its sample, counted from
// the least significant one, which comes first in memory (PS3.5 G.2).
constexpr std::size_t byte_in_memory(std::size_t segment, std::size_t sample_bytes) noexcept {
  return segment / sample_bytes * sample_bytes + (sample_bytes - 1 - segment % sample_bytes);
}

// Writes `count` pixels from pixel `first_pixel` on, in row-major order. strips[k] holds byte k of the
// group's samples, as byte_in_memory() counts them.
void place(const ImageView& image, SampleGroup group, std::span<const std::uint8_t* const> strips,
           std::size_t first_pixel, std::size_t count, bool passes_caches) noexcept;

// Zeros in every sample; bytes between samples stay.
void fill_with_zeros(const ImageView& image) noexcept;

// The reverse for one row: the bytes that `segment` of the frame holds of `row`.
void gather_row(const ConstImageView& image, std::size_t segment, std::size_t row, std::uint8_t* bytes) noexcept;

}  // namespace turbodicom::codec::rle
