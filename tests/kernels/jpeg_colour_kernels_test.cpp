// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: every vector form of YCbCr to RGB gives the scalar form's values, for all triples of 8 bits and for every
// length of a row, and interleaved forms write no byte too many.
#include <algorithm>
#include <random>
#include <vector>

#include "doctest/doctest.h"
#include "turbodicom/codec/jpeg/colour.h"
#include "turbodicom/codec/jpeg/upsample.h"

using namespace turbodicom;
using namespace turbodicom::codec::jpeg;

namespace {

// Three rows with room to read and write whole vectors.
template <typename Sample>
struct Planes {
  explicit Planes(std::size_t pixels) {
    for (auto& row : rows) row.resize(pixels + kRowPadding);
  }
  std::array<std::vector<Sample>, 3> rows;
  std::array<const Sample*, 3> in() const { return {rows[0].data(), rows[1].data(), rows[2].data()}; }
  std::array<Sample*, 3> out() { return {rows[0].data(), rows[1].data(), rows[2].data()}; }
};

template <typename Sample>
Planes<Sample> random_planes(std::size_t pixels, std::mt19937& generator) {
  Planes<Sample> planes(pixels);
  for (auto& row : planes.rows)
    for (Sample& sample : row) sample = static_cast<Sample>(generator() % (sizeof(Sample) == 1 ? 256 : 4096));
  return planes;
}

template <typename Sample>
void compare_lengths(Isa isa) {
  const ColourFns<Sample> reference = colour_kernels(Isa::scalar).of<Sample>();
  const ColourFns<Sample> kernels = colour_kernels(isa).of<Sample>();
  std::mt19937 generator(5);
  for (std::size_t pixels = 0; pixels < 200; ++pixels) {
    const Planes<Sample> planes = random_planes<Sample>(pixels, generator);
    for (const auto function : {&ColourFns<Sample>::rgb, &ColourFns<Sample>::interleave}) {
      std::vector<Sample> expected(3 * pixels + 70, 9), found(3 * pixels + 70, 9);
      (reference.*function)(planes.in().data(), expected.data(), pixels);
      (kernels.*function)(planes.in().data(), found.data(), pixels);
      CHECK_MESSAGE(found == expected, name(isa), " ", pixels);
    }
    Planes<Sample> expected(pixels), found(pixels);
    reference.planar_rgb(planes.in().data(), expected.out().data(), pixels);
    kernels.planar_rgb(planes.in().data(), found.out().data(), pixels);
    for (std::size_t c = 0; c < 3; ++c)
      CHECK_MESSAGE(std::equal(found.rows[c].begin(), found.rows[c].begin() + static_cast<std::ptrdiff_t>(pixels),
                               expected.rows[c].begin()), name(isa), " planar ", pixels);
  }
}

}  // namespace

TEST_CASE("YCbCr to RGB of every instruction set equals the scalar one on all triples of 8 bits") {
  constexpr std::size_t kChromas = 65536;
  Planes<std::uint8_t> planes(kChromas);
  for (std::size_t i = 0; i < kChromas; ++i) {
    planes.rows[1][i] = static_cast<std::uint8_t>(i >> 8);
    planes.rows[2][i] = static_cast<std::uint8_t>(i);
  }
  for (const Isa isa : runnable_isas()) {
    std::size_t wrong = 0;
    std::vector<std::uint8_t> expected(3 * kChromas), found(3 * kChromas);
    for (int y = 0; y < 256; ++y) {
      std::fill(planes.rows[0].begin(), planes.rows[0].end(), static_cast<std::uint8_t>(y));
      colour_kernels(Isa::scalar).of_8_bits.rgb(planes.in().data(), expected.data(), kChromas);
      colour_kernels(isa).of_8_bits.rgb(planes.in().data(), found.data(), kChromas);
      wrong += found != expected;
    }
    CHECK_MESSAGE(wrong == 0, name(isa));
  }
}

TEST_CASE("colour kernels of JPEG of every instruction set handle every length and write nothing behind it") {
  for (const Isa isa : runnable_isas()) {
    compare_lengths<std::uint8_t>(isa);
    compare_lengths<std::uint16_t>(isa);
  }
}
