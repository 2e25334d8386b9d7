// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "doctest/doctest.h"

using namespace turbodicom;
using namespace turbodicom::pixel;

namespace {

template <typename T>
struct OneAxis {
  std::vector<T> samples;
  std::size_t shape[1] = {samples.size()};
  std::ptrdiff_t strides[1] = {sizeof(T)};
  StridedArray array() { return {reinterpret_cast<std::uint8_t*>(samples.data()), sizeof(T), strides}; }
};

template <typename T>
std::optional<ValueRange> range_of(std::vector<T> samples, SampleType type, const std::optional<Padding>& padding = {},
                                   std::size_t workers = 1) {
  OneAxis<T> axis{std::move(samples)};
  return value_range(axis.shape, axis.array(), type, padding, {workers, {}});
}

}  // namespace

TEST_CASE("the range of integers, without padding and with it") {
  const auto all = range_of<std::int16_t>({5, -2000, 77, 3}, SampleType::i16);
  CHECK(all->low == -2000);
  CHECK(all->high == 77);
  const auto rest = range_of<std::int16_t>({5, -2000, 77, 3}, SampleType::i16, Padding{-2000, -1000, 0, 0, 0});
  CHECK(rest->low == 3);
  CHECK_FALSE(range_of<std::int16_t>({-2000, -1500}, SampleType::i16, Padding{-2000, -1000, 0, 0, 0}));
  CHECK_FALSE(range_of<std::uint8_t>({}, SampleType::u8));
  const auto wide = range_of<std::uint64_t>({~std::uint64_t{0}, 1}, SampleType::u64);
  CHECK(wide->low == 1);
  CHECK(static_cast<std::uint64_t>(wide->high) == ~std::uint64_t{0});
}

TEST_CASE("the range of floats leaves NaN out and infinity in") {
  const float infinity = std::numeric_limits<float>::infinity();
  const auto some = range_of<float>({std::nanf(""), -1.5f, 7, std::nanf("")}, SampleType::f32);
  CHECK(some->float_low == -1.5);
  CHECK(some->float_high == 7);
  CHECK(range_of<float>({-1.5f, infinity}, SampleType::f32)->float_high == infinity);
  CHECK(range_of<float>({infinity}, SampleType::f32)->float_low == infinity);
  CHECK_FALSE(range_of<double>({std::nan("")}, SampleType::f64));
}

namespace {

// One sample among many of 50: padding, from 100 to 120, must not be seen anywhere in a row, and its neighbours must.
template <typename T>
void check_padding_everywhere(SampleType type) {
  constexpr std::size_t kSamples = 150;
  const Padding padding = is_float(type) ? Padding{0, 0, 100, 120, 0} : Padding{100, 120, 0, 0, 0};
  std::size_t wrong = 0;
  for (std::size_t place = 0; place < kSamples; ++place)
    for (const int odd : {1, 99, 100, 110, 120, 121}) {
      std::vector<T> samples(kSamples, T{50});
      samples[place] = static_cast<T>(odd);
      const auto found = range_of<T>(std::move(samples), type, padding);
      const bool is_padding = odd >= 100 && odd <= 120;
      const int low = is_padding ? 50 : std::min(odd, 50), high = is_padding ? 50 : std::max(odd, 50);
      if (is_float(type)) wrong += found->float_low != low || found->float_high != high;
      else wrong += found->low != low || found->high != high;
    }
  CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("padding is left out of ranges wherever it stands, its first and last value too") {
  check_padding_everywhere<std::uint8_t>(SampleType::u8);
  check_padding_everywhere<std::int8_t>(SampleType::i8);
  check_padding_everywhere<std::uint16_t>(SampleType::u16);
  check_padding_everywhere<std::int16_t>(SampleType::i16);
  check_padding_everywhere<std::uint32_t>(SampleType::u32);
  check_padding_everywhere<std::int32_t>(SampleType::i32);
  check_padding_everywhere<std::uint64_t>(SampleType::u64);
  check_padding_everywhere<std::int64_t>(SampleType::i64);
  check_padding_everywhere<float>(SampleType::f32);
  check_padding_everywhere<double>(SampleType::f64);
}

TEST_CASE("ranges and counts of every other sample know nothing of those between") {
  std::vector<std::int16_t> samples(9000, 77);
  for (std::size_t i = 0; i < samples.size(); i += 2) samples[i] = static_cast<std::int16_t>(i % 5);
  const std::size_t shape[] = {4500};
  const std::ptrdiff_t strides[] = {4};
  const StridedArray array{reinterpret_cast<std::uint8_t*>(samples.data()), 2, strides};
  const auto found = value_range(shape, array, SampleType::i16, {}, {});
  CHECK(found->low == 0);
  CHECK(found->high == 4);
  std::vector<std::uint64_t> counts(100);
  count_values(shape, array, SampleType::i16, 0, {}, counts, {});
  CHECK(std::vector<std::uint64_t>(counts.begin(), counts.begin() + 6) == std::vector<std::uint64_t>{900, 900, 900, 900, 900, 0});
  CHECK(counts[77] == 0);
}

TEST_CASE("counts and ranges do not depend on the number of workers") {
  OneAxis<std::uint16_t> axis{std::vector<std::uint16_t>(3'000'001)};
  for (std::size_t i = 0; i < axis.samples.size(); ++i) axis.samples[i] = static_cast<std::uint16_t>(i * i % 5003);
  std::vector<std::vector<std::uint64_t>> found;
  for (const std::size_t workers : {1, 2, 5}) {
    found.emplace_back(1000);
    count_values(axis.shape, axis.array(), SampleType::u16, 100, Padding{150, 160, 0, 0, 0}, found.back(), {workers, {}});
    CHECK(value_range(axis.shape, axis.array(), SampleType::u16, {}, {workers, {}})->high <= 5002);
  }
  CHECK(found[1] == found[0]);
  CHECK(found[2] == found[0]);
  std::vector<std::uint64_t> expected(1000);
  for (const std::uint16_t x : axis.samples)
    if (x >= 100 && x < 1100 && !(x >= 150 && x <= 160)) ++expected[x - 100u];
  CHECK(found[0] == expected);
}

TEST_CASE("negative values are counted from a negative low") {
  OneAxis<std::int8_t> axis{{-5, -5, 3, -128, 127}};
  std::vector<std::uint64_t> counts(10);
  count_values(axis.shape, axis.array(), SampleType::i8, -6, {}, counts, {});
  CHECK(counts == std::vector<std::uint64_t>{0, 2, 0, 0, 0, 0, 0, 0, 0, 1});
}
