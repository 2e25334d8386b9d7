// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/base/cpu.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "doctest/doctest.h"

using namespace turbodicom;

TEST_CASE("scalar runs everywhere and levels are listed from low to high") {
  const auto isas = runnable_isas();
  REQUIRE(!isas.empty());
  CHECK(isas.front() == Isa::scalar);
  CHECK(std::is_sorted(isas.begin(), isas.end()));
}

TEST_CASE("the active level is one this machine runs and honours TURBODICOM_ISA") {
  const auto isas = runnable_isas();
  CHECK(std::find(isas.begin(), isas.end(), active_isa()) != isas.end());
  const char* const wish = std::getenv("TURBODICOM_ISA");
  const auto wished = std::find_if(isas.begin(), isas.end(), [&](Isa isa) { return wish != nullptr && name(isa) == wish; });
  CHECK(active_isa() == (wished != isas.end() ? *wished : isas.back()));
}
