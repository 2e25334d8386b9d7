// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Which blocks the MCUs of a scan hold (T.81 A.2): those of one component in raster order, without the blocks that only
// fill up MCUs; or of several components h by v blocks each.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "turbodicom/codec/jpeg/coefficients.h"
#include "turbodicom/codec/jpeg/markers.h"

namespace turbodicom::codec::jpeg {

inline constexpr std::uint32_t kMaxBlocksInMcu = 10;  // T.81 B.2.3

struct ScanLayout {
  ScanLayout(const FrameHeader& frame, const ScanHeader& header);

  struct Slot {
    std::uint8_t component;  // index into the frame's
    std::uint8_t member;     // index into the scan's
    std::uint8_t x, y;       // block within the MCU
    std::uint8_t step;       // blocks from one MCU to the next
  };
  // The row of blocks that `slot` has in row `row` of the scan, counted from the frame's row of MCUs `first`.
  std::uint32_t block_row(const Slot& slot, std::uint32_t row, std::uint32_t first) const noexcept {
    return (mcu_row(row) - first) * v[slot.component] + row % rows_per_mcu_row + slot.y;
  }
  // The row of MCUs of the frame that row `row` of the scan is part of.
  std::uint32_t mcu_row(std::uint32_t row) const noexcept { return row / rows_per_mcu_row; }
  // The first row of the scan in a row of MCUs of the frame; `rows` behind the last.
  std::uint32_t first_row(std::uint32_t of_mcu_row) const noexcept {
    return std::min(of_mcu_row * rows_per_mcu_row, rows);
  }
  std::uint64_t mcus() const noexcept { return std::uint64_t{mcus_per_row} * rows; }

  std::uint32_t mcus_per_row = 0, rows = 0;
  std::uint32_t rows_per_mcu_row = 1;  // of one component: its v
  std::uint32_t count = 0;             // blocks of an MCU
  std::array<Slot, kMaxBlocksInMcu> slots{};
  std::array<std::uint8_t, kMaxComponents> v{};
};

// The first row of the image that damage in row `row` of the scan may show in, upsampling included.
std::uint32_t first_bad_row(const FrameHeader& frame, const ScanLayout& layout, std::uint32_t row) noexcept;

}  // namespace turbodicom::codec::jpeg
