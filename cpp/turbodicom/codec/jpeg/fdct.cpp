// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The scalar kernels and the one selector.
#include "turbodicom/codec/jpeg/fdct.h"

#include <array>
#include <utility>

namespace turbodicom::codec::jpeg {
namespace {

using namespace fdct;

// Products of 12-bit blocks may exceed 32 bits, what is descaled does not: it is below 8 * 15137 * 2^14. So sums of products
// are taken modulo 2^32.
constexpr std::uint32_t times(std::int32_t value, std::int32_t factor) {
  return static_cast<std::uint32_t>(value) * static_cast<std::uint32_t>(factor);
}
constexpr std::int32_t descale(std::uint32_t value, int bits) {
  return static_cast<std::int32_t>(value + (1u << (bits - 1))) >> bits;
}

using Rows = std::array<std::array<std::int32_t, 8>, 8>;

// 8-point DCT of each column, scaled up by sqrt(8), in place. kUp: bits gained (first pass) or, negative, lost. A flat
// loop over the columns: compilers make vectors of it.
template <int kUp>
void transform_columns(Rows& d) {
  constexpr int kDown = kConstBits - kUp;
  for (std::size_t i = 0; i < 8; ++i) {
    const std::int32_t s0 = d[0][i] + d[7][i], s1 = d[1][i] + d[6][i], s2 = d[2][i] + d[5][i], s3 = d[3][i] + d[4][i];
    const std::int32_t d0 = d[0][i] - d[7][i], d1 = d[1][i] - d[6][i], d2 = d[2][i] - d[5][i], d3 = d[3][i] - d[4][i];
    const std::int32_t even0 = s0 + s3, even3 = s0 - s3, even1 = s1 + s2, even2 = s1 - s2;
    if constexpr (kUp > 0) {
      d[0][i] = (even0 + even1) * (1 << kUp);
      d[4][i] = (even0 - even1) * (1 << kUp);
    } else {
      d[0][i] = descale(times(even0 + even1, 1), -kUp);
      d[4][i] = descale(times(even0 - even1, 1), -kUp);
    }
    const std::uint32_t rotated = times(even2 + even3, k0_541196100);
    d[2][i] = descale(rotated + times(even3, k0_765366865), kDown);
    d[6][i] = descale(rotated - times(even2, k1_847759065), kDown);

    const std::uint32_t z5 = times(d3 + d1 + d2 + d0, k1_175875602);
    const std::uint32_t z1 = times(d3 + d0, k0_899976223), z2 = times(d2 + d1, k2_562915447);
    const std::uint32_t z3 = z5 - times(d3 + d1, k1_961570560), z4 = z5 - times(d2 + d0, k0_390180644);
    d[7][i] = descale(times(d3, k0_298631336) - z1 + z3, kDown);
    d[5][i] = descale(times(d2, k2_053119869) - z2 + z4, kDown);
    d[3][i] = descale(times(d1, k3_072711026) - z2 + z3, kDown);
    d[1][i] = descale(times(d0, k1_501321110) - z1 + z4, kDown);
  }
}

void transpose(Rows& d) {
  for (std::size_t y = 0; y < 8; ++y)
    for (std::size_t x = y + 1; x < 8; ++x) std::swap(d[y][x], d[x][y]);
}

// The divisors of 32-bit lanes serve both: the quotient is the same.
std::uint64_t quantise(const Rows& block, const Divisors& divisors, std::int16_t* coefficients) {
  std::array<std::int16_t, 64> quantised;
  for (std::size_t i = 0; i < 64; ++i) {
    const std::int32_t value = block[i / 8][i % 8], sign = value >> 31;  // 0 or -1
    const auto magnitude = (static_cast<std::uint32_t>((value ^ sign) - sign) + divisors.wide_half[i]) >> 3;
    const auto quotient = static_cast<std::int32_t>(magnitude * divisors.wide_reciprocal[i] >> divisors.wide_shift[i]);
    quantised[i] = static_cast<std::int16_t>((quotient ^ sign) - sign);
  }
  std::uint64_t mask = 0;
  for (std::size_t k = 0; k < 64; ++k) {
    coefficients[k] = quantised[kNaturalOrder[k]];
    mask |= std::uint64_t{coefficients[k] != 0} << k;
  }
  return mask;
}

template <typename Sample, int kPass1Bits, int kCentre>
void forward(const Sample* samples, std::size_t stride, std::size_t count, const Divisors& divisors,
             std::int16_t* coefficients, std::uint64_t* masks) noexcept {
  Rows block;
  for (std::size_t b = 0; b < count; ++b, samples += 8, coefficients += 64) {
    for (std::size_t y = 0; y < 8; ++y)
      for (std::size_t x = 0; x < 8; ++x) block[x][y] = samples[y * stride + x] - kCentre;
    transform_columns<kPass1Bits>(block);  // of the transposed block: its rows first, as libjpeg does
    transpose(block);
    transform_columns<-kPass1Bits>(block);
    masks[b] = quantise(block, divisors, coefficients);
  }
}

}  // namespace

FdctKernels fdct_kernels(Isa isa) noexcept {
  FdctKernels kernels{forward<std::uint8_t, kPass1Bits8, 128>, forward<std::uint16_t, kPass1Bits12, 2048>};
  return with_vectors(kernels, isa);
}

const FdctKernels& fdct_kernels() noexcept {
  static const FdctKernels kernels = fdct_kernels(active_isa());
  return kernels;
}

}  // namespace turbodicom::codec::jpeg
