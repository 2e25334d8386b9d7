// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/block_walk.h"

#include <algorithm>
#include <vector>

#include "doctest/doctest.h"

using namespace turbodicom::pixel;

namespace {

using Shape = std::vector<std::size_t>;
using Strides = std::vector<std::ptrdiff_t>;

// Bytes that count up, one array over them.
struct Bytes {
  std::vector<std::uint8_t> memory;
  StridedArray array(std::size_t offset, const Strides& strides) { return {memory.data() + offset, 1, strides}; }
};

Bytes counting(std::size_t size) {
  Bytes bytes{std::vector<std::uint8_t>(size)};
  for (std::size_t i = 0; i < size; ++i) bytes.memory[i] = static_cast<std::uint8_t>(i * 7 + i / 251);
  return bytes;
}

// Copies block by block, and says whether every block was one run of memory in both arrays.
bool copy(const Shape& shape, const StridedArray& from, const StridedArray& to) {
  const StridedArray arrays[] = {to, from};
  const BlockWalk walk(shape, arrays);
  std::vector<std::uint8_t> dense(kTileSamples * 8);
  bool is_dense = true;
  for (std::size_t i = 0; i < walk.blocks(); ++i) {
    REQUIRE(walk.block(i, 0).samples() <= kTileSamples);
    gather(walk.block(i, 1), dense.data());
    scatter(dense.data(), walk.block(i, 0));
    is_dense &= walk.block(i, 0).is_dense() && walk.block(i, 1).is_dense();
  }
  return is_dense;
}

std::uint8_t at(const StridedArray& array, std::size_t i, std::size_t j, std::size_t k) {
  return array.data[static_cast<std::ptrdiff_t>(i) * array.strides[0] + static_cast<std::ptrdiff_t>(j) * array.strides[1] +
                    static_cast<std::ptrdiff_t>(k) * array.strides[2]];
}

}  // namespace

TEST_CASE("every sample is visited once, whatever the strides") {
  const Shape shape{13, 71, 9};
  const std::vector<std::pair<std::size_t, Strides>> layouts{
      {0, {639, 9, 1}},                // rows one behind the other
      {0, {1, 13, 923}},               // the other way round
      {12 * 639, {-639, 9, 1}},        // upside down
      {13 * 639 - 1, {-639, -9, -1}},  // backwards altogether
      {5, {1300, 18, 2}},              // with gaps
      {0, {71, 1, 923}}};              // planes first
  for (const auto& [from_offset, from_strides] : layouts)
    for (const auto& [to_offset, to_strides] : layouts) {
      Bytes source = counting(20000), target{std::vector<std::uint8_t>(20000)};
      const StridedArray from = source.array(from_offset, from_strides), to = target.array(to_offset, to_strides);
      copy(shape, from, to);
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < 13; ++i)
        for (std::size_t j = 0; j < 71; ++j)
          for (std::size_t k = 0; k < 9; ++k) wrong += at(from, i, j, k) != at(to, i, j, k);
      CHECK(wrong == 0);
    }
}

TEST_CASE("arrays that lie alike in memory become long runs, transposed and reversed ones too") {
  const Shape shape{30, 40, 50};
  for (const auto& [offset, strides] : {std::pair<std::size_t, Strides>{0, {2000, 50, 1}}, {0, {1, 30, 1200}}, {59999, {-2000, -50, -1}}}) {
    Bytes source = counting(60000), target{std::vector<std::uint8_t>(60000)};
    CHECK(copy(shape, source.array(offset, strides), target.array(offset, strides)));
    CHECK(target.memory == source.memory);
  }
}

TEST_CASE("a broadcast axis, an empty array and a single sample") {
  Bytes source = counting(10), target{std::vector<std::uint8_t>(40)};
  const Strides repeat{0, 1}, rows{10, 1};
  const StridedArray arrays[] = {target.array(0, rows), source.array(0, repeat)};
  const BlockWalk walk(Shape{4, 10}, arrays);
  for (std::size_t i = 0; i < walk.blocks(); ++i) {
    std::uint8_t dense[40];
    gather(walk.block(i, 1), dense);
    scatter(dense, walk.block(i, 0));
  }
  for (std::size_t i = 0; i < 40; ++i) CHECK(target.memory[i] == source.memory[i % 10]);
  CHECK(BlockWalk(Shape{4, 0}, arrays).blocks() == 0);
  const Strides none;
  const StridedArray scalar{source.memory.data(), 1, none};
  const BlockWalk one(Shape{}, std::span(&scalar, 1));
  CHECK(one.blocks() == 1);
  CHECK(one.block(0, 0).samples() == 1);
}
