// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// From coefficients to the caller's image, one row of MCUs after the other: dequantise and IDCT (T.81 A.3.3), upsample
// as libjpeg-turbo's default ("fancy"), colour, store. Values are libjpeg-turbo's, to the bit.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "turbodicom/codec/jpeg/markers.h"
#include "turbodicom/codec/jpeg/output.h"

namespace turbodicom::codec::jpeg {

// Quantisation tables by component, zig-zag order.
using ComponentTables = std::array<QuantTable, kMaxComponents>;

// The coefficients of one row of MCUs: of each component v rows of blocks_per_row blocks, block after block, row after row,
// 64 coefficients a block in natural (row-major) order, 64-byte aligned.
struct McuRow {
  std::array<const std::int16_t*, kMaxComponents> blocks{};
  // By block: zig-zag index of a coefficient behind which all are 0; 0: DC only. A hint to save work.
  std::array<const std::uint8_t*, kMaxComponents> last{};
};

class Reconstructor {
 public:
  // For the image rows (full resolution) that MCU rows [first, end) cover and `output` wants.
  Reconstructor(const FrameHeader& frame, const ComponentTables& tables, const Output& output, std::uint32_t first,
                std::uint32_t end);
  ~Reconstructor();
  Reconstructor(const Reconstructor&) = delete;
  Reconstructor& operator=(const Reconstructor&) = delete;

  // The MCU rows to push, all of them, in order: [first, end) and the neighbours whose samples upsampling looks at.
  std::uint32_t first_needed() const noexcept;
  std::uint32_t end_needed() const noexcept;
  void push(std::uint32_t mcu_row, const McuRow& row);

  struct State;

 private:
  std::unique_ptr<State> state_;
};

// How many image rows (full resolution) above an MCU row depend on it through upsampling: 0 or 1 per v step.
std::uint32_t rows_above_touched(const FrameHeader& frame) noexcept;

}  // namespace turbodicom::codec::jpeg
