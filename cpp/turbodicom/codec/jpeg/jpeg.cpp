// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// decode(): walk the markers, hand each scan to the decoder of the frame's process, say how it ended.
// Begin reading at FrameDecoder::run.
#include "turbodicom/codec/jpeg/jpeg.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>

#include "turbodicom/base/checked.h"
#include "turbodicom/codec/jpeg/damage.h"
#include "turbodicom/codec/jpeg/dct_decoder.h"
#include "turbodicom/codec/jpeg/encoder.h"
#include "turbodicom/codec/jpeg/lossless_decoder.h"
#include "turbodicom/codec/jpeg/markers.h"
#include "turbodicom/codec/jpeg/output.h"

namespace turbodicom::codec::jpeg {
namespace {

constexpr Quirk kMissingEnd = "missing_end_marker";
constexpr Quirk kTrailingBytes = "bytes_after_end_marker";
constexpr Quirk kBytesBetweenSegments = "bytes_between_segments";

constexpr std::uint32_t kMaxReduce = 3;

std::string size_text(std::uint64_t rows, std::uint64_t columns) {
  return std::to_string(rows) + " x " + std::to_string(columns);
}

void check_destination(const ImageView& image, const DecodeOptions& options) {
  if (image.data == nullptr || image.rows == 0 || image.columns == 0 || image.samples == 0)
    fail(Errc::invalid_argument, 0, "jpeg: the destination has no pixels");
  if (image.type == SampleType::f32 || image.type == SampleType::f64 || image.sample_bytes() > 2)
    fail(Errc::invalid_argument, 0, "jpeg: the destination's samples are not integers of 8 or 16 bits");
  if (options.reduce > kMaxReduce)
    fail(Errc::unsupported, 0, "jpeg: reduced by 2^" + std::to_string(options.reduce) + ", at most 2^3 is possible");
  const Limits& limits = options.limits;
  const std::uint64_t pixels = checked_product({image.rows, image.columns}, "jpeg: pixels of the frame");
  const std::uint64_t bytes = checked_product({pixels, image.samples, image.sample_bytes()}, "jpeg: bytes of the frame");
  if (pixels > limits.pixels_per_frame || bytes > limits.bytes_per_frame)
    fail(Errc::limit_exceeded, 0, "jpeg: the frame has " + std::to_string(pixels) + " pixels and " + std::to_string(bytes) +
             " bytes, the limits are " + std::to_string(limits.pixels_per_frame) + " and " + std::to_string(limits.bytes_per_frame));
}

void fill_with_zeros(const ImageView& image) {
  for (std::uint32_t row = 0; row < image.rows; ++row)
    for (std::uint32_t column = 0; column < image.columns; ++column)
      for (std::uint32_t sample = 0; sample < image.samples; ++sample)
        std::memset(image.at(row, column, sample), 0, image.sample_bytes());
}

constexpr std::uint32_t reduced(std::uint32_t length, std::uint32_t reduce) noexcept {
  return static_cast<std::uint32_t>((std::uint64_t{length} + (1u << reduce) - 1) >> reduce);
}

// Which bits of which coefficients have come: whether the image is whole when something goes wrong behind a scan.
class Completeness {
 public:
  explicit Completeness(const FrameHeader& frame) : frame_(frame) {}

  void add(const ScanHeader& scan) {
    const bool progressive = frame_.process == Process::progressive;
    for (std::uint32_t i = 0; i < scan.count; ++i)
      for (std::uint32_t k = progressive ? scan.spectral_start : 0; k <= (progressive ? scan.spectral_end : 63) && k < 64; ++k)
        missing_[scan.component[i]][k] = progressive && scan.low_bit != 0;
  }
  bool is_complete() const {
    return std::all_of(missing_.begin(), missing_.begin() + frame_.count,
                       [](const auto& component) { return std::none_of(component.begin(), component.end(), [](bool m) { return m; }); });
  }

 private:
  static constexpr std::array<bool, 64> all_missing() {
    std::array<bool, 64> component{};
    component.fill(true);
    return component;
  }
  const FrameHeader& frame_;
  std::array<std::array<bool, 64>, kMaxComponents> missing_{all_missing(), all_missing(), all_missing(), all_missing()};
};

// All of one decode; lives on decode()'s stack.
class FrameDecoder {
 public:
  FrameDecoder(ByteView source, const ImageView& image, const DecodeOptions& options)
      : source_(source), options_(options), output_{image, false, options.reduce, 0, 0} {}

