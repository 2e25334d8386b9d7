// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Quantised coefficients of one row of MCUs, or of all of them for progressive frames, blocks that only fill up MCUs
// included (T.81 A.2.4): those have no AC coefficients and the DC of their neighbour, which costs least.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "turbodicom/codec/jpeg/component_rows.h"
#include "turbodicom/codec/jpeg/markers.h"
#include "turbodicom/codec/jpeg/quantise.h"

namespace turbodicom::codec::jpeg {

struct alignas(64) QuantisedBlock {
  std::array<std::int16_t, 64> coefficients;  // zig-zag order
};

class QuantisedBlocks {
 public:
  // Room for `rows` rows of MCUs.
  QuantisedBlocks(const FrameHeader& frame, std::uint32_t rows);

  // The row of MCUs that `samples` has loaded, into row `row` of the room. divisors: by component.
  template <typename Sample>
  void transform(const ComponentRows<Sample>& samples, const std::array<const Divisors*, kMaxComponents>& divisors,
                 std::uint32_t mcu_row, std::uint32_t row);

  // Within a row of MCUs, blocks are numbered component by component, row by row.
  std::uint32_t block_number(std::uint32_t component, std::uint32_t y, std::uint32_t x) const noexcept {
    return first_[component] + y * stride_[component] + x;
  }
  const QuantisedBlock* blocks(std::uint32_t row) const noexcept { return blocks_.get() + std::size_t{row} * blocks_per_row_; }
  // Bit k of a block's mask: coefficient k is not 0.
  const std::uint64_t* masks(std::uint32_t row) const noexcept { return masks_.get() + std::size_t{row} * blocks_per_row_; }

 private:
  void fill_right(QuantisedBlock* blocks, std::uint64_t* masks, const Component& component);
  void fill_row(QuantisedBlock* blocks, std::uint64_t* masks, std::uint32_t c);

  const FrameHeader& frame_;
  std::array<std::uint32_t, kMaxComponents> first_{}, stride_{};
  std::uint32_t blocks_per_row_ = 0;
  std::unique_ptr<QuantisedBlock[]> blocks_;
  std::unique_ptr<std::uint64_t[]> masks_;
};

}  // namespace turbodicom::codec::jpeg
