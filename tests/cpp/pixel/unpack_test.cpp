// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/unpack.h"

#include <vector>

#include "doctest/doctest.h"

using namespace turbodicom::pixel;

namespace {

std::vector<std::uint8_t> counting(std::size_t bytes) {
  std::vector<std::uint8_t> data(bytes);
  for (std::size_t i = 0; i < bytes; ++i) data[i] = static_cast<std::uint8_t>(i * 89 + 3);
  return data;
}

std::vector<std::uint8_t> unpacked(const std::vector<std::uint8_t>& packed, std::uint64_t first, std::size_t count) {
  std::vector<std::uint8_t> out(count + 1, 7);
  unpack_bits(packed.data(), first, out.data(), count);
  CHECK(out.back() == 7);
  out.pop_back();
  return out;
}

}  // namespace

TEST_CASE("the first pixel cell is the least significant bit") {
  CHECK(unpacked({0x05, 0x80}, 0, 16) == std::vector<std::uint8_t>{1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
}

TEST_CASE("bits are unpacked from every first bit at every length and no further byte is read") {
  for (std::uint64_t first = 0; first < 20; ++first)
    for (std::size_t count = 0; count < 100; ++count) {
      const std::vector<std::uint8_t> packed = counting((first + count + 7) / 8);
      std::vector<std::uint8_t> expected;
      for (std::uint64_t bit = first; bit < first + count; ++bit) expected.push_back(packed[bit / 8] >> bit % 8 & 1);
      CHECK(unpacked(packed, first, count) == expected);
    }
}

TEST_CASE("packed bits are unpacked to the same samples and spare bits are zero") {
  for (std::size_t count = 0; count < 70; ++count) {
    std::vector<std::uint8_t> samples = counting(count), packed((count + 7) / 8, 0xFF);
    for (std::uint8_t& sample : samples) sample &= 1;
    pack_bits(samples.data(), count, packed.data());
    CHECK(unpacked(packed, 0, count) == samples);
    if (count % 8 != 0) CHECK((packed.back() >> count % 8) == 0);
  }
}

TEST_CASE("any sample but zero packs to a one") {
  const std::uint8_t samples[] = {0, 1, 2, 255};
  std::uint8_t packed = 0;
  pack_bits(samples, 4, &packed);
  CHECK(packed == 0x0E);
}

TEST_CASE("two 12-bit cells lie in three bytes with the first in the low bits") {
  const std::uint8_t packed[] = {0x34, 0x82, 0x67};
  std::uint16_t out[2];
  unpack_12_bits(packed, 0, out, 2);
  CHECK(out[0] == 0x234);
  CHECK(out[1] == 0x678);
}

TEST_CASE("12-bit cells are unpacked from every first cell at every length and no further byte is read") {
  for (std::size_t first = 0; first < 5; ++first)
    for (std::size_t count = 0; count < 40; ++count) {
      std::vector<std::uint16_t> samples(first + count);
      for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<std::uint16_t>(i * 1237 % 4096);
      std::vector<std::uint8_t> packed((samples.size() * 3 + 1) / 2);
      pack_12_bits(samples.data(), samples.size(), packed.data());
      std::vector<std::uint16_t> out(count);
      unpack_12_bits(packed.data(), first, out.data(), count);
      CHECK(out == std::vector<std::uint16_t>(samples.begin() + static_cast<std::ptrdiff_t>(first), samples.end()));
    }
}
