// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Every kernel of RLE equals its scalar form on every instruction set this machine runs.
#include "turbodicom/codec/rle/kernels.h"
#include "turbodicom/codec/rle/weave.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace turbodicom;
using namespace turbodicom::codec::rle;
using Bytes = std::vector<std::uint8_t>;

namespace {

Bytes random_bytes(std::mt19937& random, std::size_t size, unsigned repeats_percent) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = i > 0 && random() % 100 < repeats_percent ? bytes[i - 1] : static_cast<std::uint8_t>(random());
  return bytes;
}

// Runs of the kinds an encoder writes, mostly up to `longest` bytes, and no-operations now and then.
Bytes random_runs(std::mt19937& random, std::size_t size, unsigned longest, unsigned no_operations_percent) {
  Bytes segment;
  while (segment.size() < size) {
    const auto length = static_cast<unsigned>(1 + random() % longest);
    if (random() % 100 < no_operations_percent) {
      segment.push_back(128);
    } else if (length > 1 && random() % 2 == 0) {
      segment.push_back(static_cast<std::uint8_t>(257 - length));
      segment.push_back(static_cast<std::uint8_t>(random()));
    } else {
      segment.push_back(static_cast<std::uint8_t>(length - 1));
      for (unsigned i = 0; i < length; ++i) segment.push_back(static_cast<std::uint8_t>(random()));
    }
  }
  return segment;
}

// The plain reading of PS3.5 G.3.2, which every level is held against.
std::size_t unpack_plainly(const std::uint8_t*& next, const std::uint8_t* stop, Bytes& out) {
  out.clear();
  while (next < stop) {
    const unsigned control = *next++;
    if (control < 128) {
      out.insert(out.end(), next, next + control + 1);
      next += control + 1;
    } else if (control > 128) {
      out.insert(out.end(), 257 - control, *next++);
    }
  }
  return out.size();
}

bool is_whole_run(const std::uint8_t* next, const std::uint8_t* end) {
  const auto left = static_cast<std::size_t>(end - next);
  if (left == 0) return false;
  const std::size_t control = *next;
  return left >= (control < 128 ? control + 2 : control > 128 ? 2u : 1u);
}

// Unpacks in a block of exactly the promised room; what came out is a whole number of runs, as many as
// the goal asks for or the segment has.
void check_unpack(const RleKernels& kernels, const Bytes& segment, std::size_t goal) {
  const std::uint8_t* next = segment.data();
  Bytes out(goal + kOvershoot);
  const std::size_t done = kernels.unpack(next, segment.data() + segment.size(), out.data(), goal);
  Bytes expected;
  const std::uint8_t* plain_next = segment.data();
  REQUIRE(unpack_plainly(plain_next, next, expected) == done);
  REQUIRE(plain_next == next);
  REQUIRE(std::equal(expected.begin(), expected.end(), out.begin()));
  REQUIRE((done >= goal || !is_whole_run(next, segment.data() + segment.size())));
  REQUIRE(done < goal + kOvershoot);
}

}  // namespace

TEST_CASE("unpack_gives_what_a_plain_loop_gives") {
  std::mt19937 random(4);
  for (const Isa isa : runnable_isas()) {
    CAPTURE(name(isa));
    const RleKernels kernels = rle_kernels(isa);
    for (int i = 0; i < 600; ++i) {
      const unsigned longest = i % 3 == 0 ? 128 : i % 3 == 1 ? 12 : 3;
      const Bytes segment = random_runs(random, random() % 9000, longest, i % 5 == 0 ? 30 : 0);
      check_unpack(kernels, segment, random() % 20000);
    }
  }
}

TEST_CASE("unpack_stays_within_its_room_for_the_longest_runs_and_for_noise") {
  std::mt19937 random(5);
  for (const Isa isa : runnable_isas()) {
    CAPTURE(name(isa));
    const RleKernels kernels = rle_kernels(isa);
    check_unpack(kernels, Bytes(5000, 0x81), 1);
    check_unpack(kernels, Bytes(5000, 0x81), 8192);
    check_unpack(kernels, Bytes(5000, 0x80), 8192);
    check_unpack(kernels, Bytes(5000, 0x7F), 8192);
    check_unpack(kernels, Bytes(5000, 0x00), 8192);
    for (int i = 0; i < 300; ++i) check_unpack(kernels, random_bytes(random, 4000, 0), 1 + random() % 8192);
  }
}

