// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Figures K.1 to K.4 of T.81, with a heap where the standard looks for the smallest frequencies one by one.
#include "turbodicom/codec/jpeg/huffman_optimise.h"

#include <algorithm>
#include <array>
#include <functional>

namespace turbodicom::codec::jpeg {
namespace {

constexpr std::uint32_t kReserved = 256;  // the code point that gets the code of all ones (K.2)
constexpr std::uint32_t kSymbols = kReserved + 1;
constexpr std::uint32_t kLongest = 16;    // bits of a code (B.2.4.2)

// Codes by length. Of n symbols, none is longer than n - 1 bits.
using LengthCounts = std::array<std::uint32_t, kSymbols>;

// Trees in the order K.2 joins them: least frequency first, among equal ones the largest number first. 9 bits
// hold the number, turned round.
class Forest {
 public:
  void add(std::uint64_t frequency, std::uint32_t tree) {
    heap_[size_++] = frequency << 9 | (511 - tree);
    std::push_heap(heap_.data(), heap_.data() + size_, std::greater<>());
  }
  struct Tree {
    std::uint64_t frequency;
    std::uint32_t number;
  };
  Tree take() {
    std::pop_heap(heap_.data(), heap_.data() + size_, std::greater<>());
    const std::uint64_t key = heap_[--size_];
    return {key >> 9, 511 - static_cast<std::uint32_t>(key & 511)};
  }
  std::size_t size() const noexcept { return size_; }

 private:
  std::array<std::uint64_t, kSymbols> heap_;
  std::size_t size_ = 0;
};

// Figure K.1: the length of each symbol's code, not yet limited; 0: no code. Symbols are the nodes 0..256 of a binary
// tree, joined ones have larger numbers. As in K.2 a joined tree goes by the number of its rarer half.
class CodeSizes {
 public:
  explicit CodeSizes(std::span<const std::uint64_t> frequencies) {
    for (std::uint32_t symbol = 0; symbol < frequencies.size(); ++symbol)
      if (frequencies[symbol] > 0) plant(frequencies[symbol], symbol);
    plant(1, kReserved);
    while (forest_.size() > 1) join();
    measure();
  }
  std::uint32_t of(std::uint32_t symbol) const noexcept { return depth_[symbol]; }
  std::uint32_t longest() const noexcept { return *std::max_element(depth_.begin(), depth_.begin() + kSymbols); }

 private:
  void plant(std::uint64_t frequency, std::uint32_t symbol) {
    root_[symbol] = symbol;
    forest_.add(frequency, symbol);
  }
  void join() {
    const Forest::Tree rarest = forest_.take(), second = forest_.take();
    parent_[root_[rarest.number]] = parent_[root_[second.number]] = nodes_;
    root_[rarest.number] = nodes_++;
    forest_.add(rarest.frequency + second.frequency, rarest.number);
  }
  // From the last node, the root of all, down.
  void measure() {
    for (std::uint32_t node = nodes_ - 1; node-- > 0;)
      if (parent_[node] != 0) depth_[node] = depth_[parent_[node]] + 1;
  }

  Forest forest_;
  std::uint32_t nodes_ = kSymbols;
  std::array<std::uint32_t, kSymbols> root_{};         // node that stands for a tree
  std::array<std::uint32_t, 2 * kSymbols> parent_{};   // 0: none
  std::array<std::uint32_t, 2 * kSymbols> depth_{};
};

LengthCounts count_lengths(const CodeSizes& sizes) {
  LengthCounts counts{};
  for (std::uint32_t symbol = 0; symbol < kSymbols; ++symbol)
    if (sizes.of(symbol) > 0) ++counts[sizes.of(symbol)];
  return counts;
}

// Figure K.3: two codes too long give way, one to their common prefix, the other to a pair below a shorter code.
void limit_lengths(LengthCounts& counts) {
  std::uint32_t i = kSymbols - 1;
  for (; i > kLongest; --i) {
    while (counts[i] > 0) {
      std::uint32_t j = i - 2;
      while (counts[j] == 0) --j;
      counts[i] -= 2;
      counts[i - 1] += 1;
      counts[j + 1] += 2;
      counts[j] -= 1;
    }
  }
  while (i > 0 && counts[i] == 0) --i;
  if (i > 0) --counts[i];  // the reserved code point
}

}  // namespace

HuffmanSpec optimal_huffman(std::span<const std::uint64_t> frequencies) {
  const CodeSizes sizes(frequencies);
  LengthCounts counts = count_lengths(sizes);
  limit_lengths(counts);
  HuffmanSpec spec;
  spec.is_defined = true;
  for (std::uint32_t i = 1; i <= kLongest; ++i) spec.counts[i] = static_cast<std::uint8_t>(counts[i]);
  // Figure K.4: by length before the limit, then by symbol.
  const std::uint32_t longest = sizes.longest();
  std::uint32_t place = 0;
  for (std::uint32_t length = 1; length <= longest; ++length)
    for (std::uint32_t symbol = 0; symbol < kReserved; ++symbol)
      if (sizes.of(symbol) == length) spec.values[place++] = static_cast<std::uint8_t>(symbol);
  return spec;
}

}  // namespace turbodicom::codec::jpeg
