// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The bytes of headers: chunks of the source that were read and are kept. A value of at most
// kLargeValue bytes lies in one piece in the chunk of its element; larger ones, and Pixel Data, stay
// in the source. HeaderWindow reads chunks as the scanner asks for them, never more than a step ahead.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "turbodicom/base/bytes.h"
#include "turbodicom/dicom/source.h"

namespace turbodicom::dicom {

inline constexpr std::uint64_t kLargeValue = 64 * 1024;   // our limit: above it a value is not kept
inline constexpr std::size_t kFirstStep = 8 * 1024;       // one read(2) for most headers
inline constexpr std::size_t kLargestStep = 1024 * 1024;  // RELIABILITY P1
inline constexpr std::uint64_t kMostKeptBytes = 32u << 20;  // our limit: headers beyond it are read again when asked for
static_assert(kLargestStep > kLargeValue + 12, "a kept element must fit a chunk");

struct Chunk {
  std::uint64_t offset = 0;
  ByteView bytes;
  std::shared_ptr<const void> memory;  // null when the source owns the bytes
};

// Immutable once shared.
class HeaderBytes {
 public:
  explicit HeaderBytes(std::vector<Chunk> chunks);
  // data() is null when the bytes are not held.
  ByteView find(std::uint64_t offset, std::uint64_t length) const noexcept;
  const std::vector<Chunk>& chunks() const noexcept { return chunks_; }

 private:
  std::vector<Chunk> chunks_;  // by offset
};

// A look ahead into bytes that need not be kept: item tags of fragments.
class ReadAhead {
 public:
  ReadAhead(const Source& source, const Reader& reader) : source_(source), reader_(reader) {}
  std::uint64_t size() const noexcept { return source_.size_bytes(); }
  // At least `wanted` bytes, or as many as the source has; valid until the next call.
  ByteView at(std::uint64_t offset, std::size_t wanted);

 private:
  const Source& source_;
  const Reader& reader_;
  std::unique_ptr<std::uint8_t[]> buffer_;
  std::size_t capacity_ = 0;
  std::uint64_t offset_ = 0;
  std::size_t filled_ = 0;
  std::size_t step_ = 4096;
};

class HeaderWindow {
 public:
  // `reader` may be null: the source is then opened when it is first needed. Both must outlive the window.
  HeaderWindow(const Source& source, const Reader* reader, std::vector<Chunk> known = {});

  std::uint64_t size() const noexcept { return size_; }
  const Source& source() const noexcept { return source_; }
  const Reader& reader();
  // Bytes from `offset` on: at least `wanted`, or as many as the source has.
  ByteView at(std::uint64_t offset, std::size_t wanted);
  // For walks over bytes that are not kept; one for all, so that small walks share its buffer.
  ReadAhead& read_ahead();
  // The chunks, known and new ones. The last one is cut behind `used_end` where that saves memory.
  std::shared_ptr<const HeaderBytes> take(std::uint64_t used_end);

 private:
  ByteView read_chunk(std::uint64_t offset, std::size_t wanted);

  const Source& source_;
  const Reader* reader_;
  std::unique_ptr<Reader> own_reader_;
  std::uint64_t size_;
  std::vector<Chunk> chunks_;
  std::size_t last_ = 0;  // the chunk that answered last
  std::size_t step_ = kFirstStep;
  std::uint64_t read_ = 0;
  std::optional<ReadAhead> read_ahead_;
};

}  // namespace turbodicom::dicom
