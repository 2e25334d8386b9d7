// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// A palette over an array of any number of axes and any strides: cut into rows as long as memory allows, shared out to
// threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "turbodicom/pixel/palette.h"

namespace turbodicom::pixel {

// Strides in bytes: of the indexes, and of one sample of the pixels.
struct PaletteAxis {
  std::size_t length;
  std::ptrdiff_t index_stride;
  std::ptrdiff_t pixel_stride;
};

struct PaletteImage {
  const std::uint8_t* indexes;
  std::uint8_t* pixels;
  std::ptrdiff_t sample_stride;
  std::vector<PaletteAxis> axes;

  std::size_t count() const noexcept;
};

// Returns how many indexes were outside of the table. `poll` as in parallel_for.
std::size_t apply_palette(const Palette& palette, PaletteImage image, std::size_t workers, const std::function<void()>& poll);

}  // namespace turbodicom::pixel
