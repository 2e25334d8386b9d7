// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// decode(): check the destination, read the header, unpack all segments of a group of samples strip by
// strip, place each strip while it is warm, say how the segments ended. encode() is the reverse, row
// by row. Begin reading at decode().
#include "turbodicom/codec/rle/rle.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>

#include "turbodicom/base/checked.h"
#include "turbodicom/base/cpu.h"
#include "turbodicom/codec/rle/decoder.h"
#include "turbodicom/codec/rle/encoder.h"
#include "turbodicom/codec/rle/header.h"
#include "turbodicom/codec/rle/placement.h"

namespace turbodicom::codec::rle {
namespace {

// Quirks, by the names the README lists with their sources.
constexpr Quirk kRunPastEnd = "run_past_end";
constexpr Quirk kTrailingBytes = "trailing_bytes";
constexpr Quirk kOddSegmentOffset = "odd_segment_offset";
constexpr Quirk kGapAfterHeader = "gap_after_header";
constexpr Quirk kUnusedOffsetNotZero = "unused_offset_not_zero";

void note(DecodeReport& report, Quirk quirk) {
  if (std::find(report.quirks.begin(), report.quirks.end(), quirk) == report.quirks.end())
    report.quirks.push_back(quirk);
}

void check_destination(const ImageView& image, const Limits& limits) {
  if (image.data == nullptr || image.rows == 0 || image.columns == 0 || image.samples == 0)
    fail(Errc::invalid_argument, 0, "rle: the destination has no pixels");
  const std::uint64_t pixels = checked_product({image.rows, image.columns}, "rle: pixels of the frame");
  if (pixels > limits.pixels_per_frame)
    fail(Errc::limit_exceeded, 0,
         "rle: the frame has " + std::to_string(pixels) + " pixels, the limit is " +
             std::to_string(limits.pixels_per_frame));
  const std::uint64_t bytes = checked_product({pixels, image.samples, image.sample_bytes()}, "rle: bytes of the frame");
  if (bytes > limits.bytes_per_frame)
    fail(Errc::limit_exceeded, 0,
         "rle: the frame has " + std::to_string(bytes) + " bytes, the limit is " +
             std::to_string(limits.bytes_per_frame));
}

void note_header_quirks(const Header& header, DecodeReport& report) {
  if (header.offsets[0] > kHeaderBytes) note(report, kGapAfterHeader);
  for (std::size_t i = 0; i < kMaxSegments; ++i) {
    if (i < header.segments && header.offsets[i] % 2 != 0) note(report, kOddSegmentOffset);
    if (i >= header.segments && header.offsets[i] != 0) note(report, kUnusedOffsetNotZero);
  }
}

// All of one decode; lives on decode()'s stack.
class FrameDecoder {
 public:
  FrameDecoder(ByteView source, const ImageView& image, const DecodeOptions& options)
      : source_(source), image_(image), options_(options),
        pixels_(static_cast<std::size_t>(image.rows) * image.columns) {}

  DecodeReport run() {
    try {
      read_header();
    } catch (const Error& error) {
      if (options_.on_error == OnError::raise) throw;
      return blank_frame(error);
    }
    report_.valid_rows = image_.rows;
    const std::uint32_t step = samples_per_group(image_);
    for (std::uint32_t first = 0; first < image_.samples; first += step) decode_group({first, step});
    return std::move(report_);
  }

 private:
  // Nothing can be decoded without a header that fits the image (which may need more segments than exist).
  DecodeReport blank_frame(const Error& reason) {
    fill_with_zeros(image_);
    report_.error = reason;
    report_.valid_rows = 0;
    report_.consumed_bytes = std::min(kHeaderBytes, source_.size());
    return std::move(report_);
  }

  void read_header() {
    const Header header = parse_header(source_);
    check_segment_count(header, checked_product({image_.samples, image_.sample_bytes()}, "rle: segments"));
    spans_ = segment_spans(header, source_, options_.on_error);
    if (spans_.damage) report_.error = spans_.damage;
    note_header_quirks(header, report_);
  }

  // All segments of the group side by side, a strip of each at a time.
  void decode_group(SampleGroup group) {
    const std::size_t bytes = image_.sample_bytes();
    const std::size_t first = group.first * bytes;
    const std::size_t count = group.samples * bytes;
    std::array<const std::uint8_t*, kMaxSegments> strips{};
    for (std::size_t k = 0; k < count; ++k) {
      std::uint8_t* const strip = strips_ + k * strip_room(count);
      readers_[k] = SegmentReader(segment(first + k), strip);
      strips[byte_in_memory(k, bytes)] = strip;
    }
    const std::size_t step = strip_bytes(count);
    for (std::size_t pixel = 0; pixel < pixels_; pixel += step) {
      if (options_.cancel != nullptr) options_.cancel->check();
      const std::size_t strip_pixels = std::min(step, pixels_ - pixel);
      for (std::size_t k = 0; k < count; ++k) read_strip(first + k, readers_[k], strip_pixels);
      place(image_, group, {strips.data(), count}, pixel, strip_pixels, options_.passes_caches);
    }
    for (std::size_t k = 0; k < count; ++k) finish_segment(readers_[k]);
  }

