// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/base/checked.h"

#include <cstdint>

#include "doctest/doctest.h"

using namespace turbodicom;

namespace {

template <typename Function>
Errc code_of(Function function) {
  try {
    function();
  } catch (const Error& error) {
    return error.code;
  }
  return Errc::cancelled;  // none of the codes looked for here
}

}  // namespace

TEST_CASE("products that fit 64 bits are exact") {
  CHECK(checked_product({}, "size") == 1);
  CHECK(checked_product({65535, 65535, 4, 8}, "size") == 137434759200u);
  CHECK(checked_product({std::uint64_t{1} << 32, (std::uint64_t{1} << 32) - 1}, "size") == 0xFFFF'FFFF'0000'0000);
}

TEST_CASE("a product beyond 64 bits is refused and named") {
  const auto wraps_to_zero = [] { checked_product({std::uint64_t{1} << 32, std::uint64_t{1} << 32}, "frame size"); };
  CHECK(code_of(wraps_to_zero) == Errc::limit_exceeded);
  CHECK_THROWS_WITH_AS(wraps_to_zero(), "frame size exceeds 64 bits", Error);
}

TEST_CASE("a sum beyond 64 bits is refused") {
  CHECK(checked_add(UINT64_MAX, 0, "end") == UINT64_MAX);
  CHECK(code_of([] { checked_add(UINT64_MAX, 1, "end"); }) == Errc::limit_exceeded);
}
