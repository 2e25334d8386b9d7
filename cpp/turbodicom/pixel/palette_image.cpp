// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/palette_image.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>

#include "turbodicom/base/thread_pool.h"

namespace turbodicom::pixel {
namespace {

constexpr std::size_t kTilePixels = 65536;                    // what a thread takes at a time
constexpr std::size_t kWorthPool = std::size_t{1} << 24;      // from here on one worker, too, listens to Ctrl-C

bool is_one_axis(const PaletteAxis& outer, const PaletteAxis& inner) noexcept {
  const auto length = static_cast<std::ptrdiff_t>(inner.length);
  return outer.index_stride == inner.index_stride * length && outer.pixel_stride == inner.pixel_stride * length;
}

// The axis with the closest pixels becomes the last one, and axes that are one in memory become one.
std::vector<PaletteAxis> merged(std::vector<PaletteAxis> axes) {
  std::erase_if(axes, [](const PaletteAxis& axis) { return axis.length == 1; });
  std::stable_sort(axes.begin(), axes.end(), [](const PaletteAxis& a, const PaletteAxis& b) {
    return std::abs(a.pixel_stride) > std::abs(b.pixel_stride);
  });
  std::vector<PaletteAxis> result;
  for (const PaletteAxis& axis : axes) {
    if (!result.empty() && is_one_axis(result.back(), axis)) {
      const std::size_t outer = result.back().length;
      result.back() = {outer * axis.length, axis.index_stride, axis.pixel_stride};
    } else {
      result.push_back(axis);
    }
  }
  if (result.empty()) result.push_back({1, 0, 0});
  return result;
}

// Pixels first.. of the image in the order of its axes, row by row; a row is what is on the last axis.
std::size_t apply_range(const Palette& palette, const PaletteImage& image, std::size_t first, std::size_t count) noexcept {
  const PaletteAxis& inner = image.axes.back();
  std::size_t outside = 0;
  while (count > 0) {
    std::size_t row = first / inner.length;
    const std::size_t skipped = first % inner.length;
    const std::size_t n = std::min(count, inner.length - skipped);
    const std::uint8_t* indexes = image.indexes + static_cast<std::ptrdiff_t>(skipped) * inner.index_stride;
    std::uint8_t* pixels = image.pixels + static_cast<std::ptrdiff_t>(skipped) * inner.pixel_stride;
    for (std::size_t a = image.axes.size() - 1; a-- > 0; row /= image.axes[a].length) {
      const auto at = static_cast<std::ptrdiff_t>(row % image.axes[a].length);
      indexes += at * image.axes[a].index_stride;
      pixels += at * image.axes[a].pixel_stride;
    }
    outside += palette.apply({indexes, inner.index_stride}, n, {pixels, inner.pixel_stride, image.sample_stride});
    first += n;
    count -= n;
  }
  return outside;
}

}  // namespace

std::size_t PaletteImage::count() const noexcept {
  std::size_t product = 1;
  for (const PaletteAxis& axis : axes) product *= axis.length;
  return product;
}

std::size_t apply_palette(const Palette& palette, PaletteImage image, std::size_t workers, const std::function<void()>& poll) {
  const std::size_t count = image.count();
  if (count == 0) return 0;
  image.axes = merged(std::move(image.axes));
  const std::size_t tiles = (count + kTilePixels - 1) / kTilePixels;
  if (tiles < 2 || (workers < 2 && count < kWorthPool)) return apply_range(palette, image, 0, count);
  std::atomic<std::size_t> outside{0};
  CancelToken cancel;
  parallel_for(tiles, std::max<std::size_t>(workers, 1), [&](std::size_t tile, std::size_t) {
    const std::size_t first = tile * kTilePixels;
    outside += apply_range(palette, image, first, std::min(kTilePixels, count - first));
  }, cancel, poll);
  return outside;
}

}  // namespace turbodicom::pixel
