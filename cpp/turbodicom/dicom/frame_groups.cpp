// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The walk keeps to the rules of items.cpp (items) and scanner.cpp (elements), which say why; it goes down only
// where a path leads, so its recursion is as deep as the longest path.
#include "turbodicom/dicom/frame_groups.h"

#include <algorithm>

#include "turbodicom/dicom/dictionary.h"
#include "turbodicom/dicom/element_header.h"
#include "turbodicom/dicom/frame_groups_plan.h"
#include "turbodicom/dicom/nested.h"
#include "turbodicom/dicom/regular_end.h"

namespace turbodicom::dicom {

namespace {

constexpr std::uint64_t kSample = 16;  // items that tell how long the others are
constexpr std::uint32_t kLongestPlausibleUn = 0xFFFE;  // as resolved_vr.cpp

// A stretch of the bytes: an item's content.
struct ItemRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  bool ends_with_delimiter = false;
  Encoding encoding;
};

// Explicit UN of a known sequence is one (PS3.5 6.2.2); of undefined length any UN is.
bool is_sequence(const ElementHeader& header) noexcept {
  if (header.vr == VR::SQ) return true;
  if (header.vr != VR::UN) return false;
  if (header.length == kUndefinedLength) return true;
  if (!header.vr_is_written || header.length > kLongestPlausibleUn) return false;
  const DictionaryEntry* entry = find_entry(header.tag);
  return entry != nullptr && entry->vr == VR::SQ;
}

}  // namespace

class FrameGroupsReader {
 public:
  FrameGroupsReader(FrameGroups& groups, const GroupPlan& plan, const Limits& limits)
      : groups_(groups), plan_(plan), limits_(limits), bytes_(groups.bytes_.view),
        source_(memory_source(bytes_, nullptr)), window_(*source_, nullptr), reporter_{log_, limits_, path_} {}

  void run(Encoding around, std::uint64_t most_rows) {
    ItemCursor cursor(bytes_, 0, bytes_.size(), around);
    ItemRange item;
    while (cursor.next(item)) {
      if (++groups_.items_ > limits_.elements)
        fail(Errc::limit_exceeded, groups_.offset_ + item.begin,
             "functional groups: more than " + std::to_string(limits_.elements) + " items");
      const bool is_wanted = groups_.rows_ < most_rows;
      if (is_wanted) row_ = groups_.rows_++;
      cursor.at = level(is_wanted ? plan_.root() : nothing_, item, cursor.end, is_wanted);
      if (groups_.items_ == kSample) reserve_rows(cursor.at, most_rows);
    }
  }

 private:
  // The items of one sequence; `at` is moved behind an item by whoever has walked it.
  struct ItemCursor {
    ItemCursor(ByteView all, std::uint64_t first, std::uint64_t last, Encoding around)
        : bytes(all), at(first), end(last), encoding(sequence_encoding(all.subspan(first), around)) {}

    bool next(ItemRange& item) noexcept {
      while (end - at >= kShortHeader) {
        const Tag tag = load_tag(bytes.data() + at, encoding.big_endian);
        const auto length = load<std::uint32_t>(bytes.data() + at + 4, encoding.big_endian);
        if (tag != tags::kItem && tag != tags::kItemDelimitation) return false;
        at += kShortHeader;
        if (tag == tags::kItemDelimitation) continue;
        item = {at, at + std::min<std::uint64_t>(length, end - at), length == kUndefinedLength,
                item_encoding(bytes.subspan(at), encoding)};
        return true;
      }
      return false;
    }

    ByteView bytes;
    std::uint64_t at, end;
    Encoding encoding;
  };

  // As many as there will be when the others are as long as the first ones.
  void reserve_rows(std::uint64_t bytes_behind, std::uint64_t most_rows) {
    const std::uint64_t likely = bytes_.size() / (bytes_behind / kSample) + kSample;
    for (std::vector<GroupValue>& column : groups_.columns_)
      if (!column.empty()) column.reserve(std::min({likely, most_rows, limits_.elements}));
  }

