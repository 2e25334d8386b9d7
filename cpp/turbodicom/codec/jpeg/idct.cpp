// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The scalar 8 x 8 transform and the selector.
#include "turbodicom/codec/jpeg/idct.h"

#include "turbodicom/codec/jpeg/idct_arithmetic.h"
#include "turbodicom/codec/jpeg/dct_tables.h"

namespace turbodicom::codec::jpeg {
namespace {

// Eight values, `step` apart, transformed (Loeffler et al., 1989, figure 1 backwards); 13 more bits behind the point.
template <typename P>
std::array<typename P::Wide, 8> transformed(const std::int32_t* in, int step) noexcept {
  using namespace factor;
  using Wide = typename P::Wide;
  const auto at = [&](int k) { return in[k * step]; };
  const auto times = [](auto value, std::int32_t by) { return static_cast<Wide>(value) * static_cast<Wide>(by); };

  const Wide sum04 = static_cast<Wide>(P::sum(at(0), at(4))) * (Wide{1} << kConstBits);
  const Wide difference04 = static_cast<Wide>(P::difference(at(0), at(4))) * (Wide{1} << kConstBits);
  const Wide even26 = times(at(2), f0541 + f0765) + times(at(6), f0541);
  const Wide odd26 = times(at(2), f0541) + times(at(6), f0541 - f1847);
  const std::array<Wide, 4> even{sum04 + even26, difference04 + odd26, difference04 - odd26, sum04 - even26};

  const auto sum73 = P::sum(at(7), at(3));
  const auto sum51 = P::sum(at(5), at(1));
  const Wide z3 = times(sum73, f1175 - f1961) + times(sum51, f1175);
  const Wide z4 = times(sum73, f1175) + times(sum51, f1175 - f0390);
  const std::array<Wide, 4> odd{times(at(7), -f0899) + times(at(1), f1501 - f0899) + z4,
                                times(at(5), -f2562) + times(at(3), f3072 - f2562) + z3,
                                times(at(5), f2053 - f2562) + times(at(3), -f2562) + z4,
                                times(at(7), f0298 - f0899) + times(at(1), -f0899) + z3};
  return {even[0] + odd[0], even[1] + odd[1], even[2] + odd[2], even[3] + odd[3],
          even[3] - odd[3], even[2] - odd[2], even[1] - odd[1], even[0] - odd[0]};
}

template <typename P>
void columns(const std::int16_t* block, const Dequantiser& table, std::int32_t* kept) noexcept {
  std::int32_t values[64];
  for (std::size_t i = 0; i < 64; ++i) values[i] = P::value(block[i], table.step[i]);
  for (int column = 0; column < 8; ++column) {
    const auto wide = transformed<P>(values + column, 8);
    for (std::size_t i = 0; i < 8; ++i) kept[8 * i + column] = P::kept(P::shifted(wide[i], kConstBits - P::kPass1Bits));
  }
}

// libjpeg-turbo's short way, which wraps where the long way saturates.
void first_row_only(const std::int16_t* block, const Dequantiser& table, std::int32_t* kept) noexcept {
  for (std::size_t i = 0; i < 64; ++i)
    kept[i] = static_cast<std::int16_t>(Narrow::value(block[i % 8], table.step[i % 8]) * (1 << Narrow::kPass1Bits));
}

template <typename P>
void transform_block(const std::int16_t* block, const Dequantiser& table, typename P::Sample* out,
                     std::ptrdiff_t stride) noexcept {
  std::int32_t kept[64];
  if (P::kShiftWraps && has_first_row_only(block)) first_row_only(block, table, kept);
  else columns<P>(block, table, kept);
  for (int row = 0; row < 8; ++row, out += stride) {
    const auto wide = transformed<P>(kept + 8 * row, 1);
    // 3 bits: the two passes' factors of sqrt(8) are 8.
    for (std::size_t i = 0; i < 8; ++i) out[i] = P::sample(P::shifted(wide[i], kConstBits + P::kPass1Bits + 3));
  }
}

template <typename P>
void transform_dc(std::int16_t dc, const Dequantiser& table, typename P::Sample* out, std::ptrdiff_t stride) noexcept {
  const typename P::Sample sample = dc_sample<P>(dc, table.step[0]);
  for (int row = 0; row < 8; ++row, out += stride) std::fill_n(out, 8, sample);
}

template <typename P>
void transform_blocks(const std::int16_t* blocks, const std::uint8_t* last, std::size_t count, const Dequantiser& table,
                      typename P::Sample* out, std::ptrdiff_t stride) noexcept {
  for (std::size_t i = 0; i < count; ++i, blocks += 64, out += 8)
    if (last != nullptr && last[i] == 0) transform_dc<P>(blocks[0], table, out, stride);
    else transform_block<P>(blocks, table, out, stride);
}

}  // namespace

namespace scalar {
void idct_8_bits(const std::int16_t* blocks, const std::uint8_t* last, std::size_t count, const Dequantiser& table,
                 std::uint8_t* out, std::ptrdiff_t stride) noexcept {
  transform_blocks<Narrow>(blocks, last, count, table, out, stride);
}
void idct_12_bits(const std::int16_t* blocks, const std::uint8_t* last, std::size_t count, const Dequantiser& table,
                  std::uint16_t* out, std::ptrdiff_t stride) noexcept {
  transform_blocks<Broad>(blocks, last, count, table, out, stride);
}
}  // namespace scalar

Dequantiser dequantiser(const QuantTable& zig_zag) noexcept {
  Dequantiser table;
  for (std::size_t k = 0; k < 64; ++k) table.step[kNaturalOrder[k]] = static_cast<std::int16_t>(zig_zag[k]);
  return table;
}

IdctKernels idct_kernels(Isa isa) noexcept {
  IdctKernels kernels{};
  kernels.of_8_bits[0] = scalar::idct_8_bits;
  kernels.of_12_bits[0] = scalar::idct_12_bits;
  use_reduced(kernels);
  return with_vectors(kernels, isa);
}

const IdctKernels& idct_kernels() noexcept {
  static const IdctKernels kernels = idct_kernels(active_isa());
  return kernels;
}

}  // namespace turbodicom::codec::jpeg
