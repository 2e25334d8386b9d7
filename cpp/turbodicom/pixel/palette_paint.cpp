// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/palette_paint.h"

#include <cstring>
#include <utility>

#include "turbodicom/base/bytes.h"

namespace turbodicom::pixel {
namespace {

template <typename Four>
Four load_four(const std::uint8_t* fours, std::uint16_t offset) noexcept {
  Four four;
  std::memcpy(&four, fours + offset * sizeof(Four), sizeof four);
  return four;
}

// Pixel k of 24 bytes, of 3 or 6 bytes each, to its place in three words. Its fourth cell is 0.
template <typename Four, std::size_t k>
[[gnu::always_inline]] inline void place(std::uint64_t (&words)[3], std::uint64_t pixel) noexcept {
  constexpr unsigned kBits = 6 * sizeof(Four), kWord = k * kBits / 64, kShift = k * kBits % 64;
  words[kWord] |= pixel << kShift;
  if constexpr (kShift + kBits > 64) words[kWord + 1] |= pixel >> (64 - kShift);
}

template <typename Four, std::size_t... k>
[[gnu::always_inline]] inline void paint_pixels(const std::uint16_t* offsets, const std::uint8_t* fours, std::uint8_t* out,
                                                std::index_sequence<k...>) noexcept {
  std::uint64_t words[3] = {0, 0, 0};
  (place<Four, k>(words, load_four<Four>(fours, offsets[k])), ...);
  for (std::size_t word = 0; word < 3; ++word) store_le(out + 8 * word, words[word]);
}

// As many pixels as fill 24 bytes at a time: three stores, where overlapping ones of four cells would be eight or four
// and take half as long again. Returns how many are done.
template <typename Four>
std::size_t paint_24_bytes(const std::uint16_t* offsets, std::size_t count, const std::uint8_t* fours, std::uint8_t* out) noexcept {
  constexpr std::size_t kPixels = 32 / sizeof(Four);
  std::size_t i = 0;
  for (; i + kPixels <= count; i += kPixels, out += 24)
    paint_pixels<Four>(offsets + i, fours, out, std::make_index_sequence<kPixels>());
  return i;
}

// Larger cells, and what is left: four cells, of which the next pixel overwrites the last. The last pixel is three
// cells: there may be nothing behind it.
template <std::size_t kCellBytes>
void paint_fours(const std::uint16_t* offsets, std::size_t count, const std::uint8_t* fours, std::uint8_t* out) noexcept {
  constexpr std::size_t kFour = 4 * kCellBytes, kThree = 3 * kCellBytes;
  std::size_t i = 0;
  if constexpr (kCellBytes == 1) i = paint_24_bytes<std::uint32_t>(offsets, count, fours, out);
  if constexpr (kCellBytes == 2) i = paint_24_bytes<std::uint64_t>(offsets, count, fours, out);
  out += i * kThree;
  for (; i + 1 < count; ++i, out += kThree) std::memcpy(out, fours + offsets[i] * kFour, kFour);
  if (i < count) std::memcpy(out, fours + offsets[i] * kFour, kThree);
}

template <typename Cell>
Cell load_cell(const std::uint8_t* channel, std::size_t entry) noexcept {
  Cell cell;
  std::memcpy(&cell, channel + entry * sizeof(Cell), sizeof cell);
  return cell;
}

// Small cells as one number, which compilers do for many entries at once.
template <typename Cell, typename Four>
void pack_numbers(const PaletteTables& tables, std::uint8_t* fours) noexcept {
  constexpr unsigned kBits = 8 * sizeof(Cell);
  const std::uint8_t* const channels[3] = {tables.channel(0), tables.channel(1), tables.channel(2)};
  const std::size_t entries = tables.entries;  // a copy: for all a compiler knows, `fours` may lead to `tables`
  for (std::size_t entry = 0; entry < entries; ++entry) {
    const Four red = load_cell<Cell>(channels[0], entry), green = load_cell<Cell>(channels[1], entry);
    const Four four = red | green << kBits | Four{load_cell<Cell>(channels[2], entry)} << 2 * kBits;
    std::memcpy(fours + entry * sizeof(Four), &four, sizeof four);
  }
}

void pack_cells(const PaletteTables& tables, std::uint8_t* fours) noexcept {
  const std::size_t cell_bytes = tables.cell_bytes;
  for (std::size_t entry = 0; entry < tables.entries; ++entry, fours += 4 * cell_bytes) {
    for (std::size_t k = 0; k < 3; ++k)
      std::memcpy(fours + k * cell_bytes, tables.channel(k) + entry * cell_bytes, cell_bytes);
    std::memset(fours + 3 * cell_bytes, 0, cell_bytes);
  }
}

template <std::size_t kCellBytes>
void look_up(const std::uint16_t* offsets, std::size_t count, const std::uint8_t* table, std::uint8_t* out,
             std::ptrdiff_t stride) noexcept {
  for (std::size_t i = 0; i < count; ++i, out += stride) std::memcpy(out, table + offsets[i] * kCellBytes, kCellBytes);
}

template <std::size_t kCellBytes>
void paint_cells(const std::uint16_t* offsets, std::size_t count, const PaletteTables& tables, const std::uint8_t* fours,
                 PixelRow pixels) noexcept {
  if (fours != nullptr) return paint_fours<kCellBytes>(offsets, count, fours, pixels.data);
  for (std::size_t k = 0; k < 3; ++k, pixels.data += pixels.sample_stride)
    look_up<kCellBytes>(offsets, count, tables.channel(k), pixels.data, pixels.pixel_stride);
}

}  // namespace

void pack_fours(const PaletteTables& tables, std::uint8_t* fours) noexcept {
  switch (tables.cell_bytes) {
    case 1: return pack_numbers<std::uint8_t, std::uint32_t>(tables, fours);
    case 2: return pack_numbers<std::uint16_t, std::uint64_t>(tables, fours);
    default: return pack_cells(tables, fours);
  }
}

void paint(const std::uint16_t* offsets, std::size_t count, const PaletteTables& tables, const std::uint8_t* fours,
           PixelRow pixels) noexcept {
  switch (tables.cell_bytes) {
    case 1: return paint_cells<1>(offsets, count, tables, fours, pixels);
    case 2: return paint_cells<2>(offsets, count, tables, fours, pixels);
    case 4: return paint_cells<4>(offsets, count, tables, fours, pixels);
    default: return paint_cells<8>(offsets, count, tables, fours, pixels);
  }
}

}  // namespace turbodicom::pixel
