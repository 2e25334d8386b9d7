// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/dicom/text_values.h"

#include <locale.h>
#include <stdlib.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "turbodicom/base/bytes.h"

namespace turbodicom::dicom {

namespace {

using Text = std::string_view;

constexpr std::size_t kLongestNumber = 4096;     // our limit: Python reads longer ones, nobody writes them
constexpr std::size_t kLongestDateTime = 26;     // PS3.5 6.2, DT
constexpr std::int64_t kMicroseconds = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kMicroseconds;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

std::size_t digits_at(Text text, std::size_t from) noexcept {
  std::size_t end = from;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - from;
}

// `count` digits from `from` on; the caller has seen that they are digits.
int number_at(Text text, std::size_t from, std::size_t count) noexcept {
  int value = 0;
  for (std::size_t i = from; i < from + count; ++i) value = value * 10 + (text[i] - '0');
  return value;
}

// ---- numbers ------------------------------------------------------------------------------------

// "1_000" is a number to Python: underscores between digits go. Nothing when one stands elsewhere.
std::optional<std::string> without_underscores(Text text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      plain += text[i];
      continue;
    }
    if (i == 0 || i + 1 == text.size() || !is_digit(text[i - 1]) || !is_digit(text[i + 1])) return std::nullopt;
  }
  return plain;
}

// from_chars() refuses what is too large or too small for a double; Python says infinity or zero.
double out_of_range(Text text) {
  static const locale_t c_locale = newlocale(LC_ALL_MASK, "C", nullptr);
  return strtod_l(std::string(text).c_str(), nullptr, c_locale);
}

std::optional<double> plain_decimal(Text text) {
  if (!text.empty() && text[0] == '+') {
    text.remove_prefix(1);
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) return std::nullopt;
  }
  if (text.empty() || text.size() > kLongestNumber || text.back() == ')') return std::nullopt;  // "nan(1)"
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) return out_of_range(text);
  return error == std::errc{} ? std::optional(value) : std::nullopt;
}

std::optional<std::int64_t> plain_integer(Text text) {
  if (!text.empty() && text[0] == '+' && text.size() > 1 && is_digit(text[1])) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_integer_form(Text text) noexcept {
  const std::size_t sign = !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
  return digits_at(text, sign) == text.size() - sign;
}

// ---- dates --------------------------------------------------------------------------------------

// Days since 1970-01-01 of the proleptic Gregorian calendar, which is Python's. A year begins in March,
// so that the leap day is its last: 365.25 days less the centuries that are no leap years.
std::int32_t days_since_1970(int year, int month, int day) noexcept {
  const int shifted_year = month > 2 ? year : year - 1;
  const int era = shifted_year / 400;
  const int year_of_era = shifted_year % 400;
  const int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
}

int days_in(int year, int month) noexcept {
  if (month != 2) return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
}

std::optional<std::int32_t> checked_date(int year, int month, int day) noexcept {
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in(year, month)) return std::nullopt;
  return days_since_1970(year, month, day);
}

// 1 to 6 digits after the point as microseconds.
std::int64_t fraction_at(Text text, std::size_t from, std::size_t count) noexcept {
  std::int64_t value = number_at(text, from, count);
  for (std::size_t i = count; i < 6; ++i) value *= 10;
  return value;
}

std::int64_t clock(int hour, int minute, int second) noexcept {
  return ((std::int64_t{hour} * 60 + minute) * 60 + std::min(second, 59)) * kMicroseconds;
}

}  // namespace

Text trim_right(Text text, Text characters) noexcept {
  std::size_t size = text.size();
  while (size != 0 && characters.find(text[size - 1]) != Text::npos) --size;
  return text.substr(0, size);
}

Text trim(Text text, Text characters) noexcept {
  text = trim_right(text, characters);
  while (!text.empty() && characters.find(text.front()) != Text::npos) text.remove_prefix(1);
  return text;
}

bool keeps_ascii(Text terms) noexcept {
  if (terms.find_first_not_of(" \\") == Text::npos) return true;
  return terms.starts_with("ISO") || terms.starts_with("GB") || terms.starts_with("\\ISO");
}

