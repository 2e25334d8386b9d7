// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/byte_order.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "doctest/doctest.h"

using namespace turbodicom::pixel;

TEST_CASE("the bytes of each sample are reversed and nothing behind them changes") {
  for (const std::size_t sample_bytes : {1, 2, 4, 8})
    for (std::size_t count = 0; count < 70; ++count) {
      std::vector<std::uint8_t> data(count * sample_bytes + 9);
      std::iota(data.begin(), data.end(), std::uint8_t{0});
      std::vector<std::uint8_t> expected = data;
      for (std::size_t i = 0; i < count; ++i) {
        const auto sample = expected.begin() + static_cast<std::ptrdiff_t>(i * sample_bytes);
        std::reverse(sample, sample + static_cast<std::ptrdiff_t>(sample_bytes));
      }
      swap_bytes(data.data(), count, sample_bytes);
      CHECK(data == expected);
    }
}

TEST_CASE("8-bit samples of big-endian words come out in order from even and odd places") {
  std::vector<std::uint8_t> words(64);
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = static_cast<std::uint8_t>(i ^ 1);
  for (std::size_t first = 0; first < 9; ++first)
    for (std::size_t count = 0; count < 40; ++count) {
      std::vector<std::uint8_t> out(count + 1, 0xA5), expected(count + 1, 0xA5);
      std::iota(expected.begin(), expected.end() - 1, static_cast<std::uint8_t>(first));
      copy_from_swapped_words(words.data(), first, out.data(), count);
      CHECK(out == expected);
    }
}

TEST_CASE("of a frame that ends inside a word only that word's other half is read besides") {
  const std::vector<std::uint8_t> words = {1, 0, 3, 2};
  std::uint8_t out[3];
  copy_from_swapped_words(words.data(), 0, out, 3);
  CHECK(std::vector<std::uint8_t>(out, out + 3) == std::vector<std::uint8_t>{0, 1, 2});
}
