// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Restart intervals (T.81 E.1.4, F.2.1.3.1) and what is done where the expected marker is not the one that stands there:
// libjpeg's rule (jpeg_resync_to_restart), so that damaged streams give the same image.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "turbodicom/base/bytes.h"
#include "turbodicom/codec/jpeg/bit_reader.h"
#include "turbodicom/codec/jpeg/damage.h"
#include "turbodicom/codec/jpeg/markers.h"

namespace turbodicom::codec::jpeg {

// What was found at the end of an interval.
struct Restart {
  std::size_t next = 0;      // where a BitReader goes on: the interval's first byte, or the marker that is left standing
  bool is_expected = false;  // the right marker was the first one found
  bool at_marker = false;    // a marker is left standing: this interval reads as empty, `insufficient` is not cleared
  bool is_final = false;     // that marker is no RSTn, or the bytes end: no interval can follow
  MarkerPosition found;      // the first marker; `skipped`: entropy-coded bytes nobody read
};

// Looks from `offset` (BitReader::offset()) for the restart marker number `expected`, 0..7.
Restart find_restart(ByteView source, std::size_t offset, std::uint32_t expected) noexcept;

// The damage that an unexpected marker is; nothing for an expected one.
void report_restart(const Restart& restart, std::uint32_t expected, std::uint32_t first_bad_row, Damage& damage);

// Where a scan is in its restart intervals; a scan without any is one endless interval.
struct IntervalCursor {
  IntervalCursor(ByteView source, std::size_t begin, std::uint32_t restart_interval, std::uint64_t first_interval = 0)
      : bytes(source, begin), reader(bytes), interval(restart_interval), expected(first_interval & 7) {}

  // MCUs until the next restart, at most `count`.
  std::uint32_t until_restart(std::uint32_t count) const noexcept {
    return interval == 0 || interval - done > count ? count : interval - done;
  }
  bool is_restart_due() const noexcept { return interval != 0 && done == interval; }
  // Goes on behind the marker that is due. Predictions and runs are the caller's to reset.
  void restart(ByteView source, std::uint32_t first_bad_row, Damage& damage);
  // The reader has used up its segment: nothing more is decoded before the next restart.
  void run_out(ByteView source, std::uint32_t first_bad_row, Damage& damage);
  // Nothing of this scan can be decoded any more, whatever restarts are due.
  bool is_over() const noexcept { return insufficient && (is_final || interval == 0); }

  SegmentBytes bytes;
  BitReader reader;
  std::uint32_t interval = 0;   // MCUs, 0: none
  std::uint32_t done = 0;       // MCUs of this interval
  std::uint32_t expected = 0;   // number of the next marker
  bool insufficient = false;
  bool is_final = false;        // the reader stands at the marker that ends the scan
};

// The byte of the first marker behind `offset` that is no RSTn, or the end of the bytes: where a scan ends.
std::size_t end_of_scan(ByteView source, std::size_t offset) noexcept;

// Where each restart interval of a scan begins, if all `count` of them are there and numbered as they must be; otherwise
// empty, and the scan has to be read from its start. Lets intervals be decoded in any order.
std::vector<std::size_t> interval_starts(ByteView source, std::size_t data, std::uint64_t count);

}  // namespace turbodicom::codec::jpeg
