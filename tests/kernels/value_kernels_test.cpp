// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: every vector form of the loops over values gives the scalar form's bits for every length of a row, and
// writes no byte too many.
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "doctest/doctest.h"
#include "turbodicom/pixel/value_kernels.h"

using namespace turbodicom;
using namespace turbodicom::pixel;

namespace {

constexpr std::size_t kLongest = 150;
const Rescale kRescale{0.37, -1024.3};

// Bytes that are samples of any type, small and large.
std::vector<std::uint8_t> scattered(std::size_t bytes) {
  std::vector<std::uint8_t> data(bytes);
  std::mt19937 generator(7);
  for (std::uint8_t& byte : data) byte = static_cast<std::uint8_t>(generator());
  return data;
}

// Ordinary values, ties, large ones, and what is no number.
std::vector<double> numbers() {
  std::vector<double> values{0, -0.0, 0.5, 1.5, 2.5, -0.5, 254.5, 255.5, 65535.5, 65519.99, 65520, 1e300, -1e300, 0x1p-24, 0x1p-25,
                             0x1.ffcp-15, std::nan(""), std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
                             4294967295.5, 2147483647.5, -2147483648.5, 1e-310};
  std::mt19937 generator(3);
  std::normal_distribution<double> normal(100, 300);
  while (values.size() < kLongest) values.push_back(normal(generator));
  return values;
}

// The same bits, NaN of any kind being one.
bool equal(const std::vector<double>& a, const std::vector<double>& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!(std::isnan(a[i]) && std::isnan(b[i])) && std::bit_cast<std::uint64_t>(a[i]) != std::bit_cast<std::uint64_t>(b[i])) return false;
  return true;
}

template <typename Stage, typename... Parameters>
void compare_stage(const char* what, Stage ValueKernels::*stage, const Parameters&... parameters) {
  const ValueKernels reference = value_kernels_of(Isa::scalar);
  for (const Isa isa : runnable_isas())
    for (std::size_t count = 0; count <= kLongest; ++count) {
      std::vector<double> expected = numbers(), found = numbers();
      (reference.*stage)(expected.data(), count, parameters...);
      (value_kernels_of(isa).*stage)(found.data(), count, parameters...);
      CHECK_MESSAGE(equal(found, expected), what, " ", name(isa), " ", count);
    }
}

// compute(kernels, count, target): both fill target.
template <typename Compute>
void compare_bytes(const std::string& what, Compute compute) {
  const ValueKernels reference = value_kernels_of(Isa::scalar);
  for (const Isa isa : runnable_isas())
    for (std::size_t count = 0; count <= kLongest; ++count) {
      std::vector<std::uint8_t> expected(8 * kLongest + 64, 0xA5), found(8 * kLongest + 64, 0xA5);
      const bool expected_answer = compute(reference, count, expected.data());
      const bool answer = compute(value_kernels_of(isa), count, found.data());
      CHECK_MESSAGE(found == expected, what, " ", name(isa), " ", count);
      CHECK_MESSAGE(answer == expected_answer, what, " ", name(isa), " ", count);
    }
}

// NaN as the result of arithmetic may have either sign: not compared.
void without_nan(double* values, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    if (std::isnan(values[i])) values[i] = 0;
}

}  // namespace

TEST_CASE("stages of every instruction set equal the scalar ones") {
  compare_stage("ramp", &ValueKernels::ramp, linear_ramp(40, 400));
  compare_stage("threshold", &ValueKernels::ramp, linear_ramp(40, 1));
  compare_stage("sigmoid", &ValueKernels::sigmoid, Sigmoid{40, 40});
  compare_stage("look_up", &ValueKernels::look_up, ValueTable{-10, {1, 2, 5, 7, 11, 13, 17}});
  compare_stage("look_up_fraction", &ValueKernels::look_up_fraction, ValueTable{0, {0, 0.1, 0.7, 1}});
  compare_stage("invert", &ValueKernels::invert);
  compare_stage("stretch", &ValueKernels::stretch, OutputRange{3, 65535});
}

TEST_CASE("loading of every instruction set equals the scalar one, from any address") {
  const std::vector<std::uint8_t> samples = scattered(8 * kLongest + 1);
  for (std::size_t type = 0; type < 10; ++type)
    for (const auto table : {&ValueKernels::load, &ValueKernels::load_rescaled})
      compare_bytes("load " + std::to_string(type), [&](const ValueKernels& kernels, std::size_t count, std::uint8_t* to) {
        std::vector<double> values(kLongest);
        (kernels.*table)[type](samples.data() + 1, values.data(), count, kRescale);
        without_nan(values.data(), count);
        std::memcpy(to, values.data(), count * 8);
        return true;
      });
}

TEST_CASE("storing of every instruction set equals the scalar one, in bits and in what does not fit") {
  const std::vector<double> values = numbers();
  for (const std::size_t type : {0, 1, 2, 3, 4, 5, 8, 9, 10})
    for (const auto table : {&ValueKernels::store, &ValueKernels::store_checked})
      for (std::size_t first = 0; first < 24; ++first)  // each of the odd values at the head of a row
        compare_bytes("store " + std::to_string(type), [&](const ValueKernels& kernels, std::size_t count, std::uint8_t* to) {
          return (kernels.*table)[type](values.data() + first, to + 1, std::min(count, kLongest - first) % 40);
        });
}

