// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Where a single-frame image is (Image Plane module, PS3.3 C.7.6.2), and what the slices of a volume should agree on.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "turbodicom/dicom/data_set.h"

namespace turbodicom::image {

struct SliceHeader {
  std::array<double, 3> position{};     // Image Position (Patient), mm
  std::array<double, 6> orientation{};  // Image Orientation (Patient)
  std::array<double, 2> spacing{};      // Pixel Spacing, else Imager Pixel Spacing: of rows, of columns, mm
  std::optional<std::int64_t> number;   // Instance Number
  std::optional<double> step;           // Spacing Between Slices, else Slice Thickness; mm, not 0
  std::optional<double> slope, intercept;  // Rescale
  std::optional<std::string> series, frame_of_reference, rescale_type, units;
};

// Nothing where one of these is missing that has to be there, or is not written as PS3.5 6.2 wants it; nor of an image of which
// there is more to know: functional groups, a Modality LUT, a mosaic. Values are those that a Dataset gives.
std::optional<SliceHeader> read_slice_header(const dicom::DataSet& data_set);

}  // namespace turbodicom::image
