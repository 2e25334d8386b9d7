// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Somebody else's samples, with strides: planar, interleaved, transposed and tile-in-volume
// destinations are all the same to a codec. Strides are bytes and may be negative.
#pragma once

#include <cstddef>
#include <cstdint>

namespace turbodicom {

// f16 is for results only: nothing in DICOM is stored in it.
enum class SampleType : std::uint8_t { u8, i8, u16, i16, u32, i32, u64, i64, f32, f64, f16 };
inline constexpr std::size_t kSampleTypes = 11;

constexpr bool is_float(SampleType type) noexcept { return type >= SampleType::f32; }

constexpr std::size_t bytes_of(SampleType type) noexcept {
  switch (type) {
    case SampleType::u8: case SampleType::i8: return 1;
    case SampleType::u16: case SampleType::i16: case SampleType::f16: return 2;
    case SampleType::u32: case SampleType::i32: case SampleType::f32: return 4;
    default: return 8;
  }
}

template <typename Byte>
struct BasicImageView {
  Byte* data = nullptr;
  SampleType type = SampleType::u8;
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  std::uint32_t samples = 1;  // samples per pixel
  std::ptrdiff_t row_stride = 0;
  std::ptrdiff_t column_stride = 0;
  std::ptrdiff_t sample_stride = 0;

  std::size_t sample_bytes() const noexcept { return bytes_of(type); }
  Byte* row(std::size_t index) const noexcept { return data + static_cast<std::ptrdiff_t>(index) * row_stride; }
  Byte* at(std::size_t row_index, std::size_t column, std::size_t sample) const noexcept {
    return row(row_index) + static_cast<std::ptrdiff_t>(column) * column_stride +
           static_cast<std::ptrdiff_t>(sample) * sample_stride;
  }
  // One block of memory, samples of a pixel side by side, rows without gaps.
  bool is_interleaved() const noexcept {
    const auto sample = static_cast<std::ptrdiff_t>(sample_bytes());
    return (samples == 1 || sample_stride == sample) && column_stride == sample * samples &&
           row_stride == column_stride * static_cast<std::ptrdiff_t>(columns);
  }
  operator BasicImageView<const Byte>() const noexcept {
    return {data, type, rows, columns, samples, row_stride, column_stride, sample_stride};
  }
};

using ImageView = BasicImageView<std::uint8_t>;
using ConstImageView = BasicImageView<const std::uint8_t>;

// Dense views of a caller's block: samples last (interleaved) or planes first (planar).
template <typename Byte>
BasicImageView<Byte> interleaved_view(Byte* data, SampleType type, std::uint32_t rows, std::uint32_t columns,
                                      std::uint32_t samples) noexcept {
  const auto sample = static_cast<std::ptrdiff_t>(bytes_of(type));
  const auto pixel = sample * static_cast<std::ptrdiff_t>(samples);
  return {data, type, rows, columns, samples, pixel * static_cast<std::ptrdiff_t>(columns), pixel, sample};
}

template <typename Byte>
BasicImageView<Byte> planar_view(Byte* data, SampleType type, std::uint32_t rows, std::uint32_t columns,
                                 std::uint32_t samples) noexcept {
  const auto sample = static_cast<std::ptrdiff_t>(bytes_of(type));
  const auto row = sample * static_cast<std::ptrdiff_t>(columns);
  return {data, type, rows, columns, samples, row, sample, row * static_cast<std::ptrdiff_t>(rows)};
}

}  // namespace turbodicom
