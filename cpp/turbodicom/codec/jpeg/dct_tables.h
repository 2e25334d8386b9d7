// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Look-up tables of the DCT-based processes: the next bits give run, size and the bits of code and magnitude together,
// so that the chain from symbol to symbol is one look-up and one shift; the magnitude is worked out beside it.
//
// An entry, byte by byte from the lowest: bits to skip (0: the code is longer than the look-up), run RRRR, bits of the
// code, 64 - SSSS modulo 64 (a shift), bad code, nothing, and in the highest two bytes 1 - 2^SSSS (EXTEND's addend).
#pragma once

#include <array>
#include <cstdint>

#include "turbodicom/codec/jpeg/bit_reader.h"
#include "turbodicom/codec/jpeg/huffman.h"
#include "turbodicom/codec/jpeg/zig_zag.h"

namespace turbodicom::codec::jpeg {

using Entry = std::uint64_t;

namespace entry {
constexpr int skip(Entry entry) noexcept { return static_cast<int>(entry & 63); }
constexpr unsigned run(Entry entry) noexcept { return (entry >> 8) & 255; }
constexpr int addend(Entry entry) noexcept { return static_cast<int>(static_cast<std::int64_t>(entry) >> 48); }
constexpr bool has_magnitude(Entry entry) noexcept { return addend(entry) != 0; }
constexpr bool has_many_bits(Entry entry) noexcept { return addend(entry) < -1; }  // SSSS above 1
constexpr Entry kBadCode = Entry{1} << 32;

// RECEIVE and EXTEND (F.2.2.1, F.2.2.4): the coefficient of the code on top of the window, which has_magnitude.
constexpr int value(Entry entry, std::uint64_t window) noexcept {
  const std::uint64_t magnitude = window << ((entry >> 16) & 63);
  const auto bits = static_cast<int>(magnitude >> ((entry >> 24) & 63));
  const auto is_negative = static_cast<int>(~(static_cast<std::int64_t>(magnitude) >> 63));  // all ones or 0
  return bits + (is_negative & addend(entry));
}
// The same where there may be no magnitude, which is 0.
constexpr int value_or_zero(Entry entry, std::uint64_t window) noexcept {
  return has_magnitude(entry) ? value(entry, window) : 0;
}
}  // namespace entry

class LookUp {
 public:
  static constexpr int kBits = 10;  // 8 KiB a table: four of them and the coefficients stay in the first-level cache

  LookUp() = default;
  // `with_magnitude`: what is to be skipped includes it. Throws corrupt_data if the table makes no code.
  LookUp(const HuffmanSpec& spec, std::uint32_t max_value, bool with_magnitude);

  // The entry of the next code; its skip is never 0. Needs 17 bits in the window, 31 for the value.
  Entry next(std::uint64_t window) const noexcept {
    const Entry found = entries_[window >> (64 - kBits)];
    return entry::skip(found) != 0 ? found : long_code(window);
  }
  // The same with skip 0 for long codes, to be looked at again with long_code().
  Entry peek(std::uint64_t window) const noexcept { return entries_[window >> (64 - kBits)]; }
  [[gnu::noinline]] Entry long_code(std::uint64_t window) const noexcept;

 private:
  Entry entry_of(std::uint32_t symbol, std::uint32_t length) const noexcept;

  std::array<Entry, 1 << kBits> entries_{};
  bool with_magnitude_ = false;
  CanonicalDecoder canonical_;
};

}  // namespace turbodicom::codec::jpeg
