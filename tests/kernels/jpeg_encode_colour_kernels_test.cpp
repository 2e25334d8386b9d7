// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: every vector form of what goes before the FDCT gives the scalar form's samples.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "turbodicom/codec/jpeg/encode_colour.h"

using namespace turbodicom;
using namespace turbodicom::codec::jpeg;

namespace {

class Random {
 public:
  std::uint32_t next() { return (state_ = state_ * 1664525 + 1013904223) >> 8; }

 private:
  std::uint32_t state_ = 9;
};

template <typename Sample>
std::vector<Sample> row_of(Random& random, std::uint32_t most) {
  std::vector<Sample> row(2 * 256);
  for (Sample& sample : row) sample = static_cast<Sample>(random.next() % 5 == 0 ? most : random.next() % (most + 1));
  return row;
}

template <typename Sample>
bool first_equal(const std::vector<Sample>& a, const std::vector<Sample>& b, std::size_t count) {
  return std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(count), b.begin());
}

template <typename Sample>
void compare(EncodeColourFns<Sample> EncodeColourKernels::*fns, std::uint32_t most) {
  Random random;
  const EncodeColourFns<Sample> scalar = encode_colour_kernels(Isa::scalar).*fns;
  for (std::size_t count = 1; count <= 200; ++count) {
    const std::vector<Sample> r = row_of<Sample>(random, most), g = row_of<Sample>(random, most), b = row_of<Sample>(random, most);
    std::vector<Sample> y = r, cb = g, cr = b, half(512), quarter(512);
    scalar.to_ycc(y.data(), cb.data(), cr.data(), count);
    scalar.halve(r.data(), count, half.data());
    scalar.quarter(r.data(), g.data(), count, quarter.data());
    for (const Isa isa : runnable_isas()) {
      INFO(std::string(name(isa)));
      const EncodeColourFns<Sample> tested = encode_colour_kernels(isa).*fns;
      std::vector<Sample> y2 = r, cb2 = g, cr2 = b, half2(512), quarter2(512);
      tested.to_ycc(y2.data(), cb2.data(), cr2.data(), count);
      tested.halve(r.data(), count, half2.data());
      tested.quarter(r.data(), g.data(), count, quarter2.data());
      REQUIRE(first_equal(y, y2, count));
      REQUIRE(first_equal(cb, cb2, count));
      REQUIRE(first_equal(cr, cr2, count));
      REQUIRE(first_equal(half, half2, count));
      REQUIRE(first_equal(quarter, quarter2, count));
    }
  }
}

}  // namespace

TEST_CASE("jpeg encode colour kernels of every instruction set equal the scalar ones on 8-bit samples") {
  compare(&EncodeColourKernels::of_8, 255);
}

TEST_CASE("jpeg encode colour kernels of every instruction set equal the scalar ones on 12-bit samples") {
  compare(&EncodeColourKernels::of_12, 4095);
}

TEST_CASE("jpeg encode colour kernels of every instruction set give black, white and the primaries their YCbCr") {
  // T.871 7, rounded: red, green, blue, white, black.
  const std::array<std::uint8_t, 5> red = {255, 0, 0, 255, 0}, green = {0, 255, 0, 255, 0}, blue = {0, 0, 255, 255, 0};
  for (const Isa isa : runnable_isas()) {
    std::vector<std::uint8_t> r(64), g(64), b(64);
    std::copy(red.begin(), red.end(), r.begin());
    std::copy(green.begin(), green.end(), g.begin());
    std::copy(blue.begin(), blue.end(), b.begin());
    encode_colour_kernels(isa).of_8.to_ycc(r.data(), g.data(), b.data(), 5);
    CHECK(std::vector<std::uint8_t>(r.begin(), r.begin() + 5) == std::vector<std::uint8_t>{76, 150, 29, 255, 0});
    CHECK(std::vector<std::uint8_t>(g.begin(), g.begin() + 5) == std::vector<std::uint8_t>{85, 44, 255, 128, 128});
    CHECK(std::vector<std::uint8_t>(b.begin(), b.begin() + 5) == std::vector<std::uint8_t>{255, 21, 107, 128, 128});
  }
}

TEST_CASE("jpeg split kernels of every instruction set take pixels apart and read nothing behind the last") {
  Random random;
  for (std::size_t count = 1; count <= 200; ++count) {
    std::vector<std::uint8_t> pixels(3 * count);  // sanitizers see any byte read behind it
    for (std::uint8_t& byte : pixels) byte = static_cast<std::uint8_t>(random.next());
    for (const Isa isa : runnable_isas()) {
      INFO(std::string(name(isa)));
      std::vector<std::uint8_t> a(256), b(256), c(256);
      const std::array<std::uint8_t*, 3> rows = {a.data(), b.data(), c.data()};
      encode_colour_kernels(isa).split(pixels.data(), count, rows.data());
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < count; ++i) wrong += a[i] != pixels[3 * i] || b[i] != pixels[3 * i + 1] || c[i] != pixels[3 * i + 2];
      REQUIRE(wrong == 0);
    }
  }
}
