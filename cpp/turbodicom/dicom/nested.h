// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Where a sequence of undefined length ends (PS3.5 7.5): a walk over its items and the undefined
// lengths nested in them. Iterative, with a stack of its own; what has a length is jumped over.
#pragma once

#include <cstdint>

#include "turbodicom/dicom/element_header.h"
#include "turbodicom/dicom/header_bytes.h"
#include "turbodicom/dicom/issue_log.h"

namespace turbodicom::dicom {

// Where findings go, and what the reader is bound to. All of it outlives the scan.
struct Reporter {
  IssueLog& log;
  const Limits& limits;
  const Path& path;  // of the data set that is scanned
};

struct ValueEnd {
  std::uint64_t value_end = 0;  // without the delimiter
  std::uint64_t next = 0;       // first byte behind the element
};

// `offset`: the first item's tag. `end`: nothing beyond it is looked at.
ValueEnd end_of_sequence(HeaderWindow& window, Tag sequence, std::uint64_t offset, std::uint64_t end, Encoding encoding,
                         const Reporter& reporter);

// A value of undefined length that is no sequence: items of bytes.
ValueEnd end_of_undefined_value(HeaderWindow& window, Tag tag, std::uint64_t offset, std::uint64_t end, bool big_endian,
                                const Reporter& reporter);

// Does an element of undefined length hold items that are data sets? An unknown VR is looked through.
bool holds_data_sets(HeaderWindow& window, const ElementHeader& header, std::uint64_t value_offset, bool big_endian);

}  // namespace turbodicom::dicom
