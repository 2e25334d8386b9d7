// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: every form of unpack_bits, clean_unused_bits' and swap_bytes' loop gives the scalar form's
// samples at every length, and writes nothing behind them.
#include <vector>

#include "doctest/doctest.h"
#include "turbodicom/base/bytes.h"
#include "turbodicom/pixel/flat_loop.h"
#include "turbodicom/pixel/unpack_kernels.h"

using namespace turbodicom;
using namespace turbodicom::pixel;

namespace {

std::vector<std::uint8_t> scattered(std::size_t bytes) {
  std::vector<std::uint8_t> data(bytes);
  std::uint32_t state = 7;
  for (std::uint8_t& byte : data) byte = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  return data;
}

struct AddAndSwap {
  template <typename T>
  T operator()(T sample) const noexcept { return byte_swapped(static_cast<T>(sample + 12345)); }
};

template <typename T>
void check_flat_loop(Isa isa) {
  for (std::size_t count = 0; count < 150; ++count) {
    std::vector<std::uint8_t> expected = scattered(count * sizeof(T) + 40), found = expected;
    transform_in_place<T>(expected.data() + 1, count, AddAndSwap{}, Isa::scalar);
    transform_in_place<T>(found.data() + 1, count, AddAndSwap{}, isa);
    CHECK_MESSAGE(found == expected, name(isa), " ", sizeof(T), " bytes, ", count, " samples");
  }
}

}  // namespace

TEST_CASE("unpack_bits of every instruction set equals the scalar one at every length") {
  const UnpackKernels reference = unpack_kernels_of(Isa::scalar);
  for (const Isa isa : runnable_isas())
    for (std::size_t count = 0; count < 400; ++count) {
      const std::vector<std::uint8_t> packed = scattered((count + 7) / 8);
      std::vector<std::uint8_t> expected(count + 40, 9), found(count + 40, 9);
      reference.unpack_bits(packed.data(), expected.data(), count);
      unpack_kernels_of(isa).unpack_bits(packed.data(), found.data(), count);
      CHECK_MESSAGE(found == expected, name(isa), " ", count);
    }
}

TEST_CASE("the flat loop of every instruction set equals the scalar one at every length") {
  for (const Isa isa : runnable_isas()) {
    check_flat_loop<std::uint8_t>(isa);
    check_flat_loop<std::uint16_t>(isa);
    check_flat_loop<std::uint32_t>(isa);
    check_flat_loop<std::uint64_t>(isa);
  }
}
