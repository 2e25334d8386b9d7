// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/lossless_reader.h"

#include <algorithm>
#include <cstring>

#include "turbodicom/codec/jpeg/plain_bytes.h"
#include "turbodicom/codec/jpeg/undifference.h"

namespace turbodicom::codec::jpeg {
namespace {

constexpr std::size_t kStrip = 16 * 1024;  // our choice: stays in the first-level cache beside table and rows
constexpr int kWanted = 56;                // bits that a refill guarantees
constexpr int kMostInvented = 1 << 28;

}  // namespace

DifferenceReader::DifferenceReader(ByteView source)
    : source_(source), strip_(std::min(kStrip, source.size()) + sizeof(std::uint64_t)) {}

void DifferenceReader::begin(std::size_t offset) {
  source_at_ = std::min(offset, source_.size());
  segment_ended_ = false;
  met_bad_code_ = false;
  invented_ = 0;
  window_ = {0, 0, strip_.data()};
  end_ = strip_.data();
}

// Moves what is left to the front and adds as many bytes as there is room for.
void DifferenceReader::fill_strip() {
  const auto left = static_cast<std::size_t>(end_ - window_.next);
  std::memmove(strip_.data(), window_.next, left);
  std::uint8_t* to = strip_.data() + left;
  const std::uint8_t* const full = strip_.data() + strip_.size();
  while (to < full && !segment_ended_) {
    const std::uint8_t* const from = source_.data() + source_at_;
    const std::size_t most = std::min(static_cast<std::size_t>(full - to), source_.size() - source_at_);
    const std::size_t run = copy_plain_bytes(from, to, most);
    to += run;
    source_at_ += run;
    if (run < most) {  // 0xFF, any number of further 0xFF, then 0x00 is one data byte 0xFF, as libjpeg reads it
      std::size_t behind = source_at_ + 1;
      while (behind < source_.size() && source_[behind] == 0xFF) ++behind;
      segment_ended_ = behind >= source_.size() || source_[behind] != 0;
      if (segment_ended_) break;
      *to++ = 0xFF;
      source_at_ = behind + 1;
    }
    segment_ended_ = source_at_ >= source_.size();
  }
  window_.next = strip_.data();
  end_ = to;
}

// At least kWanted bits in the window, zeros where the segment has ended.
void DifferenceReader::refill() {
  if (end_ - window_.next < 8 && !segment_ended_) fill_strip();
  if (end_ - window_.next >= 8) {
    window_.bits |= load_be<std::uint64_t>(window_.next) >> window_.count;
    const int taken = (63 - window_.count) >> 3;
    window_.next += taken;
    window_.count += 8 * taken;
    return;
  }
  for (; window_.count < kWanted; window_.count += 8) {
    if (window_.next < end_)
      window_.bits |= std::uint64_t{*window_.next++} << (56 - window_.count);
    else
      invented_ = std::min(invented_ + 8, kMostInvented);  // stays small however long zeros are read
  }
}

std::uint16_t DifferenceReader::next(const DifferenceTable& table) {
  if (window_.count < 17 + 15) refill();
  const DifferenceTable::Code code = table.next(window_.bits);
  window_.bits <<= code.length;
  window_.count -= code.length;
  met_bad_code_ |= !code.is_code && !is_cornell_;
  if (is_cornell_ && (!code.is_code || code.category == kMaxCategory)) return cornell_difference();
  if (code.category == 0) return 0;
  if (code.category == kMaxCategory) return 32768;  // H.1.2.2
  const std::uint32_t mask = (1u << code.category) - 1;
  const auto magnitude = static_cast<std::uint32_t>(window_.bits >> (64 - code.category));
  window_.bits <<= code.category;
  window_.count -= static_cast<int>(code.category);
  return static_cast<std::uint16_t>(above_smallest(magnitude, mask) - mask);
}

// Bits that are no code stand for category 16 here, whose 16 superfluous bits 0x8000 or 0x7FFF some encoders write.
std::uint16_t DifferenceReader::cornell_difference() {
  refill();
  const std::uint64_t ahead = window_.bits >> 48;
  if (ahead == 0x8000 || ahead == 0x7FFF) {
    window_.bits <<= 16;
    window_.count -= 16;
  }
  return 32768;
}

std::size_t DifferenceReader::read(const DifferenceTable& table, std::uint16_t* out, std::size_t have, std::size_t need,
                                   std::uint64_t limit) {
  const std::size_t goal =
      limit >= need + DifferenceReader::kMostAhead ? need : static_cast<std::size_t>(std::max<std::uint64_t>(limit, kMostAhead) - kMostAhead);
  while (have < need) {
    if (end_ - window_.next < 8 && !segment_ended_) fill_strip();
    if (have < goal && end_ - window_.next >= 8 && !is_cornell_) have = unpack(table, out, have, goal);
    if (have < need) out[have++] = next(table);
  }
  return have;
}

std::size_t DifferenceReader::unpack(const DifferenceTable& table, std::uint16_t* out, std::size_t have, std::size_t goal) {
  const UndifferenceKernels& kernels = undifference_kernels();
  if (table.single_entries() != nullptr) return kernels.unpack_singles(window_, table.single_entries(), out, have, goal, end_ - 8);
  if (table.packed_bits() == 0) return have;
  return kernels.unpack(window_, table.packed_entries(), table.packed_bits(), out, have, goal, end_ - 8);
}

std::size_t DifferenceReader::offset() const noexcept {
  // Freed from stuffing only in part, the rest is a little shorter than in the source: no marker is skipped.
  return segment_ended_ ? source_at_ : source_at_ - static_cast<std::size_t>(end_ - window_.next);
}

}  // namespace turbodicom::codec::jpeg
