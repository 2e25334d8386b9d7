// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Scalar kernels of lossless decoding, the selector, and the rows made of them.
#include "turbodicom/codec/jpeg/undifference.h"

#include <array>

#include "turbodicom/codec/jpeg/undifference_loops.h"

namespace turbodicom::codec::jpeg {
namespace {

std::size_t unpack(BitWindow& window, const std::uint64_t* table, int bits, std::uint16_t* out, std::size_t have,
                   std::size_t goal, const std::uint8_t* last) {
  return loops::unpack(window, table, bits, out, have, goal, last);
}

std::size_t unpack_singles(BitWindow& window, const std::uint32_t* table, std::uint16_t* out, std::size_t have,
                           std::size_t goal, const std::uint8_t* last) {
  return loops::unpack_singles(window, table, out, have, goal, last);
}

void sum(const std::uint16_t* differences, std::uint16_t start, std::uint16_t* out, std::size_t count) {
  std::uint32_t left = start;
  for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<std::uint16_t>(left += differences[i]);
}

void add(const std::uint16_t* differences, const std::uint16_t* above, std::uint16_t* out, std::size_t count) {
  loops::add(differences, above, out, count);
}

void add_half_slope(std::uint16_t* differences, const std::uint16_t* above, std::size_t count, std::size_t lanes) {
  loops::add_half_slope(differences, above, count, lanes);
}

std::uint32_t follow(std::uint32_t left, const std::uint32_t* c, std::uint16_t* out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<std::uint16_t>(left = ((left + c[i]) >> 1) & 0xFFFF);
  return left;
}

void mean6(const std::uint16_t* differences, const std::uint16_t* above, std::uint16_t* out, std::size_t count) {
  loops::mean6(differences, above, out, count, follow);
}

void mean7(const std::uint16_t* differences, const std::uint16_t* above, std::uint16_t* out, std::size_t count) {
  loops::mean7(differences, above, out, count, follow);
}

void narrow(const std::uint16_t* from, std::uint8_t* to, std::size_t count) { loops::narrow(from, to, count); }

// The same for components side by side: `kLanes` chains at once, so their latency hides.
template <std::size_t kLanes>
void sum_lanes(const std::uint16_t* differences, std::array<std::uint16_t, 4> left, std::uint16_t* out, std::size_t count) {
  for (std::size_t i = 0; i < count; i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane)
      out[i + lane] = left[lane] = static_cast<std::uint16_t>(left[lane] + differences[i + lane]);
}

template <std::size_t kLanes>
void mean_lanes(std::uint32_t selection, const std::uint16_t* differences, const std::uint16_t* above, std::uint16_t* out, std::size_t count) {
  const int slope = selection == 6 ? 1 : 0;
  std::array<int, kLanes> left;
  for (std::size_t lane = 0; lane < kLanes; ++lane) left[lane] = out[lane];
  for (std::size_t i = kLanes; i < count; i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::size_t at = i + lane;
      const int c = 2 * differences[at] + above[at] + slope * (above[at] - above[at - kLanes]);
      left[lane] = ((left[lane] + c) >> 1) & 0xFFFF;
      out[at] = static_cast<std::uint16_t>(left[lane]);
    }
}

void sum_from(const std::uint16_t* differences, const std::array<std::uint16_t, 4>& start, std::uint16_t* out,
              std::size_t count, std::size_t lanes) {
  switch (lanes) {
    case 1: return undifference_kernels().sum(differences, start[0], out, count);
    case 2: return sum_lanes<2>(differences, start, out, count);
    case 3: return sum_lanes<3>(differences, start, out, count);
    default: return sum_lanes<4>(differences, start, out, count);
  }
}

void mean(std::uint32_t selection, const std::uint16_t* differences, const std::uint16_t* above, std::uint16_t* out,
          std::size_t count, std::size_t lanes) {
  const UndifferenceKernels& kernels = undifference_kernels();
  switch (lanes) {
    case 1: return selection == 6 ? kernels.mean6(differences, above, out, count) : kernels.mean7(differences, above, out, count);
    case 2: return mean_lanes<2>(selection, differences, above, out, count);
    case 3: return mean_lanes<3>(selection, differences, above, out, count);
    default: return mean_lanes<4>(selection, differences, above, out, count);
  }
}

}  // namespace

void undo_first_row(std::uint16_t* differences, std::uint16_t start, std::uint16_t* out, std::size_t count, std::size_t lanes) noexcept {
  sum_from(differences, {start, start, start, start}, out, count, lanes);
}

void undo_row(std::uint32_t selection, std::uint16_t* differences, const std::uint16_t* above, std::uint16_t* out,
              std::size_t count, std::size_t lanes) noexcept {
  const UndifferenceKernels& kernels = undifference_kernels();
  std::array<std::uint16_t, 4> first{};
  for (std::size_t lane = 0; lane < lanes; ++lane) first[lane] = above[lane];
  switch (selection) {
    case 1: return sum_from(differences, first, out, count, lanes);
    case 2: return kernels.add(differences, above, out, count);
    case 3:
      for (std::size_t lane = 0; lane < lanes; ++lane) out[lane] = static_cast<std::uint16_t>(differences[lane] + first[lane]);
      return kernels.add(differences + lanes, above, out + lanes, count - lanes);
    case 4:  // Ra + Rb - Rc: what is left after taking the row above away obeys selection value 1
      sum_from(differences, {}, differences, count, lanes);
      return kernels.add(differences, above, out, count);
    case 5:
      kernels.add_half_slope(differences, above, count, lanes);
      return sum_from(differences, first, out, count, lanes);
    default:
      for (std::size_t lane = 0; lane < lanes; ++lane) out[lane] = static_cast<std::uint16_t>(differences[lane] + first[lane]);
      return mean(selection, differences, above, out, count, lanes);
  }
}

UndifferenceKernels undifference_kernels(Isa isa) noexcept {
  UndifferenceKernels kernels{unpack, unpack_singles, sum, add, add_half_slope, mean6, mean7, narrow};
  return with_vectors(kernels, isa);
}

const UndifferenceKernels& undifference_kernels() noexcept {
  static const UndifferenceKernels kernels = undifference_kernels(active_isa());
  return kernels;
}

}  // namespace turbodicom::codec::jpeg
