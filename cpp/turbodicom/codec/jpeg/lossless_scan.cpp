// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/lossless_scan.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "turbodicom/codec/jpeg/restart.h"
#include "turbodicom/codec/jpeg/undifference.h"

namespace turbodicom::codec::jpeg {
namespace {

constexpr Quirk kBytesBeforeRestart = "bytes_before_restart_marker";
constexpr std::size_t kSamplesPerPoll = 1 << 17;  // about a millisecond of work

// One sample of each component an MCU: rows of samples side by side, straight through the fast loops.
class RowScan final : public LosslessScan {
 public:
  explicit RowScan(const LosslessPlan& plan)
      : LosslessScan(plan), lanes_(plan.header.count), count_(std::size_t{plan.mcus_per_row} * lanes_),
        differences_(count_ + DifferenceReader::kRoom) {
    const bool in_order = std::is_sorted(plan.header.component.begin(), plan.header.component.begin() + lanes_) &&
                          plan.header.component[lanes_ - 1] - plan.header.component[0] == static_cast<int>(lanes_) - 1;
    const std::uint32_t stores = in_order ? 1 : lanes_;
    for (std::uint32_t i = 0; i < stores; ++i)
      stores_.emplace_back(plan.frame, plan.output, plan.header.component[i], in_order ? lanes_ : 1, plan.header.low_bit, plan.bias);
    for (auto& row : rows_) row.resize(count_);
    if (!in_order) lane_.resize(plan.mcus_per_row);
    for (std::uint32_t i = 1; i < lanes_; ++i) is_one_table_ &= plan.tables[i] == plan.tables[0];
  }

 private:
  void decode_unit(std::uint32_t row, std::uint32_t end) override {
    static_cast<void>(end);
    begin_row(row) ? read_row(row) : read_nothing();
    std::uint16_t* const placed = lane_.empty() ? stores_[0].place(row) : nullptr;
    std::uint16_t* const out = placed != nullptr ? placed : rows_[row % 2].data();
    if (is_first_row_)
      undo_first_row(differences_.data(), plan_.start, out, count_, lanes_);
    else
      undo_row(plan_.header.spectral_start, differences_.data(), above_, out, count_, lanes_);
    is_first_row_ = false;
    above_ = out;
    if (placed == nullptr) store(row, out);
    begin_next_row();
  }

  void read_row(std::uint32_t row) {
    if (is_one_table_) {
      const std::uint64_t rows = plan_.rows_per_interval != 0 ? std::min(rows_to_go_, end_ - row) : end_ - row;
      have_ = reader_.read(*plan_.tables[0], differences_.data(), have_, count_, rows * count_);
    } else {
      for (std::size_t i = 0; i < count_;)
        for (std::uint32_t lane = 0; lane < lanes_; ++lane) differences_[i++] = reader_.next(*plan_.tables[lane]);
      have_ = count_;
    }
    end_row(row);
  }
  void read_nothing() {
    std::fill(differences_.begin(), differences_.end(), std::uint16_t{0});
    have_ = count_;
  }

  // Differences read ahead become the first of the next row; behind them read() wants zeros.
  void begin_next_row() {
    have_ -= count_;
    std::memmove(differences_.data(), differences_.data() + count_, have_ * sizeof(std::uint16_t));
    std::fill(differences_.begin() + static_cast<std::ptrdiff_t>(have_), differences_.end(), std::uint16_t{0});
  }

  void store(std::uint32_t row, const std::uint16_t* samples) {
    if (lane_.empty()) return stores_[0].put(row, samples);
    for (std::uint32_t lane = 0; lane < lanes_; ++lane) {
      for (std::size_t i = 0; i < lane_.size(); ++i) lane_[i] = samples[i * lanes_ + lane];
      stores_[lane].put(row, lane_.data());
    }
  }

