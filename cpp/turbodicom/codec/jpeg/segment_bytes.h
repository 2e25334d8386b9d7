// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The bytes of an entropy-coded segment without its stuffed zeros (T.81 B.1.1.5), a strip at a time, so that reading
// bits meets no 0xFF to look after. A segment ends at a marker or where the bytes end.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "turbodicom/base/bytes.h"

namespace turbodicom::codec::jpeg {

class SegmentBytes {
 public:
  SegmentBytes(ByteView source, std::size_t begin) noexcept : source_(source), first_(begin), next_(begin) { fill(data()); }
  SegmentBytes(const SegmentBytes&) = delete;  // readers point into it
  SegmentBytes& operator=(const SegmentBytes&) = delete;

  // Starts again, at another segment.
  void restart(std::size_t begin) noexcept {
    first_ = next_ = begin;
    is_over_ = false;
    fill(data());
  }

  const std::uint8_t* begin() const noexcept { return strip_.data() + kMargin; }
  const std::uint8_t* end() const noexcept { return end_; }
  // No strip follows.
  bool is_over() const noexcept { return is_over_; }

  // Goes on to the next strip, whose first bytes are those from `unread` on, at most kMargin of them.
  void advance(const std::uint8_t* unread) noexcept;

  // Where a byte of the strip comes from: its place in the source; for end(): where reading on would begin.
  std::size_t offset_of(const std::uint8_t* byte) const noexcept;

  static constexpr std::size_t kMargin = 8;

 private:
  std::uint8_t* data() noexcept { return strip_.data() + kMargin; }
  void fill(std::uint8_t* out) noexcept;
  std::size_t behind_byte_at(std::size_t offset) const noexcept;

  static constexpr std::size_t kStripBytes = 4096;  // our choice: stays in the first-level cache
  ByteView source_;
  std::size_t first_;  // where the strip's first byte comes from
  std::size_t next_;   // the first byte behind the strip's
  bool is_over_ = false;
  const std::uint8_t* end_ = nullptr;
  std::array<std::uint8_t, kMargin + kStripBytes> strip_;  // behind a margin, so that end() - kMargin is always within
};

}  // namespace turbodicom::codec::jpeg
