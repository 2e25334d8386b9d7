// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// YCbCr to RGB for 8-bit samples (PS3.3 C.7.6.3.1.2), three samples side by side in a pixel.
// Which function a photometric interpretation wants is the caller's knowledge (image/).
//
// Every function may work in place (ybr == rgb). The ones that take 4:2:2 words grow their input by
// half: there `packed` may be the last 2 * pixels samples of the destination's 3 * pixels.
#pragma once

#include <cstddef>
#include <cstdint>

namespace turbodicom::pixel {

// YBR_FULL with pydicom's values on all 2^24 triples (float32 matrix, floor(x + 0.5), clamp, as its
// matrix product gives it on machines with fused multiply-add).
void ybr_full_to_rgb(const std::uint8_t* ybr, std::uint8_t* rgb, std::size_t pixels) noexcept;

// YBR_PARTIAL_*: Y in 16..235, Cb and Cr in 16..240; the real-valued inverse of the standard's
// formulas, rounded to the nearest, clamped to 0..255.
void ybr_partial_to_rgb(const std::uint8_t* ybr, std::uint8_t* rgb, std::size_t pixels) noexcept;

// Native YBR_FULL_422 and YBR_PARTIAL_422: groups Y1 Y2 Cb Cr become Y1 Cb Cr Y2 Cb Cr, as pydicom
// replicates. `pixels` is even; sample_bytes is 1 or 2.
void upsample_422(const void* packed, void* ybr, std::size_t pixels, std::size_t sample_bytes) noexcept;

// upsample_422 and the colour transform in one pass.
void ybr_full_422_to_rgb(const std::uint8_t* packed, std::uint8_t* rgb, std::size_t pixels) noexcept;
void ybr_partial_422_to_rgb(const std::uint8_t* packed, std::uint8_t* rgb, std::size_t pixels) noexcept;

}  // namespace turbodicom::pixel
