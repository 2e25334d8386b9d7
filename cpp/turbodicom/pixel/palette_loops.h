// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Plain C++ that compilers vectorise, included by each instruction set's file (as flat_loop.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "turbodicom/pixel/palette_kernels.h"

namespace turbodicom::pixel {

template <typename T>
[[gnu::always_inline]] inline std::size_t clipped_offsets(const std::uint8_t* indexes, std::size_t count, ClipRule rule,
                                                          std::uint16_t* offsets) noexcept {
  static_assert(kPaletteBlock < 65536);
  std::uint16_t outside = 0;  // a lane as well
  for (std::size_t i = 0; i < count; ++i) {
    T index;
    std::memcpy(&index, indexes + i * sizeof(T), sizeof(T));
    const auto place = static_cast<std::uint16_t>(index + rule.bias);
#if defined(TURBODICOM_PLANT_palette_below_takes_last)
    const std::uint16_t raised = place < rule.low ? rule.high : place;
#else
    const std::uint16_t raised = place < rule.low ? rule.low : place;
#endif
    const std::uint16_t clipped = raised > rule.high ? rule.high : raised;
    outside = static_cast<std::uint16_t>(outside + static_cast<std::uint16_t>(clipped != place));
    offsets[i] = static_cast<std::uint16_t>(clipped - rule.shift);
  }
  return outside;
}

}  // namespace turbodicom::pixel
