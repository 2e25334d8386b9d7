// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/layout_kernels.h"

#if defined(TURBODICOM_X86)

#include <cstring>

#include "turbodicom/pixel/triples_avx2.h"

namespace turbodicom::pixel {
namespace {

template <std::size_t kSampleBytes>
TURBODICOM_TARGET_AVX2 void interleave3_avx2(Planes from, std::uint8_t* pixels, std::size_t count) noexcept {
  constexpr std::size_t n = 32 / kSampleBytes;
  std::size_t i = 0;
  for (; count - i >= n; i += n) {
    const std::size_t at = i * kSampleBytes;
    store_triples<kSampleBytes>(pixels + 3 * at, Triples{{load_256(from.plane[0] + at), load_256(from.plane[1] + at),
                                                          load_256(from.plane[2] + at)}});
  }
  for (; i < count; ++i)
    for (std::size_t s = 0; s < 3; ++s)
      std::memcpy(pixels + (3 * i + s) * kSampleBytes, from.plane[s] + i * kSampleBytes, kSampleBytes);
}

template <std::size_t kSampleBytes>
TURBODICOM_TARGET_AVX2 void deinterleave3_avx2(const std::uint8_t* pixels, MutablePlanes to,
                                               std::size_t count) noexcept {
  constexpr std::size_t n = 32 / kSampleBytes;
  std::size_t i = 0;
  for (; count - i >= n; i += n) {
    const Triples triples = load_triples<kSampleBytes>(pixels + 3 * i * kSampleBytes);
    for (std::size_t s = 0; s < 3; ++s) store_256(to.plane[s] + i * kSampleBytes, triples.channel[s]);
  }
  for (; i < count; ++i)
    for (std::size_t s = 0; s < 3; ++s)
      std::memcpy(to.plane[s] + i * kSampleBytes, pixels + (3 * i + s) * kSampleBytes, kSampleBytes);
}

}  // namespace

void use_avx2(LayoutKernels& kernels) noexcept {
  kernels.interleave3_u8 = interleave3_avx2<1>;
  kernels.interleave3_u16 = interleave3_avx2<2>;
  kernels.deinterleave3_u8 = deinterleave3_avx2<1>;
  kernels.deinterleave3_u16 = deinterleave3_avx2<2>;
}

}  // namespace turbodicom::pixel

#endif
