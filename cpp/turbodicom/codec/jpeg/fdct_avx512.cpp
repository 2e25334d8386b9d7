// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Four blocks of 8-bit samples at once in 16-bit lanes: a register holds one row (or column) of each block in its
// quarters, so the transposes stay within quarters; products of pairs are summed in 32 bits by vpmaddwd. 12-bit samples:
// two blocks in 32-bit lanes.
#include "turbodicom/codec/jpeg/fdct.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

namespace turbodicom::codec::jpeg {
namespace {

using namespace fdct;

// 8 x 8 elements of 16 bits in each quarter.
TURBODICOM_TARGET_AVX512 inline void transpose_16(__m512i (&v)[8]) {
  __m512i a[8], b[8];
  for (int i = 0; i < 4; ++i) {
    a[i] = _mm512_unpacklo_epi16(v[2 * i], v[2 * i + 1]);
    a[i + 4] = _mm512_unpackhi_epi16(v[2 * i], v[2 * i + 1]);
  }
  for (int i = 0; i < 8; i += 4) {  // columns i, i + 1 and i + 2, i + 3; rows 0..3 and 4..7
    b[i] = _mm512_unpacklo_epi32(a[i], a[i + 1]);
    b[i + 1] = _mm512_unpacklo_epi32(a[i + 2], a[i + 3]);
    b[i + 2] = _mm512_unpackhi_epi32(a[i], a[i + 1]);
    b[i + 3] = _mm512_unpackhi_epi32(a[i + 2], a[i + 3]);
  }
  for (int i = 0; i < 8; i += 2) {
    v[i] = _mm512_unpacklo_epi64(b[i], b[i + 1]);
    v[i + 1] = _mm512_unpackhi_epi64(b[i], b[i + 1]);
  }
}

TURBODICOM_TARGET_AVX512 inline __m512i pair_of(int first, int second) {
  const unsigned both = static_cast<unsigned>(second) << 16 | (static_cast<unsigned>(first) & 0xFFFF);
  return _mm512_set1_epi32(static_cast<int>(both));
}

// x * kX + y * kY, descaled, for pairs (x, y) interleaved as unpack gives them.
template <int kX, int kY, int kDown>
TURBODICOM_TARGET_AVX512 inline __m512i rotate(__m512i low, __m512i high) {
  const __m512i factors = pair_of(kX, kY);
  const __m512i half = _mm512_set1_epi32(1 << (kDown - 1));
  low = _mm512_srai_epi32(_mm512_add_epi32(_mm512_madd_epi16(low, factors), half), kDown);
  high = _mm512_srai_epi32(_mm512_add_epi32(_mm512_madd_epi16(high, factors), half), kDown);
  return _mm512_packs_epi32(low, high);
}

// The same of two pairs.
template <int kX, int kY, int kZ, int kW, int kDown>
TURBODICOM_TARGET_AVX512 inline __m512i rotate_two(__m512i low, __m512i high, __m512i low2, __m512i high2) {
  const __m512i factors = pair_of(kX, kY);
  const __m512i factors2 = pair_of(kZ, kW);
  const __m512i half = _mm512_set1_epi32(1 << (kDown - 1));
  low = _mm512_add_epi32(_mm512_madd_epi16(low, factors), _mm512_madd_epi16(low2, factors2));
  high = _mm512_add_epi32(_mm512_madd_epi16(high, factors), _mm512_madd_epi16(high2, factors2));
  low = _mm512_srai_epi32(_mm512_add_epi32(low, half), kDown);
  high = _mm512_srai_epi32(_mm512_add_epi32(high, half), kDown);
  return _mm512_packs_epi32(low, high);
}

// One pass over the eight registers; the sums of fdct.cpp with its rotations multiplied out.
template <int kUp>
TURBODICOM_TARGET_AVX512 inline void transform_16(__m512i (&v)[8]) {
  constexpr int kDown = kConstBits - kUp;
  const __m512i s0 = _mm512_add_epi16(v[0], v[7]), s1 = _mm512_add_epi16(v[1], v[6]), s2 = _mm512_add_epi16(v[2], v[5]),
                s3 = _mm512_add_epi16(v[3], v[4]);
  const __m512i d0 = _mm512_sub_epi16(v[0], v[7]), d1 = _mm512_sub_epi16(v[1], v[6]), d2 = _mm512_sub_epi16(v[2], v[5]),
                d3 = _mm512_sub_epi16(v[3], v[4]);
  const __m512i even0 = _mm512_add_epi16(s0, s3), even3 = _mm512_sub_epi16(s0, s3), even1 = _mm512_add_epi16(s1, s2),
                even2 = _mm512_sub_epi16(s1, s2);
  v[0] = _mm512_add_epi16(even0, even1);
  v[4] = _mm512_sub_epi16(even0, even1);
  if constexpr (kUp > 0) {
    v[0] = _mm512_slli_epi16(v[0], kUp);
    v[4] = _mm512_slli_epi16(v[4], kUp);
  } else {
    const __m512i half = _mm512_set1_epi16(1 << (-kUp - 1));
    v[0] = _mm512_srai_epi16(_mm512_add_epi16(v[0], half), -kUp);
    v[4] = _mm512_srai_epi16(_mm512_add_epi16(v[4], half), -kUp);
  }
  const __m512i even_low = _mm512_unpacklo_epi16(even2, even3), even_high = _mm512_unpackhi_epi16(even2, even3);
  v[2] = rotate<k0_541196100, k0_541196100 + k0_765366865, kDown>(even_low, even_high);
  v[6] = rotate<k0_541196100 - k1_847759065, k0_541196100, kDown>(even_low, even_high);

  const __m512i z3 = _mm512_add_epi16(d3, d1), z4 = _mm512_add_epi16(d2, d0);
  const __m512i z_low = _mm512_unpacklo_epi16(z3, z4), z_high = _mm512_unpackhi_epi16(z3, z4);
  const __m512i outer_low = _mm512_unpacklo_epi16(d3, d0), outer_high = _mm512_unpackhi_epi16(d3, d0);
  const __m512i inner_low = _mm512_unpacklo_epi16(d2, d1), inner_high = _mm512_unpackhi_epi16(d2, d1);
  constexpr int kZ3 = k1_175875602 - k1_961570560, kZ4 = k1_175875602 - k0_390180644;
  v[7] = rotate_two<k0_298631336 - k0_899976223, -k0_899976223, kZ3, k1_175875602, kDown>(outer_low, outer_high, z_low, z_high);
  v[1] = rotate_two<-k0_899976223, k1_501321110 - k0_899976223, k1_175875602, kZ4, kDown>(outer_low, outer_high, z_low, z_high);
  v[5] = rotate_two<k2_053119869 - k2_562915447, -k2_562915447, k1_175875602, kZ4, kDown>(inner_low, inner_high, z_low, z_high);
  v[3] = rotate_two<-k2_562915447, k3_072711026 - k2_562915447, kZ3, k1_175875602, kDown>(inner_low, inner_high, z_low, z_high);
}

// Row `row` of the tables, for four blocks.
TURBODICOM_TARGET_AVX512 inline __m512i row_of(const std::array<std::uint16_t, 64>& table, std::size_t row) {
  return _mm512_broadcast_i32x4(_mm_load_si128(reinterpret_cast<const __m128i*>(table.data() + 8 * row)));
}

TURBODICOM_TARGET_AVX512 inline __m512i quantise_16(__m512i x, const Divisors& divisors, std::size_t row) {
  __m512i magnitude = _mm512_add_epi16(_mm512_abs_epi16(x), row_of(divisors.half, row));
  magnitude = _mm512_mulhi_epu16(magnitude, row_of(divisors.reciprocal, row));
  magnitude = _mm512_mulhi_epu16(magnitude, row_of(divisors.scale, row));
  return _mm512_mask_sub_epi16(magnitude, _mm512_movepi16_mask(x), _mm512_setzero_si512(), magnitude);
}

// From quarters of v[0..3] to whole registers: v[b] holds the four quarters number b.
TURBODICOM_TARGET_AVX512 inline void transpose_quarters(__m512i* v) {
  const __m512i a = _mm512_shuffle_i32x4(v[0], v[1], 0x44), b = _mm512_shuffle_i32x4(v[0], v[1], 0xEE);
  const __m512i c = _mm512_shuffle_i32x4(v[2], v[3], 0x44), d = _mm512_shuffle_i32x4(v[2], v[3], 0xEE);
  v[0] = _mm512_shuffle_i32x4(a, c, 0x88);
  v[1] = _mm512_shuffle_i32x4(a, c, 0xDD);
  v[2] = _mm512_shuffle_i32x4(b, d, 0x88);
  v[3] = _mm512_shuffle_i32x4(b, d, 0xDD);
}

struct ZigZagIndexes {
  alignas(64) std::array<std::uint16_t, 64> at{};
};
constexpr ZigZagIndexes kZigZagIndexes = [] {
  ZigZagIndexes indexes;
  for (std::size_t k = 0; k < 64; ++k) indexes.at[k] = kNaturalOrder[k];
  return indexes;
}();

// A block in row-major order, two registers, to zig-zag order.
TURBODICOM_TARGET_AVX512 inline void store_block(__m512i first, __m512i second, std::int16_t* coefficients, std::uint64_t* mask) {
  const __m512i low = _mm512_permutex2var_epi16(first, _mm512_load_si512(kZigZagIndexes.at.data()), second);
  const __m512i high = _mm512_permutex2var_epi16(first, _mm512_load_si512(kZigZagIndexes.at.data() + 32), second);
  _mm512_store_si512(coefficients, low);
  _mm512_store_si512(coefficients + 32, high);
  *mask = std::uint64_t{_mm512_test_epi16_mask(high, high)} << 32 | _mm512_test_epi16_mask(low, low);
}

TURBODICOM_TARGET_AVX512 void forward_8(const std::uint8_t* samples, std::size_t stride, std::size_t count, const Divisors& divisors,
                                        std::int16_t* coefficients, std::uint64_t* masks) noexcept {
  for (std::size_t b = 0; b < count; b += 4, samples += 32, coefficients += 256, masks += 4) {
    __m512i v[8];
    for (std::size_t row = 0; row < 8; ++row) {
      const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(samples + row * stride));
      v[row] = _mm512_sub_epi16(_mm512_cvtepu8_epi16(bytes), _mm512_set1_epi16(128));
    }
    transpose_16(v);
    transform_16<kPass1Bits8>(v);
    transpose_16(v);
    transform_16<-kPass1Bits8>(v);
    for (std::size_t row = 0; row < 8; ++row) v[row] = quantise_16(v[row], divisors, row);
    transpose_quarters(v);
    transpose_quarters(v + 4);
    for (std::size_t i = 0; i < 4; ++i) store_block(v[i], v[i + 4], coefficients + 64 * i, masks + i);
  }
}

// 32-bit lanes.

// 8 x 8 elements of 32 bits in two halves: element (row, column) of block b is lane 8 b + column of v[row].
TURBODICOM_TARGET_AVX512 inline void transpose_32(__m512i (&v)[8]) {
  __m512i a[8], b[8];
  for (int i = 0; i < 8; i += 2) {
    a[i] = _mm512_unpacklo_epi32(v[i], v[i + 1]);
    a[i + 1] = _mm512_unpackhi_epi32(v[i], v[i + 1]);
  }
  for (int i = 0; i < 8; i += 4) {
    b[i] = _mm512_unpacklo_epi64(a[i], a[i + 2]);
    b[i + 1] = _mm512_unpackhi_epi64(a[i], a[i + 2]);
    b[i + 2] = _mm512_unpacklo_epi64(a[i + 1], a[i + 3]);
    b[i + 3] = _mm512_unpackhi_epi64(a[i + 1], a[i + 3]);
  }
  const __m512i low = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13), high = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
  for (int i = 0; i < 4; ++i) {
    v[i] = _mm512_permutex2var_epi64(b[i], low, b[i + 4]);
    v[i + 4] = _mm512_permutex2var_epi64(b[i], high, b[i + 4]);
  }
}

