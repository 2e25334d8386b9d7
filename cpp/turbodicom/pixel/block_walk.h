// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Several arrays of one shape and any strides, walked through in blocks small enough for the cache. Axes are put in the
// order in which the first array lies in memory, and joined where all arrays allow it: arrays without gaps become one
// long row, transposed and reversed ones too.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace turbodicom::pixel {

inline constexpr std::size_t kMaxArrays = 3;
inline constexpr std::size_t kTileSamples = 4096;  // 64 KiB at most for two arrays: the second-level cache's, with room to spare

// An array's memory. Strides are bytes and may be negative or 0.
struct StridedArray {
  std::uint8_t* data = nullptr;
  std::size_t sample_bytes = 1;
  std::span<const std::ptrdiff_t> strides;
};

// rows x columns samples of one of the arrays.
struct Block {
  std::uint8_t* data;
  std::size_t rows, columns;
  std::ptrdiff_t row_stride, column_stride;
  std::size_t sample_bytes;

  std::size_t samples() const noexcept { return rows * columns; }
  bool is_dense() const noexcept {
    const auto bytes = static_cast<std::ptrdiff_t>(sample_bytes);
    return (columns == 1 || column_stride == bytes) && (rows == 1 || row_stride == bytes * static_cast<std::ptrdiff_t>(columns));
  }
};

class BlockWalk {
 public:
  // At least one and at most kMaxArrays arrays; each has as many strides as the shape has axes.
  BlockWalk(std::span<const std::size_t> shape, std::span<const StridedArray> arrays);

  std::size_t blocks() const noexcept { return blocks_; }
  std::size_t samples() const noexcept { return samples_; }
  Block block(std::size_t index, std::size_t array) const noexcept;

 private:
  struct Axis {
    std::size_t size;
    std::array<std::ptrdiff_t, kMaxArrays> strides;
  };
  void add_axis(std::size_t size, std::size_t axis, std::span<const StridedArray> arrays);
  void join_axes();
  bool can_join(const Axis& outer, const Axis& inner) const noexcept;

  std::size_t arrays_ = 0;
  std::array<std::uint8_t*, kMaxArrays> data_{};
  std::array<std::size_t, kMaxArrays> sample_bytes_{};
  std::vector<Axis> axes_;  // outermost first; the last two are the rows and columns of blocks
  std::size_t samples_ = 1;
  std::size_t blocks_ = 0;
  std::size_t block_rows_ = 1, block_columns_ = 1;      // of a whole block
  std::size_t row_blocks_ = 1, column_blocks_ = 1;      // how many cover the two inner axes
};

// The samples of a block side by side, and back. `dense` has block.samples() * sample_bytes.
void gather(const Block& block, std::uint8_t* dense) noexcept;
void scatter(const std::uint8_t* dense, const Block& block) noexcept;

}  // namespace turbodicom::pixel
