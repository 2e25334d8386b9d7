// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/progressive_scan.h"

#include <algorithm>
#include <string>

namespace turbodicom::codec::jpeg {
namespace {

constexpr Quirk kScanOrder = "progression_out_of_order";
constexpr std::uint32_t kVisitsPerScan = 100;  // tables and first row, in visits of a block

std::string at_byte(std::size_t offset) { return ", at byte " + std::to_string(offset); }

bool is_legal(const ScanHeader& header) noexcept {
  if (header.spectral_start == 0 && header.spectral_end != 0) return false;
  if (header.spectral_start > header.spectral_end || header.spectral_end > 63) return false;
  if (header.spectral_start != 0 && header.count != 1) return false;
  if (header.high_bit != 0 && header.low_bit + 1 != header.high_bit) return false;
  return header.low_bit <= 13;
}

// The code of a table, its entry returned with the bits skipped.
Entry take_code(BitReader& reader, const LookUp& table) noexcept {
  const Entry found = table.next(reader.window());
  reader.skip(found);
  return found;
}

// EOBRUN (G.1.2.2, Table G.1), this block included.
std::uint32_t take_eob_run(BitReader& reader, unsigned r) noexcept {
  return (1u << r) + reader.take(static_cast<int>(r));
}

std::int16_t shifted(int value, std::uint32_t low_bit) noexcept {
  return static_cast<std::int16_t>(static_cast<std::uint32_t>(value) << low_bit);
}

// The band of one block in a refinement scan (G.1.2.3).
class Refinement {
 public:
  Refinement(BitReader& reader, std::int16_t* block, std::uint32_t low_bit, unsigned end)
      : reader_(reader), block_(block), bit_(static_cast<std::int16_t>(1 << low_bit)), end_(end) {}

  // From k on: corrects coefficients that are not 0, passes `zeros` that are, and stops at the next one; end + 1 for none.
  unsigned pass(unsigned k, unsigned zeros) noexcept {
    left_ = 0;
    for (; k <= end_; ++k) {
      std::int16_t& coefficient = block_[kNaturalOrder[k]];
      if (coefficient != 0) correct(coefficient);
      else if (zeros-- == 0) break;
    }
    return k;
  }
  void correct_rest(unsigned k) noexcept {
    left_ = 0;
    for (; k <= end_; ++k)
      if (std::int16_t& coefficient = block_[kNaturalOrder[k]]; coefficient != 0) correct(coefficient);
  }

 private:
  // A correction bit makes the magnitude larger, once.
  void correct(std::int16_t& coefficient) noexcept {
    if (left_ == 0) {
      reader_.refill();
      left_ = BitReader::kRefilled;
    }
    --left_;
    if (reader_.take(1) == 0 || (coefficient & bit_) != 0) return;
    coefficient = static_cast<std::int16_t>(coefficient + (coefficient >= 0 ? bit_ : -bit_));
  }

