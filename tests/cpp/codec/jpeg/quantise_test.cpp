// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "doctest/doctest.h"
#include "turbodicom/codec/jpeg/quantise.h"

using namespace turbodicom::codec::jpeg;

namespace {

Divisors divisors_of(std::uint16_t q) {
  QuantTable table;
  table.fill(q);
  return Divisors(table);
}

}  // namespace

TEST_CASE("quantise: products of 16 bits give the quotient of every value there is") {
  std::size_t wrong = 0;
  for (std::uint32_t q = 1; q <= 255; ++q) {
    const Divisors divisors = divisors_of(static_cast<std::uint16_t>(q));
    for (std::uint32_t x = 0; x <= 8 * 1024 + 64; ++x) {
      const std::uint32_t product = (x + divisors.half[0]) * std::uint32_t{divisors.reciprocal[0]} >> 16;
      wrong += (product * divisors.scale[0] >> 16) != (x + 4 * q) / (8 * q);
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("quantise: products of 32 bits give the quotient of every value there is") {
  std::size_t wrong = 0;
  for (std::uint32_t q = 1; q <= 65535; q += q < 300 ? 1 : q < 32700 ? 997 : q < 32800 ? 1 : 997) {
    const Divisors divisors = divisors_of(static_cast<std::uint16_t>(q));
    for (std::uint32_t x = 0; x <= 8 * 16384; x += q < 300 ? 7 : 1) {
      const std::uint32_t magnitude = (x + divisors.wide_half[0]) >> 3;
      wrong += (magnitude * divisors.wide_reciprocal[0] >> divisors.wide_shift[0]) != (x + 4 * q) / (8 * q);
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("quantise: tables scale as libjpeg's") {
  const QuantTable at_50 = scaled_quant_table(false, 50), at_100 = scaled_quant_table(true, 100), at_1 = scaled_quant_table(false, 1);
  CHECK(at_50[0] == 16);
  CHECK(at_50[2] == 12);  // second of the zig-zag order's first column
  CHECK(at_50[63] == 99);
  CHECK(at_100[0] == 1);
  CHECK(at_1[0] == 255);
  CHECK(scaled_quant_table(true, 75)[0] == 9);   // 17 * 50 %, rounded up
  CHECK(scaled_quant_table(false, 30)[1] == 18);  // 11 * 166 %
}
