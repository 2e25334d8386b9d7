// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/image/frame_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "turbodicom/base/checked.h"
#include "turbodicom/base/thread_pool.h"
#include "turbodicom/pixel/colour.h"
#include "turbodicom/pixel/layout.h"
#include "turbodicom/pixel/unpack.h"

namespace turbodicom::image {
namespace {

// Work below this stays on the calling thread: waking a pool thread costs some 10 us.
constexpr std::uint64_t kInlineBytes = std::uint64_t{2} << 20;
// Above this even one worker runs in the pool, so that the caller can poll for Ctrl-C.
constexpr std::uint64_t kPollBytes = std::uint64_t{16} << 20;
// What is read and finished while it is still in the second-level cache.
constexpr std::uint64_t kChunkBytes = std::uint64_t{256} << 10;
// How many decoded bytes one byte of the file may ask room for (RELIABILITY P1: no allocation is sized by a
// header field that the bytes present cannot justify). 64 is the most RLE can give: two bytes make 128.
constexpr std::uint64_t kJustifiedRatio = 64;

Road road_of(const dicom::TransferSyntax& syntax, bool encapsulated, const codec::Codec*& codec) {
  if (!encapsulated) return Road::native;
  if (syntax.codec == "raw") return Road::raw_fragments;
  codec = codec::find_codec(syntax.codec);
  return codec != nullptr ? Road::codec : Road::foreign;
}

[[gnu::cold]] void name_frame(Error& error, std::uint64_t frame, std::string_view codec) {
  if (error.where.empty()) error.where = "frame " + std::to_string(frame);
  if (error.codec.empty()) error.codec = codec;
}

void zero(ImageView view) {
  const bool dense = view.is_interleaved();
  for (std::size_t row = 0; row < view.rows; ++row) {
    if (dense) {
      std::memset(view.row(row), 0, static_cast<std::size_t>(view.row_stride));
      continue;
    }
    for (std::size_t column = 0; column < view.columns; ++column)
      for (std::size_t sample = 0; sample < view.samples; ++sample)
        std::memset(view.at(row, column, sample), 0, view.sample_bytes());
  }
}

// Whole rows in the first `bits` bits of a native frame. Planes lie one behind the other, and odd rows of
// shared chroma end amid a pair: of these none is counted.
std::uint32_t whole_rows(const FrameLayout& layout, std::uint64_t bits) {
  const bool is_planar = layout.samples_per_pixel > 1 && layout.planar_configuration == 1;
  const bool shares_chroma = layout.is_ybr() && layout.photometric != Photometric::ybr_full;
  if (is_planar || (shares_chroma && layout.columns % 2 != 0)) return 0;
#if defined(TURBODICOM_PLANT_image_partial_row_counted)
  return static_cast<std::uint32_t>(bits / (layout.stored_frame_bits / layout.rows)) + 1;
#else
  return static_cast<std::uint32_t>(bits / (layout.stored_frame_bits / layout.rows));
#endif
}

// A damaged frame is 0 below its valid rows; the colour transform has made something else of the zeros.
void clear_below(ImageView view, std::uint32_t valid_rows) {
  view.data = view.row(valid_rows);
  view.rows -= valid_rows;
  zero(view);
}

}  // namespace

// One thread's memory, carried from frame to frame.
struct FrameReader::Worker {
  const dicom::Reader* reader = nullptr;
  const CancelToken* cancel = nullptr;
  std::vector<std::uint8_t> source;   // gathered codestream or native bytes
  codec::Scratch dense;               // a frame that cannot go straight to its destination
  codec::Scratch scratch;             // the codec's own
};

FrameReader::FrameReader(std::shared_ptr<const dicom::DicomFile> file, std::shared_ptr<const dicom::DataSet> data_set,
                         const Limits& limits)
    : file_(std::move(file)), data_set_(std::move(data_set)), pixel_data_(find_pixel_data(*data_set_)), limits_(limits),
      layout_(describe_frames(*data_set_, pixel_data_, limits)) {
  const dicom::TransferSyntax& syntax = *file_->transfer_syntax;
  road_ = road_of(syntax, pixel_data_.is_encapsulated, codec_);
  order_.big_endian = syntax.encoding.big_endian || (syntax.big_endian_pixels && pixel_data_.vr == dicom::VR::OW);
  order_.swap_pairs = order_.big_endian && layout_.bits_allocated == 8 && pixel_data_.vr == dicom::VR::OW;
  if (road_ == Road::native)
    index_native();
  else
    index_fragments();
}

// Frames back to back (PS3.5 A.1-A.3). Surplus whole frames count, as in pydicom; a YBR_FULL_422 frame
// half as long again is not subsampled at all and is refused for that.
void FrameReader::index_native() {
  const std::uint64_t declared_bits =
      checked_product({layout_.stored_frame_bits, layout_.number_of_frames}, "image: bits of all frames");
  // Of an odd last byte in swapped words the sample that comes first is missing.
  const std::uint64_t present_bytes = order_.swap_pairs ? pixel_data_.length & ~std::uint64_t{1} : pixel_data_.length;
  const std::uint64_t present_bits = checked_product({present_bytes, 8}, "image: bits of Pixel Data");
  frames_present_ = present_bits / layout_.stored_frame_bits;
  number_of_frames_ = layout_.number_of_frames;
  const std::uint64_t padded_bytes = (declared_bits / 8 + (declared_bits % 8 != 0) + 1) & ~std::uint64_t{1};
  if (layout_.photometric == Photometric::ybr_full_422 && pixel_data_.length >= padded_bytes / 2 * 3 && padded_bytes > 2)
    fail(Errc::conformance, pixel_data_.offset,
         "image: Pixel Data has " + std::to_string(pixel_data_.length) + " bytes where YBR_FULL_422 needs " +
             std::to_string(padded_bytes) + ": the Photometric Interpretation should be RGB or YBR_FULL (PS3.3 C.7.6.3.1.2)");
  if (frames_present_ > number_of_frames_ && pixel_data_.length > padded_bytes) {
    index_.issues.push_back({pixel_data_.offset, dicom::to_string(pixel_data_.tag), "excess_frames",
                             "Pixel Data holds " + std::to_string(frames_present_) + " frames, NumberOfFrames says " +
                                 std::to_string(number_of_frames_)});
    number_of_frames_ = frames_present_;
  }
  frames_present_ = std::min(frames_present_, number_of_frames_);
  // An icon may be native in any transfer syntax (PS3.5 A.4), the image itself not.
  if (transfer_syntax().encapsulated && data_set_ == file_->data_set)
    index_.issues.push_back({pixel_data_.offset, dicom::to_string(pixel_data_.tag), "not_encapsulated",
                             "pixel data: not in fragments, read as uncompressed although the transfer syntax is " +
                                 std::string(transfer_syntax().name) + " (PS3.5 A.4)"});
}

void FrameReader::index_fragments() {
  index_ = dicom::index_encapsulated(*data_set_, pixel_data_, layout_.number_of_frames, limits_, false);
  frames_present_ = index_.number_of_frames();
  number_of_frames_ = std::max(layout_.number_of_frames, frames_present_);
}

void FrameReader::check_frames(std::span<const std::uint64_t> frames, codec::OnError on_error) const {
  const std::uint64_t last = frames.empty() ? 0 : *std::max_element(frames.begin(), frames.end());
  if (last >= number_of_frames_)
    fail(Errc::invalid_argument, 0,
         "frame " + std::to_string(last) + " was asked for, there are " + std::to_string(number_of_frames_));
  const bool all_there = last < frames_present_;
  if (all_there && (road_ == Road::native || road_ == Road::foreign)) return;
  const std::uint64_t wanted_bytes = checked_product({layout_.frame_bytes, frames.size()}, "image: bytes of the frames");
#if defined(TURBODICOM_PLANT_image_unjustified_allocation)
  const bool justified = true;
#else
  const bool justified = encoded_bytes(frames) >= wanted_bytes / kJustifiedRatio;
#endif
  if (justified && (all_there || on_error == codec::OnError::report)) return;
  Error error(Errc::truncated_data, pixel_data_.offset + pixel_data_.length,
              "image: Pixel Data holds " + std::to_string(frames_present_) + " whole frames of " +
                  std::to_string(number_of_frames_) + " (PS3.5 8.1.1 and A.4)");
  name_frame(error, last, {});
  throw error;
}

// What the file holds for these frames; packed bits count eightfold, as the bytes they become.
std::uint64_t FrameReader::encoded_bytes(std::span<const std::uint64_t> frames) const {
  std::uint64_t bytes = 0;
  for (const std::uint64_t frame : frames) {
    if (road_ == Road::native)
      bytes += native_span(frame).length;
    else if (frame < frames_present_)
      bytes += index_.codestream_bytes(frame);
  }
  return layout_.bits_allocated == 1 ? checked_product({bytes, 8}, "image: bits of the frames") : bytes;
}

// The bytes that hold any bit of a native frame, in whole units.
dicom::Span FrameReader::native_span(std::uint64_t frame) const noexcept {
  const std::uint64_t first_bit = frame * layout_.stored_frame_bits;
  const std::uint64_t last_bit = first_bit + layout_.stored_frame_bits;
  const std::uint64_t unit = unit_bits(layout_, order_);
  const std::uint64_t end = std::min((last_bit + unit - 1) / unit * (unit / 8), pixel_data_.length);
#if defined(TURBODICOM_PLANT_image_skips_unit_alignment)
  const std::uint64_t begin = std::min(first_bit / 8, end);
#else
  const std::uint64_t begin = std::min(first_bit / unit * (unit / 8), end);
#endif
  return {pixel_data_.offset + begin, end - begin};
}

std::vector<dicom::Span> FrameReader::spans(std::uint64_t frame) const {
  if (road_ == Road::native) return {native_span(frame)};
  if (frame >= frames_present_) return {};
  const auto fragments = index_.spans(frame);
  return {fragments.begin(), fragments.end()};
}

std::vector<std::uint8_t> FrameReader::codestream(std::uint64_t frame) const {
  require_fragments(frame);
  const auto reader = data_set_->source()->open();
  Worker worker;
  worker.reader = reader.get();
  const ByteView bytes = gather(frame, worker);
  if (bytes.data() == worker.source.data()) return std::move(worker.source);
  return {bytes.begin(), bytes.end()};
}

void FrameReader::require_fragments(std::uint64_t frame) const {
  if (frame < frames_present_ || road_ == Road::native) return;
  Error error(Errc::truncated_data, pixel_data_.offset + pixel_data_.length,
              "image: no fragments for this frame (PS3.5 A.4)");
  name_frame(error, frame, codec_name());
  throw error;
}

bool FrameReader::is_verbatim(Color color) const noexcept {
  return road_ == Road::native && is_straight(layout_) && !order_.swap_pairs &&
         !(order_.big_endian && bytes_of(layout_.type) > 1) && !layout_.has_unused_bits() &&
         !(color == Color::rgb && layout_.is_ybr());
}

// The bytes of a frame: where they lie when they are in memory in one piece, else joined in the
// worker's buffer.
ByteView FrameReader::gather(std::uint64_t frame, Worker& worker) const {
  const std::vector<dicom::Span> pieces = spans(frame);
  const ByteView resident = data_set_->source()->resident();
  if (!resident.empty() && pieces.size() == 1) return resident.subspan(pieces[0].offset, pieces[0].length);
  std::uint64_t total = 0;
  for (const dicom::Span& piece : pieces) total = checked_add(total, piece.length, "image: bytes of a frame");
  if (total > limits_.bytes_per_frame)
    fail(Errc::limit_exceeded, 0, "image: a frame of " + std::to_string(total) + " encoded bytes exceeds Limits.bytes_per_frame");
  worker.source.resize(total);
  std::size_t at = 0;
  for (const dicom::Span& piece : pieces) {
    worker.reader->read_at(piece.offset, MutableByteView(worker.source).subspan(at, piece.length));
    at += piece.length;
  }
  return worker.source;
}

std::vector<FrameReport> FrameReader::read(const ReadRequest& request, const std::function<void()>& poll) const {
  if (road_ == Road::foreign)
    fail(Errc::unsupported, 0, "image: no codec of our own for " + std::string(transfer_syntax().name));
  check_frames(request.frames, request.on_error);
  const auto reader = data_set_->source()->open();
  std::vector<FrameReport> reports(request.frames.size());
  const auto one = [&](std::size_t i, Worker& worker) {
    ImageView destination = request.first;
    destination.data += static_cast<std::ptrdiff_t>(i) * request.frame_stride;
    reports[i] = read_frame(request.frames[i], destination, request, worker);
  };
  const std::uint64_t total = layout_.frame_bytes * request.frames.size();
  const std::size_t workers = std::clamp<std::size_t>(request.frames.size(), 1, std::max<std::size_t>(request.workers, 1));
  if (total <= (workers == 1 ? kPollBytes : kInlineBytes)) {
    Worker worker;
    worker.reader = reader.get();
    for (std::size_t i = 0; i < request.frames.size(); ++i) one(i, worker);
    return reports;
  }
  CancelToken cancel;
  std::vector<Worker> memory(workers);
  for (Worker& worker : memory) {
    worker.reader = reader.get();
    worker.cancel = &cancel;
  }
  parallel_for(request.frames.size(), workers, [&](std::size_t i, std::size_t w) { one(i, memory[w]); }, cancel, poll);
  return reports;
}

FrameReport FrameReader::read_frame(std::uint64_t frame, ImageView destination, const ReadRequest& request, Worker& worker) const {
  FrameReport report;
  report.frame = frame;
  try {
    if (worker.cancel != nullptr) worker.cancel->check();
    codec::DecodeReport decoded = decode_frame(frame, destination, request, worker);
    report.valid_rows = decoded.valid_rows;
    report.quirks.assign(decoded.quirks.begin(), decoded.quirks.end());
    report.error = std::move(decoded.error);
  } catch (Error& error) {
    name_frame(error, frame, codec_name());
    const bool not_the_data = error.code == Errc::cancelled || error.code == Errc::io_error;
    if (request.on_error == codec::OnError::raise || not_the_data) throw;
    zero(destination);
    report.error = error;
  }
  if (report.error) name_frame(*report.error, frame, codec_name());
  return report;
}

codec::DecodeReport FrameReader::decode_frame(std::uint64_t frame, ImageView destination, const ReadRequest& request,
                                              Worker& worker) const {
  require_fragments(frame);
  if (road_ == Road::native) return read_native(frame, destination, request, worker);
  const ByteView source = gather(frame, worker);
  if (road_ == Road::raw_fragments) {
    finish_native(source, request.color, destination);
    codec::DecodeReport report;
    report.valid_rows = layout_.rows;
    return report;
  }
  codec::DecodeOptions options;
  options.on_error = request.on_error;
  options.limits = limits_;
  options.cancel = worker.cancel;
  options.scratch = &worker.scratch;
  if (layout_.bits_allocated == 1) return run_codec_on_bits(source, destination, options, worker);
  return run_codec(source, destination, request.color, options, worker);
}

// Straight into the destination when nothing has to be done to the samples, or when it is dense so that
// it can be done there; else through one dense frame of the worker's.
codec::DecodeReport FrameReader::run_codec(ByteView source, ImageView destination, Color color,
                                           const codec::DecodeOptions& options, Worker& worker) const {
  const bool finish = layout_.has_unused_bits() || (color == Color::rgb && layout_.is_ybr());
  if (!finish) return codec_->decode(source, destination, options);
  const bool direct = destination.is_interleaved();
  const ImageView dense = direct ? destination : dense_frame(worker.dense);
  codec::DecodeReport report = codec_->decode(source, dense, options);
  finish_in_place(dense.data, layout_.frame_pixels, layout_, {}, color);
  if (report.error && color == Color::rgb && layout_.is_ybr()) clear_below(dense, report.valid_rows);
  if (!direct) pixel::copy_image(dense, destination);
  return report;
}

// BitsAllocated 1: the codec sees bytes of eight pixels, each frame starting with a new byte.
codec::DecodeReport FrameReader::run_codec_on_bits(ByteView source, ImageView destination, const codec::DecodeOptions& options,
                                                   Worker& worker) const {
  const auto bytes = static_cast<std::uint32_t>(layout_.frame_samples / 8 + (layout_.frame_samples % 8 != 0));
  std::vector<std::uint8_t> packed(bytes);
  codec::DecodeReport report = codec_->decode(source, interleaved_view(packed.data(), SampleType::u8, 1, bytes, 1), options);
  report.valid_rows = report.valid_rows == 1 ? layout_.rows : 0;
  const bool direct = destination.is_interleaved();
  const ImageView dense = direct ? destination : dense_frame(worker.dense);
  pixel::unpack_bits(packed.data(), 0, dense.data, layout_.frame_samples);
  if (!direct) pixel::copy_image(dense, destination);
  return report;
}

// A native frame of which only the first part is there is a truncated frame: its rows that are whole
// are kept, the rest is zero.
codec::DecodeReport FrameReader::read_native(std::uint64_t frame, ImageView destination, const ReadRequest& request,
                                             Worker& worker) const {
  codec::DecodeReport report;
  report.valid_rows = layout_.rows;
  const bool straight = is_straight(layout_) && !order_.swap_pairs;
  if (frame < frames_present_ && straight && destination.is_interleaved()) {
    read_straight(native_span(frame).offset, layout_.frame_bytes, destination.data, request.color, worker);
    return report;
  }
  const auto first_bit = static_cast<std::uint32_t>(frame * layout_.stored_frame_bits % unit_bits(layout_, order_));
  ByteView stored = gather(frame, worker);
  std::vector<std::uint8_t> padded;
  if (frame >= frames_present_) {
    report.error = Error(Errc::truncated_data, pixel_data_.offset + pixel_data_.length,
                         "image: Pixel Data ends " + std::to_string(stored.size()) + " bytes into this frame");
    const std::uint64_t whole_bits = (order_.swap_pairs ? stored.size() & ~std::size_t{1} : stored.size()) * 8;
    report.valid_rows = whole_rows(layout_, whole_bits > first_bit ? whole_bits - first_bit : 0);
    padded.assign(stored.begin(), stored.end());
    padded.resize(layout_.stored_frame_bits / 8 + 6);  // whole units at both ends
    stored = padded;
  }
  const bool direct = destination.is_interleaved();
  const ImageView dense = direct ? destination : dense_frame(worker.dense);
  convert_native_frame(stored, first_bit, layout_, order_, request.color, dense.data, worker.scratch);
  if (report.error && request.color == Color::rgb && layout_.is_ybr()) clear_below(dense, report.valid_rows);
  if (!direct) pixel::copy_image(dense, destination);
  return report;
}

// Read and finish a piece at a time, while it is in the cache.
void FrameReader::read_straight(std::uint64_t offset, std::uint64_t bytes, std::uint8_t* target, Color color,
                                const Worker& worker) const {
  const std::uint64_t pixel_bytes = bytes_of(layout_.type) * layout_.samples_per_pixel;
  const std::uint64_t chunk = kChunkBytes / pixel_bytes * pixel_bytes;
  for (std::uint64_t done = 0; done < bytes; done += chunk) {
    if (worker.cancel != nullptr) worker.cancel->check();
    const std::uint64_t now = std::min(chunk, bytes - done);
    worker.reader->read_at(offset + done, MutableByteView(target + done, now));
    finish_in_place(target + done, now / pixel_bytes, layout_, order_, color);
  }
}

ImageView FrameReader::dense_frame(codec::Scratch& memory) const {
  return interleaved_view(memory.get(layout_.frame_bytes).data(), layout_.type, layout_.rows, layout_.columns,
                          layout_.samples_per_pixel);
}

void FrameReader::finish_native(ByteView stored, Color color, ImageView destination) const {
  const std::uint64_t needed = layout_.stored_frame_bits / 8 + (layout_.stored_frame_bits % 8 != 0);
  if (stored.size() < needed)
    fail(Errc::truncated_data, stored.size(),
         "image: the frame has " + std::to_string(stored.size()) + " bytes, expected " + std::to_string(needed));
  codec::Scratch memory;
  codec::Scratch scratch;
  const bool direct = destination.is_interleaved();
  const ImageView dense = direct ? destination : dense_frame(memory);
  convert_native_frame(stored, 0, layout_, {}, color, dense.data, scratch);
  if (!direct) pixel::copy_image(dense, destination);
}

void FrameReader::finish_decoded(ConstImageView decoded, Photometric photometric, bool jpeg_colour, Color color,
                                 ImageView destination) const {
  const bool ybr = photometric == Photometric::ybr_full || photometric == Photometric::ybr_full_422;
  if (color == Color::coded || !ybr || layout_.bits_allocated != 8) {
    pixel::copy_image(decoded, destination);
    return;
  }
  codec::Scratch memory;
  const bool direct = destination.is_interleaved();
  const ImageView dense = direct ? destination : dense_frame(memory);
  pixel::copy_image(decoded, dense);
  if (jpeg_colour)
    pixel::ybr_jpeg_to_rgb(dense.data, dense.data, layout_.frame_pixels);
  else
    pixel::ybr_full_to_rgb(dense.data, dense.data, layout_.frame_pixels);
  if (!direct) pixel::copy_image(dense, destination);
}

}  // namespace turbodicom::image
