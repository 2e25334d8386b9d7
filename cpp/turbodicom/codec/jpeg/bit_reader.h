// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Bits of an entropy-coded segment, most significant first (T.81 F.2.2.5): a 64-bit window, refilled 8 bytes at a
// time where no 0xFF is near. Stuffed zeros are dropped (B.1.1.5). At a marker, or where the bytes end, zeros follow
// for ever, and overrun() says whether any of them was used: asked once per MCU, so the loops need no check.
//
// Loops that want the window in registers take a copy of the reader, work on the copy, and assign it back.
#pragma once

#include <cstddef>
#include <cstdint>

#include "turbodicom/base/bytes.h"

namespace turbodicom::codec::jpeg {

class BitReader {
 public:
  // Bits that refill() guarantees.
  static constexpr int kRefilled = 56;

  BitReader() = default;
  // From byte `begin` of `source` on.
  BitReader(ByteView source, std::size_t begin) noexcept
      : next_(source.data() + begin), end_(source.data() + source.size()), source_(source.data()) {}

  // Afterwards the window has at least kRefilled bits.
  void refill() noexcept {
    if (end_ - next_ >= 8) {
      const std::uint64_t bytes = load_be<std::uint64_t>(next_);
      if (!has_ff(bytes)) [[likely]] {
        window_ |= bytes >> bits_;
        const int taken = (63 - bits_) >> 3;
        next_ += taken;
        bits_ += 8 * taken;
        return;
      }
    }
    *this = refilled_by_bytes(*this);  // by value: a reader whose address gets away does not stay in registers
  }

  // The next `count` bits, 1..kRefilled, not taken away. peek(0) is undefined.
  std::uint64_t peek(int count) const noexcept { return window_ >> (64 - count); }
  void skip(int count) noexcept {
    window_ <<= count;
    bits_ -= count;
  }
  // RECEIVE (F.2.2.4); 0 for count 0.
  std::uint32_t take(int count) noexcept {
    const auto value = static_cast<std::uint32_t>((window_ >> 1) >> (63 - count));
    skip(count);
    return value;
  }
  std::uint64_t window() const noexcept { return window_; }  // first bit on top

  // Whether bits were taken that the segment does not have.
  bool overrun() const noexcept { return bits_ < invented_; }
  // Whether all of the segment's bytes are in the window.
  bool at_end() const noexcept { return invented_ > 0; }

  // Bits of the segment that are in the window; none once it has overrun.
  int unread_bits() const noexcept { return overrun() ? 0 : bits_ - invented_; }

  // Where the segment's next byte would be read: at its end, the 0xFF of the marker, or the end of the bytes.
  std::size_t offset() const noexcept { return static_cast<std::size_t>(next_ - source_); }

 private:
  // Some byte is 0xFF: its complement has a zero byte.
  static bool has_ff(std::uint64_t bytes) noexcept {
    return ((~bytes - 0x0101010101010101u) & bytes & 0x8080808080808080u) != 0;
  }

  [[gnu::noinline]] static BitReader refilled_by_bytes(BitReader reader) noexcept {
    reader.refill_by_bytes();
    return reader;
  }

  void refill_by_bytes() noexcept {
    while (bits_ < kRefilled) {
      std::uint64_t byte = 0;
      if (next_ < end_ && *next_ != 0xFF) {
        byte = *next_++;
      } else if (const std::uint8_t* after = invented_ > 0 ? nullptr : behind_stuffed_ff(); after != nullptr) {
        byte = 0xFF;
        next_ = after;
      } else {
        invented_ += 8;
      }
      window_ |= byte << (56 - bits_);
      bits_ += 8;
    }
    if (invented_ > kMostInvented) forget_some();
  }

  // 0xFF, any number of further 0xFF, then 0x00 is one data byte 0xFF, as libjpeg reads it.
  const std::uint8_t* behind_stuffed_ff() const noexcept {
    if (next_ >= end_) return nullptr;
    const std::uint8_t* byte = next_ + 1;
    while (byte < end_ && *byte == 0xFF) ++byte;
    return byte < end_ && *byte == 0 ? byte + 1 : nullptr;
  }

  // Keeps the counters small however long somebody reads zeros: overrun() stays true.
  void forget_some() noexcept { invented_ = kMostInvented; }

  static constexpr int kMostInvented = 1 << 28;
  std::uint64_t window_ = 0;
  int bits_ = 0;      // in the window, invented ones included
  int invented_ = 0;  // zeros appended so far
  const std::uint8_t* next_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  const std::uint8_t* source_ = nullptr;
};

}  // namespace turbodicom::codec::jpeg
