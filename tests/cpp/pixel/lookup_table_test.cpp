// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/lookup_table.h"

#include <array>
#include <optional>
#include <string>

#include "doctest/doctest.h"
#include "turbodicom/base/error.h"

using namespace turbodicom;
using namespace turbodicom::pixel;

namespace {

using Bytes = std::vector<std::uint8_t>;
using Entries = std::vector<std::uint16_t>;
constexpr bool kSigned = true, kBigEndian = true;

LutDescriptor descriptor(std::int64_t entries, std::int64_t first, std::int64_t bits, bool is_signed = false) {
  return read_lut_descriptor(std::array<std::int64_t, 3>{entries, first, bits}, is_signed);
}

LookupTable read(std::int64_t entries, std::int64_t bits, const Bytes& data, bool is_big_endian = false) {
  return read_lookup_table(descriptor(entries, 0, bits), data, is_big_endian);
}

std::vector<std::string> codes(const LookupTable& table) {
  std::vector<std::string> result;
  for (const LutNote& note : table.notes) result.emplace_back(note.code);
  return result;
}

std::optional<Error> error_of(std::int64_t entries, std::int64_t bits, const Bytes& data) {
  try {
    read(entries, bits, data);
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("a descriptor of zero entries means 65536") {
  CHECK(descriptor(0, 0, 16).entries == 65536);
  CHECK(descriptor(1, 0, 16).entries == 1);
  CHECK(descriptor(65535, 0, 16).entries == 65535);
}

TEST_CASE("the first input is signed when the pixels are, whichever VR the descriptor has") {
  CHECK(descriptor(256, 63488, 8, kSigned).first == -2048);
  CHECK(descriptor(256, -2048, 8, kSigned).first == -2048);
  CHECK(descriptor(256, 63488, 8).first == 63488);
  CHECK(descriptor(256, -2048, 8).first == 63488);
  CHECK(descriptor(256, 32767, 8, kSigned).first == 32767);
}

TEST_CASE("numbers of entries and bits are never signed") {
  CHECK(descriptor(-1, 0, 16, kSigned).entries == 65535);
  CHECK_THROWS_AS(descriptor(256, 0, -8, kSigned), Error);
}

TEST_CASE("a descriptor that is not three values of 16 bits with 8 to 16 bits an entry throws conformance") {
  const auto code_of = [](std::vector<std::int64_t> stored) {
    try {
      read_lut_descriptor(stored, false);
    } catch (const Error& error) {
      return error.code;
    }
    return Errc::cancelled;
  };
  CHECK(code_of({}) == Errc::conformance);
  CHECK(code_of({256, 0}) == Errc::conformance);
  CHECK(code_of({256, 0, 8, 1}) == Errc::conformance);
  CHECK(code_of({65536, 0, 8}) == Errc::conformance);
  CHECK(code_of({256, -32769, 8}) == Errc::conformance);
  for (const std::int64_t bits : {0, 1, 7, 17, 32}) CHECK(code_of({256, 0, bits}) == Errc::conformance);
  for (std::int64_t bits = 8; bits <= 16; ++bits) CHECK(code_of({256, 0, bits}) == Errc::cancelled);
}

TEST_CASE("entries of 16 bits are words of either byte order") {
  const LookupTable little = read(2, 16, {0x01, 0x02, 0xFF, 0xFE});
  CHECK(little.entries == Entries{0x0201, 0xFEFF});
  CHECK(little.bits == 16);
  CHECK(little.notes.empty());
  CHECK(read(2, 16, {0x01, 0x02, 0xFF, 0xFE}, kBigEndian).entries == Entries{0x0102, 0xFFFE});
}

TEST_CASE("entries of 8 bits lie two in a word, the first in its low byte") {
  const LookupTable little = read(4, 8, {1, 2, 3, 4});
  CHECK(little.entries == Entries{1, 2, 3, 4});
  CHECK(little.bits == 8);
  CHECK(little.notes.empty());
  CHECK(read(4, 8, {1, 2, 3, 4}, kBigEndian).entries == Entries{2, 1, 4, 3});
}

TEST_CASE("an odd number of 8-bit entries may be padded or not") {
  CHECK(read(3, 8, {1, 2, 3, 0}).entries == Entries{1, 2, 3});
  CHECK(read(3, 8, {1, 2, 3, 0}).notes.empty());
  CHECK(read(3, 8, {1, 2, 3}).entries == Entries{1, 2, 3});
  CHECK(read(3, 8, {1, 2, 3}).notes.empty());
  CHECK(read(3, 8, {2, 1, 0, 3}, kBigEndian).entries == Entries{1, 2, 3});
  CHECK(read(3, 8, {2, 1, 3}, kBigEndian).entries == Entries{1, 2, 3});
}

TEST_CASE("8-bit entries in 16-bit cells are read as such and noted") {
  const LookupTable table = read(3, 8, {1, 0, 255, 0, 7, 0});
  CHECK(table.entries == Entries{1, 255, 7});
  CHECK(table.bits == 8);
  CHECK(codes(table) == std::vector<std::string>{"lut_16_bit_cells"});
  CHECK(read(3, 8, {0, 1, 0, 255, 0, 7}, kBigEndian).entries == Entries{1, 255, 7});
}

TEST_CASE("16-bit entries where 8 bits are declared stay as they are and make the table one of 16 bits") {
  const LookupTable table = read(3, 8, {0, 0, 0, 1, 2, 0});
  CHECK(table.entries == Entries{0, 256, 2});
  CHECK(table.bits == 16);
  CHECK(codes(table) == std::vector<std::string>{"lut_16_bit_cells", "lut_bits_too_small"});
}

TEST_CASE("one byte an entry where 16 bits are declared makes a table of 8 bits") {
  const LookupTable table = read(4, 16, {1, 2, 3, 255});
  CHECK(table.entries == Entries{1, 2, 3, 255});
  CHECK(table.bits == 8);
  CHECK(codes(table) == std::vector<std::string>{"lut_8_bit_cells"});
  CHECK(read(3, 12, {1, 2, 3, 0}).entries == Entries{1, 2, 3});
  CHECK(read(4, 16, {2, 1, 255, 3}, kBigEndian).entries == Entries{1, 2, 3, 255});
}

TEST_CASE("one entry in one word is read by its declared bits") {
  const LookupTable wide = read(1, 16, {1, 2});
  CHECK(wide.entries == Entries{0x0201});
  CHECK(wide.notes.empty());
  const LookupTable narrow = read(1, 8, {1, 2});
  CHECK(narrow.entries == Entries{1});
  CHECK(narrow.notes.empty());
}

TEST_CASE("entries beyond the declared bits widen the table to what the largest needs") {
  const LookupTable table = read(2, 10, {0x00, 0x04, 0xFF, 0x0F});
  CHECK(table.entries == Entries{0x0400, 0x0FFF});
  CHECK(table.bits == 12);
  CHECK(codes(table) == std::vector<std::string>{"lut_bits_too_small"});
  CHECK(read(2, 12, {0x00, 0x04, 0xFF, 0x0F}).notes.empty());
  CHECK(read(2, 16, {0x00, 0x00, 0x01, 0x00}).bits == 16);
}

TEST_CASE("the last entry present stands for those that are missing") {
  const LookupTable table = read(5, 16, {1, 0, 2, 0, 9, 0, 77});
  CHECK(table.entries == Entries{1, 2, 9, 9, 9});
  CHECK(codes(table) == std::vector<std::string>{"lut_too_short"});
  CHECK(read(5, 8, {4, 5}).entries == Entries{4, 5, 5, 5, 5});
  CHECK(read(0, 16, {3, 0}).entries == Entries(65536, 3));
}

TEST_CASE("bytes behind the last entry are left out and noted") {
  const LookupTable wide = read(2, 16, {1, 0, 2, 0, 3, 0});
  CHECK(wide.entries == Entries{1, 2});
  CHECK(codes(wide) == std::vector<std::string>{"lut_too_long"});
  const LookupTable narrow = read(4, 8, {1, 2, 3, 4, 5, 6});
  CHECK(narrow.entries == Entries{1, 2, 3, 4});
  CHECK(codes(narrow) == std::vector<std::string>{"lut_too_long"});
}

TEST_CASE("data without one whole entry throws truncated") {
  for (const auto& [bits, data] : {std::pair<int, Bytes>{16, {}}, {8, {}}, {16, {1}}}) {
    const std::optional<Error> error = error_of(256, bits, data);
    REQUIRE(error);
    CHECK(error->code == Errc::truncated_data);
    CHECK(error->offset == data.size());
  }
}

TEST_CASE("every length of data gives a whole table, or an error where there is no entry") {
  const Bytes data = {9, 1, 8, 2, 7, 3, 6, 4, 5, 5, 4, 6, 3, 7};
  for (const std::int64_t bits : {8, 12, 16})
    for (std::size_t length = 0; length <= data.size(); ++length)
      for (const bool is_big_endian : {false, true}) {
        const Bytes part(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(length));
        if (length < (bits == 8 ? 1u : 2u)) {
          CHECK_THROWS_AS(read(5, bits, part, is_big_endian), Error);
          continue;
        }
        const LookupTable table = read(5, bits, part, is_big_endian);
        CHECK(table.entries.size() == 5);
        for (const std::uint16_t entry : table.entries) CHECK(entry < 1u << table.bits);
      }
}

TEST_CASE("the first input of the descriptor is that of the table") {
  CHECK(read_lookup_table(descriptor(2, -1000, 8, kSigned), Bytes{1, 2}, false).first == -1000);
}
