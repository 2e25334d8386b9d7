// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/dicom/scanner.h"

#include <algorithm>

#include "turbodicom/dicom/element_header.h"

namespace turbodicom::dicom {

namespace {

template <bool kImplicit, bool kBig>
class LevelScanner {
 public:
  LevelScanner(HeaderWindow& window, const LevelRequest& request, const Reporter& reporter)
      : window_(window), request_(request), reporter_(reporter), offset_(request.begin),
        most_elements_(reporter.limits.elements) {
    // 12 bytes are a small element; the caps keep a big pixel file, and a group alone, from a big reservation.
    const std::uint64_t most = request.tag_count <= 0x1'0000 ? 16 : 128;
    level_.elements.reserve(std::clamp<std::uint64_t>((request.end - request.begin) / 12, 2, most));
  }

  Level run() {
    while (next()) {
    }
    if (!sorted_) sort_elements(level_.elements, reporter_);
    level_.end = offset_;
    return std::move(level_);
  }

 private:
  // `here_` and `left_`: the bytes at `offset_` that the window holds in one piece.
  void look(std::size_t wanted) {
    const ByteView view = window_.at(offset_, wanted);
    here_ = view.data();
    left_ = std::min<std::uint64_t>(view.size(), request_.hard_end - offset_);
  }

  void move(std::uint64_t count) {
    offset_ += count;
    here_ = count <= left_ ? here_ + count : nullptr;
    left_ = count <= left_ ? left_ - count : 0;
  }

  // One element. False when the level is over.
  bool next() {
    if (offset_ >= request_.end) return false;
    if (left_ < kLongHeader) look(kLongHeader);
    if (left_ < kShortHeader) return trailing_bytes();
    const ElementHeader header = read_header<kImplicit, kBig>(here_, left_);
    if (header.tag.value - request_.first_tag >= request_.tag_count) return over(LevelEnd::tag_range);
    if (header.tag.group() == 0xFFFE) [[unlikely]] return delimiter(header);
    if (header.header_bytes > left_) [[unlikely]] return trailing_bytes();
    const std::uint64_t value = offset_ + header.header_bytes;
    const bool is_regular = ((header.length & 1) == 0) & (header.tag > last_) & (value + header.length <= request_.end);
    if (!is_regular) [[unlikely]] return irregular(header);
    charge(header.tag);
    // Written in place: a copy in wide words would wait for the narrow stores that made the element.
    Element& element = level_.elements.emplace_back();
    element.tag = last_ = header.tag;
    element.vr = header.vr;
    element.vr_is_written = header.vr_is_written;
    element.offset = value;
    element.length = header.length;
    element.declared_length = header.length;
    element.header_bytes = header.header_bytes;
    pass_value(header.tag, header.header_bytes, header.length);
    return true;
  }

  bool over(LevelEnd why) {
    level_.why = why;
    return false;
  }

  [[gnu::always_inline]] void charge(Tag tag) {
    if (level_.elements.size() >= most_elements_) [[unlikely]] too_many(tag);
  }

  [[noreturn, gnu::cold]] void too_many(Tag tag) const {
    fail_at(Errc::limit_exceeded, offset_, reporter_.path, tag,
            "data set: more than " + std::to_string(reporter_.limits.elements) + " elements");
  }

  void push(const Element& element) {
    charge(element.tag);
    level_.elements.push_back(element);
  }

  // The value stays in the window when it is to be kept; else the next look goes behind it.
  void pass_value(Tag tag, std::uint32_t header_bytes, std::uint64_t length) {
    const std::uint64_t total = header_bytes + length;
    if (total > left_ && length <= kLargeValue && tag != tags::kPixelData) look(static_cast<std::size_t>(total));
    move(total);
  }

  bool trailing_bytes() {
    report("trailing_bytes", Errc::truncated_data, tags::kNone, [&] {
      return "data set: " + std::to_string(request_.hard_end - offset_) +
             " bytes at the end are too few for an element (PS3.5 7.1)";
    });
    offset_ = request_.hard_end;
    return false;
  }

  void value_past_end(Element& element, std::uint64_t present) {
    report("value_past_end", Errc::truncated_data, element.tag, [&] {
      return "element: value of " + std::to_string(element.length) + " bytes, but " + std::to_string(present) +
             " are left (PS3.5 7.1)";
    });
#ifndef TURBODICOM_PLANT_scanner_trusts_length
    element.length = present;
#endif
  }

  // Undefined and odd lengths, values that leave their item, tags out of order or twice.
  [[gnu::noinline]] bool irregular(const ElementHeader& header) {
    Element element{header.tag, header.vr, header.vr_is_written, false, offset_ + header.header_bytes, header.length,
                    header.length, header.header_bytes};
    if (header.length == kUndefinedLength) return undefined_length(header, element);
    const std::uint64_t present = request_.hard_end - element.offset;
    if (element.length > present) value_past_end(element, present);
    if ((element.declared_length & 1) != 0)
      report("odd_length", Errc::conformance, element.tag,
             [&] { return "element: value of odd length " + std::to_string(element.declared_length) + " (PS3.5 7.1)"; });
    if (element.offset + element.length > request_.end)
      report("value_past_item", Errc::conformance, element.tag, [&] {
        return "element: value goes " + std::to_string(element.offset + element.length - request_.end) +
               " bytes beyond the item that holds it (PS3.5 7.5)";
      });
    push_in_order(element);
    last_ = element.tag;
    pass_value(element.tag, element.header_bytes, element.length);
    return true;
  }

