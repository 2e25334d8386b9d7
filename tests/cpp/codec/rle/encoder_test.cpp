// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/rle/encoder.h"

#include <doctest/doctest.h>

#include <cstring>
#include <random>
#include <string>

#include "turbodicom/codec/rle/rle.h"

using namespace turbodicom;
using namespace turbodicom::codec;

namespace {

using Bytes = std::vector<std::uint8_t>;

// What one row packs to.
Bytes packed(const std::string& row) {
  rle::RowPacker packer(row.size());
  std::memcpy(packer.row(), row.data(), row.size());
  Bytes out(rle::max_packed_bytes(row.size()) + rle::kPackSlack);
  out.resize(static_cast<std::size_t>(packer.pack(out.data()) - out.data()));
  return out;
}

Bytes bytes(const std::string& text) { return {text.begin(), text.end()}; }

// The plain reading of PS3.5 G.3.1: every pair or longer run is repeated, everything else literal.
std::size_t plain_packed_size(const std::string& row) {
  std::size_t size = 0, literals = 0;
  const auto flush = [&] { size += literals + (literals + 127) / 128, literals = 0; };
  for (std::size_t i = 0; i < row.size();) {
    std::size_t run = 1;
    while (i + run < row.size() && run < 128 && row[i + run] == row[i]) ++run;
    if (run == 1) ++literals;
    else flush(), size += 2;
    i += run;
  }
  flush();
  return size;
}

std::string unpacked(const Bytes& run) {
  std::string out;
  for (std::size_t i = 0; i < run.size();) {
    const int control = static_cast<std::int8_t>(run[i++]);
    if (control >= 0) {
      out.append(run.begin() + static_cast<std::ptrdiff_t>(i), run.begin() + static_cast<std::ptrdiff_t>(i) + control + 1);
      i += static_cast<std::size_t>(control) + 1;
    } else {
      out.append(static_cast<std::size_t>(1 - control), static_cast<char>(run[i++]));
    }
  }
  return out;
}

std::string random_row(std::mt19937& random, std::size_t columns) {
  const auto repeats = random() % 100;
  std::string row(columns, '\0');
  for (std::size_t i = 0; i < columns; ++i)
    row[i] = i > 0 && random() % 100 < repeats ? row[i - 1] : static_cast<char>(random() % 7);
  return row;
}

}  // namespace

TEST_CASE("three_equal_bytes_end_a_literal_run") {
  CHECK(packed("abccc") == bytes("\x01" "ab" "\xFE" "c"));
}

TEST_CASE("two_equal_bytes_within_a_literal_run_stay_there") {
  CHECK(packed("abbc") == bytes("\x03" "abbc"));
}

TEST_CASE("two_equal_bytes_at_the_beginning_of_a_run_are_repeated") {
  CHECK(packed("aab") == bytes("\xFF" "a" + std::string("\0", 1) + "b"));
  CHECK(packed("aaabbb") == bytes("\xFE" "a" "\xFE" "b"));
}

TEST_CASE("runs_longer_than_128_are_split_and_a_single_byte_left_over_is_literal") {
  CHECK(packed(std::string(128, 'x')) == bytes("\x81x"));
  CHECK(packed(std::string(129, 'x')) == bytes("\x81x" + std::string("\0", 1) + "x"));
  CHECK(packed(std::string(130, 'x')) == bytes("\x81x\xFFx"));
  CHECK(packed(std::string(256, 'x')) == bytes("\x81x\x81x"));
  CHECK(packed(std::string(129, 'x') + "y") == bytes("\x81x\x01xy"));
}

TEST_CASE("a_literal_run_ends_after_128_bytes") {
  std::string row;
  for (int i = 0; i < 130; ++i) row.push_back(static_cast<char>(i));
  const Bytes out = packed(row);
  CHECK(out.size() == 132);
  CHECK(out[0] == 127);
  CHECK(out[129] == 1);
}

TEST_CASE("a_pair_that_would_straddle_the_end_of_a_literal_run_begins_the_next") {
  std::string row;
  for (int i = 0; i < 127; ++i) row.push_back(static_cast<char>(i));
  row += "zz";
  const Bytes out = packed(row);
  CHECK(out.size() == 1 + 127 + 2);
  CHECK(out[0] == 126);
}

TEST_CASE("a_single_column_is_a_literal_run_of_one") {
  CHECK(packed("a") == bytes(std::string("\0", 1) + "a"));
}

TEST_CASE("packed_rows_unpack_to_themselves_and_are_never_longer_than_plain_ones") {
  std::mt19937 random(1);
  for (int i = 0; i < 20000; ++i) {
    const std::string row = random_row(random, 1 + random() % 700);
    const Bytes out = packed(row);
    REQUIRE(unpacked(out) == row);
    REQUIRE(out.size() <= plain_packed_size(row));
    REQUIRE(out.size() <= rle::max_packed_bytes(row.size()));
  }
}

TEST_CASE("rows_of_distinct_bytes_keep_within_the_announced_size") {
  for (std::size_t columns = 1; columns < 600; ++columns) {
    std::string row;
    for (std::size_t i = 0; i < columns; ++i) row.push_back(static_cast<char>(i * 37));
    CHECK(packed(row).size() <= rle::max_packed_bytes(columns));
  }
}

TEST_CASE("runs_do_not_cross_rows") {
  const Bytes flat(6, 'a');
  Bytes out(rle::max_encoded_size({2, 3, 1, SampleType::u8, 0}, {}));
  out.resize(rle::encode(interleaved_view(flat.data(), SampleType::u8, 2, 3, 1), out, {}));
  CHECK(Bytes(out.begin() + 64, out.end()) == bytes("\xFE" "a" "\xFE" "a"));
}

TEST_CASE("segments_start_at_even_offsets_and_unused_offsets_are_zero") {
  const Bytes image = {1, 2, 3, 4, 5, 6};
  Bytes out(rle::max_encoded_size({1, 2, 3, SampleType::u8, 0}, {}));
  out.resize(rle::encode(interleaved_view(image.data(), SampleType::u8, 1, 2, 3), out, {}));
  CHECK(load_le<std::uint32_t>(out.data()) == 3);
  CHECK(load_le<std::uint32_t>(out.data() + 4) == 64);
  CHECK(load_le<std::uint32_t>(out.data() + 8) == 68);
  CHECK(load_le<std::uint32_t>(out.data() + 12) == 72);
  for (std::size_t byte = 16; byte < 64; ++byte) CHECK(out[byte] == 0);
  CHECK(out.size() == 76);
  CHECK(out[67] == 0);
}

TEST_CASE("more_than_fifteen_segments_cannot_be_encoded") {
  CHECK_THROWS_AS(rle::max_encoded_size({1, 1, 4, SampleType::u32, 0}, {}), Error);
  CHECK_THROWS_AS(rle::max_encoded_size({1, 1, 2, SampleType::f64, 0}, {}), Error);
  CHECK(rle::max_encoded_size({1, 1, 5, SampleType::i8, 0}, {}) > 64);
}

TEST_CASE("sizes_beyond_64_bits_are_refused") {
  CHECK(rle::max_encoded_size({0x7FFFFFFF, 0x7FFFFFFF, 1, SampleType::u8, 0}, {}) > 0xFFFFFFFF);
  CHECK_THROWS_AS(rle::max_encoded_size({0xFFFFFFFF, 0xFFFFFFFF, 15, SampleType::u8, 0}, {}), Error);
}
