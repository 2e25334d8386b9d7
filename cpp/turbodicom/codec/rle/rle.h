// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// DICOM RLE (PS3.5 Annex G): the door. README.md beside this file draws the bytes.
#pragma once

#include "turbodicom/codec/codec.h"

namespace turbodicom::codec::rle {

// Number of segments as `components`; RLE carries no dimensions, the destination tells them.
StreamInfo read_info(ByteView source);

// One segment per byte of a pixel, most significant byte first, sample by sample (PS3.5 G.2).
DecodeReport decode(ByteView source, ImageView destination, const DecodeOptions& options);

std::size_t max_encoded_size(const FrameInfo& frame, const EncodeParameters& parameters);

// Bytes written to `destination`, always even (PS3.5 A.4).
std::size_t encode(ConstImageView source, MutableByteView destination, const EncodeParameters& parameters);

}  // namespace turbodicom::codec::rle
