// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: every vector form of FDCT and quantisation gives the scalar form's coefficients and masks.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "turbodicom/codec/jpeg/fdct.h"

using namespace turbodicom;
using namespace turbodicom::codec::jpeg;

namespace {

struct alignas(64) Blocks {
  static constexpr std::size_t kCount = 8;
  std::int16_t coefficients[64 * kCount];
  std::uint64_t masks[kCount];
};

class Random {
 public:
  std::uint32_t next() { return (state_ = state_ * 1664525 + 1013904223) >> 8; }

 private:
  std::uint32_t state_ = 3;
};

// Extremes are what overflows: all samples 0 or the largest, at random, in stripes and with the signs of the cosine whose
// coefficient is largest (rows 0, 1, 6, 7 against 2 to 5); then anything.
template <typename Sample>
std::vector<Sample> samples_of(Random& random, std::size_t count, std::uint32_t most, std::uint32_t kind) {
  std::vector<Sample> samples(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t row = i / (8 * Blocks::kCount);
    const std::size_t bits[] = {random.next(), i / 8, i ^ row, 0xC3u >> row, 0x3Cu >> row};
    samples[i] = static_cast<Sample>(kind == 5 ? random.next() % (most + 1) : (bits[kind] & 1) * most);
  }
  return samples;
}

template <typename Sample>
void compare(ForwardFn<Sample> FdctKernels::*function, std::uint32_t most, std::uint32_t most_step) {
  Random random;
  const auto expected = std::make_unique<Blocks>(), found = std::make_unique<Blocks>();
  for (std::uint32_t round = 0; round < 400; ++round) {
    QuantTable table;
    for (std::uint16_t& q : table) q = static_cast<std::uint16_t>(round % 4 == 0 ? 1 : 1 + random.next() % most_step);
    const Divisors divisors(table);
    const std::vector<Sample> samples = samples_of<Sample>(random, 64 * Blocks::kCount, most, round % 6);
    const std::size_t count = 1 + round % Blocks::kCount;
    (fdct_kernels(Isa::scalar).*function)(samples.data(), 8 * Blocks::kCount, count, divisors, expected->coefficients, expected->masks);
    for (const Isa isa : runnable_isas()) {
      INFO(std::string(name(isa)));
      (fdct_kernels(isa).*function)(samples.data(), 8 * Blocks::kCount, count, divisors, found->coefficients, found->masks);
      REQUIRE(std::equal(expected->coefficients, expected->coefficients + 64 * count, found->coefficients));
      REQUIRE(std::equal(expected->masks, expected->masks + count, found->masks));
    }
  }
}

}  // namespace

TEST_CASE("jpeg fdct kernels of every instruction set equal the scalar ones on 8-bit samples") { compare(&FdctKernels::forward_8, 255, 255); }

TEST_CASE("jpeg fdct kernels of every instruction set equal the scalar ones on 12-bit samples") {
  compare(&FdctKernels::forward_12, 4095, 255);
  compare(&FdctKernels::forward_12, 4095, 65535);
}

TEST_CASE("jpeg fdct kernels give a flat block nothing but its mean") {
  QuantTable table;
  table.fill(4);
  const auto blocks = std::make_unique<Blocks>();
  std::vector<std::uint8_t> row(64 * kBlockGroup, 200);
  for (const Isa isa : runnable_isas()) {
    fdct_kernels(isa).forward_8(row.data(), 8 * kBlockGroup, 1, Divisors(table), blocks->coefficients, blocks->masks);
    CHECK(blocks->coefficients[0] == 8 * (200 - 128) / 4);
    CHECK(blocks->masks[0] == 1);
  }
}
