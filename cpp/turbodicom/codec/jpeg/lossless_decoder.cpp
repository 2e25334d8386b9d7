// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Checks of a lossless scan, its tables, and which restart intervals are decoded by whom.
//
// Two workarounds, off by default, for encoders in the field (DCMTK's dcmdjpeg +w6 and +wc; like there, for more than
// 12 bits only):
// - predictor6_overflow: the encoder held samples as signed 16-bit numbers, so the halves in selection values 5 to 7 are
//   those of signed numbers. The same as adding 32768 to every sample before prediction and taking it away behind.
// - cornell_huffman: the "Cornell" encoder has no code for category 16 and writes bits that are no code; they mean
//   a difference of 32768, and 16 more bits 0x8000 or 0x7FFF behind it are dropped.
#include "turbodicom/codec/jpeg/lossless_decoder.h"

#include <algorithm>
#include <string>

#include "turbodicom/base/checked.h"
#include "turbodicom/base/thread_pool.h"
#include "turbodicom/codec/jpeg/lossless_scan.h"
#include "turbodicom/codec/jpeg/restart.h"

namespace turbodicom::codec::jpeg {
namespace {

// Our limit: T.81 gives each component one scan, and every further one costs as much as the first.
constexpr std::uint32_t kMaxScans = 4;

constexpr Quirk kScansIgnored = "scans_after_complete_image";
constexpr Quirk kBytesBeforeRestart = "bytes_before_restart_marker";

constexpr std::uint32_t kMostSamplesInMcu = 10;  // libjpeg's limit, as T.81 B.2.3

[[noreturn, gnu::cold]] void refuse(Errc code, std::size_t at, const std::string& what, const char* clause) {
  fail(code, at, "jpeg: " + what + ", at byte " + std::to_string(at) + " (T.81 " + clause + ")");
}

// A table must cost little beside the samples it serves; from about 10 bits a sample on two seldom fit one entry.
DifferenceTable::Fast fast_entries(std::uint64_t samples, std::uint64_t bytes) noexcept {
  if (samples < 4096) return {};
  if (bytes * 8 > samples * 10) return {0, true};
  if (samples < 32 * 1024) return {8, false};
  return {samples < 256 * 1024 ? 10 : 11, false};
}

void check_parameters(const FrameHeader& frame, const ScanHeader& header) {
  if (header.spectral_start < 1 || header.spectral_start > 7)
    refuse(Errc::corrupt_data, header.offset, "predictor selection value " + std::to_string(header.spectral_start) + ", expected 1 to 7", "H.1.2");
  if (header.spectral_end != 0 || header.high_bit != 0 || header.low_bit >= frame.precision)
    refuse(Errc::corrupt_data, header.offset, "lossless scan with Se " + std::to_string(header.spectral_end) + ", Ah " + std::to_string(header.high_bit) +
               ", Al " + std::to_string(header.low_bit) + " for " + std::to_string(frame.precision) + " bits", "B.2.3");
}

void check_sampling(const FrameHeader& frame, const ScanHeader& header) {
  for (std::uint32_t i = 0; i < frame.count; ++i)
    if (frame.h_max % frame.components[i].h != 0 || frame.v_max % frame.components[i].v != 0)
      refuse(Errc::unsupported, frame.offset, "sampling factors that are no divisors of the largest one", "A.1.1");
  std::uint32_t samples = 0;
  for (std::uint32_t i = 0; i < header.count; ++i)
    samples += std::uint32_t{frame.components[header.component[i]].h} * frame.components[header.component[i]].v;
  if (header.count > 1 && samples > kMostSamplesInMcu)
    refuse(Errc::corrupt_data, header.offset, std::to_string(samples) + " samples an MCU, at most 10 expected", "B.2.3");
}

}  // namespace

struct LosslessDecoder::State {
  ByteView source;
  const FrameHeader& frame;
  const Output& output;
  const DecodeOptions& options;
  Damage& damage;
  bool is_complete = false;              // one scan held all components: later ones are ignored, as libjpeg does
  std::array<std::uint32_t, kMaxComponents> scans_of{};  // by component

