// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: on every level the kernels of lossless encoding give what the clauses of T.81 Annex H give sample by
// sample, at every length and alignment, and write nothing else.
#include <random>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "turbodicom/codec/jpeg/difference.h"
#include "turbodicom/codec/jpeg/huffman_optimise.h"

using namespace turbodicom;
using namespace turbodicom::codec::jpeg;

namespace {

// 32 bits at a time, in a type of that size.
class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  std::uint32_t operator()() { return static_cast<std::uint32_t>(engine_()); }

 private:
  std::mt19937 engine_;
};

using Words = std::vector<std::uint16_t>;

constexpr std::uint16_t kGuard = 0xABCD;

// Table H.1 in integers without end.
std::int64_t prediction(std::size_t selection_value, std::int64_t a, std::int64_t b, std::int64_t c) {
  const std::int64_t of[] = {0, a, b, c, a + b - c, a + ((b - c) >> 1), b + ((a - c) >> 1), (a + b) >> 1};
  return of[selection_value];
}

// Table H.2 by its limits.
std::uint32_t category(std::uint16_t difference) {
  const auto d = static_cast<std::int16_t>(difference);
  const int magnitude = d < 0 ? -int{d} : int{d};
  std::uint32_t c = 0;
  while (magnitude >> c != 0) ++c;
  return c;
}

// Differences whose magnitudes have up to `most_bits` bits.
Words random_differences(Random& random, std::size_t count, unsigned most_bits) {
  Words differences(count);
  for (std::uint16_t& d : differences) {
    const unsigned bits = random() % (most_bits + 1);
    const auto value = static_cast<std::uint16_t>(random() & ((1u << bits) - 1));
    d = random() % 2 == 0 ? value : static_cast<std::uint16_t>(-value);
  }
  return differences;
}

// Bit by bit.
class PlainBits {
 public:
  void put(std::uint64_t bits, std::uint32_t count) {
    while (count-- > 0) bits_.push_back((bits >> count & 1) != 0);
  }
  std::vector<std::uint8_t> bytes() const {
    std::vector<bool> padded = bits_;
    while (padded.size() % 8 != 0) padded.push_back(true);
    std::vector<std::uint8_t> out;
    for (std::size_t i = 0; i < padded.size(); i += 8) {
      unsigned byte = 0;
      for (std::size_t k = 0; k < 8; ++k) byte = byte << 1 | (padded[i + k] ? 1u : 0u);
      out.push_back(static_cast<std::uint8_t>(byte));
      if (byte == 0xFF) out.push_back(0);
    }
    return out;
  }

 private:
  std::vector<bool> bits_;
};

// H.1.2.2 and F.1.2.1.1: the code of the category, then the low bits of d or of d - 1; none for category 16.
std::vector<std::uint8_t> plainly_coded(const Words& differences, const HuffmanEncoder& encoder) {
  PlainBits bits;
  for (const std::uint16_t d : differences) {
    const std::uint32_t c = category(d);
    bits.put(encoder.code[c], encoder.length[c]);
    const int value = static_cast<std::int16_t>(d);
    if (c < 16) bits.put(static_cast<std::uint64_t>(value < 0 ? value - 1 : value) & ((1u << c) - 1), c);
  }
  return bits.bytes();
}

HuffmanEncoder table_for(const Words& differences, Random& random) {
  std::vector<std::uint64_t> frequencies(kCategories);
  for (const std::uint16_t d : differences) ++frequencies[category(d)];
  if (random() % 2 == 0)  // not the best table: long codes for frequent categories
    for (std::uint64_t& f : frequencies) f = f == 0 ? 0 : std::uint64_t{1} << random() % 20;
  return huffman_encoder(optimal_huffman(frequencies));
}

template <typename T>
void check_load(DifferenceKernels::Load load, Random& random, bool is_signed) {
  for (std::size_t count = 0; count < 150; ++count) {
    const std::uint32_t precision = 2 + random() % 15;
    const SampleRange range{static_cast<std::uint16_t>(is_signed ? 1u << (precision - 1) : 0u),
                            static_cast<std::uint16_t>((1u << precision) - 1), static_cast<int>(random() % precision)};
    std::vector<std::uint8_t> bytes(count * sizeof(T) + 1);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
    Words row(count + 1, kGuard), expected = row;
    std::uint16_t seen = 0;
    for (std::size_t i = 0; i < count; ++i) {
      T sample;
      std::memcpy(&sample, bytes.data() + 1 + i * sizeof(T), sizeof(T));  // odd addresses
      const auto value = static_cast<std::uint16_t>(sample);
      seen = static_cast<std::uint16_t>(seen | static_cast<std::uint16_t>(value + range.offset));
      expected[i] = static_cast<std::uint16_t>((value & range.mask) >> range.shift);
    }
    REQUIRE(load(bytes.data() + 1, count, range, row.data()) == seen);
    REQUIRE(row == expected);
  }
}

}  // namespace

