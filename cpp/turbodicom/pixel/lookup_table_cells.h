// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The cells of a table's data, one by one: what read_lookup_table and expand_lut_segments share.
#pragma once

#include <cstddef>
#include <cstdint>

#include "turbodicom/base/bytes.h"

namespace turbodicom::pixel {

class LutCells {
 public:
  LutCells(ByteView data, std::size_t cell_bytes, bool is_big_endian) noexcept
      : data_(data), cell_bytes_(cell_bytes), is_big_endian_(is_big_endian) {}

  std::size_t count() const noexcept { return data_.size() / cell_bytes_; }

  // index < count(). Two cells of 8 bits lie in a word, the first in its low byte (PS3.5 8.1.1, 7.3): in big-endian
  // data that is the second byte of the two. The last byte of odd data has no neighbour.
  std::uint16_t operator[](std::size_t index) const noexcept {
    if (cell_bytes_ == 2) return load<std::uint16_t>(data_.data() + 2 * index, is_big_endian_);
    const std::size_t other = index ^ 1;
    return data_[is_big_endian_ && other < data_.size() ? other : index];
  }

 private:
  ByteView data_;
  std::size_t cell_bytes_;
  bool is_big_endian_;
};

}  // namespace turbodicom::pixel
