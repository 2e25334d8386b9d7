// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// What a scan wants of each file: columns, and the elements they are read from, as a tree, so that the
// items of a sequence are looked up once for all columns below it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "turbodicom/dicom/column.h"
#include "turbodicom/dicom/data_set.h"

namespace turbodicom::dicom {

// An element by its tag, or by a private creator: then the low byte of the tag's element number counts.
struct ElementName {
  Tag tag;
  std::string creator;
  bool operator==(const ElementName&) const = default;
};

// Down into item `item` of a sequence.
struct SequenceStep {
  ElementName sequence;
  std::uint32_t item = 0;
};

struct ColumnPlan {
  std::string name;
  std::vector<SequenceStep> steps;
  ElementName element;
  ColumnForm form;
};

struct PlanItem;

struct PlanBranch {
  ElementName sequence;
  std::vector<PlanItem> items;
};

// One level: the columns read from it, by their index in the plan, and the sequences below it.
struct PlanNode {
  std::vector<std::size_t> columns;
  std::vector<PlanBranch> branches;
};

struct PlanItem {
  std::uint32_t index = 0;
  PlanNode node;
};

PlanNode plan_tree(const std::vector<ColumnPlan>& columns);

// The first top-level tag that need not be looked at. Also what decides between US and SS is needed.
Tag stop_tag(const std::vector<ColumnPlan>& columns, bool wants_pixel_data) noexcept;

// The element of that name, nullptr when absent. Of encapsulated Pixel Data with its true length.
const Element* find_element(const DataSet& data_set, const ElementName& name);

}  // namespace turbodicom::dicom
