// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/segment_bytes.h"

#include <algorithm>
#include <cstring>

#include "turbodicom/codec/jpeg/plain_bytes.h"

namespace turbodicom::codec::jpeg {

// 0xFF, any number of further 0xFF, then 0x00 is one data byte 0xFF, as libjpeg reads it. Returns what is behind it; 0 where
// it is a marker, or the source ends in it.
std::size_t SegmentBytes::behind_byte_at(std::size_t offset) const noexcept {
  if (source_[offset] != 0xFF) return offset + 1;
  std::size_t behind = offset + 1;
  while (behind < source_.size() && source_[behind] == 0xFF) ++behind;
  return behind < source_.size() && source_[behind] == 0 ? behind + 1 : 0;
}

void SegmentBytes::fill(std::uint8_t* out) noexcept {
  std::uint8_t* const limit = strip_.data() + strip_.size();
  while (out < limit && next_ < source_.size()) {
    const std::uint8_t* const from = source_.data() + next_;
    const std::size_t most = std::min(static_cast<std::size_t>(limit - out), source_.size() - next_);
    const std::size_t plain = copy_plain_bytes(from, out, most);
    out += plain;
    next_ += plain;
    if (plain == most) continue;
    const std::size_t behind = behind_byte_at(next_);
    if (behind == 0) {
      is_over_ = true;
      break;
    }
    *out++ = 0xFF;
    next_ = behind;
  }
  is_over_ |= next_ >= source_.size();
  end_ = out;
}

void SegmentBytes::advance(const std::uint8_t* unread) noexcept {
  first_ = offset_of(unread);
  const auto kept = static_cast<std::size_t>(end_ - unread);
  std::memmove(data(), unread, kept);
  fill(data() + kept);
}

std::size_t SegmentBytes::offset_of(const std::uint8_t* byte) const noexcept {
  std::size_t offset = next_;
  if (end_ - byte > static_cast<std::ptrdiff_t>(kMargin)) {  // rare: a message, or the rest of a segment
    offset = first_;
    for (const std::uint8_t* at = begin(); at < byte; ++at) offset = behind_byte_at(offset);
    return offset;
  }
  for (; byte < end_; ++byte) {  // backwards from the strip's end
    const bool is_stuffed = source_[offset - 1] == 0 && offset >= first_ + 2 && source_[offset - 2] == 0xFF;
    offset -= is_stuffed ? 2 : 1;
    while (is_stuffed && offset > first_ && source_[offset - 1] == 0xFF) --offset;
  }
  return offset;
}

}  // namespace turbodicom::codec::jpeg
