// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Scalar kernels of RLE and the one selector.
#include "turbodicom/codec/rle/kernels.h"

#include <cstring>

namespace turbodicom::codec::rle {
namespace {

// A run is at most 1 + kMaxRun bytes; the margin also covers reading one block past a literal.
constexpr std::ptrdiff_t kMargin = 1 + kMaxRun + 16;

// One run (PS3.5 G.3.2): 0..127 copies the next n + 1 bytes, 129..255 repeats the next byte 257 - n
// times, 128 does nothing. Runs of up to 16 bytes cost one block each, whatever their kind.
std::size_t unpack(const std::uint8_t*& next, const std::uint8_t* end, std::uint8_t* out, std::size_t goal) {
  const std::uint8_t* from = next;
  std::size_t done = 0;
  while (done < goal && end - from > kMargin) {
    const unsigned control = from[0];
    if (control < 128) {
      std::memcpy(out + done, from + 1, 16);
      if (control >= 16) std::memcpy(out + done + 16, from + 17, kMaxRun - 16);
      done += control + 1;
      from += control + 2;
    } else if (control > 128) {
      std::memset(out + done, from[1], 16);
      if (257 - control > 16) std::memset(out + done + 16, from[1], kMaxRun - 16);
      done += 257 - control;
      from += 2;
    } else {
      from += 1;
    }
  }
  next = from;
  return done;
}

void weave2(const std::uint8_t* __restrict a, const std::uint8_t* __restrict b, std::size_t count,
            std::uint8_t* __restrict out) {
  for (std::size_t i = 0; i < count; ++i) {
    out[2 * i] = a[i];
    out[2 * i + 1] = b[i];
  }
}

void weave3(const std::uint8_t* __restrict a, const std::uint8_t* __restrict b, const std::uint8_t* __restrict c,
            std::size_t count, std::uint8_t* __restrict out) {
  for (std::size_t i = 0; i < count; ++i) {
    out[3 * i] = a[i];
    out[3 * i + 1] = b[i];
    out[3 * i + 2] = c[i];
  }
}

// Eight comparisons at a time: a zero byte of x ^ (x shifted by one byte) becomes the top bit of its
// byte, and one multiplication gathers the eight top bits.
void repeat_masks(const std::uint8_t* bytes, std::size_t count, std::uint64_t* masks) {
  constexpr std::uint64_t kLow7 = 0x7F7F7F7F7F7F7F7F;
  for (std::size_t first = 0; first < count; first += kMaskBits) {
    std::uint64_t mask = 0;
    for (std::size_t i = 0; i < kMaskBits; i += 8) {
      std::uint64_t here, after;
      std::memcpy(&here, bytes + first + i, 8);
      std::memcpy(&after, bytes + first + i + 1, 8);
      const std::uint64_t differ = here ^ after;
      const std::uint64_t equal = ~(((differ & kLow7) + kLow7) | differ | kLow7);
      mask |= ((equal >> 7) * 0x0102040810204080 >> 56) << i;
    }
    const std::size_t pairs = count - 1 - first;  // bits that compare two bytes of this row
    masks[first / kMaskBits] = pairs < kMaskBits ? mask & ((std::uint64_t{1} << pairs) - 1) : mask;
  }
}

}  // namespace

RleKernels rle_kernels(Isa isa) noexcept {
  RleKernels kernels{unpack, weave2, weave3, repeat_masks};
#if defined(TURBODICOM_X86)
  if (isa == Isa::avx2 || isa == Isa::avx512) use_avx2(kernels);
  if (isa == Isa::avx512) use_avx512(kernels);
#else
  static_cast<void>(isa);
#endif
  return kernels;
}

const RleKernels& rle_kernels() noexcept {
  static const RleKernels kernels = rle_kernels(active_isa());
  return kernels;
}

}  // namespace turbodicom::codec::rle
