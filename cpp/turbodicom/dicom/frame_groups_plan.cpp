// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/dicom/frame_groups_plan.h"

namespace turbodicom::dicom {

GroupPlan::GroupPlan(std::span<const GroupField> fields) : levels_(1) {
  for (std::uint32_t field = 0; field < fields.size(); ++field) {
    const GroupField& wanted = fields[field];
    is_anywhere_.push_back(wanted.path.empty());
    if (wanted.path.empty()) continue;
    std::uint32_t node = 0;
    for (const PathStep& step : wanted.path) {
      levels_[node].entry(step.sequence).below.push_back(field);
      node = level_below(node, step);
    }
    levels_[node].entry(wanted.tag).fields.push_back(field);
  }
  if (std::ranges::none_of(is_anywhere_, [](std::uint8_t anywhere) { return anywhere != 0; })) return;
  std::vector<std::uint32_t> groups;
  for (const Wanted& group : std::vector(levels_.front().tags)) groups.push_back(level_below(0, {group.tag, 0}));
  for (const std::uint32_t node : groups) add_anywhere(node, fields);
  any_group_.push_back({0, static_cast<std::uint32_t>(levels_.size())});
  levels_.emplace_back();
  add_anywhere(any_group_.front().node, fields);
  add_anywhere(0, fields);
}

std::uint32_t GroupPlan::level_below(std::uint32_t node, const PathStep& step) {
  std::vector<WantedItem>& items = levels_[node].entry(step.sequence).items;
  const auto place = std::ranges::lower_bound(items, step.item, {}, &WantedItem::item);
  if (place != items.end() && place->item == step.item) return place->node;
  const auto added = static_cast<std::uint32_t>(levels_.size());
  items.insert(place, {step.item, added});
  levels_.emplace_back();
  return added;
}

void GroupPlan::add_anywhere(std::uint32_t node, std::span<const GroupField> fields) {
  for (std::uint32_t field = 0; field < fields.size(); ++field)
    if (is_anywhere(field)) levels_[node].entry(fields[field].tag).fields.push_back(field);
}

}  // namespace turbodicom::dicom
