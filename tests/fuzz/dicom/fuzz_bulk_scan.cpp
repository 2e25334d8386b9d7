// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: a scan of a file of any bytes, with columns of every type, gives one row whose buffers are
// what Arrow's format says, and the same row for any number of workers.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "../cpp/dicom/batch_reader.h"
#include "turbodicom/dicom/bulk_scan.h"

namespace {

using namespace turbodicom;
using namespace turbodicom::dicom;

void require(bool condition) {
  if (!condition) std::abort();
}

constexpr ColumnType kTypes[] = {ColumnType::text, ColumnType::integer,   ColumnType::real,  ColumnType::date,
                                 ColumnType::time, ColumnType::timestamp, ColumnType::binary};

// Every tag of the seeds as one type, single and as a list; and into sequences and private blocks.
ScanPlan make_plan(ColumnType type) {
  ScanPlan plan;
  plan.pixel_offset = true;
  plan.limits.elements = 1000;
  constexpr std::uint32_t kTags[] = {0x0002'0010, 0x0008'0005, 0x0008'0008, 0x0008'0020, 0x0008'002A, 0x0008'0030,
                                     0x0010'0010, 0x0010'0020, 0x0018'9810, 0x0020'0013, 0x0028'0010, 0x0028'0030,
                                     0x0028'0106, 0x0028'1101, 0x0009'1001, 0x7FE0'0010};
  for (const std::uint32_t tag : kTags)
    for (const bool is_list : {false, true}) plan.columns.push_back({"x", {}, {{tag}, ""}, {type, is_list, false}});
  for (const std::uint32_t item : {0U, 1U})
    plan.columns.push_back({"item", {{{{0x0008'1140}, ""}, item}}, {{0x0008'1150}, ""}, {ColumnType::text, true, false}});
  plan.columns.push_back({"private", {}, {{0x0009'0001}, "CREATOR"}, {ColumnType::text}});
  return plan;
}

std::vector<ScanPlan> make_plans() {
  std::vector<ScanPlan> plans;
  for (const ColumnType type : kTypes) plans.push_back(make_plan(type));
  return plans;
}

// A file without a folder: its path leads to the descriptor.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(::memfd_create("fuzz", 0)), path_("/proc/self/fd/" + std::to_string(descriptor_)) {
    require(descriptor_ >= 0);
  }
  void write(const std::uint8_t* data, std::size_t size) const {
    require(::ftruncate(descriptor_, 0) == 0);
    require(::pwrite(descriptor_, data, size, 0) == static_cast<ssize_t>(size));
  }
  const std::string& path() const { return path_; }

 private:
  int descriptor_;
  std::string path_;
};

std::shared_ptr<const RecordBatch> scan(const ScanPlan& plan, const std::string& path, std::size_t workers) {
  BulkScan files(plan, {});
  files.feed({path, path});
  const auto batch = files.next(10, workers, {});
  require(batch != nullptr && files.next(10, workers, {}) == nullptr);
  return batch;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<ScanPlan> plans = make_plans();
  static const MemoryFile file;
  file.write(data, size);
  const std::size_t type = size % plans.size();  // one a run: all at once are seven times as slow
  const auto batch = scan(plans[type], file.path(), 1 + size / plans.size() % 2);
  require(batch->table.length == 2 && test::is_sound(*batch));
  for (std::size_t i = 0; i < batch->table.children.size(); ++i) {
    const ArrowField& field = batch->schema->children[i];
    require(test::shown(batch->table.children[i], field, 0) == test::shown(batch->table.children[i], field, 1));
  }
  return 0;
}
