// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/dicom/column_values.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <concepts>
#include <type_traits>
#include <utility>

#include "turbodicom/base/error.h"
#include "turbodicom/dicom/text_values.h"

namespace turbodicom::dicom {

namespace {

using Text = std::string_view;

Text as_text(ByteView bytes) noexcept { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// How a text is cut into values, by VR (PS3.5 6.2): padding of the whole, of each value.
struct TextRule {
  Text left;             // removed at the beginning of the whole
  Text right;            // removed at its end
  Text item_left;
  Text item_right;
  bool is_single = false;            // a backslash is a character
  bool has_character_set = false;    // else Latin-1
};

constexpr TextRule kCodeRule{{}, kTextPadding, {}, {}};
constexpr TextRule kEntityRule{{}, {}, kTextWhitespace, kTextWhitespace};
constexpr TextRule kIdentifierRule{{}, kTextPadding, kTextWhitespace, kTextWhitespace};
constexpr TextRule kResourceRule{{}, kTextWhitespace, {}, {}, true};
constexpr TextRule kShortRule{{}, {}, {}, kTextPadding, false, true};
constexpr TextRule kLongRule{{}, kTextPadding, {}, {}, true, true};
constexpr TextRule kNameRule{{}, kTextPadding, {}, "=", false, true};
constexpr TextRule kDecimalRule{kTextWhitespace, kTextWhitespace, kTextWhitespace, kTextWhitespace};
constexpr TextRule kIntegerRule{{}, kTextPadding, kTextWhitespace, kTextWhitespace};

const TextRule* rule_of(VR vr) noexcept {
  switch (vr) {
    case VR::AS: case VR::CS: case VR::DA: case VR::DT: case VR::TM: return &kCodeRule;
    case VR::AE: return &kEntityRule;
    case VR::UI: return &kIdentifierRule;
    case VR::UR: return &kResourceRule;
    case VR::LO: case VR::SH: case VR::UC: return &kShortRule;
    case VR::LT: case VR::ST: case VR::UT: return &kLongRule;
    case VR::PN: return &kNameRule;
    case VR::DS: return &kDecimalRule;
    case VR::IS: return &kIntegerRule;
    default: return nullptr;
  }
}

Text trimmed(Text text, Text left, Text right) noexcept {
  text = trim_right(text, right);
  while (!text.empty() && left.find(text.front()) != Text::npos) text.remove_prefix(1);
  return text;
}

Text trimmed_whole(Text text, VR vr, const TextRule& rule) noexcept {
  text = trimmed(text, rule.left, rule.right);
  return vr == VR::DS ? trim_right(text, kTextPadding) : text;
}

bool is_blank(Text text) noexcept { return text.find_first_not_of(kTextWhitespace) == Text::npos; }

std::int64_t bits_of(double value) noexcept { return std::bit_cast<std::int64_t>(value); }

// ---- numbers to the type of a column ------------------------------------------------------------

template <typename Number>
std::optional<std::int64_t> as_integer(Number value) noexcept {
  if constexpr (std::floating_point<Number>) {
    const bool fits = std::fabs(value) < Number(0x1p63) && std::trunc(value) == value;
    return fits ? std::optional(static_cast<std::int64_t>(value)) : std::nullopt;
  } else {
    if (!std::in_range<std::int64_t>(value)) return std::nullopt;
    return static_cast<std::int64_t>(value);
  }
}

template <typename Number>
std::optional<std::int64_t> as_real(Number value) noexcept {
  constexpr std::int64_t kExact = std::int64_t{1} << 53;
  if constexpr (!std::floating_point<Number>)
    if (std::cmp_greater(value, kExact) || std::cmp_less(value, -kExact)) return std::nullopt;
  return bits_of(static_cast<double>(value));
}

template <typename Number>
std::string shown(Number value) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

template <typename Number>
Number load_number(const std::uint8_t* from, bool big_endian) noexcept {
  using Bits = std::conditional_t<sizeof(Number) == 2, std::uint16_t,
                                  std::conditional_t<sizeof(Number) == 4, std::uint32_t, std::uint64_t>>;
  return std::bit_cast<Number>(load<Bits>(from, big_endian));
}

struct Parsed {
  std::optional<std::int64_t> value;
  bool says_more = false;
};

Parsed parse(Text text, ColumnType type) {
  switch (type) {
    case ColumnType::integer: return {parse_integer_text(trim(text, kTextWhitespace))};
    case ColumnType::real: {
      const auto value = parse_decimal_text(trim(text, kTextWhitespace));
      return {value ? std::optional(bits_of(*value)) : std::nullopt};
    }
    case ColumnType::date: return {parse_date(text)};
    case ColumnType::time: return {parse_time(text)};
    case ColumnType::timestamp: {
      const auto value = parse_date_time(text);
      return value ? Parsed{value->microseconds, value->says_more} : Parsed{};
    }
    default: return {};
  }
}

}  // namespace

struct ValueWriter::Target {
  std::string_view name;
  Column& column;
  UnparsedColumn& unparsed;

  ColumnType type() const noexcept { return column.form().type; }
  bool is_list() const noexcept { return column.form().is_list; }

