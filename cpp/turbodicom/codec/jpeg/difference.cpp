// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Scalar kernels of lossless encoding and the one selector.
#include "turbodicom/codec/jpeg/difference.h"

#include "turbodicom/codec/jpeg/difference_loops.h"

namespace turbodicom::codec::jpeg {
namespace {

TURBODICOM_DIFFERENCE_LOOPS()

// Four tables, so that equal neighbours do not wait for each other's store.
void count_categories(const std::uint16_t* differences, std::size_t count, CategoryCounts& counts) {
  std::array<CategoryCounts, 4> part{};
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4)
    for (std::size_t k = 0; k < 4; ++k) ++part[k][loops::category(differences[i + k])];
  loops::count(differences + i, count - i, counts);
  for (std::size_t c = 0; c < kCategories; ++c) counts[c] += part[0][c] + part[1][c] + part[2][c] + part[3][c];
}

}  // namespace

// H.1.2.2, Table H.2.
CategoryCodes::CategoryCodes(const HuffmanEncoder& encoder) noexcept {
  for (std::uint32_t c = 0; c < kCategories; ++c) {
    const std::uint32_t additional_bits = c < 16 ? c : 0;
    base[c] = static_cast<std::uint32_t>(encoder.code[c]) << additional_bits;
    short_base[c] = static_cast<std::uint16_t>(base[c]);
    mask[c] = static_cast<std::uint16_t>((1u << additional_bits) - 1);
    length[c] = static_cast<std::uint16_t>(encoder.length[c] + additional_bits);
  }
}

DifferenceKernels difference_kernels(Isa isa) noexcept {
  DifferenceKernels kernels{};
  use_loops(kernels);
  kernels.count = count_categories;
  kernels.append = loops::append;
  return with_vectors(kernels, isa);
}

const DifferenceKernels& difference_kernels() noexcept {
  static const DifferenceKernels kernels = difference_kernels(active_isa());
  return kernels;
}

}  // namespace turbodicom::codec::jpeg
