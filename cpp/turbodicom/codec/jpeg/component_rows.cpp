// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/component_rows.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "turbodicom/base/error.h"
#include "turbodicom/codec/jpeg/encode_colour.h"
#include "turbodicom/codec/jpeg/fdct.h"

namespace turbodicom::codec::jpeg {
namespace {

template <typename Sample>
const EncodeColourFns<Sample>& colour_fns() noexcept {
  if constexpr (sizeof(Sample) == 1) return encode_colour_kernels().of_8;
  else return encode_colour_kernels().of_12;
}

// Samples `stride` bytes apart; returns all of them or'ed together.
template <typename From, typename Sample>
std::uint32_t gather(const std::uint8_t* from, std::ptrdiff_t stride, std::size_t count, Sample* out) noexcept {
  std::uint32_t all = 0;
  if (stride == static_cast<std::ptrdiff_t>(sizeof(From))) {
    for (std::size_t i = 0; i < count; ++i) {
      From sample;
      std::memcpy(&sample, from + i * sizeof(From), sizeof sample);
      all |= sample;
      out[i] = static_cast<Sample>(sample);
    }
  } else {
    for (std::size_t i = 0; i < count; ++i, from += stride) {
      From sample;
      std::memcpy(&sample, from, sizeof sample);
      all |= sample;
      out[i] = static_cast<Sample>(sample);
    }
  }
  return all;
}

[[noreturn, gnu::cold]] void fail_above(std::uint32_t precision, std::uint32_t image_row) {
  fail(Errc::invalid_argument, 0,
       "jpeg: row " + std::to_string(image_row) + " has samples above the precision's " + std::to_string(precision) + " bits");
}

constexpr std::size_t round_up(std::size_t count, std::size_t unit) noexcept { return (count + unit - 1) / unit * unit; }

}  // namespace

template <typename Sample>
ComponentRows<Sample>::ComponentRows(const ConstImageView& image, const FrameHeader& frame, bool rgb_to_ycc)
    : image_(image), frame_(frame), rgb_to_ycc_(rgb_to_ycc) {
  const std::size_t widest = std::size_t{8} * frame.mcus_per_row * frame.h_max;
  full_stride_ = round_up(std::max(widest, 8 * grouped(widest / 8)), kRowGroup);
  for (std::uint32_t c = 0; c < frame.count; ++c) {
    const Component& component = frame.components[c];
    full_[c].resize(full_stride_ * 8 * frame.v_max);
    strides_[c] = full_stride_;
    if (component.h == frame.h_max && component.v == frame.v_max) continue;
    strides_[c] = round_up(8 * grouped(component.blocks_per_row), kRowGroup);
    component_planes_[c].resize(strides_[c] * 8 * component.v);
  }
}

template <typename Sample>
void ComponentRows<Sample>::load(std::uint32_t mcu_row) {
  const std::uint32_t height = 8 * frame_.v_max, first = mcu_row * height;
  const std::uint32_t rows = std::min(height, frame_.rows - first);
  for (std::uint32_t row = 0; row < rows; ++row) fetch(first + row, row);
  const std::uint32_t groups = (rows + frame_.v_max - 1) / frame_.v_max;  // rows of a component with v = 1
  for (std::uint32_t c = 0; c < frame_.count; ++c) {
    copy_row_down(full_[c], full_stride_, rows, groups * frame_.v_max);
    if (component_planes_[c].empty()) {
      copy_row_down(full_[c], full_stride_, groups * frame_.v_max, height);
    } else {
      downsample(c, groups * frame_.components[c].v);
      copy_row_down(component_planes_[c], strides_[c], groups * frame_.components[c].v, 8 * frame_.components[c].v);
    }
  }
}

template <typename Sample>
void ComponentRows<Sample>::fetch(std::uint32_t image_row, std::uint32_t row) {
  std::array<Sample*, kMaxComponents> rows{};
  for (std::uint32_t c = 0; c < frame_.count; ++c) rows[c] = full_[c].data() + row * full_stride_;
  bool is_split = false;
  if constexpr (sizeof(Sample) == 1) {
    if (frame_.count == 3 && image_.sample_bytes() == 1 && image_.sample_stride == 1 && image_.column_stride == 3) {
      encode_colour_kernels().split(image_.row(image_row), image_.columns, rows.data());
      is_split = true;
    }
  }
  if (!is_split)
    for (std::uint32_t c = 0; c < frame_.count; ++c) fetch_component(image_row, c, rows[c]);
  if (rgb_to_ycc_) colour_fns<Sample>().to_ycc(rows[0], rows[1], rows[2], image_.columns);
  carry_on_right(row);
}

template <typename Sample>
void ComponentRows<Sample>::fetch_component(std::uint32_t image_row, std::uint32_t component, Sample* out) const {
  const std::uint8_t* from = image_.at(image_row, 0, component);
  std::uint32_t all = 0;
  if (image_.sample_bytes() == 1) {
    all = gather<std::uint8_t>(from, image_.column_stride, image_.columns, out);
  } else {
    all = gather<std::uint16_t>(from, image_.column_stride, image_.columns, out);
  }
  if (all >> frame_.precision != 0) fail_above(frame_.precision, image_row);
}

template <typename Sample>
void ComponentRows<Sample>::carry_on_right(std::uint32_t row) {
  for (std::uint32_t c = 0; c < frame_.count; ++c) {
    Sample* samples = full_[c].data() + row * full_stride_;
    std::fill(samples + image_.columns, samples + full_stride_, samples[image_.columns - 1]);
  }
}

template <typename Sample>
void ComponentRows<Sample>::copy_row_down(Plane& plane, std::size_t stride, std::uint32_t from, std::uint32_t to) {
  for (std::uint32_t row = from; row < to; ++row)
    std::copy_n(plane.data() + (from - 1) * stride, stride, plane.data() + row * stride);
}

template <typename Sample>
void ComponentRows<Sample>::downsample(std::uint32_t c, std::uint32_t rows) {
  const Component& component = frame_.components[c];
  const std::uint32_t h = frame_.h_max / component.h, v = frame_.v_max / component.v;
  const std::size_t count = std::size_t{8} * component.blocks_per_row;
  for (std::uint32_t row = 0; row < rows; ++row) {
    std::array<const Sample*, 2> from{};
    for (std::uint32_t y = 0; y < v; ++y) from[y] = full_[c].data() + (row * v + y) * full_stride_;
    Sample* out = component_planes_[c].data() + row * strides_[c];
    if (h == 2 && v == 1) colour_fns<Sample>().halve(from[0], count, out);
    else if (h == 2 && v == 2) colour_fns<Sample>().quarter(from[0], from[1], count, out);
    else downsample_box(from.data(), h, v, count, out);
  }
}

template class ComponentRows<std::uint8_t>;
template class ComponentRows<std::uint16_t>;

}  // namespace turbodicom::codec::jpeg
