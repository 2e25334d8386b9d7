// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// From the bytes of one native frame (PS3.5 8.1 and 8.2.1-8.2.2) to decoded samples: unpacked, in host
// byte order, unused bits cleaned, samples of a pixel side by side, YBR turned into RGB if asked.
#pragma once

#include <cstdint>

#include "turbodicom/base/bytes.h"
#include "turbodicom/codec/codec.h"
#include "turbodicom/image/frame_layout.h"

namespace turbodicom::image {

enum class Color { rgb, coded };

// How native bytes lie in the file, beyond what FrameLayout says.
struct NativeOrder {
  bool big_endian = false;
  bool swap_pairs = false;  // 8-bit samples in big-endian OW words (PS3.5 8.1.2 and Annex D)
};

// True when stored bytes are decoded samples up to steps that work in place (see finish_in_place):
// such frames are read straight into the caller's memory.
bool is_straight(const FrameLayout& layout) noexcept;

// Byte order, unused bits, YBR_FULL -> RGB: in place, any whole number of pixels at a time.
void finish_in_place(std::uint8_t* samples, std::uint64_t pixels, const FrameLayout& layout, NativeOrder order, Color color);

// Frames need not begin where a byte does: the caller hands bytes from the last boundary of so many bits
// on (a byte; a word where words are swapped; two 12-bit cells).
std::uint32_t unit_bits(const FrameLayout& layout, NativeOrder order) noexcept;

// One frame that is not straight: bit `first_bit` of `stored` (less than unit_bits()) is the frame's
// first; `target` takes frame_samples decoded samples, interleaved.
void convert_native_frame(ByteView stored, std::uint32_t first_bit, const FrameLayout& layout, NativeOrder order, Color color,
                          std::uint8_t* target, codec::Scratch& scratch);

}  // namespace turbodicom::image
