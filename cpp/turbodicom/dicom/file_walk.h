// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Files and folders become paths of files, in one order: sources as given, the entries of a folder by
// name (bytewise), folders in their place. Nothing is opened but folders. What cannot be read is in the
// row of paths too, with the reason.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace turbodicom::dicom {

// Paths end to end, each with its null character: a million of them are no million strings.
class PathList {
 public:
  PathList() = default;
  PathList(std::initializer_list<std::string_view> paths);

  std::size_t size() const noexcept { return ends_.size(); }
  std::string_view path(std::size_t index) const noexcept;  // a null character follows
  // Why a path cannot be read, as the walk has seen it; nullptr for files.
  const std::string* refusal(std::size_t index) const noexcept;

  void add(std::string_view path) { add(path, {}); }
  void add(std::string_view folder, std::string_view name);
  void refuse(std::string_view path, std::string reason);
  // The paths from `first` on become a list of their own.
  PathList split(std::size_t first);
  // Whether some may be folders, devices and the like: see WalkOptions::trusts_sources.
  bool is_unchecked() const noexcept { return is_unchecked_; }
  void mark_unchecked() noexcept { is_unchecked_ = true; }

 private:
  std::string bytes_;
  std::vector<std::size_t> ends_;  // behind the null character
  std::vector<std::pair<std::size_t, std::string>> refusals_;  // by index
  bool is_unchecked_ = false;
};

struct WalkOptions {
  bool recursive = true;
  bool follow_links = false;  // links to folders; each folder of a source is then entered once
  // Once the first source is a file the others are taken for files too, which saves a stat(2) each; who finds
  // another thing while reading gives the paths back (put_back).
  bool trusts_sources = false;
};

class FileWalk {
 public:
  explicit FileWalk(const WalkOptions& options);
  ~FileWalk();

  void feed(PathList sources);
  // Appends up to `most` paths; fewer only when everything fed is walked.
  void take(PathList& to, std::size_t most);
  // Paths that were taken come first again, and sources are no longer trusted.
  void put_back(PathList paths);

 private:
  struct Folder;
  enum class Trust : std::uint8_t { unknown, files, none };
  void open_source(PathList& to);
  void enter(std::string path, PathList& to);
  void visit_entry(PathList& to);
  bool read_entries(Folder& folder, PathList& to);

  WalkOptions options_;
  Trust trust_;
  PathList sources_;
  std::size_t next_source_ = 0;
  std::vector<Folder> open_;  // the folders the walk is in, outermost first
  std::set<std::pair<std::uint64_t, std::uint64_t>> visited_;  // device and inode, when links are followed
};

// The text of an error of the operating system.
std::string system_message(int error);

}  // namespace turbodicom::dicom
