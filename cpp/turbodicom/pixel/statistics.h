// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// What windows are made of: the range of the values of an array, and how often each integer occurs. Padded samples and
// NaN are left out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "turbodicom/base/image_view.h"
#include "turbodicom/pixel/block_work.h"
#include "turbodicom/pixel/value_stages.h"

namespace turbodicom::pixel {

// Smallest and largest value: integers in `low` and `high` (the bits of the type), floats in the other two.
struct ValueRange {
  std::int64_t low = 0, high = 0;
  double float_low = 0, float_high = 0;
};

// Nothing where no sample is left.
std::optional<ValueRange> value_range(std::span<const std::size_t> shape, const StridedArray& array, SampleType type,
                                      const std::optional<Padding>& padding, const WorkOptions& options);

// counts[i] gets the number of samples equal to low + i; others are not counted. Integers of up to 4 bytes.
void count_values(std::span<const std::size_t> shape, const StridedArray& array, SampleType type, std::int64_t low,
                  const std::optional<Padding>& padding, std::span<std::uint64_t> counts, const WorkOptions& options);

}  // namespace turbodicom::pixel
