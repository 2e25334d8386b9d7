// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/lossless_store.h"

#include <algorithm>
#include <cstring>

#include "turbodicom/codec/jpeg/undifference.h"

namespace turbodicom::codec::jpeg {

SampleStore::SampleStore(const FrameHeader& frame, const Output& output, std::uint32_t first, std::uint32_t lanes,
                         std::uint32_t point_transform, std::uint16_t bias)
    : output_(output), first_(first), lanes_(lanes), frame_rows_(frame.rows), shift_(point_transform), bias_(bias),
      mask_(frame.precision <= 8 ? 0xFF : 0xFFFF) {  // libjpeg-turbo's sample types; it cuts to no other number of bits
  const Component& component = frame.components[first];
  const ImageView& image = output.image;
  const auto bytes = static_cast<std::ptrdiff_t>(image.sample_bytes());
  across_ = frame.h_max / component.h;
  down_ = frame.v_max / component.v;
  count_ = std::size_t{component.columns} * lanes;
  is_dense_ = across_ == 1 && image.column_stride == bytes * static_cast<std::ptrdiff_t>(lanes) &&
              (lanes == 1 || image.sample_stride == bytes);
  const bool is_finished = shift_ == 0 && bias_ == 0 && mask_ == 0xFFFF;
  const bool is_aligned = (reinterpret_cast<std::uintptr_t>(image.at(0, 0, first)) | static_cast<std::uintptr_t>(image.row_stride)) % 2 == 0;
  is_place_ = is_dense_ && down_ == 1 && bytes == 2 && is_finished && is_aligned && image.columns == frame.columns;
  if (!is_finished && !(mask_ == 0xFF && shift_ == 0 && bias_ == 0 && bytes == 1)) finished_.resize(count_);
}

std::uint16_t* SampleStore::place(std::uint32_t row) const noexcept {
  const ImageView& image = output_.image;
  if (!is_place_ || row < output_.first_row || row - output_.first_row >= image.rows) return nullptr;
  return reinterpret_cast<std::uint16_t*>(image.at(row - output_.first_row, 0, first_));
}

void SampleStore::put(std::uint32_t row, const std::uint16_t* samples) {
  const std::uint32_t begin = std::max(row * down_, output_.first_row);
  const std::uint32_t end = std::min({(row + 1) * down_, frame_rows_, output_.first_row + output_.image.rows});
  if (begin >= end) return;
  const std::uint16_t* const ready = finished(samples);
  for (std::uint32_t image_row = begin; image_row < end; ++image_row) put_image_row(image_row - output_.first_row, ready);
}

const std::uint16_t* SampleStore::finished(const std::uint16_t* samples) {
  if (finished_.empty()) return samples;
  std::uint16_t* const to = finished_.data();
  for (std::size_t i = 0; i < count_; ++i) to[i] = static_cast<std::uint16_t>(((samples[i] ^ bias_) << shift_) & mask_);
  return to;
}

void SampleStore::put_image_row(std::uint32_t image_row, const std::uint16_t* samples) {
  const ImageView& image = output_.image;
  if (!is_dense_) {
    for (std::uint32_t lane = 0; lane < lanes_; ++lane) {
      std::uint8_t* const to = image.at(image_row, 0, first_ + lane);
      image.sample_bytes() == 1 ? put_lane<std::uint8_t>(to, lane, samples) : put_lane<std::uint16_t>(to, lane, samples);
    }
    return;
  }
  const std::uint16_t* const from = samples + std::size_t{output_.first_column} * lanes_;
  const std::size_t count = std::size_t{image.columns} * lanes_;
  std::uint8_t* const to = image.at(image_row, 0, first_);
  if (image.sample_bytes() == 1)
    undifference_kernels().narrow(from, to, count);
  else
    std::memcpy(to, from, count * sizeof(std::uint16_t));
}

// Repetition: image column x shows sample x / across_.
template <typename To>
void SampleStore::put_lane(std::uint8_t* to, std::uint32_t lane, const std::uint16_t* samples) const {
  const ImageView& image = output_.image;
  std::uint32_t phase = output_.first_column % across_;
  const std::uint16_t* from = samples + std::size_t{output_.first_column / across_} * lanes_ + lane;
  for (std::uint32_t column = 0; column < image.columns; ++column, to += image.column_stride) {
    const auto value = static_cast<To>(*from);
    std::memcpy(to, &value, sizeof value);
    if (++phase == across_) {
      phase = 0;
      from += lanes_;
    }
  }
}

}  // namespace turbodicom::codec::jpeg
