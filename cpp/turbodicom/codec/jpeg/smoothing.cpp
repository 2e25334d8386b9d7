// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Every estimate is a weighted sum of 25 DC coefficients: weights by row of blocks, from two above to two below.
#include "turbodicom/codec/jpeg/smoothing.h"

#include <algorithm>
#include <cstring>
#include <span>

namespace turbodicom::codec::jpeg {
namespace {

using Neighbours = std::array<int, 25>;

struct Estimate {
  std::uint8_t k;  // zig-zag index
  std::array<std::int16_t, 25> weights;
};

constexpr unsigned kEstimated = 9;  // AC coefficients, in zig-zag order

// No AC coefficient has come: a kernel like Gauss's. libjpeg-turbo's constants.
constexpr std::array<Estimate, kEstimated> kFromDcAlone{{
    {1, {-1, -1, 0, 1, 1, -3, 13, 0, -13, 3, -3, 38, 0, -38, 3, -3, 13, 0, -13, 3, -1, -1, 0, 1, 1}},
    {2, {-1, -3, -3, -3, -1, -1, 13, 38, 13, -1, 0, 0, 0, 0, 0, 1, -13, -38, -13, 1, 1, 3, 3, 3, 1}},
    {3, {0, 0, 1, 0, 0, 0, 2, 7, 2, 0, 0, -5, -14, -5, 0, 0, 2, 7, 2, 0, 0, 0, 1, 0, 0}},
    {4, {-1, 0, 0, 0, 1, 0, 9, 0, -9, 0, 0, 0, 0, 0, 0, 0, -9, 0, 9, 0, 1, 0, 0, 0, -1}},
    {5, {0, 0, 0, 0, 0, 0, 2, -5, 2, 0, 1, 7, -14, 7, 1, 0, 2, -5, 2, 0, 0, 0, 0, 0, 0}},
    {6, {0, 0, 0, 0, 0, 0, 1, 0, -1, 0, 0, 2, 0, -2, 0, 0, 1, 0, -1, 0, 0, 0, 0, 0, 0}},
    {7, {0, 0, 0, 0, 0, 0, 1, -3, 1, 0, 0, 0, 0, 0, 0, 0, -1, 3, -1, 0, 0, 0, 0, 0, 0}},
    {8, {0, 0, 0, 0, 0, 0, 1, 0, -1, 0, 0, -3, 0, 3, 0, 0, 1, 0, -1, 0, 0, 0, 0, 0, 0}},
    {9, {0, 0, 0, 0, 0, 0, 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, -1, -2, -1, 0, 0, 0, 0, 0, 0}},
}};
constexpr Estimate kSmoothedDc{
    0, {-2, -6, -8, -6, -2, -6, 6, 42, 6, -6, -8, 42, 152, 42, -8, -6, 6, 42, 6, -6, -2, -6, -8, -6, -2}};

// Some AC coefficients have come: T.81 K.8 with a wider window.
constexpr std::array<Estimate, 5> kBesideAc{{
    {1, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -7, 50, 0, -50, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}},
    {2, {0, 0, -7, 0, 0, 0, 0, 50, 0, 0, 0, 0, 0, 0, 0, 0, 0, -50, 0, 0, 0, 0, 7, 0, 0}},
    {3, {0, 0, -1, 0, 0, 0, 0, 13, 0, 0, 0, 0, -24, 0, 0, 0, 0, 13, 0, 0, 0, 0, -1, 0, 0}},
    {4, {0, -1, 0, 1, 0, -1, 10, 0, -10, 1, 0, 0, 0, 0, 0, 1, -10, 0, 10, -1, 0, 1, 0, -1, 0}},
    {5, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 13, -24, 13, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}},
}};

// The estimate in units of its quantiser, rounded; below 2^Al in magnitude where bits above have come (`al` > 0).
std::int16_t estimated(const Estimate& estimate, const Neighbours& dc, const QuantTable& quant, int al) noexcept {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < dc.size(); ++i) sum += std::int64_t{estimate.weights[i]} * dc[i];
  sum *= quant[0];
  const std::int64_t q = quant[estimate.k];
  const std::int64_t magnitude = ((q << 7) + (sum < 0 ? -sum : sum)) / (q << 8);
  auto value = static_cast<std::int32_t>(magnitude);
  if (al > 0 && value >= (1 << al)) value = (1 << al) - 1;
  return static_cast<std::int16_t>(sum < 0 ? -std::int64_t{value} : value);
}

// How exactly a component's coefficients are known in one row of MCUs.
struct Known {
  const std::array<std::int8_t, 64>& bits;
  bool dc_alone;
};

