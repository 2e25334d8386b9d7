// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// As fdct_avx512.cpp with half as many blocks: two of 8-bit samples in 16-bit lanes, one of 12-bit samples in 32-bit lanes.
// The zig-zag order is made one coefficient at a time.
#include "turbodicom/codec/jpeg/fdct.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include <array>

namespace turbodicom::codec::jpeg {
namespace {

using namespace fdct;

// 8 x 8 elements of 16 bits in each half.
TURBODICOM_TARGET_AVX2 inline void transpose_16(__m256i (&v)[8]) {
  __m256i a[8], b[8];
  for (int i = 0; i < 4; ++i) {
    a[i] = _mm256_unpacklo_epi16(v[2 * i], v[2 * i + 1]);
    a[i + 4] = _mm256_unpackhi_epi16(v[2 * i], v[2 * i + 1]);
  }
  for (int i = 0; i < 8; i += 4) {  // columns i, i + 1 and i + 2, i + 3; rows 0..3 and 4..7
    b[i] = _mm256_unpacklo_epi32(a[i], a[i + 1]);
    b[i + 1] = _mm256_unpacklo_epi32(a[i + 2], a[i + 3]);
    b[i + 2] = _mm256_unpackhi_epi32(a[i], a[i + 1]);
    b[i + 3] = _mm256_unpackhi_epi32(a[i + 2], a[i + 3]);
  }
  for (int i = 0; i < 8; i += 2) {
    v[i] = _mm256_unpacklo_epi64(b[i], b[i + 1]);
    v[i + 1] = _mm256_unpackhi_epi64(b[i], b[i + 1]);
  }
}

TURBODICOM_TARGET_AVX2 inline __m256i pair_of(int first, int second) {
  const unsigned both = static_cast<unsigned>(second) << 16 | (static_cast<unsigned>(first) & 0xFFFF);
  return _mm256_set1_epi32(static_cast<int>(both));
}

// x * kX + y * kY, descaled, for pairs (x, y) interleaved as unpack gives them.
template <int kX, int kY, int kDown>
TURBODICOM_TARGET_AVX2 inline __m256i rotate(__m256i low, __m256i high) {
  const __m256i factors = pair_of(kX, kY);
  const __m256i half = _mm256_set1_epi32(1 << (kDown - 1));
  low = _mm256_srai_epi32(_mm256_add_epi32(_mm256_madd_epi16(low, factors), half), kDown);
  high = _mm256_srai_epi32(_mm256_add_epi32(_mm256_madd_epi16(high, factors), half), kDown);
  return _mm256_packs_epi32(low, high);
}

// The same of two pairs.
template <int kX, int kY, int kZ, int kW, int kDown>
TURBODICOM_TARGET_AVX2 inline __m256i rotate_two(__m256i low, __m256i high, __m256i low2, __m256i high2) {
  const __m256i factors = pair_of(kX, kY);
  const __m256i factors2 = pair_of(kZ, kW);
  const __m256i half = _mm256_set1_epi32(1 << (kDown - 1));
  low = _mm256_add_epi32(_mm256_madd_epi16(low, factors), _mm256_madd_epi16(low2, factors2));
  high = _mm256_add_epi32(_mm256_madd_epi16(high, factors), _mm256_madd_epi16(high2, factors2));
  low = _mm256_srai_epi32(_mm256_add_epi32(low, half), kDown);
  high = _mm256_srai_epi32(_mm256_add_epi32(high, half), kDown);
  return _mm256_packs_epi32(low, high);
}

// One pass over the eight registers; the sums of fdct.cpp with its rotations multiplied out.
template <int kUp>
TURBODICOM_TARGET_AVX2 inline void transform_16(__m256i (&v)[8]) {
  constexpr int kDown = kConstBits - kUp;
  const __m256i s0 = _mm256_add_epi16(v[0], v[7]), s1 = _mm256_add_epi16(v[1], v[6]), s2 = _mm256_add_epi16(v[2], v[5]),
                s3 = _mm256_add_epi16(v[3], v[4]);
  const __m256i d0 = _mm256_sub_epi16(v[0], v[7]), d1 = _mm256_sub_epi16(v[1], v[6]), d2 = _mm256_sub_epi16(v[2], v[5]),
                d3 = _mm256_sub_epi16(v[3], v[4]);
  const __m256i even0 = _mm256_add_epi16(s0, s3), even3 = _mm256_sub_epi16(s0, s3), even1 = _mm256_add_epi16(s1, s2),
                even2 = _mm256_sub_epi16(s1, s2);
  v[0] = _mm256_add_epi16(even0, even1);
  v[4] = _mm256_sub_epi16(even0, even1);
  if constexpr (kUp > 0) {
    v[0] = _mm256_slli_epi16(v[0], kUp);
    v[4] = _mm256_slli_epi16(v[4], kUp);
  } else {
    const __m256i half = _mm256_set1_epi16(1 << (-kUp - 1));
    v[0] = _mm256_srai_epi16(_mm256_add_epi16(v[0], half), -kUp);
    v[4] = _mm256_srai_epi16(_mm256_add_epi16(v[4], half), -kUp);
  }
  const __m256i even_low = _mm256_unpacklo_epi16(even2, even3), even_high = _mm256_unpackhi_epi16(even2, even3);
  v[2] = rotate<k0_541196100, k0_541196100 + k0_765366865, kDown>(even_low, even_high);
  v[6] = rotate<k0_541196100 - k1_847759065, k0_541196100, kDown>(even_low, even_high);

  const __m256i z3 = _mm256_add_epi16(d3, d1), z4 = _mm256_add_epi16(d2, d0);
  const __m256i z_low = _mm256_unpacklo_epi16(z3, z4), z_high = _mm256_unpackhi_epi16(z3, z4);
  const __m256i outer_low = _mm256_unpacklo_epi16(d3, d0), outer_high = _mm256_unpackhi_epi16(d3, d0);
  const __m256i inner_low = _mm256_unpacklo_epi16(d2, d1), inner_high = _mm256_unpackhi_epi16(d2, d1);
  constexpr int kZ3 = k1_175875602 - k1_961570560, kZ4 = k1_175875602 - k0_390180644;
  v[7] = rotate_two<k0_298631336 - k0_899976223, -k0_899976223, kZ3, k1_175875602, kDown>(outer_low, outer_high, z_low, z_high);
  v[1] = rotate_two<-k0_899976223, k1_501321110 - k0_899976223, k1_175875602, kZ4, kDown>(outer_low, outer_high, z_low, z_high);
  v[5] = rotate_two<k2_053119869 - k2_562915447, -k2_562915447, k1_175875602, kZ4, kDown>(inner_low, inner_high, z_low, z_high);
  v[3] = rotate_two<-k2_562915447, k3_072711026 - k2_562915447, kZ3, k1_175875602, kDown>(inner_low, inner_high, z_low, z_high);
}

// Row `row` of a table, for two blocks.
TURBODICOM_TARGET_AVX2 inline __m256i row_of(const std::array<std::uint16_t, 64>& table, std::size_t row) {
  return _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(table.data() + 8 * row)));
}

