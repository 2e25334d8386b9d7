// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include <optional>

#include "doctest/doctest.h"
#include "turbodicom/base/error.h"
#include "turbodicom/pixel/lookup_table.h"

using namespace turbodicom;
using namespace turbodicom::pixel;

namespace {

using Bytes = std::vector<std::uint8_t>;
using Entries = std::vector<std::uint16_t>;
constexpr bool kBigEndian = true;

Entries expand8(std::uint32_t entries, const Bytes& data, bool is_big_endian = false) {
  return expand_lut_segments({entries, 0, 8}, data, is_big_endian);
}

Bytes words(const Entries& values, bool is_big_endian = false) {
  Bytes data;
  for (const std::uint16_t value : values) {
    const auto low = static_cast<std::uint8_t>(value), high = static_cast<std::uint8_t>(value >> 8);
    data.push_back(is_big_endian ? high : low);
    data.push_back(is_big_endian ? low : high);
  }
  return data;
}

Entries expand16(std::uint32_t entries, const Entries& values, bool is_big_endian = false) {
  return expand_lut_segments({entries, 0, 16}, words(values, is_big_endian), is_big_endian);
}

std::optional<Error> error8(std::uint32_t entries, const Bytes& data) {
  try {
    expand8(entries, data);
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

void check_corrupt(std::uint32_t entries, const Bytes& data, std::uint64_t offset) {
  const std::optional<Error> error = error8(entries, data);
  REQUIRE(error);
  CHECK(error->code == Errc::corrupt_data);
  CHECK(error->offset == offset);
  CHECK(error->message.find("at byte " + std::to_string(offset) + " (PS3.3 C.7.9.2") != std::string::npos);
}

}  // namespace

TEST_CASE("a discrete segment is its entries") {
  CHECK(expand8(3, {0, 3, 7, 255, 0}) == Entries{7, 255, 0});
  CHECK(expand16(2, {0, 2, 0xFFFF, 256}) == Entries{0xFFFF, 256});
  CHECK(expand16(2, {0, 2, 0xFFFF, 256}, kBigEndian) == Entries{0xFFFF, 256});
}

TEST_CASE("a linear segment goes on from the entry before and ends at its own") {
  CHECK(expand8(6, {0, 1, 10, 1, 5, 20}) == Entries{10, 12, 14, 16, 18, 20});
  CHECK(expand8(5, {0, 1, 20, 1, 4, 0}) == Entries{20, 15, 10, 5, 0});
  CHECK(expand8(4, {0, 1, 9, 1, 3, 9}) == Entries{9, 9, 9, 9});
  CHECK(expand8(2, {0, 1, 3, 1, 1, 200}) == Entries{3, 200});
  CHECK(expand16(4, {0, 1, 0, 1, 3, 65535}) == Entries{0, 21845, 43690, 65535});
}

TEST_CASE("points between two entries are rounded to the nearest, ties to the even one") {
  CHECK(expand8(4, {0, 1, 0, 1, 3, 10}) == Entries{0, 3, 7, 10});       // 3.33, 6.67
  CHECK(expand8(5, {0, 1, 0, 1, 4, 2}) == Entries{0, 0, 1, 2, 2});      // 0.5, 1, 1.5
}

TEST_CASE("a segment of 255 entries from 0 to 255 is the identity") {
  const Entries entries = expand8(256, {0, 1, 0, 1, 255, 255});
  for (std::uint16_t i = 0; i < 256; ++i) CHECK(entries[i] == i);
}

TEST_CASE("an indirect segment repeats segments at a byte offset, low word first") {
  // Byte 0: discrete 5 6; byte 4: linear to 10; then both again, the linear one now from 6 as well.
  const Entries repeated = {5, 6, 8, 10, 5, 6, 8, 10};
  CHECK(expand8(8, {0, 2, 5, 6, 1, 2, 10, 2, 2, 0, 0, 0, 0}) == repeated);
  CHECK(expand16(8, {0, 2, 5, 6, 1, 2, 10, 2, 2, 0, 0}) == repeated);
  CHECK(expand16(8, {0, 2, 5, 6, 1, 2, 10, 2, 2, 0, 0}, kBigEndian) == repeated);
  // Only the linear segment: in bytes it is at 4 of 8-bit data and at 8 of 16-bit data.
  CHECK(expand8(6, {0, 2, 5, 6, 1, 2, 10, 2, 1, 4, 0, 0, 0}) == Entries{5, 6, 8, 10, 10, 10});
  CHECK(expand16(6, {0, 2, 5, 6, 1, 2, 10, 2, 1, 8, 0}) == Entries{5, 6, 8, 10, 10, 10});
}

TEST_CASE("an indirect segment may lead further than 65535 bytes") {
  Bytes data;
  for (int segment = 0; segment < 256; ++segment) {
    data.insert(data.end(), {0, 255});
    data.resize(data.size() + 255, 7);
  }
  data.insert(data.end(), {0, 1, 99, 0, 1, 5, 2, 1, 0x00, 0x01, 0x01, 0x00});  // to byte 257 * 256
  const Entries entries = expand8(256 * 255 + 3, data);
  CHECK(entries[65279] == 7);
  CHECK(entries[65280] == 99);
  CHECK(entries[65281] == 5);
  CHECK(entries[65282] == 99);
}

TEST_CASE("8-bit segments of big-endian words have the opcode in the low byte") {
  CHECK(expand8(4, {2, 0, 6, 5, 2, 1, 0, 10}, kBigEndian) == Entries{5, 6, 8, 10});
  CHECK(expand8(1, {1, 0, 9}, kBigEndian) == Entries{9});
}

TEST_CASE("zeros behind the table are padding") {
  CHECK(expand8(2, {0, 2, 1, 2, 0, 0, 0}) == Entries{1, 2});
  check_corrupt(2, {0, 2, 1, 2, 0, 3}, 5);
}

TEST_CASE("a first segment that has nothing before it is corrupt") {
  check_corrupt(4, {1, 4, 9}, 0);
  check_corrupt(4, {2, 1, 0, 0, 0, 0}, 0);
}

TEST_CASE("an unknown opcode is corrupt") {
  check_corrupt(4, {0, 2, 1, 2, 3, 2, 0, 0}, 4);
  check_corrupt(4, {255, 2, 1, 2}, 0);
}

TEST_CASE("a segment without entries is corrupt") {
  check_corrupt(4, {0, 0, 0, 4, 1, 2, 3, 4}, 0);
  check_corrupt(4, {0, 2, 1, 2, 2, 0, 0, 0, 0, 0}, 4);
}

TEST_CASE("a segment beyond the table is corrupt") {
  check_corrupt(3, {0, 2, 1, 2, 0, 2, 3, 4}, 4);
  check_corrupt(3, {0, 2, 1, 2, 1, 2, 4}, 4);
  check_corrupt(5, {0, 2, 1, 2, 2, 2, 0, 0, 0, 0}, 4);  // the second copy is the indirect segment itself
}

TEST_CASE("indirect segments cannot lead to one another") {
  check_corrupt(200, {0, 1, 7, 2, 1, 3, 0, 0, 0}, 3);
  check_corrupt(200, {0, 1, 7, 2, 200, 0, 0, 0, 0}, 3);
}

TEST_CASE("an indirect segment out of the data or into a cell is corrupt") {
  check_corrupt(4, {0, 1, 7, 2, 1, 9, 0, 0, 0}, 3);
  check_corrupt(4, {0, 1, 7, 2, 1, 0, 0, 0, 255}, 3);
  CHECK_THROWS_AS(expand16(4, {0, 1, 7, 2, 1, 1, 0}), Error);
}

TEST_CASE("segments that end early throw truncated at the end of the data, at every length") {
  const Bytes whole = {0, 2, 5, 6, 1, 2, 10, 2, 2, 0, 0, 0, 0};
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const std::optional<Error> error = error8(8, {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)});
    REQUIRE(error);
    CHECK(error->code == Errc::truncated_data);
    CHECK(error->offset == length);
  }
}
