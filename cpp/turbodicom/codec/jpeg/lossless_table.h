// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Look-up tables of process 14. A code stands for a category SSSS (T.81 Table H.2), SSSS more bits for the difference.
//
// A packed entry holds as many whole differences as the looked-at bits have codes for; the magnitude bits of the last one
// may reach beyond these bits. Fields from the lowest bit on: bits to skip (8), differences (4), SSSS of a last
// difference whose magnitude is still to be added (4), then 16 bits each: the first difference, the second, the last
// (its smallest value, 1 - 2^SSSS, where the magnitude is to be added). What is between the second and the
// last is 0, so that one entry covers up to 15 pixels of flat background. No differences: the code is longer.
//
// Where differences are so large that an entry would seldom hold two, single entries take less work each: bits to skip
// (8), SSSS of a magnitude to be added (8), 16 bits of the smallest difference. 0: the code is longer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "turbodicom/codec/jpeg/huffman.h"

namespace turbodicom::codec::jpeg {

inline constexpr std::uint32_t kMaxCategory = 16;  // T.81 Table H.2

namespace packed {
inline constexpr std::size_t kMostDifferences = 15;
inline constexpr int kMostSkipped = 27;  // 12 bits looked at, and 15 of a magnitude
constexpr int skip(std::uint64_t entry) noexcept { return static_cast<std::uint8_t>(entry); }
constexpr std::size_t count(std::uint64_t entry) noexcept { return (entry >> 8) & 15; }
constexpr int category(std::uint64_t entry) noexcept { return static_cast<int>(entry >> 12) & 15; }
constexpr std::uint32_t first_two(std::uint64_t entry) noexcept { return static_cast<std::uint32_t>(entry >> 16); }
constexpr std::uint32_t last(std::uint64_t entry) noexcept { return static_cast<std::uint32_t>(entry >> 48); }
}  // namespace packed

namespace single {
constexpr int skip(std::uint32_t entry) noexcept { return static_cast<std::uint8_t>(entry); }
constexpr std::uint32_t category(std::uint32_t entry) noexcept { return (entry >> 8) & 255; }
constexpr std::uint32_t smallest(std::uint32_t entry) noexcept { return entry >> 16; }
}  // namespace single

// What the SSSS bits of a magnitude add to the smallest difference of their category (EXTEND, T.81 F.2.2.1):
// `magnitude` with its top bit set is positive.
constexpr std::uint32_t above_smallest(std::uint32_t magnitude, std::uint32_t mask) noexcept {
  return magnitude + (2 * magnitude > mask ? mask : 0);
}

class DifferenceTable {
 public:
  static constexpr int kCodeBits = 12;

  struct Fast {
    int packed_bits = 0;   // up to kCodeBits, looked at by packed entries; 0: there are none
    bool singles = false;  // whether there are single entries
  };
  // Throws corrupt_data if the table makes no code.
  DifferenceTable(const HuffmanSpec& spec, Fast fast);

  struct Code {
    std::uint32_t category;
    int length;
    bool is_code;
  };
  // The next code. Needs 17 bits in the window.
  Code next(std::uint64_t window) const noexcept {
    const std::uint32_t found = codes_[window >> (64 - kCodeBits)];
    if (found != 0) [[likely]] return {found & 31, static_cast<int>(found >> 8), true};
    return long_code(window);
  }

  const std::uint64_t* packed_entries() const noexcept { return packed_.data(); }
  int packed_bits() const noexcept { return packed_bits_; }
  // kCodeBits are looked at; nullptr: there are none.
  const std::uint32_t* single_entries() const noexcept { return singles_.empty() ? nullptr : singles_.data(); }

 private:
  [[gnu::noinline]] Code long_code(std::uint64_t window) const noexcept;
  std::uint64_t packed_entry(std::uint32_t bits) const noexcept;

  std::array<std::uint16_t, 1 << kCodeBits> codes_{};  // length << 8 | category, 0: longer or none
  CanonicalDecoder canonical_;
  int packed_bits_;
  std::vector<std::uint64_t> packed_;
  std::vector<std::uint32_t> singles_;
};

}  // namespace turbodicom::codec::jpeg
