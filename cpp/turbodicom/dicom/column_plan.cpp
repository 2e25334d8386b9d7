// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/dicom/column_plan.h"

#include <algorithm>
#include <span>
#include <string_view>

#include "turbodicom/dicom/dictionary.h"
#include "turbodicom/dicom/text_values.h"

namespace turbodicom::dicom {

namespace {

template <typename Children, typename Is, typename Make>
auto& found_or_added(Children& children, Is is, Make make) {
  const auto found = std::ranges::find_if(children, is);
  return found != children.end() ? *found : children.emplace_back(make());
}

PlanNode& descend(PlanNode& node, const SequenceStep& step) {
  PlanBranch& branch = found_or_added(
      node.branches, [&](const PlanBranch& known) { return known.sequence == step.sequence; },
      [&] { return PlanBranch{step.sequence, {}}; });
  return found_or_added(
             branch.items, [&](const PlanItem& known) { return known.index == step.item; },
             [&] { return PlanItem{step.item, {}}; })
      .node;
}

// A private element may stand in any block of its group.
Tag last_tag_of(const ElementName& name) noexcept {
  return name.creator.empty() ? name.tag : Tag{name.tag.value | 0xFFFF};
}

bool is_ambiguous(const ElementName& name) noexcept {
  if (!name.creator.empty() || name.tag.is_private()) return true;  // a private dictionary may say "US or SS"
  const DictionaryEntry* entry = find_entry(name.tag);
  return entry != nullptr && entry->vrs.view().size() > 2;
}

bool is_creator(const DataSet& data_set, const Element& element, std::string_view creator) {
  if (element.length > 64 * 1024) return false;
  const ValueBytes value = data_set.value(element);
  const std::string_view text(reinterpret_cast<const char*>(value.view.data()), value.view.size());
  return trim(text, kTextPadding) == creator;
}

// The first block that this creator reserved and that has the element (PS3.5 7.8.1).
const Element* find_private(const DataSet& data_set, const ElementName& name) {
  const std::vector<Element>& elements = data_set.leading_elements();
  const std::uint16_t group = name.tag.group();
  auto at = std::ranges::lower_bound(elements, make_tag(group, 0x10), {}, &Element::tag);
  for (; at != elements.end() && at->tag <= make_tag(group, 0xFF); ++at) {
    if (!is_creator(data_set, *at, name.creator)) continue;
    const auto number = static_cast<std::uint16_t>((at->tag.element() << 8) | (name.tag.element() & 0xFF));
    if (const Element* found = data_set.find(make_tag(group, number))) return found;
  }
  return nullptr;
}

}  // namespace

PlanNode plan_tree(const std::vector<ColumnPlan>& columns) {
  PlanNode root;
  for (std::size_t index = 0; index < columns.size(); ++index) {
    PlanNode* node = &root;
    for (const SequenceStep& step : columns[index].steps) node = &descend(*node, step);
    node->columns.push_back(index);
  }
  return root;
}

Tag stop_tag(const std::vector<ColumnPlan>& columns, bool wants_pixel_data) noexcept {
  Tag last = wants_pixel_data ? tags::kPixelData : Tag{0};
  for (const ColumnPlan& column : columns) {
    last = std::max(last, last_tag_of(column.steps.empty() ? column.element : column.steps.front().sequence));
    if (is_ambiguous(column.element)) last = std::max(last, tags::kPixelRepresentation);
  }
  return last == tags::kNone ? last : Tag{last.value + 1};
}

const Element* find_element(const DataSet& data_set, const ElementName& name) {
  const Element* found = name.creator.empty() ? data_set.find(name.tag) : find_private(data_set, name);
  if (found == nullptr || !found->is_encapsulated) return found;
  const std::vector<Element>& all = data_set.elements();
  const auto measured = std::ranges::lower_bound(all, found->tag, {}, &Element::tag);
  return measured != all.end() && measured->tag == found->tag ? &*measured : found;
}

}  // namespace turbodicom::dicom
