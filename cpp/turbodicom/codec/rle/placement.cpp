// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/rle/placement.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "turbodicom/codec/rle/header.h"
#include "turbodicom/codec/rle/weave.h"

namespace turbodicom::codec::rle {
namespace {

static_assert(kMaxPlanes == kMaxSegments);

using Strips = std::span<const std::uint8_t* const>;

bool samples_adjoin(const ImageView& image) noexcept {
  const auto bytes = static_cast<std::ptrdiff_t>(image.sample_bytes());
  return (image.samples == 1 || image.sample_stride == bytes) &&
         image.column_stride == bytes * static_cast<std::ptrdiff_t>(image.samples);
}

// Any number of bytes a pixel, every `step` bytes.
void scatter(Strips strips, std::size_t count, std::ptrdiff_t step, std::uint8_t* out) noexcept {
  for (std::size_t plane = 0; plane < strips.size(); ++plane) {
    const std::uint8_t* from = strips[plane];
    std::uint8_t* to = out + plane;
    for (std::size_t i = 0; i < count; ++i, to += step) *to = from[i];
  }
}

void place_piece(Strips strips, std::size_t count, std::ptrdiff_t step, std::uint8_t* out, bool passes_caches) noexcept {
  if (step != static_cast<std::ptrdiff_t>(strips.size())) return scatter(strips, count, step, out);
  const WeaveKernels& kernels = weave_kernels();
  (passes_caches ? kernels.past_caches : kernels.of)[strips.size()](strips.data(), count, out);
}

// A step of two or four bytes is what 8-bit gathers meet; constants let the compiler vectorise.
template <std::ptrdiff_t kStep>
void gather(const std::uint8_t* __restrict from, std::size_t count, std::uint8_t* __restrict bytes) noexcept {
  for (std::size_t i = 0; i < count; ++i) bytes[i] = from[static_cast<std::ptrdiff_t>(i) * kStep];
}

}  // namespace

std::uint32_t samples_per_group(const ImageView& image) noexcept { return samples_adjoin(image) ? image.samples : 1; }

void place(const ImageView& image, SampleGroup group, std::span<const std::uint8_t* const> strips,
           std::size_t first_pixel, std::size_t count, bool passes_caches) noexcept {
  const std::ptrdiff_t step = image.column_stride;
  if (image.row_stride == step * static_cast<std::ptrdiff_t>(image.columns))
    return place_piece(strips, count, step, image.at(0, first_pixel, group.first), passes_caches);
  std::array<const std::uint8_t*, kMaxPlanes> rest;
  std::copy(strips.begin(), strips.end(), rest.begin());
  while (count > 0) {
    const std::size_t column = first_pixel % image.columns;
    const std::size_t piece = std::min<std::size_t>(count, image.columns - column);
    place_piece({rest.data(), strips.size()}, piece, step, image.at(first_pixel / image.columns, column, group.first),
                passes_caches);
    for (std::size_t k = 0; k < strips.size(); ++k) rest[k] += piece;
    first_pixel += piece;
    count -= piece;
  }
}

void fill_with_zeros(const ImageView& image) noexcept {
  const std::size_t bytes = image.sample_bytes();
  for (std::size_t row = 0; row < image.rows; ++row)
    for (std::size_t column = 0; column < image.columns; ++column)
      for (std::size_t sample = 0; sample < image.samples; ++sample)
        std::memset(image.at(row, column, sample), 0, bytes);
}

void gather_row(const ConstImageView& image, std::size_t segment, std::size_t row, std::uint8_t* bytes) noexcept {
  const std::size_t sample_bytes = image.sample_bytes();
  const std::uint8_t* from = image.at(row, 0, segment / sample_bytes) + (sample_bytes - 1 - segment % sample_bytes);
  const std::size_t count = image.columns;
  switch (image.column_stride) {
    case 1: std::memcpy(bytes, from, count); return;
    case 2: gather<2>(from, count, bytes); return;
    case 3: gather<3>(from, count, bytes); return;
    case 4: gather<4>(from, count, bytes); return;
    default:
      for (std::size_t i = 0; i < count; ++i) bytes[i] = from[static_cast<std::ptrdiff_t>(i) * image.column_stride];
  }
}

}  // namespace turbodicom::codec::rle
