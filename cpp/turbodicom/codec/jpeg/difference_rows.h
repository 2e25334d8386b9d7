// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The rows of any view as the numbers that lossless JPEG codes, and their differences from the prediction (T.81 H.1.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "turbodicom/base/image_view.h"
#include "turbodicom/codec/jpeg/difference.h"

namespace turbodicom::codec::jpeg {

class DifferenceRows {
 public:
  static bool can_read(SampleType type) noexcept;  // integers of 8 or 16 bits

  // `source` stays the caller's. 2 <= precision <= 16, point_transform < precision.
  DifferenceRows(const ConstImageView& source, std::uint32_t precision, std::uint32_t point_transform);

  std::size_t count() const noexcept { return count_; }  // numbers of a row

  // Reads row `index`; the one read before it is what stands above. Throws invalid_argument where a sample needs more
  // than the precision.
  void read(std::uint32_t index);

  // count() differences of the row read last. `is_first`: of a restart interval.
  void subtract(std::uint32_t selection_value, bool is_first, std::uint16_t* differences);

 private:
  std::uint16_t* row(std::size_t which) noexcept { return rows_.data() + which * (kMaxLag + count_) + kMaxLag; }
  bool is_dense() const noexcept;
  template <std::size_t Bytes>
  void pack(std::uint32_t index) noexcept;
  const std::uint8_t* packed_row(std::uint32_t index) noexcept;

  ConstImageView source_;
  std::uint32_t precision_;
  SampleRange range_;
  std::uint16_t first_prediction_;
  std::size_t count_;
  DifferenceKernels::Load load_;
  std::vector<std::uint8_t> packed_;  // a row, samples side by side, where the source's are not
  std::vector<std::uint16_t> rows_;   // two rows, kMaxLag numbers in front of each
  std::size_t current_ = 0, above_ = 1;
};

}  // namespace turbodicom::codec::jpeg
