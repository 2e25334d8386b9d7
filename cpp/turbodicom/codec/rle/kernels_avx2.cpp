// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// AVX2 kernels of RLE. unpack() is the scalar one: no AVX2 form of it has been measured.
#include "turbodicom/codec/rle/kernels.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

namespace turbodicom::codec::rle {
namespace {

TURBODICOM_TARGET_AVX2 std::uint32_t equal_to_next(const std::uint8_t* bytes) {
  const __m256i here = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
  const __m256i after = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + 1));
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(here, after)));
}

TURBODICOM_TARGET_AVX2 void repeat_masks(const std::uint8_t* bytes, std::size_t count, std::uint64_t* masks) {
  for (std::size_t first = 0; first < count; first += kMaskBits) {
    const std::uint64_t mask = std::uint64_t{equal_to_next(bytes + first + 32)} << 32 | equal_to_next(bytes + first);
    const std::size_t pairs = count - 1 - first;
    masks[first / kMaskBits] = pairs < kMaskBits ? mask & ((std::uint64_t{1} << pairs) - 1) : mask;
  }
}

}  // namespace

void use_avx2(RleKernels& kernels) noexcept {
  kernels.repeat_masks = repeat_masks;
}

}  // namespace turbodicom::codec::rle

#endif