  // Present, without a value.
  void add_empty() const {
    if (is_list()) column.end_list();
    else if (type() == ColumnType::text) column.add(Text{});
    else column.add_null();
  }
  void add_bytes(Text bytes) const {
    if (!is_list()) return column.add(bytes);
    column.items().add(bytes);
    column.end_list();
  }
  // No value of this type.
  void refuse(Text text) const {
    column.add_null();
    unparsed.add(name, text);
  }
};

// The values of a text, cut and trimmed, as UTF-8.
struct ValueWriter::Items {
  Text whole;
  const TextRule& rule;
  bool is_latin1;  // bytes above 127 have yet to become UTF-8

  bool are_several() const noexcept { return !rule.is_single && whole.find('\\') != Text::npos; }

  template <typename Visit>
  void each(Visit visit) const {
    Text rest = whole;
    for (;;) {
      const Text item = rule.is_single ? rest : rest.substr(0, rest.find('\\'));
      visit(trimmed(item, rule.item_left, rule.item_right));
      if (item.size() == rest.size()) return;
      rest.remove_prefix(item.size() + 1);
    }
  }

  std::string untrimmed() const {
    std::string text;
    if (is_latin1) append_latin1(text, whole);
    else text = whole;
    return text;
  }

  std::string joined() const {
    std::string text;
    bool is_first = true;
    each([&](Text item) {
      if (!is_first) text += '\\';
      is_first = false;
      if (is_latin1) append_latin1(text, item);
      else text += item;
    });
    return text;
  }
};

void ValueWriter::write(const Element& element, std::string_view name, Column& column, UnparsedColumn& unparsed) {
  const Target target{name, column, unparsed};
  const VR vr = resolved_vr(data_set_, element);
  if (vr == VR::SQ && element.length != 0) {
    column.add_null();
    unparsed.add_without_text(name);
    return;
  }
  if (element.length > kLargestColumnValue)
    fail(Errc::limit_exceeded, element.offset,
         to_string(element.tag) + ": value of " + std::to_string(element.length) + " bytes, more than the " +
             std::to_string(kLargestColumnValue) + " a column takes");
  const ValueBytes value = data_set_.value(element);
  const ByteView bytes = value.view;
  offset_ = element.offset;
  if (bytes.empty()) return target.add_empty();
  if (target.type() == ColumnType::binary) return target.add_bytes(as_text(bytes));
  switch (vr) {
    case VR::US: return write_numbers<std::uint16_t>(bytes, target);
    case VR::SS:
      return write_numbers<std::int16_t>(bytes, target,
                                         element.vr_is_written && element.vr == VR::SS && is_lut_descriptor(element.tag));
    case VR::UL: return write_numbers<std::uint32_t>(bytes, target);
    case VR::SL: return write_numbers<std::int32_t>(bytes, target);
    case VR::UV: return write_numbers<std::uint64_t>(bytes, target);
    case VR::SV: return write_numbers<std::int64_t>(bytes, target);
    case VR::FL: return write_numbers<float>(bytes, target);
    case VR::FD: return write_numbers<double>(bytes, target);
    case VR::AT: return write_tags(bytes, target);
    case VR::OW: return target.type() == ColumnType::integer ? write_numbers<std::uint16_t>(bytes, target)
                                                             : write_bytes(bytes, target);
    default: return rule_of(vr) != nullptr ? write_text(vr, bytes, target) : write_bytes(bytes, target);
  }
}

void ValueWriter::write_text(VR vr, ByteView bytes, const Target& target) {
  const TextRule& rule = *rule_of(vr);
  Text whole = as_text(bytes);
  bool is_latin1 = false;
  if (rule.has_character_set) whole = decoded(vr, bytes);
  else is_latin1 = !is_ascii(whole);
  const Items items{trimmed_whole(whole, vr, rule), rule, is_latin1};
  if (target.type() != ColumnType::text) return write_parsed(items, target);
  if (!target.is_list()) {
    if (is_latin1 || items.are_several()) return target.column.add(items.joined());
    return target.column.add(trimmed(items.whole, rule.item_left, rule.item_right));
  }
  if (!items.are_several() && trimmed(items.whole, rule.item_left, rule.item_right).empty()) return target.add_empty();
  items.each([&](Text item) {
    if (!is_latin1) return target.column.items().add(item);
    std::string text;
    append_latin1(text, item);
    target.column.items().add(text);
  });
  target.column.end_list();
}

// All values, or none: a list with one that does not parse is a text. Blank ones are null.
void ValueWriter::write_parsed(const Items& items, const Target& target) {
  if (trim_right(items.whole, kTextPadding).empty()) return target.add_empty();
  if (is_blank(items.whole)) return target.refuse(items.untrimmed());  // a tab is a text
  if (!target.is_list() && items.are_several()) return target.refuse(items.joined());
  parsed_.clear();
  bool parses = true, says_more = false;
  items.each([&](Text item) {
    if (!parses) return;
    if (is_blank(item)) return parsed_.push_back(std::nullopt);
    const Parsed result = parse(item, target.type());
    parses = result.value.has_value();
    says_more |= result.says_more;
    parsed_.push_back(result.value);
  });
  if (!parses) return target.refuse(items.joined());
  for (const auto& value : parsed_) {
    if (value) target.column.items().add(*value);
    else target.column.items().add_null();
  }
  if (target.is_list()) target.column.end_list();
  if (says_more) target.unparsed.add(target.name, items.joined());
}

template <typename Number>
void ValueWriter::write_numbers(ByteView bytes, const Target& target, bool first_is_unsigned) {
  if (bytes.size() % sizeof(Number) != 0) return write_bytes(bytes, target);
  const std::size_t count = bytes.size() / sizeof(Number);
  const bool big_endian = data_set_.encoding().big_endian;
  const auto at = [&](std::size_t i) { return load_number<Number>(bytes.data() + i * sizeof(Number), big_endian); };
  const bool is_integer = target.type() == ColumnType::integer;
  parsed_.clear();
  bool fits = (is_integer || target.type() == ColumnType::real) && (count == 1 || target.is_list());
  for (std::size_t i = 0; fits && i < count; ++i) {
    parsed_.push_back(is_integer ? as_integer(at(i)) : as_real(at(i)));
    fits = parsed_.back().has_value();
  }
  // The number of entries of a LUT is US whatever the VR of its descriptor (PS3.3 C.7.6.3.1.5).
  if (fits && first_is_unsigned && count > 1) parsed_[0] = load_number<std::uint16_t>(bytes.data(), big_endian);
  if (!fits) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < count; ++i) words.push_back(shown(at(i)));
    return add_words(words, target);
  }
  for (const auto& value : parsed_) target.column.items().add(*value);
  if (target.is_list()) target.column.end_list();
}

