// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Every transform against its definition on all 2^24 triples.
#include "turbodicom/pixel/colour.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numeric>
#include <vector>

#include "doctest/doctest.h"

using namespace turbodicom::pixel;

namespace {

using Triple = std::array<int, 3>;
using TransformFn = void (*)(const std::uint8_t*, std::uint8_t*, std::size_t) noexcept;

// All (cb, cr) of one y, interleaved.
std::vector<std::uint8_t> plane_of(int y) {
  std::vector<std::uint8_t> ybr;
  ybr.reserve(3 * 65536);
  for (int cb = 0; cb < 256; ++cb)
    for (int cr = 0; cr < 256; ++cr)
      for (const int sample : {y, cb, cr}) ybr.push_back(static_cast<std::uint8_t>(sample));
  return ybr;
}

// Number of triples for which `transform` and `definition` differ.
template <typename Definition>
std::size_t differences(TransformFn transform, Definition definition) {
  std::size_t wrong = 0;
  std::vector<std::uint8_t> rgb(3 * 65536);
  for (int y = 0; y < 256; ++y) {
    const std::vector<std::uint8_t> ybr = plane_of(y);
    transform(ybr.data(), rgb.data(), 65536);
    for (std::size_t i = 0; i < rgb.size(); i += 3) {
      const Triple expected = definition(y, ybr[i + 1], ybr[i + 2]);
      wrong += !std::equal(expected.begin(), expected.end(), rgb.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  return wrong;
}

int clamped(double value) { return static_cast<int>(std::clamp(value, 0.0, 255.0)); }

// float32 as numpy's matrix product computes it: one fused multiply-add per sample, in their order.
Triple pydicom_full(int y_sample, int cb_sample, int cr_sample) {
  const auto y = static_cast<float>(y_sample);
  const auto cb = static_cast<float>(cb_sample - 128);
  const auto cr = static_cast<float>(cr_sample - 128);
  const float coefficients[3][2] = {{0.0F, 1.402F},
                                    {static_cast<float>(-0.114 * 1.772 / 0.587), static_cast<float>(-0.299 * 1.402 / 0.587)},
                                    {1.772F, 0.0F}};
  Triple rgb{};
  for (std::size_t k = 0; k < 3; ++k) {
    const float sum = std::fma(cr, coefficients[k][1], std::fma(cb, coefficients[k][0], y));
    const volatile float raised = sum + 0.5F;
    rgb[k] = clamped(std::floor(raised));
  }
  return rgb;
}

// Nearest integer to numerator / denominator, ties up; whole numbers all the way.
int nearest(std::int64_t numerator, std::int64_t denominator) {
  const std::int64_t doubled = 2 * numerator + denominator;
  const std::int64_t quotient = doubled / (2 * denominator) - (doubled % (2 * denominator) < 0 ? 1 : 0);
  return static_cast<int>(std::clamp<std::int64_t>(quotient, 0, 255));
}

// Solves PS3.3 C.7.6.3.1.2 for R, G, B with Rec. 601's unrounded coefficients; R and B in units of
// 1 / (219 * 224 * 1000), G in units of 1 / (219 * 224 * 587000).
Triple partial(int y_sample, int cb_sample, int cr_sample) {
  const std::int64_t y = 255 * 224 * (y_sample - 16);
  const std::int64_t cb = 255 * 219 * (cb_sample - 128), cr = 255 * 219 * (cr_sample - 128);
  constexpr std::int64_t unit = 219 * 224;
  return {nearest(y * 1000 + cr * 1402, unit * 1000),
          nearest(y * 587000 - cr * 299 * 1402 - cb * 114 * 1772, unit * 587000),
          nearest(y * 1000 + cb * 1772, unit * 1000)};
}

std::vector<std::uint8_t> counting(std::size_t bytes) {
  std::vector<std::uint8_t> data(bytes);
  for (std::size_t i = 0; i < bytes; ++i) data[i] = static_cast<std::uint8_t>(i * 151 + i / 7);
  return data;
}

}  // namespace

TEST_CASE("full range transform equals pydicom's float32 matrix on all triples") {
  CHECK(differences(ybr_full_to_rgb, pydicom_full) == 0);
}

TEST_CASE("full range transform gives pydicom's values at the ties of its formula") {
  // y, cb, cr -> rgb as pydicom 3.0.2 with numpy 2.4 computed them.
  const std::uint8_t ybr[] = {240, 3, 128, 18, 78, 178, 19, 78, 178, 46, 78, 178, 47, 78, 178, 0, 178, 78};
  const std::uint8_t expected[] = {240, 255, 19, 88, 0, 0, 89, 0, 0, 116, 27, 0, 117, 29, 0, 0, 19, 89};
  std::uint8_t rgb[sizeof ybr];
  ybr_full_to_rgb(ybr, rgb, sizeof ybr / 3);
  CHECK(std::equal(std::begin(rgb), std::end(rgb), std::begin(expected)));
}

TEST_CASE("partial range transform is the inverse of the standard's formulas rounded to the nearest") {
  CHECK(differences(ybr_partial_to_rgb, partial) == 0);
}

TEST_CASE("partial range transform maps its black and white to the ends of the scale") {
  const std::uint8_t ybr[] = {16, 128, 128, 235, 128, 128, 0, 128, 128, 255, 128, 128};
  const std::uint8_t expected[] = {0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 255, 255};
  std::uint8_t rgb[sizeof ybr];
  ybr_partial_to_rgb(ybr, rgb, 4);
  CHECK(std::equal(std::begin(rgb), std::end(rgb), std::begin(expected)));
}

TEST_CASE("transforms in place equal transforms into other memory") {
  for (const TransformFn transform : {ybr_full_to_rgb, ybr_partial_to_rgb})
    for (const std::size_t pixels : {0, 1, 31, 32, 33, 100}) {
      std::vector<std::uint8_t> data = counting(3 * pixels), apart(3 * pixels);
      transform(data.data(), apart.data(), pixels);
      transform(data.data(), data.data(), pixels);
      CHECK(data == apart);
    }
}

TEST_CASE("a 4:2:2 group gives two pixels with the same chroma") {
  const std::uint8_t packed[] = {10, 20, 30, 40, 11, 21, 31, 41};
  const std::uint8_t expected[] = {10, 30, 40, 20, 30, 40, 11, 31, 41, 21, 31, 41};
  std::uint8_t ybr[12];
  upsample_422(packed, ybr, 4, 1);
  CHECK(std::equal(std::begin(ybr), std::end(ybr), std::begin(expected)));
}

TEST_CASE("a 4:2:2 group of 16-bit samples gives two pixels with the same chroma") {
  const std::uint16_t packed[] = {1000, 2000, 3000, 4000};
  const std::uint16_t expected[] = {1000, 3000, 4000, 2000, 3000, 4000};
  std::uint16_t ybr[6];
  upsample_422(packed, ybr, 2, 2);
  CHECK(std::equal(std::begin(ybr), std::end(ybr), std::begin(expected)));
}

TEST_CASE("fused 4:2:2 transforms equal upsampling followed by the transform") {
  const TransformFn fused[] = {ybr_full_422_to_rgb, ybr_partial_422_to_rgb};
  const TransformFn second[] = {ybr_full_to_rgb, ybr_partial_to_rgb};
  for (int k = 0; k < 2; ++k)
    for (const std::size_t pixels : {0, 2, 30, 32, 34, 250}) {
      const std::vector<std::uint8_t> packed = counting(2 * pixels);
      std::vector<std::uint8_t> once(3 * pixels), twice(3 * pixels);
      fused[k](packed.data(), once.data(), pixels);
      upsample_422(packed.data(), twice.data(), pixels, 1);
      second[k](twice.data(), twice.data(), pixels);
      CHECK(once == twice);
    }
}

TEST_CASE("4:2:2 input may lie at the end of its own output") {
  for (const TransformFn transform : {ybr_full_422_to_rgb, ybr_partial_422_to_rgb}) {
    for (const std::size_t pixels : {2, 30, 32, 34, 64, 66, 1000}) {
      const std::vector<std::uint8_t> packed = counting(2 * pixels);
      std::vector<std::uint8_t> apart(3 * pixels), tail(3 * pixels);
      transform(packed.data(), apart.data(), pixels);
      std::copy(packed.begin(), packed.end(), tail.begin() + static_cast<std::ptrdiff_t>(pixels));
      transform(tail.data() + pixels, tail.data(), pixels);
      CHECK(tail == apart);
    }
  }
  for (const std::size_t sample_bytes : {1, 2}) {
    constexpr std::size_t pixels = 1000;
    const std::vector<std::uint8_t> packed = counting(2 * pixels * sample_bytes);
    std::vector<std::uint8_t> apart(3 * pixels * sample_bytes), tail(apart.size());
    upsample_422(packed.data(), apart.data(), pixels, sample_bytes);
    std::copy(packed.rbegin(), packed.rend(), tail.rbegin());
    upsample_422(tail.data() + pixels * sample_bytes, tail.data(), pixels, sample_bytes);
    CHECK(tail == apart);
  }
}
