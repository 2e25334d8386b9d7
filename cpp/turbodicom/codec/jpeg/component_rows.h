// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The encoder's way in: rows of the caller's image, whatever its strides and type, as rows of samples by component,
// one row of MCUs at a time: checked, converted to YCbCr, downsampled, and carried on over the image's right and lower
// edges the way libjpeg does.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "turbodicom/base/image_view.h"
#include "turbodicom/codec/jpeg/markers.h"

namespace turbodicom::codec::jpeg {

// Sample: uint8_t for a precision of 8, uint16_t for 12.
template <typename Sample>
class ComponentRows {
 public:
  // References stay the caller's. The frame's geometry is complete.
  ComponentRows(const ConstImageView& image, const FrameHeader& frame, bool rgb_to_ycc);

  // Throws invalid_argument for a sample above the precision's largest.
  void load(std::uint32_t mcu_row);

  // Sample row `row`, 0 <= row < 8 v, of a component in the loaded row of MCUs, up to whole groups of blocks.
  const Sample* row(std::uint32_t component, std::uint32_t row) const noexcept {
    const Plane& plane = component_planes_[component].empty() ? full_[component] : component_planes_[component];
    return plane.data() + row * stride(component);
  }
  std::size_t stride(std::uint32_t component) const noexcept { return strides_[component]; }

 private:
  using Plane = std::vector<Sample>;

  void fetch(std::uint32_t image_row, std::uint32_t row);
  void fetch_component(std::uint32_t image_row, std::uint32_t component, Sample* out) const;
  void carry_on_right(std::uint32_t row);
  void copy_row_down(Plane& plane, std::size_t stride, std::uint32_t from, std::uint32_t to);
  void downsample(std::uint32_t component, std::uint32_t rows);

  const ConstImageView& image_;
  const FrameHeader& frame_;
  bool rgb_to_ycc_;
  std::size_t full_stride_;
  std::array<std::size_t, kMaxComponents> strides_{};
  std::array<Plane, kMaxComponents> full_;              // all samples of the row of MCUs
  std::array<Plane, kMaxComponents> component_planes_;  // downsampled; empty where nothing is
};

}  // namespace turbodicom::codec::jpeg
