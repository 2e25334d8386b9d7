// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "decimal.h"

#include <array>

namespace turbodicom::bindings {
namespace {

constexpr std::size_t kMostDigits = 18;                        // below 2^63, so no overflow on the way
constexpr std::uint64_t kExactSignificand = std::uint64_t{1} << 53;
constexpr std::array<double, 23> kPowersOfTen = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                                 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes a sign off the front; true when it was a minus.
bool take_sign(std::string_view& text) {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return false;
  const bool negative = text[0] == '-';
  text.remove_prefix(1);
  return negative;
}

// Takes the digits off the front, appends them to `value`; their number.
std::size_t take_digits(std::string_view& text, std::uint64_t& value) {
  std::size_t count = 0;
  while (count < text.size() && count <= kMostDigits && is_digit(text[count])) {
    value = value * 10 + static_cast<std::uint64_t>(text[count] - '0');
    ++count;
  }
  text.remove_prefix(count);
  return count;
}

struct Significand {
  std::uint64_t digits = 0;
  int exponent = 0;
};

std::optional<Significand> take_significand(std::string_view& text) {
  Significand result;
  const std::size_t before = take_digits(text, result.digits);
  if (before > kMostDigits) return std::nullopt;
  std::size_t after = 0;
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    after = take_digits(text, result.digits);
  }
  if (before + after == 0 || before + after > kMostDigits) return std::nullopt;
  result.exponent = -static_cast<int>(after);
  return result;
}

// "E+03" behind the significand, or nothing at all.
bool take_exponent(std::string_view& text, int& exponent) {
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  text.remove_prefix(1);
  const bool negative = take_sign(text);
  std::uint64_t value = 0;
  const std::size_t digits = take_digits(text, value);
  if (digits == 0 || digits > 3 || !text.empty()) return false;
  exponent += negative ? -static_cast<int>(value) : static_cast<int>(value);
  return true;
}

}  // namespace

std::optional<long long> parse_integer(std::string_view text) {
  const bool negative = take_sign(text);
  std::uint64_t value = 0;
  const std::size_t digits = take_digits(text, value);
  if (digits == 0 || digits > kMostDigits || !text.empty()) return std::nullopt;
  if (value >= kExactSignificand) return std::nullopt;  // pydicom goes through float there
  return negative ? -static_cast<long long>(value) : static_cast<long long>(value);
}

std::optional<double> parse_decimal(std::string_view text) {
  const bool negative = take_sign(text);
  const auto significand = take_significand(text);
  if (!significand) return std::nullopt;
  int exponent = significand->exponent;
  if (!take_exponent(text, exponent) || significand->digits >= kExactSignificand) return std::nullopt;
  if (exponent < -22 || exponent > 22) return std::nullopt;
  const auto digits = static_cast<double>(significand->digits);
  const double value = exponent < 0 ? digits / kPowersOfTen[static_cast<std::size_t>(-exponent)]
                                    : digits * kPowersOfTen[static_cast<std::size_t>(exponent)];
  return negative ? -value : value;
}

}  // namespace turbodicom::bindings
