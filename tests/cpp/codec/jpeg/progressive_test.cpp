// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "codec/jpeg/dct_stream.h"
#include "turbodicom/codec/jpeg/progressive_scan.h"

using namespace turbodicom;
using namespace turbodicom::codec;
using namespace turbodicom::codec::jpeg;
using dct_test::Bits;
using dct_test::Bytes;
using dct_test::Stream;

namespace {

// A row of gray blocks; scans are added and decoded one by one.
class Image {
 public:
  explicit Image(std::uint16_t blocks, OnError on_error = OnError::raise)
      : header_(0xC2, 8, 8, static_cast<std::uint16_t>(8 * blocks), {{1, 1}}),
        markers_(dct_test::first_scan(Stream(header_).scan({1}, 0, 0).bytes())),
        coefficients_(markers_.frame(), 1), damage_(on_error, 8), budget_(blocks) {}

  Image& scan(std::uint8_t ss, std::uint8_t se, std::uint8_t ah_al, const Bits& bits) {
    const Bytes bytes = Stream(header_).scan({1}, ss, se, ah_al).data(bits).end().bytes();
    const MarkerReader markers = dct_test::first_scan(bytes);
    progression_.add(markers.scan(), damage_);
    ProgressiveScan scan(bytes, markers.frame(), markers.scan(), markers.tables(), damage_, budget_);
    scan.decode_row(coefficients_);
    return *this;
  }
  const std::int16_t* block(std::size_t index) { return coefficients_.block_row(0, 0) + 64 * index; }
  int last(std::size_t index) { return coefficients_.last_row(0, 0)[index]; }
  const Damage& damage() const { return damage_; }
  const Progression& progression() const { return progression_; }

 private:
  Stream header_;
  MarkerReader markers_;
  Coefficients coefficients_;
  Damage damage_;
  WorkBudget budget_;
  Progression progression_;
};

}  // namespace

TEST_CASE("DC_bits_come_in_two_scans") {
  Image image(2);
  image.scan(0, 0, 0x01, Bits().dc(3).dc(-5)).scan(0, 0, 0x10, Bits().bits(0b10, 2));
  CHECK(image.block(0)[0] == 7);
  CHECK(image.block(1)[0] == -4);
}

TEST_CASE("EOB_runs_pass_over_blocks") {
  Image image(6);
  image.scan(0, 0, 0, Bits().dc(0).dc(0).dc(0).dc(0).dc(0).dc(0));
  // The first band ends with the run of 4 and 1 more: blocks 0 to 4; block 5 has a coefficient.
  image.scan(1, 63, 0, Bits().coefficient(0, 2).symbol(0x20).bits(1, 2).coefficient(1, -1).eob());
  CHECK(image.block(0)[1] == 2);
  for (std::size_t block = 1; block < 5; ++block) CHECK(image.last(block) == 0);
  CHECK(image.block(5)[8] == -1);
  CHECK(image.last(5) == 2);
}

TEST_CASE("refinement_corrects_old_coefficients_and_adds_new_ones") {
  Image image(1);
  image.scan(0, 0, 0, Bits().dc(0));
  image.scan(1, 63, 0x01, Bits().coefficient(0, 1).coefficient(1, -1).eob());  // 2 at k = 1, -2 at k = 3
  // A new one behind one zero: passes k = 1 (corrected), 2 (zero), 3 (not corrected), lands on k = 4.
  image.scan(1, 63, 0x10, Bits().symbol(0x11).bits(0, 1).bits(0b10, 2).eob());
  CHECK(image.block(0)[1] == 3);
  CHECK(image.block(0)[16] == -2);
  CHECK(image.block(0)[9] == -1);
  CHECK(image.last(0) == 4);
}

TEST_CASE("refinement_in_an_EOB_run_corrects_every_block_of_it") {
  Image image(2);
  image.scan(0, 0, 0, Bits().dc(0).dc(0));
  image.scan(1, 63, 0x01, Bits().coefficient(0, 1).eob().coefficient(0, -1).eob());
  image.scan(1, 63, 0x10, Bits().symbol(0x10).bits(0, 1).bits(0b11, 2));
  CHECK(image.block(0)[1] == 3);
  CHECK(image.block(1)[1] == -3);
}

TEST_CASE("new_coefficient_without_a_place_never_leaves_the_block") {
  Image image(2);
  image.scan(0, 0, 0, Bits().dc(0).dc(9));
  Bits bits;
  bits.symbol(0xF0).symbol(0xF0).symbol(0xF0).symbol(0xF1).bits(1, 1).eob();
  image.scan(1, 63, 0x10, bits);
  CHECK(image.block(0)[63] == 1);
  CHECK(image.block(1)[0] == 9);
}

TEST_CASE("scan_parameters_that_the_process_does_not_know_throw") {
  CHECK_THROWS_AS(Image(1).scan(0, 5, 0, Bits().dc(0)), Error);
  CHECK_THROWS_AS(Image(1).scan(6, 5, 0, Bits().dc(0)), Error);
  CHECK_THROWS_AS(Image(1).scan(1, 64, 0, Bits().dc(0)), Error);
  CHECK_THROWS_AS(Image(1).scan(1, 5, 0x31, Bits().dc(0)), Error);
  CHECK_THROWS_AS(Image(1).scan(1, 5, 0x0E, Bits().dc(0)), Error);
}

TEST_CASE("scans_out_of_order_are_a_quirk") {
  Image image(1);
  image.scan(1, 63, 0, Bits().eob());
  REQUIRE(image.damage().quirks().size() == 1);
  CHECK(image.damage().quirks()[0] == "progression_out_of_order");
}

TEST_CASE("progression_is_complete_when_the_last_bit_of_every_coefficient_came") {
  Image image(1);
  image.scan(0, 0, 0x01, Bits().dc(0)).scan(1, 63, 0, Bits().eob());
  CHECK(image.progression().has_dc(0));
  CHECK_FALSE(image.progression().is_complete(0));
  image.scan(0, 0, 0x10, Bits().bits(0, 1));
  CHECK(image.progression().is_complete(0));
}

TEST_CASE("scans_without_end_are_refused") {
  Image image(1, OnError::report);
  image.scan(0, 0, 0, Bits().dc(0));
  const auto many = [&] {
    for (int i = 0; i < 5000; ++i) image.scan(1, 63, 0, Bits().eob());
  };
  CHECK_THROWS_AS(many(), Error);
}

TEST_CASE("DC_coefficient_beyond_32_bits_is_refused") {
  Bits bits;
  for (int i = 0; i < 1000; ++i) bits.dc(32767);
  Image image(1000);
  image.scan(0, 0, 0, bits);  // far from it
  CHECK(image.block(999)[0] == static_cast<std::int16_t>(32767 * 1000));
}

TEST_CASE("progressive_data_that_end_too_early_throw_or_leave_the_rest_as_it_was") {
  CHECK_THROWS_AS(Image(30).scan(0, 0, 0, Bits().dc(1)), Error);
  Image image(30, OnError::report);
  image.scan(0, 0, 0, Bits().dc(1));
  CHECK(image.block(0)[0] == 1);
  CHECK(image.block(29)[0] == 0);
  CHECK(image.damage().valid_rows() == 0);
}
