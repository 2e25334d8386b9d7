// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/resample.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

#include "turbodicom/base/error.h"
#include "turbodicom/pixel/resample_walk.h"

namespace turbodicom::pixel {
namespace {

constexpr std::int64_t kUnit = 4096;          // fixed point of the mean
constexpr std::size_t kRowsBetweenPolls = 64;

// A double becomes a sample as C makes it on x86-64: cut towards zero, low bits kept; int32 out of range is the least.
template <typename T>
T cut(double value) noexcept {
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(value);
  } else if constexpr (std::is_same_v<T, std::int32_t>) {
    const bool fits = value > -2147483649.0 && value < 2147483648.0;
    return fits ? static_cast<T>(value) : std::numeric_limits<T>::min();
  } else if constexpr (sizeof(T) < 4) {
    return static_cast<T>(static_cast<std::int32_t>(value));
  } else {
    return static_cast<T>(static_cast<std::int64_t>(value));
  }
}

template <typename T>
T rounded(double value) noexcept {
  return cut<T>(std::is_floating_point_v<T> ? value : value + 0.5);
}

// The mean: a source pixel is `step` wide, a result kUnit; the last source pixel goes on for ever.
std::int64_t step_of(std::size_t size, std::size_t wanted) {
  return static_cast<std::int64_t>(static_cast<double>(wanted) / static_cast<double>(size) * static_cast<double>(kUnit));
}

// Part of a source pixel under a result.
struct Part {
  std::size_t pixel;
  std::int64_t width;
};

// The parts under each result, one after another; those of result i are begin[i]..begin[i + 1].
struct Parts {
  Parts(std::size_t size, std::size_t wanted) {
    const std::int64_t step = step_of(size, wanted), last = static_cast<std::int64_t>(size) - 1;
    parts.reserve(size + wanted);
    begin.reserve(wanted + 1);
    for (std::size_t place = 0; place < wanted; ++place) {
      begin.push_back(parts.size());
      std::int64_t at = static_cast<std::int64_t>(place) * kUnit;
      const std::int64_t end = at + kUnit;
      for (std::int64_t pixel = std::min(at / step, last); at < end; ++pixel) {
        const std::int64_t stop = pixel >= last ? end : std::min(end, (pixel + 1) * step);
        parts.push_back({static_cast<std::size_t>(pixel), stop - at});
        at = stop;
      }
    }
    begin.push_back(parts.size());
  }
  std::span<const Part> under(std::size_t place) const {
    return {parts.data() + begin[place], begin[place + 1] - begin[place]};
  }

  std::vector<Part> parts;
  std::vector<std::size_t> begin;
};

template <typename T>
class Resampler {
 public:
  Resampler(const ResampleJob& job, const T* from, T* to, const WorkOptions& options)
      : job_(job), source_(job.source), target_(job.target), from_(from), to_(to), options_(options) {
    if constexpr (std::is_integral_v<T>) {
      const std::int64_t half = std::int64_t{1} << (job.bits - 1);
      low_ = std::is_signed_v<T> ? static_cast<double>(-half) : 0.0;
      highest_ = (std::is_signed_v<T> ? half : 2 * half) - 1;
      high_ = static_cast<double>(highest_);
    }
  }

  void run() {
    switch (job_.how) {
      case Resampling::mean: return mean();
      case Resampling::enlarge: return enlarge();
      case Resampling::reduce: return reduce();
      case Resampling::bilinear: return bilinear();
      case Resampling::bicubic: return bicubic();
    }
  }

 private:
  const T* source_row(std::size_t row) const { return from_ + row * source_.columns; }
  T* target_row(std::size_t row) const { return to_ + row * target_.columns; }
  void poll(std::size_t row) const {
    if (row % kRowsBetweenPolls == 0 && options_.poll) options_.poll();
  }

  void mean();
  void mean_of_rows(std::span<const Part> parts, std::vector<std::int64_t>& sums, T* line) const;
  void mean_of_columns(const Parts& across, const T* line, T* target) const;
  T bounded(std::int64_t sum) const;
  void enlarge();
  void reduce();
  void bilinear();
  void bicubic();
  void interpolate(const std::vector<Tap>& across, const std::vector<Tap>& down);
  void interpolate_columns(const T* source, const std::vector<Tap>& taps, T* target) const;
  void interpolate_rows(const T* lines, const Tap& tap, T* target) const;
  T linear(T before, T behind, double fraction) const;
  T cubic(double v1, double v2, double v3, double v4, double d) const;

