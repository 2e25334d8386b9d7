// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/dicom/issue_log.h"

#include <algorithm>

namespace turbodicom::dicom {

namespace {

// Deep paths are cut in the middle of nowhere useful: the first steps say where to look.
constexpr std::size_t kMostSteps = 66;  // our limit: the default depth and a little more

}  // namespace

std::string to_string(const Path& path, Tag tag) {
  std::string text;
  for (std::size_t step = 0; step < std::min(path.size(), kMostSteps); ++step) {
    if (step != 0) text += '.';
    text += to_string(path[step].sequence) + '[' + std::to_string(path[step].item) + ']';
  }
  if (path.size() > kMostSteps) text += "...";
  if (tag == tags::kNone) return text;
  return text.empty() ? to_string(tag) : text + '.' + to_string(tag);
}

void fail_at(Errc code, std::uint64_t offset, const Path& path, Tag tag, std::string message) {
  try {
    fail(code, offset, std::move(message));
  } catch (Error& error) {
    error.where = to_string(path, tag);
    throw;
  }
}

bool IssueLog::is_known(const char* code, std::uint64_t offset) const noexcept {
  return std::ranges::any_of(kept_, [&](const Issue& issue) { return issue.offset == offset && issue.code == code; });
}

Error IssueLog::make_error(Errc errc, std::uint64_t offset, const Path& path, Tag tag, std::string message) {
  Error error(errc, offset, std::move(message));
  error.where = to_string(path, tag);
  return error;
}

std::vector<Issue> IssueLog::below(const Path& path) const {
  const std::lock_guard lock(mutex_);
  const std::string prefix = to_string(path, tags::kNone);
  std::vector<Issue> found;
  for (const Issue& issue : kept_)
    if (issue.where.starts_with(prefix)) found.push_back(issue);
  std::ranges::stable_sort(found, {}, &Issue::offset);
  if (more_ != 0)
    found.push_back({0, prefix, "more_issues", "dicom: " + std::to_string(more_) + " more, of which no list is kept"});
  return found;
}

std::optional<Error> IssueLog::truncation() const {
  const std::lock_guard lock(mutex_);
  return truncation_;
}

std::optional<Error> IssueLog::first() const {
  const std::lock_guard lock(mutex_);
  return first_;
}

}  // namespace turbodicom::dicom
