// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/dicom/nested.h"

#include <limits>
#include <vector>

#include "turbodicom/dicom/fragments.h"

namespace turbodicom::dicom {

namespace {

constexpr std::uint64_t kOpen = std::numeric_limits<std::uint64_t>::max();  // ends with a delimiter
constexpr std::size_t kMostPathSteps = 70;  // more than any message shows (issue_log.cpp)

// One sequence that the walk is in, and the item of it that the walk is in.
struct OpenSequence {
  std::uint64_t item_end = 0;  // 0 between items
  Tag tag;
  std::uint32_t item = 0;
  Encoding encoding;
  Encoding item_encoding;
};

class NestedWalk {
 public:
  NestedWalk(HeaderWindow& window, std::uint64_t offset, std::uint64_t end, const Reporter& reporter)
      : window_(window), offset_(offset), end_(end), reporter_(reporter) {}

  ValueEnd run(Tag sequence, Encoding encoding) {
    open(sequence, encoding);
    while (!open_.empty()) {
      if (end_ - offset_ < 8) return run_out();
      if (open_.back().item_end == 0) between_items();
      else within_item();
    }
    return result_;
  }

 private:
  void open(Tag sequence, Encoding encoding) {
    OpenSequence entered;
    entered.tag = sequence;
    entered.encoding = sequence_encoding(window_.at(offset_, 8), encoding);
#ifndef TURBODICOM_PLANT_scanner_no_depth_limit
    if (reporter_.path.size() + open_.size() == reporter_.limits.sequence_depth)
      report("sequence_depth", Errc::limit_exceeded, sequence, [&] {
        return "sequence: nested deeper than the limit of " + std::to_string(reporter_.limits.sequence_depth);
      });
#endif
    open_.push_back(entered);
  }

  void close(std::uint64_t value_end) {
    result_ = {value_end, offset_};
    open_.pop_back();
  }

  void between_items() {
    OpenSequence& sequence = open_.back();
    const ByteView header = window_.at(offset_, 8);
    const Tag tag = load_tag(header.data(), sequence.encoding.big_endian);
    const auto length = load<std::uint32_t>(header.data() + 4, sequence.encoding.big_endian);
    if (tag == tags::kItem) {
      enter_item(sequence, length);
    } else if (tag == tags::kSequenceDelimitation) {
      offset_ += 8;
      close(offset_ - 8);
    } else if (tag == tags::kItemDelimitation) {
      report("stray_delimiter", Errc::conformance, sequence.tag,
             [] { return std::string("sequence: item delimitation outside of an item (PS3.5 7.5)"); });
      offset_ += 8;
    } else {
      report("not_an_item", Errc::conformance, sequence.tag, [&] {
        return "sequence: found " + to_string(tag) + " where an item or the delimiter belongs (PS3.5 7.5)";
      });
      close(offset_);
    }
  }

  void enter_item(OpenSequence& sequence, std::uint32_t length) {
    offset_ += 8;
    if (length == kUndefinedLength) {
      sequence.item_end = kOpen;
      sequence.item_encoding = item_encoding(window_.at(offset_, 8), sequence.encoding);
      return;
    }
    if (length > end_ - offset_)
      report("item_past_end", Errc::truncated_data, sequence.tag, [&] {
        return "sequence: item of " + std::to_string(length) + " bytes, but " + std::to_string(end_ - offset_) +
               " are left (PS3.5 7.5)";
      });
    offset_ += std::min<std::uint64_t>(length, end_ - offset_);
    ++sequence.item;
  }

  void leave_item() {
    open_.back().item_end = 0;
    ++open_.back().item;
  }

  void within_item() {
    const Encoding encoding = open_.back().item_encoding;
    const ByteView bytes = window_.at(offset_, kLongHeader);
    const std::size_t available = std::min<std::uint64_t>(bytes.size(), end_ - offset_);
    const ElementHeader header = read_header(bytes.data(), available, encoding);
    if (header.tag == tags::kItemDelimitation) {
      offset_ += 8;
      leave_item();
    } else if (header.tag == tags::kSequenceDelimitation || header.tag == tags::kItem) {
      report("missing_delimiter", Errc::conformance, open_.back().tag,
             [] { return std::string("sequence: item of undefined length without its delimiter (PS3.5 7.5.2)"); });
      leave_item();
    } else if (header.header_bytes > available) {
      offset_ = end_;
    } else {
      pass_element(header, encoding);
    }
  }

  void pass_element(const ElementHeader& header, Encoding encoding) {
    offset_ += header.header_bytes;
    if (header.length == kUndefinedLength) {
      if (holds_data_sets(window_, header, offset_, encoding.big_endian)) return open(header.tag, encoding);
      const Path path = here();
      offset_ = end_of_undefined_value(window_, header.tag, offset_, end_, encoding.big_endian,
                                       {reporter_.log, reporter_.limits, path}).next;
      return;
    }
    if (header.length > end_ - offset_)
      report("value_past_end", Errc::truncated_data, header.tag, [&] {
        return "element: value of " + std::to_string(header.length) + " bytes, but " + std::to_string(end_ - offset_) +
               " are left (PS3.5 7.1)";
      });
    offset_ += std::min<std::uint64_t>(header.length, end_ - offset_);
  }

  ValueEnd run_out() {
    report("missing_delimiter", Errc::truncated_data, open_.back().tag,
           [] { return std::string("sequence: the data end before its delimiter (PS3.5 7.5.2)"); });
    return {end_, end_};
  }

  Path here() const {
    Path path = reporter_.path;
    for (const OpenSequence& sequence : open_) {
      if (path.size() == kMostPathSteps) break;
      path.push_back({sequence.tag, sequence.item});
    }
    return path;
  }

  template <typename Message>
  void report(const char* code, Errc errc, Tag tag, Message message) {
    Path path = here();
    if (!path.empty() && path.back().sequence == tag) path.pop_back();
    reporter_.log.add(code, errc, offset_, path, tag, message);
  }

  HeaderWindow& window_;
  std::uint64_t offset_;
  const std::uint64_t end_;
  const Reporter& reporter_;
  std::vector<OpenSequence> open_;
  ValueEnd result_;
};

}  // namespace

ValueEnd end_of_sequence(HeaderWindow& window, Tag sequence, std::uint64_t offset, std::uint64_t end, Encoding encoding,
                         const Reporter& reporter) {
  return NestedWalk(window, offset, end, reporter).run(sequence, encoding);
}

ValueEnd end_of_undefined_value(HeaderWindow& window, Tag tag, std::uint64_t offset, std::uint64_t end, bool big_endian,
                                const Reporter& reporter) {
  const FragmentWalk walk = end_of_fragments(window.read_ahead(), offset, end, big_endian);
  if (walk.why != WalkEnd::delimiter)
    reporter.log.add(walk.why == WalkEnd::wrong_tag ? "not_an_item" : "missing_delimiter", Errc::conformance, offset,
                     reporter.path, tag, [] {
                       return std::string("element: value of undefined length is not a row of items with a delimiter "
                                          "behind them (PS3.5 A.4)");
                     });
  return {walk.value_end, walk.next};
}

bool holds_data_sets(HeaderWindow& window, const ElementHeader& header, std::uint64_t value_offset, bool big_endian) {
  if (header.vr == VR::SQ) return true;
  if (header.vr != VR::UN) return false;
  if (header.vr_is_written) return true;  // PS3.5 6.2.2, CP-246
  const ByteView bytes = window.at(value_offset, 4);
  return bytes.size() >= 4 && load_tag(bytes.data(), big_endian) == tags::kItem;
}

}  // namespace turbodicom::dicom