  GroupValue& place(std::uint32_t field) {
    std::vector<GroupValue>& column = groups_.columns_[field];
    if (column.size() <= row_) column.resize(row_ + 1);
    return column[row_];
  }

  // Does not make a place for nothing.
  void forget(std::uint32_t field, Presence presence) {
    if (groups_.columns_[field].size() > row_) groups_.columns_[field][row_] = {.presence = presence};
  }

  // Walks one item; the first byte behind it. `hard_end` is that of the sequence: values may go beyond their item.
  std::uint64_t level(const WantedLevel& wanted, const ItemRange& item, std::uint64_t hard_end, bool is_root = false) {
    if (item.encoding.big_endian)
      return item.encoding.implicit_vr ? level_of<true, true>(wanted, item, hard_end, is_root)
                                       : level_of<false, true>(wanted, item, hard_end, is_root);
    return item.encoding.implicit_vr ? level_of<true, false>(wanted, item, hard_end, is_root)
                                     : level_of<false, false>(wanted, item, hard_end, is_root);
  }

  template <bool kImplicit, bool kBig>
  std::uint64_t level_of(const WantedLevel& wanted, const ItemRange& item, std::uint64_t hard_end, bool is_root) {
    const std::span<const Wanted> looked_for(wanted.tags);
    std::size_t next = 0;  // the first wanted tag not below the last element's
    Tag last{0};
    std::uint64_t at = item.begin;
    while (at < item.end) {
      const std::uint64_t left = hard_end - at;
      if (left < kShortHeader) return hard_end;
      if (load_tag<kBig>(bytes_.data() + at) == tags::kItemDelimitation) return at + kShortHeader;
      const ElementHeader header = read_header<kImplicit, kBig>(bytes_.data() + at, left);
      if (header.tag.group() == 0xFFFE) [[unlikely]] {
        if (item.ends_with_delimiter && is_boundary(header.tag)) return at;
        at = behind_stray<kBig>(header.tag, at, hard_end);
        continue;
      }
      if (header.header_bytes > left) return hard_end;
      const std::uint64_t value = at + header.header_bytes;
      const Extent extent = extent_of<kImplicit, kBig>(header, value, hard_end);
      if (header.tag < last) next = 0;
      last = header.tag;
      while (next < looked_for.size() && looked_for[next].tag < header.tag) ++next;
      if (next < looked_for.size() && looked_for[next].tag == header.tag)
        take(looked_for[next], header, value, extent.length, {kImplicit, kBig}, is_root);
      else if (is_root && !plan_.any_group().empty() && is_sequence(header))
        look_into(plan_.any_group(), {}, value, extent.length, {kImplicit, kBig});
      at = extent.next;
    }
    return at;
  }

  static bool is_boundary(Tag tag) noexcept { return tag == tags::kItem || tag == tags::kSequenceDelimitation; }

  // Items and delimiters where elements belong.
  template <bool kBig>
  std::uint64_t behind_stray(Tag tag, std::uint64_t at, std::uint64_t hard_end) const noexcept {
    const auto length = load<std::uint32_t>(bytes_.data() + at + 4, kBig);
    const std::uint64_t left = hard_end - at - kShortHeader;
    const bool has_value = tag == tags::kItem && length != kUndefinedLength;
    return at + kShortHeader + (has_value ? std::min<std::uint64_t>(length, left) : 0);
  }

  struct Extent {
    std::uint64_t length = 0;
    std::uint64_t next = 0;
  };