void ValueWriter::write_tags(ByteView bytes, const Target& target) {
  const bool big_endian = data_set_.encoding().big_endian;
  const std::size_t count = bytes.size() / 4;
  if (count == 0) return target.add_empty();
  std::vector<std::uint32_t> tags;
  for (std::size_t i = 0; i < count; ++i)
    tags.push_back(make_tag(load<std::uint16_t>(bytes.data() + 4 * i, big_endian),
                            load<std::uint16_t>(bytes.data() + 4 * i + 2, big_endian)).value);
  if (target.type() == ColumnType::integer && (count == 1 || target.is_list())) {
    for (const std::uint32_t tag : tags) target.column.items().add(std::int64_t{tag});
    if (target.is_list()) target.column.end_list();
    return;
  }
  std::vector<std::string> words;
  for (const std::uint32_t tag : tags) words.push_back(to_string(Tag{tag}));
  add_words(words, target);
}

// Numbers where a text is wanted; else they do not fit.
void ValueWriter::add_words(const std::vector<std::string>& words, const Target& target) {
  if (target.type() == ColumnType::text && target.is_list()) {
    for (const std::string& word : words) target.column.items().add(word);
    return target.column.end_list();
  }
  std::string joined;
  for (const std::string& word : words) joined.append(joined.empty() ? "" : "\\").append(word);
  if (target.type() == ColumnType::text) target.column.add(joined);
  else target.refuse(joined);
}

// Bytes of no text VR, or of a length that is none of theirs: shown byte by byte.
void ValueWriter::write_bytes(ByteView bytes, const Target& target) {
  std::string text;
  append_latin1(text, as_text(bytes));
  target.refuse(text);
}

// The character sets of PS3.3 C.12.1.1.2 that need no table; the rest is the decoder's.
void ValueWriter::find_repertoire() {
  character_set_ = data_set_.specific_character_set();
  keeps_ascii_ = keeps_ascii(character_set_);
  const Text terms = trim_right(character_set_, kTextPadding);
  const Text first = terms.substr(0, terms.find('\\'));
  if (first.empty() || first == "ISO_IR 100" || first == "ISO_IR 6" || first == "ISO 2022 IR 6" || first == "ISO 2022 IR 100")
    repertoire_ = Repertoire::latin1;
  else
    repertoire_ = first == "ISO_IR 192" ? Repertoire::utf8 : Repertoire::other;
}

std::string_view ValueWriter::decoded(VR vr, ByteView bytes) {
  if (repertoire_ == Repertoire::unknown) find_repertoire();
  const Text raw = as_text(bytes);
  if (raw.find('\x1b') == Text::npos) {  // no escape sequence (PS3.5 6.1.2.5)
    if (keeps_ascii_ && is_ascii(raw)) return raw;
    if (repertoire_ == Repertoire::utf8 && is_utf8(raw)) return raw;
    if (repertoire_ == Repertoire::latin1) {
      text_.clear();
      append_latin1(text_, raw);
      return text_;
    }
  }
  if (decoder_) {
    try {
      return text_ = decoder_(bytes, character_set_, vr);
    } catch (Error& error) {
      if (error.offset == 0) error.offset = offset_;  // which the decoder does not know
      throw;
    }
  }
  text_.clear();
  append_replaced(text_, raw);
  return text_;
}

}  // namespace turbodicom::dicom
