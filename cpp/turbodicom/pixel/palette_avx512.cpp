// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/palette_kernels.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include <array>

namespace turbodicom::pixel {
namespace {

// 256 entries of a channel in four registers.
struct Channel {
  __m512i quarter[4];
};

TURBODICOM_TARGET_AVX512 inline Channel load_channel(const std::uint8_t* table) noexcept {
  Channel channel;
  for (std::size_t q = 0; q < 4; ++q) channel.quarter[q] = _mm512_loadu_si512(table + 64 * q);
  return channel;
}

// A look-up in two registers takes 7 bits of the index; its top bit chooses between two look-ups.
TURBODICOM_TARGET_AVX512 inline __m512i look_up(const Channel& channel, __m512i index, __mmask64 upper) noexcept {
  const __m512i low = _mm512_permutex2var_epi8(channel.quarter[0], index, channel.quarter[1]);
  const __m512i high = _mm512_permutex2var_epi8(channel.quarter[2], index, channel.quarter[3]);
  return _mm512_mask_blend_epi8(upper, low, high);
}

// Byte n = 64 * block + at of 192 is sample n % 3 of pixel n / 3: from R or G by a look-up in two registers (64 and
// more: G), or from B where the mask says so.
struct alignas(64) Weave {
  std::array<std::uint8_t, 64> red_green{}, blue{};
  std::uint64_t is_blue = 0;

  constexpr explicit Weave(std::size_t block) {
    for (std::size_t at = 0; at < 64; ++at) {
      const std::size_t n = 64 * block + at;
      red_green[at] = static_cast<std::uint8_t>(n / 3 + (n % 3 == 1 ? 64 : 0));
      blue[at] = static_cast<std::uint8_t>(n / 3);
      if (n % 3 == 2) is_blue |= std::uint64_t{1} << at;
    }
  }
};
constexpr Weave kWeave[3] = {Weave(0), Weave(1), Weave(2)};

TURBODICOM_TARGET_AVX512 inline __m512i woven(const Weave& weave, __m512i red, __m512i green, __m512i blue) noexcept {
  const __m512i two = _mm512_permutex2var_epi8(red, _mm512_load_si512(weave.red_green.data()), green);
  return _mm512_mask_permutexvar_epi8(two, weave.is_blue, _mm512_load_si512(weave.blue.data()), blue);
}

// Byte i: whether it is one of the first `count`, for any count.
TURBODICOM_TARGET_AVX512 inline __mmask64 first_bytes(std::size_t count) noexcept {
  return _bzhi_u64(~std::uint64_t{0}, static_cast<unsigned>(count < 64 ? count : 64));
}

struct Woven {
  std::uint8_t* rgb;

  TURBODICOM_TARGET_AVX512 void store(std::size_t at, std::size_t pixels, __m512i r, __m512i g, __m512i b) const noexcept {
    for (std::size_t block = 0; block < 3; ++block) {
      const std::size_t bytes = 3 * pixels > 64 * block ? 3 * pixels - 64 * block : 0;
      _mm512_mask_storeu_epi8(rgb + 3 * at + 64 * block, first_bytes(bytes), woven(kWeave[block], r, g, b));
    }
  }
};

struct Planes {
  std::uint8_t* const* planes;

  TURBODICOM_TARGET_AVX512 void store(std::size_t at, std::size_t pixels, __m512i r, __m512i g, __m512i b) const noexcept {
    _mm512_mask_storeu_epi8(planes[0] + at, first_bytes(pixels), r);
    _mm512_mask_storeu_epi8(planes[1] + at, first_bytes(pixels), g);
    _mm512_mask_storeu_epi8(planes[2] + at, first_bytes(pixels), b);
  }
};

// for each of 64 pixels: sample k = table[256k + index]; the flags are counted likewise.
// The last round takes what is left by masks: no byte outside is read or written.
template <typename Destination>
TURBODICOM_TARGET_AVX512 std::size_t look_up_all(const std::uint8_t* indexes, std::size_t count, const std::uint8_t* table,
                                                 Destination destination) noexcept {
  const Channel red = load_channel(table), green = load_channel(table + 256), blue = load_channel(table + 512);
  const Channel flags = load_channel(table + 768);
  std::size_t outside = 0;
  for (std::size_t at = 0; at < count; at += 64) {
    const std::size_t pixels = count - at < 64 ? count - at : 64;
    const __mmask64 present = first_bytes(pixels);
    const __m512i index = _mm512_maskz_loadu_epi8(present, indexes + at);
    const __mmask64 upper = _mm512_movepi8_mask(index);
    outside += static_cast<std::size_t>(_mm_popcnt_u64(_mm512_movepi8_mask(look_up(flags, index, upper)) & present));
    destination.store(at, pixels, look_up(red, index, upper), look_up(green, index, upper), look_up(blue, index, upper));
  }
  return outside;
}

TURBODICOM_TARGET_AVX512 std::size_t resolved(const std::uint8_t* indexes, std::size_t count, const std::uint8_t* table,
                                              std::uint8_t* rgb) noexcept {
  return look_up_all(indexes, count, table, Woven{rgb});
}

TURBODICOM_TARGET_AVX512 std::size_t resolved_planes(const std::uint8_t* indexes, std::size_t count, const std::uint8_t* table,
                                                     std::uint8_t* const* planes) noexcept {
  return look_up_all(indexes, count, table, Planes{planes});
}

}  // namespace

void use_avx512(PaletteKernels& kernels) noexcept {
  kernels.resolved = resolved;
  kernels.resolved_planes = resolved_planes;
}

}  // namespace turbodicom::pixel

#endif
