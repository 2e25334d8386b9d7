// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/lookup_table.h"

#include <algorithm>
#include <bit>

#include "turbodicom/base/error.h"
#include "turbodicom/pixel/lookup_table_cells.h"

namespace turbodicom::pixel {
namespace {

constexpr std::uint32_t kMostEntries = 65536;  // PS3.3 C.7.6.3.1.5, C.11.1.1: stored as 0
constexpr std::uint32_t kLeastBits = 8, kMostBits = 16;  // PS3.3 C.11.2.1.1

std::uint16_t word_of(std::int64_t stored) {
  if (stored < -32768 || stored > 65535)
    fail(Errc::conformance, 0, "lut: a value of the descriptor has more than 16 bits (PS3.3 C.11.1.1)");
  return static_cast<std::uint16_t>(stored);
}

void note(LookupTable& table, std::string_view code, std::string message) {
  table.notes.push_back({code, "lut: " + std::move(message)});
}

std::string bytes_for_entries(std::size_t bytes, std::uint32_t entries) {
  return std::to_string(bytes) + " bytes of data for " + std::to_string(entries) + " entries";
}

// 1 or 2: as declared, unless the data has exactly as many bytes as the other needs.
std::size_t cell_bytes_of(const LutDescriptor& descriptor, std::size_t bytes) noexcept {
  const std::size_t entries = descriptor.entries;
  const bool is_one_each = bytes == entries || bytes == entries + entries % 2;
  const bool is_two_each = bytes == 2 * entries;
  if (descriptor.bits == 8) return is_two_each && !is_one_each ? 2 : 1;
  return is_one_each && !is_two_each ? 1 : 2;
}

void settle_cells(LookupTable& table, const LutDescriptor& descriptor, std::size_t cell_bytes, std::size_t bytes) {
  table.bits = descriptor.bits;
  if (cell_bytes == 2 && descriptor.bits == 8)
    note(table, "lut_16_bit_cells", bytes_for_entries(bytes, descriptor.entries) + " of 8 bits: two bytes each (PS3.3 C.7.6.3.1.5)");
  if (cell_bytes == 1 && descriptor.bits > 8) {
    note(table, "lut_8_bit_cells", bytes_for_entries(bytes, descriptor.entries) + " of " + std::to_string(descriptor.bits) +
                                       " bits: one byte each (PS3.3 C.7.6.3.1.5)");
    table.bits = 8;
  }
}

void read_entries(LookupTable& table, const LutCells& cells, std::uint32_t entries) {
  const std::size_t present = std::min<std::size_t>(cells.count(), entries);
  table.entries.resize(entries);
  for (std::size_t i = 0; i < present; ++i) table.entries[i] = cells[i];
  std::fill(table.entries.begin() + static_cast<std::ptrdiff_t>(present), table.entries.end(), table.entries[present - 1]);
}

void settle_length(LookupTable& table, std::size_t bytes, std::size_t cell_bytes, std::uint32_t entries) {
  const std::size_t expected = entries * cell_bytes;
  const std::string found = bytes_for_entries(bytes, entries) + " of " + std::to_string(8 * cell_bytes) + " bits";
  if (bytes / cell_bytes < entries)
    note(table, "lut_too_short", found + ", the last one present stands for the rest (PS3.3 C.7.6.3.1.6)");
  else if (bytes > expected + expected % 2)
    note(table, "lut_too_long", found + ", the rest is left out (PS3.3 C.7.6.3.1.6)");
}

void settle_bits(LookupTable& table) {
  const std::uint16_t largest = *std::max_element(table.entries.begin(), table.entries.end());
  const auto needed = static_cast<std::uint32_t>(std::bit_width(largest));
  if (needed <= table.bits) return;
  const std::uint32_t settled = table.bits == 8 ? 16 : needed;
  note(table, "lut_bits_too_small", "entries of " + std::to_string(needed) + " bits where " + std::to_string(table.bits) +
                                        " are declared, " + std::to_string(settled) + " taken (PS3.3 C.11.2.1.1)");
  table.bits = settled;
}

}  // namespace

LutDescriptor read_lut_descriptor(std::span<const std::int64_t> stored, bool is_signed) {
  if (stored.size() != 3)
    fail(Errc::conformance, 0, "lut: descriptor of " + std::to_string(stored.size()) + " values, not 3 (PS3.3 C.11.1.1)");
  const std::uint16_t entries = word_of(stored[0]), first = word_of(stored[1]), bits = word_of(stored[2]);
  if (bits < kLeastBits || bits > kMostBits)
    fail(Errc::conformance, 0, "lut: descriptor declares " + std::to_string(bits) + " bits an entry, not 8 to 16 (PS3.3 C.11.2.1.1)");
#if defined(TURBODICOM_PLANT_lut_first_unsigned)
  is_signed = false;
#endif
  return {entries == 0 ? kMostEntries : entries, is_signed ? static_cast<std::int16_t>(first) : std::int32_t{first}, bits};
}

LookupTable read_lookup_table(const LutDescriptor& descriptor, ByteView data, bool is_big_endian) {
  const std::size_t cell_bytes = cell_bytes_of(descriptor, data.size());
  const LutCells cells(data, cell_bytes, is_big_endian);
  if (cells.count() == 0)
    fail(Errc::truncated_data, data.size(), "lut: " + bytes_for_entries(data.size(), descriptor.entries) + " of " +
                                                std::to_string(8 * cell_bytes) + " bits, at byte " + std::to_string(data.size()) +
                                                " (PS3.3 C.7.6.3.1.6)");
  LookupTable table;
  table.first = descriptor.first;
  settle_cells(table, descriptor, cell_bytes, data.size());
  read_entries(table, cells, descriptor.entries);
  settle_length(table, data.size(), cell_bytes, descriptor.entries);
  settle_bits(table);
  return table;
}

}  // namespace turbodicom::pixel