TURBODICOM_TARGET_AVX512 inline __m512i times(__m512i x, int factor) { return _mm512_mullo_epi32(x, _mm512_set1_epi32(factor)); }

template <int kDown>
TURBODICOM_TARGET_AVX512 inline __m512i descale(__m512i x) {
  return _mm512_srai_epi32(_mm512_add_epi32(x, _mm512_set1_epi32(1 << (kDown - 1))), kDown);
}

// As in fdct.cpp.
template <int kUp>
TURBODICOM_TARGET_AVX512 inline void transform_32(__m512i (&v)[8]) {
  constexpr int kDown = kConstBits - kUp;
  const __m512i s0 = _mm512_add_epi32(v[0], v[7]), s1 = _mm512_add_epi32(v[1], v[6]), s2 = _mm512_add_epi32(v[2], v[5]),
                s3 = _mm512_add_epi32(v[3], v[4]);
  const __m512i d0 = _mm512_sub_epi32(v[0], v[7]), d1 = _mm512_sub_epi32(v[1], v[6]), d2 = _mm512_sub_epi32(v[2], v[5]),
                d3 = _mm512_sub_epi32(v[3], v[4]);
  const __m512i even0 = _mm512_add_epi32(s0, s3), even3 = _mm512_sub_epi32(s0, s3), even1 = _mm512_add_epi32(s1, s2),
                even2 = _mm512_sub_epi32(s1, s2);
  v[0] = _mm512_add_epi32(even0, even1);
  v[4] = _mm512_sub_epi32(even0, even1);
  if constexpr (kUp > 0) {
    v[0] = _mm512_slli_epi32(v[0], kUp);
    v[4] = _mm512_slli_epi32(v[4], kUp);
  } else {
    v[0] = descale<-kUp>(v[0]);
    v[4] = descale<-kUp>(v[4]);
  }
  const __m512i rotated = times(_mm512_add_epi32(even2, even3), k0_541196100);
  v[2] = descale<kDown>(_mm512_add_epi32(rotated, times(even3, k0_765366865)));
  v[6] = descale<kDown>(_mm512_sub_epi32(rotated, times(even2, k1_847759065)));

  const __m512i sum3 = _mm512_add_epi32(d3, d1), sum4 = _mm512_add_epi32(d2, d0);
  const __m512i z5 = times(_mm512_add_epi32(sum3, sum4), k1_175875602);
  const __m512i z1 = times(_mm512_add_epi32(d3, d0), k0_899976223), z2 = times(_mm512_add_epi32(d2, d1), k2_562915447);
  const __m512i z3 = _mm512_sub_epi32(z5, times(sum3, k1_961570560)), z4 = _mm512_sub_epi32(z5, times(sum4, k0_390180644));
  v[7] = descale<kDown>(_mm512_add_epi32(_mm512_sub_epi32(times(d3, k0_298631336), z1), z3));
  v[5] = descale<kDown>(_mm512_add_epi32(_mm512_sub_epi32(times(d2, k2_053119869), z2), z4));
  v[3] = descale<kDown>(_mm512_add_epi32(_mm512_sub_epi32(times(d1, k3_072711026), z2), z3));
  v[1] = descale<kDown>(_mm512_add_epi32(_mm512_sub_epi32(times(d0, k1_501321110), z1), z4));
}