TEST_CASE("jpeg_load_brings_samples_of_every_type_to_their_precision") {
  Random random(1);
  for (const Isa isa : runnable_isas()) {
    CAPTURE(name(isa));
    const DifferenceKernels kernels = difference_kernels(isa);
    check_load<std::uint8_t>(kernels.load_u8, random, false);
    check_load<std::int8_t>(kernels.load_i8, random, true);
    check_load<std::uint16_t>(kernels.load_u16, random, false);
    check_load<std::int16_t>(kernels.load_i16, random, true);
  }
}

TEST_CASE("jpeg_subtract_takes_each_prediction_off_modulo_2_to_the_16") {
  Random random(2);
  for (const Isa isa : runnable_isas())
    for (std::size_t selection_value = 1; selection_value <= kPredictors; ++selection_value)
      for (std::size_t count = 0; count < 150; ++count) {
        CAPTURE(name(isa));
        CAPTURE(selection_value);
        const std::size_t lag = 1 + random() % kMaxLag;
        Words row(count + lag), above(count + lag);
        for (std::uint16_t& sample : row) sample = static_cast<std::uint16_t>(random() >> random() % 17);
        for (std::uint16_t& sample : above) sample = static_cast<std::uint16_t>(random() >> random() % 17);
        Words differences(count + 1, kGuard), expected = differences;
        for (std::size_t i = 0; i < count; ++i)
          expected[i] = static_cast<std::uint16_t>(row[i + lag] -
                                                   prediction(selection_value, row[i], above[i + lag], above[i]));
        difference_kernels(isa).subtract[selection_value - 1](row.data() + lag, above.data() + lag, count, lag,
                                                              differences.data());
        REQUIRE(differences == expected);
      }
}

TEST_CASE("jpeg_every_difference_is_counted_in_its_category") {
  Words all(65536);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint16_t>(i);
  for (const Isa isa : runnable_isas()) {
    CAPTURE(name(isa));
    CategoryCounts counts{};
    counts[3] = 5;  // counts are added to
    difference_kernels(isa).count(all.data(), all.size(), counts);
    CHECK(counts[0] == 1);
    CHECK(counts[3] == 8 + 5);
    for (std::size_t c = 1; c < 16; ++c)
      if (c != 3) CHECK(counts[c] == std::uint64_t{1} << c);
    CHECK(counts[16] == 1);
  }
}

TEST_CASE("jpeg_counts_of_any_number_of_differences_are_right") {
  Random random(3);
  for (const Isa isa : runnable_isas())
    for (std::size_t count = 0; count < 300; ++count) {
      CAPTURE(name(isa));
      const Words differences = random_differences(random, count, 16);
      CategoryCounts counts{}, expected{};
      for (const std::uint16_t d : differences) ++expected[category(d)];
      difference_kernels(isa).count(differences.data(), count, counts);
      REQUIRE(counts == expected);
    }
}

TEST_CASE("jpeg_append_writes_the_code_and_the_additional_bits_of_each_difference") {
  Random random(4);
  for (const Isa isa : runnable_isas())
    for (unsigned most_bits = 0; most_bits <= 16; ++most_bits)
      for (std::size_t count = 0; count < 200; count += 1 + random() % 3) {
        CAPTURE(name(isa));
        CAPTURE(most_bits);
        const Words differences = random_differences(random, count, most_bits);
        const HuffmanEncoder encoder = table_for(differences, random);
        std::vector<std::uint8_t> out(max_segment_bytes(32 * count));
        BitWriter writer =
            difference_kernels(isa).append(differences.data(), count, CategoryCodes(encoder), BitWriter(out.data()));
        out.resize(static_cast<std::size_t>(writer.finish() - out.data()));
        REQUIRE(out == plainly_coded(differences, encoder));
      }
}

TEST_CASE("jpeg_append_codes_every_difference_there_is") {
  Random random(5);
  Words all(65536);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint16_t>(i * 40503);
  const HuffmanEncoder encoder = table_for(all, random);
  const std::vector<std::uint8_t> expected = plainly_coded(all, encoder);
  for (const Isa isa : runnable_isas()) {
    CAPTURE(name(isa));
    std::vector<std::uint8_t> out(max_segment_bytes(32 * all.size()));
    BitWriter writer =
        difference_kernels(isa).append(all.data(), all.size(), CategoryCodes(encoder), BitWriter(out.data()));
    out.resize(static_cast<std::size_t>(writer.finish() - out.data()));
    CHECK(out == expected);
  }
}
