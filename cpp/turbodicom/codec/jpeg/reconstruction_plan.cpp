// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/reconstruction_plan.h"

#include <algorithm>

namespace turbodicom::codec::jpeg {
namespace {

constexpr std::uint32_t ceil_div(std::uint64_t value, std::uint64_t by) noexcept {
  return static_cast<std::uint32_t>((value + by - 1) / by);
}

// Samples of a subsampled component of a reduced image are scaled by the transform rather than upsampled, where powers
// of two allow it in both directions.
std::uint32_t transform_edge(const FrameHeader& frame, const Component& component, std::uint32_t smallest) noexcept {
  std::uint32_t edge = smallest;
  while (edge < 8 && (frame.h_max * smallest) % (component.h * edge * 2) == 0 &&
         (frame.v_max * smallest) % (component.v * edge * 2) == 0)
    edge *= 2;
  return edge;
}

// Filters want half the samples; those across want more than two in a row. A 1/8 image has none.
Upsampling upsampling_of(const PlanePlan& plane, std::uint32_t h, std::uint32_t v, bool is_fancy) noexcept {
  const bool is_wide = is_fancy && plane.columns > 2;
  if (plane.h == h && plane.v == v) return Upsampling::none;
  if (2 * plane.h == h && plane.v == v && is_wide) return Upsampling::h2;
  if (plane.h == h && 2 * plane.v == v && is_fancy) return Upsampling::v2;
  if (2 * plane.h == h && 2 * plane.v == v && is_wide) return Upsampling::h2v2;
  return Upsampling::replicate;
}

PlanePlan plane_plan(const FrameHeader& frame, const Component& component, std::uint32_t smallest) noexcept {
  PlanePlan plane;
  plane.edge = transform_edge(frame, component, smallest);
  for (std::uint32_t edge = 8; edge > plane.edge; edge /= 2) ++plane.halvings;
  plane.columns = ceil_div(std::uint64_t{frame.columns} * component.h * plane.edge, frame.h_max * 8);
  plane.rows = ceil_div(std::uint64_t{frame.rows} * component.v * plane.edge, frame.v_max * 8);
  plane.block_rows = component.v;
  plane.blocks_per_row = component.blocks_per_row;
  plane.h = component.h * plane.edge / smallest;
  plane.v = component.v * plane.edge / smallest;
  plane.upsampling = upsampling_of(plane, frame.h_max, frame.v_max, smallest > 1);
  return plane;
}

// With a neighbour on either side, which filters look at.
Range needed_blocks(const PlanePlan& plane, Range columns, std::uint32_t h) noexcept {
  if (columns.begin >= columns.end) return {};
  const auto first = static_cast<std::uint32_t>(std::uint64_t{columns.begin} * plane.h / h);
  const auto last = static_cast<std::uint32_t>(std::uint64_t{columns.end - 1} * plane.h / h);
  return {(first - std::min(first, 1u)) / plane.edge, std::min((last + 1) / plane.edge + 1, plane.blocks_per_row)};
}

}  // namespace

ReconstructionPlan::ReconstructionPlan(const FrameHeader& frame, const Output& output, std::uint32_t first,
                                       std::uint32_t end)
    : count(frame.count), h(frame.h_max), v(frame.v_max), mcu_rows(frame.mcu_rows) {
  const std::uint32_t smallest = 8u >> output.reduce;
  const std::uint32_t image_rows = ceil_div(std::uint64_t{frame.rows} * smallest, 8);
  const std::uint32_t image_columns = ceil_div(std::uint64_t{frame.columns} * smallest, 8);
  mcu_row_pixels = v * smallest;
  rows = {std::max(first * mcu_row_pixels, output.first_row),
          std::min({end * mcu_row_pixels, output.first_row + output.image.rows, image_rows})};
  columns = {output.first_column, std::min(output.first_column + output.image.columns, image_columns)};

  for (std::uint32_t c = 0; c < count; ++c) {
    planes[c] = plane_plan(frame, frame.components[c], smallest);
    planes[c].blocks = needed_blocks(planes[c], columns, h);
    has_vertical_filter |= jpeg::has_vertical_filter(planes[c].upsampling);
  }
  if (rows.begin >= rows.end || columns.begin >= columns.end) {
    rows = {};
    needed_mcu_rows = {first, first};
    return;
  }
  const std::uint32_t above = has_vertical_filter && rows.begin > 0 ? 1 : 0;
  const std::uint32_t below = has_vertical_filter ? 1 : 0;
  needed_mcu_rows = {(rows.begin - above) / mcu_row_pixels,
                     std::min((rows.end - 1 + below) / mcu_row_pixels + 1, mcu_rows)};
}

}  // namespace turbodicom::codec::jpeg
