// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Every kernel of lossless decoding equals its plain form on every instruction set this machine runs.
#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "turbodicom/codec/jpeg/lossless_reader.h"
#include "turbodicom/codec/jpeg/undifference.h"

using namespace turbodicom;
using namespace turbodicom::codec::jpeg;

namespace {

using Row = std::vector<std::uint16_t>;

Row random_row(std::mt19937& random, std::size_t count) {
  Row row(count);
  for (auto& sample : row) sample = static_cast<std::uint16_t>(random() % 4 == 0 ? random() : random() % 7 - 3);
  return row;
}

// Codes of random lengths for all 17 categories.
HuffmanSpec random_table(std::mt19937& random) {
  HuffmanSpec spec;
  spec.is_defined = true;
  std::uint32_t left = 1u << 16;
  std::size_t value = 0;
  for (std::uint32_t length = 1; length <= 16 && value < 17; ++length)
    while (value < 17 && left > (1u << (16 - length)) && (random() % 3 == 0 || length == 16)) {
      left -= 1u << (16 - length);
      ++spec.counts[length];
      spec.values[value++] = static_cast<std::uint8_t>(random() % 17);
    }
  return spec;
}

}  // namespace

TEST_CASE("rows are undone alike on every instruction set") {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    const std::size_t count = 1 + random() % 700;
    const Row differences = random_row(random, count), above = random_row(random, count + 8);
    const auto start = static_cast<std::uint16_t>(random());
    Row sum(count), add(count), slope = differences, mean6(count), mean7(count);
    mean6[0] = mean7[0] = start;
    for (std::size_t i = 0; i < count; ++i) {
      sum[i] = static_cast<std::uint16_t>(differences[i] + (i == 0 ? start : sum[i - 1]));
      add[i] = static_cast<std::uint16_t>(differences[i] + above[i]);
      if (i >= 3) slope[i] = static_cast<std::uint16_t>(slope[i] + ((above[i] - above[i - 3]) >> 1));
      if (i == 0) continue;
      mean6[i] = static_cast<std::uint16_t>(differences[i] + above[i] + ((mean6[i - 1] - above[i - 1]) >> 1));
      mean7[i] = static_cast<std::uint16_t>(differences[i] + ((mean7[i - 1] + above[i]) >> 1));
    }
    for (const Isa isa : runnable_isas()) {
      CAPTURE(std::string(name(isa)));
      const UndifferenceKernels kernels = undifference_kernels(isa);
      Row out(count + 1, 0xABCD);  // one more: nothing may be written there
      kernels.sum(differences.data(), start, out.data(), count);
      CHECK((std::equal(sum.begin(), sum.end(), out.begin()) && out[count] == 0xABCD));
      kernels.add(differences.data(), above.data(), out.data(), count);
      CHECK((std::equal(add.begin(), add.end(), out.begin()) && out[count] == 0xABCD));
      Row in_place = differences;
      kernels.sum(in_place.data(), start, in_place.data(), count);
      CHECK(in_place == sum);
      in_place = differences;
      kernels.add_half_slope(in_place.data(), above.data(), count, 3);
      CHECK(in_place == slope);
      out[0] = start;
      kernels.mean6(differences.data(), above.data(), out.data(), count);
      CHECK((std::equal(mean6.begin(), mean6.end(), out.begin()) && out[count] == 0xABCD));
      out[0] = start;
      kernels.mean7(differences.data(), above.data(), out.data(), count);
      CHECK((std::equal(mean7.begin(), mean7.end(), out.begin()) && out[count] == 0xABCD));
      std::vector<std::uint8_t> bytes(count + 1, 0xCD);
      kernels.narrow(sum.data(), bytes.data(), count);
      bool same = bytes[count] == 0xCD;
      for (std::size_t i = 0; i < count; ++i) same &= bytes[i] == (sum[i] & 0xFF);
      CHECK(same);
    }
  }
}

TEST_CASE("look-ups of many differences read what one after the other reads, on every instruction set") {
  std::mt19937 random(2);
  for (int round = 0; round < 100; ++round) {
    std::vector<std::uint8_t> bytes(600);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random() % 3 == 0 ? 0 : random() % 255);  // no 0xFF
    const HuffmanSpec spec = random_table(random);
    const int bits = 1 + static_cast<int>(random() % 12);
    const DifferenceTable table(spec, {bits, true});
    DifferenceReader reader(bytes);
    reader.begin(0);
    Row plain;
    while (!reader.overrun()) plain.push_back(reader.next(table));
    for (const Isa isa : runnable_isas()) {
      CAPTURE(std::string(name(isa)));
      const UndifferenceKernels kernels = undifference_kernels(isa);
      const std::size_t goal = random() % (plain.size() + 1);
      for (const bool singles : {false, true}) {
        Row out(plain.size() + 100);
        BitWindow window{0, 0, bytes.data()};
        const std::uint8_t* const last = bytes.data() + bytes.size() - 8;
        const std::size_t have = singles ? kernels.unpack_singles(window, table.single_entries(), out.data(), 0, goal, last)
                                         : kernels.unpack(window, table.packed_entries(), bits, out.data(), 0, goal, last);
        REQUIRE(have < plain.size());
        CHECK(std::equal(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(have), plain.begin()));
        CHECK(have < goal + packed::kMostDifferences);
      }
    }
  }
}