TURBODICOM_TARGET_AVX2 inline __m256i quantise_16(__m256i x, const Divisors& divisors, std::size_t row) {
  __m256i magnitude = _mm256_add_epi16(_mm256_abs_epi16(x), row_of(divisors.half, row));
  magnitude = _mm256_mulhi_epu16(magnitude, row_of(divisors.reciprocal, row));
  magnitude = _mm256_mulhi_epu16(magnitude, row_of(divisors.scale, row));
  return _mm256_sign_epi16(magnitude, x);
}

// Bit i: word i of 32 is not 0.
TURBODICOM_TARGET_AVX2 inline std::uint32_t nonzero_words(const std::int16_t* words) {
  const __m256i zero = _mm256_setzero_si256();
  const __m256i a = _mm256_cmpeq_epi16(_mm256_load_si256(reinterpret_cast<const __m256i*>(words)), zero);
  const __m256i b = _mm256_cmpeq_epi16(_mm256_load_si256(reinterpret_cast<const __m256i*>(words + 16)), zero);
  const __m256i both = _mm256_permute4x64_epi64(_mm256_packs_epi16(a, b), 0xD8);
  return ~static_cast<std::uint32_t>(_mm256_movemask_epi8(both));
}

TURBODICOM_TARGET_AVX2 inline void store_block(const std::int16_t* block, std::int16_t* coefficients, std::uint64_t* mask) {
  for (std::size_t k = 0; k < 64; ++k) coefficients[k] = block[kNaturalOrder[k]];
  *mask = std::uint64_t{nonzero_words(coefficients + 32)} << 32 | nonzero_words(coefficients);
}

