// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/value_stages.h"

#include <cmath>

#include "turbodicom/base/error.h"

namespace turbodicom::pixel {
namespace {

void check(double center, double width, bool is_defined) {
  if (!std::isfinite(center) || !std::isfinite(width)) fail(Errc::invalid_argument, 0, "center and width of a window must be finite");
  if (!is_defined)
    fail(Errc::invalid_argument, 0, "the width of a window must be at least 1 for LINEAR and above 0 for the others (PS3.3 C.11.2.1.2)");
}

}  // namespace

// A window of width 1 is a threshold: both borders are center - 0.5.
Ramp linear_ramp(double center, double width) {
  check(center, width, width >= 1);
#if defined(TURBODICOM_PLANT_linear_window_no_half)
  const double middle = center, reach = (width - 1) / 2;
#else
  const double middle = center - 0.5, reach = (width - 1) / 2;
#endif
  return {middle - reach, middle + reach, middle, width > 1 ? width - 1 : 1, 0.5};
}

Ramp linear_exact_ramp(double center, double width) {
  check(center, width, width > 0);
  return {center - width / 2, center + width / 2, center, width, 0.5};
}

Ramp range_ramp(double low, double high) {
  if (!std::isfinite(low) || !std::isfinite(high) || high < low)
    fail(Errc::invalid_argument, 0, "a range of values must be finite and not empty");
  return {low, high, low, high > low ? high - low : 1, 0};
}

Sigmoid sigmoid_of(double center, double width) {
  check(center, width, width > 0);
  return {center, width};
}

}  // namespace turbodicom::pixel
