// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: whatever the indexes, table, first entry and strides, every pixel is what PS3.3 C.7.6.3.1.5 says of its
// index alone, nothing else is written, and all indexes outside of the table are counted; on every instruction set the
// offsets and the resolved look-up are those of the scalar form (RELIABILITY H1). The first eight bytes choose; the rest
// is the table, then indexes, repeated as often as needed.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "turbodicom/base/bytes.h"
#include "turbodicom/pixel/palette_image.h"
#include "turbodicom/pixel/palette_kernels.h"

using namespace turbodicom;
using namespace turbodicom::pixel;

namespace {

constexpr std::size_t kHead = 8;
constexpr SampleType kIndexTypes[] = {SampleType::u8,  SampleType::i8,  SampleType::u16, SampleType::i16,
                                      SampleType::u32, SampleType::i32, SampleType::u8,  SampleType::u16};

void require(bool property) {
  if (!property) std::abort();
}

// What the head says. Counts are small: three blocks of 64 meet every loop, now and then one beyond a block of offsets.
struct Choice {
  SampleType type;
  std::size_t cell_bytes, entries, count, budget;
  std::int64_t first;
  std::ptrdiff_t index_step, pixel_step, sample_step;  // in indexes and cells

  explicit Choice(const std::uint8_t* head)
      : type(kIndexTypes[head[0] & 7]),
        cell_bytes(std::size_t{1} << (head[0] >> 3 & 3)),
        entries(1 + load_le<std::uint16_t>(head + 1) % ((head[0] & 0x20) != 0 ? 1024u : 256u)),
        count(head[3] + ((head[0] & 0xC0) == 0xC0 ? kPaletteBlock : 0)),
        budget((head[6] & 0x80) != 0 ? 0 : std::size_t{1} << 24),
        first(static_cast<std::int16_t>(load_le<std::uint16_t>(head + 4)) * ((head[6] & 0x40) != 0 ? std::int64_t{1} << 20 : 1)),
        index_step((head[6] & 3) == 3 ? -2 : 1 + (head[6] & 1)),
        pixel_step((head[6] & 0x0C) == 0 ? 3 : (head[6] & 0x0C) == 4 ? 1 : (head[6] & 0x0C) == 8 ? 5 : -3),
        sample_step(pixel_step == 1 ? static_cast<std::ptrdiff_t>(count) : 1) {}
};

std::vector<std::uint8_t> repeated(const std::uint8_t* data, std::size_t size, std::size_t skipped, std::size_t count) {
  std::vector<std::uint8_t> bytes(count);
  if (size == 0) return bytes;
  for (std::size_t i = 0, at = skipped % size; i < count; ++i, at = at + 1 == size ? 0 : at + 1) bytes[i] = data[at];
  return bytes;
}

std::int64_t index_at(const std::uint8_t* at, SampleType type) {
  std::uint32_t value = 0;
  std::memcpy(&value, at, bytes_of(type));
  switch (type) {
    case SampleType::i8: return static_cast<std::int8_t>(value);
    case SampleType::i16: return static_cast<std::int16_t>(value);
    case SampleType::i32: return static_cast<std::int32_t>(value);
    default: return value;
  }
}

std::size_t paint_one(const PaletteTables& tables, const Choice& choice, const std::uint8_t* at, std::uint8_t* pixel) {
  const std::int64_t index = index_at(at, choice.type), last = choice.first + static_cast<std::int64_t>(tables.entries) - 1;
  const auto entry = static_cast<std::size_t>(std::clamp(index, choice.first, last) - choice.first);
  for (std::size_t k = 0; k < 3; ++k)
    std::memcpy(pixel + static_cast<std::ptrdiff_t>(k) * choice.sample_step * static_cast<std::ptrdiff_t>(tables.cell_bytes),
                tables.channel(k) + entry * tables.cell_bytes, tables.cell_bytes);
  return index < choice.first || index > last ? 1 : 0;
}

// Room for the pixels, exactly, of any steps; where the first one lies.
std::size_t room_cells(const Choice& choice) {
  if (choice.count == 0) return 0;
  const std::ptrdiff_t pixels = std::abs(choice.pixel_step) * static_cast<std::ptrdiff_t>(choice.count - 1);
  return static_cast<std::size_t>(pixels + 2 * choice.sample_step + 1);
}

std::size_t first_cell(const Choice& choice) {
  return choice.pixel_step < 0 && choice.count > 0 ? static_cast<std::size_t>(-choice.pixel_step) * (choice.count - 1) : 0;
}

void check_image(const Choice& choice, const PaletteTables& tables, const std::uint8_t* indexes) {
  const auto index_stride = choice.index_step * static_cast<std::ptrdiff_t>(bytes_of(choice.type));
  const auto cell = static_cast<std::ptrdiff_t>(choice.cell_bytes);
  std::vector<std::uint8_t> expected(room_cells(choice) * choice.cell_bytes, 0xA5), found = expected;
  std::size_t outside = 0;
  for (std::size_t i = 0; i < choice.count; ++i)
    outside += paint_one(tables, choice, indexes + static_cast<std::ptrdiff_t>(i) * index_stride,
                         expected.data() + first_cell(choice) * choice.cell_bytes + static_cast<std::ptrdiff_t>(i) * choice.pixel_step * cell);
  const Palette palette(tables, choice.first, choice.type, choice.budget);
  const PaletteImage image{indexes, found.data() + first_cell(choice) * choice.cell_bytes, choice.sample_step * cell,
                           {{choice.count, index_stride, choice.pixel_step * cell}}};
  require(apply_palette(palette, image, 1, [] {}) == outside);
  require(found == expected);
}

void check_kernels(Isa isa, const Choice& choice, const std::vector<std::uint8_t>& bytes, const std::vector<std::uint8_t>& table) {
  const PaletteKernels kernels = palette_kernels_of(isa), scalar = palette_kernels_of(Isa::scalar);
  const auto low = static_cast<std::uint16_t>(choice.first), span = static_cast<std::uint16_t>(choice.entries - 1);
  const ClipRule rule{static_cast<std::uint16_t>(choice.count << 8), low, static_cast<std::uint16_t>(std::max<std::uint16_t>(low, span)), low};
  for (const auto function : {&PaletteKernels::offsets_u8, &PaletteKernels::offsets_i8, &PaletteKernels::offsets_u16, &PaletteKernels::offsets_i16}) {
    const bool is_wide = function == &PaletteKernels::offsets_u16 || function == &PaletteKernels::offsets_i16;
    const std::size_t count = bytes.size() / (is_wide ? 2 : 1);
    std::vector<std::uint16_t> expected(count), found(count);
    require((kernels.*function)(bytes.data(), count, rule, found.data()) ==
            (scalar.*function)(bytes.data(), count, rule, expected.data()));
    require(found == expected);
  }
  if (kernels.resolved == nullptr) return;
  std::vector<std::uint8_t> rgb(3 * bytes.size());
  std::size_t outside = 0;
  for (const std::uint8_t index : bytes) outside += table[768 + index] >> 7;
  require(kernels.resolved(bytes.data(), bytes.size(), table.data(), rgb.data()) == outside);
  for (std::size_t i = 0; i < rgb.size(); ++i) require(rgb[i] == table[256 * (i % 3) + bytes[i / 3]]);
  std::uint8_t* const planes[3] = {rgb.data(), rgb.data() + bytes.size(), rgb.data() + 2 * bytes.size()};
  require(kernels.resolved_planes(bytes.data(), bytes.size(), table.data(), planes) == outside);
  for (std::size_t i = 0; i < rgb.size(); ++i) require(rgb[i] == table[256 * (i / bytes.size()) + bytes[i % bytes.size()]]);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < kHead) return 0;
  const Choice choice(data);
  const std::uint8_t* const rest = data + kHead;
  const std::size_t left = size - kHead, table_bytes = 3 * choice.entries * choice.cell_bytes;
  const std::vector<std::uint8_t> table = repeated(rest, left, 0, table_bytes);
  const std::size_t span = choice.count == 0 ? 0 : (choice.count - 1) * static_cast<std::size_t>(std::abs(choice.index_step)) + 1;
  const std::vector<std::uint8_t> indexes = repeated(rest, left, table_bytes, span * bytes_of(choice.type));
  const std::size_t from = choice.index_step < 0 && span > 0 ? (span - 1) * bytes_of(choice.type) : 0;
  check_image(choice, {table.data(), choice.entries, choice.cell_bytes}, indexes.data() + from);
  const std::span<const Isa> levels = runnable_isas();
  const std::vector<std::uint8_t> few(indexes.begin(), indexes.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(indexes.size(), 300)));
  check_kernels(levels[data[7] % levels.size()], choice, few, repeated(rest, left, 1, 1024));
  return 0;
}
