// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/layout.h"

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "doctest/doctest.h"

using namespace turbodicom;
using namespace turbodicom::pixel;

namespace {

// Memory with room on both sides, and one way to lay an image out in it.
struct Image {
  std::vector<std::uint8_t> memory;
  ImageView view;
};

enum class Layout { interleaved, planar, padded_interleaved, padded_planar, upside_down, transposed, every_other, last_first };
constexpr Layout kLayouts[] = {Layout::interleaved,   Layout::planar,      Layout::padded_interleaved,
                               Layout::padded_planar, Layout::upside_down, Layout::transposed,
                               Layout::every_other,   Layout::last_first};

Image make_image(Layout layout, SampleType type, std::uint32_t rows, std::uint32_t columns, std::uint32_t samples) {
  const auto size = static_cast<std::ptrdiff_t>(bytes_of(type));
  const auto r = static_cast<std::ptrdiff_t>(rows), c = static_cast<std::ptrdiff_t>(columns);
  const auto s = static_cast<std::ptrdiff_t>(samples);
  Image image{std::vector<std::uint8_t>(static_cast<std::size_t>((r + 1) * (c + 3) * s * size * 2 + 64), 0xA5), {}};
  std::uint8_t* const base = image.memory.data() + 1;  // odd: the caller's memory may be unaligned
  switch (layout) {
    case Layout::interleaved: image.view = interleaved_view(base, type, rows, columns, samples); break;
    case Layout::planar: image.view = planar_view(base, type, rows, columns, samples); break;
    case Layout::padded_interleaved:
      image.view = {base, type, rows, columns, samples, (c + 3) * s * size, s * size, size};
      break;
    case Layout::padded_planar:
      image.view = {base, type, rows, columns, samples, (c + 3) * size, size, (c + 3) * (r + 1) * size};
      break;
    case Layout::upside_down:
      image.view = {base + (r - 1) * c * s * size, type, rows, columns, samples, -c * s * size, s * size, size};
      break;
    case Layout::transposed: image.view = {base, type, rows, columns, samples, s * size, r * s * size, size}; break;
    case Layout::every_other:
      image.view = {base, type, rows, columns, samples, 2 * c * s * size, 2 * s * size, size};
      break;
    case Layout::last_first:
      image.view = {base + (s - 1) * size, type, rows, columns, samples, c * s * size, s * size, -size};
      break;
  }
  return image;
}

// Calls visit(address, number of the sample in row, column, sample order).
template <typename Visit>
void for_each_sample(const ImageView& view, Visit visit) {
  std::uint64_t number = 0;
  for (std::uint32_t r = 0; r < view.rows; ++r)
    for (std::uint32_t c = 0; c < view.columns; ++c)
      for (std::uint32_t s = 0; s < view.samples; ++s) visit(view.at(r, c, s), number++);
}

std::uint64_t value_of(std::uint64_t number) { return (number + 1) * 0x9E37'79B9'7F4A'7C15; }

void fill(const ImageView& view) {
  for_each_sample(view, [&](std::uint8_t* at, std::uint64_t number) {
    const std::uint64_t value = value_of(number);
    std::memcpy(at, &value, view.sample_bytes());
  });
}

void check_copy(Layout from_layout, Layout to_layout, SampleType type, std::uint32_t rows, std::uint32_t columns,
                std::uint32_t samples) {
  const Image from = make_image(from_layout, type, rows, columns, samples);
  fill(from.view);
  Image to = make_image(to_layout, type, rows, columns, samples);
  Image expected = make_image(to_layout, type, rows, columns, samples);
  fill(expected.view);
  copy_image(from.view, to.view);
  const std::string what = std::to_string(static_cast<int>(from_layout)) + " to " +
                           std::to_string(static_cast<int>(to_layout)) + ", " + std::to_string(bytes_of(type)) +
                           " bytes, " + std::to_string(rows) + "x" + std::to_string(columns) + "x" +
                           std::to_string(samples);
  CHECK_MESSAGE(to.memory == expected.memory, what);
}

}  // namespace

TEST_CASE("every sample arrives from every layout in every layout and nothing else is written") {
  for (const SampleType type : {SampleType::u8, SampleType::u16, SampleType::i32, SampleType::f64})
    for (const Layout from : kLayouts)
      for (const Layout to : kLayouts)
        for (const std::uint32_t samples : {1u, 2u, 3u, 4u})
          for (const auto& [rows, columns] : {std::pair{1u, 1u}, {1u, 40u}, {40u, 1u}, {5u, 7u}, {3u, 67u}})
            check_copy(from, to, type, rows, columns, samples);
}

TEST_CASE("an empty image is copied without touching memory") {
  copy_image(ConstImageView{}, ImageView{});
  ImageView no_columns = interleaved_view<std::uint8_t>(nullptr, SampleType::u8, 5, 0, 3);
  copy_image(no_columns, no_columns);
}
