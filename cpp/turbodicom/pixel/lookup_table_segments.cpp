// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Segmented palettes (PS3.3 C.7.9.2). In cells of 8 or 16 bits, as the entries:
//   discrete   0, n, n entries
//   linear     1, n, the last of n entries on a straight line from the entry before
//   indirect   2, n, offset in bytes (32 bits, low word first; four or two cells) of n segments that stand here
// Every segment gives an entry or is an error, and there are at most 65536: so the work is bounded.
#include <cmath>

#include "turbodicom/base/error.h"
#include "turbodicom/pixel/lookup_table.h"
#include "turbodicom/pixel/lookup_table_cells.h"

namespace turbodicom::pixel {
namespace {

constexpr std::uint16_t kDiscrete = 0, kLinear = 1, kIndirect = 2;  // Table C.7-24

class Expander {
 public:
  Expander(const LutDescriptor& descriptor, ByteView data, bool is_big_endian)
      : wanted_(descriptor.entries),
        bytes_(data.size()),
        cell_bytes_(descriptor.bits == 8 ? 1 : 2),
        cells_(data, cell_bytes_, is_big_endian) {}

  std::vector<std::uint16_t> run() {
    std::size_t at = 0;
    while (entries_.size() < wanted_) at = expand(at, true);
    check_rest(at);
    return std::move(entries_);
  }

 private:
  // One segment, at cell `at`; returns the cell behind it.
  std::size_t expand(std::size_t at, bool may_be_indirect) {
    need(at, at, 2);
    const std::uint16_t opcode = cells_[at];
    const std::size_t length = cells_[at + 1];
    if (opcode > kIndirect) corrupt(at, "opcode " + std::to_string(opcode) + ", not 0 to 2 (PS3.3 C.7.9.2)");
    if (length == 0) corrupt(at, "segment of length 0 (PS3.3 C.7.9.2)");
    if (opcode != kDiscrete && entries_.empty()) corrupt(at, "the first segment is not discrete (PS3.3 C.7.9.2.2)");
    if (opcode == kIndirect) return expand_indirect(at, length, may_be_indirect);
    if (length > wanted_ - entries_.size())
      corrupt(at, "segment of " + std::to_string(length) + " entries, beyond the table's " + std::to_string(wanted_) + " (PS3.3 C.7.9.2)");
    return opcode == kLinear ? expand_linear(at, length) : expand_discrete(at, length);
  }

  std::size_t expand_discrete(std::size_t at, std::size_t length) {
    need(at, at + 2, length);
    for (std::size_t i = 0; i < length; ++i) entries_.push_back(cells_[at + 2 + i]);
    return at + 2 + length;
  }

  // PS3.3 C.7.9.2.2 names no rounding. These are pydicom's values, which are those of numpy.linspace in double, rounded
  // to the nearest, ties to even: start + i * step, the last one exact.
  std::size_t expand_linear(std::size_t at, std::size_t length) {
    need(at, at + 2, 1);
    const std::uint16_t last = cells_[at + 2];
    const double before = entries_.back();
    const double start = before + (last - before) / static_cast<double>(length);
    const double step = length > 1 ? (last - start) / static_cast<double>(length - 1) : 0;
    for (std::size_t i = 0; i + 1 < length; ++i) {
      const double risen = static_cast<double>(i) * step;
#if defined(TURBODICOM_PLANT_lut_segments_truncate)
      entries_.push_back(static_cast<std::uint16_t>(risen + start));
#else
      entries_.push_back(static_cast<std::uint16_t>(std::nearbyint(risen + start)));
#endif
    }
    entries_.push_back(last);
    return at + 3;
  }

  // PS3.3 C.7.9.2.3
  std::size_t expand_indirect(std::size_t at, std::size_t segments, bool may_be_indirect) {
    if (!may_be_indirect) corrupt(at, "indirect segment inside of an indirect one (PS3.3 C.7.9.2.3)");
    const std::size_t offset_cells = 4 / cell_bytes_;
    need(at, at + 2, offset_cells);
    std::uint64_t offset = 0;
    for (std::size_t i = 0; i < offset_cells; ++i) offset |= std::uint64_t{cells_[at + 2 + i]} << (8 * cell_bytes_ * i);
    if (offset % cell_bytes_ != 0 || offset >= bytes_)
      corrupt(at, "indirect segment to byte " + std::to_string(offset) + " of " + std::to_string(bytes_) + " (PS3.3 C.7.9.2.3)");
    std::size_t from = offset / cell_bytes_;
    for (std::size_t i = 0; i < segments; ++i) from = expand(from, false);
    return at + 2 + offset_cells;
  }

  // Padding: zeros, which are no segment.
  void check_rest(std::size_t at) const {
    for (std::size_t i = at; i < cells_.count(); ++i)
      if (cells_[i] != 0) corrupt(i, "data behind the table's " + std::to_string(wanted_) + " entries (PS3.3 C.7.9.2)");
  }

  void need(std::size_t segment, std::size_t first, std::size_t count) const {
    if (first > cells_.count() || count > cells_.count() - first)
      fail(Errc::truncated_data, bytes_,
           "lut: segment at byte " + std::to_string(segment * cell_bytes_) + " ends beyond the " + std::to_string(bytes_) +
               " bytes of data, after " + std::to_string(entries_.size()) + " of " + std::to_string(wanted_) +
               " entries, at byte " + std::to_string(bytes_) + " (PS3.3 C.7.9.2)");
  }

  [[noreturn]] void corrupt(std::size_t cell, const std::string& what) const {
    const std::size_t offset = cell * cell_bytes_;
    const std::string::size_type clause = what.rfind(" (PS3.3");
    fail(Errc::corrupt_data, offset, "lut: " + what.substr(0, clause) + ", at byte " + std::to_string(offset) + what.substr(clause));
  }

  std::size_t wanted_;
  std::size_t bytes_;
  std::size_t cell_bytes_;
  LutCells cells_;
  std::vector<std::uint16_t> entries_;
};

}  // namespace

std::vector<std::uint16_t> expand_lut_segments(const LutDescriptor& descriptor, ByteView data, bool is_big_endian) {
  return Expander(descriptor, data, is_big_endian).run();
}

}  // namespace turbodicom::pixel
