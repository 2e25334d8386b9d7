// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Entries of a palette to pixels, once it is known which: each channel by itself, or by fours, the three cells of an
// entry and one of zeros.
#pragma once

#include <cstddef>
#include <cstdint>

#include "turbodicom/pixel/palette.h"

namespace turbodicom::pixel {

// fours: 4 * entries cells.
void pack_fours(const PaletteTables& tables, std::uint8_t* fours) noexcept;

// Pixel i takes entry offsets[i]. With `fours`, not null, the pixels are interleaved and dense.
void paint(const std::uint16_t* offsets, std::size_t count, const PaletteTables& tables, const std::uint8_t* fours,
           PixelRow pixels) noexcept;

}  // namespace turbodicom::pixel
