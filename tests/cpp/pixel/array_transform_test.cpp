// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/array_transform.h"

#include <vector>

#include "doctest/doctest.h"

using namespace turbodicom;
using namespace turbodicom::pixel;

namespace {

using Strides = std::vector<std::ptrdiff_t>;

ValueTransform plus_ten(SampleType output) {
  ValueStages s;
  s.input = SampleType::u16;
  s.output = output;
  s.rescale = Rescale{1, 10};
  s.padding = Padding{7, 7, 0, 0, 3};
  return ValueTransform(s);
}

template <typename T>
std::uint8_t* bytes_of_samples(std::vector<T>& samples, std::size_t first = 0) {
  return reinterpret_cast<std::uint8_t*>(samples.data() + first);
}

}  // namespace

TEST_CASE("an array backwards into a transposed one, with its mask") {
  constexpr std::size_t kRows = 300, kColumns = 217;
  std::vector<std::uint16_t> from(kRows * kColumns);
  for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<std::uint16_t>(i % 1000);
  std::vector<float> to(from.size());
  std::vector<std::uint8_t> mask(2 * from.size(), 9);
  const Strides backwards{-2 * static_cast<std::ptrdiff_t>(kColumns), -2}, transposed{4, 4 * static_cast<std::ptrdiff_t>(kRows)};
  const Strides every_other{2 * static_cast<std::ptrdiff_t>(kColumns), 2};
  for (const std::size_t workers : {1, 3}) {
    const std::size_t shape[] = {kRows, kColumns};
    const auto misfit = transform_array(plus_ten(SampleType::f32), shape, {bytes_of_samples(from, from.size() - 1), 2, backwards},
                                        {bytes_of_samples(to), 4, transposed}, {mask.data(), 1, every_other}, {workers, {}});
    CHECK_FALSE(misfit);
    std::size_t wrong = 0;
    for (std::size_t r = 0; r < kRows; ++r)
      for (std::size_t c = 0; c < kColumns; ++c) {
        const std::uint16_t x = from[from.size() - 1 - r * kColumns - c];
        wrong += to[c * kRows + r] != (x == 7 ? 3.0f : static_cast<float>(x) + 10);
        wrong += mask[2 * (r * kColumns + c)] != (x == 7) || mask[2 * (r * kColumns + c) + 1] != 9;
      }
    CHECK(wrong == 0);
  }
}

TEST_CASE("the first misfit is counted along the axes, not along the memory, for any number of workers") {
  constexpr std::size_t kRows = 2000, kColumns = 1500;
  std::vector<std::uint16_t> from(kRows * kColumns, 5);
  std::vector<std::uint8_t> to(from.size());
  const Strides transposed_in{2, 2 * static_cast<std::ptrdiff_t>(kRows)}, transposed{1, static_cast<std::ptrdiff_t>(kRows)};
  from[1200 * kRows + 3] = 300;  // row 3, column 1200
  from[7 * kRows + 900] = 300;   // row 900, column 7
  for (const std::size_t workers : {1, 2, 4}) {
    const std::size_t shape[] = {kRows, kColumns};
    const auto misfit = transform_array(plus_ten(SampleType::u8), shape, {bytes_of_samples(from), 2, transposed_in},
                                        {to.data(), 1, transposed}, {}, {workers, {}});
    REQUIRE(misfit);
    CHECK(*misfit == 3 * kColumns + 1200);
  }
}

TEST_CASE("an image view is transformed with one thread's memory, one transform after the other") {
  std::vector<std::uint16_t> from{1, 7, 3, 500, 5, 6};
  std::vector<std::int16_t> to(6);
  std::vector<std::uint8_t> mask(6, 9);
  const ConstImageView source = interleaved_view(static_cast<const std::uint8_t*>(bytes_of_samples(from)), SampleType::u16, 1, 2, 3);
  const ImageView target = planar_view(bytes_of_samples(to), SampleType::i16, 1, 2, 3);
  const ImageView padded = planar_view(mask.data(), SampleType::u8, 1, 2, 3);
  const ValueTransform to_i16 = plus_ten(SampleType::i16), to_i8 = plus_ten(SampleType::i8);
  ImageTransformMemory memory;
  CHECK(transform_image(to_i16, source, target, padded, memory));
  CHECK(to == std::vector<std::int16_t>{11, 510, 3, 15, 13, 16});
  CHECK(mask == std::vector<std::uint8_t>{0, 0, 1, 0, 0, 0});
  CHECK_FALSE(transform_image(to_i8, source, planar_view(mask.data(), SampleType::i8, 1, 2, 3), {}, memory));
  CHECK(first_misfit(to_i8, source) == 3);
}

TEST_CASE("one thread's memory serves two transforms in turn, tables of both") {
  std::vector<std::uint16_t> from(600);
  for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<std::uint16_t>(i % 100 + 8);
  std::vector<std::uint8_t> narrow(from.size());
  std::vector<std::uint32_t> wide(from.size());
  const ValueTransform to_narrow = plus_ten(SampleType::u8), to_wide = plus_ten(SampleType::u32);
  REQUIRE(to_narrow.form() == ValueForm::Kind::table);
  const ConstImageView source = interleaved_view(static_cast<const std::uint8_t*>(bytes_of_samples(from)), SampleType::u16, 20, 30, 1);
  ImageTransformMemory memory;
  for (int turn = 0; turn < 3; ++turn) {
    CHECK(transform_image(to_narrow, source, interleaved_view(narrow.data(), SampleType::u8, 20, 30, 1), {}, memory));
    CHECK(transform_image(to_wide, source, interleaved_view(bytes_of_samples(wide), SampleType::u32, 20, 30, 1), {}, memory));
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < from.size(); ++i) wrong += narrow[i] != from[i] + 10 || wide[i] != from[i] + 10u;
    CHECK(wrong == 0);
  }
}

TEST_CASE("every other sample of one axis, into every third") {
  std::vector<std::uint16_t> from(20000);
  for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<std::uint16_t>(i % 999 + 8);
  std::vector<float> to(30000, -1);
  const Strides every_other{4}, every_third{12};
  const std::size_t shape[] = {10000};
  CHECK_FALSE(transform_array(plus_ten(SampleType::f32), shape, {bytes_of_samples(from), 2, every_other},
                              {bytes_of_samples(to), 4, every_third}, {}, {1, {}}));
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < to.size(); ++i) wrong += to[i] != (i % 3 == 0 ? static_cast<float>(from[i / 3 * 2]) + 10 : -1.0f);
  CHECK(wrong == 0);
}

namespace {

// Every other sample to every other one, 4 or 8 bytes each, twice as large.
template <typename T>
void check_doubling(SampleType type) {
  ValueStages s;
  s.input = s.output = type;
  s.rescale = Rescale{2, 0};
  std::vector<T> from(10000), to(from.size(), T{5});
  for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<T>(static_cast<int>(i) * 100003 - 500000000);
  const Strides every_other{2 * sizeof(T)};
  const std::size_t shape[] = {from.size() / 2};
  CHECK_FALSE(transform_array(ValueTransform(s), shape, {bytes_of_samples(from), sizeof(T), every_other},
                              {bytes_of_samples(to), sizeof(T), every_other}, {}, {1, {}}));
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < to.size(); ++i) wrong += to[i] != (i % 2 == 0 ? static_cast<T>(2 * from[i]) : T{5});
  CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("every other sample of 4 and of 8 bytes") {
  check_doubling<std::int32_t>(SampleType::i32);
  check_doubling<double>(SampleType::f64);
}
