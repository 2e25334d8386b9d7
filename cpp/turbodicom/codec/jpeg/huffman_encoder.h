// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Huffman codes by symbol, for encoders: EHUFCO and EHUFSI of T.81 C.3.
#pragma once

#include <array>
#include <cstdint>

#include "turbodicom/codec/jpeg/markers.h"

namespace turbodicom::codec::jpeg {

struct HuffmanEncoder {
  std::array<std::uint16_t, 256> code{};   // in the low `length` bits
  std::array<std::uint8_t, 256> length{};  // 1..16; 0: the symbol has no code
};

HuffmanEncoder huffman_encoder(const HuffmanSpec& spec);

}  // namespace turbodicom::codec::jpeg
