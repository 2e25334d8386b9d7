// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/dct_tables.h"

#include <algorithm>

namespace turbodicom::codec::jpeg {
namespace {

// RRRRSSSS and the length of its code, as an unfinished entry.
constexpr std::uint32_t unfinished(std::uint32_t symbol, std::uint32_t length) noexcept {
  return (symbol & 15) << 12 | (symbol >> 4) << 8 | length;
}

// All entries that begin with `code`: with the magnitude finished where it fits, else the code alone.
void fill(std::uint32_t* entries, std::uint32_t symbol, std::uint32_t length, bool finishes) noexcept {
  const std::uint32_t size = symbol & 15;
  const std::uint32_t behind = LookUp::kBits - length;
  if (!finishes || size == 0 || size > behind) {
    std::fill_n(entries, 1u << behind, unfinished(symbol, length));
    return;
  }
  const std::uint32_t each = 1u << (behind - size);
  for (std::uint32_t magnitude = 0; magnitude < 1u << size; ++magnitude) {
    const auto value = static_cast<std::uint32_t>(extended(magnitude, static_cast<int>(size)));
    std::fill_n(entries + magnitude * each, each, value << 16 | unfinished(symbol, length + size));
  }
}

}  // namespace

LookUp::LookUp(const HuffmanSpec& spec, std::uint32_t max_value, bool finishes) {
  const HuffmanCodes codes = huffman_codes(spec, max_value);
  canonical_ = CanonicalDecoder(codes);
  for (std::uint32_t i = 0; i < codes.count && codes.length[i] <= kBits; ++i) {
    const std::uint32_t first = std::uint32_t{codes.code[i]} << (kBits - codes.length[i]);
    fill(entries_.data() + first, codes.value[i], codes.length[i], finishes);
  }
}

std::uint32_t LookUp::long_code(std::uint64_t window) const noexcept {
  const CanonicalDecoder::Symbol symbol = canonical_.decode(window);
  return symbol.is_code ? unfinished(symbol.value, symbol.length) : symbol.length | entry::kBadCode;
}

}  // namespace turbodicom::codec::jpeg
