// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Tokens of a block without a loop over its coefficients: vpcompressw brings those that are not 0, and their zig-zag
// indexes, together; runs are differences of neighbours, sizes are exponents of the magnitudes as floats. Stuffing of 32 bytes
// at a time by vpexpandb.
#include "turbodicom/codec/jpeg/block_coder.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include <array>
#include <bit>

namespace turbodicom::codec::jpeg {
namespace {

TURBODICOM_TARGET_AVX512 inline __m512i iota_words(short first) {
  const __m512i bytes = _mm512_cvtepi8_epi16(_mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
                                                              21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31));
  return _mm512_add_epi16(bytes, _mm512_set1_epi16(first));
}

// Sixteen tokens: index + (run modulo 16 << 4) + size, value bits on top.
TURBODICOM_TARGET_AVX512 inline void store_tokens(__m256i runs, __m256i values, __m512i ac, Token* out) {
  const __m512i value = _mm512_cvtepi16_epi32(values);
  const __m512i as_float = _mm512_castps_si512(_mm512_cvtepi32_ps(_mm512_abs_epi32(value)));
  const __m512i size = _mm512_sub_epi32(_mm512_srli_epi32(as_float, 23), _mm512_set1_epi32(126));
  const __m512i shifted = _mm512_add_epi32(value, _mm512_srai_epi32(value, 31));  // value - 1 where negative
  const __m512i bits = _mm512_andnot_si512(_mm512_sllv_epi32(_mm512_set1_epi32(-1), size), shifted);
  const __m512i run = _mm512_and_si512(_mm512_slli_epi32(_mm512_cvtepu16_epi32(runs), 4), _mm512_set1_epi32(0xF0));
  const __m512i index = _mm512_add_epi32(_mm512_add_epi32(run, size), ac);
  _mm512_storeu_si512(out, _mm512_or_si512(_mm512_slli_epi32(bits, 16), index));
}

// Puts symbols for 16 zeros in front of tokens with long runs, `is_long` by token; returns the new end. The tokens are moved
// all at once by vpexpandd where 16 places do, one by one elsewhere.
[[gnu::noinline]] TURBODICOM_TARGET_AVX512 Token* insert_runs(__m512i runs, std::uint32_t is_long, std::uint32_t ac, Token* out,
                                                              std::size_t count) {
  alignas(64) std::array<std::uint16_t, 32> run;
  _mm512_store_si512(run.data(), runs);
  std::uint64_t places = (std::uint64_t{1} << count) - 1;
  std::size_t inserted = 0;
  for (std::uint32_t rest = is_long; rest != 0; rest &= rest - 1) {
    const auto at = static_cast<std::size_t>(std::countr_zero(rest));
    const std::uint64_t below = (std::uint64_t{1} << (at + inserted)) - 1;
    places = (places & below) | (places & ~below) << (run[at] >> 4);
    inserted += run[at] >> 4;
  }
  const Token sixteen = token(ac + kRunOf16, 0);
  if (count + inserted <= 16) {
    const __m512i filler = _mm512_set1_epi32(static_cast<int>(sixteen));
    _mm512_storeu_si512(out, _mm512_mask_expand_epi32(filler, static_cast<__mmask16>(places), _mm512_loadu_si512(out)));
  } else {
    std::size_t from = count;
    for (std::size_t to = count + inserted; to-- > 0;) out[to] = (places >> to & 1) != 0 ? out[--from] : sixteen;
  }
  return out + count + inserted;
}

// The coefficients of half a block that `mask` names; returns the end. `before`: index of the last coefficient coded.
TURBODICOM_TARGET_AVX512 inline Token* tokenise_half(__m512i coefficients, std::uint32_t mask, short first, std::uint32_t before,
                                                     std::uint32_t ac, Token* out) {
  const auto count = static_cast<std::uint32_t>(__builtin_popcount(mask));
  const __m512i indexes = _mm512_maskz_compress_epi16(mask, iota_words(first));
  const __m512i values = _mm512_maskz_compress_epi16(mask, coefficients);
  __m512i previous = _mm512_permutexvar_epi16(iota_words(-1), indexes);
  previous = _mm512_mask_set1_epi16(previous, 1, static_cast<short>(before));
  const __m512i runs = _mm512_sub_epi16(_mm512_sub_epi16(indexes, previous), _mm512_set1_epi16(1));
  const __m512i index = _mm512_set1_epi32(static_cast<int>(ac));
  store_tokens(_mm512_castsi512_si256(runs), _mm512_castsi512_si256(values), index, out);
  if (count > 16) store_tokens(_mm512_extracti64x4_epi64(runs, 1), _mm512_extracti64x4_epi64(values, 1), index, out + 16);
  const std::uint32_t is_long = _mm512_mask_cmpgt_epu16_mask(_bzhi_u32(~0u, count), runs, _mm512_set1_epi16(15));
  return is_long == 0 ? out + count : insert_runs(runs, is_long, ac, out, count);
}

TURBODICOM_TARGET_AVX512 inline Token* tokenise_ac(const std::int16_t* block, std::uint64_t mask, std::uint32_t ac, Token* out) {
  const auto low = static_cast<std::uint32_t>(mask), high = static_cast<std::uint32_t>(mask >> 32);
  out = tokenise_half(_mm512_load_si512(block), low, 0, 0, ac, out);
  if (high == 0) return out;
  const std::uint32_t before = 31 - static_cast<std::uint32_t>(__builtin_clz(low | 1));
  return tokenise_half(_mm512_load_si512(block + 32), high, 32, before, ac, out);
}

TURBODICOM_TARGET_AVX512 Token* tokenise(TokenSource& source, std::span<const BlockPlace> places, Token* out) noexcept {
  TokenSource local = source;
  for (const BlockPlace place : places) {
    const std::int16_t* block = local.coefficients + std::size_t{64} * place.block;
    const std::uint64_t mask = local.masks[place.block] & ~std::uint64_t{1};
    const std::uint32_t c = place.component;
    const Magnitude dc = magnitude_of(block[0] - local.prediction[c]);
    local.prediction[c] = block[0];
    *out++ = token(local.dc[c] + dc.size, dc.bits);
    out = tokenise_ac(block, mask, local.ac[c], out);
    *out = token(local.ac[c] + kEndOfBlock, 0);
    out += 1 - (mask >> 63);
  }
  source.prediction = local.prediction;
  return out;
}

TURBODICOM_TARGET_AVX512 std::uint8_t* stuff(const std::uint8_t* bytes, std::size_t count, std::uint8_t* out) noexcept {
  for (std::size_t i = 0; i < count; i += 32) {
    const std::size_t left = count - i;
    const auto taken = static_cast<std::uint32_t>(left < 32 ? left : 32);
    const __m256i some = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + i));
    const std::uint32_t ff = _mm256_cmpeq_epi8_mask(some, _mm256_set1_epi8(-1)) & _bzhi_u32(~0u, taken);
    if (ff == 0) [[likely]] {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), some);
      out += taken;
      continue;
    }
    // Of 64 places, byte j goes to j plus the number of 0xFF before it: one zero place is put behind each 0xFF's.
    std::uint64_t places = ~std::uint64_t{0};
    std::uint32_t inserted = 1;
    for (std::uint32_t rest = ff; rest != 0; rest &= rest - 1, ++inserted)
      places &= ~(std::uint64_t{1} << (static_cast<std::uint32_t>(std::countr_zero(rest)) + inserted));
    _mm512_storeu_si512(out, _mm512_maskz_expand_epi8(places, _mm512_castsi256_si512(some)));
    out += taken + inserted - 1;
  }
  return out;
}

}  // namespace

void use_avx512(BlockKernels& kernels) noexcept {
  kernels.tokenise = tokenise;
  kernels.stuff = stuff;
}

}  // namespace turbodicom::codec::jpeg

#endif
