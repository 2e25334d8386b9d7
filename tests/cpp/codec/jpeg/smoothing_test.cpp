// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "codec/jpeg/dct_stream.h"
#include "turbodicom/codec/jpeg/smoothing.h"

using namespace turbodicom;
using namespace turbodicom::codec;
using namespace turbodicom::codec::jpeg;

namespace {

// A gray progressive image of one row of five blocks of which `scans` have come.
struct Image {
  explicit Image(std::initializer_list<ScanHeader> scans) {
    dct_test::Stream stream(0xC2, 8, 8, 40, {{1, 1}});
    frame = dct_test::first_scan(stream.scan({1}, 0, 0).bytes()).frame();
    tables[0].fill(1);
    for (const ScanHeader& scan : scans) progression.add(scan, damage);
  }
  // The DC coefficients, smoothed.
  Coefficients smoothed(std::array<std::int16_t, 5> dc) {
    Coefficients from(frame, 1), to(frame, 1);
    for (std::size_t i = 0; i < dc.size(); ++i) from.block_row(0, 0)[64 * i] = dc[i];
    Smoothing(frame, tables, progression, 0).smooth(from, 0, to);
    return to;
  }
  bool applies() { return Smoothing(frame, tables, progression, 0).applies(); }

  FrameHeader frame;
  ComponentTables tables{};
  Damage damage{OnError::raise, 8};
  Progression progression;
};

ScanHeader scan_of(std::uint32_t ss, std::uint32_t se, std::uint32_t al) {
  ScanHeader scan{};
  scan.count = 1;
  scan.spectral_start = ss;
  scan.spectral_end = se;
  scan.low_bit = al;
  return scan;
}

}  // namespace

TEST_CASE("complete_images_are_not_smoothed") {
  CHECK_FALSE(Image({scan_of(0, 0, 0), scan_of(1, 63, 0)}).applies());
  CHECK(Image({scan_of(0, 0, 0)}).applies());
  CHECK(Image({scan_of(0, 0, 0), scan_of(1, 63, 1)}).applies());
}

TEST_CASE("images_without_DC_or_with_a_zero_quantiser_are_not_smoothed") {
  Image no_dc({scan_of(1, 63, 1)});
  CHECK_FALSE(no_dc.applies());
  Image zero({scan_of(0, 0, 0)});
  zero.tables[0][9] = 0;
  CHECK_FALSE(zero.applies());
}

TEST_CASE("flat_images_stay_flat") {
  Coefficients smooth = Image({scan_of(0, 0, 0)}).smoothed({90, 90, 90, 90, 90});
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(smooth.block_row(0, 0)[64 * i] == 90);
    CHECK(smooth.block_row(0, 0)[64 * i + 1] == 0);
  }
}

TEST_CASE("an_edge_is_estimated_from_DC_alone") {
  Coefficients smooth = Image({scan_of(0, 0, 0)}).smoothed({0, 0, 0, 256, 256});
  // Rows above and below repeat the only one, so the columns of the kernel weigh -11, 62, 0, -62 and 11, of 256.
  const std::int16_t* block = smooth.block_row(0, 0) + 2 * 64;
  CHECK(block[1] == 11 - 62);
  CHECK(block[8] == 0);
}

TEST_CASE("known_high_bits_bound_the_estimate") {
  Coefficients smooth = Image({scan_of(0, 0, 0), scan_of(1, 63, 2)}).smoothed({0, 0, 0, 2560, 2560});
  CHECK(smooth.block_row(0, 0)[2 * 64 + 1] == -3);
}
