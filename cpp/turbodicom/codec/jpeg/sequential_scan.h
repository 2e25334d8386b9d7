// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Entropy decoding of the sequential processes with Huffman coding (T.81 F.2.2), row by row.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "turbodicom/codec/jpeg/coefficients.h"
#include "turbodicom/codec/jpeg/damage.h"
#include "turbodicom/codec/jpeg/dct_tables.h"
#include "turbodicom/codec/jpeg/markers.h"
#include "turbodicom/codec/jpeg/restart.h"
#include "turbodicom/codec/jpeg/scan_layout.h"

namespace turbodicom::codec::jpeg {

// The look-up tables one scan needs, by selector; shared by all threads that decode the scan.
struct SequentialTables {
  // Tables the stream leaves out are Annex K's (Motion JPEG): a quirk.
  SequentialTables(const ScanHeader& header, const Tables& tables, Damage& damage);
  std::array<std::unique_ptr<LookUp>, 4> dc, ac;
};

class SequentialScan {
 public:
  // References stay the caller's. Begins at an interval: `interval` of those in `data`'s scan, whose bytes begin at `begin`.
  SequentialScan(ByteView source, const FrameHeader& frame, const ScanHeader& header, const SequentialTables& tables,
                 std::uint32_t restart_interval, Damage& damage, std::uint64_t interval, std::size_t begin);

  // The row of the scan that decode_row() is about to work on.
  std::uint32_t row() const noexcept { return row_; }
  const ScanLayout& layout() const noexcept { return layout_; }

  // The rest of row(). `buffer` begins with the frame's row of MCUs `first`. With `fresh` every block of the row is
  // cleared on the way; otherwise new coefficients are laid over the old ones, as libjpeg does.
  void decode_row(Coefficients& buffer, std::uint32_t first, bool fresh);
  // Whether the rest of the scan would change nothing in a buffer.
  bool is_over() const noexcept { return cursor_.is_over(); }
  std::size_t offset() const noexcept { return cursor_.reader.offset(); }

 private:
  struct Slot {
    std::int16_t* block;
    std::uint8_t* last;
    const LookUp* dc;
    const LookUp* ac;
    std::uint32_t* prediction;
    std::uint32_t step;
  };

  void point_at(Coefficients& buffer, std::uint32_t first);
  void decode_interval(std::uint32_t count, bool fresh);
  template <bool fresh>
  std::uint32_t decode_mcus(std::uint32_t count);
  template <bool fresh>
  std::uint32_t decode_mcus_bmi2(std::uint32_t count);
  template <bool fresh>
  std::uint32_t decode_mcus_inline(std::uint32_t count);
  void skip_mcus(std::uint32_t count, bool fresh);
  void restart();
  void report_bad_code();

  ByteView source_;
  const FrameHeader& frame_;
  Damage& damage_;
  ScanLayout layout_;
  IntervalCursor cursor_;
  std::array<Slot, kMaxBlocksInMcu> slots_{};
  // PRED (F.2.1.3.1), wrapping as libjpeg's.
  std::array<std::uint32_t, kMaxComponents> predictions_{};
  std::uint32_t row_ = 0, column_ = 0;  // the next MCU
  bool met_bad_code_ = false;
};

}  // namespace turbodicom::codec::jpeg
