// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Rows are blended first: whole rows at once, and of a reduced image only few are left for the columns.
#include "turbodicom/pixel/antialias.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "turbodicom/pixel/value_kernels.h"

namespace turbodicom::pixel {
namespace {

constexpr std::size_t kPiece = 512;  // samples converted at once: 4 KiB of doubles stay in the first-level cache

double triangle(double x) noexcept { return std::max(0.0, 1 - std::fabs(x)); }

struct Window {
  std::uint32_t begin = 0;
  std::vector<double> weights;
};

// Weights of 0 at the ends are left out.
Window make_window(double center, double scale, std::uint32_t size) {
  const double support = std::max(scale, 1.0);
  const auto begin = static_cast<std::uint32_t>(std::max(center - support + 0.5, 0.0));
  const auto end = static_cast<std::uint32_t>(std::min(center + support + 0.5, static_cast<double>(size)));
  Window window{begin, {}};
  double sum = 0;
  for (std::uint32_t i = begin; i < end; ++i) {
    const double weight = triangle((i - center + 0.5) / support);
    if (weight == 0 && window.weights.empty()) ++window.begin;
    if (weight == 0) continue;  // only the first and the last can be
    window.weights.push_back(weight);
    sum += weight;
  }
  for (double& weight : window.weights) weight /= sum;
  return window;
}

constexpr std::size_t index_of(SampleType type) noexcept { return static_cast<std::size_t>(type); }

}  // namespace

TriangleFilter::TriangleFilter(std::uint32_t size, std::uint32_t scaled, std::uint32_t first, std::uint32_t count) {
  const double scale = static_cast<double>(size) / scaled;
  std::vector<Window> windows(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    windows[i] = make_window(scale * (first + i + 0.5), scale, size);
    taps_ = std::max(taps_, static_cast<std::uint32_t>(windows[i].weights.size()));
  }
  weights_.resize(std::size_t{count} * taps_);
  for (std::uint32_t i = 0; i < count; ++i) {
    begins_.push_back(std::min(windows[i].begin, size - taps_));
    float* const weights = weights_.data() + std::size_t{i} * taps_ + (windows[i].begin - begins_[i]);
    std::transform(windows[i].weights.begin(), windows[i].weights.end(), weights, [](double weight) { return static_cast<float>(weight); });
  }
}

Resizer::Axis Resizer::axis_of(std::uint32_t size, std::uint32_t scaled, std::int64_t offset, std::uint32_t target) {
  const auto begin = std::clamp<std::int64_t>(-offset, 0, target);
  const auto end = std::clamp<std::int64_t>(scaled - offset, begin, target);
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end),
          TriangleFilter(size, scaled, static_cast<std::uint32_t>(begin + offset > 0 ? begin + offset : 0), static_cast<std::uint32_t>(end - begin))};
}

void Resizer::prepare(const SourceSize& source, const Placement& placement, const ImageView& destination) {
  next_row_ = 0;
  const bool is_known = source == source_ && placement == placement_ && destination.rows == target_rows_ && destination.columns == target_columns_;
  if (is_known) return;
  axes_.clear();
  target_rows_ = 0;  // known only when all of this has been done
  axes_.push_back(axis_of(source.rows, placement.rows, placement.row, destination.rows));
  axes_.push_back(axis_of(source.columns, placement.columns, placement.column, destination.columns));
  const std::size_t samples = std::size_t{source.columns} * source.samples;
  row_samples_ = samples;
  width_ = std::size_t{destination.columns} * destination.samples;
  taps_.resize(axes_[0].filter.taps());
  ring_.resize(taps_.size() * samples);
  blended_.assign(kLanes * samples, 0);
  lanes_.resize(kLanes * samples);
  results_.resize(axes_[1].filter.table().results * source.samples * kLanes);
  rows_.resize(kLanes * width_);
  source_ = source;
  placement_ = placement;
  target_rows_ = destination.rows;
  target_columns_ = destination.columns;
}

