// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The fields of read_frame_groups() as a tree of what to look for at each level; for frame_groups.cpp only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "turbodicom/dicom/frame_groups.h"

namespace turbodicom::dicom {

inline constexpr std::uint32_t kNoNode = 0xFFFF'FFFF;

// An item of a sequence that is looked into.
struct WantedItem {
  std::uint32_t item = 0;
  std::uint32_t node = kNoNode;
};

// A tag that means something at this level: fields for a value, items for a sequence.
struct Wanted {
  Tag tag;
  std::vector<std::uint32_t> fields;
  std::vector<WantedItem> items;        // by item
  std::vector<std::uint32_t> below;     // fields with a path through this sequence
};

// One level of an item: its tags in order.
struct WantedLevel {
  std::vector<Wanted> tags;

  Wanted& entry(Tag tag) {
    const auto place = std::ranges::lower_bound(tags, tag, {}, &Wanted::tag);
    return place != tags.end() && place->tag == tag ? *place : *tags.insert(place, Wanted{tag, {}, {}, {}});
  }
};

class GroupPlan {
 public:
  explicit GroupPlan(std::span<const GroupField> fields);

  const WantedLevel& root() const noexcept { return levels_.front(); }
  const WantedLevel& level(std::uint32_t node) const noexcept { return levels_[node]; }
  std::size_t fields() const noexcept { return is_anywhere_.size(); }
  // A field without a path: the first functional group that has it counts.
  bool is_anywhere(std::uint32_t field) const noexcept { return is_anywhere_[field] != 0; }
  // How to look into functional groups that no path names; empty when nobody asks.
  std::span<const WantedItem> any_group() const noexcept { return any_group_; }

 private:
  std::uint32_t level_below(std::uint32_t node, const PathStep& step);
  void add_anywhere(std::uint32_t node, std::span<const GroupField> fields);

  std::vector<WantedLevel> levels_;
  std::vector<std::uint8_t> is_anywhere_;
  std::vector<WantedItem> any_group_;
};

}  // namespace turbodicom::dicom
