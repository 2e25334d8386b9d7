// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Values and sizes of a block by vectors, sizes being exponents of the magnitudes as floats; runs one by one. Stuffing
// 32 bytes at a time.
#include "turbodicom/codec/jpeg/block_coder.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include <array>
#include <bit>

#include "turbodicom/codec/jpeg/block_coder_loops.h"

namespace turbodicom::codec::jpeg {
namespace {

// Tokens of 32 coefficients as if each came after no zeros: what is left to add is the run.
TURBODICOM_TARGET_AVX2 inline void prepare_half(const std::int16_t* coefficients, std::uint32_t ac, Token* tokens) {
  const __m256i index = _mm256_set1_epi32(static_cast<int>(ac) - 126);
  for (std::size_t i = 0; i < 32; i += 8) {
    const __m256i value = _mm256_cvtepi16_epi32(_mm_load_si128(reinterpret_cast<const __m128i*>(coefficients + i)));
    const __m256i as_float = _mm256_castps_si256(_mm256_cvtepi32_ps(_mm256_abs_epi32(value)));
    const __m256i biased_size = _mm256_srli_epi32(as_float, 23);  // the exponent
    const __m256i ones = _mm256_sllv_epi32(_mm256_set1_epi32(-1), _mm256_sub_epi32(biased_size, _mm256_set1_epi32(126)));
    const __m256i bits = _mm256_andnot_si256(ones, _mm256_add_epi32(value, _mm256_srai_epi32(value, 31)));
    const __m256i token = _mm256_add_epi32(_mm256_slli_epi32(bits, 16), _mm256_add_epi32(biased_size, index));
    _mm256_store_si256(reinterpret_cast<__m256i*>(tokens + i), token);
  }
}

TURBODICOM_TARGET_AVX2 inline Token* tokenise_ac(const std::int16_t* block, std::uint64_t mask, std::uint32_t ac, Token* out) {
  alignas(32) std::array<Token, 64> tokens;
  if (static_cast<std::uint32_t>(mask) != 0) prepare_half(block, ac, tokens.data());
  if (mask >> 32 != 0) prepare_half(block + 32, ac, tokens.data() + 32);
  std::uint32_t before = 0;
  for (; mask != 0; mask &= mask - 1) {
    const auto k = static_cast<std::uint32_t>(std::countr_zero(mask));
    std::uint32_t run = k - before - 1;
    before = k;
    for (; run > 15; run -= 16) *out++ = token(ac + kRunOf16, 0);
    *out++ = tokens[k] + (run << 4);
  }
  *out = token(ac + kEndOfBlock, 0);
  return out + (before != 63);
}

TURBODICOM_TARGET_AVX2 Token* tokenise(TokenSource& source, std::span<const BlockPlace> places, Token* out) noexcept {
  TokenSource local = source;
  for (const BlockPlace place : places) {
    const std::int16_t* block = local.coefficients + std::size_t{64} * place.block;
    const std::uint32_t c = place.component;
    const Magnitude dc = magnitude_of(block[0] - local.prediction[c]);
    local.prediction[c] = block[0];
    *out++ = token(local.dc[c] + dc.size, dc.bits);
    out = tokenise_ac(block, local.masks[place.block] & ~std::uint64_t{1}, local.ac[c], out);
  }
  source.prediction = local.prediction;
  return out;
}

TURBODICOM_TARGET_AVX2 std::uint8_t* stuff(const std::uint8_t* bytes, std::size_t count, std::uint8_t* out) noexcept {
  std::size_t i = 0;
  for (; i + 32 <= count; i += 32) {
    const __m256i some = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + i));
    if (_mm256_movemask_epi8(_mm256_cmpeq_epi8(some, _mm256_set1_epi8(-1))) == 0) [[likely]] {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), some);
      out += 32;
    } else {
      out = loops::stuff_bytes(bytes + i, 32, out);
    }
  }
  return loops::stuff_bytes(bytes + i, count - i, out);
}

}  // namespace

void use_avx2(BlockKernels& kernels) noexcept {
  kernels.tokenise = tokenise;
  kernels.stuff = stuff;
}

}  // namespace turbodicom::codec::jpeg

#endif
