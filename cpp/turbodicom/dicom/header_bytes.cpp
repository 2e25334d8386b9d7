// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/dicom/header_bytes.h"

#include <algorithm>
#include <cstring>

namespace turbodicom::dicom {

namespace {

constexpr std::size_t kSmallestStep = 256;         // an item tag and a little more
constexpr std::size_t kWorthCutting = 2 * 1024;    // unused bytes of a chunk that are worth a copy

bool holds(const Chunk& chunk, std::uint64_t offset, std::uint64_t length) noexcept {
  return offset >= chunk.offset && offset - chunk.offset <= chunk.bytes.size() &&
         length <= chunk.bytes.size() - (offset - chunk.offset);
}

// The last chunk that begins at or before `offset`; chunks.size() when none does.
std::size_t chunk_before(const std::vector<Chunk>& chunks, std::uint64_t offset) noexcept {
  const auto next = std::ranges::upper_bound(chunks, offset, {}, &Chunk::offset);
  return next == chunks.begin() ? chunks.size() : static_cast<std::size_t>(next - chunks.begin()) - 1;
}

Chunk copy_of(std::uint64_t offset, ByteView bytes) {
  auto memory = std::make_shared_for_overwrite<std::uint8_t[]>(bytes.size());
  if (!bytes.empty()) std::memcpy(memory.get(), bytes.data(), bytes.size());
  return {offset, {memory.get(), bytes.size()}, memory};
}

}  // namespace

HeaderBytes::HeaderBytes(std::vector<Chunk> chunks) : chunks_(std::move(chunks)) {}

ByteView HeaderBytes::find(std::uint64_t offset, std::uint64_t length) const noexcept {
  const std::size_t index = chunk_before(chunks_, offset);
  if (index == chunks_.size() || !holds(chunks_[index], offset, length)) return {};
  return chunks_[index].bytes.subspan(offset - chunks_[index].offset, length);
}

HeaderWindow::HeaderWindow(const Source& source, const Reader* reader, std::vector<Chunk> known)
    : source_(source), reader_(reader), size_(source.size_bytes()), chunks_(std::move(known)) {
  const ByteView resident = source.resident();
  if (resident.data() != nullptr) chunks_.assign(1, {0, resident, nullptr});
}

const Reader& HeaderWindow::reader() {
  if (reader_ == nullptr) {
    own_reader_ = source_.open();
    reader_ = own_reader_.get();
  }
  return *reader_;
}

ReadAhead& HeaderWindow::read_ahead() {
  if (!read_ahead_) read_ahead_.emplace(source_, reader());
  return *read_ahead_;
}

ByteView HeaderWindow::at(std::uint64_t offset, std::size_t wanted) {
  if (offset >= size_) return {};
  const std::uint64_t needed = std::min<std::uint64_t>(wanted, size_ - offset);
  if (last_ >= chunks_.size() || !holds(chunks_[last_], offset, needed)) {
    last_ = chunk_before(chunks_, offset);
    if (last_ == chunks_.size() || !holds(chunks_[last_], offset, needed)) return read_chunk(offset, wanted);
  }
  return chunks_[last_].bytes.subspan(offset - chunks_[last_].offset);
}

ByteView HeaderWindow::read_chunk(std::uint64_t offset, std::size_t wanted) {
  const bool follows = last_ < chunks_.size() && holds(chunks_[last_], offset, 0);
  step_ = follows ? std::min(step_ * 4, kLargestStep) : kFirstStep;
  const std::uint64_t count = std::min<std::uint64_t>(std::max(wanted, step_), size_ - offset);
  auto memory = std::make_shared_for_overwrite<std::uint8_t[]>(count);
  reader().read_at(offset, {memory.get(), count});
  read_ += count;
  if (read_ > kMostKeptBytes && last_ < chunks_.size()) chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(last_));
  const auto place = std::ranges::upper_bound(chunks_, offset, {}, &Chunk::offset);
  last_ = static_cast<std::size_t>(place - chunks_.begin());
  chunks_.insert(place, {offset, {memory.get(), count}, memory});
  return chunks_[last_].bytes;
}

std::shared_ptr<const HeaderBytes> HeaderWindow::take(std::uint64_t used_end) {
  if (!chunks_.empty() && chunks_.back().memory != nullptr) {
    Chunk& chunk = chunks_.back();
    const std::uint64_t used = std::clamp<std::uint64_t>(used_end, chunk.offset, chunk.offset + chunk.bytes.size());
    if (chunk.offset + chunk.bytes.size() - used > kWorthCutting)
      chunk = copy_of(chunk.offset, chunk.bytes.first(used - chunk.offset));
  }
  last_ = 0;
  return std::make_shared<const HeaderBytes>(std::move(chunks_));
}

// Small steps over large fragments, large ones over small fragments: the step doubles while the bytes
// read are used, and starts again where most of them were jumped over.
ByteView ReadAhead::at(std::uint64_t offset, std::size_t wanted) {
  if (offset >= size()) return {};
  const std::uint64_t left = size() - offset;
  if (const ByteView resident = source_.resident(); resident.data() != nullptr) return resident.subspan(offset);
  const std::uint64_t needed = std::min<std::uint64_t>(wanted, left);
  if (filled_ != 0 && offset >= offset_ && offset - offset_ <= filled_ && needed <= filled_ - (offset - offset_))
    return {buffer_.get() + (offset - offset_), filled_ - (offset - offset_)};
  const bool follows = filled_ != 0 && offset >= offset_ && offset - offset_ <= filled_ + filled_ / 4;
  step_ = follows ? std::min(step_ * 2, kLargestStep) : kSmallestStep;
  const std::size_t count = std::min<std::uint64_t>(std::max(wanted, step_), left);
  if (count > capacity_) {
    capacity_ = std::max(count, std::min(capacity_ * 2, kLargestStep));
    buffer_ = std::make_unique_for_overwrite<std::uint8_t[]>(capacity_);
  }
  filled_ = 0;
  reader_.read_at(offset, {buffer_.get(), count});
  offset_ = offset;
  filled_ = count;
  return {buffer_.get(), count};
}

}  // namespace turbodicom::dicom
