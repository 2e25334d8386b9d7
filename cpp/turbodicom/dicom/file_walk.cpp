// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/dicom/file_walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

namespace turbodicom::dicom {

namespace {

enum class Kind : std::uint8_t { file, folder, other };

struct Entry {
  std::size_t begin = 0;  // in Folder::names
  std::uint32_t length = 0;
  Kind kind = Kind::file;
  bool is_link = false;
  int error = 0;  // of a link that leads nowhere
};

struct CloseDirectory {
  void operator()(DIR* directory) const noexcept { ::closedir(directory); }
};
using Directory = std::unique_ptr<DIR, CloseDirectory>;

Kind kind_of(const struct stat& status) noexcept {
  if (S_ISREG(status.st_mode)) return Kind::file;
  return S_ISDIR(status.st_mode) ? Kind::folder : Kind::other;
}

const char* refusal_of(const struct stat& status) noexcept {
  if (S_ISFIFO(status.st_mode)) return "not a regular file: a FIFO";
  if (S_ISSOCK(status.st_mode)) return "not a regular file: a socket";
  return "not a regular file: a device";
}

// Asks the system only where the folder itself does not say what an entry is.
Entry classify(int folder, const dirent& found) {
  Entry entry;
  bool is_unknown = true;
#ifdef DT_UNKNOWN
  is_unknown = found.d_type == DT_UNKNOWN;
  entry.is_link = found.d_type == DT_LNK;
  entry.kind = found.d_type == DT_REG ? Kind::file : found.d_type == DT_DIR ? Kind::folder : Kind::other;
#endif
  struct stat status;
  if (is_unknown) {
    if (::fstatat(folder, found.d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
      entry.error = errno;
      return entry;
    }
    entry.is_link = S_ISLNK(status.st_mode);
    entry.kind = kind_of(status);
  }
  if (!entry.is_link) return entry;
  if (::fstatat(folder, found.d_name, &status, 0) == 0) entry.kind = kind_of(status);
  else entry.error = errno;
  return entry;
}

}  // namespace

struct FileWalk::Folder {
  std::string path;  // ends with a slash
  std::string names;
  std::vector<Entry> entries;
  std::size_t next = 0;

