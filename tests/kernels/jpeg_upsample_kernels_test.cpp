// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: every vector form of the triangle filters gives the scalar form's samples and stays within the padding.
#include <algorithm>
#include <random>
#include <vector>

#include "doctest/doctest.h"
#include "turbodicom/codec/jpeg/upsample.h"

using namespace turbodicom;
using namespace turbodicom::codec::jpeg;

namespace {

// A row with exactly the padding that the filters may touch.
template <typename Sample>
std::vector<Sample> row_of(std::size_t count, std::mt19937& generator) {
  constexpr unsigned kLargest = sizeof(Sample) == 1 ? 255 : 4095;
  std::vector<Sample> row(count + 2 * kRowPadding);
  const bool has_extremes = generator() % 2 == 0;
  for (Sample& sample : row)
    sample = static_cast<Sample>(has_extremes ? kLargest * (generator() % 2) : generator() % (kLargest + 1));
  return row;
}

template <typename Sample>
void compare(Isa isa) {
  const UpsampleFns<Sample> reference = upsample_kernels(Isa::scalar).of<Sample>();
  const UpsampleFns<Sample> kernels = upsample_kernels(isa).of<Sample>();
  std::mt19937 generator(3);
  for (std::size_t count = 1; count < 150; ++count)
    for (int round = 0; round < 8; ++round) {
      const std::vector<Sample> near_row = row_of<Sample>(count, generator), far_row = row_of<Sample>(count, generator);
      const Sample* const near = near_row.data() + kRowPadding;
      const Sample* const far = far_row.data() + kRowPadding;
      std::vector<Sample> expected(2 * count + kRowPadding), found(2 * count + kRowPadding);
      const auto check = [&](const char* filter, std::size_t samples) {
        CHECK_MESSAGE(std::equal(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(samples), expected.begin()),
                      filter, " ", name(isa), " ", count);
      };
      reference.h2(near, expected.data(), count);
      kernels.h2(near, found.data(), count);
      check("h2", 2 * count);
      reference.h2v2(near, far, expected.data(), count);
      kernels.h2v2(near, far, found.data(), count);
      check("h2v2", 2 * count);
      for (const int bias : {1, 2}) {
        reference.v2(near, far, bias, expected.data(), count);
        kernels.v2(near, far, bias, found.data(), count);
        check("v2", count);
      }
    }
}

}  // namespace

TEST_CASE("triangle filters of every instruction set equal the scalar ones for every length") {
  for (const Isa isa : runnable_isas()) {
    compare<std::uint8_t>(isa);
    compare<std::uint16_t>(isa);
  }
}
