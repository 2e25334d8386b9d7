// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Frames made to hurt: each must give an error or a frame, in time linear in input plus output.
#include <doctest/doctest.h>

#include <chrono>
#include <random>
#include <string>

#include "codec/contract.h"
#include "codec/rle/stream_writer.h"
#include "turbodicom/codec/rle/rle.h"

using namespace turbodicom;
using namespace turbodicom::codec;
using contract::Image;
using rle_test::FrameWriter;
using rle_test::SegmentWriter;

namespace {

const Codec& codec_rle() { return *find_codec("rle"); }

double seconds_to_decode(const std::vector<std::uint8_t>& frame, std::uint32_t rows, std::uint32_t columns) {
  std::vector<std::uint8_t> out(std::size_t{rows} * columns);
  DecodeOptions options;
  options.on_error = OnError::report;
  const auto start = std::chrono::steady_clock::now();
  rle::decode(frame, interleaved_view(out.data(), SampleType::u8, rows, columns, 1), options);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

TEST_CASE("random_bytes_behind_a_valid_header_never_write_outside_the_destination") {
  std::mt19937 random(2);
  const Image image(16, 40, 1, SampleType::u16);
  for (int i = 0; i < 3000; ++i) {
    SegmentWriter first, second;
    const auto fill = [&](SegmentWriter& writer) {
      std::string noise(random() % 1500, '\0');
      for (char& byte : noise) byte = static_cast<char>(random());
      writer.raw(noise);
    };
    fill(first);
    fill(second);
    const auto frame = FrameWriter().segment(first).segment(second).bytes();
    const auto strict = contract::decoded(codec_rle(), frame, image, OnError::raise);
    CHECK(strict.guards_intact);
    const auto lenient = contract::decoded_twice_alike(codec_rle(), frame, image);
    CHECK(lenient.report.error.has_value() == strict.error.has_value());
    CHECK(lenient.report.consumed_bytes <= frame.size());
  }
}

TEST_CASE("mutated_streams_never_write_outside_the_destination") {
  std::mt19937 random(3);
  const Image image(12, 50, 3, SampleType::u8);
  const auto stream = contract::encoded(codec_rle(), image);
  for (int i = 0; i < 3000; ++i) {
    auto mutant = stream;
    for (unsigned k = 0; k <= random() % 6; ++k) mutant[random() % mutant.size()] = static_cast<std::uint8_t>(random());
    contract::decoded_twice_alike(codec_rle(), mutant, image);
  }
}

TEST_CASE("all_offsets_equal_gives_empty_segments") {
  const Image image(2, 2, 1, SampleType::u16);
  const auto frame = FrameWriter().segment(SegmentWriter()).segment(SegmentWriter().literal("abcd")).bytes();
  CHECK(contract::decoded(codec_rle(), frame, image, OnError::raise).error->code == Errc::truncated_data);
  const auto lenient = contract::decoded_twice_alike(codec_rle(), frame, image);
  CHECK(lenient.report.valid_rows == 0);
}

TEST_CASE("an_offset_equal_to_the_frame_length_is_an_empty_segment") {
  const auto frame = FrameWriter().segment(SegmentWriter().literal("ab")).segment(SegmentWriter()).bytes();
  const Image image(1, 2, 1, SampleType::u16);
  const auto strict = contract::decoded(codec_rle(), frame, image, OnError::raise);
  CHECK(strict.error->code == Errc::truncated_data);
  CHECK(strict.error->offset == frame.size());
}

TEST_CASE("all_fifteen_segments_are_decoded") {
  const Image image(3, 5, 15, SampleType::i8);
  const auto stream = contract::encoded(codec_rle(), image);
  CHECK(contract::decoded(codec_rle(), stream, image, OnError::raise).bytes == image.bytes);
}

TEST_CASE("an_image_of_more_bytes_a_pixel_than_segments_exist_is_filled_with_zeros") {
  DecodeOptions options;
  options.on_error = OnError::report;
  const auto frame = FrameWriter().segment(SegmentWriter().literal("ab")).bytes();
  for (const std::size_t length : {frame.size(), std::size_t{37}})
    for (const auto make : {planar_view<std::uint8_t>, interleaved_view<std::uint8_t>}) {
      std::vector<std::uint8_t> out(2 * 2 * 8, 0xEE);
      const DecodeReport report =
          rle::decode(ByteView(frame).first(length), make(out.data(), SampleType::f64, 2, 1, 2), options);
      CHECK(report.error.has_value());
      CHECK(report.valid_rows == 0);
      CHECK(out == std::vector<std::uint8_t>(out.size(), 0));
    }
}

TEST_CASE("a_gigapixel_promised_by_a_tiny_stream_is_refused_before_the_destination_is_touched") {
  // The view's memory does not exist: any access to it would crash.
  std::uint8_t nothing = 0;
  const ImageView huge = interleaved_view(&nothing, SampleType::u8, 0xFFFFFFFF, 0xFFFFFFFF, 1);
  const auto frame = FrameWriter().segment(SegmentWriter().literal("a")).bytes();
  try {
    rle::decode(frame, huge, {});
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code == Errc::limit_exceeded);
  }
}

TEST_CASE("time_is_linear_in_the_input_for_runs_that_output_nothing_or_little") {
  // Generous (the rule is 1 us a byte of input, D8): a quadratic loop would take minutes.
  const std::string no_operations(std::size_t{8} << 20, '\x80');
  CHECK(seconds_to_decode(FrameWriter().segment(SegmentWriter().raw(no_operations)).bytes(), 8, 8) < 8.0);
  const std::string shortest(std::size_t{8} << 20, '\0');
  CHECK(seconds_to_decode(FrameWriter().segment(SegmentWriter().raw(shortest)).bytes(), 2048, 2048) < 8.0);
  const std::string longest(std::size_t{64} << 10, '\x81');
  CHECK(seconds_to_decode(FrameWriter().segment(SegmentWriter().raw(longest)).bytes(), 2048, 2048) < 8.0);
}