void smooth_block(std::int16_t* block, std::uint8_t& last, const Neighbours& dc, const QuantTable& quant, const Known& known) {
  const std::span<const Estimate> estimates =
      known.dc_alone ? std::span<const Estimate>(kFromDcAlone) : std::span<const Estimate>(kBesideAc);
  for (const Estimate& estimate : estimates) {
    std::int16_t& coefficient = block[kNaturalOrder[estimate.k]];
    const int al = known.bits[estimate.k];
    if (al != 0 && coefficient == 0) coefficient = estimated(estimate, dc, quant, al);
  }
  if (known.dc_alone) block[0] = estimated(kSmoothedDc, dc, quant, 0);
  last = std::max<std::uint8_t>(last, kEstimated);
}

// Five rows of blocks around one, those beyond the image replaced as libjpeg-turbo does.
using Rows = std::array<const std::int16_t*, 5>;

Neighbours neighbours(const Rows& rows, std::uint32_t column, std::uint32_t last_column) noexcept {
  Neighbours dc;
  for (int x = -2; x <= 2; ++x) {
    const std::int64_t at = std::clamp<std::int64_t>(std::int64_t{column} + x, 0, last_column);
    for (std::size_t y = 0; y < rows.size(); ++y) dc[5 * y + static_cast<std::size_t>(x + 2)] = rows[y][static_cast<std::size_t>(at) * kBlock];
  }
  return dc;
}

}  // namespace

Smoothing::Smoothing(const FrameHeader& frame, const ComponentTables& tables, const Progression& progression,
                     std::uint32_t last_good_row)
    : frame_(frame), tables_(tables), progression_(progression), last_good_row_(last_good_row) {
  if (frame.process != Process::progressive) return;
  for (std::uint32_t c = 0; c < frame.count; ++c) {
    if (!progression.has_dc(c)) return;
    for (unsigned k = 0; k <= kEstimated; ++k)
      if (tables[c][k] == 0) return;
  }
  for (std::uint32_t c = 0; c < frame.count; ++c)
    for (unsigned k = 1; k <= kEstimated; ++k) applies_ |= progression.bits(c)[k] != 0;
}

void Smoothing::smooth(Coefficients& from, std::uint32_t mcu_row, Coefficients& to) const {
  for (std::uint32_t c = 0; c < frame_.count; ++c) smooth_component(from, mcu_row, to, c);
}

// Behind the point where the bytes ran out, things are as before the latest scan. Of a first scan: nothing has come.
std::array<std::int8_t, 64> Smoothing::bits_in(std::uint32_t mcu_row, std::uint32_t c) const {
  if (mcu_row <= last_good_row_) return progression_.bits(c);
  if (progression_.scans() > 1) return progression_.before(c);
  std::array<std::int8_t, 64> nothing;
  nothing.fill(-1);
  return nothing;
}

void Smoothing::smooth_component(Coefficients& from, std::uint32_t mcu_row, Coefficients& to, std::uint32_t c) const {
  const Component& component = frame_.components[c];
  const std::uint32_t blocks = component.blocks_per_row;
  const std::uint32_t first = mcu_row * component.v;
  // As libjpeg-turbo counts: in the last row of MCUs all rows are numbered as if every one were as short.
  const std::uint32_t rows = std::min<std::uint32_t>(component.v, component.own_block_rows - std::min(first, component.own_block_rows));
  const std::uint32_t count = rows * frame_.mcu_rows;
  const auto bits = bits_in(mcu_row, c);
  const Known known{bits, std::all_of(bits.begin() + 1, bits.begin() + 1 + kEstimated, [](std::int8_t al) { return al == -1; })};
  std::memcpy(to.block_row(c, 0), from.block_row(c, first), std::size_t{component.v} * blocks * kBlock * sizeof(std::int16_t));
  std::memcpy(to.last_row(c, 0), from.last_row(c, first), std::size_t{component.v} * blocks);
  for (std::uint32_t y = 0; y < rows; ++y) {
    const std::uint32_t row = first + y, number = mcu_row * rows + y;
    const std::uint32_t above = number > 0 ? row - 1 : row, below = number + 1 < count ? row + 1 : row;
    const Rows around{from.block_row(c, number > 1 ? row - 2 : above), from.block_row(c, above), from.block_row(c, row),
                      from.block_row(c, below), from.block_row(c, number + 2 < count ? row + 2 : below)};
    for (std::uint32_t x = 0; x < component.own_blocks_per_row; ++x)
      smooth_block(to.block_row(c, y) + std::size_t{x} * kBlock, to.last_row(c, y)[x],
                   neighbours(around, x, component.own_blocks_per_row - 1), tables_[c], known);
  }
}

}  // namespace turbodicom::codec::jpeg
