// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Decimal and integer strings (PS3.5 6.2, DS and IS) to the nearest number, without a copy. Only what
// the standard's repertoire allows and what is exact: everything else is left to Python's own parsers.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace turbodicom::bindings {

// At most 18 digits, sign allowed.
std::optional<long long> parse_integer(std::string_view text);

// Correctly rounded, or nothing: a significand below 2^53 times or divided by a power of ten that a
// double holds exactly (10^22 is the last) needs one rounding only (Clinger 1990, "fast path").
std::optional<double> parse_decimal(std::string_view text);

}  // namespace turbodicom::bindings
