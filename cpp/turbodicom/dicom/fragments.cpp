// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/dicom/fragments.h"

#include <string_view>

namespace turbodicom::dicom {

namespace {

// Where the delimiter's four bytes stand next; `end` when nowhere.
std::uint64_t search_delimiter(ReadAhead& bytes, std::uint64_t offset, std::uint64_t end, bool big_endian) {
  const std::string_view pattern = big_endian ? std::string_view("\xFF\xFE\xE0\xDD") : std::string_view("\xFE\xFF\xDD\xE0");
  while (end - offset >= pattern.size()) {
    const ByteView view = bytes.at(offset, pattern.size());
    const std::size_t size = std::min<std::uint64_t>(view.size(), end - offset);
    const std::string_view text(reinterpret_cast<const char*>(view.data()), size);
    if (const std::size_t found = text.find(pattern); found != text.npos) return offset + found;
    offset += size - (pattern.size() - 1);
  }
  return end;
}

}  // namespace

FragmentWalk end_of_fragments(ReadAhead& bytes, std::uint64_t offset, std::uint64_t end, bool big_endian) {
  FragmentWalk walk = walk_fragments(bytes, offset, end, big_endian, [](Span) {});
  if (walk.why == WalkEnd::delimiter) return walk;
  walk.value_end = search_delimiter(bytes, offset, end, big_endian);
  walk.next = walk.value_end + std::min<std::uint64_t>(8, end - walk.value_end);
  if (walk.value_end == end && walk.why != WalkEnd::truncated_item) walk.why = WalkEnd::missing_delimiter;
  return walk;
}

}  // namespace turbodicom::dicom
