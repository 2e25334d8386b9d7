// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/dicom/frame_scan.h"

#include <algorithm>
#include <unordered_map>

#include "turbodicom/base/error.h"

namespace turbodicom::dicom {

namespace {

constexpr std::size_t kMostIssues = 100;         // RELIABILITY P6
constexpr std::uint64_t kEndMarkerWindow = 10;   // pydicom: FF D9 among the last ten bytes ends a frame

// FF D9 is EOI of JPEG and JPEG-LS (T.81 Table B.1) and EOC of JPEG 2000 (T.800 Table A.2).
bool ends_with_end_marker(ReadAhead& bytes, const Span& fragment) {
  const std::uint64_t count = std::min(fragment.length, kEndMarkerWindow);
  if (count < 2) return false;
  const ByteView tail = bytes.at(fragment.offset + fragment.length - count, count).first(count);
  for (std::size_t at = 0; at + 1 < tail.size(); ++at)
    if (tail[at] == 0xFF && tail[at + 1] == 0xD9) return true;
  return false;
}

void one_fragment_per_frame(FrameIndex& index) {
  for (std::uint64_t frame = 0; frame <= index.spans_.size(); ++frame) index.first_.push_back(frame);
}

void split_by_end_markers(FrameIndex& index, std::uint64_t number_of_frames, ReadAhead& bytes, FrameIssues& issues) {
  const std::vector<Span>& fragments = index.spans_;
  index.first_.push_back(0);
  for (std::size_t at = 0; at < fragments.size(); ++at)
    if (ends_with_end_marker(bytes, fragments[at])) index.first_.push_back(at + 1);
  if (index.first_.back() != fragments.size()) {
    issues.add("no_end_marker", Errc::corrupt_data, fragments.back().offset,
               "pixel data: the last fragments have no end marker, and no offset table tells frames apart (PS3.5 A.4)");
    index.first_.push_back(fragments.size());
  }
  if (index.number_of_frames() != number_of_frames)
    issues.add("number_of_frames", Errc::conformance, fragments.front().offset,
               "pixel data: end markers make " + std::to_string(index.number_of_frames()) + " frames, Number of Frames is " +
                   std::to_string(number_of_frames) + " (PS3.5 A.4)");
}

}  // namespace

void FrameIssues::add(const char* code, Errc errc, std::uint64_t offset, std::string message) {
  if (strict_) {
    Error error(errc, offset, std::move(message));
    error.where = to_string(tags::kPixelData);
    throw error;
  }
  if (issues_.size() < kMostIssues) issues_.push_back({offset, to_string(tags::kPixelData), code, std::move(message)});
}

void split_by_extended_table(FrameIndex& index, const std::vector<Span>& fragments, std::uint64_t first_item,
                             const std::vector<std::uint64_t>& offsets, const std::vector<std::uint64_t>& lengths,
                             FrameIssues& issues) {
  std::unordered_map<std::uint64_t, std::uint64_t> length_at;  // of the fragment whose item tag is there
  length_at.reserve(fragments.size());
  for (const Span& fragment : fragments) length_at.emplace(fragment.offset - 8 - first_item, fragment.length);
  const std::uint64_t room = fragments.empty() ? 0 : fragments.back().offset + fragments.back().length - first_item;
  for (std::size_t frame = 0; frame < offsets.size(); ++frame) {
    const auto fragment = length_at.find(offsets[frame]);
    const bool agrees = fragment != length_at.end() && lengths[frame] <= fragment->second && fragment->second - lengths[frame] <= 1;
    if (!agrees)
      issues.add("extended_offset_table", Errc::conformance, first_item,
                 "pixel data: entry " + std::to_string(frame) + " of the Extended Offset Table is no fragment (PS3.3 C.7.6.3.1.8)");
    const std::uint64_t begin = room >= 8 ? std::min(offsets[frame], room - 8) + 8 : room;
    index.spans_.push_back({first_item + begin, std::min(lengths[frame], room - begin)});
  }
  one_fragment_per_frame(index);
}

void split_by_basic_table(FrameIndex& index, std::vector<Span> fragments, std::uint64_t first_item,
                          const std::vector<std::uint32_t>& offsets, FrameIssues& issues) {
  index.spans_ = std::move(fragments);
  index.first_.push_back(0);
  bool agrees = offsets.front() == 0;
  for (std::size_t at = 1; at < index.spans_.size() && index.first_.size() < offsets.size(); ++at) {
    const std::uint64_t item = index.spans_[at].offset - 8 - first_item;
    const std::uint64_t next = offsets[index.first_.size()];
#ifdef TURBODICOM_PLANT_frame_index_off_by_one
    if (item <= next) continue;
#else
    if (item < next) continue;
#endif
    agrees = agrees && item == next;
    index.first_.push_back(at);
  }
  if (!agrees || index.first_.size() != offsets.size())
    issues.add("basic_offset_table", Errc::conformance, first_item,
               "pixel data: the Basic Offset Table has " + std::to_string(offsets.size()) +
                   " entries that are not all where a fragment begins (PS3.5 A.4)");
  if (!index.spans_.empty()) index.first_.push_back(index.spans_.size());
  else index.first_.clear();
}

void split_without_table(FrameIndex& index, std::vector<Span> fragments, std::uint64_t number_of_frames, ReadAhead& bytes,
                         FrameIssues& issues) {
  const std::uint64_t first = fragments.empty() ? 0 : fragments.front().offset;
  index.spans_ = std::move(fragments);
  const std::uint64_t count = index.spans_.size();
  if (count == 0) return;
  if (count != number_of_frames && number_of_frames == 1) {
    index.first_ = {0, count};
  } else if (count > number_of_frames) {
    split_by_end_markers(index, number_of_frames, bytes, issues);
  } else {
    one_fragment_per_frame(index);
    if (count < number_of_frames)
      issues.add("number_of_frames", Errc::conformance, first,
                 "pixel data: " + std::to_string(count) + " fragments, but Number of Frames is " +
                     std::to_string(number_of_frames) + " (PS3.5 A.4)");
  }
}

}  // namespace turbodicom::dicom
