// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The loops of RLE worth a vector version, as one table of functions. kernels.cpp holds the scalar
// ones and the selector; all levels give equal bits. None of them can fail.
#pragma once

#include <cstddef>
#include <cstdint>

#include "turbodicom/base/cpu.h"

namespace turbodicom::codec::rle {

// A replicate or literal run is at most 128 bytes (PS3.5 G.3.1).
inline constexpr std::size_t kMaxRun = 128;

// Bytes that a control byte above 128 announces (PS3.5 G.3.2).
constexpr std::size_t replicate_length(std::size_t control) noexcept {
#if defined(TURBODICOM_PLANT_rle_off_by_one)
  return 256 - control;
#else
  return 257 - control;
#endif
}

// unpack() looks at the goal every so many runs; how many bytes past it may be decoded or scribbled on.
inline constexpr std::size_t kRunsAtOnce = 8;  // our choice
inline constexpr std::size_t kOvershoot = (kRunsAtOnce + 1) * kMaxRun;

// What the encoder asks of a row: bit i is set where byte i equals byte i + 1.
inline constexpr std::size_t kMaskBits = 64;

struct RleKernels {
  // Decodes whole runs from `next` until at least `goal` bytes are out or what is left up to `end` is
  // no whole run; moves `next`, returns the bytes decoded. `out` has room for goal + kOvershoot bytes.
  std::size_t (*unpack)(const std::uint8_t*& next, const std::uint8_t* end, std::uint8_t* out, std::size_t goal);
  // Bit i of masks[i / 64]: bytes[i] == bytes[i + 1], for i + 1 < count; all later bits of the last
  // word are 0. Reads `bytes` up to the next multiple of 64, and one more.
  void (*repeat_masks)(const std::uint8_t* bytes, std::size_t count, std::uint64_t* masks);
};

// The table of one level, and that of active_isa().
RleKernels rle_kernels(Isa isa) noexcept;
const RleKernels& rle_kernels() noexcept;

void use_avx2(RleKernels& kernels) noexcept;
void use_avx512(RleKernels& kernels) noexcept;

}  // namespace turbodicom::codec::rle