  BitReader& reader_;
  std::int16_t* block_;
  std::int16_t bit_;
  unsigned end_;
  int left_ = 0;  // bits known to be in the window
};

}  // namespace

Progression::Progression() {
  for (auto& bits : bits_) bits.fill(-1);
  for (auto& bits : before_) bits.fill(-1);
}

void Progression::add(const ScanHeader& header, Damage& damage) {
  if (!is_legal(header))
    fail(Errc::corrupt_data, header.offset,
         "jpeg: scan of coefficients " + std::to_string(header.spectral_start) + " to " + std::to_string(header.spectral_end) +
             ", bits " + std::to_string(header.high_bit) + " to " + std::to_string(header.low_bit) + ", of " +
             std::to_string(header.count) + " components" + at_byte(header.offset) + " (T.81 G.1.1.1)");
  ++scans_;
  for (std::uint32_t i = 0; i < header.count; ++i) {
    auto& bits = bits_[header.component[i]];
    auto& before = before_[header.component[i]];
    if (header.spectral_start != 0 && bits[0] < 0) damage.note(kScanOrder);
    for (unsigned k = std::min(header.spectral_start, 1u); k <= std::max(header.spectral_end, 9u); ++k)
      before[k] = scans_ > 1 ? bits[k] : std::int8_t{0};
    for (unsigned k = header.spectral_start; k <= header.spectral_end; ++k) {
      if (static_cast<int>(header.high_bit) != std::max<int>(bits[k], 0)) damage.note(kScanOrder);
      bits[k] = static_cast<std::int8_t>(header.low_bit);
    }
  }
}

bool Progression::is_complete(std::uint32_t component) const noexcept {
  const auto& bits = bits_[component];
  return std::all_of(bits.begin(), bits.end(), [](std::int8_t bit) { return bit == 0; });
}

void WorkBudget::exceeded(std::size_t offset) {
  fail(Errc::limit_exceeded, offset, "jpeg: more scans than an image of this size can need" + at_byte(offset));
}

ProgressiveScan::ProgressiveScan(ByteView source, const FrameHeader& frame, const ScanHeader& header, const Tables& tables,
                                 Damage& damage, WorkBudget& budget)
    : source_(source), frame_(frame), header_(header), damage_(damage), budget_(budget), layout_(frame, header),
      cursor_(source, header.data, tables.restart_interval) {
  budget_.charge(kVisitsPerScan, header.offset);
  const bool is_dc = header.spectral_start == 0;
  if (header.high_bit == 0) decode_mcus_ = is_dc ? &ProgressiveScan::dc_first : &ProgressiveScan::ac_first;
  else decode_mcus_ = is_dc ? &ProgressiveScan::dc_refine : &ProgressiveScan::ac_refine;
  if (!is_dc || header.high_bit == 0) make_tables(header, tables);
  for (std::uint32_t i = 0; i < layout_.count; ++i) {
    const std::uint8_t member = layout_.slots[i].member;
    const std::uint8_t selector = is_dc ? header.dc_table[member] : header.ac_table[member];
    slots_[i] = {nullptr, nullptr, selector > 3 ? nullptr : tables_[selector].get(), &predictions_[member], layout_.slots[i].step};
  }
}

void ProgressiveScan::make_tables(const ScanHeader& header, const Tables& tables) {
  const bool is_dc = header.spectral_start == 0;
  const bool with_magnitude = header.high_bit == 0;
  for (std::uint32_t i = 0; i < header.count; ++i) {
    const std::uint8_t selector = is_dc ? header.dc_table[i] : header.ac_table[i];
    if (selector > 3 || !(is_dc ? tables.dc : tables.ac)[selector].is_defined)
      fail(Errc::corrupt_data, header.offset,
           "jpeg: Huffman table " + std::to_string(selector) + " is not defined" + at_byte(header.offset) + " (T.81 B.2.4.2)");
    const HuffmanSpec& spec = (is_dc ? tables.dc : tables.ac)[selector];
    if (!tables_[selector]) tables_[selector] = std::make_unique<LookUp>(spec, is_dc ? 15 : 255, with_magnitude);
  }
}

void ProgressiveScan::decode_row(Coefficients& coefficients) {
  budget_.charge(1, header_.offset);
  point_at(coefficients);
  for (std::uint32_t column = 0; column < layout_.mcus_per_row && !is_over();) {
    const bool was_insufficient = cursor_.insufficient;
    if (cursor_.is_restart_due()) restart();
    const std::uint32_t count = cursor_.until_restart(layout_.mcus_per_row - column);
    if (cursor_.insufficient) {
      skip_mcus(count);
    } else {
      (this->*decode_mcus_)(count);
      // libjpeg-turbo asks before it restarts: an interval's first MCU does not count where the one before ran out.
      const bool only_first = count == 1 || (cursor_.insufficient && decoded_ == 1);
      if (!was_insufficient || !only_first) last_good_row_ = layout_.mcu_row(row_);
    }
    cursor_.done += count;
    column += count;
  }
  report_bad_code();
  ++row_;
}

void ProgressiveScan::point_at(Coefficients& coefficients) {
  for (std::uint32_t i = 0; i < layout_.count; ++i) {
    const ScanLayout::Slot& slot = layout_.slots[i];
    const std::uint32_t block_row = layout_.block_row(slot, row_, 0);
    slots_[i].block = coefficients.block_row(slot.component, block_row) + slot.x * kBlock;
    slots_[i].last = coefficients.last_row(slot.component, block_row) + slot.x;
  }
}

void ProgressiveScan::skip_mcus(std::uint32_t count) {
  for (std::uint32_t i = 0; i < layout_.count; ++i) {
    const std::size_t blocks = std::size_t{count} * slots_[i].step;
    slots_[i].block += blocks * kBlock;
    slots_[i].last += blocks;
  }
}

void ProgressiveScan::restart() {
  cursor_.restart(source_, first_bad_row(frame_, layout_, row_), damage_);
  predictions_.fill(0);
  eob_run_ = 0;
}

void ProgressiveScan::report_bad_code() {
  if (!met_bad_code_) return;
  met_bad_code_ = false;
  const std::uint32_t bad_row = first_bad_row(frame_, layout_, row_);
  if (damage_.is_known(bad_row)) return;
  const std::size_t at = offset();
  damage_.add(Errc::corrupt_data, at, bad_row,
              "jpeg: bits that are no Huffman code, before byte " + std::to_string(at) + " (T.81 F.2.2.3)");
}

// Takes the reader back after `decoded` MCUs were read from it.
void ProgressiveScan::leave(const BitReader& reader, std::uint32_t decoded) {
  cursor_.reader = reader;
  decoded_ = decoded;
  if (reader.overrun()) cursor_.run_out(source_, first_bad_row(frame_, layout_, row_), damage_);
}

// G.1.2.1, first scan of the DC coefficients.
void ProgressiveScan::dc_first(std::uint32_t count) {
  BitReader reader = cursor_.reader;
  std::uint32_t mcu = 0;
  for (; mcu < count && !reader.overrun(); ++mcu) {
    for (std::uint32_t i = 0; i < layout_.count; ++i) {
      Slot& slot = slots_[i];
      reader.refill();
      const std::uint64_t window = reader.window();
      const Entry found = take_code(reader, *slot.table);
      met_bad_code_ |= (found & entry::kBadCode) != 0;
      const int difference = entry::value_or_zero(found, window);
      if (__builtin_add_overflow(*slot.prediction, difference, slot.prediction))
        fail(Errc::corrupt_data, reader.offset(), "jpeg: a DC coefficient beyond 32 bits" + at_byte(reader.offset()) + " (T.81 F.2.2.1)");
      slot.block[0] = shifted(*slot.prediction, header_.low_bit);
      slot.block += slot.step * kBlock;
      slot.last += slot.step;
    }
  }
  leave(reader, mcu);
  skip_mcus(count - mcu);
}

void ProgressiveScan::dc_refine(std::uint32_t count) {
  BitReader reader = cursor_.reader;
  const auto bit = static_cast<std::int16_t>(1 << header_.low_bit);
  std::uint32_t mcu = 0;
  for (; mcu < count && !reader.overrun(); ++mcu) {
    reader.refill();
    for (std::uint32_t i = 0; i < layout_.count; ++i) {
      Slot& slot = slots_[i];
      if (reader.take(1) != 0) slot.block[0] = static_cast<std::int16_t>(slot.block[0] | bit);
      slot.block += slot.step * kBlock;
      slot.last += slot.step;
    }
  }
  leave(reader, mcu);
  skip_mcus(count - mcu);
}

// G.1.2.2. Blocks of a run of ended bands are passed without being looked at.
void ProgressiveScan::ac_first(std::uint32_t count) {
  BitReader reader = cursor_.reader;
  const LookUp& table = *slots_[0].table;
  const unsigned end = header_.spectral_end;
  bool bad = false;
  std::uint32_t decoded = 0;
  std::uint32_t mcu = std::min(count, eob_run_);
  eob_run_ -= mcu;
  std::int16_t* block = slots_[0].block + std::size_t{mcu} * kBlock;
  std::uint8_t* last = slots_[0].last + mcu;
  while (mcu < count && !reader.overrun()) {
    std::uint32_t passed = 1;
    ++decoded;
    unsigned highest = *last;
    for (unsigned k = header_.spectral_start; k <= end; ++k) {
      reader.refill();
      const std::uint64_t window = reader.window();
      const Entry found = take_code(reader, table);
      const unsigned run = entry::run(found);
      if (entry::has_magnitude(found)) {
        k += run;
        block[kNaturalOrder[k]] = shifted(entry::value(found, window), header_.low_bit);
        highest = std::max(highest, k);
      } else if (run == 15) {
        k += 15;
      } else {
        bad |= (found & entry::kBadCode) != 0;
        const std::uint32_t blocks = take_eob_run(reader, run);
        passed = std::min(blocks, count - mcu);
        eob_run_ = blocks - passed;
        break;
      }
    }
    *last = static_cast<std::uint8_t>(std::min(highest, 63u));
    mcu += passed;
    block += std::size_t{passed} * kBlock;
    last += passed;
  }
  met_bad_code_ |= bad;
  leave(reader, decoded);
  slots_[0].block = block;
  slots_[0].last = last;
  skip_mcus(count - mcu);
}

// G.1.2.3. In a run of ended bands only blocks that have coefficients in the band are looked at.
void ProgressiveScan::ac_refine(std::uint32_t count) {
  BitReader reader = cursor_.reader;
  const LookUp& table = *slots_[0].table;
  const unsigned begin = header_.spectral_start, end = header_.spectral_end;
  const auto bit = static_cast<std::int16_t>(1 << header_.low_bit);
  std::int16_t* block = slots_[0].block;
  std::uint8_t* last = slots_[0].last;
  std::uint32_t mcu = 0, visits = 0;
  for (; mcu < count && !reader.overrun(); ++mcu, block += kBlock, ++last) {
    unsigned k = begin;
    unsigned highest = *last;
    Refinement band(reader, block, header_.low_bit, end);
    while (eob_run_ == 0 && k <= end) {
      reader.refill();
      const Entry found = take_code(reader, table);
      const unsigned run = entry::run(found);
      met_bad_code_ |= (found & entry::kBadCode) != 0;
      if (!entry::has_magnitude(found) && run != 15) {
        eob_run_ = take_eob_run(reader, run);
        break;
      }
      met_bad_code_ |= entry::has_many_bits(found);
      const bool is_new = entry::has_magnitude(found);
      const bool is_positive = is_new && reader.take(1) != 0;
      k = band.pass(k, run);
      if (is_new) {  // also where no 0 was left: behind the band, as libjpeg
        block[kNaturalOrder[k]] = is_positive ? bit : static_cast<std::int16_t>(-bit);
        highest = std::max(highest, k);
      }
      ++k;
    }
    if (eob_run_ > 0) {
      if (highest >= k) {
        band.correct_rest(k);
        ++visits;
      }
      --eob_run_;
    }
    *last = static_cast<std::uint8_t>(std::min(highest, 63u));
  }
  budget_.charge(visits, header_.offset);
  leave(reader, mcu);
  slots_[0].block = block;
  slots_[0].last = last;
  skip_mcus(count - mcu);
}

}  // namespace turbodicom::codec::jpeg
