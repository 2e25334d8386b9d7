// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The scalar transforms: a pixel transform (Full, Jpeg, Partial) in one of two walks (pixel by pixel,
// or 4:2:2 groups), then the selector and the doors. Both walks read a group before they write it.
#include "turbodicom/pixel/colour.h"

#include <algorithm>

#include "turbodicom/base/bytes.h"
#include "turbodicom/pixel/colour_kernels.h"

namespace turbodicom::pixel {
namespace {

std::uint8_t clamped(int value) noexcept { return static_cast<std::uint8_t>(std::clamp(value, 0, 255)); }

template <const FixedPoint& kMatrix>
void transform_pixel(int y, int cb_sample, int cr_sample, std::uint8_t* rgb) noexcept {
  constexpr FixedPoint m = kMatrix;
  const int cb = cb_sample - 128;
  const int cr = cr_sample - 128;
  rgb[0] = clamped(y + ((m.red_cr * cr + m.half) >> m.bits));
  rgb[1] = clamped(y + ((-m.green_cb * cb - m.green_cr * cr + m.half) >> m.bits));
  rgb[2] = clamped(y + ((m.blue_cb * cb + m.half) >> m.bits));
}

struct Full {
  static void pixel(int y, int cb, int cr, std::uint8_t* rgb) noexcept {
    transform_pixel<kYbrFull>(y, cb, cr, rgb);
    if (cb == kTieCb && cr == kTieCr && y >= kTieFirstY && y <= kTieLastY) --rgb[1];
  }
};

// The inverse of PS3.3 C.7.6.3.1.2's YBR_PARTIAL formulas, which are the full-range ones with Y scaled
// by 219/255 from 16 and the chromas by 224/255 from 128 (Rec. 601). 40 bits decide every rounding.
struct Partial {
  static constexpr std::int64_t fixed(double value) { return static_cast<std::int64_t>(value * 0x1p40 + 0.5); }
  static std::uint8_t sample(std::int64_t value) noexcept { return clamped(static_cast<int>(value >> 40)); }

  static void pixel(int y, int cb_sample, int cr_sample, std::uint8_t* rgb) noexcept {
    constexpr std::int64_t kHalf = (std::int64_t{1} << 39) + 256;  // 256: errors of the coefficients at a tie
    constexpr std::int64_t kY = fixed(255.0 / 219);
    constexpr std::int64_t kRedCr = fixed(255.0 / 224 * 1.402);
    constexpr std::int64_t kGreenCb = fixed(255.0 / 224 * 0.114 * 1.772 / 0.587);
    constexpr std::int64_t kGreenCr = fixed(255.0 / 224 * 0.299 * 1.402 / 0.587);
    constexpr std::int64_t kBlueCb = fixed(255.0 / 224 * 1.772);
    const std::int64_t luma = kY * (y - 16) + kHalf;
    const int cb = cb_sample - 128;
    const int cr = cr_sample - 128;
    rgb[0] = sample(luma + kRedCr * cr);
    rgb[1] = sample(luma - kGreenCb * cb - kGreenCr * cr);
    rgb[2] = sample(luma + kBlueCb * cb);
  }
};

template <typename Transform>
void convert_444(const std::uint8_t* ybr, std::uint8_t* rgb, std::size_t pixels) noexcept {
  for (std::size_t i = 0; i < pixels; ++i, ybr += 3, rgb += 3) Transform::pixel(ybr[0], ybr[kCb], ybr[kCr], rgb);
}

template <typename Transform>
void convert_422(const std::uint8_t* packed, std::uint8_t* rgb, std::size_t pixels) noexcept {
  for (std::size_t i = 0; i + 1 < pixels; i += 2, packed += 4, rgb += 6) {
    const int y1 = packed[0], y2 = packed[1], cb = packed[1 + kCb], cr = packed[1 + kCr];
    Transform::pixel(y1, cb, cr, rgb);
    Transform::pixel(y2, cb, cr, rgb + 3);
  }
}

template <typename Sample>
void replicate_422(const std::uint8_t* packed, std::uint8_t* ybr, std::size_t pixels) noexcept {
  for (std::size_t i = 0; i + 1 < pixels; i += 2, packed += 4 * sizeof(Sample), ybr += 6 * sizeof(Sample)) {
    Sample from[4];
    std::memcpy(from, packed, sizeof from);
    const Sample to[6] = {from[0], from[2], from[3], from[1], from[2], from[3]};
    std::memcpy(ybr, to, sizeof to);
  }
}

}  // namespace

namespace scalar {

void full(const std::uint8_t* ybr, std::uint8_t* rgb, std::size_t pixels) noexcept {
  convert_444<Full>(ybr, rgb, pixels);
}

void full_422(const std::uint8_t* packed, std::uint8_t* rgb, std::size_t pixels) noexcept {
  convert_422<Full>(packed, rgb, pixels);
}

void upsample_422(const std::uint8_t* packed, std::uint8_t* ybr, std::size_t pixels) noexcept {
  replicate_422<std::uint8_t>(packed, ybr, pixels);
}

}  // namespace scalar

ColourKernels colour_kernels_of(Isa isa) noexcept {
  ColourKernels kernels{scalar::full, scalar::full_422, scalar::upsample_422};
  return with_vectors(kernels, isa);
}

const ColourKernels& colour_kernels() noexcept {
  static const ColourKernels kernels = colour_kernels_of(active_isa());
  return kernels;
}

void ybr_full_to_rgb(const std::uint8_t* ybr, std::uint8_t* rgb, std::size_t pixels) noexcept {
  colour_kernels().full(ybr, rgb, pixels);
}

void ybr_partial_to_rgb(const std::uint8_t* ybr, std::uint8_t* rgb, std::size_t pixels) noexcept {
  convert_444<Partial>(ybr, rgb, pixels);
}

void upsample_422(const void* packed, void* ybr, std::size_t pixels, std::size_t sample_bytes) noexcept {
  const auto* const from = static_cast<const std::uint8_t*>(packed);
  auto* const to = static_cast<std::uint8_t*>(ybr);
  if (sample_bytes == 1) colour_kernels().upsample_422(from, to, pixels);
  else replicate_422<std::uint16_t>(from, to, pixels);
}

void ybr_full_422_to_rgb(const std::uint8_t* packed, std::uint8_t* rgb, std::size_t pixels) noexcept {
  colour_kernels().full_422(packed, rgb, pixels);
}

void ybr_partial_422_to_rgb(const std::uint8_t* packed, std::uint8_t* rgb, std::size_t pixels) noexcept {
  convert_422<Partial>(packed, rgb, pixels);
}

}  // namespace turbodicom::pixel