TURBODICOM_TARGET_AVX2 void forward_8(const std::uint8_t* samples, std::size_t stride, std::size_t count, const Divisors& divisors,
                                      std::int16_t* coefficients, std::uint64_t* masks) noexcept {
  alignas(32) std::array<std::array<std::int16_t, 64>, 2> blocks;
  for (std::size_t b = 0; b < count; b += 2, samples += 16, coefficients += 128, masks += 2) {
    __m256i v[8];
    for (std::size_t row = 0; row < 8; ++row) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(samples + row * stride));
      v[row] = _mm256_sub_epi16(_mm256_cvtepu8_epi16(bytes), _mm256_set1_epi16(128));
    }
    transpose_16(v);
    transform_16<kPass1Bits8>(v);
    transpose_16(v);
    transform_16<-kPass1Bits8>(v);
    for (std::size_t row = 0; row < 8; ++row) {
      const __m256i quantised = quantise_16(v[row], divisors, row);
      _mm_store_si128(reinterpret_cast<__m128i*>(blocks[0].data() + 8 * row), _mm256_castsi256_si128(quantised));
      _mm_store_si128(reinterpret_cast<__m128i*>(blocks[1].data() + 8 * row), _mm256_extracti128_si256(quantised, 1));
    }
    store_block(blocks[0].data(), coefficients, masks);
    store_block(blocks[1].data(), coefficients + 64, masks + 1);
  }
}

// 32-bit lanes: a register is a row.
TURBODICOM_TARGET_AVX2 inline void transpose_32(__m256i (&v)[8]) {
  __m256i a[8], b[8];
  for (int i = 0; i < 8; i += 2) {
    a[i] = _mm256_unpacklo_epi32(v[i], v[i + 1]);
    a[i + 1] = _mm256_unpackhi_epi32(v[i], v[i + 1]);
  }
  for (int i = 0; i < 8; i += 4) {
    b[i] = _mm256_unpacklo_epi64(a[i], a[i + 2]);
    b[i + 1] = _mm256_unpackhi_epi64(a[i], a[i + 2]);
    b[i + 2] = _mm256_unpacklo_epi64(a[i + 1], a[i + 3]);
    b[i + 3] = _mm256_unpackhi_epi64(a[i + 1], a[i + 3]);
  }
  for (int i = 0; i < 4; ++i) {
    v[i] = _mm256_permute2x128_si256(b[i], b[i + 4], 0x20);
    v[i + 4] = _mm256_permute2x128_si256(b[i], b[i + 4], 0x31);
  }
}

TURBODICOM_TARGET_AVX2 inline __m256i times(__m256i x, int factor) { return _mm256_mullo_epi32(x, _mm256_set1_epi32(factor)); }

template <int kDown>
TURBODICOM_TARGET_AVX2 inline __m256i descale(__m256i x) {
  return _mm256_srai_epi32(_mm256_add_epi32(x, _mm256_set1_epi32(1 << (kDown - 1))), kDown);
}

