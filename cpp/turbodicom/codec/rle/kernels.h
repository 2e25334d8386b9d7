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

// unpack() works in whole batches of runs: how many bytes past the goal it may decode or scribble
// (our choice: 126 runs of the longest kind, and the slack of one pair of 64-byte stores).
inline constexpr std::size_t kOvershoot = 126 * kMaxRun + 256;

// What the encoder asks of a row: bit i is set where byte i equals byte i + 1.
inline constexpr std::size_t kMaskBits = 64;

struct RleKernels {
  // Decodes whole runs from `next` until at least `goal` bytes are out or fewer than a few hundred
  // bytes of the segment are left; moves `next`, returns the bytes decoded. `out` has room for
  // goal + kOvershoot bytes.
  std::size_t (*unpack)(const std::uint8_t*& next, const std::uint8_t* end, std::uint8_t* out, std::size_t goal);
  // Interleaves: out[2 * i] = a[i], out[2 * i + 1] = b[i]; the others likewise.
  void (*weave2)(const std::uint8_t* a, const std::uint8_t* b, std::size_t count, std::uint8_t* out);
  void (*weave3)(const std::uint8_t* a, const std::uint8_t* b, const std::uint8_t* c, std::size_t count,
                 std::uint8_t* out);
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
