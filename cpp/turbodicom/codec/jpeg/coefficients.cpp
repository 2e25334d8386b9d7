// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/coefficients.h"

#include <cstring>

#include "turbodicom/base/checked.h"

namespace turbodicom::codec::jpeg {
namespace {

std::uint64_t blocks_of(const Component& component, std::uint32_t mcu_rows) {
  return checked_product({component.blocks_per_row, component.v, mcu_rows}, "jpeg: blocks of a component");
}

}  // namespace

Coefficients::Coefficients(const FrameHeader& frame, std::uint32_t mcu_rows) : count_(frame.count) {
  for (std::uint32_t c = 0; c < count_; ++c) {
    Plane& plane = planes_[c];
    const auto blocks = static_cast<std::size_t>(blocks_of(frame.components[c], mcu_rows));
    plane.v = frame.components[c].v;
    plane.blocks_per_row = frame.components[c].blocks_per_row;
    plane.block_rows = plane.v * mcu_rows;
    plane.blocks.reset(new (std::align_val_t{64}) std::int16_t[blocks * kBlock]);
    plane.last = std::make_unique_for_overwrite<std::uint8_t[]>(blocks);
  }
  clear();
}

std::uint64_t Coefficients::bytes_for(const FrameHeader& frame, std::uint32_t mcu_rows) {
  std::uint64_t blocks = 0;
  for (std::uint32_t c = 0; c < frame.count; ++c)
    blocks = checked_add(blocks, blocks_of(frame.components[c], mcu_rows), "jpeg: blocks of the frame");
  return checked_product({blocks, kBlock * sizeof(std::int16_t) + 1}, "jpeg: bytes of coefficients");
}

McuRow Coefficients::mcu_row(std::uint32_t row) noexcept {
  McuRow pointers;
  for (std::uint32_t c = 0; c < count_; ++c) {
    pointers.blocks[c] = block_row(c, row * planes_[c].v);
    pointers.last[c] = last_row(c, row * planes_[c].v);
  }
  return pointers;
}

void Coefficients::clear() noexcept {
  for (std::uint32_t c = 0; c < count_; ++c) {
    const std::size_t blocks = std::size_t{planes_[c].block_rows} * planes_[c].blocks_per_row;
    std::memset(planes_[c].blocks.get(), 0, blocks * kBlock * sizeof(std::int16_t));
    std::memset(planes_[c].last.get(), 0, blocks);
  }
}

}  // namespace turbodicom::codec::jpeg
