// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: every vector form of the inverse DCT gives the scalar form's samples, for legal coefficients and for those
// that only damaged streams have, and writes nothing else.
#include <algorithm>
#include <random>
#include <vector>

#include "doctest/doctest.h"
#include "turbodicom/codec/jpeg/idct.h"

using namespace turbodicom;
using namespace turbodicom::codec::jpeg;

namespace {

constexpr std::size_t kMostBlocks = 9;
constexpr std::ptrdiff_t kStride = 8 * kMostBlocks + 5;

struct Blocks {
  alignas(64) std::array<std::int16_t, 64 * kMostBlocks> coefficients{};
  std::array<std::uint8_t, kMostBlocks> last{};
};

struct Kind {
  const char* name;
  int largest;            // coefficient
  int largest_step;
  std::size_t last_row;   // with coefficients
  int zeros;              // in 100
};
constexpr Kind kKinds[] = {{"plain", 120, 16, 7, 60},         {"sparse", 120, 16, 7, 97},
                           {"dense", 1023, 30, 7, 0},         {"black and white", 16384, 1, 0, 99},
                           {"12 bits", 16384, 1, 7, 90},      {"first row only", 32767, 9, 0, 30},
                           {"beyond 16 bits", 32767, 65535, 7, 50}, {"beyond, first row only", 32767, 65535, 0, 50},
                           {"extreme", 32767, 1, 7, 0}};

class Source {
 public:
  int below(int limit) { return static_cast<int>(generator_() % static_cast<unsigned>(limit)); }
  Dequantiser table(const Kind& kind) {
    QuantTable steps;
    for (auto& step : steps) step = static_cast<std::uint16_t>(1 + below(kind.largest_step));
    return dequantiser(steps);
  }
  // A third of the blocks has the DC coefficient only, a tenth all coefficients at a limit.
  Blocks blocks(const Kind& kind) {
    Blocks blocks;
    for (std::size_t b = 0; b < kMostBlocks; ++b) {
      const bool is_dc_only = below(3) == 0, is_extreme = below(10) == 0;
      for (std::size_t i = 0; i < (is_dc_only ? 1 : 8 * (kind.last_row + 1)); ++i) {
        const int value = is_extreme ? kind.largest * (below(2) * 2 - 1) : below(2 * kind.largest + 1) - kind.largest;
        if (i == 0 || below(100) >= kind.zeros)
          blocks.coefficients[64 * b + i] = static_cast<std::int16_t>(value);
      }
      blocks.last[b] = is_dc_only ? 0 : 63;
    }
    return blocks;
  }

 private:
  std::mt19937 generator_{7};
};

template <typename Sample>
void compare(std::uint32_t halvings, Isa isa) {
  const auto reference = idct_kernels(Isa::scalar).of<Sample>(halvings);
  const auto kernel = idct_kernels(isa).of<Sample>(halvings);
  Source source;
  for (const Kind& kind : kKinds)
    for (int round = 0; round < 300; ++round) {
      const Dequantiser table = source.table(kind);
      const Blocks blocks = source.blocks(kind);
      const std::size_t count = static_cast<std::size_t>(source.below(kMostBlocks + 1));
      std::vector<Sample> expected(8 * kStride, 77), found(8 * kStride, 77);
      reference(blocks.coefficients.data(), nullptr, count, table, expected.data(), kStride);
      kernel(blocks.coefficients.data(), round % 2 == 0 ? nullptr : blocks.last.data(), count, table, found.data(), kStride);
      REQUIRE_MESSAGE(found == expected, name(isa), " ", kind.name, ", round ", round, ", blocks ", count);
    }
}

}  // namespace

TEST_CASE("inverse DCTs of every instruction set equal the scalar ones, with hints and without") {
  for (const Isa isa : runnable_isas())
    for (std::uint32_t halvings = 0; halvings < 4; ++halvings) {
      compare<std::uint8_t>(halvings, isa);
      compare<std::uint16_t>(halvings, isa);
    }
}

TEST_CASE("inverse DCTs of every instruction set write rows upwards too") {
  Source source;
  const Dequantiser table = source.table(kKinds[0]);
  const Blocks blocks = source.blocks(kKinds[0]);
  for (const Isa isa : runnable_isas()) {
    std::vector<std::uint8_t> down(8 * kStride, 77), up(8 * kStride, 77);
    const auto kernel = idct_kernels(isa).of_8_bits[0];
    kernel(blocks.coefficients.data(), nullptr, kMostBlocks, table, down.data(), kStride);
    kernel(blocks.coefficients.data(), nullptr, kMostBlocks, table, up.data() + 7 * kStride, -kStride);
    for (std::ptrdiff_t row = 0; row < 8; ++row)
      CHECK_MESSAGE(std::equal(down.begin() + row * kStride, down.begin() + (row + 1) * kStride,
                               up.begin() + (7 - row) * kStride), name(isa), " ", row);
  }
}
