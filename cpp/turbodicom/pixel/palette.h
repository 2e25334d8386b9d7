// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// PALETTE COLOR: stored indexes become pixels of three samples (PS3.3 C.7.6.3.1.5). Indexes below the first one mapped
// take the first entry, those beyond the last one the last. Cells of 1, 2, 4 or 8 bytes, whatever they hold.
//
// Where rows of the destination are interleaved, the three entries of a pixel are put side by side once, in four cells,
// and a pixel is one load. Else each channel is looked up by itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "turbodicom/base/image_view.h"

namespace turbodicom::pixel {

inline constexpr std::size_t kMostPaletteEntries = 65536;

// Three tables of `entries` cells, one behind the other; not kept longer than the Palette.
struct PaletteTables {
  const std::uint8_t* data;
  std::size_t entries;     // 1..65536
  std::size_t cell_bytes;  // 1, 2, 4 or 8

  const std::uint8_t* channel(std::size_t k) const noexcept { return data + k * entries * cell_bytes; }
};

// `count` indexes or pixels; strides in bytes, of any sign.
struct IndexRow {
  const std::uint8_t* data;
  std::ptrdiff_t stride;
};
struct PixelRow {
  std::uint8_t* data;
  std::ptrdiff_t pixel_stride;
  std::ptrdiff_t sample_stride;
};

class Palette {
 public:
  // `pixels`: how many will be asked for in all, roughly: what it may cost to prepare. Integer index types only.
  Palette(const PaletteTables& tables, std::int64_t first, SampleType index_type, std::size_t pixels);

  // Returns how many indexes were outside of the table. May be called from many threads.
  std::size_t apply(IndexRow indexes, std::size_t count, PixelRow pixels) const noexcept;

 private:
  bool is_interleaved(const PixelRow& pixels) const noexcept;
  bool apply_resolved(const IndexRow& indexes, std::size_t count, const PixelRow& pixels, std::size_t& outside) const noexcept;
  void pack_fours();
  void resolve_bytes();

  PaletteTables tables_;
  std::int64_t first_;
  SampleType index_type_;
  std::unique_ptr<std::uint8_t[]> fours_;  // four cells an entry, the last one 0; null where it would not pay
  std::vector<std::uint8_t> resolved_;     // indexes and cells of one byte: 256 of each channel, 256 flags 0xFF "outside"
};

}  // namespace turbodicom::pixel
