// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: whatever descriptor and bytes, a lookup table has as many entries as declared, each below 2^bits, or there
// is a typed error within the data; the same words in the other byte order give the same; entry i is what cell i says,
// where there is one; and segments that were made from the bytes expand to them. The first eight bytes are the
// descriptor and flags, the rest is data.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

#include "turbodicom/base/error.h"
#include "turbodicom/pixel/lookup_table.h"

using namespace turbodicom;
using namespace turbodicom::pixel;

namespace {

constexpr std::size_t kHead = 8;

void require(bool property) {
  if (!property) std::abort();
}

// Exactly the data: address sanitizer guards its ends.
struct Block {
  std::unique_ptr<std::uint8_t[]> bytes;
  std::size_t size;

  Block(const std::uint8_t* from, std::size_t count) : bytes(std::make_unique_for_overwrite<std::uint8_t[]>(count)), size(count) {
    std::copy_n(from, count, bytes.get());
  }
  ByteView view() const { return {bytes.get(), size}; }
  void swap_words() {
    for (std::size_t i = 0; i + 1 < size; i += 2) std::swap(bytes[i], bytes[i + 1]);
  }
};

struct Outcome {
  std::optional<Error> error;
  std::int32_t first = 0;
  std::uint32_t bits = 0;
  std::vector<std::uint16_t> entries;
  std::vector<std::string_view> codes;

  bool operator==(const Outcome& other) const {
    const bool same_error = error.has_value() == other.error.has_value() &&
                            (!error || (error->code == other.error->code && error->offset == other.error->offset));
    return same_error && first == other.first && bits == other.bits && entries == other.entries && codes == other.codes;
  }
};

Outcome read(const LutDescriptor& descriptor, const Block& data, bool is_big_endian) {
  Outcome outcome;
  try {
    LookupTable table = read_lookup_table(descriptor, data.view(), is_big_endian);
    outcome.first = table.first;
    outcome.bits = table.bits;
    outcome.entries = std::move(table.entries);
    for (const LutNote& note : table.notes) outcome.codes.push_back(note.code);
  } catch (const Error& error) {
    outcome.error = error;
  }
  return outcome;
}

Outcome expand(const LutDescriptor& descriptor, const Block& data, bool is_big_endian) {
  Outcome outcome;
  outcome.bits = descriptor.bits == 8 ? 8 : 16;
  try {
    outcome.entries = expand_lut_segments(descriptor, data.view(), is_big_endian);
  } catch (const Error& error) {
    outcome.error = error;
  }
  return outcome;
}

void check(const Outcome& outcome, const LutDescriptor& descriptor, const Block& data) {
  if (outcome.error) {
    require(outcome.error->code == Errc::truncated_data || outcome.error->code == Errc::corrupt_data);
    require(outcome.error->offset <= data.size);
    return;
  }
  require(outcome.entries.size() == descriptor.entries);
  require(outcome.bits >= 8 && outcome.bits <= 16);
  for (const std::uint16_t entry : outcome.entries) require(entry >> outcome.bits == 0);
}

bool has(const Outcome& outcome, std::string_view code) {
  return std::find(outcome.codes.begin(), outcome.codes.end(), code) != outcome.codes.end();
}

// The entries once more, from little-endian cells.
void check_entries(const Outcome& table, const LutDescriptor& descriptor, const Block& data) {
  const bool is_wide = descriptor.bits == 8 ? has(table, "lut_16_bit_cells") : !has(table, "lut_8_bit_cells");
  const std::size_t cell_bytes = is_wide ? 2 : 1, cells = data.size / cell_bytes;
  require(has(table, "lut_too_short") == (cells < descriptor.entries));
  for (std::size_t i = 0; i < descriptor.entries; ++i) {
    const std::size_t at = std::min(i, cells - 1) * cell_bytes;
    const unsigned high = is_wide ? data.bytes[at + 1] : 0;
    require(table.entries[i] == (data.bytes[at] | high << 8));
  }
}

// Discrete segments of the data as 8-bit entries, then the last one again by an indirect segment.
void check_round_trip(const Block& data) {
  if (data.size == 0 || data.size > 4096) return;
  std::vector<std::uint8_t> segments;
  std::vector<std::uint16_t> expected;
  std::size_t last_segment = 0, length = 0;
  for (std::size_t done = 0; done < data.size; done += length) {
    length = std::min<std::size_t>(data.size - done, 1u + data.bytes[done] % 255u);
    last_segment = segments.size();
    segments.push_back(0);
    segments.push_back(static_cast<std::uint8_t>(length));
    segments.insert(segments.end(), data.bytes.get() + done, data.bytes.get() + done + length);
  }
  expected.assign(data.bytes.get(), data.bytes.get() + data.size);
  expected.insert(expected.end(), data.bytes.get() + data.size - length, data.bytes.get() + data.size);
  segments.insert(segments.end(), {2, 1, static_cast<std::uint8_t>(last_segment), static_cast<std::uint8_t>(last_segment >> 8), 0, 0});
  const LutDescriptor descriptor{static_cast<std::uint32_t>(expected.size()), 0, 8};
  require(expand_lut_segments(descriptor, segments, false) == expected);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < kHead) return 0;
  std::array<std::int64_t, 3> stored;
  const bool are_signed = (data[6] & 1) != 0, is_signed = (data[6] & 2) != 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::uint16_t word = load_le<std::uint16_t>(data + 2 * i);
    stored[i] = are_signed ? static_cast<std::int16_t>(word) : word;
  }
  if ((data[6] & 4) != 0) stored[2] = 8 + (stored[2] & 8);  // mostly the bits that files have
  if (data[6] < 0xF8) stored[0] = 1 + (stored[0] & 0x1FF);  // mostly few entries, for more inputs a second
  LutDescriptor descriptor;
  try {
    descriptor = read_lut_descriptor(stored, is_signed);
  } catch (const Error& error) {
    require(error.code == Errc::conformance);
    return 0;
  }
  require(descriptor.entries >= 1 && descriptor.entries <= 65536 && descriptor.bits >= 8 && descriptor.bits <= 16);
  require(is_signed ? descriptor.first == static_cast<std::int16_t>(stored[1]) : descriptor.first == static_cast<std::uint16_t>(stored[1]));
  Block block(data + kHead, size - kHead);
  check_round_trip(block);
  const Outcome table = read(descriptor, block, false), segments = expand(descriptor, block, false);
  check(table, descriptor, block);
  check(segments, descriptor, block);
  if (!table.error) check_entries(table, descriptor, block);
  const bool is_whole_words = block.size % 2 == 0;
  block.swap_words();
  const Outcome swapped_table = read(descriptor, block, true), swapped_segments = expand(descriptor, block, true);
  check(swapped_table, descriptor, block);
  check(swapped_segments, descriptor, block);
  require(swapped_table == table);
  if (is_whole_words || descriptor.bits == 8) require(swapped_segments == segments);
  return 0;
}
