// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Values computed by hand from the formulas of PS3.3 C.11.
#include "turbodicom/pixel/value_transform.h"

#include <cmath>
#include <limits>
#include <vector>

#include "doctest/doctest.h"
#include "pixel/value_runs.h"
#include "turbodicom/base/error.h"

using namespace turbodicom;
using namespace turbodicom::pixel;
using namespace turbodicom::pixel::test;

namespace {

template <typename In>
std::vector<std::uint8_t> to_bytes(const Ramp& ramp, const std::vector<In>& from, bool is_inverse = false) {
  ValueStages s = stages<In, std::uint8_t>();
  s.ramp = ramp;
  s.is_inverse = is_inverse;
  s.range = OutputRange{0, 255};
  return run<In, std::uint8_t>(s, from);
}

using Doubles = std::vector<double>;

Doubles fractions(const Ramp& ramp, const Doubles& from) {
  ValueStages s = stages<double, double>();
  s.ramp = ramp;
  return run<double, double>(s, from);
}

bool is_refused(const ValueStages& s) {
  try {
    const ValueTransform transform(s);
  } catch (const Error& error) {
    return error.code == Errc::invalid_argument;
  }
  return false;
}

}  // namespace

TEST_CASE("rescaled values are x * slope + intercept") {
  ValueStages s = stages<std::int16_t, float>();
  s.rescale = Rescale{1, -1024};
  CHECK(run<std::int16_t, float>(s, {0, 1024, -5, 32767, -32768}) == std::vector<float>{-1024, 0, -1029, 31743, -33792});
  s.rescale = Rescale{0.1, 0.7};  // two roundings: fused, 3 * 0.1 + 0.7 would be below 1
  s.output = SampleType::f64;
  CHECK(run<std::int16_t, double>(s, {3})[0] == 3 * 0.1 + 0.7);
}

TEST_CASE("LINEAR with center 40 and width 400 follows the formula at its borders") {
  // Borders: 40 - 0.5 -+ 399 / 2 = -160 and 239.
  CHECK(fractions(linear_ramp(40, 400), {-1000, -160, -159, 39.5, 239, 239.5, 1000}) ==
        Doubles{0, 0, (-159 - 39.5) / 399 + 0.5, 0.5, 1, 1, 1});
  CHECK(to_bytes<std::int16_t>(linear_ramp(40, 400), {-161, -160, -159, 0, 40, 238, 239, 240}) ==
        Bytes{0, 0, 1, 102, 128, 254, 255, 255});
}

TEST_CASE("LINEAR with width 1 is a threshold at center - 0.5") {
  CHECK(to_bytes<std::uint16_t>(linear_ramp(100, 1), {0, 99, 100, 65535}) == Bytes{0, 0, 255, 255});
  CHECK(fractions(linear_ramp(100, 1), {99.5, 99.500001}) == Doubles{0, 1});
}

TEST_CASE("LINEAR_EXACT with center 128 and width 256 follows the formula at its borders") {
  CHECK(fractions(linear_exact_ramp(128, 256), {-1, 0, 64, 128, 255, 256, 257}) ==
        Doubles{0, 0, 0.25, 0.5, 255.0 / 256, 1, 1});
  CHECK(to_bytes<std::uint16_t>(linear_exact_ramp(0.5, 0.25), {0, 1}) == Bytes{0, 255});
}

TEST_CASE("a range is stretched from its lowest to its highest value, and an empty one is a threshold") {
  CHECK(fractions(range_ramp(-10, 30), {-11, -10, 0, 30, 31}) == Doubles{0, 0, 0.25, 1, 1});
  CHECK(fractions(range_ramp(5, 5), {4, 5, 6}) == Doubles{0, 0, 1});
}

TEST_CASE("SIGMOID is one half at its center and within two units of the last place of the library's") {
  ValueStages s = stages<double, double>();
  s.sigmoid = sigmoid_of(40, 400);
  CHECK(run<double, double>(s, {40})[0] == 0.5);
  CHECK(run<double, double>(s, {-1e9, 1e9})[0] < 1e-300);
  CHECK(run<double, double>(s, {1e9})[0] == 1);
  for (double far = 1e5; far < 1e305; far *= 10) {
    CHECK(run<double, double>(s, {40 + far})[0] == 1);
    CHECK(std::fabs(run<double, double>(s, {40 - far})[0]) < 1e-300);
  }
  for (double x = -3000; x < 3000; x += 7.3) {
    const double expected = 1 / (1 + std::exp(-4 * (x - 40) / 400));
    CHECK(std::fabs(run<double, double>(s, {x})[0] - expected) <= 4e-16 * expected);
  }
  s.range = OutputRange{0, 255};
  s.output = SampleType::u8;
  CHECK(run<double, std::uint8_t>(s, {-1e9, -60, 40, 140, 1e9}) == Bytes{0, 69, 128, 186, 255});
}

