// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Wanted values of the items of a functional groups sequence (PS3.3 C.7.6.16): one walk over its bytes, no
// data set per item. Leniency is that of DataSet::items(): what is found here is what stands there.
//
// Begin with read_frame_groups(); numbers and text are made of the bytes in cpp/bindings/frame_columns.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "turbodicom/dicom/data_set.h"
#include "turbodicom/dicom/issue_log.h"

namespace turbodicom::dicom {

// Where a value stands in an item of the sequence.
struct GroupField {
  Path path;  // "PlanePositionSequence[0]"; empty: in the first item of whichever functional group has it
  Tag tag;
};

enum class Presence : std::uint8_t {
  absent,   // its functional group is not in the item: the shared one counts
  covered,  // the functional group is there, the value is not
  found,
};

struct GroupValue {
  std::uint64_t offset = 0;  // in the value of the functional groups sequence
  std::uint32_t length = 0;
  VR vr = VR::none;          // as written; none for implicit VR
  Presence presence = Presence::absent;
  bool big_endian = false;
};
static_assert(sizeof(GroupValue) == 16, "10 000 frames of 25 fields: 4 MB");

// Immutable; the values point into bytes that it keeps.
class FrameGroups {
 public:
  FrameGroups() = default;
  FrameGroups(ValueBytes bytes, std::uint64_t offset, std::size_t fields)
      : bytes_(std::move(bytes)), offset_(offset), is_present_(true), columns_(fields) {}

  bool is_present() const noexcept { return is_present_; }       // false: the data set has no such sequence
  std::uint64_t items() const noexcept { return items_; }        // of the sequence
  std::uint64_t rows() const noexcept { return rows_; }          // items looked into: the first ones
  bool has(std::size_t field) const noexcept { return field < columns_.size() && !columns_[field].empty(); }  // any row
  GroupValue at(std::uint64_t row, std::size_t field) const noexcept {
    return row < columns_[field].size() ? columns_[field][row] : GroupValue{};
  }
  ByteView bytes_of(const GroupValue& value) const noexcept { return bytes_.view.subspan(value.offset, value.length); }
  std::uint64_t file_offset(const GroupValue& value) const noexcept { return offset_ + value.offset; }

 private:
  friend class FrameGroupsReader;
  ValueBytes bytes_;
  std::uint64_t offset_ = 0;  // of the bytes in the file
  bool is_present_ = false;
  std::uint64_t items_ = 0;
  std::uint64_t rows_ = 0;
  std::vector<std::vector<GroupValue>> columns_;  // per field: up to the last row that has its functional group
};

// `sequence`: Shared or Per-Frame Functional Groups Sequence. At most `most_rows` items are looked into, the rest
// is counted. Throws limit_exceeded for more items than `limits` allow, and for deeper paths.
FrameGroups read_frame_groups(const DataSet& data_set, Tag sequence, std::span<const GroupField> fields,
                              std::uint64_t most_rows, const Limits& limits);

}  // namespace turbodicom::dicom
