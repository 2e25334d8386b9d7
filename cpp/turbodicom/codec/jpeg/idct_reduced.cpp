// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Inverse DCTs of 4 x 4, 2 x 2 and 1 sample: the same block with fewer samples, from its low frequencies and what of the
// high ones folds into them. libjpeg-turbo's, so reduced images equal its scaled ones.
#include "turbodicom/codec/jpeg/idct.h"
#include "turbodicom/codec/jpeg/idct_arithmetic.h"

namespace turbodicom::codec::jpeg {
namespace {

namespace factor4 {
constexpr std::int32_t f0211 = fixed(0.211164243), f0509 = fixed(0.509795579), f0601 = fixed(0.601344887),
                       f0765 = fixed(0.765366865), f0899 = fixed(0.899976223), f1061 = fixed(1.061594337),
                       f1451 = fixed(1.451774981), f1847 = fixed(1.847759065), f2172 = fixed(2.172734803),
                       f2562 = fixed(2.562915447);
}
namespace factor2 {
constexpr std::int32_t f0720 = fixed(0.720959822), f0850 = fixed(0.850430095), f1272 = fixed(1.272758580),
                       f3624 = fixed(3.624509785);
}

template <typename P>
constexpr typename P::Wide times(std::int32_t value, std::int32_t by) noexcept {
  using Wide = typename P::Wide;
  return static_cast<Wide>(value) * static_cast<Wide>(by);
}

// Four of eight values, 14 more bits behind the point. Value 4 has no part in them.
template <typename P>
std::array<typename P::Wide, 4> four(const std::int32_t* in, int step) noexcept {
  using namespace factor4;
  using Wide = typename P::Wide;
  const auto at = [&](int k) { return in[k * step]; };
  const Wide base = times<P>(at(0), 1 << (kConstBits + 1));
  const Wide slope = times<P>(at(2), f1847) + times<P>(at(6), -f0765);
  const Wide inner = times<P>(at(7), -f0211) + times<P>(at(5), f1451) + times<P>(at(3), -f2172) + times<P>(at(1), f1061);
  const Wide outer = times<P>(at(7), -f0509) + times<P>(at(5), -f0601) + times<P>(at(3), f0899) + times<P>(at(1), f2562);
  return {base + slope + outer, base - slope + inner, base - slope - inner, base + slope - outer};
}

// Two of eight values, 15 more bits behind the point, from values 0, 1, 3, 5, 7.
template <typename P>
std::array<typename P::Wide, 2> two(const std::int32_t* in, int step) noexcept {
  using namespace factor2;
  using Wide = typename P::Wide;
  const auto at = [&](int k) { return in[k * step]; };
  const Wide base = times<P>(at(0), 1 << (kConstBits + 2));
  const Wide slope = times<P>(at(7), -f0720) + times<P>(at(5), f0850) + times<P>(at(3), -f1272) + times<P>(at(1), f3624);
  return {base + slope, base - slope};
}

template <typename P>
struct To4 {
  static constexpr std::size_t kEdge = 4;
  static void transform(const std::int16_t* block, const Dequantiser& table, typename P::Sample* out,
                        std::ptrdiff_t stride) noexcept {
    std::int32_t values[64], kept[32];
    for (std::size_t i = 0; i < 64; ++i) values[i] = P::value(block[i], table.step[i]);
    const bool is_short = P::kShiftWraps && needs_no_columns(block);
    for (int column = 0; column < 8; ++column) {
      const auto wide = four<P>(values + column, 8);
      for (std::size_t i = 0; i < 4; ++i)
        kept[8 * i + column] = is_short ? static_cast<std::int16_t>(values[column] * (1 << P::kPass1Bits))
                                        : P::kept(P::shifted(wide[i], kConstBits - P::kPass1Bits + 1));
    }
    for (int row = 0; row < 4; ++row, out += stride) {
      const auto wide = four<P>(kept + 8 * row, 1);
      for (std::size_t i = 0; i < 4; ++i) out[i] = P::sample(P::shifted(wide[i], kConstBits + P::kPass1Bits + 3 + 1));
    }
  }
  // libjpeg-turbo's short way; row 4 counts for nothing.
  static bool needs_no_columns(const std::int16_t* block) noexcept {
    std::int32_t any = 0;
    for (int i = 8; i < 64; ++i) any |= i / 8 == 4 ? 0 : block[i];
    return any == 0;
  }
};

template <typename P>
struct To2 {
  static constexpr std::size_t kEdge = 2;
  static void transform(const std::int16_t* block, const Dequantiser& table, typename P::Sample* out,
                        std::ptrdiff_t stride) noexcept {
    std::int32_t values[64], kept[16];
    for (std::size_t i = 0; i < 64; ++i) values[i] = P::value(block[i], table.step[i]);
    for (int column = 0; column < 8; ++column) {
      const auto wide = two<P>(values + column, 8);
      for (std::size_t i = 0; i < 2; ++i) {
        const auto shifted = P::shifted(wide[i], kConstBits - P::kPass1Bits + 2);
        kept[8 * i + column] = column == 0 ? static_cast<std::int32_t>(shifted) : P::kept(shifted);
      }
    }
    for (int row = 0; row < 2; ++row, out += stride) {
      const auto wide = two<P>(kept + 8 * row, 1);
      for (std::size_t i = 0; i < 2; ++i) out[i] = P::sample(P::shifted(wide[i], kConstBits + P::kPass1Bits + 3 + 2));
    }
  }
};

// One eighth of the DC coefficient is the mean. There is no vector code to follow here: libjpeg's product is 32 bits
// wide, its limits those of a table of 4 x 256 entries.
template <typename P>
struct To1 {
  static constexpr std::size_t kEdge = 1;
  static void transform(const std::int16_t* block, const Dequantiser& table, typename P::Sample* out,
                        std::ptrdiff_t) noexcept {
    const std::int32_t mean = (block[0] * table.step[0] + 4) >> 3;
    constexpr int kAbove = sizeof(typename P::Sample) == 1 ? 22 : 18;  // bits that the table's index has not
    out[0] = P::sample(static_cast<std::int32_t>(static_cast<std::uint32_t>(mean) << kAbove) >> kAbove);
  }
};

template <typename P, template <typename> class To>
void transform_blocks(const std::int16_t* blocks, const std::uint8_t*, std::size_t count, const Dequantiser& table,
                      typename P::Sample* out, std::ptrdiff_t stride) noexcept {
  for (std::size_t i = 0; i < count; ++i) To<P>::transform(blocks + 64 * i, table, out + To<P>::kEdge * i, stride);
}

}  // namespace

void use_reduced(IdctKernels& kernels) noexcept {
  kernels.of_8_bits[1] = transform_blocks<Narrow, To4>;
  kernels.of_8_bits[2] = transform_blocks<Narrow, To2>;
  kernels.of_8_bits[3] = transform_blocks<Narrow, To1>;
  kernels.of_12_bits[1] = transform_blocks<Broad, To4>;
  kernels.of_12_bits[2] = transform_blocks<Broad, To2>;
  kernels.of_12_bits[3] = transform_blocks<Broad, To1>;
}

}  // namespace turbodicom::codec::jpeg
