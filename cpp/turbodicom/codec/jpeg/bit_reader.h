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
  [[gnu::always_inline]] void refill() noexcept {
    if (end_ - next_ >= 8) {
      const std::uint64_t bytes = load_be<std::uint64_t>(next_);
      const unsigned taken = (63 - bits()) >> 3;
      if (((ff_bytes(bytes) >> 1) >> (63 - 8 * taken)) == 0) [[likely]] {  // none among those taken
        window_ |= bytes >> (bits_ & 63);
        next_ += taken;
        bits_ += 8 * taken;
        return;
      }
    }
    *this = refilled_by_bytes(*this);  // by value: a reader whose address gets away does not stay in registers
  }

  // The next `count` bits, 1..kRefilled, not taken away. peek(0) is undefined.
  std::uint64_t peek(int count) const noexcept { return window_ >> (64 - count); }
  // Only the low six bits of `count` matter: entries of look-up tables carry more above them.
  void skip(std::uint64_t count) noexcept {
    window_ <<= count & 63;
    bits_ -= count;
  }
  // RECEIVE (F.2.2.4); 0 for count 0.
  std::uint32_t take(int count) noexcept {
    const auto value = static_cast<std::uint32_t>((window_ >> 1) >> (63 - count));
    skip(static_cast<std::uint64_t>(count));
    return value;
  }
  std::uint64_t window() const noexcept { return window_; }  // first bit on top

  // Whether bits were taken that the segment does not have.
  bool overrun() const noexcept { return bits() < invented_; }
  // Whether all of the segment's bytes are in the window.
  bool at_end() const noexcept { return invented_ > 0; }

  // Bits of the segment that are in the window; none once it has overrun.
  int unread_bits() const noexcept { return overrun() ? 0 : static_cast<int>(bits() - invented_); }

  // Where the segment's next byte would be read: at its end, the 0xFF of the marker, or the end of the bytes.
  std::size_t offset() const noexcept { return static_cast<std::size_t>(next_ - source_); }

 private:
  // Marks each byte that is 0xFF, whose complement is a zero byte; some byte above one may be marked in error.
  static std::uint64_t ff_bytes(std::uint64_t bytes) noexcept {
    return (~bytes - 0x0101010101010101u) & bytes & 0x8080808080808080u;
  }

  [[gnu::noinline]] static BitReader refilled_by_bytes(BitReader reader) noexcept {
    reader.refill_by_bytes();
    return reader;
  }

  void refill_by_bytes() noexcept {
    bits_ = bits();
    window_ &= ~(~std::uint64_t{0} >> bits_);  // bits that came along with the last eight bytes, not counted yet
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

  unsigned bits() const noexcept { return static_cast<unsigned>(bits_ & 63); }

  static constexpr unsigned kMostInvented = 1u << 28;
  std::uint64_t window_ = 0;
  std::uint64_t bits_ = 0;  // in the window, invented ones included; modulo 64, whatever stands above
  unsigned invented_ = 0;   // zeros appended so far
  const std::uint8_t* next_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  const std::uint8_t* source_ = nullptr;
};

}  // namespace turbodicom::codec::jpeg
