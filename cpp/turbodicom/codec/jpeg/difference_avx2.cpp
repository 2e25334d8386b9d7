// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// AVX2 kernels of lossless encoding: 16 differences at a time, as in difference_avx512.cpp. Tables of 16 bytes are all
// there is, so the rare category 16 and long codes go the scalar way.
#include "turbodicom/codec/jpeg/difference.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include "turbodicom/codec/jpeg/difference_loops.h"

namespace turbodicom::codec::jpeg {
namespace {

constexpr std::size_t kLanes = 16;

TURBODICOM_DIFFERENCE_LOOPS(TURBODICOM_TARGET_AVX2)

TURBODICOM_TARGET_AVX2 inline __m256i load_lanes(const std::uint16_t* from) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}

// Bits of each 16-bit magnitude: by half bytes first, then the upper byte decides where it is not 0.
TURBODICOM_TARGET_AVX2 inline __m256i categories(__m256i differences) {
  const __m256i low_half = _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4));
  const __m256i high_half = _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 5, 6, 6, 7, 7, 7, 7, 8, 8, 8, 8, 8, 8, 8, 8));
  const __m256i nibble = _mm256_set1_epi8(0x0F);
  const __m256i magnitude = _mm256_abs_epi16(differences);
  const __m256i of_bytes =
      _mm256_max_epu8(_mm256_shuffle_epi8(low_half, _mm256_and_si256(magnitude, nibble)),
                      _mm256_shuffle_epi8(high_half, _mm256_and_si256(_mm256_srli_epi16(magnitude, 4), nibble)));
  const __m256i upper = _mm256_srli_epi16(of_bytes, 8);
  const __m256i is_long = _mm256_cmpgt_epi16(upper, _mm256_setzero_si256());
  return _mm256_blendv_epi8(_mm256_and_si256(of_bytes, _mm256_set1_epi16(0xFF)),
                            _mm256_add_epi16(upper, _mm256_set1_epi16(8)), is_long);
}

TURBODICOM_TARGET_AVX2 void count_categories(const std::uint16_t* differences, std::size_t count,
                                             CategoryCounts& counts) {
  std::size_t i = 0;
  for (; i + 2 * kLanes <= count; i += 2 * kLanes) {
    const __m256i of_bytes =
        _mm256_packus_epi16(categories(load_lanes(differences + i)), categories(load_lanes(differences + i + kLanes)));
    for (std::size_t c = 0; c < kCategories; ++c) {
      const __m256i equal = _mm256_cmpeq_epi8(of_bytes, _mm256_set1_epi8(static_cast<char>(c)));
      counts[c] += static_cast<std::uint64_t>(__builtin_popcount(static_cast<unsigned>(_mm256_movemask_epi8(equal))));
    }
  }
  loops::count(differences + i, count - i, counts);
}

// Bytes of the first 16 entries, in both halves: those of `shift` bits up.
TURBODICOM_TARGET_AVX2 inline __m256i table_bytes(const std::array<std::uint16_t, 32>& entries, int shift) {
  alignas(16) std::uint8_t bytes[16];
  for (std::size_t i = 0; i < 16; ++i) bytes[i] = static_cast<std::uint8_t>(entries[i] >> shift);
  return _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(bytes)));
}

// 16 entries of 16 bits; indexes have 0x80 in their upper byte, where the look-up then gives 0.
struct Table {
  __m256i lower, upper;
  TURBODICOM_TARGET_AVX2 explicit Table(const std::array<std::uint16_t, 32>& entries)
      : lower(table_bytes(entries, 0)), upper(table_bytes(entries, 8)) {}
  TURBODICOM_TARGET_AVX2 __m256i operator()(__m256i index) const {
    return _mm256_or_si256(_mm256_shuffle_epi8(lower, index),
                           _mm256_slli_epi16(_mm256_shuffle_epi8(upper, index), 8));
  }
};

// Of each two 16-bit lanes: the first, then the second; then the same of 32-bit lanes. Puts the four codes.
TURBODICOM_TARGET_AVX2 inline void put_joined(__m256i bits, __m256i length, BitWriter& writer) {
  const __m256i low_16 = _mm256_set1_epi32(0xFFFF), low_32 = _mm256_set1_epi64x(0xFFFFFFFF);
  const __m256i length_16 = _mm256_srli_epi32(length, 16);
  const __m256i bits_32 = _mm256_or_si256(_mm256_sllv_epi32(_mm256_and_si256(bits, low_16), length_16),
                                          _mm256_srli_epi32(bits, 16));
  const __m256i lengths_32 = _mm256_madd_epi16(length, _mm256_set1_epi16(1));
  const __m256i length_32 = _mm256_srli_epi64(lengths_32, 32);
  const __m256i bits_64 = _mm256_or_si256(_mm256_sllv_epi64(_mm256_and_si256(bits_32, low_32), length_32),
                                          _mm256_srli_epi64(bits_32, 32));
  alignas(32) std::uint64_t codes[4], lengths[4];
  _mm256_store_si256(reinterpret_cast<__m256i*>(codes), bits_64);
  _mm256_store_si256(reinterpret_cast<__m256i*>(lengths),
                     _mm256_and_si256(_mm256_add_epi64(lengths_32, length_32), low_32));
  for (std::size_t i = 0; i < 4; ++i) writer.put(codes[i], static_cast<int>(lengths[i]));
}

TURBODICOM_TARGET_AVX2 BitWriter append(const std::uint16_t* differences, std::size_t count, const CategoryCodes& codes,
                                        BitWriter writer) {
  const Table bases(codes.short_base), masks(codes.mask);
  const __m256i lengths = table_bytes(codes.length, 0);
  const __m256i no_upper = _mm256_set1_epi16(static_cast<short>(0x8000));
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    const __m256i d = load_lanes(differences + i);
    const __m256i category = categories(d);
    const __m256i index = _mm256_or_si256(category, no_upper);
    const __m256i length = _mm256_shuffle_epi8(lengths, index);
    const __m256i is_long = _mm256_or_si256(_mm256_cmpgt_epi16(length, _mm256_set1_epi16(CategoryCodes::kShort)),
                                            _mm256_cmpgt_epi16(category, _mm256_set1_epi16(15)));
    if (_mm256_movemask_epi8(is_long) != 0) [[unlikely]] {
      writer = loops::append(differences + i, kLanes, codes, writer);
      continue;
    }
    const __m256i additional = _mm256_add_epi16(d, _mm256_srai_epi16(d, 15));
    put_joined(_mm256_add_epi16(bases(index), _mm256_and_si256(additional, masks(index))), length, writer);
  }
  return loops::append(differences + i, count - i, codes, writer);
}

}  // namespace

void use_avx2(DifferenceKernels& kernels) noexcept {
  use_loops(kernels);
  kernels.count = count_categories;
  kernels.append = append;
}

}  // namespace turbodicom::codec::jpeg

#endif  // TURBODICOM_X86
