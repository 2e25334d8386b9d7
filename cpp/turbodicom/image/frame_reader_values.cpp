// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// FrameReader's part for values other than the stored ones: a frame, or some of its rows, is decoded into the worker's
// memory and from there transformed into the destination. Nothing of the size of the result is made beside it.
#include <algorithm>
#include <string>

#include "turbodicom/image/frame_reader_worker.h"

namespace turbodicom::image {
namespace {

ImageView rows_of(ImageView view, std::uint32_t first, std::uint32_t rows) noexcept {
  if (view.data != nullptr) view.data = view.row(first);
  view.rows = rows;
  return view;
}

[[noreturn]] void fail_misfit(std::uint64_t frame, std::uint64_t row, std::uint64_t column) {
  fail(Errc::invalid_argument, 0,
       "frame " + std::to_string(frame) + ": the value at row " + std::to_string(row) + ", column " + std::to_string(column) +
           " does not fit the dtype asked for");
}

// `first_row`: of the frame, where `stored` begins.
void transform_rows(const pixel::ValueTransform& transform, const ImageView& stored, const ImageView& destination,
                    const ImageView& mask, std::uint64_t frame, std::uint64_t first_row, pixel::ImageTransformMemory& memory) {
  if (pixel::transform_image(transform, stored, destination, mask, memory)) return;
  const std::uint64_t pixel = pixel::first_misfit(transform, stored) / stored.samples;
  fail_misfit(frame, first_row + pixel / stored.columns, pixel % stored.columns);
}

}  // namespace

FrameReport FrameReader::read_values(std::size_t position, const ReadRequest& request, Worker& worker) const {
  const std::uint64_t frame = request.frames[position];
  FrameValues values{request.transforms[request.transforms.size() == 1 ? 0 : position], request.first, request.first_mask};
  values.destination.data += static_cast<std::ptrdiff_t>(position) * request.frame_stride;
  if (values.mask.data != nullptr) values.mask.data += static_cast<std::ptrdiff_t>(position) * request.mask_stride;
  if (is_read_straight(frame)) return read_straight_values(frame, values, request, worker);
  ImageView stored = values.destination;
  stored.type = layout_.type;
  stored = dense_like(stored, worker.stored);
  FrameReport report = read_frame(frame, stored, request, worker);
  transform_rows(*values.transform, stored, values.destination, values.mask, frame, 0, worker.values);
  return report;
}

// A native frame that needs nothing but steps in place: some rows at a time, and from the file's memory where the stored
// bytes already are the values.
FrameReport FrameReader::read_straight_values(std::uint64_t frame, const FrameValues& values, const ReadRequest& request,
                                              Worker& worker) const {
  const std::uint64_t row_bytes = layout_.frame_bytes / layout_.rows;
  const auto rows_at_once = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(kChunkBytes / row_bytes, 1, layout_.rows));
  const ByteView resident = is_verbatim(request.color) ? source_->resident() : ByteView();
  for (std::uint32_t row = 0; row < layout_.rows; row += rows_at_once) {
    if (worker.cancel != nullptr) worker.cancel->check();
    const std::uint32_t rows = std::min(rows_at_once, layout_.rows - row);
    const std::uint64_t offset = native_span(frame).offset + row * row_bytes;
    ImageView stored = interleaved_view(static_cast<std::uint8_t*>(nullptr), layout_.type, rows, layout_.columns, layout_.samples_per_pixel);
    if (!resident.empty()) {
      stored.data = const_cast<std::uint8_t*>(resident.subspan(offset, rows * row_bytes).data());  // only read
    } else {
      stored.data = worker.stored.get(rows_at_once * row_bytes).data();
      read_straight(offset, rows * row_bytes, stored.data, request.color, worker);
    }
    transform_rows(*values.transform, stored, rows_of(values.destination, row, rows), rows_of(values.mask, row, rows), frame, row,
                   worker.values);
  }
  FrameReport report;
  report.frame = frame;
  report.valid_rows = layout_.rows;
  return report;
}

}  // namespace turbodicom::image
