// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// encode_dct(): plan, frame segments, then one of three ways to the scans: straight through with Annex K's tables, tokens
// kept until the best tables are known, or coefficients kept for progressive scans.
#include "turbodicom/codec/jpeg/dct_encoder.h"

#include <algorithm>
#include <string>
#include <vector>

#include "turbodicom/base/checked.h"
#include "turbodicom/codec/jpeg/huffman.h"
#include "turbodicom/codec/jpeg/progressive_encoder.h"
#include "turbodicom/codec/jpeg/quantised_blocks.h"
#include "turbodicom/codec/jpeg/segment_writer.h"
#include "turbodicom/codec/jpeg/token_store.h"

namespace turbodicom::codec::jpeg {
namespace {

// Bits of a block in a sequential scan: for each coefficient a code of 16 and a value of 10 or 14 (F.1.2.2.1, 8 or 12
// bits of precision), and up to 5 more for the DC difference (F.1.2.1.1; bytes may be coded with 12 bits).
constexpr std::uint64_t max_sequential_block_bits(bool is_8_bit) noexcept { return 64 * (is_8_bit ? 16 + 10 : 16 + 14) + 5; }
constexpr std::uint64_t kMaxScans = 2 + 4 * kMaxComponents;

std::uint64_t max_size(const DctPlan& plan, SampleType type, const Parameters& parameters) {
  const bool progressive = parameters.process == Process::progressive;
  std::uint64_t blocks = 0;
  for (std::uint32_t c = 0; c < plan.frame.count; ++c)
    blocks += std::uint64_t{plan.frame.components[c].blocks_per_row} * plan.frame.components[c].block_rows;
  const std::uint64_t scans = progressive ? kMaxScans : 1;
  const bool has_restarts = parameters.restart_every_row || parameters.restart_interval > 0;
  const std::uint64_t segments = scans * (has_restarts ? blocks : 1);  // an MCU has a block at least
  const bool is_8_bit = bytes_of(type) == 1 || parameters.process == Process::baseline;
  const std::uint64_t bits = blocks * (progressive ? kMaxProgressiveBlockBits : max_sequential_block_bits(is_8_bit));
  return kMaxFrameSegmentsBytes + scans * (kMaxScanSegmentsBytes + 6) + max_written_bytes(bits, segments);
}

// All of one encode; lives on encode_dct()'s stack.
template <typename Sample>
class DctEncoder {
 public:
  DctEncoder(const ConstImageView& image, const DctPlan& plan, SegmentWriter& writer, const CancelToken* cancel)
      : cancel_(cancel), plan_(plan), frame_(plan.frame), writer_(writer), rows_(image, frame_, plan.is_ycc),
        divisors_{Divisors(plan.quant[0]), Divisors(plan.quant[1])} {
    for (std::uint32_t c = 0; c < frame_.count; ++c) component_divisors_[c] = &divisors_[frame_.components[c].tq];
  }

  void run() {
    if (frame_.process == Process::progressive) {
      progressive();
    } else {
      sequential();
    }
  }

 private:
  void sequential() {
    QuantisedBlocks blocks(frame_, 1);
    const std::vector<BlockPlace> places = interleaved_places(blocks);
    CodeTable codes;
    ScanHeader scan = interleaved_scan();
    if (!plan_.optimise_huffman) codes = begin_typical_scan(scan);
    TokenWriter out(writer_.position());
    for (std::uint32_t row = 0; row < frame_.mcu_rows; ++row) {
      check_cancel();
      rows_.load(row);
      blocks.transform(rows_, component_divisors_, row, 0);
      tokenise_row(blocks, places);
      if (plan_.optimise_huffman) continue;
      tokens_.write(out, codes);
      tokens_.clear();
    }
    if (plan_.optimise_huffman) {
      codes = begin_optimal_scan(scan);
      out = TokenWriter(writer_.position());
      tokens_.write(out, codes);
    }
    out.finish();
    writer_.move_to(out.end());
  }

  void progressive() {
    QuantisedBlocks blocks(frame_, frame_.mcu_rows);
    for (std::uint32_t row = 0; row < frame_.mcu_rows; ++row) {
      check_cancel();
      rows_.load(row);
      blocks.transform(rows_, component_divisors_, row, row);
    }
    const auto script = plan_.successive_approximation ? simple_progression : spectral_selection;
    for (const ScanHeader& scan : script(frame_, plan_.is_ycc)) {
      check_cancel();
      TokenStore tokens;
      tokenise_progressive(frame_, blocks, scan, plan_.restart_interval(mcus_per_row(frame_, scan)), tokens);
      Histogram histogram{};
      tokens.count(histogram);
      const CodeTable codes = write_optimal_tables(histogram, true, writer_);
      write_scan_header(scan);
      TokenWriter out(writer_.position());
      tokens.write(out, codes);
      out.finish();
      writer_.move_to(out.end());
    }
  }

  // The blocks of a row of MCUs in the order of coding (A.2.3).
  std::vector<BlockPlace> interleaved_places(const QuantisedBlocks& blocks) {
    std::vector<BlockPlace> places;
    for (std::uint32_t mcu = 0; mcu < frame_.mcus_per_row; ++mcu) {
      for (std::uint32_t c = 0; c < frame_.count; ++c) {
        const Component& component = frame_.components[c];
        for (std::uint32_t y = 0; y < component.v; ++y)
          for (std::uint32_t x = 0; x < component.h; ++x) places.push_back({blocks.block_number(c, y, mcu * component.h + x), c});
      }
    }
    return places;
  }

