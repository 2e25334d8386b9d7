// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace turbodicom::codec::jpeg {

// Natural (row-major) index of a zig-zag index (T.81 Figure A.6). Runs that leave the block end at its last coefficient.
inline constexpr std::array<std::uint8_t, 80> kNaturalOrder = [] {
  std::array<std::uint8_t, 80> order{};
  order.fill(63);
  int row = 0, column = 0;
  for (std::size_t k = 0; k < 64; ++k) {
    order[k] = static_cast<std::uint8_t>(8 * row + column);
    const bool goes_up = (row + column) % 2 == 0;
    if (goes_up && column == 7) ++row;
    else if (goes_up && row == 0) ++column;
    else if (!goes_up && row == 7) ++column;
    else if (!goes_up && column == 0) ++row;
    else row += goes_up ? -1 : 1, column += goes_up ? 1 : -1;
  }
  return order;
}();

}  // namespace turbodicom::codec::jpeg
