// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// RLE frames for tests of the image room, made by our own encoder; how it works is tested in codec/rle.
#pragma once

#include "image/image_writer.h"

namespace turbodicom::image::test {

inline Bytes rle_encoded(ConstImageView view) {
  const codec::Codec* const rle = codec::find_codec("rle");
  REQUIRE(rle != nullptr);
  Bytes frame(rle->max_encoded_size({view.rows, view.columns, view.samples, view.type, 0}, {}));
  frame.resize(rle->encode(view, frame, {}));
  return frame;
}

// Samples of one frame, interleaved, as `file` describes them; 1-bit samples are packed first.
inline Bytes rle_frame(const Bytes& decoded, const ImageFile& file) {
  if (file.bits_allocated == 1) {
    const Bytes packed = cells({decoded.begin(), decoded.end()}, 1);
    return rle_encoded(interleaved_view(packed.data(), SampleType::u8, 1, static_cast<std::uint32_t>(packed.size()), 1));
  }
  const std::size_t sample_bytes = decoded.size() / (std::size_t{file.rows} * file.columns * file.samples_per_pixel);
  const SampleType type = sample_bytes == 1   ? SampleType::u8
                          : sample_bytes == 2 ? SampleType::u16
                          : sample_bytes == 4 ? SampleType::u32
                                              : SampleType::u64;
  return rle_encoded(interleaved_view(decoded.data(), type, file.rows, file.columns, file.samples_per_pixel));
}

inline Bytes rle_bytes(const Bytes& bytes) {
  return rle_encoded(interleaved_view(bytes.data(), SampleType::u8, 1, static_cast<std::uint32_t>(bytes.size()), 1));
}

}  // namespace turbodicom::image::test
