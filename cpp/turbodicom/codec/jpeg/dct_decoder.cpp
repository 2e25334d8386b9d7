// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// scan() chooses between the straight way (stream) and the buffer of coefficients (gather); finish() turns the buffer
// into the image. Both go through bands of MCU rows, several at once where the caller allows threads.
#include "turbodicom/codec/jpeg/dct_decoder.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "turbodicom/base/checked.h"
#include "turbodicom/base/thread_pool.h"
#include "turbodicom/codec/jpeg/coefficients.h"
#include "turbodicom/codec/jpeg/progressive_scan.h"
#include "turbodicom/codec/jpeg/reconstructor.h"
#include "turbodicom/codec/jpeg/restart.h"
#include "turbodicom/codec/jpeg/sequential_scan.h"
#include "turbodicom/codec/jpeg/smoothing.h"

namespace turbodicom::codec::jpeg {
namespace {

// Quirks, by the names the README lists with their sources.
constexpr Quirk kScanParameters = "sequential_scan_parameters";
constexpr Quirk kScansIgnored = "scans_after_complete_image";
constexpr Quirk kIncompleteProgression = "incomplete_progression";

// Our limit: below this a thread costs more than it saves (some 100 us of work).
constexpr std::uint64_t kBlocksPerBand = 1024;

std::string at_byte(std::size_t offset) { return ", at byte " + std::to_string(offset); }

// Rows of MCUs, `end` behind the last.
struct Band {
  std::uint32_t first, end;
};

std::uint64_t blocks_in(const FrameHeader& frame, std::uint32_t mcu_rows) {
  std::uint64_t blocks = 0;
  for (std::uint32_t c = 0; c < frame.count; ++c)
    blocks += checked_product({frame.components[c].blocks_per_row, frame.components[c].v, mcu_rows}, "jpeg: blocks of the frame");
  return blocks;
}

// The rows of MCUs that the output shows.
Band wanted_rows(const FrameHeader& frame, const Output& output) {
  const std::uint64_t mcu = std::uint64_t{8} * frame.v_max;
  const std::uint64_t first = std::uint64_t{output.first_row} << output.reduce;
  const std::uint64_t end = (std::uint64_t{output.first_row} + output.image.rows) << output.reduce;
  return {static_cast<std::uint32_t>(std::min<std::uint64_t>(first / mcu, frame.mcu_rows - 1)),
          static_cast<std::uint32_t>(std::min<std::uint64_t>((end + mcu - 1) / mcu, frame.mcu_rows))};
}

std::vector<Band> split(Band rows, std::size_t workers, std::uint64_t blocks_per_row) {
  const std::uint64_t count = rows.end - rows.first;
  const std::uint64_t most = std::max<std::uint64_t>(count * blocks_per_row / kBlocksPerBand, 1);
  const std::uint64_t bands = workers <= 1 ? 1 : std::min({count, most, std::uint64_t{2} * workers});
  std::vector<Band> result;
  for (std::uint64_t i = 0; i < bands; ++i)
    result.push_back({static_cast<std::uint32_t>(rows.first + count * i / bands),
                      static_cast<std::uint32_t>(rows.first + count * (i + 1) / bands)});
  return result;
}

}  // namespace

struct DctDecoder::State {
  State(ByteView bytes, const FrameHeader& header, const Output& destination, const DecodeOptions& decode_options, Damage& found)
      : source(bytes), frame(header), output(destination), options(decode_options), damage(found),
        wanted(wanted_rows(header, destination)), budget(blocks_in(header, header.mcu_rows)) {}

  std::size_t scan(const ScanHeader& header, const Tables& tables);
  void finish(std::size_t offset, bool has_end);

 private:
  void latch(const ScanHeader& header, const Tables& tables);
  std::size_t stream(const ScanHeader& header, const Tables& tables);
  std::size_t stream_band(Band band, const ScanHeader& header, const SequentialTables& look_ups, std::uint32_t restart_interval,
                          const std::vector<std::size_t>& starts, Damage& found) const;
  void allocate(const ScanHeader& header);
  std::size_t gather_sequential(const ScanHeader& header, const Tables& tables);
  std::size_t gather_progressive(const ScanHeader& header, const Tables& tables);
  void judge_completeness(std::size_t offset, bool has_end);
  void reconstruct();
  void reconstruct_band(Band band, const Smoothing& smoothing) const;
  template <class Work>
  void for_bands(const std::vector<Band>& bands, const Work& work) const;
  void poll() const {
    if (options.cancel != nullptr) options.cancel->check();
  }

