// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Two blocks at once (idct_vector.h).
#include "turbodicom/codec/jpeg/idct.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include <algorithm>
#include <cstring>

#include "turbodicom/codec/jpeg/idct_arithmetic.h"

namespace turbodicom::codec::jpeg {
namespace {

using Reg = __m256i;
constexpr std::size_t kBlocks = 2;
constexpr int kFirstOfFour = 0;
#define TURBODICOM_V(name) _mm256_##name
#define TURBODICOM_TARGET TURBODICOM_TARGET_AVX2

TURBODICOM_TARGET inline Reg bits_of_both(Reg a, Reg b) noexcept { return _mm256_or_si256(a, b); }
TURBODICOM_TARGET inline Reg first_words() noexcept { return _mm256_setr_epi64x(0xFFFF, 0, 0xFFFF, 0); }
TURBODICOM_TARGET inline Reg masked(Reg reg, Reg mask) noexcept { return _mm256_and_si256(reg, mask); }
TURBODICOM_TARGET inline bool is_zero(Reg reg) noexcept { return _mm256_testz_si256(reg, reg) != 0; }
TURBODICOM_TARGET inline bool has_zero_lane(Reg reg) noexcept {
  return _mm256_movemask_epi8(_mm256_cmpeq_epi16(reg, _mm256_setzero_si256())) != 0;
}

struct Block8;
template <bool kChecked>
TURBODICOM_TARGET inline Block8 load_blocks(const std::int16_t* blocks, const Dequantiser& table, Reg& overflow) noexcept;
TURBODICOM_TARGET inline void store_8_bits(const Block8& columns, std::uint8_t* out, std::ptrdiff_t stride) noexcept;
TURBODICOM_TARGET inline void store_12_bits(const Block8& rows, std::uint16_t* out, std::ptrdiff_t stride) noexcept;

#include "turbodicom/codec/jpeg/idct_vector.h"

TURBODICOM_TARGET inline Reg load(const std::int16_t* from) noexcept {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}

// Two rows of a block times their steps; `overflow` gets bits where a product does not fit.
template <bool kChecked>
TURBODICOM_TARGET inline Reg dequantised(const std::int16_t* rows, Reg steps, Reg& overflow) noexcept {
  const Reg coefficients = load(rows);
  const Reg products = _mm256_mullo_epi16(coefficients, steps);
  if constexpr (kChecked) {
    const Reg upper = _mm256_mulhi_epi16(coefficients, steps);
    overflow = _mm256_or_si256(overflow, _mm256_xor_si256(upper, _mm256_srai_epi16(products, 15)));
  }
  return products;
}

template <bool kChecked>
TURBODICOM_TARGET inline Block8 load_blocks(const std::int16_t* blocks, const Dequantiser& table, Reg& overflow) noexcept {
  Block8 out;
  for (int i = 0; i < 8; i += 2) {
    const Reg steps = load(table.step.data() + 8 * i);
    const Reg first = dequantised<kChecked>(blocks + 8 * i, steps, overflow);
    const Reg second = dequantised<kChecked>(blocks + 64 + 8 * i, steps, overflow);
    out.row[i] = _mm256_permute2x128_si256(first, second, 0x20);
    out.row[i + 1] = _mm256_permute2x128_si256(first, second, 0x31);
  }
  return out;
}

TURBODICOM_TARGET inline void store_two_rows(Reg rows, std::uint8_t* out, std::ptrdiff_t stride) noexcept {
  const Reg in_order = _mm256_permute4x64_epi64(rows, 0xD8);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm256_castsi256_si128(in_order));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out + stride), _mm256_extracti128_si256(in_order, 1));
}

// Columns, limited to 8 bits and turned into rows: bytes of columns 0..3 and 4..7 side by side, then two rows at once.
TURBODICOM_TARGET inline void store_8_bits(const Block8& columns, std::uint8_t* out, std::ptrdiff_t stride) noexcept {
  const Reg middle = _mm256_set1_epi8(-128);
  Reg packed[4];  // columns i and i + 4
  for (int i = 0; i < 4; ++i)
    packed[i] = _mm256_xor_si256(_mm256_packs_epi16(columns.row[i], columns.row[i + 4]), middle);
  const Reg left01 = _mm256_unpacklo_epi8(packed[0], packed[1]), right45 = _mm256_unpackhi_epi8(packed[0], packed[1]);
  const Reg left23 = _mm256_unpacklo_epi8(packed[2], packed[3]), right67 = _mm256_unpackhi_epi8(packed[2], packed[3]);
  const Reg left[2] = {_mm256_unpacklo_epi16(left01, left23), _mm256_unpackhi_epi16(left01, left23)};
  const Reg right[2] = {_mm256_unpacklo_epi16(right45, right67), _mm256_unpackhi_epi16(right45, right67)};
  for (int half = 0; half < 2; ++half, out += 4 * stride) {
    store_two_rows(_mm256_unpacklo_epi32(left[half], right[half]), out, stride);
    store_two_rows(_mm256_unpackhi_epi32(left[half], right[half]), out + 2 * stride, stride);
  }
}

TURBODICOM_TARGET inline void store_12_bits(const Block8& rows, std::uint16_t* out, std::ptrdiff_t stride) noexcept {
  for (int i = 0; i < 8; ++i) _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + i * stride), rows.row[i]);
}

}  // namespace

void use_avx2(IdctKernels& kernels) noexcept {
  kernels.of_8_bits[0] = transform_blocks<Narrow>;
  kernels.of_12_bits[0] = transform_blocks<Broad>;
}

}  // namespace turbodicom::codec::jpeg

#endif