TEST_CASE("unpack_reads_nothing_behind_a_segment_of_any_length") {
  std::mt19937 random(8);
  for (const Isa isa : runnable_isas()) {
    CAPTURE(name(isa));
    const RleKernels kernels = rle_kernels(isa);
    for (std::size_t size = 0; size < 700; ++size) {
      Bytes segment = random_runs(random, size, size % 2 == 0 ? 3 : 128, 5);
      segment.resize(size);  // cuts the last run as often as not
      segment.shrink_to_fit();
      check_unpack(kernels, segment, 100000);
    }
  }
}

TEST_CASE("unpack_continues_where_it_stopped") {
  std::mt19937 random(9);
  for (const Isa isa : runnable_isas()) {
    CAPTURE(name(isa));
    const RleKernels kernels = rle_kernels(isa);
    for (int i = 0; i < 100; ++i) {
      const Bytes segment = random_runs(random, 5000, i % 2 == 0 ? 4 : 40, 2);
      const std::uint8_t* const end = segment.data() + segment.size();
      Bytes expected, all;
      const std::uint8_t* next = segment.data();
      unpack_plainly(next, end, expected);
      next = segment.data();
      while (next < end) {
        const std::size_t goal = 1 + random() % 900;
        Bytes out(goal + kOvershoot);
        const std::size_t done = kernels.unpack(next, end, out.data(), goal);
        all.insert(all.end(), out.begin(), out.begin() + static_cast<std::ptrdiff_t>(done));
      }
      REQUIRE(all == expected);
    }
  }
}

TEST_CASE("weave_interleaves_any_number_of_planes_of_any_length") {
  std::mt19937 random(6);
  for (const Isa isa : runnable_isas())
    for (std::size_t planes = 1; planes <= kMaxPlanes; ++planes) {
      CAPTURE(name(isa));
      CAPTURE(planes);
      const WeaveKernels kernels = weave_kernels(isa);
      for (std::size_t count = 0; count < 200; ++count) {
        std::vector<Bytes> plane(planes);
        std::vector<const std::uint8_t*> pointers(planes);
        Bytes out(planes * count + 1, 0xEE), expected = out;
        for (std::size_t k = 0; k < planes; ++k) {
          plane[k] = random_bytes(random, count, 0);
          pointers[k] = plane[k].data();
          for (std::size_t i = 0; i < count; ++i) expected[planes * i + k] = plane[k][i];
        }
        kernels.of[planes](pointers.data(), count, out.data());
        REQUIRE(out == expected);
      }
    }
}

TEST_CASE("weaving_past_the_caches_writes_the_same_wherever_it_begins") {
  std::mt19937 random(8);
  for (const Isa isa : runnable_isas())
    for (std::size_t planes = 1; planes <= kMaxPlanes; ++planes) {
      CAPTURE(name(isa));
      CAPTURE(planes);
      const WeaveKernels kernels = weave_kernels(isa);
      std::vector<Bytes> plane(planes);
      std::vector<const std::uint8_t*> pointers(planes);
      for (std::size_t k = 0; k < planes; ++k) {
        plane[k] = random_bytes(random, 300, 0);
        pointers[k] = plane[k].data();
      }
      for (const std::size_t count : {0, 1, 15, 16, 63, 64, 65, 127, 128, 200, 300})
        for (std::size_t begin = 0; begin < 65; ++begin) {
          Bytes out(begin + planes * count + 1, 0xEE), expected = out;
          kernels.of[planes](pointers.data(), count, expected.data() + begin);
          kernels.past_caches[planes](pointers.data(), count, out.data() + begin);
          REQUIRE(out == expected);
        }
    }
}

TEST_CASE("repeat_masks_mark_each_byte_that_equals_its_right_neighbour") {
  std::mt19937 random(7);
  for (const Isa isa : runnable_isas()) {
    CAPTURE(name(isa));
    const RleKernels kernels = rle_kernels(isa);
    for (std::size_t count = 1; count < 400; ++count) {
      const Bytes bytes = random_bytes(random, (count + 63) / 64 * 64 + 1, 70);
      std::vector<std::uint64_t> masks((count + 63) / 64, ~std::uint64_t{0}), expected(masks.size(), 0);
      for (std::size_t i = 0; i + 1 < count; ++i)
        if (bytes[i] == bytes[i + 1]) expected[i / 64] |= std::uint64_t{1} << i % 64;
      kernels.repeat_masks(bytes.data(), count, masks.data());
      REQUIRE(masks == expected);
    }
  }
}
