// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The walk over the items of encapsulated Pixel Data, or of any other value of undefined length that
// is not a sequence of data sets (PS3.5 A.4): from item tag to item tag, values unread.
#pragma once

#include <algorithm>
#include <cstdint>

#include "turbodicom/dicom/element_header.h"
#include "turbodicom/dicom/encapsulation.h"
#include "turbodicom/dicom/header_bytes.h"

namespace turbodicom::dicom {

enum class WalkEnd { delimiter, missing_delimiter, truncated_item, undefined_item, wrong_tag };

struct FragmentWalk {
  WalkEnd why = WalkEnd::delimiter;
  std::uint64_t value_end = 0;  // of the delimiter, or where the walk ended
  std::uint64_t next = 0;       // behind the delimiter
};

// Calls visit(Span) for every item that begins in [offset, end); a truncated item with what is left of it.
template <typename Visit>
FragmentWalk walk_fragments(ReadAhead& bytes, std::uint64_t offset, std::uint64_t end, bool big_endian, Visit visit) {
  for (;;) {
    if (end - offset < 8) return {WalkEnd::missing_delimiter, end, end};
    const ByteView header = bytes.at(offset, 8);
    const Tag tag = load_tag(header.data(), big_endian);
    const auto length = load<std::uint32_t>(header.data() + 4, big_endian);
    if (tag == tags::kSequenceDelimitation) return {WalkEnd::delimiter, offset, offset + 8};
    if (tag != tags::kItem) return {WalkEnd::wrong_tag, offset, offset};
    if (length == kUndefinedLength) return {WalkEnd::undefined_item, offset, offset};
    const std::uint64_t left = end - offset - 8;
    visit(Span{offset + 8, std::min<std::uint64_t>(length, left)});
    if (length > left) return {WalkEnd::truncated_item, end, end};
    offset += 8 + std::uint64_t{length};
  }
}

// The value's end, found by its items or, where they make no sense, by its delimiter's bytes; without
// either, the value goes on to `end`. As pydicom's reader does it.
FragmentWalk end_of_fragments(ReadAhead& bytes, std::uint64_t offset, std::uint64_t end, bool big_endian);

}  // namespace turbodicom::dicom
