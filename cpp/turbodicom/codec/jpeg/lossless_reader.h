// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Differences out of entropy-coded segments (T.81 H.2.2). The bytes are freed from stuffing (B.1.1.5) strip by strip, so
// that the loops refill their window without looking for 0xFF. Behind the segment's end zeros follow for ever, as in
// libjpeg; overrun() says whether one was used. Fast loops end before the last bytes, so they need not ask.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "turbodicom/base/bytes.h"
#include "turbodicom/codec/jpeg/lossless_table.h"

namespace turbodicom::codec::jpeg {

// Bits not yet used, first on top, and where the next ones are. Bits below `count` may already be those of `next`.
struct BitWindow {
  std::uint64_t bits = 0;
  int count = 0;
  const std::uint8_t* next = nullptr;
};

class DifferenceReader {
 public:
  // read() may give so many differences more than asked for; what it writes to needs as much room again.
  static constexpr std::size_t kMostAhead = 2 * packed::kMostDifferences;
  static constexpr std::size_t kRoom = 2 * kMostAhead;

  explicit DifferenceReader(ByteView source);

  // Goes on at a segment's first byte.
  void begin(std::size_t offset);

  // Differences [have, need) and up to kMostAhead more, never beyond `limit`, of `table` into `out`, which holds zeros
  // from `have` to need + kRoom. Returns how many there are then.
  std::size_t read(const DifferenceTable& table, std::uint16_t* out, std::size_t have, std::size_t need, std::uint64_t limit);

  // One difference.
  std::uint16_t next(const DifferenceTable& table);

  // DCMTK's workaround for encoders that write no code for category 16; see lossless_decoder.cpp.
  void tolerate_cornell_huffman() noexcept { is_cornell_ = true; }

  // Whether bits were used that the segment does not have.
  bool overrun() const noexcept { return window_.count < invented_; }
  // Whether bits were met that are no code, since begin().
  bool met_bad_code() const noexcept { return met_bad_code_; }
  // Whether the segment has whole bytes nobody used.
  bool has_unread_bytes() const noexcept { return window_.count - invented_ + 8 * (end_ - window_.next) >= 8; }

  // Where to look for the next marker.
  std::size_t offset() const noexcept;

 private:
  void fill_strip();
  void refill();
  std::size_t unpack(const DifferenceTable& table, std::uint16_t* out, std::size_t have, std::size_t goal);
  std::uint16_t cornell_difference();

  ByteView source_;
  std::size_t source_at_ = 0;   // next byte to free from stuffing; with segment_ended_: the marker, or the end
  bool segment_ended_ = false;
  bool met_bad_code_ = false;
  bool is_cornell_ = false;
  std::vector<std::uint8_t> strip_;
  const std::uint8_t* end_ = nullptr;  // of what is in the strip
  BitWindow window_;
  int invented_ = 0;            // zeros in the window or already used
};

}  // namespace turbodicom::codec::jpeg
