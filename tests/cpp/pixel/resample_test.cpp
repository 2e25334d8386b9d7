// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Scaling against hand-computed values; tests/peers/test_geometry_peers.py compares with DCMTK.
#include "turbodicom/pixel/resample.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "doctest/doctest.h"
#include "turbodicom/base/error.h"
#include "turbodicom/pixel/resample_walk.h"

using namespace turbodicom;
using namespace turbodicom::pixel;

namespace {

constexpr Resampling kAll[] = {Resampling::mean, Resampling::enlarge, Resampling::reduce, Resampling::bilinear,
                               Resampling::bicubic};

template <typename T>
constexpr SampleType kType = SampleType::u8;
template <>
constexpr SampleType kType<std::int16_t> = SampleType::i16;
template <>
constexpr SampleType kType<std::int32_t> = SampleType::i32;
template <>
constexpr SampleType kType<std::uint32_t> = SampleType::u32;
template <>
constexpr SampleType kType<double> = SampleType::f64;

// Exactly as large as they must be, so that a sanitizer sees any step beyond.
template <typename T>
std::vector<T> resampled(Resampling how, const std::vector<T>& from, PlaneSize source, PlaneSize target, unsigned bits = 8 * sizeof(T)) {
  std::vector<T> to(target.rows * target.columns, T{77});
  resample({how, kType<T>, source, target, std::min(bits, 32U)}, from.data(), to.data(), {});
  return to;
}

using Bytes = std::vector<std::uint8_t>;
using Words = std::vector<std::int16_t>;

bool can_do(Resampling how, PlaneSize source, PlaneSize target, SampleType type = SampleType::u8) {
  const std::vector<std::uint64_t> from(source.rows * source.columns + 1);
  std::vector<std::uint64_t> to(target.rows * target.columns + 1);
  try {
    resample({how, type, source, target, 8}, from.data(), to.data(), {});
  } catch (const Error& error) {
    CHECK(error.code == Errc::invalid_argument);
    return false;
  }
  return true;
}

}  // namespace

TEST_CASE("the mean is taken of rows first and rounded twice") {
  CHECK(resampled(Resampling::mean, Bytes{0, 2, 10, 11, 4, 6, 12, 14}, {2, 4}, {1, 2}) == Bytes{3, 12});
  CHECK(resampled(Resampling::mean, Bytes{11, 11, 12, 12}, {2, 2}, {1, 1}) == Bytes{12});  // 11.5, 11.5; then 12
}

TEST_CASE("the mean of negative samples is cut towards zero") {
  CHECK(resampled(Resampling::mean, Words{-90, 0}, {1, 2}, {1, 3}) == Words{-89, -44, 0});
}

TEST_CASE("the mean is bounded by the bits of a sample") {
  CHECK(resampled(Resampling::mean, Bytes{200, 200}, {1, 2}, {1, 1}, 7) == Bytes{127});
}

TEST_CASE("enlarging mixes the two pixels under a result") {
  CHECK(resampled(Resampling::enlarge, Bytes{0, 90}, {1, 2}, {1, 3}) == Bytes{0, 45, 90});
  CHECK(resampled(Resampling::enlarge, Bytes{0, 90}, {2, 1}, {3, 1}) == Bytes{0, 45, 90});
}

TEST_CASE("reducing averages whole and parted pixels") {
  CHECK(resampled(Resampling::reduce, Bytes{1, 2, 3, 4, 5, 6}, {2, 3}, {1, 2}) == Bytes{3, 4});  // 2.83, 4.17
  const std::vector<double> mean = resampled(Resampling::reduce, std::vector<double>{3, 6, 9}, {1, 3}, {1, 2});
  CHECK(mean[0] == doctest::Approx(4));
  CHECK(mean[1] == doctest::Approx(8));
}

TEST_CASE("bilinear columns of integers stop one pixel short and rows do not") {
  const Bytes ramp{0, 10, 20, 30, 0, 10, 20, 30};
  CHECK(resampled(Resampling::bilinear, ramp, {2, 4}, {2, 8}) == Bytes{0, 5, 10, 15, 20, 25, 30, 20, 0, 5, 10, 15, 20, 25, 30, 20});
  CHECK(resampled(Resampling::bilinear, Bytes{0, 0, 10, 10}, {2, 2}, {4, 2}) == Bytes{0, 0, 5, 5, 10, 10, 10, 10});
}

TEST_CASE("bicubic results stay within the bits of a sample") {
  Bytes edge(10 * 3, 0);
  std::fill(edge.begin() + 15, edge.end(), 15);
  const Bytes four = resampled(Resampling::bicubic, edge, {10, 3}, {40, 3}, 4), eight = resampled(Resampling::bicubic, edge, {10, 3}, {40, 3});
  CHECK(*std::max_element(four.begin(), four.end()) == 15);
  CHECK(*std::max_element(eight.begin(), eight.end()) > 15);
}

// Result i lies at i * 6 / 15. Catmull-Rom goes through every square. The walk follows one result late, so 3.2 is still
// taken at 3 and 4.4 at 4; the two results at the margins are linear, and so are the last ones, from 4 (columns) or
// in the last gap (rows).
TEST_CASE("bicubic columns and rows of squares, with the margins as DCMTK has them") {
  const Words squares{0, 100, 400, 900, 1600, 2500};
  const Words columns{0, 40, 80, 144, 256, 400, 576, 784, 900, 1296, 1600, 1600, 2320, 2500, 2500};
  const Words rows{0, 40, 80, 144, 256, 400, 576, 784, 900, 1296, 1600, 1600, 2500, 2500, 2500};
  Words across, down, across_expected, down_expected;
  for (int k = 0; k < 3; ++k) across.insert(across.end(), squares.begin(), squares.end());
  for (int k = 0; k < 3; ++k) across_expected.insert(across_expected.end(), columns.begin(), columns.end());
  for (const std::int16_t x : squares) down.insert(down.end(), 3, x);
  for (const std::int16_t x : rows) down_expected.insert(down_expected.end(), 3, x);
  CHECK(resampled(Resampling::bicubic, across, {3, 6}, {3, 15}) == across_expected);
  CHECK(resampled(Resampling::bicubic, down, {6, 3}, {15, 3}) == down_expected);
}

