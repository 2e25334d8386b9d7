// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/rle/header.h"

#include <doctest/doctest.h>

#include "codec/rle/stream_writer.h"
#include "turbodicom/codec/rle/rle.h"

using namespace turbodicom;
using namespace turbodicom::codec;
using rle_test::FrameWriter;
using rle_test::SegmentWriter;

namespace {

// The error of decoding `frame` as two pixels of 16 bits.
Error error_of(const std::vector<std::uint8_t>& frame) {
  std::uint8_t out[4];
  try {
    rle::decode(frame, interleaved_view(out, SampleType::u16, 1, 2, 1), {});
  } catch (const Error& error) {
    return error;
  }
  return Error(Errc::cancelled, 0, "no error");
}

FrameWriter two_segments() {
  return FrameWriter().segment(SegmentWriter().literal("ab")).segment(SegmentWriter().literal("cd").zeros(1));
}

}  // namespace

TEST_CASE("read_info_gives_the_number_of_segments") {
  const StreamInfo info = rle::read_info(two_segments().bytes());
  CHECK(info.components == 2);
  CHECK(info.rows == 0);
  CHECK(info.lossless);
}

TEST_CASE("read_info_refuses_zero_and_sixteen_segments") {
  for (const std::uint32_t count : {0u, 16u, 0xFFFFFFFFu}) {
    try {
      rle::read_info(two_segments().word(0, count).bytes());
      FAIL("no error");
    } catch (const Error& error) {
      CHECK(error.code == Errc::corrupt_data);
      CHECK(error.offset == 0);
    }
  }
}

TEST_CASE("a_frame_shorter_than_the_header_is_truncated_at_its_end") {
  auto frame = two_segments().bytes();
  frame.resize(63);
  const Error error = error_of(frame);
  CHECK(error.code == Errc::truncated_data);
  CHECK(error.offset == 63);
  CHECK(error.message == "rle: the frame has 63 bytes, fewer than the 64 of the header, at byte 63 (PS3.5 G.5)");
}

TEST_CASE("another_number_of_segments_than_the_data_set_needs_is_a_conformance_error_that_names_both") {
  const Error fewer = error_of(FrameWriter().segment(SegmentWriter().literal("ab")).bytes());
  CHECK(fewer.code == Errc::conformance);
  CHECK(fewer.message == "rle: the header announces 1 segments, the data set needs 2, at byte 0 (PS3.5 G.2)");
  const Error more = error_of(two_segments().segment(SegmentWriter().literal("ef")).bytes());
  CHECK(more.code == Errc::conformance);
  CHECK(more.message == "rle: the header announces 3 segments, the data set needs 2, at byte 0 (PS3.5 G.2)");
}

TEST_CASE("more_bytes_a_pixel_than_segments_exist_is_a_conformance_error") {
  std::vector<std::uint8_t> out(24);
  CHECK_THROWS_AS(rle::decode(two_segments().bytes(), interleaved_view(out.data(), SampleType::u64, 1, 1, 3), {}),
                  Error);
}

TEST_CASE("an_offset_beyond_the_frame_is_truncated_data_at_its_header_byte") {
  const Error error = error_of(two_segments().word(2, 91).bytes());
  CHECK(error.code == Errc::truncated_data);
  CHECK(error.offset == 8);
  CHECK(error.message == "rle: offset of segment 2 is 91, beyond the 71 bytes of the frame, at byte 8 (PS3.5 G.5)");
}

TEST_CASE("an_offset_inside_the_header_is_corrupt_data") {
  const Error error = error_of(two_segments().word(1, 63).bytes());
  CHECK(error.code == Errc::corrupt_data);
  CHECK(error.offset == 4);
  CHECK(error.message == "rle: offset of segment 1 is 63, inside the 64 bytes of the header, at byte 4 (PS3.5 G.5)");
}

TEST_CASE("offsets_that_do_not_ascend_are_corrupt_data") {
  const Error error = error_of(two_segments().word(1, 69).bytes());
  CHECK(error.code == Errc::corrupt_data);
  CHECK(error.offset == 8);
  CHECK(error.message == "rle: offset of segment 2 is 67, before that of segment 1, 69, at byte 8 (PS3.5 G.5)");
}

TEST_CASE("offsets_of_unused_segments_odd_offsets_and_a_gap_after_the_header_are_reported_quirks") {
  std::uint8_t out[4];
  const auto view = interleaved_view(out, SampleType::u16, 1, 2, 1);
  const auto quirks = [&](const FrameWriter& writer) { return rle::decode(writer.bytes(), view, {}).quirks; };
  CHECK(quirks(FrameWriter().segment(SegmentWriter().literal("ab").zeros(1)).segment(SegmentWriter().literal("cd")))
            .empty());
  CHECK(quirks(two_segments()) == std::vector<Quirk>{"odd_segment_offset"});
  const auto even = [] {
    return FrameWriter().segment(SegmentWriter().literal("ab").zeros(1)).segment(SegmentWriter().literal("cd"));
  };
  CHECK(quirks(even().word(15, 7)) == std::vector<Quirk>{"unused_offset_not_zero"});
  CHECK(quirks(even().gap_after_header(2)) == std::vector<Quirk>{"gap_after_header"});
}

TEST_CASE("with_report_a_damaged_header_gives_zeros_and_the_reason") {
  DecodeOptions options;
  options.on_error = OnError::report;
  for (const auto& frame : {two_segments().word(0, 3).bytes(), std::vector<std::uint8_t>(10, 0xFF)}) {
    std::uint8_t out[4] = {9, 9, 9, 9};
    const DecodeReport report = rle::decode(frame, interleaved_view(out, SampleType::u16, 1, 2, 1), options);
    CHECK(report.error.has_value());
    CHECK(report.valid_rows == 0);
    for (const std::uint8_t byte : out) CHECK(byte == 0);
  }
}

TEST_CASE("with_report_segments_before_the_bad_offset_are_decoded") {
  DecodeOptions options;
  options.on_error = OnError::report;
  std::uint8_t out[4] = {9, 9, 9, 9};
  const DecodeReport report =
      rle::decode(two_segments().word(2, 91).bytes(), interleaved_view(out, SampleType::u16, 1, 2, 1), options);
  CHECK(report.error->code == Errc::truncated_data);
  CHECK(report.valid_rows == 0);
  CHECK(out[0] == 0);
  CHECK(out[1] == 'a');
  CHECK(out[2] == 0);
  CHECK(out[3] == 'b');
}
