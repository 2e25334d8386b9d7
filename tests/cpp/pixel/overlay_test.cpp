// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/overlay.h"

#include <vector>

#include "doctest/doctest.h"
#include "turbodicom/base/error.h"

using namespace turbodicom;
using namespace turbodicom::pixel;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes counting(std::size_t bytes) {
  Bytes data(bytes);
  for (std::size_t i = 0; i < bytes; ++i) data[i] = static_cast<std::uint8_t>(i * 89 + i / 256 + 3);
  return data;
}

Bytes unpacked(const Bytes& data, std::uint64_t first_bit, std::size_t pixels, bool is_big_endian) {
  Bytes out(pixels + 1, 7);
  unpack_overlay(data, first_bit, is_big_endian, out.data(), pixels);
  CHECK(out.back() == 7);
  out.pop_back();
  return out;
}

Errc code_of(std::size_t bytes, std::uint64_t rows, std::uint64_t columns, std::uint64_t frames, std::uint64_t first_bit) {
  const Bytes data(bytes);
  try {
    overlay_pixels(data, rows, columns, frames, first_bit);
  } catch (const Error& error) {
    return error.code;
  }
  return Errc::cancelled;
}

}  // namespace

TEST_CASE("the first overlay pixel is the lowest bit of the first byte") {
  CHECK(unpacked({0x05, 0x80}, 0, 16, false) == Bytes{1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
}

TEST_CASE("the second plane of 3 x 3 pixels begins at bit 9") {
  CHECK(unpacked({0x00, 0x02, 0x02}, 9, 9, false) == Bytes{1, 0, 0, 0, 0, 0, 0, 0, 1});
}

TEST_CASE("the first overlay pixel of big-endian words is in the second byte") {
  CHECK(unpacked({0x80, 0x05}, 0, 16, true) == Bytes{1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
}

TEST_CASE("overlays of either byte order are unpacked from every bit at every length") {
  for (const bool is_big_endian : {false, true})
    for (std::uint64_t first = 0; first < 36; ++first)
      for (std::size_t pixels : {0, 1, 7, 8, 9, 31, 100, 8191, 8192, 8193, 16400}) {
        const Bytes data = counting((first + pixels + 15) / 16 * 2);
        Bytes expected;
        for (std::uint64_t bit = first; bit < first + pixels; ++bit)
          expected.push_back(data[(bit / 8) ^ (is_big_endian ? 1 : 0)] >> bit % 8 & 1);
        CHECK(unpacked(data, first, pixels, is_big_endian) == expected);
      }
}

TEST_CASE("a last byte without its neighbour is read as it is") {
  CHECK(unpacked({0x00, 0x00, 0x81}, 16, 8, true) == Bytes{1, 0, 0, 0, 0, 0, 0, 1});
}

TEST_CASE("overlay pixels must be there to the last bit") {
  CHECK(code_of(2, 3, 5, 1, 0) == Errc::cancelled);
  CHECK(code_of(2, 4, 4, 1, 0) == Errc::cancelled);
  CHECK(code_of(2, 4, 4, 1, 1) == Errc::truncated_data);
  CHECK(code_of(2, 17, 1, 1, 0) == Errc::truncated_data);
  CHECK(code_of(2, 3, 3, 2, 0) == Errc::truncated_data);
  CHECK(code_of(0, 1, 1, 1, 0) == Errc::truncated_data);
  CHECK(code_of(0, 0, 5, 1, 0) == Errc::cancelled);
}

TEST_CASE("overlay sizes beyond 64 bits are refused") {
  constexpr std::uint64_t kHuge = std::uint64_t{1} << 32;
  CHECK(code_of(2, kHuge, kHuge, 1, 0) == Errc::limit_exceeded);
  CHECK(code_of(2, 1, 1, 1, ~std::uint64_t{0}) == Errc::limit_exceeded);
}

TEST_CASE("an embedded overlay is one bit of every sample, of every size at every length") {
  for (const std::size_t sample_bytes : {1, 2, 4, 8})
    for (std::uint32_t bit = 0; bit < 8 * sample_bytes; ++bit)
      for (std::size_t pixels : {0, 1, 5, 16, 33, 100}) {
        const Bytes stored = counting(pixels * sample_bytes);
        Bytes expected, out(pixels + 1, 9);
        for (std::size_t i = 0; i < pixels; ++i) expected.push_back(stored[i * sample_bytes + bit / 8] >> bit % 8 & 1);
        expected.push_back(9);
        embedded_overlay(stored.data(), sample_bytes, bit, out.data(), pixels);
        CHECK(out == expected);
      }
}
