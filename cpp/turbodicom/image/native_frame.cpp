// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/image/native_frame.h"

#include <cstring>

#include "turbodicom/base/error.h"
#include "turbodicom/pixel/byte_order.h"
#include "turbodicom/pixel/colour.h"
#include "turbodicom/pixel/layout.h"
#include "turbodicom/pixel/unpack.h"
#include "turbodicom/pixel/unused_bits.h"

namespace turbodicom::image {
namespace {

bool is_subsampled(Photometric photometric) noexcept {
  return photometric == Photometric::ybr_full_422 || photometric == Photometric::ybr_partial_422 ||
         photometric == Photometric::ybr_partial_420;
}

// Full chroma, interleaved, in place: what a codec or expand_422 leaves behind.
void convert_colour(std::uint8_t* samples, std::uint64_t pixels, const FrameLayout& layout) {
  if (layout.bits_allocated != 8)
    fail(Errc::unsupported, 0,
         "image: " + layout.photometric_interpretation + " with BitsAllocated " + std::to_string(layout.bits_allocated) +
             " cannot become RGB, only 8 can; color=\"coded\" gives the samples as they are");
  if (layout.photometric == Photometric::ybr_full || layout.photometric == Photometric::ybr_full_422)
    pixel::ybr_full_to_rgb(samples, samples, pixels);
  else
    pixel::ybr_partial_to_rgb(samples, samples, pixels);
}

// Chroma shared by pairs: Y1 Y2 Cb Cr (PS3.3 C.7.6.3.1.2).
void convert_422(const std::uint8_t* stored, const FrameLayout& layout, NativeOrder order, Color color, std::uint8_t* target) {
  if ((layout.bits_allocated != 8 && layout.bits_allocated != 16) || layout.planar_configuration != 0 ||
      layout.frame_pixels % 2 != 0)
    fail(Errc::unsupported, 0,
         "image: native " + layout.photometric_interpretation +
             " needs BitsAllocated 8 or 16, PlanarConfiguration 0 and an even number of pixels (PS3.3 C.7.6.3.1.2)");
  if (color == Color::rgb && layout.bits_allocated == 8) {
    const bool full = layout.photometric == Photometric::ybr_full_422;
    (full ? pixel::ybr_full_422_to_rgb : pixel::ybr_partial_422_to_rgb)(stored, target, layout.frame_pixels);
    return;
  }
  pixel::upsample_422(stored, target, layout.frame_pixels, layout.bits_allocated / 8);
  finish_in_place(target, layout.frame_pixels, layout, order, color);
}

void convert_planar(const std::uint8_t* stored, const FrameLayout& layout, NativeOrder order, Color color, std::uint8_t* target) {
  pixel::copy_image(planar_view(stored, layout.type, layout.rows, layout.columns, layout.samples_per_pixel),
                    interleaved_view(target, layout.type, layout.rows, layout.columns, layout.samples_per_pixel));
  finish_in_place(target, layout.frame_pixels, layout, order, color);
}

}  // namespace

bool is_straight(const FrameLayout& layout) noexcept {
  return layout.bits_allocated >= 8 && layout.bits_allocated != 12 &&
         (layout.samples_per_pixel == 1 || layout.planar_configuration == 0) && !is_subsampled(layout.photometric);
}

void finish_in_place(std::uint8_t* samples, std::uint64_t pixels, const FrameLayout& layout, NativeOrder order, Color color) {
  const std::uint64_t count = pixels * layout.samples_per_pixel;
  if (order.big_endian && bytes_of(layout.type) > 1) pixel::swap_bytes(samples, count, bytes_of(layout.type));
  if (layout.has_unused_bits())
    pixel::clean_unused_bits(samples, count, layout.type, layout.bits_stored, layout.high_bit);
  if (color == Color::rgb && layout.is_ybr()) convert_colour(samples, pixels, layout);
}

void convert_native_frame(ByteView stored, std::uint32_t first_bit, const FrameLayout& layout, NativeOrder order, Color color,
                          std::uint8_t* target, codec::Scratch& scratch) {
  if (order.swap_pairs) {
    const MutableByteView bytes = scratch.get(layout.stored_frame_bits / 8);
    pixel::copy_from_swapped_words(stored.data(), first_bit / 8, bytes.data(), bytes.size());
    stored = bytes;
  }
  if (layout.photometric == Photometric::ybr_partial_420) {
    fail(Errc::unsupported, 0, "image: native YBR_PARTIAL_420 is not defined for uncompressed frames (PS3.3 C.7.6.3.1.2)");
  } else if (is_subsampled(layout.photometric)) {  // before the packed cells: fewer are stored than decoded
    convert_422(stored.data(), layout, order, color, target);
  } else if (layout.bits_allocated == 1) {
    pixel::unpack_bits(stored.data(), first_bit, target, layout.frame_samples);
  } else if (layout.bits_allocated == 12) {
    pixel::unpack_12_bits(stored.data(), first_bit / 12, reinterpret_cast<std::uint16_t*>(target), layout.frame_samples);
    finish_in_place(target, layout.frame_pixels, layout, {}, color);
  } else if (layout.samples_per_pixel > 1 && layout.planar_configuration == 1) {
    convert_planar(stored.data(), layout, order, color, target);
  } else {
    std::memcpy(target, stored.data(), layout.frame_bytes);
    finish_in_place(target, layout.frame_pixels, layout, order, color);
  }
}

std::uint32_t unit_bits(const FrameLayout& layout, NativeOrder order) noexcept {
  if (order.swap_pairs) return 16;
  return layout.bits_allocated == 12 ? 24 : 8;
}

}  // namespace turbodicom::image