  std::uint32_t lanes_;
  std::size_t count_;                        // samples of a row
  bool is_one_table_ = true;
  std::size_t have_ = 0;                     // differences already read
  std::vector<std::uint16_t> differences_;   // of a row, and those read ahead
  std::array<std::vector<std::uint16_t>, 2> rows_;
  const std::uint16_t* above_ = nullptr;
  std::vector<std::uint16_t> lane_;          // only where the components of the scan are not in the frame's order
  std::vector<SampleStore> stores_;
};

// A component of a GroupScan: differences and samples of the v rows that belong together.
struct GroupComponent {
  GroupComponent(const LosslessPlan& plan, std::uint32_t position, bool is_interleaved)
      : component(plan.component(position)), table(plan.tables[position].get()),
        across(is_interleaved ? component.h : 1), width(std::size_t{plan.mcus_per_row} * across),
        differences(width * component.v), samples(width * component.v),
        store(plan.frame, plan.output, plan.header.component[position], 1, plan.header.low_bit, plan.bias) {}

  std::uint16_t* row_of(std::vector<std::uint16_t>& rows, std::size_t v) const noexcept { return rows.data() + v * width; }

  const Component& component;
  const DifferenceTable* table;
  std::uint32_t across;      // samples of a row of an MCU
  std::size_t width;         // samples of a row, those beyond the image included (A.2.4)
  std::vector<std::uint16_t> differences, samples;
  SampleStore store;
};

class GroupScan final : public LosslessScan {
 public:
  explicit GroupScan(const LosslessPlan& plan) : LosslessScan(plan), is_interleaved_(plan.header.count > 1) {
    components_.reserve(plan.header.count);
    for (std::uint32_t i = 0; i < plan.header.count; ++i) components_.emplace_back(plan, i, is_interleaved_);
  }

 private:
  void decode_unit(std::uint32_t row, std::uint32_t end) override {
    const std::uint32_t rows = std::min(plan_.rows_per_unit, end - row);
    for (std::uint32_t i = 0; i < rows; ++i) begin_row(row + i) ? read_mcu_row(row + i, i) : read_nothing(i);
    for (GroupComponent& one : components_) undo(one, row / plan_.rows_per_unit);
    is_first_row_ = false;
  }

  void read_mcu_row(std::uint32_t row, std::size_t in_group) {
    for (std::size_t mcu = 0; mcu < plan_.mcus_per_row; ++mcu)
      for (GroupComponent& one : components_)
        for (std::size_t v = in_group; v < in_group + down(one); ++v)
          for (std::size_t h = 0; h < one.across; ++h)
            one.row_of(one.differences, v)[mcu * one.across + h] = reader_.next(*one.table);
    end_row(row);
  }
  void read_nothing(std::size_t in_group) {
    for (GroupComponent& one : components_)
      std::fill_n(one.row_of(one.differences, in_group), one.width * down(one), std::uint16_t{0});
  }
  // Rows of a component in one row of MCUs.
  std::size_t down(const GroupComponent& one) const noexcept { return is_interleaved_ ? one.component.v : 1; }

  void undo(GroupComponent& one, std::uint32_t group) {
    const std::uint32_t v_count = one.component.v;
    const std::uint32_t first = group * v_count;
    for (std::uint32_t v = 0; v < v_count && first + v < one.component.rows; ++v) {
      std::uint16_t* const out = one.row_of(one.samples, v);
      const std::uint16_t* const above = one.row_of(one.samples, v == 0 ? v_count - 1 : v - 1);
      undo_one(one.row_of(one.differences, v), above, out, one.component.columns, is_first_row_ && v == 0);
      one.store.put(first + v, out);
    }
  }
  void undo_one(std::uint16_t* differences, const std::uint16_t* above, std::uint16_t* out, std::size_t count, bool is_first) {
    if (above == out && !is_first) {  // one row a group: the row above stands where this one goes
      above_.assign(above, above + count);
      above = above_.data();
    }
    if (is_first)
      undo_first_row(differences, plan_.start, out, count, 1);
    else
      undo_row(plan_.header.spectral_start, differences, above, out, count, 1);
  }

