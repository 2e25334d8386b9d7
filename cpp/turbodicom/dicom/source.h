// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Where the bytes of a file lie. A Source is immutable and may be shared between threads; it holds
// no descriptor. open() gives a Reader for a stretch of work: for files it opens the file again and
// refuses one whose size or modification time has changed since (Errc::io_error).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "turbodicom/base/bytes.h"

namespace turbodicom::dicom {

class Reader {
 public:
  virtual ~Reader() = default;
  // Fills `destination` whole, or throws truncated_data (past the end) or io_error. Safe to call from many threads.
  virtual void read_at(std::uint64_t offset, MutableByteView destination) const = 0;
};

class Source {
 public:
  virtual ~Source() = default;
  virtual std::uint64_t size_bytes() const noexcept = 0;
  virtual std::unique_ptr<Reader> open() const = 0;
  // All bytes when they are in memory anyway, else empty.
  virtual ByteView resident() const noexcept { return {}; }
  virtual const std::string& path() const noexcept;  // empty unless a file
};

// `keep` owns the memory behind `bytes`.
std::shared_ptr<const Source> memory_source(ByteView bytes, std::shared_ptr<const void> keep);

// What tells one state of a file from another.
struct FileStamp {
  std::uint64_t size = 0;
  std::int64_t seconds = 0;      // modification time, with the nanoseconds below
  std::int64_t nanoseconds = 0;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  bool operator==(const FileStamp&) const = default;
  // Of the modification, since 1970; a time beyond 64 bits (the year 2262) is the last that fits.
  std::int64_t mtime_ns() const noexcept;
};

// Opens, takes size and modification time. The Reader that did this may be handed on to the first
// user, so that reading a header costs one open(2).
struct OpenedFile {
  std::shared_ptr<const Source> source;
  std::unique_ptr<Reader> reader;
  FileStamp stamp;
};
OpenedFile open_file(std::string path);
// Of a regular file, which is not opened; nothing for what is none or is not there.
std::optional<FileStamp> file_stamp(const char* path) noexcept;

}  // namespace turbodicom::dicom
