// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Frames through a codec of our own: reconcile codestream and data set, decode into the destination, finish the
// samples there. Begin reading at FrameReader::run_codec.
#include <string>
#include <vector>

#include "turbodicom/image/frame_reader_worker.h"
#include "turbodicom/pixel/colour.h"
#include "turbodicom/pixel/layout.h"
#include "turbodicom/pixel/unpack.h"
#include "turbodicom/pixel/unused_bits.h"

namespace turbodicom::image {
namespace {

constexpr codec::Quirk kPrecisionDiffers = "precision_differs_from_bits_stored";
constexpr codec::Quirk kProcessDiffers = "process_differs_from_transfer_syntax";

std::uint64_t pixels_of(const ImageView& view) noexcept { return std::uint64_t{view.rows} * view.columns; }

// The processes a JPEG transfer syntax allows: PS3.5 A.4.1 and the retired ones of PS3.5-2004.
bool allows_process(std::string_view uid, std::string_view process) noexcept {
  const std::string_view number = uid.substr(uid.rfind('.') + 1);
  if (number == "50") return process == "baseline";
  if (number == "51") return process == "baseline" || process == "extended sequential";
  if (number == "53" || number == "55") return process == "progressive";
  return process == "lossless";
}

// Lossless YBR: pydicom's values, as for native samples.
void make_rgb(const ImageView& dense, const FrameLayout& layout) {
  if (dense.sample_bytes() != 1)
    fail(Errc::unsupported, 0,
         "image: lossless YBR samples of more than 8 bits cannot become RGB; color=\"coded\" gives them as they are");
  const bool partial = layout.photometric == Photometric::ybr_partial_422 || layout.photometric == Photometric::ybr_partial_420;
  (partial ? pixel::ybr_partial_to_rgb : pixel::ybr_full_to_rgb)(dense.data, dense.data, pixels_of(dense));
}

// Samples of 16 bits as 32 or 64 bits; signs follow from the unused bits.
template <typename To>
void widen(const std::uint16_t* from, const ImageView& to) {
  auto* const target = reinterpret_cast<To*>(to.data);
  for (std::uint64_t i = 0; i < pixels_of(to) * to.samples; ++i) target[i] = from[i];
}

}  // namespace

codec::DecodeReport FrameReader::run_codec(ByteView source, ImageView destination, const ReadRequest& request, Worker& worker) const {
  codec::DecodeOptions options;
  options.on_error = request.on_error;
  options.limits = limits_;
  options.cancel = worker.cancel;
  options.scratch = &worker.scratch;
  options.workers = worker.threads;
  options.poll = worker.poll;
  if (layout_.bits_allocated == 1) return run_codec_on_bits(source, destination, options, worker);
  if (!codec_->can_window) return run_plain_codec(source, destination, request.color, options, worker);
  return run_self_describing_codec(source, destination, request, options, worker);
}

// Straight into the destination when nothing has to be done to the samples, or when it is dense so that
// it can be done there; else through one dense frame of the worker's.
codec::DecodeReport FrameReader::run_plain_codec(ByteView source, ImageView destination, Color color,
                                                 codec::DecodeOptions options, Worker& worker) const {
  const bool finish = layout_.has_unused_bits() || (color == Color::rgb && layout_.is_ybr());
  options.passes_caches = !finish && worker.passes_caches;
  if (!finish) return codec_->decode(source, destination, options);
  const bool direct = destination.is_interleaved();
  const ImageView dense = direct ? destination : dense_like(destination, worker.dense);
  codec::DecodeReport report = codec_->decode(source, dense, options);
  finish_in_place(dense.data, layout_.frame_pixels, layout_, {}, color);
  if (report.error && color == Color::rgb && layout_.is_ybr()) clear_below(dense, report.valid_rows);
  if (!direct) pixel::copy_image(dense, destination);
  return report;
}

// A codestream that says itself what it holds (JPEG): precision and colour by DESIGN's rules, contradictions noted.
codec::DecodeReport FrameReader::run_self_describing_codec(ByteView source, ImageView destination, const ReadRequest& request,
                                                           codec::DecodeOptions options, Worker& worker) const {
  const codec::StreamInfo info = codec_->read_info(source);
  ColourDecision colour;
  if (request.color == Color::rgb) colour = decide_colour(info, layout_, request.colour_policy);
  options.colour = colour.is_ycc && !info.lossless ? codec::ColourTransform::ycc_to_rgb : codec::ColourTransform::none;
  options.reduce = request.reduce;
  options.predictor6_overflow = request.predictor6_overflow;
  options.cornell_huffman = request.cornell_huffman;
  if (request.region) options.window = codec::Window{request.region->row, request.region->column};
  const bool recolour = colour.is_ycc && info.lossless;
  const bool is_low = info.precision <= layout_.high_bit;  // the codestream has no bits as high as High Bit says
  const std::uint32_t high_bit = is_low ? layout_.bits_stored - 1 : layout_.high_bit;
  const bool is_clean = !layout_.is_signed && info.precision <= layout_.bits_stored && high_bit + 1 == layout_.bits_stored;
  const bool clean = layout_.has_unused_bits() && !is_clean;
  const bool is_wide = destination.sample_bytes() > 2;
  const bool direct = !is_wide && (destination.is_interleaved() || (!recolour && !clean));
  const ImageView dense = direct ? destination : dense_like(destination, worker.dense);
  codec::DecodeReport report = is_wide ? decode_wide(source, dense, options) : codec_->decode(source, dense, options);
  if (clean) pixel::clean_unused_bits(dense.data, pixels_of(dense) * dense.samples, layout_.type, layout_.bits_stored, high_bit);
  if (recolour) make_rgb(dense, layout_);
  if (!direct) pixel::copy_image(dense, destination);
  if (!colour.quirk.empty()) report.quirks.push_back(colour.quirk);
  if (info.precision != layout_.bits_stored) report.quirks.push_back(kPrecisionDiffers);
  if (!allows_process(transfer_syntax().uid, info.process)) report.quirks.push_back(kProcessDiffers);
  return report;
}

// Bits Allocated 32 or 64 around a codestream of at most 16 bits.
codec::DecodeReport FrameReader::decode_wide(ByteView source, ImageView dense, const codec::DecodeOptions& options) const {
  std::vector<std::uint16_t> samples(pixels_of(dense) * dense.samples);
  const ImageView narrow = interleaved_view(reinterpret_cast<std::uint8_t*>(samples.data()), SampleType::u16, dense.rows,
                                            dense.columns, dense.samples);
  codec::DecodeReport report = codec_->decode(source, narrow, options);
  if (dense.sample_bytes() == 4)
    widen<std::uint32_t>(samples.data(), dense);
  else
    widen<std::uint64_t>(samples.data(), dense);
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
  const ImageView dense = direct ? destination : dense_like(destination, worker.dense);
  pixel::unpack_bits(packed.data(), 0, dense.data, layout_.frame_samples);
  if (!direct) pixel::copy_image(dense, destination);
  return report;
}

}  // namespace turbodicom::image
