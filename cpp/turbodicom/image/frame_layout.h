// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// What the Image Pixel module (PS3.3 C.7.6.3) says of the frames, checked once. Only describe_frames()
// makes one, so every size below is already within Limits and cannot overflow.
#pragma once

#include <cstdint>
#include <string>

#include "turbodicom/base/image_view.h"
#include "turbodicom/base/limits.h"
#include "turbodicom/dicom/data_set.h"

namespace turbodicom::image {

enum class Photometric {
  monochrome,       // MONOCHROME1, MONOCHROME2
  palette,          // PALETTE COLOR: indexes
  rgb,              // RGB, and YBR_RCT / YBR_ICT once their codec has undone them
  ybr_full,
  ybr_full_422,
  ybr_partial_422,
  ybr_partial_420,
  other,            // HSV, ARGB, CMYK (retired): passed through as coded
};

struct FrameLayout {
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  std::uint32_t samples_per_pixel = 1;
  std::uint32_t bits_allocated = 0;
  std::uint32_t bits_stored = 0;
  std::uint32_t high_bit = 0;
  std::uint32_t planar_configuration = 0;
  std::uint64_t number_of_frames = 1;  // (0028,0008), 1 when absent or 0
  bool is_signed = false;
  bool is_float = false;
  Photometric photometric = Photometric::monochrome;
  std::string photometric_interpretation;
  SampleType type = SampleType::u8;    // of the decoded samples

  std::uint64_t frame_pixels = 0;
  std::uint64_t frame_samples = 0;       // decoded: pixels times samples
  std::uint64_t frame_bytes = 0;         // decoded
  std::uint64_t stored_frame_bits = 0;   // as native Pixel Data stores one frame

  bool has_unused_bits() const noexcept {
    return !is_float && bits_allocated >= 8 && bits_stored < 8 * bytes_of(type) && (bits_stored < bits_allocated || is_signed);
  }
  bool is_ybr() const noexcept {
    return photometric == Photometric::ybr_full || photometric == Photometric::ybr_full_422 ||
           photometric == Photometric::ybr_partial_422 || photometric == Photometric::ybr_partial_420;
  }
};

// The Pixel Data, Float Pixel Data or Double Float Pixel Data element; conformance error without any,
// or with more than one.
const dicom::Element& find_pixel_data(const dicom::DataSet& data_set);

FrameLayout describe_frames(const dicom::DataSet& data_set, const dicom::Element& pixel_data, const Limits& limits);

// "YBR_FULL" -> Photometric::ybr_full; conformance error for a word PS3.3 does not have.
Photometric parse_photometric(const std::string& photometric_interpretation);

}  // namespace turbodicom::image
