// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

#include "turbodicom/dicom/text_values.h"

using namespace turbodicom::dicom;

TEST_CASE("decimal strings are what Python's float reads") {
  CHECK(parse_decimal_text("0.1") == 0.1);
  CHECK(parse_decimal_text("+1.5e3") == 1500);
  CHECK(parse_decimal_text("-.5") == -0.5);
  CHECK(parse_decimal_text("5.") == 5);
  CHECK(parse_decimal_text("1_000") == 1000);
  CHECK(parse_decimal_text("9007199254740993") == 9007199254740992.0);
  CHECK(parse_decimal_text("1e400") == std::numeric_limits<double>::infinity());
  CHECK(parse_decimal_text("-1e400") == -std::numeric_limits<double>::infinity());
  CHECK(parse_decimal_text("1e-400") == 0.0);
  CHECK(parse_decimal_text("inf") == std::numeric_limits<double>::infinity());
  CHECK(std::isnan(*parse_decimal_text("nan")));
  for (const char* text : {"", "abc", "1,5", "1 5", "+-1", "++1", "0x10", "nan(1)", "1__0", "_1", "1_", "1e", "--1", "+"})
    CHECK_MESSAGE(!parse_decimal_text(text), text);
  CHECK(!parse_decimal_text(std::string(10'000, '1')));
}

TEST_CASE("integer strings are integers of 64 bits, however they are written") {
  CHECK(parse_integer_text("42") == 42);
  CHECK(parse_integer_text("+42") == 42);
  CHECK(parse_integer_text("-0") == 0);
  CHECK(parse_integer_text("1.0") == 1);
  CHECK(parse_integer_text("1e3") == 1000);
  CHECK(parse_integer_text("1_000") == 1000);
  CHECK(parse_integer_text("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
  CHECK(parse_integer_text("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
  for (const char* text : {"", "1.5", "9223372036854775808", "1e19", "nan", "inf", "x", "+", "+-1", "0x10"})
    CHECK_MESSAGE(!parse_integer_text(text), text);
}

TEST_CASE("dates are days since 1970, and only dates there are") {
  CHECK(parse_date("19700101") == 0);
  CHECK(parse_date("19691231") == -1);
  CHECK(parse_date("20000229") == 11016);
  CHECK(parse_date("2000.03.01") == 11017);
  CHECK(parse_date("00010101") == -719162);
  CHECK(parse_date("99991231") == 2932896);
  for (const char* text : {"", "19000229", "20230230", "20231301", "20230001", "20230100", "00000101", "2023-01-01", "2023011",
                           "202301011", " 20230101", "2023 1 1", "2023.1.010"})
    CHECK_MESSAGE(!parse_date(text), text);
}

TEST_CASE("every day of four hundred years follows the one before") {
  std::int32_t expected = *parse_date("16010101");
  for (int year = 1601; year <= 2000; ++year)
    for (int month = 1; month <= 12; ++month)
      for (int day = 1; day <= 31; ++day) {
        char text[9];
        std::snprintf(text, sizeof text, "%04d%02d%02d", year, month, day);
        const auto date = parse_date(text);
        if (day <= 28) REQUIRE(date.has_value());
        if (date) REQUIRE(*date == expected++);
      }
  CHECK(expected == *parse_date("20010101"));
}

TEST_CASE("times have hours, and what else is written") {
  const std::int64_t hour = 3'600'000'000;
  CHECK(parse_time("10") == 10 * hour);
  CHECK(parse_time("1030") == 10 * hour + hour / 2);
  CHECK(parse_time("000001") == 1'000'000);
  CHECK(parse_time("000000.1") == 100'000);
  CHECK(parse_time("000000.000001") == 1);
  CHECK(parse_time("000000.") == 0);
  CHECK(parse_time("235960") == 24 * hour - 1'000'000);
  for (const char* text : {"", "1", "103", "24", "1060", "103061", "10:30", "10.5", "1030.5", "000000.1234567", "000000.1 "})
    CHECK_MESSAGE(!parse_time(text), text);
}

TEST_CASE("date times are the clock on the wall; what they cannot say is told") {
  const std::int64_t second = 1'000'000, day = 86'400 * second;
  CHECK(parse_date_time("1970")->microseconds == 0);
  CHECK(parse_date_time("197002")->microseconds == 31 * day);
  CHECK(parse_date_time("19700102030405.6")->microseconds == day + ((3 * 60 + 4) * 60 + 5) * second + 600'000);
  CHECK(!parse_date_time("19700102030405.6")->says_more);
  CHECK(parse_date_time("19700101000060")->microseconds == 59 * second);
  CHECK(parse_date_time("19700101000000-0500")->microseconds == 0);
  CHECK(parse_date_time("19700101000000-0500")->says_more);
  CHECK(parse_date_time("1970+0100")->says_more);
  CHECK(parse_date_time("19701")->microseconds == 0);
  CHECK(parse_date_time("19701")->says_more);
  CHECK(parse_date_time("19700101000000.1234567")->microseconds == 123'456);
  CHECK(parse_date_time("19700101000000.1234567")->says_more);
  for (const char* text : {"", "197", "1970-01-01", "197013", "19700230", "1970010124", "19700101000000.", "19700101000000+99",
                           "19700101000000+2400", "19700101 10", "123456789012345", "19700101000000.123456+0100x"})
    CHECK_MESSAGE(!parse_date_time(text), text);
}

TEST_CASE("UTF-8 is what Unicode says it is") {
  for (const std::string good : {"", "abc", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"})
    CHECK(is_utf8(good));
  for (const std::string bad : {"\xe9", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
                                "\xf5\x80\x80\x80", "\x80", "12345678\xff"})
    CHECK(!is_utf8(bad));
  std::string text;
  append_replaced(text, "a\xe9z\xc3\xa9");
  CHECK(text == "a\xEF\xBF\xBDz\xc3\xa9");
  text.clear();
  append_latin1(text, "a\xe9");
  CHECK(text == "a\xc3\xa9");
}