bool is_ascii(Text text) noexcept {
  std::uint64_t seen = 0;
  while (text.size() >= 8) {
    seen |= load_le<std::uint64_t>(reinterpret_cast<const std::uint8_t*>(text.data()));
    text.remove_prefix(8);
  }
  for (const char c : text) seen |= static_cast<unsigned char>(c);
  return (seen & 0x8080'8080'8080'8080) == 0;
}

namespace {

// Length of the UTF-8 sequence at the front of `text`, 0 when there is none (Unicode, Table 3-7).
std::size_t sequence_length(Text text) noexcept {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4 || !follows(1)) return 0;
  if (first < 0xE0) return 2;
  if ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F) || !follows(2)) return 0;
  if (first < 0xF0) return 3;
  if ((first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F) || !follows(3)) return 0;
  return 4;
}

}  // namespace

bool is_utf8(Text text) noexcept {
  if (is_ascii(text)) return true;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

void append_latin1(std::string& to, Text text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      to += c;
    } else {
      to += static_cast<char>(0xC0U | (byte >> 6));
      to += static_cast<char>(0x80U | (byte & 0x3FU));
    }
  }
}

void append_replaced(std::string& to, Text text) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) to += "\xEF\xBF\xBD";
    else to += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
}

std::optional<double> parse_decimal_text(Text text) {
  if (text.find('_') == Text::npos) return plain_decimal(text);
  const auto plain = without_underscores(text);
  return plain ? plain_decimal(*plain) : std::nullopt;
}

std::optional<std::int64_t> parse_integer_text(Text text) {
  std::optional<std::string> owner;
  if (text.find('_') != Text::npos) {
    owner = without_underscores(text);
    if (!owner) return std::nullopt;
    text = *owner;
  }
  if (const auto value = plain_integer(text)) return value;
  if (is_integer_form(text)) return std::nullopt;  // beyond 64 bits
  const auto value = plain_decimal(text);
  if (!value || !(std::fabs(*value) < 0x1p63) || std::trunc(*value) != *value) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

std::optional<std::int32_t> parse_date(Text text) {
  if (text.size() == 8 && digits_at(text, 0) == 8)
    return checked_date(number_at(text, 0, 4), number_at(text, 4, 2), number_at(text, 6, 2));
  if (text.size() == 10 && digits_at(text, 0) == 4 && text[4] == '.' && digits_at(text, 5) == 2 && text[7] == '.' &&
      digits_at(text, 8) == 2)
    return checked_date(number_at(text, 0, 4), number_at(text, 5, 2), number_at(text, 8, 2));
  return std::nullopt;
}

std::optional<std::int64_t> parse_time(Text text) {
  const std::size_t digits = digits_at(text, 0);
  if (digits != 2 && digits != 4 && digits != 6) return std::nullopt;
  const int hour = number_at(text, 0, 2);
  const int minute = digits > 2 ? number_at(text, 2, 2) : 0;
  const int second = digits > 4 ? number_at(text, 4, 2) : 0;
  if (hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const std::int64_t value = clock(hour, minute, second);
  if (digits == text.size()) return value;
  const std::size_t fraction = digits_at(text, digits + 1);
  if (digits != 6 || text[digits] != '.' || fraction > 6 || digits + 1 + fraction != text.size()) return std::nullopt;
  return value + fraction_at(text, digits + 1, fraction);
}

std::optional<DateTime> parse_date_time(Text text) {
  const std::size_t digits = digits_at(text, 0);
  if (digits < 4 || digits > 14 || text.size() > kLongestDateTime) return std::nullopt;
  const auto part = [&](std::size_t from, int missing) { return digits < from + 2 ? missing : number_at(text, from, 2); };
  const auto days = checked_date(number_at(text, 0, 4), part(4, 1), part(6, 1));
  const int hour = part(8, 0), minute = part(10, 0), second = part(12, 0);
  if (!days || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  DateTime result{std::int64_t{*days} * kDay + clock(hour, minute, second), digits % 2 != 0};
  std::size_t at = digits;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = digits_at(text, at + 1);
    if (fraction == 0) return std::nullopt;
    if (digits == 14) result.microseconds += fraction_at(text, at + 1, std::min<std::size_t>(fraction, 6));
    result.says_more |= digits != 14 || fraction > 6;
    at += 1 + fraction;
  }
  if (at == text.size()) return result;
  const bool is_offset = (text[at] == '+' || text[at] == '-') && digits_at(text, at + 1) == 4 && at + 5 == text.size();
  if (!is_offset || number_at(text, at + 1, 2) > 23) return std::nullopt;
  result.says_more = true;
  return result;
}

}  // namespace turbodicom::dicom
