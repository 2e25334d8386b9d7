// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include <random>
#include <vector>

#include "doctest/doctest.h"
#include "turbodicom/codec/jpeg/bit_reader.h"
#include "turbodicom/codec/jpeg/bit_writer.h"

using namespace turbodicom;
using namespace turbodicom::codec::jpeg;

namespace {

using Bytes = std::vector<std::uint8_t>;

struct Item {
  std::uint64_t bits;
  int count;
};

Bytes written(const std::vector<Item>& items) {
  std::size_t bits = 0;
  for (const Item& item : items) bits += static_cast<std::size_t>(item.count);
  Bytes out(max_segment_bytes(bits), 0xAA);
  BitWriter writer(out.data());
  for (const Item& item : items) writer.put(item.bits, item.count);
  const std::uint8_t* end = writer.finish();
  out.resize(static_cast<std::size_t>(end - out.data()));
  return out;
}

// Bit by bit, straight from T.81 F.1.2.3 and B.1.1.5.
Bytes expected(const std::vector<Item>& items) {
  std::vector<bool> bits;
  for (const Item& item : items)
    for (int i = item.count - 1; i >= 0; --i) bits.push_back((item.bits >> i & 1) != 0);
  while (bits.size() % 8 != 0) bits.push_back(true);
  Bytes out;
  for (std::size_t i = 0; i < bits.size(); i += 8) {
    unsigned byte = 0;
    for (std::size_t k = 0; k < 8; ++k) byte = byte << 1 | (bits[i + k] ? 1u : 0u);
    out.push_back(static_cast<std::uint8_t>(byte));
    if (byte == 0xFF) out.push_back(0);
  }
  return out;
}

std::vector<Item> random_items(std::mt19937& random, int longest, int ones_in_8) {
  std::vector<Item> items(random() % 200);
  for (Item& item : items) {
    item.count = static_cast<int>(random() % static_cast<unsigned>(longest + 1));
    item.bits = 0;
    for (int i = 0; i < item.count; ++i) item.bits = item.bits << 1 | (static_cast<int>(random() % 8) < ones_in_8);
  }
  return items;
}

}  // namespace

TEST_SUITE("codec/jpeg bit writer") {
  TEST_CASE("nothing_written_is_no_byte") { CHECK(written({}).empty()); }

  TEST_CASE("the_last_byte_is_filled_with_ones") {
    CHECK(written({{0, 1}}) == Bytes{0x7F});
    CHECK(written({{0x5, 3}}) == Bytes{0xBF});
  }

  TEST_CASE("a_zero_is_stuffed_behind_each_ff_also_behind_a_filled_one") {
    CHECK(written({{0xFF, 8}}) == Bytes{0xFF, 0});
    CHECK(written({{1, 1}}) == Bytes{0xFF, 0});
    CHECK(written({{0x12FF34FF, 32}, {0xFFFF, 16}}) == Bytes{0x12, 0xFF, 0, 0x34, 0xFF, 0, 0xFF, 0, 0xFF, 0});
  }

  TEST_CASE("random_items_give_the_bits_of_the_plain_writer") {
    std::mt19937 random(1);
    for (int round = 0; round < 3000; ++round) {
      const auto items = random_items(random, round % 64, round % 9);
      REQUIRE(written(items) == expected(items));
    }
  }

  TEST_CASE("the_reader_reads_what_the_writer_wrote") {
    std::mt19937 random(2);
    for (int round = 0; round < 500; ++round) {
      const auto items = random_items(random, 16, 6);
      const Bytes bytes = written(items);
      SegmentBytes segment(bytes, 0);
  BitReader reader(segment);
      for (const Item& item : items) {
        reader.refill();
        REQUIRE(reader.take(item.count) == item.bits);
      }
      CHECK_FALSE(reader.overrun());
    }
  }

  TEST_CASE("restart_ends_the_segment_and_counts_modulo_8") {
    Bytes out(64);
    BitWriter writer(out.data());
    writer.put(0, 3);
    writer.restart(7);
    writer.put(0, 9);
    writer.restart(8);
    const std::uint8_t* end = writer.finish();
    out.resize(static_cast<std::size_t>(end - out.data()));
    CHECK(out == Bytes{0x1F, 0xFF, 0xD7, 0x00, 0x7F, 0xFF, 0xD0});
  }

  TEST_CASE("all_ones_stay_within_the_bound") {
    for (std::size_t bits = 0; bits < 400; ++bits) {
      std::vector<Item> items(bits, Item{1, 1});
      Bytes out(max_segment_bytes(bits) + 8, 0x55);
      BitWriter writer(out.data());
      for (const Item& item : items) writer.put(item.bits, item.count);
      CHECK(writer.finish() <= out.data() + out.size() - 8);
      for (std::size_t i = out.size() - 8; i < out.size(); ++i) REQUIRE(out[i] == 0x55);
    }
  }
}