TEST_CASE("the fitting rows are told from the others") {
  for (const Isa isa : runnable_isas()) {
    const ValueKernels kernels = value_kernels_of(isa);
    for (std::size_t place = 0; place < 70; ++place) {
      std::vector<double> values(70, 1);
      std::uint8_t room[70];
      CHECK(kernels.store_checked[0](values.data(), room, 70));
      values[place] = 256;
      CHECK_FALSE(kernels.store_checked[0](values.data(), room, 70));
      CHECK(kernels.store[0](values.data(), room, 70));
    }
  }
}

TEST_CASE("lines of every instruction set equal the scalar ones on all values of the type") {
  std::vector<std::uint16_t> all(65536 + 1);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint16_t>(i);
  const ValueKernels reference = value_kernels_of(Isa::scalar);
  for (const Isa isa : runnable_isas())
    for (const std::size_t type : {0, 1, 2, 3})
      for (const FloatLine& line : {FloatLine{0.639f, -3.7f, 1024}, FloatLine{-1e6f, 1e9f, -32768}, FloatLine{1e6f, 0, 0},
                                   FloatLine{0.0039f, 0.5f, 30000}}) {
        std::vector<std::uint8_t> expected(4 * all.size()), found(4 * all.size());
        for (const auto table : {&ValueKernels::line_to_byte, &ValueKernels::line_to_float}) {
          (reference.*table)[type](all.data(), expected.data(), all.size(), line);
          (value_kernels_of(isa).*table)[type](all.data(), found.data(), all.size(), line);
          CHECK_MESSAGE(found == expected, name(isa), " ", type);
        }
      }
}

TEST_CASE("lines and look-ups of every instruction set handle every length and write nothing behind it") {
  const std::vector<std::uint8_t> samples = scattered(8 * kLongest), entries = scattered(65536 * 8);
  for (const std::size_t type : {0, 1, 2, 3}) {
    compare_bytes("line_to_byte", [&](const ValueKernels& kernels, std::size_t count, std::uint8_t* to) {
      kernels.line_to_byte[type](samples.data() + 1, to, count, FloatLine{0.01f, 3, 100});
      return true;
    });
    compare_bytes("line_to_float", [&](const ValueKernels& kernels, std::size_t count, std::uint8_t* to) {
      kernels.line_to_float[type](samples.data() + 1, to + 1, count, FloatLine{2, 3, 0});
      return true;
    });
    for (const std::size_t bytes : {1, 2, 4, 8})
      compare_bytes("look_up_bits", [&](const ValueKernels& kernels, std::size_t count, std::uint8_t* to) {
        kernels.look_up_bits[type][bytes](samples.data() + 1, to + 1, count, entries.data() + 32768 * bytes * (type % 2));
        return true;
      });
  }
}

TEST_CASE("padding and fills of every instruction set equal the scalar ones") {
  const std::vector<std::uint8_t> samples = scattered(8 * kLongest + 1);
  const Padding padding{20, 120, -1e10, 1e10, 0};
  for (std::size_t type = 0; type < 10; ++type)
    compare_bytes("find_padding", [&](const ValueKernels& kernels, std::size_t count, std::uint8_t* to) {
      kernels.find_padding[type](samples.data() + 1, to, count, padding);
      return true;
    });
  std::vector<std::uint8_t> mask(kLongest);
  for (std::size_t i = 0; i < kLongest; ++i) mask[i] = samples[i] % 2;
  for (const std::size_t bytes : {1, 2, 4, 8})
    compare_bytes("fill", [&](const ValueKernels& kernels, std::size_t count, std::uint8_t* to) {
      kernels.fill[bytes](mask.data(), to + 1, count, 0x1122334455667788);
      return true;
    });
}

namespace {

template <typename T>
void compare_ranges() {
  const std::vector<std::uint8_t> samples = scattered(8 * 2 * kLongest + 1);
  const ValueKernels reference = value_kernels_of(Isa::scalar);
  for (const Isa isa : runnable_isas())
    for (const Bounds<T>& padding : {Bounds<T>{}, Bounds<T>{10, 100}})
      for (std::size_t count = 0; count <= 2 * kLongest; ++count) {
        T low = 100, high = 100, expected_low = 100, expected_high = 100;
        std::get<WidenFn<T>>(reference.widen)(samples.data() + 1, count, padding, &expected_low, &expected_high);
        std::get<WidenFn<T>>(value_kernels_of(isa).widen)(samples.data() + 1, count, padding, &low, &high);
        CHECK_MESSAGE((low == expected_low && high == expected_high), name(isa), " ", count);
      }
}

}  // namespace

TEST_CASE("ranges of every instruction set equal the scalar ones") {
  compare_ranges<std::uint8_t>();
  compare_ranges<std::int8_t>();
  compare_ranges<std::uint16_t>();
  compare_ranges<std::int16_t>();
  compare_ranges<std::uint32_t>();
  compare_ranges<std::int32_t>();
  compare_ranges<std::uint64_t>();
  compare_ranges<std::int64_t>();
  compare_ranges<float>();
  compare_ranges<double>();
}
