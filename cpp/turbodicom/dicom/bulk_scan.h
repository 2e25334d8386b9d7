// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Many files to columns. Begin with BulkScan::next(): paths are walked in order, read in units of 256 at most
// by the threads of the pool, each unit into columns of its own, and the units joined in order. Broken files
// are rows with an error; a scan ends early only when its caller wants that.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "turbodicom/base/cancel.h"
#include "turbodicom/base/limits.h"
#include "turbodicom/dicom/column_plan.h"
#include "turbodicom/dicom/column_values.h"
#include "turbodicom/dicom/file_walk.h"
#include "turbodicom/dicom/record_batch.h"

namespace turbodicom::dicom {

// The data set of a deflated file: path, offset of the deflate stream.
using Inflater = std::function<ValueBytes(const std::string&, std::uint64_t)>;

// Called every 20 ms: how many files of the batch under way are read, and their bytes.
using ScanPoll = std::function<void(std::uint64_t files, std::uint64_t bytes)>;

struct ScanPlan {
  std::vector<ColumnPlan> columns;
  bool pixel_offset = false;
  Limits limits;
  TextDecoder decode;
  Inflater inflate;  // empty: deflated files are rows with an error
};

class BulkScan {
 public:
  BulkScan(ScanPlan plan, const WalkOptions& walk);
  ~BulkScan();

  void feed(PathList sources) { walk_.feed(std::move(sources)); }
  // At most `rows` rows; null when everything fed is read. Not for two threads at once. What `poll` throws
  // goes on, and the next call begins where this one did.
  std::shared_ptr<const RecordBatch> next(std::size_t rows, std::size_t workers, const ScanPoll& poll);
  std::shared_ptr<const RecordBatch> empty() const;

 private:
  struct Unit;
  class Work;
  void split_front(std::size_t rows);
  void walk_again();
  std::shared_ptr<const RecordBatch> take_batch(std::size_t rows);
  std::shared_ptr<const RecordBatch> join_units(const std::list<Unit>& units) const;

  ScanPlan plan_;
  PlanNode tree_;
  Tag stop_before_;
  std::shared_ptr<const ArrowField> schema_;
  std::shared_ptr<const std::vector<ColumnForm>> forms_;
  FileWalk walk_;
  std::list<Unit> units_;  // in order: read, or yet to be read
  std::size_t files_walked_ = 0;
};

}  // namespace turbodicom::dicom
