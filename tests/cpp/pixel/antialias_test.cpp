// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The reference is the definition in antialias.h in double arithmetic, a sum over all samples for each result. Peers are in
// tests/python/test_batch_resize.py.
#include "turbodicom/pixel/antialias.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace turbodicom;
using namespace turbodicom::pixel;

namespace {

using Floats = std::vector<float>;

Floats noise(std::size_t count) {
  Floats values(count);
  std::uint32_t state = 5;
  for (float& value : values) value = static_cast<float>((state = state * 1664525 + 1013904223) >> 16) / 64 - 300;
  return values;
}

double weight(std::uint32_t result, std::uint32_t sample, std::uint32_t size, std::uint32_t scaled) {
  const double scale = static_cast<double>(size) / scaled;
  return std::max(0.0, 1 - std::fabs(sample + 0.5 - (result + 0.5) * scale) / std::max(scale, 1.0));
}

double reference(const Floats& image, const SourceSize& source, const Placement& scaled, std::uint32_t row, std::uint32_t column,
                 std::uint32_t sample) {
  double sum = 0, weights = 0;
  for (std::uint32_t y = 0; y < source.rows; ++y)
    for (std::uint32_t x = 0; x < source.columns; ++x) {
      const double w = weight(row, y, source.rows, scaled.rows) * weight(column, x, source.columns, scaled.columns);
      weights += w;
      sum += w * static_cast<double>(image[(std::size_t{y} * source.columns + x) * source.samples + sample]);
    }
  return sum / weights;
}

Floats resized(Resizer& resizer, const Floats& image, const SourceSize& source, const Placement& placement, std::uint32_t rows,
               std::uint32_t columns, float fill = 7) {
  Floats result(std::size_t{rows} * columns * source.samples, -1);
  const std::size_t samples = std::size_t{source.columns} * source.samples;
  std::uint32_t next = 0;
  const auto read_row = [&](std::uint32_t row, float* to) {
    CHECK(row >= next);
    CHECK(row < source.rows);
    next = row + 1;
    std::copy_n(image.begin() + static_cast<std::ptrdiff_t>(row * samples), samples, to);
  };
  resizer.run(source, placement, read_row, fill,
              interleaved_view(reinterpret_cast<std::uint8_t*>(result.data()), SampleType::f32, rows, columns, source.samples));
  return result;
}

}  // namespace

TEST_CASE("every result is the mean of the samples under its triangle") {
  Resizer resizer;  // one for all: nothing of one image is left in the next
  for (const SourceSize source : {SourceSize{1, 1, 1}, {5, 7, 1}, {20, 9, 1}, {33, 40, 1}, {6, 50, 3}})
    for (const Placement scaled : {Placement{1, 1}, {2, 3}, {5, 7}, {9, 8}, {17, 31}, {40, 2}}) {
      CAPTURE(source.rows);
      CAPTURE(scaled.rows);
      const Floats image = noise(std::size_t{source.rows} * source.columns * source.samples);
      const Floats result = resized(resizer, image, source, scaled, scaled.rows, scaled.columns);
      for (std::uint32_t row = 0; row < scaled.rows; ++row)
        for (std::uint32_t column = 0; column < scaled.columns; ++column)
          for (std::uint32_t s = 0; s < source.samples; ++s) {
            const double found = static_cast<double>(result[(std::size_t{row} * scaled.columns + column) * source.samples + s]);
            CHECK(found == doctest::Approx(reference(image, source, scaled, row, column, s)).epsilon(1e-4));
          }
    }
}

TEST_CASE("an image of the right size stays as it is, also next to what is no number") {
  Resizer resizer;
  Floats image = noise(35);
  image[17] = std::numeric_limits<float>::quiet_NaN();
  const Floats result = resized(resizer, image, {5, 7, 1}, {5, 7, 0, 0}, 5, 7);
  for (std::size_t i = 0; i < image.size(); ++i)
    if (i == 17) CHECK(std::isnan(result[i]));
    else CHECK(result[i] == image[i]);
}

TEST_CASE("cropped results are a part of the whole, padded ones stand amid the fill") {
  Resizer resizer;
  const SourceSize source{12, 10, 1};
  const Floats image = noise(120);
  const Floats whole = resized(resizer, image, source, {20, 16, 0, 0}, 20, 16);
  for (const auto& [row, column, rows, columns] : {std::array<std::int32_t, 4>{3, 5, 9, 10}, {-4, -2, 30, 20}, {2, -3, 10, 25}, {-30, 0, 8, 8}, {19, 15, 9, 9}}) {
    const Floats part = resized(resizer, image, source, {20, 16, row, column}, static_cast<std::uint32_t>(rows), static_cast<std::uint32_t>(columns));
    for (std::int32_t y = 0; y < rows; ++y)
      for (std::int32_t x = 0; x < columns; ++x) {
        const bool is_inside = y + row >= 0 && y + row < 20 && x + column >= 0 && x + column < 16;
        const float expected = is_inside ? whole[static_cast<std::size_t>((y + row) * 16 + x + column)] : 7;
        CHECK(part[static_cast<std::size_t>(y * columns + x)] == expected);
      }
  }
}

TEST_CASE("integers are rounded to nearest and clamped, any strides and nothing beside them") {
  Resizer resizer;
  const Floats image{-3.0f, 0.5f, 1.5f, 300.0f};
  std::vector<std::uint8_t> bytes(12, 0xA5);
  const auto read_row = [&](std::uint32_t row, float* to) { std::copy_n(image.begin() + row * 2, 2, to); };
  const ImageView view{bytes.data() + 11, SampleType::u8, 2, 2, 1, -6, -3, 1};
  resizer.run({2, 2, 1}, {2, 2, 0, 0}, read_row, 0, view);
  CHECK(bytes == std::vector<std::uint8_t>{0xA5, 0xA5, 255, 0xA5, 0xA5, 2, 0xA5, 0xA5, 0, 0xA5, 0xA5, 0});
}

TEST_CASE("samples of every type become float32") {
  for (const SampleType type : {SampleType::u8, SampleType::i8, SampleType::u16, SampleType::i16, SampleType::u32, SampleType::i32,
                                SampleType::u64, SampleType::i64, SampleType::f32, SampleType::f64}) {
    std::vector<std::uint8_t> stored(1000 * bytes_of(type));
    for (std::size_t i = 0; i < 1000; ++i)
      if (type == SampleType::f32) reinterpret_cast<float*>(stored.data())[i] = static_cast<float>(i % 100);
      else if (type == SampleType::f64) reinterpret_cast<double*>(stored.data())[i] = static_cast<double>(i % 100);
      else stored[i * bytes_of(type)] = static_cast<std::uint8_t>(i % 100);
    Floats found(1000);
    to_float(type, stored.data(), found.data(), 1000);
    for (std::size_t i = 0; i < 1000; ++i) CHECK(found[i] == static_cast<float>(i % 100));
  }
}