void Resizer::run(const SourceSize& source, const Placement& placement, const RowReader& read_row, float fill, const ImageView& destination) {
  prepare(source, placement, destination);
  const Axis& rows = axes_[0];
  std::fill(rows_.begin(), rows_.end(), fill);
  for (std::uint32_t row = 0; row < rows.begin; ++row) store_row(rows_.data(), destination, row);
  for (std::uint32_t row = rows.end; row < destination.rows; ++row) store_row(rows_.data(), destination, row);
  for (std::uint32_t row = rows.begin; row < rows.end; row += kLanes) {
    const std::uint32_t count = std::min<std::uint32_t>(kLanes, rows.end - row);
    make_rows(row - rows.begin, count, read_row);
    for (std::uint32_t lane = 0; lane < count; ++lane) store_row(rows_.data() + lane * width_, destination, row + lane);
  }
}

// Results of the rows' filter to the same number of rows_, within their borders.
void Resizer::make_rows(std::uint32_t first, std::uint32_t count, const RowReader& read_row) {
  const AntialiasKernels& kernels = antialias_kernels();
  const WeightTable rows = axes_[0].filter.table(), columns = axes_[1].filter.table();
  for (std::uint32_t lane = 0; lane < count; ++lane) {
    const std::uint32_t begin = rows.begins[first + lane];
    next_row_ = std::max(next_row_, begin);
    read_until(begin + static_cast<std::uint32_t>(rows.taps), read_row);
    blend_row(first + lane, blended_.data() + lane * row_samples_);
  }
  const std::size_t samples = columns.results * source_.samples;
  kernels.to_lanes(blended_.data(), row_samples_, lanes_.data(), row_samples_);
  kernels.blend_columns(lanes_.data(), columns, source_.samples, results_.data());
  kernels.from_lanes(results_.data(), rows_.data() + std::size_t{axes_[1].begin} * source_.samples, width_, samples);
}

void Resizer::read_until(std::uint32_t end, const RowReader& read_row) {
  for (; next_row_ < end; ++next_row_) read_row(next_row_, ring_.data() + next_row_ % taps_.size() * row_samples_);
}

void Resizer::blend_row(std::uint32_t result, float* to) {
  const WeightTable table = axes_[0].filter.table();
  for (std::size_t tap = 0; tap < taps_.size(); ++tap) taps_[tap] = ring_.data() + (table.begins[result] + tap) % taps_.size() * row_samples_;
  antialias_kernels().blend_rows(taps_.data(), table.weights + result * table.taps, table.taps, to, row_samples_);
}

void Resizer::store_row(const float* row, const ImageView& destination, std::uint32_t at) {
  const std::size_t bytes = destination.sample_bytes();
  const auto* from = reinterpret_cast<const std::uint8_t*>(row);
  if (destination.type != SampleType::f32) {
    stored_.resize(width_ * bytes);
    from_float(destination.type, row, stored_.data(), width_);
    from = stored_.data();
  }
  const auto sample = static_cast<std::ptrdiff_t>(bytes);
  const auto pixel = sample * static_cast<std::ptrdiff_t>(destination.samples);
  if (destination.column_stride == pixel && (destination.samples == 1 || destination.sample_stride == sample)) {
    std::memcpy(destination.row(at), from, width_ * bytes);
    return;
  }
  for (std::uint32_t s = 0; s < destination.samples; ++s)
    for (std::uint32_t column = 0; column < destination.columns; ++column)
      std::memcpy(destination.at(at, column, s), from + (std::size_t{column} * destination.samples + s) * bytes, bytes);
}

void to_float(SampleType type, const void* from, float* to, std::size_t count) {
  if (type == SampleType::f32) {
    std::memcpy(to, from, count * sizeof(float));
    return;
  }
  std::array<double, kPiece> doubles;
  const auto* source = static_cast<const std::uint8_t*>(from);
  for (std::size_t done = 0; done < count; done += kPiece) {
    const std::size_t now = std::min(kPiece, count - done);
    value_kernels().load[index_of(type)](source + done * bytes_of(type), doubles.data(), now, Rescale{});
    for (std::size_t i = 0; i < now; ++i) to[done + i] = static_cast<float>(doubles[i]);
  }
}

void from_float(SampleType type, const float* from, void* to, std::size_t count) {
  std::array<double, kPiece> doubles;
  auto* target = static_cast<std::uint8_t*>(to);
  for (std::size_t done = 0; done < count; done += kPiece) {
    const std::size_t now = std::min(kPiece, count - done);
    for (std::size_t i = 0; i < now; ++i) doubles[i] = static_cast<double>(from[done + i]);
    value_kernels().store[index_of(type)](doubles.data(), target + done * bytes_of(type), now);
  }
}

}  // namespace turbodicom::pixel
