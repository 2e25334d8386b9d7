// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/unpack.h"

#include <algorithm>

#include "turbodicom/base/bytes.h"
#include "turbodicom/pixel/unpack_kernels.h"

namespace turbodicom::pixel {
namespace {

std::uint8_t cell_of(std::uint8_t byte, std::uint64_t cell) noexcept {
  return (byte & bit_of_cell(static_cast<unsigned>(cell & 7))) != 0;
}

// Byte i: the mask of cell i. What a byte's eight cells are tested with at once.
constexpr std::uint64_t all_cell_masks() noexcept {
  std::uint64_t masks = 0;
  for (unsigned cell = 0; cell < 8; ++cell) masks |= std::uint64_t{bit_of_cell(cell)} << (8 * cell);
  return masks;
}

// Eight cells at a time: copy the byte eight times, keep one bit in each copy, then carry "not zero"
// into bit 7 and down to bit 0. No copy carries into the next: 0x80 + 0x7F fits.
void unpack_bits_scalar(const std::uint8_t* packed, std::uint8_t* out, std::size_t count) noexcept {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101;
  for (; count >= 8; count -= 8, out += 8, ++packed) {
    const std::uint64_t kept = (*packed * kOnes) & all_cell_masks();
    store_le(out, ((kept + 0x7F * kOnes) >> 7) & kOnes);
  }
  for (std::size_t i = 0; i < count; ++i) out[i] = cell_of(*packed, i);
}

std::uint16_t word12(const std::uint8_t* packed, std::uint64_t sample) noexcept {
  const std::uint8_t* const pair = packed + sample / 2 * 3;
  const unsigned value = (sample & 1) == 0 ? pair[0] | (pair[1] & 0x0Fu) << 8 : pair[1] >> 4 | unsigned{pair[2]} << 4;
  return static_cast<std::uint16_t>(value);
}

}  // namespace

UnpackKernels unpack_kernels_of([[maybe_unused]] Isa isa) noexcept {
  UnpackKernels kernels{unpack_bits_scalar};
#if defined(TURBODICOM_X86)
  if (isa >= Isa::avx2) use_avx2(kernels);
#endif
  return kernels;
}

const UnpackKernels& unpack_kernels() noexcept {
  static const UnpackKernels kernels = unpack_kernels_of(active_isa());
  return kernels;
}

void unpack_bits(const std::uint8_t* packed, std::uint64_t first_bit, std::uint8_t* out, std::size_t count) noexcept {
  packed += first_bit / 8;
  const std::uint64_t skipped = first_bit % 8;
  if (skipped != 0) {
    const std::size_t head = std::min<std::size_t>(count, 8 - skipped);
    for (std::size_t i = 0; i < head; ++i) out[i] = cell_of(*packed, skipped + i);
    ++packed;
    out += head;
    count -= head;
  }
  unpack_kernels().unpack_bits(packed, out, count);
}

void pack_bits(const std::uint8_t* samples, std::size_t count, std::uint8_t* packed) noexcept {
  for (std::size_t first = 0; first < count; first += 8) {
    unsigned byte = 0;
    for (std::size_t i = 0; i < 8 && first + i < count; ++i) byte |= (samples[first + i] != 0 ? 1u : 0u) << i;
    *packed++ = static_cast<std::uint8_t>(byte);
  }
}

void unpack_12_bits(const std::uint8_t* packed, std::uint64_t first_sample, std::uint16_t* out,
                    std::size_t count) noexcept {
  std::size_t i = 0;
  if ((first_sample & 1) != 0 && count > 0) out[i++] = word12(packed, first_sample);
  const std::uint8_t* pair = packed + (first_sample + i) / 2 * 3;
  for (; count - i >= 2; i += 2, pair += 3) {
    out[i] = word12(pair, 0);
    out[i + 1] = word12(pair, 1);
  }
  if (i < count) out[i] = word12(pair, 0);
}

void pack_12_bits(const std::uint16_t* samples, std::size_t count, std::uint8_t* packed) noexcept {
  for (std::size_t i = 0; i < count; i += 2) {
    const unsigned even = samples[i] & 0xFFFu;
    const unsigned odd = i + 1 < count ? samples[i + 1] & 0xFFFu : 0;
    *packed++ = static_cast<std::uint8_t>(even);
    *packed++ = static_cast<std::uint8_t>(even >> 8 | (odd & 0xF) << 4);
    if (i + 1 < count) *packed++ = static_cast<std::uint8_t>(odd >> 4);
  }
}

}  // namespace turbodicom::pixel
