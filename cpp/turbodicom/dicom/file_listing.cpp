// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/dicom/file_listing.h"

#include <algorithm>
#include <unordered_map>

#include "turbodicom/base/error.h"
#include "turbodicom/base/thread_pool.h"
#include "turbodicom/dicom/source.h"

namespace turbodicom::dicom {

namespace {

constexpr std::size_t kUnitFiles = 1024;

// Nothing where an offset is none: the columns come from a file.
template <typename Offset>
std::optional<std::string_view> path_at(const KnownFiles<Offset>& known, std::size_t row) noexcept {
  const auto begin = static_cast<std::uint64_t>(known.offsets[row]);
  const auto end = static_cast<std::uint64_t>(known.offsets[row + 1]);
  if (begin > end || end > known.bytes.size()) return std::nullopt;
  return known.bytes.substr(begin, end - begin);
}

// Most files stand where they stood: the row behind the last one found is tried first.
template <typename Offset>
class RowFinder {
 public:
  explicit RowFinder(const KnownFiles<Offset>& known) : known_(known) {}

  std::optional<std::size_t> find(std::string_view path) {
    if (next_ < known_.count() && path_at(known_, next_) == path) return next_++;
    if (rows_.empty()) index();
    const auto found = rows_.find(path);
    if (found == rows_.end()) return std::nullopt;
    next_ = found->second + 1;
    return found->second;
  }

 private:
  void index() {
    rows_.reserve(known_.count() + 1);
    for (std::size_t row = 0; row < known_.count(); ++row)
      if (const auto path = path_at(known_, row)) rows_.emplace(*path, row);
    rows_.emplace(std::string_view{}, known_.count());  // no path is empty: never indexed twice
  }

  const KnownFiles<Offset>& known_;
  std::size_t next_ = 0;
  std::unordered_map<std::string_view, std::size_t> rows_;
};

}  // namespace

FileListing::FileListing(PathList sources, const WalkOptions& walk_options, std::size_t workers,
                         const std::function<void()>& poll) {
  CancelToken cancel;
  FileWalk walk(walk_options);
  walk.feed(std::move(sources));
  parallel_for(1, 1, [&](std::size_t, std::size_t) {
    std::size_t before = 0;
    do {
      cancel.check();
      before = paths_.size();
      walk.take(paths_, kUnitFiles);
    } while (paths_.size() == before + kUnitFiles);
  }, cancel, poll);
  status_.resize(paths_.size());
  const auto body = [&](std::size_t unit, std::size_t) {
    const std::size_t end = std::min(paths_.size(), (unit + 1) * kUnitFiles);
    for (std::size_t i = unit * kUnitFiles; i < end; ++i) {
      if (paths_.refusal(i) != nullptr) continue;
      const std::optional<FileStamp> stamp = file_stamp(paths_.path(i).data());
      if (!stamp) continue;
      status_[i] = {static_cast<std::int64_t>(stamp->size), stamp->mtime_ns(), static_cast<std::int64_t>(stamp->inode)};
    }
  };
  parallel_for((paths_.size() + kUnitFiles - 1) / kUnitFiles, workers, body, cancel, poll);
}

template <typename Offset>
std::vector<std::int64_t> FileListing::match(const KnownFiles<Offset>& known) const {
  const std::size_t count = known.count();
  if (known.offsets.size() != count + 1 || known.mtime.size() != count || known.inode.size() != count)
    fail(Errc::invalid_argument, 0, "the columns of known files differ in length");
  std::vector<std::int64_t> rows(paths_.size(), -1);
  RowFinder<Offset> finder(known);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Status& now = status_[i];
    if (now.size < 0) continue;
    const auto row = finder.find(path(i));
    if (row && *row < count && known.size[*row] == now.size && known.mtime[*row] == now.mtime && known.inode[*row] == now.inode)
      rows[i] = static_cast<std::int64_t>(*row);
  }
  return rows;
}

template std::vector<std::int64_t> FileListing::match(const KnownFiles<std::int32_t>&) const;
template std::vector<std::int64_t> FileListing::match(const KnownFiles<std::int64_t>&) const;

}  // namespace turbodicom::dicom
