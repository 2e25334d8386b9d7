// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Columns while they grow: one thread appends row by row to its own; record_batch.cpp joins those of
// many threads, in order, into Arrow's buffers. A value costs no object: numbers lie side by side, texts
// end to end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace turbodicom::dicom {

enum class ColumnType : std::uint8_t { text, integer, real, date, time, timestamp, binary };

// What a column is to the outside. `utc_nanoseconds`: a timestamp of the file system.
struct ColumnForm {
  ColumnType type = ColumnType::text;
  bool is_list = false;
  bool utc_nanoseconds = false;
};

// Values without structure. Everything of fixed size is 64 bits here: integers, the bits of doubles, days.
class Leaf {
 public:
  explicit Leaf(ColumnType type = ColumnType::text)
      : has_bytes_(type == ColumnType::text || type == ColumnType::binary) {}

  std::size_t size() const noexcept { return valid_.size(); }
  std::size_t nulls() const noexcept { return nulls_; }
  bool has_bytes() const noexcept { return has_bytes_; }
  const std::vector<std::uint8_t>& valid() const noexcept { return valid_; }  // 1 or 0 for each value
  const std::vector<std::int64_t>& numbers() const noexcept { return numbers_; }
  const std::vector<std::uint32_t>& ends() const noexcept { return ends_; }
  const std::string& bytes() const noexcept { return bytes_; }

  void add_null();
  void add(std::int64_t number);
  void add(std::string_view bytes);
  void cut(std::size_t size);  // the first `size` values stay

 private:
  bool has_bytes_;
  std::size_t nulls_ = 0;
  std::vector<std::uint8_t> valid_;
  std::vector<std::int64_t> numbers_;
  std::vector<std::uint32_t> ends_;  // of the bytes of each value
  std::string bytes_;
};

// Where the list of each row ends, and which rows have one.
class RowLists {
 public:
  std::size_t size() const noexcept { return valid_.size(); }
  std::size_t nulls() const noexcept { return nulls_; }
  const std::vector<std::uint8_t>& valid() const noexcept { return valid_; }
  const std::vector<std::uint32_t>& ends() const noexcept { return ends_; }
  std::uint32_t end_of(std::size_t rows) const noexcept { return rows == 0 ? 0 : ends_[rows - 1]; }

  void add(bool is_valid, std::size_t end);
  void cut(std::size_t size);

 private:
  std::size_t nulls_ = 0;
  std::vector<std::uint8_t> valid_;
  std::vector<std::uint32_t> ends_;
};

class Column {
 public:
  explicit Column(const ColumnForm& form) : form_(form), leaf_(form.type) {}

  const ColumnForm& form() const noexcept { return form_; }
  const Leaf& leaf() const noexcept { return leaf_; }
  const RowLists& lists() const noexcept { return lists_; }
  std::size_t rows() const noexcept { return form_.is_list ? lists_.size() : leaf_.size(); }

  void add_null();
  void add(std::int64_t number);       // a column of single values
  void add(std::string_view bytes);    // the same
  Leaf& items() noexcept { return leaf_; }
  void end_list() { lists_.add(true, leaf_.size()); }  // of what was added to items()
  void cut(std::size_t rows);          // the first `rows` rows stay

 private:
  ColumnForm form_;
  Leaf leaf_;
  RowLists lists_;
};

// Texts that no column holds: for each row a list of (column, text), null when there is none.
class UnparsedColumn {
 public:
  const RowLists& lists() const noexcept { return lists_; }
  const Leaf& columns() const noexcept { return columns_; }
  const Leaf& texts() const noexcept { return texts_; }
  std::size_t rows() const noexcept { return lists_.size(); }

  void add(std::string_view column, std::string_view text);
  void add_without_text(std::string_view column);  // a sequence
  void end_row();
  // Drops what was added for the row under way behind its first `entries`.
  void cut_entries(std::size_t entries);
  std::size_t entries() const noexcept { return columns_.size(); }
  void cut(std::size_t rows);

 private:
  RowLists lists_;
  Leaf columns_;
  Leaf texts_;
};

}  // namespace turbodicom::dicom
