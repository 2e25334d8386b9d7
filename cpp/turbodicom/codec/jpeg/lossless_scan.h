// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// One scan of a lossless frame (T.81 H.2): rows of MCUs to differences, differences to samples, samples to the store.
//
// Two ways. Where all components of the scan have one sample an MCU, a row of the image is a row of MCUs and runs
// through the fast loops (RowScan). Anything else goes MCU by MCU through GroupScan, whose unit is the group of rows
// that libjpeg handles at once: v rows of each component.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "turbodicom/codec/codec.h"
#include "turbodicom/codec/jpeg/damage.h"
#include "turbodicom/codec/jpeg/lossless_reader.h"
#include "turbodicom/codec/jpeg/lossless_store.h"
#include "turbodicom/codec/jpeg/lossless_table.h"
#include "turbodicom/codec/jpeg/markers.h"

namespace turbodicom::codec::jpeg {

// What all threads of a scan share.
struct LosslessPlan {
  ByteView source;
  const FrameHeader& frame;
  const ScanHeader& header;
  const Output& output;
  const DecodeOptions& options;
  std::array<std::shared_ptr<const DifferenceTable>, 4> tables;  // by position in the scan; equal pointers: one table
  std::uint32_t mcus_per_row = 0, mcu_rows = 0;
  std::uint32_t rows_per_interval = 0;  // rows of MCUs, 0: no restart markers
  std::uint32_t rows_per_unit = 1;      // rows of MCUs that run() takes at once
  std::uint32_t image_rows_per_mcu_row = 1;
  std::uint16_t start = 0;              // prediction of an interval's first sample (H.1.2.1)
  std::uint16_t bias = 0;

  bool is_row_by_row() const noexcept;
  const Component& component(std::uint32_t position) const noexcept { return frame.components[header.component[position]]; }
};

class LosslessScan {
 public:
  virtual ~LosslessScan() = default;
  LosslessScan(const LosslessScan&) = delete;
  LosslessScan& operator=(const LosslessScan&) = delete;

  // Decodes the rows of MCUs [first, end) of the scan, which begin at byte `offset` with a fresh interval.
  void run(std::uint32_t first, std::uint32_t end, std::size_t offset, Damage& damage);

  // Afterwards: where to look for the next marker, and whether data nobody needed is left in front of it.
  std::size_t offset() const noexcept { return reader_.offset(); }
  bool has_unread_bytes() const noexcept { return reader_.has_unread_bytes(); }

 protected:
  explicit LosslessScan(const LosslessPlan& plan);

  // One unit from row `row` of MCUs on.
  virtual void decode_unit(std::uint32_t row, std::uint32_t end) = 0;
  // To be called before each row of MCUs: restart, if one is due. Returns whether there is data for the row.
  bool begin_row(std::uint32_t row);
  // After a row's differences were read.
  void end_row(std::uint32_t row);

  const LosslessPlan& plan_;
  DifferenceReader reader_;
  std::uint32_t rows_to_go_ = 0;  // of the interval
  std::uint32_t end_ = 0;
  bool is_first_row_ = true;      // the next row undone is an interval's first

 private:
  std::uint32_t image_row_of(std::uint32_t row) const noexcept;
  void restart(std::uint32_t row);
  void run_out(std::uint32_t image_row);

  Damage* damage_ = nullptr;
  bool insufficient_ = false;     // libjpeg's flag: data ended, rows are uniform until a restart
  std::uint32_t expected_ = 0;    // number of the next restart marker
};

std::unique_ptr<LosslessScan> make_lossless_scan(const LosslessPlan& plan);

}  // namespace turbodicom::codec::jpeg