  template <bool kImplicit, bool kBig>
  Extent extent_of(const ElementHeader& header, std::uint64_t value, std::uint64_t hard_end) {
    if (header.length != kUndefinedLength) [[likely]] {
      const std::uint64_t length = std::min<std::uint64_t>(header.length, hard_end - value);
      return {length, value + length};
    }
    constexpr Encoding kEncoding{kImplicit, kBig};
    const bool is_plain = header.vr == VR::SQ && sequence_encoding(bytes_.subspan(value), kEncoding) == kEncoding;
    if (is_plain && header.tag != tags::kPixelData)
      if (const std::optional<ValueEnd> end = regular_end<kImplicit, kBig>(bytes_, value, hard_end))
        return {end->value_end - value, end->next};
    return odd_extent(header, value, hard_end, kEncoding);
  }

  Extent odd_extent(const ElementHeader& header, std::uint64_t value, std::uint64_t hard_end, Encoding encoding) {
    const bool nested = header.tag != tags::kPixelData && holds_data_sets(window_, header, value, encoding.big_endian);
    const ValueEnd end = nested ? end_of_sequence(window_, header.tag, value, hard_end, encoding, reporter_)
                                : end_of_undefined_value(window_, header.tag, value, hard_end, encoding.big_endian, reporter_);
    return {end.value_end - value, end.next};
  }

  void take(const Wanted& wanted, const ElementHeader& header, std::uint64_t value, std::uint64_t length, Encoding encoding,
            bool is_root) {
    const bool is_value = header.length != kUndefinedLength && header.vr != VR::SQ;
    for (const std::uint32_t field : wanted.fields) {
      if (plan_.is_anywhere(field) && (!is_value || groups_.at(row_, field).presence == Presence::found)) continue;
      if (!is_value) forget(field, Presence::covered);  // of equal tags the last one counts
      else
        place(field) = {value, static_cast<std::uint32_t>(length), header.vr_is_written ? header.vr : VR::none,
                        Presence::found, encoding.big_endian};
    }
    if (wanted.items.empty()) return;
    for (const std::uint32_t field : wanted.below) forget(field, is_root ? Presence::absent : Presence::covered);
    if (is_sequence(header)) look_into(wanted.items, wanted.below, value, length, encoding);
  }

  // `below`: fields that have their functional group as soon as it has an item.
  void look_into(std::span<const WantedItem> wanted, std::span<const std::uint32_t> below, std::uint64_t value,
                 std::uint64_t length, Encoding around) {
    ItemCursor cursor(bytes_, value, value + length, around);
    ItemRange item;
    for (std::uint32_t index = 0; !wanted.empty() && cursor.next(item); ++index) {
      if (index == 0) cover(below);
      const bool is_wanted = wanted.front().item == index;
      cursor.at = level(is_wanted ? plan_.level(wanted.front().node) : nothing_, item, cursor.end);
      if (is_wanted) wanted = wanted.subspan(1);
    }
  }

  void cover(std::span<const std::uint32_t> fields) {
    for (const std::uint32_t field : fields) place(field).presence = Presence::covered;
  }

  FrameGroups& groups_;
  const GroupPlan& plan_;
  const Limits& limits_;
  const ByteView bytes_;
  const WantedLevel nothing_;
  std::uint64_t row_ = 0;
  // For the ends of undefined lengths; what these report has been found when the data set was scanned.
  std::shared_ptr<const Source> source_;
  HeaderWindow window_;
  IssueLog log_;
  const Path path_;
  const Reporter reporter_;
};

FrameGroups read_frame_groups(const DataSet& data_set, Tag sequence, std::span<const GroupField> fields,
                              std::uint64_t most_rows, const Limits& limits) {
  for (const GroupField& field : fields)
    if (field.path.size() >= limits.sequence_depth)
      fail(Errc::limit_exceeded, 0, "functional groups: a path is deeper than the limit of " +
                                        std::to_string(limits.sequence_depth));
  const Element* element = data_set.find(sequence);
  if (element == nullptr || resolved_vr(data_set, *element) != VR::SQ) return {};
  FrameGroups groups(data_set.value(*element), element->offset, fields.size());
  const GroupPlan plan(fields);
  FrameGroupsReader(groups, plan, limits).run(data_set.encoding(), most_rows);
  return groups;
}

}  // namespace turbodicom::dicom