  const ResampleJob& job_;
  const PlaneSize source_, target_;
  const T* const from_;
  T* const to_;
  const WorkOptions& options_;
  bool wraps_ = false;  // differences of 32-bit samples wrap in DCMTK's bicubic
  double low_ = 0, high_ = 0;
  std::int64_t highest_ = 0;
};

// -- mean --

template <typename T>
void Resampler<T>::mean() {
  if constexpr (std::is_integral_v<T>) {
    const Parts down(source_.rows, target_.rows), across(source_.columns, target_.columns);
    std::vector<std::int64_t> sums(source_.columns);
    std::vector<T> line(source_.columns);
    for (std::size_t row = 0; row < target_.rows; ++row) {
      poll(row);
      const bool same_rows = source_.rows == target_.rows;
      if (!same_rows) mean_of_rows(down.under(row), sums, line.data());
      const T* const averaged = same_rows ? source_row(row) : line.data();
      if (source_.columns == target_.columns) std::copy_n(averaged, source_.columns, target_row(row));
      else mean_of_columns(across, averaged, target_row(row));
    }
  }
}

template <typename T>
void Resampler<T>::mean_of_rows(std::span<const Part> parts, std::vector<std::int64_t>& sums, T* line) const {
  std::fill(sums.begin(), sums.end(), kUnit / 2);
  for (const auto& [pixel, width] : parts) {
    const T* const source = source_row(pixel);
    for (std::size_t x = 0; x < source_.columns; ++x) sums[x] += width * static_cast<std::int64_t>(source[x]);
  }
  for (std::size_t x = 0; x < source_.columns; ++x) line[x] = bounded(sums[x]);
}

template <typename T>
void Resampler<T>::mean_of_columns(const Parts& across, const T* line, T* target) const {
  const Part* part = across.parts.data();
  for (std::size_t x = 0; x < target_.columns; ++x) {
    std::int64_t sum = kUnit / 2;
    for (const Part* const end = across.parts.data() + across.begin[x + 1]; part != end; ++part)
      sum += part->width * static_cast<std::int64_t>(line[part->pixel]);
    target[x] = bounded(sum);
  }
}

template <typename T>
T Resampler<T>::bounded(std::int64_t sum) const {
  return static_cast<T>(std::min(sum / kUnit, highest_));
}

// -- area --

template <typename T>
void Resampler<T>::enlarge() {
  const std::vector<Cover> down = covers(source_.rows, target_.rows), across = covers(source_.columns, target_.columns);
  for (std::size_t y = 0; y < target_.rows; ++y) {
    poll(y);
    const Cover& rows = down[y];
    const T *const upper = source_row(rows.first), *const lower = source_row(rows.last);
    T* const target = target_row(y);
    const bool two_rows = rows.first != rows.last;
    for (std::size_t x = 0; x < target_.columns; ++x) {
      const Cover& columns = across[x];
      const bool two_columns = columns.first != columns.last;
      double value = static_cast<double>(upper[columns.first]) * columns.head * rows.head;
      if (two_columns) value += static_cast<double>(upper[columns.last]) * columns.tail * rows.head;
      if (two_rows) value += static_cast<double>(lower[columns.first]) * columns.head * rows.tail;
      if (two_rows && two_columns) value += static_cast<double>(lower[columns.last]) * columns.tail * rows.tail;
      target[x] = rounded<T>(value);
    }
  }
}

// The sum of a result goes row by row: DCMTK's order, and that of the memory.
template <typename T>
void Resampler<T>::reduce() {
  const std::vector<Cover> down = covers(source_.rows, target_.rows), across = covers(source_.columns, target_.columns);
  const double area = (static_cast<double>(source_.columns) / static_cast<double>(target_.columns)) *
                      (static_cast<double>(source_.rows) / static_cast<double>(target_.rows));
  std::vector<double> parts(source_.columns), sums(target_.columns);
  for (std::size_t y = 0; y < target_.rows; ++y) {
    poll(y);
    const Cover& rows = down[y];
    std::fill(sums.begin(), sums.end(), 0.0);
    for (std::size_t row = rows.first; row <= rows.last; ++row) {
      const T* const source = source_row(row);
      for (std::size_t x = 0; x < source_.columns; ++x) parts[x] = static_cast<double>(source[x]) / area;
      const double weight = row == rows.first ? rows.head : row == rows.last ? rows.tail : 1.0;
      for (std::size_t x = 0; x < target_.columns; ++x) {
        const Cover& columns = across[x];
        double sum = sums[x] + parts[columns.first] * columns.head * weight;
        for (std::size_t column = columns.first + 1; column < columns.last; ++column) sum += parts[column] * weight;
        if (columns.first != columns.last) sum += parts[columns.last] * columns.tail * weight;
        sums[x] = sum;
      }
    }
    std::transform(sums.begin(), sums.end(), target_row(y), rounded<T>);
  }
}

// -- interpolation: columns first, the lines between kept in the sample's type --

template <typename T>
void Resampler<T>::bilinear() {
  interpolate(linear_taps(source_.columns, target_.columns, std::is_integral_v<T>),
              linear_taps(source_.rows, target_.rows, false));
}

template <typename T>
void Resampler<T>::bicubic() {
  wraps_ = std::is_integral_v<T> && sizeof(T) == 4;
  interpolate(cubic_column_taps(source_.columns, target_.columns), cubic_row_taps(source_.rows, target_.rows));
}

template <typename T>
void Resampler<T>::interpolate(const std::vector<Tap>& across, const std::vector<Tap>& down) {
  std::vector<T> lines(source_.rows * target_.columns);
  for (std::size_t row = 0; row < source_.rows; ++row) {
    poll(row);
    interpolate_columns(source_row(row), across, lines.data() + row * target_.columns);
  }
  for (std::size_t row = 0; row < target_.rows; ++row) {
    poll(row);
    interpolate_rows(lines.data(), down[row], target_row(row));
  }
}

template <typename T>
void Resampler<T>::interpolate_columns(const T* source, const std::vector<Tap>& taps, T* target) const {
  const std::size_t last = source_.columns - 1;
  for (std::size_t x = 0; x < target_.columns; ++x) {
    const Tap& tap = taps[x];
    const T* const p = source + tap.index;
    const T behind = source[std::min(tap.index + 1, last)];
    if (tap.is_cubic) {
      const auto fourth = static_cast<double>(source[std::min(tap.index + 2, last)]);
      target[x] = cubic(static_cast<double>(p[-1]), static_cast<double>(p[0]), static_cast<double>(behind), fourth, tap.fraction);
    } else {
      target[x] = linear(p[0], behind, tap.fraction);
    }
  }
}

template <typename T>
void Resampler<T>::interpolate_rows(const T* lines, const Tap& tap, T* target) const {
  const std::size_t columns = target_.columns, last = source_.rows - 1;
  const T* const second = lines + tap.index * columns;
  const T* const third = lines + std::min(tap.index + 1, last) * columns;
  if (!tap.is_cubic) {
    for (std::size_t x = 0; x < columns; ++x) target[x] = linear(second[x], third[x], tap.fraction);
    return;
  }
  const T* const first = second - columns;
  const T* const fourth = lines + std::min(tap.index + 2, last) * columns;
  for (std::size_t x = 0; x < columns; ++x)
    target[x] = cubic(static_cast<double>(first[x]), static_cast<double>(second[x]), static_cast<double>(third[x]),
                      static_cast<double>(fourth[x]), tap.fraction);
}

template <typename T>
T Resampler<T>::linear(T before, T behind, double fraction) const {
  if constexpr (std::is_integral_v<T> && sizeof(T) == 4) {
    if (wraps_) {
      const auto difference = static_cast<T>(static_cast<std::uint32_t>(behind) - static_cast<std::uint32_t>(before));
      return cut<T>(static_cast<double>(before) + static_cast<double>(difference) * fraction);
    }
  }
  const auto begin = static_cast<double>(before);
  return cut<T>(begin + (static_cast<double>(behind) - begin) * fraction);
}

// The Catmull-Rom curve through v2 (d = 0) and v3 (d = 1), in DCMTK's order.
template <typename T>
T Resampler<T>::cubic(double v1, double v2, double v3, double v4, double d) const {
  const double curve = (((-v1 + 3 * v2 - 3 * v3 + v4) * d + (2 * v1 - 5 * v2 + 4 * v3 - v4)) * d + (-v1 + v3)) * d;
  const double value = 0.5 * (curve + (v2 + v2));
  return cut<T>(std::is_floating_point_v<T> ? value : std::min(std::max(value, low_), high_));
}

bool can_do(const ResampleJob& job) {
  const auto [rows, columns] = job.source;
  const auto [to_rows, to_columns] = job.target;
  const bool enlarges = to_rows >= rows && to_columns >= columns;
  if (std::min(std::min(rows, columns), std::min(to_rows, to_columns)) < 1 || job.bits < 1 || job.bits > 32) return false;
  switch (job.how) {
    case Resampling::mean: return !is_float(job.type) && step_of(rows, to_rows) > 0 && step_of(columns, to_columns) > 0;
    case Resampling::enlarge: return enlarges;
    case Resampling::reduce: return to_rows <= rows && to_columns <= columns;
    case Resampling::bilinear: return enlarges && std::min(rows, columns) >= 2;
    case Resampling::bicubic: return enlarges && std::min(rows, columns) >= 3;
  }
  return false;
}

template <typename T>
void run(const ResampleJob& job, const void* from, void* to, const WorkOptions& options) {
  Resampler<T>(job, static_cast<const T*>(from), static_cast<T*>(to), options).run();
}

}  // namespace

void resample(const ResampleJob& job, const void* from, void* to, const WorkOptions& options) {
  if (!can_do(job)) fail(Errc::invalid_argument, 0, "resample: not made for these sizes, bits and samples");
  switch (job.type) {
    case SampleType::u8: return run<std::uint8_t>(job, from, to, options);
    case SampleType::i8: return run<std::int8_t>(job, from, to, options);
    case SampleType::u16: return run<std::uint16_t>(job, from, to, options);
    case SampleType::i16: return run<std::int16_t>(job, from, to, options);
    case SampleType::u32: return run<std::uint32_t>(job, from, to, options);
    case SampleType::i32: return run<std::int32_t>(job, from, to, options);
    case SampleType::f32: return run<float>(job, from, to, options);
    case SampleType::f64: return run<double>(job, from, to, options);
    default: fail(Errc::invalid_argument, 0, "resample: samples of another type");
  }
}

}  // namespace turbodicom::pixel
