// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Writing an entropy-coded segment, most significant bit first (T.81 F.1.2.3): a 64-bit accumulator, written 8 bytes
// at a time where none of them is 0xFF; otherwise a zero is stuffed behind each 0xFF (B.1.1.5). Nothing is checked
// per symbol: the caller's buffer holds max_segment_bytes() of the bits to come.
//
// Loops that want the accumulator in registers take a copy of the writer, work on the copy, and assign it back.
#pragma once

#include <cstddef>
#include <cstdint>

#include "turbodicom/base/bytes.h"

namespace turbodicom::codec::jpeg {

// Whether some byte is 0xFF: its complement has a zero byte.
constexpr bool has_ff_byte(std::uint64_t bytes) noexcept {
  return ((~bytes - 0x0101010101010101u) & bytes & 0x8080808080808080u) != 0;
}

// What `bits` bits take at most in the buffer: every byte is 0xFF, and the last store writes 8 bytes.
constexpr std::size_t max_segment_bytes(std::size_t bits) noexcept { return 2 * (bits / 8 + 1) + 16; }

class BitWriter {
 public:
  BitWriter() = default;
  explicit BitWriter(std::uint8_t* out) noexcept : next_(out) {}

  // Appends the low `count` bits of `bits`, 0..63; the bits above them are 0.
  void put(std::uint64_t bits, int count) noexcept {
    free_ -= count;
    if (free_ >= 0) {
      pending_ = pending_ << count | bits;
      return;
    }
    write(pending_ << (count + free_) | bits >> -free_);
    pending_ = bits;  // those above the last 64 - free_ are shifted out in time
    free_ += 64;
  }

  // Fills the last byte with 1-bits (F.1.2.3) and writes what is pending; the next put() begins a new segment.
  // Returns the byte behind the segment.
  std::uint8_t* finish() noexcept {
    const int padding = free_ & 7;
    put((std::uint64_t{1} << padding) - 1, padding);
    for (int left = 64 - free_; left > 0; left -= 8) write_byte(static_cast<std::uint8_t>(pending_ >> (left - 8)));
    pending_ = 0;
    free_ = 64;
    return next_;
  }

  // finish(), then RSTm (B.2.1) with m = `number` modulo 8.
  void restart(std::uint32_t number) noexcept {
    finish();
    *next_++ = 0xFF;
    *next_++ = static_cast<std::uint8_t>(0xD0 + (number & 7));
  }

 private:
  void write(std::uint64_t bytes) noexcept {
    if (!has_ff_byte(bytes)) [[likely]] {
      store_be(next_, bytes);
      next_ += 8;
    } else {
      for (int shift = 56; shift >= 0; shift -= 8) write_byte(static_cast<std::uint8_t>(bytes >> shift));
    }
  }
  void write_byte(std::uint8_t byte) noexcept {
    *next_++ = byte;
    *next_ = 0;
    next_ += byte == 0xFF;
  }

  std::uint64_t pending_ = 0;  // the low 64 - free_ bits are to be written
  int free_ = 64;
  std::uint8_t* next_ = nullptr;
};

}  // namespace turbodicom::codec::jpeg
