// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Sources of bytes: memory, and files read with pread (one descriptor per Reader, none per Source).
#include "turbodicom/dicom/source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "turbodicom/base/error.h"

namespace turbodicom::dicom {

namespace {

[[noreturn, gnu::cold]] void fail_past_end(std::uint64_t offset, std::uint64_t wanted, std::uint64_t size) {
  fail(Errc::truncated_data, offset,
       "dicom: " + std::to_string(wanted) + " bytes wanted at byte " + std::to_string(offset) + " of a source of " +
           std::to_string(size) + " bytes");
}

[[noreturn, gnu::cold]] void fail_io(int error, const char* what) {
  fail(Errc::io_error, static_cast<std::uint64_t>(error),
       std::string("file: ") + what + ": " + std::generic_category().message(error));
}

class MemoryReader final : public Reader {
 public:
  MemoryReader(ByteView bytes, std::shared_ptr<const void> keep) : bytes_(bytes), keep_(std::move(keep)) {}
  void read_at(std::uint64_t offset, MutableByteView destination) const override {
    if (offset > bytes_.size() || destination.size() > bytes_.size() - offset)
      fail_past_end(offset, destination.size(), bytes_.size());
    if (!destination.empty()) std::memcpy(destination.data(), bytes_.data() + offset, destination.size());
  }

 private:
  ByteView bytes_;
  std::shared_ptr<const void> keep_;
};

class MemorySource final : public Source {
 public:
  MemorySource(ByteView bytes, std::shared_ptr<const void> keep) : bytes_(bytes), keep_(std::move(keep)) {}
  std::uint64_t size_bytes() const noexcept override { return bytes_.size(); }
  std::unique_ptr<Reader> open() const override { return std::make_unique<MemoryReader>(bytes_, keep_); }
  ByteView resident() const noexcept override { return bytes_; }

 private:
  ByteView bytes_;
  std::shared_ptr<const void> keep_;
};

FileStamp stamp_of(const struct stat& status) noexcept {
#if defined(__APPLE__)
  const auto& modified = status.st_mtimespec;
#else
  const auto& modified = status.st_mtim;
#endif
  return {static_cast<std::uint64_t>(status.st_size), modified.tv_sec, modified.tv_nsec,
          static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino)};
}

class FileReader final : public Reader {
 public:
  // O_NONBLOCK: opening a FIFO must not wait for its writer; regular files do not care.
  explicit FileReader(const char* path) : descriptor_(::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (descriptor_ < 0) fail_io(errno, "cannot be opened");
  }
  ~FileReader() override { ::close(descriptor_); }
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;

  FileStamp stamp() {
    struct stat status;
    if (::fstat(descriptor_, &status) != 0) fail_io(errno, "cannot be examined");
    if (S_ISDIR(status.st_mode)) fail_io(EISDIR, "cannot be read");
    if (!S_ISREG(status.st_mode)) fail_io(EINVAL, "is not a regular file");
    size_ = static_cast<std::uint64_t>(status.st_size);
    return stamp_of(status);
  }

  void read_at(std::uint64_t offset, MutableByteView destination) const override {
    if (offset > size_ || destination.size() > size_ - offset) fail_past_end(offset, destination.size(), size_);
    while (!destination.empty()) {
      // One call moves at most 2 GiB less a page (read(2)); 1 GiB pieces keep clear of that.
      const std::size_t piece = std::min<std::size_t>(destination.size(), std::size_t{1} << 30);
      const ssize_t count = ::pread(descriptor_, destination.data(), piece, static_cast<off_t>(offset));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail_io(errno, "cannot be read");
      if (count == 0) fail_past_end(offset, destination.size(), size_);
      destination = destination.subspan(static_cast<std::size_t>(count));
      offset += static_cast<std::uint64_t>(count);
    }
  }

 private:
  int descriptor_;
  std::uint64_t size_ = 0;
};

class FileSource final : public Source {
 public:
  FileSource(std::string path, FileStamp stamp) : path_(std::move(path)), stamp_(stamp) {}
  std::uint64_t size_bytes() const noexcept override { return stamp_.size; }
  const std::string& path() const noexcept override { return path_; }
  std::unique_ptr<Reader> open() const override {
    try {
      auto reader = std::make_unique<FileReader>(path_.c_str());
      if (reader->stamp() != stamp_) fail(Errc::io_error, ESTALE, "file: has changed or was replaced since it was opened");
      return reader;
    } catch (Error& error) {
      error.where = path_;  // becomes OSError.filename
      throw;
    }
  }

 private:
  std::string path_;
  FileStamp stamp_;
};

}  // namespace

const std::string& Source::path() const noexcept {
  static const std::string none;
  return none;
}

std::shared_ptr<const Source> memory_source(ByteView bytes, std::shared_ptr<const void> keep) {
  return std::make_shared<MemorySource>(bytes, std::move(keep));
}

std::int64_t FileStamp::mtime_ns() const noexcept {
  std::int64_t time = 0;
  if (__builtin_mul_overflow(seconds, std::int64_t{1'000'000'000}, &time) || __builtin_add_overflow(time, nanoseconds, &time))
    return seconds < 0 ? INT64_MIN : INT64_MAX;
  return time;
}

std::optional<FileStamp> file_stamp(const char* path) noexcept {
  struct stat status;
  if (::stat(path, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return stamp_of(status);
}

OpenedFile open_file(std::string path) {
  auto reader = std::make_unique<FileReader>(path.c_str());
  const FileStamp stamp = reader->stamp();
  return {std::make_shared<FileSource>(std::move(path), stamp), std::move(reader), stamp};
}

}  // namespace turbodicom::dicom