TURBODICOM_TARGET_AVX512 inline __m512i row_of(const std::array<std::uint32_t, 64>& table, std::size_t row) {
  return _mm512_broadcast_i64x4(_mm256_load_si256(reinterpret_cast<const __m256i*>(table.data() + 8 * row)));
}

// Sixteen results of 16 bits: a row of the first block, a row of the second.
TURBODICOM_TARGET_AVX512 inline __m256i quantise_32(__m512i x, const Divisors& divisors, std::size_t row) {
  __m512i magnitude = _mm512_srli_epi32(_mm512_add_epi32(_mm512_abs_epi32(x), row_of(divisors.wide_half, row)), 3);
  magnitude = _mm512_srlv_epi32(_mm512_mullo_epi32(magnitude, row_of(divisors.wide_reciprocal, row)), row_of(divisors.wide_shift, row));
  magnitude = _mm512_mask_sub_epi32(magnitude, _mm512_movepi32_mask(x), _mm512_setzero_si512(), magnitude);
  return _mm512_cvtepi32_epi16(magnitude);
}

TURBODICOM_TARGET_AVX512 void forward_12(const std::uint16_t* samples, std::size_t stride, std::size_t count, const Divisors& divisors,
                                         std::int16_t* coefficients, std::uint64_t* masks) noexcept {
  for (std::size_t b = 0; b < count; b += 2, samples += 16, coefficients += 128, masks += 2) {
    __m512i v[8];
    for (std::size_t row = 0; row < 8; ++row) {
      const __m256i words = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(samples + row * stride));
      v[row] = _mm512_sub_epi32(_mm512_cvtepu16_epi32(words), _mm512_set1_epi32(2048));
    }
    transpose_32(v);
    transform_32<kPass1Bits12>(v);
    transpose_32(v);
    transform_32<-kPass1Bits12>(v);
    __m512i pairs[4];  // rows 2 i and 2 i + 1 of the first block, then of the second
    for (std::size_t i = 0; i < 4; ++i) {
      const __m256i upper = quantise_32(v[2 * i], divisors, 2 * i), lower = quantise_32(v[2 * i + 1], divisors, 2 * i + 1);
      pairs[i] = _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_permute2x128_si256(upper, lower, 0x20)),
                                    _mm256_permute2x128_si256(upper, lower, 0x31), 1);
    }
    store_block(_mm512_shuffle_i64x2(pairs[0], pairs[1], 0x44), _mm512_shuffle_i64x2(pairs[2], pairs[3], 0x44), coefficients, masks);
    store_block(_mm512_shuffle_i64x2(pairs[0], pairs[1], 0xEE), _mm512_shuffle_i64x2(pairs[2], pairs[3], 0xEE), coefficients + 64,
                masks + 1);
  }
}

}  // namespace

void use_avx512(FdctKernels& kernels) noexcept {
  kernels.forward_8 = forward_8;
  kernels.forward_12 = forward_12;
}

}  // namespace turbodicom::codec::jpeg

#endif
