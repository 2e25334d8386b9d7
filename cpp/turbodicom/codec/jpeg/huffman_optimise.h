// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The best Huffman table for given symbols (T.81 K.2): codes of at most 16 bits, none of all ones (C.2). Ties
// are broken as K.2 says, so the lengths, and the sizes of encoded images, are those of every encoder that follows it.
#pragma once

#include <cstdint>
#include <span>

#include "turbodicom/codec/jpeg/markers.h"

namespace turbodicom::codec::jpeg {

// frequencies[s]: how often symbol s occurs; at most 256 symbols, each below 2^46. Symbols that do not occur get no
// code.
HuffmanSpec optimal_huffman(std::span<const std::uint64_t> frequencies);

}  // namespace turbodicom::codec::jpeg
