// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/image/frame_reader.h"

#include <algorithm>
#include <utility>

#include "turbodicom/base/checked.h"
#include "turbodicom/base/thread_pool.h"
#include "turbodicom/image/frame_reader_worker.h"
#include "turbodicom/pixel/colour.h"
#include "turbodicom/pixel/layout.h"

namespace turbodicom::image {
namespace {

// Work below this stays on the calling thread: waking a pool thread costs some 10 us.
constexpr std::uint64_t kInlineBytes = std::uint64_t{2} << 20;
// Above this even one worker runs in the pool, so that the caller can poll for Ctrl-C.
constexpr std::uint64_t kPollBytes = std::uint64_t{16} << 20;
// How many decoded bytes one byte of the file may ask room for where no codec says it (RELIABILITY P1: no
// allocation is sized by a header field that the bytes present cannot justify). Our limit.
constexpr std::uint64_t kNativeRatio = 64;

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

}  // namespace

FrameReader::FrameReader(const dicom::DicomFile& file, const dicom::DataSet& data_set, const Limits& limits, const dicom::Reader* reader)
    : source_(data_set.source()), transfer_syntax_(file.transfer_syntax), pixel_data_(find_pixel_data(data_set)), limits_(limits),
      layout_(describe_frames(data_set, pixel_data_, limits)) {
  const dicom::TransferSyntax& syntax = *transfer_syntax_;
  road_ = road_of(syntax, pixel_data_.is_encapsulated, codec_);
  order_.big_endian = syntax.encoding.big_endian || (syntax.big_endian_pixels && pixel_data_.vr == dicom::VR::OW);
  order_.swap_pairs = order_.big_endian && layout_.bits_allocated == 8 && pixel_data_.vr == dicom::VR::OW;
  if (road_ == Road::native)
    index_native(&data_set != file.data_set.get());
  else
    index_fragments(data_set, reader);
}

void FrameReader::index_fragments(const dicom::DataSet& data_set, const dicom::Reader* reader) {
  index_ = dicom::index_encapsulated(data_set, pixel_data_, layout_.number_of_frames, limits_, false, reader);
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
  const std::uint64_t ratio = codec_ != nullptr ? codec_->max_ratio : kNativeRatio;
  const bool justified = encoded_bytes(frames) >= wanted_bytes / ratio;
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

std::vector<dicom::Span> FrameReader::spans(std::uint64_t frame) const {
  if (road_ == Road::native) return {native_span(frame)};
  if (frame >= frames_present_) return {};
  const auto fragments = index_.spans(frame);
  return {fragments.begin(), fragments.end()};
}

std::vector<std::uint8_t> FrameReader::codestream(std::uint64_t frame) const {
  require_fragments(frame);
  const auto reader = source_->open();
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
  const ByteView resident = source_->resident();
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
  const auto reader = source_->open();
  std::vector<FrameReport> reports(request.frames.size());
  const auto one = [&](std::size_t i, Worker& worker) {
    if (!request.transforms.empty()) {
      reports[i] = read_values(i, request, worker);
      return;
    }
    ImageView destination = request.first;
    destination.data += static_cast<std::ptrdiff_t>(i) * request.frame_stride;
    reports[i] = read_frame(request.frames[i], destination, request, worker);
  };
  const std::uint64_t total = layout_.frame_bytes * request.frames.size();
  if (request.frames.size() == 1 && request.workers > 1 && total > kInlineBytes && is_shared_work(request.frames[0])) {
    CancelToken cancel;
    Worker worker;
    worker.reader = reader.get();
    worker.cancel = &cancel;
    worker.threads = request.workers;
    worker.poll = &poll;
    one(0, worker);
    return reports;
  }
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
    worker.passes_caches = request.transforms.empty() && total >= kBeyondCaches;
  }
  parallel_for(request.frames.size(), workers, [&](std::size_t i, std::size_t w) { one(i, memory[w]); }, cancel, poll);
  return reports;
}

// Whether a codec can divide one frame among threads.
bool FrameReader::is_shared_work(std::uint64_t frame) const {
  if (road_ != Road::codec || !codec_->can_window || frame >= frames_present_) return false;
  try {
    return codec_->read_info(codestream(frame)).has_restarts;
  } catch (const Error&) {
    return false;  // decoding will say what is wrong
  }
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
    if (error.code == Errc::cancelled || error.code == Errc::io_error) throw;  // not the data's fault
    name_frame(error, frame, codec_name());
    if (request.on_error == codec::OnError::raise) throw;
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
  return run_codec(source, destination, request, worker);
}

ImageView FrameReader::dense_frame(codec::Scratch& memory) const {
  return interleaved_view(memory.get(layout_.frame_bytes).data(), layout_.type, layout_.rows, layout_.columns,
                          layout_.samples_per_pixel);
}

// An interleaved image of the same size.
ImageView FrameReader::dense_like(ImageView view, codec::Scratch& memory) {
  const std::uint64_t bytes = checked_product({view.rows, view.columns, view.samples, view.sample_bytes()}, "image: bytes of a frame");
  return interleaved_view(memory.get(bytes).data(), view.type, view.rows, view.columns, view.samples);
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

void FrameReader::finish_decoded(ConstImageView decoded, Photometric photometric, Color color,
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
  pixel::ybr_full_to_rgb(dense.data, dense.data, layout_.frame_pixels);
  if (!direct) pixel::copy_image(dense, destination);
}

}  // namespace turbodicom::image
