// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/idct.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "doctest/doctest.h"

using namespace turbodicom;
using namespace turbodicom::codec::jpeg;

namespace {

using Block = std::array<std::int16_t, 64>;

QuantTable all_steps(std::uint16_t step) {
  QuantTable table;
  table.fill(step);
  return table;
}

template <typename Sample>
std::array<Sample, 64> transformed(const Block& block, const QuantTable& table, std::uint32_t halvings = 0) {
  alignas(64) Block aligned = block;
  std::array<Sample, 64> out{};
  idct_kernels().of<Sample>(halvings)(aligned.data(), nullptr, 1, dequantiser(table), out.data(), 8);
  return out;
}

// T.81 A.3.3.
double exact(const Block& block, int step, int row, int column) {
  double sum = 0;
  for (int v = 0; v < 8; ++v)
    for (int u = 0; u < 8; ++u)
      sum += (u == 0 ? std::numbers::sqrt2 / 2 : 1) * (v == 0 ? std::numbers::sqrt2 / 2 : 1) * step *
             block[static_cast<std::size_t>(8 * v + u)] * std::cos((2 * column + 1) * u * std::numbers::pi / 16) *
             std::cos((2 * row + 1) * v * std::numbers::pi / 16);
  return sum / 4;
}

template <typename Sample>
void check_against_definition(int largest, int limit) {
  std::mt19937 generator(11);
  for (int round = 0; round < 200; ++round) {
    Block block{};
    for (std::size_t i = 0; i < 64; ++i)
      if (generator() % 4 == 0) block[i] = static_cast<std::int16_t>(static_cast<int>(generator() % (2u * static_cast<unsigned>(largest) + 1)) - largest);
    const auto found = transformed<Sample>(block, all_steps(3));
    for (int i = 0; i < 64; ++i) {
      const double expected = std::clamp(exact(block, 3, i / 8, i % 8) + limit, 0.0, 2.0 * limit - 1);
      CHECK(std::abs(found[static_cast<std::size_t>(i)] - expected) <= 1.0);
    }
  }
}

}  // namespace

TEST_CASE("the inverse DCT is within one of the definition") {
  check_against_definition<std::uint8_t>(40, 128);
  check_against_definition<std::uint16_t>(600, 2048);
}

TEST_CASE("coefficients are multiplied by steps of the zig-zag position") {
  Block block{};
  block[8] = 10;  // second in zig-zag order is 1, third is 8
  QuantTable table = all_steps(0);
  table[2] = 20;
  Block product{};
  product[8] = 200;
  CHECK(transformed<std::uint8_t>(block, table) == transformed<std::uint8_t>(product, all_steps(1)));
  CHECK(transformed<std::uint8_t>(block, table)[0] != 128);
}

TEST_CASE("a DC coefficient alone makes an even block at every size") {
  Block block{};
  block[0] = -100;
  for (std::uint32_t halvings = 0; halvings < 4; ++halvings) {
    const auto edge = 8u >> halvings;
    const auto narrow = transformed<std::uint8_t>(block, all_steps(5), halvings);
    const auto broad = transformed<std::uint16_t>(block, all_steps(5), halvings);
    for (std::size_t i = 0; i < 64; ++i) {
      const bool is_inside = i / 8 < edge && i % 8 < edge;
      CHECK(narrow[i] == (is_inside ? 128 - 62 : 0));  // -500 / 8 = -62.5, up
      CHECK(broad[i] == (is_inside ? 2048 - 62 : 0));
    }
  }
}

TEST_CASE("smaller transforms keep the mean") {
  Block block{};
  block[0] = 400;
  block[1] = 90;
  block[8] = -60;
  for (std::uint32_t halvings = 1; halvings < 3; ++halvings) {
    const std::size_t edge = 8u >> halvings;
    const auto found = transformed<std::uint8_t>(block, all_steps(1), halvings);
    int sum = 0;
    for (std::size_t row = 0; row < edge; ++row)
      for (std::size_t column = 0; column < edge; ++column) sum += found[8 * row + column];
    CHECK(std::abs(sum - static_cast<int>(edge * edge) * (128 + 50)) <= static_cast<int>(edge * edge) / 2);
    CHECK(found[0] > found[edge - 1]);
    CHECK(found[8 * (edge - 1)] > found[0]);
  }
}

TEST_CASE("8-bit values that do not fit 16 bits wrap as libjpeg-turbo's vector code has them") {
  Block block{};
  block[0] = 16484;  // times 4 is 400 beyond 16 bits: 12.5
  CHECK(transformed<std::uint8_t>(block, all_steps(1))[0] == 128 + 13);
  block[8] = 1;  // with a coefficient in another row it saturates
  CHECK(transformed<std::uint8_t>(block, all_steps(1))[0] == 255);
}

TEST_CASE("12-bit values are limited by their low 14 bits as libjpeg has them") {
  Block block{};
  block[0] = 32767;
  CHECK(transformed<std::uint16_t>(block, all_steps(1))[0] == 4095);   // 4096
  CHECK(transformed<std::uint16_t>(block, all_steps(2))[0] == 0);      // 8192 is -8192
  CHECK(transformed<std::uint16_t>(block, all_steps(4))[0] == 2048);   // 16384 is 0
}
