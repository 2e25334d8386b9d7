// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// What a reader found and forgave, for all levels of one file. Shared by the data sets of the file and
// safe between threads. A file may be wrong a million times: the first 100 are kept, the rest counted.
#pragma once

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "turbodicom/base/error.h"
#include "turbodicom/dicom/data_set.h"

namespace turbodicom::dicom {

// One step down: item `item` of sequence `sequence`.
struct PathStep {
  Tag sequence;
  std::uint32_t item = 0;
};
using Path = std::vector<PathStep>;

// "(0008,1140)[0].(0008,1150)"; the last tag is left out when it is tags::kNone.
std::string to_string(const Path& path, Tag tag);

[[noreturn]] void fail_at(Errc code, std::uint64_t offset, const Path& path, Tag tag, std::string message);

class IssueLog {
 public:
  static constexpr std::size_t kMostKept = 100;  // RELIABILITY P6

  // `message` is a callable: once enough issues are kept, no text is made.
  template <typename Message>
  void add(const char* code, Errc errc, std::uint64_t offset, const Path& path, Tag tag, Message message) {
    const std::lock_guard lock(mutex_);
    if (offset <= last_kept_ && is_known(code, offset)) return;
    if (!first_ || offset < first_->offset) first_ = make_error(errc, offset, path, tag, message());
    if (errc == Errc::truncated_data && !truncation_ && std::string_view(code) != "trailing_bytes")
      truncation_ = make_error(errc, offset, path, tag, message());
    if (kept_.size() == kMostKept) {
      ++more_;
      return;
    }
    kept_.push_back({offset, to_string(path, tag), code, message()});
    last_kept_ = std::max(last_kept_, offset);
  }

  // Those whose path begins with `path`, in order of their bytes; an entry "more_issues" counts the rest.
  std::vector<Issue> below(const Path& path) const;
  // The violation with the smallest offset, as the error that strict reading throws.
  std::optional<Error> first() const;
  // The first element that is longer than the bytes there are; a few bytes behind the last element are none.
  std::optional<Error> truncation() const;

 private:
  bool is_known(const char* code, std::uint64_t offset) const noexcept;
  static Error make_error(Errc errc, std::uint64_t offset, const Path& path, Tag tag, std::string message);

  mutable std::mutex mutex_;
  std::vector<Issue> kept_;
  std::uint64_t last_kept_ = 0;  // the largest offset among them: beyond it nothing can be known
  std::uint64_t more_ = 0;
  std::optional<Error> first_;
  std::optional<Error> truncation_;
};

}  // namespace turbodicom::dicom
