// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/table_lookup.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <vector>

#include "doctest/doctest.h"

using namespace turbodicom;
using namespace turbodicom::pixel;

namespace {

// Inputs over the whole type, `samples` of them, through a table of `entries` from `first` on.
template <typename In, typename Entry>
void check(SampleType type, std::int64_t first, std::size_t entries, std::size_t samples) {
  std::vector<Entry> table(entries);
  for (std::size_t i = 0; i < entries; ++i) table[i] = static_cast<Entry>(i * 31 + 5);
  std::vector<In> from(samples);
  for (std::size_t i = 0; i < samples; ++i) from[i] = static_cast<In>(i * 2654435761u >> 3);
  from[0] = std::numeric_limits<In>::min();
  from[1] = std::numeric_limits<In>::max();
  std::vector<Entry> to(samples);
  const std::size_t shape[] = {samples};
  const std::ptrdiff_t from_strides[] = {sizeof(In)}, to_strides[] = {sizeof(Entry)};
  look_up_array(shape, {reinterpret_cast<std::uint8_t*>(from.data()), sizeof(In), from_strides}, type,
                {reinterpret_cast<std::uint8_t*>(to.data()), sizeof(Entry), to_strides},
                {reinterpret_cast<const std::uint8_t*>(table.data()), entries, sizeof(Entry), first}, {});
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < samples; ++i) {
    const auto entry = std::clamp<std::int64_t>(static_cast<std::int64_t>(from[i]) - first, 0, static_cast<std::int64_t>(entries) - 1);
    wrong += to[i] != table[static_cast<std::size_t>(entry)];
  }
  CHECK_MESSAGE(wrong == 0, first, " ", entries, " ", samples);
}

template <typename In>
void check_all(SampleType type) {
  for (const std::size_t samples : {3, 255, 257, 70001})
    for (const std::int64_t first : {std::int64_t{0}, std::int64_t{-100}, std::int64_t{100}, std::int64_t{-40000}, std::int64_t{70000},
                                     std::int64_t{1} << 33, -(std::int64_t{1} << 33)})
      for (const std::size_t entries : {1, 2, 300, 65536, 200000}) {
        check<In, std::uint8_t>(type, first, entries, samples);
        check<In, std::uint16_t>(type, first, entries, samples);
        check<In, std::uint32_t>(type, first, entries, samples);
        check<In, double>(type, first, entries, samples);
      }
}

}  // namespace

TEST_CASE("integers are clipped to the table, whatever its first value") {
  check_all<std::uint8_t>(SampleType::u8);
  check_all<std::int8_t>(SampleType::i8);
  check_all<std::uint16_t>(SampleType::u16);
  check_all<std::int16_t>(SampleType::i16);
  check_all<std::uint32_t>(SampleType::u32);
  check_all<std::int32_t>(SampleType::i32);
}

TEST_CASE("every other integer is looked up, into every third entry") {
  constexpr std::size_t kSamples = 9000;
  std::vector<std::int16_t> from(2 * kSamples);
  for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<std::int16_t>(i % 400);
  const std::vector<std::uint32_t> table{7, 70, 700};
  std::vector<std::uint32_t> to(3 * kSamples, 1);
  const std::size_t shape[] = {kSamples};
  const std::ptrdiff_t from_strides[] = {4}, to_strides[] = {12};
  look_up_array(shape, {reinterpret_cast<std::uint8_t*>(from.data()), 2, from_strides}, SampleType::i16,
                {reinterpret_cast<std::uint8_t*>(to.data()), 4, to_strides},
                {reinterpret_cast<const std::uint8_t*>(table.data()), 3, 4, 100}, {});
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < kSamples; ++i) {
    wrong += to[3 * i] != table[static_cast<std::size_t>(std::clamp(from[2 * i] - 100, 0, 2))];
    wrong += to[3 * i + 1] != 1 || to[3 * i + 2] != 1;
  }
  CHECK(wrong == 0);
}
