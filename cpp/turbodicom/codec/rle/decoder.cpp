// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/rle/decoder.h"

#include <algorithm>
#include <cstring>

namespace turbodicom::codec::rle {
namespace {

// Bytes a control byte n announces (PS3.5 G.3.2); 128 announces nothing.
constexpr std::size_t run_length(unsigned control) noexcept {
  return control < 128 ? control + 1 : control > 128 ? replicate_length(control) : 0;
}

}  // namespace

SegmentReader::SegmentReader(ByteView segment, std::uint8_t* strip) noexcept
    : next_(segment.data()), end_(segment.data() + segment.size()), strip_(strip) {}

void SegmentReader::read(std::size_t count) noexcept {
  if (last_count_ > 0 && ahead_ > 0) std::memmove(strip_, strip_ + last_count_, ahead_);
  last_next_ = next_;
  last_ahead_ = ahead_;
  last_count_ = count;
  std::size_t have = ahead_;
  if (have < count) have += rle_kernels().unpack(next_, end_, strip_ + have, count - have);
  if (have < count) have += unpack_cut_run(strip_ + have);
  if (have < count) {
    std::memset(strip_ + have, 0, count - have);
    is_short_ = true;
  }
  decoded_ += std::min(have, count);
  ahead_ = have - std::min(have, count);
}

// The kernels stop before a run that the segment's end cuts; a literal run gives what it has.
std::size_t SegmentReader::unpack_cut_run(std::uint8_t* out) noexcept {
  if (next_ == end_) return 0;
  const unsigned control = *next_++;
  const auto left = static_cast<std::size_t>(end_ - next_);
  if (control < 128 && left > 0) std::memcpy(out, next_, left);
  last_run_cut_ = control < 128;
  next_ = end_;
  return control < 128 ? left : 0;
}

// Kernels may unpack runs behind the last byte asked for, so the last strip's runs are counted again
// unless the segment ended as most do: at its last byte, or one zero before it.
SegmentReader::Ending SegmentReader::ending() const noexcept {
  if (is_short_) return {end_, false, false};
  const auto left_over = end_ - next_;
  if (ahead_ == 0 && !last_run_cut_ && (left_over == 0 || (left_over == 1 && *next_ == 0))) return {next_, false, false};
  const std::uint8_t* next = last_next_;
  std::size_t have = last_ahead_;
  bool cut = false;
  while (have < last_count_ && next < end_) {
    const unsigned control = *next++;
    const auto left = static_cast<std::size_t>(end_ - next);
    const std::size_t bytes = control < 128 ? control + 1 : control > 128 ? 1 : 0;
    cut = bytes > left;
    next += std::min(bytes, left);
    have += run_length(control);
  }
  const auto rest = end_ - next;
  return {next, cut || have > last_count_, rest > 1 || (rest == 1 && *next != 0)};
}

}  // namespace turbodicom::codec::rle
