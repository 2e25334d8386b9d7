// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The bytes of an entropy-coded segment up to its next 0xFF, which is stuffed or begins a marker (T.81 B.1.1.5). In
// noise there is one in 256, so looking and copying are one loop of a few steps, not two calls.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace turbodicom::codec::jpeg {

#if defined(__SSE2__)
// Returns which of the 16 are 0xFF, the first in the lowest bit.
inline unsigned copy_16(const std::uint8_t* from, std::uint8_t* to) noexcept {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(-1))));
}
#endif

// Copies what stands before the first 0xFF among `most` bytes and returns how many these are. Bytes of `to` behind them,
// up to `most`, may change. The two do not overlap.
inline std::size_t copy_plain_bytes(const std::uint8_t* from, std::uint8_t* to, std::size_t most) noexcept {
  std::size_t i = 0;
#if defined(__SSE2__)
  for (; i + 32 <= most; i += 32) {
    const unsigned found = copy_16(from + i, to + i) | copy_16(from + i + 16, to + i + 16) << 16;
    if (found != 0) return i + static_cast<std::size_t>(std::countr_zero(found));
  }
#endif
  for (; i < most && from[i] != 0xFF; ++i) to[i] = from[i];
  return i;
}

}  // namespace turbodicom::codec::jpeg
