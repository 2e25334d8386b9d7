// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// AVX2 kernels of RLE. unpack() and weave2() are the scalar ones: no AVX2 form of them has been measured.
#include "turbodicom/codec/rle/kernels.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include <array>

namespace turbodicom::codec::rle {
namespace {

// For out[3 * i + plane] = plane[i], 16 bytes of output at a time: which byte of a plane goes to each
// byte of output block `block`; 0x80 leaves a zero for another plane.
constexpr std::array<std::uint8_t, 16> plane_to_block(std::size_t plane, std::size_t block) {
  std::array<std::uint8_t, 16> shuffle{};
  for (std::size_t i = 0; i < 16; ++i) {
    const std::size_t byte = block * 16 + i;
    shuffle[i] = byte % 3 == plane ? static_cast<std::uint8_t>(byte / 3) : std::uint8_t{0x80};
  }
  return shuffle;
}
alignas(16) constexpr std::array<std::uint8_t, 16> kShuffles[3][3] = {
    {plane_to_block(0, 0), plane_to_block(1, 0), plane_to_block(2, 0)},
    {plane_to_block(0, 1), plane_to_block(1, 1), plane_to_block(2, 1)},
    {plane_to_block(0, 2), plane_to_block(1, 2), plane_to_block(2, 2)}};

TURBODICOM_TARGET_AVX2 __m128i load16(const std::uint8_t* from) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

TURBODICOM_TARGET_AVX2 void weave3(const std::uint8_t* a, const std::uint8_t* b, const std::uint8_t* c,
                                   std::size_t count, std::uint8_t* out) {
  std::size_t i = 0;
  for (; i + 16 <= count; i += 16, out += 48) {
    const __m128i planes[3] = {load16(a + i), load16(b + i), load16(c + i)};
    for (std::size_t block = 0; block < 3; ++block) {
      __m128i bytes = _mm_shuffle_epi8(planes[0], load16(kShuffles[block][0].data()));
      bytes = _mm_or_si128(bytes, _mm_shuffle_epi8(planes[1], load16(kShuffles[block][1].data())));
      bytes = _mm_or_si128(bytes, _mm_shuffle_epi8(planes[2], load16(kShuffles[block][2].data())));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 16 * block), bytes);
    }
  }
  for (; i < count; ++i, out += 3) {
    out[0] = a[i];
    out[1] = b[i];
    out[2] = c[i];
  }
}

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
  kernels.weave3 = weave3;
  kernels.repeat_masks = repeat_masks;
}

}  // namespace turbodicom::codec::rle

#endif
