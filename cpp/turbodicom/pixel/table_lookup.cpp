// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/table_lookup.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>

#include "turbodicom/pixel/value_kernels.h"

namespace turbodicom::pixel {
namespace {

template <typename In, typename Bits>
void look_up_as(const void* from, void* to, std::size_t count, const EntryTable& table) noexcept {
  const auto* const source = static_cast<const std::uint8_t*>(from);
  auto* const target = static_cast<std::uint8_t*>(to);
  const auto last = static_cast<std::int64_t>(table.entries) - 1;
  for (std::size_t i = 0; i < count; ++i) {
    In value;
    std::memcpy(&value, source + i * sizeof(In), sizeof(In));
    const std::int64_t entry = std::clamp<std::int64_t>(static_cast<std::int64_t>(value) - table.first, 0, last);
    std::memcpy(target + i * sizeof(Bits), table.data + static_cast<std::size_t>(entry) * sizeof(Bits), sizeof(Bits));
  }
}

template <typename In>
void look_up_from(const void* from, void* to, std::size_t count, const EntryTable& table) noexcept {
  switch (table.entry_bytes) {
    case 1: return look_up_as<In, std::uint8_t>(from, to, count, table);
    case 2: return look_up_as<In, std::uint16_t>(from, to, count, table);
    case 4: return look_up_as<In, std::uint32_t>(from, to, count, table);
    default: return look_up_as<In, std::uint64_t>(from, to, count, table);
  }
}

struct Tiles {
  Tile from, to;
};

// An entry for each value 8 or 16 bits can have: no clipping is left to do.
class WholeTable {
 public:
  WholeTable(const EntryTable& table, SampleType type) : bytes_(table.entry_bytes) {
    const bool is_signed = type == SampleType::i8 || type == SampleType::i16;
    const std::int64_t values = std::int64_t{1} << (8 * bytes_of(type));
    low_ = is_signed ? -values / 2 : 0;
    const auto last = static_cast<std::int64_t>(table.entries) - 1;
    memory_.reset(new std::uint8_t[static_cast<std::size_t>(values) * bytes_]);
    // Values below the table, those it knows, those beyond it.
    const std::int64_t begin = std::clamp<std::int64_t>(table.first - low_, 0, values);
    const std::int64_t end = std::clamp<std::int64_t>(table.first + last + 1 - low_, begin, values);
    repeat(0, begin, table.data);
    if (end > begin) copy(begin, end, table.data + static_cast<std::size_t>(begin + low_ - table.first) * bytes_);
    repeat(end, values, table.data + static_cast<std::size_t>(last) * bytes_);
  }
  // Where the entry of value 0 is.
  const std::uint8_t* zero() const noexcept { return memory_.get() - low_ * static_cast<std::int64_t>(bytes_); }

 private:
  void copy(std::int64_t begin, std::int64_t end, const std::uint8_t* entries) noexcept {
    std::memcpy(memory_.get() + static_cast<std::size_t>(begin) * bytes_, entries, static_cast<std::size_t>(end - begin) * bytes_);
  }
  // By copies of what is there already, twice as much each time.
  void repeat(std::int64_t begin, std::int64_t end, const std::uint8_t* entry) noexcept {
    if (end <= begin) return;
    std::uint8_t* const to = memory_.get() + static_cast<std::size_t>(begin) * bytes_;
    const std::size_t all = static_cast<std::size_t>(end - begin) * bytes_;
    std::memcpy(to, entry, bytes_);
    for (std::size_t done = bytes_; done < all; done += std::min(done, all - done)) std::memcpy(to + done, to, std::min(done, all - done));
  }

  std::size_t bytes_;
  std::int64_t low_;
  std::unique_ptr<std::uint8_t[]> memory_;
};

}  // namespace

void look_up(const void* from, SampleType type, void* to, std::size_t count, const EntryTable& table) noexcept {
  switch (type) {
    case SampleType::u8: return look_up_from<std::uint8_t>(from, to, count, table);
    case SampleType::i8: return look_up_from<std::int8_t>(from, to, count, table);
    case SampleType::u16: return look_up_from<std::uint16_t>(from, to, count, table);
    case SampleType::i16: return look_up_from<std::int16_t>(from, to, count, table);
    case SampleType::u32: return look_up_from<std::uint32_t>(from, to, count, table);
    default: return look_up_from<std::int32_t>(from, to, count, table);
  }
}

void look_up_array(std::span<const std::size_t> shape, const StridedArray& from, SampleType type, const StridedArray& to,
                   const EntryTable& table, const WorkOptions& options) {
  const std::array<StridedArray, 2> arrays{to, from};
  const BlockWalk walk(shape, arrays);
  const std::uint64_t bytes = walk.samples() * (from.sample_bytes + to.sample_bytes);
  std::vector<Tiles> tiles(threads_for(bytes, options));
  std::optional<WholeTable> whole;
  if (bytes_of(type) <= 2 && walk.samples() >= std::size_t{1} << (8 * bytes_of(type))) whole.emplace(table, type);
  const auto whole_look_up = value_kernels().look_up_bits[static_cast<std::size_t>(type)][table.entry_bytes];
  for_each_block(walk, bytes, options, [&](std::size_t block, std::size_t worker) {
    const Block source = walk.block(block, 1), target = walk.block(block, 0);
    const std::uint8_t* dense = source.data;
    if (!source.is_dense()) {
      gather(source, tiles[worker].from.get());
      dense = tiles[worker].from.get();
    }
    std::uint8_t* const result = target.is_dense() ? target.data : tiles[worker].to.get();
    if (whole) whole_look_up(dense, result, source.samples(), whole->zero());
    else look_up(dense, type, result, source.samples(), table);
    if (!target.is_dense()) scatter(result, target);
  });
}

}  // namespace turbodicom::pixel
