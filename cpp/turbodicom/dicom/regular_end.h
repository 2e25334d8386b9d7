// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Where a sequence of undefined length ends (PS3.5 7.5), for bytes in memory that are as the standard wants them:
// three times as fast as the walk of nested.h, to which everything else is left.
#pragma once

#include <cstdint>
#include <optional>

#include "turbodicom/dicom/element_header.h"
#include "turbodicom/dicom/nested.h"

namespace turbodicom::dicom {

// `at`: the first item's tag. Every item that the walk is in has an undefined length: a count of them is its stack.
template <bool kImplicit, bool kBig>
std::optional<ValueEnd> regular_end(ByteView bytes, std::uint64_t at, std::uint64_t end) noexcept {
  constexpr Encoding kEncoding{kImplicit, kBig};
  std::uint64_t open = 1;  // sequences
  bool is_in_item = false;
  while (end - at >= kShortHeader) {
    const std::uint8_t* const here = bytes.data() + at;
    if (is_in_item) {
      if (load_tag<kBig>(here) == tags::kItemDelimitation) {
        at += kShortHeader;
        is_in_item = false;
        continue;
      }
      const ElementHeader header = read_header<kImplicit, kBig>(here, end - at);
      if (header.tag.group() == 0xFFFE || header.header_bytes > end - at) return std::nullopt;
      at += header.header_bytes;
      if (header.length != kUndefinedLength) {
        if (header.length > end - at) return std::nullopt;
        at += header.length;
        continue;
      }
      if (header.vr != VR::SQ || !(sequence_encoding(bytes.subspan(at), kEncoding) == kEncoding)) return std::nullopt;
      ++open;
      is_in_item = false;
      continue;
    }
    const Tag tag = load_tag<kBig>(here);
    const auto length = load<std::uint32_t>(here + 4, kBig);
    at += kShortHeader;
    if (tag == tags::kSequenceDelimitation) {
      if (--open == 0) return ValueEnd{at - kShortHeader, at};
      is_in_item = true;
    } else if (tag != tags::kItem) {
      return std::nullopt;
    } else if (length == kUndefinedLength) {
      if (!(item_encoding(bytes.subspan(at), kEncoding) == kEncoding)) return std::nullopt;
      is_in_item = true;
    } else {
      if (length > end - at) return std::nullopt;
      at += length;
    }
  }
  return std::nullopt;
}

}  // namespace turbodicom::dicom
