// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/difference_rows.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "turbodicom/base/error.h"

namespace turbodicom::codec::jpeg {
namespace {

bool is_signed(SampleType type) { return type == SampleType::i8 || type == SampleType::i16; }

SampleRange range_of(SampleType type, std::uint32_t precision, std::uint32_t point_transform) {
  const std::uint32_t offset = is_signed(type) ? 1u << (precision - 1) : 0;
  return {static_cast<std::uint16_t>(offset), static_cast<std::uint16_t>((1u << precision) - 1),
          static_cast<int>(point_transform)};
}

DifferenceKernels::Load load_kernel(SampleType type) {
  const DifferenceKernels& kernels = difference_kernels();
  switch (type) {
    case SampleType::u8: return kernels.load_u8;
    case SampleType::i8: return kernels.load_i8;
    case SampleType::u16: return kernels.load_u16;
    default: return kernels.load_i16;
  }
}

}  // namespace

bool DifferenceRows::can_read(SampleType type) noexcept {
  return type == SampleType::u8 || type == SampleType::u16 || is_signed(type);
}

DifferenceRows::DifferenceRows(const ConstImageView& source, std::uint32_t precision, std::uint32_t point_transform)
    : source_(source), precision_(precision), range_(range_of(source.type, precision, point_transform)),
      first_prediction_(static_cast<std::uint16_t>(1u << (precision - point_transform - 1))),
      count_(std::size_t{source.columns} * source.samples), load_(load_kernel(source.type)),
      packed_(is_dense() ? 0 : count_ * source.sample_bytes()), rows_(2 * (kMaxLag + count_)) {}

void DifferenceRows::read(std::uint32_t index) {
  std::swap(current_, above_);
  const std::uint16_t seen = load_(is_dense() ? source_.row(index) : packed_row(index), count_, range_, row(current_));
  if ((seen & ~range_.mask) != 0)
    fail(Errc::invalid_argument, 0,
         "jpeg: a sample of row " + std::to_string(index) + " needs more than the precision of " +
             std::to_string(precision_) + " bits");
}

// The first row of an interval has no row above: the sample to the left predicts, and 2^(P-Pt-1) the first one. In
// other rows the first one is predicted by the sample above (H.1.2.1): so do all predictors where a and c equal b.
void DifferenceRows::subtract(std::uint32_t selection_value, bool is_first, std::uint16_t* differences) {
  std::uint16_t* const here = row(current_);
  std::uint16_t* const above = row(above_);
  const std::size_t lag = source_.samples;
  for (std::size_t i = 0; i < lag; ++i) (here - lag)[i] = is_first ? first_prediction_ : above[i];
  std::copy_n(above, lag, above - lag);
  difference_kernels().subtract[is_first ? 0 : selection_value - 1](here, above, count_, lag, differences);
}

bool DifferenceRows::is_dense() const noexcept {
  const auto bytes = static_cast<std::ptrdiff_t>(source_.sample_bytes());
  return (source_.samples == 1 || source_.sample_stride == bytes) &&
         (source_.columns == 1 || source_.column_stride == bytes * static_cast<std::ptrdiff_t>(source_.samples));
}

template <std::size_t Bytes>
void DifferenceRows::pack(std::uint32_t index) noexcept {
  for (std::size_t sample = 0; sample < source_.samples; ++sample) {
    const std::uint8_t* from = source_.at(index, 0, sample);
    std::uint8_t* to = packed_.data() + sample * Bytes;
    for (std::size_t column = 0; column < source_.columns; ++column) {
      std::memcpy(to, from + static_cast<std::ptrdiff_t>(column) * source_.column_stride, Bytes);
      to += source_.samples * Bytes;
    }
  }
}

const std::uint8_t* DifferenceRows::packed_row(std::uint32_t index) noexcept {
  source_.sample_bytes() == 1 ? pack<1>(index) : pack<2>(index);
  return packed_.data();
}

}  // namespace turbodicom::codec::jpeg
