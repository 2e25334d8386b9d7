// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Bits of an entropy-coded segment, most significant first (T.81 F.2.2.5): a 64-bit window, refilled 8 bytes at a
// time. At a marker, or where the bytes end, zeros follow for ever, and overrun() says whether any of them was
// used: asked once per MCU, so the loops need no check.
//
// Loops that want the window in registers take a copy of the reader, work on the copy, and assign it back.
#pragma once

#include <cstddef>
#include <cstdint>

#include "turbodicom/base/bytes.h"
#include "turbodicom/codec/jpeg/segment_bytes.h"

namespace turbodicom::codec::jpeg {

class BitReader {
 public:
  // Bits that refill() guarantees.
  static constexpr int kRefilled = 56;

  // From the first byte of `bytes` on, which live as long as the reader.
  explicit BitReader(SegmentBytes& bytes) noexcept
      : next_(bytes.begin()), last_(bytes.end() - SegmentBytes::kMargin), bytes_(&bytes) {}

  // Afterwards the window has at least kRefilled bits.
  [[gnu::always_inline]] void refill() noexcept {
    if (next_ <= last_) [[likely]]
      refill_at_once();
    else
      *this = refilled_with_care(*this);  // by value: a reader whose address gets away does not stay in registers
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
  std::size_t offset() const noexcept { return bytes_->offset_of(next_); }

 private:
  [[gnu::always_inline]] void refill_at_once() noexcept {
    window_ |= load_be<std::uint64_t>(next_) >> (bits_ & 63);
    next_ += (~bits_ & 63) >> 3;
    bits_ |= kRefilled;
  }

  [[gnu::noinline]] static BitReader refilled_with_care(BitReader reader) noexcept {
    if (!reader.bytes_->is_over()) {
      reader.bytes_->advance(reader.next_);
      reader.next_ = reader.bytes_->begin();
      reader.last_ = reader.bytes_->end() - SegmentBytes::kMargin;
    }
    if (reader.next_ <= reader.last_)
      reader.refill_at_once();
    else
      reader.refill_by_bytes();
    return reader;
  }

  void refill_by_bytes() noexcept {
    const std::uint8_t* const end = last_ + SegmentBytes::kMargin;
    for (bits_ = bits(); bits_ < kRefilled; bits_ += 8) {
      if (next_ < end)
        window_ |= std::uint64_t{*next_++} << (kRefilled - bits_);
      else
        invented_ += 8;
    }
    if (invented_ > kMostInvented) invented_ = kMostInvented;  // however long somebody reads zeros overrun() stays true
  }

  unsigned bits() const noexcept { return static_cast<unsigned>(bits_ & 63); }

  static constexpr unsigned kMostInvented = 1u << 28;
  std::uint64_t window_ = 0;
  std::uint64_t bits_ = 0;  // in the window, invented ones included; modulo 64, whatever stands above
  unsigned invented_ = 0;   // zeros appended so far
  const std::uint8_t* next_;
  const std::uint8_t* last_;  // from here on back the next eight bytes are there
  SegmentBytes* bytes_;
};

}  // namespace turbodicom::codec::jpeg
