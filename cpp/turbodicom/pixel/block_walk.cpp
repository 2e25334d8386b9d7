// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/block_walk.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace turbodicom::pixel {
namespace {

constexpr std::size_t blocks_of(std::size_t size, std::size_t block) noexcept { return (size + block - 1) / block; }

template <typename Bits>
void gather_bits(const Block& block, std::uint8_t* dense) noexcept {
  for (std::size_t row = 0; row < block.rows; ++row) {
    const std::uint8_t* from = block.data + static_cast<std::ptrdiff_t>(row) * block.row_stride;
    for (std::size_t i = 0; i < block.columns; ++i, from += block.column_stride, dense += sizeof(Bits))
      std::memcpy(dense, from, sizeof(Bits));
  }
}

template <typename Bits>
void scatter_bits(const std::uint8_t* dense, const Block& block) noexcept {
  for (std::size_t row = 0; row < block.rows; ++row) {
    std::uint8_t* to = block.data + static_cast<std::ptrdiff_t>(row) * block.row_stride;
    for (std::size_t i = 0; i < block.columns; ++i, to += block.column_stride, dense += sizeof(Bits))
      std::memcpy(to, dense, sizeof(Bits));
  }
}

}  // namespace

BlockWalk::BlockWalk(std::span<const std::size_t> shape, std::span<const StridedArray> arrays) : arrays_(arrays.size()) {
  for (std::size_t a = 0; a < arrays_; ++a) {
    data_[a] = arrays[a].data;
    sample_bytes_[a] = arrays[a].sample_bytes;
  }
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    samples_ *= shape[axis];
    if (shape[axis] != 1) add_axis(shape[axis], axis, arrays);
  }
  if (samples_ == 0) return;
  join_axes();
  while (axes_.size() < 2) axes_.insert(axes_.begin(), Axis{1, {}});
  const std::size_t rows = axes_[axes_.size() - 2].size, columns = axes_.back().size;
  block_columns_ = std::min(columns, kTileSamples);
  block_rows_ = std::clamp<std::size_t>(kTileSamples / block_columns_, 1, rows);
  row_blocks_ = blocks_of(rows, block_rows_);
  column_blocks_ = blocks_of(columns, block_columns_);
  blocks_ = row_blocks_ * column_blocks_;
  for (std::size_t i = 0; i + 2 < axes_.size(); ++i) blocks_ *= axes_[i].size;
}

// An axis on which the first array runs backwards is turned round in all of them.
void BlockWalk::add_axis(std::size_t size, std::size_t axis, std::span<const StridedArray> arrays) {
  Axis fresh{size, {}};
  const bool backwards = size > 0 && arrays[0].strides[axis] < 0;
  for (std::size_t a = 0; a < arrays_; ++a) {
    const std::ptrdiff_t stride = arrays[a].strides[axis];
    fresh.strides[a] = backwards ? -stride : stride;
    if (backwards) data_[a] += static_cast<std::ptrdiff_t>(size - 1) * stride;
  }
  axes_.push_back(fresh);
}

bool BlockWalk::can_join(const Axis& outer, const Axis& inner) const noexcept {
  for (std::size_t a = 0; a < arrays_; ++a)
    if (outer.strides[a] != inner.strides[a] * static_cast<std::ptrdiff_t>(inner.size)) return false;
  return true;
}

void BlockWalk::join_axes() {
  std::stable_sort(axes_.begin(), axes_.end(), [](const Axis& a, const Axis& b) { return a.strides[0] > b.strides[0]; });
  std::vector<Axis> joined;
  for (const Axis& axis : axes_) {
    if (!joined.empty() && can_join(joined.back(), axis))
      joined.back() = Axis{joined.back().size * axis.size, axis.strides};
    else
      joined.push_back(axis);
  }
  axes_ = std::move(joined);
}

Block BlockWalk::block(std::size_t index, std::size_t array) const noexcept {
  const Axis& row_axis = axes_[axes_.size() - 2];
  const Axis& column_axis = axes_.back();
  const std::size_t column = index % column_blocks_ * block_columns_;
  index /= column_blocks_;
  const std::size_t row = index % row_blocks_ * block_rows_;
  index /= row_blocks_;
  std::ptrdiff_t offset = static_cast<std::ptrdiff_t>(row) * row_axis.strides[array] +
                          static_cast<std::ptrdiff_t>(column) * column_axis.strides[array];
  for (std::size_t i = axes_.size() - 2; i-- > 0;) {
    offset += static_cast<std::ptrdiff_t>(index % axes_[i].size) * axes_[i].strides[array];
    index /= axes_[i].size;
  }
  return {data_[array] + offset, std::min(block_rows_, row_axis.size - row), std::min(block_columns_, column_axis.size - column),
          row_axis.strides[array], column_axis.strides[array], sample_bytes_[array]};
}

void gather(const Block& block, std::uint8_t* dense) noexcept {
  switch (block.sample_bytes) {
    case 1: return gather_bits<std::uint8_t>(block, dense);
    case 2: return gather_bits<std::uint16_t>(block, dense);
    case 4: return gather_bits<std::uint32_t>(block, dense);
    default: return gather_bits<std::uint64_t>(block, dense);
  }
}

void scatter(const std::uint8_t* dense, const Block& block) noexcept {
  switch (block.sample_bytes) {
    case 1: return scatter_bits<std::uint8_t>(dense, block);
    case 2: return scatter_bits<std::uint16_t>(dense, block);
    case 4: return scatter_bits<std::uint32_t>(dense, block);
    default: return scatter_bits<std::uint64_t>(dense, block);
  }
}

}  // namespace turbodicom::pixel
