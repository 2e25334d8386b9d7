// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The loops of block_coder.h in plain C++, always inlined: each instruction set's file makes its own functions of them.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "turbodicom/codec/jpeg/block_coder.h"

namespace turbodicom::codec::jpeg::loops {

// One block (F.1.2): the DC difference, each AC coefficient with the run of zeros before it, EOB unless the last one is not 0.
[[gnu::always_inline]] inline Token* tokenise_block(const std::int16_t* block, std::uint64_t mask, std::int32_t difference, std::uint32_t dc,
                      std::uint32_t ac, Token* out) {
  const Magnitude first = magnitude_of(difference);
  *out++ = token(dc + first.size, first.bits);
  int before = 0;
  for (std::uint64_t left = mask & ~std::uint64_t{1}; left != 0; left &= left - 1) {
    const int k = std::countr_zero(left);
    int run = k - before - 1;
    before = k;
    for (; run > 15; run -= 16) *out++ = token(ac + kRunOf16, 0);
    const Magnitude value = magnitude_of(block[k]);
    *out++ = token(ac + static_cast<std::uint32_t>(run << 4) + value.size, value.bits);
  }
  if (before != 63) *out++ = token(ac + kEndOfBlock, 0);
  return out;
}

[[gnu::always_inline]] inline Token* tokenise(TokenSource& source, std::span<const BlockPlace> places, Token* out) noexcept {
  for (const BlockPlace place : places) {
    const std::int16_t* block = source.coefficients + std::size_t{64} * place.block;
    const std::uint32_t c = place.component;
    const std::int32_t difference = block[0] - source.prediction[c];
    source.prediction[c] = block[0];
    out = tokenise_block(block, source.masks[place.block], difference, source.dc[c], source.ac[c], out);
  }
  return out;
}

[[gnu::always_inline]] inline std::uint8_t* stuff_bytes(const std::uint8_t* bytes, std::size_t count, std::uint8_t* out) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    *out++ = bytes[i];
    if (bytes[i] == 0xFF) *out++ = 0;
  }
  return out;
}

}  // namespace turbodicom::codec::jpeg::loops
