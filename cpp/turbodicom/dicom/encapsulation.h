// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Which bytes of the file are frame i (PS3.5 A.4 and 8.2): Extended Offset Table, Basic Offset Table,
// or neither. Built by one walk, asked in O(1), immutable after that.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "turbodicom/dicom/data_set.h"

namespace turbodicom::dicom {

struct Span {
  std::uint64_t offset = 0;  // as Element::offset
  std::uint64_t length = 0;
};

enum class OffsetTable { none, basic, extended };

class FrameIndex {
 public:
  std::uint64_t number_of_frames() const noexcept { return first_.empty() ? 0 : first_.size() - 1; }
  // The fragments of one frame, in order; their concatenation is the codestream.
  std::span<const Span> spans(std::uint64_t frame) const noexcept {
    return std::span(spans_).subspan(first_[frame], first_[frame + 1] - first_[frame]);
  }
  std::uint64_t codestream_bytes(std::uint64_t frame) const noexcept;
  OffsetTable offset_table = OffsetTable::none;
  std::vector<Issue> issues;  // table that contradicts the fragments, leftover fragments, ...

  std::vector<Span> spans_;          // all fragments, file order
  std::vector<std::uint64_t> first_; // frame -> index into spans_; one more entry than frames
};

// Encapsulated Pixel Data. `number_of_frames` is the data set's (1 when absent); without any table,
// one fragment per frame if the counts agree, one frame of all fragments if it is 1, else fragments
// are joined until one ends with an EOI/EOC marker (as peers do). With a table, the table wins and a
// contradiction is an issue (an error when `strict`). `reader`, of the data set's source, may be null.
FrameIndex index_encapsulated(const DataSet& data_set, const Element& pixel_data, std::uint64_t number_of_frames,
                              const Limits& limits, bool strict, const Reader* reader = nullptr);

// Every item of encapsulated Pixel Data as it stands in the file, the Basic Offset Table item first.
std::vector<Span> list_fragment_items(const DataSet& data_set, const Element& pixel_data, const Limits& limits);

}  // namespace turbodicom::dicom
