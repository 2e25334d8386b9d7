// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The slow way to the values of functional groups, by DataSet::items(), for tests and fuzzing.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "turbodicom/base/error.h"
#include "turbodicom/dicom/frame_groups.h"

namespace turbodicom::dicom::test {

struct Looked {
  Presence presence = Presence::absent;
  std::uint64_t offset = 0;  // in the file
  std::uint64_t length = 0;
};

inline std::vector<Item> items_of(const DataSet& data_set, Tag tag) {
  const Element* element = data_set.find(tag);
  if (element == nullptr || resolved_vr(data_set, *element) != VR::SQ) return {};
  return data_set.items(*element);
}

inline void look_at(const DataSet& data_set, Tag tag, Looked& found) {
  const Element* element = data_set.find(tag);
  if (element == nullptr || element->vr == VR::SQ || element->has_undefined_length()) return;
  found = {Presence::found, element->offset, element->length};
}

// A field with a path.
inline Looked look_up(std::shared_ptr<const DataSet> data_set, const GroupField& field) {
  Looked found;
  for (const PathStep& step : field.path) {
    const std::vector<Item> items = items_of(*data_set, step.sequence);
    if (!items.empty()) found.presence = Presence::covered;
    if (step.item >= items.size()) return found;
    data_set = items[step.item].data_set;
  }
  look_at(*data_set, field.tag, found);
  return found;
}

inline bool equal(const FrameGroups& groups, const DataSet& data_set, std::span<const GroupField> fields) {
  const std::vector<Item> items = items_of(data_set, Tag{0x5200'9230});
  if (groups.items() != items.size() || groups.rows() > items.size()) return false;
  for (std::uint64_t row = 0; row < groups.rows(); ++row)
    for (std::size_t field = 0; field < fields.size(); ++field) {
      if (fields[field].path.empty()) continue;  // order and duplicates decide there
      const Looked expected = look_up(items[row].data_set, fields[field]);
      const GroupValue& value = groups.at(row, field);
      if (value.presence != expected.presence) return false;
      if (value.presence != Presence::found) continue;
      if (groups.file_offset(value) != expected.offset || value.length != expected.length) return false;
    }
  return true;
}

enum class Comparison { same, differs, unreadable };

// Reads `bytes` as a file both ways.
inline Comparison same_as_items(const std::vector<std::uint8_t>& bytes, std::span<const GroupField> fields) {
  const auto keep = std::make_shared<const std::vector<std::uint8_t>>(bytes);
  try {
    const DicomFile file = read_file(memory_source(*keep, keep), nullptr, {});
    if (!file.data_set) return Comparison::unreadable;
    const FrameGroups groups = read_frame_groups(*file.data_set, Tag{0x5200'9230}, fields, 1000, Limits{});
    for (std::uint64_t row = 0; row < groups.rows(); ++row)
      for (std::size_t field = 0; field < fields.size(); ++field)
        if (groups.at(row, field).presence == Presence::found) (void)groups.bytes_of(groups.at(row, field)).size();
    return equal(groups, *file.data_set, fields) ? Comparison::same : Comparison::differs;
  } catch (const Error&) {
    return Comparison::unreadable;
  }
}

}  // namespace turbodicom::dicom::test
