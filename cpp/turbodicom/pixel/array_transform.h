// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// A ValueTransform, or a table for integers, over whole arrays of any strides.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "turbodicom/base/image_view.h"
#include "turbodicom/pixel/block_work.h"
#include "turbodicom/pixel/value_transform.h"

namespace turbodicom::pixel {

// Arrays of the transform's types; `mask` (bytes, 1 where padded) may be without data. Returns the flat index, in the
// order of the axes, of the first sample that does not fit; `to` is then half done.
std::optional<std::size_t> transform_array(const ValueTransform& transform, std::span<const std::size_t> shape,
                                           const StridedArray& from, const StridedArray& to, const StridedArray& mask,
                                           const WorkOptions& options);

// One thread's memory for transform_image, carried from image to image. It knows a transform by its address: each must
// live as long as the memory is used.
class ImageTransformMemory {
 public:
  ImageTransformMemory();
  ~ImageTransformMemory();
  ImageTransformMemory(ImageTransformMemory&&) noexcept;
  ImageTransformMemory& operator=(ImageTransformMemory&&) noexcept;

 private:
  friend bool transform_image(const ValueTransform&, const ConstImageView&, const ImageView&, const ImageView&, ImageTransformMemory&);
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// On the calling thread. `mask` may be without data. False where a sample does not fit; `to` is then half done.
bool transform_image(const ValueTransform& transform, const ConstImageView& from, const ImageView& to, const ImageView& mask,
                     ImageTransformMemory& memory);

// Where, in the order rows, columns, samples.
std::size_t first_misfit(const ValueTransform& transform, const ConstImageView& from);

}  // namespace turbodicom::pixel
