// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Entropy coding in two steps with tokens in between. tokenise() turns quantised blocks into (symbol, value bits) pairs
// (T.81 F.1.2, zig-zag order); count_tokens() makes the histogram for optimised tables; write_tokens() looks the codes
// up and packs the bits. Each step is a loop without unpredictable branches, and tokens are all that need be kept until the
// tables are known. Progressive scans (progressive_encoder.h) make tokens of their own.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "turbodicom/base/cpu.h"
#include "turbodicom/codec/jpeg/huffman_encoder.h"
#include "turbodicom/codec/jpeg/markers.h"

namespace turbodicom::codec::jpeg {

// Bits 0..15: index of a code; bits 16..31: the bits that follow the code, as many as the index implies.
using Token = std::uint32_t;

// Indexes: 256 of DC tables 0 and 1, of AC tables 0 and 1, then bits without a code, 0..16 of them.
constexpr std::uint32_t dc_index(std::uint32_t table) noexcept { return 256 * table; }
constexpr std::uint32_t ac_index(std::uint32_t table) noexcept { return 512 + 256 * table; }
inline constexpr std::uint32_t kBareBits = 1024;
inline constexpr std::uint32_t kIndexes = kBareBits + 17;
constexpr Token token(std::uint32_t index, std::uint32_t bits) noexcept { return index | bits << 16; }

// AC symbols (F.1.2.2.1): run of zeros << 4 | size.
inline constexpr std::uint32_t kEndOfBlock = 0x00, kRunOf16 = 0xF0;

// A block of 64 coefficients and one EOB at most; whole vectors are stored.
inline constexpr std::size_t kMaxBlockTokens = 65;
inline constexpr std::size_t kTokenSlack = 32;

// The bits of `value` in its size category: itself, or the complement of its magnitude (F.1.2.1.1).
struct Magnitude {
  std::uint32_t size, bits;
};
// Without branches: signs are as good as random.
constexpr Magnitude magnitude_of(std::int32_t value) noexcept {
  const std::int32_t sign = value >> 31;  // 0 or -1
  const auto positive = static_cast<std::uint32_t>((value ^ sign) - sign);
  const auto size = static_cast<std::uint32_t>(std::bit_width(positive));
  return {size, static_cast<std::uint32_t>(value + sign) & ((std::uint32_t{1} << size) - 1)};
}

// A block of an MCU row: where it is in the row's buffer, and whose it is.
struct BlockPlace {
  std::uint32_t block;
  std::uint32_t component;
};

struct TokenSource {
  const std::int16_t* coefficients;  // 64 a block, zig-zag order, 64-byte aligned
  const std::uint64_t* masks;
  std::array<std::uint32_t, kMaxComponents> dc, ac;      // indexes of the tables, by component
  std::array<std::int32_t, kMaxComponents> prediction;   // DC of the component's last block
};

struct BlockKernels {
  // Tokens of the blocks at `places`, in that order; returns the end. `out` has kMaxBlockTokens a block and kTokenSlack.
  Token* (*tokenise)(TokenSource& source, std::span<const BlockPlace> places, Token* out) noexcept;
  // `count` bytes, a zero behind each 0xFF (B.1.1.5); returns the end. `bytes` can be read and `out` written 64 bytes farther.
  std::uint8_t* (*stuff)(const std::uint8_t* bytes, std::size_t count, std::uint8_t* out) noexcept;
};

// The table of one level, and that of active_isa().
BlockKernels block_kernels(Isa isa) noexcept;
const BlockKernels& block_kernels() noexcept;

void use_avx2(BlockKernels& kernels) noexcept;
void use_avx512(BlockKernels& kernels) noexcept;

using Histogram = std::array<std::uint64_t, kIndexes>;
void count_tokens(std::span<const Token> tokens, Histogram& histogram) noexcept;

// What write_tokens() looks up: the code, its value bits still 0, and the length with them.
struct CodeTable {
  struct Entry {
    std::uint32_t length = 0;
    std::uint32_t code = 0;
  };
  CodeTable() noexcept;
  void set_dc(std::uint32_t table, const HuffmanEncoder& encoder) noexcept;
  // End-of-band runs (G.1.2.2), sizes 0 with runs below 15, have as many value bits as the run says.
  void set_ac(std::uint32_t table, const HuffmanEncoder& encoder, bool has_band_runs) noexcept;

  std::array<Entry, kIndexes> entries{};
  std::uint32_t longest = 16;
};

// Packs tokens into bytes, stuffed, one entropy-coded segment at a time.
class TokenWriter {
 public:
  explicit TokenWriter(std::uint8_t* out) noexcept : out_(out) {}

  void write(std::span<const Token> tokens, const CodeTable& table) noexcept;
  // Ends a segment: the last byte is filled with 1-bits (F.1.2.3).
  void finish() noexcept;
  // The same, and RSTm, m = `number` modulo 8.
  void restart(std::uint32_t number) noexcept;

  std::uint8_t* end() const noexcept { return out_; }

 private:
  template <bool kPairs>
  void write_some(std::span<const Token> tokens, const CodeTable& table) noexcept;

  std::uint8_t* out_;
  std::uint64_t pending_ = 0;  // bits on top
  std::uint32_t pending_bits_ = 0;  // 0..7
};

// Bytes that TokenWriter may use for `bits` bits in `segments` segments.
constexpr std::uint64_t max_written_bytes(std::uint64_t bits, std::uint64_t segments) noexcept {
  return 2 * (bits / 8 + 1) + 4 * segments + 256;
}

}  // namespace turbodicom::codec::jpeg
