// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// AVX-512 kernels of lossless encoding: 32 differences at a time. Table look-ups are permutations of one
// register; codes are joined two by two, 16 to 32 to 64 bits, and only the joined ones are appended one by one.
#include "turbodicom/codec/jpeg/difference.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include "turbodicom/codec/jpeg/difference_loops.h"

// GCC 12 takes the undefined merge operand inside its own unmasked intrinsics for a read (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace turbodicom::codec::jpeg {
namespace {

constexpr std::size_t kLanes = 32;

TURBODICOM_DIFFERENCE_LOOPS(TURBODICOM_TARGET_AVX512)

// Bits of each 16-bit magnitude: by half bytes first, then the upper byte decides where it is not 0.
TURBODICOM_TARGET_AVX512 inline __m512i categories(__m512i differences) {
  const __m512i low_half = _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4));
  const __m512i high_half = _mm512_broadcast_i32x4(_mm_setr_epi8(0, 5, 6, 6, 7, 7, 7, 7, 8, 8, 8, 8, 8, 8, 8, 8));
  const __m512i nibble = _mm512_set1_epi8(0x0F);
  const __m512i magnitude = _mm512_abs_epi16(differences);
  const __m512i of_bytes =
      _mm512_max_epu8(_mm512_shuffle_epi8(low_half, _mm512_and_si512(magnitude, nibble)),
                      _mm512_shuffle_epi8(high_half, _mm512_and_si512(_mm512_srli_epi16(magnitude, 4), nibble)));
  const __mmask32 is_long = _mm512_cmpgt_epu16_mask(magnitude, _mm512_set1_epi16(0xFF));
  return _mm512_mask_add_epi16(_mm512_and_si512(of_bytes, _mm512_set1_epi16(0xFF)), is_long,
                               _mm512_srli_epi16(of_bytes, 8), _mm512_set1_epi16(8));
}

TURBODICOM_TARGET_AVX512 void count_categories(const std::uint16_t* differences, std::size_t count,
                                               CategoryCounts& counts) {
  std::size_t i = 0;
  for (; i + 2 * kLanes <= count; i += 2 * kLanes) {
    const __m512i of_bytes = _mm512_packus_epi16(categories(_mm512_loadu_si512(differences + i)),
                                                 categories(_mm512_loadu_si512(differences + i + kLanes)));
    for (std::size_t c = 0; c < kCategories; ++c) {
      const __mmask64 equal = _mm512_cmpeq_epi8_mask(of_bytes, _mm512_set1_epi8(static_cast<char>(c)));
      counts[c] += static_cast<std::uint64_t>(__builtin_popcountll(equal));
    }
  }
  loops::count(differences + i, count - i, counts);
}

// Codes of up to 64 bits, and their lengths.
struct Joined {
  __m512i bits, length;
};

// Of each two 32-bit lanes: the first, then the second.
TURBODICOM_TARGET_AVX512 inline Joined join_32(__m512i bits, __m512i length) {
  const __m512i low = _mm512_set1_epi64(0xFFFFFFFF);
  const __m512i second_length = _mm512_srli_epi64(length, 32);
  const __m512i first = _mm512_sllv_epi64(_mm512_and_si512(bits, low), second_length);
  return {_mm512_or_si512(first, _mm512_srli_epi64(bits, 32)),
          _mm512_and_si512(_mm512_add_epi64(length, second_length), low)};
}

// The same of 16-bit lanes, twice.
TURBODICOM_TARGET_AVX512 inline Joined join_16(__m512i bits, __m512i length) {
  const __m512i low = _mm512_set1_epi32(0xFFFF);
  const __m512i second_length = _mm512_srli_epi32(length, 16);
  const __m512i first = _mm512_sllv_epi32(_mm512_and_si512(bits, low), second_length);
  return join_32(_mm512_or_si512(first, _mm512_srli_epi32(bits, 16)),
                 _mm512_madd_epi16(length, _mm512_set1_epi16(1)));
}

// Puts every `step`-th of eight codes.
TURBODICOM_TARGET_AVX512 inline void put(Joined codes, std::size_t step, BitWriter& writer) {
  alignas(64) std::uint64_t bits[8], length[8];
  _mm512_store_si512(bits, codes.bits);
  _mm512_store_si512(length, codes.length);
  for (std::size_t i = 0; i < 8; i += step) writer.put(bits[i], static_cast<int>(length[i]));
}

// Where codes are short, eight samples make one.
TURBODICOM_TARGET_AVX512 inline void put_joined(Joined codes, BitWriter& writer) {
  if (_mm512_cmpgt_epu64_mask(codes.length, _mm512_set1_epi64(31)) != 0) return put(codes, 1, writer);
  const __m512i second_length = _mm512_unpackhi_epi64(codes.length, codes.length);
  const __m512i second_bits = _mm512_unpackhi_epi64(codes.bits, codes.bits);
  put({_mm512_or_si512(_mm512_sllv_epi64(codes.bits, second_length), second_bits),
       _mm512_add_epi64(codes.length, second_length)},
      2, writer);
}

// Codes of any length, in 32-bit lanes. `masked`: the additional bits.
TURBODICOM_TARGET_AVX512 inline void put_long(__m256i category, __m256i masked, __m256i length,
                                              const CategoryCodes& codes, BitWriter& writer) {
  const __m512i base = _mm512_permutex2var_epi32(_mm512_load_si512(codes.base.data()), _mm512_cvtepu16_epi32(category),
                                                 _mm512_load_si512(codes.base.data() + 16));
  put(join_32(_mm512_add_epi32(base, _mm512_cvtepu16_epi32(masked)), _mm512_cvtepu16_epi32(length)), 1, writer);
}

TURBODICOM_TARGET_AVX512 BitWriter append(const std::uint16_t* differences, std::size_t count,
                                          const CategoryCodes& codes, BitWriter writer) {
  const __m512i bases = _mm512_load_si512(codes.short_base.data());
  const __m512i masks = _mm512_load_si512(codes.mask.data());
  const __m512i lengths = _mm512_load_si512(codes.length.data());
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    const __m512i d = _mm512_loadu_si512(differences + i);
    const __m512i category = categories(d);
    const __m512i length = _mm512_permutexvar_epi16(category, lengths);
    const __m512i additional = _mm512_add_epi16(d, _mm512_srai_epi16(d, 15));
    const __m512i masked = _mm512_and_si512(additional, _mm512_permutexvar_epi16(category, masks));
    if (_mm512_cmpgt_epu16_mask(length, _mm512_set1_epi16(CategoryCodes::kShort)) == 0) [[likely]] {
      put_joined(join_16(_mm512_add_epi16(masked, _mm512_permutexvar_epi16(category, bases)), length), writer);
      continue;
    }
    put_long(_mm512_castsi512_si256(category), _mm512_castsi512_si256(masked), _mm512_castsi512_si256(length), codes,
             writer);
    put_long(_mm512_extracti64x4_epi64(category, 1), _mm512_extracti64x4_epi64(masked, 1),
             _mm512_extracti64x4_epi64(length, 1), codes, writer);
  }
  return loops::append(differences + i, count - i, codes, writer);
}

}  // namespace

void use_avx512(DifferenceKernels& kernels) noexcept {
  use_loops(kernels);
  kernels.count = count_categories;
  kernels.append = append;
}

}  // namespace turbodicom::codec::jpeg

#endif  // TURBODICOM_X86
