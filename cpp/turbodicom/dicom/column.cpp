// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/dicom/column.h"

#include <algorithm>
#include <limits>

#include "turbodicom/base/error.h"

namespace turbodicom::dicom {

namespace {

// Far below 2^31: Arrow's offsets are int32, and columns are handed on long before this.
constexpr std::size_t kMostBytes = std::size_t{1} << 30;
constexpr std::size_t kMostValues = std::size_t{1} << 28;

std::size_t count_nulls(const std::vector<std::uint8_t>& valid) {
  return static_cast<std::size_t>(std::count(valid.begin(), valid.end(), std::uint8_t{0}));
}

}  // namespace

void Leaf::add_null() {
  valid_.push_back(0);
  ++nulls_;
  if (has_bytes_) ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  else numbers_.push_back(0);
}

void Leaf::add(std::int64_t number) {
  if (valid_.size() >= kMostValues) fail(Errc::limit_exceeded, 0, "scan: too many values in one column");
  valid_.push_back(1);
  numbers_.push_back(number);
}

void Leaf::add(std::string_view bytes) {
  if (bytes.size() > kMostBytes - bytes_.size()) fail(Errc::limit_exceeded, 0, "scan: too many bytes in one column");
  bytes_.append(bytes);
  valid_.push_back(1);
  ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
}

void Leaf::cut(std::size_t size) {
  if (has_bytes_) {
    if (ends_.size() > size) ends_.resize(size);
    bytes_.resize(std::min<std::size_t>(bytes_.size(), ends_.empty() ? 0 : ends_.back()));
  } else if (numbers_.size() > size) {
    numbers_.resize(size);
  }
  if (valid_.size() > size) valid_.resize(size);
  nulls_ = count_nulls(valid_);
}

void RowLists::add(bool is_valid, std::size_t end) {
  ends_.push_back(static_cast<std::uint32_t>(end));
  valid_.push_back(is_valid ? 1 : 0);
  if (!is_valid) ++nulls_;
}

void RowLists::cut(std::size_t size) {
  if (ends_.size() > size) ends_.resize(size);
  if (valid_.size() > size) valid_.resize(size);
  nulls_ = count_nulls(valid_);
}

void Column::add_null() {
  if (form_.is_list) lists_.add(false, leaf_.size());
  else leaf_.add_null();
}

void Column::add(std::int64_t number) { leaf_.add(number); }

void Column::add(std::string_view bytes) { leaf_.add(bytes); }

void Column::cut(std::size_t rows) {
  if (form_.is_list) {
    lists_.cut(rows);
    leaf_.cut(lists_.end_of(rows));
  } else {
    leaf_.cut(rows);
  }
}

void UnparsedColumn::add(std::string_view column, std::string_view text) {
  columns_.add(column);
  texts_.add(text);
}

void UnparsedColumn::add_without_text(std::string_view column) {
  columns_.add(column);
  texts_.add_null();
}

void UnparsedColumn::end_row() { lists_.add(columns_.size() != lists_.end_of(lists_.size()), columns_.size()); }

void UnparsedColumn::cut_entries(std::size_t entries) {
  columns_.cut(entries);
  texts_.cut(entries);
}

void UnparsedColumn::cut(std::size_t rows) {
  lists_.cut(rows);
  cut_entries(lists_.end_of(rows));
}

}  // namespace turbodicom::dicom
