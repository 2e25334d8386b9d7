// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Text of a data set (PS3.5 6.2) as numbers, dates and times, without an object per value. What is read
// and what is not follows pydicom 3.0 (pydicom.valuerep), so that columns equal its values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace turbodicom::dicom {

inline constexpr std::string_view kTextPadding{" \0", 2};
// What str.strip() of Python removes from Latin-1 text.
inline constexpr std::string_view kTextWhitespace = " \t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0";

std::string_view trim_right(std::string_view text, std::string_view characters) noexcept;
std::string_view trim(std::string_view text, std::string_view characters) noexcept;

bool is_ascii(std::string_view text) noexcept;
// Whether bytes below 128 are ASCII in a Specific Character Set. In all of DICOM's defined terms they are; a name that the
// standard does not know may be anything.
bool keeps_ascii(std::string_view terms) noexcept;
// As strict as Python's decoder and Arrow's validation: no surrogates, nothing overlong.
bool is_utf8(std::string_view text) noexcept;
// Appends UTF-8. Latin-1: every byte is a character.
void append_latin1(std::string& to, std::string_view text);
// Appends with U+FFFD in the place of each byte that is no UTF-8.
void append_replaced(std::string& to, std::string_view text);

// IS: also "1.0" and "1e3", whose value is an integer; nothing beyond 64 bits.
std::optional<std::int64_t> parse_integer_text(std::string_view text);
// DS: correctly rounded; what Python's float() reads.
std::optional<double> parse_decimal_text(std::string_view text);

// DA, "YYYYMMDD" or ACR-NEMA's "YYYY.MM.DD": days since 1970-01-01 in the Gregorian calendar.
std::optional<std::int32_t> parse_date(std::string_view text);
// TM, "HH[MM[SS[.F{0,6}]]]": microseconds since midnight; a leap second is the one before it.
std::optional<std::int64_t> parse_time(std::string_view text);

struct DateTime {
  std::int64_t microseconds = 0;  // since 1970-01-01, by the clock on the wall where it was written
  bool says_more = false;         // an offset from UTC, half a component, more digits than microseconds have
};
// DT, "YYYY[MM[DD[HH[MM[SS[.F{1,6}]]]]]][&ZZXX]": missing parts are 1 or 0.
std::optional<DateTime> parse_date_time(std::string_view text);

}  // namespace turbodicom::dicom
