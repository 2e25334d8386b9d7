// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/dicom/bulk_scan.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "turbodicom/base/thread_pool.h"
#include "turbodicom/dicom/scan_rows.h"

namespace turbodicom::dicom {

namespace {

constexpr std::size_t kUnitFiles = 256;  // our choice: a millisecond of work on a warm disk, a second on a slow share
constexpr std::size_t kShares = 4;       // our choice: units a thread has of what there is, so that all end together
constexpr std::size_t kMostThreads = 256;  // the pool has no more
constexpr std::size_t kUnitBytes = std::size_t{64} << 20;    // our limit: a unit of more is cut in two
constexpr std::size_t kBatchBytes = std::size_t{256} << 20;  // our limit: a batch is closed behind it

}  // namespace

// Neighbouring paths, and their rows once they are read.
struct BulkScan::Unit {
  PathList paths;
  std::optional<ScanRows> rows;
  bool is_taken = false;
  bool begins_with_no_file = false;
};

// The reading of one batch: what the threads share.
class BulkScan::Work {
 public:
  Work(BulkScan& scan, std::size_t rows, std::size_t workers, const CancelToken& cancel)
      : scan_(scan), rows_(rows), workers_(workers), cancel_(cancel), next_(scan.units_.begin()) {
    for (Unit& unit : scan_.units_) {
      unit.is_taken = unit.rows.has_value();
      planned_ += unit.paths.size();
      if (!unit.rows) continue;
      bytes_ += unit.rows->size_bytes();
      files_done_ += unit.rows->size();
      bytes_done_ += unit.rows->file_bytes();
    }
  }

  std::uint64_t files_done() const noexcept { return files_done_; }
  std::uint64_t bytes_done() const noexcept { return bytes_done_; }

  // Whether a source that was taken for a file is none: what was read behind it has to be read again.
  bool is_astray() const noexcept { return is_astray_; }

  // Nobody begins another unit.
  void stop() {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }

  // Reads the next unit in order; false when there is none.
  bool run() {
    const auto unit = take();
    if (unit == scan_.units_.end()) return false;
    const PathList& paths = unit->paths;
    ScanRows rows(scan_.plan_, scan_.tree_, scan_.stop_before_);
    bool is_file = true;
    for (std::size_t i = 0; is_file && i < paths.size() && rows.size_bytes() < kUnitBytes; ++i) {
      cancel_.check();
      const std::uint64_t before = rows.file_bytes();
      is_file = rows.read(paths.path(i), paths.refusal(i), paths.is_unchecked());
      files_done_ += is_file;
      bytes_done_ += rows.file_bytes() - before;
    }
    const std::lock_guard lock(mutex_);
    bytes_ += rows.size_bytes();
    if (rows.size() < unit->paths.size()) {
      const auto rest = scan_.units_.emplace(std::next(unit));
      rest->paths = unit->paths.split(rows.size());
      rest->begins_with_no_file = !is_file;
      next_ = scan_.units_.begin();
    }
    if (!is_file) is_astray_ = true;
    unit->rows.emplace(std::move(rows));
    return true;
  }

 private:
  std::list<Unit>::iterator take() {
    const std::lock_guard lock(mutex_);
    const auto none = scan_.units_.end();
    if (is_astray_ || is_stopped_) return none;
    while (next_ != none && next_->is_taken) ++next_;
    // The first unit is read whatever waits behind it: without it there is no batch.
    if (bytes_ >= kBatchBytes && next_ != scan_.units_.begin()) return none;
    const auto unit = next_ == none ? plan_unit() : next_;
    if (unit != none) unit->is_taken = true;
    return unit;
  }

  // The next files of the walk. How many there will be nobody knows: a unit is a share of those so far.
  std::list<Unit>::iterator plan_unit() {
    if (planned_ >= rows_) return scan_.units_.end();
    const std::size_t share = std::min(rows_, scan_.files_walked_) / (kShares * workers_);
    const auto unit = scan_.units_.emplace(scan_.units_.end());
    scan_.walk_.take(unit->paths, std::min(std::clamp<std::size_t>(share, 1, kUnitFiles), rows_ - planned_));
    if (unit->paths.size() == 0) return scan_.units_.erase(unit);
    planned_ += unit->paths.size();
    scan_.files_walked_ += unit->paths.size();
    return unit;
  }

