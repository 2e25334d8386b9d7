// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "codec/jpeg/dct_stream.h"
#include "turbodicom/codec/jpeg/sequential_scan.h"

using namespace turbodicom;
using namespace turbodicom::codec;
using namespace turbodicom::codec::jpeg;
using dct_test::Bits;
using dct_test::Bytes;
using dct_test::Stream;

namespace {

// A scan of one component, decoded into `blocks` blocks of one row and another row behind them.
struct Decoded {
  Coefficients coefficients;
  Damage damage;
  const std::int16_t* block(std::size_t index) { return coefficients.block_row(0, 0) + 64 * index; }
  int last(std::size_t index) { return coefficients.last_row(0, 0)[index]; }
};

Decoded decode(const Stream& stream, OnError on_error = OnError::raise) {
  const MarkerReader markers = dct_test::first_scan(stream.bytes());
  const FrameHeader& frame = markers.frame();
  Decoded decoded{Coefficients(frame, frame.mcu_rows), Damage(on_error, frame.rows)};
  const SequentialTables tables(markers.scan(), markers.tables(), decoded.damage);
  SequentialScan scan(stream.bytes(), frame, markers.scan(), tables, markers.tables().restart_interval, decoded.damage, 0,
                      markers.scan().data);
  while (scan.row() < scan.layout().rows) scan.decode_row(decoded.coefficients, 0, true);
  return decoded;
}

// One row of gray blocks, its only scan open for data.
Stream gray(std::uint16_t blocks) {
  Stream stream(0xC1, 8, 8, static_cast<std::uint16_t>(8 * blocks), {{1, 1}});
  return stream;
}

}  // namespace

TEST_CASE("coefficients_go_to_their_natural_places") {
  const Stream stream = gray(2).scan({1}).data(Bits().dc(-5).coefficient(0, 3).coefficient(1, -1).eob().dc(7).eob());
  Decoded decoded = decode(stream);
  CHECK(decoded.block(0)[0] == -5);
  CHECK(decoded.block(0)[1] == 3);    // zig-zag 1
  CHECK(decoded.block(0)[16] == -1);  // zig-zag 3
  CHECK(decoded.last(0) == 3);
  CHECK(decoded.block(1)[0] == 2);
  CHECK(decoded.last(1) == 0);
}

TEST_CASE("every_magnitude_category_up_to_15_is_decoded") {
  for (int size = 1; size <= 15; ++size)
    for (const int value : {1 << (size - 1), (1 << size) - 1, -(1 << (size - 1)), 1 - (1 << size)}) {
      Decoded decoded = decode(gray(1).scan({1}).data(Bits().dc(value).coefficient(0, value).eob()));
      CHECK(decoded.block(0)[0] == value);
      CHECK(decoded.block(0)[1] == value);
    }
}

TEST_CASE("run_beyond_the_block_ends_at_its_last_coefficient_and_nowhere_else") {
  Bits bits;
  bits.dc(1);
  for (int i = 0; i < 3; ++i) bits.symbol(0xF0);
  bits.coefficient(15, 1);  // 48 + 1 + 15 = 64
  Decoded decoded = decode(gray(2).scan({1}).data(bits.dc(1).eob()));
  CHECK(decoded.block(0)[63] == 1);
  CHECK(decoded.last(0) == 63);
  CHECK(decoded.block(1)[0] == 2);
  CHECK(std::all_of(decoded.block(1) + 1, decoded.block(1) + 64, [](std::int16_t value) { return value == 0; }));
}

TEST_CASE("zero_runs_that_fill_the_block_end_it_without_an_EOB") {
  Bits bits;
  bits.dc(1);
  for (int i = 0; i < 4; ++i) bits.symbol(0xF0);
  Decoded decoded = decode(gray(2).scan({1}).data(bits.dc(1).eob()));
  CHECK(decoded.block(1)[0] == 2);
}

TEST_CASE("MCUs_behind_the_end_of_the_data_stay_zero_until_a_restart") {
  Stream stream = gray(6).restart_interval(3);
  stream.scan({1}).data(Bits().dc(100).eob()).restart(0).data(Bits().dc(50).eob().dc(0).eob().dc(0).eob()).end();
  Decoded decoded = decode(stream, OnError::report);
  CHECK(decoded.block(0)[0] == 100);
  CHECK(decoded.block(2)[0] == 0);
  CHECK(decoded.block(3)[0] == 50);
  CHECK(decoded.block(5)[0] == 50);
  REQUIRE(decoded.damage.error());
  CHECK(decoded.damage.valid_rows() == 0);
}

TEST_CASE("data_that_end_too_early_throw") {
  CHECK_THROWS_AS(decode(gray(40).scan({1}).data(Bits().dc(1).eob()).end()), Error);
}

TEST_CASE("bits_that_are_no_code_are_damage_and_mean_zero") {
  const Stream stream = gray(2).scan({1}).data(Bits().dc(4).no_code().dc(3).eob());
  CHECK_THROWS_AS(decode(stream), Error);
  Decoded decoded = decode(stream, OnError::report);
  CHECK(decoded.block(0)[0] == 4);
  CHECK(decoded.block(1)[0] == 7);
  CHECK(decoded.damage.error()->code == Errc::corrupt_data);
}

TEST_CASE("restart_sets_predictions_to_zero") {
  Stream stream = gray(2).restart_interval(1);
  stream.scan({1}).data(Bits().dc(100).eob()).restart(0).data(Bits().dc(5).eob()).end();
  Decoded decoded = decode(stream);
  CHECK(decoded.block(1)[0] == 5);
}

TEST_CASE("predictions_wrap_as_sixteen_bits") {
  Decoded decoded = decode(gray(3).scan({1}).data(Bits().dc(32767).eob().dc(32767).eob().dc(32767).eob()));
  CHECK(decoded.block(1)[0] == -2);
  CHECK(decoded.block(2)[0] == 32765);
}

TEST_CASE("more_than_ten_blocks_in_an_MCU_are_refused") {
  Stream stream(0xC1, 8, 32, 32, {{4, 2}, {2, 1}, {1, 1}});
  stream.scan({1, 2, 3});
  CHECK_THROWS_AS(decode(stream), Error);
}
