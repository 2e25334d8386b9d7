// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Process 14 (T.81 Annex H), begin reading at encode_lossless: one interleaved scan, one Huffman table for all
// components. The image is gone through once to count the differences' categories, for the table, and once more to
// write them; only a few rows are ever kept. Colour is left unsaid: no JFIF, no Adobe segment, components 1, 2, 3, 4.
#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "turbodicom/base/checked.h"
#include "turbodicom/codec/jpeg/difference.h"
#include "turbodicom/codec/jpeg/difference_rows.h"
#include "turbodicom/codec/jpeg/encoder.h"
#include "turbodicom/codec/jpeg/huffman.h"
#include "turbodicom/codec/jpeg/huffman_optimise.h"
#include "turbodicom/codec/jpeg/segment_writer.h"

namespace turbodicom::codec::jpeg {
namespace {

constexpr std::uint32_t kMostLines = 65535;            // X and Y of B.2.2
constexpr std::uint32_t kTypicalPrecision = 10;        // Table K.3 ends with category 11, of 10-bit samples
constexpr std::size_t kBatch = 8192;                   // differences handed on at a time: our choice, 16 KiB
constexpr std::size_t kSegmentsBytes = 2 + 22 + 38 + 6 + 16 + 3;  // SOI, SOF, DHT, DRI, SOS, fill and EOI at most

[[noreturn]] void refuse(const std::string& what) { fail(Errc::invalid_argument, 0, "jpeg: " + what); }

// Whether the table of Annex K is used.
bool is_typical(std::uint32_t precision, const Parameters& parameters) {
  return !parameters.optimise_huffman && precision <= kTypicalPrecision;
}

// All but the samples themselves.
void check(const FrameInfo& frame, std::uint32_t precision, const Parameters& parameters) {
  if (frame.rows == 0 || frame.rows > kMostLines || frame.columns == 0 || frame.columns > kMostLines)
    refuse("an image of " + std::to_string(frame.rows) + " rows and " + std::to_string(frame.columns) +
           " columns cannot be coded, 1 to 65535 of each can (T.81 B.2.2)");
  if (frame.samples == 0 || frame.samples > kMaxComponents)
    refuse(std::to_string(frame.samples) + " samples per pixel cannot be coded, 1 to 4 can");
  if (!DifferenceRows::can_read(frame.type))
    refuse("samples have " + std::to_string(8 * bytes_of(frame.type)) +
           " bits or are no integers, expected integers of 8 or 16 bits");
  if (precision < 2 || precision > 16)
    refuse("precision is " + std::to_string(precision) + ", expected 2 to 16 (T.81 Table B.2)");
  if (parameters.predictor > kPredictors)
    refuse("predictor is " + std::to_string(parameters.predictor) +
           ", expected 1 to 7, or 0 for the best (T.81 Table H.1)");
  if (parameters.point_transform >= precision)
    refuse("point transform is " + std::to_string(parameters.point_transform) + ", expected less than the precision, " +
           std::to_string(precision) + " (T.81 H.1.2.1)");
}

// In MCUs, which are pixels here; whole rows (H.1.1).
std::uint32_t restart_interval(std::uint32_t columns, const Parameters& parameters) {
  if (parameters.restart_every_row) return columns;
  if (parameters.restart_interval % columns != 0 || parameters.restart_interval > kMostLines)
    refuse("restart interval is " + std::to_string(parameters.restart_interval) + ", expected a multiple of the " +
           std::to_string(columns) + " columns, at most 65535 (T.81 H.1.1)");
  return parameters.restart_interval;
}

class LosslessEncoder {
 public:
  LosslessEncoder(const ConstImageView& source, std::uint32_t precision, const Parameters& parameters, const CancelToken* cancel)
      : source_(source), precision_(precision), parameters_(parameters), cancel_(cancel),
        interval_(restart_interval(source.columns, parameters)), selection_value_(parameters.predictor),
        differences_(std::size_t{source.columns} * source.samples + kBatch) {
    choose();
  }

  std::size_t write(MutableByteView destination) {
    SegmentWriter segments(destination);
    const FrameHeader frame = frame_header();
    segments.soi();
    segments.sof(frame);
    segments.dht(false, 0, table_);
    if (interval_ > 0) segments.dri(interval_);
    segments.sos(frame, scan_header());
    segments.move_to(write_scan(segments.position()));
    segments.eoi();
    return segments.size();
  }

 private:
  // The table, and the predictor if it was left to us: the one with the fewest bits, of equal ones the first.
  void choose() {
    const bool has_table = is_typical(precision_, parameters_);
    if (has_table) table_ = typical_dc(false);
    if (has_table && selection_value_ != 0) return;
    const std::uint32_t first = std::max(selection_value_, 1u);
    const std::uint32_t last = selection_value_ == 0 ? kPredictors : selection_value_;
    std::uint64_t fewest_bits = std::numeric_limits<std::uint64_t>::max();
    for (std::uint32_t candidate = first; candidate <= last; ++candidate) {
      const CategoryCounts counts = count(candidate);
      const HuffmanSpec table = has_table ? table_ : optimal_huffman(counts);
      const std::uint64_t bits = coded_bits(counts, table);
      if (bits >= fewest_bits) continue;
      fewest_bits = bits;
      selection_value_ = candidate;
      table_ = table;
    }
  }

