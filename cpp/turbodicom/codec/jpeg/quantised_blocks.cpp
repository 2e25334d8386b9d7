// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/quantised_blocks.h"

#include <algorithm>

#include "turbodicom/base/checked.h"
#include "turbodicom/codec/jpeg/fdct.h"

namespace turbodicom::codec::jpeg {
namespace {

void set_dc_only(QuantisedBlock& block, std::uint64_t& mask, std::int16_t dc) {
  block.coefficients.fill(0);
  block.coefficients[0] = dc;
  mask = dc != 0;
}

template <typename Sample>
ForwardFn<Sample> forward_fn() noexcept {
  if constexpr (sizeof(Sample) == 1) return fdct_kernels().forward_8;
  else return fdct_kernels().forward_12;
}

}  // namespace

QuantisedBlocks::QuantisedBlocks(const FrameHeader& frame, std::uint32_t rows) : frame_(frame) {
  for (std::uint32_t c = 0; c < frame.count; ++c) {
    first_[c] = blocks_per_row_;
    stride_[c] = static_cast<std::uint32_t>(grouped(frame.components[c].blocks_per_row));
    blocks_per_row_ += stride_[c] * frame.components[c].v;
  }
  const std::uint64_t count = checked_product({blocks_per_row_, rows}, "jpeg: blocks of the frame");
  blocks_ = std::make_unique_for_overwrite<QuantisedBlock[]>(count);
  masks_ = std::make_unique_for_overwrite<std::uint64_t[]>(count);
}

template <typename Sample>
void QuantisedBlocks::transform(const ComponentRows<Sample>& samples, const std::array<const Divisors*, kMaxComponents>& divisors,
                                std::uint32_t mcu_row, std::uint32_t row) {
  const ForwardFn<Sample> forward = forward_fn<Sample>();
  for (std::uint32_t c = 0; c < frame_.count; ++c) {
    const Component& component = frame_.components[c];
    for (std::uint32_t y = 0; y < component.v; ++y) {
      const std::size_t at = std::size_t{row} * blocks_per_row_ + block_number(c, y, 0);
      if (mcu_row * component.v + y >= component.own_block_rows) {
        fill_row(blocks_.get() + at, masks_.get() + at, c);
        continue;
      }
      forward(samples.row(c, 8 * y), samples.stride(c), component.own_blocks_per_row, *divisors[c],
              blocks_[at].coefficients.data(), masks_.get() + at);
      fill_right(blocks_.get() + at, masks_.get() + at, component);
    }
  }
}

void QuantisedBlocks::fill_right(QuantisedBlock* blocks, std::uint64_t* masks, const Component& component) {
  const std::int16_t dc = blocks[component.own_blocks_per_row - 1].coefficients[0];
  for (std::uint32_t x = component.own_blocks_per_row; x < component.blocks_per_row; ++x) set_dc_only(blocks[x], masks[x], dc);
}

// Below the image: the last block of the MCU's row above is the one coded before these.
void QuantisedBlocks::fill_row(QuantisedBlock* blocks, std::uint64_t* masks, std::uint32_t c) {
  const Component& component = frame_.components[c];
  const QuantisedBlock* above = blocks - stride_[c];
  for (std::uint32_t x = 0; x < component.blocks_per_row; ++x)
    set_dc_only(blocks[x], masks[x], above[x / component.h * component.h + component.h - 1].coefficients[0]);
}

template void QuantisedBlocks::transform(const ComponentRows<std::uint8_t>&, const std::array<const Divisors*, kMaxComponents>&,
                                         std::uint32_t, std::uint32_t);
template void QuantisedBlocks::transform(const ComponentRows<std::uint16_t>&, const std::array<const Divisors*, kMaxComponents>&,
                                         std::uint32_t, std::uint32_t);

}  // namespace turbodicom::codec::jpeg
