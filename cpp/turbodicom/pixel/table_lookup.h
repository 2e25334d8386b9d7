// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// to = table[clip(from - first, 0, entries - 1)] for integers: LUTs whose entries are the results.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "turbodicom/base/image_view.h"
#include "turbodicom/pixel/block_work.h"

namespace turbodicom::pixel {

// `entries` (at least 1) of `entry_bytes` (1, 2, 4, 8) each; entry 0 stands for `first`.
struct EntryTable {
  const std::uint8_t* data = nullptr;
  std::size_t entries = 0;
  std::size_t entry_bytes = 1;
  std::int64_t first = 0;
};

// Dense samples of 1, 2 or 4 bytes.
void look_up(const void* from, SampleType type, void* to, std::size_t count, const EntryTable& table) noexcept;

void look_up_array(std::span<const std::size_t> shape, const StridedArray& from, SampleType type, const StridedArray& to,
                   const EntryTable& table, const WorkOptions& options);

}  // namespace turbodicom::pixel
