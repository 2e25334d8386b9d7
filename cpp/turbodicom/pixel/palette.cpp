// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/palette.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "turbodicom/pixel/palette_kernels.h"
#include "turbodicom/pixel/palette_loops.h"
#include "turbodicom/pixel/palette_paint.h"

namespace turbodicom::pixel {
namespace {

template <typename T>
std::size_t offsets_of(const std::uint8_t* indexes, std::size_t count, ClipRule rule, std::uint16_t* offsets) noexcept {
  return clipped_offsets<T>(indexes, count, rule, offsets);
}

// For indexes of up to 16 bits; none where no index is within the table: that is left to the slow way.
std::optional<ClipRule> clip_rule(SampleType type, std::int64_t first, std::size_t entries) noexcept {
  const std::int64_t bias = type == SampleType::i8 || type == SampleType::i16 ? 32768 : 0;
  const std::int64_t low = first + bias, high = low + static_cast<std::int64_t>(entries) - 1;
  if (high < 0 || low > 65535) return std::nullopt;
  const auto lane = [](std::int64_t value) { return static_cast<std::uint16_t>(value); };
  return ClipRule{lane(bias), lane(std::max<std::int64_t>(low, 0)), lane(std::min<std::int64_t>(high, 65535)), lane(low)};
}

// Any stride, any integer of up to 32 bits.
template <typename T>
std::size_t strided_offsets(IndexRow indexes, std::size_t count, std::int64_t first, std::int64_t last,
                            std::uint16_t* offsets) noexcept {
  std::size_t outside = 0;
  for (std::size_t i = 0; i < count; ++i, indexes.data += indexes.stride) {
    T index;
    std::memcpy(&index, indexes.data, sizeof index);
    const std::int64_t offset = static_cast<std::int64_t>(index) - first;
    const std::int64_t clipped = std::clamp<std::int64_t>(offset, 0, last);
    outside += clipped != offset;
    offsets[i] = static_cast<std::uint16_t>(clipped);
  }
  return outside;
}

std::size_t any_offsets(IndexRow indexes, SampleType type, std::size_t count, std::int64_t first, std::int64_t last,
                        std::uint16_t* offsets) noexcept {
  switch (type) {
    case SampleType::u8: return strided_offsets<std::uint8_t>(indexes, count, first, last, offsets);
    case SampleType::i8: return strided_offsets<std::int8_t>(indexes, count, first, last, offsets);
    case SampleType::u16: return strided_offsets<std::uint16_t>(indexes, count, first, last, offsets);
    case SampleType::i16: return strided_offsets<std::int16_t>(indexes, count, first, last, offsets);
    case SampleType::u32: return strided_offsets<std::uint32_t>(indexes, count, first, last, offsets);
    default: return strided_offsets<std::int32_t>(indexes, count, first, last, offsets);
  }
}

OffsetsFn dense_offsets(SampleType type) noexcept {
  const PaletteKernels& kernels = palette_kernels();
  switch (type) {
    case SampleType::u8: return kernels.offsets_u8;
    case SampleType::i8: return kernels.offsets_i8;
    case SampleType::u16: return kernels.offsets_u16;
    case SampleType::i16: return kernels.offsets_i16;
    default: return nullptr;
  }
}

}  // namespace

PaletteKernels palette_kernels_of(Isa isa) noexcept {
  const PaletteKernels scalar{offsets_of<std::uint8_t>,  offsets_of<std::int8_t>, offsets_of<std::uint16_t>,
                              offsets_of<std::int16_t>, nullptr,                 nullptr};
  return with_vectors(scalar, isa);
}

const PaletteKernels& palette_kernels() noexcept {
  static const PaletteKernels kernels = palette_kernels_of(active_isa());
  return kernels;
}

// No index of 32 bits is more than 2^32 away from 0: a first one further out may as well be just that.
Palette::Palette(const PaletteTables& tables, std::int64_t first, SampleType index_type, std::size_t pixels)
    : tables_(tables),
      first_(std::clamp(first, -(std::int64_t{1} << 33), std::int64_t{1} << 33)),
      index_type_(index_type) {
  // Packing takes fresh memory: an entry costs about what so many pixels gain by it.
  if (pixels / (2 * tables.cell_bytes) >= tables.entries) pack_fours();
  if (bytes_of(index_type) == 1 && tables.cell_bytes == 1 && pixels >= 256) resolve_bytes();
}

void Palette::pack_fours() {
  fours_ = std::make_unique_for_overwrite<std::uint8_t[]>(4 * tables_.cell_bytes * tables_.entries);
  pixel::pack_fours(tables_, fours_.get());
}

void Palette::resolve_bytes() {
  resolved_.resize(4 * 256);
  const std::int64_t last = static_cast<std::int64_t>(tables_.entries) - 1;
  for (std::size_t byte = 0; byte < 256; ++byte) {
    const std::uint8_t index[4] = {static_cast<std::uint8_t>(byte), 0, 0, 0};
    std::uint16_t offset;
    const bool is_outside = any_offsets({index, 1}, index_type_, 1, first_, last, &offset) != 0;
    for (std::size_t k = 0; k < 3; ++k) resolved_[256 * k + byte] = tables_.channel(k)[offset];
    resolved_[768 + byte] = is_outside ? 0xFF : 0;
  }
}

bool Palette::is_interleaved(const PixelRow& pixels) const noexcept {
  const auto cell = static_cast<std::ptrdiff_t>(tables_.cell_bytes);
  return pixels.sample_stride == cell && pixels.pixel_stride == 3 * cell;
}

// Where there is a kernel for bytes to bytes and this layout.
bool Palette::apply_resolved(const IndexRow& indexes, std::size_t count, const PixelRow& pixels, std::size_t& outside) const noexcept {
  const PaletteKernels& kernels = palette_kernels();
  if (resolved_.empty() || indexes.stride != 1 || kernels.resolved == nullptr) return false;
  if (is_interleaved(pixels)) {
    outside = kernels.resolved(indexes.data, count, resolved_.data(), pixels.data);
    return true;
  }
  if (pixels.pixel_stride != 1) return false;
  std::uint8_t* const planes[3] = {pixels.data, pixels.data + pixels.sample_stride, pixels.data + 2 * pixels.sample_stride};
  outside = kernels.resolved_planes(indexes.data, count, resolved_.data(), planes);
  return true;
}

std::size_t Palette::apply(IndexRow indexes, std::size_t count, PixelRow pixels) const noexcept {
  std::size_t outside = 0;
  if (apply_resolved(indexes, count, pixels, outside)) return outside;
  const bool is_dense = indexes.stride == static_cast<std::ptrdiff_t>(bytes_of(index_type_));
  const OffsetsFn dense = is_dense ? dense_offsets(index_type_) : nullptr;
  const std::optional<ClipRule> rule = dense == nullptr ? std::nullopt : clip_rule(index_type_, first_, tables_.entries);
  const std::uint8_t* const fours = is_interleaved(pixels) ? fours_.get() : nullptr;
  const std::int64_t last = static_cast<std::int64_t>(tables_.entries) - 1;
  std::array<std::uint16_t, kPaletteBlock> offsets;
  for (std::size_t done = 0; done < count; done += kPaletteBlock) {
    const std::size_t n = std::min(kPaletteBlock, count - done);
    outside += rule ? dense(indexes.data, n, *rule, offsets.data())
                    : any_offsets(indexes, index_type_, n, first_, last, offsets.data());
    paint(offsets.data(), n, tables_, fours, pixels);
    indexes.data += static_cast<std::ptrdiff_t>(n) * indexes.stride;
    pixels.data += static_cast<std::ptrdiff_t>(n) * pixels.pixel_stride;
  }
  return outside;
}

}  // namespace turbodicom::pixel
