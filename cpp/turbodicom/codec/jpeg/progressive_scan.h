// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Entropy decoding of the progressive process with Huffman coding (T.81 Annex G), scan by scan into coefficients of the
// whole image, and the account of which bits of which coefficients have come.
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

// Of every coefficient the lowest bit that has come so far (Al of its latest scan); -1 before the first.
class Progression {
 public:
  Progression();
  // Takes a scan into account. Throws corrupt_data for parameters that are none (G.1.1.1); scans out of order are a quirk.
  void add(const ScanHeader& header, Damage& damage);

  bool has_dc(std::uint32_t component) const noexcept { return bits_[component][0] >= 0; }
  bool is_complete(std::uint32_t component) const noexcept;
  // Zig-zag order. `before` is how things stood when the latest scan of the component began.
  const std::array<std::int8_t, 64>& bits(std::uint32_t component) const noexcept { return bits_[component]; }
  const std::array<std::int8_t, 64>& before(std::uint32_t component) const noexcept { return before_[component]; }
  std::uint32_t scans() const noexcept { return scans_; }

 private:
  std::array<std::array<std::int8_t, 64>, kMaxComponents> bits_, before_;
  std::uint32_t scans_ = 0;
};

// How many blocks may be looked at without a bit of the codestream being read: the bound on the work of many scans.
class WorkBudget {
 public:
  explicit WorkBudget(std::uint64_t blocks) : left_(kVisits * blocks + kFloor) {}
  void charge(std::uint64_t visits, std::size_t offset) {
    if (visits > left_) exceeded(offset);
    left_ -= visits;
  }

 private:
  [[noreturn, gnu::cold]] static void exceeded(std::size_t offset);
  static constexpr std::uint64_t kVisits = 40;       // our limit; encoders in the field stay below 10
  static constexpr std::uint64_t kFloor = 100'000;   // some milliseconds
  std::uint64_t left_;
};

class ProgressiveScan {
 public:
  // References stay the caller's.
  ProgressiveScan(ByteView source, const FrameHeader& frame, const ScanHeader& header, const Tables& tables, Damage& damage,
                  WorkBudget& budget);

  const ScanLayout& layout() const noexcept { return layout_; }
  void decode_row(Coefficients& coefficients);
  bool is_over() const noexcept { return cursor_.is_over(); }
  // The last row of MCUs that had an MCU to decode.
  std::uint32_t last_good_row() const noexcept { return last_good_row_; }
  std::size_t offset() const noexcept { return cursor_.reader.offset(); }

 private:
  struct Slot {
    std::int16_t* block;
    std::uint8_t* last;
    const LookUp* table;
    std::int32_t* prediction;
    std::uint32_t step;
  };
  using DecodeMcus = void (ProgressiveScan::*)(std::uint32_t count);

  void make_tables(const ScanHeader& header, const Tables& tables);
  void point_at(Coefficients& coefficients);
  void skip_mcus(std::uint32_t count);
  void restart();
  void report_bad_code();
  void leave(const BitReader& reader, std::uint32_t decoded);
  void dc_first(std::uint32_t count);
  void dc_refine(std::uint32_t count);
  void ac_first(std::uint32_t count);
  void ac_refine(std::uint32_t count);

  ByteView source_;
  const FrameHeader& frame_;
  const ScanHeader& header_;
  Damage& damage_;
  WorkBudget& budget_;
  ScanLayout layout_;
  IntervalCursor cursor_;
  DecodeMcus decode_mcus_;
  std::array<std::unique_ptr<LookUp>, 4> tables_;
  std::array<Slot, kMaxBlocksInMcu> slots_{};
  std::array<std::int32_t, kMaxComponents> predictions_{};
  std::uint32_t eob_run_ = 0;  // EOBRUN (G.1.2.2): blocks whose band has ended already
  std::uint32_t row_ = 0;
  std::uint32_t decoded_ = 0;  // MCUs of the latest interval before its bytes ran out
  std::uint32_t last_good_row_ = 0;
  bool met_bad_code_ = false;
};

}  // namespace turbodicom::codec::jpeg
