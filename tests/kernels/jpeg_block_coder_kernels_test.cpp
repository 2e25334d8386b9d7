// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: every vector form of tokenise() and stuff() gives the scalar form's tokens and bytes.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "turbodicom/codec/jpeg/block_coder.h"

using namespace turbodicom;
using namespace turbodicom::codec::jpeg;

namespace {

class Random {
 public:
  std::uint32_t next() { return (state_ = state_ * 1664525 + 1013904223) >> 8; }

 private:
  std::uint32_t state_ = 5;
};

struct alignas(64) Blocks {
  static constexpr std::uint32_t kCount = 16;
  std::int16_t coefficients[64 * kCount];
  std::uint64_t masks[kCount];

  // One of `sparsity` coefficients is not 0, of up to `bits` bits.
  void fill(Random& random, std::uint32_t sparsity, std::uint32_t bits) {
    for (std::uint32_t b = 0; b < kCount; ++b) {
      masks[b] = 0;
      for (std::uint32_t k = 0; k < 64; ++k) {
        const auto size = 1 + random.next() % bits;
        const auto magnitude = static_cast<int>((1u << (size - 1)) + random.next() % (1u << (size - 1)));
        const bool is_zero = random.next() % sparsity != 0;
        const int value = is_zero ? 0 : (random.next() & 1) != 0 ? magnitude : -magnitude;
        coefficients[64 * b + k] = static_cast<std::int16_t>(value);
        masks[b] |= std::uint64_t{value != 0} << k;
      }
    }
  }
};

std::vector<Token> tokens_of(const BlockKernels& kernels, const Blocks& blocks, std::array<std::int32_t, kMaxComponents>& prediction) {
  TokenSource source{blocks.coefficients, blocks.masks, {dc_index(0), dc_index(1)}, {ac_index(0), ac_index(1)}, {11, -5}};
  std::vector<BlockPlace> places;
  for (std::uint32_t b = 0; b < Blocks::kCount; ++b) places.push_back({Blocks::kCount - 1 - b, b % 3 == 0});
  std::vector<Token> tokens(Blocks::kCount * kMaxBlockTokens + kTokenSlack);
  const Token* end = kernels.tokenise(source, places, tokens.data());
  tokens.resize(static_cast<std::size_t>(end - tokens.data()));
  prediction = source.prediction;
  return tokens;
}

}  // namespace

TEST_CASE("jpeg tokenise kernels of every instruction set equal the scalar one") {
  Random random;
  const auto blocks = std::make_unique<Blocks>();
  for (const std::uint32_t bits : {1u, 10u, 14u})
    for (const std::uint32_t sparsity : {1u, 2u, 3u, 8u, 20u, 64u, 1000u})
      for (int round = 0; round < 40; ++round) {
        blocks->fill(random, sparsity, bits);
        std::array<std::int32_t, kMaxComponents> expected_prediction, prediction;
        const std::vector<Token> expected = tokens_of(block_kernels(Isa::scalar), *blocks, expected_prediction);
        for (const Isa isa : runnable_isas()) {
          INFO(std::string(name(isa)));
          REQUIRE(tokens_of(block_kernels(isa), *blocks, prediction) == expected);
          REQUIRE(prediction == expected_prediction);
        }
      }
}

TEST_CASE("jpeg tokenise: runs of zeros, the end of a block and the last coefficient are coded as F.1.2.2 says") {
  const auto blocks = std::make_unique<Blocks>();
  std::fill(std::begin(blocks->coefficients), std::end(blocks->coefficients), std::int16_t{0});
  std::fill(std::begin(blocks->masks), std::end(blocks->masks), std::uint64_t{0});
  blocks->coefficients[0] = -3;
  blocks->coefficients[63] = 5;
  blocks->masks[0] = std::uint64_t{1} << 63 | 1;
  const std::vector<BlockPlace> places = {{0, 0}, {1, 0}};
  const std::vector<Token> expected = {token(dc_index(0) + 2, 0), token(ac_index(0) + 0xF0, 0), token(ac_index(0) + 0xF0, 0),
                                       token(ac_index(0) + 0xF0, 0), token(ac_index(0) + 0xE3, 5), token(dc_index(0) + 2, 3),
                                       token(ac_index(0), 0)};
  for (const Isa isa : runnable_isas()) {
    TokenSource source{blocks->coefficients, blocks->masks, {dc_index(0)}, {ac_index(0)}, {}};
    std::vector<Token> tokens(2 * kMaxBlockTokens + kTokenSlack);
    const Token* end = block_kernels(isa).tokenise(source, places, tokens.data());
    tokens.resize(static_cast<std::size_t>(end - tokens.data()));
    CHECK(tokens == expected);
  }
}

TEST_CASE("jpeg stuff kernels of every instruction set put a zero behind each 0xFF and nothing else") {
  Random random;
  for (const std::uint32_t rarity : {1u, 2u, 10u, 300u})
    for (std::size_t count = 0; count < 200; ++count) {
      std::vector<std::uint8_t> bytes(count + 64), expected;
      for (std::size_t i = 0; i < count; ++i) {
        bytes[i] = random.next() % rarity == 0 ? std::uint8_t{0xFF} : static_cast<std::uint8_t>(random.next());
        expected.push_back(bytes[i]);
        if (bytes[i] == 0xFF) expected.push_back(0);
      }
      for (const Isa isa : runnable_isas()) {
        INFO(std::string(name(isa)));
        std::vector<std::uint8_t> out(2 * count + 64);
        const std::uint8_t* end = block_kernels(isa).stuff(bytes.data(), count, out.data());
        out.resize(static_cast<std::size_t>(end - out.data()));
        REQUIRE(out == expected);
      }
    }
}
