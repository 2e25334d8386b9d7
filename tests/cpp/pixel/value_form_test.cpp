// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Every faster form against the chain of stages.
#include "turbodicom/pixel/value_form.h"

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "doctest/doctest.h"
#include "pixel/value_runs.h"

using namespace turbodicom;
using namespace turbodicom::pixel;
using namespace turbodicom::pixel::test;

namespace {

// Every value of the type, one after the other and again: long enough for a table.
template <typename In>
std::vector<In> all_values() {
  std::vector<In> values;
  for (int turn = 0; turn < 3; ++turn)
    for (std::int32_t x = std::numeric_limits<In>::min(); x <= std::numeric_limits<In>::max(); ++x) values.push_back(static_cast<In>(x));
  return values;
}

template <typename In>
ValueForm::Kind check_form(const ValueStages& s, const std::string& what) {
  static const std::vector<In> values = all_values<In>();
  const std::size_t bytes = bytes_of(s.output);
  Bytes expected(values.size() * bytes), found(values.size() * bytes);
  const bool fits = ValueChain(s, value_kernels()).run(values.data(), expected.data(), values.size(), nullptr);
  const ValueTransform transform(s);
  ValueTransform::Memory memory;
  const bool seems_to_fit = transform.run(values.data(), found.data(), values.size(), nullptr, memory);
  CHECK_MESSAGE(seems_to_fit == fits, what);
  if (fits) CHECK_MESSAGE(found == expected, what);
  return transform.form();
}

}  // namespace

TEST_CASE("every form gives the chain's result for all values of the type, whatever the window") {
  std::mt19937 generator(4);
  std::uniform_real_distribution<double> unit(0, 1);
  int lines = 0;
  for (int turn = 0; turn < 150; ++turn) {
    ValueStages s = stages<std::int16_t, std::uint8_t>();
    s.rescale = Rescale{turn % 3 == 0 ? 1 : unit(generator) * 4 - 2, std::floor(unit(generator) * 2000 - 1000)};
    const double width = std::floor(std::exp(unit(generator) * 12)) + 1, center = std::floor(unit(generator) * 4000 - 2000) / 2;
    s.ramp = turn % 2 == 0 ? linear_ramp(center, width) : linear_exact_ramp(center, width);
    s.is_inverse = turn % 5 == 0;
    s.range = turn % 7 == 0 ? OutputRange{255, 0} : OutputRange{0, 255};
    if (turn % 4 == 0) s.padding = Padding{-100, 50, 0, 0, 9};
    lines += check_form<std::int16_t>(s, "window " + std::to_string(turn)) == ValueForm::Kind::line_to_byte;
    s.input = SampleType::u16;
    check_form<std::uint16_t>(s, "unsigned, window " + std::to_string(turn));
  }
  CHECK(lines > 100);  // windows with steps exactly on an input have no line
}

TEST_CASE("every form gives the chain's result for every output type") {
  const SampleType outputs[] = {SampleType::u8, SampleType::i8, SampleType::u16, SampleType::i16, SampleType::u32,
                                SampleType::i32, SampleType::f32, SampleType::f64, SampleType::f16};
  for (const SampleType output : outputs)
    for (int kind = 0; kind < 6; ++kind) {
      ValueStages s;
      s.output = output;
      s.rescale = Rescale{kind == 1 ? 0.37 : 1, -5};
      if (kind == 2) s.ramp = linear_ramp(100, 300);
      if (kind == 3) s.sigmoid = sigmoid_of(100, 300);
      if (kind == 4) s.voi_table = ValueTable{3, {0, 0.5, 0.25, 1}};
      if (kind == 5) s.padding = Padding{1, 200, 0, 0, 3};
      if (kind >= 2 && kind < 5) s.range = OutputRange{0, 200};
      const std::string what = std::to_string(static_cast<int>(output)) + " " + std::to_string(kind);
      s.input = SampleType::u16;
      check_form<std::uint16_t>(s, "u16 " + what);
      s.input = SampleType::i16;
      check_form<std::int16_t>(s, "i16 " + what);
      s.input = SampleType::u8;
      check_form<std::uint8_t>(s, "u8 " + what);
      s.input = SampleType::i8;
      check_form<std::int8_t>(s, "i8 " + what);
    }
}

