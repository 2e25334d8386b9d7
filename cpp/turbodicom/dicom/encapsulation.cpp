// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The frame index: one walk over the fragments, then the rules of frame_scan.h; native frames by sum.
#include "turbodicom/dicom/encapsulation.h"

#include <algorithm>
#include <memory>

#include "turbodicom/base/checked.h"
#include "turbodicom/base/error.h"
#include "turbodicom/dicom/fragments.h"
#include "turbodicom/dicom/frame_scan.h"
#include "turbodicom/dicom/issue_log.h"

namespace turbodicom::dicom {

namespace {

struct Walked {
  std::vector<Span> items;
  FragmentWalk walk;
};

Walked walk_items(ReadAhead& bytes, const Element& pixel_data, bool big_endian, const Limits& limits) {
  Walked walked;
  // Undefined length: the walk finds the end itself, whatever find() or elements() say of the length.
  const std::uint64_t declared_end = checked_add(pixel_data.offset, pixel_data.length, "pixel data");
  const std::uint64_t end = pixel_data.has_undefined_length() ? bytes.size() : std::min(bytes.size(), declared_end);
  if (pixel_data.offset > end) fail(Errc::invalid_argument, pixel_data.offset, "pixel data: beyond the end of the source");
  walked.walk = walk_fragments(bytes, pixel_data.offset, end, big_endian, [&](Span item) {
    if (walked.items.size() > limits.elements)
      fail_at(Errc::limit_exceeded, item.offset, {}, tags::kPixelData,
              "pixel data: more than " + std::to_string(limits.elements) + " fragments");
    walked.items.push_back(item);
  });
  return walked;
}

void report_walk(const FragmentWalk& walk, FrameIssues& issues) {
  switch (walk.why) {
    case WalkEnd::delimiter: return;
    case WalkEnd::missing_delimiter:
      return issues.add("missing_delimiter", Errc::truncated_data, walk.value_end,
                        "pixel data: the data end before the sequence delimiter (PS3.5 A.4)");
    case WalkEnd::truncated_item:
      return issues.add("truncated_fragment", Errc::truncated_data, walk.value_end,
                        "pixel data: the data end within the last fragment (PS3.5 A.4)");
    case WalkEnd::undefined_item:
      return issues.add("undefined_item_length", Errc::conformance, walk.value_end,
                        "pixel data: a fragment has undefined length, the rest is not read (PS3.5 A.4)");
    case WalkEnd::wrong_tag:
      return issues.add("not_an_item", Errc::conformance, walk.value_end,
                        "pixel data: neither item nor delimiter behind a fragment, the rest is not read (PS3.5 A.4)");
  }
}

template <typename Word>
std::vector<Word> words(ByteView bytes, bool big_endian) {
  std::vector<Word> values(bytes.size() / sizeof(Word));
  for (std::size_t at = 0; at < values.size(); ++at) values[at] = load<Word>(bytes.data() + at * sizeof(Word), big_endian);
  return values;
}

std::vector<std::uint64_t> extended_table(const DataSet& data_set, Tag tag, const Limits& limits) {
  const Element* element = data_set.find(tag);
  if (element == nullptr || element->has_undefined_length() || element->length / 8 > limits.elements) return {};
  return words<std::uint64_t>(data_set.value(*element).view, data_set.encoding().big_endian);
}

std::vector<std::uint32_t> basic_table(const Reader& reader, const Span& item, bool big_endian, const Limits& limits) {
  if (item.length / 4 > limits.elements)
    fail_at(Errc::limit_exceeded, item.offset, {}, tags::kPixelData,
            "pixel data: more than " + std::to_string(limits.elements) + " entries in the Basic Offset Table");
  std::vector<std::uint8_t> bytes(item.length);  // its bytes are there: the walk has been behind them
  if (!bytes.empty()) reader.read_at(item.offset, bytes);
  return words<std::uint32_t>(bytes, big_endian);
}

}  // namespace

std::uint64_t FrameIndex::codestream_bytes(std::uint64_t frame) const noexcept {
  std::uint64_t sum = 0;
  for (const Span& span : spans(frame)) sum += span.length;
  return sum;
}

std::vector<Span> list_fragment_items(const DataSet& data_set, const Element& pixel_data, const Limits& limits) {
  const std::unique_ptr<Reader> reader = data_set.source()->open();
  ReadAhead bytes(*data_set.source(), *reader);
  return walk_items(bytes, pixel_data, data_set.encoding().big_endian, limits).items;
}

FrameIndex index_encapsulated(const DataSet& data_set, const Element& pixel_data, std::uint64_t number_of_frames,
                              const Limits& limits, bool strict, const Reader* reader) {
  const bool big_endian = data_set.encoding().big_endian;
  const std::unique_ptr<Reader> own = reader == nullptr ? data_set.source()->open() : nullptr;
  if (own != nullptr) reader = own.get();
  ReadAhead bytes(*data_set.source(), *reader);
  Walked walked = walk_items(bytes, pixel_data, big_endian, limits);
  FrameIndex index;
  FrameIssues issues(index.issues, strict);
  report_walk(walked.walk, issues);
  if (walked.items.empty()) return index;

  const Span table = walked.items.front();
  const std::uint64_t first_item = table.offset + table.length;
  std::vector<Span> fragments(walked.items.begin() + 1, walked.items.end());
  const std::vector<std::uint64_t> offsets = extended_table(data_set, tags::kExtendedOffsetTable, limits);
  const std::vector<std::uint64_t> lengths = extended_table(data_set, tags::kExtendedOffsetTableLengths, limits);
  const std::vector<std::uint32_t> basic = basic_table(*reader, table, big_endian, limits);
  if (!offsets.empty() && offsets.size() == lengths.size()) {
    index.offset_table = OffsetTable::extended;
    split_by_extended_table(index, fragments, first_item, offsets, lengths, issues);
  } else if (!basic.empty()) {
    index.offset_table = OffsetTable::basic;
    split_by_basic_table(index, std::move(fragments), first_item, basic, issues);
  } else {
    split_without_table(index, std::move(fragments), std::max<std::uint64_t>(number_of_frames, 1), bytes, issues);
  }
  if (offsets.size() != lengths.size())
    issues.add("extended_offset_table", Errc::conformance, pixel_data.offset,
               "pixel data: Extended Offset Table and its lengths differ in number, neither is used (PS3.3 C.7.6.3.1.8)");
  if (index.offset_table != OffsetTable::none && index.number_of_frames() != number_of_frames)
    issues.add("number_of_frames", Errc::conformance, pixel_data.offset,
               "pixel data: the offset table makes " + std::to_string(index.number_of_frames()) +
                   " frames, Number of Frames is " + std::to_string(number_of_frames) + " (PS3.5 A.4)");
  return index;
}

}  // namespace turbodicom::dicom
