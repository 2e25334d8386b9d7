// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// JPEG (ITU-T T.81 | ISO/IEC 10918-1): the door. README.md beside this file draws the bytes.
#pragma once

#include "turbodicom/codec/codec.h"

namespace turbodicom::codec::jpeg {

// Reads the marker segments up to the first scan; arithmetic and hierarchical processes are refused by name.
StreamInfo read_info(ByteView source);

DecodeReport decode(ByteView source, ImageView destination, const DecodeOptions& options);

std::size_t max_encoded_size(const FrameInfo& frame, const EncodeParameters& parameters);

// Bytes written to `destination`, always even.
std::size_t encode(ConstImageView source, MutableByteView destination, const EncodeParameters& parameters);

}  // namespace turbodicom::codec::jpeg
