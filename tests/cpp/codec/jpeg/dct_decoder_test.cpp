// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <string>

#include "codec/jpeg/dct_stream.h"
#include "turbodicom/codec/jpeg/jpeg.h"

using namespace turbodicom;
using namespace turbodicom::codec;
using dct_test::Bits;
using dct_test::Bytes;
using dct_test::Stream;

namespace {

struct Image {
  Bytes samples;
  DecodeReport report;
};

Image decode(const Stream& stream, std::uint32_t rows, std::uint32_t columns, std::uint32_t components,
             DecodeOptions options = {}) {
  Image image{Bytes(std::size_t{rows} * columns * components, 0xCC), {}};
  image.report = jpeg::decode(stream.bytes(),
                              interleaved_view(image.samples.data(), SampleType::u8, rows, columns, components), options);
  return image;
}

DecodeOptions reporting() {
  DecodeOptions options;
  options.on_error = OnError::report;
  return options;
}

bool has(const DecodeReport& report, std::string_view quirk) {
  return std::find(report.quirks.begin(), report.quirks.end(), quirk) != report.quirks.end();
}

constexpr std::uint16_t kRows = 512, kColumns = 512;
constexpr int kBlocks = kColumns / 8;

// One row of MCUs of a picture whose blocks all differ.
Bits row_of_blocks(int row) {
  Bits bits;
  for (int i = 0; i < kBlocks; ++i) bits.dc(i == 0 ? row * 8 - 200 : i % 5).coefficient(0, row % 7 - 8).eob();
  return bits;
}

// A restart interval per row of MCUs.
Stream striped() {
  Stream stream(0xC0, 8, kRows, kColumns, {{1, 1}});
  stream.restart_interval(kBlocks).scan({1});
  for (int row = 0; row < kRows / 8; ++row) {
    if (row > 0) stream.restart((row - 1) % 8);
    stream.data(row_of_blocks(row));
  }
  return stream.end();
}

}  // namespace

TEST_CASE("gray_block_of_DC_alone_is_flat") {
  const Image image = decode(Stream(0xC0, 8, 8, 8, {{1, 1}}).scan({1}).data(Bits().dc(80).eob()).end(), 8, 8, 1);
  CHECK(image.samples == Bytes(64, 138));  // 128 + 80 / 8
  CHECK_FALSE(image.report.error);
  CHECK(image.report.quirks.empty());
}

TEST_CASE("components_in_scans_of_their_own_are_put_together") {
  Stream stream(0xC0, 8, 8, 8, {{1, 1}, {1, 1}, {1, 1}});
  stream.scan({2}).data(Bits().dc(16).eob()).scan({1}).data(Bits().dc(8).eob()).scan({3}).data(Bits().dc(-8).eob()).end();
  const Image image = decode(stream, 8, 8, 3);
  CHECK(image.samples[0] == 129);
  CHECK(image.samples[1] == 130);
  CHECK(image.samples[2] == 127);
}

TEST_CASE("component_without_a_scan_is_damage_and_reads_as_gray") {
  Stream stream(0xC0, 8, 8, 8, {{1, 1}, {1, 1}, {1, 1}});
  stream.scan({1}).data(Bits().dc(8).eob()).scan({2}).data(Bits().dc(16).eob()).end();
  CHECK_THROWS_AS(decode(stream, 8, 8, 3), Error);
  const Image image = decode(stream, 8, 8, 3, reporting());
  REQUIRE(image.report.error);
  CHECK(image.report.error->code == Errc::corrupt_data);
  CHECK(image.report.valid_rows == 0);
  CHECK(image.samples[0] == 129);
  CHECK(image.samples[2] == 128);
}

TEST_CASE("scan_behind_a_complete_sequential_image_is_ignored") {
  Stream stream(0xC0, 8, 8, 8, {{1, 1}});
  stream.scan({1}).data(Bits().dc(80).eob()).scan({1}).data(Bits().dc(0).eob()).end();
  const Image image = decode(stream, 8, 8, 1);
  CHECK(image.samples[0] == 138);
  CHECK(has(image.report, "scans_after_complete_image"));
}