  LosslessPlan plan(const ScanHeader& header, const Tables& tables) const;
  void add_tables(LosslessPlan& plan, const Tables& tables) const;
  void check_size(const LosslessPlan& plan) const;
  std::uint32_t rows_needed(const LosslessPlan& plan) const;
  std::size_t decode(const LosslessPlan& plan);
  std::size_t decode_through(const LosslessPlan& plan, std::uint32_t rows);
  void decode_interval(const LosslessPlan& plan, LosslessScan& scan, const std::vector<std::size_t>& starts, std::size_t i, Damage& found) const;
  void decode_intervals(const LosslessPlan& plan, const std::vector<std::size_t>& starts, std::size_t first, std::size_t end);
};

LosslessPlan LosslessDecoder::State::plan(const ScanHeader& header, const Tables& tables) const {
  check_parameters(frame, header);
  check_sampling(frame, header);
  LosslessPlan plan{source, frame, header, output, options, {}};
  const bool is_alone = header.count == 1;
  const Component& first = plan.component(0);
  plan.mcus_per_row = is_alone ? first.columns : frame.mcus_per_row;
  plan.mcu_rows = is_alone ? first.rows : frame.mcu_rows;
  plan.rows_per_unit = is_alone ? first.v : 1;
  plan.image_rows_per_mcu_row = is_alone ? frame.v_max / first.v : frame.v_max;
  if (tables.restart_interval % plan.mcus_per_row != 0)
    refuse(Errc::corrupt_data, header.offset, "restart interval of " + std::to_string(tables.restart_interval) + " MCUs, expected whole rows of " +
               std::to_string(plan.mcus_per_row), "H.1.1");
  plan.rows_per_interval = tables.restart_interval / plan.mcus_per_row;
  if (options.predictor6_overflow && frame.precision > 12) plan.bias = 0x8000;
  plan.start = static_cast<std::uint16_t>((1u << (frame.precision - header.low_bit - 1)) ^ plan.bias);  // H.1.2.1
  return plan;
}

void LosslessDecoder::State::add_tables(LosslessPlan& plan, const Tables& tables) const {
  // As if the other scans were like this one, and all of them in the bytes that are left.
  const std::uint64_t samples = checked_product({plan.mcus_per_row, plan.mcu_rows, frame.count}, "jpeg: samples of a frame");
  const DifferenceTable::Fast fast =
      plan.is_row_by_row() ? fast_entries(samples, source.size() - std::min(source.size(), plan.header.data)) : DifferenceTable::Fast{};
  std::array<std::shared_ptr<const DifferenceTable>, 4> made;
  for (std::uint32_t i = 0; i < plan.header.count; ++i) {
    const std::uint8_t number = plan.header.dc_table[i];
    if (!tables.dc[number].is_defined)
      refuse(Errc::corrupt_data, plan.header.offset, "Huffman table " + std::to_string(number) + " is missing", "B.2.4.2");
    if (made[number] == nullptr)
      made[number] = std::make_shared<const DifferenceTable>(tables.dc[number], fast);
    plan.tables[i] = made[number];
  }
}

// A difference has one bit at least; what is not there is said before the work. OnError::report does the work anyway.
void LosslessDecoder::State::check_size(const LosslessPlan& plan) const {
  const std::uint64_t mcus = checked_product({plan.mcus_per_row, plan.mcu_rows}, "jpeg: MCUs of a scan");
  const std::size_t bytes = source.size() - std::min(source.size(), plan.header.data);
  if (options.on_error == OnError::raise && mcus > std::uint64_t{bytes} * 8)
    refuse(Errc::truncated_data, plan.header.data, std::to_string(bytes) + " bytes for " + std::to_string(mcus) + " MCUs of a bit or more", "H.2.2");
}

// Rows of MCUs from the top that the destination has a part in, in whole units.
std::uint32_t LosslessDecoder::State::rows_needed(const LosslessPlan& plan) const {
  const std::uint32_t rows = output.first_row + output.image.rows;
  const std::uint32_t image_rows_per_unit = plan.image_rows_per_mcu_row * plan.rows_per_unit;
  return std::min(plan.mcu_rows, (rows + image_rows_per_unit - 1) / image_rows_per_unit * plan.rows_per_unit);
}

std::size_t LosslessDecoder::State::decode(const LosslessPlan& plan) {
  const std::uint32_t needed = rows_needed(plan);
  const std::uint32_t interval = plan.rows_per_interval;
  const std::uint32_t skipped = interval == 0 ? 0 : output.first_row / plan.image_rows_per_mcu_row / interval;
  const bool is_worth = options.workers > 1 || skipped > 0;
  if (interval == 0 || interval >= plan.mcu_rows || !is_worth || plan.rows_per_unit > 1) return decode_through(plan, needed);
  const std::vector<std::size_t> starts = interval_starts(source, plan.header.data, (std::uint64_t{plan.mcu_rows} + interval - 1) / interval);
  if (starts.empty()) return decode_through(plan, needed);
  decode_intervals(plan, starts, skipped, (std::size_t{needed} + interval - 1) / interval);
  return end_of_scan(source, starts.back());
}

std::size_t LosslessDecoder::State::decode_through(const LosslessPlan& plan, std::uint32_t rows) {
  const std::unique_ptr<LosslessScan> scan = make_lossless_scan(plan);
  scan->run(0, rows, plan.header.data, damage);
  return rows == plan.mcu_rows ? scan->offset() : end_of_scan(source, scan->offset());
}

void LosslessDecoder::State::decode_interval(const LosslessPlan& plan, LosslessScan& scan, const std::vector<std::size_t>& starts,
                                             std::size_t i, Damage& found) const {
  const auto first = static_cast<std::uint32_t>(i) * plan.rows_per_interval;
  scan.run(first, std::min(first + plan.rows_per_interval, plan.mcu_rows), starts[i], found);
  if (scan.has_unread_bytes() && i + 1 < starts.size()) found.note(kBytesBeforeRestart);
}

// Each interval is a small image of its own (H.1.2.1).
void LosslessDecoder::State::decode_intervals(const LosslessPlan& plan, const std::vector<std::size_t>& starts, std::size_t first, std::size_t end) {
  const std::size_t workers = std::min(options.workers, end - first);
  if (workers < 2) {
    const std::unique_ptr<LosslessScan> scan = make_lossless_scan(plan);
    for (std::size_t i = first; i < end; ++i) decode_interval(plan, *scan, starts, i, damage);
    return;
  }
  std::vector<std::unique_ptr<LosslessScan>> scans(workers);
  std::vector<Damage> found(workers, Damage(damage.on_error(), frame.rows));
  const auto body = [&](std::size_t index, std::size_t worker) {
    if (scans[worker] == nullptr) scans[worker] = make_lossless_scan(plan);
    decode_interval(plan, *scans[worker], starts, first + index, found[worker]);
  };
  CancelToken cancel;
  parallel_for(end - first, workers, body, cancel, [&] {
    if (options.cancel != nullptr) options.cancel->check();
    if (options.poll != nullptr) (*options.poll)();
  });
  for (Damage& one : found) damage.merge(std::move(one));
}

LosslessDecoder::LosslessDecoder(ByteView source, const FrameHeader& frame, const Output& output, const DecodeOptions& options, Damage& damage)
    : state_(std::make_unique<State>(State{source, frame, output, options, damage})) {}

LosslessDecoder::~LosslessDecoder() = default;

std::size_t LosslessDecoder::scan(const ScanHeader& header, const Tables& tables) {
  State& state = *state_;
  if (state.is_complete) {
    state.damage.note(kScansIgnored);
    return end_of_scan(state.source, header.data);
  }
  const bool is_first = std::all_of(state.scans_of.begin(), state.scans_of.end(), [](std::uint32_t scans) { return scans == 0; });
  LosslessPlan plan = state.plan(header, tables);
  state.check_size(plan);
  state.add_tables(plan, tables);
  state.is_complete = is_first && header.count == state.frame.count;
  for (std::uint32_t i = 0; i < header.count; ++i)
    if (++state.scans_of[header.component[i]] > kMaxScans)
      fail(Errc::limit_exceeded, header.offset, "jpeg: a component has more than " + std::to_string(kMaxScans) + " scans, at byte " +
                                                    std::to_string(header.offset));
  return state.decode(plan);
}

void LosslessDecoder::finish(std::size_t offset, bool) {
  State& state = *state_;
  const ImageView& image = state.output.image;
  for (std::uint32_t sample = 0; sample < state.frame.count; ++sample) {
    if (state.scans_of[sample] != 0) continue;
    for (std::uint32_t row = 0; row < image.rows; ++row)
      for (std::uint32_t column = 0; column < image.columns; ++column)
        std::fill_n(image.at(row, column, sample), image.sample_bytes(), std::uint8_t{0});
    state.damage.add(Errc::truncated_data, offset, 0, "jpeg: no scan of component " + std::to_string(sample) + " before byte " +
                         std::to_string(offset) + " (T.81 B.2.3)");
  }
}

}  // namespace turbodicom::codec::jpeg
