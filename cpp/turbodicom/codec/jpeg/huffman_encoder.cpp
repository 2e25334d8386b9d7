// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/huffman_encoder.h"

#include "turbodicom/codec/jpeg/huffman.h"

namespace turbodicom::codec::jpeg {

// C.3: ordered by value.
HuffmanEncoder huffman_encoder(const HuffmanSpec& spec) {
  const HuffmanCodes codes = huffman_codes(spec, 255);
  HuffmanEncoder encoder;
  for (std::uint32_t i = 0; i < codes.count; ++i) {
    encoder.code[codes.value[i]] = codes.code[i];
    encoder.length[codes.value[i]] = codes.length[i];
  }
  return encoder;
}

}  // namespace turbodicom::codec::jpeg
