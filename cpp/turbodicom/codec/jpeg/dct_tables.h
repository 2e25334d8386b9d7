// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Look-up tables of the DCT-based processes: the next bits give code and magnitude in one step where both fit.
//
// An entry, most significant bits first: the finished coefficient or difference (16 bits, 0: not finished), size SSSS (4),
// run RRRR (4), 8 bits: how many to skip. Not finished means the code alone: its magnitude, if it has one, follows.
// A skip of 0 means that the code is longer than the look-up.
#pragma once

#include <array>
#include <cstdint>

#include "turbodicom/codec/jpeg/bit_reader.h"
#include "turbodicom/codec/jpeg/huffman.h"

namespace turbodicom::codec::jpeg {

namespace entry {
constexpr bool is_finished(std::uint32_t entry) noexcept { return entry > 0xFFFF; }
constexpr int value(std::uint32_t entry) noexcept { return static_cast<std::int32_t>(entry) >> 16; }
constexpr int size(std::uint32_t entry) noexcept { return static_cast<int>(entry >> 12) & 15; }
constexpr unsigned run(std::uint32_t entry) noexcept { return (entry >> 8) & 15; }
constexpr int skip(std::uint32_t entry) noexcept { return static_cast<int>(entry & 63); }
constexpr std::uint32_t kBadCode = 0x80;  // with the skip; reads as size 0, run 0
}  // namespace entry

// EXTEND (F.2.2.1), size 1..15.
constexpr int extended(std::uint32_t bits, int size) noexcept {
  const int value = static_cast<int>(bits);
  return value < (1 << (size - 1)) ? value + 1 - (1 << size) : value;
}

class LookUp {
 public:
  static constexpr int kBits = 11;  // 8 KiB a table: four of them and the coefficients stay in the first-level cache

  LookUp() = default;
  // `finishes`: entries may be finished coefficients. Throws corrupt_data if the table makes no code.
  LookUp(const HuffmanSpec& spec, std::uint32_t max_value, bool finishes);

  // The entry of the next code; its skip is never 0. Needs 17 bits in the window.
  std::uint32_t next(std::uint64_t window) const noexcept {
    const std::uint32_t found = entries_[window >> (64 - kBits)];
    return entry::skip(found) != 0 ? found : long_code(window);
  }
  // The same with skip 0 for long codes, to be looked at again with long_code().
  std::uint32_t peek(std::uint64_t window) const noexcept { return entries_[window >> (64 - kBits)]; }
  [[gnu::noinline]] std::uint32_t long_code(std::uint64_t window) const noexcept;

 private:
  std::array<std::uint32_t, 1 << kBits> entries_{};
  CanonicalDecoder canonical_;
};

// The magnitude behind a code that is not finished (F.2.2.1); needs size bits in the window.
inline int take_magnitude(BitReader& reader, int size) noexcept {
  return size == 0 ? 0 : extended(reader.take(size), size);
}

// Natural (row-major) index of a zig-zag index (T.81 Figure A.6). Runs that leave the block end at its last coefficient.
inline constexpr std::array<std::uint8_t, 80> kNaturalOrder = [] {
  std::array<std::uint8_t, 80> order{};
  order.fill(63);
  int row = 0, column = 0;
  for (std::size_t k = 0; k < 64; ++k) {
    order[k] = static_cast<std::uint8_t>(8 * row + column);
    const bool goes_up = (row + column) % 2 == 0;
    if (goes_up && column == 7) ++row;
    else if (goes_up && row == 0) ++column;
    else if (!goes_up && row == 7) ++column;
    else if (!goes_up && column == 0) ++row;
    else row += goes_up ? -1 : 1, column += goes_up ? 1 : -1;
  }
  return order;
}();

}  // namespace turbodicom::codec::jpeg
