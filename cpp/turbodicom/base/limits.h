// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// What an input may cost. A value, handed down by the caller, charged before each allocation.
#pragma once

#include <cstdint>

namespace turbodicom {

struct Limits {
  std::uint64_t pixels_per_frame = std::uint64_t{1} << 31;     // our limit: 2 Gpixel
  std::uint64_t bytes_per_frame = std::uint64_t{8} << 30;      // our limit: 8 GiB decoded
  std::uint32_t sequence_depth = 64;                           // DCMTK's default
  std::uint64_t elements = 1'000'000;                          // elements, items or fragments of one data set
  std::uint64_t inflated_bytes = std::uint64_t{2} << 30;       // whole deflated data set
  std::uint32_t inflate_ratio = 200;                           // beyond the first 64 MiB
};

}  // namespace turbodicom
