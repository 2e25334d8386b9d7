// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/unpack_kernels.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include <cstring>

namespace turbodicom::pixel {
namespace {

alignas(32) constexpr std::uint8_t kByteOfCell[32] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1,
                                                      2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3};

// for each of 32 cells: out = (packed[cell / 8] & bit_of_cell(cell % 8)) != 0
// Four bytes go to every lane, each byte to its eight places; min(x, 1) makes "not zero" a 1.
TURBODICOM_TARGET_AVX2
void unpack_bits_avx2(const std::uint8_t* packed, std::uint8_t* out, std::size_t count) noexcept {
  const __m256i byte_of_cell = _mm256_load_si256(reinterpret_cast<const __m256i*>(kByteOfCell));
  std::uint64_t masks = 0;
  for (unsigned cell = 0; cell < 8; ++cell) masks |= std::uint64_t{bit_of_cell(cell)} << (8 * cell);
  const __m256i bits = _mm256_set1_epi64x(static_cast<long long>(masks));
  const __m256i one = _mm256_set1_epi8(1);
  for (; count >= 32; count -= 32, out += 32, packed += 4) {
    int four;
    std::memcpy(&four, packed, sizeof four);
    const __m256i bytes = _mm256_shuffle_epi8(_mm256_set1_epi32(four), byte_of_cell);
    const __m256i cells = _mm256_min_epu8(_mm256_and_si256(bytes, bits), one);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), cells);
  }
  for (std::size_t i = 0; i < count; ++i) out[i] = (packed[i / 8] & bit_of_cell(i % 8)) != 0;
}

}  // namespace

void use_avx2(UnpackKernels& kernels) noexcept { kernels.unpack_bits = unpack_bits_avx2; }

}  // namespace turbodicom::pixel

#endif
