// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The items of a sequence (PS3.5 7.5), one level at a time, and the walk over all levels that strict
// reading is.
#include <algorithm>

#include "turbodicom/dicom/data_set_state.h"
#include "turbodicom/dicom/element_header.h"

namespace turbodicom::dicom {

namespace {

// What every item of a sequence inherits.
struct Inherited {
  std::string charset;
  std::optional<std::uint16_t> pixel_representation;
};

struct FoundItem {
  Level level;
  Encoding encoding;
  std::uint64_t offset = 0;
  std::uint32_t declared_length = 0;
};

class SequenceReader {
 public:
  SequenceReader(HeaderWindow& window, const Element& sequence, Encoding around, const Reporter& reporter)
      : window_(window), sequence_(sequence), end_(sequence.offset + sequence.length), offset_(sequence.offset),
        reporter_(reporter), encoding_(sequence_encoding(window.at(offset_, 8), around)), path_(reporter.path) {
    path_.push_back({sequence.tag, 0});
  }

  std::vector<FoundItem> run() {
    while (end_ - offset_ >= 8 && next()) {
    }
    if (offset_ < end_ && end_ - offset_ < 8)
      report("trailing_bytes", Errc::conformance,
             [&] { return "sequence: " + std::to_string(end_ - offset_) + " bytes at the end are no item (PS3.5 7.5)"; });
    return std::move(items_);
  }

 private:
  bool next() {
    const ByteView header = window_.at(offset_, 8);
    const Tag tag = load_tag(header.data(), encoding_.big_endian);
    const auto length = load<std::uint32_t>(header.data() + 4, encoding_.big_endian);
    if (tag == tags::kItem) {
      read_item(length);
      return true;
    }
    if (tag == tags::kSequenceDelimitation) return false;
    if (tag == tags::kItemDelimitation) {
      report("stray_delimiter", Errc::conformance,
             [] { return std::string("sequence: item delimitation outside of an item (PS3.5 7.5)"); });
      offset_ += 8;
      return true;
    }
    report("not_an_item", Errc::conformance, [&] {
      return "sequence: found " + to_string(tag) + " where an item or the delimiter belongs (PS3.5 7.5)";
    });
    return false;
  }

  void read_item(std::uint32_t length) {
    if (items_.size() >= reporter_.limits.elements)
      fail_at(Errc::limit_exceeded, offset_, reporter_.path, sequence_.tag,
              "sequence: more than " + std::to_string(reporter_.limits.elements) + " items");
    FoundItem item;
    item.offset = offset_;
    item.declared_length = length;
    offset_ += 8;
    item.encoding = item_encoding(window_.at(offset_, 8), encoding_);
    path_.back().item = static_cast<std::uint32_t>(items_.size());
    item.level = scan_level(window_, request(length, item.encoding), {reporter_.log, reporter_.limits, path_});
    offset_ = item.level.end;
    if (length == kUndefinedLength && item.level.why == LevelEnd::end_of_range)
      report("missing_delimiter", Errc::truncated_data,
             [] { return std::string("sequence: the data end before the delimiter of the item (PS3.5 7.5.2)"); });
    items_.push_back(std::move(item));
  }

  LevelRequest request(std::uint32_t length, Encoding encoding) {
    const std::uint64_t left = end_ - offset_;
    if (length != kUndefinedLength && length > left)
      report("item_past_end", Errc::truncated_data, [&] {
        return "sequence: item of " + std::to_string(length) + " bytes, but " + std::to_string(left) + " are left (PS3.5 7.5)";
      });
    LevelRequest level;
    level.begin = offset_;
    level.hard_end = end_;
    level.end = offset_ + std::min<std::uint64_t>(length, left);
    level.encoding = encoding;
    level.ends_with_delimiter = length == kUndefinedLength;
    return level;
  }

  template <typename Message>
  void report(const char* code, Errc errc, Message message) {
    reporter_.log.add(code, errc, offset_, reporter_.path, sequence_.tag, message);
  }

  HeaderWindow& window_;
  const Element& sequence_;
  const std::uint64_t end_;
  std::uint64_t offset_;
  const Reporter& reporter_;
  const Encoding encoding_;
  Path path_;
  std::vector<FoundItem> items_;
};

// The chunks that hold any byte of the sequence.
std::vector<Chunk> chunks_of(const HeaderBytes& bytes, const Element& sequence) {
  std::vector<Chunk> chunks;
  for (const Chunk& chunk : bytes.chunks())
    if (chunk.offset < sequence.offset + sequence.length && sequence.offset < chunk.offset + chunk.bytes.size())
      chunks.push_back(chunk);
  return chunks;
}

bool is_sequence(const Element& element) noexcept {
  return element.vr == VR::SQ || (element.vr == VR::UN && element.has_undefined_length());
}

}  // namespace

std::vector<Item> DataSet::items(const Element& sequence) const {
  const Reporter reporter = state_->reporter();
  if (sequence.length == 0) return {};
#ifndef TURBODICOM_PLANT_scanner_no_depth_limit
  if (state_->path.size() >= state_->file->limits.sequence_depth) {
    reporter.log.add("sequence_depth", Errc::limit_exceeded, sequence.offset, reporter.path, sequence.tag, [&] {
      return "sequence: nested deeper than the limit of " + std::to_string(reporter.limits.sequence_depth);
    });
    return {};
  }
#endif
  const bool in_tail = state_->tail && sequence.offset > state_->tail->request.begin;
  const HeaderBytes& bytes = in_tail ? *state_->tail->bytes : *state_->bytes;
  HeaderWindow window(*state_->file->source, nullptr, chunks_of(bytes, sequence));
  std::vector<FoundItem> found = SequenceReader(window, sequence, state_->encoding, reporter).run();
  const std::shared_ptr<const HeaderBytes> held = window.take(sequence.offset + sequence.length);
  const Inherited inherited{specific_character_set(), pixel_representation()};
  std::vector<Item> items;
  items.reserve(found.size());
  for (FoundItem& item : found) {
    auto state = std::make_unique<State>();
    state->file = state_->file;
    state->bytes = held;
    state->encoding = item.encoding;
    state->elements = std::move(item.level.elements);
    state->path = state_->path;
    state->path.push_back({sequence.tag, static_cast<std::uint32_t>(items.size())});
    state->charset_around = inherited.charset;
    state->pixel_representation_around = inherited.pixel_representation;
    items.push_back({std::make_shared<const DataSet>(std::move(state)), item.offset, item.declared_length});
  }
  return items;
}

void require_conformance(const std::vector<const DataSet*>& roots, const IssueLog& log) {
  // A file too deep to be looked at whole is refused at once.
  if (const std::optional<Error> first = log.first(); first && first->code == Errc::limit_exceeded) throw *first;
  std::vector<std::shared_ptr<const DataSet>> waiting;
  const auto visit = [&waiting](const DataSet& data_set) {
    for (const Element& element : data_set.elements())
      if (is_sequence(element))
        for (Item& item : data_set.items(element)) waiting.push_back(std::move(item.data_set));
  };
  for (const DataSet* root : roots) visit(*root);
  while (!waiting.empty()) {
    const std::shared_ptr<const DataSet> data_set = std::move(waiting.back());
    waiting.pop_back();
    visit(*data_set);
  }
  if (const std::optional<Error> first = log.first()) throw *first;
}

}  // namespace turbodicom::dicom
