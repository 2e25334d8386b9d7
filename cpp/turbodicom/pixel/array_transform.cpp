// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/array_transform.h"

#include <array>
#include <atomic>

namespace turbodicom::pixel {
namespace {

// One thread's dense copies of blocks that are not dense.
struct Tiles {
  Tile from, to, mask;
  ValueTransform::Memory memory;
};

bool transform_block(const ValueTransform& transform, const Block& from, const Block& to, const Block* mask, Tiles& tiles) {
  const std::uint8_t* source = from.data;
  if (!from.is_dense()) {
    gather(from, tiles.from.get());
    source = tiles.from.get();
  }
  const bool to_is_dense = to.is_dense(), mask_is_dense = mask == nullptr || mask->is_dense();
  std::uint8_t* const target = to_is_dense ? to.data : tiles.to.get();
  std::uint8_t* const padded = mask == nullptr ? nullptr : mask_is_dense ? mask->data : tiles.mask.get();
  const bool fits = transform.run(source, target, from.samples(), padded, tiles.memory);
  if (!to_is_dense) scatter(target, to);
  if (!mask_is_dense) scatter(padded, *mask);
  return fits;
}

// Slow, and in the order of the axes whatever the order in memory.
std::size_t first_misfit(const ValueTransform& transform, std::span<const std::size_t> shape, const StridedArray& from) {
  std::vector<std::size_t> position(shape.size());
  for (std::size_t flat = 0;; ++flat) {
    const std::uint8_t* sample = from.data;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) sample += static_cast<std::ptrdiff_t>(position[axis]) * from.strides[axis];
    if (!transform.fits(sample)) return flat;
    std::size_t axis = shape.size();
    while (axis > 0 && ++position[axis - 1] == shape[axis - 1]) position[--axis] = 0;
    if (axis == 0) return flat;
  }
}

// An image as an array of three axes.
struct ImageArray {
  std::array<std::ptrdiff_t, 3> strides;
  StridedArray array;

  template <typename Byte>
  explicit ImageArray(const BasicImageView<Byte>& view)
      : strides{view.row_stride, view.column_stride, view.sample_stride},
        array{const_cast<std::uint8_t*>(view.data), view.sample_bytes(), strides} {}
  ImageArray(const ImageArray&) = delete;
  ImageArray& operator=(const ImageArray&) = delete;
};

template <typename Byte>
std::array<std::size_t, 3> shape_of(const BasicImageView<Byte>& view) noexcept {
  return {view.rows, view.columns, view.samples};
}

bool transform_blocks(const ValueTransform& transform, const BlockWalk& walk, bool has_mask, Tiles& tiles) {
  for (std::size_t block = 0; block < walk.blocks(); ++block) {
    const Block mask = has_mask ? walk.block(block, 2) : Block{};
    if (!transform_block(transform, walk.block(block, 1), walk.block(block, 0), has_mask ? &mask : nullptr, tiles)) return false;
  }
  return true;
}

}  // namespace

struct ImageTransformMemory::Parts {
  Tiles tiles;
  const ValueTransform* transform = nullptr;  // whose table is in `tiles`
};

ImageTransformMemory::ImageTransformMemory() : parts_(std::make_unique<Parts>()) {}
ImageTransformMemory::~ImageTransformMemory() = default;
ImageTransformMemory::ImageTransformMemory(ImageTransformMemory&&) noexcept = default;
ImageTransformMemory& ImageTransformMemory::operator=(ImageTransformMemory&&) noexcept = default;

bool transform_image(const ValueTransform& transform, const ConstImageView& from, const ImageView& to, const ImageView& mask,
                     ImageTransformMemory& memory) {
  if (memory.parts_->transform != &transform) memory.parts_->tiles.memory = {};
  memory.parts_->transform = &transform;
  const ImageArray source(from), target(to), padded(mask);
  const std::array<StridedArray, 3> arrays{target.array, source.array, padded.array};
  const bool has_mask = mask.data != nullptr;
  const BlockWalk walk(shape_of(to), std::span(arrays).first(has_mask ? 3 : 2));
  return transform_blocks(transform, walk, has_mask, memory.parts_->tiles);
}

std::size_t first_misfit(const ValueTransform& transform, const ConstImageView& from) {
  const ImageArray source(from);
  return first_misfit(transform, shape_of(from), source.array);
}

std::optional<std::size_t> transform_array(const ValueTransform& transform, std::span<const std::size_t> shape,
                                           const StridedArray& from, const StridedArray& to, const StridedArray& mask,
                                           const WorkOptions& options) {
  const bool has_mask = mask.data != nullptr;
  const std::array<StridedArray, 3> arrays{to, from, mask};
  const BlockWalk walk(shape, std::span(arrays).first(has_mask ? 3 : 2));
  const std::uint64_t bytes = walk.samples() * (from.sample_bytes + to.sample_bytes);
  std::vector<Tiles> tiles(threads_for(bytes, options));
  std::atomic<bool> fits{true};
  for_each_block(walk, bytes, options, [&](std::size_t block, std::size_t worker) {
    if (!fits.load(std::memory_order_relaxed)) return;
    const Block mask_block = has_mask ? walk.block(block, 2) : Block{};
    if (!transform_block(transform, walk.block(block, 1), walk.block(block, 0), has_mask ? &mask_block : nullptr, tiles[worker]))
      fits.store(false, std::memory_order_relaxed);
  });
  if (fits) return std::nullopt;
  return first_misfit(transform, shape, from);
}

}  // namespace turbodicom::pixel
