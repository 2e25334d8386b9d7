// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/scan_layout.h"

#include <string>

#include "turbodicom/base/error.h"

namespace turbodicom::codec::jpeg {

ScanLayout::ScanLayout(const FrameHeader& frame, const ScanHeader& header) {
  for (std::uint32_t c = 0; c < frame.count; ++c) v[c] = frame.components[c].v;
  if (header.count == 1) {
    const Component& component = frame.components[header.component[0]];
    mcus_per_row = component.own_blocks_per_row;
    rows = component.own_block_rows;
    rows_per_mcu_row = component.v;
    count = 1;
    slots[0] = {header.component[0], 0, 0, 0, 1};
    return;
  }
  mcus_per_row = frame.mcus_per_row;
  rows = frame.mcu_rows;
  for (std::uint8_t member = 0; member < header.count; ++member) {
    const std::uint8_t index = header.component[member];
    const Component& component = frame.components[index];
    if (count + component.h * component.v > kMaxBlocksInMcu)
      fail(Errc::corrupt_data, header.offset,
           "jpeg: more than 10 blocks in an MCU, at byte " + std::to_string(header.offset) + " (T.81 B.2.3)");
    for (std::uint8_t y = 0; y < component.v; ++y)
      for (std::uint8_t x = 0; x < component.h; ++x) slots[count++] = {index, member, x, y, component.h};
  }
}

std::uint32_t first_bad_row(const FrameHeader& frame, const ScanLayout& layout, std::uint32_t row) noexcept {
  const std::uint64_t first = std::uint64_t{row} * 8 * frame.v_max / layout.rows_per_mcu_row;
  const std::uint64_t touched = rows_above_touched(frame);
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(first > touched ? first - touched : 0, frame.rows));
}

}  // namespace turbodicom::codec::jpeg
