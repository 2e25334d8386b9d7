// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/dct_tables.h"

#include <algorithm>

namespace turbodicom::codec::jpeg {

LookUp::LookUp(const HuffmanSpec& spec, std::uint32_t max_value, bool with_magnitude) : with_magnitude_(with_magnitude) {
  const HuffmanCodes codes = huffman_codes(spec, max_value);
  canonical_ = CanonicalDecoder(codes);
  for (std::uint32_t i = 0; i < codes.count && codes.length[i] <= kBits; ++i) {
    const std::uint32_t behind = kBits - codes.length[i];
    std::fill_n(entries_.data() + (std::uint32_t{codes.code[i]} << behind), 1u << behind, entry_of(codes.value[i], codes.length[i]));
  }
}

// For RRRRSSSS and the length of its code.
Entry LookUp::entry_of(std::uint32_t symbol, std::uint32_t length) const noexcept {
  const std::uint32_t size = symbol & 15;
  const auto addend = static_cast<std::uint16_t>(1 - (1 << size));
  return Entry{addend} << 48 | Entry{(64 - size) & 63} << 24 | Entry{length} << 16 | Entry{symbol >> 4} << 8 |
         (length + (with_magnitude_ ? size : 0));
}

Entry LookUp::long_code(std::uint64_t window) const noexcept {
  const CanonicalDecoder::Symbol symbol = canonical_.decode(window);
  return symbol.is_code ? entry_of(symbol.value, symbol.length) : symbol.length | entry::kBadCode;
}

}  // namespace turbodicom::codec::jpeg
