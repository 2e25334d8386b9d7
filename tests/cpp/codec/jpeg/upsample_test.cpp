// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/upsample.h"

#include <vector>

#include "doctest/doctest.h"

using namespace turbodicom;
using namespace turbodicom::codec::jpeg;

namespace {

// The row with its edges repeated.
template <typename Sample>
std::vector<Sample> padded(const std::vector<Sample>& row) {
  std::vector<Sample> out;
  for (std::size_t i = 0; i < kRowPadding; ++i) out.push_back(row.front());
  for (const Sample sample : row) out.push_back(sample);
  for (std::size_t i = 0; i < kRowPadding; ++i) out.push_back(row.back());
  return out;
}

template <typename Sample>
std::vector<Sample> h2(const std::vector<Sample>& row) {
  std::vector<Sample> out(2 * row.size() + kRowPadding);
  upsample_kernels().of<Sample>().h2(padded(row).data() + kRowPadding, out.data(), row.size());
  out.resize(2 * row.size());
  return out;
}

template <typename Sample>
std::vector<Sample> h2v2(const std::vector<Sample>& near, const std::vector<Sample>& far) {
  std::vector<Sample> out(2 * near.size() + kRowPadding);
  upsample_kernels().of<Sample>().h2v2(padded(near).data() + kRowPadding, padded(far).data() + kRowPadding, out.data(),
                                       near.size());
  out.resize(2 * near.size());
  return out;
}

}  // namespace

TEST_CASE("the horizontal triangle filter rounds its two outputs in turn down and up") {
  CHECK(h2<std::uint8_t>({0, 2, 255}) == std::vector<std::uint8_t>{0, 1, 1, 65, 192, 255});
  CHECK(h2<std::uint16_t>({4095, 0, 1}) == std::vector<std::uint16_t>{4095, 3071, 1024, 0, 1, 1});
}

TEST_CASE("the vertical triangle filter weighs the near row three times") {
  for (const int bias : {1, 2}) {
    const std::vector<std::uint8_t> near = padded<std::uint8_t>({10, 255, 1}), far = padded<std::uint8_t>({12, 0, 4});
    std::vector<std::uint8_t> out(3 + kRowPadding);
    upsample_kernels().of_8_bits.v2(near.data() + kRowPadding, far.data() + kRowPadding, bias, out.data(), 3);
    CHECK(out[0] == (42 + bias) / 4);
    CHECK(out[1] == (765 + bias) / 4);
    CHECK(out[2] == (7 + bias) / 4);
  }
}

TEST_CASE("the filter of both directions is rounded once") {
  // Sums of the columns: 3 * 10 + 2 = 32, 3 * 20 + 4 = 64.
  CHECK(h2v2<std::uint8_t>({10, 20}, {2, 4}) == std::vector<std::uint8_t>{8, 10, 14, 16});
  CHECK(h2v2<std::uint16_t>({4095, 4095}, {4095, 4095}) == std::vector<std::uint16_t>{4095, 4095, 4095, 4095});
}