TEST_CASE("bicubic results may be negative") {
  const Words ramp{-300, -200, -100, 0, -300, -200, -100, 0, -300, -200, -100, 0};
  const Words found = resampled(Resampling::bicubic, ramp, {3, 4}, {3, 8});
  CHECK(Words(found.begin(), found.begin() + 5) == Words{-300, -250, -200, -150, -100});
}

TEST_CASE("linear margins of bicubic samples of 32 bits wrap round, and what does not fit is the least") {
  const auto low = std::numeric_limits<std::int32_t>::min(), high = std::numeric_limits<std::int32_t>::max();
  const std::vector<std::int32_t> wide{high, low + 9, 0, high, low + 9, 0, high, low + 9, 0};
  const std::vector<std::int32_t> found = resampled(Resampling::bicubic, wide, {3, 3}, {3, 6});
  CHECK(found[0] == high);
  CHECK(found[1] == low);  // low + 9 - high is 10 after wrapping; high + 5 does not fit
}

TEST_CASE("samples of 32 bits are interpolated at their limits") {
  const auto low = std::numeric_limits<std::int32_t>::min(), high = std::numeric_limits<std::int32_t>::max();
  const std::vector<std::int32_t> wide{low, high, low, high, low, high, low, high, low};
  for (const Resampling how : {Resampling::enlarge, Resampling::bilinear, Resampling::bicubic})
    CHECK(resampled(how, wide, {3, 3}, {7, 8}).size() == 56);
  const std::vector<std::uint32_t> top(9, std::numeric_limits<std::uint32_t>::max());
  CHECK(resampled(Resampling::bilinear, top, {3, 3}, {5, 5}) == std::vector<std::uint32_t>(25, top[0]));
}

TEST_CASE("a flat plane stays flat at every size") {
  for (const Resampling how : kAll)
    for (std::size_t rows = 1; rows < 8; ++rows)
      for (std::size_t columns = 1; columns < 8; ++columns)
        for (std::size_t to_rows = 1; to_rows < 20; ++to_rows)
          for (std::size_t to_columns = 1; to_columns < 20; ++to_columns) {
            if (!can_do(how, {rows, columns}, {to_rows, to_columns})) continue;
            const Bytes flat(rows * columns, 100);
            CHECK(resampled(how, flat, {rows, columns}, {to_rows, to_columns}) == Bytes(to_rows * to_columns, 100));
          }
}

TEST_CASE("every result has a cover inside of the source") {
  for (std::size_t size : {1UL, 2UL, 3UL, 7UL, 943UL, 1000UL, 65535UL})
    for (std::size_t wanted : {1UL, 2UL, 3UL, 471UL, 944UL, 65535UL}) {
      std::size_t next = 0;
      for (const Cover& cover : covers(size, wanted)) {
        CHECK_FALSE((cover.first > cover.last || cover.last >= size || cover.first > next));
        next = cover.last + 1;
      }
      CHECK(next == size);
    }
}

TEST_CASE("every tap is inside of the source") {
  for (std::size_t size : {3UL, 4UL, 5UL, 100UL})
    for (std::size_t wanted = size; wanted < 4 * size + 20; ++wanted)
      for (const auto& taps : {linear_taps(size, wanted, true), linear_taps(size, wanted, false), cubic_column_taps(size, wanted),
                               cubic_row_taps(size, wanted)}) {
        CHECK(taps.size() == wanted);
        CHECK(std::all_of(taps.begin(), taps.end(), [&](const Tap& tap) { return tap.index < size && (!tap.is_cubic || tap.index > 0); }));
      }
}

TEST_CASE("sizes and samples an algorithm is not made for are refused") {
  CHECK_FALSE(can_do(Resampling::enlarge, {2, 2}, {1, 3}));
  CHECK_FALSE(can_do(Resampling::reduce, {2, 2}, {1, 3}));
  CHECK_FALSE(can_do(Resampling::bilinear, {1, 2}, {4, 4}));
  CHECK_FALSE(can_do(Resampling::bicubic, {3, 2}, {4, 4}));
  CHECK_FALSE(can_do(Resampling::mean, {1, 5000}, {1, 1}));
  CHECK_FALSE(can_do(Resampling::mean, {2, 2}, {1, 1}, SampleType::f32));
  CHECK_FALSE(can_do(Resampling::enlarge, {2, 2}, {3, 3}, SampleType::f16));
  CHECK_FALSE(can_do(Resampling::enlarge, {2, 2}, {3, 3}, SampleType::u64));
  CHECK_FALSE(can_do(Resampling::enlarge, {0, 2}, {3, 3}));
}

TEST_CASE("work that nobody wants any more ends at the poll") {
  const Bytes flat(4, 1);
  Bytes to(16);
  int polls = 0;
  const WorkOptions options{1, [&] { if (++polls == 1) fail(Errc::cancelled, 0, "interrupted"); }};
  CHECK_THROWS_AS(resample({Resampling::enlarge, SampleType::u8, {2, 2}, {4, 4}, 8}, flat.data(), to.data(), options), Error);
}
