// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/lossless_table.h"

#include <algorithm>

namespace turbodicom::codec::jpeg {
namespace {

// One packed entry under construction.
class Packer {
 public:
  bool has_room() const noexcept { return count_ < packed::kMostDifferences && (count_ < 3 || last_ == 0); }

  void add(std::uint32_t difference, int bits) noexcept {
    if (count_ == 1) first_ = last_;
    if (count_ == 2) second_ = last_;
    last_ = difference & 0xFFFF;
    skip_ += bits;
    ++count_;
  }
  // The last one, its magnitude left to the reader.
  void add_unfinished(std::uint32_t category, int bits) noexcept {
    add(1u - (1u << category), bits);
    category_ = category;
  }
  int skip() const noexcept { return skip_; }

  std::uint64_t entry() const noexcept {
    return static_cast<std::uint64_t>(skip_) | std::uint64_t{count_} << 8 | std::uint64_t{category_} << 12 |
           std::uint64_t{first_} << 16 | std::uint64_t{second_} << 32 | std::uint64_t{last_} << 48;
  }

 private:
  int skip_ = 0;
  std::uint32_t count_ = 0, category_ = 0;
  std::uint32_t first_ = 0, second_ = 0, last_ = 0;
};

// Category 16 has no further bits (H.1.2.2).
#if defined(TURBODICOM_PLANT_jpeg_category_16_is_zero)
constexpr std::uint32_t kDifference16 = 0;
#else
constexpr std::uint32_t kDifference16 = 32768;
#endif

constexpr std::uint32_t single_entry(std::uint32_t length, std::uint32_t category) noexcept {
  if (category == 0 || category == kMaxCategory) return length | (category == 0 ? 0 : kDifference16) << 16;
  return (length + category) | category << 8 | (1u - (1u << category)) << 16;
}

}  // namespace

DifferenceTable::DifferenceTable(const HuffmanSpec& spec, Fast fast) : packed_bits_(fast.packed_bits) {
  const HuffmanCodes codes = huffman_codes(spec, kMaxCategory);
  canonical_ = CanonicalDecoder(codes);
  for (std::uint32_t i = 0; i < codes.count && codes.length[i] <= kCodeBits; ++i) {
    const std::uint32_t behind = kCodeBits - codes.length[i];
    // A last code beyond all ones was let pass by huffman_codes(); it has no bits of its own here.
    const std::uint32_t begin = std::min<std::uint32_t>(std::uint32_t{codes.code[i]} << behind, 1u << kCodeBits);
    const std::uint32_t end = std::min<std::uint32_t>(begin + (1u << behind), 1u << kCodeBits);
    std::fill(codes_.begin() + begin, codes_.begin() + end, static_cast<std::uint16_t>(codes.length[i] << 8 | codes.value[i]));
  }
  if (fast.singles) {
    singles_.resize(codes_.size());
    for (std::size_t i = 0; i < codes_.size(); ++i)
      if (codes_[i] != 0) singles_[i] = single_entry(codes_[i] >> 8, codes_[i] & 31u);
  }
  if (packed_bits_ == 0) return;
  packed_.resize(std::size_t{1} << packed_bits_);
  for (std::uint32_t bits = 0; bits < packed_.size(); ++bits) packed_[bits] = packed_entry(bits);
}

DifferenceTable::Code DifferenceTable::long_code(std::uint64_t window) const noexcept {
  const CanonicalDecoder::Symbol symbol = canonical_.decode(window);
  return {symbol.value, symbol.length, symbol.is_code};
}

// `bits`: packed_bits() of them.
std::uint64_t DifferenceTable::packed_entry(std::uint32_t bits) const noexcept {
  Packer packer;
  const std::uint32_t aligned = bits << (32 - packed_bits_);
  while (packer.has_room()) {
    const int left = packed_bits_ - packer.skip();
    if (left <= 0) break;
    const std::uint32_t ahead = aligned << packer.skip();
    const std::uint32_t found = codes_[ahead >> (32 - kCodeBits)];
    const int length = static_cast<int>(found >> 8);
    const std::uint32_t category = found & 31;
    if (found == 0 || length > left) break;
    if (category == 0 || category == kMaxCategory) {  // H.1.2.2: 32768 has no further bits
      packer.add(category == 0 ? 0 : kDifference16, length);
    } else if (length + static_cast<int>(category) <= left) {
      const std::uint32_t mask = (1u << category) - 1;
      const std::uint32_t magnitude = (ahead << length) >> (32 - category);
      packer.add(above_smallest(magnitude, mask) - mask, length + static_cast<int>(category));
    } else {
      packer.add_unfinished(category, length + static_cast<int>(category));
      break;
    }
  }
  return packer.entry();
}

}  // namespace turbodicom::codec::jpeg