  ByteView source;
  const FrameHeader& frame;
  const Output& output;
  const DecodeOptions& options;
  Damage& damage;
  Band wanted;
  WorkBudget budget;
  ComponentTables quant{};
  std::array<bool, kMaxComponents> is_latched{};  // the component was in a scan
  Progression progression;
  std::unique_ptr<Coefficients> coefficients;     // of the whole image, unless streamed
  std::uint32_t last_good_row = 0;                // of MCUs, in the latest progressive scan
  bool is_streamed = false;
};

std::size_t DctDecoder::State::scan(const ScanHeader& header, const Tables& tables) {
  if (is_streamed) {
    damage.note(kScansIgnored);
    return end_of_scan(source, header.data);
  }
  latch(header, tables);
  if (frame.process == Process::progressive) return gather_progressive(header, tables);
  if (header.spectral_start != 0 || header.spectral_end != 63 || header.high_bit != 0 || header.low_bit != 0)
    damage.note(kScanParameters);
  if (coefficients == nullptr && header.count == frame.count) return stream(header, tables);
  return gather_sequential(header, tables);
}

// A component keeps the quantisation table of its first scan, as in libjpeg.
void DctDecoder::State::latch(const ScanHeader& header, const Tables& tables) {
  for (std::uint32_t i = 0; i < header.count; ++i) {
    const std::uint8_t c = header.component[i];
    const std::uint8_t tq = frame.components[c].tq;
    if (is_latched[c]) continue;
    if (tq > 3 || !tables.quant[tq])
      fail(Errc::corrupt_data, header.offset, "jpeg: quantisation table " + std::to_string(tq) + " is not defined" +
                                                  at_byte(header.offset) + " (T.81 B.2.4.1)");
    quant[c] = *tables.quant[tq];
    is_latched[c] = true;
  }
}

// Restart intervals are looked up ahead only where that allows to leave some out or to decode several at once.
std::size_t DctDecoder::State::stream(const ScanHeader& header, const Tables& tables) {
  is_streamed = true;
  const SequentialTables look_ups(header, tables, damage);
  const ScanLayout layout(frame, header);
  const std::uint32_t interval = tables.restart_interval;
  std::vector<Band> bands = split(wanted, options.workers, blocks_in(frame, 1));
  std::vector<std::size_t> starts;
  if (interval != 0 && (bands.size() > 1 || wanted.first > 0))
    starts = interval_starts(source, header.data, (layout.mcus() + interval - 1) / interval);
  if (starts.empty()) bands = {wanted};
  std::vector<Damage> found(bands.size(), Damage(damage.on_error(), frame.rows));
  std::size_t offset = header.data;
  for_bands(bands, [&](std::size_t i) {
    const std::size_t end = stream_band(bands[i], header, look_ups, interval, starts, found[i]);
    if (i + 1 == bands.size()) offset = end;
  });
  for (Damage& part : found) damage.merge(std::move(part));
  return offset;
}

// Returns where the scan ends, or where its decoding did.
std::size_t DctDecoder::State::stream_band(Band band, const ScanHeader& header, const SequentialTables& look_ups,
                                           std::uint32_t restart_interval, const std::vector<std::size_t>& starts,
                                           Damage& found) const {
  Reconstructor reconstructor(frame, quant, output, band.first, band.end);
  Coefficients row(frame, 1);
  const ScanLayout layout(frame, header);
  const std::uint32_t first = reconstructor.first_needed();
  const std::uint64_t first_mcu = std::uint64_t{layout.first_row(first)} * layout.mcus_per_row;
  const std::uint64_t interval = starts.empty() ? 0 : first_mcu / restart_interval;
  SequentialScan scan(source, frame, header, look_ups, restart_interval, found, interval,
                      starts.empty() ? header.data : starts[static_cast<std::size_t>(interval)]);
  for (std::uint32_t m = layout.mcu_row(scan.row()); m < reconstructor.end_needed(); ++m) {
    poll();
    if (m + 1 == frame.mcu_rows && layout.rows_per_mcu_row > 1) row.clear();  // rows of blocks that no scan holds
    while (scan.row() < layout.first_row(m + 1)) scan.decode_row(row, m, true);
    if (m >= first) reconstructor.push(m, row.mcu_row(0));
  }
  return scan.row() == layout.rows ? scan.offset() : end_of_scan(source, scan.offset());
}

// The buffer, if the bytes can have paid for it: every block of an image costs a bit or more.
void DctDecoder::State::allocate(const ScanHeader& header) {
  if (coefficients != nullptr) return;
  const std::uint64_t bits = 8 * std::uint64_t{source.size() - std::min(source.size(), header.data)};
  std::uint64_t blocks = 0;
  for (std::uint32_t c = 0; c < frame.count; ++c)
    blocks += std::uint64_t{frame.components[c].own_blocks_per_row} * frame.components[c].own_block_rows;
  if (blocks > bits)
    damage.add(Errc::truncated_data, source.size(), 0,
               "jpeg: " + std::to_string(bits) + " bits for " + std::to_string(blocks) + " blocks" + at_byte(source.size()));
  if (Coefficients::bytes_for(frame, frame.mcu_rows) / 4 > options.limits.bytes_per_frame)
    fail(Errc::limit_exceeded, frame.offset, "jpeg: the coefficients of the frame need " +
             std::to_string(Coefficients::bytes_for(frame, frame.mcu_rows)) + " bytes, the limit is four times " +
             std::to_string(options.limits.bytes_per_frame));
  coefficients = std::make_unique<Coefficients>(frame, frame.mcu_rows);
}

std::size_t DctDecoder::State::gather_sequential(const ScanHeader& header, const Tables& tables) {
  allocate(header);
  budget.charge(100, header.offset);  // as a progressive scan, for its tables
  const SequentialTables look_ups(header, tables, damage);
  SequentialScan scan(source, frame, header, look_ups, tables.restart_interval, damage, 0, header.data);
  while (scan.row() < scan.layout().rows && !scan.is_over()) {
    poll();
    scan.decode_row(*coefficients, 0, false);
  }
  return scan.offset();
}

std::size_t DctDecoder::State::gather_progressive(const ScanHeader& header, const Tables& tables) {
  progression.add(header, damage);
  allocate(header);
  ProgressiveScan scan(source, frame, header, tables, damage, budget);
  for (std::uint32_t row = 0; row < scan.layout().rows && !scan.is_over(); ++row) {
    poll();
    scan.decode_row(*coefficients);
  }
  last_good_row = scan.last_good_row();
  return scan.offset();
}

void DctDecoder::State::finish(std::size_t offset, bool has_end) {
  if (is_streamed || coefficients == nullptr) return;
  judge_completeness(offset, has_end);
  reconstruct();
}

void DctDecoder::State::judge_completeness(std::size_t offset, bool has_end) {
  bool is_whole = true, is_exact = true;
  for (std::uint32_t c = 0; c < frame.count; ++c) {
    const bool progressive = frame.process == Process::progressive;
    is_whole &= progressive ? progression.has_dc(c) : is_latched[c];
    is_exact &= !progressive || progression.is_complete(c);
  }
  if (is_whole && is_exact) return;
  if (is_whole && has_end) return damage.note(kIncompleteProgression);
  damage.add(has_end ? Errc::corrupt_data : Errc::truncated_data, offset, 0,
             std::string("jpeg: ") + (is_whole ? "the last scans of the image are missing" : "no scan for some component") +
                 at_byte(offset) + " (T.81 B.2.1)");
}

void DctDecoder::State::reconstruct() {
  const Smoothing smoothing(frame, quant, progression, last_good_row);
  const std::vector<Band> bands = split(wanted, options.workers, blocks_in(frame, 1));
  for_bands(bands, [&](std::size_t i) { reconstruct_band(bands[i], smoothing); });
}

void DctDecoder::State::reconstruct_band(Band band, const Smoothing& smoothing) const {
  Reconstructor reconstructor(frame, quant, output, band.first, band.end);
  std::unique_ptr<Coefficients> smoothed;
  if (smoothing.applies()) smoothed = std::make_unique<Coefficients>(frame, 1);
  for (std::uint32_t m = reconstructor.first_needed(); m < reconstructor.end_needed(); ++m) {
    poll();
    if (smoothed) smoothing.smooth(*coefficients, m, *smoothed);
    reconstructor.push(m, smoothed ? smoothed->mcu_row(0) : coefficients->mcu_row(m));
  }
}

template <class Work>
void DctDecoder::State::for_bands(const std::vector<Band>& bands, const Work& work) const {
  if (bands.size() == 1) return work(0);
  CancelToken cancel;
  parallel_for(bands.size(), options.workers, [&](std::size_t i, std::size_t) { work(i); }, cancel, [this] {
    poll();
    if (options.poll != nullptr) (*options.poll)();
  });
}

DctDecoder::DctDecoder(ByteView source, const FrameHeader& frame, const Output& output, const DecodeOptions& options,
                       Damage& damage)
    : state_(std::make_unique<State>(source, frame, output, options, damage)) {}

DctDecoder::~DctDecoder() = default;

std::size_t DctDecoder::scan(const ScanHeader& header, const Tables& tables) { return state_->scan(header, tables); }

void DctDecoder::finish(std::size_t offset, bool has_end) { state_->finish(offset, has_end); }

}  // namespace turbodicom::codec::jpeg