  BulkScan& scan_;
  const std::size_t rows_;
  const std::size_t workers_;
  const CancelToken& cancel_;
  std::mutex mutex_;
  std::list<Unit>::iterator next_;  // all before it are taken
  std::size_t planned_ = 0;  // rows of all units
  std::size_t bytes_ = 0;    // of what is read
  std::atomic<std::uint64_t> files_done_{0};
  std::atomic<std::uint64_t> bytes_done_{0};
  bool is_astray_ = false;
  bool is_stopped_ = false;
};

BulkScan::BulkScan(ScanPlan plan, const WalkOptions& walk)
    : plan_(std::move(plan)), tree_(plan_tree(plan_.columns)), stop_before_(stop_tag(plan_.columns, plan_.pixel_offset)),
      walk_({.recursive = walk.recursive, .follow_links = walk.follow_links, .trusts_sources = true}) {
  ArrowField schema{"", "+s", {}};
  std::vector<ColumnForm> forms;
  for (const auto& [name, form] : columns_of(plan_)) {
    schema.children.push_back(field_of(name, form));
    forms.push_back(form);
  }
  schema.children.push_back(unparsed_field());
  schema_ = std::make_shared<const ArrowField>(std::move(schema));
  forms_ = std::make_shared<const std::vector<ColumnForm>>(std::move(forms));
}

BulkScan::~BulkScan() = default;

std::shared_ptr<const RecordBatch> BulkScan::next(std::size_t rows, std::size_t workers, const ScanPoll& poll) {
  rows = std::max<std::size_t>(rows, 1);
  workers = std::clamp<std::size_t>(workers, 1, std::min(rows, kMostThreads));
  const std::thread::id caller = std::this_thread::get_id();
  for (;;) {
    split_front(rows);
    CancelToken cancel;
    Work work(*this, rows, workers, cancel);
    const auto tell = [&] {
      if (poll) poll(work.files_done(), work.bytes_done());
    };
    const auto read_units = [&](std::size_t, std::size_t) {
      try {
        while (work.run())
          if (std::this_thread::get_id() == caller) tell();  // no thread but ours: nobody else does
      } catch (...) {
        work.stop();
        throw;
      }
    };
    parallel_for(workers, workers, read_units, cancel, tell);
    if (!work.is_astray()) return take_batch(rows);
    walk_again();
  }
}

// From the first source on that is no file, though it was taken for one, paths go back to the walk.
void BulkScan::walk_again() {
  const auto first = std::ranges::find_if(units_, &Unit::begins_with_no_file);
  PathList paths;
  for (auto unit = first; unit != units_.end(); ++unit)
    for (std::size_t i = 0; i < unit->paths.size(); ++i) paths.add(unit->paths.path(i));
  units_.erase(first, units_.end());
  units_.remove_if([](const Unit& unit) { return unit.paths.size() == 0; });
  walk_.put_back(std::move(paths));
}

// A unit that was planned for a larger batch than is wanted now.
void BulkScan::split_front(std::size_t rows) {
  if (units_.empty() || units_.front().paths.size() <= rows) return;
  Unit& front = units_.front();
  const auto rest = units_.emplace(std::next(units_.begin()));
  rest->paths = front.paths.split(rows);
  front.rows.reset();
}

// The units at the front that are read: in order, without a gap.
std::shared_ptr<const RecordBatch> BulkScan::take_batch(std::size_t rows) {
  std::list<Unit> taken;
  std::size_t count = 0, bytes = 0;
  while (!units_.empty() && units_.front().rows && bytes < kBatchBytes) {
    const ScanRows& front = *units_.front().rows;
    if (count + front.size() > rows) break;
    count += front.size();
    bytes += front.size_bytes();
    taken.splice(taken.end(), units_, units_.begin());
  }
  return taken.empty() ? nullptr : join_units(taken);
}

std::shared_ptr<const RecordBatch> BulkScan::empty() const {
  std::list<Unit> none(1);
  none.front().rows.emplace(plan_, tree_, stop_before_);
  return join_units(none);
}

std::shared_ptr<const RecordBatch> BulkScan::join_units(const std::list<Unit>& units) const {
  auto batch = std::make_shared<RecordBatch>();
  batch->schema = schema_;
  batch->forms = forms_;
  batch->table.buffers.emplace_back();
  for (std::size_t index = 0; index < forms_->size(); ++index) {
    std::vector<const Column*> parts;
    for (const Unit& unit : units) parts.push_back(&unit.rows->columns()[index]);
    batch->table.children.push_back(join(parts));
  }
  std::vector<const UnparsedColumn*> parts;
  for (const Unit& unit : units) parts.push_back(&unit.rows->unparsed());
  batch->table.children.push_back(join(parts));
  batch->table.length = batch->table.children[0].length;
  return batch;
}

}  // namespace turbodicom::dicom
