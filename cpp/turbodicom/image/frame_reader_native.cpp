// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// FrameReader's part for native frames (PS3.5 A.1 to A.3): where they lie, and reading them straight into
// the destination.
#include <algorithm>
#include <cstring>
#include <utility>

#include "turbodicom/base/checked.h"
#include "turbodicom/image/frame_reader_worker.h"
#include "turbodicom/pixel/layout.h"

namespace turbodicom::image {
namespace {

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

}  // namespace

void zero(ImageView view) noexcept {
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

void clear_below(ImageView view, std::uint32_t valid_rows) noexcept {
  view.data = view.row(valid_rows);
  view.rows -= valid_rows;
  zero(view);
}

// Frames back to back (PS3.5 A.1-A.3). Surplus whole frames count, as in pydicom; a YBR_FULL_422 frame
// half as long again is not subsampled at all and is refused for that.
void FrameReader::index_native(bool is_item) {
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
  if (transfer_syntax().encapsulated && !is_item)
    index_.issues.push_back({pixel_data_.offset, dicom::to_string(pixel_data_.tag), "not_encapsulated",
                             "pixel data: not in fragments, read as uncompressed although the transfer syntax is " +
                                 std::string(transfer_syntax().name) + " (PS3.5 A.4)"});
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

bool FrameReader::is_read_straight(std::uint64_t frame) const noexcept {
  return road_ == Road::native && frame < frames_present_ && is_straight(layout_) && !order_.swap_pairs;
}

// A native frame of which only the first part is there is a truncated frame: its rows that are whole
// are kept, the rest is zero.
codec::DecodeReport FrameReader::read_native(std::uint64_t frame, ImageView destination, const ReadRequest& request,
                                             Worker& worker) const {
  codec::DecodeReport report;
  report.valid_rows = layout_.rows;
  if (is_read_straight(frame) && destination.is_interleaved()) {
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

}  // namespace turbodicom::image