  bool is_interleaved_;
  std::vector<GroupComponent> components_;
  std::vector<std::uint16_t> above_;
};

}  // namespace

bool LosslessPlan::is_row_by_row() const noexcept {
  if (header.count == 1) return component(0).v == 1;
  bool single = true;
  for (std::uint32_t i = 0; i < header.count; ++i) single &= component(i).h == 1 && component(i).v == 1;
  return single;
}

LosslessScan::LosslessScan(const LosslessPlan& plan) : plan_(plan), reader_(plan.source) {
  if (plan.options.cornell_huffman && plan.frame.precision > 12) reader_.tolerate_cornell_huffman();
}

void LosslessScan::run(std::uint32_t first, std::uint32_t end, std::size_t offset, Damage& damage) {
  damage_ = &damage;
  end_ = end;
  rows_to_go_ = plan_.rows_per_interval;
  is_first_row_ = true;
  insufficient_ = false;
  expected_ = 0;
  reader_.begin(offset);
  const std::size_t samples_per_row = std::size_t{plan_.mcus_per_row} * plan_.rows_per_unit * 10;  // 10: libjpeg's most an MCU
  std::size_t since_poll = 0;
  for (std::uint32_t row = first; row < end; row += plan_.rows_per_unit) {
    decode_unit(row, end);
    since_poll += samples_per_row;
    if (since_poll < kSamplesPerPoll) continue;
    since_poll = 0;
    if (plan_.options.cancel != nullptr) plan_.options.cancel->check();
  }
}

bool LosslessScan::begin_row(std::uint32_t row) {
  if (plan_.rows_per_interval != 0 && rows_to_go_ == 0) restart(row);
  --rows_to_go_;
  // libjpeg makes a row without data an interval's first, so it becomes uniform (jdlhuff.c).
  if (insufficient_) is_first_row_ = true;
  return !insufficient_;
}

// The first row of the image that damage in this row of MCUs may touch: its unit's.
std::uint32_t LosslessScan::image_row_of(std::uint32_t row) const noexcept {
  return row / plan_.rows_per_unit * plan_.rows_per_unit * plan_.image_rows_per_mcu_row;
}

void LosslessScan::end_row(std::uint32_t row) {
  const std::uint32_t image_row = image_row_of(row);
  if (reader_.met_bad_code() && !damage_->is_known(image_row)) {
    const std::size_t at = reader_.offset();
    damage_->add(Errc::corrupt_data, at, image_row, "jpeg: bits that are no Huffman code, before byte " + std::to_string(at) + " (T.81 H.2.2)");
  }
  if (reader_.overrun()) run_out(image_row);
}

void LosslessScan::restart(std::uint32_t row) {
  const std::uint32_t image_row = image_row_of(row);
  const Restart found = find_restart(plan_.source, reader_.offset(), expected_);
  if (reader_.has_unread_bytes()) damage_->note(kBytesBeforeRestart);
  report_restart(found, expected_, image_row, *damage_);
  reader_.begin(found.next);
  expected_ = (expected_ + 1) & 7;
  rows_to_go_ = plan_.rows_per_interval;
  is_first_row_ = true;
  if (!found.at_marker) insufficient_ = false;
}

void LosslessScan::run_out(std::uint32_t image_row) {
  insufficient_ = true;
  if (damage_->is_known(image_row)) return;
  const std::size_t at = reader_.offset();
  const MarkerPosition end = find_marker(plan_.source, at);
  const bool is_truncated = end.code == 0 || end.code == marker::EOI;
  damage_->add(is_truncated ? Errc::truncated_data : Errc::corrupt_data, at, image_row,
               "jpeg: the entropy-coded segment ends before its last row, at byte " + std::to_string(at) + " (T.81 H.2.2)");
}

std::unique_ptr<LosslessScan> make_lossless_scan(const LosslessPlan& plan) {
  if (plan.is_row_by_row()) return std::make_unique<RowScan>(plan);
  return std::make_unique<GroupScan>(plan);
}

}  // namespace turbodicom::codec::jpeg
