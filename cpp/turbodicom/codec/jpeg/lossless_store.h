// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Rows of decoded samples into the caller's image: point transform undone (T.81 H.2.1), components of fewer samples
// repeated as libjpeg-turbo does in lossless mode, whatever the destination's strides.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "turbodicom/codec/jpeg/markers.h"
#include "turbodicom/codec/jpeg/output.h"

namespace turbodicom::codec::jpeg {

class SampleStore {
 public:
  // For rows of components [first, first + lanes) of the frame side by side. `bias` is exclusive-ored to the samples.
  SampleStore(const FrameHeader& frame, const Output& output, std::uint32_t first, std::uint32_t lanes,
              std::uint32_t point_transform, std::uint16_t bias);

  // Where row `row` of the components can be decoded to without a detour; nullptr: nowhere.
  std::uint16_t* place(std::uint32_t row) const noexcept;
  // Row `row` of the components.
  void put(std::uint32_t row, const std::uint16_t* samples);

 private:
  const std::uint16_t* finished(const std::uint16_t* samples);
  void put_image_row(std::uint32_t image_row, const std::uint16_t* samples);
  template <typename To>
  void put_lane(std::uint8_t* to, std::uint32_t lane, const std::uint16_t* samples) const;

  const Output& output_;
  std::uint32_t first_, lanes_;
  std::uint32_t frame_rows_;
  std::uint32_t across_, down_;   // columns and rows of the image that a sample covers
  std::size_t count_;             // samples of a row of the components
  std::uint32_t shift_;
  std::uint16_t bias_, mask_;
  bool is_dense_;                 // a row of the image is these components, sample after sample
  bool is_place_;
  std::vector<std::uint16_t> finished_;
};

}  // namespace turbodicom::codec::jpeg
