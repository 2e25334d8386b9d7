// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Builds RLE frames run by run, right or wrong on purpose (PS3.5 G.3 to G.5).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "turbodicom/base/bytes.h"

namespace rle_test {

class SegmentWriter {
 public:
  SegmentWriter& literal(std::string_view bytes) {
    bytes_.push_back(static_cast<std::uint8_t>(bytes.size() - 1));
    return raw(bytes);
  }
  SegmentWriter& replicate(int length, char value) {
    bytes_.push_back(static_cast<std::uint8_t>(257 - length));
    return raw({&value, 1});
  }
  SegmentWriter& no_operation() { return raw("\x80"); }
  SegmentWriter& raw(std::string_view bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  SegmentWriter& zeros(std::size_t count) {
    bytes_.insert(bytes_.end(), count, 0);
    return *this;
  }
  const std::vector<std::uint8_t>& bytes() const { return bytes_; }

 private:
  std::vector<std::uint8_t> bytes_;
};

// Header and segments; each header word can be overridden.
class FrameWriter {
 public:
  FrameWriter& segment(const SegmentWriter& segment) {
    segments_.push_back(segment.bytes());
    return *this;
  }
  FrameWriter& gap_after_header(std::size_t bytes) {
    gap_ = bytes;
    return *this;
  }
  FrameWriter& word(std::size_t index, std::uint32_t value) {
    overrides_.emplace_back(index, value);
    return *this;
  }
  std::vector<std::uint8_t> bytes() const {
    std::vector<std::uint8_t> frame(64 + gap_, 0);
    turbodicom::store_le(frame.data(), static_cast<std::uint32_t>(segments_.size()));
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      if (i < 15) turbodicom::store_le(frame.data() + 4 + 4 * i, static_cast<std::uint32_t>(frame.size()));
      frame.insert(frame.end(), segments_[i].begin(), segments_[i].end());
    }
    for (const auto& [index, value] : overrides_) turbodicom::store_le(frame.data() + 4 * index, value);
    return frame;
  }

 private:
  std::size_t gap_ = 0;
  std::vector<std::vector<std::uint8_t>> segments_;
  std::vector<std::pair<std::size_t, std::uint32_t>> overrides_;
};

}  // namespace rle_test
