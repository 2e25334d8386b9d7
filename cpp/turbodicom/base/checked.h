// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Size arithmetic on numbers that come from a file. A raw `a * b` on header fields is banned by
// tests/house; these say no instead of wrapping around.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "turbodicom/base/error.h"

namespace turbodicom {

inline std::uint64_t checked_add(std::uint64_t a, std::uint64_t b, const char* what) {
  std::uint64_t sum;
  if (__builtin_add_overflow(a, b, &sum)) fail(Errc::limit_exceeded, 0, std::string(what) + " exceeds 64 bits");
  return sum;
}

inline std::uint64_t checked_product(std::initializer_list<std::uint64_t> factors, const char* what) {
  std::uint64_t product = 1;
  for (const std::uint64_t factor : factors)
    if (__builtin_mul_overflow(product, factor, &product))
      fail(Errc::limit_exceeded, 0, std::string(what) + " exceeds 64 bits");
  return product;
}

}  // namespace turbodicom
