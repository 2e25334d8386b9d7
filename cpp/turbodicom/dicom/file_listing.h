// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The files a scan would read, with what tells one state of a file from another, and which rows of an
// earlier scan are still true. Nothing is opened but folders.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "turbodicom/dicom/file_walk.h"

namespace turbodicom::dicom {

// Columns of an earlier scan. Path i lies in bytes [ends[i], ends[i + 1]): Arrow's offsets.
template <typename Offset>
struct KnownFiles {
  std::span<const Offset> offsets;
  std::string_view bytes;
  std::span<const std::int64_t> size;
  std::span<const std::int64_t> mtime;  // nanoseconds since 1970
  std::span<const std::int64_t> inode;

  std::size_t count() const noexcept { return size.size(); }
};

class FileListing {
 public:
  FileListing(PathList sources, const WalkOptions& walk, std::size_t workers,
              const std::function<void()>& poll);

  std::size_t count() const noexcept { return paths_.size(); }
  std::string_view path(std::size_t index) const noexcept { return paths_.path(index); }

  // For each file the row that has its path, size, time and inode; -1 without one.
  template <typename Offset>
  std::vector<std::int64_t> match(const KnownFiles<Offset>& known) const;

 private:
  struct Status {
    std::int64_t size = -1;  // of what is no file
    std::int64_t mtime = 0;
    std::int64_t inode = 0;
  };

  PathList paths_;
  std::vector<Status> status_;
};

}  // namespace turbodicom::dicom
