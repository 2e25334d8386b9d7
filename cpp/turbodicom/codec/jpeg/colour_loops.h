// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The conversions of colour.h in plain C++, always inlined: each instruction set's file makes its own functions of them,
// for the compiler to vectorise.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "turbodicom/codec/jpeg/colour.h"

namespace turbodicom::codec::jpeg::loops {

template <typename Sample>
[[gnu::always_inline]] inline void planar_rgb(const Sample* const* planes, Sample* const* out, std::size_t pixels) noexcept {
  constexpr std::int32_t kLargest = sizeof(Sample) == 1 ? 255 : 4095;
  constexpr std::int32_t kMiddle = (kLargest + 1) / 2;
  constexpr std::int32_t kRounding = 1 << 15;
  const Sample* __restrict const y = planes[0];
  const Sample* __restrict const cb_plane = planes[1];
  const Sample* __restrict const cr_plane = planes[2];
  Sample* __restrict const red = out[0];
  Sample* __restrict const green = out[1];
  Sample* __restrict const blue = out[2];
  for (std::size_t i = 0; i < pixels; ++i) {
    const std::int32_t cb = cb_plane[i] - kMiddle, cr = cr_plane[i] - kMiddle;
    red[i] = static_cast<Sample>(std::clamp(y[i] + ((kRedCr * cr + kRounding) >> 16), 0, kLargest));
    green[i] = static_cast<Sample>(std::clamp(y[i] + ((-kGreenCb * cb - kGreenCr * cr + kRounding) >> 16), 0, kLargest));
    blue[i] = static_cast<Sample>(std::clamp(y[i] + ((kBlueCb * cb + kRounding) >> 16), 0, kLargest));
  }
}

template <typename Sample>
[[gnu::always_inline]] inline void interleave(const Sample* const* planes, Sample* __restrict out,
                                              std::size_t pixels) noexcept {
  const Sample* __restrict const first = planes[0];
  const Sample* __restrict const second = planes[1];
  const Sample* __restrict const third = planes[2];
  for (std::size_t i = 0; i < pixels; ++i) {
    out[3 * i] = first[i];
    out[3 * i + 1] = second[i];
    out[3 * i + 2] = third[i];
  }
}

// By way of planes, a chunk at a time.
template <typename Sample>
[[gnu::always_inline]] inline void rgb(const Sample* const* planes, Sample* __restrict out, std::size_t pixels) noexcept {
  constexpr std::size_t kChunk = 256;
  Sample converted[3][kChunk];
  Sample* const into[3] = {converted[0], converted[1], converted[2]};
  for (std::size_t at = 0; at < pixels; at += kChunk) {
    const std::size_t count = std::min(pixels - at, kChunk);
    const Sample* const from[3] = {planes[0] + at, planes[1] + at, planes[2] + at};
    planar_rgb(from, into, count);
    interleave(into, out + 3 * at, count);
  }
}

}  // namespace turbodicom::codec::jpeg::loops
