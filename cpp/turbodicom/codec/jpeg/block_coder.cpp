// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/block_coder.h"

#include <algorithm>

#include "turbodicom/base/bytes.h"
#include "turbodicom/codec/jpeg/bit_writer.h"
#include "turbodicom/codec/jpeg/block_coder_loops.h"

namespace turbodicom::codec::jpeg {
namespace {

Token* tokenise(TokenSource& source, std::span<const BlockPlace> places, Token* out) noexcept {
  return loops::tokenise(source, places, out);
}

std::uint8_t* stuff(const std::uint8_t* bytes, std::size_t count, std::uint8_t* out) noexcept {
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const auto eight = load_le<std::uint64_t>(bytes + i);
    if (has_ff_byte(eight)) {
      out = loops::stuff_bytes(bytes + i, 8, out);
    } else {
      store_le(out, eight);
      out += 8;
    }
  }
  return loops::stuff_bytes(bytes + i, count - i, out);
}

}  // namespace

BlockKernels block_kernels(Isa isa) noexcept {
  BlockKernels kernels{tokenise, stuff};
  return with_vectors(kernels, isa);
}

const BlockKernels& block_kernels() noexcept {
  static const BlockKernels kernels = block_kernels(active_isa());
  return kernels;
}

// Two counters for neighbours: the same symbol twice in a row does not wait for itself. It pays for many tokens only.
void count_tokens(std::span<const Token> tokens, Histogram& histogram) noexcept {
  if (tokens.size() < 4 * kIndexes) {
    for (const Token token : tokens) ++histogram[token & 0xFFFF];
    return;
  }
  std::array<std::array<std::uint32_t, kIndexes>, 2> counts{};
  std::size_t i = 0;
  for (; i + 2 <= tokens.size(); i += 2) {
    ++counts[0][tokens[i] & 0xFFFF];
    ++counts[1][tokens[i + 1] & 0xFFFF];
  }
  if (i < tokens.size()) ++counts[0][tokens[i] & 0xFFFF];
  for (std::size_t index = 0; index < kIndexes; ++index)
    histogram[index] += std::uint64_t{counts[0][index]} + counts[1][index];
}

CodeTable::CodeTable() noexcept {
  for (std::uint32_t bits = 0; bits <= 16; ++bits) entries[kBareBits + bits].length = bits;
}

void CodeTable::set_dc(std::uint32_t table, const HuffmanEncoder& encoder) noexcept {
  for (std::uint32_t size = 0; size <= 16; ++size) {
    const std::uint32_t length = encoder.length[size];
    if (length == 0) continue;
    entries[dc_index(table) + size] = {length + size, std::uint32_t{encoder.code[size]} << size};
    longest = std::max(longest, length + size);
  }
}

void CodeTable::set_ac(std::uint32_t table, const HuffmanEncoder& encoder, bool has_band_runs) noexcept {
  for (std::uint32_t symbol = 0; symbol < 256; ++symbol) {
    const std::uint32_t length = encoder.length[symbol];
    if (length == 0) continue;
    const bool is_band_run = has_band_runs && (symbol & 15) == 0 && symbol != kRunOf16;
    const std::uint32_t size = is_band_run ? symbol >> 4 : symbol & 15;
    entries[ac_index(table) + symbol] = {length + size, std::uint32_t{encoder.code[symbol]} << size};
    longest = std::max(longest, length + size);
  }
}

namespace {

// Bits are packed into a buffer of this size in the first-level cache, then stuffed from there.
constexpr std::size_t kPacked = 4096;

struct Packer {
  std::uint64_t pending;
  std::uint32_t bits;
  std::uint8_t* out;

  // Appends `length` bits, at most 57; afterwards fewer than 8 are pending.
  void put(std::uint64_t value, std::uint32_t length) noexcept {
    pending |= (value << (63 - length) << 1) >> bits;
    bits += length;
    store_be(out, pending);
    out += bits >> 3;
    pending <<= bits & 56;
    bits &= 7;
  }
};

inline CodeTable::Entry coded(const CodeTable& table, Token token) noexcept {
  CodeTable::Entry entry = table.entries[token & 0xFFFF];
  entry.code |= token >> 16;
  return entry;
}

}  // namespace

// Where two tokens and 7 pending bits fit into 64 bits, pairs are joined first: half as many steps that wait for another.
template <bool kPairs>
void TokenWriter::write_some(std::span<const Token> tokens, const CodeTable& table) noexcept {
  std::array<std::uint8_t, kPacked + 72> packed;
  Packer packer{pending_, pending_bits_, packed.data()};
  std::size_t i = 0;
  if constexpr (kPairs) {
    for (; i + 2 <= tokens.size(); i += 2) {
      const CodeTable::Entry first = coded(table, tokens[i]), second = coded(table, tokens[i + 1]);
      packer.put(std::uint64_t{first.code} << second.length | second.code, first.length + second.length);
    }
  }
  for (; i < tokens.size(); ++i) {
    const CodeTable::Entry entry = coded(table, tokens[i]);
    packer.put(entry.code, entry.length);
  }
  pending_ = packer.pending;
  pending_bits_ = packer.bits;
  const auto count = static_cast<std::size_t>(packer.out - packed.data());
  std::fill_n(packer.out, 64, std::uint8_t{0});
  out_ = block_kernels().stuff(packed.data(), count, out_);
}

void TokenWriter::write(std::span<const Token> tokens, const CodeTable& table) noexcept {
  constexpr std::size_t kAtOnce = kPacked / 4;  // a token has at most 32 bits
  while (!tokens.empty()) {
    const std::span<const Token> some = tokens.first(std::min(kAtOnce, tokens.size()));
    if (table.longest <= 28) {
      write_some<true>(some, table);
    } else {
      write_some<false>(some, table);
    }
    tokens = tokens.subspan(some.size());
  }
}

void TokenWriter::finish() noexcept {
  if (pending_bits_ > 0) {
    const auto byte = static_cast<std::uint8_t>(pending_ >> 56 | 0xFFu >> pending_bits_);
    *out_++ = byte;
    if (byte == 0xFF) *out_++ = 0;
  }
  pending_ = 0;
  pending_bits_ = 0;
}

void TokenWriter::restart(std::uint32_t number) noexcept {
  finish();
  *out_++ = 0xFF;
  *out_++ = static_cast<std::uint8_t>(marker::RST0 + (number & 7));
}

}  // namespace turbodicom::codec::jpeg
