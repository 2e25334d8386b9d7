// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// What is to be done with a stored value, as numbers: the stages of PS3.3 C.11 in their order. Every stage is IEEE
// double arithmetic in the order written here, without fused multiply-add: results are equal on every machine.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "turbodicom/base/image_view.h"

namespace turbodicom::pixel {

// PS3.3 C.11.1.1.2: value = x * slope + intercept, rounded after each of the two steps.
struct Rescale {
  double slope = 1;
  double intercept = 0;
};

// values[i] stands for input first + i; below the first and beyond the last, those are taken (PS3.3 C.11.1.1, C.11.2.1.1).
// Between two integers, the lower one counts. NaN stays NaN.
struct ValueTable {
  double first = 0;
  std::vector<double> values;
};

// From a value to 0..1, with the borders first: v = 0 where x <= low, else 1 where x > high, else
// (x - middle) / width + at_middle. PS3.3 C.11.2.1.2 and C.11.2.1.3.2 are of this form.
struct Ramp {
  double low = 0;
  double high = 0;
  double middle = 0;
  double width = 1;
  double at_middle = 0;
};

// PS3.3 C.11.2.1.3.1: v = 1 / (1 + exp(-4 (x - center) / width)).
struct Sigmoid {
  double center = 0;
  double width = 1;
};

// lo + v * (hi - lo)
struct OutputRange {
  double low = 0;
  double high = 1;
};

// Stored values from first to last (PS3.3 C.7.5.1.1.2) become `fill`. Integers are kept as the bits of their type.
struct Padding {
  std::int64_t first_bits = 0;
  std::int64_t last_bits = 0;
  double first = 0;
  double last = 0;
  double fill = 0;
};

struct ValueStages {
  SampleType input = SampleType::u16;
  SampleType output = SampleType::f32;
  std::optional<Rescale> rescale;              // at most one of these two
  std::optional<ValueTable> modality_table;
  std::optional<Ramp> ramp;                    // at most one of these three
  std::optional<Sigmoid> sigmoid;
  std::optional<ValueTable> voi_table;
  std::optional<ValueTable> presentation;      // input 0..1, times (entries - 1), nearest entry
  bool is_inverse = false;                     // 1 - v
  std::optional<OutputRange> range;            // none: the value itself, and integers are checked, not clamped
  std::optional<Padding> padding;
};

// The three windows of the standard and the plain range, as ramps. A width the function is not defined for is refused.
Ramp linear_ramp(double center, double width);
Ramp linear_exact_ramp(double center, double width);
Ramp range_ramp(double low, double high);
Sigmoid sigmoid_of(double center, double width);

}  // namespace turbodicom::pixel
