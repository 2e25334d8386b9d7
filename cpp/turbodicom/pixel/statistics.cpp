// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/statistics.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <tuple>
#include <vector>

#include "turbodicom/pixel/value_kernels.h"

namespace turbodicom::pixel {
namespace {

template <typename T>
T load_at(const std::uint8_t* from, std::size_t i) noexcept {
  T value;
  std::memcpy(&value, from + i * sizeof(T), sizeof(T));
  return value;
}

template <typename T>
Bounds<T> bounds_of(const std::optional<Padding>& padding) noexcept {
  if (!padding) return {};
  if constexpr (std::numeric_limits<T>::is_integer) return {static_cast<T>(padding->first_bits), static_cast<T>(padding->last_bits)};
  else return {static_cast<T>(padding->first), static_cast<T>(padding->last)};
}

template <typename T>
struct Extremes {
  T low = std::numeric_limits<T>::has_infinity ? std::numeric_limits<T>::infinity() : std::numeric_limits<T>::max();
  T high = std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::lowest();
  bool is_empty() const noexcept { return low > high; }
};

// Hands each block, dense, to body(data, samples, worker).
template <typename Body>
void for_each_dense(std::span<const std::size_t> shape, const StridedArray& array, const WorkOptions& options, Body body) {
  const BlockWalk walk(shape, std::span(&array, 1));
  const std::uint64_t bytes = walk.samples() * array.sample_bytes;
  std::vector<Tile> tiles(threads_for(bytes, options));
  for_each_block(walk, bytes, options, [&](std::size_t index, std::size_t worker) {
    const Block block = walk.block(index, 0);
    if (block.is_dense()) return body(block.data, block.samples(), worker);
    gather(block, tiles[worker].get());
    body(tiles[worker].get(), block.samples(), worker);
  });
}

std::size_t workers_of(const WorkOptions& options) noexcept { return std::max<std::size_t>(options.workers, 1); }

template <typename T>
std::optional<ValueRange> range_as(std::span<const std::size_t> shape, const StridedArray& array,
                                   const std::optional<Padding>& padding, const WorkOptions& options) {
  std::vector<Extremes<T>> found(workers_of(options));
  const Bounds<T> bounds = bounds_of<T>(padding);
  for_each_dense(shape, array, options, [&](const std::uint8_t* from, std::size_t count, std::size_t worker) {
    std::get<WidenFn<T>>(value_kernels().widen)(from, count, bounds, &found[worker].low, &found[worker].high);
  });
  Extremes<T> all;
  for (const Extremes<T>& part : found) all = {std::min(all.low, part.low), std::max(all.high, part.high)};
  if (all.is_empty()) return std::nullopt;
  if constexpr (std::numeric_limits<T>::is_integer) return ValueRange{static_cast<std::int64_t>(all.low), static_cast<std::int64_t>(all.high), 0, 0};
  else return ValueRange{0, 0, all.low, all.high};
}

template <typename T>
void count_as(std::span<const std::size_t> shape, const StridedArray& array, std::int64_t low, const std::optional<Padding>& padding,
              std::span<std::uint64_t> counts, const WorkOptions& options) {
  const std::size_t workers = workers_of(options);
  std::vector<std::vector<std::uint64_t>> own(workers > 1 ? workers - 1 : 0, std::vector<std::uint64_t>(counts.size()));
  const Bounds<T> bounds = bounds_of<T>(padding);
  for_each_dense(shape, array, options, [&](const std::uint8_t* from, std::size_t count, std::size_t worker) {
    const std::span<std::uint64_t> bins = worker == 0 ? counts : std::span<std::uint64_t>(own[worker - 1]);
    for (std::size_t i = 0; i < count; ++i) {
      const T value = load_at<T>(from, i);
      const auto bin = static_cast<std::uint64_t>(static_cast<std::int64_t>(value) - low);
      if (bin < bins.size() && !(value >= bounds.first && value <= bounds.last)) ++bins[bin];
    }
  });
  for (const auto& part : own) std::transform(part.begin(), part.end(), counts.begin(), counts.begin(), std::plus<>());
}

}  // namespace

std::optional<ValueRange> value_range(std::span<const std::size_t> shape, const StridedArray& array, SampleType type,
                                      const std::optional<Padding>& padding, const WorkOptions& options) {
  switch (type) {
    case SampleType::u8: return range_as<std::uint8_t>(shape, array, padding, options);
    case SampleType::i8: return range_as<std::int8_t>(shape, array, padding, options);
    case SampleType::u16: return range_as<std::uint16_t>(shape, array, padding, options);
    case SampleType::i16: return range_as<std::int16_t>(shape, array, padding, options);
    case SampleType::u32: return range_as<std::uint32_t>(shape, array, padding, options);
    case SampleType::i32: return range_as<std::int32_t>(shape, array, padding, options);
    case SampleType::u64: return range_as<std::uint64_t>(shape, array, padding, options);
    case SampleType::i64: return range_as<std::int64_t>(shape, array, padding, options);
    case SampleType::f32: return range_as<float>(shape, array, padding, options);
    default: return range_as<double>(shape, array, padding, options);
  }
}

void count_values(std::span<const std::size_t> shape, const StridedArray& array, SampleType type, std::int64_t low,
                  const std::optional<Padding>& padding, std::span<std::uint64_t> counts, const WorkOptions& options) {
  switch (type) {
    case SampleType::u8: return count_as<std::uint8_t>(shape, array, low, padding, counts, options);
    case SampleType::i8: return count_as<std::int8_t>(shape, array, low, padding, counts, options);
    case SampleType::u16: return count_as<std::uint16_t>(shape, array, low, padding, counts, options);
    case SampleType::i16: return count_as<std::int16_t>(shape, array, low, padding, counts, options);
    case SampleType::u32: return count_as<std::uint32_t>(shape, array, low, padding, counts, options);
    default: return count_as<std::int32_t>(shape, array, low, padding, counts, options);
  }
}

}  // namespace turbodicom::pixel
