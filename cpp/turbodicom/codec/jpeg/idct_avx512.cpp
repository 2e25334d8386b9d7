// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Four blocks at once (idct_vector.h).
#include "turbodicom/codec/jpeg/idct.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include <algorithm>
#include <cstring>

#include "turbodicom/codec/jpeg/idct_arithmetic.h"

// GCC 12 takes the undefined merge operand inside its own unmasked intrinsics for a read (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace turbodicom::codec::jpeg {
namespace {

using Reg = __m512i;
constexpr std::size_t kBlocks = 4;
constexpr auto kFirstOfFour = _MM_PERM_AAAA;
#define TURBODICOM_V(name) _mm512_##name
#define TURBODICOM_TARGET TURBODICOM_TARGET_AVX512

TURBODICOM_TARGET inline Reg bits_of_both(Reg a, Reg b) noexcept { return _mm512_or_si512(a, b); }
TURBODICOM_TARGET inline Reg first_words() noexcept { return _mm512_maskz_set1_epi16(0x01010101, -1); }
TURBODICOM_TARGET inline Reg masked(Reg reg, Reg mask) noexcept { return _mm512_and_si512(reg, mask); }
TURBODICOM_TARGET inline bool is_zero(Reg reg) noexcept { return _mm512_test_epi32_mask(reg, reg) == 0; }
TURBODICOM_TARGET inline bool has_zero_lane(Reg reg) noexcept { return _mm512_testn_epi16_mask(reg, reg) != 0; }

struct Block8;
template <bool kChecked>
TURBODICOM_TARGET inline Block8 load_blocks(const std::int16_t* blocks, const Dequantiser& table, Reg& overflow) noexcept;
TURBODICOM_TARGET inline void store_8_bits(const Block8& columns, std::uint8_t* out, std::ptrdiff_t stride) noexcept;
TURBODICOM_TARGET inline void store_12_bits(const Block8& rows, std::uint16_t* out, std::ptrdiff_t stride) noexcept;

#include "turbodicom/codec/jpeg/idct_vector.h"

// Four rows of a block times their steps; `overflow` gets bits where a product does not fit.
template <bool kChecked>
TURBODICOM_TARGET inline Reg dequantised(const std::int16_t* rows, Reg steps, Reg& overflow) noexcept {
  const Reg coefficients = _mm512_loadu_si512(rows);
  const Reg products = _mm512_mullo_epi16(coefficients, steps);
  if constexpr (kChecked) {
    const Reg upper = _mm512_mulhi_epi16(coefficients, steps);
    overflow = _mm512_ternarylogic_epi32(overflow, upper, _mm512_srai_epi16(products, 15), 0xF6);  // a | (b ^ c)
  }
  return products;
}

// The same row of four blocks from four rows of each.
TURBODICOM_TARGET inline void gather_rows(const Reg* blocks, Reg* rows) noexcept {
  const Reg low01 = _mm512_shuffle_i32x4(blocks[0], blocks[1], 0x44);
  const Reg low23 = _mm512_shuffle_i32x4(blocks[2], blocks[3], 0x44);
  const Reg high01 = _mm512_shuffle_i32x4(blocks[0], blocks[1], 0xEE);
  const Reg high23 = _mm512_shuffle_i32x4(blocks[2], blocks[3], 0xEE);
  rows[0] = _mm512_shuffle_i32x4(low01, low23, 0x88);
  rows[1] = _mm512_shuffle_i32x4(low01, low23, 0xDD);
  rows[2] = _mm512_shuffle_i32x4(high01, high23, 0x88);
  rows[3] = _mm512_shuffle_i32x4(high01, high23, 0xDD);
}

template <bool kChecked>
TURBODICOM_TARGET inline Block8 load_blocks(const std::int16_t* blocks, const Dequantiser& table, Reg& overflow) noexcept {
  const Reg upper_steps = _mm512_load_si512(table.step.data());
  const Reg lower_steps = _mm512_load_si512(table.step.data() + 32);
  Reg upper[4], lower[4];
  for (int i = 0; i < 4; ++i) {
    upper[i] = dequantised<kChecked>(blocks + 64 * i, upper_steps, overflow);
    lower[i] = dequantised<kChecked>(blocks + 64 * i + 32, lower_steps, overflow);
  }
  Block8 out;
  gather_rows(upper, out.row);
  gather_rows(lower, out.row + 4);
  return out;
}

// Columns, limited to 8 bits and turned into rows: bytes of columns 0..3 and 4..7 side by side, then two rows of all
// blocks at once.
TURBODICOM_TARGET inline void store_8_bits(const Block8& columns, std::uint8_t* out, std::ptrdiff_t stride) noexcept {
  const Reg middle = _mm512_set1_epi8(-128);
  Reg packed[4];  // columns i and i + 4
  for (int i = 0; i < 4; ++i)
    packed[i] = _mm512_xor_si512(_mm512_packs_epi16(columns.row[i], columns.row[i + 4]), middle);
  const Reg left01 = _mm512_unpacklo_epi8(packed[0], packed[1]), right45 = _mm512_unpackhi_epi8(packed[0], packed[1]);
  const Reg left23 = _mm512_unpacklo_epi8(packed[2], packed[3]), right67 = _mm512_unpackhi_epi8(packed[2], packed[3]);
  const Reg left[2] = {_mm512_unpacklo_epi16(left01, left23), _mm512_unpackhi_epi16(left01, left23)};
  const Reg right[2] = {_mm512_unpacklo_epi16(right45, right67), _mm512_unpackhi_epi16(right45, right67)};
  const Reg rows01 = _mm512_setr_epi32(0, 16, 4, 20, 8, 24, 12, 28, 1, 17, 5, 21, 9, 25, 13, 29);
  const Reg rows23 = _mm512_add_epi32(rows01, _mm512_set1_epi32(2));
  for (int half = 0; half < 2; ++half) {
    const Reg first = _mm512_permutex2var_epi32(left[half], rows01, right[half]);
    const Reg second = _mm512_permutex2var_epi32(left[half], rows23, right[half]);
    for (const Reg two : {first, second}) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), _mm512_castsi512_si256(two));
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + stride), _mm512_extracti64x4_epi64(two, 1));
      out += 2 * stride;
    }
  }
}

TURBODICOM_TARGET inline void store_12_bits(const Block8& rows, std::uint16_t* out, std::ptrdiff_t stride) noexcept {
  for (int i = 0; i < 8; ++i) _mm512_storeu_si512(out + i * stride, rows.row[i]);
}

}  // namespace

void use_avx512(IdctKernels& kernels) noexcept {
  kernels.of_8_bits[0] = transform_blocks<Narrow>;
  kernels.of_12_bits[0] = transform_blocks<Broad>;
}

}  // namespace turbodicom::codec::jpeg

#endif
