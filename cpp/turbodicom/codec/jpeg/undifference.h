// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The loops of lossless decoding worth a vector version, as one table of functions: bits to differences, and rows of
// differences to rows of samples (T.81 Table H.1). All modulo 2^16, all levels equal to the bit; none can fail.
//
// A row holds `lanes` components side by side, `count` samples in all; each component has its own neighbours. The
// first column is predicted from above (H.1.2.1), so a row needs the row above it; the first row of an interval has
// sum() with its own start.
#pragma once

#include <cstddef>
#include <cstdint>

#include "turbodicom/base/cpu.h"
#include "turbodicom/codec/jpeg/lossless_reader.h"

namespace turbodicom::codec::jpeg {

struct UndifferenceKernels {
  // Packed entries of `table` to differences from out[have] on, until there are `goal`, a code is longer than `bits`,
  // or the next 8 bytes begin behind `last`. Returns how many there are.
  std::size_t (*unpack)(BitWindow& window, const std::uint64_t* table, int bits, std::uint16_t* out, std::size_t have,
                        std::size_t goal, const std::uint8_t* last);
  // The same with single entries.
  std::size_t (*unpack_singles)(BitWindow& window, const std::uint32_t* table, std::uint16_t* out, std::size_t have,
                                std::size_t goal, const std::uint8_t* last);

  // out[i] = differences[i] + out[i - 1], with `start` before the first: selection value 1, one component.
  void (*sum)(const std::uint16_t* differences, std::uint16_t start, std::uint16_t* out, std::size_t count);
  // out[i] = differences[i] + above[i]: selection value 2.
  void (*add)(const std::uint16_t* differences, const std::uint16_t* above, std::uint16_t* out, std::size_t count);
  // differences[i] += (above[i] - above[i - lanes]) >> 1: what selection value 5 adds to value 1.
  void (*add_half_slope)(std::uint16_t* differences, const std::uint16_t* above, std::size_t count, std::size_t lanes);
  // out[i] = differences[i] + ((2 * above[i] - behind[i] + out[i - 1]) >> 1) for i from 1, one component: selection value 6
  // with behind[i] = above[i - 1].
  void (*mean6)(const std::uint16_t* differences, const std::uint16_t* above, std::uint16_t* out, std::size_t count);
  // out[i] = differences[i] + ((above[i] + out[i - 1]) >> 1): selection value 7.
  void (*mean7)(const std::uint16_t* differences, const std::uint16_t* above, std::uint16_t* out, std::size_t count);
  // The low bytes.
  void (*narrow)(const std::uint16_t* from, std::uint8_t* to, std::size_t count);
};

// The table of one level, and that of active_isa().
UndifferenceKernels undifference_kernels(Isa isa) noexcept;
const UndifferenceKernels& undifference_kernels() noexcept;

void use_avx2(UndifferenceKernels& kernels) noexcept;
void use_avx512(UndifferenceKernels& kernels) noexcept;

// A first row: selection value 1 with `start` before each component. `differences` is used up.
void undo_first_row(std::uint16_t* differences, std::uint16_t start, std::uint16_t* out, std::size_t count, std::size_t lanes) noexcept;
// A row below another, selection values 1 to 7. `differences` is used up.
void undo_row(std::uint32_t selection, std::uint16_t* differences, const std::uint16_t* above, std::uint16_t* out,
              std::size_t count, std::size_t lanes) noexcept;

}  // namespace turbodicom::codec::jpeg