  void push_in_order(const Element& element) {
    std::vector<Element>& elements = level_.elements;
    if (elements.empty() || element.tag > last_) return push(element);
    if (element.tag != elements.back().tag) {
      sorted_ = false;
      report("out_of_order", Errc::conformance, element.tag,
             [&] { return "element: comes behind " + to_string(last_) + " (PS3.5 7.1)"; });
      return push(element);
    }
    // Equal neighbours, as zeros behind the data give by the million, need no place of their own, but time.
    // Behind data they are cheap; where nothing else is there, each counts like an element.
    if ((elements.size() == 1 || ++duplicates_ % 16 == 0) && most_elements_ > 0) --most_elements_;
    charge(element.tag);
    report("duplicate_element", Errc::conformance, element.tag,
           [] { return std::string("element: is there twice, the last one counts (PS3.5 7.1)"); });
    elements.back() = element;
  }

  bool undefined_length(const ElementHeader& header, Element& element) {
    if (element.tag == tags::kPixelData) element.is_encapsulated = true;
    if (element.is_encapsulated && request_.stops_at_fragments) {
      element.length = request_.hard_end - element.offset;
      push_in_order(element);
      move(element.header_bytes);
      return over(LevelEnd::fragments);
    }
    const bool nested = !element.is_encapsulated && holds_data_sets(window_, header, element.offset, kBig);
    if (nested && !header.vr_is_written) element.vr = VR::SQ;
    const Encoding encoding{kImplicit, kBig};
    const ValueEnd end =
        nested ? end_of_sequence(window_, element.tag, element.offset, request_.hard_end, encoding, reporter_)
               : end_of_undefined_value(window_, element.tag, element.offset, request_.hard_end, kBig, reporter_);
    element.length = end.value_end - element.offset;
    push_in_order(element);
    last_ = element.tag;
    offset_ = end.next;
    left_ = 0;
    return true;
  }

  // Item and delimitation tags are no elements. The last item may lack its delimiter.
  bool delimiter(const ElementHeader& header) {
    const Tag tag = header.tag;
    if (tag == tags::kItemDelimitation) {
      if (!request_.ends_with_delimiter)
        report("stray_delimiter", Errc::conformance, tag,
               [] { return std::string("data set: item delimitation where none belongs, the rest is not read (PS3.5 7.5)"); });
      move(kShortHeader);
      return over(LevelEnd::delimiter);
    }
    if (request_.ends_with_delimiter && (tag == tags::kItem || tag == tags::kSequenceDelimitation)) {
      report("missing_delimiter", Errc::conformance, tag,
             [] { return std::string("sequence: item of undefined length without its delimiter (PS3.5 7.5.2)"); });
      return over(LevelEnd::delimiter);
    }
    report("stray_delimiter", Errc::conformance, tag,
           [] { return std::string("data set: item or delimitation tag where an element belongs (PS3.5 7.5)"); });
    const auto length = load<std::uint32_t>(here_ + 4, kBig);
    const std::uint64_t left = request_.hard_end - offset_ - kShortHeader;
    const bool has_value = tag == tags::kItem && length != kUndefinedLength;
    move(kShortHeader + (has_value ? std::min<std::uint64_t>(length, left) : 0));
    return true;
  }

  template <typename Message>
  void report(const char* code, Errc errc, Tag tag, Message message) {
    reporter_.log.add(code, errc, offset_, reporter_.path, tag, message);
  }

  HeaderWindow& window_;
  const LevelRequest& request_;
  const Reporter& reporter_;
  std::uint64_t offset_;
  const std::uint8_t* here_ = nullptr;
  std::uint64_t left_ = 0;
  Tag last_{0};
  std::uint64_t most_elements_;   // of `level_`, less what the equal neighbours cost
  std::uint64_t duplicates_ = 0;
  bool sorted_ = true;
  Level level_;
};

}  // namespace

Level scan_level(HeaderWindow& window, const LevelRequest& request, const Reporter& reporter) {
  if (request.encoding.big_endian) {
    if (request.encoding.implicit_vr) return LevelScanner<true, true>(window, request, reporter).run();
    return LevelScanner<false, true>(window, request, reporter).run();
  }
  if (request.encoding.implicit_vr) return LevelScanner<true, false>(window, request, reporter).run();
  return LevelScanner<false, false>(window, request, reporter).run();
}

void sort_elements(std::vector<Element>& elements, const Reporter& reporter) {
  std::ranges::stable_sort(elements, {}, &Element::tag);
  std::size_t kept = 0;
  for (std::size_t index = 0; index < elements.size(); ++index) {
    const Element element = elements[index];
    if (kept != 0 && elements[kept - 1].tag == element.tag) {
      reporter.log.add("duplicate_element", Errc::conformance, element.offset - element.header_bytes, reporter.path,
                       element.tag, [] { return std::string("element: is there twice, the last one counts (PS3.5 7.1)"); });
      --kept;
    }
    elements[kept++] = element;
  }
  elements.resize(kept);
}

}  // namespace turbodicom::dicom