TEST_CASE("odd_parameters_of_a_sequential_scan_are_a_quirk") {
  const Image image = decode(Stream(0xC0, 8, 8, 8, {{1, 1}}).scan({1}, 0, 0).data(Bits().dc(80).eob()).end(), 8, 8, 1);
  CHECK(image.samples[0] == 138);
  CHECK(has(image.report, "sequential_scan_parameters"));
}

TEST_CASE("result_does_not_depend_on_workers") {
  const Image one = decode(striped(), kRows, kColumns, 1);
  DecodeOptions options;
  options.workers = 3;
  CHECK(decode(striped(), kRows, kColumns, 1, options).samples == one.samples);
}

TEST_CASE("damage_does_not_depend_on_workers") {
  Stream stream(0xC0, 8, kRows, kColumns, {{1, 1}});
  stream.restart_interval(kBlocks).scan({1});
  for (int row = 0; row < kRows / 8; ++row) {
    if (row > 0) stream.restart((row - 1) % 8);
    if (row == 40) stream.data(Bits().dc(3).no_code());
    else if (row == 50) stream.data(Bits().dc(3).eob());
    else stream.data(row_of_blocks(row));
  }
  stream.end();
  DecodeOptions options = reporting();
  const Image one = decode(stream, kRows, kColumns, 1, options);
  options.workers = 4;
  const Image many = decode(stream, kRows, kColumns, 1, options);
  CHECK(one.samples == many.samples);
  REQUIRE(one.report.error);
  REQUIRE(many.report.error);
  CHECK(one.report.valid_rows == 320);
  CHECK(many.report.valid_rows == 320);
  CHECK(one.report.error->message == many.report.error->message);
}

TEST_CASE("window_equals_that_part_of_the_image") {
  const Image whole = decode(striped(), kRows, kColumns, 1);
  for (const Window window : {Window{0, 0}, Window{100, 33}, Window{480, 500}}) {
    DecodeOptions options;
    options.window = window;
    const Image part = decode(striped(), 20, 10, 1, options);
    for (std::uint32_t row = 0; row < 20; ++row)
      for (std::uint32_t column = 0; column < 10; ++column)
        REQUIRE(part.samples[row * 10 + column] == whole.samples[(window.row + row) * kColumns + window.column + column]);
  }
}

TEST_CASE("truncated_image_keeps_the_rows_above") {
  const Stream whole = striped();
  Stream cut(0xC0, 8, kRows, kColumns, {{1, 1}});
  cut.restart_interval(kBlocks).scan({1}).data(row_of_blocks(0)).restart(0).data(row_of_blocks(1));
  CHECK_THROWS_AS(decode(cut, kRows, kColumns, 1), Error);
  const Image full = decode(whole, kRows, kColumns, 1);
  const Image image = decode(cut, kRows, kColumns, 1, reporting());
  CHECK(image.report.error->code == Errc::truncated_data);
  CHECK(image.report.valid_rows == 16);
  CHECK(std::equal(image.samples.begin(), image.samples.begin() + 16 * kColumns, full.samples.begin()));
  CHECK(image.samples.back() == 128);
}

TEST_CASE("progressive_image_without_its_last_scans_is_truncated_or_a_quirk") {
  Stream stream(0xC2, 8, 8, 8, {{1, 1}});
  stream.scan({1}, 0, 0).data(Bits().dc(80));
  CHECK_THROWS_AS(decode(stream, 8, 8, 1), Error);
  CHECK(decode(stream, 8, 8, 1, reporting()).report.valid_rows == 0);
  const Image ended = decode(stream.end(), 8, 8, 1);
  CHECK(ended.samples == Bytes(64, 138));
  CHECK(has(ended.report, "incomplete_progression"));
}

TEST_CASE("progressive_frame_that_its_bytes_cannot_pay_for_throws") {
  Stream stream(0xC2, 8, 8000, 8000, {{1, 1}});
  stream.scan({1}, 0, 0).data(Bits().dc(80)).end();
  Bytes samples(8000 * 8000);
  try {
    jpeg::decode(stream.bytes(), interleaved_view(samples.data(), SampleType::u8, 8000, 8000, 1), {});
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    CHECK(error.code == Errc::truncated_data);
  }
}

TEST_CASE("cancelled_decoding_stops") {
  CancelToken cancel;
  cancel.cancel();
  DecodeOptions options;
  options.cancel = &cancel;
  CHECK_THROWS_AS(decode(striped(), kRows, kColumns, 1, options), Error);
}
