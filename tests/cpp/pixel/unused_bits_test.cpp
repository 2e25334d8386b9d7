// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/unused_bits.h"

#include <limits>
#include <type_traits>
#include <vector>

#include "doctest/doctest.h"

using namespace turbodicom;
using namespace turbodicom::pixel;

namespace {

// The field written as a sum of its bits: no shift of a signed number, nothing shared with the code.
template <typename T>
T field_of(T sample, unsigned bits_stored, unsigned high_bit) {
  using Unsigned = std::make_unsigned_t<T>;
  Unsigned value = 0;
  for (unsigned bit = 0; bit < bits_stored; ++bit) {
    const unsigned from = high_bit + 1 - bits_stored + bit;
    if ((static_cast<Unsigned>(sample) >> from & 1) != 0) value = static_cast<Unsigned>(value | Unsigned{1} << bit);
  }
  if (std::is_signed_v<T> && (value >> (bits_stored - 1) & 1) != 0)
    for (unsigned bit = bits_stored; bit < std::numeric_limits<Unsigned>::digits; ++bit)
      value = static_cast<Unsigned>(value | Unsigned{1} << bit);
  return static_cast<T>(value);
}

template <typename T>
void check_all_fields(SampleType type) {
  constexpr unsigned bits = 8 * sizeof(T);
  std::vector<T> samples(101);
  std::uint64_t state = 1;
  for (T& sample : samples) sample = static_cast<T>((state = state * 6364136223846793005 + 1442695040888963407) >> 13);
  for (unsigned bits_stored = 1; bits_stored <= bits; ++bits_stored)
    for (unsigned high_bit = bits_stored - 1; high_bit < bits; ++high_bit) {
      std::vector<T> cleaned = samples;
      clean_unused_bits(cleaned.data(), cleaned.size(), type, bits_stored, high_bit);
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < samples.size(); ++i) wrong += cleaned[i] != field_of(samples[i], bits_stored, high_bit);
      CHECK_MESSAGE(wrong == 0, bits, " bits, ", bits_stored, " stored, high bit ", high_bit);
    }
}

}  // namespace

TEST_CASE("every field of every integer type is cut out and extended by its sign") {
  check_all_fields<std::uint8_t>(SampleType::u8);
  check_all_fields<std::int8_t>(SampleType::i8);
  check_all_fields<std::uint16_t>(SampleType::u16);
  check_all_fields<std::int16_t>(SampleType::i16);
  check_all_fields<std::uint32_t>(SampleType::u32);
  check_all_fields<std::int32_t>(SampleType::i32);
  check_all_fields<std::uint64_t>(SampleType::u64);
  check_all_fields<std::int64_t>(SampleType::i64);
}

TEST_CASE("a signed 12-bit sample with noise above it keeps its sign") {
  std::uint16_t samples[] = {0x7FFF, 0x8800, 0xF123};
  clean_unused_bits(samples, 3, SampleType::i16, 12, 11);
  CHECK(samples[0] == 0xFFFF);
  CHECK(samples[1] == 0xF800);
  CHECK(samples[2] == 0x0123);
}
