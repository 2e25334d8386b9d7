// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The data's one road: find the frame, decode it into the caller's memory, finish the samples there.
// Begin with FrameReader::read in frame_reader.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "turbodicom/base/image_view.h"
#include "turbodicom/codec/codec.h"
#include "turbodicom/dicom/data_set.h"
#include "turbodicom/dicom/encapsulation.h"
#include "turbodicom/image/colour_decision.h"
#include "turbodicom/image/frame_layout.h"
#include "turbodicom/image/native_frame.h"
#include "turbodicom/pixel/value_transform.h"

namespace turbodicom::image {

class FrameJobWork;  // frame_jobs.cpp

// What happened to one frame.
struct FrameReport {
  std::uint64_t frame = 0;
  std::uint32_t valid_rows = 0;
  std::optional<Error> error;        // only with OnError::report
  std::vector<std::string> quirks;
};

// A part of the frame, in pixels of the reduced image.
struct Region {
  std::uint32_t row = 0, column = 0, rows = 0, columns = 0;
};

struct ReadRequest {
  std::vector<std::uint64_t> frames;   // which frames, in the order they are wanted
  ImageView first;                     // where the first of them goes
  std::ptrdiff_t frame_stride = 0;     // bytes from one frame of the destination to the next
  // What is to become of stored values: nothing, one for all frames or one for each. Then `first` is of their output's type.
  std::vector<const pixel::ValueTransform*> transforms;
  ImageView first_mask;                // with transforms: bytes, 1 where padded; may be without data
  std::ptrdiff_t mask_stride = 0;
  Color color = Color::rgb;
  ColourPolicy colour_policy = ColourPolicy::standard;  // JPEG, with Color::rgb
  std::uint32_t reduce = 0;            // both only where can_reduce() and can_window()
  std::optional<Region> region;        // as large as `first`
  bool predictor6_overflow = false;    // see codec::DecodeOptions
  bool cornell_huffman = false;
  codec::OnError on_error = codec::OnError::raise;
  std::size_t workers = 1;
};

// How frames become samples. `foreign` frames are decoded by the caller (python/turbodicom/_pixels.py),
// who hands the result to finish_decoded() or finish_native().
enum class Road { native, codec, raw_fragments, foreign };

// Immutable; may be shared between threads. Keeps the source, not the header.
class FrameReader {
 public:
  // `data_set`: that of the file, or an item of it. `reader`, of the data set's source, may be null.
  FrameReader(const dicom::DicomFile& file, const dicom::DataSet& data_set, const Limits& limits, const dicom::Reader* reader = nullptr);

  const FrameLayout& layout() const noexcept { return layout_; }
  Road road() const noexcept { return road_; }
  dicom::Tag pixel_data_tag() const noexcept { return pixel_data_.tag; }
  const dicom::TransferSyntax& transfer_syntax() const noexcept { return *transfer_syntax_; }
  // Frames that can be asked for: NumberOfFrames, or more where the Pixel Data holds more, as pydicom
  // counts them.
  std::uint64_t number_of_frames() const noexcept { return number_of_frames_; }
  std::uint64_t frames_present() const noexcept { return frames_present_; }
  bool can_window() const noexcept { return codec_ != nullptr && codec_->can_window && layout_.bits_allocated != 1; }
  bool can_reduce() const noexcept { return codec_ != nullptr && codec_->can_reduce && layout_.bits_allocated != 1; }
  const std::vector<dicom::Issue>& issues() const noexcept { return index_.issues; }

  std::vector<dicom::Span> spans(std::uint64_t frame) const;
  // Throws where frames are asked for that are not there under OnError::raise, and where so few bytes are
  // present that they do not justify the allocation under either. Call it before allocating.
  void check_frames(std::span<const std::uint64_t> frames, codec::OnError on_error) const;
  // The fragments of a frame joined, or the bytes that hold a native one. Throws where it has no fragments.
  std::vector<std::uint8_t> codestream(std::uint64_t frame) const;
  // True when frames are back to back in host order and need no step at all: copy=False can show them.
  bool is_verbatim(Color color) const noexcept;

  // Decodes into `request.first`; one report per frame, in order. `poll` is called now and then on the
  // calling thread and may throw. Throws on the first bad frame unless on_error is report.
  std::vector<FrameReport> read(const ReadRequest& request, const std::function<void()>& poll) const;

  // One frame whose samples somebody else has decoded: stored values, interleaved, of layout().type.
  void finish_decoded(ConstImageView decoded, Photometric photometric, Color color,
                      ImageView destination) const;
  // One frame whose native bytes somebody else has produced (deflated frames).
  void finish_native(ByteView stored, Color color, ImageView destination) const;

 private:
  friend class FrameJobWork;  // the same steps, with memory that goes from reader to reader
  struct Worker;
  struct FrameValues;
  void index_native(bool is_item);
  void index_fragments(const dicom::DataSet& data_set, const dicom::Reader* reader);
  std::string_view codec_name() const noexcept { return codec_ != nullptr ? codec_->name : std::string_view(); }
  ImageView dense_frame(codec::Scratch& memory) const;
  static ImageView dense_like(ImageView view, codec::Scratch& memory);
  codec::DecodeReport decode_wide(ByteView source, ImageView dense, const codec::DecodeOptions& options) const;
  void require_fragments(std::uint64_t frame) const;
  bool is_shared_work(std::uint64_t frame) const;
  std::uint64_t encoded_bytes(std::span<const std::uint64_t> frames) const;
  dicom::Span native_span(std::uint64_t frame) const noexcept;
  ByteView gather(std::uint64_t frame, Worker& worker) const;
  FrameReport read_frame(std::uint64_t frame, ImageView destination, const ReadRequest& request, Worker& worker) const;
  FrameReport read_values(std::size_t position, const ReadRequest& request, Worker& worker) const;
  FrameReport read_straight_values(std::uint64_t frame, const FrameValues& values, const ReadRequest& request, Worker& worker) const;
  bool is_read_straight(std::uint64_t frame) const noexcept;
  codec::DecodeReport decode_frame(std::uint64_t frame, ImageView destination, const ReadRequest& request, Worker& worker) const;
  codec::DecodeReport run_codec(ByteView source, ImageView destination, const ReadRequest& request, Worker& worker) const;
  codec::DecodeReport run_plain_codec(ByteView source, ImageView destination, Color color, codec::DecodeOptions options,
                                      Worker& worker) const;
  codec::DecodeReport run_self_describing_codec(ByteView source, ImageView destination, const ReadRequest& request,
                                                codec::DecodeOptions options, Worker& worker) const;
  codec::DecodeReport run_codec_on_bits(ByteView source, ImageView destination, const codec::DecodeOptions& options,
                                        Worker& worker) const;
  codec::DecodeReport read_native(std::uint64_t frame, ImageView destination, const ReadRequest& request, Worker& worker) const;
  void read_straight(std::uint64_t offset, std::uint64_t bytes, std::uint8_t* target, Color color, const Worker& worker) const;

  std::shared_ptr<const dicom::Source> source_;
  const dicom::TransferSyntax* transfer_syntax_;
  dicom::Element pixel_data_;
  Limits limits_;
  FrameLayout layout_;
  NativeOrder order_;
  Road road_ = Road::native;
  const codec::Codec* codec_ = nullptr;
  dicom::FrameIndex index_;            // encapsulated only
  std::uint64_t number_of_frames_ = 0;
  std::uint64_t frames_present_ = 0;
};

}  // namespace turbodicom::image
