// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Where decoded samples go, and what happens to them on the way.
#pragma once

#include <cstdint>

#include "turbodicom/codec/codec.h"

namespace turbodicom::codec::jpeg {

struct Output {
  ImageView image;              // u8, i8, u16 or i16, at least as wide as the precision; any strides
  bool ycc_to_rgb = false;      // three components: YCbCr -> RGB; four: YCCK -> CMYK
  std::uint32_t reduce = 0;     // 0..3
  // The part of the (reduced) image that `image` is.
  std::uint32_t first_row = 0;
  std::uint32_t first_column = 0;
};

// One row of the image from one row of samples for each component, `Sample` being uint8_t or uint16_t; any strides and
// any destination type that holds them. `components[c]` points at the sample of image column 0 of the view.
void store_row(const ImageView& image, std::uint32_t row, const std::uint8_t* const* components);
void store_row(const ImageView& image, std::uint32_t row, const std::uint16_t* const* components);

}  // namespace turbodicom::codec::jpeg
