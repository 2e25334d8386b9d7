// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Which fragments make which frame: the rules of encapsulation.h, one function each. A fragment is
// given by its value bytes; offset tables count from the first item tag behind the Basic Offset Table.
#pragma once

#include <cstdint>
#include <vector>

#include "turbodicom/base/error.h"
#include "turbodicom/dicom/encapsulation.h"
#include "turbodicom/dicom/header_bytes.h"

namespace turbodicom::dicom {

// Collects what contradicts; throws the first contradiction when `strict`.
class FrameIssues {
 public:
  FrameIssues(std::vector<Issue>& issues, bool strict) : issues_(issues), strict_(strict) {}
  void add(const char* code, Errc errc, std::uint64_t offset, std::string message);

 private:
  std::vector<Issue>& issues_;
  bool strict_;
};

// Extended Offset Table (PS3.3 C.7.6.3.1.8): one fragment a frame, lengths without padding.
void split_by_extended_table(FrameIndex& index, const std::vector<Span>& fragments, std::uint64_t first_item,
                             const std::vector<std::uint64_t>& offsets, const std::vector<std::uint64_t>& lengths,
                             FrameIssues& issues);

// Basic Offset Table (PS3.5 A.4): a frame goes on until a fragment begins at or behind the next entry.
void split_by_basic_table(FrameIndex& index, std::vector<Span> fragments, std::uint64_t first_item,
                          const std::vector<std::uint32_t>& offsets, FrameIssues& issues);

// No table: by counting or, where that leaves a choice, by end markers.
void split_without_table(FrameIndex& index, std::vector<Span> fragments, std::uint64_t number_of_frames, ReadAhead& bytes,
                         FrameIssues& issues);

}  // namespace turbodicom::dicom