  std::string_view name(const Entry& entry) const noexcept { return {names.data() + entry.begin, entry.length}; }
};

std::string system_message(int error) { return std::generic_category().message(error); }

// ---- PathList -----------------------------------------------------------------------------------

PathList::PathList(std::initializer_list<std::string_view> paths) {
  for (const std::string_view path : paths) add(path);
}

std::string_view PathList::path(std::size_t index) const noexcept {
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
  return {bytes_.data() + begin, ends_[index] - begin - 1};
}

const std::string* PathList::refusal(std::size_t index) const noexcept {
  const auto found = std::ranges::lower_bound(refusals_, index, {}, &std::pair<std::size_t, std::string>::first);
  return found != refusals_.end() && found->first == index ? &found->second : nullptr;
}

void PathList::add(std::string_view folder, std::string_view name) {
  bytes_.append(folder);
  bytes_.append(name);
  bytes_.push_back('\0');
  ends_.push_back(bytes_.size());
}

void PathList::refuse(std::string_view path, std::string reason) {
  refusals_.emplace_back(size(), std::move(reason));
  add(path);
}

PathList PathList::split(std::size_t first) {
  PathList rest;
  rest.is_unchecked_ = is_unchecked_;
  for (std::size_t i = first; i < size(); ++i) {
    if (const std::string* reason = refusal(i)) rest.refuse(path(i), *reason);
    else rest.add(path(i));
  }
  ends_.resize(first);
  bytes_.resize(first == 0 ? 0 : ends_.back());
  while (!refusals_.empty() && refusals_.back().first >= first) refusals_.pop_back();
  return rest;
}

// ---- FileWalk -----------------------------------------------------------------------------------

FileWalk::FileWalk(const WalkOptions& options)
    : options_(options), trust_(options.trusts_sources ? Trust::unknown : Trust::none) {}
FileWalk::~FileWalk() = default;

void FileWalk::feed(PathList sources) {
  if (next_source_ == sources_.size()) {
    sources_ = std::move(sources);
    next_source_ = 0;
    return;
  }
  for (std::size_t i = 0; i < sources.size(); ++i) sources_.add(sources.path(i));
}

void FileWalk::take(PathList& to, std::size_t most) {
  const std::size_t wanted = to.size() + most;
  while (to.size() < wanted) {
    if (!open_.empty()) visit_entry(to);
    else if (next_source_ < sources_.size()) open_source(to);
    else return;
  }
}

void FileWalk::put_back(PathList paths) {
  trust_ = Trust::none;
  for (; next_source_ < sources_.size(); ++next_source_) paths.add(sources_.path(next_source_));
  sources_ = std::move(paths);
  next_source_ = 0;
}

void FileWalk::open_source(PathList& to) {
  const std::string_view path = sources_.path(next_source_++);
  struct stat status;
  if (path.find('\0') != std::string_view::npos) return to.refuse(path, "the path holds a null character");
  if (trust_ == Trust::files) {
    to.mark_unchecked();
    return to.add(path);
  }
  if (::stat(path.data(), &status) != 0) return to.refuse(path, system_message(errno));
  if (trust_ == Trust::unknown) trust_ = S_ISREG(status.st_mode) ? Trust::files : Trust::none;
  switch (kind_of(status)) {
    case Kind::file: return to.add(path);
    case Kind::other: return to.refuse(path, refusal_of(status));
    case Kind::folder: break;
  }
  visited_.clear();
  enter(std::string(path), to);
}

void FileWalk::visit_entry(PathList& to) {
  Folder& folder = open_.back();
  if (folder.next == folder.entries.size()) {
    open_.pop_back();
    return;
  }
  const Entry entry = folder.entries[folder.next++];
  const std::string_view name = folder.name(entry);
  if (entry.error != 0) return to.refuse(folder.path + std::string(name), system_message(entry.error));
  if (entry.kind == Kind::file) return to.add(folder.path, name);
  if (entry.kind == Kind::other || !options_.recursive || (entry.is_link && !options_.follow_links)) return;
  enter(folder.path + std::string(name), to);
}

void FileWalk::enter(std::string path, PathList& to) {
  Folder folder;
  folder.path = std::move(path);
  if (read_entries(folder, to)) open_.push_back(std::move(folder));
}

// False when the folder cannot be opened, or has been walked already.
bool FileWalk::read_entries(Folder& folder, PathList& to) {
  const auto refuse = [&](int error) {
    to.refuse(folder.path, system_message(error));
    return false;
  };
  const Directory directory(::opendir(folder.path.c_str()));
  if (directory == nullptr) return refuse(errno);
  const int descriptor = ::dirfd(directory.get());
  if (options_.follow_links) {
    struct stat status;
    if (::fstat(descriptor, &status) != 0) return refuse(errno);
    if (!visited_.emplace(status.st_dev, status.st_ino).second) return false;
  }
  for (;;) {
    errno = 0;
    const dirent* found = ::readdir(directory.get());
    if (found == nullptr) break;
    const std::string_view name = found->d_name;
    if (name == "." || name == "..") continue;
    Entry entry = classify(descriptor, *found);
    if (entry.kind == Kind::other && entry.error == 0) continue;
    entry.begin = folder.names.size();
    entry.length = static_cast<std::uint32_t>(name.size());
    folder.names.append(name);
    folder.entries.push_back(entry);
  }
  if (errno != 0) refuse(errno);
  if (folder.path.back() != '/') folder.path += '/';
  std::ranges::sort(folder.entries, {}, [&](const Entry& entry) { return folder.name(entry); });
  return true;
}

}  // namespace turbodicom::dicom
