// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The element walk of one level of a data set (PS3.5 7.1): one pass, an index entry per element, no
// value looked at. Lenient as pydicom's reader is; what it forgives goes to the reporter's log.
#pragma once

#include <cstdint>
#include <vector>

#include "turbodicom/dicom/data_set.h"
#include "turbodicom/dicom/header_bytes.h"
#include "turbodicom/dicom/nested.h"

namespace turbodicom::dicom {

struct LevelRequest {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;       // the level ends here, or earlier at a delimiter
  std::uint64_t hard_end = 0;  // no value goes beyond: an element may be longer than the item that holds it
  Encoding encoding;
  std::uint32_t first_tag = 0;                         // the walk ends at the first tag outside of
  std::uint64_t tag_count = std::uint64_t{1} << 32;    // [first_tag, first_tag + tag_count)
  bool ends_with_delimiter = false;   // an item of undefined length
  bool stops_at_fragments = false;    // at Pixel Data of undefined length, which is listed
};

enum class LevelEnd { end_of_range, tag_range, delimiter, fragments };

struct Level {
  std::vector<Element> elements;  // by tag; of equal tags the last
  std::uint64_t end = 0;          // first byte not belonging to it
  LevelEnd why = LevelEnd::end_of_range;
};

Level scan_level(HeaderWindow& window, const LevelRequest& request, const Reporter& reporter);

// Sorts by tag; of equal tags the last stays, as in pydicom's dictionary.
void sort_elements(std::vector<Element>& elements, const Reporter& reporter);

}  // namespace turbodicom::dicom