  ScanHeader interleaved_scan() {
    ScanHeader scan;
    scan.count = frame_.count;
    for (std::uint32_t c = 0; c < frame_.count; ++c) {
      scan.component[c] = static_cast<std::uint8_t>(c);
      scan.dc_table[c] = scan.ac_table[c] = frame_.components[c].tq;
      source_.dc[c] = dc_index(scan.dc_table[c]);
      source_.ac[c] = ac_index(scan.ac_table[c]);
    }
    scan.spectral_end = 63;
    return scan;
  }

  // In pieces that end with the row or with a restart interval.
  void tokenise_row(const QuantisedBlocks& blocks, const std::vector<BlockPlace>& places) {
    source_.coefficients = blocks.blocks(0)->coefficients.data();
    source_.masks = blocks.masks(0);
    const std::uint32_t interval = plan_.restart_interval(frame_.mcus_per_row);
    const std::size_t blocks_per_mcu = places.size() / frame_.mcus_per_row;
    for (std::uint32_t mcu = 0; mcu < frame_.mcus_per_row;) {
      std::uint32_t count = frame_.mcus_per_row - mcu;
      if (interval > 0) count = std::min(count, start_interval(interval));
      const auto some = std::span(places).subspan(mcu * blocks_per_mcu, count * blocks_per_mcu);
      tokens_.end_at(block_kernels().tokenise(source_, some, tokens_.room(some.size() * kMaxBlockTokens)));
      mcu += count;
      left_in_interval_ -= interval > 0 ? count : 0;
    }
  }

  // MCUs left of the interval, a new one if need be.
  std::uint32_t start_interval(std::uint32_t interval) {
    if (left_in_interval_ > 0) return left_in_interval_;
    if (is_started_) tokens_.restart();
    is_started_ = true;
    source_.prediction = {};
    return left_in_interval_ = interval;
  }

  CodeTable begin_typical_scan(const ScanHeader& scan) {
    CodeTable codes;
    for (std::uint32_t table = 0; table < (plan_.is_ycc ? 2u : 1u); ++table) {
      writer_.dht(false, table, typical_dc(table == 1));
      writer_.dht(true, table, typical_ac(table == 1));
      codes.set_dc(table, huffman_encoder(typical_dc(table == 1)));
      codes.set_ac(table, huffman_encoder(typical_ac(table == 1)), false);
    }
    write_scan_header(scan);
    return codes;
  }

  CodeTable begin_optimal_scan(const ScanHeader& scan) {
    Histogram histogram{};
    tokens_.count(histogram);
    const CodeTable codes = write_optimal_tables(histogram, false, writer_);
    write_scan_header(scan);
    return codes;
  }

  void write_scan_header(const ScanHeader& scan) {
    const std::uint32_t interval = plan_.restart_interval(mcus_per_row(frame_, scan));
    if (interval != written_interval_) writer_.dri(interval);
    written_interval_ = interval;
    writer_.sos(frame_, scan);
  }

  void check_cancel() const {
    if (cancel_ != nullptr) cancel_->check();
  }

  const CancelToken* cancel_;
  const DctPlan& plan_;
  const FrameHeader& frame_;
  SegmentWriter& writer_;
  ComponentRows<Sample> rows_;
  std::array<Divisors, 2> divisors_;
  std::array<const Divisors*, kMaxComponents> component_divisors_{};
  TokenSource source_{};
  TokenStore tokens_;
  std::uint32_t left_in_interval_ = 0;
  bool is_started_ = false;
  std::uint32_t written_interval_ = 0;
};

void write_frame_segments(const DctPlan& plan, SegmentWriter& writer) {
  writer.soi();
  if (plan.frame.count == 1 || plan.is_ycc) {
    writer.jfif();
  } else {
    writer.adobe(0);
  }
  writer.dqt(0, plan.quant[0]);
  if (plan.is_ycc) writer.dqt(1, plan.quant[1]);
  writer.sof(plan.frame);
}

}  // namespace

std::size_t max_dct_size(const FrameInfo& frame, const Parameters& parameters) {
  const std::uint32_t precision = parameters.process == Process::baseline ? 8 : 12;  // the larger possible
  return static_cast<std::size_t>(max_size(DctPlan(frame, precision, parameters), frame.type, parameters));
}

std::size_t encode_dct(ConstImageView source, std::uint32_t precision, MutableByteView destination, const Parameters& parameters,
                       const CancelToken* cancel) {
  const DctPlan plan({source.rows, source.columns, source.samples, source.type, precision}, precision, parameters);
  const std::uint64_t needed = max_size(plan, source.type, parameters);
  if (destination.size() < needed)
    fail(Errc::invalid_argument, 0,
         "jpeg: the destination has " + std::to_string(destination.size()) + " bytes, expected " + std::to_string(needed));
  SegmentWriter writer(destination);
  write_frame_segments(plan, writer);
  if (precision == 8) {
    DctEncoder<std::uint8_t>(source, plan, writer, cancel).run();
  } else {
    DctEncoder<std::uint16_t>(source, plan, writer, cancel).run();
  }
  writer.eoi();
  return writer.size();
}

}  // namespace turbodicom::codec::jpeg
