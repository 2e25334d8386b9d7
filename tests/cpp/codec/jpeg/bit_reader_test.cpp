// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/bit_reader.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace turbodicom;
using namespace turbodicom::codec::jpeg;

namespace {

// The bits of an entropy-coded segment, one character each, read the slow way.
std::string bits_of(const std::vector<std::uint8_t>& bytes) {
  std::string bits;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == 0xFF) {
      std::size_t next = i + 1;
      while (next < bytes.size() && bytes[next] == 0xFF) ++next;
      if (next >= bytes.size() || bytes[next] != 0) break;
      i = next;
      bits += "11111111";
      continue;
    }
    for (int bit = 7; bit >= 0; --bit) bits += bytes[i] >> bit & 1 ? '1' : '0';
  }
  return bits;
}

std::string read_bits(const std::vector<std::uint8_t>& bytes, std::size_t count, int step) {
  SegmentBytes segment(bytes, 0);
  BitReader reader(segment);
  std::string bits;
  while (bits.size() < count) {
    reader.refill();
    const std::uint32_t value = reader.take(step);
    for (int bit = step - 1; bit >= 0; --bit) bits += value >> bit & 1 ? '1' : '0';
  }
  return bits.substr(0, count);
}

std::vector<std::uint8_t> noise(std::size_t size, unsigned one_in_ff) {
  std::vector<std::uint8_t> bytes;
  std::uint32_t state = static_cast<std::uint32_t>(size) * 7 + one_in_ff;
  while (bytes.size() < size) {
    state = state * 1664525 + 1013904223;
    const auto byte = static_cast<std::uint8_t>((state >> 20) % one_in_ff == 0 ? 0xFF : state >> 16);
    bytes.push_back(byte);
    if (byte == 0xFF) bytes.push_back(0);
  }
  return bytes;
}

}  // namespace

TEST_CASE("bits come in order whatever the number taken at once") {
  for (const unsigned density : {2u, 5u, 300u})
    for (std::size_t size = 1; size < 60; ++size) {
      const auto bytes = noise(size, density);
      const std::string expected = bits_of(bytes);
      for (const int step : {1, 3, 7, 8, 13, 16, 25}) CHECK(read_bits(bytes, expected.size(), step) == expected);
    }
}

TEST_CASE("behind the segment zeros follow, and overrun tells that one was used") {
  const std::vector<std::uint8_t> bytes{0xA5, 0xFF, 0xD0, 0x12};
  SegmentBytes segment(bytes, 0);
  BitReader reader(segment);
  reader.refill();
  CHECK(reader.take(8) == 0xA5);
  CHECK(reader.at_end());
  CHECK_FALSE(reader.overrun());
  CHECK(reader.take(1) == 0);
  CHECK(reader.overrun());
  for (int i = 0; i < 100000; ++i) {
    reader.refill();
    CHECK(reader.take(25) == 0);
  }
  CHECK(reader.overrun());
  CHECK(reader.offset() == 1);
}

TEST_CASE("fill bytes in front of a stuffed zero are one data byte") {
  const std::vector<std::uint8_t> bytes{0x01, 0xFF, 0xFF, 0xFF, 0x00, 0x02};
  SegmentBytes segment(bytes, 0);
  BitReader reader(segment);
  reader.refill();
  CHECK(reader.take(24) == 0x01FF02);
  CHECK_FALSE(reader.overrun());
}

TEST_CASE("a last 0xFF without a successor is no data") {
  const std::vector<std::uint8_t> bytes{0x01, 0xFF};
  SegmentBytes segment(bytes, 0);
  BitReader reader(segment);
  reader.refill();
  CHECK(reader.take(8) == 1);
  CHECK_FALSE(reader.overrun());
  reader.skip(1);
  CHECK(reader.overrun());
}

TEST_CASE("segments longer than a strip are read whole, and the reader knows where it is") {
  for (const unsigned density : {1u, 2u, 3u, 50u})
    for (const std::size_t size : {4085u, 4095u, 4096u, 4097u, 4104u, 9000u, 20000u}) {
      auto bytes = noise(size, density);
      const std::string expected = bits_of(bytes);
      bytes.insert(bytes.end(), {0xFF, 0xD9, 0x00});
      for (const int step : {7, 25}) CHECK(read_bits(bytes, expected.size(), step) == expected);
      SegmentBytes segment(bytes, 0);
      BitReader reader(segment);
      std::size_t taken = 0;
      for (; taken + 25 <= expected.size(); taken += 25) {
        reader.refill();
        reader.take(25);
        // What has been taken away, and at most a window more, ends where the reader says.
        if (taken % 997 != 0) continue;
        const std::vector<std::uint8_t> read(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(reader.offset()));
        const std::size_t bits = bits_of(read).size();
        CHECK(bits >= taken + 25);
        CHECK(bits < taken + 25 + 64);
      }
      while (!reader.at_end()) {
        reader.refill();
        reader.take(8);
      }
      CHECK(reader.offset() == bytes.size() - 3);
    }
}
