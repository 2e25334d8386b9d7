// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// For tests: a RecordBatch as text, and whether its buffers are what Arrow's format says. A value is
// "null", a text in quotes, a number, or "[...]".
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "turbodicom/dicom/record_batch.h"
#include "turbodicom/dicom/text_values.h"

namespace turbodicom::dicom::test {

template <typename T>
T at(const ArrowColumn& column, std::size_t buffer, std::size_t index) {
  T value;
  std::memcpy(&value, column.buffers[buffer].data() + index * sizeof(T), sizeof value);
  return value;
}

inline std::string shown(const ArrowColumn& column, const ArrowField& field, std::size_t row) {
  if (!column.is_valid(row)) return "null";
  const auto begin = [&](std::size_t index) { return static_cast<std::size_t>(at<std::int32_t>(column, 1, index)); };
  std::string text;
  switch (field.format[0]) {
    case 'u': case 'z': {
      const auto* bytes = reinterpret_cast<const char*>(column.buffers[2].data());
      return text.append(1, '"').append(bytes + begin(row), bytes + begin(row + 1)) + '"';
    }
    case 'g': {
      text = std::to_string(at<double>(column, 1, row));
      return text.substr(0, text.find('.') + 3);
    }
    case '+': break;
    default: return field.format == "tdD" ? std::to_string(at<std::int32_t>(column, 1, row))
                                          : std::to_string(at<std::int64_t>(column, 1, row));
  }
  if (field.format == "+s")
    return shown(column.children[0], field.children[0], row) + ": " + shown(column.children[1], field.children[1], row);
  for (std::size_t i = begin(row); i < begin(row + 1); ++i)
    text += (text.empty() ? "" : ", ") + shown(column.children[0], field.children[0], i);
  return "[" + text + "]";
}

inline std::size_t column_index(const RecordBatch& batch, std::string_view name) {
  const auto& fields = batch.schema->children;
  return static_cast<std::size_t>(std::ranges::find(fields, name, &ArrowField::name) - fields.begin());
}

inline std::string value(const RecordBatch& batch, std::string_view name, std::size_t row) {
  const std::size_t index = column_index(batch, name);
  return shown(batch.table.children[index], batch.schema->children[index], row);
}

// Offsets ascend within their bytes, texts are UTF-8, bitmaps count their nulls, children are long enough.
inline bool is_sound(const ArrowColumn& column, const ArrowField& field) {
  const auto length = static_cast<std::size_t>(column.length);
  const auto is_aligned = [](const ArrowBuffer& buffer) { return std::bit_cast<std::uintptr_t>(buffer.data()) % 64 == 0; };
  if (!std::ranges::all_of(column.buffers, is_aligned)) return false;
  std::int64_t nulls = 0;
  if (column.null_count != 0 && column.buffers[0].size() < (length + 7) / 8) return false;
  for (std::size_t i = 0; i < length; ++i) nulls += column.is_valid(i) ? 0 : 1;
  if (nulls != column.null_count) return false;
  const bool has_bytes = field.format == "u" || field.format == "z";
  if (has_bytes || field.format == "+l") {
    if (column.buffers[1].size() != (length + 1) * 4 || at<std::int32_t>(column, 1, 0) != 0) return false;
    for (std::size_t i = 0; i < length; ++i)
      if (at<std::int32_t>(column, 1, i) > at<std::int32_t>(column, 1, i + 1)) return false;
    const auto end = static_cast<std::size_t>(at<std::int32_t>(column, 1, length));
    if (has_bytes ? end != column.buffers[2].size() : static_cast<std::int64_t>(end) != column.children[0].length) return false;
    for (std::size_t i = 0; field.format == "u" && i < length; ++i) {
      const auto from = static_cast<std::size_t>(at<std::int32_t>(column, 1, i));
      const auto to = static_cast<std::size_t>(at<std::int32_t>(column, 1, i + 1));
      if (!is_utf8({reinterpret_cast<const char*>(column.buffers[2].data()) + from, to - from})) return false;
    }
  } else if (field.format[0] != '+' && column.buffers[1].size() != length * (field.format == "tdD" ? 4 : 8)) {
    return false;
  }
  if (column.children.size() != field.children.size()) return false;
  for (std::size_t i = 0; i < column.children.size(); ++i) {
    if (field.format == "+s" && column.children[i].length != column.length) return false;
    if (!is_sound(column.children[i], field.children[i])) return false;
  }
  return true;
}

inline bool is_sound(const RecordBatch& batch) { return is_sound(batch.table, *batch.schema); }

}  // namespace turbodicom::dicom::test
