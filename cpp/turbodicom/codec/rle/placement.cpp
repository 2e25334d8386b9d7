// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/rle/placement.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "turbodicom/codec/rle/header.h"
#include "turbodicom/codec/rle/kernels.h"

namespace turbodicom::codec::rle {
namespace {

using Strips = std::array<const std::uint8_t*, kMaxSegments>;

// The k-th segment of a group holds byte `bytes - 1 - k % bytes` of its sample, counted from the least
// significant one, which comes first in memory.
constexpr std::size_t byte_in_memory(std::size_t segment, std::size_t bytes) noexcept {
  return segment / bytes * bytes + (bytes - 1 - segment % bytes);
}

bool samples_adjoin(const ImageView& image) noexcept {
  const auto bytes = static_cast<std::ptrdiff_t>(image.sample_bytes());
  return (image.samples == 1 || image.sample_stride == bytes) &&
         image.column_stride == bytes * static_cast<std::ptrdiff_t>(image.samples);
}

// Any number of bytes a pixel, every `step` bytes.
void scatter(const Strips& in_memory_order, std::size_t planes, std::size_t count, std::ptrdiff_t step,
             std::uint8_t* out) noexcept {
  for (std::size_t plane = 0; plane < planes; ++plane) {
    const std::uint8_t* from = in_memory_order[plane];
    std::uint8_t* to = out + plane;
    for (std::size_t i = 0; i < count; ++i, to += step) *to = from[i];
  }
}

void weave(const Strips& in_memory_order, std::size_t planes, std::size_t count, std::uint8_t* out) noexcept {
  switch (planes) {
    case 1: std::memcpy(out, in_memory_order[0], count); return;
    case 2: rle_kernels().weave2(in_memory_order[0], in_memory_order[1], count, out); return;
    case 3:
      rle_kernels().weave3(in_memory_order[0], in_memory_order[1], in_memory_order[2], count, out);
      return;
    default: scatter(in_memory_order, planes, count, static_cast<std::ptrdiff_t>(planes), out); return;
  }
}

// A step of two or four bytes is what 8-bit gathers meet; constants let the compiler vectorise.
template <std::ptrdiff_t kStep>
void gather(const std::uint8_t* __restrict from, std::size_t count, std::uint8_t* __restrict bytes) noexcept {
  for (std::size_t i = 0; i < count; ++i) bytes[i] = from[static_cast<std::ptrdiff_t>(i) * kStep];
}

}  // namespace

std::uint32_t samples_per_group(const ImageView& image) noexcept { return samples_adjoin(image) ? image.samples : 1; }

void place(const ImageView& image, SampleGroup group, std::span<const std::uint8_t* const> strips,
           std::size_t first_pixel, std::size_t count) noexcept {
  const std::size_t bytes = image.sample_bytes();
  const auto dense_step = static_cast<std::ptrdiff_t>(strips.size());
  const bool rows_adjoin = image.row_stride == image.column_stride * static_cast<std::ptrdiff_t>(image.columns);
  Strips in_memory_order{};
  for (std::size_t k = 0; k < strips.size(); ++k) in_memory_order[byte_in_memory(k, bytes)] = strips[k];
  while (count > 0) {
    const std::size_t column = first_pixel % image.columns;
    const std::size_t piece = rows_adjoin ? count : std::min<std::size_t>(count, image.columns - column);
    std::uint8_t* const out = image.at(first_pixel / image.columns, column, group.first);
    if (image.column_stride == dense_step) weave(in_memory_order, strips.size(), piece, out);
    else scatter(in_memory_order, strips.size(), piece, image.column_stride, out);
    for (std::size_t k = 0; k < strips.size(); ++k) in_memory_order[k] += piece;
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
