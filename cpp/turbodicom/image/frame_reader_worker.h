// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// What the frame_reader*.cpp and frame_jobs.cpp share, and nobody else.
#pragma once

#include <functional>
#include <vector>

#include "turbodicom/image/frame_reader.h"
#include "turbodicom/pixel/array_transform.h"

namespace turbodicom::image {

// One thread's memory, carried from frame to frame.
struct FrameReader::Worker {
  const dicom::Reader* reader = nullptr;
  const CancelToken* cancel = nullptr;
  std::vector<std::uint8_t> source;   // gathered codestream or native bytes
  codec::Scratch dense;               // a frame that cannot go straight to its destination
  codec::Scratch scratch;             // the codec's own
  codec::Scratch stored;              // stored values on their way to others
  pixel::ImageTransformMemory values;
  std::size_t threads = 1;            // for one frame
  bool passes_caches = false;         // stored values of frames: see codec::DecodeOptions
  const std::function<void()>* poll = nullptr;
};

// Where the values of one frame go, and how they are made.
struct FrameReader::FrameValues {
  const pixel::ValueTransform* transform;
  ImageView destination;
  ImageView mask;
};

// Our choice: of as much memory nothing is in the caches any more when it is read.
inline constexpr std::uint64_t kBeyondCaches = std::uint64_t{64} << 20;

// What is read and finished while it is still in the second-level cache.
inline constexpr std::uint64_t kChunkBytes = std::uint64_t{256} << 10;

void zero(ImageView view) noexcept;

// A damaged frame is 0 below its valid rows; the colour transform has made something else of the zeros.
void clear_below(ImageView view, std::uint32_t valid_rows) noexcept;

}  // namespace turbodicom::image
