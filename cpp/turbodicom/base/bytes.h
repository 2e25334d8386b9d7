// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Views of bytes, and the unaligned loads and stores everything else is built from.
// Loads go through memcpy: no aliasing tricks, one machine instruction all the same.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace turbodicom {

using ByteView = std::span<const std::uint8_t>;
using MutableByteView = std::span<std::uint8_t>;

static_assert(std::endian::native == std::endian::little, "big-endian hosts are not supported");

template <std::unsigned_integral T>
constexpr T byte_swapped(T value) noexcept {
  if constexpr (sizeof(T) == 1) return value;
  else if constexpr (sizeof(T) == 2) return __builtin_bswap16(value);
  else if constexpr (sizeof(T) == 4) return __builtin_bswap32(value);
  else return __builtin_bswap64(value);
}

template <std::unsigned_integral T>
T load_le(const std::uint8_t* from) noexcept {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

template <std::unsigned_integral T>
T load_be(const std::uint8_t* from) noexcept {
  return byte_swapped(load_le<T>(from));
}

template <std::unsigned_integral T>
T load(const std::uint8_t* from, bool big_endian) noexcept {
  return big_endian ? load_be<T>(from) : load_le<T>(from);
}

template <std::unsigned_integral T>
void store_le(std::uint8_t* to, T value) noexcept {
  std::memcpy(to, &value, sizeof value);
}

template <std::unsigned_integral T>
void store_be(std::uint8_t* to, T value) noexcept {
  store_le(to, byte_swapped(value));
}

}  // namespace turbodicom