  DecodeReport run() {
    if (options_.cancel != nullptr) options_.cancel->check();
    try {
      MarkerReader markers(source_);
      Damage damage = read_frame(markers);
      if (markers.frame().is_lossless())
        decode_scans<LosslessDecoder>(markers, damage);
      else
        decode_scans<DctDecoder>(markers, damage);
      note_leftovers(markers, damage);
      return report(markers, damage);
    } catch (const Error& error) {
      if (options_.on_error == OnError::raise || error.code == Errc::cancelled) throw;
      return blank_frame(error);
    }
  }

 private:
  // Up to the frame header, which has to agree with the destination before anything is allocated.
  Damage read_frame(MarkerReader& markers) {
    const MarkerReader::Stop stop = markers.next();
    if (stop != MarkerReader::Stop::frame)
      fail(Errc::truncated_data, markers.offset(), "jpeg: no frame header before byte " + std::to_string(markers.offset()) + " (T.81 B.2.1)");
    const FrameHeader& frame = markers.frame();
    check_agreement(frame);
    return Damage(options_.on_error, frame.rows);
  }

  void check_agreement(const FrameHeader& frame) {
    const ImageView& image = output_.image;
    if (frame.is_lossless() && options_.reduce != 0)
      fail(Errc::unsupported, frame.offset, "jpeg: lossless frames cannot be decoded at reduced resolution");
    const std::uint32_t rows = reduced(frame.rows, options_.reduce), columns = reduced(frame.columns, options_.reduce);
    const Window window = options_.window.value_or(Window{});
    const bool fits = options_.window ? image.rows <= rows && window.row <= rows - image.rows && image.columns <= columns &&
                                            window.column <= columns - image.columns
                                      : image.rows == rows && image.columns == columns;
    if (!fits || image.samples != frame.count)
      fail(Errc::conformance, frame.offset, "jpeg: the codestream has " + size_text(rows, columns) + " pixels of " + std::to_string(frame.count) +
               " samples, expected " + size_text(image.rows, image.columns) + " of " + std::to_string(image.samples) +
               ", at byte " + std::to_string(frame.offset));
    if (frame.precision > 8 * image.sample_bytes())
      fail(Errc::conformance, frame.offset, "jpeg: the codestream has samples of " + std::to_string(frame.precision) + " bits, the destination of " +
               std::to_string(8 * image.sample_bytes()) + ", at byte " + std::to_string(frame.offset));
    output_.first_row = window.row;
#if !defined(TURBODICOM_PLANT_jpeg_window_ignores_column)
    output_.first_column = window.column;
#endif
  }

  void settle_colour(const MarkerReader& markers) {
    const FrameHeader& frame = markers.frame();
    if (frame.is_lossless() || frame.count < 3) return;
    if (options_.colour == ColourTransform::by_stream)
      output_.ycc_to_rgb = guess_colour(frame, markers.application()).libjpeg_says_ycc;
    else
      output_.ycc_to_rgb = options_.colour == ColourTransform::ycc_to_rgb && frame.count == 3;
  }

  template <class Decoder>
  void decode_scans(MarkerReader& markers, Damage& damage) {
    MarkerReader::Stop stop = markers.next();
    if (stop != MarkerReader::Stop::scan)
      fail(Errc::truncated_data, markers.offset(), "jpeg: no scan before byte " + std::to_string(markers.offset()) + " (T.81 B.2.1)");
    settle_colour(markers);
    Decoder decoder(source_, markers.frame(), output_, options_, damage);
    Completeness completeness(markers.frame());
    while (stop == MarkerReader::Stop::scan) {
      markers.set_offset(decoder.scan(markers.scan(), markers.tables()));
      completeness.add(markers.scan());
      stop = next_stop(markers, completeness.is_complete(), damage);
    }
    has_end_ = stop == MarkerReader::Stop::end;
    decoder.finish(markers.offset(), has_end_);
  }

  // Damage between scans: what has been decoded by then is still worth having, and may be all there is.
  MarkerReader::Stop next_stop(MarkerReader& markers, bool is_complete, Damage& damage) {
    try {
      return markers.next();
    } catch (const Error& error) {
      if (is_complete)
        damage.note(kTrailingBytes);
      else
        damage.add(error.code, error.offset, 0, error.message);
      return MarkerReader::Stop::end_of_bytes;
    }
  }

  void note_leftovers(const MarkerReader& markers, Damage& damage) {
    if (!has_end_) damage.note(kMissingEnd);
    if (has_end_ && source_.size() > markers.offset() + 1) damage.note(kTrailingBytes);  // one byte is padding, PS3.5 A.4
    if (markers.skipped_bytes() > 0) damage.note(kBytesBetweenSegments);
  }

