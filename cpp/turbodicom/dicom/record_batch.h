// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// A table of finished columns in Arrow's memory layout (arrow.apache.org/docs/format/Columnar.html), and
// the way there: columns of many threads joined in order. Immutable once made; shared between threads.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "turbodicom/dicom/column.h"

namespace turbodicom::dicom {

// Memory on a boundary of 64 bytes, as Arrow recommends.
class ArrowBuffer {
 public:
  ArrowBuffer() = default;
  explicit ArrowBuffer(std::size_t size);  // not filled
  std::size_t size() const noexcept { return size_; }
  std::uint8_t* data() noexcept { return memory_.get(); }
  const std::uint8_t* data() const noexcept { return memory_.get(); }

 private:
  struct Free {
    void operator()(std::uint8_t* memory) const noexcept;
  };
  std::unique_ptr<std::uint8_t, Free> memory_;  // null when empty and never asked for
  std::size_t size_ = 0;
};

struct ArrowField {
  std::string name;
  std::string format;  // of the C data interface: "u", "l", "+l", ...
  std::vector<ArrowField> children;
};

struct ArrowColumn {
  std::int64_t length = 0;
  std::int64_t null_count = 0;
  std::vector<ArrowBuffer> buffers;  // the first is the validity bitmap, empty without nulls
  std::vector<ArrowColumn> children;

  bool is_valid(std::size_t row) const noexcept {
    return null_count == 0 || ((buffers[0].data()[row / 8] >> (row % 8)) & 1) != 0;
  }
  std::size_t size_bytes() const noexcept;
};

struct RecordBatch {
  std::shared_ptr<const ArrowField> schema;          // a struct
  std::shared_ptr<const std::vector<ColumnForm>> forms;  // of all columns but the last, which is unparsed
  ArrowColumn table;                                 // a struct: its children are the columns
};

ArrowField field_of(const std::string& name, const ColumnForm& form);
ArrowField unparsed_field();

// `parts` hold the same column, one row behind the other.
ArrowColumn join(std::span<const Column* const> parts);
ArrowColumn join(std::span<const UnparsedColumn* const> parts);

}  // namespace turbodicom::dicom
