// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Unpacks one segment, strip by strip (PS3.5 G.3.2): whole runs by the kernel, a last one that the
// segment's end cuts here.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "turbodicom/base/bytes.h"
#include "turbodicom/codec/rle/kernels.h"

namespace turbodicom::codec::rle {

// Bytes of a segment unpacked at once, at most; all segments of a pixel then go to the destination while
// still in the first-level cache. Their strips share kStripsRoom bytes (our choice, as are the sizes).
inline constexpr std::size_t kMaxStripBytes = 8192;
inline constexpr std::size_t kStripsRoom = 32768;

// Room of one strip out of `strips`: whole cache lines, an odd number of them, so that the same byte of
// two strips is never in the same set of the cache.
constexpr std::size_t strip_room(std::size_t strips) noexcept {
  const std::size_t lines = std::min(kStripsRoom / strips, kMaxStripBytes + kOvershoot) / 64;
  return (lines - 1 + lines % 2) * 64;
}
constexpr std::size_t strip_bytes(std::size_t strips) noexcept { return (strip_room(strips) - kOvershoot) / 64 * 64; }

class SegmentReader {
 public:
  SegmentReader() = default;
  // `strip` stays the caller's; it has kOvershoot bytes more than read() is ever asked for.
  SegmentReader(ByteView segment, std::uint8_t* strip) noexcept;

  // Puts the next `count` bytes at the head of strip(); zeros where the segment has no more.
  void read(std::size_t count) noexcept;

  const std::uint8_t* strip() const noexcept { return strip_; }
  std::size_t decoded() const noexcept { return decoded_; }   // bytes read() took from the segment
  bool is_short() const noexcept { return is_short_; }        // read() had to fill up

  // After the last read(): how the segment ended. Independent of the kernel that ran.
  struct Ending {
    const std::uint8_t* next;  // behind the run that gave the last byte
    bool run_past_end;         // that run went on, or lacked bytes nobody needed
    bool trailing_bytes;       // more follows than the one zero that makes the length even (PS3.5 G.3)
  };
  Ending ending() const noexcept;

 private:
  std::size_t unpack_cut_run(std::uint8_t* out) noexcept;

  const std::uint8_t* next_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  std::uint8_t* strip_ = nullptr;
  std::size_t ahead_ = 0;    // bytes at the head of the strip that an earlier run already gave
  std::size_t decoded_ = 0;
  bool is_short_ = false;
  bool last_run_cut_ = false;  // the segment's end cut a literal run
  // Where the last read() began, for ending().
  const std::uint8_t* last_next_ = nullptr;
  std::size_t last_ahead_ = 0;
  std::size_t last_count_ = 0;
};

}  // namespace turbodicom::codec::rle
