// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <numeric>
#include <random>
#include <vector>

#include "doctest/doctest.h"
#include "turbodicom/codec/jpeg/huffman.h"
#include "turbodicom/codec/jpeg/huffman_encoder.h"
#include "turbodicom/codec/jpeg/huffman_optimise.h"

using namespace turbodicom::codec::jpeg;

namespace {

using Frequencies = std::vector<std::uint64_t>;

// The flow charts of K.2 as they are drawn, without a heap: Figures K.1 and K.2, K.3, K.4.
struct DrawnProcedure {
  std::array<std::uint64_t, 257> frequency{};
  std::array<int, 257> size{}, others{};
  std::array<int, 300> bits{};
  std::vector<int> values;

  int least(int except) const {
    int found = -1;
    for (int i = 0; i < 257; ++i) {
      const auto at = static_cast<std::size_t>(i);
      if (i == except || frequency[at] == 0) continue;
      if (found < 0 || frequency[at] <= frequency[static_cast<std::size_t>(found)]) found = i;
    }
    return found;
  }
  int lengthen(int v) {
    ++size[static_cast<std::size_t>(v)];
    while (others[static_cast<std::size_t>(v)] >= 0) {
      v = others[static_cast<std::size_t>(v)];
      ++size[static_cast<std::size_t>(v)];
    }
    return v;
  }
  explicit DrawnProcedure(const Frequencies& given) {
    std::copy(given.begin(), given.end(), frequency.begin());
    frequency[256] = 1;
    others.fill(-1);
    for (;;) {
      const int v1 = least(-1), v2 = least(v1);
      if (v2 < 0) break;
      frequency[static_cast<std::size_t>(v1)] += frequency[static_cast<std::size_t>(v2)];
      frequency[static_cast<std::size_t>(v2)] = 0;
      others[static_cast<std::size_t>(lengthen(v1))] = v2;
      lengthen(v2);
    }
    for (const int s : size)
      if (s > 0) ++bits[static_cast<std::size_t>(s)];
    std::size_t i = 299;
    for (; i > 16; --i)
      while (bits[i] > 0) {
        std::size_t j = i - 2;
        while (bits[j] == 0) --j;
        bits[i] -= 2, bits[i - 1] += 1, bits[j + 1] += 2, bits[j] -= 1;
      }
    while (i > 0 && bits[i] == 0) --i;
    if (i > 0) --bits[i];
    for (int length = 1; length < 300; ++length)
      for (int symbol = 0; symbol < 256; ++symbol)
        if (size[static_cast<std::size_t>(symbol)] == length) values.push_back(symbol);
  }
};

void check_like_drawn(const Frequencies& frequencies) {
  const HuffmanSpec spec = optimal_huffman(frequencies);
  const DrawnProcedure drawn(frequencies);
  for (std::size_t length = 1; length <= 16; ++length) REQUIRE(spec.counts[length] == drawn.bits[length]);
  for (std::size_t i = 0; i < drawn.values.size(); ++i) REQUIRE(spec.values[i] == drawn.values[i]);
}

std::uint32_t codes_of(const HuffmanSpec& spec) {
  return std::accumulate(spec.counts.begin(), spec.counts.end(), 0u);
}

}  // namespace

TEST_SUITE("codec/jpeg optimal Huffman tables") {
  TEST_CASE("no_symbols_make_an_empty_table") {
    CHECK(codes_of(optimal_huffman(Frequencies(256, 0))) == 0);
    CHECK(codes_of(optimal_huffman({})) == 0);
  }

  TEST_CASE("one_symbol_gets_the_code_0") {
    const HuffmanSpec spec = optimal_huffman(Frequencies{0, 0, 0, 9});
    CHECK(codes_of(spec) == 1);
    CHECK(spec.counts[1] == 1);
    CHECK(spec.values[0] == 3);
  }

  TEST_CASE("random_frequencies_give_the_table_of_the_drawn_procedure") {
    std::mt19937 random(3);
    for (int round = 0; round < 600; ++round) {
      Frequencies frequencies(round % 2 == 0 ? 17 : 1 + random() % 256);
      for (std::uint64_t& f : frequencies) f = random() % 4 == 0 ? 0 : (random() >> random() % 32) / (1u << round % 8);
      check_like_drawn(frequencies);
    }
  }

  TEST_CASE("ties_are_broken_as_the_drawn_procedure_does") {
    for (std::size_t n = 1; n <= 256; ++n) check_like_drawn(Frequencies(n, 1));
    for (std::size_t n = 1; n <= 256; ++n) check_like_drawn(Frequencies(n, 1000));
  }

  TEST_CASE("codes_that_would_be_too_long_are_limited_to_16_bits") {
    Frequencies fibonacci{1, 1};
    while (fibonacci.size() < 60) fibonacci.push_back(fibonacci.end()[-1] + fibonacci.end()[-2]);
    check_like_drawn(fibonacci);
    const HuffmanSpec spec = optimal_huffman(fibonacci);
    CHECK(codes_of(spec) == 60);
    Frequencies reversed(fibonacci.rbegin(), fibonacci.rend());
    check_like_drawn(reversed);
  }

  TEST_CASE("every_symbol_that_occurs_has_a_code_and_none_is_all_ones") {
    std::mt19937 random(4);
    for (int round = 0; round < 200; ++round) {
      Frequencies frequencies(256);
      for (std::uint64_t& f : frequencies) f = random() % 3 == 0 ? 0 : std::uint64_t{1} << random() % 40;
      const HuffmanEncoder encoder = huffman_encoder(optimal_huffman(frequencies));
      for (std::size_t s = 0; s < 256; ++s) {
        REQUIRE((encoder.length[s] > 0) == (frequencies[s] > 0));
        REQUIRE(encoder.length[s] <= 16);
        if (encoder.length[s] > 0) REQUIRE(encoder.code[s] != (1u << encoder.length[s]) - 1);
      }
    }
  }

  TEST_CASE("the_typical_table_of_luminance_has_its_printed_codes") {
    const HuffmanEncoder encoder = huffman_encoder(typical_dc(false));  // T.81 Table K.3
    CHECK(encoder.length[0] == 2);
    CHECK(encoder.code[0] == 0);
    CHECK(encoder.length[11] == 9);
    CHECK(encoder.code[11] == 0x1FE);
    CHECK(encoder.length[12] == 0);
  }
}
