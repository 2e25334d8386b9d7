// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// What the Reconstructor does for which component, fixed before the first sample: edges of the transforms, the way up
// to full size, and the parts that the destination needs. All by libjpeg-turbo's rules, so that values equal its.
#pragma once

#include <array>
#include <cstdint>

#include "turbodicom/codec/jpeg/markers.h"
#include "turbodicom/codec/jpeg/output.h"

namespace turbodicom::codec::jpeg {

enum class Upsampling : std::uint8_t {
  none,
  h2,         // triangle filters: half as wide,
  v2,         // half as high,
  h2v2,       // both
  replicate,  // the nearest sample to the left and above, for all else
};

// Needs the row above or below.
constexpr bool has_vertical_filter(Upsampling upsampling) noexcept {
  return upsampling == Upsampling::v2 || upsampling == Upsampling::h2v2;
}

// A half-open range.
struct Range {
  std::uint32_t begin = 0, end = 0;
  bool holds(std::uint32_t index) const noexcept { return index >= begin && index < end; }
  bool holds(Range inner) const noexcept { return inner.begin >= begin && inner.end <= end; }
};

struct PlanePlan {
  Upsampling upsampling = Upsampling::none;
  std::uint32_t halvings = 0;           // of the transform's edge: index into IdctKernels
  std::uint32_t edge = 8;               // samples of a transformed block
  std::uint32_t columns = 0, rows = 0;  // samples of the (reduced) component, without padding
  std::uint32_t block_rows = 1;         // in a row of MCUs
  std::uint32_t blocks_per_row = 0;
  std::uint32_t h = 1, v = 1;           // samples per ReconstructionPlan::h x v pixels
  Range blocks;                         // columns of blocks that the destination needs

  std::uint32_t mcu_row_samples() const noexcept { return block_rows * edge; }
};

struct ReconstructionPlan {
  ReconstructionPlan(const FrameHeader& frame, const Output& output, std::uint32_t first, std::uint32_t end);

  std::uint32_t count = 0;
  std::array<PlanePlan, kMaxComponents> planes;
  std::uint32_t h = 1, v = 1;        // pixels of a group: what h x v samples of a plane become
  std::uint32_t mcu_rows = 0;        // of the image
  std::uint32_t mcu_row_pixels = 8;  // image rows of one row of MCUs
  bool has_vertical_filter = false;  // the last image row of a row of MCUs waits for the next one
  Range rows, columns;               // of the (reduced) image: what is to be stored
  Range needed_mcu_rows;
};

}  // namespace turbodicom::codec::jpeg
