// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/value_transform.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <tuple>
#include <utility>

namespace turbodicom::pixel {
namespace {

using Kind = ValueForm::Kind;

constexpr std::size_t kRow = 4096;  // samples looked through for their range, then looked up: 8 KiB stay in the cache

constexpr std::size_t index_of(SampleType type) noexcept { return static_cast<std::size_t>(type); }

}  // namespace

ValueTransform::ValueTransform(ValueStages stages, const ValueKernels& kernels)
    : chain_(std::move(stages), kernels), kernels_(kernels), form_(best_form(chain_, kernels)) {
  const ValueStages& s = chain_.stages();
  if (s.padding) kernels_.store[index_of(s.output)](&s.padding->fill, &fill_bits_, 1);
}

bool ValueTransform::run(const void* from, void* to, std::size_t count, std::uint8_t* mask, Memory& memory) const {
  switch (form_.kind) {
    case Kind::line_to_byte:
    case Kind::line_to_float: return run_line(from, to, count, mask);
    case Kind::table: return run_table(from, to, count, mask, memory);
    case Kind::chain: break;
  }
  return chain_.run(from, to, count, mask);
}

bool ValueTransform::fits(const void* sample) const noexcept {
  std::uint8_t room[8];
  return chain_.run(sample, room, 1, nullptr);
}

// Padded samples are looked for first, as `to` may be `from`, and put in afterwards, while the row is in the cache.
bool ValueTransform::run_line(const void* from, void* to, std::size_t count, std::uint8_t* mask) const noexcept {
  const std::size_t in = index_of(input());
  const auto line = form_.kind == Kind::line_to_byte ? kernels_.line_to_byte[in] : kernels_.line_to_float[in];
  const auto& padding = chain_.stages().padding;
  if (!padding) {
    line(from, to, count, form_.line);
    if (mask != nullptr) std::memset(mask, 0, count);
    return true;
  }
  const auto* source = static_cast<const std::uint8_t*>(from);
  auto* target = static_cast<std::uint8_t*>(to);
  std::array<std::uint8_t, kRow> row_mask;
  for (std::size_t done = 0, row = 0; done < count; done += row) {
    row = std::min(kRow, count - done);
    std::uint8_t* const padded = mask == nullptr ? row_mask.data() : mask + done;
    const std::uint8_t* const samples = source + done * bytes_of(input());
    kernels_.find_padding[in](samples, padded, row, *padding);
    line(samples, target + done * bytes_of(output()), row, form_.line);
    kernels_.fill[bytes_of(output())](padded, target + done * bytes_of(output()), row, fill_bits_);
  }
  return true;
}

bool ValueTransform::run_table(const void* from, void* to, std::size_t count, std::uint8_t* mask, Memory& memory) const {
  switch (input()) {
    case SampleType::u8: return run_table_of<std::uint8_t>(from, to, count, mask, memory);
    case SampleType::i8: return run_table_of<std::int8_t>(from, to, count, mask, memory);
    case SampleType::u16: return run_table_of<std::uint16_t>(from, to, count, mask, memory);
    default: return run_table_of<std::int16_t>(from, to, count, mask, memory);
  }
}

void ValueTransform::find_padding(const void* from, std::size_t count, std::uint8_t* mask) const noexcept {
  if (const auto& padding = chain_.stages().padding) kernels_.find_padding[index_of(input())](from, mask, count, *padding);
  else std::memset(mask, 0, count);
}

template <typename In>
bool ValueTransform::run_table_of(const void* from, void* to, std::size_t count, std::uint8_t* mask, Memory& memory) const {
  const std::size_t out_bytes = bytes_of(output());
  const auto* source = static_cast<const std::uint8_t*>(from);
  auto* target = static_cast<std::uint8_t*>(to);
  const auto look_up = kernels_.look_up_bits[index_of(input())][out_bytes];
  bool fits = true;
  for (std::size_t done = 0, row = 0; done < count; done += row, source += row * sizeof(In), target += row * out_bytes) {
    row = std::min(kRow, count - done);
    std::uint8_t* const padded = mask == nullptr ? nullptr : mask + done;
    In low = std::numeric_limits<In>::max(), high = std::numeric_limits<In>::min();
    std::get<WidenFn<In>>(kernels_.widen)(source, row, {}, &low, &high);
    if (!prepare<In>(memory, low, high, row)) {
      fits &= chain_.run(source, target, row, padded);
      continue;
    }
    if (padded != nullptr) find_padding(source, row, padded);
    look_up(source, target, row, memory.table.get() - std::numeric_limits<In>::min() * static_cast<std::ptrdiff_t>(out_bytes));
  }
  return fits;
}

// True when the table knows the values from low to high. As many entries are computed as samples were seen, no more:
// then a table never costs more than twice what the better of the two roads would have.
template <typename In>
bool ValueTransform::prepare(Memory& memory, std::int32_t low, std::int32_t high, std::size_t samples) const {
  if (memory.is_useless) return false;
  memory.credit += samples;
  const bool is_empty = memory.low > memory.high;
  if (!is_empty && low >= memory.low && high <= memory.high) return true;
  const std::int32_t new_low = is_empty ? low : std::min(low, memory.low), new_high = is_empty ? high : std::max(high, memory.high);
  const auto known = static_cast<std::size_t>(is_empty ? 0 : memory.high - memory.low + 1);
  const std::size_t wanted = static_cast<std::size_t>(new_high - new_low + 1) - known;
  if (wanted > memory.credit) return false;
  memory.credit -= wanted;
#if defined(TURBODICOM_PLANT_value_table_gap)
  const std::int32_t below = memory.low - 2;
#else
  const std::int32_t below = memory.low - 1;
#endif
  const bool is_filled = is_empty ? fill_table<In>(memory, low, high)
                                  : fill_table<In>(memory, new_low, below) && fill_table<In>(memory, memory.high + 1, new_high);
  memory.low = new_low;
  memory.high = new_high;
  memory.is_useless = !is_filled;
  return is_filled;
}

template <typename In>
bool ValueTransform::fill_table(Memory& memory, std::int32_t low, std::int32_t high) const {
  constexpr std::int32_t kLowest = std::numeric_limits<In>::min();
  const std::size_t out_bytes = bytes_of(output());
  if (memory.table == nullptr) memory.table.reset(new std::uint8_t[(std::size_t{1} << (8 * sizeof(In))) * out_bytes]);
  std::array<In, 512> inputs;
  bool fits = true;
  while (low <= high) {
    const auto count = std::min<std::size_t>(inputs.size(), static_cast<std::size_t>(high - low + 1));
    for (std::size_t i = 0; i < count; ++i) inputs[i] = static_cast<In>(low + static_cast<std::int32_t>(i));
    fits &= chain_.run(inputs.data(), memory.table.get() + static_cast<std::size_t>(low - kLowest) * out_bytes, count, nullptr);
    low += static_cast<std::int32_t>(count);
  }
  return fits;
}

}  // namespace turbodicom::pixel
