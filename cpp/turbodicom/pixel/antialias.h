// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Images made smaller or larger for networks: separable, bilinear, with antialias. A result is the mean of the samples
// around its centre, weighted by a triangle as wide as two of its own pixels (two samples, where it enlarges); weights
// beyond the border are left out and the others brought to a sum of 1. The same as torch.nn.functional.interpolate(
// mode="bilinear", antialias=True, align_corners=False) but for the order of float32 additions.
// Begin with Resizer::run; it holds, as float32, as many rows of the source as a result has taps (about 2 rows / scaled
// rows, at most all of them: for a single row of results) and a few of the destination.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "turbodicom/base/image_view.h"
#include "turbodicom/pixel/antialias_kernels.h"

namespace turbodicom::pixel {

// Which result of an axis is the sum of which samples.
class TriangleFilter {
 public:
  // `size` samples become `scaled` results; those from `first` on, `count` of them, are wanted. None of the sizes is 0.
  TriangleFilter(std::uint32_t size, std::uint32_t scaled, std::uint32_t first, std::uint32_t count);

  // As many taps for every result, so that loops have one length: some weights at the ends are 0.
  WeightTable table() const noexcept { return {begins_.data(), weights_.data(), taps_, begins_.size()}; }
  std::uint32_t taps() const noexcept { return taps_; }

 private:
  std::vector<std::uint32_t> begins_;
  std::vector<float> weights_;  // taps_ for each result
  std::uint32_t taps_ = 1;
};

// The whole image as scaled, and where in it the destination begins: above 0, and the image is cropped; below 0, and it
// is padded.
struct Placement {
  std::uint32_t rows = 0, columns = 0;
  std::int64_t row = 0, column = 0;
  bool operator==(const Placement&) const = default;
};

struct SourceSize {
  std::uint32_t rows = 0, columns = 0, samples = 1;
  bool operator==(const SourceSize&) const = default;
};

// One thread's memory, carried from image to image. Weights stay as long as the sizes do.
class Resizer {
 public:
  // Puts one row of the source, interleaved, to `to`. Rows are asked for in order, each at most once.
  using RowReader = std::function<void(std::uint32_t row, float* to)>;

  // `destination`: of any type, as many samples as the source; integers are rounded (ties to even) and clamped, NaN becomes the
  // lowest. `fill`: where no image is.
  void run(const SourceSize& source, const Placement& placement, const RowReader& read_row, float fill, const ImageView& destination);

 private:
  // An axis of the destination: results of the filter from `begin` to `end`, `fill` before and behind.
  struct Axis {
    std::uint32_t begin = 0, end = 0;
    TriangleFilter filter;
  };
  static Axis axis_of(std::uint32_t size, std::uint32_t scaled, std::int64_t offset, std::uint32_t target);
  void prepare(const SourceSize& source, const Placement& placement, const ImageView& destination);
  void read_until(std::uint32_t end, const RowReader& read_row);
  void blend_row(std::uint32_t result, float* to);
  void make_rows(std::uint32_t first, std::uint32_t count, const RowReader& read_row);
  void store_row(const float* row, const ImageView& destination, std::uint32_t at);

  SourceSize source_;
  Placement placement_;
  std::uint32_t target_rows_ = 0, target_columns_ = 0;
  std::vector<Axis> axes_;                // rows, columns
  std::size_t row_samples_ = 0;           // of the source
  std::size_t width_ = 0;                 // samples of a row of the destination
  std::vector<float> ring_;               // rows of the source, by their number modulo the rows there is room for
  std::uint32_t next_row_ = 0;            // of the source
  std::vector<const float*> taps_;        // rows of the ring
  std::vector<float> blended_, lanes_;    // kLanes rows of columns as in the source
  std::vector<float> results_, rows_;     // kLanes rows of the destination, the latter with borders
  std::vector<std::uint8_t> stored_;      // one row, in another type
};

// Samples of any type as float32, and back as Resizer::run says; dense.
void to_float(SampleType type, const void* from, float* to, std::size_t count);
void from_float(SampleType type, const float* from, void* to, std::size_t count);

}  // namespace turbodicom::pixel
