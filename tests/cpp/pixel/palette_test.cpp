// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/palette_image.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "doctest/doctest.h"

using namespace turbodicom;
using namespace turbodicom::pixel;

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr SampleType kIndexTypes[] = {SampleType::u8,  SampleType::i8,  SampleType::u16,
                                      SampleType::i16, SampleType::u32, SampleType::i32};

Bytes scattered(std::size_t bytes, std::uint32_t state) {
  Bytes data(bytes);
  for (std::uint8_t& byte : data) byte = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  return data;
}

std::int64_t index_at(const std::uint8_t* at, SampleType type) {
  std::uint64_t value = 0;
  std::memcpy(&value, at, bytes_of(type));
  switch (type) {
    case SampleType::i8: return static_cast<std::int8_t>(value);
    case SampleType::i16: return static_cast<std::int16_t>(value);
    case SampleType::i32: return static_cast<std::int32_t>(value);
    default: return static_cast<std::int64_t>(value);
  }
}

// PS3.3 C.7.6.3.1.5, one index at a time.
std::size_t reference(const PaletteTables& tables, std::int64_t first, SampleType type, IndexRow indexes, std::size_t count,
                      PixelRow pixels) {
  std::size_t outside = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = static_cast<std::ptrdiff_t>(i);
    const std::int64_t index = index_at(indexes.data + at * indexes.stride, type), last = first + static_cast<std::int64_t>(tables.entries) - 1;
    outside += index < first || index > last;
    const auto entry = static_cast<std::size_t>(std::clamp(index, first, last) - first);
    for (std::size_t k = 0; k < 3; ++k)
      std::memcpy(pixels.data + at * pixels.pixel_stride + static_cast<std::ptrdiff_t>(k) * pixels.sample_stride,
                  tables.channel(k) + entry * tables.cell_bytes, tables.cell_bytes);
  }
  return outside;
}

struct Layout {
  std::ptrdiff_t index_step, pixel_step, sample_step;  // in indexes and cells
};

void check_row(SampleType type, std::size_t cell_bytes, std::size_t entries, std::int64_t first, std::size_t count, Layout layout,
               std::size_t budget) {
  const auto cell = static_cast<std::ptrdiff_t>(cell_bytes);
  const auto step = layout.index_step * static_cast<std::ptrdiff_t>(bytes_of(type));
  const Bytes table = scattered(3 * entries * cell_bytes, 5);
  const Bytes indexes = scattered(count * static_cast<std::size_t>(std::abs(step)) + 8, 77);
  const PaletteTables tables{table.data(), entries, cell_bytes};
  const IndexRow from{step < 0 ? indexes.data() + indexes.size() - 8 : indexes.data(), step};
  const std::size_t room = (count * 4 + 16) * cell_bytes * 4;
  Bytes expected(room, 0xA5), found(room, 0xA5);
  const auto row = [&](Bytes& out) {
    return PixelRow{out.data() + (layout.pixel_step < 0 || layout.sample_step < 0 ? room / 2 : 0), layout.pixel_step * cell, layout.sample_step * cell};
  };
  const std::size_t outside = reference(tables, first, type, from, count, row(expected));
  const Palette palette(tables, first, type, budget);
  CHECK(palette.apply(from, count, row(found)) == outside);
  CHECK(found == expected);
}

}  // namespace

TEST_CASE("indexes below the first entry take it and those beyond the last take that") {
  const Bytes table = {10, 11, 12, 20, 21, 22, 30, 31, 32};
  const std::int16_t indexes[] = {-300, -6, -5, -4, -3, -2, 300};
  Bytes out(21);
  const Palette palette({table.data(), 3, 1}, -5, SampleType::i16, 7);
  const std::size_t outside = palette.apply({reinterpret_cast<const std::uint8_t*>(indexes), 2}, 7, {out.data(), 3, 1});
  CHECK(out == Bytes{10, 20, 30, 10, 20, 30, 10, 20, 30, 11, 21, 31, 12, 22, 32, 12, 22, 32, 12, 22, 32});
  CHECK(outside == 4);
}

TEST_CASE("rows of every index and cell type equal one index at a time, packed or not") {
  for (const SampleType type : kIndexTypes)
    for (const std::size_t cell_bytes : {1, 2, 4, 8})
      for (const std::int64_t first : {-100, 0, 40})
        for (const std::size_t count : {0, 1, 2, 63, 64, 65, 300, 1024, 1025})
          for (const std::size_t budget : {std::size_t{0}, std::size_t{1} << 20}) check_row(type, cell_bytes, 200, first, count, {1, 3, 1}, budget);
}

TEST_CASE("rows of any strides equal one index at a time") {
  for (const SampleType type : kIndexTypes)
    for (const Layout layout : {Layout{1, 1, 1100}, Layout{2, 3, 1}, Layout{-1, 3, 1}, Layout{1, 4, 1}, Layout{1, -3, 1},
                                Layout{1, 3, -1}, Layout{0, 3, 1}})
      for (const std::size_t cell_bytes : {1, 2, 4}) check_row(type, cell_bytes, 256, 0, 1030, layout, 1 << 20);
}

TEST_CASE("tables of one and of 65536 entries are looked up") {
  for (const SampleType type : kIndexTypes)
    for (const std::size_t entries : {1, 65536}) check_row(type, 2, entries, 0, 3000, {1, 3, 1}, 1 << 20);
}

