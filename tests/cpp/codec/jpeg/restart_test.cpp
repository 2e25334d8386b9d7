// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <initializer_list>
#include <vector>

#include "turbodicom/codec/jpeg/restart.h"

using namespace turbodicom;
using namespace turbodicom::codec;
using namespace turbodicom::codec::jpeg;

namespace {

using Bytes = std::vector<std::uint8_t>;

}  // namespace

TEST_CASE("expected_restart_marker_is_passed_fill_bytes_included") {
  const Bytes bytes{1, 2, 0xFF, 0xFF, 0xD3, 7};
  const Restart restart = find_restart(bytes, 2, 3);
  CHECK(restart.is_expected);
  CHECK(restart.next == 5);
  CHECK_FALSE(restart.at_marker);
}

TEST_CASE("restart_marker_one_or_two_ahead_is_left_standing") {
  for (const std::uint8_t code : std::initializer_list<std::uint8_t>{0xD0, 0xD1}) {
    const Bytes bytes{9, 0xFF, code, 7};
    const Restart restart = find_restart(bytes, 0, 7);
    CHECK_FALSE(restart.is_expected);
    CHECK(restart.at_marker);
    CHECK_FALSE(restart.is_final);
    CHECK(restart.next == 1);
  }
}

TEST_CASE("restart_marker_one_or_two_behind_and_codes_below_SOF_are_skipped") {
  for (const std::uint8_t code : std::initializer_list<std::uint8_t>{0xD1, 0xD2, 0x05}) {
    const Bytes bytes{0xFF, code, 9, 9, 0xFF, 0xD3, 7};
    const Restart restart = find_restart(bytes, 0, 3);
    CHECK_FALSE(restart.is_expected);
    CHECK_FALSE(restart.at_marker);
    CHECK(restart.next == 6);
  }
}

TEST_CASE("restart_marker_far_away_is_taken_for_the_expected_one") {
  const Bytes bytes{0xFF, 0xD7, 7};
  const Restart restart = find_restart(bytes, 0, 3);
  CHECK_FALSE(restart.is_expected);
  CHECK_FALSE(restart.at_marker);
  CHECK(restart.next == 2);
}

TEST_CASE("other_markers_and_the_end_of_the_bytes_end_the_scan") {
  const Bytes marked{5, 0xFF, 0xD9}, cut{5, 6, 0xFF};
  CHECK(find_restart(marked, 0, 0).is_final);
  CHECK(find_restart(marked, 0, 0).next == 1);
  CHECK(find_restart(cut, 0, 0).is_final);
  CHECK(find_restart(cut, 0, 0).next == cut.size());
}

TEST_CASE("unexpected_restart_marker_is_damage_and_an_expected_one_is_not") {
  const Bytes bytes{0xFF, 0xD7, 7};
  Damage damage(OnError::report, 100);
  report_restart(find_restart(bytes, 0, 7), 7, 40, damage);
  CHECK_FALSE(damage.error());
  report_restart(find_restart(bytes, 0, 3), 3, 40, damage);
  REQUIRE(damage.error());
  CHECK(damage.valid_rows() == 40);
  CHECK(damage.error()->offset == 0);
  Damage strict(OnError::raise, 100);
  CHECK_THROWS_AS(report_restart(find_restart(bytes, 0, 3), 3, 40, strict), Error);
}

TEST_CASE("interval_starts_are_found_only_where_every_marker_is_there_in_order") {
  const Bytes good{1, 0xFF, 0, 0xFF, 0xD0, 2, 0xFF, 0xD1, 3, 0xFF, 0xD9};
  CHECK(interval_starts(good, 0, 3) == std::vector<std::size_t>{0, 5, 8});
  CHECK(interval_starts(good, 0, 4).empty());
  CHECK(interval_starts(good, 0, 1'000'000'000'000).empty());
  const Bytes swapped{1, 0xFF, 0xD1, 2, 0xFF, 0xD0, 3};
  CHECK(interval_starts(swapped, 0, 3).empty());
}

TEST_CASE("scan_ends_at_the_first_marker_that_is_no_restart_marker") {
  const Bytes bytes{1, 0xFF, 0, 0xFF, 0xD0, 2, 0xFF, 0xD1, 3, 0xFF, 0xDA, 4};
  CHECK(end_of_scan(bytes, 0) == 9);
  CHECK(end_of_scan(bytes, 10) == bytes.size());
}
