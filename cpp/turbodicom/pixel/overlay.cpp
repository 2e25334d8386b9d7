// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/overlay.h"

#include <algorithm>
#include <array>
#include <string>

#include "turbodicom/base/checked.h"
#include "turbodicom/base/cpu.h"
#include "turbodicom/pixel/unpack.h"

namespace turbodicom::pixel {
namespace {

// Swapped words on the stack, a block at a time.
constexpr std::size_t kBlockBytes = 1024;

void swap_words(const std::uint8_t* words, std::size_t bytes, std::uint8_t* out) noexcept {
  for (std::size_t i = 0; i + 1 < bytes; i += 2) {
    out[i] = words[i + 1];
    out[i + 1] = words[i];
  }
  if (bytes % 2 != 0) out[bytes - 1] = words[bytes - 1];
}

void unpack_swapped(ByteView data, std::uint64_t first_bit, std::uint8_t* out, std::size_t pixels) noexcept {
  std::array<std::uint8_t, kBlockBytes> block;
  std::size_t byte = first_bit / 16 * 2;
  std::uint64_t skipped = first_bit % 16;
  while (pixels > 0) {
    const std::size_t bytes = std::min(kBlockBytes, data.size() - byte);
    swap_words(data.data() + byte, bytes, block.data());
    const std::size_t count = std::min<std::size_t>(pixels, 8 * bytes - skipped);
    unpack_bits(block.data(), skipped, out, count);
    byte += bytes;
    out += count;
    pixels -= count;
    skipped = 0;
  }
}

// Compiled once per instruction set, as flat_loop.h's.
template <typename T>
[[gnu::always_inline]] inline void pick_bit(const std::uint8_t* stored, std::uint32_t bit, std::uint8_t* out,
                                            std::size_t pixels) noexcept {
#if defined(TURBODICOM_PLANT_overlay_bit_below)
  const T mask = static_cast<T>(T{1} << (bit == 0 ? 0 : bit - 1));
#else
  const T mask = static_cast<T>(T{1} << bit);
#endif
  for (std::size_t i = 0; i < pixels; ++i) out[i] = (load_le<T>(stored + i * sizeof(T)) & mask) != 0;
}

#if defined(TURBODICOM_X86)
template <typename T>
TURBODICOM_TARGET_AVX2 void pick_bit_avx2(const std::uint8_t* stored, std::uint32_t bit, std::uint8_t* out,
                                          std::size_t pixels) noexcept {
  pick_bit<T>(stored, bit, out, pixels);
}
#endif

template <typename T>
void pick(const std::uint8_t* stored, std::uint32_t bit, std::uint8_t* out, std::size_t pixels) noexcept {
#if defined(TURBODICOM_X86)
  if (active_isa() >= Isa::avx2) return pick_bit_avx2<T>(stored, bit, out, pixels);
#endif
  pick_bit<T>(stored, bit, out, pixels);
}

}  // namespace

std::size_t overlay_pixels(ByteView data, std::uint64_t rows, std::uint64_t columns, std::uint64_t frames,
                           std::uint64_t first_bit) {
  const std::uint64_t pixels = checked_product({rows, columns, frames}, "overlay: number of pixels");
  const std::uint64_t last_bit = checked_add(first_bit, pixels, "overlay: number of bits");
  const std::uint64_t bits = checked_product({data.size(), 8}, "overlay: number of bits");
  if (last_bit > bits)
    fail(Errc::truncated_data, data.size(), "overlay: " + std::to_string(pixels) + " pixels from bit " + std::to_string(first_bit) +
                                                " on, beyond the " + std::to_string(data.size()) + " bytes of data, at byte " +
                                                std::to_string(data.size()) + " (PS3.3 C.9.2)");
  return static_cast<std::size_t>(pixels);
}

void unpack_overlay(ByteView data, std::uint64_t first_bit, bool is_big_endian, std::uint8_t* out, std::size_t pixels) noexcept {
  if (is_big_endian) return unpack_swapped(data, first_bit, out, pixels);
  unpack_bits(data.data(), first_bit, out, pixels);
}

void embedded_overlay(const std::uint8_t* stored, std::size_t sample_bytes, std::uint32_t bit, std::uint8_t* out,
                      std::size_t pixels) noexcept {
  switch (sample_bytes) {
    case 1: return pick<std::uint8_t>(stored, bit, out, pixels);
    case 2: return pick<std::uint16_t>(stored, bit, out, pixels);
    case 4: return pick<std::uint32_t>(stored, bit, out, pixels);
    default: return pick<std::uint64_t>(stored, bit, out, pixels);
  }
}

}  // namespace turbodicom::pixel
