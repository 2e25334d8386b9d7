// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Scalar kernels of RLE and the one selector.
#include "turbodicom/codec/rle/kernels.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace turbodicom::codec::rle {
namespace {

// A run takes at most 1 + kMaxRun bytes; the margin also covers reading one block past a literal.
constexpr std::size_t kMargin = 1 + kMaxRun + 16;

// What one run takes and gives (PS3.5 G.3.2): 0..127 copies the next n + 1 bytes, 129..255 repeats the
// next byte 257 - n times, 128 does nothing.
struct Run {
  std::size_t takes, gives;
};

// Runs of up to 16 bytes cost one block each, whatever their kind.
inline Run write_run(const std::uint8_t* from, std::uint8_t* out) {
  const std::size_t control = from[0];
  if (control < 128) {
    std::memcpy(out, from + 1, 16);
    if (control >= 16) std::memcpy(out + 16, from + 17, kMaxRun - 16);
    return {control + 2, control + 1};
  }
  if (control == 128) return {1, 0};
  std::memset(out, from[1], 16);
  if (replicate_length(control) > 16) std::memset(out + 16, from[1], kMaxRun - 16);
  return {2, replicate_length(control)};
}

// The last bytes of a segment are unpacked from a copy with room to read beyond them.
std::size_t unpack_tail(const std::uint8_t*& next, const std::uint8_t* end, std::uint8_t* out, std::size_t goal) {
  const auto left = static_cast<std::size_t>(end - next);
  std::array<std::uint8_t, 2 * kMargin> tail{};
  std::copy_n(next, left, tail.begin());
  std::size_t at = 0, done = 0;
  while (done < goal && at < left) {
    const Run run = write_run(tail.data() + at, out + done);
    if (run.takes > left - at) break;
    at += run.takes;
    done += run.gives;
  }
  next += at;
  return done;
}

std::size_t unpack(const std::uint8_t*& next, const std::uint8_t* end, std::uint8_t* out, std::size_t goal) {
  const std::uint8_t* from = next;
  std::size_t done = 0;
  while (done < goal && static_cast<std::size_t>(end - from) > kMargin) {
    const Run run = write_run(from, out + done);
    from += run.takes;
    done += run.gives;
  }
  next = from;
  return done < goal && next < end ? done + unpack_tail(next, end, out + done, goal - done) : done;
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
  RleKernels kernels{unpack, repeat_masks};
  return with_vectors(kernels, isa);
}

const RleKernels& rle_kernels() noexcept {
  static const RleKernels kernels = rle_kernels(active_isa());
  return kernels;
}

}  // namespace turbodicom::codec::rle