  static std::uint64_t coded_bits(const CategoryCounts& counts, const HuffmanSpec& table) {
    const CategoryCodes codes(huffman_encoder(table));
    std::uint64_t bits = 0;
    for (std::size_t c = 0; c < kCategories; ++c) bits += counts[c] * codes.length[c];
    return bits;
  }

  CategoryCounts count(std::uint32_t selection_value) {
    CategoryCounts counts{};
    for_each_batch(selection_value, [&](const std::uint16_t* differences, std::size_t size, bool) {
      difference_kernels().count(differences, size, counts);
    });
    return counts;
  }

  const std::uint8_t* write_scan(std::uint8_t* out) {
    const CategoryCodes codes(huffman_encoder(table_));
    BitWriter writer(out);
    std::uint32_t intervals = 0;
    for_each_batch(selection_value_, [&](const std::uint16_t* differences, std::size_t size, bool restarts) {
      writer = difference_kernels().append(differences, size, codes, writer);
      if (restarts) writer.restart(intervals++);
    });
    return writer.finish();
  }

  // Hands on the differences of whole rows, and whether another restart interval follows them.
  template <typename Consume>
  void for_each_batch(std::uint32_t selection_value, Consume&& consume) {
    DifferenceRows rows(source_, precision_, parameters_.point_transform);
    const std::uint32_t interval_rows = interval_ > 0 ? interval_ / source_.columns : source_.rows;
    std::size_t filled = 0;
    for (std::uint32_t index = 0; index < source_.rows; ++index) {
      rows.read(index);
      rows.subtract(selection_value, index % interval_rows == 0, differences_.data() + filled);
      filled += rows.count();
      const bool is_last = index + 1 == source_.rows;
      const bool restarts = !is_last && (index + 1) % interval_rows == 0;
      if (filled < kBatch && !is_last && !restarts) continue;
      if (cancel_ != nullptr) cancel_->check();
      consume(differences_.data(), filled, restarts);
      filled = 0;
    }
  }

  FrameHeader frame_header() const {
    FrameHeader frame{};
    frame.process = Process::lossless;
    frame.precision = precision_;
    frame.rows = source_.rows;
    frame.columns = source_.columns;
    frame.count = source_.samples;
    for (std::uint32_t i = 0; i < frame.count; ++i) frame.components[i].id = static_cast<std::uint8_t>(i + 1);
    return frame;
  }

  ScanHeader scan_header() const {
    ScanHeader scan{};
    scan.count = source_.samples;
    for (std::uint32_t i = 0; i < scan.count; ++i) scan.component[i] = static_cast<std::uint8_t>(i);
    scan.spectral_start = selection_value_;
    scan.low_bit = parameters_.point_transform;
    return scan;
  }

  ConstImageView source_;
  std::uint32_t precision_;
  const Parameters& parameters_;
  const CancelToken* cancel_;
  std::uint32_t interval_;         // restart interval in MCUs, 0: none
  std::uint32_t selection_value_;
  HuffmanSpec table_;
  std::vector<std::uint16_t> differences_;
};

}  // namespace

// A code and its additional bits: no code of Table K.3 is longer than 9 bits; the mean optimal code is no longer than
// one of equal lengths, 5 bits for 17 categories and the reserved code point, and the limit of 16 bits adds less than
// one. Differences of P-bit samples have at most P + 1 additional bits, and never more than 15. An interval ends with
// less than a byte of padding and a marker.
std::size_t max_lossless_size(const FrameInfo& frame, const Parameters& parameters) {
  const auto type_bits = static_cast<std::uint32_t>(8 * bytes_of(frame.type));
  const std::uint32_t precision = frame.precision == 0 ? type_bits : frame.precision;
  check(frame, precision, parameters);
  const bool has_restarts = restart_interval(frame.columns, parameters) > 0;
  const std::uint32_t sample_bits = (is_typical(precision, parameters) ? 9 : 6) + std::min(precision + 1, 15u);
  const std::uint64_t bits =
      checked_product({frame.rows, frame.columns, frame.samples, sample_bits}, "jpeg: encoded size");
  const std::uint64_t markers = has_restarts ? checked_product({frame.rows, 4}, "jpeg: encoded size") : 0;
  return static_cast<std::size_t>(
      checked_add(max_segment_bytes(static_cast<std::size_t>(bits)), markers + kSegmentsBytes, "jpeg: encoded size"));
}

std::size_t encode_lossless(ConstImageView source, std::uint32_t precision, MutableByteView destination,
                            const Parameters& parameters, const CancelToken* cancel) {
  if (source.data == nullptr) refuse("the source has no pixels");
  const FrameInfo frame{source.rows, source.columns, source.samples, source.type, precision};
  check(frame, precision, parameters);
  const std::size_t needed = max_lossless_size(frame, parameters);
  if (destination.size() < needed)
    refuse("the destination has " + std::to_string(destination.size()) + " bytes, the image may take " +
           std::to_string(needed));
  return LosslessEncoder(source, precision, parameters, cancel).write(destination);
}

}  // namespace turbodicom::codec::jpeg
