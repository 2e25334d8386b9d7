// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Huffman codes of T.81 Annex C: from the lengths and values of a DHT segment to codes, the way libjpeg decodes
// them, and Annex K's typical tables.
#pragma once

#include <array>
#include <cstdint>

#include "turbodicom/codec/jpeg/markers.h"

namespace turbodicom::codec::jpeg {

// Codes in ascending order (C.2), checked: at most 256 of them, none longer than its length allows, every value at most
// `max_value`. Throws corrupt_data at spec.offset.
struct HuffmanCodes {
  std::uint32_t count = 0;
  std::array<std::uint8_t, 256> length{};  // 1..16
  std::array<std::uint16_t, 256> code{};
  std::array<std::uint8_t, 256> value{};
};
HuffmanCodes huffman_codes(const HuffmanSpec& spec, std::uint32_t max_value);

// Decodes any prefix: the slow way behind the look-up tables of the decoders. Bits that are no code take 17 and mean 0,
// as in libjpeg (is_code tells).
class CanonicalDecoder {
 public:
  CanonicalDecoder() = default;
  explicit CanonicalDecoder(const HuffmanCodes& codes) noexcept;
  struct Symbol {
    std::uint8_t value;
    std::uint8_t length;  // bits to skip
    bool is_code;
  };
  // `bits`: the next 17 bits at least, first on top of 64.
  Symbol decode(std::uint64_t window) const noexcept;

 private:
  std::array<std::int32_t, 18> max_code_{};   // largest code of a length, -1 for none
  std::array<std::int32_t, 17> offset_{};     // value index minus code
  std::array<std::uint8_t, 256> value_{};
};

// T.81 Tables K.3 to K.6. Motion JPEG leaves them out of the codestream.
const HuffmanSpec& typical_dc(bool chrominance) noexcept;
const HuffmanSpec& typical_ac(bool chrominance) noexcept;

}  // namespace turbodicom::codec::jpeg