TEST_CASE("a table takes its first entry below and its last beyond, and the lower neighbour between") {
  ValueStages s = stages<double, double>();
  s.modality_table = ValueTable{10, {5, 6, 7}};
  CHECK(run<double, double>(s, {-1e300, 9, 10, 10.999, 11, 12, 13, 1e300}) == Doubles{5, 5, 5, 5, 6, 7, 7, 7});
  s.modality_table = ValueTable{-2, {1, 2, 3, 4}};
  CHECK(run<double, double>(s, {-1.5, -1, -0.5, 0}) == Doubles{1, 2, 2, 3});
}

TEST_CASE("a presentation table takes the entry nearest to the fraction, ties to even, and inversion follows it") {
  ValueStages s = stages<double, double>();
  s.presentation = ValueTable{0, {0, 0.1, 0.4}};
  CHECK(run<double, double>(s, {-1, 0, 0.25, 0.26, 0.5, 0.75, 1, 2}) == Doubles{0, 0, 0, 0.1, 0.1, 0.4, 0.4, 0.4});
  CHECK(std::isnan(run<double, double>(s, {std::nan("")})[0]));
  s.is_inverse = true;
  CHECK(run<double, double>(s, {0, 1}) == Doubles{1, 0.6});
}

TEST_CASE("an inverse window is the mirror image, with the output range either way round") {
  const std::vector<std::uint16_t> x{0, 1, 100, 127, 128, 200, 255};
  const Bytes inverse = to_bytes(linear_ramp(128, 256), x, true);
  CHECK(inverse == Bytes{255, 254, 155, 128, 127, 55, 0});
  ValueStages s = stages<std::uint16_t, std::uint8_t>();
  s.ramp = linear_ramp(128, 256);
  s.range = OutputRange{255, 0};
  CHECK(run<std::uint16_t, std::uint8_t>(s, x) == inverse);
}

TEST_CASE("integers are rounded to nearest, ties to even") {
  ValueStages s = stages<double, std::int16_t>();
  CHECK(run<double, std::int16_t>(s, {0.5, 1.5, 2.5, -0.5, -1.5, 2.4999, 2.5001}) ==
        std::vector<std::int16_t>{0, 2, 2, 0, -2, 2, 3});
}

TEST_CASE("without an output range values that do not fit are told, with one they are clamped") {
  ValueStages s = stages<double, std::uint8_t>();
  CHECK(run<double, std::uint8_t>(s, {-0.5, 255.49}) == Bytes{0, 255});
  CHECK(run<double, std::uint8_t>(s, {-0.51}).empty());
  CHECK(run<double, std::uint8_t>(s, {255.5}).empty());  // to even: 256
  CHECK(run<double, std::uint8_t>(s, {std::nan("")}).empty());
  CHECK(run<double, std::uint8_t>(s, {1e300}).empty());
  ValueStages wide = stages<double, std::uint32_t>();
  CHECK(run<double, std::uint32_t>(wide, {4294967295.4, 0}) == std::vector<std::uint32_t>{4294967295u, 0});
  CHECK(run<double, std::uint32_t>(wide, {4294967295.5}).empty());
  s.range = OutputRange{0, 1};
  CHECK(run<double, std::uint8_t>(s, {-1e300, 1e300, std::nan("")}) == Bytes{0, 255, 0});
}

TEST_CASE("whether one sample fits is told for it alone") {
  ValueStages s = stages<std::uint16_t, std::uint8_t>();
  s.rescale = Rescale{1, -10};
  const ValueTransform transform(s);
  for (const auto& [value, fits] : {std::pair{9, false}, {10, true}, {265, true}, {266, false}}) {
    const auto sample = static_cast<std::uint16_t>(value);
    CHECK(transform.fits(&sample) == fits);
  }
}

TEST_CASE("NaN and infinity pass through floats") {
  ValueStages s = stages<float, float>();
  s.rescale = Rescale{2, 1};
  s.ramp = linear_ramp(0, 100);
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> found = run<float, float>(s, {std::nanf(""), infinity, -infinity});
  CHECK(std::isnan(found[0]));
  CHECK(found[1] == 1);
  CHECK(found[2] == 0);
  s.ramp.reset();
  s.modality_table = ValueTable{0, {1, 2}};
  s.rescale.reset();
  CHECK(std::isnan(run<float, float>(s, {std::nanf("")})[0]));
}