TEST_CASE("rescaled values are rounded to float32 once, whatever the slope and the intercept") {
  std::mt19937 generator(5);
  const auto number = [&](int bits, int least, int exponents) {  // an odd number of so many bits, times a power of two
    const auto odd = static_cast<double>(generator() % (1u << bits) | 1u | 1u << (bits - 1));
    return std::ldexp(generator() % 2 == 0 ? odd : -odd, static_cast<int>(generator() % exponents) + least);
  };
  int lines = 0;
  for (int turn = 0; turn < 150; ++turn) {
    ValueStages s = stages<std::uint16_t, float>();
    s.rescale = Rescale{number(1 + turn % 12, -12, 8), turn % 3 == 0 ? -1024.3 : number(1 + turn % 24, -24, 30)};
    lines += check_form<std::uint16_t>(s, "line " + std::to_string(turn)) == ValueForm::Kind::line_to_float;
  }
  CHECK(lines > 50);
  for (const double slope : {0x1p200, 0x1p-160, 0.0}) {
    ValueStages s = stages<std::uint16_t, float>();
    s.rescale = Rescale{slope, 0};
    check_form<std::uint16_t>(s, "far slope");
  }
}

TEST_CASE("the form is a line where it can be, a table for other short integers, the chain for the rest") {
  ValueStages s = stages<std::int16_t, float>();
  s.rescale = Rescale{1, -1024};
  CHECK(ValueTransform(s).form() == ValueForm::Kind::line_to_float);
  s.rescale = Rescale{0.1, 0};  // not a float32
  CHECK(ValueTransform(s).form() == ValueForm::Kind::chain);
  s.output = SampleType::i16;
  CHECK(ValueTransform(s).form() == ValueForm::Kind::table);
  s.input = SampleType::i32;
  CHECK(ValueTransform(s).form() == ValueForm::Kind::chain);
  s = stages<std::int16_t, std::uint8_t>();
  s.ramp = linear_ramp(40, 400);
  s.range = OutputRange{0, 255};
  CHECK(ValueTransform(s).form() == ValueForm::Kind::line_to_byte);
  s.ramp = linear_exact_ramp(256, 510);  // every second input is a tie between two bytes
  CHECK(ValueTransform(s).form() == ValueForm::Kind::table);
}

TEST_CASE("a table that holds a value that does not fit is not used for those that do") {
  ValueStages s = stages<std::uint16_t, std::uint8_t>();
  const ValueTransform transform(s);
  std::vector<std::uint16_t> from(5000, 3);
  from[17] = 250;
  Bytes to(5000);
  ValueTransform::Memory memory;
  CHECK(transform.run(from.data(), to.data(), from.size(), nullptr, memory));
  from[18] = 300;  // 256 is between, but does not occur
  from[17] = 255;
  CHECK_FALSE(transform.run(from.data(), to.data(), from.size(), nullptr, memory));
  CHECK_FALSE(transform.run(from.data(), to.data(), from.size(), nullptr, memory));
  from[18] = 4;
  CHECK(transform.run(from.data(), to.data(), from.size(), nullptr, memory));
  CHECK(to[17] == 255);
}

TEST_CASE("a table that grows downwards and upwards knows every value between") {
  ValueStages s = stages<std::int16_t, std::uint32_t>();
  s.rescale = Rescale{1, 40000};
  const ValueTransform transform(s);
  REQUIRE(transform.form() == ValueForm::Kind::table);
  ValueTransform::Memory memory;
  for (const auto& ends : {std::pair{-3, 3}, {-4, 3}, {-4, 5}, {-100, 101}, {-700, 50}, {-20, 2000}}) {
    const int low = ends.first, high = ends.second;
    std::vector<std::int16_t> from(4096);
    for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<std::int16_t>(high - static_cast<int>(i) % (high - low + 1));
    std::vector<std::uint32_t> to(from.size()), expected;
    for (const std::int16_t x : from) expected.push_back(static_cast<std::uint32_t>(x + 40000));
    CHECK(transform.run(from.data(), to.data(), from.size(), nullptr, memory));
    CHECK_MESSAGE(to == expected, low);
  }
}