  DecodeReport report(const MarkerReader& markers, const Damage& damage) const {
    DecodeReport result;
    result.consumed_bytes = std::min(markers.offset(), source_.size());
    result.valid_rows = damage.error() ? valid_rows_of_image(damage.valid_rows()) : output_.image.rows;
    if (result.valid_rows < output_.image.rows) result.error = damage.error();
    result.quirks = damage.quirks();
    std::sort(result.quirks.begin(), result.quirks.end());  // threads find them in any order
    return result;
  }

  // From rows of the frame to rows of the (reduced) window; an error costs at least one row.
  std::uint32_t valid_rows_of_image(std::uint32_t frame_rows) const {
    const std::uint32_t whole = frame_rows >> options_.reduce;
    return whole <= output_.first_row ? 0 : std::min(whole - output_.first_row, output_.image.rows);
  }

  DecodeReport blank_frame(const Error& reason) const {
    fill_with_zeros(output_.image);
    DecodeReport result;
    result.error = reason;
    return result;
  }

  ByteView source_;
  const DecodeOptions& options_;
  Output output_;
  bool has_end_ = false;
};

void check_source(const ConstImageView& image) {
  if (image.data == nullptr || image.rows == 0 || image.columns == 0 || image.samples == 0)
    fail(Errc::invalid_argument, 0, "jpeg: the source has no pixels");
  if (image.rows > 65535 || image.columns > 65535)
    fail(Errc::invalid_argument, 0, "jpeg: " + size_text(image.rows, image.columns) + " pixels, at most 65535 x 65535 can be coded (T.81 B.2.2)");
}

FrameInfo frame_info(const ConstImageView& image) {
  return {image.rows, image.columns, image.samples, image.type, 0};
}

std::uint32_t precision_of(const FrameInfo& frame, const EncodeParameters& parameters) {
  if (parameters.precision != 0) return parameters.precision;
  if (frame.precision != 0) return frame.precision;
  const auto bits = static_cast<std::uint32_t>(8 * bytes_of(frame.type));
  return parameters.jpeg.process == Process::lossless ? bits : std::min<std::uint32_t>(bits, 12);
}

}  // namespace

StreamInfo read_info(ByteView source) {
  MarkerReader markers(source);
  MarkerReader::Stop stop = markers.next();
  while (stop == MarkerReader::Stop::frame) stop = markers.next();
  if (stop != MarkerReader::Stop::scan)
    fail(Errc::truncated_data, markers.offset(), "jpeg: no scan before byte " + std::to_string(markers.offset()) + " (T.81 B.2.1)");
  const FrameHeader& frame = markers.frame();
  const ColourGuess guess = guess_colour(frame, markers.application());
  StreamInfo info;
  info.rows = frame.rows;
  info.columns = frame.columns;
  info.components = frame.count;
  info.precision = frame.precision;
  info.lossless = frame.is_lossless();
  for (std::uint32_t i = 0; i < frame.count; ++i)
    info.is_subsampled |= frame.components[i].h != frame.h_max || frame.components[i].v != frame.v_max;
  info.colour = guess.colour;
  info.colour_source = guess.source;
  info.guessed_ycc = guess.libjpeg_says_ycc;
  info.has_restarts = markers.tables().restart_interval != 0;
  info.process = process_name(frame.process);
  return info;
}

DecodeReport decode(ByteView source, ImageView destination, const DecodeOptions& options) {
  check_destination(destination, options);
  return FrameDecoder(source, destination, options).run();
}

std::size_t max_encoded_size(const FrameInfo& frame, const EncodeParameters& parameters) {
  FrameInfo precise = frame;
  precise.precision = precision_of(frame, parameters);
  return parameters.jpeg.process == Process::lossless ? max_lossless_size(precise, parameters.jpeg) : max_dct_size(precise, parameters.jpeg);
}

std::size_t encode(ConstImageView source, MutableByteView destination, const EncodeParameters& parameters) {
  check_source(source);
  const std::size_t needed = max_encoded_size(frame_info(source), parameters);
  if (destination.size() < needed)
    fail(Errc::invalid_argument, 0, "jpeg: the destination has " + std::to_string(destination.size()) +
                                        " bytes, max_encoded_size is " + std::to_string(needed));
  const std::uint32_t precision = precision_of(frame_info(source), parameters);
  return parameters.jpeg.process == Process::lossless ? encode_lossless(source, precision, destination, parameters.jpeg, parameters.cancel)
                                                      : encode_dct(source, precision, destination, parameters.jpeg, parameters.cancel);
}

}  // namespace turbodicom::codec::jpeg
