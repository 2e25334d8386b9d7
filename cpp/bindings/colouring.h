// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The words of PixelOptions.color.
#pragma once

#include <string_view>

#include "turbodicom/image/frame_reader.h"

namespace turbodicom::bindings {

struct Colouring {
  image::Color color = image::Color::rgb;
  image::ColourPolicy policy = image::ColourPolicy::standard;
};

Colouring colouring_of(std::string_view word);

}  // namespace turbodicom::bindings
