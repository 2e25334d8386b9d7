// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/colour.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "doctest/doctest.h"

using namespace turbodicom;
using namespace turbodicom::codec::jpeg;

namespace {

template <typename Sample>
std::array<int, 3> rgb_of(int y, int cb, int cr) {
  std::array<std::array<Sample, 64>, 3> rows{};
  rows[0][0] = static_cast<Sample>(y);
  rows[1][0] = static_cast<Sample>(cb);
  rows[2][0] = static_cast<Sample>(cr);
  const std::array<const Sample*, 3> planes{rows[0].data(), rows[1].data(), rows[2].data()};
  std::array<Sample, 3> out;
  colour_kernels().of<Sample>().rgb(planes.data(), out.data(), 1);
  return {out[0], out[1], out[2]};
}

// T.871 7. Beside the rounding, coefficients of 16 bits err by up to 2048 / 2^17 each.
template <typename Sample>
void check_against_definition(int range, int step) {
  const int middle = range / 2;
  const auto limited = [&](double value) { return std::clamp(value, 0.0, range - 1.0); };
  for (int y = 0; y < range; y += step)
    for (int cb = 0; cb < range; cb += step)
      for (int cr = 0; cr < range; cr += step) {
        const auto [red, green, blue] = rgb_of<Sample>(y, cb, cr);
        CHECK(std::abs(red - limited(y + 1.402 * (cr - middle))) <= 0.52);
        CHECK(std::abs(green - limited(y - 0.344136 * (cb - middle) - 0.714136 * (cr - middle))) <= 0.54);
        CHECK(std::abs(blue - limited(y + 1.772 * (cb - middle))) <= 0.52);
      }
}

}  // namespace

TEST_CASE("YCbCr to RGB is the nearest integer of the definition") {
  check_against_definition<std::uint8_t>(256, 15);
  check_against_definition<std::uint16_t>(4096, 273);
}

TEST_CASE("YCbCr to RGB has libjpeg's values at the ends of its range") {
  CHECK(rgb_of<std::uint8_t>(76, 85, 255) == std::array<int, 3>{254, 0, 0});
  CHECK(rgb_of<std::uint8_t>(100, 3, 128) == std::array<int, 3>{100, 143, 0});  // B = -121.5
  CHECK(rgb_of<std::uint8_t>(0, 253, 128) == std::array<int, 3>{0, 0, 222});    // B = 221.5
  CHECK(rgb_of<std::uint16_t>(4095, 2048, 2048) == std::array<int, 3>{4095, 4095, 4095});
}
