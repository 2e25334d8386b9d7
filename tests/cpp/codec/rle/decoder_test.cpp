// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "codec/rle/stream_writer.h"
#include "turbodicom/codec/rle/decoder.h"
#include "turbodicom/codec/rle/rle.h"

using namespace turbodicom;
using namespace turbodicom::codec;
using rle_test::FrameWriter;
using rle_test::SegmentWriter;

namespace {

struct Row {
  std::string pixels;
  DecodeReport report;
};

// One segment decoded as one row of 8-bit pixels.
Row decoded_row(const SegmentWriter& segment, std::uint32_t columns, OnError on_error = OnError::raise) {
  Row row{std::string(columns, '?'), {}};
  DecodeOptions options;
  options.on_error = on_error;
  auto* const data = reinterpret_cast<std::uint8_t*>(row.pixels.data());
  row.report = rle::decode(FrameWriter().segment(segment).bytes(),
                           interleaved_view(data, SampleType::u8, 1, columns, 1), options);
  return row;
}

using Quirks = std::vector<Quirk>;

}  // namespace

TEST_CASE("literal_and_replicate_runs_give_their_bytes") {
  const Row row = decoded_row(SegmentWriter().literal("abc").replicate(4, 'x').literal("z"), 8);
  CHECK(row.pixels == "abcxxxxz");
  CHECK(row.report.quirks.empty());
  CHECK(row.report.valid_rows == 1);
  CHECK(row.report.consumed_bytes == 64 + 8);
}

TEST_CASE("the_shortest_and_longest_runs_are_read") {
  const std::string longest(128, 'q');
  CHECK(decoded_row(SegmentWriter().literal(longest).replicate(128, 'r').replicate(2, 's').literal("t"), 259).pixels ==
        longest + std::string(128, 'r') + "sst");
}

TEST_CASE("control_byte_128_outputs_nothing") {
  const Row row = decoded_row(SegmentWriter().no_operation().literal("ab").no_operation().replicate(2, 'c'), 4);
  CHECK(row.pixels == "abcc");
  CHECK(row.report.quirks.empty());
}

TEST_CASE("runs_may_cross_rows") {
  std::uint8_t out[6];
  rle::decode(FrameWriter().segment(SegmentWriter().replicate(5, 'a').literal("b")).bytes(),
              interleaved_view(out, SampleType::u8, 3, 2, 1), {});
  CHECK(std::string(out, out + 6) == "aaaaab");
}

TEST_CASE("the_most_significant_byte_comes_first") {
  std::uint8_t out[4];
  rle::decode(FrameWriter().segment(SegmentWriter().literal(std::string("\x01\x00", 2)))
                  .segment(SegmentWriter().literal("\x02\x03")).bytes(),
              interleaved_view(out, SampleType::u16, 1, 2, 1), {});
  CHECK(load_le<std::uint16_t>(out) == 0x0102);
  CHECK(load_le<std::uint16_t>(out + 2) == 0x0003);
}

TEST_CASE("segments_of_colour_come_sample_by_sample") {
  std::uint8_t out[12];
  FrameWriter writer;
  for (const char* bytes : {"Aa", "Bb", "Cc", "Dd", "Ee", "Ff"}) writer.segment(SegmentWriter().literal(bytes));
  const auto view = interleaved_view(out, SampleType::u16, 1, 2, 3);
  rle::decode(writer.bytes(), view, {});
  CHECK(std::string(out, out + 12) == "BADCFEbadcfe");
}

TEST_CASE("one_zero_that_makes_the_segment_even_is_no_quirk_and_more_is_trailing_bytes") {
  CHECK(decoded_row(SegmentWriter().literal("ab").zeros(1), 2).report.quirks.empty());
  CHECK(decoded_row(SegmentWriter().literal("ab").zeros(2), 2).report.quirks == Quirks{"trailing_bytes"});
  CHECK(decoded_row(SegmentWriter().literal("ab").raw("x"), 2).report.quirks == Quirks{"trailing_bytes"});
  CHECK(decoded_row(SegmentWriter().literal("ab").literal("cd"), 2).report.quirks == Quirks{"trailing_bytes"});
}

TEST_CASE("a_run_past_the_last_pixel_is_cut_and_reported") {
  const Row replicate = decoded_row(SegmentWriter().replicate(9, 'a'), 4);
  CHECK(replicate.pixels == "aaaa");
  CHECK(replicate.report.quirks == Quirks{"run_past_end"});
  const Row literal = decoded_row(SegmentWriter().literal("abcdef"), 4);
  CHECK(literal.pixels == "abcd");
  CHECK(literal.report.quirks == Quirks{"run_past_end"});
}

TEST_CASE("a_last_literal_run_that_announces_more_bytes_than_the_segment_has_is_reported") {
  const Row row = decoded_row(SegmentWriter().raw("\x07" "abcd"), 4);
  CHECK(row.pixels == "abcd");
  CHECK(row.report.quirks == Quirks{"run_past_end"});
}

TEST_CASE("quirks_and_consumed_bytes_do_not_depend_on_how_much_follows") {
  for (const std::size_t padding : {2u, 200u, 2000u, 70000u}) {
    const Row row = decoded_row(SegmentWriter().literal("abc").zeros(padding), 3);
    CHECK(row.pixels == "abc");
    CHECK(row.report.quirks == Quirks{"trailing_bytes"});
    CHECK(row.report.consumed_bytes == 64 + 4);
    const Row past = decoded_row(SegmentWriter().literal("abc").replicate(3, 'd').zeros(padding), 4);
    CHECK(past.report.quirks == Quirks{"run_past_end", "trailing_bytes"});
    CHECK(past.report.consumed_bytes == 64 + 6);
  }
}