TEST_CASE("a first entry far from every index is no different from the nearest end") {
  for (const SampleType type : kIndexTypes)
    for (const std::int64_t first : {std::int64_t{-1} << 40, std::int64_t{1} << 40, std::int64_t{1} << 31, -(std::int64_t{1} << 31)})
      check_row(type, 1, 100, first, 300, {1, 3, 1}, 1 << 20);
  const Bytes table = {1, 2, 3, 4, 5, 6};
  const std::uint8_t index = 7;
  Bytes out(3);
  CHECK(Palette({table.data(), 2, 1}, std::numeric_limits<std::int64_t>::min(), SampleType::u8, 1).apply({&index, 1}, 1, {out.data(), 3, 1}) == 1);
  CHECK(out == Bytes{2, 4, 6});
}

TEST_CASE("an image of any axes is the same with any number of workers") {
  constexpr std::size_t kFrames = 3, kRows = 190, kColumns = 370;
  const Bytes table = scattered(3 * 256, 1), indexes = scattered(kFrames * kRows * kColumns, 2);
  const Palette palette({table.data(), 200, 1}, 10, SampleType::u8, indexes.size());
  Bytes expected(3 * indexes.size());
  const std::size_t outside = palette.apply({indexes.data(), 1}, indexes.size(), {expected.data(), 3, 1});
  for (const std::size_t workers : {0, 1, 2, 3})
    for (const bool planar : {false, true}) {
      Bytes out(expected.size(), 0x5A), sorted(expected.size());
      const std::ptrdiff_t plane = kRows * kColumns, pixel = planar ? 1 : 3, row = pixel * std::ptrdiff_t{kColumns};
      PaletteImage image{indexes.data(), out.data(), planar ? plane : 1,
                         {{kFrames, plane, 3 * plane}, {kRows, kColumns, row}, {kColumns, 1, pixel}}};
      CHECK(apply_palette(palette, image, workers, [] {}) == outside);
      for (std::size_t i = 0; i < sorted.size(); ++i) {
        const std::size_t frame = i / (3 * kRows * kColumns), at = i / 3 % (kRows * kColumns), k = i % 3;
        sorted[i] = planar ? out[(3 * frame + k) * kRows * kColumns + at] : out[i];
      }
      CHECK(sorted == expected);
    }
}

TEST_CASE("an image with gaps behind rows and frames is looked up row by row") {
  constexpr std::ptrdiff_t kFrames = 3, kRows = 5, kColumns = 70;
  const Bytes table = scattered(3 * 256, 1), indexes = scattered(kFrames * kRows * kColumns, 2);
  const Palette palette({table.data(), 256, 1}, 0, SampleType::u8, indexes.size());
  constexpr std::ptrdiff_t kRow = 3 * kColumns + 4, kFrame = kRows * kRow + 6;
  Bytes out(kFrames * kFrame, 0x5A), expected = out;
  for (std::ptrdiff_t f = 0; f < kFrames; ++f)
    for (std::ptrdiff_t r = 0; r < kRows; ++r)
      for (std::ptrdiff_t c = 0; c < kColumns; ++c)
        for (std::ptrdiff_t k = 0; k < 3; ++k)
          expected[f * kFrame + r * kRow + 3 * c + k] = table[256 * k + indexes[(f * kRows + r) * kColumns + c]];
  const std::vector<PaletteAxis> axes{{kFrames, kRows * kColumns, kFrame}, {kRows, kColumns, kRow}, {kColumns, 1, 3}};
  CHECK(apply_palette(palette, {indexes.data(), out.data(), 1, axes}, 1, [] {}) == 0);
  CHECK(out == expected);
  Bytes in_rows(out.size()), dense(3 * indexes.size()), dense_expected;  // and gaps between the rows of indexes only
  for (std::ptrdiff_t f = 0; f < kFrames; ++f)
    for (std::ptrdiff_t r = 0; r < kRows; ++r) {
      const std::ptrdiff_t row = f * kFrame + r * kRow;
      std::copy_n(indexes.begin() + (f * kRows + r) * kColumns, kColumns, in_rows.begin() + row);
      dense_expected.insert(dense_expected.end(), expected.begin() + row, expected.begin() + row + 3 * kColumns);
    }
  const std::vector<PaletteAxis> gaps{{kFrames, kFrame, 3 * kRows * kColumns}, {kRows, kRow, 3 * kColumns}, {kColumns, 1, 3}};
  CHECK(apply_palette(palette, {in_rows.data(), dense.data(), 1, gaps}, 1, [] {}) == 0);
  CHECK(dense == dense_expected);
}

TEST_CASE("axes of length zero and one and no axes at all are images too") {
  const Bytes table = {1, 2, 3};
  const std::uint8_t index = 0;
  Bytes out(4, 9);
  const Palette palette({table.data(), 1, 1}, 0, SampleType::u8, 1);
  CHECK(apply_palette(palette, {&index, out.data(), 1, {{0, 1, 3}, {5, 1, 3}}}, 1, [] {}) == 0);
  CHECK(out == Bytes{9, 9, 9, 9});
  CHECK(apply_palette(palette, {&index, out.data(), 1, {}}, 1, [] {}) == 0);
  CHECK(out == Bytes{1, 2, 3, 9});
  CHECK(apply_palette(palette, {&index, out.data(), 1, {{1, 99, 99}, {1, 7, 7}}}, 1, [] {}) == 0);
  CHECK(out == Bytes{1, 2, 3, 9});
}