TEST_CASE("masks and fills go on from row to row, for every form") {
  using Kind = ValueForm::Kind;
  std::vector<std::int16_t> from(10000);
  for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<std::int16_t>(i * i % 7 == 1 ? 8 : i % 251 + 20);
  for (const Kind kind : {Kind::chain, Kind::line_to_byte, Kind::line_to_float, Kind::table})
    for (const bool has_padding : {false, true}) {
      ValueStages s = stages<std::int16_t, float>();
      s.rescale = Rescale{kind == Kind::chain ? 0.1 : 1, -5};
      if (kind == Kind::line_to_byte) s.ramp = linear_ramp(100, 200);
      if (kind == Kind::table) s.sigmoid = sigmoid_of(100, 200);
      if (kind == Kind::line_to_byte) s.output = SampleType::u8, s.range = OutputRange{0, 255};
      if (has_padding) s.padding = Padding{8, 19, 0, 0, 77};
      const ValueTransform transform(s);
      const ValueChain chain(s, value_kernels());
      REQUIRE(transform.form() == kind);
      const std::size_t bytes = bytes_of(s.output);
      Bytes expected(from.size() * bytes), to(expected.size());
      Bytes expected_mask(from.size()), mask(from.size(), 9), chain_mask(from.size(), 9);
      for (std::size_t i = 0; i < from.size(); ++i) {
        chain.run(&from[i], expected.data() + i * bytes, 1, nullptr);
        expected_mask[i] = has_padding && from[i] == 8;
      }
      ValueTransform::Memory memory;
      CHECK(transform.run(from.data(), to.data(), from.size(), mask.data(), memory));
      CHECK(to == expected);
      CHECK(mask == expected_mask);
      CHECK(chain.run(from.data(), to.data(), from.size(), chain_mask.data()));
      CHECK(to == expected);
      CHECK(chain_mask == expected_mask);
    }
}

namespace {

// All of the results and the mask, made in place and made elsewhere.
template <typename T>
void check_in_place(const ValueStages& s, ValueForm::Kind kind) {
  std::vector<T> from(9000);
  for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<T>(i * i % 7 == 1 ? 8 : i % 200 + 20);
  const ValueTransform transform(s);
  REQUIRE(transform.form() == kind);
  for (const bool has_mask : {false, true}) {
    ValueTransform::Memory memory, other_memory;
    std::vector<T> expected(from.size()), found = from;
    Bytes expected_mask(from.size(), 9), mask(from.size(), 9);
    CHECK(transform.run(from.data(), expected.data(), from.size(), has_mask ? expected_mask.data() : nullptr, memory));
    CHECK(transform.run(found.data(), found.data(), from.size(), has_mask ? mask.data() : nullptr, other_memory));
    CHECK(found == expected);
    CHECK(mask == expected_mask);
  }
}

}  // namespace

TEST_CASE("results may take the place of what they are made of, for every form with and without padding") {
  for (const bool has_padding : {false, true}) {
    ValueStages s = stages<std::uint8_t, std::uint8_t>();
    if (has_padding) s.padding = Padding{8, 60, 8, 60, 7};
    s.ramp = linear_ramp(128, 200);
    s.range = OutputRange{0, 255};
    check_in_place<std::uint8_t>(s, ValueForm::Kind::line_to_byte);
    s.input = s.output = SampleType::u16;
    check_in_place<std::uint16_t>(s, ValueForm::Kind::table);
    s.input = s.output = SampleType::i32;
    check_in_place<std::int32_t>(s, ValueForm::Kind::chain);
  }
}
