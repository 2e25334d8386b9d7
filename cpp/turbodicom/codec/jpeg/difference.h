// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The loops of lossless encoding (T.81 Annex H), as one table of functions: samples in, differences from the
// prediction, and each difference as the code of its category and the bits that single it out (H.1.2.2).
// difference.cpp holds the scalar ones and the selector; all levels give equal bits. None of them can fail.
//
// Rows are flat: `lag` components side by side, so the neighbour to the left is `lag` samples back.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "turbodicom/base/cpu.h"
#include "turbodicom/codec/jpeg/bit_writer.h"
#include "turbodicom/codec/jpeg/huffman_encoder.h"

namespace turbodicom::codec::jpeg {

inline constexpr std::size_t kCategories = 17;  // SSSS of Table H.2: 0..16
inline constexpr std::size_t kPredictors = 7;   // Table H.1
inline constexpr std::size_t kMaxLag = 4;       // our limit on components

using CategoryCounts = std::array<std::uint64_t, kCategories>;

// How stored samples become the numbers that are coded.
struct SampleRange {
  std::uint16_t offset;  // sample + offset must have no bit beyond `mask`: 0, or 2^(P-1) for signed samples
  std::uint16_t mask;    // 2^P - 1
  int shift;             // Pt (H.1.2.1)
};

// Code and additional bits of a difference d of category c are base[c] + ((d - (d < 0)) & mask[c]), length[c] bits
// (H.1.2.2; category 16 has no additional bits). 16-bit forms serve categories whose length is at most kShort.
struct CategoryCodes {
  static constexpr std::uint32_t kShort = 15;  // four of them fit into BitWriter::put
  explicit CategoryCodes(const HuffmanEncoder& encoder) noexcept;
  alignas(64) std::array<std::uint32_t, 32> base{};
  alignas(64) std::array<std::uint16_t, 32> short_base{};
  alignas(64) std::array<std::uint16_t, 32> mask{};
  alignas(64) std::array<std::uint16_t, 32> length{};  // code and additional bits
};

struct DifferenceKernels {
  // Row of samples, side by side, to coded numbers; by bytes (1, 2) and sign. Returns the OR of all sample + offset.
  using Load = std::uint16_t (*)(const std::uint8_t* from, std::size_t count, SampleRange range, std::uint16_t* row);
  Load load_u8, load_i8, load_u16, load_i16;
  // row[i] minus its prediction modulo 2^16, by selection value minus 1. row[-lag .. -1] and above[-lag .. -1] hold
  // what predicts the first column.
  using Subtract = void (*)(const std::uint16_t* row, const std::uint16_t* above, std::size_t count, std::size_t lag,
                            std::uint16_t* difference);
  std::array<Subtract, kPredictors> subtract;
  // Adds the number of differences of each category.
  void (*count)(const std::uint16_t* differences, std::size_t count, CategoryCounts& counts);
  // Appends the codes of the differences.
  BitWriter (*append)(const std::uint16_t* differences, std::size_t count, const CategoryCodes& codes,
                      BitWriter writer);
};

// The table of one level, and that of active_isa().
DifferenceKernels difference_kernels(Isa isa) noexcept;
const DifferenceKernels& difference_kernels() noexcept;

void use_avx2(DifferenceKernels& kernels) noexcept;
void use_avx512(DifferenceKernels& kernels) noexcept;

}  // namespace turbodicom::codec::jpeg
