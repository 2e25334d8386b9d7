// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: whatever the numbers, an overlay either needs more bits than there are, and is refused, or each of its
// pixels is its bit; frames unpacked one by one are those unpacked together; an embedded plane is its bit of each
// sample. The first twelve bytes are the numbers, the rest is data.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>

#include "turbodicom/base/error.h"
#include "turbodicom/pixel/overlay.h"

using namespace turbodicom;
using namespace turbodicom::pixel;

namespace {

constexpr std::size_t kHead = 12;

void require(bool property) {
  if (!property) std::abort();
}

struct Numbers {
  std::uint64_t rows, columns, frames, first_bit;
};

// Sizes near what the data allows, or as the bytes have them.
Numbers numbers_of(const std::uint8_t* head) {
  const auto word = [&](std::size_t at) { return std::uint64_t{load_le<std::uint16_t>(head + at)}; };
  if ((head[8] & 1) == 0) return {1 + word(0) % 40, 1 + word(2) % 40, 1 + word(4) % 4, word(6) % 70};
  const unsigned shift = head[9] % 56u;
  return {word(0) << shift, word(2) << (head[10] % 33u), word(4), word(6) << shift};
}

std::optional<std::size_t> allowed_pixels(ByteView data, const Numbers& numbers) {
  try {
    return overlay_pixels(data, numbers.rows, numbers.columns, numbers.frames, numbers.first_bit);
  } catch (const Error& error) {
    require(error.code == Errc::truncated_data || error.code == Errc::limit_exceeded);
    require(error.offset <= data.size());
    return std::nullopt;
  }
}

// Exactly the pixels: address sanitizer guards their ends.
using Pixels = std::unique_ptr<std::uint8_t[]>;
Pixels room_for(std::size_t count) {
  Pixels pixels = std::make_unique_for_overwrite<std::uint8_t[]>(count);
  std::fill_n(pixels.get(), count, std::uint8_t{0xA5});
  return pixels;
}

void check_planes(ByteView data, const Numbers& numbers, std::size_t count, bool is_big_endian) {
  const Pixels pixels = room_for(count);
  unpack_overlay(data, numbers.first_bit, is_big_endian, pixels.get(), count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t bit = numbers.first_bit + i, other = (bit / 8) ^ 1;
    const std::uint64_t byte = is_big_endian && other < data.size() ? other : bit / 8;
    require(pixels[i] == (data[byte] >> bit % 8 & 1));
  }
  if (count == 0) return;
  const auto plane = static_cast<std::size_t>(count / numbers.frames);
  for (std::uint64_t frame = 0; frame < numbers.frames; ++frame) {
    const Pixels one = room_for(plane);
    unpack_overlay(data, numbers.first_bit + frame * plane, is_big_endian, one.get(), plane);
    require(std::equal(one.get(), one.get() + plane, pixels.get() + frame * plane));
  }
}

void check_embedded(ByteView data, std::size_t sample_bytes, std::uint32_t bit) {
  const std::size_t count = data.size() / sample_bytes;
  const Pixels pixels = room_for(count);
  embedded_overlay(data.data(), sample_bytes, bit, pixels.get(), count);
  for (std::size_t i = 0; i < count; ++i) require(pixels[i] == (data[i * sample_bytes + bit / 8] >> bit % 8 & 1));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < kHead) return 0;
  const Numbers numbers = numbers_of(data);
  const ByteView bytes(data + kHead, size - kHead);
  const std::optional<std::size_t> count = allowed_pixels(bytes, numbers);
  const bool fits = numbers.rows < 1u << 16 && numbers.columns < 1u << 16 && numbers.first_bit < std::uint64_t{1} << 40;
  if (fits) require(count.has_value() == (numbers.rows * numbers.columns * numbers.frames + numbers.first_bit <= 8 * bytes.size()));
  if (count) check_planes(bytes, numbers, *count, (data[8] & 2) != 0);
  const std::size_t sample_bytes = std::size_t{1} << (data[11] & 3);
  check_embedded(bytes, sample_bytes, (data[11] >> 2) % static_cast<std::uint32_t>(8 * sample_bytes));
  return 0;
}