  ByteView segment(std::size_t index) const {
    return source_.subspan(spans_.begin[index], spans_.end[index] - spans_.begin[index]);
  }

  void read_strip(std::size_t index, SegmentReader& reader, std::size_t count) {
    reader.read(count);
    if (!reader.is_short()) return;
    if (options_.on_error == OnError::report && report_.error) return;
    Error error(Errc::truncated_data, spans_.end[index],
                "rle: segment " + std::to_string(index + 1) + " ends after " + std::to_string(reader.decoded()) +
                    " of " + std::to_string(pixels_) + " decoded bytes, at byte " +
                    std::to_string(spans_.end[index]) + " (PS3.5 G.3.2)");
    if (options_.on_error == OnError::raise) throw error;
    report_.error = std::move(error);
  }

  void finish_segment(const SegmentReader& reader) {
    const auto rows = static_cast<std::uint32_t>(reader.decoded() / image_.columns);
    report_.valid_rows = std::min(report_.valid_rows, rows);
    const SegmentReader::Ending ending = reader.ending();
    if (ending.run_past_end) note(report_, kRunPastEnd);
    if (ending.trailing_bytes) note(report_, kTrailingBytes);
    if (ending.next != nullptr)
      report_.consumed_bytes =
          std::max(report_.consumed_bytes, static_cast<std::size_t>(ending.next - source_.data()));
  }

  ByteView source_;
  ImageView image_;
  const DecodeOptions& options_;
  std::size_t pixels_;
  SegmentSpans spans_;
  std::array<SegmentReader, kMaxSegments> readers_;
  DecodeReport report_;
  alignas(64) std::uint8_t strips_[kStripsRoom];  // here, so that no frame costs an allocation
};

void check_source(const ConstImageView& image) {
  if (image.data == nullptr || image.rows == 0 || image.columns == 0 || image.samples == 0)
    fail(Errc::invalid_argument, 0, "rle: the source has no pixels");
}

FrameInfo frame_info(const ConstImageView& image) {
  return {image.rows, image.columns, image.samples, image.type, 0};
}

std::size_t segment_count(const FrameInfo& frame) {
  const std::uint64_t segments = checked_product({frame.samples, bytes_of(frame.type)}, "rle: segments");
  if (segments > kMaxSegments)
    fail(Errc::invalid_argument, 0,
         "rle: a pixel of " + std::to_string(segments) + " bytes needs as many segments, at most 15 are allowed (PS3.5 G.5)");
  return static_cast<std::size_t>(segments);
}

}  // namespace

StreamInfo read_info(ByteView source) {
  StreamInfo info;
  info.components = parse_header(source).segments;
  info.precision = 8;
  return info;
}

DecodeReport decode(ByteView source, ImageView destination, const DecodeOptions& options) {
  check_destination(destination, options.limits);
  std::optional<StoresPastCaches> stores;
  if (options.passes_caches) stores.emplace();
  return FrameDecoder(source, destination, options).run();
}

std::size_t max_encoded_size(const FrameInfo& frame, const EncodeParameters&) {
  const std::uint64_t rows_bytes =
      checked_product({frame.rows, max_packed_bytes(frame.columns)}, "rle: bytes of a segment");
  const std::uint64_t segments =
      checked_product({segment_count(frame), checked_add(rows_bytes, 1, "rle: bytes of a segment")}, "rle: encoded size");
  return static_cast<std::size_t>(checked_add(segments, kHeaderBytes + kPackSlack, "rle: encoded size"));
}

std::size_t encode(ConstImageView source, MutableByteView destination, const EncodeParameters& parameters) {
  check_source(source);
  const FrameInfo frame = frame_info(source);
  const std::size_t needed = max_encoded_size(frame, parameters);
  if (destination.size() < needed)
    fail(Errc::invalid_argument, 0,
         "rle: the destination has " + std::to_string(destination.size()) + " bytes, max_encoded_size is " +
             std::to_string(needed));
  Header header;
  header.segments = static_cast<std::uint32_t>(segment_count(frame));
  RowPacker packer(source.columns);
  std::uint8_t* out = destination.data() + kHeaderBytes;
  for (std::size_t segment = 0; segment < header.segments; ++segment) {
    const auto offset = static_cast<std::size_t>(out - destination.data());
    if (offset > std::numeric_limits<std::uint32_t>::max())
      fail(Errc::limit_exceeded, 0, "rle: the encoded frame exceeds the 32-bit offsets of the header (PS3.5 G.5)");
    header.offsets[segment] = static_cast<std::uint32_t>(offset);
    for (std::size_t row = 0; row < source.rows; ++row) {
      gather_row(source, segment, row, packer.row());
      out = packer.pack(out);
    }
    if ((out - destination.data()) % 2 != 0) *out++ = 0;  // PS3.5 G.3: segments have an even length
  }
  write_header(header, destination.data());
  return static_cast<std::size_t>(out - destination.data());
}

}  // namespace turbodicom::codec::rle
