// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/sequential_scan.h"

#include <algorithm>
#include <string>

#include "turbodicom/base/cpu.h"

namespace turbodicom::codec::jpeg {
namespace {

constexpr Quirk kTablesMissing = "huffman_tables_missing";

// libjpeg has typical tables for the first two selectors only.
std::unique_ptr<LookUp> make_table(const std::array<HuffmanSpec, 4>& specs, bool is_dc, std::uint32_t selector,
                                   std::size_t scan, Damage& damage) {
  const std::uint32_t max_value = is_dc ? 15 : 255;
  if (selector < 4 && specs[selector].is_defined) return std::make_unique<LookUp>(specs[selector], max_value, true);
  if (selector > 1)
    fail(Errc::corrupt_data, scan, "jpeg: Huffman table " + std::to_string(selector) + " is not defined, at byte " +
                                       std::to_string(scan) + " (T.81 B.2.4.2)");
  damage.note(kTablesMissing);
  return std::make_unique<LookUp>(is_dc ? typical_dc(selector == 1) : typical_ac(selector == 1), max_value, true);
}

// F.2.2.1: the difference to the prediction.
[[gnu::always_inline]] inline std::uint32_t decode_dc(BitReader& reader, const LookUp& table, bool& bad) {
  reader.refill();
  const Entry found = table.next(reader.window());
  const int difference = entry::value_or_zero(found, reader.window());
  reader.skip(found);
  bad |= (found & entry::kBadCode) != 0;
  return static_cast<std::uint32_t>(difference);
}

// F.2.2.2. Returns the zig-zag index behind the last coefficient, 64 or more where the block is full or a run leaves it.
// Every symbol with a coefficient goes the same way, so that nothing but the block's end is guessed. A refill has
// 56 bits: two symbols of at most 11 + 15 bits.
[[gnu::always_inline]] inline unsigned decode_ac(BitReader& reader, const LookUp& table, std::int16_t* block, bool& bad) {
  unsigned k = 1;
  for (;;) {
    reader.refill();
    Entry found = 0;
    for (int i = 0; i < 2; ++i) {
      found = table.peek(reader.window());
      if (!entry::has_magnitude(found)) [[unlikely]] break;
      k += entry::run(found);
      block[kNaturalOrder.data()[k]] = static_cast<std::int16_t>(entry::value(found, reader.window()));
      reader.skip(found);
      if (++k >= kBlock) return k;
    }
    if (entry::has_magnitude(found)) continue;
    if (entry::skip(found) == 0) {  // a long code
      reader.refill();
      found = table.long_code(reader.window());
      if (entry::has_magnitude(found)) {
        k += entry::run(found);
        block[kNaturalOrder.data()[k]] = static_cast<std::int16_t>(entry::value(found, reader.window()));
        reader.skip(found);
        if (++k >= kBlock) return k;
        continue;
      }
    }
    reader.skip(found);
    bad |= (found & entry::kBadCode) != 0;
    if (entry::run(found) != 15) return k;  // EOB
    k += 16;
    if (k >= kBlock) return k;
  }
}

}  // namespace

SequentialTables::SequentialTables(const ScanHeader& header, const Tables& tables, Damage& damage) {
  for (std::uint32_t i = 0; i < header.count; ++i) {
    const std::uint8_t td = header.dc_table[i], ta = header.ac_table[i];
    if (td > 3 || !dc[td]) dc[td & 3] = make_table(tables.dc, true, td, header.offset, damage);
    if (ta > 3 || !ac[ta]) ac[ta & 3] = make_table(tables.ac, false, ta, header.offset, damage);
  }
}

SequentialScan::SequentialScan(ByteView source, const FrameHeader& frame, const ScanHeader& header,
                               const SequentialTables& tables, std::uint32_t restart_interval, Damage& damage,
                               std::uint64_t interval, std::size_t begin)
    : source_(source), frame_(frame), damage_(damage), layout_(frame, header),
      cursor_(source, begin, restart_interval, interval) {
  const std::uint64_t mcu = interval * restart_interval;
  row_ = static_cast<std::uint32_t>(mcu / layout_.mcus_per_row);
  column_ = static_cast<std::uint32_t>(mcu % layout_.mcus_per_row);
  for (std::uint32_t i = 0; i < layout_.count; ++i) {
    const std::uint8_t member = layout_.slots[i].member;
    slots_[i] = {nullptr, nullptr, tables.dc[header.dc_table[member]].get(), tables.ac[header.ac_table[member]].get(),
                 &predictions_[member], layout_.slots[i].step};
  }
}

void SequentialScan::decode_row(Coefficients& buffer, std::uint32_t first, bool fresh) {
  if (!fresh && is_over()) {
    ++row_;
    return;
  }
  point_at(buffer, first);
  while (column_ < layout_.mcus_per_row) {
    if (cursor_.is_restart_due()) restart();
    const std::uint32_t count = cursor_.until_restart(layout_.mcus_per_row - column_);
    decode_interval(count, fresh);
    cursor_.done += count;
    column_ += count;
  }
  report_bad_code();
  column_ = 0;
  ++row_;
}

void SequentialScan::point_at(Coefficients& buffer, std::uint32_t first) {
  for (std::uint32_t i = 0; i < layout_.count; ++i) {
    const ScanLayout::Slot& slot = layout_.slots[i];
    const std::uint32_t block_row = layout_.block_row(slot, row_, first);
    const std::size_t block = slot.x + std::size_t{column_} * slot.step;
    slots_[i].block = buffer.block_row(slot.component, block_row) + block * kBlock;
    slots_[i].last = buffer.last_row(slot.component, block_row) + block;
  }
}

// `count` MCUs without a restart among them.
void SequentialScan::decode_interval(std::uint32_t count, bool fresh) {
  std::uint32_t decoded = 0;
  if (!cursor_.insufficient) {
    decoded = fresh ? decode_mcus<true>(count) : decode_mcus<false>(count);
    if (cursor_.reader.overrun()) cursor_.run_out(source_, first_bad_row(frame_, layout_, row_), damage_);
  }
  if (decoded < count) skip_mcus(count - decoded, fresh);
}

// Up to `count` MCUs; the last one is that in which the segment's bits ran out.
template <bool fresh>
[[gnu::always_inline]] inline std::uint32_t SequentialScan::decode_mcus_inline(std::uint32_t count) {
  BitReader reader = cursor_.reader;
  bool bad = false;
  std::uint32_t mcu = 0;
  const std::uint32_t blocks = layout_.count;
  while (mcu < count && !reader.overrun()) {
    for (std::uint32_t i = 0; i < blocks; ++i) {
      Slot& slot = slots_[i];
      std::int16_t* const block = slot.block;
      if constexpr (fresh) clear_block(block);
      *slot.prediction += decode_dc(reader, *slot.dc, bad);
      block[0] = static_cast<std::int16_t>(*slot.prediction);
      const auto last = static_cast<std::uint8_t>(std::min<unsigned>(decode_ac(reader, *slot.ac, block, bad) - 1, 63));
      *slot.last = fresh ? last : std::max(last, *slot.last);
      slot.block += slot.step * kBlock;
      slot.last += slot.step;
    }
    ++mcu;
  }
  met_bad_code_ |= bad;
  cursor_.reader = reader;
  return mcu;
}

template <bool fresh>
std::uint32_t SequentialScan::decode_mcus(std::uint32_t count) {
#if defined(TURBODICOM_X86)
  static const bool has_bmi2 = active_isa() >= Isa::avx2;
  if (has_bmi2) return decode_mcus_bmi2<fresh>(count);
#endif
  return decode_mcus_inline<fresh>(count);
}

#if defined(TURBODICOM_X86)
// The same with shifts that need no fixed register: a third fewer instructions.
template <bool fresh>
TURBODICOM_TARGET_AVX2 std::uint32_t SequentialScan::decode_mcus_bmi2(std::uint32_t count) {
  return decode_mcus_inline<fresh>(count);
}
#endif

void SequentialScan::skip_mcus(std::uint32_t count, bool fresh) {
  for (std::uint32_t i = 0; i < layout_.count; ++i) {
    Slot& slot = slots_[i];
    for (std::uint32_t mcu = 0; mcu < count; ++mcu) {
      if (fresh) {
        clear_block(slot.block);
        *slot.last = 0;
      }
      slot.block += slot.step * kBlock;
      slot.last += slot.step;
    }
  }
}

void SequentialScan::restart() {
  cursor_.restart(source_, first_bad_row(frame_, layout_, row_), damage_);
#if !defined(TURBODICOM_PLANT_jpeg_restart_keeps_predictions)
  predictions_.fill(0);
#endif
}

void SequentialScan::report_bad_code() {
  if (!met_bad_code_) return;
  met_bad_code_ = false;
  const std::uint32_t bad_row = first_bad_row(frame_, layout_, row_);
  if (damage_.is_known(bad_row)) return;
  const std::size_t at = cursor_.reader.offset();
  damage_.add(Errc::corrupt_data, at, bad_row,
              "jpeg: bits that are no Huffman code, before byte " + std::to_string(at) + " (T.81 F.2.2.3)");
}

}  // namespace turbodicom::codec::jpeg
