// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// One file to one row. What goes wrong with a file is said in its row.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "turbodicom/dicom/bulk_scan.h"

namespace turbodicom::dicom {

// The columns in front of those of the plan, and behind them: pixel_offset when asked for, error, error_offset.
enum FileColumn : std::size_t { kPathColumn, kSizeColumn, kTimeColumn, kInodeColumn, kSyntaxColumn, kFileColumns };

std::vector<std::pair<std::string, ColumnForm>> columns_of(const ScanPlan& plan);

class ScanRows {
 public:
  ScanRows(const ScanPlan& plan, const PlanNode& tree, Tag stop_before);

  std::size_t size() const noexcept { return rows_; }
  std::size_t size_bytes() const noexcept { return bytes_; }  // about
  std::uint64_t file_bytes() const noexcept { return file_bytes_; }  // of the files themselves
  const std::vector<Column>& columns() const noexcept { return columns_; }
  const UnparsedColumn& unparsed() const noexcept { return unparsed_; }

  // Adds a row. Throws only what is to end the scan: Errc::cancelled, and exceptions that are no Error.
  // Unchecked paths: false and no row where it is no regular file.
  bool read(std::string_view path, const std::string* refusal, bool is_unchecked);

 private:
  struct Failure {
    std::string message;
    std::optional<std::uint64_t> offset;  // none: the operating system's
  };

  void read_path(std::string_view path);
  void read_columns(const DicomFile& file, std::string_view path);
  void read_level(const DataSet& data_set, const PlanNode& node, const DataSet* file_meta);
  void read_branch(const DataSet& data_set, const PlanBranch& branch);
  void read_column(const DataSet& data_set, std::size_t index, ValueWriter& writer);
  void read_pixel_offset(const DataSet& data_set);
  template <typename Body>
  bool attempt(Body body);
  void note(const Error& error);
  void forget_row();
  void end_row();

  const ScanPlan& plan_;
  const PlanNode& tree_;
  Tag stop_before_;
  std::vector<Column> columns_;
  UnparsedColumn unparsed_;
  std::optional<Failure> failure_;  // of the row under way
  bool is_no_file_ = false;         // that failure
  std::size_t rows_ = 0;
  std::size_t bytes_ = 0;
  std::uint64_t file_bytes_ = 0;
};

}  // namespace turbodicom::dicom
