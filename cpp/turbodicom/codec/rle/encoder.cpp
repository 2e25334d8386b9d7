// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The runs: three equal bytes end a literal run, two do so only where a run begins anyway. A pair within
// a literal run costs two bytes there, and two bytes plus the next run's control byte outside it. A pair
// that would straddle the 128th byte of a literal run starts the next one. So no row is longer than
// with every pair repeated.
#include "turbodicom/codec/rle/encoder.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "turbodicom/codec/rle/kernels.h"

namespace turbodicom::codec::rle {
namespace {

std::size_t mask_words(std::size_t columns) { return (columns + kMaskBits - 1) / kMaskBits; }

}  // namespace

std::size_t max_packed_bytes(std::size_t columns) noexcept { return columns + (columns + kMaxRun - 1) / kMaxRun; }

RowPacker::RowPacker(std::size_t columns)
    : columns_(columns), row_(mask_words(columns) * kMaskBits + kPackSlack), masks_(mask_words(columns) + 1),
      triples_(mask_words(columns)) {}

std::uint8_t* RowPacker::pack(std::uint8_t* out) noexcept {
  rle_kernels().repeat_masks(row_.data(), columns_, masks_.data());
  for (std::size_t i = 0; i < triples_.size(); ++i)
    triples_[i] = masks_[i] & (masks_[i] >> 1 | masks_[i + 1] << 63);
  std::size_t column = 0;
  while (column < columns_) out = repeats(column) ? pack_repeat(column, out) : pack_literal(column, out);
  return out;
}

// The first column from `from` on that differs from its right neighbour; the last one always does.
std::size_t RowPacker::find_end_of_repeat(std::size_t from) const noexcept {
  std::size_t word = from / kMaskBits;
  std::uint64_t differ = ~masks_[word] >> from % kMaskBits << from % kMaskBits;
  while (differ == 0) differ = ~masks_[++word];
  return word * kMaskBits + static_cast<std::size_t>(std::countr_zero(differ));
}

// The first column in [from, limit) where three equal bytes begin, else `limit`.
std::size_t RowPacker::find_triple(std::size_t from, std::size_t limit) const noexcept {
  if (from >= limit) return limit;
  std::size_t word = from / kMaskBits;
  std::uint64_t found = triples_[word] >> from % kMaskBits << from % kMaskBits;
  while (found == 0) {
    if (++word * kMaskBits >= limit) return limit;
    found = triples_[word];
  }
  return std::min(limit, word * kMaskBits + static_cast<std::size_t>(std::countr_zero(found)));
}

// Replicate runs (PS3.5 G.3.1: control byte -(length - 1)); one byte that is left over joins what follows.
std::uint8_t* RowPacker::pack_repeat(std::size_t& column, std::uint8_t* out) const noexcept {
  std::size_t left = find_end_of_repeat(column) + 1 - column;
  const std::uint8_t value = row_[column];
  while (left > 1) {
    const std::size_t length = std::min(left, kMaxRun);
    *out++ = static_cast<std::uint8_t>(257 - length);
    *out++ = value;
    left -= length;
    column += length;
  }
  return left == 0 ? out : pack_literal(column, out);
}

// One literal run (PS3.5 G.3.1: control byte length - 1).
std::uint8_t* RowPacker::pack_literal(std::size_t& column, std::uint8_t* out) const noexcept {
  const std::size_t limit = std::min(columns_, column + kMaxRun);
  std::size_t end = find_triple(column + 1, limit);
  if (end == column + kMaxRun && repeats(end - 1)) --end;
  const std::size_t length = end - column;
  *out++ = static_cast<std::uint8_t>(length - 1);
  std::memcpy(out, row_.data() + column, 16);
  if (length > 16) std::memcpy(out + 16, row_.data() + column + 16, kMaxRun - 16);
  column = end;
  return out + length;
}

}  // namespace turbodicom::codec::rle
