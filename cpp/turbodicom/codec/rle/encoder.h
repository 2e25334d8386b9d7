// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Packs one row of one segment (PS3.5 G.3: no run crosses a row).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace turbodicom::codec::rle {

// Literal runs are copied in whole blocks: room behind the output that pack() may scribble on.
inline constexpr std::size_t kPackSlack = 128;

class RowPacker {
 public:
  explicit RowPacker(std::size_t columns);

  // Where the caller puts the row's bytes.
  std::uint8_t* row() noexcept { return row_.data(); }

  // Appends the packed row to `out`, returns its new end.
  std::uint8_t* pack(std::uint8_t* out) noexcept;

 private:
  std::size_t find_end_of_repeat(std::size_t from) const noexcept;
  std::size_t find_triple(std::size_t from, std::size_t limit) const noexcept;
  std::uint8_t* pack_repeat(std::size_t& column, std::uint8_t* out) const noexcept;
  std::uint8_t* pack_literal(std::size_t& column, std::uint8_t* out) const noexcept;
  bool repeats(std::size_t column) const noexcept { return (masks_[column / 64] >> column % 64 & 1) != 0; }

  std::size_t columns_;
  std::vector<std::uint8_t> row_;      // with room for the kernels to read past its end
  std::vector<std::uint64_t> masks_;   // bit i: byte i equals byte i + 1
  std::vector<std::uint64_t> triples_; // bit i: bytes i, i + 1 and i + 2 are equal
};

// Upper bound of what pack() appends for one row.
std::size_t max_packed_bytes(std::size_t columns) noexcept;

}  // namespace turbodicom::codec::rle