TEST_CASE("halves are rounded once, to nearest even, down to the smallest and up to infinity") {
  ValueStages s = stages<double, double>();
  s.output = SampleType::f16;
  const std::vector<std::pair<double, unsigned>> cases{
      {0, 0}, {-0.0, 0x8000}, {1, 0x3C00}, {-2, 0xC000}, {65504, 0x7BFF}, {65519.99, 0x7BFF}, {65520, 0x7C00}, {-1e300, 0xFC00},
      {0x1p-14, 0x0400}, {0x1p-24, 0x0001}, {0x1p-25, 0x0000}, {0x1.8p-24, 0x0002}, {0x1.004p0, 0x3C01}, {0x1.002p0, 0x3C00},
      {0x1.006p0, 0x3C02}, {0x1.0020000001p0, 0x3C01},  // by way of float32 it would be a tie
      {0x1.ff8p-15, 0x03FF}, {0x1.ffcp-15, 0x0400}, {2049, 0x6800}, {2051, 0x6802}};
  for (const auto& [number, bits] : cases) {
    const double value = number;
    const ValueTransform transform(s);
    ValueTransform::Memory memory;
    std::uint16_t found = 0;
    transform.run(&value, &found, 1, nullptr, memory);
    CHECK_MESSAGE(found == bits, value);
  }
  const double nan = std::nan("");
  std::uint16_t found = 0;
  ValueTransform::Memory memory;
  ValueTransform(s).run(&nan, &found, 1, nullptr, memory);
  CHECK((found & 0x7FFF) > 0x7C00);
}

TEST_CASE("padded samples become the fill, are masked, and need not fit") {
  for (const bool is_clamped : {false, true}) {
    ValueStages s = stages<std::int16_t, std::uint8_t>();
    s.rescale = Rescale{1, 0};
    if (is_clamped) s.ramp = range_ramp(0, 255), s.range = OutputRange{0, 255};
    s.padding = Padding{-2000, -1000, 0, 0, 77};
    const std::vector<std::int16_t> from{-2000, 5, -1500, 200, -1000};
    const ValueTransform transform(s);
    ValueTransform::Memory memory;
    Bytes to(5), mask(5, 9);
    CHECK(transform.run(from.data(), to.data(), 5, mask.data(), memory));
    CHECK(to == Bytes{77, 5, 77, 200, 77});
    CHECK(mask == Bytes{1, 0, 1, 0, 1});
  }
  ValueStages s = stages<float, float>();
  s.padding = Padding{0, 0, -1.5, 2, 9};
  CHECK(run<float, float>(s, {-2, -1.5, 0, 2, 2.5, std::numeric_limits<float>::infinity()}) ==
        std::vector<float>{-2, 9, 9, 9, 2.5, std::numeric_limits<float>::infinity()});
}

TEST_CASE("a mask is all 0 without padding, for every form") {
  for (const bool has_sigmoid : {false, true}) {
    ValueStages s = stages<std::uint16_t, std::uint8_t>();
    if (has_sigmoid) s.sigmoid = sigmoid_of(3, 4);
    else s.ramp = linear_ramp(3, 4);
    s.range = OutputRange{0, 255};
    const std::vector<std::uint16_t> from(5000, 3);
    Bytes to(5000), mask(5000, 9);
    ValueTransform::Memory memory;
    ValueTransform(s).run(from.data(), to.data(), from.size(), mask.data(), memory);
    CHECK(mask == Bytes(5000, 0));
  }
}

TEST_CASE("stages that make no sense are refused") {
  ValueStages s = stages<std::uint8_t, std::uint8_t>();
  s.rescale = Rescale{std::numeric_limits<double>::infinity(), 0};
  CHECK(is_refused(s));
  s.rescale = Rescale{};
  CHECK_FALSE(is_refused(s));
  s.modality_table = ValueTable{0, {1}};
  CHECK(is_refused(s));
  s.rescale.reset();
  CHECK_FALSE(is_refused(s));
  for (const double first : {0.75, -0.5, 0x1p51, -0x1p300, std::nan(""), -std::numeric_limits<double>::infinity()}) {
    s.modality_table->first = first;
    CHECK(is_refused(s));
  }
  s.modality_table->first = 0;
  s.modality_table->values.clear();
  CHECK(is_refused(s));
  s.modality_table.reset();
  s.ramp = linear_ramp(1, 2);
  s.sigmoid = sigmoid_of(1, 2);
  CHECK(is_refused(s));
  s.sigmoid.reset();
  s.range = OutputRange{0, std::numeric_limits<double>::infinity()};
  CHECK(is_refused(s));
  s.range.reset();
  CHECK_FALSE(is_refused(s));
  s.padding = Padding{0, 0, 0, 0, 256};
  CHECK(is_refused(s));
  CHECK_THROWS_AS(linear_ramp(0, 0.99), Error);
  CHECK_THROWS_AS(linear_exact_ramp(0, 0), Error);
  CHECK_THROWS_AS(sigmoid_of(0, -1), Error);
  CHECK_THROWS_AS(range_ramp(1, 0), Error);
  CHECK_THROWS_AS(linear_ramp(std::nan(""), 1), Error);
}