// As in fdct.cpp.
template <int kUp>
TURBODICOM_TARGET_AVX2 inline void transform_32(__m256i (&v)[8]) {
  constexpr int kDown = kConstBits - kUp;
  const __m256i s0 = _mm256_add_epi32(v[0], v[7]), s1 = _mm256_add_epi32(v[1], v[6]), s2 = _mm256_add_epi32(v[2], v[5]),
                s3 = _mm256_add_epi32(v[3], v[4]);
  const __m256i d0 = _mm256_sub_epi32(v[0], v[7]), d1 = _mm256_sub_epi32(v[1], v[6]), d2 = _mm256_sub_epi32(v[2], v[5]),
                d3 = _mm256_sub_epi32(v[3], v[4]);
  const __m256i even0 = _mm256_add_epi32(s0, s3), even3 = _mm256_sub_epi32(s0, s3), even1 = _mm256_add_epi32(s1, s2),
                even2 = _mm256_sub_epi32(s1, s2);
  v[0] = _mm256_add_epi32(even0, even1);
  v[4] = _mm256_sub_epi32(even0, even1);
  if constexpr (kUp > 0) {
    v[0] = _mm256_slli_epi32(v[0], kUp);
    v[4] = _mm256_slli_epi32(v[4], kUp);
  } else {
    v[0] = descale<-kUp>(v[0]);
    v[4] = descale<-kUp>(v[4]);
  }
  const __m256i rotated = times(_mm256_add_epi32(even2, even3), k0_541196100);
  v[2] = descale<kDown>(_mm256_add_epi32(rotated, times(even3, k0_765366865)));
  v[6] = descale<kDown>(_mm256_sub_epi32(rotated, times(even2, k1_847759065)));

  const __m256i sum3 = _mm256_add_epi32(d3, d1), sum4 = _mm256_add_epi32(d2, d0);
  const __m256i z5 = times(_mm256_add_epi32(sum3, sum4), k1_175875602);
  const __m256i z1 = times(_mm256_add_epi32(d3, d0), k0_899976223), z2 = times(_mm256_add_epi32(d2, d1), k2_562915447);
  const __m256i z3 = _mm256_sub_epi32(z5, times(sum3, k1_961570560)), z4 = _mm256_sub_epi32(z5, times(sum4, k0_390180644));
  v[7] = descale<kDown>(_mm256_add_epi32(_mm256_sub_epi32(times(d3, k0_298631336), z1), z3));
  v[5] = descale<kDown>(_mm256_add_epi32(_mm256_sub_epi32(times(d2, k2_053119869), z2), z4));
  v[3] = descale<kDown>(_mm256_add_epi32(_mm256_sub_epi32(times(d1, k3_072711026), z2), z3));
  v[1] = descale<kDown>(_mm256_add_epi32(_mm256_sub_epi32(times(d0, k1_501321110), z1), z4));
}

TURBODICOM_TARGET_AVX2 inline __m256i row_of(const std::array<std::uint32_t, 64>& table, std::size_t row) {
  return _mm256_load_si256(reinterpret_cast<const __m256i*>(table.data() + 8 * row));
}

TURBODICOM_TARGET_AVX2 inline __m128i quantise_32(__m256i x, const Divisors& divisors, std::size_t row) {
  __m256i magnitude = _mm256_srli_epi32(_mm256_add_epi32(_mm256_abs_epi32(x), row_of(divisors.wide_half, row)), 3);
  magnitude = _mm256_srlv_epi32(_mm256_mullo_epi32(magnitude, row_of(divisors.wide_reciprocal, row)), row_of(divisors.wide_shift, row));
  const __m256i quantised = _mm256_sign_epi32(magnitude, x);
  return _mm_packs_epi32(_mm256_castsi256_si128(quantised), _mm256_extracti128_si256(quantised, 1));
}

TURBODICOM_TARGET_AVX2 void forward_12(const std::uint16_t* samples, std::size_t stride, std::size_t count, const Divisors& divisors,
                                       std::int16_t* coefficients, std::uint64_t* masks) noexcept {
  alignas(32) std::array<std::int16_t, 64> block;
  for (std::size_t b = 0; b < count; ++b, samples += 8, coefficients += 64, ++masks) {
    __m256i v[8];
    for (std::size_t row = 0; row < 8; ++row) {
      const __m128i words = _mm_loadu_si128(reinterpret_cast<const __m128i*>(samples + row * stride));
      v[row] = _mm256_sub_epi32(_mm256_cvtepu16_epi32(words), _mm256_set1_epi32(2048));
    }
    transpose_32(v);
    transform_32<kPass1Bits12>(v);
    transpose_32(v);
    transform_32<-kPass1Bits12>(v);
    for (std::size_t row = 0; row < 8; ++row)
      _mm_store_si128(reinterpret_cast<__m128i*>(block.data() + 8 * row), quantise_32(v[row], divisors, row));
    store_block(block.data(), coefficients, masks);
  }
}

}  // namespace

void use_avx2(FdctKernels& kernels) noexcept {
  kernels.forward_8 = forward_8;
  kernels.forward_12 = forward_12;
}

}  // namespace turbodicom::codec::jpeg

#endif