TEST_CASE("a_short_segment_is_truncated_data_at_its_last_byte") {
  try {
    decoded_row(SegmentWriter().literal("ab"), 4);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code == Errc::truncated_data);
    CHECK(error.offset == 67);
    CHECK(error.message == "rle: segment 1 ends after 2 of 4 decoded bytes, at byte 67 (PS3.5 G.3.2)");
  }
}

TEST_CASE("a_replicate_run_without_its_byte_is_truncated_data") {
  CHECK_THROWS_AS(decoded_row(SegmentWriter().literal("ab").raw("\xFE"), 4), Error);
}

TEST_CASE("with_report_a_short_segment_is_filled_with_zeros_and_its_whole_rows_count") {
  std::uint8_t out[9];
  std::fill_n(out, 9, std::uint8_t{0xEE});
  DecodeOptions options;
  options.on_error = OnError::report;
  const DecodeReport report = rle::decode(FrameWriter().segment(SegmentWriter().literal("abcde")).bytes(),
                                          interleaved_view(out, SampleType::u8, 3, 3, 1), options);
  CHECK(std::string(out, out + 9) == std::string("abcde\0\0\0\0", 9));
  CHECK(report.valid_rows == 1);
  CHECK(report.error->code == Errc::truncated_data);
}

TEST_CASE("the_least_complete_segment_decides_how_many_rows_are_valid") {
  std::uint8_t out[12];
  DecodeOptions options;
  options.on_error = OnError::report;
  const auto frame = FrameWriter().segment(SegmentWriter().replicate(6, 'a')).segment(SegmentWriter().replicate(4, 'b')).bytes();
  CHECK(rle::decode(frame, interleaved_view(out, SampleType::u16, 3, 2, 1), options).valid_rows == 2);
}

TEST_CASE("frames_of_many_strips_are_joined_without_a_seam") {
  // Runs of coprime lengths, so that strip ends fall on every part of a run.
  SegmentWriter segment;
  std::string expected;
  for (std::size_t i = 0; expected.size() < 5 * rle::kMaxStripBytes; ++i) {
    const auto length = static_cast<int>(2 + i * 37 % 127);
    const char value = static_cast<char>('a' + i % 26);
    segment.replicate(length, value);
    expected.append(static_cast<std::size_t>(length), value);
    std::string literal;
    for (std::size_t k = 0; k <= i * 53 % 128; ++k) literal.push_back(static_cast<char>(i + k * 7));
    segment.literal(literal);
    expected += literal;
  }
  for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, std::size_t{64}, rle::kMaxStripBytes}) {
    const auto columns = static_cast<std::uint32_t>(expected.size() - cut);
    CHECK(decoded_row(segment, columns).pixels == expected.substr(0, columns));
  }
}

TEST_CASE("pixels_of_any_number_of_bytes_are_joined_without_a_seam") {
  for (std::uint32_t samples = 1; samples <= 15; ++samples) {
    // Each sample of 8 bits is a ramp of its own, longer than a few strips.
    const std::uint32_t columns = 20011;
    FrameWriter writer;
    for (std::uint32_t sample = 0; sample < samples; ++sample) {
      SegmentWriter segment;
      for (std::uint32_t i = 0; i < columns; i += 3) {
        const auto value = static_cast<char>((i / 3 * (sample + 1)) & 0xFF);
        if (i + 3 > columns) segment.literal(std::string(columns - i, value));
        else segment.replicate(3, value);
      }
      writer.segment(segment);
    }
    std::vector<std::uint8_t> out(std::size_t{samples} * columns);
    rle::decode(writer.bytes(), interleaved_view(out.data(), SampleType::u8, 1, columns, samples), {});
    std::size_t wrong = 0;
    for (std::uint32_t i = 0; i < columns; ++i)
      for (std::uint32_t sample = 0; sample < samples; ++sample)
        wrong += out[std::size_t{i} * samples + sample] != ((i / 3 * (sample + 1)) & 0xFF);
    CAPTURE(samples);
    CHECK(wrong == 0);
  }
}

TEST_CASE("strips_of_any_number_of_segments_fit_their_room") {
  for (std::size_t strips = 1; strips <= 15; ++strips) {
    CHECK(strips * rle::strip_room(strips) <= rle::kStripsRoom);
    CHECK(rle::strip_bytes(strips) + rle::kOvershoot <= rle::strip_room(strips));
    CHECK(rle::strip_bytes(strips) >= 512);
  }
}

TEST_CASE("a_segment_is_read_the_same_however_many_zeros_follow") {
  SegmentWriter segment;
  std::string expected;
  for (int i = 0; i < 300; ++i) {
    segment.replicate(2 + i % 5, static_cast<char>(i)).literal(std::string(static_cast<std::size_t>(1 + i % 40), 'k'));
    expected += std::string(static_cast<std::size_t>(2 + i % 5), static_cast<char>(i)) +
                std::string(static_cast<std::size_t>(1 + i % 40), 'k');
  }
  for (std::size_t padding = 0; padding < 900; padding += 7) {
    SegmentWriter padded = segment;
    padded.zeros(padding);
    CHECK(decoded_row(padded, static_cast<std::uint32_t>(expected.size())).pixels == expected);
  }
}
